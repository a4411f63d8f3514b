package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

var everything = store.Sight{Alerts: store.Visible{All: true}, Evidence: store.EvidenceReach{Whole: store.Visible{All: true}}}

// classesOf are the classes of alerts that have this device group, or any of the others without.
func classesOf(t tester, s store.Store, groups ...string) store.Visible {
	t.Helper()
	var v store.Visible
	for _, c := range read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) }) {
		for _, g := range groups {
			if strings.Contains(strings.Join(c.Item.DeviceGroups, " "), g) || g == "" && len(c.Item.DeviceGroups) == 0 {
				v.Classes = append(v.Classes, c.ID)
				break
			}
		}
	}
	return v
}

func toldTally(row store.Tally) string {
	return fmt.Sprintf("%d/%d/%d %s %s-%s", row.Open, row.Alerts, row.Incidents, row.Risk, row.First.Format("15:04"), row.Last.Format("15:04"))
}

// Things are listed as far as evidence in sight names them: what they are called, how often, when and how badly.
func assets(t *testing.T, backend Backend) {
	s := backend(t)()
	n := 0
	alert := func(severity, status, incident string, list ...store.Entity) store.Alert {
		n++
		a := alertAt(fmt.Sprint("a", n), noon.Add(time.Duration(n)*time.Hour), rbac.Endpoint, machine("ma", "A"), machine("mb", "B"))
		a.Severity, a.Status, a.IncidentID, a.Entities = severity, status, incident, list
		return a
	}
	ana := func(device, name string) store.Entity {
		return store.Entity{Kind: store.EntityUser, Key: "ana@x", Name: name, Device: device}
	}
	bo := store.Entity{Kind: store.EntityUser, Key: "bo@x", Name: "Bo Secret", Device: "mb"}
	take(t, s, alertRecords(
		alert("low", "new", "1", ana("ma", "Ana 50%"), ana("", "Ana 50%")), // once, though twice
		alert("high", "resolved", "1", ana("ma", "")),
		alert("high", "new", "2", ana("mb", "Ana Secret"), bo),
		alert("medium", "new", "", store.Entity{Kind: store.EntityUser, Key: "cem@x", Closed: true}),
		alert("informational", "inProgress", "", store.Entity{Kind: store.EntityMailbox, Key: "ana@x", Name: "A mailbox"}),
	)...)
	v := classesOf(t, s, "A")
	ofA := store.Sight{Alerts: v, Evidence: store.EvidenceReach{Groups: []string{"A"}}}
	list := func(q store.EntityQuery) string {
		var lines []string
		for q.Limit = 1; ; {
			page := read(t, s, func(r store.Reader) ([]store.EntityRow, error) { return r.Entities(q) })
			if len(page) == 0 {
				break
			}
			row := page[0]
			lines, q.After = append(lines, row.Key+" ("+row.Name+") "+toldTally(row.Tally)), row.Cursor
		}
		same(t, fmt.Sprintf("the number of %+v", q), len(lines), read(t, s, func(r store.Reader) (int, error) { return r.CountEntities(q) }))
		return strings.Join(lines, "\n")
	}
	const whole = "ana@x (Ana Secret) 2/3/2 high 13:00-15:00"
	const part = "ana@x (Ana 50%) 1/2/1 low 13:00-14:00"
	for name, c := range map[string]struct {
		q    store.EntityQuery
		want string
	}{
		"all, the riskiest first":            {store.EntityQuery{Kind: store.EntityUser, Sight: everything, Order: store.ByRisk}, whole + "\nbo@x (Bo Secret) 1/1/1 high 15:00-15:00\ncem@x () 1/1/0 medium 16:00-16:00"},
		"all, the last seen first":           {store.EntityQuery{Kind: store.EntityUser, Sight: everything, Order: store.ByLast}, "cem@x () 1/1/0 medium 16:00-16:00\n" + whole + "\nbo@x (Bo Secret) 1/1/1 high 15:00-15:00"},
		"of the evidence of one group":       {store.EntityQuery{Kind: store.EntityUser, Sight: ofA, Order: store.ByName}, part},
		"of another kind":                    {store.EntityQuery{Kind: store.EntityMailbox, Sight: ofA, Order: store.ByName}, "ana@x (A mailbox) 1/1/0 informational 17:00-17:00"},
		"looked for by name":                 {store.EntityQuery{Kind: store.EntityUser, Sight: ofA, Order: store.ByName, Search: "na 50%"}, part},
		"looked for by key":                  {store.EntityQuery{Kind: store.EntityUser, Sight: everything, Order: store.ByName, Search: "BO@"}, "bo@x (Bo Secret) 1/1/1 high 15:00-15:00"},
		"looked for by a name out of sight":  {store.EntityQuery{Kind: store.EntityUser, Sight: ofA, Order: store.ByName, Search: "secret"}, ""},
		"by who sees nothing":                {store.EntityQuery{Kind: store.EntityUser, Order: store.ByName}, ""},
		"by who sees no evidence of devices": {store.EntityQuery{Kind: store.EntityUser, Sight: store.Sight{Alerts: v}, Order: store.ByName}, "ana@x (Ana 50%) 1/1/1 low 13:00-13:00"},
	} {
		same(t, name, c.want, list(c.q))
	}
	one := func(key string, sight store.Sight) string {
		row := read(t, s, func(r store.Reader) (store.EntityRow, error) {
			row, found, err := r.Entity(store.EntityUser, key, sight)
			if !found && err == nil {
				row.Key = "none"
			}
			return row, err
		})
		var ids []string
		for _, a := range read(t, s, func(r store.Reader) ([]store.AlertRow, error) { return r.AlertsNaming(store.EntityUser, key, sight, 2) }) {
			ids = append(ids, a.ID)
		}
		return row.Key + " " + row.Name + " " + strings.Join(ids, " ")
	}
	same(t, "one", "ana@x Ana Secret a3 a2", one("ana@x", everything))
	same(t, "a part of one", "ana@x Ana 50% a2 a1", one("ana@x", ofA))
	same(t, "one out of sight", "none  ", one("bo@x", ofA))
	same(t, "one that there is not", "none  ", one("eve@x", everything))

	incidents := func(where store.Where, v store.Visible) string {
		q := store.AlertQuery{Visible: v, Where: store.OfAlerts{Visible: v, Where: where}, Order: []store.Order{{Field: store.FieldID}}, Limit: 10}
		var ids []string
		for _, row := range read(t, s, func(r store.Reader) ([]store.IncidentRow, error) { return r.Incidents(q) }) {
			ids = append(ids, row.ID)
		}
		same(t, "their number", int64(len(ids)), read(t, s, func(r store.Reader) (int64, error) { return r.CountIncidents(q) }))
		return strings.Join(ids, " ")
	}
	high := store.Compare{Field: store.FieldSeverity, Op: store.Equal, Text: "high"}
	same(t, "incidents with such an alert", "1 2", incidents(high, store.Visible{All: true}))
	same(t, "of alerts in sight", "", incidents(high, store.Visible{}))
	same(t, "incidents that name somebody", "2", incidents(store.Names{Kind: store.EntityUser, Key: "bo@x", Reach: everything.Evidence}, v))
}

