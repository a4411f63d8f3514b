package rbac

import (
	"fmt"
	"math"
	"slices"
)

// putPolicyRole puts a role of the policy: one that the catalogue has can't be replaced.
func (d *draft) putPolicyRole(r Role) error {
	if err := checkName("role", r.Name); err != nil {
		return err
	}
	if (r.Workload < Endpoint || r.Workload > Identity) && r.Workload != Unified {
		return fmt.Errorf("role %q: has no workload", r.Name)
	}
	if r.Kind != CustomRole && r.Kind != ImportedRole {
		return fmt.Errorf("role %q: %s roles come with the product", r.Name, r.Kind)
	}
	if i, ok := d.roleNames.find(RoleRef{r.Workload, fold(r.Name)}); ok {
		if known := *d.roles.at(i); known.Kind == DefaultRole || known.Kind == BuiltInRole {
			return fmt.Errorf("role %q of %s: comes with the product and can't be changed", known.Name, r.Workload)
		}
	}
	return d.putRole(r)
}

func (d *draft) putRole(r Role) error {
	opens, err := d.meaning.roleWord(r)
	if err != nil {
		return err
	}
	key := RoleRef{r.Workload, fold(r.Name)}
	i, known := d.roleNames.find(key)
	if !known {
		i = d.roles.add(d.token, &role{owner: d.token})
		d.roleNames.add(d.token, key, i)
	}
	w := d.role_(i)
	if w.Name != "" && w.Name != r.Name {
		return fmt.Errorf("role %q of %s: there is one named %q", r.Name, r.Workload, w.Name)
	}
	w.Role, w.opens = r, opens
	for _, a := range w.assignments {
		d.dirty[(*d.assignments.at(a)).holder] = true
	}
	return nil
}

// role_ gives a role that the draft may write.
func (d *draft) role_(i id) *role {
	r := *d.roles.at(i)
	if r.owner != d.token {
		c := *r
		c.owner = d.token
		c.assignments = slices.Clone(r.assignments)
		r = &c
		*d.roles.mut(d.token, i) = r
	}
	return r
}

func (d *draft) removeRole(ref RoleRef) error {
	r := d.role(ref)
	if r == nil {
		return fmt.Errorf("remove role %q of %s: unknown", ref.Name, ref.Workload)
	}
	if r.Kind == DefaultRole || r.Kind == BuiltInRole {
		return fmt.Errorf("remove role %q of %s: comes with the product", ref.Name, ref.Workload)
	}
	for _, a := range slices.Clone(r.assignments) {
		d.dropAssignment(a)
	}
	i, _ := d.roleNames.find(RoleRef{ref.Workload, fold(ref.Name)})
	w := d.role_(i)
	w.Role, w.opens = Role{}, 0
	return nil
}

func (d *draft) putAssignment(given Assignment) error {
	if given.ID == "" {
		return fmt.Errorf("assignment of %q: has no id", given.Role.Name)
	}
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("assignment %q of role %q: %s", given.ID, given.Role.Name, fmt.Sprintf(format, args...))
	}
	if d.role(given.Role) == nil {
		return wrong("%s has no such role", given.Role.Workload)
	}
	roleID, _ := d.roleNames.find(RoleRef{given.Role.Workload, fold(given.Role.Name)})
	if (given.User == "") == (given.Group == "") {
		return wrong("wants either a user or a group")
	}
	if given.User != "" {
		if _, ok := d.User(given.User); !ok {
			return wrong("unknown user %q", given.User)
		}
	} else if d.group(given.Group) == nil {
		return wrong("unknown group %q", given.Group)
	}
	if given.Scope.All && len(given.Scope.DeviceGroups) > 0 {
		return wrong("its scope is all or device groups, not both")
	}
	if problem := unifiedProblem(given); problem != "" {
		return wrong("%s", problem)
	}
	if (*d.roles.at(roleID)).Kind == BuiltInRole && !given.Scope.All {
		return wrong("the built-in role reaches all devices and takes no scope")
	}
	for _, name := range given.Scope.DeviceGroups {
		if _, ok := d.devices.ids[name]; !ok {
			return wrong("unknown device group %q in its scope", name)
		}
	}
	if err := checkTimes(given.NotBefore, given.NotAfter); err != nil {
		return wrong("%v", err)
	}
	if !given.NotBefore.IsZero() && !given.NotAfter.IsZero() && !given.NotBefore.Before(given.NotAfter) {
		return wrong("ends before it begins")
	}

	i, known := d.assignmentNames.find(given.ID)
	if known && *d.assignments.at(i) != nil {
		d.dropAssignment(i)
	}
	if !known {
		i = d.assignments.add(d.token, nil)
		d.assignmentNames.add(d.token, given.ID, i)
	}
	a := &assignment{Assignment: given, role: roleID, holder: d.holderOf(given), mask: given.Sources.mask()}
	a.from, a.until = windowOf(given)
	if given.Role.Workload == Unified {
		d.spanning++
	}
	*d.assignments.mut(d.token, i) = a
	r := d.role_(roleID)
	r.assignments = append(r.assignments, i)
	h := d.holder(a.holder)
	h.assignments = append(h.assignments, i)
	d.dirty[a.holder] = true
	return nil
}

