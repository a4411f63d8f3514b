package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/emit/scalar"
	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	kqltypes "github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// noon is when the tests' queries run.
var noon = int64(events.TicksOf(time.Date(2024, 1, 10, 12, 0, 0, 0, time.UTC)))

// world writes expressions as what is around them does, for relations as small as print, datatable, extend and summarize.
type world struct {
	parameters []any
	places     bool
	written    bool   // values are written out: a table that is made has no parameters
	stored     string // a table with the rows that a query writes out
}

func (w *world) Column(c *plan.Column) string { return fmt.Sprintf("c%d", c.ID) }
func (w *world) Now() int64                   { return noon }
func (w *world) Order() (string, error)       { return "o", nil }
func (w *world) Places() bool                 { return w.places }

func (w *world) Parameter(v any) string {
	if w.written {
		switch x := v.(type) {
		case string:
			return "('" + strings.ReplaceAll(strings.ReplaceAll(x, "'", "''"), "\x00", "' || chr(0) || '") + "')"
		case float64:
			return fmt.Sprintf("CAST('%v' AS DOUBLE)", x)
		}
		return fmt.Sprint(v)
	}
	w.parameters = append(w.parameters, v)
	return fmt.Sprintf("$%d", len(w.parameters))
}

func (w *world) Subquery(b *plan.Binding) (from, column string, err error) {
	sql, err := w.rows(b.Node)
	return "(" + sql + ")", w.Column(b.Node.Columns()[0]), err
}

func (w *world) list(outputs []plan.Output) (string, error) {
	parts := make([]string, 0, len(outputs))
	for _, o := range outputs {
		sql, err := scalar.Emit(o.Expr, w)
		if err != nil {
			return "", err
		}
		parts = append(parts, sql+" AS "+w.Column(o.Column))
	}
	return strings.Join(parts, ", "), nil
}

// rows writes a relation; o is the place of a row in it.
func (w *world) rows(n plan.Node) (string, error) {
	switch n := n.(type) {
	case *plan.Values:
		if w.stored != "" && len(n.Cols) > 0 {
			return "SELECT * FROM " + w.stored, nil
		}
		var parts []string
		for i, row := range n.Rows {
			cells := []string{fmt.Sprintf("%d AS o", i)}
			for j, x := range row {
				sql, err := scalar.As(x, n.Cols[j].Type, w)
				if err != nil {
					return "", err
				}
				cells = append(cells, sql+" AS "+w.Column(n.Cols[j]))
			}
			parts = append(parts, "SELECT "+strings.Join(cells, ", "))
		}
		if len(parts) == 0 {
			cells := []string{"0 AS o"}
			for _, c := range n.Cols {
				cells = append(cells, scalar.Missing(c.Type)+" AS "+w.Column(c))
			}
			return "SELECT " + strings.Join(cells, ", ") + " WHERE false", nil
		}
		return strings.Join(parts, " UNION ALL "), nil
	case *plan.Project:
		in, err := w.rows(n.Input)
		if err != nil {
			return "", err
		}
		list, err := w.list(n.Outputs)
		return "SELECT o, " + list + " FROM (" + in + ")", err
	case *plan.Filter:
		in, err := w.rows(n.Input)
		if err != nil {
			return "", err
		}
		test, err := scalar.Predicate(n.Predicate, w)
		return "SELECT * FROM (" + in + ") WHERE " + test, err
	case *plan.Aggregate:
		in, err := w.rows(n.Input)
		if err != nil {
			return "", err
		}
		list, err := w.list(append(append([]plan.Output{}, n.Keys...), n.Aggregates...))
		sql := "SELECT 0 AS o, " + list + " FROM (SELECT * FROM (" + in + ") ORDER BY o)"
		for i := range n.Keys {
			sql += map[bool]string{true: " GROUP BY ", false: ", "}[i == 0] + fmt.Sprint(i+2)
		}
		return sql, err
	case *plan.Serialize:
		return w.rows(n.Input)
	case *plan.Use:
		in, err := w.rows(n.Binding.Node)
		parts := []string{"o"}
		for i, c := range n.Cols {
			parts = append(parts, w.Column(n.From[i])+" AS "+w.Column(c))
		}
		return "SELECT " + strings.Join(parts, ", ") + " FROM (" + in + ")", err
	}
	return "", fmt.Errorf("a %T", n)
}

