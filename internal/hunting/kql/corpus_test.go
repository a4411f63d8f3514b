package kql_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
)

type example struct{ ID, Source, Query string }

func corpus(t testing.TB) []example { return examples(t, "testdata/corpus.jsonl") }

func examples(t testing.TB, file string) []example {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func TestQueriesOfTheCorpusAreReadAndBound(t *testing.T) {
	list := corpus(t)
	parsed, bound := 0, 0
	for _, e := range list {
		r := kql.Compile(e.Query, hunting.Catalog())
		if r.Parsed {
			parsed++
		}
		if r.Plan != nil {
			bound++
			continue
		}
		t.Logf("%s: %+v", e.ID, r.Errors)
	}
	t.Logf("of %d queries, %d are read and %d bound", len(list), parsed, bound)
	if parsed*1000 < len(list)*995 || bound*100 < len(list)*97 {
		t.Errorf("of %d queries, %d are read and %d bound: want 99.5 %% and 97 %%", len(list), parsed, bound)
	}
}
