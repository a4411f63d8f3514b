package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/bailiwick/bailiwick/internal/store"
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

// listedAlerts reads alerts as lists need them, by number, and tells the builder of the things that they name.
func (r *reader) listedAlerts(builder *lists.Builder, where string, take func(lists.Alert), args ...any) error {
	var a lists.Alert
	var names string
	into := []any{&a.Number, &a.ID, &a.Incident, &a.Class, &a.Created, &a.Updated, &a.Status, &a.Severity, &a.Classification, &a.Determination, &a.AssignedTo,
		&a.SystemTags, &a.ServiceSource, &a.DetectionSource, &a.Category, &a.Title, &a.Techniques, &names}
	groups := map[string]string{}
	return r.each(`SELECT a.n, a.id, coalesce(i.n, 0), a.class, a.created, a.updated, a.status, a.severity, a.classification, a.determination, a.assigned_to,
		a.system_tags, a.service_source, a.detection_source, a.category, a.title, a.techniques, coalesce(x.names, '[]')
		FROM alerts a LEFT JOIN incidents i ON i.id = a.incident LEFT JOIN alert_names x ON x.alert = a.n `+where+` ORDER BY a.n`, func(rows *sql.Rows) error {
		err := rows.Scan(into...)
		if err == nil {
			a.Names, err = r.listedNames(builder, names, groups)
		}
		take(a)
		return err
	}, args...)
}

// listedNames reads a list of alert_names, in the order of the devices that the evidence is of. groups are those of the devices met so far.
func (r *reader) listedNames(builder *lists.Builder, text string, groups map[string]string) ([]lists.Name, error) {
	all, err := store.ParseArray([]byte(text))
	if err != nil {
		return nil, err
	}
	var names []lists.Name
	var devices []string
	for _, one := range all {
		of, err := store.ParseArray(one)
		if err != nil || len(of) != 6 {
			return nil, fmt.Errorf("a name of %d parts: %w", len(of), err)
		}
		kind := store.EntityKind(store.Text(of[1]))
		if !slices.Contains(lists.ThingKinds, kind) {
			continue
		}
		name := lists.Name{Closed: string(of[3]) != "0", Name: store.Text(of[5])}
		if name.Thing, err = strconv.ParseInt(string(of[0]), 10, 64); err != nil {
			return nil, err
		}
		if !builder.Knows(name.Thing) {
			var key string
			if _, err := r.one(`SELECT key FROM entities WHERE n = ?`, []any{name.Thing}, &key); err != nil {
				return nil, err
			}
			builder.Thing(name.Thing, kind, key)
		}
		device := store.Text(of[2])
		if name.Of = device != ""; name.Of {
			group, met := groups[device]
			if !met {
				if _, err := r.one(`SELECT device_group FROM devices WHERE id = ?`, []any{device}, &group); err != nil {
					return nil, err
				}
				groups[device] = group
			}
			name.Group = group
		}
		// Few: put each where it belongs.
		at := len(names)
		for at > 0 && (devices[at-1] > device || devices[at-1] == device && names[at-1].Closed && !name.Closed) {
			at--
		}
		names, devices = slices.Insert(names, at, name), slices.Insert(devices, at, device)
	}
	return names, nil
}

// listedThings tells a builder of all things at once.
func (r *reader) listedThings(builder *lists.Builder) error {
	for _, kind := range lists.ThingKinds {
		err := r.each(`SELECT n, key FROM entities WHERE kind = ?`, func(rows *sql.Rows) error {
			var n int64
			var key string
			err := rows.Scan(&n, &key)
			builder.Thing(n, kind, key)
			return err
		}, string(kind))
		if err != nil {
			return err
		}
	}
	return nil
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
