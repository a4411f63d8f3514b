package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// told is an alert at an hour that names things: device:d ties, (device:d) only stands around.
func told(id string, hour int, incident string, names ...string) store.Alert {
	a := alertAt(id, noon.Add(time.Duration(hour)*time.Hour), rbac.Office365)
	a.IncidentID = incident
	for _, n := range names {
		kind, key, _ := strings.Cut(strings.Trim(n, "()"), ":")
		a.Entities = append(a.Entities, store.Entity{Kind: store.EntityKind(kind), Key: key, Ties: n[0] != '('})
	}
	return a
}

// loadAll loads a file as the centre does.
func loadAll(t tester, s store.Store, window time.Duration, records ...store.Record) {
	t.Helper()
	change(t, s, func(w store.Writer) error {
		taker := w.TakeRecords(byFirstTag)
		for _, r := range records {
			var err error
			if r.Alert != nil {
				_, err = taker.Alert(*r.Alert)
			} else {
				_, err = taker.Incident(*r.Incident)
			}
			if err != nil {
				return err
			}
		}
		if err := taker.Correlate(window, noon); err != nil {
			return err
		}
		return taker.Done()
	})
}

// apart gives alerts, their incidents and what they name another beginning, so that they have nothing to do with others.
func apart(list []store.Alert, beginning string) []store.Alert {
	list = slices.Clone(list)
	for i := range list {
		a := &list[i]
		a.ID = beginning + a.ID
		if a.IncidentID != "" {
			a.IncidentID = beginning + a.IncidentID
		}
		a.Entities = slices.Clone(a.Entities)
		for k := range a.Entities {
			a.Entities[k].Key = beginning + a.Entities[k].Key
		}
	}
	return list
}

