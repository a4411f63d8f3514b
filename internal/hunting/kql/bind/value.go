package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// value is a bound expression: a value of a row, or rows where a table stands.
type value struct {
	at   syntax.Span
	expr plan.Expr
	t    types.Type

	literal  bool         // written out
	constant bool         // the same for all rows
	known    any          // of a constant, what it is, if that is known: as plan.Literal has it
	column   *plan.Column // the column that the expression is, if it is one and nothing else
	same     *plan.Column // as column, also through brackets and conversions that change nothing
	label    string       // how a column is called that is made of the expression; empty when it has no name of its own

	// A function may give several values at once: then each is a column here, whole gives them all, and expr the first.
	tuple []*plan.Column
	whole plan.Expr

	table *relation // rows instead of a value
	star  bool      // *
	name  *syntax.Name
}

func (v value) failed() bool { return v.table == nil && v.t.Kind == types.Error }

func bad(at syntax.Span) value {
	return value{at: at, expr: &plan.Literal{Of: unknown}, t: failure}
}

// vague is a value of which nothing is known and nothing more need be said.
func vague(at syntax.Span) value {
	return value{at: at, expr: &plan.Literal{Of: unknown}, t: unknown}
}

// text is what a constant says, if it is a string that is known.
func (v value) text() (string, bool) {
	s, ok := v.known.(string)
	return s, ok && v.t.Kind == types.String
}

// number is what a constant is, if it is a whole number that is known.
func (v value) number() (int64, bool) {
	n, ok := v.known.(int64)
	return n, ok && v.t.IsInteger()
}

// truth is what a constant says, if it is a bool that is known.
func (v value) truth() (is, ok bool) {
	is, ok = v.known.(bool)
	return is, ok
}

func columnValue(at syntax.Span, c *plan.Column) value {
	return value{at: at, expr: &plan.ColumnRef{Column: c}, t: c.Type, column: c, same: c, label: c.Name}
}

func rowsValue(at syntax.Span, r *relation) value {
	return value{at: at, t: failure, table: r}
}

// scalar binds an expression that must be a value.
func (b *binder) scalar(x syntax.Expr) value {
	fuzzy := b.fuzzy
	b.fuzzy = false // what is not there is left out only where a table stands
	v := b.expr(x)
	b.fuzzy = fuzzy
	return b.needScalar(v)
}

func (b *binder) needScalar(v value) value {
	if v.table != nil {
		if !v.table.bad {
			b.problem(v.at, "A scalar value is expected here, and this is a table.")
		}
		return bad(v.at)
	}
	return v
}

// table binds an expression that must be rows.
func (b *binder) table(x syntax.Expr) *relation {
	v := b.expr(x)
	if v.table == nil {
		if !v.failed() {
			b.problem(v.at, "A table is expected here, and this is a scalar value.")
		}
		return b.failed()
	}
	return v.table
}

// convert makes a value of another type of a value: what a parameter of a function or a declared column asks for.
func convert(v value, to types.Type) value {
	if v.t.Kind == to.Kind || v.failed() || to.Kind == types.Unknown {
		return v
	}
	v.expr = &plan.Call{Name: conversions[to.Kind], Of: to, Arguments: []plan.Expr{v.expr}}
	v.t, v.column, v.same, v.known = to, nil, nil, nil
	return v
}

var conversions = map[types.Kind]string{
	types.Bool: "tobool", types.Int: "toint", types.Long: "tolong", types.Real: "todouble", types.Decimal: "todecimal", types.String: "tostring",
	types.DateTime: "todatetime", types.TimeSpan: "totimespan", types.GUID: "toguid", types.Dynamic: "todynamic",
}

// call makes a call of a function or an operator.
func (b *binder) call(at syntax.Span, name string, of types.Type, args ...plan.Expr) plan.Expr {
	b.spend(at, 1+len(args))
	return &plan.Call{Name: name, Of: of, Arguments: args}
}
