// Package sqlitetest gives tests new stores quickly: the schema is made once in a test's process, and each store
// begins as a copy of that file. Making it anew takes the race detector a second, and a package has hundreds of stores.
package sqlitetest

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

// Open opens the store at path, made when there is none, and closes it when the test is over.
func Open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		schema, err := empty()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, schema, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ownSecrets(path); err != nil {
			t.Fatal(err)
		}
	}
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// ownSecrets gives a copy what the schema gives each store at random.
func ownSecrets(path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	_, err = db.Exec(`UPDATE alert_cursor_key SET secret = randomblob(32); UPDATE correlation SET secret = randomblob(32)`)
	return errors.Join(err, db.Close())
}

// empty is the file of a store that nothing was written to.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "bailiwick-schema-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, sqlite.FileName)
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // what is in the log goes to the file
		return nil, err
	}
	return os.ReadFile(path)
})
