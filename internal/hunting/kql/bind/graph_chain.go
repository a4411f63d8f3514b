package bind

import (
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// chain is a path of some lengths: rows with a column for each node that has been met.
type chain struct {
	*paths
	node   plan.Node
	at     map[string]*plan.Column // by the names of nodes
	number []*plan.Column          // of the edges
	order  []string                // of the names of nodes
	rows   map[string]*relation    // what the names of edges and nodes stand for
	runs   map[string]*run
}

// path makes the rows of one choice of lengths.
func (m *paths) path(lengths []int) *relation {
	c := &chain{paths: m, at: map[string]*plan.Column{}, rows: map[string]*relation{}, runs: map[string]*run{}}
	at := 0
	for _, g := range m.op.Patterns {
		last := c.place(g.Nodes[0], at)
		for i, e := range g.Edges {
			next := c.place(g.Nodes[i+1], at+1)
			if !c.follow(e, last, next, lengths[at], at) {
				return m.failed()
			}
			last, at = next, at+1
		}
	}
	c.told()
	return c.result()
}

// place is what a node is known by within a chain: its name, or its place.
func (c *chain) place(n syntax.GraphElement, at int) string {
	if n.Name.Text != "" {
		return n.Name.Text
	}
	return fmt.Sprintf("%d:%d", n.Start, at)
}

func (m *paths) isNode(name string) bool {
	return slices.ContainsFunc(m.op.Patterns, func(g syntax.GraphPattern) bool {
		return slices.ContainsFunc(g.Nodes, func(n syntax.GraphElement) bool { return n.Name.Text == name })
	})
}

// follow adds the edges from one node to another.
func (c *chain) follow(e syntax.GraphElement, from, to string, length, at int) bool {
	name := e.Name.Text
	if name != "" && (c.rows[name] != nil || c.runs[name] != nil || c.isNode(name)) {
		c.problem(e.Span, "The name '%s' is already that of another part of the pattern.", syntax.Clip(name))
		return false
	}
	r := &run{}
	for i := range length {
		next := to
		if i < length-1 {
			next = fmt.Sprintf("%d:%d:%d", e.Start, at, i)
		}
		one, ok := c.edge(e, from, next)
		if !ok {
			return false
		}
		r.edges, from = append(r.edges, one), next
	}
	switch {
	case name == "":
	case e.Min != nil:
		c.runs[name] = r
	default:
		c.rows[name] = r.edges[0]
	}
	return true
}

// edge joins one edge.
func (c *chain) edge(e syntax.GraphElement, from, to string) (*relation, bool) {
	if !c.spend(e.Span, 3*len(c.graph.rows.columns)) {
		return nil, false
	}
	one := c.use(c.edges, c.graph.rows)
	use := one.node.(*plan.Use)
	of := func(want *plan.Column) *plan.Column {
		for i, f := range use.From {
			if f == want {
				return use.Cols[i]
			}
		}
		return nil
	}
	source, target := of(c.graph.source), of(c.graph.target)
	c.number = append(c.number, of(c.graph.number))
	if e.Toward == "<" {
		source, target = target, source
	}
	var rows plan.Node = use
	if e.Toward == "" { // either way: the edge, and the edge turned round
		both := &plan.Union{Cols: []*plan.Column{c.column("$from", source.Type), c.column("$to", target.Type)}}
		turned := c.use(c.edges, c.graph.rows).node.(*plan.Use)
		there, back := []*plan.Column{source, target}, make([]*plan.Column, 2)
		for i, f := range turned.From {
			if f == c.graph.source {
				back[1] = turned.Cols[i]
			}
			if f == c.graph.target {
				back[0] = turned.Cols[i]
			}
		}
		for i, col := range use.Cols {
			both.Cols = append(both.Cols, c.column(col.Name, col.Type))
			there, back = append(there, col), append(back, turned.Cols[i])
			if col == c.number[len(c.number)-1] {
				c.number[len(c.number)-1] = both.Cols[len(both.Cols)-1]
			}
		}
		both.Legs = []plan.Leg{{Input: use, From: there}, {Input: turned, From: back}}
		rows, source, target = both, both.Cols[0], both.Cols[1]
		one = &relation{node: both, columns: both.Cols[2:], bad: one.bad}
	}
	seen := &relation{bad: one.bad}
	for _, col := range one.columns {
		if col.Name != c.graph.number.Name {
			seen.columns = append(seen.columns, col)
		}
	}
	var on []plan.Pair
	join := func(node string, end *plan.Column) {
		if there := c.at[node]; there != nil {
			on = append(on, plan.Pair{Left: there, Right: end})
		}
	}
	join(from, source)
	join(to, target)
	switch {
	case c.node == nil:
		c.node = rows
	case len(on) == 0:
		c.problem(e.Span, "Each pattern has a node in common with those before it.")
		return nil, false
	default:
		c.node = &plan.Join{Kind: plan.Inner, Left: c.node, Right: rows, On: on}
	}
	if from == to && c.at[from] == nil {
		c.node = &plan.Filter{Input: c.node, Predicate: &plan.Call{Name: "==", Of: boolean, Arguments: refs(source, target)}}
	}
	for _, end := range []struct {
		node string
		at   *plan.Column
	}{{from, source}, {to, target}} {
		if c.at[end.node] == nil {
			c.at[end.node] = end.at
			c.order = append(c.order, end.node)
		}
	}
	return seen, true
}

func refs(columns ...*plan.Column) []plan.Expr {
	var list []plan.Expr
	for _, c := range columns {
		list = append(list, &plan.ColumnRef{Column: c})
	}
	return list
}

// told keeps paths apart from those that go over an edge, or a node, again.
func (c *chain) told() {
	list := c.number
	switch c.cycles {
	case "all":
		return
	case "none":
		list = nil
		for _, name := range c.order {
			list = append(list, c.at[name])
		}
	}
	all := &plan.Call{Name: "and", Of: boolean}
	for i := range list {
		for j := range i {
			all.Arguments = append(all.Arguments, c.call(c.op.Span, "!=", boolean, refs(list[i], list[j])...))
		}
	}
	if len(all.Arguments) > 0 {
		c.node = &plan.Filter{Input: c.node, Predicate: all}
	}
}

// result binds the condition and the columns, and joins what is known about the nodes of which they ask something.
func (c *chain) result() *relation {
	problems := c.problems.Len()
	var known []*plan.Join
	for _, name := range c.order {
		r, join := c.knownOf(c.at[name])
		c.rows[name], known = r, append(known, join)
	}
	steps, runs := c.steps, c.binder.runs
	c.steps, c.binder.runs = c.rows, c.runs
	p := c.builder(c.op.Span)
	var condition plan.Expr
	c.over(&relation{}, func() {
		if c.op.Where != nil {
			condition = c.where(c.op.Where)
		}
		for _, x := range c.op.Project {
			c.projected(p, x)
		}
	})
	c.steps, c.binder.runs = steps, runs
	asked := map[*plan.Column]bool{}
	for _, x := range append(some(condition), outputExprs(p.outputs)...) {
		ask(x, asked)
	}
	for _, join := range known {
		if join != nil && slices.ContainsFunc(join.Right.Columns(), func(col *plan.Column) bool { return asked[col] }) {
			join.Left, c.node = c.node, join
		}
	}
	if condition != nil {
		c.node = &plan.Filter{Input: c.node, Predicate: condition}
	}
	n := &plan.Project{Input: c.node, Outputs: p.outputs}
	return &relation{node: n, columns: outputColumns(n.Outputs), bad: c.problems.Len() > problems}
}

// knownOf is what is known about a node, and the join that it takes.
func (c *chain) knownOf(node *plan.Column) (*relation, *plan.Join) {
	r := &relation{}
	if c.graph.known == nil {
		if c.idName != "" {
			r.alias(c.idName, node)
		}
		return r, nil
	}
	if !c.spend(c.op.Span, len(c.graph.known.columns)) {
		r.bad = true
		return r, nil
	}
	use := c.use(c.nodes, c.graph.known).node.(*plan.Use)
	r.bad = c.graph.known.bad
	join := &plan.Join{Kind: plan.LeftOuter, Right: use}
	for i, f := range use.From {
		if f == c.id { // of a node that nothing is known about, it is what the edge says
			r.alias(f.Name, node)
			join.On = []plan.Pair{{Left: node, Right: use.Cols[i]}}
			continue
		}
		r.columns = append(r.columns, use.Cols[i])
	}
	return r, join
}

// ask finds the columns that an expression is made of.
func ask(x plan.Expr, asked map[*plan.Column]bool) {
	if ref, ok := x.(*plan.ColumnRef); ok {
		asked[ref.Column] = true
	}
	for _, a := range x.Args() {
		ask(a, asked)
	}
}

func some(x plan.Expr) []plan.Expr {
	if x == nil {
		return nil
	}
	return []plan.Expr{x}
}

func outputExprs(list []plan.Output) []plan.Expr {
	var exprs []plan.Expr
	for _, o := range list {
		exprs = append(exprs, o.Expr)
	}
	return exprs
}

// projected adds a column. One that is a path of a part of the pattern is called by both.
func (c *chain) projected(p *builder, x syntax.Expr) {
	if n, ok := x.(*syntax.Named); ok {
		p.output(n, projecting, false, "")
		return
	}
	v := c.scalar(x)
	label := v.label
	if name := rootOf(x); label != "" && (c.rows[name] != nil || c.runs[name] != nil) {
		label = name + "_" + label
	}
	if label == "" {
		label = c.columnName(false)
	}
	p.add(p.made(label, v), "", false, false)
}
