// Package sqlite keeps the state in one SQLite file: WAL, one writer, as many readers as are wanted, and a commit
// that is on the disk before it is acknowledged.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// FileName is what the database is called within a data directory.
const FileName = "bailiwick.db"

const (
	readers = 16 // at once; the first few stay open
	// Another process may hold the write lock for as long as it takes to load a big file.
	writerPatience = 2 * time.Minute
	readerPatience = 10 * time.Second
)

// Store is the state in one file.
type Store struct {
	path   string
	read   *sql.DB
	write  *sql.DB // one connection: the writer
	commit *commits
	lists  *follower
	large  chan struct{} // readings that hold much: see alerts_large.go
}

var _ store.Store = (*Store)(nil)

// Open opens the database at path, makes it when there is none, and brings its schema up to date. The directory must
// exist, and be one that only its owner can write to (CheckDir).
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open data %s: %w", path, plain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string) (_ *Store, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := CheckDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := secureFile(path); err != nil {
		return nil, err
	}

	s := &Store{path: path, lists: newFollower(), large: make(chan struct{}, mostLarge)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.write, err = connect(path, 1, writerPatience, "immediate", false); err != nil {
		return nil, err
	}
	if err := migrate(ctx, s.write, filepath.Dir(path)); err != nil {
		return nil, err
	}
	if s.read, err = connect(path, readers, readerPatience, "deferred", true); err != nil {
		return nil, err
	}
	if s.commit, err = watchCommits(ctx, s.read, path); err != nil {
		return nil, err
	}
	return s, nil
}

func connect(path string, connections int, patience time.Duration, lock string, readOnly bool) (*sql.DB, error) {
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(patience.Milliseconds(), 10)},
		"_txlock":       {lock},
		"_foreign_keys": {"1"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_defensive":    {"1"},
		"_dqs":          {"0"},
		"_pragma":       {"cache_size(-16000)", "trusted_schema(0)"},
	}
	if readOnly {
		q.Set("_query_only", "1")
	} else {
		// What a statement would need to be taken back is kept in memory, and the ends of the indexes that a load grows.
		q["_pragma"] = []string{"cache_size(-64000)", "temp_store(memory)", "trusted_schema(0)"}
	}
	name := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(min(connections, 8))
	return db, nil
}

// CheckDir refuses a directory that others can write to: whoever can put a file there can make themselves an
// administrator.
func CheckDir(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory", dir)
	case info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("others can write to %s (mode %04o), and so could make themselves administrators: want 0700", dir, info.Mode().Perm())
	}
	return nil
}

// secureFile makes the file if there is none, and sees that only the owner can read it: it holds who may do what and
// what happened. SQLite gives the files beside it the same mode.
func secureFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, os.ErrExist) {
		return err
	}
	// An existing file is not opened here: closing it would drop the locks that another handle of this process has.
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return os.Chmod(path, 0o600)
	}
	return nil
}

// View runs f on one consistent state.
func (s *Store) View(ctx context.Context, f func(store.Reader) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("read the store: %w", plain(err))
	}
	defer tx.Rollback() //nolint:errcheck // there is nothing to lose
	r := &reader{ctx: ctx, tx: tx, store: s}
	defer r.release()
	return ended(ctx, plain(f(r)))
}

// Change runs f as the only writer, and commits what it wrote unless it fails.
func (s *Store) Change(ctx context.Context, f func(store.Writer) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a change: %w", plain(err))
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing; a panic of f goes on
	// The transaction ends with ctx; its statements need not be watched one by one, which would cost as much as they do.
	w := &writer{reader: reader{ctx: context.WithoutCancel(ctx), tx: tx}}
	if err := f(w); err != nil {
		return ended(ctx, plain(err))
	}
	if err := w.stamp(); err != nil {
		return ended(ctx, plain(err))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit a change: %w", ended(ctx, plain(err)))
	}
	return nil
}

// Version differs from the last one when anyone has committed since.
func (s *Store) Version(ctx context.Context) (uint64, error) {
	v, err := s.commit.version(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask the store's version: %w", plain(err))
	}
	return v, nil
}

// Now is the database's clock: with SQLite, this machine's.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	var seconds float64
	if err := s.read.QueryRowContext(ctx, `SELECT unixepoch('now', 'subsec')`).Scan(&seconds); err != nil {
		return time.Time{}, fmt.Errorf("read the database's clock: %w", plain(err))
	}
	return time.UnixMilli(int64(seconds * 1000)).UTC(), nil
}

// Close ends the store's connections.
func (s *Store) Close() error {
	var errs []error
	s.lists.close()
	if s.commit != nil {
		errs = append(errs, s.commit.close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
