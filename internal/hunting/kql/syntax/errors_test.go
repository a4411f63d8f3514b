package syntax_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// said gives the problems of a text as line:column: message.
func said(text string) []string {
	_, problems := syntax.Parse(text)
	lines := syntax.NewLines(text)
	var list []string
	for _, p := range problems.Sorted() {
		line, column := lines.At(p.Start)
		list = append(list, fmt.Sprintf("%d:%d: %s", line, column, p.Message))
	}
	return list
}

func TestAProblemSaysWhereItIsAndWhatWouldBeRight(t *testing.T) {
	for text, want := range map[string]string{
		"T | wher A == 1":                      "1:5: Query could not be parsed at 'wher': expected an operator; did you mean 'where'?",
		"T |":                                  "1:4: Query could not be parsed at the end of the query: expected an operator such as where, project, extend, summarize or join.",
		"T | where":                            "1:10: Query could not be parsed at the end of the query: expected an expression.",
		"T | where (A == 1":                    "1:18: Query could not be parsed at the end of the query: expected ')'.",
		"T | where A == 1)":                    "1:17: Query could not be parsed at ')': no bracket is open that it would close.",
		"T\n// é\n| where A == 'é' and == 1":   "3:22: Query could not be parsed at '==': expected an expression.",
		"T | order A":                          "1:11: Query could not be parsed at 'A': expected 'by'.",
		"let x = 3 T | take x":                 "1:11: Query could not be parsed at 'T': expected '|' or ';'.",
		"let x = 3 let y = 4; T":               "1:11: Query could not be parsed at 'let': expected ';' before it.",
		"T where A == 1":                       "1:3: Query could not be parsed at 'where': expected '|' before it.",
		"T | where A == 1 && B == 2":           "1:18: Unexpected character '&' (U+0026): write 'and'.",
		"T | where A == 1 || B == 2":           "1:19: Query could not be parsed at '|': expected an operator; write 'or' between two conditions.",
		"T | where A not in (1)":               "1:13: Query could not be parsed at 'not': expected '|' or ';'; write !in, !has, !between or not(...).",
		"T | where A == “x”":                   "1:16: Unexpected character '“' (U+201C): write \".",
		"T | where A == 'x":                    "1:16: The string is not closed: expected ' at its end.",
		"T | where A == 'C:\\Windows'":         `1:19: There is no escape '\W' in a string: write '\\' for a backslash, or put @ before the '.`,
		"T | where A == datetime(2020-13-45)":  "1:16: '2020-13-45' is not a literal of type datetime: write it as datetime(2024-12-31) or datetime(2024-12-31 23:59:59).",
		"T | where A == 99999999999999999999":  "1:16: '99999999999999999999' is not a literal of type long: write a whole number that fits in 64 bits.",
		"let f = (x:strin) { x }; T":           "1:12: There is no type 'strin'; did you mean 'string'?",
		"T | project A,":                       "1:15: Query could not be parsed at the end of the query: expected an expression after ','.",
		"T | where A == dynamic({a:1})":        "1:25: Query could not be parsed at 'a': expected a string as the name of a property.",
		"range x from 1 to 3":                  "1:20: Query could not be parsed at the end of the query: expected 'step'.",
		"T | where A == 1 # why":               "1:18: Query could not be parsed at '# why': lines that begin with # are for tools and no part of a query.",
		"T | where A == '\xff'":                "1:16: The query is not valid UTF-8 in this string.",
		"T | where \x00A == 1":                 "1:11: Unexpected character of no width or form (U+0000).",
		"T | where \u202eA == 1":               "1:11: Unexpected character of no width or form (U+202E).",
		"T | summarize count( by DeviceName":   "1:22: Query could not be parsed at 'by': expected an expression, and it is a word of the language.",
		"T | join kind=inner (U | take 1 on A": "1:33: Query could not be parsed at 'on': expected ')'.",
	} {
		got := said(text)
		if !slices.Contains(got, want) {
			t.Errorf("%q says\n\t%s\nwant among it\n\t%s", text, strings.Join(got, "\n\t"), want)
		}
	}
}

func TestAllProblemsOfAQueryAreSaidAtOnce(t *testing.T) {
	text := `let a = ;
let b = 3 + ;
DeviceEvents
| wher A == 1
| project A,, B
| join kind=inner (DeviceInfo | tak 3 | where == 2) on DeviceId
| take 5;
let c = (x:lon) { x };
DeviceInfo | order DeviceName`
	want := []string{"1:9", "2:13", "4:3", "5:13", "6:33", "6:47", "8:12", "9:20"}
	got := said(text)
	var places []string
	for _, one := range got {
		place, _, _ := strings.Cut(one, ": ")
		places = append(places, place)
	}
	if !slices.Equal(places, want) {
		t.Errorf("problems at %v, want %v:\n\t%s", places, want, strings.Join(got, "\n\t"))
	}
}

func TestWhatIsBehindAProblemIsStillRead(t *testing.T) {
	q, _ := syntax.Parse("let x = 1 + ; T | wher A | take 3")
	if len(q.Statements) != 2 {
		t.Fatalf("%d statements, want 2", len(q.Statements))
	}
	pipeline := q.Statements[1].(*syntax.Result).X.(*syntax.Pipeline)
	if _, bad := pipeline.Operators[0].(*syntax.BadOperator); !bad || len(pipeline.Operators) != 2 {
		t.Fatalf("operators %#v, want one that could not be read and take", pipeline.Operators)
	}
	if take, ok := pipeline.Operators[1].(*syntax.Take); !ok || take.N.(*syntax.Literal).Text != "3" {
		t.Errorf("the second operator is %#v", pipeline.Operators[1])
	}
}

func TestSpansAreWhereThingsStand(t *testing.T) {
	text := "Tabelle | where Straße has 'x' // é\n| extend b = strcat(a, ['c d'])"
	q, problems := syntax.Parse(strings.ReplaceAll(text, "Straße", "['Straße']"))
	text = strings.ReplaceAll(text, "Straße", "['Straße']")
	if problems.Len() > 0 {
		t.Fatal(problems.Sorted())
	}
	p := q.Statements[0].(*syntax.Result).X.(*syntax.Pipeline)
	where, extend := p.Operators[0].(*syntax.Where), p.Operators[1].(*syntax.Columns)
	binary := where.Condition.(*syntax.Binary)
	call := extend.List[0].(*syntax.Named).X.(*syntax.Call)
	for want, at := range map[string]syntax.Span{
		"Tabelle": p.Source.Bounds(), "where ['Straße'] has 'x'": where.Span, "has": binary.At, "'x'": binary.Y.Bounds(),
		"strcat(a, ['c d'])": call.Span, "['c d']": call.Args[1].Bounds(), "strcat": call.Name.Span,
	} {
		if got := text[at.Start:at.End]; got != want {
			t.Errorf("a span holds %q, want %q", got, want)
		}
	}
}