// unifiedProblem is what is wrong between an assignment's workload, its data sources and its scope, if anything.
func unifiedProblem(a Assignment) string {
	reachesDevices := a.Role.Workload == Endpoint
	if a.Role.Workload == Unified {
		if !a.Sources.All && len(a.Sources.List()) == 0 {
			return "a unified role is assigned for some data sources, or for all"
		}
		if a.Sources.All && a.Sources.Workloads != 0 {
			return "its data sources are all or some, not both"
		}
		if a.Sources.Workloads&^SetOf(Workloads...) != 0 {
			return "data sources are endpoint, office365, cloudapps and identity"
		}
		reachesDevices = a.Sources.Has(Endpoint)
	} else if (a.Sources != Sources{}) || a.Name != "" || a.Description != "" || a.Set != "" {
		return "only assignments of unified roles have data sources, a name, a description and a set"
	}
	if !reachesDevices && !a.Scope.All {
		return "only endpoint assignments have a scope of device groups"
	}
	return ""
}

// holderOf finds or makes the holder of an assignment's principal.
func (d *draft) holderOf(a Assignment) id {
	if a.Group != "" {
		h, _ := d.groupNames.find(fold(a.Group))
		return h
	}
	u, _ := d.userNames.find(a.User)
	if own := d.users.at(u).own; own != noID {
		return own
	}
	h := d.addHolder(&holder{kind: userHolder, user: u})
	d.users.mut(d.token, u).own = h
	d.join(u, h)
	return h
}

func (d *draft) removeAssignment(name string) error {
	i, ok := d.assignmentNames.find(name)
	if !ok || *d.assignments.at(i) == nil {
		return fmt.Errorf("remove assignment %q: unknown", name)
	}
	d.dropAssignment(i)
	return nil
}

func (d *draft) dropAssignment(i id) {
	a := *d.assignments.at(i)
	if a.Role.Workload == Unified {
		d.spanning--
	}
	*d.assignments.mut(d.token, i) = nil
	r := d.role_(a.role)
	r.assignments = without(r.assignments, i)
	h := d.holder(a.holder)
	h.assignments = without(h.assignments, i)
	d.dirty[a.holder] = true
}

// compileSet works out what a holder opens, and where, from its assignments.
func (d *draft) compileSet(i id) {
	h := d.holder(i)
	if h.kind == globalHolder {
		everywhere, onOpen := d.globalOpens(h.global)
		s := set{all: everywhere, some: everywhere}
		s.add(row{word: onOpen, bits: d.devices.open, from: math.MinInt64, until: math.MaxInt64})
		d.putSet(i, s)
		return
	}
	var s set
	whole := d.wholeReach(h)
	h.reaches = make([]*reach, len(h.assignments))
	h.unscoped, h.timed = 0, nil
	for n, aID := range h.assignments {
		a := *d.assignments.at(aID)
		r := *d.roles.at(a.role)
		h.reaches[n] = d.reachOf(a, r, whole)
		opens := d.opensBy(a, r)
		from, until := a.window()
		if always := (&row{from: from, until: until}).always(); a.Scope.All && always {
			h.unscoped |= opens & endpointMask
		} else if a.Scope.All {
			h.timed = append(h.timed, aID)
		}
		s.add(row{word: opens &^ endpointMask, from: from, until: until})
		s.add(row{word: opens & endpointMask, bits: h.reaches[n].bits, from: from, until: until})
	}
	d.putSet(i, s)
}

func (d *draft) putSet(i id, s set) {
	*d.sets.mut(d.token, i) = s
	*d.quick.mut(d.token, i) = newQuick(&s, d.devices)
}

// add puts a row where it belongs. Rows of one reach and time become one; rows of different reach never do (S6:
// what one assignment permits never holds on what another reaches).
func (s *set) add(r row) {
	if r.word == 0 || (r.bits != nil && r.bits.empty()) {
		return
	}
	s.some |= r.word
	if r.always() && r.bits == nil {
		s.all |= r.word
		return
	}
	for i := range s.rows {
		o := &s.rows[i]
		if o.from == r.from && o.until == r.until && (o.bits == nil) == (r.bits == nil) && o.bits.equal(r.bits) {
			o.word |= r.word
			return
		}
	}
	s.rows = append(s.rows, r)
}

// wholeReach is what an endpoint assignment of the holder reaches without a scope (S6): a group, the device groups
// that list it and the open ones; a user, the open ones.
func (d *draft) wholeReach(h *holder) *reach {
	if h.kind == groupHolder && h.group != nil {
		if bits, ok := d.devices.access[h.group.Name]; ok {
			return &reach{bits: bits}
		}
	}
	return &reach{bits: d.devices.open}
}

func (d *draft) reachOf(a *assignment, r *role, whole *reach) *reach {
	switch {
	case r.Kind == BuiltInRole:
		return &reach{every: true}
	case a.Role.Workload != Endpoint && !a.Sources.Has(Endpoint):
		return &reach{every: true}
	case a.Scope.All:
		return whole
	}
	bits := newBitset(len(d.devices.list))
	for _, name := range a.Scope.DeviceGroups {
		if dg, ok := d.devices.ids[name]; ok && (a.User != "" || whole.bits.has(dg)) {
			bits.set(dg)
		}
	}
	return &reach{bits: bits}
}
