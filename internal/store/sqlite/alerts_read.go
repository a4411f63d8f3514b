package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// AlertClasses implements store.AlertReader.
func (r *reader) AlertClasses(after int64) ([]store.AlertClass, error) {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT id, workloads, device_groups, every_group, alerts FROM alert_classes WHERE id > ? ORDER BY id`, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []store.AlertClass
	for rows.Next() {
		var c store.AlertClass
		var groups string
		if err := rows.Scan(&c.ID, &c.Item.Workloads, &groups, &c.Item.EveryGroup, &c.Count); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(groups), &c.Item.DeviceGroups); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// AlertClassSizes implements store.AlertReader.
func (r *reader) AlertClassSizes() (map[int64]int64, error) {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT id, alerts FROM alert_classes WHERE alerts > 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sizes := map[int64]int64{}
	for rows.Next() {
		var id, n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		sizes[id] = n
	}
	return sizes, rows.Err()
}

// A page for a reader of few classes is put together from each class's own end of the index. For a reader of many, the
// newest alerts are walked through and those of other classes passed over: one who sees much does not have to go far.
// In between, it depends on how many of all alerts the classes have.
const (
	fewClasses  = 32
	mostMerged  = 400 // SQLite joins no more than 500 selects
	mergedAlert = 2   // what an alert of a merge costs, in alerts walked past
)

// merges tells which way is shorter.
func (r *reader) merges(q store.AlertQuery) (bool, error) {
	k := int64(len(q.Visible.Classes))
	if q.Visible.All || q.Visible.Hidden != nil || k > mostMerged {
		return false, nil
	}
	if k <= fewClasses {
		return true, nil
	}
	var seen, all int64
	var s statement
	s.add("SELECT coalesce(sum(alerts) FILTER (WHERE ")
	if err := s.visible(q.Visible, "id"); err != nil {
		return false, err
	}
	s.add("), 0), coalesce(sum(alerts), 0) FROM alert_classes")
	if err := r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&seen, &all); err != nil {
		return false, err
	}
	return seen > 0 && all/seen > k*mergedAlert, nil
}

// visible appends the reader's classes as a condition. The plus keeps SQLite from gathering whole classes through the
// index by class, to sort them all for one page.
func (s *statement) visible(v store.Visible, column string) error {
	if v.All {
		s.add("1")
		return nil
	}
	in, classes := " IN ", v.Classes
	if v.Hidden != nil {
		s.add("+"+column+" <= ? AND ", v.UpTo)
		in, classes = " NOT IN ", v.Hidden
	}
	list, err := json.Marshal(slices.Concat([]int64{}, classes))
	if err != nil {
		return err
	}
	s.add("+"+column+in+"(SELECT value FROM json_each(?))", string(list))
	return nil
}

// Alerts implements store.AlertReader.
func (r *reader) Alerts(q store.AlertQuery) ([]store.AlertRow, error) {
	o, err := alertColumns.ordered(q.Order)
	if err != nil {
		return nil, err
	}
	var page statement
	merge, err := r.merges(q)
	if err != nil {
		return nil, err
	}
	if merge {
		err = page.merged(q, o)
	} else {
		err = page.walked(q, o)
	}
	if err != nil || page.Len() == 0 {
		return nil, err
	}
	return r.alertRows(page.String(), page.args, len(o.keys))
}

// walked selects the page through the order's own index.
func (s *statement) walked(q store.AlertQuery, o ordered) error {
	s.add("SELECT a.n, " + strings.Join(o.keys, ", ") + " FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return err
	}
	return s.rest(q, o, q.Limit, q.Skip)
}

// merged selects the page from each class by itself and keeps the first of them all.
func (s *statement) merged(q store.AlertQuery, o ordered) error {
	for i, class := range q.Visible.Classes {
		if i == 0 {
			s.add("SELECT * FROM (")
		} else {
			s.add(" UNION ALL ")
		}
		s.add("SELECT * FROM (SELECT a.n")
		for j, k := range o.keys {
			s.add(", " + k + " AS k" + string(rune('0'+j)))
		}
		s.add(" FROM alerts a WHERE a.class = ?", class)
		if err := s.rest(q, o, q.Limit+q.Skip, 0); err != nil {
			return err
		}
		s.add(")")
	}
	if len(q.Visible.Classes) == 0 {
		return nil
	}
	s.add(") ORDER BY ")
	for j := range o.keys {
		if j > 0 {
			s.add(", ")
		}
		s.add("k" + string(rune('0'+j)))
		if o.desc[j] {
			s.add(" DESC")
		}
	}
	s.add(" LIMIT ? OFFSET ?", q.Limit, q.Skip)
	return nil
}

func (s *statement) rest(q store.AlertQuery, o ordered, limit, skip int) error {
	if q.Where != nil {
		s.add(" AND ")
		if err := s.grouped(alertColumns, q.Where); err != nil {
			return err
		}
	}
	if q.After != nil {
		s.add(" AND ")
		if err := s.after(o, q.After); err != nil {
			return err
		}
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ? OFFSET ?", limit, skip)
	return nil
}

// alertRows fetches what page selects: the alert's number, then its order keys.
func (r *reader) alertRows(page string, args []any, keys int) ([]store.AlertRow, error) {
	rows, err := r.tx.QueryContext(r.ctx, page, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var numbers []int64
	var list []store.AlertRow
	for rows.Next() {
		cursor := make([]any, keys)
		into := make([]any, keys+1)
		var n int64
		into[0] = &n
		for i := range cursor {
			into[i+1] = &cursor[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
		list = append(list, store.AlertRow{Cursor: cursor})
	}
	if err := rows.Err(); err != nil || len(list) == 0 {
		return nil, err
	}
	return list, r.fill(numbers, list)
}

// fill reads the rest of the alerts with these numbers.
func (r *reader) fill(numbers []int64, list []store.AlertRow) error {
	at := make(map[int64]int, len(numbers))
	for i, n := range numbers {
		at[n] = i
		list[i].Devices = map[string]string{}
	}
	wanted, err := json.Marshal(numbers)
	if err != nil {
		return err
	}
	rows, err := r.tx.QueryContext(r.ctx, `SELECT a.n, a.id, a.incident, a.class, b.body, b.evidence
		FROM alerts a JOIN alert_bodies b ON b.alert = a.n WHERE a.n IN (SELECT value FROM json_each(?))`, string(wanted))
	if err != nil {
		return err
	}
	err = eachRow(rows, func(scan func(...any) error) error {
		var n int64
		var row store.AlertRow
		var body, evidence string
		if err := scan(&n, &row.ID, &row.IncidentID, &row.Class, &body, &evidence); err != nil {
			return err
		}
		l := &list[at[n]]
		l.ID, l.IncidentID, l.Class, l.Body, l.Evidence = row.ID, row.IncidentID, row.Class, json.RawMessage(body), json.RawMessage(evidence)
		return nil
	})
	if err != nil {
		return err
	}
	rows, err = r.tx.QueryContext(r.ctx, `SELECT l.alert, l.device, d.device_group
		FROM alert_devices l JOIN devices d ON d.id = l.device WHERE l.alert IN (SELECT value FROM json_each(?))`, string(wanted))
	if err != nil {
		return err
	}
	err = eachRow(rows, func(scan func(...any) error) error {
		var n int64
		var device, group string
		if err := scan(&n, &device, &group); err != nil {
			return err
		}
		list[at[n]].Devices[device] = group
		return nil
	})
	if err != nil {
		return err
	}
	rows, err = r.tx.QueryContext(r.ctx, `SELECT alert, comment, author, at FROM alert_comments
		WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY n`, string(wanted))
	if err != nil {
		return err
	}
	return eachRow(rows, func(scan func(...any) error) error {
		var n, when int64
		var c store.Comment
		if err := scan(&n, &c.Text, &c.By, &when); err != nil {
			return err
		}
		c.At = time.Unix(0, when).UTC()
		list[at[n]].Comments = append(list[at[n]].Comments, c)
		return nil
	})
}

func eachRow(rows *sql.Rows, f func(scan func(...any) error) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// CountAlerts implements store.AlertReader. Without a condition the classes know.
func (r *reader) CountAlerts(q store.AlertQuery) (int64, error) {
	var s statement
	if q.Where == nil {
		s.add("SELECT coalesce(sum(alerts), 0) FROM alert_classes WHERE ")
		if err := s.visible(q.Visible, "id"); err != nil {
			return 0, err
		}
	} else {
		s.add("SELECT count(*) FROM alerts a WHERE ")
		if err := s.visible(q.Visible, "a.class"); err != nil {
			return 0, err
		}
		s.add(" AND ")
		if err := s.grouped(alertColumns, q.Where); err != nil {
			return 0, err
		}
	}
	var n int64
	return n, r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&n)
}

// AlertFacets implements store.AlertReader.
func (r *reader) AlertFacets(q store.AlertQuery) ([]store.AlertFacet, error) {
	var s statement
	s.add("SELECT a.class, a.status, a.severity, a.service_source, a.category, a.assigned_to, count(*) FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return nil, err
	}
	s.add(" AND ")
	if err := s.grouped(alertColumns, q.Where); err != nil {
		return nil, err
	}
	s.add(" GROUP BY 1, 2, 3, 4, 5, 6")
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return nil, err
	}
	var list []store.AlertFacet
	err = eachRow(rows, func(scan func(...any) error) error {
		var f store.AlertFacet
		if err := scan(&f.Class, &f.Status, &f.Severity, &f.ServiceSource, &f.Category, &f.AssignedTo, &f.Count); err != nil {
			return err
		}
		list = append(list, f)
		return nil
	})
	return list, err
}

// Alert implements store.AlertReader.
func (r *reader) Alert(id string, v store.Visible) (store.AlertRow, bool, error) {
	var s statement
	s.add("SELECT a.n, a.id FROM alerts a WHERE a.id = ? AND ", id)
	if err := s.visible(v, "a.class"); err != nil {
		return store.AlertRow{}, false, err
	}
	list, err := r.alertRows(s.String(), s.args, 1)
	if err != nil || len(list) == 0 {
		return store.AlertRow{}, false, err
	}
	return list[0], true, nil
}

// AlertsOfIncident implements store.AlertReader.
func (r *reader) AlertsOfIncident(id string, v store.Visible) ([]store.AlertRow, error) {
	if id == "" {
		return nil, nil
	}
	var s statement
	s.add("SELECT a.n, a.id FROM alerts a WHERE a.incident = ? AND ", id)
	if err := s.visible(v, "a.class"); err != nil {
		return nil, err
	}
	s.add(" ORDER BY a.created, a.id")
	return r.alertRows(s.String(), s.args, 1)
}

// Device implements store.AlertReader.
func (r *reader) Device(id string) (store.Device, bool, error) {
	d := store.Device{ID: id}
	var tags string
	var seen int64
	err := r.tx.QueryRowContext(r.ctx, `SELECT name, domain, os, tags, known, seen, device_group FROM devices WHERE id = ?`, id).
		Scan(&d.Name, &d.Domain, &d.OS, &tags, &d.Known, &seen, &d.Group)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Device{}, false, nil
	}
	if err != nil {
		return store.Device{}, false, err
	}
	d.Seen = time.Unix(0, seen).UTC()
	return d, true, json.Unmarshal([]byte(tags), &d.Tags)
}

// AlertCursorKey implements store.AlertReader.
func (r *reader) AlertCursorKey() ([]byte, error) {
	var key []byte
	return key, r.tx.QueryRowContext(r.ctx, `SELECT secret FROM alert_cursor_key`).Scan(&key)
}
