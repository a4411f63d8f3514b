package bind

import (
	"fmt"
	regex "regexp/syntax"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// fitsCount says whether a call has as many arguments as it needs, and notes it if not.
func (b *binder) fitsCount(x *syntax.Call, f *functions.Function, s *functions.Signature, n int) bool {
	least, most := f.Signatures[0].Min(), f.Signatures[0].Max()
	for _, one := range f.Signatures {
		least, most = min(least, one.Min()), max(most, one.Max())
	}
	if n >= s.Min() && n <= s.Max() {
		if !s.Pairs || (n-alone(s))%2 == 0 {
			return true
		}
		b.problem(x.Span, "The function '%s' takes arguments in pairs, and one is missing.", f.Name)
		return false
	}
	takes := fmt.Sprintf("%d to %d arguments", least, most)
	switch {
	case least == most && most == 1:
		takes = "one argument"
	case least == most && most == 0:
		takes = "no arguments"
	case least == most:
		takes = fmt.Sprintf("%d arguments", least)
	case most >= functions.Many:
		takes = fmt.Sprintf("%d arguments or more", least)
	}
	b.problem(x.Span, "The function '%s' takes %s, and is called with %d.", f.Name, takes, n)
	return false
}

// alone counts the parameters that stand once, beside those in pairs.
func alone(s *functions.Signature) int {
	n := 0
	for _, p := range s.Parameters {
		if p.Max == 1 {
			n++
		}
	}
	return n
}

// fitsArguments says whether each argument can stand where it does, and notes those that cannot.
func (b *binder) fitsArguments(f *functions.Function, m *matching) bool {
	ok, args := true, m.args
	if hasCommon(m.parameters) {
		if _, found := m.together(); !found {
			b.problem(syntax.Span{Start: args[0].at.Start, End: args[len(args)-1].at.End}, "The arguments of '%s' must be of one type, and are %s.", f.Name, listed(args))
			return false
		}
	}
	for i, v := range args {
		p := m.parameters[i]
		switch {
		case !m.suits(i):
			b.problem(v.at, "The function '%s' takes %s as '%s', and this is %s.", f.Name, m.wants(p), p.Name, described(v))
			ok = false
		default:
			ok = b.writtenAs(f.Name, p, v) && ok
		}
	}
	return ok
}

func hasCommon(parameters []*functions.Parameter) bool {
	return slices.ContainsFunc(parameters, func(p *functions.Parameter) bool {
		return p.Want == functions.CommonScalar || p.Want == functions.CommonOrderable || p.Want == functions.CommonOrDynamic
	})
}

// writtenAs says whether an argument is written as its parameter asks for.
func (b *binder) writtenAs(name string, p *functions.Parameter, v value) bool {
	asked := ""
	switch p.Argument {
	case functions.Constant:
		if !v.constant {
			asked = "a constant"
		}
	case functions.Literal:
		if !v.literal {
			asked = "a value written out"
		} else if word, ok := v.text(); len(p.Values) > 0 && (!ok || !slices.ContainsFunc(p.Values, func(one string) bool { return strings.EqualFold(one, word) })) {
			asked = "one of " + strings.Join(p.Values, ", ")
		}
	case functions.Column, functions.ColumnOfFirst, functions.CommonColumn:
		if v.column == nil {
			asked = "a column"
		}
	}
	if asked != "" {
		b.problem(v.at, "The function '%s' takes %s as '%s'.", name, asked, p.Name)
	}
	return asked == ""
}

var wantNames = map[functions.Want]string{
	functions.Scalar: "a scalar value", functions.Integer: "a whole number", functions.Number: "a number", functions.NumberOrBool: "a number or bool",
	functions.Summable: "a number, datetime or timespan", functions.Orderable: "a value that can be ordered", functions.Text: "a string",
	functions.TextOrArray: "a string or an array", functions.IntegerOrArray: "a whole number or an array", functions.ArrayValue: "a dynamic array",
	functions.BagValue: "a dynamic property bag", functions.NotBool: "anything but a bool", functions.NotDynamic: "anything but a dynamic value",
	functions.Table: "a table", functions.CommonOrderable: "a value that can be ordered",
}

// wants says what a parameter takes.
func (m *matching) wants(p *functions.Parameter) string {
	switch p.Want {
	case functions.Declared:
		var names []string
		for _, t := range p.Types {
			names = append(names, "a value of type "+t.String())
		}
		return strings.Join(names, " or ")
	case functions.CommonScalar, functions.CommonOrDynamic:
		t, _ := m.together()
		return "a value of type " + t.String()
	case functions.AsFirst:
		return "a value of type " + m.args[0].t.String()
	case functions.AsSecond:
		return "a value of type " + m.args[1].t.String()
	}
	return wantNames[p.Want]
}

func described(v value) string {
	switch {
	case v.star:
		return "a *"
	case v.table != nil:
		return "a table"
	case v.t.Kind == types.Name:
		return "a type"
	}
	return "a value of type " + v.t.String()
}

func listed(args []value) string {
	words := make([]string, 0, 8)
	for i, v := range args {
		if i == 8 {
			words = append(words, "…")
			break
		}
		words = append(words, strings.TrimPrefix(described(v), "a value of type "))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// patterns are the functions that take a regular expression, and as which argument.
var patterns = map[string]int{
	"extract": 0, "extract_all": 0, "extractall": 0, "replace": 0, "replace_regex": 1, "trim": 0, "trim_start": 0, "trim_end": 0, "indexof_regex": 1,
}

// sizes are the functions that make much of little, which of their arguments says how much, and the most that may be said.
var sizes = map[string]struct {
	argument int
	most     int64
}{"strrep": {1, 1024}}

// checkKnown looks at what constants say, where not everything of their type will do.
func (b *binder) checkKnown(f *functions.Function, args []value) {
	if i, ok := patterns[f.Name]; ok && i < len(args) {
		b.checkRegex(args[i])
	}
	if s, ok := sizes[f.Name]; ok && s.argument < len(args) {
		if n, known := args[s.argument].number(); known && n > s.most {
			b.problem(args[s.argument].at, "The function '%s' takes at most %d here.", f.Name, s.most)
		}
	}
}

// checkRegex says what is wrong with a regular expression that is written out.
func (b *binder) checkRegex(v value) {
	pattern, ok := v.text()
	if !ok {
		return
	}
	if _, err := regex.Parse(syntax.Regex(pattern), regex.Perl); err != nil {
		b.problem(v.at, "The regular expression cannot be read: %s.", syntax.Clip(strings.TrimPrefix(err.Error(), "error parsing regexp: ")))
	}
}
