package rbac

import (
	"cmp"
	"slices"
	"time"
)

// Breach is one way in which a change goes beyond a ceiling.
type Breach struct {
	Ceiling  string
	Kind     BreachKind
	Workload Workload // of a role
	Name     string   // the permission, device group, group or user
}

// BreachKind tells which bound does not leave it.
type BreachKind string

// The kinds of breach.
const (
	BreachWorkload    BreachKind = "workload"
	BreachPermission  BreachKind = "permission"
	BreachDeviceGroup BreachKind = "device-group"
	BreachPrincipal   BreachKind = "principal"
	BreachChange      BreachKind = "change" // nobody whom a ceiling binds may do this at all
)

// Breaches is how edits, made by actor on before, go beyond the ceilings that bind the actor. after is before with the
// edits. What a change takes away must be within a ceiling too: it is the part of the centre that one may change.
func Breaches(before, after *Snapshot, edits []Edit, actor string, at time.Time) []Breach {
	var list []Breach
	before = before.Renamed(edits)
	for _, c := range before.CeilingsOf(actor, at) {
		b := breaches{ceiling: c, before: before, after: after}
		for _, e := range edits {
			b.edit(e)
		}
		list = append(list, b.found...)
	}
	slices.SortFunc(list, func(a, b Breach) int {
		return cmp.Or(cmp.Compare(a.Ceiling, b.Ceiling), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Name, b.Name))
	})
	return slices.Compact(list)
}

type breaches struct {
	ceiling       Ceiling
	before, after *Snapshot
	found         []Breach
}

func (b *breaches) add(kind BreachKind, w Workload, name string) {
	b.found = append(b.found, Breach{b.ceiling.Name, kind, w, name})
}

// edit looks at one edit. One that this list does not know is beyond every ceiling.
func (b *breaches) edit(e Edit) {
	switch e := e.(type) {
	case SetRevision:
	case PutRole:
		b.changedRole(e.Role.Ref(), e.Role.Permissions)
	case RemoveRole:
		b.changedRole(e.Role, nil)
	case PutAssignment:
		b.assignment(b.after, e.Assignment)
		if old, ok := b.before.Assignment(e.Assignment.ID); ok {
			b.assignment(b.before, old)
		}
	case RemoveAssignment:
		if old, ok := b.before.Assignment(e.ID); ok {
			b.assignment(b.before, old)
		}
	case PutGroup:
		b.principal("", e.Group.Name)
		if old, ok := b.before.Group(e.Group.Name); ok && !sameSet(old.Members, e.Group.Members) {
			b.handed(b.before.holding("", e.Group.Name))
		}
	case RemoveGroup:
		b.principal("", e.Name)
		b.handed(b.before.holding("", e.Name))
	case PutUser:
		b.principal(e.User.Name, "")
		if old, ok := b.before.User(e.User.Name); ok && (old.Disabled != e.User.Disabled || !old.NotAfter.Equal(e.User.NotAfter)) {
			b.handed(b.before.holding(e.User.Name, ""))
		}
	case RemoveUser:
		b.principal(e.Name, "")
		b.handed(b.before.holding(e.Name, ""))
	case SetDeviceGroups:
		b.deviceGroups()
	case RenameDeviceGroup:
		if !b.ceiling.DeviceGroups.Has(e.To) { // the ceiling is under the new names
			b.add(BreachDeviceGroup, Endpoint, e.Name)
		}
	case RenameGroup:
		b.principal("", e.To) // the ceiling is under the new names
	default:
		b.add(BreachChange, NoWorkload, editName(e))
	}
}

// changedRole looks at a role as it was and as it will be, with all who have it: they gain and lose with it.
func (b *breaches) changedRole(ref RoleRef, permissions []string) {
	b.role(ref, permissions)
	if old, ok := b.before.Role(ref); ok && !slices.Equal(old.Permissions, permissions) {
		b.handed(b.before.AssignmentsOf(ref))
	}
}

// role looks at what a role holds, and at permissions that it is to hold besides.
func (b *breaches) role(ref RoleRef, more []string) {
	if ref.Workload == Unified {
		b.sources(ref)
	} else if !b.ceiling.Workloads.Has(ref.Workload) {
		b.add(BreachWorkload, ref.Workload, ref.Workload.String())
	}
	r, ok := b.before.Role(ref)
	if !ok {
		r, _ = b.after.Role(ref)
	}
	for _, name := range slices.Concat(r.Permissions, more) {
		if !b.leaves(ref.Workload, name) {
			b.add(BreachPermission, ref.Workload, name)
		}
	}
}

// leaves tells whether the ceiling leaves a permission: by its name, or as part of one that includes it.
func (b *breaches) leaves(w Workload, name string) bool {
	if b.ceiling.Permissions.Has(Qualified(w, name)) {
		return true
	}
	for _, p := range b.before.meaning.permissions {
		if p.Workload == w && slices.Contains(p.Includes, name) && b.ceiling.Permissions.Has(Qualified(w, p.Name)) {
			return true
		}
	}
	return false
}

// sources looks at the data sources for which a unified role is given, before and after. All of them are beyond every
// bound: more may come.
func (b *breaches) sources(ref RoleRef) {
	for _, a := range slices.Concat(b.before.AssignmentsOf(ref), b.after.AssignmentsOf(ref)) {
		if a.Sources.All && !b.ceiling.Workloads.All {
			b.add(BreachWorkload, Unified, "all data sources")
		}
		for _, w := range a.Sources.List() {
			if !b.ceiling.Workloads.Has(w) {
				b.add(BreachWorkload, w, w.String())
			}
		}
	}
}

