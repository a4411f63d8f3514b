package sqlite

import (
	"context"
	"database/sql"
	"errors"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/bailiwick/bailiwick/internal/fault"
)

// plain says in our words what SQLite reports, where a person can do something about it. Everything else stays.
func plain(err error) error {
	e, ok := errors.AsType[*driver.Error](err)
	if !ok || fault.KindOf(err) != 0 {
		return err
	}
	why := ""
	switch e.Code() & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		why = "another process is writing"
	case lib.SQLITE_FULL:
		why = "the disk is full"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		why = "the file can't be written to"
	case lib.SQLITE_CANTOPEN:
		why = "the file can't be opened"
	case lib.SQLITE_IOERR:
		why = "the disk reports an error"
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		return &damaged{err}
	default:
		return err
	}
	return &fault.Error{Kind: fault.KindUnavailable, Op: "store", Reason: why, Err: err}
}

// ended gives the context's error where the transaction's end is only how it shows: database/sql takes a transaction
// back as soon as its context ends, and whoever goes on using it is told of the one or of the other.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// damaged is an error of ours, not one of the six kinds: no user can do anything about it.
type damaged struct{ err error }

func (d *damaged) Error() string {
	return "the file is damaged, or is not a database of this program; put a backup in its place: " + d.err.Error()
}

func (d *damaged) Unwrap() error { return d.err }

// constraint tells whether err says that the data would not have been whole.
func constraint(err error) bool {
	e, ok := errors.AsType[*driver.Error](err)
	return ok && e.Code()&0xff == lib.SQLITE_CONSTRAINT
}
