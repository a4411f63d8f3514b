package sqlite

import (
	"database/sql"
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// changed gives the numbers of the alerts or incidents that have changed since.
func (r *reader) changed(what string, since int64) ([]int64, error) {
	var list []int64
	err := r.each(`SELECT DISTINCT `+what+` FROM list_changes WHERE seq > ? AND `+what+` IS NOT NULL ORDER BY 1`, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		list = append(list, n)
		return err
	}, since)
	return list, err
}

// listedAlerts reads alerts as lists need them, by number.
func (r *reader) listedAlerts(where string, take func(lists.Alert), args ...any) error {
	var a lists.Alert
	into := []any{&a.Number, &a.ID, &a.Incident, &a.Class, &a.Created, &a.Updated, &a.Status, &a.Severity, &a.Classification, &a.Determination, &a.AssignedTo,
		&a.SystemTags, &a.ServiceSource, &a.DetectionSource, &a.Category, &a.Title, &a.Techniques}
	return r.each(`SELECT a.n, a.id, coalesce(i.n, 0), a.class, a.created, a.updated, a.status, a.severity, a.classification, a.determination, a.assigned_to,
		a.system_tags, a.service_source, a.detection_source, a.category, a.title, a.techniques FROM alerts a LEFT JOIN incidents i ON i.id = a.incident `+where+` ORDER BY a.n`, func(rows *sql.Rows) error {
		err := rows.Scan(into...)
		take(a)
		return err
	}, args...)
}

// listedIncidents reads incidents likewise, with what the alerts of each class bring to them. One without alerts is nobody's.
func (r *reader) listedIncidents(where string, take func(lists.Incident), args ...any) error {
	var i, next lists.Incident
	var p lists.Part
	var formerly string
	into := []any{&next.Number, &next.ID, &next.Derived, &next.Alerts, &next.Created, &next.Updated, &next.Status, &next.Classification,
		&next.Determination, &next.AssignedTo, &next.CustomTags, &next.SystemTags, &next.Title, &formerly,
		&p.Class, &p.Alerts, &p.InProgress, &p.Resolved, &p.SeverityRank, &p.Created, &p.Updated}
	err := r.each(`SELECT i.n, i.id, i.derived, i.alerts, i.created, i.updated, i.status, i.classification, i.determination, i.assigned_to,
		i.custom_tags, i.system_tags, `+nameOf("i.body")+`,
		CASE WHEN i.gone > 0 AND i.redirect = '' THEN (SELECT json_group_array(DISTINCT g.class) FROM alert_formerly f JOIN alerts g ON g.n = f.alert WHERE f.incident = i.id) ELSE '' END,
		p.class, p.alerts, p.in_progress, p.resolved, p.severity_rank, p.created, p.updated
		FROM incidents i JOIN incident_classes p ON p.incident = i.id `+where+` ORDER BY i.id`, func(rows *sql.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if next.Number != i.Number {
			if i.ID != "" {
				take(i)
			}
			i = next
			i.Parts, i.Formerly = nil, nil
			if formerly != "" {
				if err := json.Unmarshal([]byte(formerly), &i.Formerly); err != nil {
					return err
				}
			}
		}
		i.Parts = append(i.Parts, p)
		return nil
	}, args...)
	if err == nil && i.ID != "" {
		take(i)
	}
	return err
}
