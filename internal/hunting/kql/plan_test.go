package kql_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

func planOf(t *testing.T, text string) *plan.Query {
	t.Helper()
	r := kql.Compile(text, hunting.Catalog())
	if r.Plan == nil {
		t.Fatalf("%q: %v", text, r.Errors)
	}
	return r.Plan
}

// first gives the first node of a kind in a plan.
func first[N plan.Node](t *testing.T, text string) N {
	t.Helper()
	var found N
	ok := false
	plan.Walk(planOf(t, text).Root, func(n plan.Node) {
		if one, is := n.(N); is && !ok {
			found, ok = one, true
		}
	})
	if !ok {
		t.Fatalf("%q: the plan has no %T", text, found)
	}
	return found
}

// An authoriser must find every read of stored rows, wherever a query hides it, as a Reference.
func TestEveryStoredRowIsReachedThroughAReference(t *testing.T) {
	for text, want := range map[string]string{
		"DeviceInfo": "table DeviceInfo",
		"let T = DeviceInfo; T | join T on DeviceId":                                                                              "table DeviceInfo",
		"let f = () { EmailEvents }; f() | count":                                                                                 "table EmailEvents",
		"let f = (T:(*)) { T | count }; DeviceInfo | invoke f()":                                                                  "table DeviceInfo",
		"print x = toscalar(DeviceInfo | count)":                                                                                  "table DeviceInfo",
		"let x = toscalar(DeviceInfo | count); print x + 1":                                                                       "table DeviceInfo",
		"DeviceEvents | where DeviceId in ((DeviceInfo | project DeviceId))":                                                      "table DeviceEvents, table DeviceInfo",
		"DeviceEvents | where DeviceId !in (DeviceInfo) and FileName has_any (EmailAttachmentInfo)":                               "table DeviceEvents, table DeviceInfo, table EmailAttachmentInfo",
		"DeviceEvents | extend x = iff(true, toscalar(EmailEvents | count), 0)":                                                   "table DeviceEvents, table EmailEvents",
		"DeviceEvents | summarize countif(DeviceId in (DeviceInfo)) by x = toscalar(UrlClickEvents)":                              "table DeviceEvents, table DeviceInfo, table UrlClickEvents",
		"materialize(DeviceEvents | join kind=leftanti (DeviceInfo) on DeviceId) | count":                                         "table DeviceEvents, table DeviceInfo",
		"DeviceEvents | lookup (DeviceInfo | distinct DeviceId) on DeviceId":                                                      "table DeviceEvents, table DeviceInfo",
		"DeviceEvents | mv-apply x = dynamic([1]) on (where x in (EmailEvents) | union UrlClickEvents)":                           "table DeviceEvents, table EmailEvents, table UrlClickEvents",
		"DeviceEvents | partition by DeviceId (join (DeviceInfo) on DeviceId)":                                                    "table DeviceEvents, table DeviceInfo",
		"DeviceEvents | as X | take toscalar(EmailEvents | count)":                                                                "table DeviceEvents, table EmailEvents",
		"range x from 1 to toscalar(EmailEvents | count) step 1":                                                                  "table EmailEvents",
		"DeviceEvents | top-nested toscalar(EmailEvents | count) of DeviceId by count()":                                          "table DeviceEvents, table EmailEvents",
		"DeviceEvents | make-series count() on Timestamp from toscalar(EmailEvents | summarize min(Timestamp)) to now() step 1d":  "table DeviceEvents, table EmailEvents",
		"DeviceEvents | evaluate ipv4_lookup(DeviceNetworkInfo, RemoteIP, MacAddress)":                                            "table DeviceEvents, table DeviceNetworkInfo",
		"DeviceEvents | scan declare (n: long = 0) with (step s: DeviceId in (DeviceInfo) => n = toscalar(EmailEvents | count);)": "table DeviceEvents, table DeviceInfo, table EmailEvents",
		"DeviceEvents | sort by toscalar(EmailEvents | count)":                                                                    "table DeviceEvents, table EmailEvents",
		"DeviceFileEvents | invoke FileProfile(SHA1, 500)":                                                                        "reputation FileProfile, table DeviceFileEvents",
		"externaldata (a: string) ['https://example.com/a.csv']":                                                                  "feed https://example.com/a.csv",
		"union withsource=S AlertInfo, AlertEvidence":                                                                             "table AlertEvidence, table AlertInfo",
		"find in (AlertInfo, AlertEvidence) where AlertId == '1'":                                                                 "table AlertEvidence, table AlertInfo",
		"search in (AlertInfo, AlertEvid*) 'x'":                                                                                   "table AlertEvidence, table AlertInfo",
		"table('AlertInfo')":                                                                                                      "table AlertInfo",
		"DeviceInfo | getschema":                                                                                                  "", // names are no rows
	} {
		var got []string
		for _, r := range plan.References(planOf(t, text).Root) {
			got = append(got, r.Kind.String()+" "+r.Name)
		}
		slices.Sort(got)
		if joined := strings.Join(slices.Compact(got), ", "); joined != want {
			t.Errorf("%q reads %q, want %q", text, joined, want)
		}
	}
}

func TestAReferenceSaysWhereTheQueryNamesIt(t *testing.T) {
	text := "let T = DeviceInfo;\nT | join kind=inner (EmailEvents) on $left.DeviceName == $right.SenderFromDomain"
	for _, r := range plan.References(planOf(t, text).Root) {
		if got := text[r.Start:r.End]; got != r.Name {
			t.Errorf("%s is said to stand where %q stands", r.Name, got)
		}
	}
}

