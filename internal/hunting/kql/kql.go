// Package kql reads the query language of hunting: it says what is wrong with a query, and makes a plan of one with which
// nothing is. It reads no row, knows no reader, and runs nothing: a plan names the stored rows that it needs, and whoever runs
// it asks first whether the reader may see them.
package kql

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/bind"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// MaxText is how long a query may be, in bytes.
const MaxText = syntax.MaxText

// Catalog is the tables that a query may name.
type Catalog = bind.Catalog

// Table is a table of a catalog.
type Table = bind.Table

// Column is a column of a table.
type Column = bind.Column

// Result is what there is to say about a query.
type Result struct {
	Parsed bool        // it can be read
	Plan   *plan.Query // what it means; nil when something is wrong with it
	Errors []Error     // what is wrong with it, in the order of the text
}

// Error is one thing wrong with a query, and where.
type Error struct {
	Line    int    `json:"line"`   // from 1
	Column  int    `json:"column"` // from 1, in characters
	Start   int    `json:"-"`      // in bytes
	End     int    `json:"-"`
	Message string `json:"message"`
}

// Compile reads a query and finds out what it means.
func Compile(text string, catalog *Catalog) Result {
	q, problems := syntax.Parse(text)
	r := Result{Parsed: problems.Len() == 0}
	r.Plan = bind.Bind(q, catalog, problems)
	lines := syntax.NewLines(text)
	for _, p := range problems.Sorted() {
		e := Error{Start: p.Start, End: p.End, Message: p.Message}
		e.Line, e.Column = lines.At(p.Start)
		r.Errors = append(r.Errors, e)
	}
	return r
}

// At gives the line and the column of an offset in a query, both from 1.
func At(text string, offset int) (line, column int) { return syntax.NewLines(text).At(offset) }

// Columns are the columns of the result, beside those that only data will tell.
func (r Result) Columns() []*plan.Column {
	if r.Plan == nil {
		return nil
	}
	var list []*plan.Column
	for _, c := range r.Plan.Root.Columns() {
		if !c.Hidden {
			list = append(list, c)
		}
	}
	return list
}

// Tables are the names of the tables that the query reads, in alphabetical order.
func (r Result) Tables() []string {
	if r.Plan == nil {
		return nil
	}
	var names []string
	for _, ref := range plan.References(r.Plan.Root) {
		if ref.Kind == plan.Table {
			names = append(names, ref.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
