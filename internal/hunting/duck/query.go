package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// Work is the life of a worker: one job from in, its answer to out. The process ends with it. The engine is begun before the job is there:
// nobody waits for it.
func Work(in io.Reader, out io.Writer) error {
	e, failed := begin(context.Background())
	job, err := worker.ReadJob(in)
	if err != nil {
		return err // nobody wanted it after all
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		os.Exit(1) // whoever started this has gone away
	}()
	confine(job.Limits)
	return answerBy(context.Background(), e, failed, job, worker.NewAnswer(out, job.Limits))
}

// Answer runs a job in this process. Only a worker is confined: elsewhere it is for tests.
func Answer(ctx context.Context, job worker.Job, answer *worker.Answer) error {
	e, err := begin(ctx)
	return answerBy(ctx, e, err, job, answer)
}

func answerBy(ctx context.Context, e *instance, failed error, job worker.Job, answer *worker.Answer) error {
	ctx, cancel := context.WithTimeout(ctx, job.Limits.Time)
	defer cancel()
	if failed == nil {
		failed = e.run(ctx, job, answer)
		defer e.close() // when all is said: nobody waits for it
	}
	return said(ctx, failed, answer)
}

// instance is of the engine, and has read nothing yet.
type instance struct {
	db   *sql.DB
	conn *sql.Conn
}

func begin(ctx context.Context) (*instance, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	e := &instance{db: sql.OpenDB(connector)}
	e.db.SetMaxOpenConns(1)
	if e.conn, err = e.db.Conn(ctx); err != nil {
		return nil, errors.Join(err, e.db.Close())
	}
	return e, nil
}

func (e *instance) close() { _ = errors.Join(e.conn.Close(), e.db.Close()) }

// said ends an answer with what became of its job.
func said(ctx context.Context, err error, answer *worker.Answer) error {
	switch {
	case err == nil:
		return answer.Done()
	case errors.Is(err, errRefused):
		return answer.Fail(worker.Refused, err.Error())
	case ctx.Err() != nil:
		return answer.Fail(worker.Late, "interrupted")
	}
	code, kind := explain(err)
	return answer.Fail(code, kind)
}

// explain tells what kind of error the engine met. What it says about it stays here: values are in it.
func explain(err error) (worker.Code, string) {
	var e *duckdb.Error
	if !errors.As(err, &e) {
		return worker.Failed, "other"
	}
	kind, _, _ := strings.Cut(e.Msg, ":")
	if len(kind) > 40 {
		kind = "other"
	}
	switch e.Type {
	case duckdb.ErrorTypeOutOfMemory:
		return worker.Memory, kind
	case duckdb.ErrorTypeInterrupt:
		return worker.Cancelled, kind
	}
	return worker.Failed, kind
}

// plain are the names that relations may have: they are generated, and are written into statements as they are.
var plain = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)

func (e *instance) run(ctx context.Context, job worker.Job, answer *worker.Answer) error {
	conn := e.conn
	if job.Places != "" {
		places, err := lookup.OpenPlaces(job.Places)
		if err != nil {
			return err
		}
		defer places.Close()
		defer udf.Places.Swap(udf.Places.Swap(places))
	}
	if err := register(conn, job.Statement, map[string]bool{}); err != nil {
		return err
	}
	if err := prepare(ctx, conn, job); err != nil {
		return err
	}
	if err := check(ctx, conn, job); err != nil {
		return err
	}
	return query(ctx, conn, job, answer)
}

func query(ctx context.Context, conn *sql.Conn, job worker.Job, answer *worker.Answer) error {
	parameters := make([]any, len(job.Parameters))
	for i, p := range job.Parameters {
		parameters[i] = p.V
	}
	rows, err := conn.QueryContext(ctx, job.Statement, parameters...)
	if err != nil {
		return err
	}
	defer rows.Close()
	return hand(rows, answer)
}

