package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// A test that is started as a worker is one.
func TestMain(m *testing.M) {
	if os.Getenv("BAILIWICK_WORKER") != "" {
		if os.Getenv("BAILIWICK_BOMBS") != "" { // let through what is refused elsewhere
			worker.Functions, worker.TableFunctions = append(worker.Functions, "repeat", "range", "md5"), append(worker.TableFunctions, "range")
		}
		if Work(os.Stdin, os.Stdout) != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func pool(t testing.TB, atOnce int) *worker.Pool {
	t.Helper()
	p := worker.NewPool(func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = []string{"BAILIWICK_WORKER=1"}
		return c
	}, atOnce)
	t.Cleanup(p.Close)
	return p
}

type sheet struct {
	columns []worker.Column
	rows    []string
}

func (s *sheet) Columns(c []worker.Column) error { s.columns = c; return nil }
func (s *sheet) Row(r []any) error               { s.rows = append(s.rows, fmt.Sprint(r...)); return nil }

func limits(t testing.TB) worker.Limits {
	return worker.Limits{Time: 20 * time.Second, Rows: 1000, Bytes: 10 << 20, MemoryMB: 512, ScratchMB: 64, Threads: 1, Scratch: t.TempDir()}
}

// devices is a store with three rows of two devices.
func devices(t testing.TB) (*events.Store, map[string][]string) {
	s := store(t, t.TempDir())
	load(t, s, "a.jsonl", streamed("DeviceEvents", `{`+at0+`,"DeviceId":"d1","ReportId":1,"FileName":"secret-one"}`, `{`+at0+`,"DeviceId":"d2","ReportId":2,"FileName":"secret-two"}`), events.Options{})
	load(t, s, "b.jsonl", streamed("DeviceEvents", `{`+at0+`,"DeviceId":"d1","ReportId":3,"FileName":"three"}`), events.Options{})
	files, err := s.Files("DeviceEvents", math.MinInt64, math.MaxInt64)
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	return s, map[string][]string{"t11": files}
}

func TestAStatementSeesTheTablesAndListsOfItsJob(t *testing.T) {
	_, tables := devices(t)
	tables["t5"] = nil // a table without rows
	p := pool(t, 2)
	var got sheet
	stats, err := p.Run(t.Context(), "ada", worker.Job{
		Statement: `WITH x AS (SELECT * FROM t11 WHERE c2 IN (SELECT id FROM scope))
			SELECT count(*), min(c1), max(a IS NOT NULL), $1 || lower('A'), $2::DOUBLE, (SELECT count(*) FROM t5 WHERE f18 = '') FROM x WHERE k IS NOT NULL AND coalesce(c5, '') >= ''`,
		Parameters: []worker.Value{{V: "§"}, {V: 1.5}}, Tables: tables, Lists: map[string][]string{"scope": {"d1", "'; DROP"}}, Limits: limits(t),
	}, &got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2 639057024001234567 true§a1.5 0"}, got.rows); diff != "" || stats.Rows != 1 || len(got.columns) != 6 {
		t.Errorf("%+v (-want +got):\n%s", stats, diff)
	}
}

// confined is a connection as a worker has it when it comes to its statement.
func confined(t *testing.T, job worker.Job) *sql.Conn {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := prepare(t.Context(), conn, job); err != nil {
		t.Fatal(err)
	}
	return conn
}

// Whatever an emitter might be brought to write.
func TestAStatementThatTouchesAnythingElseIsRefused(t *testing.T) {
	_, tables := devices(t)
	file := tables["t11"][0]
	job := worker.Job{Tables: tables, Lists: map[string][]string{"scope": {"d1"}}, Limits: limits(t)}
	conn := confined(t, job)
	for _, statement := range []string{
		`SELECT * FROM s1.t`, `SELECT * FROM s1.main.t`, `SELECT * FROM main.t11`, `SELECT * FROM t5`, `SELECT * FROM duckdb_tables()`, `SELECT * FROM duckdb_settings()`,
		`SELECT * FROM information_schema.tables`, `SELECT * FROM sqlite_master`, `SELECT * FROM query('SELECT 1')`, `SELECT * FROM query_table('t11')`,
		`SELECT * FROM read_csv('/etc/passwd')`, `SELECT * FROM read_text('/etc/passwd')`, `SELECT * FROM '/etc/passwd'`, `SELECT * FROM glob('/*')`, `SELECT * FROM '` + file + `'`,
		`SELECT getenv('PATH')`, `SELECT current_setting('temp_directory')`, `SELECT version()`, `SELECT current_database()`, `SELECT repeat('a', 2000000000)`, `SELECT lpad('a', 2000000000, 'b')`,
		`SELECT * FROM range(1000000000)`, `SELECT range(1000000000)`, `SELECT * FROM generate_series(1, 10)`, `SELECT error('x')`, `SELECT nextval('x')`,
		`SELECT 1; SELECT 2`, `COPY t11 TO '/tmp/x'`, `ATTACH ':memory:' AS m`, `SET threads = 8`, `RESET threads`, `PRAGMA database_list`, `CREATE TABLE x (i INT)`, `DROP VIEW t11`, `INSERT INTO scope VALUES ('d2')`,
		`INSTALL httpfs`, `LOAD httpfs`, `EXPORT DATABASE '/tmp/x'`, `CALL duckdb_tables()`, `EXPLAIN SELECT 1`, `DESCRIBE t11`, `SHOW TABLES`, `SUMMARIZE t11`, `FROM (DESCRIBE t11)`, `FROM (SHOW ALL TABLES)`,
		`WITH t11 AS (SELECT 1) SELECT * FROM t11`, `WITH scope AS (SELECT 'd2' AS id) SELECT * FROM t11 WHERE c2 IN (FROM scope)`, `WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT count(*) FROM r`,
		`PIVOT t11 ON c2`, `SELECT * FROM (PIVOT t11 ON c2)`, `SELECT (SELECT count(*) FROM s2.t)`, `SELECT 1 WHERE EXISTS (FROM s1.t)`, `SELECT list_transform([1], x -> getenv('PATH'))`,
		`nonsense`, ``,
	} {
		job.Statement = statement
		if err := check(t.Context(), conn, job); !errors.Is(err, errRefused) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	job.Statement = `SELECT * FROM duckdb_settings()`
	if _, err := pool(t, 1).Run(t.Context(), "ada", job, &sheet{}); worker.CodeOf(err) != worker.Refused {
		t.Errorf("in a worker: %v", err)
	}
	for _, statement := range []string{
		`SELECT count(*) FROM t11`, `SELECT 1`, `SELECT x.n FROM (SELECT count(*) AS n, c2 FROM t11 GROUP BY ALL) x JOIN scope ON x.c2 = scope.id ORDER BY 1 LIMIT 5`,
		`WITH a AS (FROM t11), b AS (FROM a) SELECT row_number() OVER (PARTITION BY c2 ORDER BY c1) FROM b UNION ALL SELECT 1`, `SELECT unnest([1, 2]), CASE WHEN c5 LIKE '%s1.t%' THEN TRY_CAST(c5 AS INTEGER) END FROM t11`,
		`SELECT u FROM t11, unnest(string_split(c5, '-')) AS v(u) WHERE c1 BETWEEN $1 AND $2 AND c2 IN ('a', 'b')`, `SELECT list_transform([1], v -> v + 1), {'a': 1}, 'FROM s1.t; SELECT getenv(1)'`,
	} {
		job.Statement = statement
		if err := check(t.Context(), conn, job); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// The engine itself, without the check: no file, no setting, no other database.
func TestAWorkerHasGivenUpTheRightToOpenAnythingMore(t *testing.T) {
	_, tables := devices(t)
	conn := confined(t, worker.Job{Tables: tables, Limits: limits(t)})
	away := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(away, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`SELECT * FROM read_csv('` + away + `')`, `SELECT * FROM read_text('` + away + `')`, `SELECT * FROM glob('/*')`, `COPY t11 TO '` + away + `'`, `EXPORT DATABASE '` + away + `'`, `ATTACH '` + away + `2' AS m`,
		`INSTALL httpfs`, `LOAD httpfs`, `SET threads = 8`, `RESET memory_limit`, `SET enable_external_access = true`, `PRAGMA memory_limit = '9GB'`, `SET temp_directory = '/tmp'`,
		`CREATE TABLE s1.x (i INT)`, `DROP TABLE s1.t`, `DELETE FROM s1.t`, `UPDATE s1.t SET a = 0`,
	} {
		if _, err := conn.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s: was done", statement)
		}
	}
}

// What the engine says about an error has values of rows in it, hidden ones too: nobody hears it.
func TestWhatTheEngineSaysOfAnErrorIsNotPassedOn(t *testing.T) {
	_, tables := devices(t)
	p := pool(t, 1)
	var logged string
	p.Log = func(id string, code worker.Code, kind string) { logged = fmt.Sprint(id, code, kind) }
	_, err := p.Run(t.Context(), "ada", worker.Job{Statement: `SELECT c5::INTEGER FROM t11`, Tables: tables, Limits: limits(t)}, &sheet{})
	var e *worker.Error
	if !errors.As(err, &e) || e.Code != worker.Failed || len(e.ID) != 16 || !strings.Contains(logged, e.ID) {
		t.Fatalf("%v, logged %q", err, logged)
	}
	if strings.Contains(err.Error()+logged, "secret") || !strings.HasSuffix(logged, "Conversion Error") {
		t.Errorf("a value was told: %v, logged %q", err, logged)
	}
}

// What a job may take, the engine is told, too.
func TestTheEngineHasTheLimitsOfItsJob(t *testing.T) {
	conn := confined(t, worker.Job{Limits: worker.Limits{MemoryMB: 300, ScratchMB: 40, Threads: 1, Scratch: t.TempDir()}})
	for setting, want := range map[string]string{"memory_limit": "286.1 MiB", "max_temp_directory_size": "38.1 MiB", "threads": "1"} {
		var got string
		if err := conn.QueryRowContext(t.Context(), "SELECT current_setting('"+setting+"')::VARCHAR").Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", setting, got, err, want)
		}
	}
}

// The bombs of hunting-engine.md: statements that the closed list would not let through take the worker down, and nobody else.
func TestABombEndsItsWorkerAndNobodyElses(t *testing.T) {
	_, tables := devices(t)
	p := worker.NewPool(func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = []string{"BAILIWICK_WORKER=1", "BAILIWICK_BOMBS=1"}
		return c
	}, 2)
	t.Cleanup(p.Close)
	for _, c := range []struct {
		what, statement string
		codes           []worker.Code
	}{
		{"one value of two billion letters", `SELECT length(repeat('a', 2000000000) || c5) FROM t11`, []worker.Code{worker.Memory, worker.Failed, worker.Lost, worker.Late}},
		{"a list of a hundred million", `SELECT len(list_transform(range(100000000), x -> x * 2 + len(c5))) FROM t11`, []worker.Code{worker.Memory, worker.Failed, worker.Lost, worker.Late}},
		{"a join that never ends", `SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 8`, []worker.Code{worker.Late}},
		{"more to sort than the disk may take", `SELECT * FROM range(20000000) a ORDER BY md5(range::VARCHAR) || repeat('x', 100)`, []worker.Code{worker.Memory, worker.Late}},
	} {
		most := limits(t)
		most.Time, most.MemoryMB, most.ScratchMB = 2*time.Second, 256, 32
		began := time.Now()
		_, err := p.Run(t.Context(), "mallory", worker.Job{Statement: c.statement, Tables: tables, Limits: most}, &sheet{})
		if code := worker.CodeOf(err); !contains(c.codes, code) {
			t.Errorf("%s: %v", c.what, err)
		}
		t.Logf("%s: %v after %s", c.what, err, time.Since(began).Round(time.Millisecond))
	}
	// What the engine does not count as memory, the process does not get.
	most := limits(t)
	if _, err := p.Run(t.Context(), "mallory", worker.Job{Statement: `SELECT length(repeat('a', 2000000000) || c5) FROM t11`, Tables: tables, Limits: most}, &sheet{}); !contains([]worker.Code{worker.Memory, worker.Failed, worker.Lost}, worker.CodeOf(err)) {
		t.Errorf("two billion letters with time for it: %v", err)
	}
	if _, err := p.Run(t.Context(), "ada", worker.Job{Statement: `SELECT count(*) FROM t11`, Tables: tables, Limits: limits(t)}, &sheet{}); err != nil {
		t.Errorf("after all of them: %v", err)
	}
}

func contains(list []worker.Code, code worker.Code) bool {
	for _, c := range list {
		if c == code {
			return true
		}
	}
	return false
}

func TestAnAnswerIsCutWhereItsLimitsAre(t *testing.T) {
	_, tables := devices(t)
	p := pool(t, 1)
	for _, c := range []struct {
		what string
		cut  func(*worker.Limits)
		want string
	}{
		{"rows", func(l *worker.Limits) { l.Rows = 2 }, "rows"}, {"bytes", func(l *worker.Limits) { l.Bytes = 20 }, "bytes"}, {"none", func(l *worker.Limits) { l.Rows = 3 }, ""},
	} {
		most := limits(t)
		c.cut(&most)
		var got sheet
		stats, err := p.Run(t.Context(), "ada", worker.Job{Statement: `SELECT c5 FROM t11`, Tables: tables, Limits: most}, &got)
		if err != nil || stats.Truncated != c.want || int64(len(got.rows)) != stats.Rows {
			t.Errorf("%s: %+v, %v", c.what, stats, err)
		}
	}
}

func TestWhoGoesAwayTakesTheirQueryAlong(t *testing.T) {
	_, tables := devices(t)
	p := pool(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	most := limits(t)
	most.Time = time.Hour
	_, err := p.Run(ctx, "ada", worker.Job{Statement: `SELECT count(*) FROM ` + crossed(18), Tables: tables, Limits: most}, &sheet{})
	if worker.CodeOf(err) != worker.Cancelled {
		t.Error(err)
	}
}

// crossed joins a table with itself so often that nobody would wait for it.
func crossed(n int) string {
	var list []string
	for i := range n * 2 {
		list = append(list, fmt.Sprintf("t11 x%d", i))
	}
	return strings.Join(list, ", ")
}
