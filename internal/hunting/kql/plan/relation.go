package plan

// Values is rows written out. Without columns it is rows of nothing, as print starts from one.
type Values struct {
	Cols []*Column
	Rows [][]Expr
}

// Range is a column of numbers or times.
type Range struct {
	Column         *Column
	From, To, Step Expr
}

// Filter keeps the rows for which a predicate is true.
type Filter struct {
	Input     Node
	Predicate Expr
}

// Project makes columns of the columns of its input. extend, project-away and their like are Projects too.
type Project struct {
	Input   Node
	Outputs []Output
}

// Aggregate makes one row of each group, and one of no rows when there are no keys.
type Aggregate struct {
	Input      Node
	Keys       []Output
	Aggregates []Output // expressions over aggregates; Elements of one Call are computed from the same row
}

// Sort orders rows.
type Sort struct {
	Input Node
	Keys  []SortKey
}

// SortKey is one thing to order by.
type SortKey struct {
	Expr       Expr
	Descending bool
	NullsFirst bool
}

// Limit keeps a number of rows: the first of an order, or any.
type Limit struct {
	Input  Node
	Count  Expr
	Random bool // sample: each row is as likely as another
}

// Serialize says that the rows stand in an order which functions such as prev() may use.
type Serialize struct{ Input Node }

// Union puts the rows of relations below each other. Columns[i] is Legs[n].From[i] of each leg, or missing where that is nil.
type Union struct {
	Legs []Leg
	Cols []*Column
}

// Leg is one relation of a Union.
type Leg struct {
	Input Node
	From  []*Column
}

// Binding is a relation with a name, made once and used maybe often.
type Binding struct {
	Name         string
	Node         Node
	Materialized bool // it must be computed only once
}

// Use is a use of a Binding. Its columns are new: Cols[i] is From[i] of the binding.
type Use struct {
	Binding *Binding
	Cols    []*Column
	From    []*Column
}

// Rows stands for the rows that a subquery is given, in Apply and Partition. Its columns are new: Cols[i] is From[i] of what is given.
type Rows struct{ Cols, From []*Column }

// Columns of each node.
func (n *Values) Columns() []*Column    { return n.Cols }
func (n *Range) Columns() []*Column     { return []*Column{n.Column} }
func (n *Filter) Columns() []*Column    { return n.Input.Columns() }
func (n *Project) Columns() []*Column   { return outputColumns(n.Outputs) }
func (n *Sort) Columns() []*Column      { return n.Input.Columns() }
func (n *Limit) Columns() []*Column     { return n.Input.Columns() }
func (n *Serialize) Columns() []*Column { return n.Input.Columns() }
func (n *Union) Columns() []*Column     { return n.Cols }
func (n *Use) Columns() []*Column       { return n.Cols }
func (n *Rows) Columns() []*Column      { return n.Cols }

func (n *Aggregate) Columns() []*Column {
	return append(outputColumns(n.Keys), outputColumns(n.Aggregates)...)
}

// Inputs of each node.
func (n *Values) Inputs() []Node    { return nil }
func (n *Range) Inputs() []Node     { return nil }
func (n *Filter) Inputs() []Node    { return []Node{n.Input} }
func (n *Project) Inputs() []Node   { return []Node{n.Input} }
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }
func (n *Sort) Inputs() []Node      { return []Node{n.Input} }
func (n *Limit) Inputs() []Node     { return []Node{n.Input} }
func (n *Serialize) Inputs() []Node { return []Node{n.Input} }
func (n *Use) Inputs() []Node       { return []Node{n.Binding.Node} }
func (n *Rows) Inputs() []Node      { return nil }

func (n *Union) Inputs() []Node {
	list := make([]Node, len(n.Legs))
	for i, leg := range n.Legs {
		list[i] = leg.Input
	}
	return list
}

// Exprs of each node.
func (n *Range) Exprs() []Expr     { return []Expr{n.From, n.To, n.Step} }
func (n *Filter) Exprs() []Expr    { return []Expr{n.Predicate} }
func (n *Project) Exprs() []Expr   { return outputExprs(n.Outputs) }
func (n *Limit) Exprs() []Expr     { return []Expr{n.Count} }
func (n *Serialize) Exprs() []Expr { return nil }
func (n *Union) Exprs() []Expr     { return nil }
func (n *Use) Exprs() []Expr       { return nil }
func (n *Rows) Exprs() []Expr      { return nil }

func (n *Values) Exprs() []Expr {
	var list []Expr
	for _, row := range n.Rows {
		list = append(list, row...)
	}
	return list
}

func (n *Aggregate) Exprs() []Expr {
	return append(outputExprs(n.Keys), outputExprs(n.Aggregates)...)
}

func (n *Sort) Exprs() []Expr {
	list := make([]Expr, len(n.Keys))
	for i, k := range n.Keys {
		list[i] = k.Expr
	}
	return list
}
