// Package scalar writes the expressions of a plan in the engine's SQL, with the meaning that KQL gives them.
//
// Values are in SQL as the event store has them: bool BOOLEAN, int INTEGER, long BIGINT, real DOUBLE, decimal DECIMAL(38,6), datetime and
// timespan BIGINT counts of 100 nanoseconds, string and guid VARCHAR, dynamic VARCHAR with the text of JSON. A string is never NULL.
//
// Nothing that is written here raises an error on data: what has no value is NULL.
package scalar

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// Env is what the relation around an expression offers.
type Env interface {
	// Column is SQL that reads a column.
	Column(c *plan.Column) string
	// Parameter is SQL for a value that is bound: bool, int64, float64 or string.
	Parameter(v any) string
	// Subquery is a relation to select from, and what its first column is called in it.
	Subquery(b *plan.Binding) (from, column string, err error)
	// Now is the moment of the query, the same all through it.
	Now() int64
	// Order is what stands behind ORDER BY where a function looks at the rows around; an error where rows stand in no order.
	Order() (string, error)
	// Places says whether there are data from which geo_info_from_ip_address can answer.
	Places() bool
}

// Emit writes an expression.
func Emit(x plan.Expr, env Env) (string, error) {
	e := &emitter{env: env}
	return e.done(e.expr(x))
}

// Predicate writes an expression for a place where null means the same as false, so that the engine can skip what it need not read.
func Predicate(x plan.Expr, env Env) (string, error) {
	e := &emitter{env: env}
	return e.done(e.predicate(x))
}

// As writes an expression as a value of another type.
func As(x plan.Expr, to types.Type, env Env) (string, error) {
	e := &emitter{env: env}
	return e.done(e.as(x, to.Kind))
}

// Type is the engine's type for values of a type of KQL.
func Type(t types.Type) string { return sqlTypes[t.Kind] }

// Missing is SQL for the value that is none: what an outer join gives where there is no row.
func Missing(t types.Type) string { return missing(t.Kind) }

type emitter struct {
	env     Env
	err     error
	written int // bytes of SQL, with those of parts counted again in what they are part of
}

// How long the SQL of an expression may be, and how much may be written on the way to it: some is written twice, and what holds it twice
// again.
const (
	maxSQL     = 8 << 20
	maxWritten = 64 << 20
)

func (e *emitter) done(sql string) (string, error) {
	if e.err == nil && len(sql) > maxSQL {
		e.err = errTooLong
	}
	if e.err != nil {
		return "", e.err
	}
	return sql, nil
}

var errTooLong = errors.New("the query is too long when it is written out: an expression in it is nested too deeply")

// refuse notes the first thing that cannot be done. What is written from then on does not matter.
func (e *emitter) refuse(format string, args ...any) string {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
	return "NULL"
}

var sqlTypes = map[types.Kind]string{
	types.Bool: "BOOLEAN", types.Int: "INTEGER", types.Long: "BIGINT", types.Real: "DOUBLE", types.Decimal: "DECIMAL(38,6)", types.String: "VARCHAR",
	types.DateTime: "BIGINT", types.TimeSpan: "BIGINT", types.GUID: "VARCHAR", types.Dynamic: "VARCHAR", types.Unknown: "VARCHAR", types.Null: "VARCHAR",
	types.Name: "VARCHAR", types.Error: "VARCHAR",
}

func missing(k types.Kind) string {
	if k == types.String {
		return "''"
	}
	return "CAST(NULL AS " + sqlTypes[k] + ")"
}

// expr writes an expression as a value of its own type.
func (e *emitter) expr(x plan.Expr) string {
	if e.err != nil {
		return "NULL"
	}
	sql := e.plain(x)
	if e.written += len(sql); e.written > maxWritten && e.err == nil {
		e.err = errTooLong
	}
	if e.err != nil {
		return "NULL"
	}
	return sql
}

func (e *emitter) plain(x plan.Expr) string {
	switch x := x.(type) {
	case *plan.ColumnRef:
		return e.env.Column(x.Column)
	case *plan.Literal:
		return e.literal(x)
	case *plan.Call:
		return e.call(x)
	case *plan.Access:
		return e.access(x)
	case *plan.Element:
		return e.element(x)
	case *plan.Scalar:
		return e.scalarOf(x)
	case *plan.InTable:
		return e.inTable(x)
	}
	return e.refuse("an expression that is not known here")
}

func (e *emitter) literal(l *plan.Literal) string {
	if l.Value == nil {
		return missing(l.Of.Kind)
	}
	switch v := l.Value.(type) {
	case bool:
		if v {
			return "TRUE"
		}
		return "FALSE"
	case string:
		if l.Of.Kind == types.Decimal {
			return "TRY_CAST(" + e.env.Parameter(v) + " AS " + sqlTypes[types.Decimal] + ")"
		}
		return e.bound(v, l.Of.Kind)
	case int64, float64:
		return e.bound(v, l.Of.Kind)
	}
	return e.refuse("a literal of an unknown kind")
}

func (e *emitter) bound(v any, k types.Kind) string {
	return "CAST(" + e.env.Parameter(v) + " AS " + sqlTypes[k] + ")"
}

func (e *emitter) text(s string) string { return e.bound(s, types.String) }
func (e *emitter) long(n int64) string  { return e.bound(n, types.Long) }

// scalarOf is the first column of the first row of a relation.
func (e *emitter) scalarOf(s *plan.Scalar) string {
	from, column, err := e.env.Subquery(s.Query)
	if err != nil {
		return e.refuse("%w", err)
	}
	sql := "(SELECT " + column + " FROM " + from + " LIMIT 1)"
	if s.Of.Kind == types.String {
		return "coalesce(" + sql + ", '')"
	}
	return sql
}

// own calls one of our functions.
func (e *emitter) own(name string, args ...string) string {
	if udf.Find(udf.Prefix+name) == nil {
		return e.refuse("there is no function %s", name)
	}
	return udf.Prefix + name + "(" + strings.Join(args, ", ") + ")"
}

// simple says whether it costs nothing to write an expression twice.
func simple(x plan.Expr) bool {
	switch x.(type) {
	case *plan.ColumnRef, *plan.Literal:
		return true
	}
	return false
}

// apart says whether an expression holds something that the engine does not allow inside TRY: aggregates, windows, subqueries.
func apart(x plan.Expr) bool {
	switch x := x.(type) {
	case *plan.Scalar, *plan.InTable:
		return true
	case *plan.Call:
		if x.Aggregate || x.Window {
			return true
		}
	}
	for _, a := range x.Args() {
		if apart(a) {
			return true
		}
	}
	return false
}
