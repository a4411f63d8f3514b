package rbac

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// The two cloud apps roles that cover other names (S14): the first every name, the second every name but the first.
const (
	cloudGlobalAdmin   = "Global admin"
	cloudSecurityAdmin = "Security admin"
)

// Lack is a holding that an actor would hand out without having it.
type Lack struct {
	Principal    string // who would get it: a user, or "group:" and a group; empty: nobody yet
	Workload     Workload
	Permission   string // NoWorkload: a global role, or a switch
	Unified      bool   // a permission of a unified role, in Workload; Other: in data sources to come
	Everywhere   bool
	DeviceGroups []string // endpoint, when not everywhere
}

// RolesSwitch stands as the permission of a Lack for flipping the roles switch, which only administrators may (S5).
const RolesSwitch = "Turn on roles"

// ActivationSwitch stands as the permission of a Lack for activating unified roles in a workload, which only
// administrators may (S18).
const ActivationSwitch = "Activate unified roles"

// extent is where a permission is held.
type extent struct {
	every bool
	bits  bitset
}

// grants are the permissions held, by workload: of unified roles, by each data source that they are held in. Other
// stands for the data sources to come (B2).
type grants map[grantKey]extent

type grantKey struct {
	permissionKey
	on Workload
}

// inEndpoint tells whether the grant is about devices.
func (k grantKey) inEndpoint() bool { return k.on == Endpoint }

func (g grants) add(key grantKey, r *reach, size int) {
	e := g[key]
	if r.every {
		e.every = true
	} else {
		merged := newBitset(size)
		merged.or(e.bits)
		merged.or(r.bits)
		e.bits = merged
	}
	g[key] = e
}

// Administrator tells whether a user is one of the two global roles that may do everything (S4). An account that is
// disabled or has ended is none.
func (s *Snapshot) Administrator(user string, at time.Time) bool {
	i, ok := s.UserID(user)
	if !ok {
		return false
	}
	for _, h := range s.userSubject(id(i), instant(at)).holders {
		if g := (*s.holders.at(h)).global; g != nil && g.Administrator {
			return true
		}
	}
	return false
}

// held is what a user holds and may use at an instant.
func (s *Snapshot) held(user string, at int64) grants {
	g := grants{}
	i, ok := s.UserID(user)
	if !ok {
		return g
	}
	for _, hID := range s.userSubject(id(i), at).holders {
		s.gather(g, hID, func(a *assignment) bool {
			return during(at)(a) && (a.Role.Workload == Unified || s.ownRoles(a.Role.Workload))
		})
	}
	for key := range g {
		// What is not on yet is nobody's to give; what is to come is theirs who hold it everywhere else.
		if key.workload == Unified && key.on != Other && s.activation.Of(key.on) != On {
			delete(g, key)
		}
	}
	return g
}

// ownRoles tells whether the product's own roles count in a workload.
func (s *Snapshot) ownRoles(w Workload) bool {
	return s.activation.Of(w) != On && (w != Endpoint || s.endpointRoles)
}

// gather adds what a holder's assignments hold.
func (s *Snapshot) gather(g grants, hID id, counts func(*assignment) bool) {
	h := *s.holders.at(hID)
	for n, aID := range h.assignments {
		a := *s.assignments.at(aID)
		if !counts(a) {
			continue
		}
		r := *s.roles.at(a.role)
		if r.Workload == Unified {
			s.gatherUnified(g, a, r, h.reaches[n])
			continue
		}
		for _, name := range r.Permissions {
			g.add(grantKey{permissionKey{r.Workload, name}, r.Workload}, h.reaches[n], len(s.devices.list))
		}
	}
}

// gatherUnified adds what an assignment of a unified role holds: the same permission by name, in each of its data
// sources, and all that comes with it.
func (s *Snapshot) gatherUnified(g grants, a *assignment, r *role, devices *reach) {
	sources := a.Sources.List()
	if a.Sources.All {
		sources = append(sources, Other)
	}
	for _, w := range sources {
		where := devices
		if w != Endpoint {
			where = &reach{every: true}
		}
		for _, name := range r.Permissions {
			key := permissionKey{Unified, name}
			g.add(grantKey{key, w}, where, len(s.devices.list))
			for _, included := range s.meaning.permissions[key].Includes {
				g.add(grantKey{permissionKey{Unified, included}, w}, where, len(s.devices.list))
			}
		}
	}
}

// covers tells whether the grants have a permission on an extent; outside endpoint the extent is everything.
func (g grants) covers(key grantKey, e extent) bool {
	if key.workload == CloudApps {
		if _, ok := g[grantKey{permissionKey{CloudApps, cloudGlobalAdmin}, CloudApps}]; ok {
			return true
		}
		if _, ok := g[grantKey{permissionKey{CloudApps, cloudSecurityAdmin}, CloudApps}]; ok && key.name != cloudGlobalAdmin {
			return true
		}
	}
	mine, ok := g[key]
	if !ok || mine.every {
		return ok
	}
	if e.every {
		return false
	}
	for i, w := range e.bits {
		if i >= len(mine.bits) {
			if w != 0 {
				return false
			}
		} else if w&^mine.bits[i] != 0 {
			return false
		}
	}
	return true
}

