package kql_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

// semantics is a query whose result is known, and where a translation into another language goes wrong.
type semantics struct {
	Group    string
	Query    string
	Columns  string // of the result, with types
	Result   string // rows with ; between them, columns with |
	Evidence string // who says so: documentation, emulator, binder, experience
	Note     string
	Needs    string // what the result cannot be told without; empty when the plan tells it
}

func semanticsCases(t testing.TB) []semantics {
	t.Helper()
	data, err := os.ReadFile("testdata/semantics.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var list []semantics
	for line := range strings.Lines(string(data)) {
		var s semantics
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

func TestNamesAndTypesOfResults(t *testing.T) {
	list := semanticsCases(t)
	if len(list) != 145 {
		t.Errorf("%d cases, want 145", len(list))
	}
	for _, s := range list {
		t.Run(s.Query, func(t *testing.T) {
			if columns, problem := ours(s.Query); problem != "" || columns != s.Columns {
				t.Errorf("columns %q, %s\nwant    %q", columns, problem, s.Columns)
			}
		})
	}
}

func TestResultsThatThePlanTells(t *testing.T) {
	told := 0
	for _, s := range semanticsCases(t) {
		if s.Needs != "" {
			continue
		}
		told++
		t.Run(s.Query, func(t *testing.T) {
			r := kql.Compile(s.Query, hunting.Catalog())
			if r.Plan == nil {
				t.Fatal(r.Errors)
			}
			if got := writtenOut(r.Plan.Root); got != s.Result {
				t.Errorf("it gives %q, want %q", got, s.Result)
			}
		})
	}
	if told < 10 {
		t.Errorf("the plan tells %d results, want at least 10", told)
	}
}

// writtenOut gives the texts that a plan holds where its rows are written out: those of getschema, or of print.
func writtenOut(root plan.Node) string {
	var texts []string
	plan.Walk(root, func(n plan.Node) {
		if len(texts) > 0 {
			return
		}
		switch n := n.(type) {
		case *plan.Values:
			for _, row := range n.Rows {
				if len(row) > 0 {
					texts = append(texts, row[0].(*plan.Literal).Value.(string))
				}
			}
		case *plan.Project:
			if l, ok := n.Outputs[0].Expr.(*plan.Literal); ok {
				texts = []string{l.Value.(string)}
			}
		}
	})
	return strings.Join(texts, ";")
}
