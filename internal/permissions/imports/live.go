package imports

import (
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// live finds what the policy has of an object, in the form of the exports. like tells which of several assignments is meant.
func live(s *rbac.Snapshot, k Kind, key string, like State) (State, bool) {
	switch k {
	case KindUser:
		u, ok := s.User(key)
		return State{Name: u.Name, DisplayName: u.DisplayName, Disabled: u.Disabled, GlobalRoles: u.GlobalRoles, Times: times(time.Time{}, u.NotAfter)}, ok
	case KindGroup:
		for _, g := range s.Groups() {
			if fold(g.Name) == key {
				return State{Name: g.Name, Description: g.Description, Members: g.Members}, true
			}
		}
	case KindDeviceGroup:
		for _, g := range s.DeviceGroups() {
			if fold(g.Name) == key {
				state := State{Name: g.Name, Description: g.Description, Remediation: g.Remediation, Access: g.Access, Open: g.Open}
				if g.Name != rbac.UngroupedDevices {
					m := g.Match
					state.Match = &m
				}
				return state, true
			}
		}
	case KindRanks:
		var names []string
		for _, g := range s.DeviceGroups() {
			for _, name := range like.Ranks {
				if fold(name) == fold(g.Name) {
					names = append(names, name)
				}
			}
		}
		return State{Ranks: names}, len(names) > 0
	case KindRole:
		if r, ok := roleOf(s, key); ok {
			return State{Workload: r.Workload, Name: r.Name, Description: r.Description, Permissions: r.Permissions}, true
		}
	case KindAssignment:
		var found State
		any := false
		for _, a := range assignmentsOf(s, key) {
			state := stateOf(a)
			if !any || state.Text() == like.Text() {
				found, any = state, true
			}
		}
		return found, any
	}
	return State{}, false
}

func roleOf(s *rbac.Snapshot, key string) (rbac.Role, bool) {
	for _, r := range s.Roles() {
		if roleKey(r.Workload, r.Name) == key {
			return r, true
		}
	}
	return rbac.Role{}, false
}

// assignmentsOf are those of the key's role to its principal.
func assignmentsOf(s *rbac.Snapshot, key string) []rbac.Assignment {
	name, _, _ := strings.Cut(key, " to ")
	r, ok := roleOf(s, name)
	if !ok {
		// The role's own name may have " to " in it.
		for _, r = range s.Roles() {
			if ok = strings.HasPrefix(key, roleKey(r.Workload, r.Name)+" to "); ok {
				break
			}
		}
	}
	var list []rbac.Assignment
	if ok {
		for _, a := range s.AssignmentsOf(r.Ref()) {
			if assignmentKey(stateOf(a)) == key {
				list = append(list, a)
			}
		}
	}
	return list
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
