package conformance

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func moving(t *testing.T, backend Backend) {
	s := backend(t)()
	take(t, s, alertRecords(alertAt("1", noon, rbac.Endpoint, machine("x", "A")), alertAt("2", noon, rbac.Endpoint, machine("x")), alertAt("3", noon, rbac.Identity, machine("x")))...)
	groups := func() string {
		classes := map[int64]store.AlertClass{}
		for _, c := range read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) }) {
			classes[c.ID] = c
		}
		var list []string
		for _, id := range []string{"1", "2", "3"} {
			row := read(t, s, func(r store.Reader) (store.AlertRow, error) {
				row, _, err := r.Alert(id, store.Visible{All: true})
				return row, err
			})
			list = append(list, strings.Join(classes[row.Class].Item.DeviceGroups, "+")+row.Devices["x"])
		}
		return strings.Join(list, " ")
	}
	same(t, "an id alone is the device that another alert describes", "AA AA A", groups())
	retagged := alertAt("1", noon.Add(time.Hour), rbac.Endpoint, machine("x", "B"))
	retagged.Devices[0].Seen = retagged.Updated
	take(t, s, alertRecords(retagged)...)
	same(t, "newer evidence moves it everywhere", "BB BB B", groups())
	change(t, s, func(w store.Writer) error {
		_, err := w.Regroup(func(store.Device) string { return "C" })
		return err
	})
	same(t, "and so do new rules", "CC CC C", groups())
	same(t, "each device counts in its group", map[string]int{"C": 1}, read(t, s, func(r store.Reader) (map[string]int, error) { return r.DeviceCounts(store.DeviceQuery{All: true}) }))
}

func incidentViews(t *testing.T, backend Backend) {
	s := backend(t)()
	low, high := alertAt("low", noon, rbac.Office365), alertAt("high", noon.Add(time.Hour), rbac.Identity)
	low.IncidentID, high.IncidentID, high.Severity, low.Status = "7", "7", "high", "resolved"
	take(t, s, alertRecords(low, high)...)
	view := func(v store.Visible) store.IncidentRow {
		return read(t, s, func(r store.Reader) (store.IncidentRow, error) {
			row, found, err := r.Incident("7", v)
			if err == nil && !found {
				row.ID = "none"
			}
			return row, err
		})
	}
	lowClass := read(t, s, func(r store.Reader) (store.AlertRow, error) {
		row, _, err := r.Alert("low", store.Visible{All: true})
		return row, err
	}).Class
	part := store.Visible{Classes: []int64{lowClass}}
	same(t, "derived, whole", store.IncidentRow{ID: "7", Derived: true, Status: "inProgress", Severity: "high", Created: noon, Updated: noon.Add(time.Hour), Alerts: 2}, view(store.Visible{All: true}))
	same(t, "derived, a part", store.IncidentRow{ID: "7", Derived: true, Status: "resolved", Severity: "low", Created: noon, Updated: noon, Alerts: 1, Partial: true}, view(part))
	same(t, "nothing of it", store.IncidentRow{ID: "none"}, view(store.Visible{Classes: []int64{lowClass + 100}}))
	own := store.Incident{ID: "7", Status: "active", AssignedTo: "me", CustomTags: []string{"x"}, Created: noon.Add(-time.Hour), Updated: noon.Add(2 * time.Hour), Body: []byte(`{"id":"7"}`)}
	same(t, "its own record", []store.Taken{store.Updated, store.Unchanged}, take(t, s, store.Record{Incident: &own}, store.Record{Incident: &own}))
	same(t, "whole", store.IncidentRow{ID: "7", Status: "active", OwnStatus: "active", Severity: "high", AssignedTo: "me", Created: own.Created, Updated: own.Updated, Alerts: 2, Body: own.Body}, view(store.Visible{All: true}))
	same(t, "a part", store.IncidentRow{ID: "7", Status: "active", OwnStatus: "active", Severity: "low", AssignedTo: "me", Created: noon, Updated: noon, Alerts: 1, Partial: true}, view(part))
	same(t, "an incident without alerts is nobody's", int64(1), read(t, s, func(r store.Reader) (int64, error) {
		return r.CountIncidents(store.AlertQuery{Visible: store.Visible{All: true}})
	}))
}

