package server

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/store"
)

// onPaper is an engine that keeps no rows.
type onPaper struct{}

func (onPaper) WriteFile(_ context.Context, file string, _ []lookup.Stored, rows func(put func(values ...any) error) error) error {
	if err := rows(func(...any) error { return nil }); err != nil {
		return err
	}
	return os.WriteFile(file, nil, 0o600)
}

// keepFeeds registers feeds under the names that are their ids.
func (w *world) keepFeeds(ids ...string) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		for _, id := range ids {
			if err := tx.PutFeed(store.Feed{ID: id, Name: id, Kind: "rows", Format: "csv", Addresses: []string{"https://intel.example/" + id}, UpdatedBy: ada}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// What is loaded into a feed is told, and what is not as it should be changes nothing.
func TestAFeedIsLoadedOverHTTP(t *testing.T) {
	w := newWorld(t)
	w.keepFeeds("one")
	data := "/api/v1/hunting/feeds/one/data"
	loaded := w.want(http.StatusOK, ada, "PUT", data, "ip,why\n192.0.2.1,x\n", "Content-Type", "text/csv").json(t)
	if loaded["rows"] != 2.0 || loaded["state"] != "loaded" || loaded["loadedBy"] != ada {
		t.Errorf("%v", loaded)
	}
	w.want(http.StatusBadRequest, ada, "PUT", data, "PK\x03\x04", "Content-Type", "application/octet-stream")
	w.want(http.StatusForbidden, elena, "PUT", data, "x", "Content-Type", "text/csv")
	w.want(http.StatusNotFound, ada, "PUT", strings.Replace(data, "one", "none", 1), "x", "Content-Type", "text/csv")
	if again := w.want(http.StatusOK, ada, "GET", "/api/v1/hunting/feeds/one", nil).json(t); again["version"] != 1.0 {
		t.Errorf("%v", again)
	}
}
