package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// aggregates binds something in a place for aggregates.
func (b *binder) aggregates(f func()) {
	before := b.aggregate
	b.aggregate = true
	f()
	b.aggregate = before
}

func (b *binder) summarize(op *syntax.Summarize, in *relation) *relation {
	if op.Bin != nil {
		b.problem(op.Bin.Bounds(), "This way to write bin is no longer known: write by bin(Column, 1h).")
	}
	p := b.builder(op.Span)
	keys := 0
	b.over(in, func() {
		for _, x := range op.By {
			p.output(x, projecting, false, "")
		}
		for _, o := range p.outputs {
			b.checkKey(op.By[0].Bounds(), o)
			p.never[o.Column] = true
		}
		keys = len(p.outputs)
		p.fixed = keys
		before := b.keys
		b.keys = p.used
		b.aggregates(func() {
			for _, x := range op.Aggregates {
				p.output(x, summarizing, false, "")
			}
		})
		b.keys = before
	})
	n := &plan.Aggregate{Input: in.node}
	for i, o := range p.outputs {
		if i < keys {
			n.Keys = append(n.Keys, b.renewed(o))
		} else {
			n.Aggregates = append(n.Aggregates, b.renewed(o))
		}
	}
	return &relation{node: n, columns: n.Columns(), bad: in.bad}
}

// checkKey says when rows cannot be put together by a value.
func (b *binder) checkKey(at syntax.Span, key plan.Output) {
	if key.Column.Type.IsDynamic() {
		b.problem(at, "Rows cannot be put together by a dynamic value, as '%s' is: tostring() or toint() make another of it.", syntax.Clip(key.Column.Name))
	}
}

// count makes one row with the number of rows.
func (b *binder) count(op *syntax.Count, in *relation) *relation {
	name := "Count"
	if op.As != nil {
		name = op.As.Text
	}
	c := b.column(name, long)
	n := &plan.Aggregate{Input: in.node, Aggregates: []plan.Output{{Column: c, Expr: &plan.Call{Name: "count", Of: long, Aggregate: true}}}}
	return &relation{node: n, columns: []*plan.Column{c}, bad: in.bad}
}

// sampleDistinct keeps some of the values of a column.
func (b *binder) sampleDistinct(op *syntax.SampleDistinct, in *relation) *relation {
	n := b.wholeNumber(op.N)
	var of value
	b.over(in, func() { of = b.scalar(op.Of) })
	if !of.failed() && of.column == nil {
		b.problem(of.at, "The name of a column is expected here.")
	} else if of.t.IsDynamic() {
		b.problem(of.at, "Rows cannot be told apart by a dynamic value: tostring() makes another of it.")
	}
	label := of.label
	if label == "" {
		label = "Column1"
	}
	key := plan.Output{Column: b.column(label, of.t), Expr: of.expr}
	groups := &plan.Aggregate{Input: in.node, Keys: []plan.Output{key}}
	return &relation{node: &plan.Limit{Input: groups, Count: n.expr}, columns: groups.Columns(), bad: in.bad}
}

// topHitters keeps the values that come most often, or with the greatest sum.
func (b *binder) topHitters(op *syntax.TopHitters, in *relation) *relation {
	level := plan.TopLevel{Count: b.wholeNumber(op.N).expr}
	b.over(in, func() {
		of := b.scalar(op.Of)
		if !of.failed() && of.column == nil {
			b.problem(of.at, "The name of a column is expected here.")
		}
		level.Of = plan.Output{Column: b.column(of.label, of.t), Expr: of.expr}
		if op.By == nil {
			level.By = plan.Output{Column: b.column("approximate_count_"+of.label, long), Expr: &plan.Call{Name: "count", Of: long, Aggregate: true}}
			return
		}
		by := b.scalar(op.By)
		if !by.failed() && !by.t.IsNumber() {
			b.problem(by.at, "A number is expected here, and this is of type %s.", by.t)
		}
		sum := &plan.Call{Name: "sum", Of: types.Promoted(by.t), Aggregate: true, Arguments: []plan.Expr{by.expr}}
		level.By = plan.Output{Column: b.column("approximate_sum_"+by.label, by.t), Expr: sum}
	})
	n := &plan.TopNested{Input: in.node, Levels: []plan.TopLevel{level}}
	return &relation{node: n, columns: n.Columns(), ordered: true, bad: in.bad}
}

