package scalar

import (
	"encoding/json"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// membership is in, in~, has_any and has_all with values that are listed.
func (e *emitter) membership(c *plan.Call) string {
	name, denied := strings.CutPrefix(c.Name, "!")
	var sql string
	switch name {
	case "in", "in~":
		sql = e.in(c, name == "in~", false)
	default:
		sql = e.hasList(name, c.Arguments[0], c.Arguments[1:])
	}
	if denied {
		return "(NOT " + sql + ")"
	}
	return sql
}

// in is membership in a list; a dynamic array among the values stands for its elements. Null is in no list.
func (e *emitter) in(c *plan.Call, fold, predicate bool) string {
	x := c.Arguments[0]
	k := kindOf(x)
	if k == types.Dynamic {
		k = types.String
	}
	if fold {
		k = types.String
	}
	v := e.as(x, k)
	folded := func(s string) string {
		if fold {
			return "lower(" + s + ")"
		}
		return s
	}
	var values, tests []string
	for _, a := range c.Arguments[1:] {
		list, isList := elements(a)
		switch {
		case isList:
			for _, one := range list {
				values = append(values, folded(e.as(one, k)))
			}
		case kindOf(a) == types.Dynamic:
			tests = append(tests, e.own("in_array", e.convert(v, k, types.String), e.as(a, types.Dynamic), boolean(fold)))
		default:
			if l, ok := a.(*plan.Literal); ok && l.Value == nil && k != types.String {
				continue
			}
			values = append(values, folded(e.as(a, k)))
		}
	}
	if len(values) > 0 {
		test := folded(v) + " IN (" + strings.Join(values, ", ") + ")"
		if k != types.String && !predicate {
			test = "coalesce(" + test + ", FALSE)"
		}
		tests = append([]string{test}, tests...)
	}
	switch len(tests) {
	case 0:
		return "FALSE"
	case 1:
		return "(" + tests[0] + ")"
	}
	return "(" + strings.Join(tests, " OR ") + ")"
}

// elements gives the elements of an array that is written out.
func elements(x plan.Expr) ([]plan.Expr, bool) {
	if c, ok := x.(*plan.Call); ok && c.Name == "pack_array" {
		return c.Arguments, true
	}
	l, ok := x.(*plan.Literal)
	if !ok || l.Of.Kind != types.Dynamic {
		return nil, false
	}
	text, _ := l.Value.(string)
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil, false
	}
	exprs := make([]plan.Expr, 0, len(list))
	for _, raw := range list {
		var s string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &s) == nil:
			exprs = append(exprs, &plan.Literal{Of: types.Of(types.String), Value: s})
		default:
			exprs = append(exprs, &plan.Literal{Of: types.Of(types.Dynamic), Value: string(raw)})
		}
	}
	return exprs, true
}

// few is how many texts are looked for one by one; more are looked for all at once.
const few = 12

func (e *emitter) hasList(name string, x plan.Expr, list []plan.Expr) string {
	a := e.as(x, types.String)
	var texts []string
	known := true
	for _, y := range list {
		if all, ok := elements(y); ok {
			for _, one := range all {
				s, isText := constantText(one)
				if l, ok := one.(*plan.Literal); ok && !isText {
					s, _ = l.Value.(string)
					isText = true
				}
				texts, known = append(texts, s), known && isText
			}
			continue
		}
		s, ok := constantText(y)
		texts, known = append(texts, s), known && ok
	}
	switch {
	case known && len(texts) == 0:
		return boolean(name == "has_all")
	case known && len(texts) <= few:
		parts := make([]string, len(texts))
		for i, s := range texts {
			parts[i] = e.has("has", a, s, false)
		}
		word := " OR "
		if name == "has_all" {
			word = " AND "
		}
		return "(" + strings.Join(parts, word) + ")"
	case known:
		all, err := json.Marshal(texts)
		if err != nil {
			return e.refuse("%w", err)
		}
		return e.found(name, a, e.bound(string(all), types.String))
	}
	parts := make([]string, len(list))
	for i, y := range list {
		parts[i] = e.as(y, types.Dynamic)
	}
	return e.own(name+"_of", append([]string{a}, parts...)...)
}

// inTable is membership in the first column of a relation.
func (e *emitter) inTable(t *plan.InTable) string {
	from, column, err := e.env.Subquery(t.Query)
	if err != nil {
		return e.refuse("%w", err)
	}
	k := settled(t.Query.Node.Columns()[0].Type.Kind)
	switch t.Op {
	case "in":
		of := kindOf(t.Value)
		if of == types.Dynamic || k == types.Dynamic || k == types.String {
			of = types.String
		}
		return "coalesce(" + e.as(t.Value, of) + " IN (SELECT " + e.convert(column, k, of) + " FROM " + from + "), FALSE)"
	case "in~":
		return "coalesce(lower(" + e.as(t.Value, types.String) + ") IN (SELECT lower(" + e.convert(column, k, types.String) + ") FROM " + from + "), FALSE)"
	}
	list := "(SELECT coalesce(CAST(to_json(list(" + e.convert(column, k, types.String) + ")) AS VARCHAR), '[]') FROM (SELECT " + column + " FROM " + from + " LIMIT 10000))"
	return e.found(t.Op, e.as(t.Value, types.String), list)
}

// found asks one of our functions that say yes in a text.
func (e *emitter) found(name, text, list string) string {
	return "(" + e.own(name, text, list) + " = '" + udf.Yes + "')"
}
