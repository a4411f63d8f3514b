package bind

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// ref finds out what a name stands for: a column, what let has given a name, a table, and a column that only data will tell.
func (b *binder) ref(n syntax.Name) value {
	if b.rows != nil && !b.aggregate {
		if c := b.rows.find(n.Text); c != nil {
			v := columnValue(n.Span, c)
			v.label = n.Text
			return v
		}
		if c := b.right.find(n.Text); c != nil {
			return columnValue(n.Span, c)
		}
	}
	if l := b.scope.find(n.Text); l != nil {
		return b.local(n, l)
	}
	if t := b.catalog.table(n.Text); t != nil {
		return rowsValue(n.Span, b.reference(n.Span, t))
	}
	if b.rows != nil && !b.aggregate {
		if c := b.rows.infer(n.Text); c != nil {
			return columnValue(n.Span, c)
		}
	}
	return b.unresolved(n)
}

func (b *binder) local(n syntax.Name, l *local) value {
	switch {
	case l.value != nil:
		if l.space != 0 && l.space != b.space {
			b.problem(n.Span, "'%s' is a value of the row for which the function is called: it means nothing in a table of its own.", syntax.Clip(n.Text))
			return bad(n.Span)
		}
		v := *l.value
		v.at, v.literal, v.column, v.same, v.label, v.name = n.Span, false, nil, nil, n.Text, nil
		b.spend(n.Span, 1+weigh(v.expr, maxSize))
		return v
	case l.binding != nil:
		b.spend(n.Span, len(l.rows.columns))
		return rowsValue(n.Span, b.use(l.binding, l.rows))
	case l.function != nil:
		if len(l.function.tree.Parameters) > 0 && l.function.required() > 0 {
			b.problem(n.Span, "The function '%s' has to be called with its arguments in brackets.", n.Text)
			return bad(n.Span)
		}
		return b.callDeclared(n, l.function, nil, nil)
	}
	return vague(n.Span)
}

// weigh counts the parts of an expression as often as they stand in it.
func weigh(e plan.Expr, limit int) int {
	n := 1
	for _, a := range e.Args() {
		if n >= limit {
			return n
		}
		n += weigh(a, limit-n)
	}
	return n
}

// reference is a use of a table of the catalog.
func (b *binder) reference(at syntax.Span, t *Table) *relation {
	if !b.spend(at, len(t.Columns)+1) { // before it is made: a star is a byte, and stands for all tables
		return b.failed()
	}
	n := &plan.Reference{Kind: plan.Table, Name: t.Name, Start: at.Start, End: at.End}
	r := &relation{node: n}
	for _, c := range t.Columns {
		r.columns = append(r.columns, b.column(c.Name, c.Type))
	}
	r.arrival = b.column("$arrival", moment)
	r.arrival.Hidden = true
	n.Cols = r.all()
	for alias, name := range t.Aliases {
		if c := r.find(name); c != nil && r.find(alias) == nil {
			r.alias(alias, c)
		}
	}
	return r
}

// unresolved says that a name stands for nothing here, and which name may be meant.
func (b *binder) unresolved(n syntax.Name) value {
	if b.rows != nil && b.rows.bad || b.right != nil && b.right.bad {
		return vague(n.Span)
	}
	if b.fuzzy && b.rows == nil {
		b.missing = true
		return rowsValue(n.Span, b.failed())
	}
	name := syntax.Clip(n.Text)
	switch {
	case b.aggregate && b.rows.find(n.Text) != nil:
		b.problem(n.Span, "The column '%s' can stand here only inside an aggregate function such as max(%s), or behind 'by'.", name, name)
	case functions.Scalars[n.Text] != nil || functions.Aggregates[n.Text] != nil:
		b.problem(n.Span, "The function '%s' has to be called with its arguments in brackets.", name)
	case b.denied(n):
	case b.rows == nil:
		b.problem(n.Span, "Failed to resolve table or column expression named '%s'%s.", name, b.meant(n.Text, b.catalog.names(), b.localNames()))
	default:
		b.problem(n.Span, "Failed to resolve column or scalar expression named '%s'%s.", name, b.meant(n.Text, b.rows.names(), b.right.names(), b.localNames()))
	}
	return bad(n.Span)
}

func (b *binder) denied(n syntax.Name) bool {
	words, denied := b.catalog.Denied[n.Text]
	if denied {
		b.problem(n.Span, "%s", words)
	}
	return denied
}

func (b *binder) localNames() []string {
	return b.scope.names(func(l *local) bool { return true })
}

// meant is the end of a message that says which name may be meant.
func (b *binder) meant(name string, among ...[]string) string {
	if b.problems.Full() {
		return ""
	}
	var all []string
	for _, list := range among {
		all = append(all, list...)
	}
	if near := syntax.Nearest(name, all); near != "" {
		return "; did you mean '" + near + "'?"
	}
	return ""
}

// columnsOf gives the columns that a name with stars stands for.
func columnsOf(pattern string, columns []*plan.Column) []*plan.Column {
	var list []*plan.Column
	for _, c := range columns {
		if matches(pattern, c.Name) {
			list = append(list, c)
		}
	}
	return list
}

// matches says whether a name is of a pattern, where a star stands for any letters.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return strings.HasSuffix(name, last)
}
