package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// expand binds mv-expand and mv-apply.
func (b *binder) expand(op *syntax.Expand, in *relation) *relation {
	n := &plan.Expand{Input: in.node}
	n.Pairs = b.choice(op.Properties, "kind", "bag", "array") == "array" || b.choice(op.Properties, "bagexpansion", "bag", "array") == "array"
	made := *in
	made.node, made.columns = n, append([]*plan.Column{}, in.columns...)
	if in.open != nil {
		made.open = in.infer
	}
	var applied []*plan.Column
	b.over(in, func() {
		for _, item := range op.Items {
			if c := b.expandItem(n, &made, item); c != nil {
				applied = append(applied, c)
			}
		}
	})
	if name, named := columnNamed(op.Properties, "with_itemindex"); named {
		names := unique{}
		for _, c := range made.columns {
			names.take(c.Name)
		}
		n.Index = b.column(names.of(name.Text, ""), long)
		made.columns = append(made.columns, n.Index)
	}
	if op.Limit != nil {
		n.Limit = b.wholeNumber(op.Limit).expr
	}
	made.aliases = nil
	for alias, c := range in.aliases {
		if has(made.columns, c) && made.find(alias) == nil {
			made.alias(alias, c)
		}
	}
	if op.Subquery == nil {
		return &made
	}
	return b.applyOver(op, n, in, &made, applied)
}

// expandItem adds one value to take apart, and gives the column of the rows that it is.
func (b *binder) expandItem(n *plan.Expand, made *relation, item syntax.Item) *plan.Column {
	if b.tooWide(item.Span, len(made.columns)+1) {
		return nil
	}
	x := item.X
	name := ""
	if named, ok := x.(*syntax.Named); ok {
		if named.Tuple && len(named.Names) > 1 {
			b.problem(named.Span, "One name is expected here.")
			return nil
		}
		x, name = named.X, named.Names[0].Text
	}
	v := b.scalar(x)
	if !v.failed() && !v.t.IsDynamic() && v.t.Kind != types.Unknown {
		b.problem(v.at, "A dynamic value is expected here, and this is of type %s: parse_json() or split() make one of a text.", v.t)
	}
	switch {
	case name != "":
	case v.same != nil:
		name = v.same.Name
	case v.label != "":
		name = v.label
	default:
		name = b.columnName(false)
	}
	out := plan.ExpandItem{Output: plan.Output{Column: b.column(name, b.expandedType(n, item, v)), Expr: v.expr}}
	for i, c := range made.columns {
		if c.Name == name {
			for j := range n.Items {
				if n.Items[j].Column == c {
					b.problem(item.Span, "A column with the name '%s' is already declared.", syntax.Clip(name))
					return v.column
				}
			}
			out.Replaces = c
			made.columns[i] = out.Column
		}
	}
	if out.Replaces == nil {
		made.columns = append(made.columns, out.Column)
	}
	n.Items = append(n.Items, out)
	if _, named := item.X.(*syntax.Named); named {
		return nil
	}
	return v.column
}

func (b *binder) expandedType(n *plan.Expand, item syntax.Item, v value) types.Type {
	if item.To != nil {
		if t, ok := b.typeOf(item.To).known.(types.Type); ok {
			return t
		}
	}
	switch {
	case v.t.Kind == types.Error, v.t.Kind == types.Unknown:
		return unknown
	case v.t.Shape == nil:
		return types.Any
	case v.t.Shape.Form == types.Array:
		return v.t.Element()
	case v.t.Shape.Form == types.Bag && n.Pairs:
		return types.AnyArray
	case v.t.Shape.Form == types.Bag:
		return types.BagOf()
	}
	return types.Any
}

// applyOver binds the subquery of mv-apply over the rows that came of one, and puts its result beside what is left of that one.
func (b *binder) applyOver(op *syntax.Expand, n *plan.Expand, in, expanded *relation, applied []*plan.Column) *relation {
	rows := &plan.Rows{}
	inner := b.anew(rows, expanded)
	sub := b.subqueryOver(op.Subquery, inner)
	node := &plan.Apply{Expand: n, Rows: rows, Subquery: sub.node}
	p := b.builder(op.Span)
	for _, c := range in.columns {
		if !has(applied, c) {
			p.add(passing([]*plan.Column{c})[0], "", false, true)
		}
	}
	for _, c := range sub.columns {
		p.add(passing([]*plan.Column{c})[0], "", true, false)
	}
	for _, o := range p.outputs {
		if ref, ok := o.Expr.(*plan.ColumnRef); ok && has(in.columns, ref.Column) {
			node.Kept = append(node.Kept, ref.Column)
		}
	}
	made := &relation{node: node, bad: in.bad || sub.bad}
	return b.project(made, p.outputs, false)
}

// anew gives the rows of a relation as a subquery sees them: with columns of their own.
func (b *binder) anew(rows *plan.Rows, of *relation) *relation {
	made := &relation{node: rows, ordered: of.ordered, bad: of.bad}
	add := func(c *plan.Column) *plan.Column {
		fresh := b.column(c.Name, c.Type)
		fresh.Hidden = c.Hidden
		rows.Cols, rows.From = append(rows.Cols, fresh), append(rows.From, c)
		return fresh
	}
	fresh := map[*plan.Column]*plan.Column{}
	for _, c := range of.columns {
		fresh[c] = add(c)
		made.columns = append(made.columns, fresh[c])
	}
	for alias, c := range of.aliases {
		if fresh[c] != nil {
			made.alias(alias, fresh[c])
		}
	}
	return made
}

// subqueryOver binds a subquery that begins with an operator, over rows that it is given.
func (b *binder) subqueryOver(x syntax.Expr, rows *relation) *relation {
	before, operator := b.given, b.operator
	b.given, b.operator = rows, ""
	var r *relation
	b.apart(func() { r = b.table(x) })
	b.given, b.operator = before, operator
	return r
}

// partition binds a subquery that runs for the rows of each value of a column.
func (b *binder) partition(op *syntax.Partition, in *relation) *relation {
	n := &plan.Partition{Input: in.node}
	var by value
	b.over(in, func() { by = b.scalar(op.By) })
	if !by.failed() && by.column == nil {
		b.problem(by.at, "The name of a column is expected here.")
	} else if by.t.IsDynamic() {
		b.problem(by.at, "Rows cannot be put together by a dynamic value: tostring() makes another of it.")
	}
	n.By = by.expr
	var sub *relation
	if op.Whole {
		b.problem(op.Subquery.Bounds(), "partition with a query of its own in { } is not offered in hunting: write partition by Column (where ... | top 1 by ...).")
		return b.failed()
	}
	n.Rows = &plan.Rows{}
	sub = b.subqueryOver(op.Subquery, b.anew(n.Rows, in))
	n.Subquery = sub.node
	made := *sub
	made.node, made.arrival, made.open, made.show, made.ordered = n, nil, nil, nil, false
	return &made
}
