package kql_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

var update = flag.Bool("update", false, "write testdata/mutations.jsonl anew; npm run update in oracle then asks about them")

// mutation is a query of the corpus with one token changed: so many bytes removed at a place, and a text put there.
type mutation struct {
	ID     string `json:"id"`
	Base   string `json:"base"`
	At     int    `json:"at"`
	Remove int    `json:"remove"`
	Insert string `json:"insert"`
}

func (m mutation) of(text string) string { return text[:m.At] + m.Insert + text[m.At+m.Remove:] }

func mutations(t testing.TB) []mutation {
	t.Helper()
	data, err := os.ReadFile("testdata/mutations.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var list []mutation
	for line := range strings.Lines(string(data)) {
		var m mutation
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

// tokens is rough: it is for finding places to change, not for reading.
var tokens = regexp.MustCompile(`//[^\n]*|@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'|[A-Za-z_$][\w$]*(?:-[a-z]+)*|\d[\w.]*|[<>=!]=|=~|!~|\.\.|\S`)

// mutate makes so many mutations, always the same.
func mutate(list []example, n int) []mutation {
	random := rand.New(rand.NewPCG(20261129, 5))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	var columns []string
	for _, t := range schema.Tables()[:27] {
		for _, c := range t.Columns {
			columns = append(columns, c.Name)
		}
	}
	calls := append(sorted(functions.Names(functions.Scalars)), sorted(functions.Names(functions.Aggregates))...)
	operators := sorted(syntax.Operators())
	signs := strings.Fields("( ) [ ] { } , ; | . : == != < > =~ !~ + - * / = ..")
	words := strings.Fields("and or has contains startswith in has_any between !in !has by on asc desc with kind=inner to from step limit")
	values := strings.Fields(`1 0.5 "text" 1h 7d true dynamic([]) datetime(2024-01-01) int(null) ago(1d) -1 ""`)
	var made []mutation
	for len(made) < n {
		e := list[random.IntN(len(list))]
		places := tokens.FindAllStringIndex(e.Query, -1)
		at := places[random.IntN(len(places))]
		token := e.Query[at[0]:at[1]]
		if strings.HasPrefix(token, "//") {
			continue
		}
		m := mutation{Base: e.ID, At: at[0], Remove: at[1] - at[0]}
		switch random.IntN(9) {
		case 0: // gone
		case 1: // twice
			m.Insert = token + " " + token
		case 2:
			m.Insert = pick(columns)
		case 3:
			m.Insert = pick(calls)
		case 4:
			m.Insert = pick(operators)
		case 5:
			m.Insert = pick(signs)
		case 6:
			m.Insert = pick(words)
		case 7:
			m.Insert = pick(values)
		case 8: // misspelt
			i := random.IntN(len(token))
			m.Insert = token[:i] + token[min(i+1, len(token)):]
		}
		if m.Insert == token || !json.Valid([]byte(fmt.Sprintf("%q", m.Insert))) {
			continue
		}
		m.ID = fmt.Sprintf("m%04d", len(made)+1)
		made = append(made, m)
	}
	return made
}

// writeMutations makes them anew. oracle/oracle.js --update has to be asked about them then.
func writeMutations(t *testing.T) {
	t.Helper()
	var w strings.Builder
	for _, m := range mutate(corpus(t), 3000) {
		line, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(line)
		w.WriteByte('\n')
	}
	if err := os.WriteFile("testdata/mutations.jsonl", []byte(w.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
