package rbac_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// ana moves one device by a tag. ben is in "us", which holds what the case says.
func TestS14ATagGivesNobodyOnADeviceWhatItsMakerDoesNotHoldThere(t *testing.T) {
	move := rbac.DeviceMove{From: "EU servers", To: "US servers"}
	us := func(w *world, permissions string) *world {
		a := w.role("endpoint: " + permissions)
		a.Group = "us"
		w.Groups[1].Members, w.Assignments = append(w.Groups[1].Members, ben), append(w.Assignments, a)
		return w
	}
	for name, c := range map[string]struct {
		world *world
		want  string
	}{
		"to a device group that nobody reaches":             {given(t).inGroup("eu", "endpoint: Alerts investigation"), ""},
		"to people who may there what she may here":         {us(given(t).inGroup("eu", "endpoint: Alerts investigation; Live response - Basic"), "Alerts investigation"), ""},
		"to people who may there what she may not here":     {us(given(t).inGroup("eu", "endpoint: Alerts investigation"), "Live response - Basic"), "Live response - Basic on EU servers"},
		"into her own reach, for more than she may here":    {given(t).inGroup("eu", "endpoint: Alerts investigation").inGroup("us", "endpoint: Live response - Basic"), "Live response - Basic on EU servers"},
		"into her own reach, for as much as she may here":   {given(t).inGroup("eu", "endpoint: Alerts investigation").inGroup("us", "endpoint: Alerts investigation"), ""},
		"by who holds everything there, here only in part":  {us(given(t).inGroup("us", "endpoint: Alerts investigation; Live response - Basic").inGroup("eu", "endpoint: Alerts investigation"), "Live response - Basic"), "Live response - Basic on EU servers"},
		"by an administrator":                               {us(given(t).global("Security Administrator"), "Live response - Basic"), ""},
		"by who holds it for a time only":                   {ending(us(given(t).inGroup("eu", "endpoint: Live response - Basic"), "Live response - Basic")), "Live response - Basic on EU servers"},
		"to people who get it later":                        {later(us(given(t).inGroup("eu", "endpoint: Alerts investigation"), "Live response - Basic")), "Live response - Basic on EU servers"},
		"to a global role that holds on open device groups": {openToReaders(t, "Alerts"), "investigation.view on EU servers"},
		"the same by who may here what it may there":        {openToReaders(t, "Alerts", "Security data basics", "Vulnerability management"), ""},
		"to a device group that there is not, by anybody":   {given(t).inGroup("eu", "endpoint: Alerts investigation"), "everything"},
	} {
		t.Run(name, func(t *testing.T) {
			m := move
			if c.want == "everything" {
				m.To = "No such group"
			}
			var got []string
			for _, l := range compile(t, c.world.Policy).MoveExcess(ana, m, noon) {
				what := l.Permission
				if l.Capability != rbac.NoCapability {
					what = l.Capability.String()
				}
				if l.Everywhere {
					what = "everything"
				}
				got = append(got, strings.TrimSuffix(what+" on "+strings.Join(l.DeviceGroups, ", "), " on "))
			}
			if len(got) > 1 {
				got = got[:1]
			}
			if fmt.Sprint(strings.Join(got, "; ")) != c.want {
				t.Errorf("lacks %q, want %q", got, c.want)
			}
		})
	}
}

func ending(w *world) *world {
	w.Assignments[0].NotAfter = noon.Add(time.Hour)
	return w
}

func later(w *world) *world {
	w.Assignments[1].NotBefore = noon.Add(time.Hour)
	return w
}

// openToReaders lets unified roles decide on endpoint, with US servers open: there, and only there, ben's global role holds.
// ana holds what is named.
func openToReaders(t *testing.T, unified ...string) *world {
	w := given(t)
	w.Users[1].GlobalRoles = []string{"Global Reader"}
	w.DeviceGroups[1].Open = true
	return w.on(rbac.Endpoint).span(only(rbac.Endpoint), unified...)
}

// A move that lacks nothing lets nobody do to the device, now or later, what they could not do before and its maker could not.
func TestNoPermittedTagEscalates(t *testing.T) {
	lacking, permitted := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		actor := someUsers[0]
		groups := s.DeviceGroups()
		m := rbac.DeviceMove{From: one(t, "from", groups).Name, To: one(t, "to", groups).Name}
		if len(s.MoveExcess(actor, m, noon)) > 0 {
			lacking++
			return
		}
		permitted++
		for _, at := range []time.Time{noon, noon.Add(30 * time.Minute), noon.Add(2 * time.Hour)} {
			may := func(user, group string, c rbac.Capability, at time.Time) bool {
				return s.Decide(rbac.Request{Principal: user, Capability: c, At: at,
					Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{group}}}).Allowed
			}
			for _, u := range someUsers {
				for _, c := range rbac.Capabilities {
					if may(u, m.To, c, at) && !may(u, m.From, c, at) && !may(actor, m.From, c, noon) {
						t.Fatalf("%s may %s on a device that %s moved from %s to %s\n%+v", u, c, actor, m.From, m.To, s.Policy())
					}
				}
			}
		}
	})
	if lacking == 0 || permitted == 0 {
		t.Errorf("of the random moves, %d lacked something and %d did not", lacking, permitted)
	}
}

func TestDelegationCeilingsBindTagsThatMoveDevices(t *testing.T) {
	w := delegated(t)
	s := compile(t, w.Policy)
	for to, want := range map[string]string{"EU servers": "", "US servers": "device-group US servers"} {
		var got []string
		for _, b := range s.MoveBreaches(ana, rbac.DeviceMove{From: "EU servers", To: to}, noon) {
			if b.Kind == rbac.BreachDeviceGroup {
				got = append(got, string(b.Kind)+" "+b.Name)
			}
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("to %s: %q, want %q", to, got, want)
		}
	}
	if got := s.MoveBreaches(ben, rbac.DeviceMove{From: "EU servers", To: "US servers"}, noon); len(got) > 0 {
		t.Errorf("whom no ceiling binds: %v", got)
	}
}
