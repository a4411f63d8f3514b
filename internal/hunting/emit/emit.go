// Package emit writes an authorised plan as one statement of DuckDB's.
//
// No text of a user's is ever part of it: literals are parameters, and every name is made of a number. Stored rows come in by a scan
// that was authorised and in no other way, cut to what is in reach in a relation of its own, below whatever the query does with them.
// Nothing that is written can raise an error on data.
package emit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/emit/scalar"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// Ticks are moments, and spans of time: counts of 100 nanoseconds, moments since the year 1.
type Ticks = int64

// Options are what a statement depends on beside its plan.
type Options struct {
	Now                    Ticks // the one moment that now() is
	From, To               Ticks // rows of a table with a time are from within these; 0: no bound
	ArrivedFrom, ArrivedTo Ticks // and came in within these; 0: no bound
	Floor                  Ticks // rows that are older, and came before it, are kept no longer; 0: all are kept
	Places                 bool  // there are data about where addresses are

	// Few are the lists, of those that scans are cut by, which are short enough to be written out; see MostWritten.
	Few map[authorise.List][]string
}

// MostWritten is how many ids of a list are written into a statement. The engine looks for them while it reads, before it reads anything
// else of a row; a longer list is a relation, to which it joins.
const MostWritten = 200

// Statement is what an engine is given.
type Statement struct {
	SQL        string
	Parameters []any    // bool, int64, float64 or string: for $1 and those that follow
	Tables     []string // the physical names of what it reads
	Lists      []authorise.List
	Columns    []*plan.Column // of the result, in order
}

// NotBuilt is of a query that means something which cannot be run.
type NotBuilt struct{ What string }

func (e *NotBuilt) Error() string { return e.What }

// ErrTooDeep is of a query with so many operators in each other that no engine would read it.
var ErrTooDeep = &NotBuilt{"The query has too many operators in a row to be run: put parts of it together."}

var errNoOrder = &NotBuilt{"A function of the rows around can be used only where rows stand in an order: sort them, or use 'serialize'."}

var errUnauthorised = errors.New("emit: a read of stored rows that nobody has authorised")

// Emit writes a plan.
func Emit(p *authorise.Plan, o Options) (Statement, error) {
	if p == nil {
		return Statement{}, errUnauthorised
	}
	root := p.Query().Root
	e := newEmitter(p, o, root, root.Columns())
	r, err := e.node(root)
	if err != nil {
		return Statement{}, err
	}
	var s Statement
	var list []string
	for _, c := range root.Columns() {
		if c.Hidden {
			continue
		}
		s.Columns = append(s.Columns, c)
		list = append(list, name(c))
	}
	if len(list) == 0 {
		return s, nil // all of its columns are made of data, and there is none
	}
	sql := fmt.Sprintf("SELECT %s FROM %s", strings.Join(list, ", "), e.from(r))
	if r.order != "" {
		sql += " ORDER BY " + r.order
	}
	e.finish(&s, sql)
	return s, nil
}

// finish puts what is shared before a statement.
func (e *emitter) finish(s *Statement, sql string) {
	var b strings.Builder
	for i, c := range e.shared {
		b.WriteString(map[bool]string{true: "WITH ", false: ", "}[i == 0])
		b.WriteString(c)
	}
	s.SQL, s.Parameters = scalar.Used(b.String()+" "+sql, e.parameters)
	s.Lists = e.plan.Lists()
	for _, t := range e.plan.Tables() {
		s.Tables = append(s.Tables, t.Physical())
	}
}

type emitter struct {
	plan       *authorise.Plan
	o          Options
	parameters []any
	known      map[any]string // the parameter that has a value already
	shared     []string       // common table expressions, each after those that it names
	named      map[*plan.Binding]string
	uses       map[*plan.Binding]int
	live       live
	rows       map[*plan.Rows]rel      // what a subquery's rows are
	alias      map[*plan.Column]string // what generated columns stand for
	n          int                     // of the next generated name
	depth      int
	present    map[*plan.Column]bool // columns that have a value in every row
	counts     bool                  // numbers() is there
	written    int                   // bytes of expressions
}

