package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// incidentView is each incident as a reader of some classes sees it: counts, severity, times and, where nobody has
// set it, status from those classes alone; what the incident itself says only for readers of all its alerts (S9).
// Filters and orders work on this, never on what is stored.
func (s *statement) incidentView(v store.Visible, id string) error {
	s.add(`SELECT id, derived, seen AS alerts, NOT whole AS partial, severity_rank,
		CASE severity_rank WHEN 32 THEN 'informational' WHEN 64 THEN 'low' WHEN 128 THEN 'medium' WHEN 256 THEN 'high'
			WHEN 511 THEN 'unknownFutureValue' ELSE 'unknown' END AS severity,
		CASE WHEN status <> '' THEN status WHEN resolved = seen THEN 'resolved' WHEN in_progress + resolved > 0 THEN 'inProgress' ELSE 'active' END AS status,
		status AS own_status, redirect, CASE WHEN whole AND NOT derived THEN created ELSE first END AS created,
		CASE WHEN whole THEN max(updated, last) ELSE last END AS updated, classification, determination, assigned_to,
		CASE WHEN whole THEN custom_tags ELSE '[]' END AS custom_tags, CASE WHEN whole THEN system_tags ELSE '[]' END AS system_tags,
		CASE WHEN whole THEN body ELSE '' END AS body
		FROM (SELECT i.*, v.*, v.seen = i.alerts AND `)
	if err := s.nothingGone(v); err != nil {
		return err
	}
	s.add(` AS whole
			FROM (SELECT incident, sum(alerts) AS seen, sum(in_progress) AS in_progress, sum(resolved) AS resolved,
				max(severity_rank) AS severity_rank, min(created) AS first, max(updated) AS last
				FROM incident_classes WHERE `)
	if err := s.visible(v, "class"); err != nil {
		return err
	}
	if id != "" {
		s.add(" AND incident = ?", id)
	}
	s.add(" GROUP BY incident) v JOIN incidents i ON i.id = v.incident)")
	return nil
}

// nothingGone appends the condition that an incident has had no alerts out of sight: what was written about it while they were in it
// was written for those who see them. Those of one that was merged away are all counted as its own.
func (s *statement) nothingGone(v store.Visible) error {
	if v.All {
		s.add("1")
		return nil
	}
	s.add(`(i.gone = 0 OR i.redirect <> '' OR NOT EXISTS (SELECT 1 FROM alert_formerly f JOIN alerts g ON g.n = f.alert WHERE f.incident = i.id AND NOT (`)
	if err := s.visible(v, "g.class"); err != nil {
		return err
	}
	s.add(")))")
	return nil
}

// Incidents implements store.AlertReader. Which incidents make the page is found first, by what orders and filters
// them; only then are their texts read.
func (r *reader) Incidents(q store.AlertQuery) ([]store.IncidentRow, error) {
	o, err := incidentColumns.ordered(q.Order)
	if err != nil {
		return nil, err
	}
	var s statement
	s.add("SELECT a.id")
	for _, k := range o.keys {
		s.add(", " + k)
	}
	if err := s.incidentsWhere(q, o); err != nil {
		return nil, err
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ? OFFSET ?", q.Limit, q.Skip)
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return nil, err
	}
	var page []store.IncidentRow
	err = eachRow(rows, func(scan func(...any) error) error {
		i := store.IncidentRow{Cursor: make([]any, len(o.keys))}
		into := []any{&i.ID}
		for k := range i.Cursor {
			into = append(into, &i.Cursor[k])
		}
		err := scan(into...)
		page = append(page, i)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range page {
		row, found, err := r.Incident(page[i].ID, q.Visible)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("incident %q is gone within one transaction", page[i].ID)
		}
		row.Cursor = page[i].Cursor
		page[i] = row
	}
	return page, nil
}

func (s *statement) incidentsWhere(q store.AlertQuery, o ordered) error {
	s.add(" FROM (")
	if err := s.incidentView(q.Visible, ""); err != nil {
		return err
	}
	s.add(") a WHERE ")
	if err := s.grouped(incidentColumns, q.Where); err != nil {
		return err
	}
	if q.After != nil {
		s.add(" AND ")
		return s.after(o, q.After)
	}
	return nil
}

func (r *reader) incidentComments(i *store.IncidentRow) error {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT comment, author, at FROM incident_comments WHERE incident = ? ORDER BY n`, i.ID)
	if err != nil {
		return err
	}
	return eachRow(rows, func(scan func(...any) error) error {
		var c store.Comment
		var at int64
		if err := scan(&c.Text, &c.By, &at); err != nil {
			return err
		}
		c.At = time.Unix(0, at).UTC()
		i.Comments = append(i.Comments, c)
		return nil
	})
}

// CountIncidents implements store.AlertReader.
func (r *reader) CountIncidents(q store.AlertQuery) (int64, error) {
	var s statement
	s.add("SELECT count(*)")
	q.After = nil
	if err := s.incidentsWhere(q, ordered{}); err != nil {
		return 0, err
	}
	var n int64
	return n, r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&n)
}

// Incident implements store.AlertReader.
func (r *reader) Incident(id string, v store.Visible) (store.IncidentRow, bool, error) {
	var i store.IncidentRow
	if id == "" {
		return i, false, nil
	}
	var s statement
	s.add("SELECT a.id, a.derived, a.alerts, a.partial, a.severity, a.status, a.own_status, a.redirect, a.created, a.updated, a.classification, a.determination, a.assigned_to, a.body FROM (")
	if err := s.incidentView(v, id); err != nil {
		return i, false, err
	}
	s.add(") a")
	var created, updated int64
	var body string
	err := r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&i.ID, &i.Derived, &i.Alerts, &i.Partial, &i.Severity, &i.Status,
		&i.OwnStatus, &i.Redirect, &created, &updated, &i.Classification, &i.Determination, &i.AssignedTo, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return store.IncidentRow{}, false, nil
	}
	if err != nil {
		return i, false, err
	}
	i.Created, i.Updated = time.Unix(0, created).UTC(), time.Unix(0, updated).UTC()
	if body != "" {
		i.Body = json.RawMessage(body)
	}
	if !i.Partial {
		err = r.incidentComments(&i)
	}
	return i, err == nil, err
}

// IncidentAlerts implements store.AlertReader.
func (r *reader) IncidentAlerts(id string) (int64, error) {
	var n int64
	_, err := r.one(`SELECT coalesce(sum(alerts), 0) FROM incident_classes WHERE incident = ?`, []any{id}, &n)
	return n, err
}

// IncidentClasses implements store.AlertReader.
func (r *reader) IncidentClasses(id string) ([]int64, error) {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT class FROM incident_classes WHERE incident = ? ORDER BY class`, id)
	if err != nil {
		return nil, err
	}
	var list []int64
	err = eachRow(rows, func(scan func(...any) error) error {
		var class int64
		if err := scan(&class); err != nil {
			return err
		}
		list = append(list, class)
		return nil
	})
	return list, err
}
