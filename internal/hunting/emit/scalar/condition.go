package scalar

import (
	"strings"

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

// assert would end the query where its condition does not hold. Here nothing that is read from rows may do so.
func (e *emitter) assert(c *plan.Call) string {
	if l, ok := c.Arguments[0].(*plan.Literal); ok && l.Value == true {
		return "TRUE"
	}
	return e.refuse("assert(): a query cannot be ended by what it reads; filter with where")
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