// rel is a relation as text.
type rel struct {
	sql   string   // a SELECT that has no order
	order string   // the order that its rows stand in, as keys over its columns; empty: none
	extra []string // columns that are there only to keep the order
	// folded are columns that it has in lower case too, as they are stored: a search that does not mind case need not make that again.
	folded []*plan.Column
}

// lowered is what such a column is called.
func lowered(c *plan.Column) string { return "w" + strconv.Itoa(c.ID) }

// search writes what an expression asks of texts in lower case over those that are stored so.
func (r rel) search(text string, err error) (string, error) {
	for _, c := range r.folded {
		text = strings.ReplaceAll(text, "lower("+name(c)+")", lowered(c))
	}
	return text, err
}

// same gives the same rows with the same columns by another SELECT.
func (r rel) same(sql string) rel {
	r.sql = sql
	return r
}

func newEmitter(p *authorise.Plan, o Options, root plan.Node, wanted []*plan.Column) *emitter {
	e := &emitter{plan: p, o: o, known: map[any]string{}, named: map[*plan.Binding]string{}, uses: map[*plan.Binding]int{}, rows: map[*plan.Rows]rel{}, alias: map[*plan.Column]string{}, present: map[*plan.Column]bool{}}
	e.live = liveColumns(root, wanted, e.uses)
	return e
}

// name is what a column is called. Every column of a plan has a number of its own.
func name(c *plan.Column) string { return "v" + strconv.Itoa(c.ID) }

func (e *emitter) fresh(kind string) string {
	e.n++
	return kind + strconv.Itoa(e.n)
}

// from writes a relation as it stands behind FROM.
func (e *emitter) from(r rel) string { return "(" + r.sql + ") " + e.fresh("r") }

// over gives the same rows by another SELECT.
func (r rel) over(sql string) rel { return rel{sql: sql, order: r.order, extra: r.extra} }

// sqlType is the engine's type for values of a type.
func sqlType(t types.Type) string { return scalar.Type(t) }

// none is the value that is none: there is no null text.
func none(t types.Type) string { return scalar.Missing(t) }

// parameter gives the place of a value among the parameters.
func (e *emitter) parameter(v any) string {
	if p, ok := e.known[v]; ok {
		return p
	}
	e.parameters = append(e.parameters, v)
	p := "$" + strconv.Itoa(len(e.parameters))
	if f, isReal := v.(float64); !isReal || f == f {
		e.known[v] = p
	}
	return p
}

// env is what an expression sees of the relation that it is computed over.
type env struct {
	e     *emitter
	order string
}

func (v env) Column(c *plan.Column) string {
	if text, ok := v.e.alias[c]; ok {
		return text
	}
	return name(c)
}
func (v env) Parameter(x any) string { return v.e.parameter(x) }
func (v env) Now() int64             { return v.e.o.Now }
func (v env) Places() bool           { return v.e.o.Places }

func (v env) Order() (string, error) {
	if v.order == "" {
		return "", errNoOrder
	}
	return v.order, nil
}

func (v env) Subquery(b *plan.Binding) (from, column string, err error) {
	from, err = v.e.binding(b)
	if err != nil {
		return "", "", err
	}
	columns := b.Node.Columns()
	if len(columns) == 0 {
		return "", "", errors.New("emit: a subquery without a column")
	}
	return from + " " + v.e.fresh("r"), name(columns[0]), nil
}

// maxWritten is how long all expressions of a statement may be together.
const maxWritten = 32 << 20

func (e *emitter) counted(text string, err error) (string, error) {
	if e.written += len(text); err == nil && e.written > maxWritten {
		return "", errors.New("the query is too long when it is written out")
	}
	return text, err
}

// expr writes an expression over a relation.
func (e *emitter) expr(x plan.Expr, r rel) (string, error) {
	return r.search(said(e.counted(scalar.Emit(x, env{e, r.order}))))
}

// as writes it as a value of a type.
func (e *emitter) as(x plan.Expr, t types.Type, r rel) (string, error) {
	return r.search(said(e.counted(scalar.As(x, t, env{e, r.order}))))
}

