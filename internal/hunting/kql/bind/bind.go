// Package bind finds out what a query means: it resolves every name against a catalog, gives every expression its type and
// makes a plan of it all. What the catalog does not have does not exist for it.
package bind

import (
	"fmt"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// What one query may cost to bind. Functions are written out where they are called, so a short text can mean a long query.
const (
	maxCalls = 500     // of functions that let declares
	maxSize  = 400_000 // expressions and relations
	// maxColumns is how many columns rows may have.
	maxColumns = 2_000
	maxDepth   = 400 // of functions and subqueries in each other, beyond what the parser allows
)

// Bind binds a query. Without a problem it gives the plan; problems are noted beside those of the parser.
func Bind(q *syntax.Query, catalog *Catalog, problems *syntax.Problems) *plan.Query {
	b := &binder{catalog: catalog, problems: problems, scope: newScope(nil), suffix: 1}
	result := b.query(q)
	if problems.Len() > 0 {
		return nil
	}
	return result
}

type binder struct {
	catalog  *Catalog
	problems *syntax.Problems
	scope    *scope
	operator string // whose words an error begins with
	render   *plan.Render

	// What names stand for beside those of the scope.
	rows      *relation      // columns; nil outside of operators
	right     *relation      // of the other side of a join
	space     int            // which rows they are of; 0 for none
	aggregate bool           // in a place for aggregates: columns stand only inside of them
	keys      []*plan.Column // behind by in the same summarize
	given     *relation      // what a subquery that begins with an operator goes on with

	steps map[string]*relation // of scan: what each remembers; of graph-match: nodes and edges
	runs  map[string]*run      // of graph-match: edges that follow each other under one name

	fuzzy   bool // union isfuzzy=true: a table that is not there is left out
	missing bool // one was not there

	search    bool               // in the condition of search or find
	exactCase bool               // terms are compared letter by letter
	wholeRow  bool               // the condition looks at all columns
	sweeping  map[plan.Expr]bool // its parts that name every column
	source    *plan.Column       // which says what rows are of, and is not searched

	opened     int // how many plugins there were whose columns only data tells
	suffix     int // of the next name Column1
	nextID     int
	nextSpace  int
	calls      int
	size       int
	depth      int
	incomplete bool // a budget is used up; said once
}

func (b *binder) problem(at syntax.Span, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if b.operator != "" {
		message = "'" + b.operator + "' operator: " + message
	}
	b.problems.Add(at, message)
}

// spend counts what a query costs, and says whether there is anything left to spend.
func (b *binder) spend(at syntax.Span, n int) bool {
	b.size += n
	if b.size > maxSize && !b.incomplete {
		b.incomplete = true
		b.problems.Add(at, "The query is too complex: with its functions written out it has too many parts.")
	}
	return !b.incomplete && !b.problems.Full()
}

// tooWide says when there are more columns than rows may have.
func (b *binder) tooWide(at syntax.Span, n int) bool {
	if n > maxColumns && !b.incomplete {
		b.incomplete = true
		b.problems.Add(at, fmt.Sprintf("There are too many columns: rows may have %d.", maxColumns))
	}
	return n > maxColumns
}

func (b *binder) column(name string, t types.Type) *plan.Column {
	b.nextID++
	return &plan.Column{ID: b.nextID, Name: name, Type: t}
}

// within binds something in the words of an operator.
func (b *binder) within(operator string, f func()) {
	before := b.operator
	b.operator = operator
	f()
	b.operator = before
}

// over binds something for which names are columns of these rows.
func (b *binder) over(rows *relation, f func()) {
	rowsBefore, right, space, aggregate, search := b.rows, b.right, b.space, b.aggregate, b.search
	b.rows, b.right, b.space, b.aggregate, b.search = rows, nil, 0, false, false
	if rows != nil {
		b.nextSpace++
		b.space = b.nextSpace
	}
	f()
	b.rows, b.right, b.space, b.aggregate, b.search = rowsBefore, right, space, aggregate, search
}

// apart binds something that sees no rows: a subquery that begins with its own table.
func (b *binder) apart(f func()) { b.over(nil, f) }

func (b *binder) query(q *syntax.Query) *plan.Query {
	for _, d := range q.Directives {
		b.problem(d.Span, "Unknown directive '%s': lines that begin with # are for other tools and no part of a query.", syntax.Clip(d.Text))
	}
	var result *relation
	var at syntax.Span
	for i, s := range q.Statements {
		r, ok := b.statement(s, i == len(q.Statements)-1)
		if ok {
			result, at = r, s.Bounds()
		}
	}
	if result == nil {
		if b.problems.Len() == 0 {
			b.problem(syntax.Span{Start: q.End, End: q.End}, "The query has no result: it must end with an expression that gives rows.")
		}
		return nil
	}
	if result.graph != nil {
		b.problem(at, "The query has no result: a graph is no table. Behind make-graph stands graph-match.")
	} else if len(result.visible()) == 0 && result.open == nil && !result.bad && !b.incomplete {
		b.problem(at, "The query has no result: it has no columns.")
	}
	if result.show != nil {
		result.show()
	}
	return &plan.Query{Root: result.plain(b), Open: result.open != nil, Render: b.render}
}
