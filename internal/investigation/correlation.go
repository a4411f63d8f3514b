package investigation

import (
	"context"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// LongestWindow is how far apart alerts may be to be joined, at most.
const LongestWindow = 30 * 24 * time.Hour

// Correlation gives how far apart alerts may be to be joined, and whether the actor may change that. It is for whoever sees alerts.
func (s *Service) Correlation(ctx context.Context, actor audit.Actor) (window time.Duration, change Action, err error) {
	err = s.viewAs(ctx, actor, func(v *sight) error {
		if err := v.area("read how alerts are correlated"); err != nil && !v.owner {
			return err
		}
		change = Action{Allowed: true, Capability: rbac.ManageSettings}
		if err := s.maySet(v.snapshot, actor, "set the correlation window"); err != nil {
			change.Allowed, change.Reason = false, catalog.Needs(rbac.ManageSettings, rbac.Other, v.snapshot.Activations())
		}
		window, err = v.tx.CorrelationWindow()
		return err
	})
	return window, change, err
}

// CorrelationTag names a window, for who changes it only if it is still what they have seen.
func CorrelationTag(window time.Duration) string {
	return `"` + strconv.Itoa(int(window/time.Minute)) + `"`
}

// SetCorrelation changes it for the alerts that come from now on (S16), unless it is not what the actor has seen.
func (s *Service) SetCorrelation(ctx context.Context, actor audit.Actor, tag string, window time.Duration) error {
	const op = "set the correlation window"
	return s.door.Change(ctx, actor, "correlation.set", func(tx store.Writer, rec *audit.Record) error {
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "correlation", rbac.Other, snapshot.Revision()
		if err := s.maySet(snapshot, actor, op); err != nil {
			return err
		}
		if window < 0 || window > LongestWindow || window%time.Minute != 0 {
			return fault.Invalid(op, "%s: want whole minutes, from 0 (nothing is joined) to 30 days", window)
		}
		before, err := tx.CorrelationWindow()
		if err != nil {
			return err
		}
		if tag != "" && tag != "*" && tag != CorrelationTag(before) {
			return fault.Changed(op, "somebody has set it to %d minutes since you read it", int(before/time.Minute))
		}
		if before == window {
			rec.Skip()
			return nil
		}
		rec.Before, rec.After = map[string]any{"window": before.String()}, map[string]any{"window": window.String()}
		return tx.SetCorrelationWindow(window)
	})
}
