package sqlite

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// taker loads records in one transaction. It remembers names, not records: a hundred thousand alerts fit.
type taker struct {
	w         *writer
	group     func(store.Device) string
	devices   map[string]*store.Device // those met so far
	classes   map[classKey]int64
	ahead     map[string]*knownAlert // what there is of the alerts that come next; nil: nothing
	entities  map[entityKey]int64    // numbers of those met lately; 0: there is none yet
	namings   []naming               // what alerts name, to be written
	shares    map[int64][]shared     // what alerts share with others, if they are in no incident yet; not of all
	recalled  int                    // that stand there
	common    map[int64]span         // entities that more alerts name than mostAlike, within this time alone
	moved     map[string]bool        // devices that changed their group
	incidents map[string]bool        // to be counted again
	redirects map[string]string      // where the incidents that records name lead
	told      map[string]bool        // incidents whose record came, and whether what it changes is for the readers of all their alerts only

	detections map[string][]string // reports by the names of their detections; nil: not read yet
	reports    map[string]bool     // taken: their alerts are to be found
	measured   map[string]bool     // devices whose weaknesses or configuration were told
	mailSeen   bool
}

// classKey is a class in one comparable value.
type classKey struct {
	workloads rbac.WorkloadSet
	groups    string
	needs     int64
}

// TakeRecords implements store.AlertWriter.
func (w *writer) TakeRecords(group func(store.Device) string) store.RecordTaker {
	return w.taker(group)
}

func (w *writer) taker(group func(store.Device) string) *taker {
	return &taker{w: w, group: group, devices: map[string]*store.Device{}, classes: map[classKey]int64{}, ahead: map[string]*knownAlert{}, entities: map[entityKey]int64{},
		shares: map[int64][]shared{}, common: map[int64]span{},
		moved: map[string]bool{}, incidents: map[string]bool{}, redirects: map[string]string{}, told: map[string]bool{},
		reports: map[string]bool{}, measured: map[string]bool{}}
}

