package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// scan binds the matching of sequences of rows.
func (b *binder) scan(op *syntax.Scan, in *relation) *relation {
	n := &plan.Match{Input: in.node}
	b.over(in, func() {
		for _, k := range op.OrderBy {
			n.OrderBy = append(n.OrderBy, b.sortKey(k))
		}
		for _, x := range op.PartitionBy {
			n.PartitionBy = append(n.PartitionBy, b.scalar(x).expr)
		}
	})
	declared := map[string]bool{}
	for _, d := range op.Declare {
		c := b.declareColumn(declared, d)
		if c == nil {
			continue
		}
		o := plan.Output{Column: c, Expr: &plan.Literal{Of: c.Type}}
		if d.Default != nil {
			o.Expr = convert(b.scalar(d.Default), c.Type).expr
		}
		n.Declared = append(n.Declared, o)
	}
	if b.tooWide(op.Span, len(in.columns)+len(n.Declared)) || !b.spend(op.Span, len(op.Steps)*len(in.columns)) {
		return b.failed()
	}
	current := *in
	current.columns = append(append([]*plan.Column{}, in.columns...), outputColumns(n.Declared)...)
	b.scanSteps(op, n, &current)
	n.MatchID = b.column("match_id", long)
	if name, named := columnNamed(op.Properties, "with_match_id"); named {
		n.MatchID.Name = name.Text
	}
	made := &relation{node: n, columns: append(current.columns, n.MatchID), arrival: in.arrival, ordered: true, bad: in.bad}
	b.distinguish(made)
	return made
}

// scanSteps binds the steps. In their expressions, the name of a step stands for what it remembers.
func (b *binder) scanSteps(op *syntax.Scan, n *plan.Match, current *relation) {
	before := b.steps
	b.steps = map[string]*relation{}
	for _, s := range op.Steps {
		if b.steps[s.Name.Text] != nil {
			b.problem(s.Name.Span, "A step with the name '%s' is already declared.", syntax.Clip(s.Name.Text))
		}
		state := &relation{bad: current.bad}
		for _, c := range current.columns {
			state.columns = append(state.columns, b.column(c.Name, c.Type))
		}
		b.steps[s.Name.Text] = state
		n.Steps = append(n.Steps, plan.MatchStep{Name: s.Name.Text, Optional: s.Optional, Output: s.Output, State: state.columns, Of: current.columns})
	}
	b.over(current, func() {
		for i, s := range op.Steps {
			n.Steps[i].Condition = b.condition(s.Condition).expr
			for _, a := range s.Assignments {
				n.Steps[i].Assign = append(n.Steps[i].Assign, b.scanAssign(n, a)...)
			}
		}
	})
	b.steps = before
}

func (b *binder) scanAssign(n *plan.Match, a syntax.Named) []plan.Output {
	v := b.scalar(a.X)
	for _, o := range n.Declared {
		if o.Column.Name != a.Names[0].Text {
			continue
		}
		if !v.failed() && !types.Fits(o.Column.Type, v.t, types.Compatible) {
			b.problem(v.at, "The column '%s' is of type %s, and this is of type %s.", syntax.Clip(o.Column.Name), o.Column.Type, v.t)
		}
		return []plan.Output{{Column: o.Column, Expr: convert(v, o.Column.Type).expr}}
	}
	b.problem(a.Names[0].Span, "A step gives values to columns that scan declares, and '%s' is none of them.", syntax.Clip(a.Names[0].Text))
	return nil
}
