package emit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// mostBins is how long a series may be.
const mostBins = 100_000

// series makes arrays over an axis: make-series. Rows are counted into bins, each group is put beside every bin, and the bins that it has
// no rows in are filled.
func (e *emitter) series(n *plan.Series) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	axisType := n.Axis.Expr.Type()
	stepType := axisType
	if axisType.Kind == types.DateTime {
		stepType = types.Of(types.TimeSpan)
	}
	axis, err := e.expr(n.Axis.Expr, r)
	if err != nil {
		return rel{}, err
	}
	step, err := e.as(n.Step, stepType, rel{})
	if err != nil {
		return rel{}, err
	}
	a := e.fresh("a")
	input := fmt.Sprintf("SELECT *, %s AS %s FROM %s", axis, a, e.from(r))
	from := "(" + input + ")"
	if !hasRows(n.Input) {
		from = e.fresh("b")
		e.shared = append(e.shared, from+" AS MATERIALIZED ("+input+")")
	}
	wide := "DOUBLE"
	if kind := sqlType(axisType); kind == "BIGINT" || kind == "INTEGER" {
		wide = "HUGEINT" // no difference of two of them is beyond it
	}
	whole := func(s string) string { return "CAST(" + s + " AS " + wide + ")" }
	floor := func(s string) string {
		if wide == "DOUBLE" {
			return "floor(" + s + ")"
		}
		return s
	}
	divide := map[string]string{"DOUBLE": "/", "HUGEINT": "//"}[wide]
	first := fmt.Sprintf("(SELECT %s * s FROM (SELECT %s AS m) %s)", floor(whole("m")+" "+divide+" s"), "(SELECT min("+a+") FROM "+from+" "+e.fresh("r")+")", e.fresh("r"))
	if n.From != nil {
		if first, err = e.as(n.From, axisType, rel{}); err != nil {
			return rel{}, err
		}
		first = whole(first)
	}
	last := fmt.Sprintf("%s + 1", whole("(SELECT max("+a+") FROM "+from+" "+e.fresh("r")+")"))
	if wide == "DOUBLE" && n.To == nil {
		last = fmt.Sprintf("%s + s / 1e9", whole("(SELECT max("+a+") FROM "+from+" "+e.fresh("r")+")"))
	}
	if n.To != nil {
		if last, err = e.as(n.To, axisType, rel{}); err != nil {
			return rel{}, err
		}
		last = whole(last)
	}
	bounds := fmt.Sprintf("SELECT s, f, t, least(greatest(CAST(CASE WHEN s > 0 AND t > f THEN ceil(CAST(t - f AS DOUBLE) / CAST(s AS DOUBLE)) ELSE 0 END AS BIGINT), 0), %d) AS bins FROM (SELECT s, %s AS f, %s AS t FROM (SELECT %s AS s) %s) %s",
		mostBins, first, last, whole(step), e.fresh("r"), e.fresh("r"))
	q := e.fresh("q")
	if hasRows(n.Input) {
		bounds = "(" + bounds + ")"
	} else {
		shared := e.fresh("b")
		e.shared = append(e.shared, shared+" AS MATERIALIZED ("+bounds+")")
		bounds = shared
	}

	// Groups by bin.
	var keys, keyNames, aggregates, aggregateNames []string
	for _, k := range n.Keys {
		text, err := e.expr(k.Expr, r)
		if err != nil {
			return rel{}, err
		}
		keys, keyNames = append(keys, text+" AS "+name(k.Column)), append(keyNames, name(k.Column))
	}
	columns := make([]*plan.Column, len(n.Aggregates))
	for i, g := range n.Aggregates {
		text, err := e.expr(g.Expr, r)
		if err != nil {
			return rel{}, err
		}
		columns[i] = e.column(g.Expr.Type())
		aggregates, aggregateNames = append(aggregates, text+" AS "+name(columns[i])), append(aggregateNames, name(columns[i]))
	}
	i := e.fresh("i")
	bin := floor("("+whole(a)+" - "+q+".f) "+divide+" "+q+".s") + " AS " + i
	var by []string
	for k := range len(keys) + 1 {
		by = append(by, strconv.Itoa(k+1))
	}
	binned := fmt.Sprintf("SELECT %s FROM %s %s, %s %s WHERE %s.s > 0 AND %s >= %s.f AND %s < %s.t GROUP BY %s",
		strings.Join(append(append(append([]string{}, keys...), bin), aggregates...), ", "), from, e.fresh("r"), bounds, q, q, whole(a), q, whole(a), q, strings.Join(by, ", "))
	if !hasRows(n.Input) {
		shared := e.fresh("b")
		e.shared = append(e.shared, shared+" AS MATERIALIZED ("+binned+")")
		binned = shared
	} else {
		binned = "(" + binned + ")"
	}

	// Each group beside every bin.
	groups := "SELECT DISTINCT " + strings.Join(append(append([]string{}, keyNames...), "1 AS z"), ", ") + " FROM " + binned + " " + e.fresh("r")
	if len(keys) == 0 && n.NonEmpty {
		groups = "SELECT 1 AS z"
	}
	g, m, nn := e.fresh("g"), e.fresh("m"), e.fresh("n")
	filled := make([]string, len(columns))
	for j, c := range columns {
		missing := "CAST(0 AS " + sqlType(c.Type) + ")"
		if d := n.Aggregates[j].Default; d != nil {
			if missing, err = e.as(d, c.Type, rel{}); err != nil {
				return rel{}, err
			}
		} else if !c.Type.IsNumber() && c.Type.Kind != types.TimeSpan {
			missing = none(c.Type)
		}
		filled[j] = fmt.Sprintf("CASE WHEN %s.%s IS NULL THEN %s ELSE %s.%s END AS %s", g, i, missing, g, aggregateNames[j], aggregateNames[j])
	}
	beside := fmt.Sprintf("SELECT %s FROM (%s) %s, %s %s, %s %s", strings.Join(append([]string{m + ".*", nn + ".n AS n"}, q+".f AS f", q+".s AS s"), ", "), groups, m, bounds, q, e.numbers(), nn)
	beside += " WHERE " + nn + ".n < " + q + ".bins"
	// The same again with names of their own, so that the outer join has two sides.
	b2 := e.fresh("m")
	var cells []string
	for _, k := range keyNames {
		cells = append(cells, b2+"."+k+" AS "+k)
	}
	cells = append(cells, b2+".n AS n", "TRY_CAST("+b2+".f + "+b2+".n * "+b2+".s AS "+sqlType(axisType)+") AS axis")
	on := []string{g + "." + i + " = " + b2 + ".n"}
	for _, k := range keyNames {
		on = append(on, fmt.Sprintf("%s.%s IS NOT DISTINCT FROM %s.%s", g, k, b2, k))
	}
	full := fmt.Sprintf("SELECT %s FROM (%s) %s LEFT JOIN %s %s ON %s", strings.Join(append(cells, filled...), ", "), beside, b2, binned, g, strings.Join(on, " AND "))

	// And one row of arrays.
	at := e.column(axisType)
	e.alias[at] = "axis"
	list := append([]string{}, keyNames...)
	array := func(of *plan.Column, to *plan.Column) error {
		call := &plan.Call{Name: "make_list_with_nulls", Of: types.AnyArray, Aggregate: true, Arguments: []plan.Expr{&plan.ColumnRef{Column: of}}}
		text, err := e.expr(call, rel{order: "n"})
		list = append(list, text+" AS "+name(to))
		return err
	}
	for j, c := range columns {
		if err := array(c, n.Aggregates[j].Column); err != nil {
			return rel{}, err
		}
	}
	if err := array(at, n.Axis.Column); err != nil {
		return rel{}, err
	}
	sql := fmt.Sprintf("SELECT %s FROM (%s) %s", strings.Join(list, ", "), full, e.fresh("r"))
	if len(keyNames) > 0 {
		sql += " GROUP BY " + strings.Join(keyNames, ", ")
	} else {
		sql += " HAVING count(*) > 0"
	}
	return rel{sql: sql}, nil
}
