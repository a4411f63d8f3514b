package conformance

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// detections: rules follow the device groups they name, one has a turn at a time, no window is kept twice, and matches are remembered
// for as long as they can be met.
func detections(t *testing.T, backend Backend) {
	s := backend(t)()
	noon := time.Date(2026, 2, 3, 12, 0, 0, 1000, time.UTC)
	edit(t, s, rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "Sales"}, {Name: "HR"}, {Name: rbac.UngroupedDevices}}})
	whole := store.Detection{
		ID: "d1", DetectorID: "x", Name: "Office starts curl", On: true, Owner: "ada@x", Query: "DeviceInfo", Period: time.Hour, Groups: []string{"HR", "Sales"},
		Alert:   store.DetectionAlert{Title: "T {{DeviceName}}", Severity: "high", Category: "Execution", Techniques: []string{"T1105"}, Assets: []store.DetectionAsset{{Kind: "device", Column: "DeviceId"}}},
		Actions: []store.DetectionAction{{Name: "isolateDevice", Columns: []string{"DeviceId"}, Isolation: "full"}},
		Tables:  []string{"DeviceInfo"}, Workloads: rbac.SetOf(rbac.Endpoint), Created: noon, Updated: noon, CreatedBy: "ada@x", UpdatedBy: "ben@x", QueryUpdated: noon,
		Turn: store.DetectionTurn{From: time.Unix(0, 0).UTC(), To: time.Unix(0, 0).UTC(), Due: time.Unix(0, 0).UTC()},
	}
	off := store.Detection{ID: "d0", Name: "Another", AllDevices: true, Created: noon, Updated: noon, QueryUpdated: noon, Turn: whole.Turn}
	put := func(d store.Detection) error {
		return s.Change(context.Background(), func(w store.Writer) error { return w.PutDetection(d) })
	}
	for _, d := range []store.Detection{whole, off} {
		if err := put(d); err != nil {
			t.Fatal(err)
		}
	}
	all := func() []store.Detection { return read(t, s, store.Reader.Detections) }
	if got, want := fmt.Sprintf("%+v", all()), fmt.Sprintf("%+v", []store.Detection{off, whole}); got != want {
		t.Errorf("detections:\n%s\nwant\n%s", got, want)
	}
	if err := put(store.Detection{ID: "d2", Name: "Nowhere", Groups: []string{"Atlantis"}, Updated: noon}); err == nil {
		t.Error("a detection of a device group that is not there was written")
	}
	edit(t, s, rbac.RenameDeviceGroup{Name: "HR", To: "People"})
	edit(t, s, rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "People"}, {Name: rbac.UngroupedDevices}}})
	if got := all()[1].Groups; !reflect.DeepEqual(got, []string{"People"}) {
		t.Errorf("after a rename and a removal: %q", got)
	}

	edit(t, s, rbac.PutUser{User: rbac.User{Name: "ada@x"}})
	edit(t, s, rbac.RemoveUser{Name: "ada@x"})
	if got := all()[1].Owner; got != "" {
		t.Errorf("after its owner's account is gone it is %q's: the next of that name may be somebody else", got)
	}

	due := func(at time.Time) (ids []string) {
		for _, d := range read(t, s, func(r store.Reader) ([]store.Detection, error) { return r.DetectionsDue(at) }) {
			ids = append(ids, d.ID)
		}
		return ids
	}
	change(t, s, func(w store.Writer) error {
		return w.TakeTurn("d1", store.DetectionTurn{From: noon, To: noon, Due: noon, Attempts: 1, Holder: "one", Until: noon.Add(time.Minute)})
	})
	if got := due(noon.Add(time.Second)); len(got) != 0 {
		t.Errorf("due while somebody is at it, or off: %q", got)
	}
	if got := due(noon.Add(time.Minute)); !reflect.DeepEqual(got, []string{"d1"}) {
		t.Errorf("due after a crash: %q", got)
	}

	for i, d := range []store.Detection{{ID: "e1", Owner: "ben@x"}, {ID: "e2", Owner: "ben@x"}, {ID: "e3", Owner: "cy@x"}} {
		d.Name, d.On, d.AllDevices, d.Updated = d.ID, true, true, noon
		change(t, s, func(w store.Writer) error {
			if err := w.PutDetection(d); err != nil {
				return err
			}
			return w.TakeTurn(d.ID, store.DetectionTurn{From: noon, To: noon, Due: noon.Add(-time.Duration(i) * time.Second)})
		})
	}
	if got := due(noon.Add(time.Minute)); !reflect.DeepEqual(got, []string{"e3", "e2", "d1"}) {
		t.Errorf("due, one of each owner, the one that has waited longest: %q", got)
	}
	change(t, s, func(w store.Writer) error {
		for _, id := range []string{"e1", "e2", "e3"} {
			if _, err := w.RemoveDetection(id); err != nil {
				return err
			}
		}
		return nil
	})

	run := store.DetectionRun{Detection: "d1", From: noon.Add(-time.Hour), To: noon, Kind: "scheduled", Status: "completed", Started: noon, Ended: noon, Rows: 3, Alerts: 1}
	add := func(r store.DetectionRun) error {
		return s.Change(context.Background(), func(w store.Writer) error { return w.AddDetectionRun(r) })
	}
	if err := add(run); err != nil {
		t.Fatal(err)
	}
	if err := add(run); err == nil {
		t.Error("a window was kept twice")
	}
	later := run
	later.To, later.Started, later.Error = noon.Add(time.Hour), noon.Add(time.Hour), "broken"
	if err := add(later); err != nil {
		t.Fatal(err)
	}
	if got := all()[1].Last; !reflect.DeepEqual(got, later) {
		t.Errorf("the last run: %+v", got)
	}
	page := func(after store.DetectionPlace) []store.DetectionRun {
		return read(t, s, func(r store.Reader) ([]store.DetectionRun, error) { return r.DetectionRuns("d1", after, 1) })
	}
	if got := page(store.DetectionPlace{}); len(got) != 1 || !reflect.DeepEqual(got[0], later) {
		t.Errorf("the first page: %+v", got)
	}
	if got := page(store.DetectionPlace{Started: later.Started.UnixNano(), To: later.To.UnixNano()}); len(got) != 1 || !reflect.DeepEqual(got[0], run) {
		t.Errorf("the second page: %+v", got)
	}

	ahead := run
	ahead.To, ahead.Started, ahead.Ended = noon.Add(48*time.Hour), noon.Add(48*time.Hour), noon.Add(49*time.Hour)
	if err := add(ahead); err != nil {
		t.Fatal(err)
	}
	change(t, s, func(w store.Writer) error { return w.SettleDetectionRuns(noon.Add(2 * time.Hour)) })
	ahead.Started, ahead.Ended = noon.Add(2*time.Hour), noon.Add(2*time.Hour)
	if got := all()[1].Last; !reflect.DeepEqual(got, ahead) {
		t.Errorf("a run that began ahead of the clock: %+v", got)
	}
	if got := page(store.DetectionPlace{Started: ahead.Started.UnixNano(), To: ahead.To.UnixNano()}); len(got) != 1 || !reflect.DeepEqual(got[0], later) {
		t.Errorf("and one that did not: %+v", got)
	}
	after := run
	after.To, after.Started, after.Ended = noon.Add(3*time.Hour), noon.Add(3*time.Hour), noon.Add(3*time.Hour)
	if err := add(after); err != nil {
		t.Fatal(err)
	}
	if got := all()[1].Last; !reflect.DeepEqual(got, after) {
		t.Errorf("the run after it: %+v", got)
	}

	change(t, s, func(w store.Writer) error { return w.TellDetection("d1", []string{"a", "b"}, noon) })
	change(t, s, func(w store.Writer) error { return w.TellDetection("d1", []string{"b"}, noon.Add(time.Hour)) })
	change(t, s, func(w store.Writer) error { return w.ForgetDetections(noon.Add(time.Minute), noon.Add(time.Minute)) })
	told := read(t, s, func(r store.Reader) (map[string]bool, error) { return r.DetectionTold("d1", []string{"a", "b", "c"}) })
	if !reflect.DeepEqual(told, map[string]bool{"b": true}) {
		t.Errorf("remembered: %v", told)
	}
	if n := read(t, s, func(r store.Reader) (int64, error) { return r.CountDetectionRuns("d1") }); n != 3 {
		t.Errorf("%d runs are left", n)
	}
	change(t, s, func(w store.Writer) error { _, err := w.RemoveDetection("d1"); return err })
	if got := all(); len(got) != 1 {
		t.Errorf("after the removal: %+v", got)
	}
}
