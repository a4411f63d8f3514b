package rbac

import (
	"cmp"
	"math/bits"
	"slices"
	"time"
)

// Standing is what a role or a person comes to: one side of a comparison.
type Standing struct {
	Permissions []Held
	Opens       []Opened // by permissions alone, wherever that is
	Effect      []Access // as it is given, and as things are switched and activated, at a moment
}

// Held is a permission and where it counts; with NoWorkload it is a global role.
type Held struct {
	Workload   Workload
	Permission string
}

// Contrast is what only the left side of a comparison has, what both have, and what only the right has.
type Contrast struct {
	Left, Both, Right Standing
}

// Same tells whether neither side has anything that the other lacks.
func (d Contrast) Same() bool { return d.Left.empty() && d.Right.empty() }

func (s Standing) empty() bool { return len(s.Permissions)+len(s.Opens)+len(s.Effect) == 0 }

// StandingOfRole is what a role comes to: its permissions, what they open, and what it opens to those who have it at a
// moment, on the device groups that its assignments reach. Given to nobody, it has no effect.
func (s *Snapshot) StandingOfRole(ref RoleRef, moment time.Time) Standing {
	r := s.role(ref)
	if r == nil {
		return Standing{}
	}
	st := Standing{Opens: s.RoleOpens(r.Role)}
	for _, name := range r.Permissions {
		st.Permissions = append(st.Permissions, Held{r.Workload, name})
	}
	slices.SortFunc(st.Permissions, byHeld)
	at := instant(moment)
	p, number := newProfile(len(s.devices.list)), s.ownNumbers()
	for _, aID := range r.assignments {
		a := *s.assignments.at(aID)
		if from, until := a.window(); at < from || at >= until {
			continue
		}
		h := *s.holders.at(a.holder)
		n := slices.Index(h.assignments, aID)
		if n < 0 || n >= len(h.reaches) {
			continue // of a holder that a view has emptied (S19)
		}
		opens, reached := s.opensBy(a, r), h.reaches[n]
		p.add(opens&^endpointMask, nil, &number)
		switch {
		case reached.every:
			p.add(opens&endpointMask, nil, &number)
		case !reached.bits.empty():
			p.add(opens&endpointMask, reached.bits, &number)
		}
	}
	st.Effect = s.accesses(&p)
	return st
}

// StandingOf is what a user or a group comes to at a moment. What is held but does not count then - before or after its
// time - is not among the permissions.
func (s *Snapshot) StandingOf(principal string, moment time.Time) Standing {
	at := instant(moment)
	who := s.subject(principal, at)
	if who.refused != "" {
		return Standing{}
	}
	var st Standing
	p, number := newProfile(len(s.devices.list)), s.ownNumbers()
	for _, hID := range who.holders {
		h := *s.holders.at(hID)
		for _, held := range s.appendHoldings(nil, h, at, true) {
			if held.Assignment != "" {
				if i, ok := s.assignmentNames.find(held.Assignment); ok {
					if from, until := (*s.assignments.at(i)).window(); at < from || at >= until {
						continue
					}
				}
			}
			st.Permissions = append(st.Permissions, Held{held.Workload, held.Permission})
		}
		set := s.sets.at(hID)
		p.add(set.all, nil, &number)
		for i := range set.rows {
			if r := &set.rows[i]; r.now(at) {
				p.add(r.word, r.bits, &number)
			}
		}
	}
	slices.SortFunc(st.Permissions, byHeld)
	st.Permissions = slices.Compact(st.Permissions)
	st.Effect = s.accesses(&p)
	for _, a := range st.Effect {
		st.Opens = append(st.Opens, Opened{Workload: a.Workload, Capability: a.Capability})
	}
	return st
}

// HasAccess tells whether a user may do anything at all in some of the workloads, anywhere, at a moment.
func (s *Snapshot) HasAccess(user string, among WorkloadSet, moment time.Time) bool {
	i, ok := s.UserID(user)
	if !ok {
		return false
	}
	var asked word
	for _, w := range append(slices.Clone(Workloads), Other) {
		if among.Has(w) {
			asked |= workloadMask(w)
		}
	}
	at := instant(moment)
	for _, h := range s.userSubject(id(i), at).holders {
		set := s.sets.at(h)
		if set.all&asked != 0 {
			return true
		}
		for n := range set.rows {
			if r := &set.rows[n]; r.word&asked != 0 && r.now(at) {
				return true
			}
		}
	}
	return false
}

