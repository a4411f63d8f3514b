package hunt_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// A query looks only into the files that can have rows of the times which it names, however it names them, and finds what it would find in all.
func TestFilesAreChosenByTheTimesThatAQueryNames(t *testing.T) {
	w := newWorld(t)
	for day := range 10 { // a file a day
		for _, table := range []string{"DeviceProcessEvents", "DeviceNetworkEvents"} {
			var rows []row
			for hour := 1; hour < 24; hour += 11 {
				rows = append(rows, row{"Timestamp": w.now.AddDate(0, 0, -day).Add(-time.Duration(hour) * time.Hour).Format(time.RFC3339), "DeviceId": "d-s1", "ReportId": day*100 + hour, "ProcessCreationTime": w.now.Format(time.RFC3339)})
			}
			w.load(table, rows...)
		}
	}
	var opened map[string]int
	w.hunter.Workers = worker.Inline(func(ctx context.Context, job worker.Job, a *worker.Answer) error {
		for table, files := range job.Tables {
			opened[table] = len(files)
		}
		return duck.Answer(ctx, job, a)
	})
	for _, c := range []struct {
		query          string
		process, other int // files of the one table and of the other
		rows           string
	}{
		{"PROC | count", 10, 0, "30"},
		{"PROC | where Timestamp > ago(1d) | count", 1, 0, "3"},
		{"PROC | where Timestamp >= ago(25h) and FileName != 'x' | count", 2, 0, "4"},
		{"PROC | where FileName != 'x' | where ago(2d) < Timestamp | extend B = 1 | project B | count", 2, 0, "6"},
		{"PROC | extend A = 1 | where A == 1 | project At = Timestamp | where At < ago(9d) | count", 1, 0, "3"},
		{"PROC | where Timestamp between (ago(5d) .. ago(3d)) | count", 2, 0, "6"},
		{"PROC | where Timestamp between (ago(5d) .. 1d) | count", 5, 0, "3"},
		{"PROC | where Timestamp > ago(1d) or FileName == 'x' | count", 10, 0, "3"},
		{"PROC | where not(Timestamp > ago(1d)) | count", 10, 0, "27"},
		{"PROC | where Timestamp + 0s > ago(1d) | count", 10, 0, "3"},
		{"PROC | where ProcessCreationTime > ago(1d) | count", 10, 0, "30"},
		{"PROC | where Timestamp > ProcessCreationTime | count", 10, 0, "0"},
		{"PROC | where Timestamp > now(1d) | count", 0, 0, "0"},
		{"let back = 3d; let since = ago(back); PROC | where Timestamp > since | count", 3, 0, "9"},
		{"let p = PROC | where Timestamp > ago(4d); p | where Timestamp < ago(2d) | count", 2, 0, "6"},
		{"let p = PROC; union (p | where Timestamp > ago(1d)), (p | where Timestamp < ago(9d)) | count", 10, 0, "6"},
		{"let p = PROC; p | where Timestamp > ago(2d) | join kind=inner (p | where Timestamp > ago(3d)) on ReportId | count", 3, 0, "6"},
		{"let p = PROC; p | where Timestamp > ago(2d) | where ReportId in (p | project ReportId) | count", 10, 0, "6"},
		{"PROC | where Timestamp > ago(1d) | join kind=leftouter NET on ReportId | count", 1, 10, "3"},
		{"PROC | join kind=inner (NET | where Timestamp > ago(2d)) on ReportId | where Timestamp > ago(1d) | count", 10, 2, "3"},
		{"union PROC, NET | where Timestamp > ago(1d) | count", 1, 1, "6"},
		{"PROC | summarize Timestamp = max(Timestamp) by ReportId | where Timestamp > ago(1d) | count", 10, 0, "3"},
		{"PROC | summarize arg_max(Timestamp, *) by DeviceId | where Timestamp > ago(1d) | count", 10, 0, "1"},
		{"PROC | order by Timestamp asc | extend Before = prev(ReportId) | where Timestamp > ago(1d) and isnotempty(Before) | count", 10, 0, "3"},
		{"PROC | order by Timestamp asc | where Timestamp > ago(1d) and prev(ReportId) > 0 | count", 10, 0, "3"},
		{"PROC | top 5 by Timestamp asc | where Timestamp > ago(1d) | count", 10, 0, "0"},
		{"PROC | take 30 | where Timestamp > ago(1d) | count", 10, 0, "3"},
		{"PROC | where Timestamp > toscalar(PROC | where Timestamp < ago(8d) | summarize max(Timestamp)) | count", 10, 0, "24"},
		{"PROC | where Timestamp > datetime(2026-02-18 12:00:01) | count", 2, 0, "6"},
		{"PROC | where Timestamp == datetime(2026-02-18 11:00:00) | count", 1, 0, "1"},
	} {
		opened = map[string]int{}
		got, err := w.ask(both, strings.NewReplacer("PROC", "DeviceProcessEvents", "NET", "DeviceNetworkEvents").Replace(c.query))
		if err != nil || fmt.Sprint(got) != "["+c.rows+"]" {
			t.Errorf("%s: %v, %v, want %s", c.query, got, err, c.rows)
		}
		if opened["t5"] != c.process || opened["t6"] != c.other {
			t.Errorf("%s: looks into %v, want %d and %d files", c.query, opened, c.process, c.other)
		}
	}
	// There can be very many ways to one table: then all files are.
	query := "let a0 = DeviceProcessEvents;\n"
	for i := range 24 {
		query += fmt.Sprintf("let a%d = union (a%d | where Timestamp > ago(%dd)), (a%d | where Timestamp > ago(%dd)) | take 10;\n", i+1, i, i+1, i, i+2)
	}
	opened = map[string]int{}
	if _, err := w.ask(both, query+"a24 | count"); err == nil && opened["t5"] == 0 {
		t.Error("no file is looked into")
	}
}
