// Package duck is the event store's engine: DuckDB, which comes with the program as a C++ library. Nothing but the program itself
// imports it, and tests of its own.
package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Engine writes segments as files of DuckDB's.
type Engine struct {
	MemoryMB int // that writing may take
	Threads  int // that sorting may take
}

type writer struct {
	threads  int
	db       *sql.DB
	conn     *sql.Conn
	attached map[string]string // file -> the name it is attached by
	n        int
	batch    duckdb.ChunkTableSource // what batch() gives
	growing  *schema.Table           // whose rows are in the segment that was begun
	file     string                  // which is in it
	columns  []int                   // the places of those that it has
}

// Writer implements events.Engine.
func (e Engine) Writer(ctx context.Context, scratch string) (events.Writer, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	w := &writer{threads: max(e.Threads, 1), db: sql.OpenDB(connector), attached: map[string]string{}}
	w.db.SetMaxOpenConns(1)
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return nil, errors.Join(err, w.db.Close())
	}
	err = duckdb.RegisterTableUDF(w.conn, "batch", duckdb.ChunkTableFunction{
		BindArguments: func(map[string]any, ...any) (duckdb.ChunkTableSource, error) { return w.batch, nil },
	})
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	for _, set := range []string{
		fmt.Sprintf("SET memory_limit = '%dMB'", max(e.MemoryMB, 256)),
		"SET threads = 1", // a batch is written by one: another would do no more than wait for it, and the waiting takes a processor
		"SET temp_directory = " + quote(scratch),
		"SET max_temp_directory_size = '64GB'",
		"SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET allow_community_extensions = false",
		"SET preserve_insertion_order = true",
	} {
		if err := w.exec(ctx, set); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	return w, nil
}

func (w *writer) exec(ctx context.Context, statement string, args ...any) error {
	_, err := w.conn.ExecContext(ctx, statement, args...)
	return err
}

// Close implements events.Writer.
func (w *writer) Close() error { return errors.Join(w.conn.Close(), w.db.Close()) }

// quote writes a text as a literal of SQL's. It is given names of files of our own, and nothing else.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// attach opens segments to read. They stay open as long as they are asked for.
func (w *writer) attach(ctx context.Context, files []string) ([]string, error) {
	var names []string
	for _, file := range files {
		name, ok := w.attached[file]
		if !ok {
			w.n++
			name = fmt.Sprintf("s%d", w.n)
			if err := w.exec(ctx, fmt.Sprintf("ATTACH %s AS %s (READ_ONLY)", quote(file), name)); err != nil {
				return nil, err
			}
			w.attached[file] = name
		}
		names = append(names, name)
	}
	return names, nil
}

// smallRows is up to where a segment is small: its file has small blocks then, of which few are empty.
const smallRows = 20_000

// Rows are compressed a group at a time. That of what comes in is small, so that it is done while more is read; that of what was merged is as
// large as the engine reads best.
const (
	grownGroup  = 40_960
	mergedGroup = 122_880
)

// create opens a new file for a segment, in groups of so many rows.
func (w *writer) create(ctx context.Context, file string, rows, group int) error {
	block := 262144
	if rows < smallRows {
		block = 16384
	}
	return w.exec(ctx, fmt.Sprintf("ATTACH %s AS new (BLOCK_SIZE %d, ROW_GROUP_SIZE %d, STORAGE_VERSION 'v1.5.0')", quote(file), block, group))
}

// end tells what came to be in the new file, and closes it. Then all of it is on disk.
func (w *writer) end(ctx context.Context, file string, failed error, at string) (events.Sealed, error) {
	var sealed events.Sealed
	if failed == nil {
		failed = w.exec(ctx, "CHECKPOINT new")
	}
	if failed == nil {
		failed = w.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*), coalesce(min(%s), 0), coalesce(max(%s), 0) FROM new.t", at, at)).Scan(&sealed.Rows, &sealed.From, &sealed.To)
	}
	_, err := w.conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE IF EXISTS new")
	if failed = errors.Join(failed, err); failed != nil || sealed.Rows == 0 {
		_ = os.Remove(file)
		_ = os.Remove(file + ".wal")
		return events.Sealed{}, failed
	}
	return sealed, errors.Join(os.Chmod(file, 0o600), sync(file))
}

