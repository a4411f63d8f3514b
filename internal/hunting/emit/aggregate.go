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
	if len(found) == 1 && e.again(n.Input, r) {
		sql, ok, err := e.peak(n, r, found[0], len(list) > len(n.Keys), outer)
		if ok || err != nil {
			return rel{sql: sql}, err
		}
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

// again tells whether a relation may be read twice: its rows are picked from stored ones, and are the same each time.
func (e *emitter) again(n plan.Node, r rel) bool {
	if r.order != "" || len(r.extra) > 0 {
		return false
	}
	for {
		if slices.ContainsFunc(n.Exprs(), unsteady) {
			return false
		}
		switch x := n.(type) {
		case *plan.Reference:
			return true
		case *plan.Filter:
			n = x.Input
		case *plan.Project:
			n = x.Input
		default:
			return false
		}
	}
}

// unsteady tells whether an expression is of another value each time, or is worth computing once.
func unsteady(x plan.Expr) bool {
	switch x := x.(type) {
	case nil:
		return false
	case *plan.Scalar, *plan.InTable:
		return true
	case *plan.Call:
		if x.Name == "rand" || x.Window || x.Aggregate {
			return true
		}
	}
	return slices.ContainsFunc(x.Args(), unsteady)
}

// peak finds the rows with the greatest or least values in two steps: what these are, and then which rows have them. The engine reads only
// where such values can be, and of rows that are found all that is wanted, where otherwise it would carry all of every row along. Rows come
// mostly in the order of time, so that each is the greatest when it is met. It is for no more than one such row and nothing beside it: else,
// and where reading twice would not be the same twice, it is not ok.
func (e *emitter) peak(n *plan.Aggregate, r rel, f *row, others bool, outer []string) (sql string, ok bool, err error) {
	by := f.call.Arguments[0]
	of, known := map[string]string{"arg_max": "max", "arg_min": "min"}[rowOf[f.call.Name]]
	switch by.Type().Kind {
	case types.Int, types.Long, types.DateTime, types.TimeSpan, types.String:
	default:
		known = false
	}
	if !known || others || slices.ContainsFunc(n.Keys, func(k plan.Output) bool { return unsteady(k.Expr) }) || unsteady(by) {
		return "", false, nil
	}
	key, err := e.expr(by, r)
	if err != nil {
		return "", false, err
	}
	packed, err := f.packed(e, r)
	if err != nil {
		return "", false, err
	}
	m, x, y := e.fresh("m"), e.fresh("x"), e.fresh("x")
	on := []string{matches(x+"."+m, y+"."+m, e.solid(by))}
	var first, keys []string
	groups := ""
	for _, k := range n.Keys {
		text, err := e.expr(k.Expr, r)
		if err != nil {
			return "", false, err
		}
		g := e.fresh("g")
		on = append(on, matches(x+"."+g, y+"."+g, e.solid(k.Expr)))
		first, keys = append(first, text+" AS "+g), append(keys, x+"."+g+" AS "+name(k.Column))
	}
	if len(n.Keys) > 0 {
		groups = " GROUP BY " + places(len(n.Keys))
	} else {
		keys, outer = []string{"count(*) AS z"}, append(outer, "z") // one row, whatever is asked of it
	}
	peaks := fmt.Sprintf("SELECT %s FROM %s%s", strings.Join(append(first, of+"("+key+") AS "+m), ", "), e.from(r), groups)
	rows := fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(append(first, key+" AS "+m), ", "), e.from(r))
	sql = fmt.Sprintf("SELECT %s, first(%s) AS %s FROM (%s) %s JOIN (%s) %s ON %s%s", strings.Join(keys, ", "), packed, f.name, rows, x, peaks, y, strings.Join(on, " AND "), groups)
	return fmt.Sprintf("SELECT %s FROM (%s) %s", strings.Join(outer, ", "), sql, e.fresh("r")), true, nil
}

// solid tells whether an expression has a value in every row.
func (e *emitter) solid(x plan.Expr) bool {
	c, ok := x.(*plan.ColumnRef)
	return ok && e.present[c.Column]
}

// matches tests whether values are the same. Where none is null it is written so that the engine can read by it.
func matches(a, b string, solid bool) string {
	if solid {
		return a + " = " + b
	}
	return a + " IS NOT DISTINCT FROM " + b
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

// packed is what is wanted of the row.
func (f *row) packed(e *emitter, r rel) (string, error) {
	var fields []string
	for _, i := range f.parts {
		text, err := e.expr(f.call.Arguments[i], r)
		if err != nil {
			return "", err
		}
		fields = append(fields, fmt.Sprintf("f%d := %s", i, text))
	}
	return "struct_pack(" + strings.Join(fields, ", ") + ")", nil
}

// text finds the row. There is one even where what is looked for is null in all of them.
func (f *row) text(e *emitter, r rel) (string, error) {
	packed, err := f.packed(e, r)
	if err != nil {
		return "", err
	}
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
