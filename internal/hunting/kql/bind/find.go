package bind

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// find binds find: rows of several tables, with the columns that the tables have in common and those that the condition names;
// the others are packed into one.
func (b *binder) find(op *syntax.Find) *relation {
	b.checkFuzzy(op.Properties)
	var legs []leg
	if op.In != nil {
		legs = b.legs(op.In, nil)
	} else {
		legs = b.wildLegs(op.At, "*")
	}
	if len(legs) == 0 {
		return b.failed()
	}
	source := "source_"
	if n, named := columnNamed(op.Properties, "withsource", "with_source"); named {
		source = n.Text
	}
	all := b.below(op.Span, b.withSource(legs, source), byName, false)
	v := b.searched(all, op.Condition, false)
	named := namesIn(v.expr, b.sweeping)
	if len(legs) > 1 && !b.wholeRow {
		legs = havingOneOf(legs, named)
	}
	wanted := b.findColumns(op, legs, source, named, all)
	rows := b.below(op.Span, b.packLegs(b.withSource(legs, source), wanted), byName, false)
	v = b.searched(rows, op.Condition, false)
	return b.found(rows, v, wanted)
}

// wantedColumn is one column of the result of find.
type wantedColumn struct {
	name string
	as   types.Type // to convert to; none to leave it
	pack bool       // all that is left over
}

// namesIn gives the names of the columns in an expression, in the order in which they stand there, but for those in parts that
// name every column.
func namesIn(e plan.Expr, sweeping map[plan.Expr]bool) []string {
	var names []string
	var look func(plan.Expr)
	look = func(e plan.Expr) {
		if sweeping[e] {
			return
		}
		if ref, ok := e.(*plan.ColumnRef); ok && !slices.Contains(names, ref.Column.Name) {
			names = append(names, ref.Column.Name)
		}
		for _, a := range e.Args() {
			look(a)
		}
	}
	look(e)
	return names
}

// havingOneOf gives the tables that have a column of one of these names.
func havingOneOf(legs []leg, names []string) []leg {
	var list []leg
	for _, l := range legs {
		for _, name := range names {
			if l.rows.open != nil || l.rows.find(name) != nil {
				list = append(list, l)
				break
			}
		}
	}
	return list
}

// findColumns gives the columns of the result: as project says, or those in common and those named.
func (b *binder) findColumns(op *syntax.Find, legs []leg, source string, named []string, all *relation) []wantedColumn {
	wanted := []wantedColumn{{name: source}}
	if op.HasProject && !op.Smart {
		wanted = append(wanted, b.findProject(op.Project, all)...)
	} else {
		for _, name := range append(commonNames(legs), named...) {
			if !slices.ContainsFunc(wanted, func(w wantedColumn) bool { return w.name == name }) {
				wanted = append(wanted, wantedColumn{name: name})
			}
		}
		if somethingLeft(legs, wanted) {
			wanted = append(wanted, wantedColumn{name: "pack_", pack: true})
		}
	}
	if len(op.ProjectAway) == 0 {
		return wanted
	}
	if op.HasProject && !op.Smart {
		b.problem(op.ProjectAway[0].Bounds(), "project-away stands behind project-smart, or alone.")
	}
	return b.findAway(op.ProjectAway, wanted, source, all)
}

func (b *binder) findProject(list []syntax.Expr, all *relation) []wantedColumn {
	var wanted []wantedColumn
	b.over(all, func() {
		for i, x := range list {
			w := wantedColumn{}
			column := x
			switch y := x.(type) {
			case *syntax.Pack:
				if i < len(list)-1 {
					b.problem(y.Span, "pack(*) stands last.")
				}
				wanted = append(wanted, wantedColumn{name: "pack_", pack: true})
				continue
			case *syntax.FindColumn:
				column = y.Column
				w.as, _ = types.Parse(y.Type)
			}
			v := b.scalar(column)
			if v.column != nil {
				w.name = v.column.Name
				wanted = append(wanted, w)
			} else if !v.failed() {
				b.problem(v.at, "The name of a column is expected here.")
			}
		}
	})
	return wanted
}

func (b *binder) findAway(list []syntax.Expr, wanted []wantedColumn, source string, all *relation) []wantedColumn {
	away := map[string]bool{}
	star := false
	b.over(all, func() {
		for _, x := range list {
			if _, star = x.(*syntax.Star); star {
				break
			}
			for _, c := range b.chosen(x, all) {
				away[c.Name] = true
			}
		}
	})
	return slices.DeleteFunc(wanted, func(w wantedColumn) bool {
		if star {
			return w.name != source && !w.pack
		}
		return away[w.name]
	})
}

// commonNames gives the names of the columns that all tables have.
func commonNames(legs []leg) []string {
	var names []string
	for i, l := range legs {
		var kept []string
		for _, c := range l.rows.columns {
			if i == 0 || slices.Contains(names, c.Name) {
				kept = append(kept, c.Name)
			}
		}
		if i == 0 {
			names = kept
			continue
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(kept, name) })
	}
	return names
}

func somethingLeft(legs []leg, wanted []wantedColumn) bool {
	for _, l := range legs {
		if l.rows.open == nil && len(leftOver(l, wanted)) > 0 {
			return true
		}
	}
	return false
}

func leftOver(l leg, wanted []wantedColumn) []*plan.Column {
	var left []*plan.Column
	for _, c := range l.rows.columns {
		if !slices.ContainsFunc(wanted, func(w wantedColumn) bool { return w.name == c.Name }) {
			left = append(left, c)
		}
	}
	return left
}

// packed is what the column is called that holds what is left over, until it gets its name.
const packed = "$pack"

// packLegs packs what is left over of each table, if that is wanted.
func (b *binder) packLegs(legs []leg, wanted []wantedColumn) []leg {
	if !slices.ContainsFunc(wanted, func(w wantedColumn) bool { return w.pack }) {
		return legs
	}
	list := make([]leg, len(legs))
	for i, l := range legs {
		call := &plan.Call{Name: "bag_pack_filled", Of: types.Any}
		for _, c := range leftOver(l, wanted) {
			call.Arguments = append(call.Arguments, &plan.Literal{Of: text, Value: c.Name}, &plan.ColumnRef{Column: c})
		}
		o := plan.Output{Column: b.column(packed, types.Any), Expr: call}
		list[i] = leg{l.name, b.project(l.rows, append(passing(l.rows.columns), o), true)}
	}
	return list
}

// found keeps the rows that were looked for, and their columns that are wanted.
func (b *binder) found(rows *relation, condition value, wanted []wantedColumn) *relation {
	filtered := rows.with(&plan.Filter{Input: rows.node, Predicate: condition.expr})
	names := unique{}
	var outputs []plan.Output
	for _, w := range wanted {
		name := w.name
		if w.pack {
			name = packed
		}
		c := filtered.infer(name)
		if c == nil {
			continue
		}
		v := columnValue(condition.at, c)
		if w.as.Kind != types.Error {
			v = convert(v, w.as)
		}
		outputs = append(outputs, plan.Output{Column: b.column(names.of(w.name, ""), v.t), Expr: v.expr})
	}
	return b.project(filtered, outputs, false)
}
