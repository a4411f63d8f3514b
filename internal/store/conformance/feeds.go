package conformance

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// feeds: they come back as they were written, no two of a name, and due when they are.
func feeds(t *testing.T, backend Backend) {
	s := backend(t)()
	noon := time.Date(2026, 2, 3, 12, 0, 0, 1000, time.UTC)
	whole := store.Feed{
		ID: "f1", Name: "Block list", Kind: "rows", Addresses: []string{"https://intel.example/a.csv", "https://intel.example/b.csv"}, Format: "csv", Every: time.Hour, Within: true, Readers: []string{"endpoint"}, Updated: noon, UpdatedBy: "ada@x",
		File: "f1-3", Version: 3, Rows: 12, Bytes: 900, Columns: []string{"ip", "why"}, Loaded: noon, LoadedBy: "ada@x", Etag: `"e"`, Modified: "Tue", Checked: noon, Next: noon.Add(time.Hour), Problem: "503", Failures: 2,
	}
	bare := store.Feed{ID: "f0", Name: "a", Kind: "places", Updated: noon}
	put := func(f store.Feed) error {
		return s.Change(context.Background(), func(w store.Writer) error { return w.PutFeed(f) })
	}
	for _, f := range []store.Feed{whole, bare} {
		if err := put(f); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := fmt.Sprintf("%+v", read(t, s, store.Reader.Feeds)), fmt.Sprintf("%+v", []store.Feed{bare, whole}); got != want {
		t.Errorf("feeds:\n%s\nwant\n%s", got, want)
	}
	if err := put(store.Feed{ID: "f2", Name: "BLOCK list", Updated: noon}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a name that differs in case: %v", err)
	}
	due := func(at time.Time) int {
		return len(read(t, s, func(r store.Reader) ([]store.Feed, error) { return r.FeedsDue(at) }))
	}
	if a, b := due(noon), due(noon.Add(time.Hour)); a != 0 || b != 1 {
		t.Errorf("due: %d, then %d", a, b)
	}
	change(t, s, func(w store.Writer) error {
		for _, want := range []bool{true, false} {
			if found, err := w.RemoveFeed("f1"); err != nil || found != want {
				return fmt.Errorf("removed: %v, %v", found, err)
			}
		}
		_, found, err := w.Feed("f1")
		if found {
			err = fmt.Errorf("it is still there")
		}
		return err
	})
}
