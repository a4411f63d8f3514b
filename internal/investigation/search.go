package investigation

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Search asks for the things of a kind to which a user may do something.
type Search struct {
	Kind       string // alert, incident or device
	Capability rbac.Capability
	Subject    string // whom it is about
	After      string // the Next of the page before
	Limit      int
}

// Found is a page of ids.
type Found struct {
	IDs   []string
	Total int64  // exact, all pages together
	Next  string // empty: the last page
}

// Find lists the ids of what the subject may do something to, cut to what the reader sees: nothing else is there for them.
func (s *Service) Find(ctx context.Context, reader string, q Search) (Found, error) {
	var found Found
	err := s.view(ctx, reader, func(v *sight) (err error) {
		at := s.now()
		can, sees := v.snapshot.Reach(q.Subject, q.Capability, at), v.snapshot.Reach(q.Subject, rbac.ViewInvestigation, at)
		switch q.Kind {
		case "device":
			found, err = v.findDevices(q, can)
		case "alert":
			found, err = v.findAlerts(q, sees, can)
		case "incident":
			found, err = v.findIncidents(q, sees, can)
		default:
			found = Found{}
		}
		return err
	})
	return found, err
}

// within are the classes that all of the reaches open.
func (c classes) within(reaches ...rbac.Reach) store.Visible {
	var v store.Visible
	for i, class := range c.list {
		ok := c.known[i]
		for _, r := range reaches {
			ok = ok && r.OpensClass(c.ready[i])
		}
		if ok {
			v.Classes = append(v.Classes, class.ID)
		}
	}
	return v
}

func (v *sight) findDevices(q Search, can rbac.Reach) (Found, error) {
	dq := store.DeviceQuery{After: q.After, Limit: q.Limit + 1}
	if v.see.Workload(rbac.Endpoint) && can.Workload(rbac.Endpoint) {
		if dq.All = v.see.AllDevices() && can.AllDevices(); !dq.All {
			for _, g := range v.snapshot.DeviceGroups() {
				if v.see.DeviceGroup(g.Name) && can.DeviceGroup(g.Name) {
					dq.Groups = append(dq.Groups, g.Name)
				}
			}
		}
	}
	list, err := v.tx.Devices(dq)
	if err != nil {
		return Found{}, err
	}
	n, err := v.tx.CountDevices(dq)
	found := Found{Total: int64(n)}
	for i, d := range list {
		if i == q.Limit {
			found.Next = list[i-1].ID
			break
		}
		found.IDs = append(found.IDs, d.ID)
	}
	return found, err
}

func (v *sight) findAlerts(q Search, sees, can rbac.Reach) (Found, error) {
	aq := store.AlertQuery{Visible: v.classes.within(v.see, sees, can), Order: []store.Order{{Field: store.FieldID}}, Limit: q.Limit + 1}
	if q.After != "" {
		aq.After = []any{q.After}
	}
	rows, err := v.tx.Alerts(aq)
	if err != nil {
		return Found{}, err
	}
	var found Found
	if found.Total, err = v.tx.CountAlerts(aq); err != nil {
		return Found{}, err
	}
	for i, row := range rows {
		if i == q.Limit {
			found.Next = rows[i-1].ID
			break
		}
		found.IDs = append(found.IDs, row.ID)
	}
	return found, err
}

// mostIncidents is how many incidents a search goes through that no query can answer: whether one may be changed takes all of
// its alerts, hidden ones too (R17).
const mostIncidents = 20_000

// findIncidents goes through the incidents that both see. About others, only those are there of which the reader sees all: the
// answer would tell of hidden alerts otherwise (S9).
func (v *sight) findIncidents(q Search, sees, can rbac.Reach) (Found, error) {
	var found Found
	iq := store.AlertQuery{Visible: v.visible, Order: []store.Order{{Field: store.FieldID}}, Limit: 500}
	switch n, err := v.tx.CountIncidents(iq); {
	case err != nil:
		return Found{}, err
	case n > mostIncidents:
		return Found{}, fault.Invalid("search incidents", "there are %d to go through, more than %d: ask about them one by one", n, mostIncidents)
	}
	begun := q.After == ""
	for {
		rows, err := v.tx.Incidents(iq)
		if err != nil {
			return Found{}, err
		}
		for _, row := range rows {
			ok, err := v.mayIncident(row, q, sees, can)
			if err != nil {
				return Found{}, err
			}
			if !ok {
				continue
			}
			found.Total++
			switch {
			case !begun:
				begun = row.ID == q.After
			case len(found.IDs) < q.Limit:
				found.IDs = append(found.IDs, row.ID)
			default:
				found.Next = found.IDs[q.Limit-1]
			}
		}
		if len(rows) < iq.Limit {
			return found, nil
		}
		iq.After = rows[len(rows)-1].Cursor
	}
}

func (v *sight) mayIncident(row store.IncidentRow, q Search, sees, can rbac.Reach) (bool, error) {
	if q.Subject == v.reader && q.Capability == rbac.ViewInvestigation {
		return true, nil
	}
	if q.Subject != v.reader && row.Partial {
		return false, nil
	}
	all, err := v.tx.IncidentClasses(row.ID)
	if err != nil {
		return false, err
	}
	seen, may := false, true
	for _, class := range all {
		seen = seen || v.classes.opens(sees, class)
		may = may && v.classes.opens(can, class)
	}
	return seen && (may || q.Capability == rbac.ViewInvestigation), nil
}

// Scopes are what a decision about a thing is about: the workloads and device groups of an alert, or of each kind of alert of an
// incident. What the reader does not see all of is not found.
func (s *Service) Scopes(ctx context.Context, reader, kind, id string) ([]rbac.Resource, error) {
	var list []rbac.Resource
	err := s.view(ctx, reader, func(v *sight) error {
		var all []int64
		if kind == "alert" {
			row, err := v.findAlert(id)
			if err != nil {
				return err
			}
			all = []int64{row.Class}
		} else {
			row, err := v.findIncident(id)
			if err != nil {
				return err
			}
			if row.Partial {
				return fault.NotFound("incident", "there is no incident %q", shorten(id))
			}
			if all, err = v.tx.IncidentClasses(row.ID); err != nil {
				return err
			}
		}
		for _, class := range all {
			item := v.classes.item(class)
			list = append(list, rbac.Resource{
				Workloads: item.Workloads.List(), DeviceGroups: item.DeviceGroups, EveryGroup: item.EveryGroup || len(item.DeviceGroups)+len(item.AllOf) == 0, AllOf: item.AllOf,
			})
		}
		return nil
	})
	return list, err
}
