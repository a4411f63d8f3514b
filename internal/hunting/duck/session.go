package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// Session answers many jobs that read the same tables in this process: for tests that run thousands of queries. Each statement is held
// against its job as a worker does it, and nothing is confined.
type Session struct {
	db     *sql.DB
	conn   *sql.Conn
	tables map[string][]string
	known  map[string]bool // functions of ours that it has
	lists  map[string][]string
}

// NewSession opens a session over files.
func NewSession(ctx context.Context, tables map[string][]string, limits worker.Limits) (*Session, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	s := &Session{db: sql.OpenDB(connector), tables: tables, known: map[string]bool{}, lists: map[string][]string{}}
	s.db.SetMaxOpenConns(1)
	if s.conn, err = s.db.Conn(ctx); err == nil {
		err = prepare(ctx, s.conn, worker.Job{Tables: tables, Limits: limits})
	}
	if err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

// Close closes it.
func (s *Session) Close() error { return errors.Join(s.conn.Close(), s.db.Close()) }

// Answer is for a worker.Inline.
func (s *Session) Answer(ctx context.Context, job worker.Job, answer *worker.Answer) error {
	for _, name := range slices.Sorted(maps.Keys(job.Lists)) {
		if before, there := s.lists[name]; there && slices.Equal(before, job.Lists[name]) {
			continue
		}
		if !plain.MatchString(name) {
			return errRefused
		}
		if _, err := s.conn.ExecContext(ctx, fmt.Sprintf("CREATE OR REPLACE TABLE %s (id VARCHAR)", name)); err != nil {
			return err
		}
		if err := fillList(s.conn, name, job.Lists[name]); err != nil {
			return err
		}
		s.lists[name] = job.Lists[name]
	}
	if err := check(ctx, s.conn, job); err != nil {
		return said(ctx, err, answer)
	}
	if err := register(s.conn, job.Statement, s.known); err != nil {
		return err
	}
	return said(ctx, query(ctx, s.conn, job, answer), answer)
}
