package rbac

import (
	"math/bits"
	"time"
)

// Item is a thing that may be seen or changed: the workloads and device groups it belongs to (S8).
type Item struct {
	Workloads    WorkloadSet
	DeviceGroups []string // without any, and without AllOf, every device group is needed
	EveryGroup   bool     // as in Resource
	AllOf        []string // as in Resource
}

// Reach is where one user holds one capability at one moment: what a list is cut to. The zero value reaches
// nothing.
type Reach struct {
	snapshot   *Snapshot
	capability Capability
	workloads  WorkloadSet // endpoint: on some device group at least
	everywhere bool        // endpoint: on all of them
	on         bitset
}

// Reach gathers where a user holds a capability.
func (s *Snapshot) Reach(user string, c Capability, at time.Time) Reach {
	now := instant(at)
	r := Reach{snapshot: s, capability: c}
	who := s.subject(user, now)
	if who.refused != "" {
		return r
	}
	for w := Endpoint; w <= Other; w++ {
		want := bit(w, c) & s.meaning.applies
		if want == 0 {
			continue
		}
		if w == Endpoint {
			if r.everywhere, r.on = s.cover(new(coverBuffer), who.holders, want, now); !r.on.empty() {
				r.workloads |= SetOf(Endpoint)
			}
		} else if s.holds(who.holders, want, now) {
			r.workloads |= SetOf(w)
		}
	}
	return r
}

// None tells whether it reaches nothing at all.
func (r Reach) None() bool { return r.workloads == 0 }

// Everything tells whether it reaches all workloads where the capability applies, on all devices, whatever
// products come.
func (r Reach) Everything() bool {
	if r.snapshot == nil || !r.everywhere {
		return false
	}
	for w := Endpoint; w <= Other; w++ {
		if bit(w, r.capability)&r.snapshot.meaning.applies != 0 && !r.workloads.Has(w) {
			return false
		}
	}
	return true
}

// Workload tells whether it reaches some of a workload.
func (r Reach) Workload(w Workload) bool { return r.workloads.Has(w) }

// Workloads are those it reaches some of.
func (r Reach) Workloads() WorkloadSet { return r.workloads }

// AllDevices tells whether it reaches every device group of endpoint.
func (r Reach) AllDevices() bool { return r.everywhere }

// DeviceGroup tells whether it reaches a device group of endpoint.
func (r Reach) DeviceGroup(name string) bool {
	if r.snapshot == nil {
		return false
	}
	dg, ok := r.snapshot.devices.ids[name]
	return ok && r.on.has(dg)
}

// DeviceGroups are the names of those it reaches, in rank order.
func (r Reach) DeviceGroups() []string {
	if r.snapshot == nil {
		return nil
	}
	return r.snapshot.devices.named(r.on)
}

// Opens tells whether it reaches the item (S8).
func (r Reach) Opens(i Item) bool {
	if r.snapshot == nil {
		return false
	}
	c, ok := r.snapshot.Class(i)
	return ok && r.OpensClass(c)
}

// Class is an Item in a snapshot's own numbers. Things that belong alike share one, so that a thousand alerts
// cost one decision.
type Class struct {
	workloads WorkloadSet
	every     bool
	groups    []id
	allOf     []id
}

// Class resolves an item. Without a workload, or with a device group that nobody knows, there is none: nobody
// reaches it.
func (s *Snapshot) Class(i Item) (Class, bool) {
	c := Class{workloads: i.Workloads}
	if i.Workloads == 0 {
		return c, false
	}
	if !i.Workloads.Has(Endpoint) {
		return c, true
	}
	c.every = i.EveryGroup || len(i.DeviceGroups)+len(i.AllOf) == 0
	for _, name := range i.DeviceGroups {
		dg, ok := s.devices.ids[name]
		if !ok {
			return c, false
		}
		c.groups = append(c.groups, dg)
	}
	for _, name := range i.AllOf {
		dg, ok := s.devices.ids[name]
		if !ok {
			return c, false
		}
		c.allOf = append(c.allOf, dg)
	}
	return c, true
}

