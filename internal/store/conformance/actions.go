package conformance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// actions: they come back as they were written, lists are cut to a reach, and what waits for approval lapses by the clock.
func actions(t *testing.T, backend Backend) {
	s := backend(t)()
	noon := time.Date(2026, 2, 3, 12, 0, 0, 1000, time.UTC)
	whole := store.Action{
		ID: "a1", Workload: rbac.Endpoint, Type: "isolateDevice", Source: "manualDeviceAction", Status: "pendingApproval", Device: "d1", Incident: "i1", Subject: "tool.exe",
		Details: "100% sure", Requester: "mira@x", Decision: "none", DecidedBy: "ben@x", Decided: noon, Created: noon, Updated: noon, Expires: noon.Add(time.Hour), UndoOf: "u", UndoneBy: "v",
		Delivery: store.Delivery{Executor: "soar", Attempts: 2, Accepted: true, Remote: "r", Next: noon.Add(time.Minute), Deadline: noon.Add(2 * time.Minute)},
		Body: store.ActionBody{
			ApprovalID: "p", InvestigationID: "n", InvestigationName: "N", AlertIDs: []string{"x"}, Remediation: "m", Entity: json.RawMessage(`{"a":1}`), EmailCount: 3, Request: "q",
			Comment: "c", Outcome: "o", Checklist: []store.ActionStep{{Text: "t", Done: true}}, History: []store.ActionEvent{{At: noon, By: "mira@x", Status: "queued", Comment: "h"}},
		},
	}
	change(t, s, func(w store.Writer) error {
		taker := w.TakeRecords(func(d store.Device) string { return d.Name })
		if _, err := taker.Alert(store.Alert{
			ID: "al", Status: "new", Severity: "low", Workloads: rbac.SetOf(rbac.Endpoint), Created: noon, Updated: noon, Body: json.RawMessage(`{}`), Evidence: json.RawMessage(`[]`),
			Devices: []store.Device{{ID: "d1", Name: "g1", Known: true}, {ID: "d2", Name: "g2", Known: true}, {ID: "d3"}},
		}); err != nil {
			return err
		}
		if err := taker.Done(); err != nil {
			return err
		}
		for i, a := range []store.Action{
			whole,
			{ID: "a2", Workload: rbac.Endpoint, Type: "runAntiVirusScan", Status: "succeeded", Device: "d2", Created: noon, Updated: noon.Add(time.Second)},
			{ID: "a3", Workload: rbac.Endpoint, Type: "runAntiVirusScan", Status: "failed", Device: "d3", Created: noon, Updated: noon.Add(2 * time.Second)},
			{ID: "a4", Workload: rbac.Office365, Type: "softDeleteEmail", Status: "queued", Subject: "Invoice_1", Created: noon, Updated: noon.Add(2 * time.Second),
				Delivery: store.Delivery{Next: noon}},
			{ID: "a5", Workload: rbac.Endpoint, Type: "submitIocRule", Status: "pendingApproval", Created: noon, Updated: noon.Add(3 * time.Second)},
		} {
			if err := w.PutAction(a); err != nil {
				return fmt.Errorf("%d: %w", i, err)
			}
		}
		return nil
	})
	row := read(t, s, func(r store.Reader) (store.ActionRow, error) {
		row, found, err := r.Action("a1")
		if !found {
			t.Error("a1 is not there")
		}
		return row, err
	})
	if !reflect.DeepEqual(row, store.ActionRow{Action: whole, DeviceName: "g1", DeviceGroup: "g1", DeviceKnown: true}) {
		t.Errorf("read back: %+v", row)
	}
	for _, c := range []struct {
		name  string
		q     store.ActionQuery
		after time.Duration // since noon
		want  string
	}{
		{"no reach", store.ActionQuery{}, 0, "[]"},
		{"everything", store.ActionQuery{Reach: store.ActionReach{All: true}}, 0, "[a5 a4 a3 a2 a1]"},
		{"all devices", store.ActionQuery{Reach: store.ActionReach{AllDevices: true}}, 0, "[a5 a3 a2 a1]"},
		{"one group", store.ActionQuery{Reach: store.ActionReach{DeviceGroups: []string{"g1"}}}, 0, "[a1]"},
		{"a group of what nothing describes", store.ActionQuery{Reach: store.ActionReach{DeviceGroups: []string{""}}}, 0, "[]"},
		{"mail", store.ActionQuery{Reach: store.ActionReach{Workloads: []rbac.Workload{rbac.Endpoint, rbac.Office365}}}, 0, "[a4]"},
		{"two reaches at once", store.ActionQuery{Reach: store.ActionReach{AllDevices: true}, Also: &store.ActionReach{DeviceGroups: []string{"g1", "g2"}, Workloads: []rbac.Workload{rbac.Office365}}}, 0, "[a2 a1]"},
		{"pending", store.ActionQuery{Reach: store.ActionReach{All: true}, Pending: true}, 0, "[a5 a1]"},
		{"pending an hour later", store.ActionQuery{Reach: store.ActionReach{All: true}, Pending: true}, time.Hour, "[a5]"},
		{"decided an hour later", store.ActionQuery{Reach: store.ActionReach{All: true}, Decided: true}, time.Hour, "[a4 a3 a2 a1]"},
		{"expired an hour later", store.ActionQuery{Reach: store.ActionReach{All: true}, Statuses: []string{"expired"}}, time.Hour, "[a1]"},
		{"by type", store.ActionQuery{Reach: store.ActionReach{All: true}, Types: []string{"runAntiVirusScan"}}, 0, "[a3 a2]"},
		{"by source", store.ActionQuery{Reach: store.ActionReach{All: true}, Sources: []string{"manualDeviceAction"}}, 0, "[a1]"},
		{"by workload", store.ActionQuery{Reach: store.ActionReach{All: true}, Workload: rbac.Office365}, 0, "[a4]"},
		{"by device", store.ActionQuery{Reach: store.ActionReach{All: true}, Device: "d2"}, 0, "[a2]"},
		{"by incident", store.ActionQuery{Reach: store.ActionReach{All: true}, Incident: "i1"}, 0, "[a1]"},
		{"by time", store.ActionQuery{Reach: store.ActionReach{All: true}, Since: noon.Add(2 * time.Second)}, 0, "[a5 a4 a3]"},
		{"by text with a sign of its own", store.ActionQuery{Reach: store.ActionReach{All: true}, Search: "100%"}, 0, "[a1]"},
		{"by a device's name", store.ActionQuery{Reach: store.ActionReach{All: true}, Search: "G2"}, 0, "[a2]"},
		{"the next page", store.ActionQuery{Reach: store.ActionReach{All: true}, After: store.ActionPlace{Updated: noon.Add(2 * time.Second).UnixNano(), ID: "a4"}}, 0, "[a3 a2 a1]"},
	} {
		c.q.Now, c.q.Limit = noon.Add(c.after), 10
		rows := read(t, s, func(r store.Reader) ([]store.ActionRow, error) { return r.Actions(c.q) })
		ids := []string{}
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		if got := fmt.Sprint(ids); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		n := read(t, s, func(r store.Reader) (int64, error) { return r.CountActions(c.q) })
		facets := read(t, s, func(r store.Reader) ([]store.ActionFacet, error) { return r.ActionFacets(c.q) })
		sum := int64(0)
		for _, f := range facets {
			sum += f.Count
		}
		if c.q.After == (store.ActionPlace{}) && (n != int64(len(rows)) || sum != n) {
			t.Errorf("%s: %d are counted, %d sorted, of %d", c.name, n, sum, len(rows))
		}
	}
	due := read(t, s, func(r store.Reader) ([]store.Action, error) { return r.ActionsDue(noon, nil, 10) })
	later := read(t, s, func(r store.Reader) ([]store.Action, error) { return r.ActionsDue(noon.Add(time.Minute), nil, 10) })
	if len(due) != 1 || due[0].ID != "a4" || len(later) != 2 || later[0].ID != "a4" || later[1].ID != "a1" {
		t.Errorf("due: %v, then %v", due, later)
	}
	for after, want := range map[time.Duration]string{time.Minute: "a4", 2 * time.Minute: "a4 a1"} {
		due := read(t, s, func(r store.Reader) ([]store.Action, error) {
			return r.ActionsDue(noon.Add(after), []string{"soar"}, 10)
		})
		var got []string
		for _, a := range due {
			got = append(got, a.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("due after %s while one is busy: %v", after, got)
		}
	}
	for by, want := range map[string]int{"": 1, "ben@x": 0} { // a1 was decided, and is not queued
		if rows := read(t, s, func(r store.Reader) ([]store.ActionRow, error) { return r.ActionsQueued(by) }); len(rows) != want {
			t.Errorf("queued by %q: %+v", by, rows)
		}
	}
	if rules := read(t, s, store.Reader.ActionRules); rules != (store.ActionRules{}) {
		t.Errorf("the rules begin as %+v", rules)
	}
	said := store.ActionRules{OthersApprove: true, Updated: noon, UpdatedBy: "ada@x"}
	change(t, s, func(w store.Writer) error { return w.SetActionRules(said) })
	if rules := read(t, s, store.Reader.ActionRules); rules != said {
		t.Errorf("the rules were kept as %+v", rules)
	}
	if settings := read(t, s, store.Reader.Settings); settings != (store.Settings{}) {
		t.Errorf("the settings begin as %+v", settings)
	}
	set := store.Settings{TellHidden: true, Updated: noon, UpdatedBy: "ada@x"}
	change(t, s, func(w store.Writer) error { return w.SetSettings(set) })
	if settings := read(t, s, store.Reader.Settings); settings != set {
		t.Errorf("the settings were kept as %+v", settings)
	}
}
