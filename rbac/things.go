package rbac

import (
	"slices"
	"time"
)

// WhoMay asks who may see or change one thing. Scopes are its parts: of an alert its own workloads and device groups, of
// an incident those of each of its alerts.
type WhoMay struct {
	Capability Capability
	Scopes     []Resource
	At         time.Time
	After      string // the Next of the page before
	Limit      int    // at most 1000; 0: 100
}

// WhoMay lists the users who may do something to a thing, with every path of each. A thing is seen by who sees any part of
// it (S9); it is changed by who may change every part (R17), and sees it.
func (s *Snapshot) WhoMay(q WhoMay) Holders {
	people := s.mayTo(q.Capability, q.Scopes, q.At)
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	page := Holders{Total: people.Total()}
	var names []string
	names, page.Next = people.Page(q.After, min(limit, 1000))
	for _, name := range names {
		page.Items = append(page.Items, Holder{User: name, Paths: s.waysTo(name, q)})
	}
	return page
}

func (s *Snapshot) mayTo(c Capability, scopes []Resource, at time.Time) People {
	people := People{s: s, found: make([]uint64, (s.users.len+63)/64)}
	changing := c == ManageAlerts
	for _, r := range scopes {
		if changing {
			people = people.Or(s.People(ViewInvestigation, r, at))
		} else {
			people = people.Or(s.People(c, r, at))
		}
	}
	for _, r := range scopes {
		if changing {
			people = people.And(s.People(c, r, at))
		}
	}
	return people
}

// waysTo are a user's paths to a thing: to change it, to all its parts; to see it, to the first part that they see.
func (s *Snapshot) waysTo(user string, q WhoMay) []Path {
	at := instant(q.At)
	who := s.subject(user, at)
	var list []Path
	for _, r := range q.Scopes {
		if q.Capability != ManageAlerts && !s.Decide(Request{Principal: user, Capability: q.Capability, Resource: r, At: q.At}).Allowed {
			continue
		}
		for _, w := range r.Workloads {
			var asking questionBuffer
			asked := s.asked(&asking, r)
			var buf coverBuffer
			paths, _, _ := s.paths(&buf, who.holders, q.Capability, w, at, &asked)
			for _, p := range paths {
				if !slices.ContainsFunc(list, func(o Path) bool { return comparePaths(o, p) == 0 && o.GlobalRole == p.GlobalRole }) {
					list = append(list, p)
				}
			}
		}
		if q.Capability != ManageAlerts {
			break
		}
	}
	return list
}
