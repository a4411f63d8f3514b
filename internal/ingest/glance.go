package ingest

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
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
	g.keys = append(g.keys, key{from, to, sum(g.text[from:to])})
	if name := g.text[from:to]; len(g.open) == 1 && (string(name) == "value" || string(name) == "records") {
		g.page = true
	}
	if g.next() != ':' {
		return false
	}
	g.at++
	return true
}

// sum is made of a text's length, beginning and end.
func sum(text []byte) uint64 {
	n := uint64(len(text)) << 56
	if len(text) >= 8 {
		return n ^ binary.LittleEndian.Uint64(text) ^ binary.LittleEndian.Uint64(text[len(text)-8:])<<3
	}
	for i, c := range text {
		n ^= uint64(c) << (8 * i)
	}
	return n
}

// next steps over space and gives the byte that follows, 0 at the end.
func (g *glance) next() byte {
	if g.space(); g.at == len(g.text) {
		return 0
	}
	return g.text[g.at]
}

func (g *glance) space() {
	for g.at < len(g.text) {
		switch g.text[g.at] {
		case ' ', '\t', '\r', '\n':
			g.at++
		default:
			return
		}
	}
}

// scalar steps over a value that begins with c and holds no others.
func (g *glance) scalar(c byte) bool {
	switch c {
	case '"':
		_, ok := g.quoted()
		return ok
	case 't':
		return g.word("true")
	case 'f':
		return g.word("false")
	case 'n':
		return g.word("null")
	}
	return g.number()
}

func (g *glance) word(w string) bool {
	if !bytes.HasPrefix(g.text[g.at:], []byte(w)) {
		return false
	}
	g.at += len(w)
	return true
}

func (g *glance) number() bool {
	if g.at < len(g.text) && g.text[g.at] == '-' {
		g.at++
	}
	switch {
	case g.at == len(g.text):
		return false
	case g.text[g.at] == '0':
		g.at++
	case !g.digits():
		return false
	}
	if g.at < len(g.text) && g.text[g.at] == '.' {
		if g.at++; !g.digits() {
			return false
		}
	}
	if g.at < len(g.text) && g.text[g.at]|0x20 == 'e' {
		if g.at++; g.at < len(g.text) && (g.text[g.at] == '+' || g.text[g.at] == '-') {
			g.at++
		}
		return g.digits()
	}
	return true
}

// digits steps over at least one.
func (g *glance) digits() bool {
	from := g.at
	for g.at < len(g.text) && g.text[g.at]-'0' <= 9 {
		g.at++
	}
	return g.at > from
}

// quoted steps over a text; plain, if nothing in it is escaped.
func (g *glance) quoted() (plain, ok bool) {
	plain = true
	i := g.at + 1
	for i < len(g.text) {
		for i+8 <= len(g.text) {
			if n := ordinary(binary.LittleEndian.Uint64(g.text[i:])); n < 8 {
				i += n
				break
			}
			i += 8
		}
		if i == len(g.text) {
			break
		}
		switch c := g.text[i]; {
		case c == '"':
			g.at = i + 1
			return plain, true
		case c == '\\':
			n := escape(g.text[i:])
			if n == 0 {
				return false, false
			}
			i, plain = i+n, false
		case c < ' ':
			return false, false
		default:
			i++
		}
	}
	return false, false
}

// ordinary counts the bytes before the first of eight that is a quote, a backslash or a control character.
func ordinary(eight uint64) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := eight^'"'*ones, eight^'\\'*ones
	found := (quote-ones)&^quote | (backslash-ones)&^backslash | (eight-' '*ones)&^eight
	if found &= tops; found == 0 {
		return 8
	}
	return bits.TrailingZeros64(found) / 8
}

// escape gives the length of the escape that a text begins with, 0 if there is none of that kind.
func escape(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(text) < 6 {
			return 0
		}
		for _, c := range text[2:6] {
			if c-'0' > 9 && (c|0x20)-'a' > 5 {
				return 0
			}
		}
		return 6
	}
	return 0
}
