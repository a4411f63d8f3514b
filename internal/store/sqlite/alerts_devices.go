package sqlite

import (
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// device brings what evidence tells of a device together with what is known of it, and gives its group.
func (t *taker) device(told store.Device) (string, error) {
	known := t.devices[told.ID]
	if known == nil {
		d, found, err := t.w.Device(told.ID)
		if err != nil {
			return "", err
		}
		known = &d
		t.devices[told.ID] = known
		if !found {
			*known = store.Device{ID: told.ID}
		}
	}
	merged := merge(*known, told)
	if known.Group != "" && same(*known, merged) {
		return known.Group, nil
	}
	merged.Group = t.group(merged)
	if known.Group != "" && known.Group != merged.Group {
		t.moved[told.ID] = true
	}
	*known = merged
	return merged.Group, t.w.putDevice(merged)
}

// merge lets the newer description win, member by member: evidence that leaves one out says nothing about it.
func merge(known, told store.Device) store.Device {
	if !told.Known {
		return known
	}
	newer, older := told, known
	if told.Seen.Before(known.Seen) {
		newer, older = known, told
	}
	m := newer
	m.ID, m.Known, m.Group = known.ID, true, known.Group
	m.Name, m.Domain, m.OS = either(newer.Name, older.Name), either(newer.Domain, older.Domain), either(newer.OS, older.OS)
	if m.Tags == nil {
		m.Tags = older.Tags
	}
	return m
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func same(a, b store.Device) bool {
	return a.Known == b.Known && a.Name == b.Name && a.Domain == b.Domain && a.OS == b.OS && slices.Equal(a.Tags, b.Tags) && (a.Tags == nil) == (b.Tags == nil) && a.Seen.Equal(b.Seen)
}

func (w *writer) putDevice(d store.Device) error {
	seen := int64(0)
	if !d.Seen.IsZero() {
		seen = d.Seen.UnixNano()
	}
	tags := "null" // nothing said
	if d.Tags != nil {
		tags = listText(d.Tags)
	}
	_, err := w.exec(`INSERT INTO devices (id, name, domain, os, tags, known, seen, device_group) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, domain = excluded.domain, os = excluded.os, tags = excluded.tags,
		known = excluded.known, seen = excluded.seen, device_group = excluded.device_group`,
		d.ID, d.Name, d.Domain, d.OS, tags, d.Known, seen, d.Group)
	return err
}

// Regroup implements store.AlertWriter.
func (w *writer) Regroup(group func(store.Device) string) (int, error) {
	t := w.taker(group)
	var moved []store.Device
	err := w.each(`SELECT id, name, domain, os, tags, known, seen, device_group FROM devices`, func(rows *sql.Rows) error {
		d, err := scanDevice(rows)
		if err != nil {
			return err
		}
		if g := group(d); g != d.Group {
			d.Group = g
			moved = append(moved, d)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, d := range moved {
		t.moved[d.ID] = true
		if err := w.putDevice(d); err != nil {
			return 0, err
		}
	}
	return len(moved), t.Done()
}

// reclass moves the alerts of devices that changed their group.
func (t *taker) reclass() error {
	if len(t.moved) == 0 {
		return nil
	}
	devices := make([]string, 0, len(t.moved))
	for d := range t.moved {
		devices = append(devices, d)
	}
	clear(t.moved)
	type alert struct {
		n        int64
		class    int64
		incident string
		groups   []string
	}
	classes, err := t.w.classItems()
	if err != nil {
		return err
	}
	var all []alert
	err = t.w.each(`SELECT a.n, a.class, a.incident, d.device_group FROM alerts a JOIN alert_devices l ON l.alert = a.n JOIN devices d ON d.id = l.device
		WHERE a.n IN (SELECT alert FROM alert_devices WHERE device IN (SELECT value FROM json_each(?))) ORDER BY a.n`,
		func(rows *sql.Rows) error {
			var a alert
			var group string
			if err := rows.Scan(&a.n, &a.class, &a.incident, &group); err != nil {
				return err
			}
			if last := len(all) - 1; last < 0 || all[last].n != a.n {
				all = append(all, a)
			}
			all[len(all)-1].groups = append(all[len(all)-1].groups, group)
			return nil
		}, listText(devices))
	if err != nil {
		return err
	}
	for _, a := range all {
		item := classes[a.class]
		class, err := t.class(item.Workloads, a.groups, item.EveryGroup)
		if err != nil {
			return err
		}
		if class == a.class {
			continue
		}
		if _, err := t.w.exec(`UPDATE alerts SET class = ? WHERE n = ?`, class, a.n); err != nil {
			return err
		}
		t.w.touch(a.class)
		t.w.touch(class)
		if a.incident != "" {
			t.incidents[a.incident] = true
		}
		if err := t.recount(a.n); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) classItems() (map[int64]rbac.Item, error) {
	list, err := w.AlertClasses(0)
	if err != nil {
		return nil, err
	}
	items := make(map[int64]rbac.Item, len(list))
	for _, c := range list {
		items[c.ID] = c.Item
	}
	return items, nil
}

// DeviceCounts implements store.AlertReader.
func (r *reader) DeviceCounts() (map[string]int, error) {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT device_group, count(*) FROM devices GROUP BY device_group`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var group string
		var n int
		if err := rows.Scan(&group, &n); err != nil {
			return nil, err
		}
		counts[group] = n
	}
	return counts, rows.Err()
}

// Devices implements store.AlertReader.
func (r *reader) Devices(q store.DeviceQuery) ([]store.Device, error) {
	var list []store.Device
	err := r.each(`SELECT id, name, domain, os, tags, known, seen, device_group FROM devices
		WHERE (? OR known AND device_group IN (SELECT value FROM json_each(?))) AND id > ? ORDER BY id LIMIT ?`, func(rows *sql.Rows) error {
		d, err := scanDevice(rows)
		list = append(list, d)
		return err
	}, q.All, listText(q.Groups), q.After, q.Limit)
	return list, err
}

// CountDevices implements store.AlertReader.
func (r *reader) CountDevices(q store.DeviceQuery) (int, error) {
	var n int
	_, err := r.one(`SELECT count(*) FROM devices WHERE ? OR known AND device_group IN (SELECT value FROM json_each(?))`, []any{q.All, listText(q.Groups)}, &n)
	return n, err
}

func scanDevice(rows *sql.Rows) (store.Device, error) {
	var d store.Device
	var tags string
	var seen int64
	if err := rows.Scan(&d.ID, &d.Name, &d.Domain, &d.OS, &tags, &d.Known, &seen, &d.Group); err != nil {
		return d, err
	}
	d.Seen = time.Unix(0, seen).UTC()
	return d, json.Unmarshal([]byte(tags), &d.Tags)
}
