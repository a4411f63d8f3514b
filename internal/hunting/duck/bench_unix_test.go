//go:build unix

package duck

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
)

// BenchmarkLoad loads records of the streaming export, 2.3 kB each with 48 columns filled. Baseline is DuckDB's own reader of JSON over the
// same file into one table: no envelope checked, no type mended, no row known again, no segment.
func BenchmarkLoad(b *testing.B) {
	const rows = 100_000
	name := filepath.Join(b.TempDir(), "rows.jsonl")
	sample, err := os.ReadFile("testdata/process.json")
	if err != nil {
		b.Fatal(err)
	}
	text := made(string(sample), 0, rows)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("load", func(b *testing.B) {
		began := cpu()
		for b.Loop() {
			s := store(b, b.TempDir())
			load(b, s, name, text, events.Options{})
			if status, err := s.Status(); err != nil || status[0].Rows != rows {
				b.Fatal(status, err)
			} else {
				b.ReportMetric(float64(status[0].Bytes)/rows, "disk-B/row")
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric(float64((cpu()-began).Nanoseconds())/1000/float64(rows*b.N), "cpu-µs/row")
	})
	b.Run("baseline", func(b *testing.B) {
		began := cpu()
		for b.Loop() {
			db, err := sql.Open("duckdb", filepath.Join(b.TempDir(), "x.db")+"?threads=2")
			if err != nil {
				b.Fatal(err)
			}
			if _, err := db.Exec("CREATE TABLE t AS SELECT unnest(properties) FROM read_json(" + quote(name) + ")"); err != nil {
				b.Fatal(err)
			}
			db.Close()
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric(float64((cpu()-began).Nanoseconds())/1000/float64(rows*b.N), "cpu-µs/row")
	})
}

// BenchmarkMerge merges eight segments of 40,000 such rows each, one after the other in time, as they are while rows come in.
func BenchmarkMerge(b *testing.B) {
	const files, rows = 8, 40_000
	sample, err := os.ReadFile("testdata/process.json")
	if err != nil {
		b.Fatal(err)
	}
	took, spent, bytes := time.Duration(0), time.Duration(0), int64(0)
	for b.Loop() {
		s := store(b, b.TempDir())
		for file := range files {
			load(b, s, "x.jsonl", made(string(sample), file*rows, rows), events.Options{})
		}
		start, began := time.Now(), cpu()
		if err := s.Maintain(b.Context(), events.Retention{}); err != nil {
			b.Fatal(err)
		}
		took, spent = took+time.Since(start), spent+cpu()-began
		status, err := s.Status()
		if err != nil || status[0].Segments != 1 || status[0].Rows != files*rows {
			b.Fatal(status, err)
		}
		bytes = status[0].Bytes
	}
	b.ReportMetric(float64(files*rows*b.N)/took.Seconds(), "rows/s")
	b.ReportMetric(float64(spent.Nanoseconds())/1000/float64(files*rows*b.N), "cpu-µs/row")
	b.ReportMetric(float64(bytes)/files/rows, "disk-B/row")
	b.ReportMetric(0, "ns/op")
}

// made are n records from the first'th on.
func made(sample string, first, n int) string {
	var text strings.Builder
	for i := first; i < first+n; i++ {
		at := moment.Add(time.Duration(i) * 7 * time.Millisecond).Format(time.RFC3339Nano)
		text.WriteString(strings.NewReplacer("@AT@", at, "@N@", fmt.Sprint(i), "@D@", fmt.Sprintf("%040x", i%5000)).Replace(sample))
	}
	return text.String()
}

// cpu is what this process has taken of all processors.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
