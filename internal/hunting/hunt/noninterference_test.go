package hunt_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// canary finds the marks that rows bear, each with the number of its row.
var canary = regexp.MustCompile(`canary7f3e([0-9]+)x`)

type query struct{ ID, Query string }

func corpus(t testing.TB) []query {
	data, err := os.ReadFile("../kql/testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var list []query
	for line := range strings.Lines(string(data)) {
		var q query
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		list = append(list, q)
	}
	return list
}

// made is a row, and what it is a row of.
type made struct {
	table  *schema.Table
	device string
	alert  string
	values row
}

// rowsFor makes rows that a query is likely to find: of devices in and out of reach, and of alerts.
func rowsFor(query string, number, first int) []made {
	r := kql.Compile(query, hunting.Catalog())
	if r.Plan == nil {
		return nil
	}
	g := guessesOf(r.Plan.Root)
	var list []made
	seen := map[string]int{}
	for _, ref := range plan.References(r.Plan.Root) {
		t := schema.Lookup(ref.Name)
		if seen[ref.Name]++; t == nil || seen[ref.Name] > 3 || len(list) > 60 {
			continue
		}
		for i, d := range []string{"d-s1", "d-s2", "d-f1", "d-f1", "d-x", "d-s1"} {
			m := made{table: t, device: d, alert: []string{"al-s", "al-m", "al-f", "al-sf", "al-none", "al-c"}[i], values: row{}}
			for _, c := range ref.Cols {
				if column := t.Column(c.Name); column != nil {
					m.values[c.Name] = g.value(c, column, i%3)
				}
			}
			if t.Device != "" {
				m.values[t.Device] = d
			}
			if t.Scope == schema.ByAlert {
				m.values[t.ScopeColumn] = m.alert
			}
			if _, ok := m.values["DeviceName"]; ok && !g.asks(ref, "DeviceName") {
				m.values["DeviceName"] = d + ".contoso.example"
			}
			if t.Report != "" && !g.asks(ref, t.Report) {
				m.values[t.Report] = number*1000 + len(list)
			}
			if i == 3 || i == 4 { // the others are alike but for their device
				for _, c := range ref.Cols {
					if column := t.Column(c.Name); column != nil && column.Type == schema.String && !g.of[c].asked && c.Name != t.Device && c.Name != t.ScopeColumn {
						m.values[c.Name] = fmt.Sprintf("canary7f3e%dx", first+len(list))
					}
				}
			}
			list = append(list, m)
		}
	}
	return list
}

func (g *guesses) asks(ref *plan.Reference, column string) bool {
	for _, c := range ref.Cols {
		if c.Name == column {
			return g.of[c].asked || g.joins[c] != nil
		}
	}
	return false
}

// sees is the rule of who sees which row, written out once more, and as plainly as can be (S12).
func sees(reader string, m made) bool {
	if reader == admin {
		return true
	}
	devices := map[string]bool{"d-s1": true, "d-s2": true}
	holds := map[string][]string{sales: {"endpoint"}, exposure: {"endpoint"}, mail: {"office365"}, clouds: {"cloudapps", "identity"}, both: {"endpoint", "office365"}}[reader]
	if m.table.Scope == schema.ByAlert {
		of := map[string][]string{
			"al-s": {"endpoint"}, "al-f": {"endpoint"}, "al-sf": {"endpoint"}, "al-none": {"endpoint"}, "al-m": {"office365"}, "al-sm": {"endpoint", "office365"}, "al-c": {"cloudapps"},
		}[m.alert]
		for _, w := range of {
			if !slices.Contains(holds, w) {
				return false
			}
		}
		switch {
		case len(of) == 0 || m.alert == "al-f" || m.alert == "al-none":
			return false
		case m.alert == "al-sf" && m.table.Device != "":
			return devices[m.device]
		}
		return true
	}
	for _, w := range m.table.Workloads.List() {
		if !slices.Contains(holds, w.String()) {
			return false
		}
	}
	if m.table.Workloads == 0 || m.table.Vulnerability && reader != exposure {
		return false
	}
	if m.table.Scope != schema.ByDevice {
		return true
	}
	if !slices.Contains(holds, "endpoint") {
		return m.device == ""
	}
	return devices[m.device]
}

// fill loads rows and gives the hunter one engine for all queries.
func (w *world) fill(rows []made) {
	w.Helper()
	byTable := map[*schema.Table][]row{}
	var order []*schema.Table
	for _, m := range rows {
		if byTable[m.table] == nil {
			order = append(order, m.table)
		}
		byTable[m.table] = append(byTable[m.table], m.values)
	}
	for _, t := range order {
		w.load(t.Name, byTable[t]...)
	}
	tables := map[string][]string{}
	for _, t := range schema.Tables() {
		files, err := w.events.Files(t.Name, math.MinInt64, math.MaxInt64)
		if err != nil {
			w.Fatal(err)
		}
		tables[t.Physical()] = files
	}
	s, err := duck.NewSession(context.Background(), tables, worker.Limits{MemoryMB: 1024, ScratchMB: 64, Threads: 1, Scratch: w.TempDir()})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = s.Close() })
	w.hunter.Workers = worker.Inline(s.Answer)
	w.hunter.KeptDays = 0
}

