package conformance

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Alerts holds a backend to the part of the contract that is about alerts, incidents and devices.
func Alerts(t *testing.T, backend Backend) {
	for _, part := range []struct {
		name string
		test func(*testing.T, Backend)
	}{
		{"a newer record wins, another changes nothing", newerWins},
		{"alerts that belong alike share a class", classesShared},
		{"a page is cut to the visible classes, however many", pages},
		{"a filter means what it says", filters},
		{"alerts are found by what they name", named},
		{"an alert joins the incident that its entities tie it to", correlation},
		{"why an alert has joined is told as far as one sees", joins},
		{"where a person puts an alert it stays", placed},
		{"an alert moves with its devices", moving},
		{"an incident is what its visible alerts make of it", incidentViews},
		{"counts follow every change", counts},
		{"what changes is told by class", changedClasses},
		{"people keep views for themselves", savedViews},
		{"devices are listed by group", deviceLists},
		{"devices keep the tags that people give them", taggedDevices},
		{"what evidence names is listed as far as it is in sight", assets},
		{"each store signs its own cursors", cursorKeys},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, backend) })
	}
}

// byFirstTag is a device's group: its first tag.
func byFirstTag(d store.Device) string {
	if len(d.Tags) == 0 {
		return rbac.UngroupedDevices
	}
	return d.Tags[0]
}

func machine(id string, tags ...string) store.Device {
	return store.Device{ID: id, Name: id, Tags: tags, Known: len(tags) > 0, Seen: noon}
}

func alertAt(id string, at time.Time, w rbac.Workload, devices ...store.Device) store.Alert {
	return store.Alert{
		ID: id, Status: "new", Severity: "low", Created: at, Updated: at, Workloads: rbac.SetOf(w), Devices: devices,
		Body: []byte(`{"id":"` + id + `"}`), Evidence: []byte("[]"),
	}
}

func take(t tester, s store.Store, records ...store.Record) []store.Taken {
	t.Helper()
	var taken []store.Taken
	change(t, s, func(w store.Writer) error {
		taker := w.TakeRecords(byFirstTag)
		for _, r := range records {
			var k store.Taken
			var err error
			if r.Alert != nil {
				k, err = taker.Alert(*r.Alert)
			} else {
				k, err = taker.Incident(*r.Incident)
			}
			if err != nil {
				return err
			}
			taken = append(taken, k)
		}
		return taker.Done()
	})
	return taken
}

func alertRecords(list ...store.Alert) []store.Record {
	var records []store.Record
	for i := range list {
		records = append(records, store.Record{Alert: &list[i]})
	}
	return records
}

func newerWins(t *testing.T, backend Backend) {
	s := backend(t)()
	a := alertAt("a", noon, rbac.Office365)
	a.Title = "first"
	older, equal, newer := a, a, a
	older.Updated, newer.Updated = noon.Add(-time.Second), noon.Add(time.Nanosecond)
	older.Title, equal.Title, newer.Title = "older", "equal", "newer"
	newer.Body = []byte(`{"id":"a","n":1}`)
	same(t, "taken", []store.Taken{store.Created, store.Unchanged, store.Unchanged, store.Updated, store.Unchanged},
		take(t, s, alertRecords(a, older, equal, newer, newer)...))
	row := read(t, s, func(r store.Reader) (store.AlertRow, error) {
		row, _, err := r.Alert("a", store.Visible{All: true})
		return row, err
	})
	same(t, "the body", `{"id":"a","n":1}`, string(row.Body))
	same(t, "sizes", map[int64]int64{row.Class: 1}, read(t, s, store.Reader.AlertClassSizes))
}

func classesShared(t *testing.T, backend Backend) {
	s := backend(t)()
	take(t, s, alertRecords(
		alertAt("1", noon, rbac.Endpoint, machine("x", "B"), machine("y", "A")),
		alertAt("2", noon, rbac.Endpoint, machine("y", "A"), machine("z", "B"), machine("x", "B")),
		alertAt("3", noon, rbac.Identity, machine("x", "B")),
		alertAt("4", noon, rbac.Identity),
		alertAt("5", noon, rbac.Endpoint),
	)...)
	var got []string
	for _, c := range read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) }) {
		got = append(got, fmt.Sprint(c.Item.Workloads.List(), c.Item.DeviceGroups, c.Item.EveryGroup, c.Count))
	}
	same(t, "classes", []string{"[endpoint] [A B] false 2", "[identity] [] false 2", "[endpoint] [] false 1"}, got)
}

// naive is a list as the contract means it: all of it, in order, cut.
func naive(all []store.Alert, class func(store.Alert) bool, less func(a, b store.Alert) int) []string {
	var ids []string
	kept := slices.DeleteFunc(slices.Clone(all), func(a store.Alert) bool { return !class(a) })
	slices.SortFunc(kept, less)
	for _, a := range kept {
		ids = append(ids, a.ID)
	}
	return ids
}

