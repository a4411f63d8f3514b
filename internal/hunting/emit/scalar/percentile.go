package scalar

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// fraction is a percentile that is written out, as a part of 1.
func (a aggregated) fraction(x plan.Expr) (float64, bool) {
	if c, ok := x.(*plan.Call); ok && len(c.Arguments) == 1 && isNumber(c.Of.Kind) {
		f, ok := a.fraction(c.Arguments[0])
		if c.Name == "negative" {
			f = 0
		}
		return f, ok
	}
	l, ok := x.(*plan.Literal)
	if !ok {
		return 0, false
	}
	f := 0.0
	switch v := l.Value.(type) {
	case int64:
		f = float64(v)
	case float64:
		f = v
	default:
		return 0, false
	}
	if math.IsNaN(f) {
		f = 0
	}
	return min(max(f/100, 0), 1), true
}

func isNumber(k types.Kind) bool {
	return k == types.Int || k == types.Long || k == types.Real || k == types.Decimal
}

// values writes what percentiles are taken of.
func (a aggregated) values() (sql string, kind types.Kind) {
	switch k := kindOf(a.args[0]); k {
	case types.Int:
		return a.e.as(a.args[0], types.Long), types.Long
	case types.Decimal, types.Dynamic:
		return a.e.as(a.args[0], types.Real), types.Real
	default:
		return a.e.expr(a.args[0]), k
	}
}

// percentile is a value that occurs, not one between two.
func (a aggregated) percentile(i int) string {
	p, ok := a.fraction(a.args[i])
	if !ok {
		return a.e.refuse("a percentile must be written out as a number")
	}
	sql, k := a.values()
	return a.e.convert("quantile_disc("+sql+", "+a.e.bound(p, types.Real)+")"+a.filter, k, a.of)
}

// weighted is a percentile of values of which each counts as often as its weight says.
func (a aggregated) weighted(i int) string {
	p, ok := a.fraction(a.args[i])
	if !ok {
		return a.e.refuse("a percentile must be written out as a number")
	}
	sql, k := a.values()
	if !isNumber(k) && !isTicks(k) {
		return a.e.refuse("percentilew(): values must be numbers, moments or spans of time")
	}
	pair := "('[' || " + a.e.toDynamic(a.e.convert(sql, k, types.Real), types.Real) + " || ',' || CAST(" + a.e.as(a.args[1], types.Long) + " AS VARCHAR) || ']')"
	list := "('[' || coalesce(array_to_string(list(" + pair + ") FILTER (WHERE " + pair + " IS NOT NULL), ','), '') || ']')"
	return a.e.convert(a.e.own("weighted_percentile", list, a.e.bound(p, types.Real)), types.Real, a.of)
}

func (a aggregated) percentileArray(first int) string {
	var list []plan.Expr
	for _, x := range a.args[first:] {
		all, ok := elements(x)
		if !ok {
			list = append(list, x)
			continue
		}
		for _, one := range all {
			list = append(list, numberOf(one))
		}
	}
	parts := make([]string, len(list))
	for i, x := range list {
		b := a
		_, b.of = a.values()
		b.args = append(append([]plan.Expr{}, a.args[:first]...), x)
		if first == 1 {
			parts[i] = a.e.convert(b.percentile(1), b.of, types.Dynamic)
		} else {
			parts[i] = a.e.convert(b.weighted(2), b.of, types.Dynamic)
		}
	}
	return "('[' || " + strings.Join(parts, " || ',' || ") + " || ']')"
}

// numberOf is a number in an array that is written out.
func numberOf(x plan.Expr) plan.Expr {
	if l, ok := x.(*plan.Literal); ok && l.Of.Kind == types.Dynamic {
		text, _ := l.Value.(string)
		var f float64
		if json.Unmarshal([]byte(text), &f) == nil {
			return &plan.Literal{Of: types.Of(types.Real), Value: f}
		}
	}
	return x
}