func (b *binder) topNested(op *syntax.TopNested, in *relation) *relation {
	n := &plan.TopNested{Input: in.node}
	names := unique{}
	for _, l := range op.Levels {
		level := plan.TopLevel{Ascending: l.By.Order == "asc" || l.By.Order == "granny-asc"}
		if l.N != nil {
			level.Count = b.wholeNumber(l.N).expr
		}
		b.over(in, func() {
			of := b.scalar(l.Of)
			name := names.of(of.label, "")
			level.Of = plan.Output{Column: b.column(name, of.t), Expr: of.expr}
			if l.Others != nil {
				level.Others = b.scalar(l.Others).expr
			}
			b.aggregates(func() {
				by := b.scalar(l.By.X)
				label := "aggregated_" + name
				if by.name != nil {
					label = by.name.Text
				}
				level.By = plan.Output{Column: b.column(names.of(label, ""), by.t), Expr: by.expr}
			})
		})
		n.Levels = append(n.Levels, level)
	}
	return &relation{node: n, columns: n.Columns(), ordered: true, bad: in.bad}
}

// makeSeries makes arrays over an axis.
func (b *binder) makeSeries(op *syntax.MakeSeries, in *relation) *relation {
	n := &plan.Series{Input: in.node, NonEmpty: b.choice(op.Properties, "kind", "", "nonempty") == "nonempty"}
	p := b.builder(op.Span)
	var defaults []plan.Expr
	keys := 0
	b.over(in, func() {
		for _, x := range op.By {
			p.output(x, projecting, false, "")
		}
		keys = len(p.outputs)
		p.fixed = keys
		p.as = types.Any
		b.aggregates(func() {
			for _, s := range op.Series {
				before := len(p.outputs)
				p.output(s.X, summarizing, false, "")
				otherwise := b.defaultOf(s)
				for range p.outputs[before:] {
					defaults = append(defaults, otherwise)
				}
			}
		})
		b.axis(op, n, p)
	})
	last := len(p.outputs) - 1
	for i, o := range p.outputs {
		switch o = b.renewed(o); {
		case i < keys:
			n.Keys = append(n.Keys, o)
		case i < last:
			n.Aggregates = append(n.Aggregates, plan.SeriesAggregate{Output: o, Default: defaults[i-keys]})
		default:
			n.Axis = o
		}
	}
	return &relation{node: n, columns: n.Columns(), bad: in.bad}
}

func (b *binder) defaultOf(s syntax.Series) plan.Expr {
	if s.Default == nil {
		return nil
	}
	v := b.scalar(s.Default)
	if !v.failed() && !v.literal {
		b.problem(v.at, "The default value of a series is written out.")
	}
	return v.expr
}

// axis binds what a series is made along, from where to where and in which steps.
func (b *binder) axis(op *syntax.MakeSeries, n *plan.Series, p *builder) {
	b.aggregate = false
	before := len(p.outputs)
	p.output(op.On, projecting, false, "")
	if len(p.outputs) == before {
		p.outputs = append(p.outputs, plan.Output{Column: b.column("", unknown), Expr: &plan.Literal{Of: unknown}})
	}
	axis := p.outputs[len(p.outputs)-1].Expr.Type()
	from, to, step := op.From, op.To, op.Step
	if op.Range != nil {
		if len(op.Range) != 3 {
			b.problem(op.Span, "in range() takes the first, the last and the step.")
			return
		}
		from, to, step = op.Range[0], op.Range[1], op.Range[2]
	}
	end := func(x syntax.Expr) plan.Expr {
		if x == nil {
			return nil
		}
		v := b.scalar(x)
		if !v.failed() && axis.Kind != types.Unknown && !types.Fits(axis, v.t, types.Promotable) {
			b.problem(v.at, "A value of type %s is expected here, as the axis is, and this is of type %s.", axis, v.t)
		}
		return v.expr
	}
	n.From, n.To = end(from), end(to)
	v := b.scalar(step)
	interval := axis.Kind == types.DateTime && v.t.Kind == types.TimeSpan || types.Fits(axis, v.t, types.Promotable)
	if axis.Kind == types.DateTime && v.t.Kind == types.DateTime {
		interval = false
	}
	if !v.failed() && axis.Kind != types.Unknown && v.t.Kind != types.Unknown && !interval {
		b.problem(v.at, "The step of an axis of type %s cannot be of type %s.", axis, v.t)
	}
	n.Step = v.expr
}
