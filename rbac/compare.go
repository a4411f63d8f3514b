package rbac

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
	"time"
)

// Changes is what a change of policy does to people.
type Changes struct {
	Users []UserChange // only those for whom something changes, by name
}

// Empty tells whether nothing changes for anybody.
func (c Changes) Empty() bool { return len(c.Users) == 0 }

// UserChange is what one user gains and loses.
type UserChange struct {
	User          string
	Gains, Losses []Access
}

// Access is one capability in one workload, and where.
type Access struct {
	Workload     Workload
	Capability   Capability
	Everywhere   bool
	DeviceGroups []string // endpoint, when not everywhere
}

// Compare tells who gains and who loses what from one policy to another, at a moment.
func Compare(before, after *Snapshot, moment time.Time) Changes {
	c := newComparison(before, after, instant(moment))
	people := c.pairs()
	parts := make([]comparison, 1)
	if len(people) > manyPeople {
		parts = make([]comparison, compareParts)
	}
	var wait sync.WaitGroup
	for n := range parts {
		parts[n] = c.fork()
		wait.Go(func() {
			parts[n].changes(people[n*len(people)/len(parts) : (n+1)*len(people)/len(parts)])
		})
	}
	wait.Wait()
	var found [][]UserChange
	for n := range parts {
		found = append(found, parts[n].users.shelves()...)
	}
	changes := Changes{Users: slices.Concat(found...)}
	// Users are numbered in the order of their names, but for those who came later.
	if byName := func(a, b UserChange) int { return cmp.Compare(a.User, b.User) }; !slices.IsSortedFunc(changes.Users, byName) {
		slices.SortFunc(changes.Users, byName)
	}
	return changes
}

// Beyond this many people a comparison is shared out, in so many parts.
const (
	manyPeople   = 4096
	compareParts = 4
)

// fork gives a comparison that another goroutine can use: the same pairs, with places of its own to work in.
func (c *comparison) fork() comparison {
	f := *c
	f.named, f.list, f.lastNames = map[coverBuffer][]string{}, nil, nil
	f.fromBefore.done, f.fromAfter.done = map[*uint64]bitset{}, map[*uint64]bitset{}
	f.scratch = [2]profile{newProfile(len(c.groups)), newProfile(len(c.groups))}
	return f
}

// changes keeps the people for whom something changes.
func (c *comparison) changes(people []userPair) {
	for _, p := range people {
		if !c.mayDiffer(p) {
			continue
		}
		if u := c.user(p); len(u.Gains)+len(u.Losses) > 0 {
			c.users.keep(u)
		}
	}
}

// comparison pairs the numbers of two snapshots. Device groups are numbered anew, so that a set of them means the
// same on both sides.
type comparison struct {
	before, after *Snapshot
	at            int64
	groups        []string // all device groups of either side
	fromBefore    renumber
	fromAfter     renumber
	pair          []id // after's holder -> before's, or noID
	changed       [2][]bool
	stirred       bool // some holder differs
	alike         bool // both number users and holders alike
	scratch       [2]profile
	list          []Access // what beyond is making
	named         map[coverBuffer][]string
	last          coverBuffer // what more named last, and how: often it is asked again
	lastNames     []string
	users         pile[UserChange]
	accesses      pile[Access]
	names         pile[string]
}

type renumber struct {
	to   []id // nil: the numbers agree
	size int
	all  bitset // the side's own
	both bitset // all of either side: where those are who reach everything, whatever there is
	done map[*uint64]bitset
}

