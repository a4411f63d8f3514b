package investigation

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Alerts gives one page of the alerts that the reader may see.
func (s *Service) Alerts(ctx context.Context, reader string, q Query) (Page, error) {
	var page Page
	err := s.view(ctx, reader, func(v *sight) error {
		if err := v.area("list alerts"); err != nil {
			return err
		}
		sq, err := v.prepare(alerts, q)
		if err != nil {
			return err
		}
		limit := sq.Limit
		sq.Limit++ // one more tells whether there is a next page
		rows, err := v.tx.Alerts(sq)
		if err != nil {
			return err
		}
		page = Page{Items: []json.RawMessage{}}
		// A page ends where what follows would be too much at once: alerts may be large.
		if at := slices.IndexFunc(rows, func(row store.AlertRow) bool { return row.Left }); at > 0 {
			limit = min(limit, at)
		}
		if len(rows) > limit {
			rows = rows[:limit]
			if page.Next, err = v.cursor(alerts, q, rows[limit-1].Cursor); err != nil {
				return err
			}
		}
		for _, row := range rows {
			item, err := v.alert(row, q.Form)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, item)
		}
		if q.Count {
			page.Total, err = v.tx.CountAlerts(sq)
		}
		return err
	})
	return page, err
}

// Alert gives one alert. One out of reach is not found, like one that does not exist.
func (s *Service) Alert(ctx context.Context, reader, id string, form Form) (json.RawMessage, error) {
	var item json.RawMessage
	err := s.view(ctx, reader, func(v *sight) error {
		row, err := v.findAlert(id)
		if err != nil {
			return err
		}
		item, err = v.alert(row, form)
		return err
	})
	return item, err
}

func (v *sight) findAlert(id string) (store.AlertRow, error) {
	row, found, err := v.tx.Alert(id, v.visible)
	if err == nil && !found {
		err = fault.NotFound("alert", "there is no alert %q", shorten(id))
	}
	return row, err
}

// Value is one bar of a facet.
type Value struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// Facets counts the visible alerts by what a queue is filtered by.
type Facets struct {
	Total           int64   `json:"total"`
	Status          []Value `json:"status"`
	Severity        []Value `json:"severity"`
	ServiceSource   []Value `json:"serviceSource"`
	Category        []Value `json:"category"`
	AssignedTo      []Value `json:"assignedTo"`
	DetectionSource []Value `json:"detectionSource"`
	Classification  []Value `json:"classification"`
	Tag             []Value `json:"tag"`
	DeviceGroup     []Value `json:"deviceGroup"` // those in reach; an alert of several counts in each
}

// Facets counts what a filter and search find.
func (s *Service) Facets(ctx context.Context, reader string, q Query) (Facets, error) {
	var f Facets
	err := s.view(ctx, reader, func(v *sight) error {
		if err := v.area("count alerts"); err != nil {
			return err
		}
		sq, err := v.prepare(alerts, Query{Filter: q.Filter, Search: q.Search})
		if err != nil {
			return err
		}
		counted, err := v.tx.AlertFacets(sq)
		f = v.facets(counted)
		return err
	})
	return f, err
}

func (v *sight) facets(c store.AlertFacets) Facets {
	groups := tally{}
	for class, n := range c.Classes {
		for _, g := range v.classes.item(class).DeviceGroups {
			if v.see.DeviceGroup(g) {
				groups[g] += n
			}
		}
	}
	return Facets{
		Total: c.Total, Status: tally(c.Status).values(), Severity: tally(c.Severity).values(), ServiceSource: tally(c.ServiceSource).values(),
		Category: tally(c.Category).values(), AssignedTo: tally(c.AssignedTo).values(), DetectionSource: tally(c.DetectionSource).values(),
		Classification: tally(c.Classification).values(), Tag: tally(c.Tags).values(), DeviceGroup: groups.values(),
	}
}
