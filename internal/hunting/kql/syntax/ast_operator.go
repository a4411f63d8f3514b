package syntax

// Operator is one step of a pipeline.
type Operator interface {
	Node
	// Word is the operator's name, as error messages give it.
	Word() string
}

// Head is what every operator has: its place, its keyword as written and the place of that.
type Head struct {
	Span
	Keyword string
	At      Span
}

// Word is the operator's name.
func (h Head) Word() string { return h.Keyword }

// KeywordAt is where the keyword stands.
func (h Head) KeywordAt() Span { return h.At }

// Columns is an operator that takes a list of expressions: project and its kin, extend, distinct, serialize, print.
type Columns struct {
	Head
	Properties []Property
	List       []Expr
}

// Reorder is project-reorder.
type Reorder struct {
	Head
	Keys []Key
}

// Where keeps rows.
type Where struct {
	Head
	Condition Expr
}

// Count counts rows.
type Count struct {
	Head
	As *Name
}

// Take keeps a number of rows: take, limit and sample.
type Take struct {
	Head
	N Expr
}

// SampleDistinct keeps a number of values of a column.
type SampleDistinct struct {
	Head
	N, Of Expr
}

// Key is what rows or columns are sorted by.
type Key struct {
	Span
	X     Expr
	Order string // asc, desc, granny-asc, granny-desc or empty
	Nulls string // first, last or empty
}

// Sort orders rows.
type Sort struct {
	Head
	Properties []Property
	Keys       []Key
}

// Top keeps the first rows of an order.
type Top struct {
	Head
	Properties []Property
	N          Expr
	By         Key
}

// TopHitters is top-hitters.
type TopHitters struct {
	Head
	N, Of, By Expr // By may be nil
}

// TopNested is top-nested, with one level or several.
type TopNested struct {
	Head
	Levels []Level
}

// Level is one level of top-nested.
type Level struct {
	Span
	N      Expr // nil for all
	Of     Expr
	Others Expr // nil for none
	By     Key
}

// Summarize groups and aggregates.
type Summarize struct {
	Head
	Properties []Property
	Aggregates []Expr
	HasBy      bool
	By         []Expr
	Bin        Expr // the old form: by ... bin=1h
}

// Join is join and lookup.
type Join struct {
	Head
	Properties []Property
	Right      Expr
	On         []Expr
	Condition  Expr // of join ... where
}

// Union puts tables below each other.
type Union struct {
	Head
	Properties []Property
	Tables     []Expr
}

// Search is search.
type Search struct {
	Head
	Properties []Property
	In         []Expr
	Condition  Expr
}

// Find is find.
type Find struct {
	Head
	Properties  []Property
	In          []Expr
	Condition   Expr
	Smart       bool // project-smart
	HasProject  bool
	Project     []Expr // FindColumn, Star or Pack
	ProjectAway []Expr
}

// FindColumn is a column that find projects, with the type that it should have.
type FindColumn struct {
	Span
	Column Expr
	Type   string
}

// Pack is pack(*) in find.
type Pack struct{ Span }

func (*FindColumn) expr() {}
func (*Pack) expr()       {}

// ParseText is parse and parse-where.
type ParseText struct {
	Head
	Properties []Property
	X          Expr
	Parts      []Node // Literal, Star or Declaration
}

// ParseKV is parse-kv.
type ParseKV struct {
	Head
	X          Expr
	Columns    []Declaration
	Properties []Property
}

// Expand is mv-expand and mv-apply.
type Expand struct {
	Head
	Properties []Property
	Items      []Item
	Limit      Expr
	ID         Expr
	Subquery   Expr // of mv-apply
}

// Item is one column that mv-expand takes apart.
type Item struct {
	Span
	X  Expr
	To *TypeOf
}

// MakeSeries is make-series.
type MakeSeries struct {
	Head
	Properties []Property
	Series     []Series
	On         Expr
	From, To   Expr
	Step       Expr
	Range      []Expr // the old form: in range(from, to, step)
	By         []Expr
}

// Series is one aggregate of make-series.
type Series struct {
	Span
	X       Expr
	Default Expr
}

// Evaluate runs a plugin.
type Evaluate struct {
	Head
	Properties []Property
	Call       *Call
	HasSchema  bool
	Star       bool // the schema keeps what is there
	Columns    []Declaration
}

// Invoke calls a function with the table before it as the first argument.
type Invoke struct {
	Head
	Call Expr
}

// Partition runs a subquery for each value of a column.
type Partition struct {
	Head
	Properties []Property
	By         Expr
	Subquery   Expr
	Whole      bool // the subquery stands in braces and names its own table
}

// Range makes a table of numbers or times.
type Range struct {
	Head
	Name           Name
	From, To, Step Expr
}

// Render says how to draw the result.
type Render struct {
	Head
	Chart      Name
	Properties []Property
}

// As gives the table so far a name.
type As struct {
	Head
	Properties []Property
	Name       Name
}

// GetSchema gives the columns instead of the rows.
type GetSchema struct {
	Head
	Properties []Property
}

// Scan matches sequences of rows.
type Scan struct {
	Head
	Properties  []Property
	OrderBy     []Key
	PartitionBy []Expr
	Declare     []Declaration
	Steps       []ScanStep
}

// ScanStep is one step of scan.
type ScanStep struct {
	Span
	Name        Name
	Optional    bool
	Output      string
	Condition   Expr
	Assignments []Named
}

// MakeGraph makes a graph of edges.
type MakeGraph struct {
	Head
	Source, Target Expr
	NodeID         *Name // with_node_id
	Nodes          []GraphNodes
}

// GraphNodes is a table of what is known about nodes, and the column that they are known by.
type GraphNodes struct {
	Table, ID Expr
}

// GraphMatch finds paths of a form in a graph.
type GraphMatch struct {
	Head
	Properties []Property
	Patterns   []GraphPattern
	Where      Expr // nil for none
	Project    []Expr
}

// GraphPattern is nodes with edges between them: one more node than edges.
type GraphPattern struct {
	Nodes []GraphElement
	Edges []GraphElement
}

// GraphElement is a node, or an edge, with or without a name.
type GraphElement struct {
	Span
	Name     Name   // empty for none
	Toward   string // of an edge: ">", "<", or empty for both ways
	Min, Max Expr   // of an edge: how many follow each other; nil for one
}

// Unoffered is an operator that hunting knows and does not offer. It is kept as text.
type Unoffered struct {
	Head
	Text string
}