func newComparison(before, after *Snapshot, at int64) *comparison {
	c := &comparison{before: before, after: after, at: at, alike: sameNumbers(before, after), named: map[coverBuffer][]string{}}
	index := map[string]id{}
	number := func(list []DeviceGroup) (to []id, same bool) {
		same = true
		for i, g := range list {
			n, ok := index[g.Name]
			if !ok {
				n = id(len(c.groups))
				index[g.Name] = n
				c.groups = append(c.groups, g.Name)
			}
			to = append(to, n)
			same = same && n == id(i)
		}
		return to, same
	}
	toAfter, sameAfter := number(after.devices.list)
	toBefore, sameBefore := number(before.devices.list)
	size := len(c.groups)
	c.fromAfter = renumber{to: toAfter, size: size, done: map[*uint64]bitset{}}
	c.fromBefore = renumber{to: toBefore, size: size, done: map[*uint64]bitset{}}
	if sameAfter && size == len(toAfter) {
		c.fromAfter.to = nil
	}
	if sameBefore && size == len(toBefore) {
		c.fromBefore.to = nil
	}
	c.fromAfter.all = c.fromAfter.set(after.devices.all)
	c.fromBefore.all = c.fromBefore.set(before.devices.all)
	both := newBitset(size)
	both.or(c.fromAfter.all)
	both.or(c.fromBefore.all)
	c.fromAfter.both, c.fromBefore.both = both, both
	c.scratch = [2]profile{newProfile(size), newProfile(size)}
	c.pairHolders()
	return c
}

func (r *renumber) set(b bitset) bitset {
	if r.to == nil || len(b) == 0 {
		return b
	}
	if known, ok := r.done[&b[0]]; ok {
		return known
	}
	n := newBitset(r.size)
	for i, to := range r.to {
		if b.has(id(i)) {
			n.set(to)
		}
	}
	r.done[&b[0]] = n
	return n
}

// pairHolders finds each holder's counterpart, and which differ.
func (c *comparison) pairHolders() {
	c.pair = make([]id, c.after.holders.len)
	c.changed[0] = make([]bool, c.before.holders.len)
	c.changed[1] = make([]bool, c.after.holders.len)
	for h := range c.changed[0] {
		c.changed[0][h] = true
	}
	for h := range c.after.holders.len {
		b := c.counterpart(h)
		c.pair[h] = b
		if b == noID {
			c.changed[1][h] = true
			continue
		}
		c.changed[1][h] = !c.sameSet(b, h)
		c.changed[0][b] = c.changed[1][h]
	}
	c.stirred = slices.Contains(c.changed[1], true)
}

func (c *comparison) counterpart(h id) id {
	if c.alike {
		if h < c.before.holders.len {
			return h
		}
		return noID
	}
	a := *c.after.holders.at(h)
	switch {
	case a.kind == globalHolder:
		if b, ok := c.before.globals[a.global.Name]; ok {
			return b
		}
	case a.group != nil:
		if c.before.group(a.group.Name) != nil {
			b, _ := c.before.groupNames.find(fold(a.group.Name))
			return b
		}
	case a.kind == userHolder && c.after.users.at(a.user).user != nil:
		if u, ok := c.before.UserID(c.after.users.at(a.user).user.Name); ok {
			return c.before.users.at(id(u)).own
		}
	}
	return noID
}

func (c *comparison) sameSet(b, a id) bool {
	x, y := c.before.sets.at(b), c.after.sets.at(a)
	if x.all != y.all || len(x.rows) != len(y.rows) {
		return false
	}
	for i := range x.rows {
		r, s := &x.rows[i], &y.rows[i]
		if r.word != s.word || r.from != s.from || r.until != s.until || (r.bits == nil) != (s.bits == nil) {
			return false
		}
		if !c.fromBefore.set(r.bits).equal(c.fromAfter.set(s.bits)) {
			return false
		}
	}
	return true
}

// userPair is a user's number on both sides, noID where there is none.
type userPair struct{ before, after id }

// pairs lists the users whose numbers on both sides are worth a look.
func (c *comparison) pairs() []userPair {
	list := make([]userPair, 0, c.after.users.len)
	if c.alike {
		for u := id(0); u < c.after.users.len; u++ {
			if u < c.before.users.len && u&chunkMask == 0 && c.quietChunk(u) {
				u |= chunkMask // nothing in this chunk moved
				continue
			}
			p := userPair{noID, u}
			if u < c.before.users.len {
				p.before = u
			}
			list = append(list, p)
		}
		for u := c.after.users.len; u < c.before.users.len; u++ {
			list = append(list, userPair{u, noID})
		}
		return list
	}
	for u := range c.after.users.len {
		if row := c.after.users.at(u); row.user != nil {
			p := userPair{noID, u}
			if b, ok := c.before.UserID(row.user.Name); ok {
				p.before = id(b)
			}
			list = append(list, p)
		}
	}
	for u := range c.before.users.len {
		if row := c.before.users.at(u); row.user != nil {
			if _, ok := c.after.UserID(row.user.Name); !ok {
				list = append(list, userPair{u, noID})
			}
		}
	}
	return list
}

