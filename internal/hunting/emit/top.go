package emit

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// topNested keeps the groups with the greatest aggregates, within each of them again, and so on. Each level marks the rows with the group
// that they are in, and leaves out those of groups that are not kept, or calls these by one name.
func (e *emitter) topNested(n *plan.TopNested) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	share := func(sql string) string {
		if hasRows(n.Input) {
			return "(" + sql + ")"
		}
		b := e.fresh("b")
		e.shared = append(e.shared, b+" AS MATERIALIZED ("+sql+")")
		return b
	}
	rows := share("SELECT * FROM " + e.from(r))
	var groups, list, order, on []string
	var extra []string
	s := e.fresh("r")
	for _, l := range n.Levels {
		g, m := e.fresh("g"), e.fresh("m")
		of, err := e.expr(l.Of.Expr, r)
		if err != nil {
			return rel{}, err
		}
		by, err := e.expr(l.By.Expr, r)
		if err != nil {
			return rel{}, err
		}
		keys := append(append([]string{}, groups...), of+" AS "+g)
		kept := fmt.Sprintf("SELECT %s, %s AS z FROM %s %s GROUP BY %s", strings.Join(keys, ", "), by, rows, e.fresh("r"), places(len(keys)))
		if l.Count != nil {
			count, err := e.as(l.Count, types.Of(types.Long), rel{})
			if err != nil {
				return rel{}, err
			}
			within := ""
			if len(groups) > 0 {
				within = "PARTITION BY " + strings.Join(groups, ", ") + " "
			}
			kept = fmt.Sprintf("SELECT * FROM (SELECT *, row_number() OVER (%sORDER BY z%s, %s) AS i FROM (%s) %s) %s WHERE i <= %s", within, direction(!l.Ascending, false), g, kept, e.fresh("r"), e.fresh("r"), count)
		}
		k, x := e.fresh("k"), e.fresh("x")
		match := []string{fmt.Sprintf("%s.%s IS NOT DISTINCT FROM %s.%s", k, g, x, g)}
		for _, one := range groups {
			match = append(match, fmt.Sprintf("%s.%s IS NOT DISTINCT FROM %s.%s", k, one, x, one))
		}
		word, label := "JOIN", x+"."+g
		if l.Others != nil {
			others, err := e.as(l.Others, l.Of.Column.Type, rel{})
			if err != nil {
				return rel{}, err
			}
			word, label = "LEFT JOIN", fmt.Sprintf("CASE WHEN %s.i0 IS NULL THEN %s ELSE %s.%s END", k, others, x, g)
		}
		rows = share(fmt.Sprintf("SELECT %s.* EXCLUDE (%s), %s AS %s FROM (SELECT *, %s AS %s FROM %s %s) %s %s (SELECT *, 1 AS i0 FROM (%s) %s) %s ON %s",
			x, g, label, g, of, g, rows, e.fresh("r"), x, word, kept, e.fresh("r"), k, strings.Join(match, " AND ")))
		groups = append(groups, g)
		level := fmt.Sprintf("(SELECT %s, %s AS %s FROM %s %s GROUP BY %s) %s", strings.Join(groups, ", "), by, m, rows, e.fresh("r"), places(len(groups)), m)
		var meets []string
		for _, one := range groups {
			meets = append(meets, fmt.Sprintf("%s.%s IS NOT DISTINCT FROM %s.%s", m, one, s, one))
		}
		on = append(on, " JOIN "+level+" ON "+strings.Join(meets, " AND "))
		o := e.fresh("o")
		list = append(list, s+"."+g+" AS "+name(l.Of.Column), m+"."+m+" AS "+name(l.By.Column), m+"."+m+" AS "+o)
		order, extra = append(order, o+direction(!l.Ascending, false)), append(extra, o)
	}
	from := fmt.Sprintf("(SELECT DISTINCT %s FROM %s %s) %s%s", strings.Join(groups, ", "), rows, e.fresh("r"), s, strings.Join(on, ""))
	return rel{sql: "SELECT " + strings.Join(list, ", ") + " FROM " + from, order: strings.Join(order, ", "), extra: extra}, nil
}

func places(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(list, ", ")
}
