package duck

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

const at0 = `"Timestamp":"2026-02-03T08:00:00.1234567Z"`

var moment = time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)

func store(t testing.TB, dir string) *events.Store {
	t.Helper()
	return events.Open(dir, Engine{MemoryMB: 512, Threads: 2}, func() time.Time { return moment })
}

func load(t testing.TB, s *events.Store, name, text string, o events.Options) events.Report {
	t.Helper()
	l, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Discard()
	if err := l.Read(t.Context(), name, strings.NewReader(text), o); err != nil {
		t.Fatal(err)
	}
	r, err := l.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLoadingTwiceIsLoadingOnce(t *testing.T) {
	s := store(t, t.TempDir())
	row := func(i int) string {
		return fmt.Sprintf(`{"time":"2026-02-03T09:00:00Z","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2026-02-03T08:00:%02d.1234567Z","DeviceId":"D%d","ReportId":%d,"FileName":"a.exe"}}`+"\n", i%60, i%3, i)
	}
	var text strings.Builder
	for i := range 100 {
		text.WriteString(row(i))
	}
	if r := load(t, s, "a.jsonl", text.String(), events.Options{}); r.New != 100 || r.Known != 0 {
		t.Fatalf("the first time: %+v", r)
	}
	if r := load(t, s, "a.jsonl", text.String()+row(100)+row(100), events.Options{}); r.New != 1 || r.Known != 101 {
		t.Fatalf("the second time, with one more, twice: %+v", r)
	}
	status, err := s.Status()
	if err != nil || len(status) != 1 || status[0].Rows != 101 || status[0].Duplicate != 101 {
		t.Errorf("%+v, %v", status, err)
	}
}

// What makes rows the same row: of a device its id, the event's and the time; of anything else all that the row says.
func TestWhatIsTheSameRow(t *testing.T) {
	for _, c := range []struct {
		what, table, first, second string
		rows                       int
	}{
		{"the same event told with another detail", "DeviceEvents", `{` + at0 + `,"DeviceId":"D","ReportId":1,"FileName":"a"}`, `{` + at0 + `,"DeviceId":"d","ReportId":1,"FileName":"b"}`, 1},
		{"another device's", "DeviceEvents", `{` + at0 + `,"DeviceId":"d","ReportId":1}`, `{` + at0 + `,"DeviceId":"e","ReportId":1}`, 2},
		{"another moment's", "DeviceEvents", `{` + at0 + `,"DeviceId":"d","ReportId":1}`, `{"Timestamp":"2026-02-03T08:00:00.1234568Z","DeviceId":"d","ReportId":1}`, 2},
		{"events without an id", "DeviceEvents", `{` + at0 + `,"DeviceId":"d","FileName":"a"}`, `{` + at0 + `,"DeviceId":"d","FileName":"b"}`, 2},
		{"another recipient's", "EmailEvents", `{` + at0 + `,"ReportId":"r","RecipientEmailAddress":"a@x"}`, `{` + at0 + `,"ReportId":"r","RecipientEmailAddress":"b@x"}`, 2},
		{"a state without a time", "DeviceTvmSoftwareInventory", `{"DeviceId":"d","SoftwareName":"s"}`, `{"SoftwareName":"s","DeviceId":"d"}`, 1},
	} {
		s := store(t, t.TempDir())
		load(t, s, "a.jsonl", streamed(c.table, c.first), events.Options{})
		load(t, s, "b.jsonl", streamed(c.table, c.second), events.Options{})
		if got := values(t, s, c.table, "k"); len(got) != c.rows {
			t.Errorf("%s: %d rows, want %d", c.what, len(got), c.rows)
		}
	}
}

func TestMergingKeepsEveryRowInOrderAndRetentionTakesTheOldest(t *testing.T) {
	now := moment
	s := events.Open(t.TempDir(), Engine{}, func() time.Time { return now })
	for i := range 9 {
		at := moment.Add(-time.Duration(i*29) * time.Hour).Format(time.RFC3339)
		load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{"Timestamp":%q,"DeviceId":"d","ReportId":%d}`, at, i)), events.Options{})
	}
	before := values(t, s, "DeviceEvents", "ReportId", "Timestamp")
	if err := s.Maintain(t.Context(), events.Retention{Days: 30}); err != nil {
		t.Fatal(err)
	}
	status, err := s.Status()
	if err != nil || status[0].Segments != 1 || status[0].Rows != 9 {
		t.Fatalf("merged: %+v, %v", status, err)
	}
	if diff := cmp.Diff(before, values(t, s, "DeviceEvents", "ReportId", "Timestamp")); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if r := load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{"Timestamp":%q,"DeviceId":"d","ReportId":3}`, moment.Add(-3*29*time.Hour).Format(time.RFC3339))), events.Options{}); r.Known != 1 {
		t.Errorf("a row that was merged is not known again: %+v", r)
	}
	// Rows stay for thirty days after they came, and then for as long as they are young enough.
	now = moment.AddDate(0, 0, 30-5)
	if err := s.Maintain(t.Context(), events.Retention{Days: 30}); err != nil {
		t.Fatal(err)
	}
	if got := values(t, s, "DeviceEvents", "ReportId"); len(got) != 9 {
		t.Errorf("25 days later: %v", got)
	}
	now = moment.AddDate(0, 0, 25).Add(time.Hour * 24 * 6)
	if err := s.Maintain(t.Context(), events.Retention{Days: 30}); err != nil {
		t.Fatal(err)
	}
	if status, err = s.Status(); err != nil || status[0].Rows != 0 || status[0].Expired != 9 {
		t.Errorf("31 days later: %+v, %v", status, err)
	}
}

