package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// reader reads within one transaction. Its methods stand with the data they read.
type reader struct {
	ctx      context.Context
	tx       *sql.Tx
	prepared map[string]*sql.Stmt

	store *Store       // nil in a writer, which sees what nobody else does
	asked bool         // whether there are columns of this state
	state *lists.State // they, if there are
	met   met
	holds bool // a place among those that hold much

	metThings metThings
}

// writer also writes.
type writer struct {
	reader
	touched map[int64]bool // classes of alerts of which something has changed
}

var (
	_ store.Reader = (*reader)(nil)
	_ store.Writer = (*writer)(nil)
)

// prepare keeps the statement for the rest of the transaction: a big change runs few statements many times.
func (r *reader) prepare(query string) (*sql.Stmt, error) {
	if s := r.prepared[query]; s != nil {
		return s, nil
	}
	s, err := r.tx.PrepareContext(r.ctx, query)
	if err != nil {
		return nil, err
	}
	if r.prepared == nil {
		r.prepared = map[string]*sql.Stmt{}
	}
	r.prepared[query] = s
	return s, nil
}

// each runs a query and calls scan for every row.
func (r *reader) each(query string, scan func(*sql.Rows) error, args ...any) error {
	s, err := r.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(r.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one reads the single row that a query gives; false when there is none.
func (r *reader) one(query string, args []any, into ...any) (bool, error) {
	s, err := r.prepare(query)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(r.ctx, args...).Scan(into...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// exec runs a statement and tells how many rows it touched.
func (w *writer) exec(query string, args ...any) (int64, error) {
	s, err := w.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(w.ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// insert runs a statement that puts one row in, and tells its number.
func (w *writer) insert(query string, args ...any) (int64, error) {
	s, err := w.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(w.ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// nanos is how a moment is stored: nanoseconds since 1970, null for none.
func nanos(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

// moment reads what nanos wrote.
func moment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.Unix(0, n.Int64).UTC()
}
