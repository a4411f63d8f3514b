package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// incidentView is each incident as a reader of some classes sees it: counts, severity, times and, where nobody has
// set it, status from those classes alone; what the incident itself says only for readers of all its alerts (S9).
// Filters and orders work on this, never on what is stored.
func (s *statement) incidentView(v store.Visible, which string, args ...any) error {
	s.add(`SELECT n, id, derived, seen AS alerts, NOT whole AS partial, severity_rank,
		` + severityOf("severity_rank") + ` AS severity,
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
	s.add(" "+which, args...)
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

// severityOf names a rank.
func severityOf(rank string) string {
	text := "CASE " + rank
	store.EachSeverity(func(name string, rank int64) { text += fmt.Sprintf(" WHEN %d THEN '%s'", rank, name) })
	return text + " ELSE 'unknown' END"
}

// Incidents implements store.AlertReader. Which incidents make the page is found first, by what orders and filters
// them; only then are their texts read.
func (r *reader) Incidents(q store.AlertQuery) ([]store.IncidentRow, error) {
	page, ok, err := held(r, func(s *lists.State) (lists.Page, error) { return r.page(incidentList, q, s.Incidents) })
	if err != nil {
		return nil, err
	}
	if !ok {
		if page, err = r.incidentPage(q); err != nil {
			return nil, err
		}
	}
	if len(page.Numbers) == 0 {
		return nil, nil
	}
	list, err := r.incidentRows(q.Visible, "AND incident IN (SELECT id FROM incidents WHERE n IN (SELECT value FROM json_each(?)))", numbersText(page.Numbers))
	if err != nil {
		return nil, err
	}
	at := make(map[int64]int, len(list))
	for i, row := range list {
		at[row.number] = i
	}
	rows := make([]store.IncidentRow, len(page.Numbers))
	for i, n := range page.Numbers {
		place, found := at[n]
		if !found {
			return nil, fmt.Errorf("incident number %d is gone within one transaction", n)
		}
		rows[i] = list[place].IncidentRow
		rows[i].Cursor = page.Cursors[i]
	}
	return rows, r.incidentComments(rows)
}

// incidentPage finds a page by SQL.
func (r *reader) incidentPage(q store.AlertQuery) (page lists.Page, err error) {
	o, err := incidentColumns.ordered(q.Order)
	if err != nil {
		return page, err
	}
	var s statement
	s.add("SELECT a.n")
	for _, k := range o.keys {
		s.add(", " + k)
	}
	if err := s.incidentsWhere(q, o); err != nil {
		return page, err
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ? OFFSET ?", q.Limit, q.Skip)
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return page, err
	}
	return page, eachRow(rows, func(scan func(...any) error) error {
		var n int64
		cursor := make([]any, len(o.keys))
		into := []any{&n}
		for k := range cursor {
			into = append(into, &cursor[k])
		}
		err := scan(into...)
		page.Numbers, page.Cursors = append(page.Numbers, n), append(page.Cursors, cursor)
		return err
	})
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

// incidentComments reads the comments of those that the reader sees whole.
func (r *reader) incidentComments(list []store.IncidentRow) error {
	at, ids := map[string]int{}, []string{}
	for i, row := range list {
		if !row.Partial {
			at[row.ID], ids = i, append(ids, row.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return r.each(`SELECT incident, comment, author, at FROM incident_comments WHERE incident IN (SELECT value FROM json_each(?)) ORDER BY at, n`, func(rows *sql.Rows) error {
		var id string
		var c store.Comment
		var when int64
		if err := rows.Scan(&id, &c.Text, &c.By, &when); err != nil {
			return err
		}
		c.At = time.Unix(0, when).UTC()
		list[at[id]].Comments = append(list[at[id]].Comments, c)
		return nil
	}, listText(ids))
}

// CountIncidents implements store.AlertReader.
func (r *reader) CountIncidents(q store.AlertQuery) (int64, error) {
	n, ok, err := held(r, func(s *lists.State) (int64, error) { return r.total(incidentList, q, s.CountIncidents) })
	if ok || err != nil {
		return n, err
	}
	var s statement
	s.add("SELECT count(*)")
	q.After = nil
	if err := s.incidentsWhere(q, ordered{}); err != nil {
		return 0, err
	}
	return n, r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&n)
}

// Incident implements store.AlertReader.
func (r *reader) Incident(id string, v store.Visible) (store.IncidentRow, bool, error) {
	if id == "" {
		return store.IncidentRow{}, false, nil
	}
	list, err := r.incidentRows(v, "AND incident = ?", id)
	if err != nil || len(list) == 0 {
		return store.IncidentRow{}, false, err
	}
	rows := []store.IncidentRow{list[0].IncidentRow}
	err = r.incidentComments(rows)
	return rows[0], err == nil, err
}

type numberedIncident struct {
	number int64
	store.IncidentRow
}

// incidentRows reads the incidents that a condition on incident_classes picks, as they are seen.
func (r *reader) incidentRows(v store.Visible, which string, args ...any) ([]numberedIncident, error) {
	var s statement
	s.add("SELECT a.n, a.id, a.derived, a.alerts, a.partial, a.severity, a.status, a.own_status, a.redirect, a.created, a.updated, a.classification, a.determination, a.assigned_to, a.body FROM (")
	if err := s.incidentView(v, which, args...); err != nil {
		return nil, err
	}
	s.add(") a")
	var list []numberedIncident
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var i numberedIncident
		var created, updated int64
		var body string
		if err := rows.Scan(&i.number, &i.ID, &i.Derived, &i.Alerts, &i.Partial, &i.Severity, &i.Status, &i.OwnStatus, &i.Redirect, &created, &updated,
			&i.Classification, &i.Determination, &i.AssignedTo, &body); err != nil {
			return err
		}
		i.Created, i.Updated = time.Unix(0, created).UTC(), time.Unix(0, updated).UTC()
		if body != "" {
			i.Body = json.RawMessage(body)
		}
		list = append(list, i)
		return nil
	}, s.args...)
	return list, err
}

// IncidentAlerts implements store.AlertReader.
func (r *reader) IncidentAlerts(id string) (int64, error) {
	var n int64
	_, err := r.one(`SELECT coalesce(sum(alerts), 0) FROM incident_classes WHERE incident = ?`, []any{id}, &n)
	return n, err
}

// IncidentClasses implements store.AlertReader.
func (r *reader) IncidentClasses(id string) ([]int64, error) {
	all, err := r.ClassesOfIncidents([]string{id})
	return all[id], err
}

// ClassesOfIncidents implements store.AlertReader.
func (r *reader) ClassesOfIncidents(incidents []string) (map[string][]int64, error) {
	all := make(map[string][]int64, len(incidents))
	err := r.each(`SELECT incident, class FROM incident_classes WHERE incident IN (SELECT value FROM json_each(?)) ORDER BY incident, class`, func(rows *sql.Rows) error {
		var id string
		var class int64
		err := rows.Scan(&id, &class)
		all[id] = append(all[id], class)
		return err
	}, listText(incidents))
	return all, err
}

// WorstAlerts implements store.AlertReader.
func (r *reader) WorstAlerts(incidents []string, v store.Visible) (map[string]store.AlertName, error) {
	var s statement
	s.add(`SELECT incident, id, title FROM (SELECT incident, id, title, row_number() OVER (PARTITION BY incident ORDER BY severity_rank DESC, created, id) AS place
		FROM alerts WHERE incident IN (SELECT value FROM json_each(?)) AND incident <> '' AND `, listText(incidents))
	if err := s.visible(v, "class"); err != nil {
		return nil, err
	}
	s.add(`) WHERE place = 1`)
	worst := make(map[string]store.AlertName, len(incidents))
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var incident string
		var a store.AlertName
		err := rows.Scan(&incident, &a.ID, &a.Title)
		worst[incident] = a
		return err
	}, s.args...)
	return worst, err
}