func TestOrderIsTheGreatestFirstAndNullsLast(t *testing.T) {
	for text, want := range map[string]plan.SortKey{
		"DeviceInfo | sort by OSBuild":                  {Descending: true},
		"DeviceInfo | sort by OSBuild asc":              {NullsFirst: true},
		"DeviceInfo | order by OSBuild asc nulls last":  {},
		"DeviceInfo | sort by OSBuild desc nulls first": {Descending: true, NullsFirst: true},
		"DeviceInfo | top 2 by OSBuild":                 {Descending: true},
		"DeviceInfo | top 2 by OSBuild asc":             {NullsFirst: true},
	} {
		got := first[*plan.Sort](t, text).Keys[0]
		if got.Descending != want.Descending || got.NullsFirst != want.NullsFirst {
			t.Errorf("%q sorts descending %v, nulls first %v", text, got.Descending, got.NullsFirst)
		}
	}
}

func TestJoinsAreOfTheKindThatIsMeant(t *testing.T) {
	for text, want := range map[string]plan.JoinKind{
		"DeviceInfo | join DeviceEvents on DeviceId":                    plan.InnerUnique,
		"DeviceInfo | join kind=inner DeviceEvents on DeviceId":         plan.Inner,
		"DeviceInfo | join kind=anti DeviceEvents on DeviceId":          plan.LeftAnti,
		"DeviceInfo | join kind=leftantisemi DeviceEvents on DeviceId":  plan.LeftAnti,
		"DeviceInfo | join kind=rightantisemi DeviceEvents on DeviceId": plan.RightAnti,
		"DeviceInfo | lookup DeviceEvents on DeviceId":                  plan.LeftOuter,
		"DeviceInfo | lookup kind=inner DeviceEvents on DeviceId":       plan.Inner,
	} {
		if got := first[*plan.Join](t, text); got.Kind != want || len(got.On) != 1 {
			t.Errorf("%q joins %s by %d columns, want %s by one", text, got.Kind, len(got.On), want)
		}
	}
}

func TestAFunctionSeesTheNamesWhereItWasWritten(t *testing.T) {
	project := first[*plan.Project](t, "let n=1; let f=(x:long){x+n}; let g=(n:long){f(n)}; print g(10)")
	sum := project.Outputs[0].Expr.(*plan.Call)
	if x, n := sum.Arguments[0].(*plan.Literal).Value, sum.Arguments[1].(*plan.Literal).Value; x != int64(10) || n != int64(1) {
		t.Errorf("g(10) is %v + %v, want 10 + 1", x, n)
	}
}

func TestRowsWithANameAreMadeOnce(t *testing.T) {
	union := first[*plan.Union](t, "let T = materialize(DeviceInfo | take 5); union T, T")
	bindings := map[*plan.Binding]bool{}
	for _, leg := range union.Legs {
		use := leg.Input.(*plan.Use)
		bindings[use.Binding] = true
	}
	if len(bindings) != 1 {
		t.Errorf("T is made %d times", len(bindings))
	}
	materialized := false
	plan.Walk(union, func(n plan.Node) {
		if use, ok := n.(*plan.Use); ok {
			materialized = materialized || use.Binding.Materialized
		}
	})
	if !materialized {
		t.Error("the plan does not say that T must be computed once")
	}
}

// Within a plan, a column is known by what it points at: an engine needs no names.
func TestColumnsOfAPlanAreTheirOwn(t *testing.T) {
	for _, e := range append(corpus(t), examples(t, "testdata/cases.jsonl")...) {
		r := kql.Compile(e.Query, hunting.Catalog())
		if r.Plan == nil {
			continue
		}
		ids := map[int]*plan.Column{}
		check := func(c *plan.Column) {
			if known := ids[c.ID]; known != nil && known != c {
				t.Fatalf("%s: two columns have the number %d: %s and %s", e.ID, c.ID, known.Name, c.Name)
			}
			ids[c.ID] = c
		}
		plan.Walk(r.Plan.Root, func(n plan.Node) {
			given := map[*plan.Column]bool{}
			for _, c := range n.Columns() {
				check(c)
				if given[c] {
					t.Errorf("%s: %T gives the column %s twice", e.ID, n, c.Name)
				}
				given[c] = true
			}
			hasInput := map[*plan.Column]bool{}
			for _, input := range n.Inputs() {
				for _, c := range input.Columns() {
					hasInput[c] = true
				}
			}
			for _, expr := range n.Exprs() {
				eachColumn(expr, func(c *plan.Column) {
					if !hasInput[c] && !stateOf(n, c) {
						t.Errorf("%s: %T reads the column %s (%d), which none of its inputs gives", e.ID, n, c.Name, c.ID)
					}
				})
			}
		})
	}
}

func eachColumn(e plan.Expr, visit func(*plan.Column)) {
	if ref, ok := e.(*plan.ColumnRef); ok {
		visit(ref.Column)
	}
	for _, a := range e.Args() {
		eachColumn(a, visit)
	}
}

// stateOf says whether a column is one that a node itself keeps while it reads.
func stateOf(n plan.Node, c *plan.Column) bool {
	m, ok := n.(*plan.Match)
	if !ok {
		return false
	}
	for _, d := range m.Declared {
		if d.Column == c {
			return true
		}
	}
	for _, s := range m.Steps {
		if slices.Contains(s.State, c) {
			return true
		}
	}
	return false
}
