package sqlite

import (
	"database/sql"
	"encoding/json"
	"slices"
	"sort"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// taker loads records in one transaction. It remembers names, not records: a hundred thousand alerts fit.
type taker struct {
	w         *writer
	group     func(store.Device) string
	devices   map[string]*store.Device // those met so far
	classes   map[classKey]int64
	moved     map[string]bool // devices that changed their group
	incidents map[string]bool // to be counted again
}

// classKey is a class in one comparable value.
type classKey struct {
	workloads rbac.WorkloadSet
	groups    string
	every     bool
}

// TakeRecords implements store.AlertWriter.
func (w *writer) TakeRecords(group func(store.Device) string) store.RecordTaker {
	return w.taker(group)
}

func (w *writer) taker(group func(store.Device) string) *taker {
	return &taker{w: w, group: group, devices: map[string]*store.Device{}, classes: map[classKey]int64{},
		moved: map[string]bool{}, incidents: map[string]bool{}}
}

// Alert takes one alert.
func (t *taker) Alert(a store.Alert) (store.Taken, error) {
	var n, updated int64
	var incident string
	found, err := t.w.one(`SELECT n, updated, incident FROM alerts WHERE id = ?`, []any{a.ID}, &n, &updated, &incident)
	if err != nil {
		return store.Unchanged, err
	}
	if found && a.Updated.UnixNano() <= updated {
		return store.Unchanged, nil
	}
	groups := make([]string, 0, len(a.Devices))
	for _, d := range a.Devices {
		g, err := t.device(d)
		if err != nil {
			return store.Unchanged, err
		}
		groups = append(groups, g)
	}
	class, err := t.class(a.Workloads, groups, a.Nameless)
	if err != nil {
		return store.Unchanged, err
	}
	columns := []any{a.IncidentID, class, a.Created.UnixNano(), a.Updated.UnixNano(), a.Status, a.Severity, severityRank(a.Severity),
		a.Classification, a.Determination, a.ServiceSource, a.DetectionSource, a.Category, a.AssignedTo, a.Title,
		listText(a.Techniques), listText(a.SystemTags)}
	taken := store.Created
	if found {
		taken = store.Updated
		_, err = t.w.exec(`UPDATE alerts SET incident = ?, class = ?, created = ?, updated = ?, status = ?, severity = ?, severity_rank = ?,
			classification = ?, determination = ?, service_source = ?, detection_source = ?, category = ?, assigned_to = ?, title = ?,
			techniques = ?, system_tags = ? WHERE n = ?`, append(columns, n)...)
	} else {
		_, err = t.w.one(`INSERT INTO alerts (id, incident, class, created, updated, status, severity, severity_rank, classification,
			determination, service_source, detection_source, category, assigned_to, title, techniques, system_tags)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`, append([]any{a.ID}, columns...), &n)
	}
	if err != nil {
		return store.Unchanged, err
	}
	if _, err := t.w.exec(`INSERT INTO alert_bodies (alert, body, evidence) VALUES (?, ?, ?)
		ON CONFLICT (alert) DO UPDATE SET body = excluded.body, evidence = excluded.evidence`, n, string(a.Body), string(a.Evidence)); err != nil {
		return store.Unchanged, err
	}
	if found {
		if _, err := t.w.exec(`DELETE FROM alert_devices WHERE alert = ?`, n); err != nil {
			return store.Unchanged, err
		}
	}
	for _, d := range a.Devices {
		if _, err := t.w.exec(`INSERT INTO alert_devices (alert, device) VALUES (?, ?) ON CONFLICT DO NOTHING`, n, d.ID); err != nil {
			return store.Unchanged, err
		}
	}
	for _, i := range []string{incident, a.IncidentID} {
		if i != "" {
			t.incidents[i] = true
		}
	}
	return taken, nil
}

// Incident takes one incident. It replaces what was derived from its alerts.
func (t *taker) Incident(i store.Incident) (store.Taken, error) {
	var updated int64
	var derived bool
	found, err := t.w.one(`SELECT updated, derived FROM incidents WHERE id = ?`, []any{i.ID}, &updated, &derived)
	if err != nil {
		return store.Unchanged, err
	}
	if found && i.Updated.UnixNano() <= updated {
		if !derived {
			return store.Unchanged, nil
		}
	}
	// What somebody set while only the alerts were known stays, unless the record is newer than that.
	const ours = `incidents.derived AND incidents.updated >= excluded.updated`
	if _, err := t.w.exec(`INSERT INTO incidents (id, derived, status, classification, determination, assigned_to, custom_tags, system_tags, created, updated, body)
		VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET derived = 0,
		status = CASE WHEN `+ours+` AND incidents.status <> '' THEN incidents.status ELSE excluded.status END,
		classification = CASE WHEN `+ours+` THEN incidents.classification ELSE excluded.classification END,
		determination = CASE WHEN `+ours+` THEN incidents.determination ELSE excluded.determination END,
		assigned_to = CASE WHEN `+ours+` THEN incidents.assigned_to ELSE excluded.assigned_to END,
		custom_tags = excluded.custom_tags,
		system_tags = excluded.system_tags, created = excluded.created,
		updated = max(incidents.updated, excluded.updated), body = excluded.body`,
		i.ID, i.Status, i.Classification, i.Determination, i.AssignedTo, listText(i.CustomTags), listText(i.SystemTags),
		i.Created.UnixNano(), i.Updated.UnixNano(), string(i.Body)); err != nil {
		return store.Unchanged, err
	}
	t.incidents[i.ID] = true
	if found {
		return store.Updated, nil
	}
	return store.Created, nil
}

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
	if len(m.Tags) == 0 {
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
	return a.Known == b.Known && a.Name == b.Name && a.Domain == b.Domain && a.OS == b.OS && slices.Equal(a.Tags, b.Tags) && a.Seen.Equal(b.Seen)
}

func (w *writer) putDevice(d store.Device) error {
	seen := int64(0)
	if !d.Seen.IsZero() {
		seen = d.Seen.UnixNano()
	}
	_, err := w.exec(`INSERT INTO devices (id, name, domain, os, tags, known, seen, device_group) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, domain = excluded.domain, os = excluded.os, tags = excluded.tags,
		known = excluded.known, seen = excluded.seen, device_group = excluded.device_group`,
		d.ID, d.Name, d.Domain, d.OS, listText(d.Tags), d.Known, seen, d.Group)
	return err
}

// class finds the class of things that belong so, or makes it. Devices count only with endpoint (S8).
func (t *taker) class(workloads rbac.WorkloadSet, groups []string, every bool) (int64, error) {
	if !workloads.Has(rbac.Endpoint) {
		groups, every = nil, false
	}
	groups = slices.Clone(groups)
	sort.Strings(groups)
	k := classKey{workloads, listText(slices.Compact(groups)), every}
	if id, ok := t.classes[k]; ok {
		return id, nil
	}
	var id int64
	found, err := t.w.one(`SELECT id FROM alert_classes WHERE workloads = ? AND device_groups = ? AND every_group = ?`,
		[]any{k.workloads, k.groups, k.every}, &id)
	if err == nil && !found {
		_, err = t.w.one(`INSERT INTO alert_classes (workloads, device_groups, every_group) VALUES (?, ?, ?) RETURNING id`,
			[]any{k.workloads, k.groups, k.every}, &id)
	}
	if err != nil {
		return 0, err
	}
	t.classes[k] = id
	return id, nil
}

func listText(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	text, err := json.Marshal(list)
	if err != nil {
		return "[]" // strings always encode
	}
	return string(text)
}

// Done implements store.RecordTaker.
func (t *taker) Done() error {
	if err := t.reclass(); err != nil {
		return err
	}
	return t.count()
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
		if a.incident != "" {
			t.incidents[a.incident] = true
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

// count sums the alerts of incidents up again. An incident that only alerts know so far is made.
func (t *taker) count() error {
	for id := range t.incidents {
		if _, err := t.w.exec(`INSERT INTO incidents (id, derived, status, classification, determination, assigned_to, custom_tags, system_tags, created, updated, body)
			VALUES (?, 1, '', '', '', '', '[]', '[]', 0, 0, '') ON CONFLICT DO NOTHING`, id); err != nil {
			return err
		}
		if err := t.w.countIncident(id); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) countIncident(id string) error {
	if _, err := w.exec(`DELETE FROM incident_classes WHERE incident = ?`, id); err != nil {
		return err
	}
	if _, err := w.exec(`INSERT INTO incident_classes (incident, class, alerts, in_progress, resolved, severity_rank, created, updated)
		SELECT incident, class, count(*), sum(status = 'inProgress'), sum(status = 'resolved'), max(severity_rank), min(created), max(updated)
		FROM alerts WHERE incident = ? AND incident <> '' GROUP BY class`, id); err != nil {
		return err
	}
	_, err := w.exec(`UPDATE incidents SET alerts = (SELECT coalesce(sum(alerts), 0) FROM incident_classes WHERE incident = ?1) WHERE id = ?1`, id)
	return err
}

// Regroup implements store.AlertWriter.
func (w *writer) Regroup(group func(store.Device) string) (int, error) {
	t := w.taker(group)
	var moved []store.Device
	err := w.each(`SELECT id, name, domain, os, tags, known, seen, device_group FROM devices`, func(rows *sql.Rows) error {
		var d store.Device
		var tags string
		var seen int64
		if err := rows.Scan(&d.ID, &d.Name, &d.Domain, &d.OS, &tags, &d.Known, &seen, &d.Group); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(tags), &d.Tags); err != nil {
			return err
		}
		d.Seen = time.Unix(0, seen).UTC()
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

// SaveAlert implements store.AlertWriter.
func (w *writer) SaveAlert(e store.AlertEdit) error {
	var n int64
	var incident string
	if _, err := w.one(`UPDATE alerts SET status = ?, classification = ?, determination = ?, assigned_to = ?, updated = ? WHERE id = ?
		RETURNING n, incident`, []any{e.Status, e.Classification, e.Determination, e.AssignedTo, e.Updated.UnixNano(), e.ID}, &n, &incident); err != nil {
		return err
	}
	if _, err := w.exec(`UPDATE alert_bodies SET body = ? WHERE alert = ?`, string(e.Body), n); err != nil {
		return err
	}
	if incident == "" {
		return nil
	}
	return w.countIncident(incident)
}

// SaveIncident implements store.AlertWriter.
func (w *writer) SaveIncident(e store.IncidentEdit) error {
	_, err := w.exec(`UPDATE incidents SET status = ?, classification = ?, determination = ?, assigned_to = ?, custom_tags = ?, updated = ?, body = ?
		WHERE id = ?`, e.Status, e.Classification, e.Determination, e.AssignedTo, listText(e.CustomTags), e.Updated.UnixNano(), string(e.Body), e.ID)
	return err
}

// AddAlertComment implements store.AlertWriter.
func (w *writer) AddAlertComment(id string, c store.Comment) error {
	_, err := w.exec(`INSERT INTO alert_comments (alert, comment, author, at) SELECT n, ?, ?, ? FROM alerts WHERE id = ?`,
		c.Text, c.By, c.At.UnixNano(), id)
	return err
}

// AddIncidentComment implements store.AlertWriter.
func (w *writer) AddIncidentComment(id string, c store.Comment) error {
	_, err := w.exec(`INSERT INTO incident_comments (incident, comment, author, at) VALUES (?, ?, ?, ?)`, id, c.Text, c.By, c.At.UnixNano())
	return err
}
