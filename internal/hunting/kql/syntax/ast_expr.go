package syntax

// Expr is an expression: a value or a table.
type Expr interface {
	Node
	expr()
}

// Ref is a name that stands for something.
type Ref struct{ Name }

// Wildcard is a name with stars in it.
type Wildcard struct {
	Span
	Pattern string
}

// Star stands for all columns.
type Star struct{ Span }

// Literal is a value written out.
type Literal struct {
	Span
	Kind   LiteralKind
	Text   string // of a string what it says, of others how it is written
	Hidden bool   // a string that traces should not show
}

// Dynamic is a value of type dynamic written out as JSON.
type Dynamic struct {
	Span
	X Expr // Literal, Array, Bag or Dynamic
}

// Array is a JSON array in a dynamic literal.
type Array struct {
	Span
	Items []Expr
}

// Bag is a JSON object in a dynamic literal.
type Bag struct {
	Span
	Pairs []Pair
}

// Pair is one property of a Bag.
type Pair struct {
	Span
	Key   string
	Value Expr
}

// TypeOf names a type where a value is expected.
type TypeOf struct {
	Span
	Type    string // a scalar type, or empty
	Columns []Declaration
	Star    bool
}

// Paren is an expression in brackets.
type Paren struct {
	Span
	X Expr
}

// Unary is a sign before an operand.
type Unary struct {
	Span
	Op string
	X  Expr
}

// Binary is an operator between two operands.
type Binary struct {
	Span
	Op   string
	At   Span // where the operator stands
	X, Y Expr
}

// Logical is operands joined by one of and, or.
type Logical struct {
	Span
	Op    string
	Terms []Expr
}

// Membership is in, has_any and their like: an operand and a list, or a table, to find it in.
type Membership struct {
	Span
	Op   string
	At   Span
	X    Expr
	List []Expr
}

// Between is a range test.
type Between struct {
	Span
	Op        string
	At        Span
	X         Expr
	Low, High Expr
}

// Call is a function with its arguments.
type Call struct {
	Span
	Name Name
	Args []Expr
}

// Path is what stands behind a point: a property of a value, or something in a database.
type Path struct {
	Span
	X        Expr
	Selector Expr // Ref, Call or Wildcard
}

// Index is what stands in brackets behind a value.
type Index struct {
	Span
	X, I Expr
}

// Named gives an expression a name, or several.
type Named struct {
	Span
	Names []Name
	Tuple bool // the names stand in brackets
	X     Expr
}

// Subquery is toscalar(), totable() or materialize() around a query.
type Subquery struct {
	Span
	Keyword string
	X       Expr
}

// DataTable is a table written out.
type DataTable struct {
	Span
	Columns []Declaration
	Values  []Expr
}

// ExternalData is a table from elsewhere.
type ExternalData struct {
	Span
	Columns    []Declaration
	Sources    []Expr
	Properties []Property
}

// Pipeline is a table and the operators that it goes through. Its source is nil when the first operator makes the table.
type Pipeline struct {
	Span
	Source    Expr
	Operators []Operator
}

func (*Ref) expr()          {}
func (*Wildcard) expr()     {}
func (*Star) expr()         {}
func (*Literal) expr()      {}
func (*Dynamic) expr()      {}
func (*Array) expr()        {}
func (*Bag) expr()          {}
func (*TypeOf) expr()       {}
func (*Paren) expr()        {}
func (*Unary) expr()        {}
func (*Binary) expr()       {}
func (*Logical) expr()      {}
func (*Membership) expr()   {}
func (*Between) expr()      {}
func (*Call) expr()         {}
func (*Path) expr()         {}
func (*Index) expr()        {}
func (*Named) expr()        {}
func (*Subquery) expr()     {}
func (*DataTable) expr()    {}
func (*ExternalData) expr() {}
func (*Pipeline) expr()     {}
