package hunt_test

import (
	"bufio"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
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

// What a query costs before it runs: read, bound to its reader's tables, authorised and written as a statement; and reading and binding
// alone, which is done once for a run, and authorising, which is done twice.
func BenchmarkFromTextToStatement(b *testing.B) {
	w := newWorld(b)
	rights, err := w.hunter.Rights(context.Background(), both)
	if err != nil {
		b.Fatal(err)
	}
	var took, bound, authorised []time.Duration
	queries := corpus(b)
	for b.Loop() {
		for _, q := range queries {
			start := time.Now()
			r := kql.Compile(q.Query, rights.Catalog())
			if r.Plan == nil {
				continue
			}
			atBound := time.Now()
			p, err := authorise.Authorise(r.Plan, rights)
			if err != nil {
				continue
			}
			bound, authorised = append(bound, atBound.Sub(start)), append(authorised, time.Since(atBound))
			if _, err := emit.Emit(p, emit.Options{Now: int64(events.TicksOf(now))}); err == nil {
				took = append(took, time.Since(start))
			}
		}
	}
	for name, list := range map[string][]time.Duration{"": took, "bound-": bound, "authorised-": authorised} {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2].Nanoseconds())/1e3, name+"median-µs")
		b.ReportMetric(float64(list[len(list)*99/100].Nanoseconds())/1e3, name+"p99-µs")
	}
	b.ReportMetric(0, "ns/op")
}

// size is how many rows of DeviceProcessEvents there are: BAILIWICK_HUNT_ROWS, or few.
func size() int {
	if n, err := strconv.Atoi(os.Getenv("BAILIWICK_HUNT_ROWS")); err == nil {
		return n
	}
	return 100_000
}

const fleet = 1000 // devices, of which twenty are in Sales

// large is a world with a month of processes, and the files that they are in. BAILIWICK_HUNT_DIR keeps them for the next run.
func large(b *testing.B) (*world, []string) {
	w := newWorld(b)
	for i := range fleet {
		w.tag(fmt.Sprintf("dev-%04d", i), map[bool]string{true: "sales", false: "finance"}[i%50 == 0])
	}
	if dir := os.Getenv("BAILIWICK_HUNT_DIR"); dir != "" {
		w.events = events.Open(dir, duck.Engine{MemoryMB: 1024, Threads: 2}, w.clock)
		w.hunter.Events = w.events
	}
	if status, err := w.events.Status(); err != nil {
		b.Fatal(err)
	} else if len(status) == 0 {
		r, pw := io.Pipe()
		go func() { _ = pw.CloseWithError(processes(pw, size())) }()
		begin := time.Now()
		w.read(r)
		b.Logf("%d rows loaded in %v", size(), time.Since(begin).Round(time.Millisecond))
		for range 20 {
			if err := w.events.Maintain(context.Background(), events.Retention{}); err != nil {
				b.Fatal(err)
			}
		}
	} else if n := status[0].Rows; n != int64(size()) {
		b.Fatalf("there are %d rows in BAILIWICK_HUNT_DIR, and BAILIWICK_HUNT_ROWS asks for %d", n, size())
	}
	files, err := w.events.Files("DeviceProcessEvents", math.MinInt64, math.MaxInt64)
	if err != nil {
		b.Fatal(err)
	}
	return w, files
}

func (w *world) read(r io.Reader) {
	l, err := w.events.Begin(context.Background())
	if err != nil {
		w.Fatal(err)
	}
	defer l.Discard()
	if err := l.Read(context.Background(), "rows.jsonl", r, events.Options{Strict: true}); err != nil {
		w.Fatal(err)
	}
	if _, err := l.Finish(context.Background()); err != nil {
		w.Fatal(err)
	}
	if err := l.Commit(); err != nil {
		w.Fatal(err)
	}
}

// processes writes n records of a month, eighteen columns filled. A process of a device was begun by the one before it there.
func processes(to io.Writer, n int) error {
	out := bufio.NewWriterSize(to, 1<<20)
	start := now.AddDate(0, 0, -29)
	step := now.Sub(start) / time.Duration(n)
	images := []string{"powershell.exe", "cmd.exe", "svchost.exe", "chrome.exe", "rundll32.exe", "outlook.exe", "explorer.exe"}
	command := func(i int) string {
		return fmt.Sprintf(`C:\\Windows\\System32\\%s -k %d -enc %x --path C:\\Users\\u%d\\AppData\\%d`, images[i*7919%len(images)], i%997, i*2654435761%4294967296, i%331, i%13)
	}
	for i := range n {
		line, before := command(i), max(i-fleet, 0)
		if i%50_000 == 7 {
			line += " Invoke-Mimikatz"
		}
		image, parent := images[i*7919%len(images)], images[before*7919%len(images)]
		fmt.Fprintf(out, `{"time":"2026-02-20T12:00:00Z","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":%q,"DeviceId":"dev-%04d","DeviceName":"dev-%04d.contoso.example","ActionType":"ProcessCreated","FileName":%q,"FolderPath":"C:\\Windows\\System32","SHA256":"%064x","FileSize":%d,"ProcessId":%d,"ProcessCommandLine":"%s","ProcessIntegrityLevel":"Medium","AccountDomain":"contoso","AccountName":"u%d","InitiatingProcessFileName":%q,"InitiatingProcessId":%d,"InitiatingProcessCommandLine":"%s","ReportId":%d,"AdditionalFields":"{\"Session\":%d,\"Desktop\":\"Winsta0\"}"}}`+"\n",
			start.Add(step*time.Duration(i)).Format(time.RFC3339Nano), i*31%fleet, i*31%fleet, image, i*7919%len(images)*1_000_003, 4096*(1+i%97), i%65536, line, i%331, parent, before%65536, command(before), i, i%17)
	}
	return out.Flush()
}

