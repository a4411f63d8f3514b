package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

// A scan goes over rows in order with a state: what each step remembers. The rows of a partition are made a list, the list is cut into
// chunks, and a fold over the chunks and the rows in each carries the state along and notes which rows match. Chunks only keep what has
// been noted from being copied with each row.
const matchChunk = 256

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
	fold, err := m.fold(steps)
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
	read := []string{"'i': i"}
	for _, c := range m.row {
		read = append(read, fmt.Sprintf("'%s': %s", name(c), name(c)))
	}
	sql := fmt.Sprintf("SELECT *, %s FROM %s", strings.Join(append(rest, m.base...), ", "), m.from(m.over))
	sql = fmt.Sprintf("SELECT *, row_number() OVER (PARTITION BY %s ORDER BY %s) - 1 AS i FROM (%s) %s", by, number, sql, m.fresh("r"))
	sql = fmt.Sprintf("SELECT %s, i // %d AS h, list({'r': {%s}, 's': CAST(NULL AS %s), 'o': CAST(NULL AS %s[])} ORDER BY i) AS l, list({%s} ORDER BY i) AS w FROM (%s) %s GROUP BY %s, i // %d",
		by, matchChunk, strings.Join(read, ", "), m.stateType(), m.notedType(), strings.Join(whole, ", "), sql, m.fresh("r"), by, matchChunk)
	sql = fmt.Sprintf("SELECT list({'l': l, 's': CAST(NULL AS %s), 'o': CAST(NULL AS %s[][])} ORDER BY h) AS l, list(w ORDER BY h) AS w FROM (%s) %s GROUP BY %s",
		m.stateType(), m.notedType(), sql, m.fresh("r"), by)
	sql = fmt.Sprintf("SELECT w, list_reduce(l, lambda s0, c0: %s, {'l': NULL, 's': %s, 'o': []}).o AS o FROM (%s) %s", fold, m.empty(), sql, m.fresh("r"))
	sql = fmt.Sprintf("SELECT unnest(list_transform(flatten(o), lambda m0: {'o': m0, 'w': w[m0.i // %d + 1][m0.i %% %d + 1]})) AS u FROM (%s) %s", matchChunk, matchChunk, sql, m.fresh("r"))
	order, step := m.fresh("n"), m.fresh("n")
	list := []string{"u.w.n AS " + order, "u.o.k AS " + step}
	for _, c := range m.needed(m.n.Input.Columns()) {
		list = append(list, fmt.Sprintf("u.w.%s AS %s", name(c), name(c)))
	}
	for i, d := range m.n.Declared {
		list = append(list, fmt.Sprintf("u.o.d%d AS %s", i, name(d.Column)))
	}
	list = append(list, "u.o.m AS "+name(m.n.MatchID))
	sql = fmt.Sprintf("SELECT %s FROM (%s) %s", strings.Join(list, ", "), sql, m.fresh("r"))
	var last []string
	for i, s := range m.n.Steps {
		if s.Output == "last" {
			last = append(last, fmt.Sprint(i))
		}
	}
	if len(last) > 0 { // of rows that match a step again and again, the last is the one that no other follows
		sql += fmt.Sprintf(" QUALIFY u.o.k NOT IN (%s) OR lead(u.o.c) OVER (PARTITION BY %s, u.o.k ORDER BY u.w.n) IS NOT TRUE", strings.Join(last, ", "), strings.Join(apart, ", "))
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

// field is what the state of step k remembers of an earlier step, or of its own.
func field(k int, c *plan.Column) string { return fmt.Sprintf("s%d_%s", k, name(c)) }

func (m *matcher) none(c *plan.Column) string {
	if d, ok := m.defaults[m.same[c]]; ok {
		return d
	}
	return none(c.Type)
}

// states calls something for each value of the state of a step.
func (m *matcher) states(k int, each func(j int, c *plan.Column)) {
	for j := 0; j <= k; j++ {
		for _, c := range m.remembered[j] {
			each(j, c)
		}
	}
}

// stateType is the engine's type for a state: for each step whether it is there, of which match, and what it remembers.
func (m *matcher) stateType() string {
	list := []string{"x BIGINT"}
	for k := range m.n.Steps {
		list = append(list, fmt.Sprintf("a%d BOOLEAN, m%d BIGINT", k, k))
		m.states(k, func(_ int, c *plan.Column) { list = append(list, field(k, c)+" "+sqlType(c.Type)) })
	}
	return "STRUCT(" + strings.Join(list, ", ") + ")"
}

// empty is the state before the first row.
func (m *matcher) empty() string {
	list := []string{"'x': 0"}
	for k := range m.n.Steps {
		list = append(list, fmt.Sprintf("'a%d': FALSE, 'm%d': 0", k, k))
		m.states(k, func(_ int, c *plan.Column) { list = append(list, fmt.Sprintf("'%s': %s", field(k, c), m.none(c))) })
	}
	return "CAST({" + strings.Join(list, ", ") + "} AS " + m.stateType() + ")"
}

// notedType is what is noted of a row that matches: its place, the step, whether the step had matched before, the match, and the values
// that it gives to what is declared.
func (m *matcher) notedType() string {
	list := []string{"i BIGINT", "k INTEGER", "c BOOLEAN", "m BIGINT"}
	for i, d := range m.n.Declared {
		list = append(list, fmt.Sprintf("d%d %s", i, sqlType(d.Column.Type)))
	}
	return "STRUCT(" + strings.Join(list, ", ") + ")"
}

// let names a value within a text.
func let(variable, value, body string) string {
	return "list_transform([" + value + "], lambda " + variable + ": " + body + ")[1]"
}

// fold writes what is done with a chunk: the rows in it one after the other, from the state before it.
func (m *matcher) fold(steps []plan.MatchStep) (string, error) {
	row, err := m.step(steps, len(steps)-1, "s1.s", "s1.o")
	if err != nil {
		return "", err
	}
	inner := fmt.Sprintf("list_reduce(c0.l, lambda s1, x1: %s, {'r': NULL, 's': s0.s, 'o': []})", row)
	return let("z0", inner, "{'l': NULL, 's': z0.s, 'o': list_append(s0.o, z0.o)}"), nil
}

// step writes what a row does to a step, and then to those before it: the last step comes first. A row matches a step when it goes on from
// the step before, which then is where the sequence was no longer, or when it matches the step again.
func (m *matcher) step(steps []plan.MatchStep, k int, state, noted string) (string, error) {
	if k < 0 {
		return fmt.Sprintf("{'r': NULL, 's': %s, 'o': %s}", state, noted), nil
	}
	s, w, d, z := steps[k], fmt.Sprintf("w%d", k), fmt.Sprintf("d%d", k), fmt.Sprintf("z%d", k+1)
	onward, again := "FALSE", fmt.Sprintf("%s.a%d", state, k)
	if k == 0 {
		again = "TRUE"
	}
	defer m.seen(k, state, true)()
	advanced, assigned, err := m.texts(s)
	if err != nil {
		return "", err
	}
	if k > 0 {
		onward = fmt.Sprintf("%s.a%d AND %s", state, k-1, advanced)
	}
	defer m.seen(k, state, false)()
	repeated, reassigned, err := m.texts(s)
	if err != nil {
		return "", err
	}
	kind := fmt.Sprintf("CASE WHEN %s THEN 1 WHEN %s AND %s THEN 2 ELSE 0 END", onward, again, repeated)
	var values []string
	for i, declared := range m.n.Declared {
		values = append(values, fmt.Sprintf("'d%d': CASE %s WHEN 1 THEN %s WHEN 2 THEN %s ELSE %s END", i, w, assigned[i], reassigned[i], m.defaults[declared.Column]))
	}
	rest, err := m.step(steps, k-1, z+".s", z+".o")
	if err != nil {
		return "", err
	}
	match := fmt.Sprintf("%s.m%d", state, k)
	if k == 0 {
		match = fmt.Sprintf("(CASE WHEN %s.a0 THEN %s.m0 ELSE %s.x END)", state, state, state)
	} else {
		match = fmt.Sprintf("(CASE WHEN %s = 1 THEN %s.m%d ELSE %s END)", w, state, k-1, match)
	}
	note := noted
	if s.Output != "none" {
		list := []string{"'i': x1.r.i", fmt.Sprintf("'k': CAST(%d AS INTEGER)", k), fmt.Sprintf("'c': %s = 2 AND %s.a%d", w, state, k), "'m': " + match}
		for i := range m.n.Declared {
			list = append(list, fmt.Sprintf("'d%d': %s.d%d", i, d, i))
		}
		note = fmt.Sprintf("CASE WHEN %s > 0 THEN list_append(%s, {%s}) ELSE %s END", w, noted, strings.Join(list, ", "), noted)
	}
	text := let(z, fmt.Sprintf("{'s': {%s}, 'o': %s}", m.next(k, state, w, d, match), note), rest)
	if len(values) > 0 {
		text = let(d, "{"+strings.Join(values, ", ")+"}", text)
	}
	return let(w, kind, text), nil
}

// seen lets expressions of step k read the row and the state. When a row goes on from the step before, it sees that step's state, in which
// there is nothing of its own yet. What it gives undoes that.
func (m *matcher) seen(k int, state string, advancing bool) func() {
	var list []*plan.Column
	set := func(c *plan.Column, text string) {
		m.alias[c] = text
		list = append(list, c)
	}
	for _, c := range m.row {
		set(c, "x1.r."+name(c))
	}
	for c, text := range m.defaults {
		set(c, text)
	}
	for j := range m.remembered {
		for _, c := range m.remembered[j] {
			switch {
			case advancing && j < k:
				set(c, state+"."+field(k-1, c))
			case !advancing && j <= k:
				set(c, state+"."+field(k, c))
			default:
				set(c, m.none(c))
			}
		}
	}
	return func() {
		for _, c := range list {
			delete(m.alias, c)
		}
	}
}

// texts writes the condition of a step, and the value of each declared column.
func (m *matcher) texts(s plan.MatchStep) (condition string, values []string, err error) {
	if condition, err = m.predicate(s.Condition, rel{}); err != nil {
		return "", nil, err
	}
	for _, d := range m.n.Declared {
		text := m.defaults[d.Column]
		for _, a := range s.Assign {
			if a.Column == d.Column {
				if text, err = m.as(a.Expr, d.Column.Type, rel{}); err != nil {
					return "", nil, err
				}
			}
		}
		values = append(values, text)
	}
	return "(" + condition + ")", values, nil
}

// next writes the state after a row has met step k.
func (m *matcher) next(k int, state, w, d, match string) string {
	begins := "FALSE"
	if k == 0 {
		begins = fmt.Sprintf("%s = 2 AND NOT %s.a0", w, state)
	}
	list := []string{fmt.Sprintf("'x': CASE WHEN %s THEN %s.x + 1 ELSE %s.x END", begins, state, state)}
	for i := range m.n.Steps {
		active, id := fmt.Sprintf("%s.a%d", state, i), fmt.Sprintf("%s.m%d", state, i)
		switch i {
		case k:
			active, id = fmt.Sprintf("%s > 0 OR %s", w, active), fmt.Sprintf("CASE WHEN %s > 0 THEN %s ELSE %s END", w, match, id)
		case k - 1:
			active = fmt.Sprintf("%s <> 1 AND %s", w, active)
		}
		list = append(list, fmt.Sprintf("'a%d': %s, 'm%d': %s", i, active, i, id))
		m.states(i, func(j int, c *plan.Column) {
			value := state + "." + field(i, c)
			switch {
			case i == k && j == k:
				value = fmt.Sprintf("CASE WHEN %s > 0 THEN %s ELSE %s END", w, m.own(c, d), value)
			case i == k:
				value = fmt.Sprintf("CASE WHEN %s = 1 THEN %s.%s ELSE %s END", w, state, field(k-1, c), value)
			case i == k-1:
				value = fmt.Sprintf("CASE WHEN %s = 1 THEN %s ELSE %s END", w, m.none(c), value)
			}
			list = append(list, fmt.Sprintf("'%s': %s", field(i, c), value))
		})
	}
	return strings.Join(list, ", ")
}

// own is the value of a column in the row that matches.
func (m *matcher) own(c *plan.Column, d string) string {
	of := m.same[c]
	for i, declared := range m.n.Declared {
		if declared.Column == of {
			return fmt.Sprintf("%s.d%d", d, i)
		}
	}
	return "x1.r." + name(of)
}
