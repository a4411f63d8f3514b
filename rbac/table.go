package rbac

import (
	"maps"
	"math/bits"
)

// id numbers the rows of a table. Numbers are not reused, so one that outlives its row finds an empty one.
type id = uint32

const (
	chunkBits = 9
	chunkSize = 1 << chunkBits
	chunkMask = chunkSize - 1
)

// vec is a long array that many snapshots share. A draft that changes one row copies its chunk of 512 and the
// short list of chunks, nothing else; rows that nobody changed are the same memory in every snapshot.
type vec[T any] struct {
	chunks []*chunk[T]
	len    id
}

type chunk[T any] struct {
	owner *token // of the draft that may still write in place
	rows  [chunkSize]T
}

func (v *vec[T]) at(i id) *T { return &v.chunks[i>>chunkBits].rows[i&chunkMask] }

// token marks what one draft has made and may still write. It has a size, so that no two are the same.
type token struct{ _ byte }

// mut gives a row that the draft of t may write.
func (v *vec[T]) mut(t *token, i id) *T {
	n := i >> chunkBits
	c := v.chunks[n]
	if c.owner != t {
		c = &chunk[T]{owner: t, rows: c.rows}
		v.chunks = append(make([]*chunk[T], 0, len(v.chunks)+1), v.chunks...)
		v.chunks[n] = c
	}
	return &c.rows[i&chunkMask]
}

// add appends a row and gives its number.
func (v *vec[T]) add(t *token, row T) id {
	i := v.len
	if i&chunkMask == 0 {
		v.chunks = append(v.chunks[:len(v.chunks):len(v.chunks)], &chunk[T]{owner: t})
	}
	*v.mut(t, i) = row
	v.len++
	return i
}

// names finds the number of a name. Snapshots share base; what was named since is in added, which is small and
// copied. A name stays known after its row has gone, and gets the same number when it comes back.
type names[K comparable] struct {
	base  map[K]id
	added map[K]id
	owner *token // of the draft that may write added
}

// mergeNames is how many added names make a new base worth its copy.
const mergeNames = 2048

func (n *names[K]) find(name K) (id, bool) {
	if i, ok := n.base[name]; ok {
		return i, true
	}
	if len(n.added) == 0 {
		return 0, false
	}
	i, ok := n.added[name]
	return i, ok
}

func (n *names[K]) add(t *token, name K, i id) {
	if n.owner != t {
		if len(n.added) >= mergeNames {
			n.base = maps.Clone(n.base)
			maps.Copy(n.base, n.added)
			n.added = nil
		}
		n.added = maps.Clone(n.added)
		n.owner = t
	}
	if n.added == nil {
		n.added = map[K]id{}
	}
	n.added[name] = i
}

// expect makes room for so many names, where there are none yet.
func (n *names[K]) expect(t *token, count int) {
	if len(n.base)+len(n.added) == 0 {
		n.added, n.owner = make(map[K]id, count), t
	}
}

// settle makes all names base ones, as Compile leaves them.
func (n *names[K]) settle() {
	if len(n.base) == 0 {
		n.base, n.added = n.added, nil
	}
}

// bitset is a set of device groups, one bit each by rank. It is never changed once a snapshot holds it.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i id) bool { return int(i>>6) < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) set(i id) { b[i>>6] |= 1 << (i & 63) }

func (b bitset) or(other bitset) {
	for i, w := range other {
		b[i] |= w
	}
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// each calls f for every member, ascending.
func (b bitset) each(f func(id)) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			f(id(i<<6 + bits.TrailingZeros64(w)))
		}
	}
}

func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// covers tells whether all of other is in b.
func (b bitset) covers(other bitset) bool {
	for i, w := range other {
		if w&^b[i] != 0 {
			return false
		}
	}
	return true
}

func (b bitset) equal(other bitset) bool {
	if len(b) != len(other) {
		return false
	}
	for i, w := range b {
		if w != other[i] {
			return false
		}
	}
	return true
}
