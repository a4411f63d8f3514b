package scalar

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// arithmetic is + - * / %. Whole numbers are computed in a wider type, so that what does not fit is null and no error.
func (e *emitter) arithmetic(c *plan.Call) string {
	if at, ok := e.constant(c); ok {
		return e.bound(at, c.Of.Kind)
	}
	x, y := c.Arguments[0], c.Arguments[1]
	of := settled(c.Of.Kind)
	if of == types.Dynamic { // what is in the values is told by data alone
		return e.own("dynamic_"+arithmeticNames[c.Name], e.as(x, types.Dynamic), e.as(y, types.Dynamic))
	}
	kx, ky := kindOf(x), kindOf(y)
	if kx == types.Dynamic {
		kx = partner(ky, of, c.Name)
	}
	if ky == types.Dynamic {
		ky = partner(kx, of, c.Name)
	}
	switch {
	case isTicks(kx) || isTicks(ky):
		return e.ticks(c.Name, x, y, kx, ky, of)
	case of == types.Int:
		return e.wholes(c.Name, e.as(x, types.Long), e.as(y, types.Long), y, "BIGINT", "INTEGER")
	case of == types.Long:
		return e.wholes(c.Name, e.as(x, types.Long), e.as(y, types.Long), y, "HUGEINT", "BIGINT")
	case of == types.Decimal:
		return "TRY_CAST(" + e.reals(c.Name, e.convert(e.as(x, of), of, types.Real), e.convert(e.as(y, of), of, types.Real)) + " AS " + sqlTypes[of] + ")"
	}
	return e.reals(c.Name, e.as(x, types.Real), e.as(y, types.Real))
}

var arithmeticNames = map[string]string{"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}

// partner is the kind that a dynamic operand is read as.
func partner(other, result types.Kind, op string) types.Kind {
	switch {
	case isTicks(other) && (op == "+" || op == "-"):
		if result == types.TimeSpan && other == types.DateTime {
			return types.DateTime
		}
		return types.TimeSpan
	case isTicks(other):
		return types.Real
	case result == types.DateTime || result == types.TimeSpan:
		return result
	}
	return other
}

// wholes computes in a type that holds every result, and gives null where that does not fit.
func (e *emitter) wholes(op, a, b string, right plan.Expr, wide, narrow string) string {
	switch op {
	case "/":
		return "TRY_CAST(CAST(" + a + " AS " + wide + ") // " + b + " AS " + narrow + ")"
	case "%":
		return "TRY_CAST(" + e.modulo(a, b, right, wide) + " AS " + narrow + ")"
	}
	return "TRY_CAST(CAST(" + a + " AS " + wide + ") " + op + " CAST(" + b + " AS " + wide + ") AS " + narrow + ")"
}

// modulo is never negative.
func (e *emitter) modulo(a, b string, right plan.Expr, wide string) string {
	if l, ok := right.(*plan.Literal); ok {
		if n, ok := l.Value.(int64); ok && n > 0 {
			w := "CAST(" + b + " AS " + wide + ")"
			return "((CAST(" + a + " AS " + wide + ") % " + w + " + " + w + ") % " + w + ")"
		}
	}
	return e.own("modulo", a, b)
}

func (e *emitter) reals(op, a, b string) string {
	if op == "%" {
		return e.own("modulo_real", a, b)
	}
	return "(" + a + " " + op + " " + b + ")"
}

// ticks is arithmetic with moments and spans of time.
func (e *emitter) ticks(op string, x, y plan.Expr, kx, ky, of types.Kind) string {
	scale := !isTicks(kx) || !isTicks(ky) // by a number
	switch {
	case op == "+" || op == "-" || op == "%" && !scale:
		return e.wholes(op, e.as(x, kx), e.as(y, ky), y, "HUGEINT", "BIGINT")
	case of == types.Real:
		return "(CAST(" + e.as(x, kx) + " AS DOUBLE) / CAST(" + e.as(y, ky) + " AS DOUBLE))"
	case op == "%":
		return e.wholes(op, e.as(x, kx), e.convert(e.as(y, ky), ky, types.Long), y, "HUGEINT", "BIGINT")
	case op == "*" && isWhole(kx) && isWhole(ky):
		return e.wholes(op, e.as(x, kx), e.as(y, ky), y, "HUGEINT", "BIGINT")
	}
	real := func(x plan.Expr, k types.Kind) string {
		if isTicks(k) {
			return "CAST(" + e.as(x, k) + " AS DOUBLE)"
		}
		return e.as(x, types.Real)
	}
	return e.own("real_long", "("+real(x, kx)+" "+op+" "+real(y, ky)+")")
}

func isWhole(k types.Kind) bool { return isTicks(k) || k == types.Int || k == types.Long }

func (e *emitter) negative(c *plan.Call) string {
	if at, ok := e.constant(c); ok {
		return e.bound(at, c.Of.Kind)
	}
	x := c.Arguments[0]
	switch of := settled(c.Of.Kind); of {
	case types.Dynamic:
		return e.own("dynamic_subtract", "'0'", e.as(x, types.Dynamic))
	case types.Real, types.Decimal:
		return "(- " + e.as(x, of) + ")"
	case types.Int:
		return "TRY_CAST(- CAST(" + e.as(x, of) + " AS BIGINT) AS INTEGER)"
	default:
		return "TRY_CAST(- CAST(" + e.as(x, of) + " AS HUGEINT) AS BIGINT)"
	}
}
