package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/conformance"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	conformance.Run(t, func(t *testing.T) func() store.Store {
		path := filepath.Join(t.TempDir(), FileName)
		return func() store.Store { return openAt(t, path) }
	})
}
