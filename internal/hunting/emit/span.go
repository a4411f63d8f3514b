package emit

import (
	"math"

	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/emit/scalar"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Span is a time, both its ends in.
type Span struct{ From, To Ticks }

var ever = Span{math.MinInt64, math.MaxInt64}

// Spans tells of each table when the rows were that a query can have a use for: what its filters by time let through, wherever it reads the
// table. Which files are looked into is decided by it. It gives no right to anything, and a table of which it is in doubt is not among them.
func Spans(p *authorise.Plan, now Ticks) map[*schema.Table]Span {
	s := spans{plan: p, now: now, of: map[*schema.Table]Span{}, seen: map[*plan.Reference]bool{}, through: map[*plan.Binding]bool{}}
	s.node(p.Query().Root, nil)
	if s.steps > mostSteps {
		return nil
	}
	for _, ref := range plan.References(p.Query().Root) {
		if !s.seen[ref] {
			s.reference(ref, nil)
		}
	}
	return s.of
}

// mostSteps is how many relations are looked at, some of them by several ways: there can be very many ways to one.
const mostSteps = 5000

// held is what rows are known to meet where a node stands: a column of theirs is within a span.
type held map[*plan.Column]Span

type spans struct {
	plan    *authorise.Plan
	now     Ticks
	of      map[*schema.Table]Span
	seen    map[*plan.Reference]bool
	steps   int
	through map[*plan.Binding]bool // bindings that were looked through with nothing held: whatever else uses them adds nothing
}

// node looks at a relation of which only rows that meet what is held are wanted.
func (s *spans) node(n plan.Node, h held) {
	if s.steps++; s.steps > mostSteps {
		return
	}
	for _, x := range n.Exprs() {
		s.expr(x)
		if hasWindow(x) { // looks at the rows around, wanted or not
			n, h = around{n}, nil
		}
	}
	switch n := n.(type) {
	case *plan.Reference:
		s.reference(n, h)
	case *plan.Filter:
		s.node(n.Input, s.and(h, n.Predicate))
	case *plan.Project:
		below := held{}
		for _, o := range n.Outputs {
			if c, ok := o.Expr.(*plan.ColumnRef); ok {
				below.meet(c.Column, h.of(o.Column))
			}
		}
		s.node(n.Input, below)
	case *plan.Union:
		for _, leg := range n.Legs {
			below := held{}
			for i, c := range n.Cols {
				if from := leg.From[i]; from != nil && from.Type.Kind == c.Type.Kind {
					below.meet(from, h.of(c))
				}
			}
			s.node(leg.Input, below)
		}
	case *plan.Use:
		below := held{}
		for i, c := range n.Cols {
			below.meet(n.From[i], h.of(c))
		}
		s.binding(n.Binding, below)
	default: // what is done with rows may depend on others
		for _, input := range n.Inputs() {
			s.node(input, nil)
		}
	}
}

// around is a relation of which nothing is said but what it is made of.
type around struct{ plan.Node }

func (s *spans) binding(b *plan.Binding, h held) {
	if s.through[b] {
		return
	}
	s.through[b] = len(h) == 0
	s.node(b.Node, h)
}

// expr looks at the relations in an expression.
func (s *spans) expr(x plan.Expr) {
	switch x := x.(type) {
	case nil:
		return
	case *plan.Scalar:
		s.binding(x.Query, nil)
	case *plan.InTable:
		s.binding(x.Query, nil)
	}
	for _, a := range x.Args() {
		s.expr(a)
	}
}

func (s *spans) reference(ref *plan.Reference, h held) {
	t := s.plan.Scan(ref).Table()
	if t == nil {
		return
	}
	s.seen[ref] = true
	span := ever
	for _, c := range ref.Cols {
		if c.Name == t.Timestamp && !c.Hidden {
			span = h.of(c)
		}
	}
	if before, there := s.of[t]; there {
		span = Span{min(before.From, span.From), max(before.To, span.To)}
	}
	s.of[t] = span
}

func (h held) of(c *plan.Column) Span {
	if span, ok := h[c]; ok {
		return span
	}
	return ever
}

func (h held) meet(c *plan.Column, span Span) {
	if span != ever {
		before := h.of(c)
		h[c] = Span{max(before.From, span.From), min(before.To, span.To)}
	}
}

// and adds what a predicate says to what is held. Of what it cannot read it takes nothing.
func (s *spans) and(h held, x plan.Expr) held {
	more := held{}
	for c, span := range h {
		more[c] = span
	}
	s.read(more, x)
	return more
}

func (s *spans) read(h held, x plan.Expr) {
	c, ok := x.(*plan.Call)
	if !ok || len(c.Arguments) < 2 {
		return
	}
	a := c.Arguments
	switch c.Name {
	case "and":
		for _, x := range a {
			s.read(h, x)
		}
	case "between":
		s.bound(h, a[0], ">=", a[1])
		s.bound(h, a[0], "<=", a[2])
	case "<", "<=", ">", ">=", "==":
		s.bound(h, a[0], c.Name, a[1])
		s.bound(h, a[1], map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}[c.Name], a[0])
	}
}

func (s *spans) bound(h held, of plan.Expr, op string, to plan.Expr) {
	c, ok := of.(*plan.ColumnRef)
	if !ok || c.Column.Type.Kind != types.DateTime || to.Type().Kind != types.DateTime {
		return
	}
	at, ok := scalar.Constant(to, s.now)
	if !ok {
		return
	}
	span := ever
	if op != "<" && op != "<=" {
		span.From = at
	}
	if op != ">" && op != ">=" {
		span.To = at
	}
	h.meet(c.Column, span)
}