// gathered are the alerts of each incident, in the order of their names, of those that begin so.
func gathered(t tester, s store.Store, beginning string) string {
	t.Helper()
	members := map[string][]string{}
	q := store.AlertQuery{Visible: store.Visible{All: true}, Order: []store.Order{{Field: store.FieldID}}, Limit: 1000}
	for _, row := range read(t, s, func(r store.Reader) ([]store.AlertRow, error) { return r.Alerts(q) }) {
		if id, of := strings.CutPrefix(row.ID, beginning); of {
			members[row.IncidentID] = append(members[row.IncidentID], id)
		}
	}
	var list []string
	for _, ids := range members {
		list = append(list, strings.Join(ids, "+"))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func correlation(t *testing.T, backend Backend) {
	many := func(n int, names ...string) []store.Alert {
		var list []store.Alert
		for i := range n {
			list = append(list, told(fmt.Sprintf("m%03d", i), 0, "full", names...))
		}
		return list
	}
	resolved := told("a", 0, "", "device:d")
	resolved.Status = "resolved"
	retold := told("a", 0, "", "device:d")
	retold.Updated = noon.Add(time.Hour)
	moved := told("b", 1, "named", "device:d")
	moved.Updated = noon.Add(2 * time.Hour)
	s := backend(t)()
	for _, c := range []struct {
		name  string
		files [][]store.Alert
		want  string
	}{
		{"each has an incident of its own", [][]store.Alert{{told("a", 0, "", "device:d"), told("b", 1, "", "device:e"), told("c", 2, "")}}, "a b c"},
		{"a device ties", [][]store.Alert{{told("a", 0, "", "device:d"), told("b", 1, "", "device:d")}}, "a+b"},
		{"from one file to the next", [][]store.Alert{{told("a", 0, "", "device:d")}, {told("b", 1, "", "device:d")}}, "a+b"},
		{"also backwards in time", [][]store.Alert{{told("a", 1, "", "device:d")}, {told("b", 0, "", "device:d")}}, "a+b"},
		{"not beyond the window", [][]store.Alert{{told("a", 0, "", "device:d"), told("b", 25, "", "device:d")}}, "a b"},
		{"from alert to alert, as far as it goes", [][]store.Alert{{told("a", 0, "", "device:d"), told("b", 20, "", "device:d"), told("c", 40, "", "device:d")}}, "a+b+c"},
		{"what only stands around does not", [][]store.Alert{{told("a", 0, "", "(device:d)"), told("b", 1, "", "device:d")}}, "a b"},
		{"a person is their mailbox", [][]store.Alert{{told("a", 0, "", "user:ana@x"), told("b", 1, "", "mailbox:ana@x")}}, "a+b"},
		{"and only that", [][]store.Alert{{told("a", 0, "", "user:ana@x"), told("b", 1, "", "url:ana@x")}}, "a b"},
		{"a record's incident is joined", [][]store.Alert{{told("a", 1, "named", "device:d"), told("b", 0, "", "device:d")}}, "a+b"},
		{"what shares most", [][]store.Alert{{told("a", 0, "one", "device:d"), told("b", 5, "two", "device:d", "user:u"), told("c", 1, "", "device:d", "user:u")}}, "a b+c"},
		{"then the nearest", [][]store.Alert{{told("a", 0, "one", "device:d"), told("b", 5, "two", "device:d"), told("c", 4, "", "device:d")}}, "a b+c"},
		{"then the first by name", [][]store.Alert{{told("b", 0, "one", "device:d"), told("a", 2, "two", "device:d"), told("c", 1, "", "device:d")}}, "a+c b"},
		{"two incidents stay two", [][]store.Alert{{told("a", 0, "one", "device:d"), told("b", 0, "two", "device:e"), told("c", 1, "", "device:d", "device:e")}}, "a+c b"},
		{"nothing that is over", [][]store.Alert{{resolved, told("b", 1, "", "device:d")}}, "a b"},
		{"what a later record says nothing of stays", [][]store.Alert{{told("a", 0, "", "device:d"), told("b", 1, "", "device:d")}, {retold}}, "a+b"},
		{"what it names is followed", [][]store.Alert{{told("a", 0, "", "device:d"), told("b", 1, "", "device:d")}, {moved}}, "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, file := range append(c.files, c.files...) { // loading twice is loading once
				loadAll(t, s, 24*time.Hour, alertRecords(apart(file, c.name+"/")...)...)
			}
			same(t, "incidents", c.want, gathered(t, s, c.name+"/"))
			for _, file := range c.files {
				slices.Reverse(file)
				loadAll(t, s, 24*time.Hour, alertRecords(apart(file, c.name+" backwards/")...)...)
			}
			same(t, "incidents of the files backwards", c.want, gathered(t, s, c.name+" backwards/"))
		})
	}
	t.Run("what everybody has proves nothing", func(t *testing.T) {
		s := backend(t)()
		loadAll(t, s, time.Hour, alertRecords(append(many(51, "device:d"), told("z", 0, "", "device:d"))...)...)
		if !strings.HasSuffix(gathered(t, s, ""), " z") {
			t.Error("an entity that 51 others name has tied an alert to them")
		}
		s = backend(t)()
		loadAll(t, s, time.Hour, alertRecords(append(many(50, "device:d"), told("z", 0, "", "device:d"))...)...)
		if !strings.HasSuffix(gathered(t, s, ""), "+z") {
			t.Error("an entity that 50 others name has not tied an alert to them")
		}
	})
	t.Run("an incident is full at some point", func(t *testing.T) {
		s := backend(t)()
		list := many(149)
		list[0].Entities = []store.Entity{{Kind: store.EntityDevice, Key: "d", Ties: true}}
		loadAll(t, s, time.Hour, alertRecords(append(list, told("y", 0, "", "device:d"), told("z", 0, "", "device:d"))...)...)
		if got := gathered(t, s, ""); !strings.HasSuffix(got, "+y z") {
			t.Errorf("of two more that would join 149, %s", got[len(got)-20:])
		}
	})
	t.Run("no window, nothing joins", func(t *testing.T) {
		s := backend(t)()
		same(t, "at first, a day", 24*time.Hour, read(t, s, store.Reader.CorrelationWindow))
		change(t, s, func(w store.Writer) error { return w.SetCorrelationWindow(0) })
		same(t, "set", time.Duration(0), read(t, s, store.Reader.CorrelationWindow))
		loadAll(t, s, 0, alertRecords(told("a", 0, "", "device:d"), told("b", 0, "", "device:d"))...)
		same(t, "incidents", "a b", gathered(t, s, ""))
	})
	t.Run("an incident that a record says is over", func(t *testing.T) {
		s := backend(t)()
		a := told("a", 0, "7", "device:d")
		loadAll(t, s, time.Hour, store.Record{Alert: &a}, store.Record{Incident: &store.Incident{ID: "7", Status: "resolved", Created: noon, Updated: noon}})
		loadAll(t, s, time.Hour, alertRecords(told("b", 0, "", "device:d"))...)
		same(t, "incidents", "a b", gathered(t, s, ""))
	})
	t.Run("the ids of what is opened tell nothing", func(t *testing.T) {
		ids := map[string]bool{}
		for range 2 {
			s := backend(t)()
			loadAll(t, s, time.Hour, alertRecords(told("a", 0, ""), told("b", 0, ""))...)
			for _, id := range []string{"a", "b"} {
				row := read(t, s, func(r store.Reader) (store.AlertRow, error) {
					row, _, err := r.Alert(id, store.Visible{All: true})
					return row, err
				})
				ids[row.IncidentID] = true
			}
		}
		if len(ids) != 4 || slices.ContainsFunc(slices.Collect(maps.Keys(ids)), func(id string) bool { return len(id) != 14 }) {
			t.Errorf("ids %v: want four of 14 digits, other ones in other data", ids)
		}
	})
}

