package emit

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

var joins = map[plan.JoinKind]string{
	plan.InnerUnique: "JOIN", plan.Inner: "JOIN", plan.LeftOuter: "LEFT JOIN", plan.RightOuter: "RIGHT JOIN", plan.FullOuter: "FULL JOIN",
	plan.LeftSemi: "SEMI JOIN", plan.LeftAnti: "ANTI JOIN", plan.RightSemi: "SEMI JOIN", plan.RightAnti: "ANTI JOIN",
}

func (e *emitter) join(n *plan.Join) (rel, error) {
	left, err := e.node(n.Left)
	if err != nil {
		return rel{}, err
	}
	right, err := e.node(n.Right)
	if err != nil {
		return rel{}, err
	}
	var on, keys []string
	for _, p := range n.On {
		on = append(on, equal(p))
		keys = append(keys, name(p.Left))
	}
	if n.Condition != nil {
		text, err := e.predicate(n.Condition, rel{})
		if err != nil {
			return rel{}, err
		}
		on = append(on, "("+text+")")
	}
	if len(on) == 0 {
		on = []string{"true"}
	}
	if n.Kind == plan.InnerUnique && len(keys) > 0 {
		by := left.order
		if by != "" {
			by = " ORDER BY " + strings.Join(keys, ", ") + ", " + by
		}
		left.sql = fmt.Sprintf("SELECT DISTINCT ON (%s) * FROM %s%s", strings.Join(keys, ", "), e.from(left), by)
	}
	if n.Kind == plan.RightSemi || n.Kind == plan.RightAnti {
		left, right = right, left
	}
	var list []string
	for _, c := range e.needed(n.Columns()) {
		list = append(list, e.joined(n, c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return rel{sql: fmt.Sprintf("SELECT %s FROM %s %s %s ON %s", strings.Join(list, ", "), e.from(left), joins[n.Kind], e.from(right), strings.Join(on, " AND "))}, nil
}

// equal tests a pair of keys. Numbers of two types are compared as they are, all else as text is: ids in one type and in another are equal
// if they read alike.
func equal(p plan.Pair) string {
	l, r := name(p.Left), name(p.Right)
	if a, b := sqlType(p.Left.Type), sqlType(p.Right.Type); a != b && !(p.Left.Type.IsNumber() && p.Right.Type.IsNumber()) {
		return fmt.Sprintf("CAST(%s AS VARCHAR) = CAST(%s AS VARCHAR)", l, r)
	}
	return l + " = " + r
}

// joined is a column of a join: where the other side has no row, text is empty, for there is no null text.
func (e *emitter) joined(n *plan.Join, c *plan.Column) string {
	if c.Type.Kind != types.String || n.Kind != plan.LeftOuter && n.Kind != plan.RightOuter && n.Kind != plan.FullOuter {
		return name(c)
	}
	return fmt.Sprintf("coalesce(%s, '') AS %s", name(c), name(c))
}
