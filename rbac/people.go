package rbac

import (
	"math/bits"
	"time"
)

// People is a set of users of one snapshot. The zero value is empty, and joins with nothing.
type People struct {
	s     *Snapshot
	found []uint64
}

// People are the users who may do something to a thing: in every one of its workloads, as Decide has it. What can't be
// answered - no workload, an unknown device group - nobody may.
func (s *Snapshot) People(c Capability, r Resource, at time.Time) People {
	p := People{s: s, found: make([]uint64, (s.users.len+63)/64)}
	var buf questionBuffer
	asked := s.asked(&buf, r)
	for n, w := range r.Workloads {
		want := bit(w, c) & s.meaning.applies
		if want == 0 || (w == Endpoint && asked.unknown) {
			return People{s: s, found: make([]uint64, len(p.found))}
		}
		can := s.whoCan(want, w, c, &asked, instant(at))
		for i := range p.found {
			if n == 0 {
				p.found[i] = can[i]
			} else {
				p.found[i] &= can[i]
			}
		}
	}
	return p
}

// And keeps those who are in both; Or has those of either.
func (p People) And(other People) People {
	return p.join(other, func(a, b uint64) uint64 { return a & b })
}

// Or has those of either.
func (p People) Or(other People) People {
	return p.join(other, func(a, b uint64) uint64 { return a | b })
}

func (p People) join(other People, f func(a, b uint64) uint64) People {
	if p.s != other.s {
		return People{} // numbers of one snapshot mean nothing in another
	}
	both := make([]uint64, len(p.found))
	for i := range both {
		both[i] = f(p.found[i], other.found[i])
	}
	return People{p.s, both}
}

// Has tells whether a user is in the set.
func (p People) Has(user string) bool {
	if p.s == nil {
		return false
	}
	i, ok := p.s.userNames.find(user)
	return ok && p.found[i>>6]&(1<<(i&63)) != 0
}

// Total counts them.
func (p People) Total() int {
	n := 0
	for _, b := range p.found {
		n += bits.OnesCount64(b)
	}
	return n
}

// Page lists at most limit names in the order of their numbers, from the one after a name on. next is empty on the last
// page.
func (p People) Page(after string, limit int) (names []string, next string) {
	from := id(0)
	if after != "" {
		last, ok := p.s.userNames.find(after)
		if !ok {
			return nil, ""
		}
		from = last + 1
	}
	for i := int(from >> 6); i < len(p.found); i++ {
		left := p.found[i]
		if i == int(from>>6) {
			left &= ^uint64(0) << (from & 63)
		}
		for ; left != 0; left &= left - 1 {
			if len(names) == limit {
				return names, names[limit-1]
			}
			names = append(names, p.s.users.at(id(i<<6+bits.TrailingZeros64(left))).user.Name)
		}
	}
	return names, ""
}
