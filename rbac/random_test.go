package rbac_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// noon is when the tests' questions are asked.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// The names that random policies draw from: few, so that things meet.
var (
	someUsers  = []string{"ana@contoso.example", "ben@contoso.example", "cem@contoso.example", "dia@contoso.example"}
	someGroups = []string{"tier1", "tier2", "mail"}
	someDGs    = []string{"EU servers", "US servers", "Sales devices"}
)

func some[T any](t *rapid.T, label string, of []T) []T {
	var list []T
	for i, v := range of {
		if rapid.Bool().Draw(t, fmt.Sprintf("%s %d", label, i)) {
			list = append(list, v)
		}
	}
	return list
}

func one[T any](t *rapid.T, label string, of []T) T { return rapid.SampledFrom(of).Draw(t, label) }

// drawTime is a bound of an assignment: none, before noon, noon itself or after it.
func drawTime(t *rapid.T, label string) time.Time {
	return one(t, label, []time.Time{{}, {}, {}, noon.Add(-time.Hour), noon, noon.Add(time.Hour)})
}

func drawUser(t *rapid.T, name string) rbac.User {
	u := rbac.User{Name: name, Disabled: rapid.IntRange(0, 9).Draw(t, "disabled") == 0}
	if rapid.IntRange(0, 3).Draw(t, "global") == 0 {
		u.GlobalRoles = []string{one(t, "global role", catalog.GlobalRoleNames())}
		if more := one(t, "another global role", catalog.GlobalRoleNames()); more != u.GlobalRoles[0] {
			u.GlobalRoles = append(u.GlobalRoles, more)
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "ends") == 0 {
		u.NotAfter = drawTime(t, "not after")
	}
	return u
}

func drawDeviceGroups(t *rapid.T, groups []string) []rbac.DeviceGroup {
	var list []rbac.DeviceGroup
	for _, name := range some(t, "device group", someDGs) {
		list = append(list, rbac.DeviceGroup{
			Name: name, Match: rbac.Match{Tag: some(t, "rule", []string{"server", "sales"})}, Open: rapid.IntRange(0, 3).Draw(t, "open") == 0, Access: some(t, "access", groups),
		})
	}
	if rapid.Bool().Draw(t, "names ungrouped") {
		list = append(list, rbac.DeviceGroup{Name: rbac.UngroupedDevices, Open: rapid.Bool().Draw(t, "ungrouped open"), Access: some(t, "access", groups)})
	}
	return list
}

// interesting are the permissions that open something, and one that does not.
func interesting(w rbac.Workload) []string {
	var list []string
	for _, row := range catalog.Default().Requirements {
		names := row.Cells[w].AnyOf
		if w == rbac.Unified {
			names = slices.Concat(row.Cells[rbac.Endpoint].Unified, row.Cells[rbac.Office365].Unified)
		}
		for _, name := range names {
			if !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	names := catalog.PermissionNames(w)
	return append(list, names[len(names)-1])
}

func drawRole(t *rapid.T, name string) rbac.Role {
	w := one(t, "workload", []rbac.Workload{rbac.Endpoint, rbac.Endpoint, rbac.Endpoint, rbac.Office365, rbac.CloudApps, rbac.Identity,
		rbac.Unified, rbac.Unified, rbac.Unified})
	r := rbac.Role{Workload: w, Name: name}
	for range rapid.IntRange(1, 4).Draw(t, "permissions") {
		permission := one(t, "permission", interesting(w))
		if w == rbac.Unified && rapid.IntRange(0, 3).Draw(t, "all of a category") == 0 {
			permission = catalog.AllOf(one(t, "category", catalog.UnifiedCategories), rapid.Bool().Draw(t, "manage"))
		}
		if w == rbac.Identity {
			permission = one(t, "identity permission", catalog.PermissionNames(w))
		}
		if reserved(w, permission) || slices.Contains(r.Permissions, permission) {
			continue
		}
		r.Permissions = append(r.Permissions, permission)
	}
	return r
}

func reserved(w rbac.Workload, name string) bool {
	for _, p := range catalog.Default().Permissions {
		if p.Workload == w && p.Name == name {
			return p.Reserved
		}
	}
	return false
}

func drawAssignment(t *rapid.T, id string, p rbac.Policy) rbac.Assignment {
	refs := []rbac.RoleRef{
		{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator},
		{Workload: rbac.Office365, Name: "Security Operator"},
		{Workload: rbac.Office365, Name: "Organization Management"},
		{Workload: rbac.CloudApps, Name: "Global reader"},
		{Workload: rbac.CloudApps, Name: "User group admin"},
	}
	for _, r := range p.Roles {
		refs = append(refs, r.Ref(), r.Ref()) // the policy's own more often
	}
	a := rbac.Assignment{ID: id, Role: one(t, "role", refs), Scope: rbac.Scope{All: true}}
	if len(p.Groups) > 0 && rapid.IntRange(0, 2).Draw(t, "to group") > 0 {
		a.Group = one(t, "group", p.Groups).Name
	} else {
		a.User = one(t, "user", p.Users).Name
	}
	if a.Role.Workload == rbac.Unified {
		a.Sources = drawSources(t)
		a.Name = a.ID
	}
	if (a.Role.Workload == rbac.Endpoint || a.Sources.Has(rbac.Endpoint)) && a.Role.Name != rbac.EndpointAdministrator && rapid.IntRange(0, 2).Draw(t, "scoped") == 0 {
		a.Scope = rbac.Scope{}
		for _, g := range p.DeviceGroups {
			if rapid.Bool().Draw(t, "in scope") {
				a.Scope.DeviceGroups = append(a.Scope.DeviceGroups, g.Name)
			}
		}
	}
	a.NotBefore, a.NotAfter = drawTime(t, "not before"), drawTime(t, "not after")
	if !a.NotBefore.IsZero() && !a.NotAfter.IsZero() && !a.NotBefore.Before(a.NotAfter) {
		a.NotBefore = time.Time{}
	}
	return a
}

// drawSources are all workloads, or some.
func drawSources(t *rapid.T) rbac.Sources {
	s := rbac.Sources{Workloads: rbac.SetOf(some(t, "data source", rbac.Workloads)...)}
	if s.Workloads == 0 {
		return rbac.Sources{All: true}
	}
	return s
}

// drawActivations leave every second workload to the product's own roles.
func drawActivations(t *rapid.T) rbac.Activations {
	var a rbac.Activations
	for _, w := range rbac.Workloads {
		a = a.With(w, one(t, "activation", []rbac.Activation{rbac.Off, rbac.Off, rbac.Shadow, rbac.On, rbac.On}))
	}
	return a
}

// drawPolicy is a small organisation in which anything may meet anything.
func drawPolicy(t *rapid.T) rbac.Policy {
	p := rbac.Policy{Revision: 1, EndpointRoles: rapid.IntRange(0, 3).Draw(t, "endpoint roles") > 0}
	p.Activation = drawActivations(t)
	for _, name := range someUsers {
		p.Users = append(p.Users, drawUser(t, name))
	}
	for _, name := range someGroups {
		p.Groups = append(p.Groups, rbac.Group{Name: name, Members: some(t, "member", someUsers)})
	}
	p.DeviceGroups = drawDeviceGroups(t, someGroups)
	for i := range rapid.IntRange(2, 6).Draw(t, "roles") {
		p.Roles = append(p.Roles, drawRole(t, fmt.Sprintf("role %d", i)))
	}
	for i := range rapid.IntRange(3, 12).Draw(t, "assignments") {
		p.Assignments = append(p.Assignments, drawAssignment(t, fmt.Sprintf("asg %d", i), p))
	}
	return p
}

// drawEdit is a change that fits the policy.
func drawEdit(t *rapid.T, s *rbac.Snapshot) rbac.Edit {
	p := s.Policy()
	kinds := []string{"user", "group", "role", "assignment", "devices", "switch", "activation", "revision", "rename devices", "rename group", "ceiling", "remove user", "remove group", "remove role", "remove assignment"}
	switch one(t, "edit", kinds) {
	case "user":
		return rbac.PutUser{User: drawUser(t, one(t, "which", append(slices.Clone(someUsers), "eve@contoso.example")))}
	case "group":
		members := []string{}
		for _, u := range p.Users {
			if rapid.Bool().Draw(t, "member") {
				members = append(members, u.Name)
			}
		}
		return rbac.PutGroup{Group: rbac.Group{Name: one(t, "which", append(slices.Clone(someGroups), "night")), Members: members}}
	case "role":
		r := drawRole(t, fmt.Sprintf("role %d", rapid.IntRange(0, 6).Draw(t, "which")))
		return rbac.PutRole{Role: r}
	case "assignment":
		if len(p.Users) == 0 {
			return rbac.SetRevision{Revision: 3}
		}
		return rbac.PutAssignment{Assignment: drawAssignment(t, fmt.Sprintf("asg %d", rapid.IntRange(0, 9).Draw(t, "which")), p)}
	case "devices":
		var groups []string
		for _, g := range p.Groups {
			groups = append(groups, g.Name)
		}
		return rbac.SetDeviceGroups{DeviceGroups: drawDeviceGroups(t, groups)}
	case "switch":
		return rbac.SetEndpointRoles{On: rapid.Bool().Draw(t, "on")}
	case "activation":
		return rbac.SetActivation{Workload: one(t, "where", rbac.Workloads), Activation: one(t, "state", []rbac.Activation{rbac.Off, rbac.Shadow, rbac.On})}
	case "rename devices":
		for _, name := range someDGs {
			if _, ok := s.DeviceGroupID(name); ok {
				if _, taken := s.DeviceGroupID("Night shift"); !taken {
					return rbac.RenameDeviceGroup{Name: name, To: "Night shift"}
				}
			}
		}
	case "rename group":
		if _, taken := s.Group("Night watch"); !taken && len(p.Groups) > 0 {
			return rbac.RenameGroup{From: one(t, "which", p.Groups).Name, To: "Night watch"}
		}
	case "ceiling":
		if len(p.Users) == 0 {
			return rbac.SetRevision{Revision: 4}
		}
		c := rbac.Ceiling{Name: one(t, "which", []string{"low", "lower"}), Users: []string{one(t, "binds", p.Users).Name}, DeviceGroups: drawBound(t, "device groups", names(p.DeviceGroups))}
		for _, g := range some(t, "binds", p.Groups) {
			c.Groups = append(c.Groups, g.Name)
		}
		for _, g := range some(t, "assignable", p.Groups) {
			c.AssignableGroups.Of = append(c.AssignableGroups.Of, g.Name)
		}
		return rbac.PutCeiling{Ceiling: c}
	case "remove user":
		if len(p.Users) > 1 {
			return rbac.RemoveUser{Name: one(t, "which", p.Users).Name}
		}
	case "remove group":
		if len(p.Groups) > 0 {
			return rbac.RemoveGroup{Name: one(t, "which", p.Groups).Name}
		}
	case "remove role":
		if len(p.Roles) > 0 {
			return rbac.RemoveRole{Role: one(t, "which", p.Roles).Ref()}
		}
	case "remove assignment":
		if len(p.Assignments) > 0 {
			return rbac.RemoveAssignment{ID: one(t, "which", p.Assignments).ID}
		}
	}
	return rbac.SetRevision{Revision: 2}
}

func names(groups []rbac.DeviceGroup) []string {
	var list []string
	for _, g := range groups {
		list = append(list, g.Name)
	}
	return list
}

// resources are all the things that the tests ask about.
func resources(s *rbac.Snapshot) []rbac.Resource {
	var list []rbac.Resource
	for w := rbac.Endpoint; w <= rbac.Other; w++ {
		list = append(list, rbac.Resource{Workloads: []rbac.Workload{w}})
	}
	endpoint := []rbac.Workload{rbac.Endpoint}
	list = append(list,
		rbac.Resource{Workloads: endpoint, Somewhere: true},
		rbac.Resource{Workloads: endpoint, DeviceGroups: []string{"no such group"}},
		rbac.Resource{Workloads: []rbac.Workload{rbac.Office365, rbac.CloudApps}},
		rbac.Resource{},
	)
	groups := s.DeviceGroups()
	for i, g := range groups {
		next := groups[(i+1)%len(groups)].Name
		list = append(list,
			rbac.Resource{Workloads: endpoint, DeviceGroups: []string{g.Name}},
			rbac.Resource{Workloads: endpoint, DeviceGroups: []string{g.Name}, EveryGroup: true},
			rbac.Resource{Workloads: []rbac.Workload{rbac.Identity, rbac.Endpoint}, DeviceGroups: []string{g.Name, next}},
			rbac.Resource{Workloads: endpoint, AllOf: []string{g.Name, next}},
			rbac.Resource{Workloads: endpoint, DeviceGroups: []string{g.Name}, AllOf: []string{next}},
			rbac.Resource{Workloads: endpoint, AllOf: []string{g.Name}, EveryGroup: true},
			rbac.Resource{Workloads: endpoint, DeviceGroups: []string{g.Name}, AllOf: []string{"no such group"}},
		)
	}
	return list
}

// eachQuestion asks everything there is to ask.
func eachQuestion(s *rbac.Snapshot, f func(rbac.Request)) {
	principals := append(slices.Clone(someUsers), "eve@contoso.example", "nobody@contoso.example", "group:tier1", "group:none")
	for _, principal := range principals {
		for _, c := range rbac.Capabilities {
			for _, r := range resources(s) {
				f(rbac.Request{Principal: principal, Capability: c, Resource: r, At: noon})
			}
		}
	}
}
