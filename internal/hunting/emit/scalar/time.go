package scalar

import (
	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

const ticksPerDay = 864_000_000_000

func (e *emitter) now(c *plan.Call) string {
	if at, ok := e.constant(c); ok {
		return e.bound(at, types.DateTime)
	}
	return e.wholes("+", e.bound(e.env.Now(), types.DateTime), e.as(c.Arguments[0], types.TimeSpan), nil, "HUGEINT", "BIGINT")
}

func (e *emitter) ago(c *plan.Call) string {
	if at, ok := e.constant(c); ok {
		return e.bound(at, types.DateTime)
	}
	return e.wholes("-", e.bound(e.env.Now(), types.DateTime), e.as(c.Arguments[0], types.TimeSpan), nil, "HUGEINT", "BIGINT")
}

// bin rounds down to a multiple.
func (e *emitter) bin(c *plan.Call) string {
	if at, ok := e.constant(c); ok {
		return e.bound(at, c.Of.Kind)
	}
	x, y := c.Arguments[0], c.Arguments[1]
	k := settled(c.Of.Kind)
	if k == types.Dynamic {
		return e.convert(e.own("bin_real", e.as(x, types.Real), e.as(y, types.Real)), types.Real, k)
	}
	if k == types.Real || k == types.Decimal {
		return e.convert(e.own("bin_real", e.as(x, types.Real), e.as(y, types.Real)), types.Real, k)
	}
	if size, ok := e.constant(y); ok && size > 0 && size < 1<<60 && simple(x) && isWhole(kindOf(x)) {
		v, s := e.as(x, types.Long), e.long(size)
		rest := v + " % " + s // of the sign of v; it is computed once
		return e.convert("TRY("+v+" - "+rest+" - CASE WHEN "+rest+" < 0 THEN "+s+" ELSE 0 END)", types.Long, k)
	}
	return e.convert(e.own("bin_long", e.wholeOf(x), e.wholeOf(y)), types.Long, k)
}

func (e *emitter) wholeOf(x plan.Expr) string {
	if isTicks(kindOf(x)) {
		return e.expr(x)
	}
	return e.as(x, types.Long)
}

func (e *emitter) startOfDay(c *plan.Call) string {
	if at, ok := e.constant(c); ok {
		return e.bound(at, types.DateTime)
	}
	if x := c.Arguments[0]; len(c.Arguments) == 1 && simple(x) && kindOf(x) == types.DateTime {
		v := e.expr(x)
		return "(" + v + " - " + v + " % " + e.long(ticksPerDay) + ")"
	}
	return e.invoke(udf.Find(udf.Prefix+"startofday"), c.Arguments)
}
