package udf

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxNesting is how deep a JSON value may be nested. A deeper one is read as no JSON.
const maxNesting = 500

// Parse reads the text of a JSON value.
func Parse(text string) (any, bool) {
	r := reader{s: text}
	r.space()
	v, ok := r.value(0)
	r.space()
	if !ok || r.i != len(text) {
		return nil, false
	}
	return v, true
}

type reader struct {
	s string
	i int
}

func (r *reader) space() {
	for r.i < len(r.s) && (r.s[r.i] == ' ' || r.s[r.i] == '\t' || r.s[r.i] == '\n' || r.s[r.i] == '\r') {
		r.i++
	}
}

func (r *reader) take(c byte) bool {
	r.space()
	if r.i < len(r.s) && r.s[r.i] == c {
		r.i++
		return true
	}
	return false
}

func (r *reader) value(depth int) (any, bool) {
	if r.i >= len(r.s) || depth > maxNesting {
		return nil, false
	}
	switch c := r.s[r.i]; {
	case c == '{':
		return r.bag(depth)
	case c == '[':
		return r.array(depth)
	case c == '"':
		return r.text()
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	}
	switch rest := r.s[r.i:]; {
	case strings.HasPrefix(rest, "true"):
		r.i += 4
		return true, true
	case strings.HasPrefix(rest, "false"):
		r.i += 5
		return false, true
	case strings.HasPrefix(rest, "null"):
		r.i += 4
		return nil, true
	}
	return nil, false
}

func (r *reader) array(depth int) (any, bool) {
	r.i++
	list := []any{}
	if r.take(']') {
		return list, true
	}
	for {
		r.space()
		v, ok := r.value(depth + 1)
		if !ok {
			return nil, false
		}
		list = append(list, v)
		if r.take(']') {
			return list, true
		}
		if !r.take(',') {
			return nil, false
		}
	}
}

func (r *reader) bag(depth int) (any, bool) {
	r.i++
	bag := &Bag{}
	if r.take('}') {
		return bag, true
	}
	index := map[string]int{}
	for {
		r.space()
		if r.i >= len(r.s) || r.s[r.i] != '"' {
			return nil, false
		}
		k, ok := r.text()
		if !ok || !r.take(':') {
			return nil, false
		}
		r.space()
		v, ok := r.value(depth + 1)
		if !ok {
			return nil, false
		}
		key := k.(string)
		if i, again := index[key]; again {
			bag.Values[i] = v
		} else {
			index[key] = len(bag.Keys)
			bag.Keys, bag.Values = append(bag.Keys, key), append(bag.Values, v)
		}
		if r.take('}') {
			return bag, true
		}
		if !r.take(',') {
			return nil, false
		}
	}
}

func (r *reader) number() (any, bool) {
	start := r.i
	if r.s[r.i] == '-' {
		r.i++
	}
	digits := r.digits()
	if digits == 0 || digits > 1 && r.s[r.i-digits] == '0' {
		return nil, false
	}
	isWhole := true
	if r.i < len(r.s) && r.s[r.i] == '.' {
		r.i++
		isWhole = false
		if r.digits() == 0 {
			return nil, false
		}
	}
	if r.i < len(r.s) && (r.s[r.i] == 'e' || r.s[r.i] == 'E') {
		r.i++
		isWhole = false
		if r.i < len(r.s) && (r.s[r.i] == '+' || r.s[r.i] == '-') {
			r.i++
		}
		if r.digits() == 0 {
			return nil, false
		}
	}
	text := r.s[start:r.i]
	if isWhole {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, true
		}
	}
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		f = math.Copysign(math.MaxFloat64, f)
	}
	return f, true
}

func (r *reader) digits() int {
	n := 0
	for r.i < len(r.s) && r.s[r.i] >= '0' && r.s[r.i] <= '9' {
		r.i++
		n++
	}
	return n
}

// text reads a string. Text that is no UTF-8, and half of a surrogate pair, become the sign for what cannot be read.
func (r *reader) text() (any, bool) {
	r.i++
	start := r.i
	for r.i < len(r.s) {
		switch c := r.s[r.i]; {
		case c == '"':
			s := r.s[start:r.i]
			r.i++
			return strings.ToValidUTF8(s, "\uFFFD"), true
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return nil, false
		}
		r.i++
	}
	return nil, false
}

func (r *reader) escaped(start int) (any, bool) {
	b := []byte(r.s[start:r.i])
	for r.i < len(r.s) {
		c := r.s[r.i]
		r.i++
		switch {
		case c == '"':
			return strings.ToValidUTF8(string(b), "\uFFFD"), true
		case c < ' ':
			return nil, false
		case c != '\\':
			b = append(b, c)
			continue
		case r.i >= len(r.s):
			return nil, false
		}
		c = r.s[r.i]
		r.i++
		switch c {
		case '"', '\\', '/':
			b = append(b, c)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			u, ok := r.unit()
			if !ok {
				return nil, false
			}
			if utf16.IsSurrogate(u) && strings.HasPrefix(r.s[r.i:], `\u`) {
				back := r.i
				r.i += 2
				low, ok := r.unit()
				if both := utf16.DecodeRune(u, low); ok && both != utf8.RuneError {
					u = both
				} else {
					r.i = back
				}
			}
			b = utf8.AppendRune(b, u)
		default:
			return nil, false
		}
	}
	return nil, false
}

func (r *reader) unit() (rune, bool) {
	if r.i+4 > len(r.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.s[r.i:r.i+4], 16, 16)
	if err != nil {
		return 0, false
	}
	r.i += 4
	return rune(n), true
}
