package bind

import (
	"strconv"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// builder collects the columns that an operator makes, and sees to their names: a name that the query gives can be given once,
// and one that follows from an expression gets a number when it is taken.
type builder struct {
	b        *binder
	at       syntax.Span // the operator
	outputs  []plan.Output
	index    map[string]int
	declared map[string]bool
	never    map[*plan.Column]bool // columns that are not added again
	names    unique
	used     []*plan.Column // that expressions are and nothing more
	fixed    int            // outputs before it stay what they are
	as       types.Type     // of all columns, unless it is none
}

func (b *binder) builder(at syntax.Span) *builder {
	return &builder{b: b, at: at, index: map[string]int{}, declared: map[string]bool{}, never: map[*plan.Column]bool{}, names: unique{}}
}

// columns adds columns as they are, which are not added again.
func (p *builder) columns(list []*plan.Column) {
	for _, c := range list {
		p.add(plan.Output{Column: c, Expr: &plan.ColumnRef{Column: c}}, "", false, true)
	}
}

// add adds a column, in the place of one with its name if replace says so, and otherwise under a name that is not taken.
func (p *builder) add(o plan.Output, base string, replace, once bool) *plan.Column {
	if p.never[o.Column] || p.b.tooWide(p.at, len(p.outputs)+1) {
		return o.Column
	}
	p.b.spend(p.at, 1)
	if i, there := p.index[o.Column.Name]; replace && there && i >= p.fixed {
		p.outputs[i] = o
	} else {
		if name := p.names.of(o.Column.Name, base); name != o.Column.Name {
			o.Column = p.b.column(name, o.Column.Type)
		}
		p.index[o.Column.Name] = len(p.outputs)
		p.outputs = append(p.outputs, o)
	}
	if once {
		p.never[o.Column] = true
	}
	return o.Column
}

// declare adds a column under a name that the query gives.
func (p *builder) declare(at syntax.Span, o plan.Output, replace bool) {
	name := o.Column.Name
	if p.declared[name] {
		p.b.problem(at, "A column with the name '%s' is already declared.", syntax.Clip(name))
		return
	}
	if i, there := p.index[name]; replace && there && i >= p.fixed {
		p.outputs[i] = o
		p.declared[name] = true
		return
	}
	p.declared[p.add(o, "", false, false).Name] = true
}

// rename gives a column another name, in its place.
func (p *builder) rename(at syntax.Span, from string, to syntax.Name) {
	i, there := p.index[from]
	if !there {
		return
	}
	if p.declared[to.Text] {
		p.b.problem(at, "A column with the name '%s' is already declared.", syntax.Clip(to.Text))
		return
	}
	o := p.outputs[i]
	o.Column = p.b.column(to.Text, o.Column.Type)
	p.outputs[i] = o
	delete(p.index, from)
	p.index[to.Text] = i
	p.declared[to.Text] = true
	p.names.take(to.Text)
}

// style is how an operator takes expressions for columns.
type style uint8

const (
	projecting style = iota
	extending
	printing
	summarizing
)

// output adds the column, or the columns, that an expression makes.
func (p *builder) output(x syntax.Expr, s style, once bool, name string) {
	if n, ok := x.(*syntax.Named); ok {
		v := p.b.needScalar(p.b.expr(n.X))
		if n.Tuple {
			p.namedTuple(n, v, s, once)
		} else {
			p.named(n, v, s, once)
		}
		return
	}
	if star, ok := x.(*syntax.Star); ok {
		if p.b.rows == nil {
			p.b.problem(star.Span, "A * cannot stand here.")
			return
		}
		for _, c := range p.b.rows.columns {
			p.add(plan.Output{Column: c, Expr: &plan.ColumnRef{Column: c}}, "", true, once)
		}
		return
	}
	v := p.b.needScalar(p.b.expr(x))
	switch {
	case v.same != nil:
		p.used = append(p.used, v.same)
		o := plan.Output{Column: v.same, Expr: v.expr}
		if v.label != v.same.Name && v.column != nil || p.as.Kind != types.Error {
			o = p.made(v.label, v) // by another name that the column answers to, or another type
		}
		p.declare(v.at, o, false)
		if once {
			p.never[v.same] = true
		}
	case v.tuple != nil && !(s == printing && len(v.tuple) == 1):
		p.tuple(v, 0, false, once)
	case s == printing:
		p.add(p.made(name, v), name, false, false)
	default:
		label := v.label
		if label == "" {
			label = p.b.columnName(s == extending)
		}
		p.add(p.made(label, v), "", s == extending, false)
	}
}

// made is an output for a value, whose column is new.
func (p *builder) made(name string, v value) plan.Output {
	return plan.Output{Column: p.b.column(name, p.typed(v.t)), Expr: v.expr}
}

// typed is the type of a column that is made of a value.
func (p *builder) typed(t types.Type) types.Type {
	if p.as.Kind != types.Error {
		return p.as
	}
	switch t.Kind {
	case types.Error:
		return unknown
	case types.Null:
		return types.Any
	}
	return t
}

func (p *builder) named(n *syntax.Named, v value, s style, once bool) {
	name := n.Names[0]
	if v.tuple != nil {
		first := plan.Output{Column: p.b.column(name.Text, p.typed(v.tuple[0].Type)), Expr: v.expr}
		p.declare(name.Span, first, true)
		if once {
			p.never[v.tuple[0]] = true
		}
		if s != printing {
			p.tuple(v, 1, false, once)
		}
		return
	}
	if v.same != nil {
		p.used = append(p.used, v.same)
	}
	p.declare(name.Span, p.made(name.Text, v), v.column != nil || s == extending)
	if v.column != nil && once {
		p.never[v.column] = true
	}
}

func (p *builder) namedTuple(n *syntax.Named, v value, s style, once bool) {
	if v.failed() {
		for _, name := range n.Names {
			p.declare(name.Span, plan.Output{Column: p.b.column(name.Text, unknown), Expr: v.expr}, true)
		}
		return
	}
	if v.tuple == nil {
		if len(n.Names) > 1 {
			p.b.problem(n.Names[1].Span, "The expression gives one value, and is given %d names.", len(n.Names))
			return
		}
		p.named(n, v, s, once)
		return
	}
	for i, name := range n.Names {
		if i >= len(v.tuple) {
			p.b.problem(name.Span, "The expression gives %d values, and '%s' is the name of one more.", len(v.tuple), syntax.Clip(name.Text))
			continue
		}
		p.declare(name.Span, plan.Output{Column: p.b.column(name.Text, p.typed(v.tuple[i].Type)), Expr: v.element(i)}, s == extending)
		if once {
			p.never[v.tuple[i]] = true
		}
	}
	if s != printing {
		p.tuple(v, len(n.Names), s == extending, once)
	}
}

// tuple adds the columns of a tuple from a place on, under their own names.
func (p *builder) tuple(v value, from int, replace, once bool) {
	for i := from; i < len(v.tuple); i++ {
		c := v.tuple[i]
		if p.as.Kind != types.Error {
			c = p.b.column(c.Name, p.as)
		}
		p.add(plan.Output{Column: c, Expr: v.element(i)}, "", replace, once)
	}
}

// element is one value of a tuple.
func (v value) element(i int) plan.Expr {
	if len(v.tuple) == 1 {
		return v.whole
	}
	return &plan.Element{Of: v.tuple[i].Type, Tuple: v.whole, Index: i}
}

// columnName gives a name to a column that nothing else gives one: Column1 and so on.
func (b *binder) columnName(rows bool) string {
	for {
		name := "Column" + strconv.Itoa(b.suffix)
		b.suffix++
		if rows && b.rows.find(name) != nil || b.scope.find(name) != nil || b.catalog.table(name) != nil {
			continue
		}
		return name
	}
}
