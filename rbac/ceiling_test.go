package rbac_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// delegated binds ana by a ceiling: office365 and endpoint, two permissions, EU servers, and the group eu.
func delegated(t *testing.T) *world {
	w := given(t).holds("office365: Security reader; Search and purge; Role Management", "endpoint: Alerts investigation; Live response - Basic")
	w.Ceilings = []rbac.Ceiling{{
		Name: "EU delegation", Users: []string{ana},
		Workloads:        rbac.Bound[rbac.Workload]{Of: []rbac.Workload{rbac.Endpoint, rbac.Office365}},
		Permissions:      rbac.Bound[string]{Of: []string{"office365/Security Reader", "endpoint/Alerts investigation"}},
		DeviceGroups:     rbac.Bound[string]{Of: []string{"EU servers"}},
		AssignableGroups: rbac.Bound[string]{Of: []string{"eu"}},
	}}
	w.Roles = append(w.Roles,
		rbac.Role{Workload: rbac.Office365, Name: "mail readers", Permissions: []string{"Security Reader"}},
		rbac.Role{Workload: rbac.Office365, Name: "purgers", Permissions: []string{"Search And Purge"}},
		rbac.Role{Workload: rbac.Endpoint, Name: "triage", Permissions: []string{"Alerts investigation"}},
		rbac.Role{Workload: rbac.CloudApps, Name: "cloud", Permissions: []string{"Security reader"}},
	)
	return w
}

func give(role string, w rbac.Workload, user, group string, on ...string) rbac.Edit {
	a := rbac.Assignment{ID: "new", Role: rbac.RoleRef{Workload: w, Name: role}, User: user, Group: group, Scope: rbac.Scope{All: len(on) == 0, DeviceGroups: on}}
	return rbac.PutAssignment{Assignment: a}
}

