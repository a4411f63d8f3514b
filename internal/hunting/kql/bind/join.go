package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

var joinKinds = map[string]plan.JoinKind{
	"innerunique": plan.InnerUnique, "inner": plan.Inner, "leftouter": plan.LeftOuter, "rightouter": plan.RightOuter, "fullouter": plan.FullOuter,
	"leftanti": plan.LeftAnti, "anti": plan.LeftAnti, "leftantisemi": plan.LeftAnti, "leftsemi": plan.LeftSemi,
	"rightanti": plan.RightAnti, "rightantisemi": plan.RightAnti, "rightsemi": plan.RightSemi,
}

// join binds join and lookup.
func (b *binder) join(op *syntax.Join, in *relation) *relation {
	right := b.table(op.Right)
	n := &plan.Join{Left: in.node, Right: right.node}
	if op.Keyword == "lookup" {
		n.Kind = joinKinds[b.choice(op.Properties, "kind", "leftouter", "inner")]
	} else {
		n.Kind = joinKinds[b.choice(op.Properties, "kind", "innerunique", "inner", "leftouter", "rightouter", "fullouter", "leftanti", "anti",
			"leftantisemi", "leftsemi", "rightanti", "rightantisemi", "rightsemi")]
	}
	b.over(in, func() {
		b.right = right
		for _, x := range op.On {
			b.joinOn(x, n)
		}
		if op.Condition != nil {
			n.Condition = b.condition(op.Condition).expr
		}
	})
	return b.joined(op, n, in, right)
}

// joinOn binds one thing to join by: a column of both sides, or $left.A == $right.B.
func (b *binder) joinOn(x syntax.Expr, n *plan.Join) {
	switch x := x.(type) {
	case *syntax.Paren:
		b.joinOn(x.X, n)
		return
	case *syntax.Logical:
		if x.Op == "and" {
			for _, term := range x.Terms {
				b.joinOn(term, n)
			}
			return
		}
	case *syntax.Ref:
		b.joinOnBoth(x, n)
		return
	case *syntax.Binary:
		if x.Op == "==" {
			b.joinOnEqual(x, n)
			return
		}
	}
	b.problem(x.Bounds(), "Rows can be joined by columns of both sides, written as a name or as $left.A == $right.B, with 'and' or commas between them.")
}

func (b *binder) joinOnBoth(x *syntax.Ref, n *plan.Join) {
	left, right := b.rows.infer(x.Text), b.right.infer(x.Text)
	switch {
	case left == nil && b.rows.bad, right == nil && b.right.bad:
	case left == nil || right == nil:
		side := "the left side has no such column" + b.meant(x.Text, b.rows.names())
		if right == nil {
			side = "the right side has no such column" + b.meant(x.Text, b.right.names())
		}
		b.problem(x.Span, "Rows can be joined by '%s' only if both sides have it: %s.", syntax.Clip(x.Text), side)
	case left.Type.Kind != right.Type.Kind && left.Type.Kind != types.Unknown && right.Type.Kind != types.Unknown:
		b.problem(x.Span, "The column '%s' is of type %s on the left side and of type %s on the right side: convert one with extend.", syntax.Clip(x.Text), left.Type, right.Type)
	default:
		n.On = append(n.On, plan.Pair{Left: left, Right: right})
	}
}

func (b *binder) joinOnEqual(x *syntax.Binary, n *plan.Join) {
	left, right := b.joinSide(x.X, "$left"), b.joinSide(x.Y, "$right")
	if left == nil || right == nil {
		return
	}
	l, r := types.Promoted(left.Type), types.Promoted(right.Type)
	switch {
	case l.IsDynamic() || r.IsDynamic():
		b.problem(x.Span, "Rows cannot be joined by a dynamic value: tostring() or toint() make another of it.")
	case l.Kind != r.Kind && l.Kind != types.Unknown && r.Kind != types.Unknown:
		b.problem(x.At, "Rows cannot be joined by a %s and a %s: convert one of them with extend.", left.Type, right.Type)
	default:
		n.On = append(n.On, plan.Pair{Left: left, Right: right})
	}
}

