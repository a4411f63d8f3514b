package plan

import "github.com/bailiwick/bailiwick/internal/hunting/kql/types"

// Expr is a value, computed for each row, or for each group where it holds aggregates.
type Expr interface {
	Type() types.Type
	// Args are the expressions that it is made of.
	Args() []Expr
}

// ColumnRef is the value of a column.
type ColumnRef struct{ Column *Column }

// Literal is a value written out: nil, bool, int64, float64, string, and for datetime and timespan int64 counts of 100
// nanoseconds. Of a dynamic it is the JSON text.
type Literal struct {
	Of    types.Type
	Value any
}

// Call is a function or an operator, by the name of its table.
type Call struct {
	Name      string
	Of        types.Type
	Arguments []Expr
	Aggregate bool // a function of many rows
	Window    bool // a function of the rows around, in the order that they stand in
}

// Access picks a value out of a dynamic one: a property by its name, or an element by its position.
type Access struct {
	Of     types.Type
	Object Expr
	Key    Expr
}

// Element picks one of the values that a function gives at once.
type Element struct {
	Of    types.Type
	Tuple Expr
	Index int
}

// Scalar is the first column of the first row of a relation: toscalar().
type Scalar struct {
	Of    types.Type
	Query *Binding
}

// InTable is a test against the first column of a relation: in, in~, has_any, has_all.
type InTable struct {
	Op    string
	Value Expr
	Query *Binding
}

// Type of each expression.
func (e *ColumnRef) Type() types.Type { return e.Column.Type }
func (e *Literal) Type() types.Type   { return e.Of }
func (e *Call) Type() types.Type      { return e.Of }
func (e *Access) Type() types.Type    { return e.Of }
func (e *Element) Type() types.Type   { return e.Of }
func (e *Scalar) Type() types.Type    { return e.Of }
func (e *InTable) Type() types.Type   { return types.Of(types.Bool) }

// Args of each expression.
func (e *ColumnRef) Args() []Expr { return nil }
func (e *Literal) Args() []Expr   { return nil }
func (e *Call) Args() []Expr      { return e.Arguments }
func (e *Access) Args() []Expr    { return []Expr{e.Object, e.Key} }
func (e *Element) Args() []Expr   { return []Expr{e.Tuple} }
func (e *Scalar) Args() []Expr    { return nil }
func (e *InTable) Args() []Expr   { return []Expr{e.Value} }
