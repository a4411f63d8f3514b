package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// best chooses the signature that fits arguments best. With all, only those that fit every argument count. It gives none when
// none fits, or when two fit as well.
func best(list []*functions.Signature, args []value, all bool) *functions.Signature {
	if len(list) == 1 {
		return list[0]
	}
	candidates := byCount(list, len(args))
	most := 0
	for _, s := range candidates {
		most = max(most, fitting(s, args))
	}
	if all {
		most = max(most, len(args))
	}
	var fits []*functions.Signature
	for _, s := range candidates {
		if fitting(s, args) == most {
			fits = append(fits, s)
		}
	}
	if len(fits) == 0 {
		return nil
	}
	winner := fits[0]
	for _, s := range fits[1:] {
		switch d := compare(s, winner, args); {
		case d > 0:
			winner = s
		case d == 0:
			return nil
		}
	}
	for _, s := range fits {
		if s != winner && compare(winner, s, args) <= 0 {
			return nil
		}
	}
	return winner
}

// first gives the first of the signatures that fit the most arguments, where only data will tell which is right.
func first(list []*functions.Signature, args []value) *functions.Signature {
	var found *functions.Signature
	most := -1
	for _, s := range byCount(list, len(args)) {
		if n := fitting(s, args); n > most {
			found, most = s, n
		}
	}
	return found
}

// byCount keeps the signatures that take that many arguments, or those that come nearest when none does.
func byCount(list []*functions.Signature, n int) []*functions.Signature {
	var fits []*functions.Signature
	most := 0
	for _, s := range list {
		if n >= s.Min() && n <= s.Max() {
			fits = append(fits, s)
		}
		most = max(most, s.Max())
	}
	if len(fits) > 0 {
		return fits
	}
	for _, s := range list {
		if most >= s.Min() && most <= s.Max() {
			fits = append(fits, s)
		}
	}
	return fits
}

func fitting(s *functions.Signature, args []value) int {
	m := matchingOf(s, args)
	n := 0
	for i := range args {
		if m.fit(i) != fitsNot {
			n++
		}
	}
	return n
}

func compare(a, b *functions.Signature, args []value) int {
	worstA, bestA := extremes(a, args)
	worstB, bestB := extremes(b, args)
	if worstA != worstB {
		return int(worstA - worstB)
	}
	return int(bestA - bestB)
}

func extremes(s *functions.Signature, args []value) (worst, best fit) {
	m := matchingOf(s, args)
	worst = fitsExactly
	for i := range args {
		worst, best = min(worst, m.fit(i)), max(best, m.fit(i))
	}
	return worst, best
}

// match gives the type of an operator for its operands, and no signature when it is not defined for them.
func (b *binder) match(row *functions.Function, args []value, all bool) (types.Type, *functions.Signature) {
	s := best(row.Signatures, args, all)
	if s == nil && uncertain(args) {
		return unknown, row.Signatures[0]
	}
	if s == nil || len(args) < s.Min() || len(args) > s.Max() {
		return failure, nil
	}
	m := matchingOf(s, args)
	for i := range args {
		if !m.suits(i) {
			return failure, nil
		}
	}
	t, _ := m.result()
	if t.Kind == types.Dynamic && t.Shape == nil {
		if unwrapped, ok := unwrap(args); ok {
			if inner, signature := b.match(row, unwrapped, all); signature != nil && inner.Kind != types.Dynamic && inner.Kind != types.Unknown {
				t = types.DynamicOf(inner)
			}
		}
	}
	return t, s
}

// uncertain says whether only data will tell what some argument is.
func uncertain(args []value) bool {
	for _, v := range args {
		if v.table == nil && v.t.Kind == types.Unknown {
			return true
		}
	}
	return false
}

// unwrap takes values that dynamic ones are known to hold out of them.
func unwrap(args []value) ([]value, bool) {
	any := false
	list := make([]value, len(args))
	for i, v := range args {
		list[i] = v
		if v.t.IsDynamic() && v.t.Shape != nil && v.t.Shape.Form == types.Primitive {
			list[i].t, any = v.t.Shape.Elem, true
		}
	}
	return list, any
}

// suits says whether an argument can stand where it does. It asks more than fit does: of parameters that follow others.
func (m *matching) suits(i int) bool {
	p, args := m.parameters[i], m.args
	if p == nil {
		return false
	}
	v := args[i]
	switch {
	case v.star, v.table != nil:
		return m.fit(i) != fitsNot
	case v.t.Kind == types.Unknown:
		return true
	}
	switch p.Want {
	case functions.AsFirst:
		return types.Fits(args[0].t, v.t, types.None)
	case functions.AsSecond:
		return types.Fits(args[1].t, v.t, types.None)
	case functions.CommonScalar, functions.CommonOrderable:
		if p.Want == functions.CommonOrderable && !v.t.IsOrderable() {
			return false
		}
		common, ok := m.together()
		return ok && types.Fits(common, v.t, types.Promotable)
	case functions.CommonOrDynamic:
		common, ok := m.together()
		return ok && (types.Fits(common, v.t, types.Promotable) || v.t.Kind != types.Error && types.Fits(types.Any, v.t, types.ToDynamic) && (common.IsDynamic() || v.t.IsDynamic()))
	}
	return m.fit(i) != fitsNot
}

// result is the type of a call, where no rule of its own gives it.
func (m *matching) result() (types.Type, bool) {
	s, parameters, args := m.signature, m.parameters, m.args
	argument := func(n int) types.Type {
		if n < len(s.Parameters) {
			for i, p := range parameters {
				if p == &s.Parameters[n] {
					return args[i].t
				}
			}
		}
		return failure
	}
	switch s.Result.Of {
	case functions.Itself:
		return s.Result.Type, true
	case functions.First:
		return argument(0), true
	case functions.Second:
		return argument(1), true
	case functions.PromotedFirst:
		return types.Promoted(argument(0)), true
	case functions.ArrayOfFirst:
		return types.ArrayOf(argument(0)), true
	case functions.NamedByLast:
		for i, p := range parameters {
			if p == &s.Parameters[len(s.Parameters)-1] {
				if t, ok := args[i].known.(types.Type); ok {
					return t, true
				}
			}
		}
		return failure, true
	case functions.Common:
		t, _ := m.together()
		return t, true
	case functions.CommonNotDynamic:
		t, _ := commonArgument(parameters, args, true)
		return t, true
	case functions.Widest:
		list := make([]types.Type, len(args))
		for i, v := range args {
			list[i] = v.t
		}
		return types.Promoted(types.Widest(list...)), true
	}
	return failure, false
}