// Alert takes one alert.
func (t *taker) Alert(a store.Alert) (store.Taken, error) {
	known, err := t.known(a.ID)
	if err != nil {
		return store.Unchanged, err
	}
	if known != nil && a.Updated.UnixNano() <= known.updated {
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
	needs := needsNone
	switch {
	case a.Nameless:
		needs = needsEvery
	case len(a.AllOf) > 0:
		if needs, err = t.w.scope(a.AllOf); err != nil {
			return store.Unchanged, err
		}
	}
	class, err := t.class(a.Workloads, groups, needs)
	if err != nil {
		return store.Unchanged, err
	}
	t.w.touch(class)
	var n int64
	var before membership
	if known != nil {
		n, before = known.n, known.membership
		t.w.touch(known.class)
	}
	incident, err := t.membership(before, a.IncidentID)
	if err != nil {
		return store.Unchanged, err
	}
	columns := []any{incident, a.IncidentID, class, a.Created.UnixNano(), a.Updated.UnixNano(), a.Status, a.Severity, store.SeverityRank(a.Severity),
		a.Classification, a.Determination, a.ServiceSource, a.DetectionSource, a.Category, a.AssignedTo, a.Title,
		listText(a.Techniques), listText(a.SystemTags)}
	taken := store.Created
	if known != nil {
		taken = store.Updated
		_, err = t.w.exec(`UPDATE alerts SET incident = ?, given = ?, class = ?, created = ?, updated = ?, status = ?, severity = ?, severity_rank = ?,
			classification = ?, determination = ?, service_source = ?, detection_source = ?, category = ?, assigned_to = ?, title = ?,
			techniques = ?, system_tags = ? WHERE n = ?`, append(columns, n)...)
	} else {
		n, err = t.w.insert(`INSERT INTO alerts (id, incident, given, class, created, updated, status, severity, severity_rank, classification,
			determination, service_source, detection_source, category, assigned_to, title, techniques, system_tags)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append([]any{a.ID}, columns...)...)
	}
	if err != nil {
		return store.Unchanged, err
	}
	body := `INSERT INTO alert_bodies (alert, body, evidence) VALUES (?1, ?2, ?3)`
	if known != nil {
		body = `UPDATE alert_bodies SET body = ?2, evidence = ?3 WHERE alert = ?1`
	}
	if _, err := t.w.exec(body, n, string(a.Body), string(a.Evidence)); err != nil {
		return store.Unchanged, err
	}
	if known != nil {
		if _, err := t.w.exec(`DELETE FROM alert_devices WHERE alert = ?`, n); err != nil {
			return store.Unchanged, err
		}
	}
	for _, d := range a.Devices {
		if _, err := t.w.exec(`INSERT INTO alert_devices (alert, device) VALUES (?, ?) ON CONFLICT DO NOTHING`, n, d.ID); err != nil {
			return store.Unchanged, err
		}
	}
	if known != nil {
		if err := t.unname(n, known.created); err != nil {
			return store.Unchanged, err
		}
	}
	if err := t.names(n, a.Created.UnixNano(), a.Entities); err != nil {
		return store.Unchanged, err
	}
	if delete(t.shares, n); incident == "" {
		t.recall(n, a.Entities)
	}
	if err := t.relate(n, a, known != nil); err != nil {
		return store.Unchanged, err
	}
	if known != nil && incident != before.incident {
		if err := t.w.leave(n, before.incident, incident); err != nil {
			return store.Unchanged, err
		}
	}
	for _, i := range []string{before.incident, incident} {
		if i != "" {
			t.incidents[i] = true
		}
	}
	if known != nil && class != known.class {
		err = t.recount(n)
	}
	return taken, err
}

// Incident takes one incident. It replaces what was derived from its alerts.
func (t *taker) Incident(i store.Incident) (store.Taken, error) {
	var updated int64
	var derived, same bool
	found, err := t.w.one(`SELECT updated, derived, status = ? AND classification = ? AND determination = ? AND assigned_to = ? FROM incidents WHERE id = ?`,
		[]any{i.Status, i.Classification, i.Determination, i.AssignedTo, i.ID}, &updated, &derived, &same)
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
		status = CASE WHEN incidents.redirect <> '' OR `+ours+` AND incidents.status <> '' THEN incidents.status ELSE excluded.status END,
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
	t.incidents[i.ID], t.told[i.ID] = true, same
	if found {
		return store.Updated, nil
	}
	return store.Created, nil
}

// class finds the class of things that belong so, or makes it. Devices count only with endpoint (S8).
func (t *taker) class(workloads rbac.WorkloadSet, groups []string, needs int64) (int64, error) {
	if !workloads.Has(rbac.Endpoint) {
		groups, needs = nil, needsNone
	}
	groups = slices.Clone(groups)
	sort.Strings(groups)
	k := classKey{workloads, listText(slices.Compact(groups)), needs}
	if id, ok := t.classes[k]; ok {
		return id, nil
	}
	var id int64
	found, err := t.w.one(`SELECT id FROM alert_classes WHERE workloads = ? AND device_groups = ? AND every_group = ?`,
		[]any{k.workloads, k.groups, k.needs}, &id)
	if err == nil && !found {
		_, err = t.w.one(`INSERT INTO alert_classes (workloads, device_groups, every_group) VALUES (?, ?, ?) RETURNING id`,
			[]any{k.workloads, k.groups, k.needs}, &id)
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
	if err := t.writeNames(); err != nil {
		return err
	}
	if err := t.reclass(); err != nil {
		return err
	}
	if err := t.mend(); err != nil {
		return err
	}
	if err := t.rematch(); err != nil {
		return err
	}
	return t.count()
}

// newIncident makes an incident of which only the alerts are known.
const newIncident = `INSERT INTO incidents (id, derived, status, classification, determination, assigned_to, custom_tags, system_tags, created, updated, body)
	SELECT value, 1, '', '', '', '', '[]', '[]', 0, 0, '' FROM json_each(?) WHERE 1 ON CONFLICT DO NOTHING`

// countAtOnce is how many incidents are counted at a time.
const countAtOnce = 500

// count sums the alerts of incidents up again. An incident that only alerts know so far is made.
func (t *taker) count() error {
	// In order: the same load leaves the same store.
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(t.incidents)), countAtOnce) {
		if _, err := t.w.exec(newIncident, listText(ids)); err != nil {
			return err
		}
		if err := t.w.countIncidents(ids); err != nil {
			return err
		}
	}
	for id, quiet := range t.told {
		if err := t.w.touchIncident(id, quiet); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) countIncident(id string) error { return w.countIncidents([]string{id}) }

// countIncidents sums up what the alerts of each class bring to incidents. One that was merged away is for those who saw it: by the
// alerts that it had.
func (w *writer) countIncidents(ids []string) error {
	list := listText(ids)
	for _, q := range []string{
		`DELETE FROM incident_classes WHERE incident IN (SELECT value FROM json_each(?))`,
		sumUp + `FROM json_each(?) i CROSS JOIN alerts a ON a.incident = i.value WHERE a.incident <> ''
			AND NOT EXISTS (SELECT 1 FROM incidents m WHERE m.id = i.value AND m.redirect <> '') GROUP BY i.value, a.class`,
		sumUp + `FROM json_each(?) i CROSS JOIN incidents m ON m.id = i.value AND m.redirect <> ''
			CROSS JOIN alert_formerly f ON f.incident = m.id CROSS JOIN alerts a ON a.n = f.alert GROUP BY i.value, a.class`,
		`UPDATE incidents SET alerts = (SELECT coalesce(sum(alerts), 0) FROM incident_classes WHERE incident = incidents.id),
			gone = (SELECT count(*) FROM alert_formerly WHERE incident = incidents.id) WHERE id IN (SELECT value FROM json_each(?))`,
	} {
		if _, err := w.exec(q, list); err != nil {
			return err
		}
	}
	return nil
}

const sumUp = `INSERT INTO incident_classes (incident, class, alerts, in_progress, resolved, severity_rank, created, updated)
	SELECT i.value, a.class, count(*), sum(a.status = 'inProgress'), sum(a.status = 'resolved'), max(a.severity_rank), min(a.created), max(a.updated) `
