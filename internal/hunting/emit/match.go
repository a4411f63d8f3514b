package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

// A scan goes over rows in order with a state: what each step remembers, and what the last row did to it. The rows of a partition are made
// a list, and a fold over the list carries the state along and notes what each row did. What a row does is told from the state before it
// alone, whatever the number of steps, so the fold has no functions within its function, which cost more than all else. What is noted
// would be copied with each row: the list is one of lists of lists, so that a note is copied a few times matchChunk times, and no more;
// shorter ones cost more than they spare, for a fold takes time to begin.
const (
	matchChunk  = 256
	matchLevels = 3
)

// The most steps, and values that a state remembers: each row makes a new one.
const (
	maxSteps       = 24
	maxRemembered  = 400
	matchTooLarge  = "'scan' has too many steps, or refers to too many values of them: its state is made anew for each row."
	matchInTable   = "In 'scan', a value that a step remembers cannot be looked up in a table: join it, or give the table as a list."
	matchOfTheRows = "In 'scan', a function of the rows around cannot be of what a step remembers."
)

// matcher writes one scan.
type matcher struct {
	*emitter
	n     *plan.Match
	owner map[*plan.Column]int          // of a column of a state: the number of its step, from 0
	same  map[*plan.Column]*plan.Column // and what it is a value of
	// What each step remembers that something asks for, in the order of the columns.
	remembered [][]*plan.Column
	defaults   map[*plan.Column]string // of declared columns
	base       []string                // what is computed of rows before the fold
	row        []*plan.Column          // columns that expressions in the fold read
	over       rel
}

func (e *emitter) match(n *plan.Match) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	if len(n.OrderBy) > 0 {
		keys, extra, columns, err := e.keys(n.OrderBy, r)
		if err != nil {
			return rel{}, err
		}
		r = rel{sql: fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(columns, ", "), e.from(r)), order: strings.Join(keys, ", "), extra: append(slices.Clone(r.extra), extra...)}
	}
	return e.scanned(n, r)
}

// scanned writes a scan over rows that stand in its order.
func (e *emitter) scanned(n *plan.Match, r rel) (rel, error) {
	m := &matcher{emitter: e, n: n, owner: map[*plan.Column]int{}, same: map[*plan.Column]*plan.Column{}, defaults: map[*plan.Column]string{}, over: e.numbered(r)}
	return m.write()
}

func (m *matcher) write() (rel, error) {
	steps, err := m.prepared()
	if err != nil {
		return rel{}, err
	}
	number := m.over.order
	var keys, rest []string
	for i, x := range m.n.PartitionBy {
		text, err := m.expr(x, m.over)
		if err != nil {
			return rel{}, err
		}
		keys = append(keys, fmt.Sprintf("k%d", i))
		rest = append(rest, fmt.Sprintf("%s AS k%d", text, i))
	}
	if len(keys) == 0 {
		keys, rest = []string{"k0"}, []string{"0 AS k0"}
	}
	by := strings.Join(keys, ", ")
	f, err := m.folded(steps)
	if err != nil {
		return rel{}, err
	}
	// The columns of a row that the result has are kept in a list of their own, and put beside what was noted in the end.
	whole, apart := []string{fmt.Sprintf("'n': %s", number)}, []string{}
	for _, k := range keys {
		whole, apart = append(whole, fmt.Sprintf("'%s': %s", k, k)), append(apart, "u.w."+k)
	}
	for _, c := range m.needed(m.n.Input.Columns()) {
		whole = append(whole, fmt.Sprintf("'%s': %s", name(c), name(c)))
	}
	sql := fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(append(rest, m.base...), ", "), m.from(m.over))
	sql = fmt.Sprintf("SELECT *, row_number() OVER (PARTITION BY %s ORDER BY %s) - 1 AS h0 FROM (%s) %s", by, number, sql, m.fresh("r"))
	l, w, noted := "'r': "+f.rowOf(), "{"+strings.Join(whole, ", ")+"}", f.notedType()
	for level := range matchLevels {
		at := fmt.Sprintf("h%d", level)
		chunk, group := fmt.Sprintf("%s // %d", at, matchChunk), by
		if level == matchLevels-1 {
			chunk = "0"
		} else {
			group += ", " + chunk
		}
		sql = fmt.Sprintf("SELECT %s, %s AS h%d, list({%s, %s, 'o': CAST(NULL AS %s[])} ORDER BY %s) AS l, list(%s ORDER BY %s) AS w FROM (%s) %s GROUP BY %s",
			by, chunk, level+1, l, f.nothing(), noted, at, w, at, sql, m.fresh("r"), group)
		l, w, noted = fmt.Sprintf("'l': l, 'r': CAST(NULL AS %s)", f.rowType()), "w", noted+"[]"
	}
	sql = fmt.Sprintf("SELECT w, %s AS z FROM (%s) %s", f.text(), sql, m.fresh("r"))
	flat := func(list string) string {
		return strings.Repeat("flatten(", matchLevels-1) + list + strings.Repeat(")", matchLevels-1)
	}
	sql = fmt.Sprintf("SELECT unnest(%s) AS w, unnest(list_append(%s, {%s})[2:]) AS o FROM (%s) %s", flat("w"), flat("z.o"), f.at("z").noted(), sql, m.fresh("r"))
	sql = fmt.Sprintf("SELECT {'w': w, 'o': unnest([%s])} AS u FROM (%s) %s", strings.Join(f.notes(), ", "), sql, m.fresh("r"))
	order, step := m.fresh("n"), m.fresh("n")
	list := []string{"u.w.n AS " + order, "u.o.k AS " + step}
	for _, c := range m.needed(m.n.Input.Columns()) {
		list = append(list, fmt.Sprintf("u.w.%s AS %s", name(c), name(c)))
	}
	for _, i := range f.shown() {
		list = append(list, fmt.Sprintf("u.o.d%d AS %s", i, name(m.n.Declared[i].Column)))
	}
	if m.live[m.n.MatchID] {
		list = append(list, "u.o.m AS "+name(m.n.MatchID))
	}
	sql = fmt.Sprintf("SELECT %s FROM (%s) %s WHERE u.o.w", strings.Join(list, ", "), sql, m.fresh("r"))
	var last []string
	for i, s := range m.n.Steps {
		if s.Output == "last" {
			last = append(last, fmt.Sprint(i))
		}
	}
	if len(last) > 0 { // of rows that match a step again and again, the last is the one that no other follows
		sql += fmt.Sprintf(" QUALIFY u.o.k NOT IN (%s) OR lead(u.o.h) OVER (PARTITION BY %s, u.o.k ORDER BY u.w.n) IS NOT TRUE", strings.Join(last, ", "), strings.Join(apart, ", "))
	}
	return rel{sql: sql, order: order + ", " + step + " DESC", extra: []string{order, step}}, nil
}

