package bind

import (
	"slices"
	"strconv"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// columns binds project and its kin, extend, distinct and serialize.
func (b *binder) columns(op *syntax.Columns, in *relation) *relation {
	switch op.Keyword {
	case "extend":
		return b.extend(op.Span, op.List, in)
	case "serialize":
		rows := in.with(&plan.Serialize{Input: in.node})
		rows.ordered = true // for what it adds, too
		return b.extend(op.Span, op.List, rows)
	case "project-away", "project-keep":
		return b.choose(op, in)
	case "project-rename":
		return b.rename(op, in)
	case "project-by-names":
		return b.byNames(op, in)
	case "distinct":
		return b.distinct(op, in)
	}
	p := b.builder(op.Span)
	b.over(in, func() {
		for _, x := range op.List {
			p.output(x, projecting, false, "")
		}
	})
	return b.project(in, p.outputs, false)
}

func (b *binder) extend(at syntax.Span, list []syntax.Expr, in *relation) *relation {
	p := b.builder(at)
	known := len(in.columns)
	b.over(in, func() {
		p.columns(in.columns)
		for _, x := range list {
			p.output(x, extending, false, "")
		}
	})
	outputs := p.outputs
	for _, c := range in.columns[known:] { // that were only known when they were named
		if _, there := p.index[c.Name]; !there {
			outputs = slices.Insert(outputs, known, passing([]*plan.Column{c})...)
			known++
		}
	}
	return b.project(in, outputs, true)
}

// chosen gives the columns that a name, or a name with stars, stands for.
func (b *binder) chosen(x syntax.Expr, in *relation) []*plan.Column {
	switch x := x.(type) {
	case *syntax.Wildcard:
		list := columnsOf(x.Pattern, in.columns)
		if len(list) == 0 && !in.bad && in.open == nil { // the data may tell of some
			b.problem(x.Span, "No column has a name of the form '%s'.", syntax.Clip(x.Pattern))
		}
		return list
	case *syntax.Star:
		return in.columns
	}
	v := b.scalar(x)
	if v.column == nil {
		if !v.failed() && v.t != unknown {
			b.problem(v.at, "The name of a column is expected here.")
		}
		return nil
	}
	return []*plan.Column{v.column}
}

func (b *binder) choose(op *syntax.Columns, in *relation) *relation {
	named, wild := map[*plan.Column]bool{}, false
	b.over(in, func() {
		for _, x := range op.List {
			if _, ok := x.(*syntax.Wildcard); ok {
				wild = true
			}
			for _, c := range b.chosen(x, in) {
				named[c] = true
			}
		}
	})
	keep := op.Keyword == "project-keep"
	var kept []*plan.Column
	for _, c := range in.columns {
		if named[c] == keep {
			kept = append(kept, c)
		}
	}
	if !b.spend(op.Bounds(), len(kept)) {
		return in
	}
	return b.project(in, passing(kept), !keep || wild)
}

func (b *binder) rename(op *syntax.Columns, in *relation) *relation {
	p := b.builder(op.Span)
	b.over(in, func() {
		p.columns(in.columns)
		for _, c := range in.columns {
			p.declared[c.Name] = true
		}
		for _, x := range op.List {
			n, ok := x.(*syntax.Named)
			if !ok || n.Tuple {
				b.problem(x.Bounds(), "A new name for a column is expected here: project-rename New = Old.")
				continue
			}
			v := b.scalar(n.X)
			switch {
			case v.column != nil:
				if !has(outputColumns(p.outputs), v.column) {
					p.outputs = append(p.outputs, passing([]*plan.Column{v.column})...)
					p.index[v.column.Name] = len(p.outputs) - 1
				}
				p.rename(n.Names[0].Span, v.column.Name, n.Names[0])
			case !v.failed():
				b.problem(v.at, "The name of a column is expected here.")
			}
		}
	})
	return b.project(in, p.outputs, true)
}

func outputColumns(list []plan.Output) []*plan.Column {
	columns := make([]*plan.Column, len(list))
	for i, o := range list {
		columns[i] = o.Column
	}
	return columns
}

// byNames is project-by-names: the columns are named by strings.
func (b *binder) byNames(op *syntax.Columns, in *relation) *relation {
	p := b.builder(op.Span)
	b.over(in, func() {
		for _, x := range op.List {
			for _, pattern := range b.patternsOf(x) {
				p.columns(columnsOf(pattern, in.columns))
			}
		}
	})
	return b.project(in, p.outputs, false)
}

func (b *binder) patternsOf(x syntax.Expr) []string {
	switch x := x.(type) {
	case *syntax.Wildcard:
		return []string{x.Pattern}
	case *syntax.Star:
		return []string{"*"}
	case *syntax.Dynamic:
		if array, ok := x.X.(*syntax.Array); ok {
			var list []string
			for _, item := range array.Items {
				list = append(list, b.patternsOf(item)...)
			}
			return list
		}
	case *syntax.Ref:
		if b.rows.find(x.Text) != nil {
			return []string{x.Text}
		}
	}
	v := b.scalar(x)
	if name, ok := v.text(); ok {
		return []string{name}
	}
	if !v.failed() {
		b.problem(v.at, "The name of a column is expected here, as a string that is known before the query runs.")
	}
	return nil
}

// reorder is project-reorder: the columns named come first.
func (b *binder) reorder(op *syntax.Reorder, in *relation) *relation {
	p := b.builder(op.Span)
	b.over(in, func() {
		for _, k := range op.Keys {
			list := slices.Clone(b.chosen(k.X, in))
			_, one := k.X.(*syntax.Ref)
			switch {
			case one && len(list) == 1:
				p.declare(k.X.Bounds(), passing(list)[0], false)
				p.never[list[0]] = true
				continue
			case k.Order != "":
				sortNames(list, k.Order)
			}
			p.columns(list)
		}
		p.columns(in.columns)
	})
	return b.project(in, p.outputs, true)
}

// sortNames orders columns by their names; granny- reads numbers in them as numbers.
func sortNames(list []*plan.Column, order string) {
	slices.SortStableFunc(list, func(a, b *plan.Column) int {
		d := compareNames(a.Name, b.Name, order == "granny-asc" || order == "granny-desc")
		if order == "desc" || order == "granny-desc" {
			return -d
		}
		return d
	})
}

func compareNames(a, b string, numbers bool) int {
	for a != "" && b != "" {
		if numbers {
			m, restA := leadingNumber(a)
			n, restB := leadingNumber(b)
			if len(restA) < len(a) && len(restB) < len(b) {
				if m != n {
					return m - n
				}
				a, b = restA, restB
				continue
			}
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func leadingNumber(s string) (int, string) {
	i := 0
	for i < len(s) && i < 9 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, _ := strconv.Atoi(s[:i])
	return n, s[i:]
}

func (b *binder) distinct(op *syntax.Columns, in *relation) *relation {
	p := b.builder(op.Span)
	b.over(in, func() {
		for _, x := range op.List {
			p.output(x, projecting, false, "")
		}
	})
	n := &plan.Aggregate{Input: in.node}
	for _, o := range p.outputs {
		if o.Column.Type.IsDynamic() {
			b.problem(op.List[0].Bounds(), "Rows cannot be told apart by a dynamic value, as '%s' is: tostring() makes another of it.", syntax.Clip(o.Column.Name))
		}
		n.Keys = append(n.Keys, b.renewed(o))
	}
	return &relation{node: n, columns: n.Columns(), bad: in.bad}
}

// renewed is an output with a column of its own: rows of groups are not the rows that were before.
func (b *binder) renewed(o plan.Output) plan.Output {
	o.Column = b.column(o.Column.Name, o.Column.Type)
	return o
}

// print makes one row of values.
func (b *binder) print(op *syntax.Columns) *relation {
	p := b.builder(op.Span)
	for i, x := range op.List {
		p.output(x, printing, false, "print_"+strconv.Itoa(i))
	}
	n := &plan.Project{Input: &plan.Values{Rows: [][]plan.Expr{{}}}, Outputs: p.outputs}
	return &relation{node: n, columns: outputColumns(p.outputs)}
}