// ownNumbers leaves the device groups numbered as they are.
func (s *Snapshot) ownNumbers() renumber {
	return renumber{size: len(s.devices.list), all: s.devices.all, both: s.devices.all}
}

// accesses lists what a profile opens, in the table's order.
func (s *Snapshot) accesses(p *profile) []Access {
	var list []Access
	for touched := p.touched; touched != 0; touched &= touched - 1 {
		n := bits.TrailingZeros64(uint64(touched))
		a := Access{Workload: Endpoint, Capability: Capability(n + 1), DeviceGroups: s.devices.named(p.on[n])}
		if p.on[n].equal(s.devices.all) {
			a.Everywhere, a.DeviceGroups = true, nil
		}
		list = append(list, a)
	}
	for _, o := range (p.all &^ endpointMask).opened() {
		list = append(list, Access{Workload: o.Workload, Capability: o.Capability, Everywhere: true})
	}
	return list
}

// Within cuts a standing to some workloads. Global roles stay: they are of none.
func (s Standing) Within(among WorkloadSet) Standing {
	return Standing{
		Permissions: slices.DeleteFunc(slices.Clone(s.Permissions), func(h Held) bool { return h.Workload != NoWorkload && !among.Has(h.Workload) }),
		Opens:       slices.DeleteFunc(slices.Clone(s.Opens), func(o Opened) bool { return !among.Has(o.Workload) }),
		Effect:      slices.DeleteFunc(slices.Clone(s.Effect), func(a Access) bool { return !among.Has(a.Workload) }),
	}
}

// Differ holds two standings against each other. groups are all device groups there are, by rank: whoever reaches
// everything reaches them.
func Differ(left, right Standing, groups []DeviceGroup) Contrast {
	var d Contrast
	d.Left.Permissions, d.Both.Permissions, d.Right.Permissions = split(left.Permissions, right.Permissions)
	d.Left.Opens, d.Both.Opens, d.Right.Opens = split(left.Opens, right.Opens)
	l, b, r := split(squares(left.Effect, groups), squares(right.Effect, groups))
	d.Left.Effect, d.Both.Effect, d.Right.Effect = gathered(l, groups), gathered(b, groups), gathered(r, groups)
	return d
}

// split gives what only a has, what both have, what only b has; in the order of a, and of b.
func split[T comparable](a, b []T) (left, both, right []T) {
	for _, x := range a {
		if slices.Contains(b, x) {
			both = append(both, x)
		} else {
			left = append(left, x)
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			right = append(right, x)
		}
	}
	return left, both, right
}

// square is one capability in one workload: in endpoint on one device group, elsewhere at all.
type square struct {
	Opened
	deviceGroup string
}

func squares(list []Access, groups []DeviceGroup) []square {
	var all []square
	for _, a := range list {
		o := Opened{Workload: a.Workload, Capability: a.Capability}
		switch {
		case a.Workload != Endpoint:
			all = append(all, square{Opened: o})
		case a.Everywhere:
			for _, g := range groups {
				all = append(all, square{o, g.Name})
			}
		default:
			for _, name := range a.DeviceGroups {
				all = append(all, square{o, name})
			}
		}
	}
	return all
}

// gathered puts the squares of one capability together again.
func gathered(all []square, groups []DeviceGroup) []Access {
	var list []Access
	for _, q := range all {
		n := slices.IndexFunc(list, func(a Access) bool { return a.Workload == q.Workload && a.Capability == q.Capability })
		if n < 0 {
			n = len(list)
			list = append(list, Access{Workload: q.Workload, Capability: q.Capability, Everywhere: q.Workload != Endpoint})
		}
		if q.Workload == Endpoint {
			list[n].DeviceGroups = append(list[n].DeviceGroups, q.deviceGroup)
		}
	}
	for n, a := range list {
		if a.Workload == Endpoint && len(a.DeviceGroups) == len(groups) {
			list[n].Everywhere, list[n].DeviceGroups = true, nil
		}
	}
	return list
}

func byHeld(a, b Held) int {
	return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Permission, b.Permission))
}
