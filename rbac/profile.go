package rbac

import "math/bits"

// profile is all that one user opens: outside endpoint a word, in endpoint a set of device groups a capability.
type profile struct {
	all     word
	touched word // the capabilities that have anything in on
	on      [wordBits]bitset
}

func newProfile(groups int) profile {
	var p profile
	for n := range p.on {
		p.on[n] = newBitset(groups)
	}
	return p
}

func (p *profile) fill(s *Snapshot, user id, at int64, number *renumber) {
	p.all = 0
	for ; p.touched != 0; p.touched &= p.touched - 1 {
		clear(p.on[bits.TrailingZeros64(uint64(p.touched))])
	}
	if user == noID || s.users.at(user).user == nil {
		return
	}
	who := s.userSubject(user, at)
	if who.refused != "" {
		return
	}
	for _, h := range who.holders {
		set := s.sets.at(h)
		p.add(set.all, nil, number)
		for i := range set.rows {
			if r := &set.rows[i]; r.now(at) {
				p.add(r.word, r.bits, number)
			}
		}
	}
}

func (p *profile) add(w word, b bitset, number *renumber) {
	if b == nil {
		p.all |= w
		b = number.both
	} else {
		b = number.set(b)
	}
	w &= endpointMask
	p.touched |= w
	for ; w != 0; w &= w - 1 {
		p.on[bits.TrailingZeros64(uint64(w))].or(b)
	}
}
