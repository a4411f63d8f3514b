package rbac

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// UserID is a user's number within a snapshot and those made from it by With.
type UserID uint32

// DeviceGroupID is a device group's number: its rank within one snapshot.
type DeviceGroupID uint32

// WholeWorkload asks about every device group at once (S17).
const WholeWorkload DeviceGroupID = math.MaxUint32

// UserID finds a user's number.
func (s *Snapshot) UserID(name string) (UserID, bool) {
	i, ok := s.userNames.find(name)
	if !ok || s.people.at(i).flags()&personGone != 0 {
		return 0, false
	}
	return UserID(i), true
}

// DeviceGroupID finds a device group's number.
func (s *Snapshot) DeviceGroupID(name string) (DeviceGroupID, bool) {
	i, ok := s.devices.ids[name]
	return DeviceGroupID(i), ok
}

// Revision is the policy revision it was made from.
func (s *Snapshot) Revision() int64 { return s.revision }

// Catalog is the catalogue it was compiled with.
func (s *Snapshot) Catalog() *Catalog { return s.meaning.catalog }

// EndpointRoles tells whether the endpoint roles switch is on (S5).
func (s *Snapshot) EndpointRoles() bool { return s.endpointRoles }

// DeviceGroups are in rank order. The slice is shared: read only.
func (s *Snapshot) DeviceGroups() []DeviceGroup { return s.devices.list }

// User finds a user by name.
func (s *Snapshot) User(name string) (User, bool) {
	if i, ok := s.userNames.find(name); ok {
		if u := s.users.at(i).user; u != nil {
			return *u, true
		}
	}
	return User{}, false
}

// Group finds a group by its name as spelt.
func (s *Snapshot) Group(name string) (Group, bool) {
	if h := s.group(name); h != nil {
		return *h.group, true
	}
	return Group{}, false
}

func (s *Snapshot) group(name string) *holder {
	if i, ok := s.groupNames.find(fold(name)); ok {
		if h := *s.holders.at(i); h.group != nil && h.group.Name == name {
			return h
		}
	}
	return nil
}

// Role finds a role, of the policy or of the catalogue.
func (s *Snapshot) Role(ref RoleRef) (Role, bool) {
	if r := s.role(ref); r != nil {
		return r.Role, true
	}
	return Role{}, false
}

func (s *Snapshot) role(ref RoleRef) *role {
	if i, ok := s.roleNames.find(RoleRef{ref.Workload, fold(ref.Name)}); ok {
		if r := *s.roles.at(i); r.Name == ref.Name {
			return r
		}
	}
	return nil
}