// Devices are listed with what evidence in sight tells of them, and keep the tags that people give them.
func taggedDevices(t *testing.T, backend Backend) {
	s := backend(t)()
	byAnyTag := func(d store.Device) string {
		d.Tags = append([]string{}, d.AllTags()...)
		return byFirstTag(d)
	}
	alert := func(id, severity string, d store.Device) store.Alert {
		a := alertAt(id, noon.Add(time.Duration(len(id))*time.Hour), rbac.Endpoint, d)
		a.Severity, a.Entities = severity, []store.Entity{{Kind: store.EntityDevice, Key: d.ID, Device: d.ID}}
		return a
	}
	bare := machine("pc-2")
	bare.Known, bare.Tags = true, []string{}
	take(t, s, alertRecords(alert("1", "low", machine("pc-1", "A")), alert("22", "high", machine("pc-3", "B")), alert("333", "medium", bare))...)
	list := func(q store.DeviceQuery, sight store.Sight, by store.TallyOrder) string {
		var lines []string
		q.Limit = 2
		for after := []any(nil); ; {
			page := read(t, s, func(r store.Reader) ([]store.DeviceRow, error) { return r.DeviceRows(q, sight, by, after) })
			for _, d := range page {
				lines = append(lines, fmt.Sprintf("%s %s %v %d", d.ID, d.Group, d.AllTags(), d.Alerts))
			}
			if len(page) < 2 {
				return strings.Join(lines, "; ")
			}
			after = page[1].Cursor
		}
	}
	all := store.DeviceQuery{All: true}
	const ungrouped = rbac.UngroupedDevices
	same(t, "by name", "pc-1 A [A] 1; pc-2 "+ungrouped+" [] 1; pc-3 B [B] 1", list(all, everything, store.ByName))
	same(t, "by risk", "pc-3 B [B] 1; pc-2 "+ungrouped+" [] 1; pc-1 A [A] 1", list(all, everything, store.ByRisk))
	same(t, "of a group, by who sees no alert", "pc-1 A [A] 0", list(store.DeviceQuery{Groups: []string{"A", "B"}, In: []string{"A"}}, store.Sight{}, store.ByLast))
	same(t, "looked for", "pc-3 B [B] 1", list(store.DeviceQuery{All: true, Search: "C-3"}, everything, store.ByLast))

	change(t, s, func(w store.Writer) error {
		group, err := w.TagDevice("pc-2", []string{"A", "extra"}, byAnyTag)
		same(t, "the group by its new tag", "A", group)
		return err
	})
	same(t, "tagged", "pc-1 A [A] 1; pc-2 A [A extra] 1", list(store.DeviceQuery{Groups: []string{"A"}}, store.Sight{Alerts: classesOf(t, s, "A"), Evidence: store.EvidenceReach{Groups: []string{"A"}}}, store.ByName))
	same(t, "looked for by a tag", "pc-2 A [A extra] 1", list(store.DeviceQuery{All: true, Search: "EXTR"}, everything, store.ByName))
	change(t, s, func(w store.Writer) error {
		taker := w.TakeRecords(byAnyTag)
		newer := machine("pc-2", "B")
		newer.Seen = noon.Add(time.Hour)
		if _, err := taker.Alert(alert("4444", "low", newer)); err != nil {
			return err
		}
		return taker.Done()
	})
	same(t, "when the product tells other tags", "pc-2 B [B A extra] 2", list(store.DeviceQuery{All: true, Search: "pc-2"}, everything, store.ByName))
	change(t, s, func(w store.Writer) error {
		_, err := w.TagDevice("pc-2", nil, byAnyTag)
		if err != nil {
			return err
		}
		group, err := w.TagDevice("no such", []string{"A"}, byAnyTag)
		same(t, "the group of a device that there is not", "", group)
		return err
	})
	same(t, "without tags of people", "pc-2 B [B] 2", list(store.DeviceQuery{All: true, Search: "pc-2"}, everything, store.ByName))
}
