package udf

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bag is a property bag, in the order that it was written in.
type Bag struct {
	Keys   []string
	Values []any

	// Where the first so many properties are, of a bag that has many: it is never asked for each of them by looking at all.
	places  map[string]int
	indexed int
}

// few is how many properties a bag may have that are looked for one by one.
const few = 16

func (b *Bag) place(key string) int {
	if len(b.Keys) <= few {
		return slices.Index(b.Keys, key)
	}
	if b.places == nil {
		b.places = make(map[string]int, len(b.Keys))
	}
	for ; b.indexed < len(b.Keys); b.indexed++ {
		if _, there := b.places[b.Keys[b.indexed]]; !there {
			b.places[b.Keys[b.indexed]] = b.indexed
		}
	}
	if i, there := b.places[key]; there {
		return i
	}
	return -1
}

// Get gives a property.
func (b *Bag) Get(key string) (any, bool) {
	if i := b.place(key); i >= 0 {
		return b.Values[i], true
	}
	return nil, false
}

// Set puts a property in, or in the place of one of the name.
func (b *Bag) Set(key string, value any) {
	if i := b.place(key); i >= 0 {
		b.Values[i] = value
		return
	}
	b.Keys, b.Values = append(b.Keys, key), append(b.Values, value)
}

// JSON writes a value as the text that dynamic values are; nil is null.
func JSON(v any) any {
	if v == nil {
		return nil
	}
	return string(appendJSON(nil, v))
}

func appendJSON(b []byte, v any) []byte {
	switch x := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, x)
	case int64:
		return strconv.AppendInt(b, x, 10)
	case int:
		return strconv.AppendInt(b, int64(x), 10)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return appendQuoted(b, RealText(x))
		}
		return append(b, RealText(x)...)
	case string:
		return appendQuoted(b, x)
	case []string:
		b = append(b, '[')
		for i, e := range x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendQuoted(b, e)
		}
		return append(b, ']')
	case []any:
		b = append(b, '[')
		for i, e := range x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case *Bag:
		b = append(b, '{')
		for i, k := range x.Keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendQuoted(b, k), ':')
			b = appendJSON(b, x.Values[i])
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

const hexDigits = "0123456789abcdef"

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// RealText writes a real number as KQL does: as short as tells it from others, with a point or an exponent.
func RealText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0.0"
	}
	if e := math.Abs(f); e >= 1e15 || e < 1e-5 {
		s := strconv.FormatFloat(f, 'E', -1, 64)
		if mantissa, exponent, ok := strings.Cut(s, "E+"); ok && len(exponent) == 1 {
			s = mantissa + "E+0" + exponent
		}
		return s
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// TextOf writes a value as tostring() does: a text as it is, anything else as JSON.
func TextOf(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	}
	return string(appendJSON(nil, v))
}

// number gives a value as a number, if it is one.
func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

// whole gives a value as a whole number, if it is one.
func whole(v any) (int64, bool) {
	switch x := v.(type) {
	case int64:
		return x, true
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1<<63 {
			return int64(x), true
		}
	}
	return 0, false
}

// same says whether two values are the same: numbers by what they count, bags whatever the order of their properties.
func same(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case string:
		y, ok := b.(string)
		return ok && x == y
	case int64:
		if y, ok := b.(int64); ok {
			return x == y
		}
		y, ok := b.(float64)
		return ok && float64(x) == y
	case float64:
		y, ok := number(b)
		return ok && x == y
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(x[i], y[i]) {
				return false
			}
		}
		return true
	case *Bag:
		y, ok := b.(*Bag)
		if !ok || len(x.Keys) != len(y.Keys) {
			return false
		}
		for i, k := range x.Keys {
			if v, ok := y.Get(k); !ok || !same(x.Values[i], v) {
				return false
			}
		}
		return true
	}
	return false
}

// keyOf is a text that is the same for values that are the same, for sets.
func keyOf(v any) string {
	if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		v = int64(f)
	}
	return string(appendJSON(nil, v))
}
