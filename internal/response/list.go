package response

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Query is a list of actions as somebody asks for it.
type Query struct {
	Tab      string // pending, history, or empty: both
	Statuses []string
	Types    []string
	Sources  []string
	Workload rbac.Workload
	Groups   []string // of the device, now
	Device   string   // id
	Incident string
	Since    time.Time
	Search   string
	After    store.ActionPlace
	Limit    int
}

// Page is one page of it.
type Page struct {
	Items []Item
	Total int64
	Next  store.ActionPlace // the zero value on the last page
}

// List gives the actions that a reader sees (T1, S11), the last changed first.
func (s *Service) List(ctx context.Context, who audit.Actor, q Query) (Page, error) {
	page := Page{Items: []Item{}}
	err := s.view(ctx, who, func(d *desk) error {
		ask, err := d.ask(q)
		if err != nil || ask == nil {
			return err
		}
		if page.Total, err = d.tx.CountActions(*ask); err != nil {
			return err
		}
		ask.After, ask.Limit = q.After, q.Limit+1
		rows, err := d.tx.Actions(*ask)
		if err != nil {
			return err
		}
		if len(rows) > q.Limit {
			rows = rows[:q.Limit]
			last := rows[q.Limit-1]
			page.Next = store.ActionPlace{Updated: last.Updated.UnixNano(), ID: last.ID}
		}
		for _, row := range rows {
			row.Body.AlertIDs = nil // on the action's own page
			item, err := d.tell(row)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, item)
		}
		return nil
	})
	return page, err
}

// Find gives one action to whoever sees it; to others it does not exist.
func (s *Service) Find(ctx context.Context, who audit.Actor, id string) (Item, error) {
	var item Item
	err := s.view(ctx, who, func(d *desk) error {
		row, err := d.find(id)
		if err == nil && !d.sees(row) {
			err = fault.NotFound("action", "there is no action %q", shorten(id))
		}
		if err != nil {
			return err
		}
		item, err = d.tell(row)
		return err
	})
	return item, err
}

// ask turns the question into the store's. Nil: nothing can be found by it.
func (d *desk) ask(q Query) (*store.ActionQuery, error) {
	const op = "list actions"
	if err := d.area(op); err != nil {
		return nil, err
	}
	known := func(what string, given, all []string) error {
		for _, g := range given {
			if !slices.Contains(all, g) {
				return fault.Invalid(op, "%s %q: want one of %s", what, shorten(g), strings.Join(all, ", "))
			}
		}
		return nil
	}
	if err := known("status", q.Statuses, States); err != nil {
		return nil, err
	}
	if err := known("tab", []string{q.Tab}, []string{"", "pending", "history"}); err != nil {
		return nil, err
	}
	if len(q.Search) > 256 {
		return nil, fault.Invalid(op, "the search is longer than 256 bytes")
	}
	if q.Incident != "" {
		if seen, err := d.incident(q.Incident); err != nil || !seen {
			return nil, err
		}
	}
	return &store.ActionQuery{
		Reach: d.reach(), Now: d.at, Pending: q.Tab == "pending", Decided: q.Tab == "history", Statuses: q.Statuses, Types: q.Types, Sources: q.Sources,
		Workload: q.Workload, Groups: q.Groups, Device: strings.ToLower(q.Device), Incident: q.Incident, Since: q.Since, Search: q.Search,
	}, nil
}
