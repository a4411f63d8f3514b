package bind

import (
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
