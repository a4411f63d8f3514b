package bind

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// evaluate binds a plugin.
func (b *binder) evaluate(op *syntax.Evaluate, in *relation) *relation {
	name := op.Call.Name
	f := functions.Plugins[name.Text]
	if f == nil {
		if reason, known := functions.Unoffered(name.Text); known {
			b.problem(name.Span, "The plugin '%s' is not offered in hunting. %s.", syntax.Clip(name.Text), reason)
		} else {
			b.problem(name.Span, "Unknown plugin '%s'%s.", syntax.Clip(name.Text), b.meant(name.Text, functions.Names(functions.Plugins)))
		}
		return b.failed()
	}
	var args []value
	var parameters []*functions.Parameter
	ok := false
	b.over(in, func() { args, parameters, ok = b.pluginArguments(op.Call, f) })
	if !ok {
		return b.failed()
	}
	by := map[string][]value{}
	for i, p := range parameters {
		by[p.Name] = append(by[p.Name], args[i])
	}
	var made *relation
	switch f.Signatures[0].Result.Rule {
	case "unpacked":
		made = b.unpacked(in, by)
	case "pivoted":
		made = b.pivoted(in, by)
	case "narrowed":
		made = b.narrowed(in)
	case "lookedUp":
		made = b.lookedUp(op.Call, in, by)
	}
	made.bad = made.bad || in.bad
	if op.HasSchema {
		return b.declaredResult(op, made)
	}
	return made
}

// pluginArguments binds what a plugin is called with, by place or by name.
func (b *binder) pluginArguments(call *syntax.Call, f *functions.Function) (args []value, parameters []*functions.Parameter, ok bool) {
	s := f.Signatures[0]
	if !b.fitsCount(call, f, s, len(call.Args)) {
		return nil, nil, false
	}
	parameters = layout(s, len(call.Args))
	var table *relation
	ok = true
	for i, x := range call.Args {
		if n, is := x.(*syntax.Named); is && len(n.Names) == 1 {
			for j := range s.Parameters {
				if s.Parameters[j].Name == n.Names[0].Text {
					parameters[i] = &s.Parameters[j]
				}
			}
			x = n.X
		} else if l, is := x.(*syntax.Literal); parameters[i].Name == "return_unmatched" && !(is && l.Kind == syntax.Bool) {
			parameters[i] = extraKey(s, parameters[i])
		}
		v := b.pluginArgument(parameters[i], x, table)
		if v.table != nil && table == nil {
			table = v.table
		}
		ok = ok && !v.failed()
		args = append(args, v)
	}
	return args, parameters, ok && b.fitsArguments(f, &matching{signature: s, parameters: parameters, args: args})
}

// extraKey is the parameter for one more key, where a plugin takes more.
func extraKey(s *functions.Signature, otherwise *functions.Parameter) *functions.Parameter {
	for i := range s.Parameters {
		if s.Parameters[i].Argument == functions.CommonColumn {
			return &s.Parameters[i]
		}
	}
	return otherwise
}

func (b *binder) pluginArgument(p *functions.Parameter, x syntax.Expr, table *relation) value {
	var v value
	switch {
	case p.Want == functions.Table:
		b.apart(func() { v = b.expr(x) })
	case p.Argument == functions.Aggregate:
		b.aggregates(func() { v = b.scalar(x) })
	case p.Argument == functions.ColumnOfFirst && table != nil:
		b.over(table, func() { v = b.scalar(x) })
	default:
		v = b.expr(x)
	}
	return v
}

// unpacked is rows with the properties of a bag as columns. Only data will tell what they are, so names are taken on trust.
func (b *binder) unpacked(in *relation, by map[string][]value) *relation {
	bag := by["column"][0].column
	n := &plan.Unpack{Input: in.node, Bag: bag, Conflict: "error"}
	if list := by["OutputColumnPrefix"]; list != nil {
		n.Prefix, _ = list[0].text()
	}
	if list := by["columnsConflict"]; list != nil {
		n.Conflict, _ = list[0].text()
	}
	if list := by["ignoredProperties"]; list != nil {
		n.Ignored = list[0].expr
	}
	made := &relation{node: n, arrival: in.arrival, ordered: in.ordered}
	for _, c := range in.columns {
		if c != bag {
			made.columns = append(made.columns, c)
		}
	}
	n.Kept = made.all()
	for alias, c := range in.aliases {
		if has(made.columns, c) {
			made.alias(alias, c)
		}
	}
	made.open = func(name string) *plan.Column {
		if !strings.HasPrefix(name, n.Prefix) {
			return nil
		}
		c := b.column(name, unknown)
		n.Known = append(n.Known, c)
		return c
	}
	made.show = func() { n.Open = true }
	var found bool
	if n.Number, found = b.discovered(made, func(c Column) *plan.Column {
		if old := made.find(n.Prefix + c.Name); old != nil {
			switch n.Conflict {
			case "replace_source":
				made.columns = slices.DeleteFunc(made.columns, func(o *plan.Column) bool { return o == old })
				n.Kept = made.all()
			case "keep_source":
				return nil
			default:
				b.problem(by["column"][0].at, "bag_unpack makes a column with the name '%s', and there is one already: columnsConflict says which of them to take.", syntax.Clip(n.Prefix+c.Name))
				return nil
			}
		}
		known := b.column(n.Prefix+c.Name, c.Type)
		n.Known = append(n.Known, known)
		return known
	}); found {
		made.show = nil // what there is has been looked up; another name is of nothing
	}
	return made
}

