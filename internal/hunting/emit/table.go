package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
)

// profile looks files up. Where there is no reputation data, it is said of each file that nothing is known.
func (e *emitter) profile(n *plan.Profile) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	ref, ok := n.Table.(*plan.Reference)
	if !ok || e.plan.Scan(ref) == nil {
		return rel{}, errUnauthorised
	}
	file := e.plan.Scan(ref).Reputation()
	hash, err := e.expr(n.Hash, r)
	if err != nil {
		return rel{}, err
	}
	limit, err := e.as(n.Limit, types.Of(types.Long), r)
	if err != nil {
		return rel{}, err
	}
	// The first rows are looked up. Without an order those are the first by their hash, and of equals all, so that it is the same rows each time.
	first := r.order
	if first == "" {
		first = fmt.Sprintf("(%s = ''), %s", hash, hash)
	}
	within := e.fresh("w")
	r = r.same(fmt.Sprintf("SELECT *, rank() OVER (ORDER BY %s) <= %s AS %s FROM %s", first, limit, within, e.from(r)))
	list, look := append([]string{}, r.extra...), e.fresh("r")
	for _, c := range e.needed(n.Columns()) {
		if i := slices.IndexFunc(n.Added, func(o plan.Output) bool { return o.Column == c }); i < 0 {
			list = append(list, name(c))
			continue
		}
		text := none(c.Type)
		if file != "" {
			text = known(c, hash, look)
		} else if c.Name == "ProfileAvailability" {
			text = fmt.Sprintf("CASE WHEN %s = '' THEN 'Error' ELSE 'Missing' END", hash)
		}
		asked, _ := n.Hash.(*plan.ColumnRef)
		switch same := asked != nil && asked.Column.Name == c.Name; { // a file that is not known keeps the hash that it was looked up by
		case file != "" && same:
			text = fmt.Sprintf("CASE WHEN %s.%s IS NULL THEN %s ELSE %s END", look, lookup.ReputationKey, hash, text)
		case same:
			text = hash
		case c.Name == "ProfileAvailability":
			text = fmt.Sprintf("CASE WHEN %s THEN %s ELSE '' END", within, text)
		}
		list = append(list, text+" AS "+name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	from := e.from(r)
	if file != "" {
		from += fmt.Sprintf(" LEFT JOIN %s %s ON %s AND %s.%s = lower(%s)", e.plan.OnShelf(file), look, within, look, lookup.ReputationKey, hash)
	}
	return r.over("SELECT " + strings.Join(list, ", ") + " FROM " + from), nil
}

// lookup matches addresses with networks.
func (e *emitter) lookup(n *plan.AddressLookup) (rel, error) {
	left, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	right, err := e.node(n.Table)
	if err != nil {
		return rel{}, err
	}
	function := map[int]string{4: "ipv4_is_in_range", 6: "ipv6_is_in_range"}[n.Version]
	match := &plan.Call{Name: function, Of: types.Of(types.Bool), Arguments: []plan.Expr{n.Address, &plan.ColumnRef{Column: n.Network}}}
	on, err := e.predicate(match, rel{})
	if err != nil {
		return rel{}, err
	}
	tests := []string{"(" + on + ")"}
	for _, p := range n.On {
		tests = append(tests, equal(p))
	}
	word, kind := "JOIN", plan.Inner
	if n.Keep {
		word, kind = "LEFT JOIN", plan.LeftOuter
	}
	like := &plan.Join{Kind: kind}
	var list []string
	for _, c := range e.needed(n.Columns()) {
		list = append(list, e.joined(like, c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return rel{sql: fmt.Sprintf("SELECT %s FROM %s %s %s ON %s", strings.Join(list, ", "), e.from(left), word, e.from(right), strings.Join(tests, " AND "))}, nil
}

// narrow makes a row of each cell.
func (e *emitter) narrow(n *plan.Narrow) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	r = e.numbered(r)
	var names, values []string
	for _, c := range n.Input.Columns() {
		if c.Hidden {
			continue
		}
		text, err := e.as(&plan.Call{Name: "tostring", Of: types.Of(types.String), Arguments: []plan.Expr{&plan.ColumnRef{Column: c}}}, types.Of(types.String), r)
		if err != nil {
			return rel{}, err
		}
		names, values = append(names, e.parameter(c.Name)), append(values, text)
	}
	if len(names) == 0 {
		return e.unknown(n.Columns()), nil
	}
	for i := range names {
		names[i] = "CAST(" + names[i] + " AS VARCHAR)"
	}
	sql := fmt.Sprintf("SELECT %s - 1 AS %s, unnest([%s]) AS %s, unnest([%s]) AS %s FROM %s",
		r.order, name(n.Row), strings.Join(names, ", "), name(n.Column), strings.Join(values, ", "), name(n.Value), e.from(r))
	return rel{sql: sql}, nil
}

// unpack makes columns of properties. Those that only data tells were looked up before, and are among those known.
func (e *emitter) unpack(n *plan.Unpack) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	list := append([]string{}, r.extra...)
	for _, c := range e.needed(n.Kept) {
		list = append(list, name(c))
	}
	for _, c := range e.needed(n.Known) {
		property := &plan.Literal{Of: types.Of(types.String), Value: strings.TrimPrefix(c.Name, n.Prefix)}
		text, err := e.as(&plan.Access{Of: types.Any, Object: &plan.ColumnRef{Column: n.Bag}, Key: property}, c.Type, r)
		if err != nil {
			return rel{}, err
		}
		list = append(list, text+" AS "+name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return r.over("SELECT " + strings.Join(list, ", ") + " FROM " + e.from(r)), nil
}

// pivot makes columns of values.
func (e *emitter) pivot(n *plan.Pivot) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	text := types.Of(types.String)
	by, err := e.as(&plan.Call{Name: "tostring", Of: text, Arguments: []plan.Expr{&plan.ColumnRef{Column: n.By}}}, text, r)
	if err != nil {
		return rel{}, err
	}
	var list, groups []string
	for _, c := range n.Keys {
		list = append(list, name(c))
		groups = append(groups, name(c))
	}
	aggregate := n.Aggregate
	if aggregate == nil {
		aggregate = &plan.Call{Name: "count", Of: types.Of(types.Long), Aggregate: true}
	}
	p := e.fresh("p")
	value := e.column(aggregate.Type())
	computed, err := e.expr(aggregate, r)
	if err != nil {
		return rel{}, err
	}
	grouped := fmt.Sprintf("SELECT %s AS %s, %s AS %s FROM (SELECT *, %s AS %s FROM %s) %s GROUP BY %s", strings.Join(append(append([]string{}, list...), p), ", "), p,
		computed, name(value), by, p, e.from(r), e.fresh("r"), strings.Join(append(append([]string{}, groups...), p), ", "))
	for _, c := range e.needed(n.Known) {
		e.alias[value] = fmt.Sprintf("any_value(CASE WHEN %s = %s THEN %s END)", p, "CAST("+e.parameter(c.Name)+" AS VARCHAR)", name(value))
		converted, err := e.as(&plan.ColumnRef{Column: value}, c.Type, rel{})
		delete(e.alias, value)
		if err != nil {
			return rel{}, err
		}
		if aggregate.Type().IsNumber() && c.Type.IsNumber() {
			converted = "coalesce(" + converted + ", 0)"
		} else if c.Type.Kind == types.String {
			converted = "coalesce(" + converted + ", '')"
		}
		list = append(list, converted+" AS "+name(c))
	}
	sql := "SELECT " + strings.Join(append(list, "1 AS z"), ", ") + " FROM (" + grouped + ") " + e.fresh("r")
	if len(groups) > 0 {
		sql += " GROUP BY " + strings.Join(groups, ", ")
	} else {
		sql = "SELECT " + strings.Join(append(list, "count(*) AS z"), ", ") + " FROM (" + grouped + ") " + e.fresh("r")
	}
	return rel{sql: sql}, nil
}
