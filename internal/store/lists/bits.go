package lists

import "math/bits"

// set is a set of rows of a chunk.
type set [size / 64]uint64

func (s *set) put(row int)  { s[row>>6] |= 1 << (row & 63) }
func (s *set) drop(row int) { s[row>>6] &^= 1 << (row & 63) }
func (s *set) set(row int, in bool) {
	if s.drop(row); in {
		s.put(row)
	}
}

func (s *set) has(row int) bool { return s[row>>6]&(1<<(row&63)) != 0 }

func (s *set) and(o *set) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s *set) or(o *set) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s *set) not() {
	for i := range s {
		s[i] = ^s[i]
	}
}

func (s *set) fill(all bool) {
	word := uint64(0)
	if all {
		word = ^word
	}
	for i := range s {
		s[i] = word
	}
}

func (s *set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

func (s *set) count() (n int64) {
	for _, w := range s {
		n += int64(bits.OnesCount64(w))
	}
	return n
}

// each gives every row of the set, in order.
func (s *set) each(f func(row int)) {
	for i, w := range s {
		for w != 0 {
			f(i<<6 + bits.TrailingZeros64(w))
			w &= w - 1
		}
	}
}
