// Package plan is what a query means: a tree of relations and typed expressions, in which every name has been resolved. An
// authoriser walks it, and an engine runs it. It holds no text of the user but in literals and in the names of columns.
package plan

import "github.com/bailiwick/bailiwick/internal/hunting/kql/types"

// Column is a column of a relation. Expressions point at columns, so a name is needed only to show a result: two columns may
// have names that an engine could not tell apart.
type Column struct {
	ID     int // in the order in which columns were made; of one plan, each has its own
	Name   string
	Type   types.Type
	Hidden bool // part of no result; the time of arrival that ingestion_time() reads
}

// Query is a bound query.
type Query struct {
	Root Node
	// Open says that the result has columns beside those of Root, which only the data will tell.
	Open   bool
	Render *Render
}

// Render is how the writer of a query wants its result drawn.
type Render struct {
	Chart      string
	Properties map[string]string
}

// Node is a relation: rows with columns.
type Node interface {
	Columns() []*Column
	// Inputs are the relations it is made of, those in expressions not among them.
	Inputs() []Node
	// Exprs are the expressions that it evaluates.
	Exprs() []Expr
}

// Kind is what a Reference refers to.
type Kind uint8

// What stored rows there are.
const (
	Table      Kind = iota // a table of the hunting schema
	Feed                   // what externaldata names: a registered feed, by its address
	Reputation             // what FileProfile() looks up
)

func (k Kind) String() string { return [...]string{"table", "feed", "reputation"}[k] }

// Reference is the only node that names stored rows. It cannot be run: only an authoriser turns one into a scan.
type Reference struct {
	Kind    Kind
	Name    string
	Sources []string          // of a feed: its addresses
	Format  map[string]string // of a feed: how it is written
	Cols    []*Column
	Start   int // where the query names it
	End     int
}

// Columns are those of the rows.
func (r *Reference) Columns() []*Column { return r.Cols }

// Inputs are none.
func (r *Reference) Inputs() []Node { return nil }

// Exprs are none.
func (r *Reference) Exprs() []Expr { return nil }

// Output is a column that a node makes, and how.
type Output struct {
	Column *Column
	Expr   Expr
}

func outputColumns(list []Output) []*Column {
	columns := make([]*Column, len(list))
	for i, o := range list {
		columns[i] = o.Column
	}
	return columns
}

func outputExprs(list []Output) []Expr {
	exprs := make([]Expr, len(list))
	for i, o := range list {
		exprs[i] = o.Expr
	}
	return exprs
}
