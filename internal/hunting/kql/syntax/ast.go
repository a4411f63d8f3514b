package syntax

// Query is a whole query: statements, of which the last gives the result.
type Query struct {
	Span
	Directives []Directive
	Statements []Statement
}

// Directive is a line before the query that begins with #. Directives are for other tools.
type Directive struct {
	Span
	Text string
}

// Statement is a let, a setting, an expression, or one of the statements that are known and not offered.
type Statement interface {
	Node
	statement()
}

// Let gives a value, a table or a function a name for the statements after it.
type Let struct {
	Span
	Name  Name
	Value Expr // a Function where one is declared
}

// Set is a setting of a request.
type Set struct {
	Span
	Name  Name
	Value Expr // nil when only switched on
}

// Result is the statement that gives rows: an expression on its own.
type Result struct {
	Span
	X Expr
}

// Other is a statement that hunting does not offer. It is kept as text.
type Other struct {
	Span
	Keyword string
	Text    string
}

func (*Let) statement()    {}
func (*Set) statement()    {}
func (*Result) statement() {}
func (*Other) statement()  {}

// Name is a name where it is used or made, without the brackets that it may need.
type Name struct {
	Span
	Text string
}

// Declaration is a name with its type: a column or a parameter.
type Declaration struct {
	Span
	Name    Name
	Type    string        // a scalar type by its name; empty for a table
	Columns []Declaration // of a table
	Star    bool          // a table of any columns
	Default Expr          // of a parameter, or nil
}

// Property is a name with a value behind an operator: kind=inner.
type Property struct {
	Span
	Name  Name
	Value Expr
	List  []Name // instead of a value, of a property that takes columns
}

// Function is what a let can declare: parameters and a body.
type Function struct {
	Span
	View       bool
	Parameters []Declaration
	Statements []Statement
	Result     Expr // nil in an empty body
}

func (*Function) expr() {}

// Bad stands where the text could not be read; a problem says why.
type Bad struct{ Span }

func (*Bad) expr() {}

// BadOperator stands where an operator could not be read.
type BadOperator struct{ Head }
