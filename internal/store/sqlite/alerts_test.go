package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/conformance"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
)

func TestAlertsConform(t *testing.T) {
	conformance.Alerts(t, func(t *testing.T) func() store.Store {
		path := filepath.Join(t.TempDir(), sqlite.FileName)
		return func() store.Store {
			return sqlitetest.Open(t, path)
		}
	})
}
