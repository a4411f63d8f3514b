package imports

import (
	"encoding/json"
	"slices"

	"github.com/bailiwick/bailiwick/rbac"
)

func readState(text string) State {
	var s State
	_ = json.Unmarshal([]byte(text), &s) // we wrote it; what can't be read is empty, and equals nothing
	return s
}

func roleOfAssignment(_ string, s State) string { return roleKey(s.Workload, s.Name) }

func titleOf(k Kind, s State) string {
	switch k {
	case KindRole:
		return role(s, Place{}).Title
	case KindAssignment:
		return assignment(s, Place{}).Title
	}
	return s.Name
}

// sameOrder tells whether what both name stands in the same order.
func sameOrder(a, b string) bool {
	x, y := readState(a).Ranks, readState(b).Ranks
	both := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return !slices.Contains(other, name) })
	}
	return slices.Equal(both(x, y), both(y, x))
}

// edit makes the edits of the steps: what is needed by others first, and away with them last.
func (p *planner) edit() {
	done := func(k Kind, actions ...Action) []Step {
		return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Kind != k || !slices.Contains(actions, s.Action) })
	}
	add := func(e rbac.Edit) { p.Edits = append(p.Edits, e) }
	for _, s := range done(KindUser, Create, Update) {
		u, _ := p.live.User(s.state.Name)
		u.Name, u.DisplayName, u.Disabled, u.GlobalRoles = fold(s.state.Name), s.state.DisplayName, s.state.Disabled, s.state.GlobalRoles
		add(rbac.PutUser{User: u})
	}
	for _, s := range done(KindGroup, Create, Update) {
		add(rbac.PutGroup{Group: rbac.Group{Name: s.state.Name, Description: s.state.Description, Members: s.state.Members}})
	}
	if list, changed := p.deviceGroups(done); changed {
		add(rbac.SetDeviceGroups{DeviceGroups: list})
	}
	for _, s := range done(KindRole, Create, Update) {
		r, known := p.live.roles[roleKey(s.state.Workload, s.state.Name)]
		if !known {
			r = rbac.Role{ID: p.o.NewID("rol"), Workload: s.state.Workload, Name: s.state.Name}
		}
		r.Kind, r.Description, r.Permissions = rbac.ImportedRole, s.state.Description, s.state.Permissions
		add(rbac.PutRole{Role: r})
	}
	for _, s := range done(KindAssignment, Remove) {
		for _, a := range p.live.assignments[assignmentKey(s.state)] {
			add(rbac.RemoveAssignment{ID: a.ID})
		}
	}
	sets := map[string]string{}
	for _, s := range done(KindAssignment, Create, Update) {
		add(rbac.PutAssignment{Assignment: p.assignment(s.state, sets)})
	}
	for _, s := range done(KindRole, Remove) {
		add(rbac.RemoveRole{Role: rbac.RoleRef{Workload: s.state.Workload, Name: s.state.Name}})
	}
	for _, s := range done(KindGroup, Remove) {
		add(rbac.RemoveGroup{Name: s.state.Name})
	}
	for _, s := range done(KindUser, Remove) {
		add(rbac.RemoveUser{Name: s.state.Name})
	}
}

// assignment keeps the id of the one that is there. Those of a unified role that bear one name are one set, as in its product.
func (p *planner) assignment(s State, sets map[string]string) rbac.Assignment {
	a := rbac.Assignment{ID: p.o.NewID("asg"), Role: rbac.RoleRef{Workload: s.Workload, Name: s.Name}}
	if list := p.live.assignments[assignmentKey(s)]; len(list) > 0 {
		a = list[0]
	} else if r, ok := p.live.roles[roleKey(s.Workload, s.Name)]; ok {
		a.Role = r.Ref()
	}
	a.User, a.Group, a.Name, a.Description = s.User, s.Group, s.DisplayName, s.Description
	a.Scope = rbac.Scope{All: !s.Scoped, DeviceGroups: s.Scope}
	if s.Group != "" {
		a.Group = p.live.groupName(s.Group)
	}
	if s.Sources != nil {
		a.Sources = *s.Sources
		key := roleKey(s.Workload, s.Name) + "/" + fold(s.DisplayName)
		if sets[key] == "" {
			if sets[key] = a.Set; a.Set == "" {
				sets[key] = p.o.NewID("set")
			}
		}
		a.Set = sets[key]
	}
	return a
}

// deviceGroups changes those of the import, in the order that it has them; those of here keep their places between.
func (p *planner) deviceGroups(done func(Kind, ...Action) []Step) ([]rbac.DeviceGroup, bool) {
	list := slices.Clone(p.live.DeviceGroups())
	changed := false
	removed := done(KindDeviceGroup, Remove)
	list = slices.DeleteFunc(list, func(g rbac.DeviceGroup) bool {
		gone := slices.ContainsFunc(removed, func(s Step) bool { return s.state.Name == g.Name })
		changed = changed || gone
		return gone
	})
	for _, s := range done(KindDeviceGroup, Create, Update) {
		changed = true
		g := rbac.DeviceGroup{Name: s.state.Name, Description: s.state.Description, Remediation: s.state.Remediation, Open: s.state.Open}
		for _, name := range s.state.Access {
			g.Access = append(g.Access, p.live.groupName(name))
		}
		if s.state.Match != nil {
			g.Match = *s.state.Match
		}
		if at := slices.IndexFunc(list, func(l rbac.DeviceGroup) bool { return fold(l.Name) == fold(g.Name) }); at >= 0 {
			list[at] = g
		} else {
			list = slices.Insert(list, len(list)-1, g) // before those that no rule matches
		}
	}
	for _, s := range append(done(KindRanks, Create, Update), done(KindRanks, Same)...) {
		if ordered := inOrder(list, s.state.Ranks); !slices.EqualFunc(ordered, list, func(a, b rbac.DeviceGroup) bool { return a.Name == b.Name }) {
			list, changed = ordered, true
		}
	}
	return list, changed
}

// inOrder puts the named into the places that they have together, in the order of the names.
func inOrder(list []rbac.DeviceGroup, names []string) []rbac.DeviceGroup {
	place := map[string]int{}
	for i, name := range names {
		place[fold(name)] = i
	}
	var at []int
	var named []rbac.DeviceGroup
	for i, g := range list {
		if _, ok := place[fold(g.Name)]; ok {
			at = append(at, i)
			named = append(named, g)
		}
	}
	slices.SortStableFunc(named, func(a, b rbac.DeviceGroup) int { return place[fold(a.Name)] - place[fold(b.Name)] })
	ordered := slices.Clone(list)
	for i, g := range named {
		ordered[at[i]] = g
	}
	return ordered
}
