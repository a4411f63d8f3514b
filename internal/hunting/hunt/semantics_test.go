package hunt_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// What queries mean where a translation into another language goes wrong: each case is run on the engine.
func TestQueriesMeanWhatTheyDoInKQL(t *testing.T) {
	data, err := os.ReadFile("../kql/testdata/semantics.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	w, n := newWorld(t), 0
	w.fill(nil)
	for line := range strings.Lines(string(data)) {
		var c struct{ Query, Result, Evidence, Note string }
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		n++
		t.Run(c.Query, func(t *testing.T) {
			var s sheet
			if _, err := w.hunter.Run(context.Background(), admin, hunt.Request{Query: c.Query}, &s); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(s.rows, ";"); got != strings.ReplaceAll(c.Result, " | ", "|") {
				t.Errorf("it gives %q, want %q (%s: %s)", got, c.Result, c.Evidence, c.Note)
			}
		})
	}
	if n != 145 {
		t.Errorf("%d cases, want 145", n)
	}
}
