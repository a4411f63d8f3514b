package scalar

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// element is one of the values that a function gives at once.
func (e *emitter) element(x *plan.Element) string {
	c, ok := x.Tuple.(*plan.Call)
	if !ok {
		return e.refuse("a value of several that no function gives")
	}
	name := c.Name
	if n, ok := newer[name]; ok {
		name = n
	}
	if !c.Aggregate {
		return e.convert(e.own("get_at", e.several(name, c), e.long(int64(x.Index))), types.Dynamic, x.Of.Kind)
	}
	a := aggregated{e: e, of: settled(x.Of.Kind), args: c.Arguments}
	switch name {
	case "arg_max", "arg_min", "take_any":
		return a.part(name, x.Index)
	case "percentiles":
		return a.percentile(1 + x.Index)
	case "percentilesw":
		return a.weighted(2 + x.Index)
	}
	return e.refuse("the aggregate function '%s' is not offered in hunting", c.Name)
}

// several calls a function of ours that gives an array of its values.
func (e *emitter) several(name string, c *plan.Call) string {
	if name == "array_sort_asc" || name == "array_sort_desc" {
		return e.sortedAll(c)
	}
	f := *c
	f.Of, f.Name = types.Any, name
	return e.call(&f)
}
