package bind

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// searchRows binds search: rows of which some column has a term, of the table before it, of tables, or of all.
func (b *binder) searchRows(op *syntax.Search, in *relation) *relation {
	kind := b.choice(op.Properties, "kind", "case_insensitive", "case_sensitive", "default")
	var legs []leg
	switch {
	case op.In != nil && in != nil:
		b.problem(op.At, "search in (...) names its tables itself: it stands at the beginning.")
		return b.failed()
	case op.In != nil:
		legs = b.legs(op.In, nil)
	case in != nil:
		legs = []leg{{"search_arg0", in}}
		if r, ok := in.node.(*plan.Reference); ok {
			legs[0].name = r.Name
		}
	default:
		legs = b.wildLegs(op.At, "*")
	}
	if len(legs) == 0 {
		return b.failed()
	}
	rows := b.below(op.Span, b.withSource(legs, "$table"), byNameAndType, false)
	parts := partsOf(rows)
	for name, list := range parts {
		rows.alias(name, list[0])
	}
	v := b.searched(rows, op.Condition, kind == "case_sensitive")
	return b.put(rows.with(&plan.Filter{Input: rows.node, Predicate: v.expr}), parts)
}

// partsOf gives the columns of rows of several tables that are one column of several types there, by its name: those of which the first
// two tables have it of one type. Where these differ already, Microsoft's binder gives a search a column for each type, as a union has it.
func partsOf(rows *relation) map[string][]*plan.Column {
	parts := map[string][]*plan.Column{}
	n, ok := rows.node.(*plan.Union)
	if !ok {
		return parts
	}
	for i, c := range n.Cols {
		for _, leg := range n.Legs {
			if from := leg.From[i]; from != nil && from.Name != c.Name && !c.Hidden {
				parts[from.Name] = append(parts[from.Name], c)
				break
			}
		}
	}
	for name := range parts {
		if !twice(rows, n, name) {
			delete(parts, name)
		}
	}
	return parts
}

// twice says whether the first two tables that have a column have it of one type.
func twice(rows *relation, n *plan.Union, name string) bool {
	var first *plan.Column
	for _, leg := range n.Legs {
		for i, c := range n.Cols {
			if from := leg.From[i]; from != nil && from.Name == name && !c.Hidden {
				if first != nil {
					return first == c
				}
				first = c
			}
		}
	}
	return false
}

// put puts such columns together again: a column of the type that the first table has, to which the values of the others are converted.
// The search itself has looked at them as they are.
func (b *binder) put(rows *relation, parts map[string][]*plan.Column) *relation {
	if len(parts) == 0 {
		return rows
	}
	first, rest := map[*plan.Column]string{}, map[*plan.Column]bool{}
	for name, list := range parts {
		first[list[0]] = name
		for _, c := range list[1:] {
			rest[c] = true
		}
	}
	var outputs []plan.Output
	for _, c := range rows.columns {
		name, together := first[c]
		if rest[c] {
			continue
		}
		if !together {
			outputs = append(outputs, passing([]*plan.Column{c})...)
			continue
		}
		var x plan.Expr = &plan.ColumnRef{Column: c}
		for _, other := range parts[name][1:] {
			there := &plan.Call{Name: "isnotempty", Of: boolean, Arguments: []plan.Expr{&plan.ColumnRef{Column: other}}}
			converted := &plan.Call{Name: "to" + c.Type.Kind.String(), Of: c.Type, Arguments: []plan.Expr{&plan.ColumnRef{Column: other}}}
			x = &plan.Call{Name: "iff", Of: c.Type, Arguments: []plan.Expr{there, converted, x}}
		}
		outputs = append(outputs, plan.Output{Column: b.column(name, c.Type), Expr: x})
	}
	return b.project(rows, outputs, true)
}

// searched binds the condition of search or find over rows whose first column says what they are of.
func (b *binder) searched(rows *relation, condition syntax.Expr, exactCase bool) value {
	var v value
	b.over(rows, func() {
		b.search, b.exactCase, b.wholeRow, b.sweeping = true, exactCase, false, map[plan.Expr]bool{}
		if len(rows.columns) > 0 {
			b.source = rows.columns[0]
		}
		v = b.searchTerm(condition)
	})
	if !v.failed() && v.t.Kind != types.Bool && v.t.Kind != types.Unknown {
		b.problem(v.at, "A term to search for, or a condition of type bool, is expected here, and this is of type %s.", v.t)
	}
	return v
}

// searchTerm binds an operand of a search: a string on its own stands for any column that has it, a * for every row.
func (b *binder) searchTerm(x syntax.Expr) value {
	switch y := x.(type) {
	case *syntax.Paren:
		v := b.searchTerm(y.X)
		v.at = y.Span
		return v
	case *syntax.Star:
		b.wholeRow = true
		return value{at: y.Span, t: boolean, expr: &plan.Literal{Of: boolean, Value: true}}
	case *syntax.Literal, *syntax.Ref:
		v := b.scalar(x)
		if term, ok := v.text(); ok && v.constant {
			return value{at: v.at, t: boolean, expr: b.anyHas(v.at, b.rows.columns, term)}
		}
		return v
	case *syntax.Binary:
		if y.Op == ":" {
			return b.columnHas(y)
		}
	}
	return b.scalar(x)
}

// columnHas binds Column:"term".
func (b *binder) columnHas(x *syntax.Binary) value {
	term := b.scalar(x.Y)
	word, ok := term.text()
	if !ok {
		if !term.failed() {
			b.problem(term.at, "A term to search for is expected here, as a string.")
		}
		return bad(x.Span)
	}
	if _, star := x.X.(*syntax.Star); star {
		return value{at: x.Span, t: boolean, expr: b.anyHas(x.Span, b.rows.columns, word)}
	}
	left := b.scalar(x.X)
	if left.failed() {
		return bad(x.Span)
	}
	name, word := b.termTest(word)
	return value{at: x.Span, t: boolean, expr: b.call(x.Span, name, boolean, b.asText(left.expr), &plan.Literal{Of: text, Value: word})}
}

// anyHas is the test whether some column has a term.
func (b *binder) anyHas(at syntax.Span, columns []*plan.Column, term string) plan.Expr {
	name, word := b.termTest(term)
	b.wholeRow = true
	call := &plan.Call{Name: "or", Of: boolean}
	b.sweeping[call] = true
	for _, c := range columns {
		if c == b.source {
			continue
		}
		call.Arguments = append(call.Arguments, b.call(at, name, boolean, b.asText(&plan.ColumnRef{Column: c}), &plan.Literal{Of: text, Value: word}))
	}
	return call
}

// termTest is the operator for a term, where stars stand for a part that may be more.
func (b *binder) termTest(term string) (name, word string) {
	before, after := strings.HasPrefix(term, "*"), strings.HasSuffix(term, "*")
	word = strings.Trim(term, "*")
	switch {
	case before && after:
		name = "contains"
	case before:
		name = "hassuffix"
	case after:
		name = "hasprefix"
	default:
		name = "has"
	}
	if b.exactCase {
		name += "_cs"
	}
	return name, word
}

func (b *binder) asText(e plan.Expr) plan.Expr {
	if e.Type().Kind == types.String {
		return e
	}
	return &plan.Call{Name: "tostring", Of: text, Arguments: []plan.Expr{e}}
}
