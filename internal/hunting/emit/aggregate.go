package emit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

func (e *emitter) aggregate(n *plan.Aggregate) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	var list, groups, outer []string
	for _, k := range n.Keys {
		text, err := e.expr(k.Expr, r)
		if err != nil {
			return rel{}, err
		}
		list, outer = append(list, text+" AS "+name(k.Column)), append(outer, name(k.Column))
		groups = append(groups, strconv.Itoa(len(list)))
	}
	var found []*row
	for _, a := range n.Aggregates {
		if !e.live[a.Column] {
			continue
		}
		if element, call := ofRow(a.Expr); call != nil {
			i := slices.IndexFunc(found, func(f *row) bool { return f.call == call })
			if i < 0 {
				i = len(found)
				found = append(found, &row{call: call, name: e.fresh("m")})
			}
			outer = append(outer, found[i].part(element)+" AS "+name(a.Column))
			continue
		}
		text, err := e.expr(a.Expr, r)
		if err != nil {
			return rel{}, err
		}
		list, outer = append(list, text+" AS "+name(a.Column)), append(outer, name(a.Column))
	}
	for _, f := range found {
		text, err := f.text(e, r)
		if err != nil {
			return rel{}, err
		}
		list = append(list, text+" AS "+f.name)
	}
	if len(n.Keys) == 0 {
		list = append(list, "count(*) AS z") // one row, whatever is asked of it
		outer = append(outer, "z")
	}
	sql := "SELECT " + strings.Join(list, ", ") + " FROM " + e.from(r)
	if len(groups) > 0 {
		sql += " GROUP BY " + strings.Join(groups, ", ")
	}
	if len(found) > 0 {
		sql = fmt.Sprintf("SELECT %s FROM (%s) %s", strings.Join(outer, ", "), sql, e.fresh("r"))
	}
	return rel{sql: sql}, nil
}

// row is one row that an aggregate finds, of which several columns are wanted. It is found once, and of it no more is kept than that.
type row struct {
	call  *plan.Call
	name  string
	parts []int
}

// rowOf are the functions that find a row, and what the engine calls those that go by a value.
var rowOf = map[string]string{"arg_max": "arg_max", "argmax": "arg_max", "arg_min": "arg_min", "argmin": "arg_min", "take_any": "", "any": ""}

func ofRow(x plan.Expr) (*plan.Element, *plan.Call) {
	element, ok := x.(*plan.Element)
	if !ok {
		return nil, nil
	}
	call, ok := element.Tuple.(*plan.Call)
	if !ok || !call.Aggregate || element.Index >= len(call.Arguments) {
		return nil, nil
	}
	if _, known := rowOf[call.Name]; !known {
		return nil, nil
	}
	return element, call
}

func (f *row) part(element *plan.Element) string {
	if !slices.Contains(f.parts, element.Index) {
		f.parts = append(f.parts, element.Index)
	}
	text := fmt.Sprintf("struct_extract(%s, 'f%d')", f.name, element.Index)
	if element.Of.Kind == types.String {
		return "coalesce(" + text + ", '')"
	}
	return text
}

// text finds the row. There is one even where what is looked for is null in all of them.
func (f *row) text(e *emitter, r rel) (string, error) {
	var fields []string
	for _, i := range f.parts {
		text, err := e.expr(f.call.Arguments[i], r)
		if err != nil {
			return "", err
		}
		fields = append(fields, fmt.Sprintf("f%d := %s", i, text))
	}
	packed := "struct_pack(" + strings.Join(fields, ", ") + ")"
	by := rowOf[f.call.Name]
	if by == "" {
		return "first(" + packed + ")", nil
	}
	key, err := e.expr(f.call.Arguments[0], r)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("coalesce(%s(%s, %s), first(%s))", by, packed, key, packed), nil
}
