package scalar

import (
	"math"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// predicate writes a test for a place where null means false.
func (e *emitter) predicate(x plan.Expr) string {
	c, ok := x.(*plan.Call)
	if !ok || kindOf(x) != types.Bool || e.err != nil {
		return e.as(x, types.Bool)
	}
	switch c.Name {
	case "and", "or":
		if len(c.Arguments) == 0 {
			return boolean(c.Name == "and")
		}
		parts := make([]string, len(c.Arguments))
		for i, a := range c.Arguments {
			parts[i] = e.predicate(a)
		}
		return "(" + strings.Join(parts, " "+strings.ToUpper(c.Name)+" ") + ")"
	case "==":
		a, b, _ := e.comparable(c.Arguments[0], c.Arguments[1])
		return "(" + a + " = " + b + ")" + e.noNaN(c.Arguments[0], a)
	case "in":
		return e.in(c, false, true)
	}
	return e.expr(x)
}

func boolean(b bool) string {
	if b {
		return "TRUE"
	}
	return "FALSE"
}

// noNaN is what must hold beside a comparison: a number that is none is not equal to anything, and not greater.
func (e *emitter) noNaN(x plan.Expr, sql string) string {
	if kindOf(x) != types.Real {
		return ""
	}
	if l, ok := x.(*plan.Literal); ok {
		if f, ok := l.Value.(float64); ok && !math.IsNaN(f) {
			return ""
		}
	}
	return " AND NOT isnan(" + sql + ")"
}

// comparable writes two values so that the engine can compare them.
func (e *emitter) comparable(a, b plan.Expr) (left, right string, kind types.Kind) {
	k := common(a, b)
	return e.as(a, k), e.as(b, k), k
}

// common is the kind in which two values are compared.
func common(a, b plan.Expr) types.Kind {
	x, y := kindOf(a), kindOf(b)
	switch {
	case x == y && x != types.Dynamic:
		return x
	case x == types.Dynamic && y == types.Dynamic:
		return types.Dynamic
	case x == types.Dynamic:
		return y
	case y == types.Dynamic:
		return x
	case x == types.Int && fitsInt(b) || y == types.Int && fitsInt(a):
		return types.Int
	case x == types.String || y == types.String:
		return types.String
	case x == types.GUID || y == types.GUID:
		return types.String
	case x == types.Decimal || y == types.Decimal:
		return types.Decimal
	case x == types.Real || y == types.Real:
		return types.Real
	}
	return types.Long
}

// fitsInt says whether an expression is a number written out that a column of type int can be compared with as it is.
func fitsInt(x plan.Expr) bool {
	l, ok := x.(*plan.Literal)
	if !ok || kindOf(x) != types.Long {
		return false
	}
	n, ok := l.Value.(int64)
	return ok && n == int64(int32(n))
}

// equal is == and !=: true or false even when one side is null.
func (e *emitter) equal(c *plan.Call) string {
	x, y := c.Arguments[0], c.Arguments[1]
	a, b, k := e.comparable(x, y)
	if k == types.Dynamic {
		a, b = e.own("comparable", a), e.own("comparable", b)
	}
	guard := ""
	if k == types.Real {
		guard = e.noNaN(x, a)
	}
	denied := c.Name == "!="
	switch {
	case k == types.String && guard == "":
		if denied {
			return "(" + a + " <> " + b + ")"
		}
		return "(" + a + " = " + b + ")"
	case denied && guard == "":
		return "(" + a + " IS DISTINCT FROM " + b + ")"
	case denied:
		return "(NOT coalesce(" + a + " = " + b + guard + ", FALSE))"
	case simple(x) && simple(y) && !isValue(x) && !isValue(y):
		return "(CASE WHEN " + a + " IS NULL AND " + b + " IS NULL THEN NULL ELSE coalesce(" + a + " = " + b + guard + ", FALSE) END)"
	}
	return "coalesce(" + a + " = " + b + guard + ", FALSE)"
}

// isValue says whether an expression is known not to be null.
func isValue(x plan.Expr) bool {
	l, ok := x.(*plan.Literal)
	return ok && l.Value != nil
}

// order is <, <=, > and >=, which are null when a side is.
func (e *emitter) order(c *plan.Call) string {
	x, y := c.Arguments[0], c.Arguments[1]
	a, b, k := e.comparable(x, y)
	if k == types.Dynamic {
		a, b, k = e.as(x, types.Real), e.as(y, types.Real), types.Real
		return "(" + a + " " + c.Name + " " + b + ")"
	}
	guard := ""
	if k == types.Real {
		if c.Name[0] == '>' {
			guard = e.noNaN(x, a)
		} else {
			guard = e.noNaN(y, b)
		}
	}
	return "(" + a + " " + c.Name + " " + b + guard + ")"
}

// between has both its ends in. A span of time as the end of moments counts from the start.
func (e *emitter) between(c *plan.Call) string {
	v, low, high := c.Arguments[0], c.Arguments[1], c.Arguments[2]
	if kindOf(v) == types.DateTime && kindOf(high) == types.TimeSpan {
		high = &plan.Call{Name: "+", Of: types.Of(types.DateTime), Arguments: []plan.Expr{low, high}}
	}
	at := func(op string, end plan.Expr) string {
		return e.order(&plan.Call{Name: op, Of: types.Of(types.Bool), Arguments: []plan.Expr{v, end}})
	}
	sql := "(" + at(">=", low) + " AND " + at("<=", high) + ")"
	if c.Name == "!between" {
		return "(NOT " + sql + ")"
	}
	return sql
}

// logic is and, or: of three values, as SQL has them.
func (e *emitter) logic(c *plan.Call) string {
	if len(c.Arguments) == 0 {
		return boolean(c.Name == "and")
	}
	parts := make([]string, len(c.Arguments))
	for i, a := range c.Arguments {
		parts[i] = e.as(a, types.Bool)
	}
	return "(" + strings.Join(parts, " "+strings.ToUpper(c.Name)+" ") + ")"
}
