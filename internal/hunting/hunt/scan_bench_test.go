package hunt_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// What a scan takes of rows that all stand in one partition, beside a running sum of as many in the engine's own words.
func BenchmarkScan(b *testing.B) {
	w := newWorld(b)
	w.fill(nil)
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, n := range []int{5_000, 20_000, 100_000} {
		rows := fmt.Sprintf("range x from 1 to %d step 1 | extend t = datetime(2026-01-01) + x * 1m, e = x %% 7 | serialize ", n)
		for _, scan := range []struct{ name, query string }{
			{"one step", `| scan declare (c:long=0) with (step s: true => c = iff(e == 0, 0, s.c + x);) | summarize max(c)`},
			{"three steps", `| scan with_match_id=m declare (c:long=0) with (step s1: e == 1; step s2: e == 3 and t - s1.t < 5m => c = s1.x + x; step s3: e == 5 and t - s1.t < 9m and x > s2.x;) | summarize max(c), dcount(m)`},
			{"sessions", `| extend s = row_window_session(t, 1h, 5m, e == 3) | summarize dcount(s)`},
		} {
			b.Run(fmt.Sprintf("%s, %d rows", scan.name, n), func(b *testing.B) {
				besides(b, []string{"sum", "scan"},
					func() error {
						return answered(db, fmt.Sprintf("SELECT max(c) FROM (SELECT sum(x) OVER (ORDER BY x ROWS UNBOUNDED PRECEDING) AS c FROM range(%d) t(x))", n))
					},
					func() error {
						_, err := w.hunter.Run(context.Background(), admin, hunt.Request{Query: rows + scan.query}, &sheet{})
						return err
					})
			})
		}
	}
}