// hunts are queries, and what one would write for them by hand in the engine's SQL.
var hunts = []struct{ name, query, sql string }{
	{"has over a month", `DeviceProcessEvents | where ProcessCommandLine has "mimikatz" | summarize n = count() by DeviceName | top 20 by n`,
		`SELECT {DeviceName}, count(*) FROM t WHERE contains({folded ProcessCommandLine}, 'mimikatz') AND regexp_matches({folded ProcessCommandLine}, '(?:^|[^0-9a-z])mimikatz(?:$|[^0-9a-z])') GROUP BY 1 ORDER BY 2 DESC LIMIT 20`},
	{"has over a day", `DeviceProcessEvents | where Timestamp > ago(1d) | where ProcessCommandLine has "mimikatz" | summarize n = count() by DeviceName | top 20 by n`,
		`SELECT {DeviceName}, count(*) FROM t WHERE {Timestamp} > {day} AND contains({folded ProcessCommandLine}, 'mimikatz') AND regexp_matches({folded ProcessCommandLine}, '(?:^|[^0-9a-z])mimikatz(?:$|[^0-9a-z])') GROUP BY 1 ORDER BY 2 DESC LIMIT 20`},
	{"contains over a month", `DeviceProcessEvents | where ProcessCommandLine contains "imikat" | count`, `SELECT count(*) FROM t WHERE contains({folded ProcessCommandLine}, 'imikat')`},
	{"has_any of five", `DeviceProcessEvents | where ProcessCommandLine has_any ("mimikatz", "rubeus", "lsadump", "kerberoast", "sekurlsa") | summarize n = count() by DeviceName | top 20 by n`,
		`SELECT {DeviceName}, count(*) FROM t WHERE regexp_matches({folded ProcessCommandLine}, '(?:^|[^0-9a-z])(?:mimikatz|rubeus|lsadump|kerberoast|sekurlsa)(?:$|[^0-9a-z])') GROUP BY 1 ORDER BY 2 DESC LIMIT 20`},
	{"in~ by the hour, distinct devices", `DeviceProcessEvents | where FileName in~ ("powershell.exe", "cmd.exe") | summarize n = count(), d = dcount(DeviceId) by bin(Timestamp, 1h)`,
		`SELECT {Timestamp} // 36000000000 * 36000000000, count(*), count(DISTINCT {DeviceId}) FROM t WHERE lower({FileName}) IN ('powershell.exe', 'cmd.exe') GROUP BY 1`},
	{"dcount of all rows", `DeviceProcessEvents | summarize dcount(DeviceId)`, `SELECT count(DISTINCT {DeviceId}) FROM t`},
	{"arg_max of three by device", `DeviceProcessEvents | summarize arg_max(Timestamp, FileName, AccountName) by DeviceId`,
		`SELECT d, struct_extract(m, 'a'), struct_extract(m, 'b'), struct_extract(m, 'c') FROM (SELECT {DeviceId} AS d, arg_max(struct_pack(a := {Timestamp}, b := {FileName}, c := {AccountName}), {Timestamp}) AS m FROM t GROUP BY 1) r`},
	{"arg_max of all by device", `DeviceProcessEvents | summarize arg_max(Timestamp, *) by DeviceId`,
		`SELECT * EXCLUDE (k, a, x) FROM t WHERE rowid IN (SELECT arg_max(rowid, {Timestamp}) FROM t GROUP BY {DeviceId})`},
	{"self join of a day on two keys", `let day = DeviceProcessEvents | where Timestamp > ago(1d); day | join kind=inner (day) on DeviceId, $left.InitiatingProcessId == $right.ProcessId | summarize count()`,
		`SELECT count(*) FROM (SELECT * FROM t WHERE {Timestamp} > {day}) a JOIN (SELECT * FROM t WHERE {Timestamp} > {day}) b ON a.{DeviceId} = b.{DeviceId} AND a.{InitiatingProcessId} = b.{ProcessId}`},
	{"JSON property of all rows", `DeviceProcessEvents | summarize count() by tostring(parse_json(AdditionalFields).Session)`,
		`SELECT json_extract_string({AdditionalFields}, '$.Session'), count(*) FROM t GROUP BY 1`},
	{"top 100 by time", `DeviceProcessEvents | top 100 by Timestamp | project Timestamp, DeviceName, FileName`, `SELECT {Timestamp}, {DeviceName}, {FileName} FROM t ORDER BY 1 DESC LIMIT 100`},
}

