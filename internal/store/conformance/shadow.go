package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func shadowDifferences(t *testing.T, backend Backend) {
	s := backend(t)()
	edit(t, s, putUser("aya@contoso.example"), putUser("bo@contoso.example"),
		rbac.SetActivation{Workload: rbac.Endpoint, Activation: rbac.Shadow}, rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.Shadow})
	add := func(most int, list ...store.ShadowDifference) (dropped int) {
		t.Helper()
		err := s.Change(context.Background(), func(w store.Writer) error {
			var err error
			dropped, err = w.AddShadowDifferences(list, most)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return dropped
	}
	all := rbac.SetOf(rbac.Workloads...)
	expect := func(why string, among rbac.WorkloadSet, want ...store.ShadowDifference) {
		t.Helper()
		got := read(t, s, func(r store.Reader) ([]store.ShadowDifference, error) { return r.ShadowDifferences(among) })
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
	mail := store.ShadowDifference{User: "aya@contoso.example", Workload: rbac.Office365, Capability: rbac.ManageAlerts, Unified: true, Count: 2, Last: noon}
	devices := store.ShadowDifference{User: "aya@contoso.example", Workload: rbac.Endpoint, Capability: rbac.ViewInvestigation, DeviceGroup: "EU servers", Count: 1, Last: noon}
	expect("at first there is none", all)
	add(10, mail, devices)
	expect("what is added is there", all, devices, mail)
	expect("of one workload", rbac.SetOf(rbac.Office365), mail)

	later, earlier := mail, mail
	later.Count, later.Last = 3, noon.Add(time.Hour)
	earlier.Count, earlier.Last = 1, noon.Add(-time.Hour)
	add(10, later, earlier)
	later.Count = 6
	expect("counts add up, and the last is the latest", all, devices, later)

	other := devices
	other.Unified = true
	nobody := devices
	nobody.User = "nobody@contoso.example"
	idle := devices
	idle.Workload = rbac.Identity
	if dropped := add(2, other, mail); dropped != 1 {
		t.Errorf("beyond the most, %d were dropped, want 1", dropped)
	}
	later.Count = 8
	expect("what is there counts on, what is new is left out", all, devices, later)
	add(10, nobody, idle)
	expect("of who is not there, and of what is not in shadow, nothing is kept", all, devices, later)

	edit(t, s, rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.On})
	expect("when it is on, what was found stays", all, devices, later)
	edit(t, s, rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.Shadow})
	expect("a shadow begins empty", all, devices)
	edit(t, s, rbac.RemoveUser{Name: "aya@contoso.example"})
	expect("who goes takes them along", all)
}