// prepared computes what depends on a row alone before the fold, and finds what the rest asks the state for.
func (m *matcher) prepared() ([]plan.MatchStep, error) {
	for i, s := range m.n.Steps {
		for j, c := range s.State {
			m.owner[c], m.same[c] = i, s.Of[j]
		}
	}
	for _, d := range m.n.Declared {
		text, err := m.as(d.Expr, d.Column.Type, rel{})
		if err != nil {
			return nil, err
		}
		m.defaults[d.Column] = text
	}
	m.remembered = make([][]*plan.Column, len(m.n.Steps))
	steps := slices.Clone(m.n.Steps)
	for i := range steps {
		var err error
		if steps[i].Condition, err = m.hoist(steps[i].Condition); err != nil {
			return nil, err
		}
		steps[i].Assign = slices.Clone(steps[i].Assign)
		for j := range steps[i].Assign {
			if steps[i].Assign[j].Expr, err = m.hoist(steps[i].Assign[j].Expr); err != nil {
				return nil, err
			}
		}
	}
	size := 0
	for i, list := range m.remembered {
		size += (len(steps) - i) * len(list)
		for _, c := range list {
			if !m.declared(m.same[c]) {
				m.reads(m.same[c])
			}
		}
	}
	if len(steps) > maxSteps || size > maxRemembered {
		return nil, &NotBuilt{matchTooLarge}
	}
	return steps, nil
}

func (m *matcher) declared(c *plan.Column) bool { _, ok := m.defaults[c]; return ok }

func (m *matcher) reads(c *plan.Column) {
	if !slices.Contains(m.row, c) {
		m.row = append(m.row, c)
	}
}

// stateful says whether an expression depends on more than its row.
func (m *matcher) stateful(x plan.Expr) bool {
	if c, ok := x.(*plan.ColumnRef); ok {
		_, of := m.owner[c.Column]
		return of || m.declared(c.Column)
	}
	return slices.ContainsFunc(x.Args(), m.stateful)
}

// remembers says whether an expression asks for what a step remembers.
func (m *matcher) remembers(x plan.Expr) bool {
	if c, ok := x.(*plan.ColumnRef); ok {
		_, of := m.owner[c.Column]
		return of
	}
	return slices.ContainsFunc(x.Args(), m.remembers)
}

// hoist gives an expression in which what depends on the row alone is a column of it.
func (m *matcher) hoist(x plan.Expr) (plan.Expr, error) {
	if !m.stateful(x) {
		switch x := x.(type) {
		case *plan.Literal:
			return x, nil
		case *plan.ColumnRef:
			m.reads(x.Column)
			return x, nil
		}
		c := m.column(x.Type())
		text, err := m.expr(x, m.over)
		if err != nil {
			return nil, err
		}
		m.base = append(m.base, text+" AS "+name(c))
		m.reads(c)
		return &plan.ColumnRef{Column: c}, nil
	}
	var err error
	all := func(list ...*plan.Expr) {
		for _, a := range list {
			if err == nil {
				*a, err = m.hoist(*a)
			}
		}
	}
	switch x := x.(type) {
	case *plan.ColumnRef:
		if of, ok := m.owner[x.Column]; ok && !slices.Contains(m.remembered[of], x.Column) {
			m.remembered[of] = append(m.remembered[of], x.Column)
		}
		return x, nil
	case *plan.Call:
		if x.Window {
			return nil, &NotBuilt{matchOfTheRows}
		}
		made := *x
		made.Arguments = slices.Clone(x.Arguments)
		for i := range made.Arguments {
			all(&made.Arguments[i])
		}
		return &made, err
	case *plan.Access:
		made := *x
		all(&made.Object, &made.Key)
		return &made, err
	case *plan.Element:
		made := *x
		all(&made.Tuple)
		return &made, err
	}
	return nil, &NotBuilt{matchInTable}
}
