package kql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

// doubling declares functions each of which calls the one before twice.
func doubling(n int, first, twice string) string {
	var w strings.Builder
	w.WriteString("let f0 = " + first + "; ")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&w, "let f%d = "+twice+"; ", i, i-1, i-1)
	}
	return w.String()
}

// many repeats a text with a number in it.
func many(form string, n int) string {
	var w strings.Builder
	for i := range n {
		fmt.Fprintf(&w, form+" ", i)
	}
	return w.String()
}

// A short text can mean a long query. What it may come to is bounded, and said in words.
func TestAQueryThatMeansTooMuchIsRefused(t *testing.T) {
	deep := "DeviceInfo"
	for range 50 {
		deep = "(" + deep + " | join DeviceEvents on DeviceId | project DeviceId)"
	}
	for name, c := range map[string]struct{ text, want string }{
		"functions that double":        {doubling(40, "() { DeviceInfo }", "() { union f%d(), f%d() }") + "f40()", "too complex"},
		"functions of values":          {doubling(40, "(x: long) { x + x }", "(x: long) { f%d(f%d(x)) }") + "print f40(1)", "too complex"},
		"values that double":           {doubling(40, "1 + now()", "f%d + f%d") + "print f40", "is not defined"},
		"numbers that double":          {doubling(40, "1", "f%d + f%d") + "print f40", "too complex"},
		"unions of unions of all":      {strings.Repeat("union * | ", 150) + "union *", "too complex"},
		"columns by the thousand":      {"union * | " + strings.Repeat("extend pack_all() | ", 200) + "count", "too complex"},
		"every column looked at often": {"union * | where " + strings.TrimSuffix(strings.Repeat("* has 'x' or ", 400), "or "), "too complex"},
		"search for very much":         {"search " + strings.TrimSuffix(strings.Repeat("'x' or ", 1000), "or "), "too complex"},
		"joins that widen":             {"DeviceInfo" + strings.Repeat(" | join (union *) on DeviceId", 150), "too many columns"},
		"a column for each word":       {"print " + strings.TrimSuffix(strings.Repeat("1, ", 50_000), ", "), "too many columns"},
		"rows of all, many times":      {"union * | summarize " + strings.TrimSuffix(strings.Repeat("arg_max(Timestamp, *), ", 300), ", "), "too many columns"},
		"tables of one column":         {"union " + strings.TrimSuffix(strings.Repeat("(print a = 1), (print b = 1), ", 2000), ", ") + many(", (print a%d = 1)", 3000), "too complex"},
		"names that are not there":     {"DeviceInfo | where " + many("DeviceNam%d == 1 or", 20_000) + " true", "Failed to resolve"},
		"functions that are not there": {"DeviceInfo | where " + many("strlne(%d) or", 15_000) + " true", "Unknown function"},
		"one case after the other":     {"print case(" + many("true, %d,", 20_000) + " 0)", ""},
		"calls in calls":               {"let f = (x: long = 1) { x }; print " + strings.Repeat("f(", 100) + "1" + strings.Repeat(")", 100), ""},
		"deep joins":                   {deep, ""},
		"paths in a graph of wide nodes": {"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId with (union * | extend Id = '') on Id | graph-match (a)" +
			strings.Repeat("-[*1..2]-()", 6) + strings.Repeat("-->()", 4) + " project a.DeviceName", "too complex"},
	} {
		r := kql.Compile(c.text, hunting.Catalog())
		if c.want == "" {
			if r.Plan == nil {
				t.Errorf("%s: %v", name, r.Errors[0])
			}
			continue
		}
		if r.Plan != nil || !strings.Contains(fmt.Sprint(r.Errors), c.want) {
			t.Errorf("%s: %v, want a problem that says %q", name, r.Errors, c.want)
		}
	}
}

// A star is a byte, and stands for all tables: where it is too much, nothing more is made of it, and nothing else is said.
func TestWhatIsTooMuchIsNotReadOn(t *testing.T) {
	for _, operator := range []string{"| as X ", "| project-keep * ", "| project-reorder * ", "| serialize "} {
		r := kql.Compile("union * "+strings.Repeat(operator, 5_000), hunting.Catalog())
		if r.Plan != nil || len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Message, "too complex") {
			t.Errorf("%s: %d problems, %v", operator, len(r.Errors), r.Errors[:min(len(r.Errors), 1)])
		}
	}
	for _, form := range []string{"union %s*", "search in (%s*) 'x'", "find in (%s*) where true", "DeviceInfo | union %s*", "union isfuzzy=true %s*"} {
		r := kql.Compile(fmt.Sprintf(form, strings.Repeat("*, ", 5_000)), hunting.Catalog())
		if len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Message, "too complex") {
			t.Errorf(form+": %v", "", r.Errors)
		}
	}
}

func TestRowsUsedOftenAreStillOneInThePlan(t *testing.T) {
	text := "let t0 = DeviceInfo | project DeviceId; "
	for i := 1; i <= 60; i++ {
		text += fmt.Sprintf("let t%d = t%d | join kind=inner t%d on DeviceId | project DeviceId; ", i, i-1, i-1)
	}
	r := kql.Compile(text+"t60", hunting.Catalog())
	if r.Plan == nil {
		t.Fatal(r.Errors)
	}
	nodes := 0
	plan.Walk(r.Plan.Root, func(plan.Node) { nodes++ })
	if nodes > 1000 || len(plan.References(r.Plan.Root)) != 1 {
		t.Errorf("%d relations with %d references", nodes, len(plan.References(r.Plan.Root)))
	}
}

func FuzzBind(f *testing.F) {
	for _, e := range append(corpus(f), examples(f, "testdata/cases.jsonl")...) {
		f.Add(e.Query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := kql.Compile(text, hunting.Catalog())
		if (r.Plan == nil) != (len(r.Errors) > 0) {
			t.Fatalf("a plan: %v, and %d errors", r.Plan != nil, len(r.Errors))
		}
		for _, e := range r.Errors {
			if e.Line < 1 || e.Column < 1 || e.Start < 0 || e.End > len(text) || e.Message == "" {
				t.Fatalf("%+v", e)
			}
		}
		if r.Plan == nil {
			return
		}
		if !r.Parsed {
			t.Fatal("it cannot be read, and is bound")
		}
		known := map[string]bool{}
		for _, table := range hunting.Catalog().Tables {
			known[table.Name] = true
		}
		for _, name := range r.Tables() {
			if !known[name] {
				t.Fatalf("the plan reads %q", name)
			}
		}
		r.Columns()
	})
}