func sync(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

var types = map[schema.Type]string{
	schema.Bool: "BOOLEAN", schema.Int: "INTEGER", schema.Long: "BIGINT", schema.Real: "DOUBLE", schema.DateTime: "BIGINT",
	schema.String: "VARCHAR", schema.Dynamic: "VARCHAR", schema.GUID: "VARCHAR",
}

// Begin implements events.Writer. What is added before Seal is one transaction, of which nothing is written twice. Columns that are not
// used are left out: who reads a segment finds which it has.
func (w *writer) Begin(ctx context.Context, t *schema.Table, used []bool, file string, rows int) error {
	if err := w.create(ctx, file, rows, grownGroup); err != nil {
		return err
	}
	w.growing, w.file, w.columns = t, file, nil
	if err := w.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	columns := []string{"k UBIGINT", "a BIGINT"}
	for i, is := range used {
		if !is {
			continue
		}
		w.columns = append(w.columns, i)
		if i == len(t.Columns) {
			columns = append(columns, "x VARCHAR")
			continue
		}
		c := &t.Columns[i]
		columns = append(columns, c.Physical()+" "+types[c.Type])
		if c.Folded {
			columns = append(columns, c.PhysicalFolded()+" VARCHAR")
		}
	}
	return w.exec(ctx, "CREATE TABLE new.t ("+strings.Join(columns, ", ")+")")
}

// Add implements events.Writer.
func (w *writer) Add(ctx context.Context, b *events.Batch, others []string) (int64, error) {
	known, err := w.known(ctx, b, others)
	if err != nil || len(known) == b.Rows {
		return 0, err
	}
	w.batch = newSource(b, known)
	defer func() { w.batch = nil }()
	return int64(b.Rows - len(known)), w.exec(ctx, "INSERT INTO new.t SELECT "+w.shape(b)+" FROM batch()")
}

// Seal implements events.Writer.
func (w *writer) Seal(ctx context.Context) (events.Sealed, error) {
	return w.end(ctx, w.file, w.exec(ctx, "COMMIT"), at(w.growing))
}

// known finds the rows of a batch that one of the segments has. Only keys are read for it, of the time that the batch is of.
func (w *writer) known(ctx context.Context, b *events.Batch, segments []string) (map[int]bool, error) {
	names, err := w.attach(ctx, segments)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	within, same := "", "old.k = stage.k"
	if b.Table.Timestamp != "" {
		within = fmt.Sprintf(" WHERE %s BETWEEN %d AND %d", at(b.Table), slices.Min(b.Times), slices.Max(b.Times))
		same += " AND old.at = stage.at"
	}
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = fmt.Sprintf("SELECT k, %s AS at FROM %s.t%s", at(b.Table), name, within)
	}
	w.batch = newKeys(b)
	defer func() { w.batch = nil }()
	rows, err := w.conn.QueryContext(ctx, fmt.Sprintf("SELECT i FROM batch() stage WHERE EXISTS (SELECT 1 FROM (%s) old WHERE %s)", strings.Join(parts, " UNION ALL "), same))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[int]bool{}
	for rows.Next() {
		var row int
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		known[row] = true
	}
	return known, rows.Err()
}

// at is the column by which rows of a table are in order.
func at(t *schema.Table) string {
	if c := t.Column(t.Timestamp); c != nil {
		return c.Physical()
	}
	return "a"
}

// shape is what a batch has in the columns of the segment that was begun.
func (w *writer) shape(b *events.Batch) string {
	list := []string{"k", "a"}
	for _, i := range w.columns {
		used := b.Columns[i].Used
		if i == len(b.Table.Columns) {
			list = append(list, map[bool]string{true: "x", false: "NULL"}[used])
			continue
		}
		c := &b.Table.Columns[i]
		name := c.Physical()
		switch {
		case used:
			list = append(list, name)
		case c.Type == schema.String:
			list = append(list, "''")
		default:
			list = append(list, "NULL")
		}
		if c.Folded {
			list = append(list, map[bool]string{true: "lower(" + name + ")", false: "''"}[used])
		}
	}
	return strings.Join(list, ", ")
}
