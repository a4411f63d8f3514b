package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Merge implements events.Writer. Segments of which each is of a later time than the one before stand in order already. Where another has a
// column that a segment has not, its rows get what a row without a value has.
func (w *writer) Merge(ctx context.Context, table string, files []string, file string, floor events.Ticks) (events.Sealed, error) {
	t := schema.Lookup(table)
	if t == nil {
		return events.Sealed{}, fmt.Errorf("there is no table %q", table)
	}
	names, err := w.attach(ctx, files)
	if err != nil {
		return events.Sealed{}, err
	}
	rows, order := 0, ""
	last := events.Ticks(math.MinInt64)
	var has []map[string]bool
	kept := map[string]bool{}
	for _, name := range names {
		var n int
		var from, to events.Ticks
		if err := w.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*), coalesce(min(%[1]s), 0), coalesce(max(%[1]s), 0) FROM %[2]s.t", at(t), name)).Scan(&n, &from, &to); err != nil {
			return events.Sealed{}, err
		}
		if rows += n; from < last {
			order = " ORDER BY " + at(t)
		}
		last = to
		of, err := columnsOf(ctx, w.conn, name)
		if err != nil {
			return events.Sealed{}, err
		}
		has = append(has, of)
		maps.Copy(kept, of)
	}
	var parts []string
	for i, name := range names {
		parts = append(parts, fmt.Sprintf("SELECT %s FROM %s.t WHERE %s >= %d OR a >= %d", segmentColumns(t, has[i], kept), name, at(t), floor, floor))
	}
	if order != "" { // sorting is what several can do at once
		if err := w.exec(ctx, fmt.Sprintf("SET threads = %d", w.threads)); err != nil {
			return events.Sealed{}, err
		}
	}
	if err := w.create(ctx, file, rows, mergedGroup); err != nil {
		return events.Sealed{}, err
	}
	failed := w.exec(ctx, fmt.Sprintf("CREATE TABLE new.t AS SELECT * FROM (%s)%s", strings.Join(parts, " UNION ALL "), order))
	sealed, err := w.end(ctx, file, failed, at(t))
	err = errors.Join(err, w.exec(context.WithoutCancel(ctx), "SET threads = 1"))
	return sealed, errors.Join(err, w.detach(context.WithoutCancel(ctx), files))
}

// columnsOf tells which columns a segment has.
func columnsOf(ctx context.Context, conn *sql.Conn, name string) (map[string]bool, error) {
	rows, err := conn.QueryContext(ctx, "SELECT * FROM "+name+".t LIMIT 0") // the engine's own list of columns is of all segments, and is slow
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, c := range columns {
		has[c] = true
	}
	return has, rows.Err()
}

// segmentColumns selects a table's columns from a segment that has some of them: those that are wanted, or all.
func segmentColumns(t *schema.Table, has, wanted map[string]bool) string {
	list := []string{"k", "a"}
	add := func(name, value string) {
		switch {
		case wanted != nil && !wanted[name]:
		case has[name]:
			list = append(list, name)
		default:
			list = append(list, value+" AS "+name)
		}
	}
	for _, c := range t.Columns {
		name, none := c.Physical(), "NULL::"+types[c.Type]
		if c.Type == schema.String {
			none = "''::VARCHAR"
		}
		if add(name, none); !c.Folded {
			continue
		}
		folded := "''::VARCHAR"
		if has[name] {
			folded = "lower(" + name + ")"
		}
		add(c.PhysicalFolded(), folded)
	}
	add("x", "NULL::VARCHAR")
	return strings.Join(list, ", ")
}

func (w *writer) detach(ctx context.Context, files []string) error {
	var failed error
	for _, file := range files {
		if name, ok := w.attached[file]; ok {
			delete(w.attached, file)
			failed = errors.Join(failed, w.exec(ctx, "DETACH "+name))
		}
	}
	return failed
}

// Parquet implements events.Writer. DuckDB reads the columns and writes each row as JSON, which is then read as any other.
func (w *writer) Parquet(ctx context.Context, file string, row func(text []byte) error) error {
	rows, err := w.conn.QueryContext(ctx, "SELECT to_json(r)::VARCHAR FROM read_parquet("+quote(file)+") r")
	if err != nil {
		return errors.Join(events.ErrUnreadable, err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := row([]byte(text)); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return errors.Join(events.ErrUnreadable, err)
	}
	return nil
}
