package demo

import (
	"bytes"
	"testing"

	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

func TestTheDataGoesInByTheSameDoorAsAnybodys(t *testing.T) {
	want := []ingest.Summary{{Records: incidentCount, Incidents: incidentCount}, {Records: alertCount, Alerts: alertCount}, {Records: actionCount, Actions: actionCount}, {Records: rowCount, Rows: rowCount},
		{Records: messageCount, Rows: messageCount}}
	for i, f := range Files(Seed, now) {
		got, err := ingest.Read(f.Name, bytes.NewReader(f.Content), func(store.Record) error { return nil })
		expected := ingest.Summary{Records: 1, Reports: 1}
		if i < len(want) {
			expected = want[i]
		}
		if err != nil || got != expected {
			t.Errorf("%s: %+v, %v, want %+v", f.Name, got, err, expected)
		}
	}
}
