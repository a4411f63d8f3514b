package scalar

import (
	"cmp"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

func (e *emitter) iff(c *plan.Call) string {
	a := c.Arguments
	return "(CASE WHEN " + e.predicate(a[0]) + " THEN " + e.as(a[1], c.Of.Kind) + " ELSE " + e.as(a[2], c.Of.Kind) + " END)"
}

func (e *emitter) cases(c *plan.Call) string {
	var b strings.Builder
	b.WriteString("(CASE")
	n := len(c.Arguments) - 1
	for i := 0; i+1 <= n; i += 2 {
		b.WriteString(" WHEN " + e.predicate(c.Arguments[i]) + " THEN " + e.as(c.Arguments[i+1], c.Of.Kind))
	}
	b.WriteString(" ELSE " + e.as(c.Arguments[n], c.Of.Kind) + " END)")
	return b.String()
}

// coalesce gives the first that is not null; of texts, the first that is not empty.
func (e *emitter) coalesce(c *plan.Call) string {
	parts := make([]string, len(c.Arguments))
	isText := settled(c.Of.Kind) == types.String
	for i, a := range c.Arguments {
		parts[i] = e.as(a, c.Of.Kind)
		if isText {
			parts[i] = "nullif(" + parts[i] + ", '')"
		}
	}
	if isText {
		parts = append(parts, "''")
	}
	return "coalesce(" + strings.Join(parts, ", ") + ")"
}

func (e *emitter) isNull(c *plan.Call) string {
	x := c.Arguments[0]
	absent := c.Name == "isnull"
	if kindOf(x) == types.String { // there is no null text
		return boolean(!absent)
	}
	if absent {
		return "(" + e.expr(x) + " IS NULL)"
	}
	return "(" + e.expr(x) + " IS NOT NULL)"
}

func (e *emitter) isEmpty(c *plan.Call) string {
	x := c.Arguments[0]
	empty := c.Name == "isempty"
	switch k := kindOf(x); {
	case k == types.String || k == types.Dynamic:
		if empty {
			return "(" + e.as(x, types.String) + " = '')"
		}
		return "(" + e.as(x, types.String) + " <> '')"
	case empty:
		return "(" + e.expr(x) + " IS NULL)"
	}
	return "(" + e.expr(x) + " IS NOT NULL)"
}

// extreme is max_of and min_of, which pass over null.
func (e *emitter) extreme(c *plan.Call) string {
	name := "greatest"
	if c.Name == "min_of" {
		name = "least"
	}
	parts := make([]string, len(c.Arguments))
	for i, a := range c.Arguments {
		parts[i] = e.as(a, c.Of.Kind)
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}

// assert ends a query whose condition does not hold. That is told before it runs: nothing that is read from rows may do so.
func (e *emitter) assert(c *plan.Call) string {
	holds, known := truth(c.Arguments[0])
	switch {
	case !known:
		return e.refuse("assert(): a query cannot be ended by what it reads; filter with where")
	case !holds:
		message, _ := constantText(c.Arguments[1])
		return e.refuse("assert(): %s", clip(message))
	}
	return "TRUE"
}

// truth is whether a condition holds that is made of what is written out alone.
func truth(x plan.Expr) (holds, known bool) {
	if l, ok := x.(*plan.Literal); ok {
		holds, known = l.Value.(bool)
		return holds, known
	}
	c, ok := x.(*plan.Call)
	if !ok {
		return false, false
	}
	switch c.Name {
	case "not":
		holds, known = truth(c.Arguments[0])
		return !holds, known
	case "and", "or":
		every, some := true, false
		for _, a := range c.Arguments {
			is, known := truth(a)
			if !known {
				return false, false
			}
			every, some = every && is, some || is
		}
		return c.Name == "and" && every || c.Name == "or" && some, true
	case "isempty", "isnotempty":
		text, known := constantText(c.Arguments[0])
		return (text == "") == (c.Name == "isempty"), known
	case "==", "!=", "<", "<=", ">", ">=":
		order, known := compared(c.Arguments[0], c.Arguments[1])
		return map[string]bool{"==": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[c.Name], known
	}
	return false, false
}

// compared is how two values that are written out stand to each other: numbers, texts, or moments or spans of time.
func compared(x, y plan.Expr) (order int, known bool) {
	if a, ok := constantText(x); ok {
		b, ok := constantText(y)
		return strings.Compare(a, b), ok
	}
	number := func(x plan.Expr) (float64, bool) {
		if c, ok := x.(*plan.Call); ok && c.Name == "strlen" {
			s, ok := constantText(c.Arguments[0])
			return float64(utf8.RuneCountInString(s)), ok
		}
		l, ok := x.(*plan.Literal)
		if !ok {
			return 0, false
		}
		switch v := l.Value.(type) {
		case int64:
			return float64(v), true
		case float64:
			return v, !math.IsNaN(v)
		}
		return 0, false
	}
	a, ok := number(x)
	b, alsoOk := number(y)
	return cmp.Compare(a, b), ok && alsoOk && isNumber(kindOf(x)) == isNumber(kindOf(y))
}

func (e *emitter) getType(c *plan.Call) string {
	x := c.Arguments[0]
	if k := kindOf(x); k != types.Dynamic {
		return e.text(k.String())
	}
	return e.own("gettype", e.expr(x))
}

// bagPack makes a bag of names and values.
func (e *emitter) bagPack(c *plan.Call) string {
	name := "bag_pack"
	if c.Name == "bag_pack_filled" {
		name = c.Name
	}
	return e.own(name, e.dynamics(c.Arguments)...)
}

func (e *emitter) packArray(c *plan.Call) string {
	return e.own("pack_array", e.dynamics(c.Arguments)...)
}

func (e *emitter) dynamics(list []plan.Expr) []string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = e.as(a, types.Dynamic)
	}
	return parts
}
