package imports

import (
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// here is a policy by the keys of objects: made once, because each object asks.
type here struct {
	*rbac.Snapshot
	groups       map[string]rbac.Group
	deviceGroups map[string]rbac.DeviceGroup
	roles        map[string]rbac.Role
	assignments  map[string][]rbac.Assignment
}

func index(s *rbac.Snapshot) *here {
	h := &here{s, map[string]rbac.Group{}, map[string]rbac.DeviceGroup{}, map[string]rbac.Role{}, map[string][]rbac.Assignment{}}
	for _, g := range s.Groups() {
		h.groups[fold(g.Name)] = g
	}
	for _, g := range s.DeviceGroups() {
		h.deviceGroups[fold(g.Name)] = g
	}
	for _, r := range s.Roles() {
		h.roles[roleKey(r.Workload, r.Name)] = r
		for _, a := range s.AssignmentsOf(r.Ref()) {
			key := assignmentKey(stateOf(a))
			h.assignments[key] = append(h.assignments[key], a)
		}
	}
	return h
}

// state finds what the policy has of an object, in the form of the exports. like tells which of several assignments is meant.
func (h *here) state(k Kind, key string, like State) (State, bool) {
	switch k {
	case KindUser:
		u, ok := h.User(key)
		return State{Name: u.Name, DisplayName: u.DisplayName, Disabled: u.Disabled, GlobalRoles: u.GlobalRoles, Times: times(time.Time{}, u.NotAfter)}, ok
	case KindGroup:
		g, ok := h.groups[key]
		return State{Name: g.Name, Description: g.Description, Members: g.Members}, ok
	case KindDeviceGroup:
		g, ok := h.deviceGroups[key]
		state := State{Name: g.Name, Description: g.Description, Remediation: g.Remediation, Access: g.Access, Open: g.Open}
		if g.Name != rbac.UngroupedDevices {
			state.Match = &g.Match
		}
		return state, ok
	case KindRanks:
		wanted := map[string]string{}
		for _, name := range like.Ranks {
			wanted[fold(name)] = name
		}
		var names []string
		for _, g := range h.DeviceGroups() {
			if name, ok := wanted[fold(g.Name)]; ok {
				names = append(names, name)
			}
		}
		return State{Ranks: names}, len(names) > 0
	case KindRole:
		r, ok := h.roles[key]
		return State{Workload: r.Workload, Name: r.Name, Description: r.Description, Permissions: r.Permissions}, ok
	case KindAssignment:
		var found State
		any := false
		for _, a := range h.assignments[key] {
			state := stateOf(a)
			if !any || state.Text() == like.Text() {
				found, any = state, true
			}
		}
		return found, any
	}
	return State{}, false
}

// groupName is a group's name as it is spelt here.
func (h *here) groupName(name string) string {
	if g, ok := h.groups[fold(name)]; ok {
		return g.Name
	}
	return name
}

func stateOf(a rbac.Assignment) State {
	s := State{Workload: a.Role.Workload, Name: a.Role.Name, User: a.User, Group: a.Group, Scoped: !a.Scope.All, Scope: a.Scope.DeviceGroups,
		DisplayName: a.Name, Description: a.Description, Times: times(a.NotBefore, a.NotAfter)}
	if a.Sources != (rbac.Sources{}) {
		sources := a.Sources
		s.Sources = &sources
	}
	return s
}

func times(from, until time.Time) string {
	if from.IsZero() && until.IsZero() {
		return ""
	}
	return from.UTC().Format(time.RFC3339) + "/" + until.UTC().Format(time.RFC3339)
}
