package detection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Trial is what a detection would have found, as its owner sees it.
type Trial struct {
	From, To  time.Time
	Rows      int64
	More      bool // there were more rows
	Useless   int64
	Left      int64 // alerts that are too many for one run
	Alerts    []TrialAlert
	Columns   []string
	Sample    [][]any // the first rows
	Workloads rbac.WorkloadSet
	Tables    []string
	Took      time.Duration
}

// TrialAlert is an alert that would have been raised.
type TrialAlert struct {
	Title, Description string
	Rows               int
	First, Last        time.Time
	Assets             []store.DetectionAsset // Column is the value
}

const (
	mostSample = 20
	mostDays   = 30
)

// Try runs a detection that is not saved yet over past days, as the caller: it raises nothing, asks for nothing, and remembers nothing.
// It takes what saving takes, and so tells the same that is wrong. Whoever tries one hunts: that stands in the log before there is a row.
func (s *Service) Try(ctx context.Context, who audit.Actor, set Setting, days int) (Trial, error) {
	const op = "detections.try"
	var t Trial
	if days < 1 || days > mostDays {
		return t, fault.Invalid(op, "%d days; want 1 to %d", days, mostDays).WithDetails(fault.Detail{Where: "days", Problem: "is out of bounds", Want: "1 to 30"})
	}
	d := store.Detection{Owner: who.Name}
	err := s.change(ctx, who, op, "custom detection", func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		a := s.asks(snapshot, who)
		if err := a.area(op); err != nil {
			return err
		}
		d = store.Detection{Owner: who.Name}
		if err := s.fill(tx, a, &d, set, "try the custom detection"); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(set.Query))
		rec.Workload, rec.After = rbac.Other, map[string]any{"days": days, "text": "sha256:" + hex.EncodeToString(sum[:])}
		return denied(op, a.toOwn(d))
	})
	if err != nil {
		return t, err
	}
	if s.Runner == nil {
		return t, fault.Unavailable(op, "no server runs queries on these data")
	}
	now := s.now()
	run := store.DetectionRun{From: now.AddDate(0, 0, -days), To: now}
	result, err := s.ask(ctx, d, run)
	if err != nil {
		return t, err
	}
	f := gather(d, result, nil)
	t = Trial{
		From: run.From, To: run.To, Rows: int64(len(result.Rows)), More: result.More, Useless: f.useless, Left: f.left, Columns: result.Columns,
		Sample: result.Rows[:min(len(result.Rows), mostSample)], Workloads: d.Workloads, Tables: d.Tables, Took: result.Took, Alerts: []TrialAlert{},
	}
	for _, one := range f.alerts {
		a := TrialAlert{Title: one.title, Description: one.description, Rows: len(one.rows), First: one.first, Last: one.last}
		for _, asset := range d.Alert.Assets {
			if v := one.rows[0].text(asset.Column); v != "" {
				a.Assets = append(a.Assets, store.DetectionAsset{Kind: asset.Kind, Column: cut(v, 300)})
			}
		}
		t.Alerts = append(t.Alerts, a)
	}
	return t, nil
}
