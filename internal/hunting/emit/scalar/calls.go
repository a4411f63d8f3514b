package scalar

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// natives are the functions and operators that the engine has an equal of, or that need more than a call.
var natives map[string]func(*emitter, *plan.Call) string

// newer are the names that functions have now.
var newer = map[string]string{
	"iif": "iff", "notnull": "isnotnull", "notempty": "isnotempty", "toboolean": "tobool", "todouble": "toreal", "totime": "totimespan",
	"toobject": "todynamic", "parsejson": "parse_json", "array_strcat": "strcat_array", "extractall": "extract_all", "extractjson": "extract_json",
	"parseurl": "parse_url", "parseurlquery": "parse_urlquery", "base64_encodestring": "base64_encode_tostring", "base64_decodestring": "base64_decode_tostring",
	"to_utf8": "unicode_codepoints_from_string", "make_string": "unicode_codepoints_to_string", "datepart": "datetime_part", "weekofyear": "week_of_year",
	"arraylength": "array_length", "array_iif": "array_iff", "array_sum": "series_sum", "pack": "bag_pack", "pack_dictionary": "bag_pack", "floor": "bin",
	"row_rank": "row_rank_dense", "cnt": "count", "argmax": "arg_max", "argmin": "arg_min", "any": "take_any", "anyif": "take_anyif", "makelist": "make_list",
	"makeset": "make_set", "make_dictionary": "make_bag", "replace": "replace_regex_old", "getmonth": "monthofyear",
	"percentile": "percentiles", "percentilew": "percentilesw",
}

func init() {
	natives = map[string]func(*emitter, *plan.Call) string{
		"and": (*emitter).logic, "or": (*emitter).logic, "not": (*emitter).not,
		"==": (*emitter).equal, "!=": (*emitter).equal,
		"<": (*emitter).order, "<=": (*emitter).order, ">": (*emitter).order, ">=": (*emitter).order,
		"between": (*emitter).between, "!between": (*emitter).between,
		"+": (*emitter).arithmetic, "-": (*emitter).arithmetic, "*": (*emitter).arithmetic, "/": (*emitter).arithmetic, "%": (*emitter).arithmetic,
		"negative": (*emitter).negative, "positive": func(e *emitter, c *plan.Call) string { return e.as(c.Arguments[0], c.Of.Kind) },

		"iff": (*emitter).iff, "case": (*emitter).cases, "coalesce": (*emitter).coalesce,
		"isnull": (*emitter).isNull, "isnotnull": (*emitter).isNull, "isempty": (*emitter).isEmpty, "isnotempty": (*emitter).isEmpty,
		"max_of": (*emitter).extreme, "min_of": (*emitter).extreme, "assert": (*emitter).assert, "gettype": (*emitter).getType,

		"tostring": (*emitter).cast, "tobool": (*emitter).cast, "toint": (*emitter).cast, "tolong": (*emitter).cast, "toreal": (*emitter).cast,
		"todecimal": (*emitter).cast, "todatetime": (*emitter).cast, "totimespan": (*emitter).cast, "toguid": (*emitter).cast,
		"todynamic": (*emitter).parseJSON, "parse_json": (*emitter).parseJSON,

		"strcat": (*emitter).strcat, "tolower": wrap("lower(", ")"), "toupper": wrap("upper(", ")"), "strlen": wrap("length(", ")"), "string_size": wrap("strlen(", ")"),
		"substring": (*emitter).substring, "replace_string": (*emitter).replaceString, "extract": (*emitter).extract,

		"now": (*emitter).now, "ago": (*emitter).ago, "bin": (*emitter).bin, "startofday": (*emitter).startOfDay,
		"bag_pack": (*emitter).bagPack, "bag_pack_filled": (*emitter).bagPack, "pack_array": (*emitter).packArray,
	}
	for _, op := range []string{"has", "hasprefix", "hassuffix", "contains", "startswith", "endswith", "like"} {
		for _, name := range []string{op, op + "_cs", "!" + op, "!" + op + "_cs"} {
			natives[name] = (*emitter).textTest
		}
	}
	for _, name := range []string{"=~", "!~", "matches regex", "likecs", "!likecs"} {
		natives[name] = (*emitter).textTest
	}
	for _, name := range []string{"in", "in~", "has_any", "has_all"} {
		natives[name], natives["!"+name] = (*emitter).membership, (*emitter).membership
	}
}

func (e *emitter) call(c *plan.Call) string {
	name := c.Name
	if n, ok := newer[name]; ok {
		name = n
	}
	switch {
	case c.Aggregate:
		return e.aggregate(name, c)
	case c.Window:
		return e.window(name, c)
	}
	if write := natives[name]; write != nil {
		return write(e, c)
	}
	if f := udf.Find(udf.Prefix + name); f != nil {
		return e.convert(e.invoke(f, c.Arguments), ownKinds[f.Out], c.Of.Kind)
	}
	return e.refuse("the function '%s' is not offered in hunting", c.Name)
}

// ownKinds are the kinds of values that our own functions take and give.
var ownKinds = map[byte]types.Kind{
	udf.Text: types.String, udf.Long: types.Long, udf.Real: types.Real, udf.Bool: types.Bool, udf.Dynamic: types.Dynamic,
	udf.Moment: types.DateTime, udf.Span: types.TimeSpan, 'g': types.GUID,
}

// invoke calls one of our functions with arguments as it takes them.
func (e *emitter) invoke(f *udf.Function, args []plan.Expr) string {
	list := make([]string, 0, len(args))
	for i := range max(len(f.In), len(args)) {
		kind := f.Rest
		if i < len(f.In) {
			kind = f.In[i]
		}
		switch {
		case kind == 0:
			return e.refuse("the function '%s' has too many arguments", strings.TrimPrefix(f.Name, udf.Prefix))
		case i >= len(args):
			list = append(list, "CAST(NULL AS "+sqlTypes[ownKinds[kind]]+")")
		default:
			list = append(list, e.as(args[i], ownKinds[kind]))
		}
	}
	return f.Name + "(" + strings.Join(list, ", ") + ")"
}

// wrap writes a function of one text.
func wrap(before, after string) func(*emitter, *plan.Call) string {
	return func(e *emitter, c *plan.Call) string { return before + e.as(c.Arguments[0], types.String) + after }
}

func (e *emitter) cast(c *plan.Call) string { return e.as(c.Arguments[0], c.Of.Kind) }

func (e *emitter) not(c *plan.Call) string { return "(NOT " + e.as(c.Arguments[0], types.Bool) + ")" }

// Known says whether a function or operator can be written at all.
func Known(name string) bool {
	if n, ok := newer[name]; ok {
		name = n
	}
	if plain, ok := conditional[name]; ok {
		name = plain
	}
	_, spread := spreads[name]
	return natives[name] != nil || aggregates[name] != nil || spread || windows[name] || rewritten[name] || udf.Find(udf.Prefix+name) != nil
}

// rewritten are functions that the binder puts something else in the place of.
var rewritten = map[string]bool{"column_ifexists": true, "columnifexists": true, "ingestion_time": true, "pack_all": true}
