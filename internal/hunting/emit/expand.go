package emit

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// column makes a column that stands for a generated name, so that expressions can be made of it.
func (e *emitter) column(t types.Type) *plan.Column {
	e.n++
	return &plan.Column{ID: firstGenerated + e.n, Type: t}
}

// firstGenerated is beyond the numbers of a plan's own columns: a query does not get so large.
const firstGenerated = 100_000_000

// lists adds to a relation a list of what each item is taken apart into, and gives their names.
func (e *emitter) lists(n *plan.Expand, r rel) (rel, []string, error) {
	var sound, lists, names []string
	for _, item := range n.Items {
		text, err := e.as(item.Expr, types.Any, r)
		if err != nil {
			return rel{}, nil, err
		}
		j, l := e.fresh("j"), e.fresh("l")
		// Whatever is asked of a value that is no JSON is asked of nothing instead.
		sound = append(sound, fmt.Sprintf("CASE WHEN json_valid(%s) THEN nullif(%s, 'null') END AS %s", text, text, j))
		lists = append(lists, elements(j, n.Pairs)+" AS "+l)
		names = append(names, l)
	}
	r = r.over(fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(sound, ", "), e.from(r)))
	r = r.over(fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(lists, ", "), e.from(r)))
	if n.Limit != nil {
		most, err := e.as(n.Limit, types.Of(types.Long), rel{})
		if err != nil {
			return rel{}, nil, err
		}
		var cut []string
		for i, l := range names {
			names[i] = e.fresh("l")
			cut = append(cut, fmt.Sprintf("list_slice(%s, 1, greatest(%s, 0)) AS %s", l, most, names[i]))
		}
		r = r.over(fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(cut, ", "), e.from(r)))
	}
	if n.Index != nil || r.order != "" {
		longest := names[0]
		for _, l := range names[1:] {
			longest = fmt.Sprintf("CASE WHEN len(%s) >= len(%s) THEN %s ELSE %s END", longest, l, longest, l)
		}
		i := e.fresh("l")
		names = append(names, i)
		r = r.over(fmt.Sprintf("SELECT *, list_transform(%s, lambda x, i: i - 1) AS %s FROM %s", longest, i, e.from(r)))
	}
	return r, names, nil
}

// elements is the list of what a value is taken apart into: of nothing, and of what has no parts, the value itself.
func elements(j string, pairs bool) string {
	open, between, end := "{", ":", "}"
	if pairs {
		open, between, end = "[", ",", "]"
	}
	return fmt.Sprintf("CASE json_type(%s) WHEN 'ARRAY' THEN list_transform(CAST(json_extract(%s, '$[*]') AS VARCHAR[]), lambda x: nullif(x, 'null'))"+
		" WHEN 'OBJECT' THEN list_transform(list_zip(json_keys(%s), CAST(json_extract(%s, '$.*') AS VARCHAR[])), lambda p: '%s' || CAST(to_json(p[1]) AS VARCHAR) || '%s' || p[2] || '%s')"+
		" ELSE [%s] END", j, j, j, j, open, between, end, j)
}

// unnested is the rows that lists make, beside columns of what they are part of. prefix is what that is called.
func (e *emitter) unnested(n *plan.Expand, names []string, carried []string, prefix, from string, ordered bool) (string, string, error) {
	var list, values []string
	list = append(list, carried...)
	made := map[string]*plan.Column{}
	for i := range n.Items {
		c := e.column(types.Any)
		made[names[i]] = c
		list = append(list, fmt.Sprintf("unnest(%s%s) AS %s", prefix, names[i], name(c)))
	}
	index := ""
	if len(names) > len(n.Items) {
		index = e.fresh("n")
		list = append(list, fmt.Sprintf("unnest(%s%s) AS %s", prefix, names[len(names)-1], index))
	}
	if n.Index != nil {
		values = append(values, index+" AS "+name(n.Index))
	}
	for i, item := range n.Items {
		text, err := e.as(&plan.ColumnRef{Column: made[names[i]]}, item.Column.Type, rel{})
		if err != nil {
			return "", "", err
		}
		values = append(values, text+" AS "+name(item.Column))
	}
	inner := "SELECT " + strings.Join(list, ", ")
	if from != "" {
		inner += " FROM " + from
	}
	if !ordered {
		index = ""
	}
	return fmt.Sprintf("SELECT *, %s FROM (%s) %s", strings.Join(values, ", "), inner, e.fresh("r")), index, nil
}

