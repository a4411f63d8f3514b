package rbac

import (
	"math/bits"
	"slices"
)

// moves are where devices may go when device groups change: a device is in the first group, in rank order, whose rule it
// matches, so from the first changed rank on any device may go from any group to any other (S7).
type moves struct {
	from bitset // before's device groups that may lose devices, in the numbers of both sides
	to   bitset // after's device groups that may get them, in its own numbers
}

func (m moves) none() bool { return m.to.empty() }

// into tells whether one of after's device groups may get devices.
func (m moves) into(groups bitset) bool {
	for i, w := range m.to {
		if i < len(groups) && groups[i]&w != 0 {
			return true
		}
	}
	return false
}

func (e *excess) movesOf() moves {
	m := moves{from: newBitset(len(e.groups)), to: newBitset(len(e.after.devices.list))}
	if e.before.devices == e.after.devices {
		return m
	}
	was := newBitset(len(e.before.devices.list))
	first := firstMoved(e.before.devices.list, e.after.devices.list)
	for i := first; i < len(e.before.devices.list); i++ {
		was.set(id(i))
	}
	m.from.or(e.fromBefore.set(was))
	for i := first; i < len(e.after.devices.list); i++ {
		m.to.set(id(i))
	}
	return m
}

// firstMoved is the first rank at which the lists differ in name or rule: the devices above it stay where they are.
func firstMoved(was, is []DeviceGroup) int {
	n := 0
	for n < len(was) && n < len(is) && was[n].Name == is[n].Name && sameMatch(was[n].Match, is[n].Match) {
		n++
	}
	return n
}

func sameMatch(a, b Match) bool {
	return slices.Equal(a.Name, b.Name) && slices.Equal(a.Domain, b.Domain) && slices.Equal(a.Tag, b.Tag) && slices.Equal(a.OS, b.OS)
}

// newDevices are the device groups whose devices, or some of them, come into reach: those reached now and not before, and
// those whose devices may come to one that is reached now. reached is in after's numbers; had, and what is given, in the
// numbers of both sides.
func (e *excess) newDevices(reached, had bitset) bitset {
	more := newBitset(len(e.groups))
	more.or(e.fromAfter.set(reached))
	if e.moves.into(reached) {
		more.or(e.moves.from)
	}
	for i := range more {
		if i < len(had) {
			more[i] &^= had[i]
		}
	}
	return more
}

// globalRole looks at what those of a global role gain where it holds on the open device groups only (S4, S18): it has no
// permissions that the actor could hold, so what it opens is compared.
func (e *excess) globalRole(h id) {
	g := (*e.after.holders.at(h)).global
	if e.before.devices == e.after.devices && e.moves.none() || len(e.after.GlobalRoleMembers(g.Name)) == 0 {
		return
	}
	always, onOpen := e.before.globalOpens(g)
	_, is := e.after.globalOpens(g)
	for rest := is &^ always & endpointMask; rest != 0; rest &= rest - 1 {
		want := rest & -rest
		var had bitset
		if onOpen&want != 0 {
			had = e.fromBefore.set(e.before.devices.open)
		}
		more := e.newDevices(e.after.devices.open, had)
		if more.empty() || e.opens(want, more) {
			continue
		}
		e.lacks = append(e.lacks, Lack{
			Principal: g.Name, Workload: Endpoint, Capability: Capability(bits.TrailingZeros64(uint64(want)) + 1), DeviceGroups: e.names(more),
		})
	}
}

// opens tells whether the actor has a capability of endpoint on device groups, now and for good.
func (e *excess) opens(want word, groups bitset) bool {
	return !slices.ContainsFunc(append(e.turns, e.at), func(t int64) bool {
		who := e.before.subject(e.actor, t)
		if who.refused != "" {
			return true
		}
		_, on := e.before.cover(new(coverBuffer), who.holders, want, t)
		return !e.fromBefore.set(on).covers(groups)
	})
}

// names are those of device groups in the numbers of both sides.
func (e *excess) names(groups bitset) []string {
	var list []string
	groups.each(func(i id) { list = append(list, e.groups[i]) })
	return list
}
