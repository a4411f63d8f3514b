package events

import (
	"bytes"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/jsonscan"
)

// glance looks over a record once: whether it is one JSON object in which no name stands twice, at any depth, and what its members are and
// those of the row in it. What is seldom - names with escapes, objects of very many names or within very many others - it does not decide:
// then the long way does, and says what is wrong. It keeps its memory from one record to the next.
type glance struct {
	text    []byte
	members []member
	row     []member // of "properties"
	hasRow  bool     // which is an object
	names   []span
	sums    []uint64 // of the names of an object

	record, inner usual // names of the record before, and of the row in it
}

// usual are names that one object had, no two the same. The next mostly has them too, in the same order: then they need not be looked at
// again. Each stands in its quotes, with the colon behind it.
type usual struct {
	text []byte
	ends []int
}

// find tells which of the names a text begins with, from the one that is due on, and how long it is; 0: with none of the next.
func (u *usual) find(text []byte, due int) (which, length int) {
	for i := due; i < min(due+farthest, len(u.ends)); i++ {
		start := 0
		if i > 0 {
			start = u.ends[i-1]
		}
		if name := u.text[start:u.ends[i]]; bytes.HasPrefix(text, name) {
			return i, len(name)
		}
	}
	return 0, 0
}

// remember keeps names for the next object.
func (u *usual) remember(text []byte, names []span) {
	u.text, u.ends = u.text[:0], u.ends[:0]
	for _, n := range names {
		u.text = append(append(u.text, text[n.from-1:n.to+1]...), ':')
		u.ends = append(u.ends, len(u.text))
	}
}

// span is where something stands in the text.
type span struct{ from, to int }

const (
	mostNames = 100 // of one object, which are compared each with each
	deepest   = 40
	farthest  = 4 // names that an object may leave out of the usual, one after the other
)

// over tells whether the text is as described. The members point into it.
func (g *glance) over(text []byte) bool {
	g.text, g.members, g.row, g.hasRow, g.names = text, g.members[:0], g.row[:0], false, g.names[:0]
	at := jsonscan.Space(text, 0)
	if at == len(text) || text[at] != '{' {
		return false
	}
	end := g.object(at, 0, &g.members, &g.record)
	return end > 0 && jsonscan.Space(text, end) == len(text)
}

// object steps over the object that begins at a place, and gives where it ends; 0: it is none, or was not decided.
func (g *glance) object(at, depth int, members *[]member, before *usual) (end int) {
	text, first := g.text, len(g.names)
	same, due := before != nil, 0
	if at = jsonscan.Space(text, at+1); at < len(text) && text[at] == '}' {
		return at + 1
	}
	for {
		if len(g.names)-first == mostNames {
			return 0
		}
		length, plain := 0, false
		if same {
			due, length = before.find(text[at:], due)
			due++
		}
		if same = length > 0; same {
			g.names = append(g.names, span{at + 1, at + length - 2})
			at += length
		} else if at = g.name(at); at == 0 {
			return 0
		}
		named := g.names[len(g.names)-1]
		name := text[named.from:named.to]
		if at = jsonscan.Space(text, at); at == len(text) {
			return 0
		}
		if depth == 0 && text[at] == '{' && string(name) == "properties" {
			g.hasRow = true
			end = g.object(at, 1, &g.row, &g.inner)
		} else {
			end, plain = g.value(at, depth)
		}
		if end == 0 {
			return 0
		}
		if members != nil {
			*members = append(*members, member{name, text[at:end], plain})
		}
		if at = jsonscan.Space(text, end); at == len(text) {
			return 0
		}
		switch text[at] {
		case ',':
			at = jsonscan.Space(text, at+1)
		case '}':
			if !same && g.twice(first) {
				return 0
			}
			if !same && before != nil {
				before.remember(text, g.names[first:])
			}
			g.names = g.names[:first]
			return at + 1
		default:
			return 0
		}
	}
}

// name steps over a name and the colon behind it; 0: it is none, or was not decided.
func (g *glance) name(at int) (end int) {
	text := g.text
	if at == len(text) || text[at] != '"' {
		return 0
	}
	end, plain := jsonscan.Text(text, at)
	if !plain || !utf8.Valid(text[at+1:end-1]) {
		return 0
	}
	g.names = append(g.names, span{at + 1, end - 1})
	if at = jsonscan.Space(text, end); at == len(text) || text[at] != ':' {
		return 0
	}
	return at + 1
}

// value steps over any value; plain, if it is a text in which nothing is escaped.
func (g *glance) value(at, depth int) (end int, plain bool) {
	switch g.text[at] {
	case '"':
		return jsonscan.Text(g.text, at)
	case '{', '[':
		if depth == deepest {
			return 0, false
		}
		if g.text[at] == '{' {
			return g.object(at, depth+1, nil, nil), false
		}
		return g.list(at, depth+1), false
	}
	return jsonscan.Plain(g.text, at), false
}

func (g *glance) list(at, depth int) (end int) {
	text := g.text
	if at = jsonscan.Space(text, at+1); at < len(text) && text[at] == ']' {
		return at + 1
	}
	for at < len(text) {
		if at, _ = g.value(at, depth); at == 0 {
			return 0
		}
		if at = jsonscan.Space(text, at); at == len(text) {
			return 0
		}
		switch text[at] {
		case ',':
			at = jsonscan.Space(text, at+1)
		case ']':
			return at + 1
		default:
			return 0
		}
	}
	return 0
}

// twice tells whether one of the names from the first on stands twice.
func (g *glance) twice(first int) bool {
	g.sums = g.sums[:0]
	for _, a := range g.names[first:] {
		sum := jsonscan.Sum(g.text[a.from:a.to])
		for j, other := range g.sums {
			if sum != other {
				continue
			}
			b := g.names[first+j]
			if bytes.Equal(g.text[a.from:a.to], g.text[b.from:b.to]) {
				return true
			}
		}
		g.sums = append(g.sums, sum)
	}
	return false
}