// discovered adds the columns that data told, if somebody has looked.
func (b *binder) discovered(made *relation, add func(Column) *plan.Column) (number int, found bool) {
	number = b.opened
	b.opened++
	columns, found := b.catalog.Found[number]
	for _, c := range columns {
		if one := add(c); one != nil {
			made.columns = append(made.columns, one)
		}
	}
	return number, found
}

// pivoted is rows with the values of a column as columns.
func (b *binder) pivoted(in *relation, by map[string][]value) *relation {
	n := &plan.Pivot{Input: in.node, By: by["pivotColumn"][0].column}
	of := long
	used := map[string]bool{n.By.Name: true}
	if list := by["aggregateFunction"]; list != nil {
		n.Aggregate, of = list[0].expr, list[0].t
		for _, name := range namesIn(n.Aggregate, nil) {
			used[name] = true
		}
	}
	made := &relation{node: n}
	if keys := by["columnName"]; keys != nil {
		for _, k := range keys {
			n.Keys = append(n.Keys, k.column)
		}
	} else {
		for _, c := range in.columns {
			if !used[c.Name] {
				n.Keys = append(n.Keys, c)
			}
		}
	}
	made.columns = append(made.columns, n.Keys...)
	made.open = func(name string) *plan.Column {
		c := b.column(name, of)
		n.Known = append(n.Known, c)
		return c
	}
	made.show = func() { n.Open = true }
	var found bool
	if n.Number, found = b.discovered(made, func(c Column) *plan.Column {
		if made.find(c.Name) != nil {
			return nil
		}
		known := b.column(c.Name, of)
		n.Known = append(n.Known, known)
		return known
	}); found {
		made.show = nil // what there is has been looked up; another name is of nothing
	}
	return made
}

func (b *binder) narrowed(in *relation) *relation {
	n := &plan.Narrow{Input: in.plain(b), Row: b.column("Row", long), Column: b.column("Column", text), Value: b.column("Value", text)}
	return &relation{node: n, columns: n.Columns()}
}

// lookedUp is rows with what a table says about the networks that their addresses are in.
func (b *binder) lookedUp(call *syntax.Call, in *relation, by map[string][]value) *relation {
	table := by["LookupTable"][0].table
	n := &plan.AddressLookup{Input: in.node, Table: table.node, Version: 4}
	source, key := "SourceIPv4Key", "IPv4LookupKey"
	if call.Name.Text == "ipv6_lookup" {
		n.Version, source, key = 6, "SourceIPv6Key", "IPv6LookupKey"
	}
	n.Address, n.Network = by[source][0].expr, by[key][0].column
	if list := by["return_unmatched"]; list != nil {
		n.Keep, _ = list[0].truth()
	}
	extra := map[string]bool{}
	for _, v := range by["ExtraKey"] {
		right := table.find(v.column.Name)
		if right == nil {
			b.problem(v.at, "The table that is looked up in has no column '%s'.", syntax.Clip(v.column.Name))
			continue
		}
		extra[right.Name] = true
		n.On = append(n.On, plan.Pair{Left: v.column, Right: right})
	}
	made := &relation{node: n, columns: append([]*plan.Column{}, in.columns...), bad: table.bad}
	for _, c := range table.columns {
		if !extra[c.Name] {
			made.columns = append(made.columns, c)
		}
	}
	b.distinguish(made)
	return made
}

// declaredResult is the result of a plugin as the query declares it: with these columns, and with * those that are known beside.
func (b *binder) declaredResult(op *syntax.Evaluate, made *relation) *relation {
	declared := map[string]bool{}
	var outputs []plan.Output
	for _, d := range op.Columns {
		c := b.declareColumn(declared, d)
		if c == nil {
			continue
		}
		from := made.infer(c.Name)
		if from == nil {
			outputs = append(outputs, plan.Output{Column: c, Expr: &plan.Literal{Of: c.Type}})
			continue
		}
		v := convert(columnValue(d.Span, from), c.Type)
		if from.Type.Kind == types.Unknown {
			v.expr = &plan.Call{Name: conversions[c.Type.Kind], Of: c.Type, Arguments: []plan.Expr{&plan.ColumnRef{Column: from}}}
		}
		outputs = append(outputs, plan.Output{Column: c, Expr: v.expr})
	}
	if op.Star {
		var kept []*plan.Column
		for _, c := range made.columns {
			if !declared[c.Name] {
				kept = append(kept, c)
			}
		}
		outputs = append(passing(kept), outputs...)
	}
	return b.project(made, outputs, false)
}
