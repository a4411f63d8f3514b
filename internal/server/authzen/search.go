package authzen

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/strictjson"
	"github.com/bailiwick/bailiwick/rbac"
)

const (
	searchSubjectPath  = "/access/v1/search/subject"
	searchResourcePath = "/access/v1/search/resource"
	searchActionPath   = "/access/v1/search/action"
)

// How many results a page has.
const (
	usualPage = 100
	mostOnOne = 1000
)

// search is a question with one of its three parts left open.
type search struct {
	question
	page page
}

// page is which part of the results is asked for.
type page struct {
	token string
	limit int
}

// results are one page of an answer.
type results struct {
	list  []result
	total int64
	next  string // the position to go on from; empty: the last page
}

// result is a subject or resource, or - with a name only - an action.
type result struct {
	Type string `json:"type,omitempty"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// SearchSubject lists who may do something to a thing. It is told of oneself; of others to who may see the roles of every
// workload of the thing.
func (s *Surface) SearchSubject(w http.ResponseWriter, r *http.Request) {
	s.search(w, r, func(q *search) string {
		switch {
		case q.subject == nil || !q.subject.hasKind:
			return "/subject/type"
		}
		q.subject.hasID, q.subject.id = true, "" // one that is given must be ignored
		return q.missing()
	}, asker.subjects)
}

// SearchResource lists what somebody may do something to, as far as the caller sees it.
func (s *Surface) SearchResource(w http.ResponseWriter, r *http.Request) {
	s.search(w, r, func(q *search) string {
		if q.resource == nil || !q.resource.hasKind {
			return "/resource/type"
		}
		q.resource.hasID, q.resource.id = true, ""
		return q.missing()
	}, asker.resources)
}

// SearchAction lists what somebody may do to a thing.
func (s *Surface) SearchAction(w http.ResponseWriter, r *http.Request) {
	s.search(w, r, func(q *search) string {
		q.action, q.hasName = new(string), true
		return q.missing()
	}, asker.actions)
}

func (s *Surface) search(w http.ResponseWriter, r *http.Request, open func(*search) string, answer func(asker, search) (results, error)) {
	var q search
	body, err := web.ReadJSON(r, "search")
	if err == nil {
		err = q.parse(body)
	}
	if err == nil {
		if missing := open(&q); missing != "" {
			err = fault.Invalid("search", "%s is missing", missing[1:]).WithDetails(fault.Detail{Where: missing, Problem: "is missing"})
		}
	}
	var a asker
	if err == nil {
		a, err = s.asker(r)
	}
	// A token goes on with the search that gave it, of the same caller, and with no other.
	asked := fmt.Sprintf("%s %s %+v %+v %q %v %q", r.URL.Path, a.name, deref(q.subject), deref(q.resource), text(q.action), q.hasDeviceGroup, q.deviceGroup)
	if err == nil {
		q.page.token, err = openToken(asked, q.page.token)
	}
	var found results
	if err == nil {
		found, err = answer(a, q)
	}
	if err != nil {
		web.WriteProblem(w, r, err)
		return
	}
	out := struct {
		Results []result `json:"results"`
		Page    any      `json:"page"`
	}{Results: append([]result{}, found.list...)}
	next := ""
	if found.next != "" {
		next = sealToken(asked, found.next)
	}
	out.Page = struct {
		Next  string `json:"next_token"`
		Count int    `json:"count"`
		Total int64  `json:"total"`
	}{next, len(found.list), found.total}
	web.WriteJSON(w, http.StatusOK, "application/json", out)
}

func deref(e *entity) entity {
	if e == nil {
		return entity{}
	}
	return *e
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// A token is a position, bound to its search by a checksum: it is no secret, for whatever it says, the results are cut to what
// the caller may know.
func sealToken(asked, after string) string {
	sum := sha256.Sum256([]byte(asked))
	return base64.RawURLEncoding.EncodeToString(append(sum[:8:8], after...))
}

func openToken(asked, token string) (after string, err error) {
	if token == "" {
		return "", nil
	}
	sum := sha256.Sum256([]byte(asked))
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < 8 || string(raw[:8]) != string(sum[:8]) {
		return "", fault.Invalid("search", "the page token was not made for this search").WithDetails(
			fault.Detail{Where: "/page/token", Problem: "is of another search", Want: "next_token of the page before, with everything else as it was"})
	}
	return string(raw[8:]), nil
}

// parse reads a search: a question, and the page.
func (s *search) parse(body []byte) error {
	if err := s.question.parse(body); err != nil {
		return err
	}
	var of struct {
		Page *struct {
			Token *string `json:"token"`
			Limit *int    `json:"limit"`
		} `json:"page"`
	}
	if wrong, is := errors.AsType[*strictjson.Wrong](strictjson.ReadKnown(body, &of)); is {
		return fault.Invalid("search", "the page can't be read").WithDetails(fault.Detail{Where: "/" + wrong.Where, Problem: wrong.Problem, Want: "a token that is text and a limit that is a number"})
	}
	s.page.limit = usualPage
	if of.Page == nil {
		return nil
	}
	if of.Page.Token != nil {
		s.page.token = *of.Page.Token
	}
	if n := of.Page.Limit; n != nil {
		if *n < 1 {
			return fault.Invalid("search", "a page of %d", *n).WithDetails(fault.Detail{Where: "/page/limit", Problem: "is too small", Want: "1 or more"})
		}
		s.page.limit = min(*n, mostOnOne)
	}
	return nil
}

func (s *search) missing() string {
	if err := s.complete(); err != nil {
		details, _ := web.DetailsOf(err)
		return details[0].Where
	}
	return ""
}

// subjects lists users: everyone who may, to who may ask about others; else oneself, if one may.
func (a asker) subjects(q search) (results, error) {
	c, known := rbac.ParseCapability(*q.action)
	if q.subject.kind != "user" || !known {
		return results{}, nil
	}
	people, workloads, err := a.who(q.question, c)
	if err != nil {
		return results{}, err
	}
	if len(workloads) == 0 || a.mayAsk("", workloads...) != nil {
		return a.oneself(q)
	}
	names, next := people.Page(q.page.token, q.page.limit)
	found := results{total: int64(people.Total()), next: next}
	for _, name := range names {
		found.list = append(found.list, result{Type: "user", ID: name})
	}
	return found, nil
}

// oneself is all that one may be told of who may.
func (a asker) oneself(q search) (results, error) {
	q.subject.id = a.name
	d, err := a.answer(q.question)
	if err != nil || !d.allowed {
		return results{}, err
	}
	return results{list: []result{{Type: "user", ID: a.name}}, total: 1}, nil
}

// who are the people who may do something to a thing, and the workloads whose roles one must be able to see to be told. No
// workloads: the thing is not there for the caller, or not all of it.
func (a asker) who(q question, c rbac.Capability) (people rbac.People, workloads []rbac.Workload, err error) {
	switch q.resource.kind {
	case "workload":
		w, ok := rbac.ParseWorkload(q.resource.id)
		if !ok {
			return people, nil, nil
		}
		r := rbac.Resource{Workloads: []rbac.Workload{w}}
		if q.hasDeviceGroup {
			r.DeviceGroups = []string{q.deviceGroup}
		}
		return a.snapshot.People(c, r, a.at), r.Workloads, nil
	case "device":
		device, err := a.investigation.Device(a.ctx, a.name, q.resource.id)
		if fault.KindOf(err) == fault.KindNotFound {
			return people, nil, nil
		}
		r := rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{device.Group}, EveryGroup: !device.Known}
		return a.snapshot.People(c, r, a.at), r.Workloads, err
	case "alert", "incident":
		if c != rbac.ViewInvestigation && c != rbac.ManageAlerts {
			return people, nil, nil
		}
		return a.whoItem(q, c)
	case "action":
		if c != rbac.ViewInvestigation && c != rbac.Remediate {
			return people, nil, nil
		}
		r, err := a.response.Belongs(a.ctx, a.name, q.resource.id)
		if fault.KindOf(err) == fault.KindNotFound {
			return people, nil, nil
		}
		return a.snapshot.People(c, r, a.at), rbac.Workloads, err // as for a decision about it
	}
	return people, nil, nil
}

// whoItem: an incident is seen by who sees an alert of it, and changed by who may change all of them and sees one (S8, S9).
func (a asker) whoItem(q question, c rbac.Capability) (people rbac.People, workloads []rbac.Workload, err error) {
	scopes, err := a.investigation.Scopes(a.ctx, a.name, q.resource.kind, q.resource.id)
	if fault.KindOf(err) == fault.KindNotFound {
		return people, nil, nil
	}
	if err != nil {
		return people, nil, err
	}
	for i, r := range scopes {
		see := a.snapshot.People(rbac.ViewInvestigation, r, a.at)
		if i == 0 {
			people = see
		} else {
			people = people.Or(see)
		}
	}
	for _, r := range scopes {
		if c == rbac.ManageAlerts {
			people = people.And(a.snapshot.People(c, r, a.at))
		}
	}
	return people, rbac.Workloads, nil // as for a decision about it
}

// actions lists the capabilities for which the same question would be answered with yes.
func (a asker) actions(q search) (results, error) {
	var found results
	for _, c := range rbac.Capabilities {
		name := c.String()
		q.action = &name
		d, err := a.answer(q.question)
		if fault.KindOf(err) == fault.KindDenied {
			return results{}, nil // about another: nothing that the caller may know
		}
		if err != nil {
			return results{}, err
		}
		if d.allowed {
			found.list = append(found.list, result{Name: name})
		}
	}
	return slice(found.list, q.page)
}

// resources lists things of a kind.
func (a asker) resources(q search) (results, error) {
	c, known := rbac.ParseCapability(*q.action)
	user := q.subject.id
	if user != a.name {
		user = strings.ToLower(user)
	}
	if q.subject.kind != "user" || !known {
		return results{}, nil
	}
	kind := q.resource.kind
	switch kind {
	case "workload":
		var list []result
		for _, w := range rbac.Workloads {
			if a.mayAsk(user, w) == nil && a.onWorkload(user, c, w, q.question).allowed {
				list = append(list, result{Type: kind, ID: w.String()})
			}
		}
		return slice(list, q.page)
	case "device":
		if a.mayAsk(user, rbac.Endpoint) != nil {
			return results{}, nil
		}
	case "alert", "incident":
		if a.mayAsk(user, rbac.Workloads...) != nil || (c != rbac.ViewInvestigation && c != rbac.ManageAlerts) {
			return results{}, nil
		}
	case "action":
		if a.mayAsk(user, rbac.Workloads...) != nil || (c != rbac.ViewInvestigation && c != rbac.Remediate) {
			return results{}, nil
		}
		return a.actionsOf(user, c, q.page)
	default:
		return results{}, nil
	}
	page, err := a.investigation.Find(a.ctx, a.name, investigation.Search{Kind: kind, Capability: c, Subject: user, After: q.page.token, Limit: q.page.limit})
	found := results{total: page.Total, next: page.Next}
	for _, id := range page.IDs {
		found.list = append(found.list, result{Type: kind, ID: id})
	}
	return found, err
}

// actionsOf are the actions of the Action centre on which somebody holds a capability. A page is named by where the last ended.
func (a asker) actionsOf(user string, c rbac.Capability, p page) (results, error) {
	var after store.ActionPlace
	if at, id, ok := strings.Cut(p.token, " "); ok {
		n, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return results{}, fault.Invalid("search", "the page token is no place in this list").WithDetails(fault.Detail{Where: "/page/token", Problem: "names no place", Want: "next_token of the page before"})
		}
		after = store.ActionPlace{Updated: n, ID: id}
	}
	ids, total, next, err := a.response.Search(a.ctx, a.name, user, c, after, p.limit)
	found := results{total: total}
	for _, id := range ids {
		found.list = append(found.list, result{Type: "action", ID: id})
	}
	if next != (store.ActionPlace{}) {
		found.next = strconv.FormatInt(next.Updated, 10) + " " + next.ID
	}
	return found, err
}

// slice cuts a page out of a short list, whose names are their own positions.
func slice(list []result, p page) (results, error) {
	found := results{total: int64(len(list))}
	if p.token != "" {
		i := slices.IndexFunc(list, func(r result) bool { return r.Name+r.ID == p.token })
		list = list[i+1:]
	}
	found.list = list[:min(len(list), p.limit)]
	if len(list) > p.limit {
		last := found.list[p.limit-1]
		found.next = last.Name + last.ID
	}
	return found, nil
}