func (e *emitter) expand(n *plan.Expand) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	r, names, err := e.lists(n, r)
	if err != nil {
		return rel{}, err
	}
	sql, index, err := e.unnested(n, names, e.carried(n.Input.Columns(), r), "", e.from(r), r.order != "")
	if err != nil {
		return rel{}, err
	}
	if index != "" {
		r.order, r.extra = r.order+", "+index, append(append([]string{}, r.extra...), index)
	}
	return r.over(sql), nil
}

// carried are the columns that go on as they are.
func (e *emitter) carried(columns []*plan.Column, r rel) []string {
	list := append([]string{}, r.extra...)
	for _, c := range e.needed(columns) {
		list = append(list, name(c))
	}
	return list
}

func (e *emitter) apply(n *plan.Apply) (rel, error) {
	r, err := e.node(n.Expand.Input)
	if err != nil {
		return rel{}, err
	}
	r, names, err := e.lists(n.Expand, r)
	if err != nil {
		return rel{}, err
	}
	outer := e.fresh("r")
	var carried, passed []string
	items := map[*plan.Column]bool{}
	for _, item := range n.Expand.Items {
		items[item.Column] = true
	}
	for i, given := range n.Rows.Cols {
		c := n.Rows.From[i]
		switch {
		case !e.live[given]:
		case items[c] || c == n.Expand.Index:
			passed = append(passed, name(c)+" AS "+name(given))
		default:
			carried = append(carried, outer+"."+name(c)+" AS "+name(given))
			passed = append(passed, name(given))
		}
	}
	rows, index, err := e.unnested(n.Expand, names, carried, outer+".", "", true)
	if err != nil {
		return rel{}, err
	}
	if index != "" {
		passed = append(passed, index)
	}
	if len(passed) == 0 {
		passed = []string{"1 AS z"}
	}
	e.rows[n.Rows] = rel{sql: fmt.Sprintf("SELECT %s FROM (%s) %s", strings.Join(passed, ", "), rows, e.fresh("r")), order: index, extra: some(index)}
	sub, err := e.node(n.Subquery)
	if err != nil {
		return rel{}, err
	}
	var list []string
	list = append(list, r.extra...)
	for _, c := range e.needed(n.Kept) {
		list = append(list, outer+"."+name(c)+" AS "+name(c))
	}
	for _, c := range e.needed(n.Subquery.Columns()) {
		list = append(list, name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return r.over(fmt.Sprintf("SELECT %s FROM (%s) %s, LATERAL (%s) %s", strings.Join(list, ", "), r.sql, outer, sub.sql, e.fresh("r"))), nil
}

func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (e *emitter) partition(n *plan.Partition) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	key, err := e.expr(n.By, r)
	if err != nil {
		return rel{}, err
	}
	value := e.column(n.By.Type())
	if n.Value != nil {
		value = n.Value
	}
	k := e.fresh("k")
	input := fmt.Sprintf("SELECT *, %s AS %s FROM %s", key, k, e.from(r))
	from := "(" + input + ")"
	if !hasRows(n.Input) {
		from = e.fresh("b")
		e.shared = append(e.shared, from+" AS MATERIALIZED ("+input+")")
	}
	outer := e.fresh("r")
	if n.Rows != nil {
		list := append([]string{}, r.extra...)
		for i, c := range n.Rows.Cols {
			if e.live[c] {
				list = append(list, name(n.Rows.From[i])+" AS "+name(c))
			}
		}
		if len(list) == 0 {
			list = []string{"1 AS z"}
		}
		e.rows[n.Rows] = rel{
			sql:   fmt.Sprintf("SELECT %s FROM %s %s WHERE %s IS NOT DISTINCT FROM %s.%s", strings.Join(list, ", "), from, e.fresh("r"), k, outer, name(value)),
			order: r.order, extra: r.extra,
		}
	}
	sub, err := e.node(n.Subquery)
	if err != nil {
		return rel{}, err
	}
	var list []string
	for _, c := range e.needed(n.Subquery.Columns()) {
		list = append(list, name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return rel{sql: fmt.Sprintf("SELECT %s FROM (SELECT DISTINCT %s AS %s FROM %s %s) %s, LATERAL (%s) %s",
		strings.Join(list, ", "), k, name(value), from, e.fresh("r"), outer, sub.sql, e.fresh("r"))}, nil
}