// predicate writes it where null means false.
func (e *emitter) predicate(x plan.Expr, r rel) (string, error) {
	return r.search(said(e.counted(scalar.Predicate(x, env{e, r.order}))))
}

// said makes a sentence of what cannot be written: all that package scalar says is about the query.
func said(text string, err error) (string, error) {
	var told *NotBuilt
	if err == nil || errors.Is(err, errUnauthorised) || errors.As(err, &told) {
		return text, err
	}
	return "", &NotBuilt{strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."}
}

// binding gives a relation that has a name, as it may stand behind FROM. What is used once stands where it is used.
func (e *emitter) binding(b *plan.Binding) (string, error) {
	if n, ok := e.named[b]; ok {
		return n, nil
	}
	r, err := e.node(b.Node)
	if err != nil {
		return "", err
	}
	if ordered := r.order; ordered != "" { // toscalar is of the first row
		r.sql = "SELECT * FROM " + e.from(r) + " ORDER BY " + ordered
	}
	if e.uses[b] < 2 || hasRows(b.Node) {
		return "(" + r.sql + ")", nil
	}
	n := e.fresh("b")
	e.shared = append(e.shared, n+sharing(b)+"("+r.sql+")")
	e.named[b] = n
	return n, nil
}

// sharing says whether rows that are used more than once are computed once. Of stored rows that are only picked from, each use reads
// what it needs and no more.
func sharing(b *plan.Binding) string {
	n := b.Node
	for !b.Materialized {
		switch x := n.(type) {
		case *plan.Filter:
			n = x.Input
			continue
		case *plan.Project:
			n = x.Input
			continue
		case *plan.Reference:
			return " AS NOT MATERIALIZED "
		}
		break
	}
	return " AS MATERIALIZED "
}

func hasRows(n plan.Node) bool {
	found := false
	plan.Walk(n, func(n plan.Node) {
		_, is := n.(*plan.Rows)
		found = found || is
	})
	return found
}

const maxDepth = 300

// node writes a relation.
func (e *emitter) node(n plan.Node) (rel, error) {
	e.depth++
	defer func() { e.depth-- }()
	if e.depth > maxDepth {
		return rel{}, ErrTooDeep
	}
	switch n := n.(type) {
	case *plan.Reference:
		return e.scan(n)
	case *plan.Values:
		return e.values(n)
	case *plan.Range:
		return e.rangeOf(n)
	case *plan.Filter:
		return e.filter(n)
	case *plan.Project:
		return e.project(n)
	case *plan.Aggregate:
		return e.aggregate(n)
	case *plan.Sort:
		return e.sort(n)
	case *plan.Limit:
		return e.limit(n)
	case *plan.Serialize:
		return e.serialize(n)
	case *plan.Union:
		return e.union(n)
	case *plan.Use:
		return e.use(n)
	case *plan.Rows:
		return e.given(n)
	case *plan.Join:
		return e.join(n)
	case *plan.Expand:
		return e.expand(n)
	case *plan.Apply:
		return e.apply(n)
	case *plan.Partition:
		return e.partition(n)
	case *plan.Parse:
		return e.parse(n)
	case *plan.ParsePairs:
		return e.pairs(n)
	case *plan.Profile:
		return e.profile(n)
	case *plan.AddressLookup:
		return e.lookup(n)
	case *plan.Narrow:
		return e.narrow(n)
	case *plan.Unpack:
		return e.unpack(n)
	case *plan.Pivot:
		return e.pivot(n)
	case *plan.Series:
		return e.series(n)
	case *plan.TopNested:
		return e.topNested(n)
	case *plan.Match:
		return e.match(n)
	}
	return rel{}, &NotBuilt{"The query uses an operator that cannot be run here yet: " + strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", n), "*plan.")) + "."}
}

// visible gives those of columns that somebody needs.
func (e *emitter) needed(list []*plan.Column) []*plan.Column {
	return slices.DeleteFunc(slices.Clone(list), func(c *plan.Column) bool { return !e.live[c] })
}
