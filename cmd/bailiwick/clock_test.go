package main

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// TestWhatEndsGoesByTheDatabasesClock: the rooms are given the database's clock, and not this machine's.
func TestWhatEndsGoesByTheDatabasesClock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	p := &program{out: io.Discard, err: os.Stderr, now: time.Now, data: dir}
	c, err := p.open(t.Context(), opening{create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if reflect.ValueOf(p.now).Pointer() != reflect.ValueOf(c.clock.Now).Pointer() {
		t.Error("the program goes by its own clock")
	}
	if off := time.Until(c.clock.Now()); off > time.Second || off < -time.Second {
		t.Errorf("with SQLite it is this machine's clock, and differs by %s", off)
	}
}