// Counts are kept beside the alerts; they must be what counting the alerts gives.
func counts(t *testing.T, backend Backend) {
	s := backend(t)()
	r := rand.New(rand.NewPCG(3, 4))
	all := store.Visible{All: true}
	check := func(when string) {
		t.Helper()
		rows := read(t, s, func(r store.Reader) ([]store.AlertRow, error) {
			return r.Alerts(store.AlertQuery{Visible: all, Order: []store.Order{{Field: store.FieldID}}, Limit: 1000})
		})
		sizes := map[int64]int64{}
		for _, row := range rows {
			sizes[row.Class]++
		}
		same(t, when+": sizes of classes", sizes, read(t, s, store.Reader.AlertClassSizes))
		for _, status := range []string{"new", "resolved"} {
			is := store.Compare{Field: store.FieldStatus, Op: store.Equal, Text: status}
			q := store.AlertQuery{Visible: all, Where: is, Order: []store.Order{{Field: store.FieldID}}, Limit: 1000}
			found := read(t, s, func(r store.Reader) ([]store.AlertRow, error) { return r.Alerts(q) })
			classes := map[int64]int64{}
			for _, row := range found {
				classes[row.Class]++
			}
			count := func(w store.Where) int64 {
				return read(t, s, func(r store.Reader) (int64, error) { return r.CountAlerts(store.AlertQuery{Visible: all, Where: w}) })
			}
			facets := read(t, s, func(r store.Reader) (store.AlertFacets, error) { return r.AlertFacets(q) })
			same(t, when+": count of "+status, int64(len(found)), count(is))
			same(t, when+": facets of "+status, int64(len(found)), facets.Total)
			same(t, when+": facets of "+status+" by class", classes, facets.Classes)
			if len(found) > 0 {
				same(t, when+": facets of "+status+" by status", map[string]int64{status: int64(len(found))}, facets.Status)
			}
			same(t, when+": count in classes", classes[1]+classes[3], count(store.AllOf{store.InClasses{Classes: []int64{1, 3}}, is}))
			for _, tag := range []string{"Defender Experts", "one", "two", "none"} {
				has := store.AllOf{is, store.Any{Field: store.FieldSystemTags, Op: store.Equal, Text: tag}}
				same(t, when+": tagged "+tag, count(has), facets.Tags[tag])
			}
		}
	}
	for round := range 4 {
		var list []store.Alert
		for range 30 {
			a := alertAt(fmt.Sprintf("a%d", r.IntN(40)), noon.Add(time.Duration(round)*time.Hour), rbac.Endpoint, machine(fmt.Sprintf("d%d", r.IntN(5)), fmt.Sprintf("G%d", r.IntN(3))))
			a.Devices[0].Seen = a.Updated
			a.Status, a.Severity = []string{"new", "resolved"}[r.IntN(2)], []string{"low", "high"}[r.IntN(2)]
			a.Classification, a.DetectionSource = []string{"", "truePositive"}[r.IntN(2)], []string{"antivirus", "customDetection"}[r.IntN(2)]
			a.SystemTags = [][]string{nil, {"Defender Experts"}, {"one", "two"}}[r.IntN(3)]
			list = append(list, a)
		}
		take(t, s, alertRecords(list...)...)
		check("loaded")
		change(t, s, func(w store.Writer) error {
			return w.SaveAlert(store.AlertEdit{ID: list[0].ID, Status: "resolved", AssignedTo: "me", Updated: noon.Add(time.Duration(round) * time.Hour), Body: list[0].Body})
		})
		check("edited")
	}
}

