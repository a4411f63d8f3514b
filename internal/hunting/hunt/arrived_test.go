package hunt_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// What is asked for by when it came in is found whenever it happened, and nothing else is.
func TestRowsAreFoundByWhenTheyArrived(t *testing.T) {
	w := newWorld(t)
	w.now = now.Add(-2 * time.Hour)
	w.load("DeviceProcessEvents", row{"DeviceId": "d-s1", "ReportId": 1, "FileName": "before"})
	w.now = now.Add(-time.Minute)
	at := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	w.load("DeviceProcessEvents",
		row{"DeviceId": "d-s1", "ReportId": 2, "FileName": "in time", "Timestamp": at(-2 * time.Minute)}, row{"DeviceId": "d-s1", "ReportId": 3, "FileName": "late", "Timestamp": at(-9 * 24 * time.Hour)},
		row{"DeviceId": "d-s1", "ReportId": 4, "FileName": "ahead", "Timestamp": at(time.Hour)}, row{"DeviceId": "d-f1", "ReportId": 5, "FileName": "of others", "Timestamp": at(-time.Minute)},
		row{"DeviceId": "d-s1", "ReportId": 6, "FileName": "very late", "Timestamp": at(-40 * 24 * time.Hour)})
	w.now = now
	w.load("DeviceProcessEvents", row{"DeviceId": "d-s1", "ReportId": 7, "FileName": "after"})
	ask := func(from, to time.Time) []string {
		t.Helper()
		r := hunt.Request{Query: "DeviceProcessEvents | project FileName", Timespan: "P30D", At: now}
		r.Arrived.From, r.Arrived.To = from, to
		var s sheet
		if _, err := w.hunter.Run(context.Background(), sales, r, &s); err != nil {
			t.Fatal(err)
		}
		slices.Sort(s.rows)
		return s.rows
	}
	if got := ask(now.Add(-time.Hour), now); !slices.Equal(got, []string{"ahead", "in time", "late"}) {
		t.Errorf("within the hour: %q", got)
	}
	if got := ask(now, time.Time{}); !slices.Equal(got, []string{"after"}) {
		t.Errorf("since now: %q", got)
	}
	if got := ask(time.Time{}, now.Add(-time.Hour)); !slices.Equal(got, []string{"before"}) {
		t.Errorf("until an hour ago: %q", got)
	}
}
