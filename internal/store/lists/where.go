package lists

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// frame is one chunk as a question sees it.
type frame struct {
	names *names
	rows  set // those that there are, and that the reader sees
	class *[size]uint32
	times [2]*[size]int64
	code  [allColumns]*[size]uint32
	base  int64 // the number of the first row
}

// condition says which rows of a frame it holds for. What it says of rows that are not there is of no interest.
type condition interface{ rows(f *frame, into *set) }

type (
	all    []condition
	oneOf  []condition
	not    struct{ condition }
	always bool
	// among holds for the rows whose text is among some.
	among struct {
		column column
		ok     []uint8 // 1: it is
	}
	timed struct {
		which int // created or updated
		op    store.Op
		at    int64
	}
	inClasses []uint8
	// numbered holds for rows by their numbers: sets by chunk.
	numbered map[int64]*set
	// named looks at ids.
	named struct{ ok func(id string) bool }
	// holds finds a text within ids, in all of a chunk at once.
	holds struct{ text string }
)

func (a all) rows(f *frame, into *set) {
	into.fill(true)
	var one set
	for _, c := range a {
		c.rows(f, &one)
		into.and(&one)
		if into.empty() {
			return
		}
	}
}

func (o oneOf) rows(f *frame, into *set) {
	into.fill(false)
	var one set
	for _, c := range o {
		c.rows(f, &one)
		into.or(&one)
	}
}

func (n not) rows(f *frame, into *set) {
	n.condition.rows(f, into)
	into.not()
}

func (a always) rows(_ *frame, into *set) { into.fill(bool(a)) }

func (a among) rows(f *frame, into *set) {
	pick(into, f.code[a.column], a.ok)
}

func (c inClasses) rows(f *frame, into *set) { pick(into, f.class, c) }

func (n numbered) put(number int64) {
	in := n[number/size]
	if in == nil {
		in = &set{}
		n[number/size] = in
	}
	in.put(int(number % size))
}

func (n numbered) rows(f *frame, into *set) {
	if in := n[f.base/size]; in != nil {
		*into = *in
		return
	}
	into.fill(false)
}

// pick takes the rows whose number is one of those that are ok. A number beyond them is not.
func pick(into *set, numbers *[size]uint32, ok []uint8) {
	for w := range into {
		word := uint64(0)
		for bit, n := range (*[64]uint32)(numbers[w<<6:]) {
			if int(n) < len(ok) {
				word |= uint64(ok[n]) << bit // without a branch: it is a coin's toss
			}
		}
		into[w] = word
	}
}

// impossible tells by the times of a chunk that a condition holds for none of its rows.
func impossible(c condition, spans *[2]span) bool {
	switch c := c.(type) {
	case all:
		return slices.ContainsFunc(c, func(part condition) bool { return impossible(part, spans) })
	case oneOf:
		return !slices.ContainsFunc(c, func(part condition) bool { return !impossible(part, spans) })
	case always:
		return !bool(c)
	case timed:
		s := spans[c.which]
		switch c.op {
		case store.Less, store.LessEq:
			return !c.holds(s.low)
		case store.Greater, store.GreaterEq:
			return !c.holds(s.high)
		case store.Equal:
			return c.at < s.low || c.at > s.high
		}
	}
	return false
}

func (t timed) rows(f *frame, into *set) {
	times := f.times[t.which]
	for w := range into {
		word := uint64(0)
		for bit, at := range (*[64]int64)(times[w<<6:]) {
			if t.holds(at) {
				word |= 1 << bit
			}
		}
		into[w] = word
	}
}

func (t timed) holds(at int64) bool {
	switch t.op {
	case store.Equal:
		return at == t.at
	case store.NotEqual:
		return at != t.at
	case store.Less:
		return at < t.at
	case store.LessEq:
		return at <= t.at
	case store.Greater:
		return at > t.at
	}
	return at >= t.at
}

func (n named) rows(f *frame, into *set) {
	into.fill(false)
	f.rows.each(func(row int) {
		if n.ok(f.names.at(row)) {
			into.put(row)
		}
	})
}

func (h holds) rows(f *frame, into *set) {
	into.fill(false)
	row, lower := 0, f.names.lower
	for at := 0; ; at++ {
		i := strings.Index(lower[at:], h.text)
		if i < 0 {
			return
		}
		at += i
		for int(f.names.ends[row]) <= at {
			row++
		}
		if at+len(h.text) <= int(f.names.ends[row]) { // or it runs over into the next id
			into.put(row)
			at = int(f.names.ends[row]) - 1
		}
	}
}
