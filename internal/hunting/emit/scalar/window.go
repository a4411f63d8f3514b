package scalar

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// window writes a function of the rows around.
func (e *emitter) window(name string, c *plan.Call) string {
	order, err := e.env.Order()
	if err != nil {
		return e.refuse("%w", err)
	}
	over := " OVER (ORDER BY " + order + ")"
	upTo := " OVER (ORDER BY " + order + " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
	k := settled(c.Of.Kind)
	switch name {
	case "prev", "next":
		return e.neighbour(name, c, over)
	case "row_number":
		if restarts(c, 1) {
			return e.refuse("row_number(): to begin anew is not built; partition the rows instead")
		}
		start := int64(1)
		if len(c.Arguments) > 0 {
			n, ok := e.constant(c.Arguments[0])
			if !ok {
				return e.refuse("row_number(): the first number must be written out")
			}
			start = n
		}
		return "TRY_CAST(CAST(row_number()" + over + " AS HUGEINT) + " + e.long(start) + " - 1 AS BIGINT)"
	case "row_cumsum":
		if restarts(c, 1) {
			return e.refuse("row_cumsum(): to begin anew is not built; partition the rows instead")
		}
		if k == types.Real || k == types.Decimal || k == types.Dynamic {
			return e.convert("sum(coalesce("+e.as(c.Arguments[0], types.Real)+", 0))"+upTo, types.Real, k)
		}
		return e.convert("TRY_CAST(sum(coalesce("+e.as(c.Arguments[0], types.Long)+", 0))"+upTo+" AS BIGINT)", types.Long, k)
	}
	return e.refuse("the function '%s' is not built here; prev(), next(), row_number() and row_cumsum() are", c.Name)
}

// restarts says whether a function begins anew at some rows: by an argument that is not written out as false.
func restarts(c *plan.Call, at int) bool {
	if len(c.Arguments) <= at {
		return false
	}
	l, ok := c.Arguments[at].(*plan.Literal)
	return !ok || l.Value != false
}

// neighbour is prev() and next().
func (e *emitter) neighbour(name string, c *plan.Call, over string) string {
	function := "lag"
	if name == "next" {
		function = "lead"
	}
	offset, otherwise := int64(1), missing(settled(c.Of.Kind))
	if len(c.Arguments) > 1 {
		n, ok := e.constant(c.Arguments[1])
		if !ok || n < 0 || n > 1<<31-1 {
			return e.refuse("%s(): how far away the row is must be written out as a whole number", name)
		}
		offset = n
	}
	if len(c.Arguments) > 2 {
		otherwise = e.as(c.Arguments[2], c.Of.Kind)
	}
	return function + "(" + e.as(c.Arguments[0], c.Of.Kind) + ", " + e.groupOf(offset) + ", " + otherwise + ")" + over
}

var windows = map[string]bool{"prev": true, "next": true, "row_number": true, "row_cumsum": true}
