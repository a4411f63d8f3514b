package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the data was made by a later version of this program.
var ErrNewer = errors.New("the data was made by a newer version of this program")

// migrate brings the schema up to date. Several processes may open new data at once, so it holds a lock of its own:
// SQLite's is let go between the steps.
func migrate(ctx context.Context, db *sql.DB, dir string) error {
	unlock, err := lockDir(ctx, dir)
	if err != nil {
		return fmt.Errorf("wait for another process to prepare the data: %w", err)
	}
	defer unlock()

	p, err := provider(db)
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return fmt.Errorf("%w: its schema is %d, and this one knows up to %d", ErrNewer, current, target)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the schema up to date: %w", err)
	}
	return nil
}

// provider knows the way from each state of the schema to the next.
func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	// Numbers are given out before the work is done, so one may be finished after a higher one was applied somewhere.
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithAllowOutofOrder(true),
		goose.WithGoMigrations(goose.NewGoMigration(162, &goose.GoFunc{RunTx: nameAgain}, nil)))
}