// engine is an engine with our functions in it.
func engine(t testing.TB) *sql.Conn {
	t.Helper()
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() { _ = db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range udf.All() {
		all = append(all, f.Name)
	}
	if err := register(conn, strings.Join(all, " "), map[string]bool{}); err != nil {
		t.Fatal(err)
	}
	return conn
}

// answer runs a query and writes its rows as the tests do: columns with | between them, rows with ;.
func answer(ctx context.Context, conn *sql.Conn, query string) (string, error) {
	return answerFrom(ctx, conn, query, "")
}

func answerFrom(ctx context.Context, conn *sql.Conn, query, stored string) (string, error) {
	r := kql.Compile(query, hunting.Catalog())
	if r.Plan == nil || len(r.Errors) > 0 {
		return "", fmt.Errorf("%v", r.Errors)
	}
	w := &world{stored: stored}
	statement, err := w.rows(r.Plan.Root)
	if err != nil {
		return "", err
	}
	statement, w.parameters = scalar.Used(statement, w.parameters)
	if err := check(ctx, conn, worker.Job{Statement: statement, Tables: map[string][]string{"extremes": nil}}); err != nil {
		return "", fmt.Errorf("%w\n%s", err, statement)
	}
	rows, err := conn.QueryContext(ctx, "SELECT * FROM ("+statement+") ORDER BY o", w.parameters...)
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, statement)
	}
	defer rows.Close()
	columns := r.Columns()
	values, places := make([]any, len(columns)+1), make([]any, len(columns)+1)
	for i := range values {
		places[i] = &values[i]
	}
	var lines []string
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return "", err
		}
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = shown(values[i+1], c.Type)
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	return strings.Join(lines, "; "), rows.Err()
}

func shown(v any, t kqltypes.Type) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case int64:
		switch t.Kind {
		case kqltypes.DateTime:
			return strings.TrimSuffix(strings.Replace(udf.DateTimeText(x), "T", " ", 1), ".0000000Z")
		case kqltypes.TimeSpan:
			return udf.SpanText(x)
		}
	case string:
		if t.Kind == kqltypes.String {
			return strings.ReplaceAll(x, "\n", `\n`)
		}
	case float64:
		return strings.TrimSuffix(udf.RealText(x), ".0")
	case duckdb.Decimal:
		return strings.TrimRight(strings.TrimRight(x.String(), "0"), ".")
	}
	return fmt.Sprint(v)
}

// Every line of the file is an expression, or a query that begins with |, and its result.
func TestFunctionsGiveWhatTheyGiveInKQL(t *testing.T) {
	text, err := os.ReadFile("testdata/functions.txt")
	if err != nil {
		t.Fatal(err)
	}
	conn := engine(t)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		query, want, ok := strings.Cut(line, "  => ")
		if line == "" || line[0] == '#' {
			continue
		}
		if !ok {
			t.Fatalf("%q has no result", line)
		}
		if !strings.HasPrefix(query, "datatable") && !strings.HasPrefix(query, "let") && !strings.HasPrefix(query, "print") {
			query = "print x = " + query
		}
		got, err := answer(t.Context(), conn, query)
		if err != nil {
			got = "refused: " + errors.Unwrap(fmt.Errorf("%w", err)).Error()
		}
		if got != want {
			t.Errorf("%s\n gives %s\n want  %s", query, got, want)
		}
	}
}

// refused are the functions of the language that no SQL is written for; docs/hunting.md says why.
func TestEveryFunctionOfTheLanguageIsWritten(t *testing.T) {
	for _, table := range []map[string]*functions.Function{functions.Scalars, functions.Aggregates} {
		for name := range table {
			if !scalar.Known(name) {
				t.Errorf("%s is not written", name)
			}
		}
	}
}
