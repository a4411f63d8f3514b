package kql_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
)

// answers are what Microsoft's binder says: the columns of a result, or the first error. oracle/oracle.js asks it.
type answers struct {
	Schemas []string
	Answers map[string]any
}

func (a answers) of(id string) (columns, problem string) {
	switch answer := a.Answers[id].(type) {
	case float64:
		return a.Schemas[int(answer)], ""
	case string:
		return "", answer
	}
	return "", "never asked"
}

// ours says what we say, in the same form.
func ours(text string) (columns, problem string) {
	r := kql.Compile(text, hunting.Catalog())
	if r.Plan == nil {
		return "", r.Errors[0].Message
	}
	var list []string
	for _, c := range r.Columns() {
		list = append(list, c.Name+":"+c.Type.String())
	}
	if r.Plan.Open {
		list = append(list, "*")
	}
	return strings.Join(list, ", "), ""
}

func readAnswers(t testing.TB) answers {
	t.Helper()
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var a answers
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// reviewed are the disagreements that somebody has looked at, with the reason: testdata/disagreements.txt.
func reviewed(t testing.TB) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/disagreements.txt")
	if err != nil {
		t.Fatal(err)
	}
	list, reason := map[string]string{}, ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasSuffix(line, ":"):
			reason = strings.TrimSuffix(line, ":")
		default:
			for _, id := range strings.Fields(line) {
				list[id] = reason
			}
		}
	}
	return list
}

func TestMicrosoftsBinderSaysTheSame(t *testing.T) {
	if *update {
		writeMutations(t)
	}
	said, agreed := readAnswers(t), reviewed(t)
	texts := map[string]string{}
	ids := []string{}
	for _, e := range append(corpus(t), examples(t, "testdata/cases.jsonl")...) {
		texts[e.ID] = e.Query
		ids = append(ids, e.ID)
	}
	for _, m := range mutations(t) {
		texts[m.ID] = m.of(texts[m.Base])
		ids = append(ids, m.ID)
	}
	asked, same := 0, 0
	for _, id := range ids {
		theirColumns, theirProblem := said.of(id)
		if theirProblem == "broke" {
			continue
		}
		asked++
		columns, problem := ours(texts[id])
		if columns == theirColumns && (problem == "") == (theirProblem == "") {
			same++
			if reason := agreed[id]; reason != "" {
				t.Errorf("%s is no disagreement any more: %s", id, reason)
			}
			continue
		}
		if agreed[id] == "" {
			t.Errorf("%s\nwe say\t%s%s\nthey\t%s%s", id, columns, problem, theirColumns, theirProblem)
		}
	}
	t.Logf("of %d queries, Microsoft's binder says the same of %d", asked, same)
}