// assignment looks at whom a role is given to, and what it reaches on the side that has it.
func (b *breaches) assignment(s *Snapshot, a Assignment) {
	b.principal(a.User, a.Group)
	b.role(a.Role, nil)
	if !a.inEndpoint() || b.ceiling.DeviceGroups.All {
		return
	}
	reach := s.reachOf(a)
	for n, g := range s.devices.list {
		if reach.has(id(n)) && !b.ceiling.DeviceGroups.Has(g.Name) {
			b.add(BreachDeviceGroup, Endpoint, g.Name)
		}
	}
}

// handed looks at assignments that a person comes to or loses by joining, leaving, being let in or shut out.
func (b *breaches) handed(list []Assignment) {
	for _, a := range list {
		b.assignment(b.before, a)
	}
}

// holding are the assignments of a group; of a user, their own and those of their groups.
func (s *Snapshot) holding(user, group string) []Assignment {
	var holders []id
	if i, ok := s.userNames.find(user); ok && user != "" {
		holders = s.people.at(i).holders()
	} else if h, ok := s.groupNames.find(fold(group)); ok && group != "" {
		holders = []id{h}
	}
	var list []Assignment
	for _, h := range holders {
		for _, a := range (*s.holders.at(h)).assignments {
			list = append(list, (*s.assignments.at(a)).Assignment)
		}
	}
	return list
}

// reachOf is where an endpoint assignment reaches.
func (s *Snapshot) reachOf(a Assignment) bitset {
	i, ok := s.assignmentNames.find(a.ID)
	if !ok {
		return nil
	}
	h := *s.holders.at((*s.assignments.at(i)).holder)
	r := h.reaches[slices.Index(h.assignments, i)]
	if r.every {
		return s.devices.all
	}
	return r.bits
}

// principal looks at who is given something, or changed. A person may be anybody: they are left to those whom no
// bound of groups holds.
func (b *breaches) principal(user, group string) {
	switch {
	case b.ceiling.AssignableGroups.All:
	case user != "":
		b.add(BreachPrincipal, NoWorkload, user)
	case !b.ceiling.AssignableGroups.Has(group):
		b.add(BreachPrincipal, NoWorkload, groupPrefix+group)
	}
}

// deviceGroups looks at each device group that may get or lose devices - all from the first changed rule on, in rank
// order - or whose access, openness or level changes; and at every role that reaches one of them.
func (b *breaches) deviceGroups() {
	if !b.ceiling.Workloads.Has(Endpoint) {
		b.add(BreachWorkload, Endpoint, Endpoint.String())
	}
	was, is := b.before.devices.list, b.after.devices.list
	from := firstMoved(was, is)
	touched, all := map[string]bool{}, map[string]bool{} // all: whoever reaches it gains or loses by it
	for _, g := range was[from:] {
		touched[g.Name], all[g.Name] = true, true
	}
	for n, g := range is {
		var o DeviceGroup
		if old := slices.IndexFunc(was, func(o DeviceGroup) bool { return o.Name == g.Name }); old >= 0 {
			o = was[old]
		}
		if n >= from || o.Open != g.Open {
			touched[g.Name], all[g.Name] = true, true
		}
		if o.Remediation != g.Remediation || o.Description != g.Description {
			touched[g.Name] = true
		}
		for _, name := range slices.Concat(notIn(o.Access, g.Access), notIn(g.Access, o.Access)) {
			touched[g.Name] = true
			b.principal("", name)
			for _, a := range b.before.holding("", name) {
				if a.inEndpoint() {
					b.role(a.Role, nil)
				}
			}
		}
	}
	for name := range touched {
		if !b.ceiling.DeviceGroups.Has(name) {
			b.add(BreachDeviceGroup, Endpoint, name)
		}
	}
	b.reaching(b.before, all)
	b.reaching(b.after, all)
}

// reaching looks at the roles of the assignments that reach one of the device groups.
func (b *breaches) reaching(s *Snapshot, touched map[string]bool) {
	if b.ceiling.Permissions.All {
		return
	}
	some := newBitset(len(s.devices.list))
	for n, g := range s.devices.list {
		if touched[g.Name] {
			some.set(id(n))
		}
	}
	for i := range s.assignments.len {
		a := *s.assignments.at(i)
		if a == nil || !a.inEndpoint() {
			continue
		}
		for n, w := range s.reachOf(a.Assignment) {
			if w&some[n] != 0 {
				b.role(a.Role, nil)
				break
			}
		}
	}
}

func sameSet(a, b []string) bool { return len(notIn(a, b)) == 0 && len(notIn(b, a)) == 0 }

// notIn are the names of a that b does not have.
func notIn(a, b []string) []string {
	var list []string
	for _, name := range a {
		if !slices.Contains(b, name) {
			list = append(list, name)
		}
	}
	return list
}

func editName(e Edit) string {
	switch e.(type) {
	case SetEndpointRoles:
		return RolesSwitch
	case SetActivation:
		return ActivationSwitch
	case PutCeiling, RemoveCeiling:
		return DelegationCeilings
	}
	return "this"
}
