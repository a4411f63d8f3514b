package emit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

func (e *emitter) filter(n *plan.Filter) (rel, error) {
	tests := []plan.Expr{n.Predicate}
	input := n.Input
	for { // one relation for filters in a row
		f, ok := input.(*plan.Filter)
		if !ok {
			break
		}
		tests, input = append(tests, f.Predicate), f.Input
	}
	r, err := e.node(input)
	if err != nil {
		return rel{}, err
	}
	tests, r, err = e.around(tests, input.Columns(), r)
	if err != nil {
		return rel{}, err
	}
	slices.Reverse(tests)
	list := make([]string, len(tests))
	for i, x := range tests {
		if list[i], err = e.predicate(x, r); err != nil {
			return rel{}, err
		}
	}
	word := "WHERE"
	if slices.ContainsFunc(tests, hasWindow) {
		word = "QUALIFY"
	}
	for i := range list {
		list[i] = "(" + list[i] + ")"
	}
	return r.same(fmt.Sprintf("SELECT * FROM %s %s %s", e.from(r), word, strings.Join(list, " AND "))), nil
}

func (e *emitter) project(n *plan.Project) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	outputs := slices.DeleteFunc(slices.Clone(n.Outputs), func(o plan.Output) bool { return !e.live[o.Column] })
	exprs, r, err := e.around(outputExprs(outputs), n.Input.Columns(), r)
	if err != nil {
		return rel{}, err
	}
	list := slices.Clone(r.extra)
	for i, o := range outputs {
		o.Expr = exprs[i]
		if c, ok := o.Expr.(*plan.ColumnRef); ok && c.Column == o.Column {
			list = append(list, name(o.Column))
			continue
		}
		text, err := e.expr(o.Expr, r)
		if err != nil {
			return rel{}, err
		}
		list = append(list, text+" AS "+name(o.Column))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return r.over("SELECT " + strings.Join(list, ", ") + " FROM " + e.from(r)), nil
}

func outputExprs(list []plan.Output) []plan.Expr {
	exprs := make([]plan.Expr, len(list))
	for i, o := range list {
		exprs[i] = o.Expr
	}
	return exprs
}

func hasWindow(x plan.Expr) bool {
	if x == nil {
		return false
	}
	if c, ok := x.(*plan.Call); ok && c.Window {
		return true
	}
	return slices.ContainsFunc(x.Args(), hasWindow)
}

// numbered gives rows a number by the order in which they stand, so that all that depends on it sees the same one.
func (e *emitter) numbered(r rel) rel {
	if len(r.extra) == 1 && r.order == r.extra[0] && strings.HasPrefix(r.order, "n") {
		return r
	}
	n := e.fresh("n")
	by := r.order
	if by != "" {
		by = "ORDER BY " + by
	}
	list := "*"
	if len(r.extra) > 0 {
		list = "* EXCLUDE (" + strings.Join(r.extra, ", ") + ")"
	}
	return rel{sql: fmt.Sprintf("SELECT %s, row_number() OVER (%s) AS %s FROM %s", list, by, n, e.from(r)), order: n, extra: []string{n}, folded: r.folded}
}

func (e *emitter) sort(n *plan.Sort) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	keys, extra, columns, err := e.keys(n.Keys, r)
	if err != nil {
		return rel{}, err
	}
	list := "*"
	if len(r.extra) > 0 {
		list = "* EXCLUDE (" + strings.Join(r.extra, ", ") + ")"
	}
	sql := fmt.Sprintf("SELECT %s, %s FROM %s", list, strings.Join(columns, ", "), e.from(r))
	return rel{sql: sql, order: strings.Join(keys, ", "), extra: extra, folded: r.folded}, nil
}

// keys writes what rows are ordered by: the order, the names of the columns for it, and how those are made.
func (e *emitter) keys(list []plan.SortKey, r rel) (order, names, columns []string, err error) {
	for _, k := range list {
		text, err := e.expr(k.Expr, r)
		if err != nil {
			return nil, nil, nil, err
		}
		n := e.fresh("o")
		names, columns = append(names, n), append(columns, text+" AS "+n)
		order = append(order, n+direction(k.Descending, k.NullsFirst))
	}
	return order, names, columns, nil
}

func direction(descending, nullsFirst bool) string {
	return map[bool]string{true: " DESC", false: " ASC"}[descending] + map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[nullsFirst]
}

func (e *emitter) limit(n *plan.Limit) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	count, err := e.as(n.Count, types.Of(types.Long), r)
	if err != nil {
		return rel{}, err
	}
	order := r.order
	if n.Random {
		order = "random()"
	}
	if order != "" {
		order = " ORDER BY " + order
	}
	if l, ok := n.Count.(*plan.Literal); !ok || l.Value == nil {
		count = "(SELECT " + atLeast0(count) + ")"
	} else {
		count = strconv.FormatInt(max(whole(l.Value), 0), 10) // a number, and written as one: in a subquery for each row the engine wants to know it
	}
	return r.same(fmt.Sprintf("SELECT * FROM %s%s LIMIT %s", e.from(r), order, count)), nil
}

func atLeast0(count string) string { return "greatest(coalesce(" + count + ", 0), 0)" }

func whole(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	}
	return 0
}