// What changes is told by class, and only what has changed since.
func changedClasses(t *testing.T, backend Backend) {
	s := backend(t)()
	type told struct {
		Classes []int64
		Last    int64
	}
	since := func(after int64) told {
		return read(t, s, func(r store.Reader) (n told, err error) {
			n.Classes, n.Last, err = r.AlertClassesChanged(after)
			return n, err
		})
	}
	same(t, "of nothing", told{}, since(0))
	one, two := alertAt("one", noon, rbac.Endpoint, machine("m1", "A")), alertAt("two", noon, rbac.Endpoint, machine("m2", "B"))
	one.IncidentID, two.IncidentID = "7", "7"
	take(t, s, alertRecords(one, two)...)
	first := since(0)
	same(t, "both are new", []int64{1, 2}, first.Classes)
	same(t, "nothing since", told{Last: first.Last}, since(first.Last))

	edit := store.AlertEdit{ID: "two", Status: "resolved", Updated: noon.Add(time.Hour), Body: two.Body}
	change(t, s, func(w store.Writer) error { return w.SaveAlert(edit) })
	second := since(first.Last)
	same(t, "the class of the alert that was changed", []int64{2}, second.Classes)
	quiet := store.IncidentEdit{ID: "7", Status: "active", CustomTags: []string{"t"}, Quiet: true, Updated: noon.Add(time.Hour)}
	change(t, s, func(w store.Writer) error { return w.SaveIncident(quiet) })
	same(t, "what only readers of all of an incident see", told{Last: second.Last}, since(second.Last))
	quiet.Quiet = false
	change(t, s, func(w store.Writer) error { return w.SaveIncident(quiet) })
	third := since(second.Last)
	same(t, "what all who see the incident see", []int64{1, 2}, third.Classes)
	change(t, s, func(w store.Writer) error {
		return w.AddAlertComment("one", store.Comment{Text: "c", By: "me", At: noon})
	})
	same(t, "a comment on an alert", []int64{1}, since(third.Last).Classes)
	// A device moves: who saw it before and who sees it now are told.
	before := since(0).Last
	change(t, s, func(w store.Writer) error {
		_, err := w.Regroup(func(d store.Device) string { return "C" })
		return err
	})
	if moved := since(before).Classes; len(moved) < 3 {
		t.Errorf("devices moved, and of classes only %v are told", moved)
	}
}

func savedViews(t *testing.T, backend Backend) {
	reopen := backend(t)
	s := reopen()
	change(t, s, func(w store.Writer) error {
		return w.ApplyEdits(rbac.PutUser{User: rbac.User{Name: "mira"}}, rbac.PutUser{User: rbac.User{Name: "olu"}})
	})
	mine := store.SavedView{Area: "alerts", Name: "Mine", Query: "status=new"}
	change(t, s, func(w store.Writer) error { return w.PutSavedView("mira", mine) })
	mine.Query = "status=resolved"
	change(t, s, func(w store.Writer) error { return w.PutSavedView("mira", mine) })
	views := func(user string) []store.SavedView {
		return read(t, s, func(r store.Reader) ([]store.SavedView, error) { return r.SavedViews(user) })
	}
	same(t, "the later one", []store.SavedView{mine}, views("mira"))
	same(t, "another's", nil, views("olu"))
	change(t, s, func(w store.Writer) error {
		found, err := w.RemoveSavedView("olu", "alerts", "Mine")
		if found {
			t.Error("another's was removed")
		}
		return err
	})
	change(t, s, func(w store.Writer) error { return w.ApplyEdits(rbac.RemoveUser{Name: "mira"}) })
	change(t, s, func(w store.Writer) error { return w.ApplyEdits(rbac.PutUser{User: rbac.User{Name: "mira"}}) })
	same(t, "of somebody who came again under the same name", nil, views("mira"))
}

func deviceLists(t *testing.T, backend Backend) {
	s := backend(t)()
	var list []store.Alert
	for i, tag := range []string{"A", "B", "A", "C", "B"} {
		list = append(list, alertAt(fmt.Sprint(i), noon, rbac.Endpoint, machine(fmt.Sprintf("m%d", i), tag)))
	}
	take(t, s, alertRecords(append(list, alertAt("9", noon, rbac.Endpoint, machine("unknown")))...)...)
	for _, c := range []struct {
		q    store.DeviceQuery
		want string
	}{
		{store.DeviceQuery{}, ""},
		{store.DeviceQuery{Groups: []string{"A"}}, "m0 m2"},
		{store.DeviceQuery{Groups: []string{"C", "B", "none"}}, "m1 m3 m4"},
		{store.DeviceQuery{Groups: []string{rbac.UngroupedDevices}}, ""}, // what nothing describes is for readers of everything
		{store.DeviceQuery{All: true}, "m0 m1 m2 m3 m4 unknown"},
	} {
		var got []string
		for q := c.q; ; {
			q.Limit = 2
			page := read(t, s, func(r store.Reader) ([]store.Device, error) { return r.Devices(q) })
			for _, d := range page {
				got = append(got, d.ID)
			}
			if len(page) < 2 {
				break
			}
			q.After = page[1].ID
		}
		same(t, fmt.Sprintf("%+v", c.q), c.want, strings.Join(got, " "))
		same(t, "their number", len(got), read(t, s, func(r store.Reader) (int, error) { return r.CountDevices(c.q) }))
	}
}
