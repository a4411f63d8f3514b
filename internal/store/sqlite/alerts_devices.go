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
	m.ID, m.Known, m.Group, m.Own = known.ID, true, known.Group, known.Own
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
	_, err := w.exec(`INSERT INTO devices (id, name, domain, os, tags, own_tags, known, seen, device_group) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, domain = excluded.domain, os = excluded.os, tags = excluded.tags, own_tags = excluded.own_tags,
		known = excluded.known, seen = excluded.seen, device_group = excluded.device_group`,
		d.ID, d.Name, d.Domain, d.OS, tags, listText(d.Own), d.Known, seen, d.Group)
	return err
}

// TagDevice implements store.AlertWriter.
func (w *writer) TagDevice(id string, own []string, group func(store.Device) string) (string, error) {
	d, found, err := w.Device(id)
	if err != nil || !found {
		return "", err
	}
	t := w.taker(group)
	d.Own = own
	if g := group(d); g != d.Group {
		d.Group, t.moved[d.ID] = g, true
	}
	if err := w.putDevice(d); err != nil {
		return "", err
	}
	return d.Group, t.Done()
}

// Regroup implements store.AlertWriter.
func (w *writer) Regroup(group func(store.Device) string) (int, error) {
	t := w.taker(group)
	var moved []store.Device
	err := w.each("SELECT "+deviceColumns+" FROM devices d", func(rows *sql.Rows) error {
		var d store.Device
		if err := scanDevice(rows.Scan, &d); err != nil {
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
		n         int64
		class     int64
		incident  string
		workloads rbac.WorkloadSet
		needs     int64
		groups    []string
	}
	var all []alert
	err := t.w.each(`SELECT a.n, a.class, a.incident, c.workloads, c.every_group, d.device_group FROM alerts a JOIN alert_classes c ON c.id = a.class JOIN alert_devices l ON l.alert = a.n JOIN devices d ON d.id = l.device
		WHERE a.n IN (SELECT alert FROM alert_devices WHERE device IN (SELECT value FROM json_each(?))) ORDER BY a.n`,
		func(rows *sql.Rows) error {
			var a alert
			var group string
			if err := rows.Scan(&a.n, &a.class, &a.incident, &a.workloads, &a.needs, &group); err != nil {
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
		class, err := t.class(a.workloads, a.groups, a.needs)
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

const deviceColumns = `d.id, d.name, d.domain, d.os, d.tags, d.own_tags, d.known, d.seen, d.device_group`

func scanDevice(scan func(...any) error, d *store.Device) error {
	var tags, own string
	var seen int64
	if err := scan(&d.ID, &d.Name, &d.Domain, &d.OS, &tags, &own, &d.Known, &seen, &d.Group); err != nil {
		return err
	}
	d.Seen = time.Unix(0, seen).UTC()
	if err := json.Unmarshal([]byte(tags), &d.Tags); err != nil {
		return err
	}
	if own == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(own), &d.Own)
}
