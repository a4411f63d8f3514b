package scalar

import (
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// aggregated is a call of an aggregate, without the predicate that says which rows it is of.
type aggregated struct {
	e      *emitter
	of     types.Kind
	args   []plan.Expr
	filter string // FILTER (WHERE ...), or nothing
}

// conditional are aggregates whose predicate stands behind their arguments, by how many these are at least.
var conditional = map[string]string{
	"countif": "count", "count_distinctif": "count_distinct", "dcountif": "dcount", "sumif": "sum", "avgif": "avg", "stdevif": "stdev", "varianceif": "variance",
	"variancepif": "variancep", "covarianceif": "covariance", "covariancepif": "covariancep", "minif": "min", "maxif": "max", "take_anyif": "take_any",
	"make_list_if": "make_list", "make_set_if": "make_set", "make_bag_if": "make_bag",
}

func (e *emitter) aggregate(name string, c *plan.Call) string {
	a := aggregated{e: e, of: settled(c.Of.Kind), args: c.Arguments}
	at := -1
	if plain, ok := conditional[name]; ok {
		if at = 1; name == "countif" {
			at = 0
		} else if strings.HasPrefix(name, "covariance") {
			at = 2
		}
		name = plain
	} else if name == "count" && len(a.args) == 1 {
		at = 0
	}
	if at >= 0 {
		a.filter = " FILTER (WHERE " + e.predicate(a.args[at]) + ")"
		a.args = append(append([]plan.Expr{}, a.args[:at]...), a.args[at+1:]...)
	}
	if write := aggregates[name]; write != nil {
		return write(a)
	}
	if sql, ok := a.spread(name); ok {
		return sql
	}
	return e.refuse("the aggregate function '%s' is not offered in hunting", c.Name)
}

var aggregates map[string]func(aggregated) string

func init() {
	aggregates = map[string]func(aggregated) string{
		"count":          func(a aggregated) string { return "count(*)" + a.filter },
		"count_distinct": aggregated.distinct,
		"dcount":         aggregated.distinct,
		"sum":            aggregated.sum,
		"avg":            aggregated.avg,
		"min":            func(a aggregated) string { return a.one("min") },
		"max":            func(a aggregated) string { return a.one("max") },
		"binary_all_and": func(a aggregated) string { return a.bits("bit_and") },
		"binary_all_or":  func(a aggregated) string { return a.bits("bit_or") },
		"binary_all_xor": func(a aggregated) string { return a.bits("bit_xor") },
		"percentiles":    func(a aggregated) string { return a.percentile(1) },
		"percentilesw":   func(a aggregated) string { return a.weighted(2) },
		"take_any":       aggregated.any,
		"arg_max":        func(a aggregated) string { return a.part("arg_max", 0) },
		"arg_min":        func(a aggregated) string { return a.part("arg_min", 0) },
		"make_list":      func(a aggregated) string { return a.list("list", true) },
		"make_set":       aggregated.set,
		"make_bag":       func(a aggregated) string { return a.e.own("bag_merge_list", a.list("list", false), a.most(1)) },
		"buildschema":    func(a aggregated) string { return a.e.own("buildschema", a.list("list", false)) },

		"make_list_with_nulls": func(a aggregated) string { return a.nullable() },
		"percentiles_array":    func(a aggregated) string { return a.percentileArray(1) },
		"percentilesw_array":   func(a aggregated) string { return a.percentileArray(2) },
	}
}

// number writes the first argument as a number to calculate with: a moment or span as its ticks.
func (a aggregated) number(i int, k types.Kind) string {
	if isTicks(kindOf(a.args[i])) {
		return a.e.convert(a.e.expr(a.args[i]), types.Long, k)
	}
	return a.e.as(a.args[i], k)
}

func (a aggregated) distinct() string {
	return "count(DISTINCT " + a.e.expr(a.args[0]) + ")" + a.filter
}

// sum of nothing is 0.
func (a aggregated) sum() string {
	switch a.of {
	case types.Real, types.Dynamic:
		return a.e.convert("coalesce(sum("+a.number(0, types.Real)+")"+a.filter+", 0)", types.Real, a.of)
	case types.Decimal:
		return "coalesce(TRY_CAST(sum(" + a.number(0, types.Real) + ")" + a.filter + " AS " + sqlTypes[types.Decimal] + "), 0)"
	}
	return "TRY_CAST(coalesce(sum(" + a.number(0, types.Long) + ")" + a.filter + ", 0) AS BIGINT)"
}

// avg of nothing is no number.
func (a aggregated) avg() string {
	switch {
	case isTicks(a.of):
		return "TRY_CAST(avg(" + a.number(0, types.Long) + ")" + a.filter + " AS BIGINT)"
	case a.of == types.Decimal:
		return "TRY_CAST(avg(" + a.number(0, types.Real) + ")" + a.filter + " AS " + sqlTypes[types.Decimal] + ")"
	}
	k := kindOf(a.args[0])
	if k != types.Int && k != types.Long {
		k = types.Real
	}
	return a.e.convert("coalesce(avg("+a.e.as(a.args[0], k)+")"+a.filter+", CAST('NaN' AS DOUBLE))", types.Real, a.of)
}

// spread is standard deviation, variance and covariance. Values too great to be squared count as none.
func (a aggregated) spread(name string) (string, bool) {
	function, ok := spreads[name]
	if !ok {
		return "", false
	}
	args := make([]string, len(a.args))
	for i := range a.args {
		args[i] = a.e.own("squarable", a.number(i, types.Real))
	}
	list := strings.Join(args, ", ")
	few := "CASE count(" + args[0] + ")" + a.filter + " WHEN 0 THEN CAST('NaN' AS DOUBLE) ELSE 0 END"
	return "coalesce(" + function + "(" + list + ")" + a.filter + ", " + few + ")", true
}

func (a aggregated) one(function string) string {
	sql := function + "(" + a.e.as(a.args[0], a.of) + ")" + a.filter
	if a.of == types.String {
		return "coalesce(" + sql + ", '')"
	}
	return sql
}

func (a aggregated) bits(function string) string {
	return a.e.convert(function+"("+a.number(0, types.Long)+")"+a.filter, types.Long, a.of)
}

// any is a value that is not null, if there is one.
func (a aggregated) any() string { return a.one("any_value") }

// part is one of the values of the row that an aggregate finds. All parts come from the same row, and there is one even where what is
// looked for is null in all of them.
func (a aggregated) part(name string, i int) string {
	fields := make([]string, len(a.args))
	for j, x := range a.args {
		fields[j] = "f" + strconv.Itoa(j) + " := " + a.e.expr(x)
	}
	row := "struct_pack(" + strings.Join(fields, ", ") + ")"
	found := "first(" + row + ")" + a.filter
	if name != "take_any" {
		found = "coalesce(" + name + "(" + row + ", " + a.e.expr(a.args[0]) + ")" + a.filter + ", " + found + ")"
	}
	sql := "struct_extract(" + found + ", 'f" + strconv.Itoa(i) + "')"
	if kindOf(a.args[i]) == types.String {
		return "coalesce(" + sql + ", '')"
	}
	return sql
}

// most is how many elements an aggregate may collect.
func (a aggregated) most(i int) string {
	n := int64(udf.MaxElements)
	if len(a.args) > i {
		given, ok := a.e.constant(a.args[i])
		if !ok {
			return a.e.refuse("the number of elements must be written out")
		}
		n = min(max(given, 0), n)
	}
	return a.e.long(n)
}

// list collects values into an array, without those that are null.
func (a aggregated) list(how string, sized bool) string {
	x := a.e.as(a.args[0], types.Dynamic)
	filter := " FILTER (WHERE " + x + " IS NOT NULL)"
	if a.filter != "" {
		filter = strings.TrimSuffix(a.filter, ")") + " AND " + x + " IS NOT NULL)"
	}
	size := 1
	if !sized {
		size = len(a.args)
	}
	most := a.most(size)
	all := "list(" + x + a.ordered() + ")" + filter
	if how == "DISTINCT" { // in an order, so that the same rows give the same set
		all = "list_sort(list(DISTINCT " + x + ")" + filter + ")"
	}
	return "('[' || coalesce(array_to_string(list_slice(" + all + ", 1, " + most + "), ','), '') || ']')"
}

// set collects values that differ. Of arrays it is a set of what is in them.
func (a aggregated) set() string {
	if kindOf(a.args[0]) == types.Dynamic {
		return a.e.own("set_of", a.list("DISTINCT", false), a.most(1))
	}
	return a.list("DISTINCT", true)
}

// ordered is the order in which values are collected: that of the rows, if they stand in one.
func (a aggregated) ordered() string {
	order, err := a.e.env.Order()
	if err != nil {
		return ""
	}
	return " ORDER BY " + order
}

func (a aggregated) nullable() string {
	x := "coalesce(" + a.e.as(a.args[0], types.Dynamic) + ", 'null')"
	return "('[' || coalesce(array_to_string(list_slice(list(" + x + a.ordered() + ")" + a.filter + ", 1, " + a.e.long(udf.MaxElements) + "), ','), '') || ']')"
}

var spreads = map[string]string{
	"stdev": "stddev_samp", "stdevp": "stddev_pop", "variance": "var_samp", "variancep": "var_pop", "covariance": "covar_samp", "covariancep": "covar_pop",
}
