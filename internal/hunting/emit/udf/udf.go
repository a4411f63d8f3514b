// Package udf is the functions of KQL that the engine has no equal of. Each is pure and total: whatever it is given it answers, with null
// where there is no answer, and what it answers is bounded.
package udf

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The kinds of values, as the engine has them: text is never null, dynamic values are the text of JSON, moments and spans are counts of
// 100 nanoseconds.
const (
	Text    = 's'
	Long    = 'l'
	Real    = 'r'
	Bool    = 'b'
	Dynamic = 'd'
	Moment  = 't'
	Span    = 'p'
)

// Function is one of them.
type Function struct {
	Name     string // as the engine knows it
	In       string // the kinds of its arguments
	Optional int    // how many of the last may be missing, which are null then
	Rest     byte   // the kind of those that may follow, or 0
	Out      byte
	Unsteady bool // it gives another value each time
	Call     func(Args) any
}

// Prefix is what the names begin with.
const Prefix = "bw_"

// MaxText is how long a text may be that a function makes. What would be longer is null.
const MaxText = 1 << 20

// MaxElements is how many elements an array may have that a function makes.
const MaxElements = 1 << 20

var byName = map[string]*Function{}

// add puts a function into the table, by the name that KQL has for it.
func add(name, in string, out byte, call func(Args) any) *Function {
	optional := 0
	if i := slices.Index([]byte(in), '|'); i >= 0 {
		optional = len(in) - i - 1
		in = in[:i] + in[i+1:]
	}
	var rest byte
	if n := len(in); n > 0 && in[n-1] == '*' {
		rest, in = in[n-2], in[:n-2]
	}
	f := &Function{Name: Prefix + name, In: in, Optional: optional, Rest: rest, Out: out, Call: call}
	byName[f.Name] = f
	return f
}

// Find gives a function by its name.
func Find(name string) *Function { return byName[name] }

// All gives all functions, in the order of their names.
func All() []*Function {
	list := make([]*Function, 0, len(byName))
	for _, f := range byName {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *Function) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return list
}

// Run calls a function. Whatever goes wrong in it gives null, and so does what is longer than a value may be.
func (f *Function) Run(a Args) (result any) {
	defer func() {
		if recover() != nil {
			result = f.nothing()
		}
	}()
	result = f.Call(a)
	if s, ok := result.(string); ok && len(s) <= MaxText {
		if !utf8.ValidString(s) {
			result = strings.ToValidUTF8(s, "\uFFFD")
		}
	}
	if s, ok := result.(string); ok && len(s) > MaxText { // as it is now: the sign of what is no text is longer than that
		result = nil
	}
	if result == nil {
		return f.nothing()
	}
	return result
}

func (f *Function) nothing() any {
	if f.Out == Text {
		return ""
	}
	return nil
}

// Args are what a function is called with: nil, string, int64, float64 or bool. A text may be the engine's own memory: a function that
// keeps one keeps a copy.
type Args []any

// Has says whether an argument is there.
func (a Args) Has(i int) bool { return i < len(a) && a[i] != nil }

// None says whether one of these is null.
func (a Args) None(list ...int) bool {
	for _, i := range list {
		if a[i] == nil {
			return true
		}
	}
	return false
}

// S gives a text.
func (a Args) S(i int) string {
	if i >= len(a) {
		return ""
	}
	s, _ := a[i].(string)
	return s
}

// L gives a whole number.
func (a Args) L(i int) int64 {
	if i >= len(a) {
		return 0
	}
	n, _ := a[i].(int64)
	return n
}

// R gives a number.
func (a Args) R(i int) float64 {
	if i >= len(a) {
		return 0
	}
	f, _ := a[i].(float64)
	return f
}

// B gives a truth.
func (a Args) B(i int) bool {
	if i >= len(a) {
		return false
	}
	b, _ := a[i].(bool)
	return b
}

// D gives what a dynamic argument holds: nil, bool, int64, float64, string, []any or *Bag.
func (a Args) D(i int) any {
	if i >= len(a) || a[i] == nil {
		return nil
	}
	s, _ := a[i].(string)
	v, ok := Parse(s)
	if !ok {
		return nil
	}
	return v
}

// List gives the elements of a dynamic argument that is an array.
func (a Args) List(i int) ([]any, bool) {
	list, ok := a.D(i).([]any)
	return list, ok
}
