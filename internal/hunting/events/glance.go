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
	sums    []uint64 // of the names
}

// span is where something stands in the text.
type span struct{ from, to int }

const (
	mostNames = 100 // of one object, which are compared each with each
	deepest   = 40
)

// over tells whether the text is as described. The members point into it.
func (g *glance) over(text []byte) bool {
	g.text, g.members, g.row, g.hasRow, g.names, g.sums = text, g.members[:0], g.row[:0], false, g.names[:0], g.sums[:0]
	at := jsonscan.Space(text, 0)
	if at == len(text) || text[at] != '{' {
		return false
	}
	end := g.object(at, 0, &g.members)
	return end > 0 && jsonscan.Space(text, end) == len(text)
}

// object steps over the object that begins at a place, and gives where it ends; 0: it is none, or was not decided.
func (g *glance) object(at, depth int, members *[]member) (end int) {
	text, first := g.text, len(g.names)
	if at = jsonscan.Space(text, at+1); at < len(text) && text[at] == '}' {
		return at + 1
	}
	for {
		if at == len(text) || text[at] != '"' {
			return 0
		}
		end, plain := jsonscan.Text(text, at)
		if !plain {
			return 0
		}
		name := text[at+1 : end-1]
		if len(g.names)-first == mostNames || !utf8.Valid(name) {
			return 0
		}
		g.names, g.sums = append(g.names, span{at + 1, end - 1}), append(g.sums, jsonscan.Sum(name))
		if at = jsonscan.Space(text, end); at == len(text) || text[at] != ':' {
			return 0
		}
		if at = jsonscan.Space(text, at+1); at == len(text) {
			return 0
		}
		if depth == 0 && text[at] == '{' && string(name) == "properties" {
			g.hasRow = true
			end, plain = g.object(at, 1, &g.row), false
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
			twice := g.twice(first)
			g.names, g.sums = g.names[:first], g.sums[:first]
			if twice {
				return 0
			}
			return at + 1
		default:
			return 0
		}
	}
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
			return g.object(at, depth+1, nil), false
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
	sums := g.sums[first:]
	for i, sum := range sums {
		for j, other := range sums[:i] {
			if sum != other {
				continue
			}
			a, b := g.names[first+i], g.names[first+j]
			if bytes.Equal(g.text[a.from:a.to], g.text[b.from:b.to]) {
				return true
			}
		}
	}
	return false
}