// prepare opens what the job may read, and then gives up whatever could open more. The order matters: after the last of these
// nothing can be set or opened any more.
func prepare(ctx context.Context, conn *sql.Conn, job worker.Job) error {
	exec := func(statement string, args ...any) error {
		_, err := conn.ExecContext(ctx, statement, args...)
		return err
	}
	for _, s := range []string{
		fmt.Sprintf("SET memory_limit = '%dMB'", max(job.Limits.MemoryMB, 64)),
		fmt.Sprintf("SET threads = %d", max(job.Limits.Threads, 1)),
		"SET temp_directory = " + quote(job.Limits.Scratch),
		fmt.Sprintf("SET max_temp_directory_size = '%dMB'", max(job.Limits.ScratchMB, 1)), // by SET: in the connection string it is ignored
		"SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET allow_community_extensions = false",
		"SET TimeZone = 'UTC'", "SET errors_as_json = false",
	} {
		if err := exec(s); err != nil && !strings.Contains(s, "TimeZone") { // which only an extension knows
			return err
		}
	}
	n := 0
	for _, name := range slices.Sorted(maps.Keys(job.Tables)) {
		t := byPhysical(name)
		if t == nil {
			return errRefused
		}
		var parts []string
		for _, file := range job.Tables[name] {
			n++
			if err := exec(fmt.Sprintf("ATTACH %s AS s%d (READ_ONLY)", quote(file), n)); err != nil {
				return err
			}
			has, err := columnsOf(ctx, conn, fmt.Sprintf("s%d", n))
			if err != nil {
				return err
			}
			parts = append(parts, fmt.Sprintf("SELECT %s FROM s%d.t", segmentColumns(t, has, nil), n))
		}
		if len(parts) == 0 {
			parts = append(parts, "SELECT "+segmentColumns(t, nil, nil)+" FROM (SELECT NULL::UBIGINT AS k, NULL::BIGINT AS a) WHERE false")
		}
		if err := exec(fmt.Sprintf("CREATE VIEW %s AS %s", name, strings.Join(parts, " UNION ALL "))); err != nil {
			return err
		}
	}
	for i, name := range slices.Sorted(maps.Keys(job.Shelf)) {
		if !plain.MatchString(name) || byPhysical(name) != nil || job.Lists[name] != nil {
			return errRefused
		}
		if err := exec(fmt.Sprintf("ATTACH %s AS shelf%d (READ_ONLY)", quote(job.Shelf[name]), i)); err != nil {
			return err
		}
		if err := exec(fmt.Sprintf("CREATE VIEW %s AS SELECT * FROM shelf%d.t", name, i)); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(job.Lists)) {
		if !plain.MatchString(name) || byPhysical(name) != nil {
			return errRefused
		}
		if err := exec(fmt.Sprintf("CREATE TABLE %s (id VARCHAR)", name)); err != nil {
			return err
		}
		if err := fillList(conn, name, job.Lists[name]); err != nil {
			return err
		}
	}
	if err := exec("SET enable_external_access = false"); err != nil {
		return err
	}
	return exec("SET lock_configuration = true")
}

func byPhysical(name string) *schema.Table {
	for _, t := range schema.Tables() {
		if t.Physical() == name {
			return t
		}
	}
	return nil
}

// hand gives the rows to the answer, in the few types that it knows.
func hand(rows *sql.Rows, answer *worker.Answer) error {
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	columns := make([]worker.Column, len(types))
	for i, t := range types {
		columns[i] = worker.Column{Name: t.Name(), Type: t.DatabaseTypeName()}
	}
	if err := answer.Columns(columns); err != nil {
		return err
	}
	values, places := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, v := range values {
			if values[i], err = simple(v); err != nil {
				return err
			}
		}
		switch err := answer.Row(values); {
		case errors.Is(err, worker.ErrEnough):
			return nil
		case err != nil:
			return err
		}
	}
	return rows.Err()
}

func simple(v any) (any, error) {
	switch x := v.(type) {
	case nil, bool, int64, float64, string:
		return v, nil
	case []byte:
		return string(x), nil
	case int32:
		return int64(x), nil
	case int16:
		return int64(x), nil
	case int8:
		return int64(x), nil
	case uint8:
		return int64(x), nil
	case uint16:
		return int64(x), nil
	case uint32:
		return int64(x), nil
	case float32:
		return float64(x), nil
	case uint64:
		if x > math.MaxInt64 {
			return float64(x), nil
		}
		return int64(x), nil
	case *big.Int:
		if x.IsInt64() {
			return x.Int64(), nil
		}
		f, _ := new(big.Float).SetInt(x).Float64()
		return f, nil
	case duckdb.Decimal:
		return x.Float64(), nil
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano), nil
	}
	return nil, fmt.Errorf("a value of a type that answers do not have")
}
