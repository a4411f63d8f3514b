package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// expr binds an expression: to a value, or to rows where a table stands.
func (b *binder) expr(x syntax.Expr) value {
	if !b.spend(x.Bounds(), 1) {
		return vague(x.Bounds())
	}
	b.depth++
	defer func() { b.depth-- }()
	if b.depth > maxDepth+maxChain {
		b.incomplete = true
		b.problems.Add(x.Bounds(), "The query is nested too deeply.")
		return vague(x.Bounds())
	}
	switch x := x.(type) {
	case *syntax.Ref:
		return b.ref(x.Name)
	case *syntax.Literal:
		return b.literal(x)
	case *syntax.Dynamic:
		return b.dynamic(x)
	case *syntax.Paren:
		v := b.expr(x.X)
		v.at, v.column, v.literal = x.Span, nil, false
		return v
	case *syntax.Unary:
		return b.unary(x)
	case *syntax.Binary:
		return b.binary(x)
	case *syntax.Logical:
		return b.logical(x)
	case *syntax.Membership:
		return b.membership(x)
	case *syntax.Between:
		return b.between(x)
	case *syntax.Call:
		return b.callExpr(x, nil)
	case *syntax.Path:
		return b.path(x)
	case *syntax.Index:
		return b.index(x)
	case *syntax.Named:
		return b.named(x)
	case *syntax.Subquery:
		return b.subquery(x)
	case *syntax.DataTable:
		return rowsValue(x.Span, b.datatable(x))
	case *syntax.ExternalData:
		return rowsValue(x.Span, b.feed(x))
	case *syntax.Pipeline:
		return rowsValue(x.Span, b.pipeline(x))
	case *syntax.TypeOf:
		return b.typeOf(x)
	case *syntax.Star:
		b.problem(x.Span, "A * cannot stand here.")
		return bad(x.Span)
	case *syntax.Wildcard:
		b.problem(x.Span, "A name with * cannot stand here.")
		return bad(x.Span)
	case *syntax.Function:
		b.problem(x.Span, "A function can only be declared by a let of its own.")
		return bad(x.Span)
	}
	return bad(x.Bounds())
}

// maxChain is how deep a chain of operands makes a tree; the parser refuses longer ones.
const maxChain = 2_200

func (b *binder) literal(l *syntax.Literal) value {
	v := value{at: l.Span, t: literalType(l.Kind), literal: true, constant: true, known: l.Value()}
	v.expr = &plan.Literal{Of: v.t, Value: v.known}
	return v
}

func literalType(k syntax.LiteralKind) types.Type {
	if k == syntax.Null {
		return types.Of(types.Null)
	}
	t, _ := types.Parse(k.String())
	return t
}

func (b *binder) typeOf(x *syntax.TypeOf) value {
	v := value{at: x.Span, t: types.Of(types.Name), literal: true, constant: true}
	named, ok := types.Parse(x.Type)
	if !ok {
		if len(x.Columns) == 1 && !x.Star {
			named, _ = types.Parse(x.Columns[0].Type)
		}
	}
	v.known = named
	v.expr = &plan.Literal{Of: v.t, Value: named.String()}
	return v
}

// named binds an argument that has a name before it.
func (b *binder) named(n *syntax.Named) value {
	v := b.expr(n.X)
	if n.Tuple {
		b.problem(n.Span, "Several names in brackets can stand only before a column that a function with several values makes.")
		return bad(n.Span)
	}
	v.name, v.at, v.label = &n.Names[0], n.Span, n.Names[0].Text
	return v
}

// subquery binds toscalar(), totable() and materialize().
func (b *binder) subquery(s *syntax.Subquery) value {
	var r value
	b.apart(func() { r = b.expr(s.X) })
	r.at = s.Span
	switch s.Keyword {
	case "materialize":
		if r.table == nil {
			if !r.failed() {
				b.problem(s.X.Bounds(), "materialize() takes a table.")
			}
			return bad(s.Span)
		}
		binding := &plan.Binding{Name: "materialize", Node: r.table.node, Materialized: true}
		return rowsValue(s.Span, b.use(binding, r.table))
	case "totable":
		return r
	}
	if r.table == nil {
		r.constant = true
		return r
	}
	columns := r.table.visible()
	if len(columns) == 0 {
		if !r.table.bad {
			b.problem(s.X.Bounds(), "toscalar() takes the first column, and the table has none.")
		}
		return bad(s.Span)
	}
	first := *r.table
	first.columns = columns[:1]
	v := value{at: s.Span, t: columns[0].Type, constant: true}
	v.expr = &plan.Scalar{Of: v.t, Query: &plan.Binding{Name: "toscalar", Node: first.plain(b)}}
	return v
}
