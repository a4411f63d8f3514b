// Package samples is the queries that come with the program, to begin with: each answers a question of the trade, and finds something in
// the demo. They are data, a file each in queries, and hold no row: anybody may read them.
package samples

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/rbac"
)

// Sample is a query that somebody may begin with.
type Sample struct {
	ID          string // what it is called in an address
	Name        string
	Category    string // a tactic of MITRE ATT&CK, or Exposure, or Overview
	Description string
	Query       string
	Tables      []string        // that it reads, in alphabetical order
	Workloads   []rbac.Workload // of those tables
}

//go:embed queries/*.kql
var files embed.FS

// All gives the samples, by category and name. Nobody may change them.
func All() []Sample { return loaded() }

var loaded = sync.OnceValue(func() []Sample {
	all, err := read(files)
	if err != nil {
		panic("the sample queries in the program: " + err.Error()) // a test reads them
	}
	return all
})

func read(from fs.FS) ([]Sample, error) {
	names, err := fs.Glob(from, "queries/*.kql")
	if err != nil {
		return nil, err
	}
	var all []Sample
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		s, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.ID = strings.TrimSuffix(strings.TrimPrefix(name, "queries/"), ".kql")
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Sample) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
}

// parse reads a file: three lines of comment that say what the query is, and the query.
func parse(text string) (Sample, error) {
	var s Sample
	for _, part := range []struct {
		word string
		into *string
	}{{"name", &s.Name}, {"category", &s.Category}, {"about", &s.Description}} {
		line, rest, _ := strings.Cut(text, "\n")
		said, ok := strings.CutPrefix(line, "// "+part.word+": ")
		if !ok || said == "" {
			return s, fmt.Errorf("want a line that begins with // %s:, and there is %q", part.word, line)
		}
		*part.into, text = said, rest
	}
	s.Query = strings.TrimSpace(text)
	r := kql.Compile(s.Query, hunting.Catalog())
	if r.Plan == nil {
		return s, fmt.Errorf("line %d of the query: %s", r.Errors[0].Line, r.Errors[0].Message)
	}
	s.Tables = r.Tables()
	var of rbac.WorkloadSet
	for _, name := range s.Tables {
		of |= schema.Lookup(name).Workloads
	}
	s.Workloads = of.List()
	return s, nil
}
