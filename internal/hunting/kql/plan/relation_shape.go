package plan

// The relations that take values apart or bring rows into series.

// Expand makes a row of each element of arrays and each property of bags, side by side: mv-expand.
type Expand struct {
	Input Node
	Items []ExpandItem
	Index *Column // the position, or nil
	Limit Expr    // of rows for each row, or nil
	Pairs bool    // a bag's property becomes an array of its name and its value, instead of a bag
}

// ExpandItem is one value to take apart. Its column takes the place of Replaces, or is a new one.
type ExpandItem struct {
	Output
	Replaces *Column
}

// Columns are those of the input, with those expanded.
func (n *Expand) Columns() []*Column {
	list := append([]*Column{}, n.Input.Columns()...)
	for _, item := range n.Items {
		list = place(list, item.Column, item.Replaces)
	}
	if n.Index != nil {
		list = append(list, n.Index)
	}
	return list
}

func place(list []*Column, c, replaces *Column) []*Column {
	for i := range list {
		if list[i] == replaces {
			list[i] = c
			return list
		}
	}
	return append(list, c)
}

// Inputs is the input.
func (n *Expand) Inputs() []Node { return []Node{n.Input} }

// Exprs are the values and the limit.
func (n *Expand) Exprs() []Expr {
	list := some(n.Limit)
	for _, item := range n.Items {
		list = append(list, item.Expr)
	}
	return list
}

// Apply expands the values of each row and runs a subquery over what came of that row: mv-apply. Each row of the subquery's
// result stands beside the columns of the row it came from that are kept.
type Apply struct {
	Expand   *Expand
	Rows     *Rows // what Subquery reads: the columns of Expand, anew
	Subquery Node
	Kept     []*Column // of the input
}

// Columns are those kept and those of the subquery.
func (n *Apply) Columns() []*Column {
	return append(append([]*Column{}, n.Kept...), n.Subquery.Columns()...)
}

// Inputs are the expanded rows and the subquery.
func (n *Apply) Inputs() []Node { return []Node{n.Expand, n.Subquery} }

// Exprs are none.
func (n *Apply) Exprs() []Expr { return nil }

// Partition runs a subquery over the rows of each value of a column.
type Partition struct {
	Input    Node
	By       Expr
	Value    *Column // the value, as the subquery sees it; nil when it does not
	Rows     *Rows   // nil when the subquery reads its own tables
	Subquery Node
}

// Columns are those of the subquery.
func (n *Partition) Columns() []*Column { return n.Subquery.Columns() }

// Inputs are the rows and the subquery.
func (n *Partition) Inputs() []Node { return []Node{n.Input, n.Subquery} }

// Exprs is what is partitioned by.
func (n *Partition) Exprs() []Expr { return []Expr{n.By} }

// Series makes arrays over an axis: make-series.
type Series struct {
	Input          Node
	Keys           []Output
	Aggregates     []SeriesAggregate
	Axis           Output
	From, To, Step Expr // From and To may be nil: the least and the greatest
	NonEmpty       bool
}

// SeriesAggregate is one array, with what stands where there are no rows.
type SeriesAggregate struct {
	Output
	Default Expr // nil for 0
}

// Columns are the keys, the arrays and the axis.
func (n *Series) Columns() []*Column {
	list := outputColumns(n.Keys)
	for _, a := range n.Aggregates {
		list = append(list, a.Column)
	}
	return append(list, n.Axis.Column)
}

// Inputs is the input.
func (n *Series) Inputs() []Node { return []Node{n.Input} }

// Exprs are all of its parts.
func (n *Series) Exprs() []Expr {
	list := append(outputExprs(n.Keys), n.Axis.Expr)
	for _, a := range n.Aggregates {
		list = append(list, some(a.Expr, a.Default)...)
	}
	return append(list, some(n.From, n.To, n.Step)...)
}

// TopNested keeps the groups with the greatest aggregates, within each of them again, and so on.
type TopNested struct {
	Input  Node
	Levels []TopLevel
}

// TopLevel is one level of TopNested. Hitters is a TopNested of one level.
type TopLevel struct {
	Count     Expr // nil for all
	Of        Output
	By        Output
	Others    Expr // nil for none: the value of a row for all groups that were not kept
	Ascending bool
}

// Columns are those of each level.
func (n *TopNested) Columns() []*Column {
	var list []*Column
	for _, l := range n.Levels {
		list = append(list, l.Of.Column, l.By.Column)
	}
	return list
}

// Inputs is the input.
func (n *TopNested) Inputs() []Node { return []Node{n.Input} }

// Exprs are all of its parts.
func (n *TopNested) Exprs() []Expr {
	var list []Expr
	for _, l := range n.Levels {
		list = append(list, some(l.Count, l.Of.Expr, l.By.Expr, l.Others)...)
	}
	return list
}