func TestDelegationCeilingsBindWhatTheirPeopleChange(t *testing.T) {
	devices := func(s *rbac.Snapshot, change func([]rbac.DeviceGroup)) rbac.Edit {
		list := slices.Clone(s.DeviceGroups())
		change(list)
		return rbac.SetDeviceGroups{DeviceGroups: list}
	}
	with := func(e rbac.Edit) func(*rbac.Snapshot) []rbac.Edit {
		return func(*rbac.Snapshot) []rbac.Edit { return []rbac.Edit{e} }
	}
	for name, c := range map[string]struct {
		edits func(*rbac.Snapshot) []rbac.Edit
		want  []string
	}{
		"a role within all bounds, to an assignable group": {with(give("mail readers", rbac.Office365, "", "eu")), nil},
		"a permission outside":                             {with(give("purgers", rbac.Office365, "", "eu")), []string{"permission Search And Purge"}},
		"a group outside":                                  {with(give("mail readers", rbac.Office365, "", "us")), []string{"principal group:us"}},
		"a single user":                                    {with(give("mail readers", rbac.Office365, ben, "")), []string{"principal " + ben}},
		"a workload outside": {with(give("cloud", rbac.CloudApps, "", "eu")),
			[]string{"permission Security reader", "workload cloudapps"}},
		"another name for the group left":           {with(rbac.RenameGroup{From: "eu", To: "Europeans"}), nil},
		"another name for another group":            {with(rbac.RenameGroup{From: "us", To: "Americans"}), []string{"principal group:Americans"}},
		"another name for the device group left":    {with(rbac.RenameDeviceGroup{Name: "EU servers", To: "Europe"}), nil},
		"another name for another device group":     {with(rbac.RenameDeviceGroup{Name: "US servers", To: "America"}), []string{"device-group US servers"}},
		"an endpoint role on the device group left": {with(give("triage", rbac.Endpoint, "", "eu")), nil},
		"an endpoint role on another device group":  {with(give("triage", rbac.Endpoint, "", "us", "US servers")), []string{"device-group US servers", "principal group:us"}},
		"a role with a permission outside, unassigned": {with(rbac.PutRole{Role: rbac.Role{Workload: rbac.Office365, Name: "x", Permissions: []string{"Search And Purge"}}}),
			[]string{"permission Search And Purge"}},
		"taking a permission outside away": {with(rbac.PutRole{Role: rbac.Role{Workload: rbac.Office365, Name: "purgers"}}), []string{"permission Search And Purge"}},
		"removing a role outside":          {with(rbac.RemoveRole{Role: rbac.RoleRef{Workload: rbac.Office365, Name: "purgers"}}), []string{"permission Search And Purge"}},
		"removing a role within":           {with(rbac.RemoveRole{Role: rbac.RoleRef{Workload: rbac.Office365, Name: "mail readers"}}), nil},
		"taking away what somebody outside the groups has": {with(rbac.RemoveAssignment{ID: "asg 0"}),
			[]string{"permission Role Management", "permission Search And Purge", "principal " + ana}},
		"widening a role that somebody outside has": {with(rbac.PutRole{Role: rbac.Role{Workload: rbac.Endpoint, Name: "role 1", Permissions: []string{"Alerts investigation"}}}),
			[]string{"device-group US servers", "device-group " + rbac.UngroupedDevices, "permission Live response - Basic", "principal " + ana}},
		"the members of an assignable group": {with(rbac.PutGroup{Group: rbac.Group{Name: "eu", Members: []string{ben}}}), nil},
		"the members of another group":       {with(rbac.PutGroup{Group: rbac.Group{Name: "us", Members: []string{ben}}}), []string{"principal group:us"}},
		"removing another group":             {with(rbac.RemoveGroup{Name: "us"}), []string{"principal group:us"}},
		"a user":                             {with(rbac.PutUser{User: rbac.User{Name: ben, Disabled: true}}), []string{"principal " + ben}},
		"removing a user":                    {with(rbac.RemoveUser{Name: ben}), []string{"principal " + ben}},
		"the roles switch":                   {with(rbac.SetEndpointRoles{}), []string{"change " + rbac.RolesSwitch}},
		"the ceiling itself":                 {with(rbac.RemoveCeiling{Name: "EU delegation"}), []string{"change " + rbac.DelegationCeilings}},
		"access to the device group left": {func(s *rbac.Snapshot) []rbac.Edit {
			return []rbac.Edit{devices(s, func(l []rbac.DeviceGroup) { l[0].Access = nil })}
		}, nil},
		"access to another device group": {func(s *rbac.Snapshot) []rbac.Edit {
			return []rbac.Edit{devices(s, func(l []rbac.DeviceGroup) { l[1].Access = []string{"us", "eu"} })}
		}, []string{"device-group US servers"}},
		"access for another group": {func(s *rbac.Snapshot) []rbac.Edit {
			return []rbac.Edit{devices(s, func(l []rbac.DeviceGroup) { l[0].Access = []string{"us", "eu"} })}
		}, []string{"principal group:us"}},
		"a rule that takes devices from lower groups": {func(s *rbac.Snapshot) []rbac.Edit {
			return []rbac.Edit{devices(s, func(l []rbac.DeviceGroup) { l[0].Match.Name = []string{"*"} })}
		}, []string{"device-group US servers", "device-group " + rbac.UngroupedDevices, "permission Live response - Basic"}},
		"the members of an assignable group that holds more": {func(s *rbac.Snapshot) []rbac.Edit {
			return []rbac.Edit{give("purgers", rbac.Office365, "", "eu"), rbac.PutGroup{Group: rbac.Group{Name: "eu", Members: []string{ben}}}}
		}, []string{"permission Search And Purge"}},
		"a group that holds more gets access": {func(s *rbac.Snapshot) []rbac.Edit {
			return []rbac.Edit{devices(s, func(l []rbac.DeviceGroup) { l[0].Access = []string{"us", "eu"} })}
		}, []string{"principal group:us"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := compile(t, delegated(t).Policy)
			edits := c.edits(s)
			after, err := s.With(edits...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range rbac.Breaches(s, after, edits, ana, noon) {
				got = append(got, string(b.Kind)+" "+b.Name)
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("breaches %q, want %q", got, c.want)
			}
			if list := rbac.Breaches(s, after, edits, ben, noon); list != nil {
				t.Errorf("binds somebody else: %v", list)
			}
		})
	}
}

func TestDelegationCeilingsBindByGroupAndNotTheAdministrators(t *testing.T) {
	w := delegated(t)
	w.Ceilings[0].Users, w.Ceilings[0].Groups = nil, []string{"us"}
	edit := rbac.RemoveRole{Role: rbac.RoleRef{Workload: rbac.Office365, Name: "purgers"}}
	for _, c := range []struct {
		name    string
		members []string
		global  []string
		want    int
	}{
		{"outside the group", nil, nil, 0},
		{"a member", []string{ana}, nil, 1},
		{"a member with a reading global role", []string{ana}, []string{"Global Reader"}, 1},
		{"a member who is Security Administrator", []string{ana}, []string{"Security Administrator"}, 0},
	} {
		p := w.Policy
		p.Groups = []rbac.Group{{Name: "eu"}, {Name: "us", Members: c.members}}
		p.Users = []rbac.User{{Name: ana, GlobalRoles: c.global}, {Name: ben}}
		s := compile(t, p)
		after, err := s.With(edit)
		if err != nil {
			t.Fatal(err)
		}
		if got := rbac.Breaches(s, after, []rbac.Edit{edit}, ana, noon); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestOnlyAdministratorsLoosenACeiling(t *testing.T) {
	base := delegated(t)
	change := func(f func(*rbac.Ceiling)) rbac.Edit {
		c := base.Ceilings[0]
		f(&c)
		return rbac.PutCeiling{Ceiling: c}
	}
	for name, c := range map[string]struct {
		edit rbac.Edit
		want bool
	}{
		"removed":             {rbac.RemoveCeiling{Name: "EU delegation"}, true},
		"wider by a workload": {change(func(c *rbac.Ceiling) { c.Workloads.All = true }), true},
		"wider by a permission": {change(func(c *rbac.Ceiling) {
			c.Permissions.Of = append(slices.Clone(c.Permissions.Of), "office365/Search And Purge")
		}), true},
		"wider by a device group":    {change(func(c *rbac.Ceiling) { c.DeviceGroups.Of = []string{"US servers"} }), true},
		"wider by a group":           {change(func(c *rbac.Ceiling) { c.AssignableGroups.Of = []string{"us"} }), true},
		"binding somebody else":      {change(func(c *rbac.Ceiling) { c.Users = []string{ben} }), true},
		"narrower":                   {change(func(c *rbac.Ceiling) { c.Permissions.Of = nil }), false},
		"binding one more":           {change(func(c *rbac.Ceiling) { c.Users = []string{ana, ben} }), false},
		"a device group of it gone":  {rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: rbac.UngroupedDevices}}}, false},
		"an assignable group gone":   {rbac.RemoveGroup{Name: "eu"}, false},
		"the one whom it binds gone": {rbac.RemoveUser{Name: ana}, false},
	} {
		s := compile(t, base.Policy)
		after, err := s.With(c.edit)
		if err != nil {
			t.Fatal(err)
		}
		got := slices.ContainsFunc(rbac.Exceeds(s, after, ben, noon), func(l rbac.Lack) bool { return l.Permission == rbac.DelegationCeilings })
		if got != c.want {
			t.Errorf("%s: told %v, want %v", name, got, c.want)
		}
	}
}

