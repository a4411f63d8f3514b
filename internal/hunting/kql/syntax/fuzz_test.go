package syntax_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

func FuzzParse(f *testing.F) {
	for _, e := range corpus(f) {
		f.Add(e.Query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, problems := syntax.Parse(text)
		for _, p := range problems.Sorted() {
			if p.Start < 0 || p.End < p.Start || p.End > len(text) {
				t.Fatalf("a problem at %v of a text of %d bytes: %s", p.Span, len(text), p.Message)
			}
		}
		syntax.Print(q)
		readsTheSame(t, "what was made up", text)
	})
}