func (b *binder) joinSide(x syntax.Expr, side string) *plan.Column {
	for {
		paren, ok := x.(*syntax.Paren)
		if !ok {
			break
		}
		x = paren.X
	}
	if path, ok := x.(*syntax.Path); ok {
		if ref, ok := path.X.(*syntax.Ref); ok && ref.Text == side {
			v := b.side(path)
			return v.column
		}
	}
	b.problem(x.Bounds(), "A column of this side is expected here, written %s.Column: the left side stands before ==, the right side behind it.", side)
	return nil
}

// side is a column of one side of a join, $left.A or $right.A, of a step of scan or of a part of a graph; nil for another path.
func (b *binder) side(p *syntax.Path) *value {
	ref, ok := p.X.(*syntax.Ref)
	if !ok {
		return nil
	}
	if run := b.runs[ref.Text]; run != nil {
		return b.alongRun(p, run)
	}
	rows := b.steps[ref.Text]
	switch {
	case ref.Text == "$left" && b.right != nil:
		rows = b.rows
	case ref.Text == "$right" && b.right != nil:
		rows = b.right
	case rows == nil:
		return nil
	}
	v := bad(p.Span)
	name, ok := p.Selector.(*syntax.Ref)
	switch {
	case !ok:
		b.problem(p.Selector.Bounds(), "The name of a column is expected here.")
	case rows.infer(name.Text) != nil:
		v = columnValue(p.Span, rows.infer(name.Text))
		v.label = name.Text
	case !rows.bad:
		b.problem(name.Span, "Failed to resolve '%s': there is no such column in '%s'%s.", syntax.Clip(name.Text), syntax.Clip(ref.Text), b.meant(name.Text, rows.names()))
	}
	return &v
}

// joined is the rows of a join: the columns of both sides, those of the right under other names where the left has them.
func (b *binder) joined(op *syntax.Join, n *plan.Join, left, right *relation) *relation {
	var columns []*plan.Column
	keepsLeft := n.Kind != plan.RightSemi && n.Kind != plan.RightAnti
	keepsRight := n.Kind != plan.LeftSemi && n.Kind != plan.LeftAnti
	if keepsLeft {
		columns = append(columns, left.columns...)
	}
	if keepsRight {
		for _, c := range right.columns {
			if op.Keyword != "lookup" || !isKey(n, c) {
				columns = append(columns, c)
			}
		}
	}
	if !b.spend(op.Span, len(columns)) || b.tooWide(op.Span, len(columns)) {
		return b.failed()
	}
	made := &relation{node: n, columns: columns, bad: left.bad || right.bad}
	project := b.distinguish(made)
	made.open = func(name string) *plan.Column {
		for _, side := range []*relation{left, right} {
			if side == left && !keepsLeft || side == right && !keepsRight || side.open == nil {
				continue
			}
			if c := side.infer(name); c != nil {
				if project != nil {
					project.Outputs = append(project.Outputs, passing([]*plan.Column{c})...)
				}
				return c
			}
		}
		return nil
	}
	made.show = func() {
		if keepsLeft && left.show != nil {
			left.show()
		}
		if keepsRight && right.show != nil {
			right.show()
		}
	}
	if (!keepsLeft || left.open == nil) && (!keepsRight || right.open == nil) {
		made.open, made.show = nil, nil
	}
	for _, side := range []*relation{right, left} {
		for alias, c := range side.aliases {
			if has(made.columns, c) {
				made.alias(alias, c)
			}
		}
	}
	return made
}

func isKey(n *plan.Join, right *plan.Column) bool {
	for _, pair := range n.On {
		if pair.Right == right {
			return true
		}
	}
	return false
}

// distinguish gives columns whose names are taken other names, by a Project, which it gives if there is one.
func (b *binder) distinguish(r *relation) *plan.Project {
	names, first := unique{}, map[string]*plan.Column{}
	for _, c := range r.columns {
		names.take(c.Name)
		if first[c.Name] == nil {
			first[c.Name] = c
		}
	}
	n := &plan.Project{Input: r.node}
	renamed := false
	for _, c := range r.columns {
		o := plan.Output{Column: c, Expr: &plan.ColumnRef{Column: c}}
		if first[c.Name] != c {
			o.Column, renamed = b.column(names.of(c.Name, ""), c.Type), true
		}
		n.Outputs = append(n.Outputs, o)
	}
	if !renamed {
		return nil
	}
	r.node, r.columns = n, outputColumns(n.Outputs)
	return n
}
