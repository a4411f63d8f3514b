package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// fit is how well an argument fits a parameter. A greater one is better.
type fit int

// How well arguments fit, from not at all to exactly.
const (
	fitsNot fit = iota
	fitsUnknown
	fitsAsDynamic
	fitsConverted
	fitsPromoted
	fitsNotType
	fitsOneOfMany
	fitsScalar
	fitsSummable
	fitsOrderable
	fitsNumber
	fitsInteger
	fitsTable
	fitsExactly
)

// layout gives the parameter of each argument, and nil for arguments that are too many.
func layout(s *functions.Signature, n int) []*functions.Parameter {
	list := make([]*functions.Parameter, n)
	first, last := -1, -1
	for i, p := range s.Parameters {
		if p.Max > 1 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	for i := range list {
		at := i
		if first >= 0 && i >= first {
			width, after := last-first+1, len(s.Parameters)-last-1
			repeated := n - first - after
			if s.Pairs {
				repeated = (repeated + width - 1) / width * width
			}
			repeated = min(max(repeated, s.Parameters[first].Min*width), s.Parameters[first].Max*width)
			if i < first+repeated {
				at = first + (i-first)%width
			} else {
				at = last + 1 + i - first - repeated
			}
		}
		if at < len(s.Parameters) {
			list[i] = &s.Parameters[at]
		}
	}
	return list
}

// matching is arguments with the parameters that they stand for.
type matching struct {
	signature  *functions.Signature
	parameters []*functions.Parameter
	args       []value

	looked bool // for the type that arguments have together
	common types.Type
	found  bool
}

func matchingOf(s *functions.Signature, args []value) *matching {
	m := &matching{signature: s, parameters: layout(s, len(args)), args: args}
	// What may be missing behind repeated arguments is missing when the last one can only be one of those.
	last, n := len(args)-1, len(s.Parameters)-1
	if last > 0 && n > 0 && m.parameters[last] == &s.Parameters[n] && s.Parameters[n].Min == 0 && s.Parameters[n-1].Max > 1 && m.fit(last) == fitsNot {
		m.parameters[last] = &s.Parameters[n-1]
	}
	return m
}

// together is the type that the arguments have together which must have one.
func (m *matching) together() (types.Type, bool) {
	if !m.looked {
		m.looked = true
		m.common, m.found = commonArgument(m.parameters, m.args, false)
	}
	return m.common, m.found
}

// fit is how well an argument fits its parameter.
func (m *matching) fit(i int) fit { return m.fitAs(m.parameters[i], i) }

func (m *matching) fitAs(p *functions.Parameter, i int) fit {
	if p == nil {
		return fitsNot
	}
	v := m.args[i]
	if v.star {
		if p.Argument == functions.Star || p.Argument == functions.OrStar {
			return fitsExactly
		}
		return fitsNot
	}
	if p.Argument == functions.Star {
		return fitsNot
	}
	if p.Want == functions.Table {
		if v.table != nil {
			return fitsTable
		}
		return fitsNot
	}
	if v.table != nil {
		return fitsNot
	}
	t := v.t
	if t.Kind == types.Unknown {
		return fitsUnknown
	}
	switch p.Want {
	case functions.Declared:
		return fitDeclared(p, t)
	case functions.AsFirst:
		return m.fitAs(m.parameters[0], i)
	case functions.AsSecond:
		return m.fitAs(m.parameters[1], i)
	case functions.CommonScalar, functions.CommonOrderable, functions.CommonOrDynamic:
		return m.fitCommon(p, t)
	}
	if !wanted(p.Want, t) {
		return fitsNot
	}
	return fitsOfWant[p.Want]
}

func fitDeclared(p *functions.Parameter, t types.Type) fit {
	for _, want := range p.Types {
		if types.Fits(want, t, types.None) {
			if len(p.Types) == 1 {
				return fitsExactly
			}
			return fitsOneOfMany
		}
	}
	for _, want := range p.Types {
		if types.Fits(want, t, types.Promotable) {
			return fitsPromoted
		}
	}
	return fitsNot
}

func (m *matching) fitCommon(p *functions.Parameter, t types.Type) fit {
	common, ok := m.together()
	switch {
	case !ok:
		return fitsNot
	case types.Fits(common, t, types.None):
		return fitsExactly
	case types.Fits(common, t, types.Promotable):
		return fitsPromoted
	case types.Fits(common, t, types.ToDynamic):
		return fitsAsDynamic
	case p.Want == functions.CommonOrDynamic && t.IsDynamic():
		return fitsExactly
	}
	return fitsNot
}

var fitsOfWant = map[functions.Want]fit{
	functions.Scalar: fitsScalar, functions.Integer: fitsInteger, functions.Number: fitsNumber, functions.NumberOrBool: fitsNumber,
	functions.Summable: fitsSummable, functions.Orderable: fitsOrderable, functions.Text: fitsOneOfMany, functions.TextOrArray: fitsOneOfMany,
	functions.IntegerOrArray: fitsOneOfMany, functions.ArrayValue: fitsOneOfMany, functions.BagValue: fitsOneOfMany, functions.NotBool: fitsNotType,
	functions.NotDynamic: fitsNotType,
}

// wanted says whether a type is of a kind of types.
func wanted(w functions.Want, t types.Type) bool {
	if t.Kind == types.Unknown {
		return true
	}
	switch w {
	case functions.Scalar:
		return t.Kind != types.Error
	case functions.Integer:
		return t.IsInteger()
	case functions.Number:
		return t.IsNumber()
	case functions.NumberOrBool:
		return t.IsNumber() || t.Kind == types.Bool
	case functions.Summable:
		return t.IsSummable()
	case functions.Orderable:
		return t.IsOrderable()
	case functions.Text:
		return t.IsStringOrDynamic()
	case functions.TextOrArray:
		return t.Kind == types.String || t.IsArray() || t.Unwrapped().Kind == types.String
	case functions.IntegerOrArray:
		whole := t.Shape == nil || t.Element().Unwrapped().IsInteger() || types.Same(t.Element(), types.Any)
		return t.IsInteger() || t.IsArray() && whole || t.Unwrapped().Kind == types.Long
	case functions.ArrayValue:
		return t.IsArray()
	case functions.BagValue:
		return t.IsBag()
	case functions.NotBool:
		return t.Kind != types.Bool && t.Kind != types.Error
	case functions.NotDynamic:
		return !t.IsDynamic() && t.Kind != types.Error
	}
	return false
}

// commonArgument gives the type that the arguments have together which must have one.
func commonArgument(layout []*functions.Parameter, args []value, ignoreDynamic bool) (types.Type, bool) {
	common, found := failure, false
	for i, p := range layout {
		if p == nil || args[i].table != nil || args[i].t.Kind == types.Error {
			continue
		}
		t := args[i].t
		if ignoreDynamic && t.IsDynamic() {
			continue
		}
		allowed := types.Promotable
		switch p.Want {
		case functions.CommonScalar:
		case functions.CommonOrderable:
			if !t.IsOrderable() && t.Kind != types.Unknown {
				continue
			}
		case functions.CommonOrDynamic:
			allowed = types.ToDynamic
		default:
			continue
		}
		if !found {
			common, found = t, true
			continue
		}
		var ok bool
		if common, ok = types.Common(common, t, allowed); !ok {
			return failure, false
		}
	}
	if !found && ignoreDynamic {
		return commonArgument(layout, args, false)
	}
	return common, found
}
