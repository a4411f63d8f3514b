package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// AlertClasses implements store.AlertReader.
func (r *reader) AlertClasses(after int64) ([]store.AlertClass, error) {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT c.id, c.workloads, c.device_groups, c.every_group = 1 OR coalesce(s.gone, c.every_group > 1), coalesce(s.device_groups, '[]'), c.alerts
		FROM alert_classes c LEFT JOIN alert_scopes s ON s.id = c.every_group WHERE c.id > ? ORDER BY c.id`, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []store.AlertClass
	for rows.Next() {
		var c store.AlertClass
		var groups, scope string
		if err := rows.Scan(&c.ID, &c.Item.Workloads, &groups, &c.Item.EveryGroup, &scope, &c.Count); err != nil {
			return nil, err
		}
		if !c.Item.EveryGroup {
			if err := json.Unmarshal([]byte(scope), &c.Item.AllOf); err != nil {
				return nil, err
			}
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

// alertRows fetches what a query selects: the alert's number, then its order keys.
func (r *reader) alertRows(query string, args []any, keys int, page bool) ([]store.AlertRow, error) {
	rows, err := r.tx.QueryContext(r.ctx, query, args...)
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
	return list, r.fill(numbers, list, page)
}

// fill reads the rest of the alerts with these numbers.
func (r *reader) fill(numbers []int64, list []store.AlertRow, page bool) error {
	at := make(map[int64]int, len(numbers))
	for i, n := range numbers {
		at[n] = i
		list[i].Devices = map[string]string{}
	}
	wanted := numbersText(numbers)
	whole, left, err := r.whole(numbers, page)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		if err := r.fillShort(numbersText(left), at, list); err != nil {
			return err
		}
	}
	rows, err := r.tx.QueryContext(r.ctx, `SELECT a.n, a.id, a.incident, a.class, b.body, b.evidence
		FROM alerts a JOIN alert_bodies b ON b.alert = a.n WHERE a.n IN (SELECT value FROM json_each(?))`, numbersText(whole))
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
	rows, err = r.tx.QueryContext(r.ctx, `SELECT l.alert, l.device, d.device_group, d.known
		FROM alert_devices l JOIN devices d ON d.id = l.device WHERE l.alert IN (SELECT value FROM json_each(?))`, wanted)
	if err != nil {
		return err
	}
	err = eachRow(rows, func(scan func(...any) error) error {
		var n int64
		var device, group string
		var known bool
		if err := scan(&n, &device, &group, &known); err != nil {
			return err
		}
		row := &list[at[n]]
		if row.Devices[device] = group; !known {
			row.Strangers = append(row.Strangers, device)
		}
		return nil
	})
	if err != nil {
		return err
	}
	rows, err = r.tx.QueryContext(r.ctx, `SELECT alert, comment, author, at FROM alert_comments
		WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY n`, wanted)
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

// Alert implements store.AlertReader.
func (r *reader) Alert(id string, v store.Visible) (store.AlertRow, bool, error) {
	var s statement
	s.add("SELECT a.n, a.id FROM alerts a WHERE a.id = ? AND ", id)
	if err := s.visible(v, "a.class"); err != nil {
		return store.AlertRow{}, false, err
	}
	list, err := r.alertRows(s.String(), s.args, 1, true)
	if err != nil || len(list) == 0 {
		return store.AlertRow{}, false, err
	}
	return list[0], true, nil
}

// AlertsOfIncident implements store.AlertReader.
func (r *reader) AlertsOfIncident(id string, v store.Visible, most int) ([]store.AlertRow, error) {
	if id == "" {
		return nil, nil
	}
	var s statement
	s.add("SELECT a.n, a.id FROM alerts a WHERE a.incident = ? AND ", id)
	if err := s.visible(v, "a.class"); err != nil {
		return nil, err
	}
	s.add(" ORDER BY a.created, a.id")
	if most > 0 {
		s.add(" LIMIT ?", most)
	}
	return r.alertRows(s.String(), s.args, 1, false)
}

// Device implements store.AlertReader.
func (r *reader) Device(id string) (store.Device, bool, error) {
	var d store.Device
	found := false
	err := r.each("SELECT "+deviceColumns+" FROM devices d WHERE d.id = ?", func(rows *sql.Rows) error {
		found = true
		return scanDevice(rows.Scan, &d)
	}, id)
	return d, found && err == nil, err
}

// AlertCursorKey implements store.AlertReader.
func (r *reader) AlertCursorKey() ([]byte, error) {
	var key []byte
	return key, r.tx.QueryRowContext(r.ctx, `SELECT secret FROM alert_cursor_key`).Scan(&key)
}
