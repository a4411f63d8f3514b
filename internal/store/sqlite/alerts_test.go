package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/conformance"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

func TestAlertsConform(t *testing.T) {
	conformance.Alerts(t, func(t *testing.T) func() store.Store {
		path := filepath.Join(t.TempDir(), sqlite.FileName)
		return func() store.Store {
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
	})
}