// byHand writes the engine's names into a statement.
func byHand(text string) string {
	t := schema.Lookup("DeviceProcessEvents")
	pairs := []string{"{day}", fmt.Sprint(int64(events.TicksOf(now.AddDate(0, 0, -1))))}
	for _, c := range t.Columns {
		pairs = append(pairs, "{"+c.Name+"}", c.Physical(), "{folded "+c.Name+"}", c.PhysicalFolded())
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// bare is the engine with the same files and nothing of ours.
func bare(b *testing.B, files []string) *sql.DB {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	exec := func(text string) {
		if _, err := db.Exec(text); err != nil {
			b.Fatal(err)
		}
	}
	exec("SET memory_limit = '2GB'")
	exec("SET threads = 2")
	types := map[schema.Type]string{schema.Bool: "BOOLEAN", schema.Int: "INTEGER", schema.Long: "BIGINT", schema.DateTime: "BIGINT", schema.Real: "DOUBLE"}
	all := []string{"NULL::VARCHAR AS x"}
	for _, c := range schema.Lookup("DeviceProcessEvents").Columns { // a file has those in which there is anything
		all = append(all, fmt.Sprintf("NULL::%s AS %s", cmp.Or(types[c.Type], "VARCHAR"), c.Physical()))
	}
	parts := []string{"SELECT " + strings.Join(all, ", ") + " WHERE false"}
	for i, file := range files {
		exec(fmt.Sprintf("ATTACH '%s' AS s%d (READ_ONLY)", file, i))
		parts = append(parts, fmt.Sprintf("SELECT *, rowid + %d AS rowid FROM s%d.t", i<<32, i))
	}
	exec("CREATE VIEW t AS " + strings.Join(parts, " UNION ALL BY NAME "))
	return db
}

// answered reads all that a statement answers.
func answered(db *sql.DB, text string) error {
	rows, err := db.Query(text)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// besides measures ways to do the same, in turn: what else the machine does meets all of them. It tells the quickest and the middle of
// each, in milliseconds.
func besides(b *testing.B, names []string, ways ...func() error) {
	took := make([][]time.Duration, len(ways))
	for _, way := range ways { // what is read for the first time is not measured
		if err := way(); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		for i, way := range ways {
			start := time.Now()
			if err := way(); err != nil {
				b.Fatal(err)
			}
			took[i] = append(took[i], time.Since(start))
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, name := range names {
		slices.Sort(took[i])
		b.ReportMetric(float64(took[i][0].Microseconds())/1000, name+"-min-ms")
		b.ReportMetric(float64(took[i][len(took[i])/2].Microseconds())/1000, name+"-ms")
	}
}

var ways = []string{"plain", "everything", "one-in-fifty"}

// What reach costs: the same hunt as plain SQL on the same engine, by a reader of everything, and by a reader of one device in fifty.
func BenchmarkHunt(b *testing.B) {
	w, files := large(b)
	sessions := map[string]*duck.Session{} // by the files that are looked into: to begin one is not measured, but in the last of these
	w.hunter.Workers = worker.Inline(func(ctx context.Context, job worker.Job, a *worker.Answer) (err error) {
		of := fmt.Sprint(job.Tables)
		if sessions[of] == nil {
			sessions[of], err = duck.NewSession(ctx, job.Tables, worker.Limits{MemoryMB: 2048, ScratchMB: 4096, Threads: 2, Scratch: b.TempDir()})
			if err != nil {
				return err
			}
			b.Cleanup(func() { _ = sessions[of].Close() })
		}
		return sessions[of].Answer(ctx, job, a)
	})
	db := bare(b, files)
	ask := func(reader, query string) func() error {
		return func() error {
			_, err := w.hunter.Run(context.Background(), reader, hunt.Request{Query: query}, &sheet{})
			return err
		}
	}
	for _, h := range hunts {
		text := byHand(h.sql)
		b.Run(h.name, func(b *testing.B) {
			besides(b, ways, func() error { return answered(db, text) }, ask(admin, h.query), ask(sales, h.query))
		})
	}
	w.workers()
	day := hunts[1]
	text := byHand(day.sql)
	b.Run("eight of a day at once", func(b *testing.B) {
		besides(b, ways, atOnce(8, func(int) error { return answered(db, text) }), atOnce(8, func(int) error { return ask(admin, day.query)() }), atOnce(8, func(int) error { return ask(sales, day.query)() }))
	})
}

// atOnce does something so many times at once.
func atOnce(n int, do func(i int) error) func() error {
	return func() error {
		errs := make([]error, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { errs[i] = do(i) })
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	}
}
