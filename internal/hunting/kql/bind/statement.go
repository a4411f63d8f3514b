package bind

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// statement binds a statement. It gives rows when it is an expression at the top of the query.
func (b *binder) statement(s syntax.Statement, last bool) (*relation, bool) {
	switch s := s.(type) {
	case *syntax.Let:
		b.let(s)
	case *syntax.Set:
		b.problem(s.Span, "The setting '%s' is not offered in hunting: what a query may cost is for the centre to say.", syntax.Clip(s.Name.Text))
	case *syntax.Other:
		b.problem(s.Span, "The statement '%s' is not offered in hunting.", syntax.Clip(s.Keyword))
	case *syntax.Result:
		v := b.expr(s.X)
		if v.table != nil {
			return v.table, true
		}
		if !v.failed() && last {
			b.problem(s.Span, "The query has no result: a scalar value is no table. To show it, write: print %s.", syntax.Clip(strings.TrimSpace(syntax.PrintExpr(s.X))))
		}
		return b.failed(), true
	}
	return nil, false
}

func (b *binder) let(l *syntax.Let) {
	name := l.Name.Text
	if b.scope.here(name) {
		b.problem(l.Name.Span, "A variable with the name '%s' is already declared.", syntax.Clip(name))
		return
	}
	if f, ok := l.Value.(*syntax.Function); ok {
		b.scope.add(name, b.declare(l.Name, f))
		return
	}
	v := b.expr(l.Value)
	switch {
	case v.table != nil:
		b.scope.add(name, &local{binding: &plan.Binding{Name: name, Node: v.table.node}, rows: v.table})
	case v.failed():
		b.scope.add(name, &local{})
	default:
		v.name = nil
		b.scope.add(name, &local{value: &v})
	}
}