// Cover is what a role would hand out beyond what actor holds, wherever such a role can reach (S14). A role that
// holds what its maker lacks can't be made or widened, assigned or not.
func (s *Snapshot) Cover(actor string, r Role, at time.Time) []Lack {
	if s.Administrator(actor, at) {
		return nil
	}
	mine := s.held(actor, instant(at))
	var lacks []Lack
	for _, name := range r.Permissions {
		key := permissionKey{r.Workload, name}
		if r.Workload == Unified {
			// A unified role reaches nothing until it is assigned, and then each data source is looked at. To make it, all
			// of one data source must be within the maker's reach.
			if !slices.ContainsFunc(Workloads, func(w Workload) bool { return mine.covers(grantKey{key, w}, s.whole(w)) }) {
				lacks = append(lacks, Lack{Workload: Unified, Unified: true, Permission: name, Everywhere: true})
			}
		} else if !mine.covers(grantKey{key, r.Workload}, s.whole(r.Workload)) {
			lacks = append(lacks, Lack{Workload: r.Workload, Permission: name, Everywhere: true})
		}
	}
	return lacks
}

// whole is all of a workload: in endpoint, every device group.
func (s *Snapshot) whole(w Workload) extent {
	if w == Endpoint {
		return extent{bits: s.devices.all}
	}
	return extent{every: true}
}

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
	e.moved = e.movedGroups()
	for h := range after.holders.len {
		e.holder(h)
	}
	for _, p := range e.pairs() {
		if e.mayDiffer(p) {
			e.user(p)
		}
	}
	slices.SortFunc(e.lacks, func(a, b Lack) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Permission, b.Permission))
	})
	return slices.CompactFunc(e.lacks, func(a, b Lack) bool {
		return a.Principal == b.Principal && a.Workload == b.Workload && a.Permission == b.Permission
	})
}

type excess struct {
	*comparison
	actor string
	mine  map[int64]grants // what the actor holds at an instant
	turns []int64          // the instants at which that changes
	moved bitset           // after's device groups whose devices may be others than before
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
	if end := e.before.users.at(id(i)).user.NotAfter; !end.IsZero() && nanos(end) > e.at && !slices.Contains(list, nanos(end)) {
		list = append(list, nanos(end))
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

// movedGroups are the device groups that may get devices: from the first changed rule in rank order on.
func (e *excess) movedGroups() bitset {
	moved := newBitset(len(e.after.devices.list))
	if e.before.devices == e.after.devices {
		return moved
	}
	from := false
	for i, g := range e.after.devices.list {
		if i >= len(e.before.devices.list) {
			from = true
		} else if b := e.before.devices.list[i]; b.Name != g.Name || !sameMatch(b.Match, g.Match) {
			from = true
		}
		if from {
			moved.set(id(i))
		}
	}
	return moved
}

func sameMatch(a, b Match) bool {
	return slices.Equal(a.Name, b.Name) && slices.Equal(a.Domain, b.Domain) && slices.Equal(a.Tag, b.Tag) && slices.Equal(a.OS, b.OS)
}

// holder looks at what a group's, or a user's own, assignments gain.
func (e *excess) holder(h id) {
	a := *e.after.holders.at(h)
	b := e.pair[h]
	if a.kind == globalHolder {
		return // who joins one is a matter of users
	}
	same := b != noID && e.before.lineage == e.after.lineage && *e.before.holders.at(b) == a
	if same && e.moved.empty() {
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
		e.gained(name, t, is, was, true)
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
	if was != nil && !was.NotAfter.IsZero() && nanos(was.NotAfter) > e.at {
		instants = append(instants, nanos(was.NotAfter))
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
		e.gained(is.Name, t, now, then, false)
	}
}

// gained keeps what is held at an instant after and was not before, and the actor does not hold both now and then.
func (e *excess) gained(principal string, t int64, is, was grants, withMoved bool) {
	for key, now := range is {
		old := was[key]
		if key.workload == Endpoint && e.before.endpointRoles != e.after.endpointRoles {
			old = extent{}
		}
		more := extent{every: now.every && !old.every}
		if !now.every {
			more.bits = newBitset(len(e.groups))
			more.bits.or(e.fromAfter.set(now.bits))
			for i, w := range e.fromBefore.set(old.bits) {
				more.bits[i] &^= w
			}
			if old.every {
				for i, w := range e.fromBefore.all {
					more.bits[i] &^= w
				}
			}
			if withMoved && key.inEndpoint() {
				again := slices.Clone(e.moved)
				for i := range again {
					again[i] &= at(now.bits, i)
				}
				more.bits.or(e.fromAfter.set(again))
			}
		}
		if (!more.every && more.bits.empty()) || (e.holdsMine(e.holds(e.at), key, more) && e.holdsMine(e.holds(t), key, more)) {
			continue
		}
		lack := Lack{Principal: principal, Workload: key.on, Unified: key.workload == Unified, Permission: key.name, Everywhere: more.every}
		for i, name := range e.groups {
			if more.bits.has(id(i)) {
				lack.DeviceGroups = append(lack.DeviceGroups, name)
			}
		}
		e.lacks = append(e.lacks, lack)
	}
}

func at(b bitset, i int) uint64 {
	if i < len(b) {
		return b[i]
	}
	return 0
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
