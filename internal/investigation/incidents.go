package investigation

import (
	"context"
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Incidents gives one page of the incidents of which the reader sees an alert.
func (s *Service) Incidents(ctx context.Context, reader string, q Query) (Page, error) {
	var page Page
	err := s.view(ctx, reader, func(v *sight) error {
		if err := v.area("list incidents"); err != nil {
			return err
		}
		sq, err := v.prepare(incidents, q)
		if err != nil {
			return err
		}
		limit := sq.Limit
		sq.Limit++
		rows, err := v.tx.Incidents(sq)
		if err != nil {
			return err
		}
		page = Page{Items: []json.RawMessage{}}
		if len(rows) > limit {
			rows = rows[:limit]
			if page.Next, err = v.cursor(incidents, q, rows[limit-1].Cursor); err != nil {
				return err
			}
		}
		if err := v.readyIncidents(rows, q.Form); err != nil {
			return err
		}
		for _, row := range rows {
			most := 0
			if q.Expand {
				most = alertsInList
			}
			item, err := v.incident(row, q.Form, most)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, item)
		}
		if q.Count {
			page.Total, err = v.tx.CountIncidents(sq)
		}
		return err
	})
	return page, err
}

// How many alerts stand in an incident that is asked for with them, alone and in a list. The link to the others is Form.Rest.
const (
	alertsInItem = 250
	alertsInList = 50
)

// Incident gives one incident, with its visible alerts if expand says so.
func (s *Service) Incident(ctx context.Context, reader, id string, expand bool, form Form) (json.RawMessage, error) {
	var item json.RawMessage
	err := s.view(ctx, reader, func(v *sight) error {
		row, err := v.findIncident(id)
		if err != nil {
			return err
		}
		most := 0
		if expand {
			most = alertsInItem
		}
		item, err = v.incident(row, form, most)
		return err
	})
	return item, err
}

func (v *sight) findIncident(id string) (store.IncidentRow, error) {
	row, found, err := v.tx.Incident(id, v.visible)
	if err == nil && !found {
		err = fault.NotFound("incident", "there is no incident %q", shorten(id))
	}
	return row, err
}
