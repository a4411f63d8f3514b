package hunt_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/emit"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// What a query costs before it runs: read, bound to its reader's tables, authorised and written as a statement.
func BenchmarkFromTextToStatement(b *testing.B) {
	w := newWorld(b)
	rights, err := w.hunter.Rights(context.Background(), both)
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	queries := corpus(b)
	for b.Loop() {
		for _, q := range queries {
			start := time.Now()
			r := kql.Compile(q.Query, rights.Catalog())
			if r.Plan == nil {
				continue
			}
			p, err := authorise.Authorise(r.Plan, rights)
			if err != nil {
				continue
			}
			if _, err := emit.Emit(p, emit.Options{Now: int64(events.TicksOf(now))}); err == nil {
				took = append(took, time.Since(start))
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(0, "ns/op")
}

// size is how many rows of DeviceProcessEvents there are: BAILIWICK_HUNT_ROWS, or few.
func size() int {
	if n, err := strconv.Atoi(os.Getenv("BAILIWICK_HUNT_ROWS")); err == nil {
		return n
	}
	return 100_000
}

const fleet = 1000 // devices, of which fifty are in Sales

// large is a world with a month of processes.
func large(b *testing.B) (*world, map[string][]string) {
	w := newWorld(b)
	for i := range fleet {
		w.tag(fmt.Sprintf("dev-%04d", i), map[bool]string{true: "sales", false: "finance"}[i%20 == 0])
	}
	n := size()
	r, pw := io.Pipe()
	go func() {
		out := bufio.NewWriterSize(pw, 1<<20)
		start := now.AddDate(0, 0, -29)
		step := now.Sub(start) / time.Duration(n)
		images := []string{"powershell.exe", "cmd.exe", "svchost.exe", "chrome.exe", "rundll32.exe", "outlook.exe", "explorer.exe"}
		for i := range n {
			image := images[i*7919%len(images)]
			line := fmt.Sprintf(`C:\\Windows\\System32\\%s -k %d -enc %x --path C:\\Users\\u%d\\AppData\\%d`, image, i%997, i*2654435761%4294967296, i%331, i%13)
			if i%50_000 == 7 {
				line += " Invoke-Mimikatz"
			}
			fmt.Fprintf(out, `{"time":"2026-02-20T12:00:00Z","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":%q,"DeviceId":"dev-%04d","DeviceName":"dev-%04d.contoso.example","ActionType":"ProcessCreated","FileName":%q,"FolderPath":"C:\\Windows\\System32","ProcessId":%d,"ProcessCommandLine":"%s","AccountName":"u%d","InitiatingProcessFileName":%q,"InitiatingProcessCommandLine":"%s","ReportId":%d}}`+"\n",
				start.Add(step*time.Duration(i)).Format(time.RFC3339Nano), i*31%fleet, i*31%fleet, image, i%65536, line, i%331, images[(i*13+1)%len(images)], line, i)
		}
		_ = out.Flush()
		_ = pw.Close()
	}()
	l, err := w.events.Begin(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer l.Discard()
	if err := l.Read(context.Background(), "rows.jsonl", r, events.Options{Strict: true}); err != nil {
		b.Fatal(err)
	}
	if _, err := l.Finish(context.Background()); err != nil {
		b.Fatal(err)
	}
	if err := l.Commit(); err != nil {
		b.Fatal(err)
	}
	files, err := w.events.Files("DeviceProcessEvents", math.MinInt64, math.MaxInt64)
	if err != nil {
		b.Fatal(err)
	}
	return w, map[string][]string{"t5": files}
}

// hunts are queries, and what one would write for them by hand in the engine's SQL.
var hunts = []struct{ name, query, sql string }{
	{"has over a month", `DeviceProcessEvents | where ProcessCommandLine has "mimikatz" | summarize n = count() by DeviceName | top 20 by n`,
		`SELECT %[1]s AS d, count(*) AS n FROM t5 WHERE contains(%[2]s, 'mimikatz') AND regexp_matches(%[2]s, '(?:^|[^0-9a-z])mimikatz(?:$|[^0-9a-z])') GROUP BY 1 ORDER BY 2 DESC LIMIT 20`},
	{"has over a day", `DeviceProcessEvents | where Timestamp > ago(1d) | where ProcessCommandLine has "mimikatz" | summarize n = count() by DeviceName | top 20 by n`,
		`SELECT %[1]s AS d, count(*) AS n FROM t5 WHERE c1 > %[3]d AND contains(%[2]s, 'mimikatz') AND regexp_matches(%[2]s, '(?:^|[^0-9a-z])mimikatz(?:$|[^0-9a-z])') GROUP BY 1 ORDER BY 2 DESC LIMIT 20`},
	{"contains over a month", `DeviceProcessEvents | where ProcessCommandLine contains "imikat" | count`, `SELECT count(*) FROM t5 WHERE contains(%[2]s, 'imikat')`},
	{"in and summarize", `DeviceProcessEvents | where FileName in~ ("powershell.exe", "cmd.exe") | summarize n = count(), d = dcount(DeviceId) by bin(Timestamp, 1h)`,
		`SELECT c1 // 36000000000 * 36000000000, count(*), count(DISTINCT c2) FROM t5 WHERE lower(%[4]s) IN ('powershell.exe', 'cmd.exe') GROUP BY 1`},
	{"arg_max by device", `DeviceProcessEvents | summarize arg_max(Timestamp, FileName, AccountName) by DeviceId`,
		`SELECT d, struct_extract(m, 'a'), struct_extract(m, 'b'), struct_extract(m, 'c') FROM (SELECT c2 AS d, arg_max(struct_pack(a := c1, b := %[4]s, c := %[5]s), c1) AS m FROM t5 GROUP BY 1) r`},
	{"top by time", `DeviceProcessEvents | top 100 by Timestamp | project Timestamp, DeviceName, FileName`, `SELECT c1, %[1]s, %[4]s FROM t5 ORDER BY c1 DESC LIMIT 100`},
}

// What reach costs: the same hunt as plain SQL on the same engine, by a reader of everything, and by a reader of one device in twenty.
func BenchmarkHunt(b *testing.B) {
	w, tables := large(b)
	s, err := duck.NewSession(context.Background(), tables, worker.Limits{MemoryMB: 2048, ScratchMB: 4096, Threads: 2, Scratch: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	w.hunter.Workers = worker.Inline(s.Answer)
	t := benchTable()
	day := int64(events.TicksOf(now.AddDate(0, 0, -1)))
	for _, h := range hunts {
		text := cutExtra(fmt.Sprintf(h.sql, t("DeviceName"), t("folded ProcessCommandLine"), day, t("FileName"), t("AccountName")))
		b.Run(h.name+"/plain SQL", func(b *testing.B) {
			for b.Loop() {
				if _, err := w.hunter.Workers.Run(context.Background(), "", worker.Job{Statement: text, Tables: tables, Limits: worker.Limits{Time: time.Hour}}, &raw{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, reader := range []string{admin, sales} {
			b.Run(h.name+"/"+map[string]string{admin: "everything", sales: "one in twenty"}[reader], func(b *testing.B) {
				for b.Loop() {
					if _, err := w.hunter.Run(context.Background(), reader, hunt.Request{Query: h.query}, &sheet{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

type raw struct{}

func (*raw) Columns([]worker.Column) error { return nil }
func (*raw) Row([]any) error               { return nil }

// benchTable gives what the engine calls a column of DeviceProcessEvents.
func benchTable() func(string) string {
	t := schema.Lookup("DeviceProcessEvents")
	return func(name string) string {
		if column, folded := strings.CutPrefix(name, "folded "); folded {
			return t.Column(column).PhysicalFolded()
		}
		return t.Column(name).Physical()
	}
}

// cutExtra cuts what Sprintf says of arguments that a statement has no use for.
func cutExtra(text string) string {
	text, _, _ = strings.Cut(text, "%!(EXTRA")
	return text
}
