package bind

import (
	"strconv"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// leg is one of several tables that are looked at together.
type leg struct {
	name string // what the rows are said to be of
	rows *relation
}

// legs binds tables, where a name with stars is all tables of the catalog that have one of that form.
func (b *binder) legs(list []syntax.Expr, in *relation) []leg {
	var legs []leg
	if in != nil {
		legs = append(legs, leg{"union_arg0", in})
	}
	for _, x := range list {
		if b.incomplete {
			break
		}
		at, wild := x, x
		for {
			paren, ok := wild.(*syntax.Paren)
			if !ok {
				break
			}
			wild = paren.X
		}
		switch w := wild.(type) {
		case *syntax.Wildcard:
			legs = append(legs, b.wildLegs(w.Span, w.Pattern)...)
			continue
		case *syntax.Star:
			legs = append(legs, b.wildLegs(w.Span, "*")...)
			continue
		}
		before := b.missing
		b.missing = false
		rows := b.table(at)
		missing := b.missing
		b.missing = before
		if missing {
			continue // isfuzzy: the others are enough
		}
		name := "union_arg" + strconv.Itoa(len(legs))
		if ref, ok := wild.(*syntax.Ref); ok {
			name = ref.Text
		} else if r, ok := rows.node.(*plan.Reference); ok {
			name = r.Name
		}
		legs = append(legs, leg{name, rows})
	}
	return legs
}

// wildLegs is all tables whose names are of a form.
func (b *binder) wildLegs(at syntax.Span, pattern string) []leg {
	var legs []leg
	for _, t := range b.catalog.Tables {
		if matches(pattern, t.Name) && !(t.Of != "" && matches(pattern, t.Of) && b.catalog.table(t.Of) != nil) {
			legs = append(legs, leg{t.Name, b.reference(at, t)})
		}
	}
	if len(legs) == 0 && !b.fuzzy {
		b.problem(at, "No table has a name of the form '%s'.", syntax.Clip(pattern))
	}
	return legs
}

func (b *binder) union(op *syntax.Union, in *relation) *relation {
	b.checkFuzzy(op.Properties)
	kind := b.choice(op.Properties, "kind", "outer", "inner")
	fuzzy := b.fuzzy
	if property(op.Properties, "isfuzzy", "__isFuzzy") != nil {
		b.fuzzy = b.truth(op.Properties, "isfuzzy", "__isFuzzy")
	}
	legs := b.legs(op.Tables, in)
	b.fuzzy = fuzzy
	if len(legs) == 0 {
		if b.problems.Len() == 0 {
			b.problem(op.Span, "None of the tables is there.")
		}
		return b.failed()
	}
	source, named := columnNamed(op.Properties, "withsource", "with_source")
	if named {
		legs = b.withSource(legs, source.Text)
	}
	return b.below(op.Span, legs, byNameAndType, kind == "inner")
}

// checkFuzzy looks at properties that other words may stand for.
func (b *binder) checkFuzzy(list []syntax.Property) {
	if p := property(list, "best_effort"); p != nil {
		b.problem(p.Name.Span, "'best_effort' is not offered in hunting: isfuzzy=true leaves out tables that are not there.")
	}
}

// withSource puts the name of its table before the columns of each leg.
func (b *binder) withSource(legs []leg, name string) []leg {
	list := make([]leg, len(legs))
	for i, l := range legs {
		c := b.column(name, text)
		o := plan.Output{Column: c, Expr: &plan.Literal{Of: text, Value: l.name}}
		var rest []*plan.Column
		for _, one := range l.rows.columns {
			if one.Name != name {
				rest = append(rest, one)
			}
		}
		list[i] = leg{l.name, b.project(l.rows, append([]plan.Output{o}, passing(rest)...), true)}
	}
	return list
}

// unification is which columns of several tables are one.
type unification uint8

const (
	byNameAndType unification = iota // those of one name and several types become several
	byName                           // they become one, of a type that can hold all
)

// below puts the rows of legs below each other.
func (b *binder) below(at syntax.Span, legs []leg, how unification, inner bool) *relation {
	n := &plan.Union{}
	made := &relation{node: n}
	for _, l := range legs {
		made.bad = made.bad || l.rows.bad
		n.Legs = append(n.Legs, plan.Leg{Input: l.rows.node})
	}
	names := unique{}
	seen := map[string]bool{}
	for _, l := range legs {
		for _, c := range l.rows.columns {
			if !seen[c.Name] && b.spend(at, len(legs)) && !b.tooWide(at, len(made.columns)) {
				seen[c.Name] = true
				b.unify(made, legs, c.Name, how, inner, names)
			}
		}
	}
	b.mergeArrival(made, legs)
	for i, l := range legs {
		for alias, c := range l.rows.aliases {
			for j, from := range n.Legs[i].From {
				if from == c && made.find(alias) == nil {
					made.alias(alias, n.Cols[j])
				}
			}
		}
	}
	for _, l := range legs {
		if l.rows.open != nil {
			made.open = func(name string) *plan.Column { return b.openBelow(n, legs, name) }
			made.show = func() { showAll(legs) }
		}
	}
	return made
}

func showAll(legs []leg) {
	for _, l := range legs {
		if l.rows.show != nil {
			l.rows.show()
		}
	}
}

// unify adds the columns that the legs' columns of one name become.
func (b *binder) unify(made *relation, legs []leg, name string, how unification, inner bool, names unique) {
	n := made.node.(*plan.Union)
	from := make([]*plan.Column, len(legs))
	missing := false
	var kinds []types.Type
	for i, l := range legs {
		for _, c := range l.rows.columns {
			if c.Name == name {
				from[i] = c
				kinds = addKind(kinds, c.Type)
			}
		}
		missing = missing || from[i] == nil
	}
	if inner && (missing || len(kinds) > 1) {
		return
	}
	if how == byName || len(kinds) == 1 {
		t := kinds[0]
		if len(kinds) > 1 {
			var ok bool
			if t, ok = types.CommonOf(kinds, types.Promotable); !ok {
				t = types.Any
			}
			b.convertLegs(n, legs, from, t)
		}
		b.addBelow(made, names.of(name, ""), t, from)
		return
	}
	for _, t := range kinds {
		of := make([]*plan.Column, len(legs))
		for i, c := range from {
			if c != nil && c.Type.Kind == t.Kind {
				of[i] = c
			}
		}
		b.addBelow(made, names.of(name+"_"+t.String(), ""), t, of)
	}
}

// addKind adds a type to those of a name; of two dynamic ones only what they have in common is known.
func addKind(list []types.Type, t types.Type) []types.Type {
	for i, one := range list {
		if one.Kind == t.Kind {
			list[i], _ = types.Common(one, t, types.ToDynamic)
			return list
		}
	}
	return append(list, t)
}

func (b *binder) addBelow(made *relation, name string, t types.Type, from []*plan.Column) {
	n := made.node.(*plan.Union)
	c := b.column(name, t)
	made.columns = append(made.columns, c)
	n.Cols = append(n.Cols, c)
	for i := range n.Legs {
		n.Legs[i].From = append(n.Legs[i].From, from[i])
	}
}

// convertLegs puts columns of the common type in the place of those that are of another.
func (b *binder) convertLegs(n *plan.Union, legs []leg, from []*plan.Column, t types.Type) {
	for i, c := range from {
		if c == nil || c.Type.Kind == t.Kind {
			continue
		}
		v := convert(columnValue(syntax.Span{}, c), t)
		o := plan.Output{Column: b.column(c.Name, t), Expr: v.expr}
		input := n.Legs[i].Input
		n.Legs[i].Input = &plan.Project{Input: input, Outputs: append(passing(input.Columns()), o)}
		from[i] = o.Column
	}
}

// mergeArrival gives the rows the arrival that those of a leg have.
func (b *binder) mergeArrival(made *relation, legs []leg) {
	n := made.node.(*plan.Union)
	any := false
	for _, l := range legs {
		any = any || l.rows.arrival != nil
	}
	if !any {
		return
	}
	made.arrival = b.column("$arrival", moment)
	made.arrival.Hidden = true
	n.Cols = append(n.Cols, made.arrival)
	for i, l := range legs {
		n.Legs[i].From = append(n.Legs[i].From, l.rows.arrival)
	}
}

// openBelow makes a column of the name that legs have which only data will tell.
func (b *binder) openBelow(n *plan.Union, legs []leg, name string) *plan.Column {
	c := b.column(name, unknown)
	n.Cols = append(n.Cols, c)
	for i, l := range legs {
		var from *plan.Column
		if l.rows.open != nil {
			from = l.rows.infer(name)
		}
		n.Legs[i].From = append(n.Legs[i].From, from)
	}
	return c
}
