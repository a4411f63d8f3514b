package plan

// JoinKind is which rows a Join gives.
type JoinKind string

// The kinds of joins.
const (
	InnerUnique JoinKind = "innerunique" // as inner, of each key only one row of the left
	Inner       JoinKind = "inner"
	LeftOuter   JoinKind = "leftouter"
	RightOuter  JoinKind = "rightouter"
	FullOuter   JoinKind = "fullouter"
	LeftSemi    JoinKind = "leftsemi"
	LeftAnti    JoinKind = "leftanti"
	RightSemi   JoinKind = "rightsemi"
	RightAnti   JoinKind = "rightanti"
)

// Join matches the rows of two relations. Its columns are those of both, of semi and anti joins those of the side that is
// kept. A side without a match gives nulls, and empty text: there is no null string.
type Join struct {
	Kind        JoinKind
	Left, Right Node
	On          []Pair
	Condition   Expr // beside On, or instead; nil for none
}

// Pair is two columns that must be equal.
type Pair struct{ Left, Right *Column }

// Columns are those of the sides that are kept.
func (n *Join) Columns() []*Column {
	switch n.Kind {
	case LeftSemi, LeftAnti:
		return n.Left.Columns()
	case RightSemi, RightAnti:
		return n.Right.Columns()
	}
	return append(append([]*Column{}, n.Left.Columns()...), n.Right.Columns()...)
}

// Inputs are the two sides.
func (n *Join) Inputs() []Node { return []Node{n.Left, n.Right} }

// Exprs is the condition.
func (n *Join) Exprs() []Expr { return some(n.Condition) }

// Profile looks up a file for each row, by its hash: FileProfile(). The table is a Reference of kind Reputation.
type Profile struct {
	Input Node
	Table Node
	Hash  Expr
	Limit Expr // of how many different files
	Added []Output
}

// Columns are those of the input, hidden by those added where they have the same name.
func (n *Profile) Columns() []*Column { return overlay(n.Input.Columns(), outputColumns(n.Added)) }

// Inputs are the rows and the reputation table.
func (n *Profile) Inputs() []Node { return []Node{n.Input, n.Table} }

// Exprs are the hash, the limit and what is added.
func (n *Profile) Exprs() []Expr { return append([]Expr{n.Hash, n.Limit}, outputExprs(n.Added)...) }

// overlay puts columns in the place of those with the same name, and the others at the end.
func overlay(under, over []*Column) []*Column {
	list := append([]*Column{}, under...)
	for _, c := range over {
		placed := false
		for i := range list {
			if list[i].Name == c.Name && !list[i].Hidden {
				list[i], placed = c, true
			}
		}
		if !placed {
			list = append(list, c)
		}
	}
	return list
}

// AddressLookup matches addresses with networks: ipv4_lookup and ipv6_lookup.
type AddressLookup struct {
	Input   Node
	Table   Node
	Version int // 4 or 6
	Address Expr
	Network *Column // of Table
	On      []Pair
	Keep    bool // rows without a match stay
}

// Columns are those of both.
func (n *AddressLookup) Columns() []*Column {
	return append(append([]*Column{}, n.Input.Columns()...), n.Table.Columns()...)
}

// Inputs are the rows and the table of networks.
func (n *AddressLookup) Inputs() []Node { return []Node{n.Input, n.Table} }

// Exprs is the address.
func (n *AddressLookup) Exprs() []Expr { return []Expr{n.Address} }

func some(list ...Expr) []Expr {
	var there []Expr
	for _, e := range list {
		if e != nil {
			there = append(there, e)
		}
	}
	return there
}
