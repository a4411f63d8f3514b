package rbac

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Exceeds is what principals would gain from before to after that actor does not hold before (S14), on whatever
// path: role, assignment, membership, device group, switch. What would hold at any later time counts as gained, and so
// does what would hold longer; the actor must hold it then, too, so nobody hands out what outlives their own. For the two
// administrator roles it is always empty.
func Exceeds(before, after *Snapshot, actor string, at time.Time) []Lack {
	if before.Administrator(actor, at) {
		return nil
	}
	e := excess{comparison: newComparison(before, after, instant(at)), actor: actor, mine: map[int64]grants{}}
	e.turns = e.actorTurns()
	if before.endpointRoles != after.endpointRoles {
		e.lacks = append(e.lacks, Lack{Permission: RolesSwitch})
	}
	if loosened(before, after) {
		e.lacks = append(e.lacks, Lack{Permission: DelegationCeilings})
	}
	if before.activation != after.activation {
		e.lacks = append(e.lacks, Lack{Permission: ActivationSwitch})
	}
	e.moves = e.movesOf()
	for h := range after.holders.len {
		e.holder(h)
	}
	for _, p := range e.pairs() {
		if e.mayDiffer(p) {
			e.user(p)
		}
	}
	return e.sorted()
}

// sorted are the lacks, each said once.
func (e *excess) sorted() []Lack {
	slices.SortFunc(e.lacks, func(a, b Lack) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.Capability, b.Capability))
	})
	return slices.CompactFunc(e.lacks, func(a, b Lack) bool {
		return a.Principal == b.Principal && a.Workload == b.Workload && a.Permission == b.Permission && a.Capability == b.Capability
	})
}

type excess struct {
	*comparison
	actor string
	mine  map[int64]grants // what the actor holds at an instant
	turns []int64          // the instants at which that changes
	moves moves
	lacks []Lack
}

// during tells whether an assignment holds at an instant.
func during(t int64) func(*assignment) bool {
	return func(a *assignment) bool {
		from, until := a.window()
		return from <= t && t < until
	}
}

// instants are the moments from now on at which something of the holders begins or ends. Between two of them nothing
// changes, so what is not gained at any of them is never gained.
func (e *excess) instants(before, after []id) []int64 {
	list := append([]int64{e.at}, e.turns...)
	list = e.before.windows(list, before, e.at)
	return e.after.windows(list, after, e.at)
}

// windows adds the instants after one at which something of the holders begins or ends.
func (s *Snapshot) windows(list []int64, holders []id, after int64) []int64 {
	for _, hID := range holders {
		for _, aID := range (*s.holders.at(hID)).assignments {
			from, until := (*s.assignments.at(aID)).window()
			for _, t := range []int64{from, until} {
				if t > after && t != math.MaxInt64 && !slices.Contains(list, t) {
					list = append(list, t)
				}
			}
		}
	}
	return list
}

// actorTurns are the instants from now on at which the actor comes to hold something or ceases to.
func (e *excess) actorTurns() []int64 {
	i, ok := e.before.UserID(e.actor)
	if !ok {
		return nil
	}
	list := e.before.windows(nil, e.before.people.at(id(i)).holders(), e.at)
	if end := e.before.users.at(id(i)).user.NotAfter; !end.IsZero() && instant(end) > e.at && !slices.Contains(list, instant(end)) {
		list = append(list, instant(end))
	}
	return list
}

// holds is what the actor holds at an instant.
func (e *excess) holds(t int64) grants {
	if _, ok := e.mine[t]; !ok {
		e.mine[t] = e.before.held(e.actor, t)
	}
	return e.mine[t]
}

// holder looks at what a group's, or a user's own, assignments gain.
func (e *excess) holder(h id) {
	a := *e.after.holders.at(h)
	b := e.pair[h]
	if a.kind == globalHolder {
		e.globalRole(h) // who joins one is a matter of users
		return
	}
	same := b != noID && e.alike && *e.before.holders.at(b) == a
	if same && e.moves.none() {
		return
	}
	name := ""
	switch {
	case a.group != nil:
		name = groupPrefix + a.group.Name
	case a.kind == userHolder && e.after.users.at(a.user).user != nil:
		name = e.after.users.at(a.user).user.Name
	}
	var old []id
	if b != noID {
		old = []id{b}
	}
	for _, t := range e.instants(old, []id{h}) {
		is, was := grants{}, grants{}
		e.after.gather(is, h, during(t))
		if b != noID {
			e.before.gather(was, b, during(t))
		}
		e.gained(name, t, is, was)
	}
}

// user looks at what one user gains by joining holders, or by being let in again.
func (e *excess) user(p userPair) {
	if p.after == noID || e.after.users.at(p.after).user == nil {
		return
	}
	is := e.after.users.at(p.after).user
	var had []id
	var was *User
	if p.before != noID {
		had, was = e.before.people.at(p.before).holders(), e.before.users.at(p.before).user
	}
	holders := e.after.people.at(p.after).holders()
	for _, h := range holders {
		if g := (*e.after.holders.at(h)).global; g != nil && !slices.Contains(had, e.pair[h]) {
			e.lacks = append(e.lacks, Lack{Principal: is.Name, Permission: g.Name, Everywhere: true})
		}
	}
	instants := e.instants(had, holders)
	if was != nil && !was.NotAfter.IsZero() && instant(was.NotAfter) > e.at {
		instants = append(instants, instant(was.NotAfter))
	}
	for _, t := range instants {
		now, then := grants{}, grants{}
		if e.after.userSubject(p.after, t).refused == "" || is.Disabled {
			for _, h := range holders {
				e.after.gather(now, h, during(t))
			}
		}
		// Who is disabled gains when they are let in again, not before: enabling is what hands it out.
		if p.before != noID && (e.before.userSubject(p.before, t).refused == "" || (is.Disabled && was != nil && was.Disabled)) {
			for _, h := range had {
				e.before.gather(then, h, during(t))
			}
		}
		e.gained(is.Name, t, now, then)
	}
}

// gained keeps what is held at an instant after and was not before, and the actor does not hold both now and then.
func (e *excess) gained(principal string, t int64, is, was grants) {
	for key, now := range is {
		old := was[key]
		if key.workload == Endpoint && e.before.endpointRoles != e.after.endpointRoles {
			old = extent{}
		}
		more := extent{every: now.every && !old.every}
		if !now.every {
			had := e.fromBefore.set(old.bits)
			if old.every {
				had = e.fromBefore.all
			}
			more.bits = e.newDevices(now.bits, had)
		}
		if (!more.every && more.bits.empty()) || (e.holdsMine(e.holds(e.at), key, more) && e.holdsMine(e.holds(t), key, more)) {
			continue
		}
		e.lacks = append(e.lacks, Lack{
			Principal: principal, Workload: key.on, Unified: key.workload == Unified, Permission: key.name,
			Everywhere: more.every, DeviceGroups: e.names(more.bits),
		})
	}
}

// holdsMine compares in the numbers of both sides: a device group that is new is nobody's unless they hold all.
func (e *excess) holdsMine(held grants, key grantKey, more extent) bool {
	mine, ok := held[key]
	if ok && !mine.every {
		mine.bits = e.fromBefore.set(mine.bits)
		return grants{key: mine}.covers(key, more)
	}
	return held.covers(key, more)
}
