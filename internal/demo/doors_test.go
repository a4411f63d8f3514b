package demo

import (
	"bytes"
	"testing"

	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

func TestTheDataGoesInByTheSameDoorAsAnybodys(t *testing.T) {
	want := []ingest.Summary{{Records: incidentCount, Incidents: incidentCount}, {Records: alertCount, Alerts: alertCount}, {Records: actionCount, Actions: actionCount}}
	for i, f := range Files(Seed, now) {
		got, err := ingest.Read(f.Name, bytes.NewReader(f.Content), func(store.Record) error { return nil })
		if err != nil || got != want[i] {
			t.Errorf("%s: %+v, %v, want %+v", f.Name, got, err, want[i])
		}
	}
}