func TestACeilingNamesOnlyWhatThereIs(t *testing.T) {
	for name, f := range map[string]func(*rbac.Ceiling){
		"unknown user":         func(c *rbac.Ceiling) { c.Users = []string{"x"} },
		"unknown group":        func(c *rbac.Ceiling) { c.AssignableGroups.Of = []string{"x"} },
		"unknown permission":   func(c *rbac.Ceiling) { c.Permissions.Of = []string{"x"} },
		"unknown device group": func(c *rbac.Ceiling) { c.DeviceGroups.Of = []string{"x"} },
		"not one of the workloads": func(c *rbac.Ceiling) {
			c.Workloads.Of = []rbac.Workload{rbac.Other}
		},
		"ceiling: has no name": func(c *rbac.Ceiling) { c.Name = "" },
	} {
		w := delegated(t)
		c := w.Ceilings[0]
		f(&c)
		if _, err := compile(t, w.Policy).With(rbac.PutCeiling{Ceiling: c}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func drawBound[T cmp.Ordered](t *rapid.T, label string, of []T) rbac.Bound[T] {
	if rapid.IntRange(0, 3).Draw(t, label+" all") == 0 {
		return rbac.Bound[T]{All: true}
	}
	return rbac.Bound[T]{Of: some(t, label, of)}
}

func drawCeiling(t *rapid.T, name string, p rbac.Policy) rbac.Ceiling {
	var permissions []string
	for _, w := range rbac.Workloads {
		if w != rbac.Identity {
			for _, name := range interesting(w) {
				permissions = append(permissions, rbac.Qualified(w, name))
			}
		}
	}
	slices.Sort(permissions)
	devices := names(p.DeviceGroups)
	return rbac.Ceiling{
		Name: name, Users: []string{one(t, "binds", someUsers)},
		Workloads:        drawBound(t, "workloads", rbac.Workloads),
		Permissions:      drawBound(t, "permissions", slices.Compact(permissions)),
		DeviceGroups:     drawBound(t, "device groups", devices),
		AssignableGroups: drawBound(t, "assignable", someGroups),
	}
}

// leaves is what a ceiling leaves of a reach, told as access tells it.
func leaves(s *rbac.Snapshot, c rbac.Ceiling, workload rbac.Workload, capability rbac.Capability, deviceGroup string) bool {
	opens := func(name string) bool {
		of, name, _ := strings.Cut(name, "/")
		return of == keeperOf(workload).String() && slices.Contains(s.RoleOpens(rbac.Role{Workload: keeperOf(workload), Permissions: []string{name}}), rbac.Opened{Workload: workload, Capability: capability})
	}
	if !c.Workloads.Has(keeperOf(workload)) || (workload == rbac.Endpoint && !c.DeviceGroups.Has(deviceGroup)) {
		return false
	}
	return c.Permissions.All || slices.ContainsFunc(c.Permissions.Of, opens)
}

func keeperOf(w rbac.Workload) rbac.Workload {
	if w == rbac.Identity {
		return rbac.CloudApps
	}
	return w
}

// opened is what a user opens, as three words each.
type opened struct {
	workload    rbac.Workload
	capability  rbac.Capability
	deviceGroup string
}

func openedBy(s *rbac.Snapshot, user string) map[opened]bool {
	set := map[opened]bool{}
	for _, w := range rbac.Workloads {
		for _, c := range rbac.Capabilities {
			groups := []string{""}
			if w == rbac.Endpoint {
				groups = nil
				for _, g := range s.DeviceGroups() {
					groups = append(groups, g.Name)
				}
			}
			for _, g := range groups {
				r := rbac.Request{Principal: user, Capability: c, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}}
				if g != "" {
					r.Resource.DeviceGroups = []string{g}
				}
				if s.Decide(r).Allowed {
					set[opened{w, c, g}] = true
				}
			}
		}
	}
	return set
}

// TestDelegatedActorsStayWithinTheClosureOfTheirCeilings lets all four people make random changes in random order, each
// only if it exceeds neither what they hold nor a ceiling that binds them. Whatever anybody opens in the end that they did not
// open at first was open, at first, to somebody whose ceilings left it to be handed on.
func TestDelegatedActorsStayWithinTheClosureOfTheirCeilings(t *testing.T) {
	for range 20 { // what slips through does so seldom
		rapid.Check(t, staysWithinTheClosure)
	}
}

func staysWithinTheClosure(t *rapid.T) {
	p := drawPolicy(t)
	for i := range p.Users {
		p.Users[i].GlobalRoles = nil
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "ceilings") {
		p.Ceilings = append(p.Ceilings, drawCeiling(t, fmt.Sprint("ceiling ", i), p))
	}
	start := compile(t, p)
	had, handed := map[string]map[opened]bool{}, map[opened]bool{}
	for _, u := range someUsers {
		had[u] = openedBy(start, u)
		for o := range had[u] {
			left := true
			for _, c := range start.CeilingsOf(u, noon) {
				left = left && leaves(start, c, o.workload, o.capability, o.deviceGroup)
			}
			if left {
				handed[o] = true
			}
		}
	}
	s := start
	for range rapid.IntRange(1, 10).Draw(t, "changes") {
		actor := one(t, "actor", someUsers)
		edit := drawEdit(t, s)
		switch edit.(type) {
		case rbac.SetDeviceGroups, rbac.RenameDeviceGroup:
			continue // names come and go: the table above compares them
		}
		next, err := s.With(edit)
		if err != nil || len(rbac.Exceeds(s.Renamed([]rbac.Edit{edit}), next, actor, noon)) > 0 || len(rbac.Breaches(s, next, []rbac.Edit{edit}, actor, noon)) > 0 {
			continue
		}
		s = next
	}
	for _, u := range someUsers {
		for o := range openedBy(s, u) {
			if !had[u][o] && !handed[o] {
				t.Fatalf("%s gained %v, which nobody had to hand out\n%+v\n%+v", u, o, p, s.Policy())
			}
		}
	}
}
