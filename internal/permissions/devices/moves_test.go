package devices_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/permissions/devices"
	"github.com/bailiwick/bailiwick/rbac"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	people = []string{"ana", "ben", "rex"}
	teams  = []string{"east", "west"}
	names  = []string{"Lab", "Servers", "Sales"}
	tags   = []string{"lab", "server", "sales"}
)

// TestS14NoChangeOfDeviceGroupsBringsADeviceToAnybodyThatItsMakerDoesNotReach makes random changes of rank, rule, access and
// openness, and looks at devices, not at groups: what Exceeds lets pass must not let anybody see or touch a device that
// the actor could not see or touch before.
func TestS14NoChangeOfDeviceGroupsBringsADeviceToAnybodyThatItsMakerDoesNotReach(t *testing.T) {
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		before, err := rbac.Compile(catalog.Default(), drawPolicy(t))
		if err != nil {
			t.Fatal(err)
		}
		changed := drawGroups(t)
		if rapid.Bool().Draw(t, "rank only") {
			changed = slices.Clone(before.DeviceGroups())
			last := len(changed) - 1
			a, b := rapid.IntRange(0, last-1).Draw(t, "rank"), rapid.IntRange(0, last-1).Draw(t, "other rank")
			changed[a], changed[b] = changed[b], changed[a]
		}
		after, err := before.With(rbac.SetDeviceGroups{DeviceGroups: changed})
		if err != nil {
			t.Fatal(err)
		}
		if len(rbac.Exceeds(before, after, "ana", noon)) > 0 {
			return
		}
		passed++
		was, is := devices.Compile(before.DeviceGroups()), devices.Compile(after.DeviceGroups())
		for _, d := range everyDevice() {
			from, to := was.Group(d), is.Group(d)
			for _, user := range people {
				for _, c := range rbac.Capabilities {
					if may(after, user, c, to) && !may(before, user, c, from) && !may(before, "ana", c, from) {
						t.Fatalf("%s gains %s on %+v, which goes from %q to %q, and ana had it not\n%+v\n%+v", user, c, d, from, to, before.Policy(), changed)
					}
				}
			}
		}
	})
	if passed == 0 {
		t.Error("no change was let pass: nothing was tried")
	}
}

func may(s *rbac.Snapshot, user string, c rbac.Capability, group string) bool {
	return s.Decide(rbac.Request{Principal: user, Capability: c, At: noon,
		Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{group}}}).Allowed
}

func everyDevice() []devices.Device {
	var list []devices.Device
	for subset := range 1 << len(tags) {
		d := devices.Device{Name: "host"}
		for n, tag := range tags {
			if subset&(1<<n) != 0 {
				d.Tags = append(d.Tags, tag)
			}
		}
		list = append(list, d)
	}
	return list
}

func drawGroups(t *rapid.T) []rbac.DeviceGroup {
	var list []rbac.DeviceGroup
	for _, name := range some(t, "device groups", names) {
		list = append(list, drawGroup(t, name))
	}
	slices.SortStableFunc(list, func(a, b rbac.DeviceGroup) int { return rapid.IntRange(-1, 1).Draw(t, "order") })
	last := drawGroup(t, rbac.UngroupedDevices)
	last.Match = rbac.Match{}
	return append(list, last)
}

func drawGroup(t *rapid.T, name string) rbac.DeviceGroup {
	return rbac.DeviceGroup{Name: name, Match: rbac.Match{Tag: some(t, "rule", tags)}, Access: some(t, "access", teams), Open: rapid.IntRange(0, 3).Draw(t, "open") == 0}
}

func drawPolicy(t *rapid.T) rbac.Policy {
	p := rbac.Policy{EndpointRoles: true, DeviceGroups: drawGroups(t)}
	for len(p.DeviceGroups) < 3 {
		p.DeviceGroups = drawGroups(t)
	}
	unified := rapid.Bool().Draw(t, "unified")
	if unified {
		p.Activation = p.Activation.With(rbac.Endpoint, rbac.On)
	}
	p.Users = []rbac.User{{Name: "ana"}, {Name: "ben"}, {Name: "rex", GlobalRoles: some(t, "global", []string{"Security Operator", "Security Reader"})}}
	for _, name := range teams {
		p.Groups = append(p.Groups, rbac.Group{Name: name, Members: some(t, "members", people)})
	}
	offered := []string{"View data - Security operations", "Alerts investigation", "Manage security settings in Security Center"}
	if unified {
		offered = []string{"Security data basics", "Alerts", "Response", "Authorization (manage)"}
	}
	for n, permission := range offered {
		ref := rbac.RoleRef{Workload: rbac.Endpoint, Name: permission}
		if unified {
			ref.Workload = rbac.Unified
		}
		p.Roles = append(p.Roles, rbac.Role{ID: permission, Workload: ref.Workload, Name: permission, Permissions: []string{permission}})
		for m, who := range some(t, "holders", append([]string{"ana", "ben"}, teams...)) {
			a := rbac.Assignment{ID: string(rune('a'+n)) + string(rune('a'+m)), Role: ref, User: who}
			if slices.Contains(teams, who) {
				a.User, a.Group = "", who
			}
			if a.Scope.DeviceGroups = some(t, "scope", namesOf(p.DeviceGroups)); len(a.Scope.DeviceGroups) == 0 {
				a.Scope.All = true
			}
			if unified {
				a.Name, a.Sources = a.ID, rbac.Sources{Workloads: rbac.SetOf(rbac.Endpoint)}
			}
			p.Assignments = append(p.Assignments, a)
		}
	}
	return p
}

func namesOf(list []rbac.DeviceGroup) []string {
	var names []string
	for _, g := range list {
		names = append(names, g.Name)
	}
	return names
}

func some(t *rapid.T, label string, of []string) []string {
	var list []string
	for _, s := range of {
		if rapid.Bool().Draw(t, label) {
			list = append(list, s)
		}
	}
	return list
}