// Why an alert is in its incident is told as far as both ends of what ties it are in sight.
func joins(t *testing.T, backend Backend) {
	s := backend(t)()
	on := func(id string, hour int, device string, incident string) store.Alert {
		a := alertAt(id, noon.Add(time.Duration(hour)*time.Minute), rbac.Endpoint, machine("m"+device, strings.ToUpper(device)))
		a.IncidentID = incident
		a.Entities = []store.Entity{{Kind: store.EntityUser, Key: "ana@x", Device: "m" + device, Ties: true}}
		return a
	}
	mail := alertAt("mail", noon, rbac.Office365)
	mail.Entities = []store.Entity{{Kind: store.EntityMailbox, Key: "ana@x", Ties: true}}
	loadAll(t, s, time.Hour, alertRecords(mail, on("on-a", 1, "a", ""), on("on-b", 2, "b", ""), on("other", 200, "b", "x"))...)
	incident := read(t, s, func(r store.Reader) (store.AlertRow, error) {
		row, _, err := r.Alert("mail", store.Visible{All: true})
		return row, err
	}).IncidentID
	classes := map[string]int64{}
	for _, c := range read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) }) {
		classes[strings.Join(c.Item.DeviceGroups, "+")] = c.ID
	}
	told := func(v store.Visible, reach store.EvidenceReach) string {
		var lines []string
		for _, j := range read(t, s, func(r store.Reader) ([]store.Join, error) { return r.Joins(incident, v, reach) }) {
			line := j.Alert + " " + string(j.How)
			for _, tie := range j.Ties {
				line += fmt.Sprintf(" %s:%s=%s", tie.Kind, tie.Key, tie.With)
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "; ")
	}
	all := store.Visible{All: true}
	same(t, "all of it", "mail opened; on-a correlated user:ana@x=mail; on-b correlated user:ana@x=on-a user:ana@x=mail", told(all, store.EvidenceReach{Whole: all}))
	mailAndB := store.Visible{Classes: []int64{classes[""], classes["B"]}}
	same(t, "without one of them", "mail opened; on-b correlated user:ana@x=mail", told(mailAndB, store.EvidenceReach{Whole: mailAndB}))
	same(t, "without the evidence of it", "mail opened; on-b correlated", told(mailAndB, store.EvidenceReach{Groups: []string{"A"}}))
	same(t, "by the evidence in reach", "mail opened; on-b correlated user:ana@x=mail", told(mailAndB, store.EvidenceReach{Groups: []string{"B"}}))
	same(t, "one alert", "on-a correlated", told(store.Visible{Classes: []int64{classes["A"]}}, store.EvidenceReach{Whole: all}))
	same(t, "none", "", told(store.Visible{}, store.EvidenceReach{Whole: all}))
}
