package emit

import (
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// windows computes, before an operator, what its functions of the rows around need: what they are of when that looks at the rows around
// itself, where they begin anew, and those that the engine has no word for.
type windows struct {
	*emitter
	r       rel
	columns []*plan.Column // of r, beside those that keep the order
	err     error
}

// around gives expressions over rows with what they need.
func (e *emitter) around(list []plan.Expr, columns []*plan.Column, r rel) ([]plan.Expr, rel, error) {
	if !slices.ContainsFunc(list, hasWindow) {
		return list, r, nil
	}
	w := &windows{emitter: e, r: e.numbered(r), columns: e.needed(columns)}
	made := make([]plan.Expr, len(list))
	for i, x := range list {
		made[i] = w.expr(x)
	}
	return made, w.r, w.err
}

// expr gives an expression as it can be written over the rows.
func (w *windows) expr(x plan.Expr) plan.Expr {
	if !hasWindow(x) || w.err != nil {
		return x
	}
	switch x := x.(type) {
	case *plan.Call:
		made := *x
		made.Arguments = slices.Clone(x.Arguments)
		for i, a := range made.Arguments {
			made.Arguments[i] = w.expr(a)
			if x.Window && hasWindow(made.Arguments[i]) {
				made.Arguments[i] = w.computed(made.Arguments[i])
			}
		}
		if x.Window {
			return w.call(&made)
		}
		return &made
	case *plan.Access:
		made := *x
		made.Object, made.Key = w.expr(x.Object), w.expr(x.Key)
		return &made
	case *plan.Element:
		made := *x
		made.Tuple = w.expr(x.Tuple)
		return &made
	case *plan.InTable:
		made := *x
		made.Value = w.expr(x.Value)
		return &made
	}
	return x
}

// add gives the rows one more column, of SQL.
func (w *windows) add(t types.Type, sql string) plan.Expr {
	c := w.column(t)
	w.r = w.r.same(fmt.Sprintf("SELECT *, %s AS %s FROM %s", sql, name(c), w.from(w.r)))
	w.columns = append(w.columns, c)
	return &plan.ColumnRef{Column: c}
}

// computed gives the rows one more column, of an expression.
func (w *windows) computed(x plan.Expr) plan.Expr {
	if c, ok := x.(*plan.ColumnRef); ok {
		return c
	}
	text, err := w.emitter.expr(x, w.r)
	if err != nil {
		w.err = err
		return x
	}
	return w.add(x.Type(), text)
}

func (w *windows) text(x plan.Expr) string {
	return name(w.computed(x).(*plan.ColumnRef).Column)
}

// group numbers the rows between those at which a function begins anew; nil where it never does.
func (w *windows) group(args []plan.Expr, at int) plan.Expr {
	if len(args) <= at {
		return nil
	}
	if l, ok := args[at].(*plan.Literal); ok && l.Value != true {
		return nil
	}
	test, err := w.predicate(args[at], w.r)
	if err != nil {
		w.err = err
		return nil
	}
	return w.add(types.Of(types.Long), fmt.Sprintf("CAST(sum(CASE WHEN %s THEN 1 ELSE 0 END) OVER (ORDER BY %s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT)", test, w.r.order))
}

// call gives one function of the rows around. Those that may begin anew get a number of the group in the place of the condition.
func (w *windows) call(c *plan.Call) plan.Expr {
	switch c.Name {
	case "row_number", "row_cumsum":
		if group := w.group(c.Arguments, 1); group != nil {
			c.Arguments[1] = group
		} else if len(c.Arguments) > 1 {
			c.Arguments = c.Arguments[:1]
		}
	case "row_rank_dense", "row_rank_min", "row_rank":
		return w.rank(c)
	case "row_window_session":
		return w.session(c)
	}
	return c
}

// rank counts how often a value has changed; row_rank_min gives the number of the row at which it last did.
func (w *windows) rank(c *plan.Call) plan.Expr {
	over := "ORDER BY " + w.r.order
	if c.Name != "row_rank" {
		if group := w.group(c.Arguments, 1); group != nil {
			over = "PARTITION BY " + w.text(group) + " " + over
		}
	}
	smallest := c.Name == "row_rank_min"
	if len(c.Arguments) > 1 && c.Name == "row_rank" {
		l, ok := c.Arguments[1].(*plan.Literal)
		smallest = ok && l.Value == false
	}
	if w.err != nil {
		return c
	}
	value := w.text(plan.Expr(&plan.Call{Name: "tostring", Of: types.Of(types.String), Arguments: c.Arguments[:1]}))
	long, number := types.Of(types.Long), fmt.Sprintf("row_number() OVER (%s)", over)
	changed := fmt.Sprintf("CASE WHEN %s = 1 OR lag(%s) OVER (%s) IS DISTINCT FROM %s THEN %s END", number, value, over, value, map[bool]string{true: number, false: "1"}[smallest])
	at := w.text(w.add(long, "CAST("+changed+" AS BIGINT)"))
	return w.add(long, fmt.Sprintf("CAST(%s(%s) OVER (%s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT)", map[bool]string{true: "max", false: "sum"}[smallest], at, over))
}

// session is the moment at which the session of a row began. Where one begins depends on where the one before did: it is a scan of one
// step, which remembers that and the moment of the row before.
func (w *windows) session(c *plan.Call) plan.Expr {
	at := w.computed(c.Arguments[0])
	moment, long, truth := types.Of(types.DateTime), types.Of(types.Long), types.Of(types.Bool)
	begins, last, began := w.column(moment), w.column(moment), w.column(moment)
	refer := func(c *plan.Column) plan.Expr { return &plan.ColumnRef{Column: c} }
	call := func(name string, of types.Type, args ...plan.Expr) plan.Expr {
		return &plan.Call{Name: name, Of: of, Arguments: args}
	}
	anew := []plan.Expr{
		call("isnull", truth, refer(began)),
		call(">=", truth, at, call("+", moment, refer(began), c.Arguments[1])),
		call(">=", truth, at, call("+", moment, refer(last), c.Arguments[2])),
	}
	if len(c.Arguments) > 3 {
		anew = append(anew, c.Arguments[3])
	}
	source := at.(*plan.ColumnRef).Column
	n := &plan.Match{
		Input:    &plan.Values{Cols: w.columns},
		Declared: []plan.Output{{Column: begins, Expr: &plan.Literal{Of: moment}}},
		MatchID:  w.column(long),
		Steps: []plan.MatchStep{{
			Name: "session", Output: "all", State: []*plan.Column{last, began}, Of: []*plan.Column{source, begins}, Condition: &plan.Literal{Of: truth, Value: true},
			Assign: []plan.Output{{Column: begins, Expr: call("case", moment, call("isnull", truth, at), &plan.Literal{Of: moment}, call("or", truth, anew...), at, refer(began))}},
		}},
	}
	for _, c := range append(w.columns, begins) {
		w.live[c] = true
	}
	r, err := w.scanned(n, w.r)
	if err != nil {
		w.err = err
		return c
	}
	w.r, w.columns = w.numbered(r), append(w.columns, begins)
	return refer(begins)
}