func (c *comparison) quietChunk(u id) bool {
	n := u >> chunkBits
	return !c.stirred && c.before.people.chunks[n] == c.after.people.chunks[n] &&
		c.before.users.chunks[n] == c.after.users.chunks[n]
}

func (c *comparison) mayDiffer(p userPair) bool {
	if p.before == noID || p.after == noID {
		return true
	}
	if c.before.userSubject(p.before, c.at).refused != c.after.userSubject(p.after, c.at).refused {
		return true
	}
	if x, y := c.before.users.at(p.before).user, c.after.users.at(p.after).user; x != nil && y != nil && !x.NotAfter.Equal(y.NotAfter) {
		return true
	}
	was, is := c.before.people.at(p.before).holders(), c.after.people.at(p.after).holders()
	if len(was) != len(is) {
		return true
	}
	for i, h := range is {
		if c.changed[1][h] || (c.pair[h] != was[i] && !slices.Contains(was, c.pair[h])) {
			return true
		}
	}
	return false
}

// user works out what one user gains and loses.
func (c *comparison) user(p userPair) UserChange {
	was, is := &c.scratch[0], &c.scratch[1]
	was.fill(c.before, p.before, c.at, &c.fromBefore)
	is.fill(c.after, p.after, c.at, &c.fromAfter)
	var u UserChange
	if p.after != noID && c.after.users.at(p.after).user != nil {
		u.User = c.after.users.at(p.after).user.Name
	} else if p.before != noID && c.before.users.at(p.before).user != nil {
		u.User = c.before.users.at(p.before).user.Name
	}
	u.Gains = c.beyond(is, was, c.fromAfter.all)
	u.Losses = c.beyond(was, is, c.fromBefore.all)
	return u
}

// beyond lists what a has over b.
func (c *comparison) beyond(a, b *profile, all bitset) []Access {
	outside := a.all &^ b.all &^ endpointMask
	if outside == 0 && a.touched == 0 {
		return nil
	}
	list := c.list[:0]
	last, again := -1, -1 // rows of one permission are gained on the same device groups
	for touched := a.touched; touched != 0; touched &= touched - 1 {
		n := bits.TrailingZeros64(uint64(touched))
		if last >= 0 && a.on[n].equal(a.on[last]) && b.on[n].equal(b.on[last]) {
			if again >= 0 {
				list = append(list, list[again])
				list[len(list)-1].Capability = Capability(n + 1)
			}
			continue
		}
		last, again = n, -1
		names, whole := c.more(a.on[n], b.on[n], all)
		if len(names) == 0 {
			continue
		}
		again = len(list)
		list = append(list, Access{Workload: Endpoint, Capability: Capability(n + 1), DeviceGroups: names})
		if whole {
			list[again].Everywhere, list[again].DeviceGroups = true, nil
		}
	}
	// Endpoint's bits come first in a word, as endpoint does among workloads.
	for _, o := range outside.opened() {
		list = append(list, Access{Workload: o.Workload, Capability: o.Capability, Everywhere: true})
	}
	c.list = list
	if len(list) == 0 {
		return nil
	}
	return c.accesses.keep(list...)
}

// more names the device groups in a and not in b, and tells whether they are all there are. Many users gain the same
// ones: the names are made once.
func (c *comparison) more(a, b, all bitset) (names []string, whole bool) {
	var key coverBuffer
	var extra bitset
	if len(all) <= len(key) {
		extra = key[:len(all)]
	} else {
		extra = make(bitset, len(all))
	}
	for i := range all {
		extra[i] = a[i] &^ b[i] & all[i]
	}
	if extra.empty() {
		return nil, false
	}
	small := len(all) <= len(key)
	if small && key == c.last && c.lastNames != nil {
		return c.lastNames, extra.equal(all)
	}
	names, known := c.named[key]
	if !known || !small {
		names = c.names.room(extra.count())
		extra.each(func(i id) { names = append(names, c.groups[i]) })
		c.named[key] = names
	}
	c.last, c.lastNames = key, names
	return names, extra.equal(all)
}
