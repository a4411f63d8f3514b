package bind

import (
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// ruled gives a call its result where a rule of the function's own says what that is.
func (b *binder) ruled(x *syntax.Call, f *functions.Function, s *functions.Signature, args []value, call *plan.Call, v value) value {
	switch s.Result.Rule {
	case "commonArray":
		v.t = commonOf(args, types.None, types.AnyArray)
	case "commonSet":
		if v.t = commonOf(args, types.ToDynamic, types.AnyArray); !v.t.IsArray() || v.t.Shape == nil {
			v.t = types.AnyArray
		}
	case "arrayOfSecond":
		if v.t = args[1].t; !v.t.IsDynamic() {
			v.t = types.ArrayOf(v.t)
		}
	case "packedArray":
		v = b.packedArray(x.Span, args, call, v)
	case "packedBag":
		v.t = packedBag(args)
	case "packedColumns":
		var properties []types.Property
		for _, a := range args {
			properties = append(properties, types.Property{Name: a.column.Name, Type: a.t})
		}
		v.t = types.BagOf(properties...)
	case "packedRow":
		v = b.packedRow(x.Span, args, v)
	case "mergedBag":
		v.t = mergedBag(args)
	default:
		return b.several(x, f, s, args, call, v)
	}
	if one, ok := v.expr.(*plan.Call); ok {
		one.Of = v.t
	}
	return v
}

func commonOf(args []value, allowed types.Conversion, otherwise types.Type) types.Type {
	list := make([]types.Type, len(args))
	for i, a := range args {
		list[i] = a.t
	}
	if t, ok := types.CommonOf(list, allowed); ok {
		return t
	}
	return otherwise
}

func (b *binder) packedArray(at syntax.Span, args []value, call *plan.Call, v value) value {
	if len(args) == 1 && args[0].star {
		if b.rows == nil {
			b.problem(args[0].at, "A * stands for the columns of a table, and there is none here.")
			return bad(at)
		}
		args = nil
		for _, c := range b.rows.columns {
			args = append(args, columnValue(at, c))
		}
		call.Arguments = exprsOf(args)
		b.spend(at, len(args))
		v.constant = false
	}
	t := commonOf(args, types.ToDynamic, types.Any)
	v.t = types.ArrayOf(t)
	return v
}

func packedBag(args []value) types.Type {
	var properties []types.Property
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].text(); ok {
			properties = append(properties, types.Property{Name: name, Type: args[i+1].t})
		}
	}
	return types.BagOf(properties...)
}

// packedRow is a bag of all columns, or of those that are not empty.
func (b *binder) packedRow(at syntax.Span, args []value, v value) value {
	if b.rows == nil {
		b.problem(at, "pack_all() packs the columns of a table, and there is none here.")
		return bad(at)
	}
	name := "bag_pack"
	if len(args) == 1 {
		if filled, ok := args[0].truth(); ok && filled {
			name = "bag_pack_filled"
		}
	}
	var properties []types.Property
	var list []plan.Expr
	for _, c := range b.rows.columns {
		properties = append(properties, types.Property{Name: c.Name, Type: c.Type})
		list = append(list, &plan.Literal{Of: text, Value: c.Name}, &plan.ColumnRef{Column: c})
	}
	v.t, v.constant = types.BagOf(properties...), false
	v.expr = b.call(at, name, v.t, list...)
	return v
}

func mergedBag(args []value) types.Type {
	var all []types.Property
	for _, a := range args {
		if a.t.Shape == nil || a.t.Shape.Form != types.Bag {
			continue
		}
		for _, p := range a.t.Shape.Properties {
			known := false
			for _, q := range all {
				known = known || q.Name == p.Name
			}
			if !known {
				all = append(all, p)
			}
		}
	}
	return types.BagOf(all...)
}

// several is the result of a function that gives several values.
func (b *binder) several(x *syntax.Call, f *functions.Function, s *functions.Signature, args []value, call *plan.Call, v value) value {
	switch s.Result.Rule {
	case "sortedArrays":
		for i, a := range args {
			if a.t.Kind == types.Bool {
				break
			}
			name := a.label + "_sorted"
			if a.label == "" {
				name = "array" + strconv.Itoa(i) + "_sorted"
			}
			v.tuple = append(v.tuple, b.column(name, a.t))
		}
	case "seriesStats":
		b.addParts(f, args, &v, "min: real, min_idx: long, max: real, max_idx: long, avg: real, stdev: real, variance: real")
	case "seriesLine":
		b.addParts(f, args, &v, "rsquare: real, slope: real, variance: real, rvariance: real, interception: real, line_fit: array of real")
	case "seriesParts":
		b.addParts(f, args, &v, "baseline: array, seasonal: array, trend: array, residual: array")
	case "seriesAnomalies":
		b.addParts(f, args, &v, "ad_flag: array, ad_score: array, baseline: array")
	case "percentiles":
		b.percentiles(s, args, &v)
	case "percentileArray":
		v.tuple = []*plan.Column{b.column("percentiles_"+args[0].label, types.AnyArray)}
	case "anyValues":
		b.anyValues(f, args, call, &v)
	case "argument":
		b.argument(f, args, call, &v)
	case "oldArgument":
		b.oldArgument(f, args, call, &v)
	}
	if len(v.tuple) == 0 {
		b.problem(x.Span, "The function '%s' gives no value here.", f.Name)
		return bad(x.Span)
	}
	v.t, v.whole = v.tuple[0].Type, call
	call.Of = v.t
	if len(v.tuple) > 1 {
		v.expr = &plan.Element{Of: v.t, Tuple: call}
	}
	return v
}

// addParts makes columns of the parts of a result, named after the function and its argument.
func (b *binder) addParts(f *functions.Function, args []value, v *value, parts string) {
	kinds := map[string]types.Type{"real": types.Of(types.Real), "long": long, "array": types.AnyArray, "array of real": types.ArrayOf(types.Of(types.Real))}
	for _, part := range strings.Split(parts, ", ") {
		name, kind, _ := strings.Cut(part, ": ")
		v.tuple = append(v.tuple, b.column(f.Name+"_"+args[0].label+"_"+name, kinds[kind]))
	}
}

func (b *binder) percentiles(s *functions.Signature, args []value, v *value) {
	t := args[0].t
	switch t.Kind {
	case types.Int:
		t = long
	case types.Decimal:
		t = types.Of(types.Real)
	}
	for i, p := range layout(s, len(args)) {
		if p.Name == "percentile" {
			v.tuple = append(v.tuple, b.column("percentile_"+args[0].label+"_"+nameOf(args[i].known), t))
		}
	}
}

// nameOf writes a constant so that it can be a part of a name.
func nameOf(known any) string {
	word := ""
	switch n := known.(type) {
	case int64:
		word = strconv.FormatInt(n, 10)
	case float64:
		word = strconv.FormatFloat(n, 'f', -1, 64)
	case string:
		word = n
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, word)
}
