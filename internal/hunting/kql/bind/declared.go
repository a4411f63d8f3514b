package bind

import (
	"fmt"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// declare binds what let makes a function of. Its body is bound once with stand-ins for its parameters, so that what is wrong
// in it is said even when nobody calls it; each call binds it again with what it is given.
func (b *binder) declare(name syntax.Name, tree *syntax.Function) *local {
	f := &function{name: name.Text, tree: tree, scope: b.scope.frozen()}
	seen := map[string]bool{}
	optional := false
	for i, p := range tree.Parameters {
		if seen[p.Name.Text] {
			b.problem(p.Name.Span, "A parameter with the name '%s' is already declared.", syntax.Clip(p.Name.Text))
		}
		seen[p.Name.Text] = true
		if optional && p.Default == nil {
			b.problem(p.Span, "A parameter without a default value cannot stand behind one with.")
		}
		optional = optional || p.Default != nil
		if i > 0 && p.Type == "" && tree.Parameters[i-1].Type != "" {
			b.problem(p.Span, "Parameters that are tables stand before those that are values.")
		}
		if p.Default != nil {
			b.checkDefault(p)
		}
	}
	f.rows = b.body(f, f.standIns(b)).table != nil
	return &local{function: f}
}

func (b *binder) checkDefault(p syntax.Declaration) {
	v := b.expr(p.Default)
	if want, _ := types.Parse(p.Type); p.Type == "" || !v.failed() && !types.Fits(want, v.t, types.Compatible) && v.t.Kind != types.Null {
		b.problem(p.Default.Bounds(), "The default value of '%s' is of type %s, and the parameter of type %s.", syntax.Clip(p.Name.Text), v.t, want)
	}
}

// standIns are values for the parameters of which nothing is known but their types.
func (f *function) standIns(b *binder) []*local {
	list := make([]*local, len(f.tree.Parameters))
	for i, p := range f.tree.Parameters {
		if p.Type != "" {
			t, _ := types.Parse(p.Type)
			list[i] = &local{value: &value{at: p.Span, t: t, constant: true, label: p.Name.Text, expr: &plan.Literal{Of: t}}}
			continue
		}
		n := &plan.Values{}
		for _, c := range p.Columns {
			t, _ := types.Parse(c.Type)
			n.Cols = append(n.Cols, b.column(c.Name.Text, t))
		}
		rows := &relation{node: n, columns: n.Cols, ordered: true}
		list[i] = &local{binding: &plan.Binding{Name: p.Name.Text, Node: n}, rows: rows}
	}
	return list
}

// required counts the parameters without default values.
func (f *function) required() int {
	n := 0
	for _, p := range f.tree.Parameters {
		if p.Default == nil {
			n++
		}
	}
	return n
}

// body binds the body of a function with its parameters given.
func (b *binder) body(f *function, given []*local) value {
	inner := newScope(f.scope)
	for i, p := range f.tree.Parameters {
		inner.add(p.Name.Text, given[i])
	}
	result := value{at: f.tree.Span, t: failure}
	operator, space := b.operator, b.space
	b.inside(inner, func() {
		b.apart(func() {
			b.operator, b.space = "", space
			for _, s := range f.tree.Statements {
				b.statement(s, false)
			}
			switch {
			case f.tree.Result != nil:
				result = b.expr(f.tree.Result)
			case b.problems.Len() == 0:
				b.problem(f.tree.Span, "The function '%s' has no body.", syntax.Clip(f.name))
			}
		})
	})
	b.operator = operator
	return result
}

// callDeclared binds a call of a function that let declares: its body is written out in the place of the call.
func (b *binder) callDeclared(name syntax.Name, f *function, args []syntax.Expr, implicit *relation) value {
	at := name.Span
	if len(args) > 0 {
		at.End = args[len(args)-1].Bounds().End
	}
	b.calls++
	b.depth++
	defer func() { b.depth-- }()
	if b.calls > maxCalls || b.depth > maxDepth {
		if !b.incomplete {
			b.incomplete = true
			b.problems.Add(at, fmt.Sprintf("The query is too complex: it calls its own functions more than %d times.", maxCalls))
		}
		return bad(at)
	}
	given, ok := b.givenTo(at, f, args, implicit)
	if !ok {
		if f.rows {
			return rowsValue(at, b.failed())
		}
		return bad(at)
	}
	v := b.body(f, given)
	v.at, v.label, v.column, v.same, v.literal, v.name = at, "", nil, nil, false, nil
	return v
}

// givenTo matches the arguments of a call with parameters, by place or by name.
func (b *binder) givenTo(at syntax.Span, f *function, args []syntax.Expr, implicit *relation) ([]*local, bool) {
	parameters := f.tree.Parameters
	given := make([]*local, len(parameters))
	next, ok, astray := 0, true, false
	if implicit != nil {
		if len(parameters) == 0 || parameters[0].Type != "" {
			b.problem(at, "invoke gives the function a table as its first argument, and '%s' takes none.", syntax.Clip(f.name))
			return nil, false
		}
		if given[0], next = b.givenTable(at, parameters[0], implicit), 1; given[0] == nil {
			given[0], ok = &local{}, false
		}
	}
	for _, a := range args {
		i := next
		if n, is := a.(*syntax.Named); is && len(n.Names) == 1 {
			if i = f.parameter(n.Names[0].Text); i < 0 {
				b.problem(n.Names[0].Span, "The function '%s' has no parameter '%s'%s.", syntax.Clip(f.name), syntax.Clip(n.Names[0].Text), b.meant(n.Names[0].Text, f.parameterNames()))
				ok = false
				continue
			}
			a = n.X
			astray = astray || i != next
		} else if astray {
			b.problem(a.Bounds(), "Behind named arguments that do not stand in their places, all have to be named.")
			return nil, false
		}
		next++
		if i >= len(parameters) || given[i] != nil {
			b.problem(a.Bounds(), "The function '%s' takes %d arguments, and this is one more.", syntax.Clip(f.name), len(parameters))
			return nil, false
		}
		if given[i] = b.givenOne(parameters[i], a); given[i] == nil {
			given[i], ok = &local{}, false
		}
	}
	for i, p := range parameters {
		if given[i] != nil {
			continue
		}
		if p.Default == nil {
			b.problem(at, "The function '%s' is called without its argument '%s'.", syntax.Clip(f.name), syntax.Clip(p.Name.Text))
			return nil, false
		}
		given[i] = b.givenOne(p, p.Default)
		ok = ok && given[i] != nil
	}
	return given, ok
}

func (f *function) parameter(name string) int {
	for i, p := range f.tree.Parameters {
		if p.Name.Text == name {
			return i
		}
	}
	return -1
}

func (f *function) parameterNames() []string {
	var names []string
	for _, p := range f.tree.Parameters {
		names = append(names, p.Name.Text)
	}
	return names
}

// givenOne binds one argument.
func (b *binder) givenOne(p syntax.Declaration, x syntax.Expr) *local {
	if p.Type == "" {
		var v value
		b.apart(func() { v = b.expr(x) })
		if v.table == nil {
			if !v.failed() {
				b.problem(v.at, "The argument '%s' must be a table, and this is a scalar value.", syntax.Clip(p.Name.Text))
			}
			return nil
		}
		return b.givenTable(v.at, p, v.table)
	}
	if _, star := x.(*syntax.Star); star {
		b.problem(x.Bounds(), "A * cannot stand here.")
		return nil
	}
	v := b.scalar(x)
	if v.failed() {
		return nil
	}
	t, _ := types.Parse(p.Type)
	v = convert(v, t)
	v.name, v.column, v.same, v.tuple = nil, nil, nil, nil
	l := &local{value: &v}
	if ofRow(v.expr) {
		l.space = b.space
	}
	return l
}

func (b *binder) givenTable(at syntax.Span, p syntax.Declaration, rows *relation) *local {
	if !rows.bad {
		for _, c := range p.Columns {
			want, _ := types.Parse(c.Type)
			have := rows.infer(c.Name.Text)
			switch {
			case have == nil:
				b.problem(at, "The argument '%s' must have a column '%s'.", syntax.Clip(p.Name.Text), syntax.Clip(c.Name.Text))
				return nil
			case !types.Fits(want, have.Type, types.None):
				b.problem(at, "The column '%s' of the argument '%s' must be of type %s, and is of type %s.", syntax.Clip(c.Name.Text), syntax.Clip(p.Name.Text), want, have.Type)
				return nil
			}
		}
	}
	return &local{binding: &plan.Binding{Name: p.Name.Text, Node: rows.node}, rows: rows}
}

// ofRow says whether a value is one of a row, so that it means nothing apart from that row.
func ofRow(e plan.Expr) bool {
	if _, ok := e.(*plan.ColumnRef); ok {
		return true
	}
	for _, a := range e.Args() {
		if ofRow(a) {
			return true
		}
	}
	return false
}
