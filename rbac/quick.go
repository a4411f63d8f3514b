package rbac

import "math/bits"

// quickRows is for how many capabilities a check has its answer laid out: the table's rows that endpoint has, which
// are the first. The others are asked seldom.
const quickRows = uint(AnalyticsMitigations)

// quick is what a check reads of a holder, in one cache line: for each capability the device groups on which it always
// holds, and whether anything holds for a time only.
type quick struct {
	on    [quickRows]*piece
	timed uint8 // a bit for each capability that something opens for a time only
}

// piece is a set of device groups of a size that the compiler knows. An organisation with more than 1,024 has its
// checks answered by the rows.
type piece [16]uint64

var nothing piece

var nowhere = func() (on [quickRows]*piece) {
	for n := range on {
		on[n] = &nothing
	}
	return on
}()

// newQuick lays out what a set always opens in endpoint. Capabilities that hold alike share a piece.
func newQuick(s *set, d *devices) quick {
	q := quick{on: nowhere}
	if len(d.all) > len(piece{}) {
		q.timed = 0xff // ask the rows
		return q
	}
	var made [quickRows]piece
	var touched word
	add := func(w word, b bitset) {
		w &= 1<<quickRows - 1
		touched |= w
		for ; w != 0; w &= w - 1 {
			bitset(made[bits.TrailingZeros64(uint64(w))][:]).or(b)
		}
	}
	add(s.all, d.all)
	for i := range s.rows {
		if r := &s.rows[i]; r.always() {
			add(r.word, r.bits)
		} else {
			q.timed |= uint8(r.word & (1<<quickRows - 1))
		}
	}
	for ; touched != 0; touched &= touched - 1 {
		n := bits.TrailingZeros64(uint64(touched))
		for m := range n {
			if made[m] == made[n] {
				q.on[n] = q.on[m]
			}
		}
		if q.on[n] == &nothing && made[n] != nothing {
			q.on[n] = &piece{}
			*q.on[n] = made[n]
		}
	}
	return q
}

// quickly gathers a word of the device groups on which a person's holders always have a capability. It reads the same
// number of places whoever asks: there is no branch to guess wrong, and the reads do not wait for each other.
func (s *Snapshot) quickly(p *person, n, at uint) (on uint64, timed bool) {
	var some uint8
	if p.rest == nil {
		a, b, c := s.quick.at(p.few[0]), s.quick.at(p.few[1]), s.quick.at(p.few[2])
		d, e, f := s.quick.at(p.few[3]), s.quick.at(p.few[4]), s.quick.at(p.few[5])
		on = a.on[n][at&15] | b.on[n][at&15] | c.on[n][at&15] | d.on[n][at&15] | e.on[n][at&15] | f.on[n][at&15]
		some = a.timed | b.timed | c.timed | d.timed | e.timed | f.timed
		return on, some>>n&1 != 0
	}
	for _, h := range p.rest.holders {
		q := s.quick.at(h)
		on |= q.on[n][at&15]
		some |= q.timed
	}
	return on, some>>n&1 != 0
}
