package bind

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// run is edges that follow each other under one name.
type run struct {
	edges   []*relation
	touched bool // an expression asks for what they have
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