func pages(t *testing.T, backend Backend) {
	s := backend(t)()
	r := rand.New(rand.NewPCG(1, 2))
	var all []store.Alert
	for i := range 600 {
		at := noon.Add(time.Duration(r.IntN(100)) * time.Minute) // ties
		all = append(all, alertAt(fmt.Sprintf("a%03d", i), at, rbac.Endpoint, machine(fmt.Sprintf("d%d", i%120), fmt.Sprintf("G%d", i%120))))
	}
	take(t, s, alertRecords(all...)...)
	classOf := map[string]int64{} // by device group
	for _, c := range read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) }) {
		classOf[c.Item.DeviceGroups[0]] = c.ID
	}
	for _, n := range []int{0, 1, 5, 40, 100, 120} {
		var v, hidden store.Visible
		seen := map[string]bool{}
		for i, g := range r.Perm(120) {
			name := fmt.Sprintf("G%d", g)
			if i < n {
				v.Classes, seen[name] = append(v.Classes, classOf[name]), true
			} else {
				hidden.Hidden = append(hidden.Hidden, classOf[name])
			}
			hidden.UpTo = max(hidden.UpTo, classOf[name])
		}
		want := naive(all, func(a store.Alert) bool { return seen[a.Devices[0].Tags[0]] }, func(a, b store.Alert) int {
			return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
		})
		same(t, fmt.Sprintf("%d classes, in pages", n), want, walkAlerts(t, s, v))
		if hidden.Hidden != nil {
			same(t, fmt.Sprintf("all but %d classes, in pages", 120-n), want, walkAlerts(t, s, hidden))
		}
		same(t, "the count", int64(len(want)), read(t, s, func(r store.Reader) (int64, error) { return r.CountAlerts(store.AlertQuery{Visible: v}) }))
	}
	same(t, "the zero value sees nothing", nil, walkAlerts(t, s, store.Visible{}))
}

func walkAlerts(t tester, s store.Store, v store.Visible) []string {
	t.Helper()
	q := store.AlertQuery{Visible: v, Order: []store.Order{{Field: store.FieldCreated, Desc: true}}, Limit: 17}
	var ids []string
	for {
		rows := read(t, s, func(r store.Reader) ([]store.AlertRow, error) { return r.Alerts(q) })
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		if len(rows) < q.Limit {
			return ids
		}
		q.After = rows[len(rows)-1].Cursor
	}
}

func filters(t *testing.T, backend Backend) {
	s := backend(t)()
	a, b := alertAt("a", noon, rbac.Office365), alertAt("b", noon.Add(time.Hour), rbac.Office365)
	a.Title, a.Severity, a.Techniques, a.AssignedTo = "100% sure_", "high", []string{"T1", "T2"}, "O'Hara"
	b.Title, b.Severity, b.SystemTags = "100 x surer", "informational", []string{"tag"}
	take(t, s, alertRecords(a, b)...)
	for name, c := range map[string]struct {
		where store.Where
		want  string
	}{
		"text":              {store.Compare{Field: store.FieldAssignedTo, Op: store.Equal, Text: "O'Hara"}, "a"},
		"null":              {store.Compare{Field: store.FieldAssignedTo, Op: store.Equal}, "b"},
		"not":               {store.Not{Where: store.Compare{Field: store.FieldAssignedTo, Op: store.Equal}}, "a"},
		"severity by rank":  {store.Compare{Field: store.FieldSeverity, Op: store.GreaterEq, Text: "low"}, "a"},
		"time":              {store.Compare{Field: store.FieldCreated, Op: store.Greater, Time: noon}, "b"},
		"a percent sign":    {store.Matches{Field: store.FieldTitle, Text: "0% S"}, "a"},
		"an underscore":     {store.Matches{Field: store.FieldTitle, Text: "sure_"}, "a"},
		"the beginning":     {store.Matches{Field: store.FieldTitle, Text: "100", Start: true}, "b a"},
		"not the beginning": {store.Matches{Field: store.FieldTitle, Text: "sure", Start: true}, ""},
		"an element":        {store.Any{Field: store.FieldTechniques, Op: store.Equal, Text: "T2"}, "a"},
		"another element":   {store.Any{Field: store.FieldTechniques, Op: store.NotEqual, Text: "T2"}, "a"},
		"some element":      {store.Any{Field: store.FieldSystemTags}, "b"},
		"all of none":       {store.AllOf{}, "b a"},
		"one of none":       {store.OneOf{}, ""},
		"in no class":       {store.InClasses{}, ""},
		"in none of none":   {store.Not{Where: store.InClasses{}}, "b a"},
		"an injection":      {store.Compare{Field: store.FieldTitle, Op: store.Equal, Text: "' OR 1=1 --"}, ""},
	} {
		q := store.AlertQuery{Visible: store.Visible{All: true}, Where: c.where, Order: []store.Order{{Field: store.FieldCreated, Desc: true}}, Limit: 10}
		rows := read(t, s, func(r store.Reader) ([]store.AlertRow, error) { return r.Alerts(q) })
		var ids []string
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		same(t, name, c.want, strings.Join(ids, " "))
		same(t, name+" counted", int64(len(ids)), read(t, s, func(r store.Reader) (int64, error) { return r.CountAlerts(q) }))
	}
}

func cursorKeys(t *testing.T, backend Backend) {
	open := backend(t)
	first, second := read(t, open(), store.Reader.AlertCursorKey), read(t, open(), store.Reader.AlertCursorKey)
	other := read(t, backend(t)(), store.Reader.AlertCursorKey)
	if len(first) < 32 || !bytes.Equal(first, second) || bytes.Equal(first, other) {
		t.Errorf("keys %x, %x of one store, %x of another", first, second, other)
	}
}
