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
	over := " OVER (" + e.anew(c) + "ORDER BY " + order + ")"
	upTo := " OVER (" + e.anew(c) + "ORDER BY " + order + " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
	k := settled(c.Of.Kind)
	switch name {
	case "prev", "next":
		return e.neighbour(name, c, over)
	case "row_number":
		start := e.long(1)
		if len(c.Arguments) > 0 {
			start = e.as(c.Arguments[0], types.Long)
		}
		return "TRY_CAST(CAST(row_number()" + over + " AS HUGEINT) + " + start + " - 1 AS BIGINT)"
	case "row_cumsum":
		if k == types.Real || k == types.Decimal || k == types.Dynamic {
			return e.convert("sum(coalesce("+e.as(c.Arguments[0], types.Real)+", 0))"+upTo, types.Real, k)
		}
		return e.convert("TRY_CAST(sum(coalesce("+e.as(c.Arguments[0], types.Long)+", 0))"+upTo+" AS BIGINT)", types.Long, k)
	}
	return e.refuse("the function '%s' is not built here", c.Name)
}

// anew says where row_number() and row_cumsum() begin anew: their second argument, which is the number of a group of rows then.
func (e *emitter) anew(c *plan.Call) string {
	if len(c.Arguments) < 2 || kindOf(c.Arguments[1]) != types.Long || c.Name != "row_number" && c.Name != "row_cumsum" {
		return ""
	}
	return "PARTITION BY " + e.expr(c.Arguments[1]) + " "
}

const beyond = 1<<31 - 1

// neighbour is prev() and next().
func (e *emitter) neighbour(name string, c *plan.Call, over string) string {
	function := "lag"
	if name == "next" {
		function = "lead"
	}
	offset, otherwise := e.groupOf(1), missing(settled(c.Of.Kind))
	if len(c.Arguments) > 1 {
		if n, ok := e.constant(c.Arguments[1]); ok && n >= 0 && n < beyond {
			offset = e.groupOf(n)
		} else { // no row is as far away as that
			n := e.as(c.Arguments[1], types.Long)
			offset = "CAST(CASE WHEN " + n + " BETWEEN 0 AND " + e.long(beyond-1) + " THEN " + n + " ELSE " + e.long(beyond) + " END AS INTEGER)"
		}
	}
	if len(c.Arguments) > 2 {
		otherwise = e.as(c.Arguments[2], c.Of.Kind)
	}
	return function + "(" + e.as(c.Arguments[0], c.Of.Kind) + ", " + offset + ", " + otherwise + ")" + over
}

// windows are the functions of the rows around. What the engine has no word for is computed before the operator, by package emit.
var windows = map[string]bool{
	"prev": true, "next": true, "row_number": true, "row_cumsum": true, "row_rank": true, "row_rank_dense": true, "row_rank_min": true, "row_window_session": true,
}