func (e *emitter) serialize(n *plan.Serialize) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	return e.numbered(r), nil
}

func (e *emitter) values(n *plan.Values) (rel, error) {
	if len(n.Cols) == 0 {
		return rel{sql: "SELECT 1 AS z FROM (VALUES " + strings.Join(slices.Repeat([]string{"(1)"}, max(len(n.Rows), 1)), ", ") + ") " + e.fresh("r") + "(z)"}, nil
	}
	if len(n.Rows) == 0 {
		return e.unknown(n.Cols), nil
	}
	var names, columns, rows []string
	for _, c := range n.Cols {
		raw := e.fresh("x")
		names, columns = append(names, raw), append(columns, fmt.Sprintf("CAST(%s AS %s) AS %s", raw, sqlType(c.Type), name(c)))
	}
	number := e.fresh("n")
	for i, row := range n.Rows {
		list := make([]string, len(row))
		for j, x := range row {
			var err error
			if list[j], err = e.as(x, n.Cols[j].Type, rel{}); err != nil {
				return rel{}, err
			}
		}
		rows = append(rows, "("+strings.Join(append(list, strconv.Itoa(i)), ", ")+")")
	}
	sql := fmt.Sprintf("SELECT %s, %s FROM (VALUES %s) %s(%s)", strings.Join(columns, ", "), number, strings.Join(rows, ", "), e.fresh("r"), strings.Join(append(names, number), ", "))
	return rel{sql: sql, order: number, extra: []string{number}}, nil
}

func (e *emitter) union(n *plan.Union) (rel, error) {
	var legs []string
	for _, leg := range n.Legs {
		r, err := e.node(leg.Input)
		if err != nil {
			return rel{}, err
		}
		var list []string
		for i, c := range n.Cols {
			if !e.live[c] {
				continue
			}
			value := none(c.Type)
			if from := leg.From[i]; from != nil {
				value = name(from)
				if from.Type.Kind != c.Type.Kind && sqlType(from.Type) != sqlType(c.Type) {
					value = "TRY_CAST(" + value + " AS " + sqlType(c.Type) + ")"
				}
			}
			list = append(list, value+" AS "+name(c))
		}
		if len(list) == 0 {
			list = []string{"1 AS z"}
		}
		legs = append(legs, "SELECT "+strings.Join(list, ", ")+" FROM "+e.from(r))
	}
	if len(legs) == 0 {
		return e.unknown(n.Cols), nil
	}
	return rel{sql: strings.Join(legs, " UNION ALL ")}, nil
}

func (e *emitter) use(n *plan.Use) (rel, error) {
	from, err := e.binding(n.Binding)
	if err != nil {
		return rel{}, err
	}
	var list []string
	for i, c := range n.Cols {
		if e.live[c] {
			list = append(list, name(n.From[i])+" AS "+name(c))
		}
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return rel{sql: fmt.Sprintf("SELECT %s FROM %s %s", strings.Join(list, ", "), from, e.fresh("r"))}, nil
}

// given is the rows that a subquery is given.
func (e *emitter) given(n *plan.Rows) (rel, error) {
	r, ok := e.rows[n]
	if !ok {
		return rel{}, fmt.Errorf("emit: rows of no subquery")
	}
	return r, nil
}

// rangeOf is numbers in a row. There are at most a million of them: what they are computed from may be data.
func (e *emitter) rangeOf(n *plan.Range) (rel, error) {
	var bounds []string
	for _, x := range []plan.Expr{n.From, n.To, n.Step} {
		t := n.Column.Type
		if x == n.Step && t.Kind == types.DateTime {
			t = types.Of(types.TimeSpan)
		}
		text, err := e.as(x, t, rel{})
		if err != nil {
			return rel{}, err
		}
		bounds = append(bounds, text)
	}
	of, number := sqlType(n.Column.Type), e.fresh("n")
	from := "SELECT " + bounds[0] + " AS f, " + bounds[1] + " AS t, " + bounds[2] + " AS s"
	sql := fmt.Sprintf("SELECT TRY(f + n * s) AS %s, n AS %s FROM (%s) %s, %s %s WHERE TRY(CASE WHEN s > 0 THEN f + n * s <= t WHEN s < 0 THEN f + n * s >= t ELSE false END)",
		name(n.Column), number, from, e.fresh("r"), e.numbers(), e.fresh("r"))
	if n.Column.Type.Kind == types.Int || n.Column.Type.Kind == types.Long {
		sql = strings.Replace(sql, "TRY(f + n * s) AS", "TRY_CAST(TRY(f + n * s) AS "+of+") AS", 1)
	}
	return rel{sql: sql, order: number, extra: []string{number}}, nil
}

// numbers is a relation of the numbers from 0 to 999,999.
func (e *emitter) numbers() string {
	if !e.counts {
		e.counts = true
		e.shared = append([]string{
			"ten(i) AS NOT MATERIALIZED (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))",
			"numbers(n) AS NOT MATERIALIZED (SELECT CAST(a.i + 10 * b.i + 100 * c.i + 1000 * d.i + 10000 * e.i + 100000 * f.i AS BIGINT) FROM ten a, ten b, ten c, ten d, ten e, ten f)",
		}, e.shared...)
	}
	return "numbers"
}
