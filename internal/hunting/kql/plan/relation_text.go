package plan

// Parse takes a text apart by a pattern: parse and parse-where.
type Parse struct {
	Input  Node
	Text   Expr
	Mode   string // simple, regex or relaxed
	Flags  string // of a regular expression
	Parts  []Part
	Filter bool // rows that do not match are left out
	Added  []*Column
	Out    []*Column
}

// Part is one part of a pattern: a text to find, anything, or a value for a column.
type Part struct {
	Text   string
	Any    bool
	Column *Column
}

// Columns are those of the input, with those parsed.
func (n *Parse) Columns() []*Column { return n.Out }

// Inputs is the input.
func (n *Parse) Inputs() []Node { return []Node{n.Input} }

// Exprs is the text.
func (n *Parse) Exprs() []Expr { return []Expr{n.Text} }

// ParsePairs takes a text of names and values apart: parse-kv.
type ParsePairs struct {
	Input      Node
	Text       Expr
	Keys       []*Column
	Properties map[string]string // pair_delimiter, kv_delimiter, quote, escape, regex, greedy
	Out        []*Column
}

// Columns are those of the input, with those of the keys.
func (n *ParsePairs) Columns() []*Column { return n.Out }

// Inputs is the input.
func (n *ParsePairs) Inputs() []Node { return []Node{n.Input} }

// Exprs is the text.
func (n *ParsePairs) Exprs() []Expr { return []Expr{n.Text} }

// Unpack makes columns of the properties of a bag. Those that the rest of the query names are among its columns.
type Unpack struct {
	Input  Node
	Bag    *Column
	Prefix string
	// Conflict says what becomes of a property with the name of a column: error, replace_source or keep_source.
	Conflict string
	Ignored  Expr      // an array of the names of properties that make no columns, or nil
	Known    []*Column // in the result by their names, and of the type that they have here
	Kept     []*Column // of the input
	Open     bool      // the result of the query has the others too
	Number   int       // which of the query's Unpacks and Pivots it is
}

// Columns are those of the input and the properties known by name.
func (n *Unpack) Columns() []*Column {
	return append(append([]*Column{}, n.Kept...), n.Known...)
}

// Inputs is the input.
func (n *Unpack) Inputs() []Node { return []Node{n.Input} }

// Exprs is what is ignored.
func (n *Unpack) Exprs() []Expr { return some(n.Ignored) }

// Pivot makes a column of each value of a column.
type Pivot struct {
	Input     Node
	By        *Column
	Aggregate Expr // nil counts rows
	Keys      []*Column
	Known     []*Column // the values that the rest of the query names
	Open      bool      // the result of the query has the others too
	Number    int       // which of the query's Unpacks and Pivots it is
}

// Columns are the keys and the values known by name.
func (n *Pivot) Columns() []*Column { return append(append([]*Column{}, n.Keys...), n.Known...) }

// Inputs is the input.
func (n *Pivot) Inputs() []Node { return []Node{n.Input} }

// Exprs is the aggregate.
func (n *Pivot) Exprs() []Expr { return some(n.Aggregate) }

// Narrow makes a row of each cell.
type Narrow struct {
	Input              Node
	Row, Column, Value *Column
}

// Columns are the row's number, the column's name and the value.
func (n *Narrow) Columns() []*Column { return []*Column{n.Row, n.Column, n.Value} }

// Inputs is the input.
func (n *Narrow) Inputs() []Node { return []Node{n.Input} }

// Exprs are none.
func (n *Narrow) Exprs() []Expr { return nil }

// Match finds sequences of rows: scan.
type Match struct {
	Input       Node
	OrderBy     []SortKey
	PartitionBy []Expr
	Declared    []Output // with their default values
	MatchID     *Column
	Steps       []MatchStep
}

// MatchStep is one step of a sequence. In its expressions, a column of State stands for what the step remembers.
type MatchStep struct {
	Name      string
	Optional  bool
	Output    string // all, last or none
	State     []*Column
	Of        []*Column // what each of State is a value of: a column of the input, or declared
	Condition Expr
	Assign    []Output // columns of the declared
}

// Columns are those of the input, those declared and the match.
func (n *Match) Columns() []*Column {
	list := append(append([]*Column{}, n.Input.Columns()...), outputColumns(n.Declared)...)
	return append(list, n.MatchID)
}

// Inputs is the input.
func (n *Match) Inputs() []Node { return []Node{n.Input} }

// Exprs are all of its parts.
func (n *Match) Exprs() []Expr {
	list := append([]Expr{}, n.PartitionBy...)
	for _, k := range n.OrderBy {
		list = append(list, k.Expr)
	}
	list = append(list, outputExprs(n.Declared)...)
	for _, s := range n.Steps {
		list = append(append(list, s.Condition), outputExprs(s.Assign)...)
	}
	return list
}