// What no leak means: whatever a query is, its reader gets from the whole store what they would get from one that has nothing but the
// rows they may see.
func TestAReaderOfAPartGetsWhatAStoreOfThatPartWouldGive(t *testing.T) {
	queries := corpus(t)
	var rows []made
	for i, q := range queries {
		rows = append(rows, rowsFor(q.Query, i, len(rows))...)
	}
	whole := newWorld(t)
	whole.fill(rows)
	found := map[string]int{}
	for _, reader := range []string{both, clouds, sales} {
		if reader == sales { // whose lists are long, and are joined to
			whole = newWorld(t)
			whole.crowd()
			whole.fill(rows)
		}
		var mine []made
		for _, m := range rows {
			if sees(reader, m) {
				mine = append(mine, m)
			}
		}
		part := newWorld(t)
		if reader == sales {
			part.crowd()
		}
		part.fill(mine)
		ran, differ := 0, 0
		for _, q := range queries {
			got, err := whole.ask(reader, q.Query)
			want, wrong := part.ask(reader, q.Query)
			if (err == nil) != (wrong == nil) || err != nil && plainError(err) != plainError(wrong) {
				t.Errorf("%s, as %s: %v on the whole store, %v on the part", q.ID, reader, err, wrong)
			}
			for _, found := range canary.FindAllStringSubmatch(fmt.Sprint(got, err), -1) {
				if n, _ := strconv.Atoi(found[1]); !sees(reader, rows[n]) {
					t.Fatalf("%s, as %s: row %d of %s came into sight", q.ID, reader, n, rows[n].table.Name)
				}
			}
			if err != nil {
				continue
			}
			if ran++; len(got) > 0 {
				found[reader]++
			}
			if !slices.Equal(got, want) && chance[q.ID] == "" && (reader != sales || taken[q.ID] == "") {
				differ++
				t.Errorf("%s, as %s: %d rows of the whole store, %d of the part\n%.300q\n%.300q", q.ID, reader, len(got), len(want), got, want)
			}
		}
		t.Logf("%s: %d queries ran, %d had rows, %d rows of %d in sight, %d differed", reader, ran, found[reader], len(mine), len(rows), differ)
	}
	if found[both] < 130 {
		t.Errorf("only %d queries had rows: the others prove nothing", found[both])
	}
}

// chance are the queries that ask for rows of which any will do: what they get is of rows in sight, and not the same each time.
var chance = map[string]string{
	"ms365d-751637ec0ac4": "rand()",
	"ms365d-26d28531a704": "the rows of a join by keys of which one row of the left is as good as another",
}

// taken are those that take some rows of any order. What is joined to stands in another.
var taken = map[string]string{
	"ms365d-bf6be808637e": "take 10",
	"ms365d-0181b5381052": "take 1",
}

// plainError is an error without the id by which the log knows it.
func plainError(err error) string { return fault.Message(err) }