// Segments that follow each other are put behind each other; those that do not are sorted. Zone maps rest on it.
func TestAMergedSegmentStandsInTheOrderOfTime(t *testing.T) {
	for name, at := range map[string]func(file, row int) time.Duration{
		"one after the other": func(file, row int) time.Duration {
			return time.Duration(file)*time.Hour + time.Duration(row)*time.Millisecond
		},
		"the newest first": func(file, row int) time.Duration {
			return time.Duration(-file)*time.Hour + time.Duration(row)*time.Millisecond
		},
		"the same hour, row after row": func(file, row int) time.Duration { return time.Duration(row*8+file) * time.Millisecond },
		"one within the others": func(file, row int) time.Duration {
			return time.Duration(file%7)*time.Hour + time.Duration(row*(file+1))*time.Millisecond
		},
	} {
		s := store(t, t.TempDir())
		const rows = 4000
		for file := range 8 {
			var text strings.Builder
			for row := range rows {
				text.WriteString(streamed("DeviceEvents", fmt.Sprintf(`{"Timestamp":%q,"DeviceId":"d","ReportId":%d}`, moment.Add(at(file, row)).Format(time.RFC3339Nano), file*rows+row)))
			}
			load(t, s, "x.jsonl", text.String(), events.Options{})
		}
		if err := s.Maintain(t.Context(), events.Retention{}); err != nil {
			t.Fatal(err)
		}
		files, err := s.Files("DeviceEvents", math.MinInt64, math.MaxInt64)
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %v, %v", name, files, err)
		}
		db, err := sql.Open("duckdb", files[0]+"?access_mode=READ_ONLY")
		if err != nil {
			t.Fatal(err)
		}
		c := schema.Lookup("DeviceEvents").Column("Timestamp").Physical()
		var count, behind int
		if err := db.QueryRow(fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE before > now) FROM (SELECT %[1]s AS now, lag(%[1]s) OVER (ORDER BY rowid) AS before FROM t)", c)).Scan(&count, &behind); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if count != 8*rows || behind > 0 {
			t.Errorf("%s: %d rows, of which %d stand behind a later one", name, count, behind)
		}
	}
}

func TestRetentionBySizeTakesTheOldestSegments(t *testing.T) {
	s := store(t, t.TempDir())
	for i := range 3 {
		load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{"Timestamp":"2026-02-0%dT08:00:00Z","DeviceId":"d","ReportId":%d}`, i+1, i)), events.Options{})
	}
	status, err := s.Status()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Maintain(t.Context(), events.Retention{Bytes: status[0].Bytes - 1}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, values(t, s, "DeviceEvents", "ReportId")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Files that a query was told of are there until it has had the time to open them, and then no longer.
func TestFilesThatWereMergedStayForAWhile(t *testing.T) {
	now := moment
	s := events.Open(t.TempDir(), Engine{}, func() time.Time { return now })
	for i := range 8 {
		load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":%d}`, at0, i)), events.Options{})
	}
	files, err := s.Files("DeviceEvents", 0, events.TicksOf(now))
	if err != nil || len(files) != 8 {
		t.Fatal(files, err)
	}
	there := func() (n int) {
		for _, f := range files {
			if _, err := os.Stat(f); err == nil {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 8}, {10 * time.Minute, 8}, {20 * time.Minute, 0}} {
		now = moment.Add(c.after)
		if err := s.Maintain(t.Context(), events.Retention{}); err != nil {
			t.Fatal(err)
		}
		if n := there(); n != c.want {
			t.Errorf("after %s: %d files, want %d", c.after, n, c.want)
		}
	}
}

func TestRowsReadBackAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	s := store(t, dir)
	load(t, s, "x.jsonl", streamed("DeviceProcessEvents",
		`{`+at0+`,"DeviceId":"d","ReportId":1,"ProcessCommandLine":"PowerShell ÄÖ","FileSize":9007199254740993,"Zeta":1}`, `{"Timestamp":"2026-02-03T07:00:00Z"}`), events.Options{})
	want := []string{"639056988000000000||null|||null", `639057024001234567|d|9007199254740993|PowerShell ÄÖ|powershell äö|{"Zeta":1}`}
	if diff := cmp.Diff(want, values(t, s, "DeviceProcessEvents", "Timestamp", "DeviceId", "FileSize", "ProcessCommandLine", "folded ProcessCommandLine", "x")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	parquet := filepath.Join(dir, "rows.parquet")
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `COPY (SELECT TIMESTAMP '2026-02-03 08:00:00.5' AS "Timestamp", 'd1' AS "DeviceId", 1::BIGINT AS "ReportId", true AS "IsAzureADJoined", ['a', 'b'] AS "LoggedOnUsers") TO `+quote(parquet)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(parquet)
	if err != nil {
		t.Fatal(err)
	}
	load(t, s, "DeviceInfo.parquet", string(text), events.Options{})
	if diff := cmp.Diff([]string{`639057024005000000|d1|true|["a","b"]`}, values(t, s, "DeviceInfo", "Timestamp", "DeviceId", "IsAzureADJoined", "LoggedOnUsers")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	l, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Discard()
	if err := l.Read(t.Context(), "DeviceInfo.parquet", strings.NewReader("PAR1 and nothing"), events.Options{}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a file that only begins like Parquet: %v", err)
	}
}

// watched is the engine, and somebody who does something while it merges.
type watched struct {
	Engine
	merging func()
}

func (e watched) Writer(ctx context.Context, scratch string) (events.Writer, error) {
	w, err := e.Engine.Writer(ctx, scratch)
	return watchedWriter{w, e.merging}, err
}

type watchedWriter struct {
	events.Writer
	merging func()
}

func (w watchedWriter) Merge(ctx context.Context, table string, files []string, file string, floor events.Ticks) (events.Sealed, error) {
	w.merging()
	return w.Writer.Merge(ctx, table, files, file, floor)
}

func TestRowsComeInWhileSegmentsAreMerged(t *testing.T) {
	dir, next := t.TempDir(), 0
	var s *events.Store
	one := func() events.Report {
		next++
		return load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":%d}`, at0, next)), events.Options{})
	}
	merges := 0
	s = events.Open(dir, watched{Engine{}, func() {
		merges++
		one()
		// One that came before comes again, and is in a segment that is on its way to be another.
		if r := load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":1}`, at0)), events.Options{}); r.Known != 1 {
			t.Errorf("a row that is being merged is not known again: %+v", r)
		}
		if err := s.Maintain(t.Context(), events.Retention{}); err != nil { // merges nothing: somebody does
			t.Error(err)
		}
	}}, func() time.Time { return moment })
	for range 9 {
		one()
	}
	if err := os.MkdirAll(filepath.Join(dir, "merge-left-by-who-was-killed"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Maintain(t.Context(), events.Retention{}); err != nil {
		t.Fatal(err)
	}
	status, err := s.Status()
	if err != nil || merges != 1 || status[0].Segments != 2 || status[0].Rows != 10 || len(values(t, s, "DeviceEvents", "ReportId")) != 10 {
		t.Errorf("merged %d times: %+v, %v", merges, status, err)
	}
	if r := load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":5}`, at0)), events.Options{}); r.Known != 1 {
		t.Errorf("a row that was merged is not known again: %+v", r)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "merge-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Loads that follow each other at once, as those of a stream do, leave the merging its turn.
func TestMergingComesToItsTurnBetweenLoads(t *testing.T) {
	s := store(t, t.TempDir())
	done := make(chan error)
	for i := range 12 {
		if i == 9 { // from now on somebody wants to merge
			go func() { done <- s.Maintain(t.Context(), events.Retention{}) }()
		}
		load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":%d}`, at0, i)), events.Options{})
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	status, err := s.Status()
	if err != nil || status[0].Segments > 5 || status[0].Rows != 12 {
		t.Errorf("%+v, %v", status, err)
	}
	// Who waits and gives up keeps nobody from writing.
	l, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tired, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Begin(tired); err == nil {
		t.Error("two write at once")
	}
	l.Discard()
	load(t, s, "x.jsonl", streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":99}`, at0)), events.Options{})
}

// counted is the engine, and how many segments it merged at once.
type counted struct {
	Engine
	of *[]int
}

func (e counted) Writer(ctx context.Context, scratch string) (events.Writer, error) {
	w, err := e.Engine.Writer(ctx, scratch)
	return countedWriter{w, e.of}, err
}

type countedWriter struct {
	events.Writer
	of *[]int
}

func (w countedWriter) Merge(ctx context.Context, table string, files []string, file string, floor events.Ticks) (events.Sealed, error) {
	*w.of = append(*w.of, len(files))
	return w.Writer.Merge(ctx, table, files, file, floor)
}

// What has to be sorted is held in memory, whole rows of it.
func TestFewSegmentsAreMergedAtOnceWhereTheyHaveToBeSorted(t *testing.T) {
	for _, c := range []struct {
		what string
		step time.Duration
		want []int
	}{{"one after the other", time.Hour, []int{20}}, {"all of the same time", 0, []int{8, 8}}} {
		var of []int
		s := events.Open(t.TempDir(), counted{Engine{}, &of}, func() time.Time { return moment })
		for i := range 20 {
			at := moment.Add(time.Duration(i-50) * c.step)
			row := func(n int) string {
				return fmt.Sprintf(`{"Timestamp":%q,"DeviceId":"d","ReportId":%d}`, at.Add(time.Duration(n)*time.Minute).Format(time.RFC3339), 2*i+n)
			}
			load(t, s, "x.jsonl", streamed("DeviceEvents", row(0), row(1)), events.Options{})
		}
		if err := s.Maintain(t.Context(), events.Retention{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, of); diff != "" || len(values(t, s, "DeviceEvents", "ReportId")) != 40 {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// Texts of every length and kind come to be what they were, in each place of a chunk and over its borders; and what is no text is none of the
// engine's, whose functions would read beyond one that breaks off within a character.
func TestTextsAreHandedOverAsTheyAre(t *testing.T) {
	s := store(t, t.TempDir())
	kinds := []string{
		"", "a", "abcd", "abcde", strings.Repeat("x", 12), strings.Repeat("y", 13), strings.Repeat("ä", 6), strings.Repeat("ä", 6) + "z", "abcdefghijkä", "日本語", strings.Repeat("long ", 300), "\xc3", "\xa4", "a\xffb",
	}
	wanted := func(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
	const rows = 5000
	var given strings.Builder
	want := make([]string, rows)
	for i := range rows {
		row := (i*7 + i/3) % rows // in no order, and some not at all
		text, bag := kinds[row%len(kinds)], `null`
		if want[row] = wanted(text) + "|null"; row%3 == 0 {
			bag = `{"n":"` + text + `"}`
			want[row] = wanted(text) + "|" + wanted(bag)
		}
		given.WriteString(streamed("IdentityLogonEvents", fmt.Sprintf(`{"Timestamp":%q,"ReportId":%d,"AccountName":"%s","AdditionalFields":%s}`, moment.Add(time.Duration(row)*time.Second).Format(time.RFC3339), row, text, bag)))
	}
	load(t, s, "x.jsonl", given.String(), events.Options{})
	want = slices.DeleteFunc(want, func(text string) bool { return text == "" })
	if diff := cmp.Diff(want, values(t, s, "IdentityLogonEvents", "AccountName", "AdditionalFields")); diff != "" {
		t.Errorf("(-want +got):\n%.2000s", diff)
	}

	none := store(t, t.TempDir())
	load(t, none, "x.jsonl", streamed("IdentityLogonEvents", "{"+at0+`,"ReportId":1,"AccountName":"`+"a\xff"+`"}`), events.Options{})
	if got := values(t, none, "IdentityLogonEvents", "AccountName"); !slices.Equal(got, []string{"a\uFFFD"}) {
		t.Errorf("a short text of bytes that are none: %q", got)
	}
}

// Rows that come in the order of time are written while more are read, into one segment. That moments and columns go on from one part of it to
// the next, that other tables come between and that older rows follow makes no difference to what is there.
func TestRowsThatAreWrittenWhileMoreAreReadAreAllThereOnce(t *testing.T) {
	const rows = 50_000
	second := func(i int) time.Time { return moment.Add(time.Duration(i/1000) * time.Second) }
	row := func(table string, i int, at time.Time, more string) string {
		return streamed(table, fmt.Sprintf(`{"Timestamp":%q,"DeviceId":"d","ReportId":%d%s}`, at.Format(time.RFC3339), i, more))
	}
	for name, c := range map[string]struct {
		given    func(i int) string
		known    int64
		segments int // of each table
		also     string
	}{
		"in order, some twice": {func(i int) string {
			given := row("DeviceEvents", i, second(i), "")
			if i%10 == 9 { // the one before comes again, in the same second
				given += row("DeviceEvents", i-1, second(i-1), "")
			}
			return given
		}, rows / 10, 1, ""},
		"a column that only later rows have": {func(i int) string {
			return row("DeviceEvents", i, second(i), map[bool]string{true: `,"ProcessCommandLine":"Late.exe","Zeta":1`}[i > 30_000])
		}, 0, 2, ""},
		"two tables in turn": {func(i int) string {
			return row("DeviceEvents", i, second(i), "") + row("DeviceLogonEvents", i, second(i), "")
		}, 0, 1, "DeviceLogonEvents"},
		"older ones behind": {func(i int) string {
			at := second(i)
			if i > rows/2 {
				at = at.Add(-time.Hour)
			}
			return row("DeviceEvents", i, at, "")
		}, 0, 2, ""},
	} {
		dir := t.TempDir()
		s := store(t, dir)
		var given strings.Builder
		for i := range rows {
			given.WriteString(c.given(i))
		}
		tables := int64(1)
		if c.also != "" {
			tables = 2
		}
		if r := load(t, s, "x.jsonl", given.String(), events.Options{}); r.New != rows*tables || r.Known != c.known {
			t.Errorf("%s: %+v", name, r)
		}
		if r := load(t, s, "x.jsonl", given.String(), events.Options{}); r.New != 0 || r.Known != rows*tables+c.known {
			t.Errorf("%s, again: %+v", name, r)
		}
		for _, table := range []string{"DeviceEvents", c.also} {
			if table == "" {
				continue
			}
			ids := map[string]bool{}
			for _, id := range values(t, s, table, "ReportId") {
				ids[id] = true
			}
			files, err := s.Files(table, math.MinInt64, math.MaxInt64)
			if err != nil || len(files) != c.segments || len(ids) != rows {
				t.Errorf("%s: %d rows of %s in %v, %v", name, len(ids), table, files, err)
			}
			for _, file := range files {
				if n := turns(t, file, table); n != 0 {
					t.Errorf("%s: %d rows of %s stand behind younger ones", name, n, table)
				}
			}
		}
		if name == "a column that only later rows have" {
			late := 0
			for i, v := range values(t, s, "DeviceEvents", "ReportId", "folded ProcessCommandLine", "x") {
				if v == fmt.Sprintf(`%d|late.exe|{"Zeta":1}`, i) {
					late++
				}
			}
			if late != rows-30_001 {
				t.Errorf("%d rows have what only later ones have", late)
			}
		}
		if segments, _ := filepath.Glob(filepath.Join(dir, "*.seg*")); len(segments) != c.segments*int(tables) {
			t.Errorf("%s: %v", name, segments)
		}
	}
}

// turns counts the rows of a segment that are older than the one before.
func turns(t *testing.T, file, table string) (n int) {
	t.Helper()
	db, err := sql.Open("duckdb", file+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(fmt.Sprintf("SELECT count(*) FROM (SELECT %[1]s < lag(%[1]s) OVER (ORDER BY rowid) AS turned FROM t) WHERE turned", at(schema.Lookup(table)))).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestALoadThatIsGivenUpLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := store(t, dir)
	var given strings.Builder
	for i := range 45_000 {
		given.WriteString(streamed("DeviceEvents", fmt.Sprintf(`{"Timestamp":%q,"DeviceId":"d","ReportId":%d}`, moment.Add(time.Duration(i)*time.Millisecond).Format(time.RFC3339Nano), i)))
	}
	l, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Read(t.Context(), "x.jsonl", strings.NewReader(given.String()), events.Options{}); err != nil {
		t.Fatal(err)
	}
	if begun, _ := filepath.Glob(filepath.Join(dir, "*.seg")); len(begun) != 1 {
		t.Errorf("while more is read: %v", begun)
	}
	l.Discard()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "write.lock" {
		t.Errorf("%v, %v", left, err)
	}
}
