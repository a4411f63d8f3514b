package bind

import (
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// graph is edges, and what is known about the nodes that they lead from and to. It is no plan of its own: each path that graph-match
// looks for is a chain of joins.
type graph struct {
	edges          *plan.Binding
	rows           *relation // what edges gives
	source, target *plan.Column
	number         *plan.Column // hidden: tells one edge from another
	nodes          *plan.Binding
	known          *relation // what nodes gives; nil when nothing is known about nodes
	id             *plan.Column
	idName         string // with_node_id
}

// What one graph-match may ask for: each edge of a path is a join, and each length that a path may have is a chain of its own.
const (
	maxEdges = 16
	maxPaths = 64
)

func (b *binder) makeGraph(op *syntax.MakeGraph, in *relation) *relation {
	g := &graph{}
	b.over(in, func() { g.source, g.target = b.nodeColumn(op.Source), b.nodeColumn(op.Target) })
	failed := g.source == nil || g.target == nil
	if op.NodeID != nil {
		g.idName = op.NodeID.Text
	}
	if len(op.Nodes) > 1 {
		b.problem(op.Nodes[1].Table.Bounds(), "In hunting, what is known about nodes is one table: put several below each other with union.")
	}
	if len(op.Nodes) > 0 {
		n := op.Nodes[0]
		var nodes *relation
		b.apart(func() { nodes = b.table(n.Table) })
		var id *plan.Column
		if !nodes.bad {
			b.over(nodes, func() { id = b.nodeColumn(n.ID) })
		}
		if id == nil {
			return b.failed()
		}
		// Of several rows about one node any one counts.
		once := b.summarize(&syntax.Summarize{
			Head: op.Head, HasBy: true, By: []syntax.Expr{n.ID},
			Aggregates: []syntax.Expr{&syntax.Call{Span: n.Table.Bounds(), Name: syntax.Name{Span: n.Table.Bounds(), Text: "take_any"}, Args: []syntax.Expr{&syntax.Star{Span: n.Table.Bounds()}}}},
		}, nodes)
		g.nodes, g.known, g.id = &plan.Binding{Name: "nodes", Node: once.node}, once, once.find(id.Name)
	}
	if failed || g.known != nil && g.id == nil {
		return b.failed()
	}
	for _, c := range []*plan.Column{g.target, g.id} {
		if c != nil && c.Type.Kind != g.source.Type.Kind {
			b.problem(op.Span, "The columns '%s' and '%s' are of types %s and %s: nodes are known by values of one type. Convert one with extend.",
				syntax.Clip(g.source.Name), syntax.Clip(c.Name), g.source.Type, c.Type)
			return b.failed()
		}
	}
	g.number = b.column("$edge", long)
	numbered := append(passing(in.columns), plan.Output{Column: g.number, Expr: &plan.Call{Name: "row_number", Of: long, Window: true}})
	g.rows = &relation{node: &plan.Project{Input: &plan.Serialize{Input: in.node}, Outputs: numbered}, columns: outputColumns(numbered), bad: in.bad}
	g.edges = &plan.Binding{Name: "edges", Node: g.rows.node}
	return &relation{node: &plan.Values{}, bad: in.bad, graph: g}
}

// nodeColumn is a column by whose values nodes are known.
func (b *binder) nodeColumn(x syntax.Expr) *plan.Column {
	v := b.scalar(x)
	switch {
	case v.failed():
		return nil
	case v.column == nil:
		b.problem(v.at, "The name of a column is expected here.")
	case v.t.IsDynamic() || v.t.Kind == types.Unknown:
		b.problem(v.at, "A node cannot be known by a dynamic value, as '%s' is: tostring() makes another of it.", syntax.Clip(v.column.Name))
	default:
		return v.column
	}
	return nil
}

// run is edges that follow each other under one name.
type run struct {
	edges   []*relation
	touched bool // an expression asks for what they have
}

// paths is one graph-match on its way to a plan.
type paths struct {
	*binder
	*graph
	op     *syntax.GraphMatch
	cycles string
}

func (b *binder) graphMatch(op *syntax.GraphMatch, in *relation) *relation {
	if in.graph == nil {
		if !in.bad {
			b.problem(op.Span, "graph-match looks for paths in a graph: before it stands make-graph.")
		}
		return b.failed()
	}
	m := &paths{b, in.graph, op, b.choice(op.Properties, "cycles", "unique_edges", "all", "none")}
	lengths, ok := m.lengths()
	if !ok {
		return b.failed()
	}
	n := &plan.Union{}
	for _, choice := range lengths {
		rows := m.path(choice)
		if rows.bad || b.incomplete {
			return b.failed()
		}
		n.Legs = append(n.Legs, plan.Leg{Input: rows.node, From: rows.columns})
		if len(lengths) == 1 {
			return rows
		}
	}
	for _, c := range n.Legs[0].From {
		n.Cols = append(n.Cols, b.column(c.Name, c.Type))
	}
	return &relation{node: n, columns: n.Cols}
}

// lengths are the ways in which the edges of the patterns can be as long as they may be: each a number of edges for each edge.
func (m *paths) lengths() ([][]int, bool) {
	choices := [][]int{{}}
	edges := 0
	for _, g := range m.op.Patterns {
		if edges += len(g.Edges); edges > maxEdges {
			m.problem(m.op.Span, "A path may have %d edges at most.", maxEdges)
			return nil, false
		}
		if len(g.Edges) == 0 {
			m.problem(g.Nodes[0].Span, "In hunting, a pattern has an edge: for nodes alone, ask their table.")
			return nil, false
		}
		for _, e := range g.Edges {
			low, high := int64(1), int64(1)
			if e.Min != nil {
				var ok bool
				if low, high, ok = m.span(e); !ok {
					return nil, false
				}
			}
			var longer [][]int
			for _, c := range choices {
				for n := low; n <= high; n++ {
					longer = append(longer, append(append([]int{}, c...), int(n)))
				}
			}
			if choices = longer; len(choices) > maxPaths {
				m.problem(e.Span, "There are too many forms that a path may have: %d at most.", maxPaths)
				return nil, false
			}
		}
	}
	for _, c := range choices {
		sum := 0
		for _, n := range c {
			sum += n
		}
		if sum > maxEdges {
			m.problem(m.op.Span, "A path may have %d edges at most.", maxEdges)
			return nil, false
		}
	}
	return choices, true
}

func (m *paths) span(e syntax.GraphElement) (low, high int64, ok bool) {
	least, most := m.wholeNumber(e.Min), m.wholeNumber(e.Max)
	low, known := least.number()
	high, also := most.number()
	switch {
	case least.failed() || most.failed():
		return 0, 0, false
	case !known || !also || low < 1 || high < low || high > maxEdges:
		m.problem(e.Span, "How many edges follow each other is written as two whole numbers, from 1 up to %d: *1..3.", maxEdges)
		return 0, 0, false
	}
	return low, high, true
}

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

// rootOf is the name that a path begins with.
func rootOf(x syntax.Expr) string {
	for {
		switch y := x.(type) {
		case *syntax.Path:
			x = y.X
		case *syntax.Index:
			x = y.X
		case *syntax.Ref:
			return y.Text
		default:
			return ""
		}
	}
}

// where binds the condition. What it says of edges that follow each other under one name holds of each of them.
func (c *chain) where(x syntax.Expr) plan.Expr {
	switch y := x.(type) {
	case *syntax.Paren:
		return c.where(y.X)
	case *syntax.Logical:
		if y.Op == "and" {
			var parts []plan.Expr
			for _, term := range y.Terms {
				parts = append(parts, c.where(term))
			}
			return c.call(y.Span, "and", boolean, parts...)
		}
	}
	for _, r := range c.runs {
		r.touched = false
	}
	problems := c.problems.Len()
	whole := c.condition(x).expr
	var of []string
	for name, r := range c.runs {
		if r.touched {
			of = append(of, name)
		}
	}
	if len(of) == 0 {
		return whole
	}
	slices.Sort(of)
	c.problems.Truncate(problems)
	return c.each(x, of)
}

// each is a condition for each edge of each of those runs.
func (c *chain) each(x syntax.Expr, names []string) plan.Expr {
	if len(names) == 0 {
		return c.condition(x).expr
	}
	r := c.runs[names[0]]
	delete(c.runs, names[0])
	var parts []plan.Expr
	for _, e := range r.edges {
		c.rows[names[0]] = e
		parts = append(parts, c.each(x, names[1:]))
	}
	delete(c.rows, names[0])
	c.runs[names[0]] = r
	return c.call(x.Bounds(), "and", boolean, parts...)
}

// alongRun is a list of a column's values in edges that follow each other.
func (b *binder) alongRun(p *syntax.Path, r *run) *value {
	r.touched = true
	var list []plan.Expr
	name, ok := p.Selector.(*syntax.Ref)
	for _, e := range r.edges {
		if !ok {
			break
		}
		c := e.find(name.Text)
		if c == nil {
			b.problem(name.Span, "Failed to resolve '%s': there is no such column in the edges%s.", syntax.Clip(name.Text), b.meant(name.Text, e.names()))
			v := bad(p.Span)
			return &v
		}
		list = append(list, &plan.ColumnRef{Column: c})
	}
	if !ok {
		b.problem(p.Selector.Bounds(), "The name of a column is expected here.")
		v := bad(p.Span)
		return &v
	}
	return &value{at: p.Span, t: types.Any, label: name.Text, expr: b.call(p.Span, "pack_array", types.Any, list...)}
}

// ofRun says whether a call is of edges that follow each other: all(), any() or map().
func (b *binder) ofRun(x *syntax.Call) bool {
	if len(b.runs) == 0 || len(x.Args) != 2 {
		return false
	}
	ref, ok := x.Args[0].(*syntax.Ref)
	return ok && b.runs[ref.Text] != nil && (x.Name.Text == "all" || x.Name.Text == "any" || x.Name.Text == "map")
}

func (b *binder) overRun(x *syntax.Call) value {
	v := value{at: x.Span, t: boolean}
	var parts []plan.Expr
	for _, e := range b.runs[x.Args[0].(*syntax.Ref).Text].edges {
		b.over(e, func() {
			if x.Name.Text == "map" {
				parts = append(parts, b.scalar(x.Args[1]).expr)
			} else {
				parts = append(parts, b.condition(x.Args[1]).expr)
			}
		})
	}
	switch x.Name.Text {
	case "map":
		v.t = types.Any
		v.expr = b.call(x.Span, "pack_array", types.Any, parts...)
	case "all":
		v.expr = b.call(x.Span, "and", boolean, parts...)
	default:
		v.expr = b.call(x.Span, "or", boolean, parts...)
	}
	return v
}