// Roles are all roles, the catalogue's included, by workload and name.
func (s *Snapshot) Roles() []Role {
	var list []Role
	for i := range s.roles.len {
		if r := *s.roles.at(i); r.Name != "" {
			list = append(list, r.Role)
		}
	}
	slices.SortFunc(list, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// RoleOpens is what a role opens by its permissions, switch and activation aside, in the table's order.
func (s *Snapshot) RoleOpens(r Role) []Opened {
	opens, err := s.meaning.roleWord(r)
	if err != nil {
		return nil
	}
	return opens.opened()
}

// Assignment finds an assignment by id.
func (s *Snapshot) Assignment(assignmentID string) (Assignment, bool) {
	if i, ok := s.assignmentNames.find(assignmentID); ok {
		if a := *s.assignments.at(i); a != nil {
			return a.Assignment, true
		}
	}
	return Assignment{}, false
}

// AssignmentsOf are the assignments of a role, by id.
func (s *Snapshot) AssignmentsOf(ref RoleRef) []Assignment {
	var list []Assignment
	if r := s.role(ref); r != nil {
		for _, i := range r.assignments {
			list = append(list, (*s.assignments.at(i)).Assignment)
		}
	}
	slices.SortFunc(list, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// AssignmentsIn are the assignments of a set, by id.
func (s *Snapshot) AssignmentsIn(set string) []Assignment {
	var list []Assignment
	for i := range s.assignments.len {
		if a := *s.assignments.at(i); a != nil && a.Set == set && set != "" {
			list = append(list, a.Assignment)
		}
	}
	slices.SortFunc(list, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// GroupsOf are the names of a user's groups, sorted.
func (s *Snapshot) GroupsOf(user string) []string {
	var list []string
	if i, ok := s.userNames.find(user); ok {
		for _, h := range s.people.at(i).holders() {
			if g := (*s.holders.at(h)).group; g != nil {
				list = append(list, g.Name)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Policy gives the policy back as values, each kind sorted by name, device groups in rank order.
func (s *Snapshot) Policy() Policy {
	p := Policy{Revision: s.revision, EndpointRoles: s.endpointRoles, Activation: s.activation, DeviceGroups: slices.Clone(s.devices.list), Ceilings: slices.Clone(s.ceilings)}
	for i := range s.users.len {
		if u := s.users.at(i).user; u != nil {
			p.Users = append(p.Users, *u)
		}
	}
	for i := range s.holders.len {
		if h := *s.holders.at(i); h.group != nil {
			p.Groups = append(p.Groups, *h.group)
		}
	}
	for i := range s.roles.len {
		if r := *s.roles.at(i); r.Name != "" && r.Kind != DefaultRole && r.Kind != BuiltInRole {
			p.Roles = append(p.Roles, r.Role)
		}
	}
	for i := range s.assignments.len {
		if a := *s.assignments.at(i); a != nil {
			p.Assignments = append(p.Assignments, a.Assignment)
		}
	}
	slices.SortFunc(p.Users, func(a, b User) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(p.Groups, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(p.Roles, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(p.Assignments, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return p
}

// Groups are all groups, by name.
func (s *Snapshot) Groups() []Group {
	var list []Group
	for i := range s.holders.len {
		if h := *s.holders.at(i); h.group != nil {
			list = append(list, *h.group)
		}
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// Users are all users, by name.
func (s *Snapshot) Users() []User {
	var list []User
	for i := range s.users.len {
		if u := s.users.at(i).user; u != nil {
			list = append(list, *u)
		}
	}
	slices.SortFunc(list, func(a, b User) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// GlobalRoleMembers are the users who have a global role, by name, those who may do nothing at present included.
func (s *Snapshot) GlobalRoleMembers(name string) []User {
	var list []User
	if h, ok := s.globals[name]; ok {
		for _, u := range (*s.holders.at(h)).members {
			list = append(list, *s.users.at(u).user)
		}
	}
	slices.SortFunc(list, func(a, b User) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// HoldersOf are the users who have a role at a moment: each with the groups by which they have it, none if directly.
func (s *Snapshot) HoldersOf(ref RoleRef, moment time.Time) map[string][]string {
	return s.HoldersBy(s.AssignmentsOf(ref), moment)
}

// HoldersBy are the users who have something by these assignments at a moment, as in HoldersOf.
func (s *Snapshot) HoldersBy(assignments []Assignment, moment time.Time) map[string][]string {
	at, found := instant(moment), map[string][]string{}
	for _, given := range assignments {
		aID, ok := s.assignmentNames.find(given.ID)
		if !ok || *s.assignments.at(aID) == nil {
			continue
		}
		a := *s.assignments.at(aID)
		if from, until := a.window(); at < from || at >= until {
			continue
		}
		for _, u := range (*s.holders.at(a.holder)).members {
			name := s.users.at(u).user.Name
			if a.Group != "" && !slices.Contains(found[name], a.Group) {
				found[name] = append(found[name], a.Group)
			} else if a.Group == "" && found[name] == nil {
				found[name] = []string{}
			}
		}
	}
	return found
}

// ReachOf is where an assignment reaches now: everywhere, or on these device groups. Outside endpoint it is
// everywhere; of a unified role it is what is reached in endpoint, if that is among its data sources.
func (s *Snapshot) ReachOf(assignmentID string) (everywhere bool, deviceGroups []string) {
	i, ok := s.assignmentNames.find(assignmentID)
	if !ok || *s.assignments.at(i) == nil {
		return false, nil
	}
	h := *s.holders.at((*s.assignments.at(i)).holder)
	for n, aID := range h.assignments {
		if aID == i {
			return h.reaches[n].every, h.reaches[n].list(s.devices)
		}
	}
	return false, nil
}
