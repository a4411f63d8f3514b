package hunt_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/demo"
	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/samples"
)

// The queries that come with the program are tried on the demo, which has what each of them is about.
func TestEverySampleFindsItsThingInTheDemo(t *testing.T) {
	w := newWorld(t)
	l, err := w.events.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Discard()
	var month bytes.Buffer
	if err := demo.Events(&month, demo.Seed, now); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(demo.Files(demo.Seed, now), demo.File{Name: demo.EventsName, Content: month.Bytes()}) {
		if f.Name != demo.EventsName && f.Name != "contoso-exposure.jsonl" {
			continue
		}
		if err := l.Read(context.Background(), f.Name, bytes.NewReader(f.Content), events.Options{Strict: true}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := l.Finish(context.Background())
	if err != nil || len(r.Unknown)+len(r.Mistyped) > 0 {
		t.Fatalf("%v; unknown %v, mistyped %v", err, r.Unknown, r.Mistyped)
	}
	if err := l.Commit(); err != nil {
		t.Fatal(err)
	}
	shelf := feeds.New(feeds.Config{Store: w.store, Door: &audit.Door{Store: w.store, Now: w.clock}, Snapshots: w, Files: duck.Engine{MemoryMB: 256, Threads: 1}, Dir: t.TempDir(), Now: w.clock})
	owner := audit.Actor{Name: "test", Local: true}
	for _, l := range demo.Lookups(demo.Seed, now) {
		f, err := shelf.Create(context.Background(), owner, feeds.Setting{Name: l.Name, Kind: l.Kind, Addresses: slices.DeleteFunc([]string{l.Address}, func(a string) bool { return a == "" }), Readers: l.Readers})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := shelf.Load(context.Background(), owner, f.ID, bytes.NewReader(l.Content)); err != nil {
			t.Fatal(err)
		}
	}
	w.hunter.Shelf = shelf.Shelf
	for _, s := range samples.All() {
		var found sheet
		stats, err := w.hunter.Run(context.Background(), admin, hunt.Request{Query: s.Query}, &found)
		if err != nil || len(found.rows) == 0 {
			t.Errorf("%s: %d rows, %v", s.ID, len(found.rows), err)
			continue
		}
		t.Logf("%s: %d rows in %v, as %s", s.ID, len(found.rows), stats.Took, found.rows[0])
	}
}