// OpensClass tells whether it reaches things of the class.
func (r Reach) OpensClass(c Class) bool {
	if c.workloads == 0 || c.workloads&^r.workloads != 0 {
		return false
	}
	if r.everywhere || !c.workloads.Has(Endpoint) {
		return true
	}
	if c.single() {
		return r.on.has(c.groups[0])
	}
	asked := question{groups: c.groups, allOf: c.allOf, every: c.every}
	return asked.met(r.on, r.capability)
}

// single tells whether one device group decides.
func (c Class) single() bool { return len(c.groups) == 1 && len(c.allOf) == 0 && !c.every }

// Shelf holds numbered things arranged by class, to find the visible ones among many without asking of each.
type Shelf struct {
	classes []Class
	of      []uint32 // the class of each thing
	order   []uint32 // things by class
	spans   []span   // of each class, in order
	single  []span   // by device group: the things of endpoint alone, on that group alone
	rest    []uint32 // the other classes
}

type span struct{ start, end uint32 }

// NewShelf arranges things 0..len(of)-1; of[i] is the number of the thing's class in classes, which are different
// from each other and of one snapshot.
func NewShelf(classes []Class, of []uint32) *Shelf {
	s := &Shelf{classes: classes, of: of, spans: make([]span, len(classes)), order: make([]uint32, len(of))}
	for _, c := range of {
		s.spans[c].end++
	}
	start := uint32(0)
	for c := range s.spans {
		n := s.spans[c].end
		s.spans[c] = span{start, start}
		start += n
	}
	for i, c := range of {
		s.order[s.spans[c].end] = uint32(i)
		s.spans[c].end++
	}
	for c, class := range classes {
		if class.workloads != SetOf(Endpoint) || !class.single() {
			s.rest = append(s.rest, uint32(c))
			continue
		}
		dg := int(class.groups[0])
		if missing := dg + 1 - len(s.single); missing > 0 {
			s.single = append(s.single, make([]span, missing)...)
		}
		s.single[dg] = s.spans[c]
	}
	return s
}

// Visible appends the numbers of the things that r reaches, ascending.
func (s *Shelf) Visible(r Reach, to []uint32) []uint32 {
	open := make([]uint8, len(s.classes))
	for c := range s.classes {
		if r.OpensClass(s.classes[c]) {
			open[c] = 1
		}
	}
	n := len(to)
	to = append(to, make([]uint32, len(s.of))...)
	for i, c := range s.of {
		// Written always, kept only if open: no branch to guess wrong.
		to[n] = uint32(i)
		n += int(open[c])
	}
	return to[:n]
}

// VisibleBits sets the bit of each thing that r reaches, by its place in class order (see Place). to must have a
// bit for each thing.
func (s *Shelf) VisibleBits(r Reach, to []uint64) {
	clear(to)
	for i, left := range r.on {
		for ; left != 0; left &= left - 1 {
			if dg := i<<6 + bits.TrailingZeros64(left); dg < len(s.single) {
				setRange(to, s.single[dg])
			}
		}
	}
	for _, c := range s.rest {
		if r.OpensClass(s.classes[c]) {
			setRange(to, s.spans[c])
		}
	}
}

// Place is the thing at a place of class order.
func (s *Shelf) Place(n uint32) uint32 { return s.order[n] }

func setRange(to []uint64, s span) {
	if s.start == s.end {
		return
	}
	first, last := s.start>>6, (s.end-1)>>6
	low, high := ^uint64(0)<<(s.start&63), ^uint64(0)>>(63-(s.end-1)&63)
	if first == last {
		to[first] |= low & high
		return
	}
	to[first] |= low
	for i := first + 1; i < last; i++ {
		to[i] = ^uint64(0)
	}
	to[last] |= high
}
