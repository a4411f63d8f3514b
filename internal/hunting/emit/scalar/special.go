package scalar

import (
	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// What our own functions do, but with arguments in other places, of several kinds, or to be looked at first.

func init() {
	for name, write := range map[string]func(*emitter, *plan.Call) string{
		"bag_pack_columns": (*emitter).packColumns, "replace_regex": (*emitter).replaceRegex, "replace_regex_old": (*emitter).replaceRegex,
		"trim": (*emitter).trim, "trim_start": (*emitter).trim, "trim_end": (*emitter).trim, "countof": (*emitter).countOf, "indexof_regex": (*emitter).indexOfRegex,
		"extract_all": (*emitter).extractAll, "extract_json": (*emitter).extractJSON,
		"abs": (*emitter).abs, "range": (*emitter).rangeOf, "array_sort_asc": (*emitter).sorted, "array_sort_desc": (*emitter).sorted,
		"make_datetime": (*emitter).makeDatetime, "make_timespan": (*emitter).makeTimespan, "bin_at": (*emitter).binAt,
		"hash": (*emitter).hash, "hash_xxhash64": (*emitter).hash, "hash_many": (*emitter).hashMany,
		"around": (*emitter).around, "rand": (*emitter).rand, "geo_info_from_ip_address": (*emitter).place,
	} {
		natives[name] = write
	}
}

// packColumns makes a bag of columns by their names.
func (e *emitter) packColumns(c *plan.Call) string {
	var list []plan.Expr
	for _, a := range c.Arguments {
		ref, ok := a.(*plan.ColumnRef)
		if !ok {
			return e.refuse("bag_pack_columns(): columns are expected")
		}
		list = append(list, &plan.Literal{Of: types.Of(types.String), Value: ref.Column.Name}, a)
	}
	return e.own("bag_pack", e.dynamics(list)...)
}

// replaceRegex puts a text in the place of what a regular expression finds.
func (e *emitter) replaceRegex(c *plan.Call) string {
	source, regex, rewrite := c.Arguments[0], c.Arguments[1], c.Arguments[2]
	if c.Name == "replace" {
		regex, rewrite, source = source, regex, rewrite
	}
	return e.own("replace_regex", e.as(source, types.String), e.pattern(regex, c.Name+"()").sql, e.as(rewrite, types.String))
}

func (e *emitter) trim(c *plan.Call) string {
	return e.own(c.Name, e.pattern(c.Arguments[0], c.Name+"()").sql, e.as(c.Arguments[1], types.String))
}

func (e *emitter) countOf(c *plan.Call) string {
	if len(c.Arguments) > 2 {
		if kind, _ := constantText(c.Arguments[2]); kind == "regex" {
			return e.own("countof", e.as(c.Arguments[0], types.String), e.pattern(c.Arguments[1], "countof()").sql, e.text(kind))
		}
	}
	return e.own("countof", e.as(c.Arguments[0], types.String), e.as(c.Arguments[1], types.String), e.text(""))
}

func (e *emitter) indexOfRegex(c *plan.Call) string {
	parts := []string{e.as(c.Arguments[0], types.String), e.pattern(c.Arguments[1], "indexof_regex()").sql}
	for i := 2; i < 5; i++ {
		if i < len(c.Arguments) {
			parts = append(parts, e.as(c.Arguments[i], types.Long))
		} else {
			parts = append(parts, missing(types.Long))
		}
	}
	return e.own("indexof_regex", parts...)
}

func (e *emitter) extractAll(c *plan.Call) string {
	pattern := e.pattern(c.Arguments[0], "extract_all()").sql
	groups := missing(types.Dynamic)
	if len(c.Arguments) == 3 {
		groups = e.as(c.Arguments[1], types.Dynamic)
	}
	return e.own("extract_all", pattern, groups, e.as(c.Arguments[len(c.Arguments)-1], types.String))
}

// extractJSON gives what is at a path, as the type that is asked for.
func (e *emitter) extractJSON(c *plan.Call) string {
	path, text := e.as(c.Arguments[0], types.String), e.as(c.Arguments[1], types.String)
	if k := settled(c.Of.Kind); k != types.String {
		return e.convert(e.own("extract_json_dynamic", path, text), types.Dynamic, k)
	}
	return e.own("extract_json", path, text)
}

func (e *emitter) abs(c *plan.Call) string {
	x := c.Arguments[0]
	switch k := kindOf(x); k {
	case types.TimeSpan:
		return e.own("abs_long", e.expr(x))
	case types.Int, types.Long:
		return e.convert(e.own("abs_long", e.as(x, types.Long)), types.Long, c.Of.Kind)
	default:
		return e.convert(e.own("abs_real", e.as(x, types.Real)), types.Real, c.Of.Kind)
	}
}

// rangeOf is an array from one value to another in steps.
func (e *emitter) rangeOf(c *plan.Call) string {
	from, to := c.Arguments[0], c.Arguments[1]
	k := kindOf(from)
	var step plan.Expr
	if len(c.Arguments) > 2 {
		step = c.Arguments[2]
	}
	by := func(otherwise any, k types.Kind) string {
		if step == nil {
			return e.bound(otherwise, k)
		}
		return e.as(step, k)
	}
	switch {
	case isTicks(k): // KQL's own step is an hour
		return e.own("range_"+k.String(), e.expr(from), e.as(to, k), by(int64(ticksPerHour), types.TimeSpan))
	case k == types.Real || k == types.Decimal || kindOf(to) == types.Real || step != nil && kindOf(step) == types.Real:
		return e.own("range_real", e.as(from, types.Real), e.as(to, types.Real), by(1.0, types.Real))
	}
	return e.own("range_long", e.as(from, types.Long), e.as(to, types.Long), by(int64(1), types.Long))
}

const ticksPerHour = 36_000_000_000

// sorted sorts arrays by the first of them. Called for one array, it gives that.
func (e *emitter) sorted(c *plan.Call) string {
	return e.own("get_at", e.sortedAll(c), e.long(0))
}

func (e *emitter) sortedAll(c *plan.Call) string {
	args := c.Arguments
	last := "TRUE"
	if n := len(args) - 1; n > 0 && kindOf(args[n]) == types.Bool {
		last, args = e.as(args[n], types.Bool), args[:n]
	}
	return e.own("sort_arrays", append([]string{boolean(c.Name == "array_sort_desc"), last}, e.dynamics(args)...)...)
}

func (e *emitter) makeDatetime(c *plan.Call) string {
	if len(c.Arguments) == 1 {
		return e.as(c.Arguments[0], types.DateTime)
	}
	return e.invoke(udf.Find(udf.Prefix+"make_datetime"), c.Arguments)
}

func (e *emitter) makeTimespan(c *plan.Call) string {
	args := c.Arguments
	if len(args) == 1 {
		return e.as(args[0], types.TimeSpan)
	}
	parts := []string{"0", "0", "0", "0"}
	first := 1
	if len(args) == 4 {
		first = 0
	}
	for i, a := range args {
		parts[first+i] = e.as(a, types.Long)
	}
	return e.own("make_timespan", parts...)
}

func (e *emitter) binAt(c *plan.Call) string {
	a := c.Arguments
	k := settled(c.Of.Kind)
	if isTicks(k) && (isTicks(kindOf(a[1])) || kindOf(a[1]) == types.Int || kindOf(a[1]) == types.Long) {
		return e.own("bin_at_long", e.expr(a[0]), e.wholeOf(a[1]), e.as(a[2], k))
	}
	if k == types.Int || k == types.Long {
		return e.convert(e.own("bin_at_long", e.as(a[0], types.Long), e.as(a[1], types.Long), e.as(a[2], types.Long)), types.Long, k)
	}
	if isTicks(k) {
		return e.refuse("bin_at(): the size of a bin of moments is a span of time")
	}
	return e.convert(e.own("bin_at_real", e.as(a[0], types.Real), e.as(a[1], types.Real), e.as(a[2], types.Real)), types.Real, k)
}

// hash is that of a text, or of a number's ticks or bytes.
func (e *emitter) hash(c *plan.Call) string {
	mod := missing(types.Long)
	if len(c.Arguments) > 1 {
		mod = e.as(c.Arguments[1], types.Long)
	}
	return e.hashOf(c.Arguments[0], mod)
}

func (e *emitter) hashOf(x plan.Expr, mod string) string {
	switch k := kindOf(x); {
	case isTicks(k):
		return e.own("hash_ticks", e.expr(x), mod)
	case k == types.Int || k == types.Long || k == types.Bool:
		return e.own("hash_ticks", e.as(x, types.Long), mod)
	}
	return e.own("hash_text", e.as(x, types.String), mod)
}

func (e *emitter) hashMany(c *plan.Call) string {
	parts := make([]string, len(c.Arguments))
	for i, a := range c.Arguments {
		parts[i] = e.hashOf(a, missing(types.Long))
	}
	return e.own("hash_combine", parts...)
}

// around says whether a value is no further from another than that.
func (e *emitter) around(c *plan.Call) string {
	v, center, delta := c.Arguments[0], c.Arguments[1], c.Arguments[2]
	of := center.Type()
	if k := kindOf(v); !(isNumber(k) && isNumber(kindOf(center)) && isNumber(kindOf(delta))) && !(isTicks(k) && k == kindOf(center) && kindOf(delta) == types.TimeSpan) {
		return e.refuse("around(): the values must be numbers, or moments or spans of time with a span between them")
	}
	end := func(op string) plan.Expr { return &plan.Call{Name: op, Of: of, Arguments: []plan.Expr{center, delta}} }
	return e.between(&plan.Call{Name: "between", Of: types.Of(types.Bool), Arguments: []plan.Expr{v, end("-"), end("+")}})
}

// rand is below 1, or a whole number below another.
func (e *emitter) rand(c *plan.Call) string {
	if len(c.Arguments) == 0 {
		return "random()"
	}
	return "floor(random() * " + e.as(c.Arguments[0], types.Real) + ")"
}

// place tells where an address is, if there are data that say so.
func (e *emitter) place(c *plan.Call) string {
	if !e.env.Places() {
		return e.refuse("where addresses are is not known here: for geo_info_from_ip_address() an administrator has to register a feed of places")
	}
	return udf.Prefix + "geo(" + e.as(c.Arguments[0], types.String) + ")"
}
