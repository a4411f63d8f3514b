package ingest

import (
	"bytes"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/jsonscan"
)

// glance looks over a record's text once, and tells whether it is one JSON object with which check finds nothing wrong. What is seldom -
// keys with escapes, objects of very many keys - it doesn't decide: then the long way does. It keeps its memory from one text to the next.
type glance struct {
	text []byte
	at   int
	open []opened
	keys []key

	page bool // the object may be a list page
}

// opened is an object or a list that has begun.
type opened struct {
	list bool
	keys int // of the objects around it
}

// key is where a key stands, and something that tells most keys apart.
type key struct {
	from, to int
	sum      uint64
}

// mostKeys is how many keys of one object are compared each with each.
const mostKeys = 100

// fine tells whether the text is as described.
func (g *glance) fine(text []byte) bool {
	g.text, g.at, g.open, g.keys, g.page = text, 0, g.open[:0], g.keys[:0], false
	ok := g.object() && g.at == len(text) && utf8.Valid(text)
	g.text = nil
	return ok
}

// object reads the whole object, what is in it included.
func (g *glance) object() bool {
	if g.space(); g.at == len(g.text) || g.text[g.at] != '{' {
		return false
	}
	begins := true // a value, or what follows one
	for {
		if begins {
			switch c := g.next(); c {
			case '{', '[':
				if len(g.open) == maxDepth {
					return false
				}
				g.at++
				g.open = append(g.open, opened{c == '[', len(g.keys)})
				switch end := g.next(); {
				case c == '{' && end == '}' || c == '[' && end == ']':
					begins = false
				case c == '{' && !g.key():
					return false
				}
				if !begins {
					if g.at++; !g.close() {
						return false
					}
				}
			default:
				if !g.scalar(c) {
					return false
				}
				begins = false
			}
			continue
		}
		if len(g.open) == 0 {
			g.space()
			return true
		}
		list := g.open[len(g.open)-1].list
		switch c := g.next(); {
		case c == ',':
			g.at++
			if !list {
				if g.next(); !g.key() {
					return false
				}
			}
			begins = true
		case c == ']' && list || c == '}' && !list:
			if g.at++; !g.close() {
				return false
			}
		default:
			return false
		}
	}
}

// close ends a container.
func (g *glance) close() bool {
	o := g.open[len(g.open)-1]
	g.open = g.open[:len(g.open)-1]
	keys := g.keys[o.keys:]
	g.keys = g.keys[:o.keys]
	if len(keys) > mostKeys {
		return false
	}
	for i := range keys {
		for j := range i {
			if keys[i].sum == keys[j].sum && bytes.Equal(g.text[keys[i].from:keys[i].to], g.text[keys[j].from:keys[j].to]) {
				return false
			}
		}
	}
	return true
}

// key steps over a key and its colon.
func (g *glance) key() bool {
	if g.at == len(g.text) || g.text[g.at] != '"' {
		return false
	}
	from := g.at + 1
	plain, ok := g.quoted()
	if !ok || !plain {
		return false
	}
	to := g.at - 1
	g.keys = append(g.keys, key{from, to, jsonscan.Sum(g.text[from:to])})
	if name := g.text[from:to]; len(g.open) == 1 && (string(name) == "value" || string(name) == "records") {
		g.page = true
	}
	if g.next() != ':' {
		return false
	}
	g.at++
	return true
}

// next steps over space and gives the byte that follows, 0 at the end.
func (g *glance) next() byte {
	if g.space(); g.at == len(g.text) {
		return 0
	}
	return g.text[g.at]
}

func (g *glance) space() { g.at = jsonscan.Space(g.text, g.at) }

// scalar steps over a value that begins with c and holds no others.
func (g *glance) scalar(c byte) bool {
	if c == '"' {
		_, ok := g.quoted()
		return ok
	}
	end := jsonscan.Plain(g.text, g.at)
	if end == 0 {
		return false
	}
	g.at = end
	return true
}

// quoted steps over a text; plain, if nothing in it is escaped.
func (g *glance) quoted() (plain, ok bool) {
	end, plain := jsonscan.Text(g.text, g.at)
	if end == 0 {
		return false, false
	}
	g.at = end
	return plain, true
}
