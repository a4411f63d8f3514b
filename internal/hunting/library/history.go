package library

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// How a run ended.
const (
	Completed = "completed"
	Cut       = "cut" // completed, but for what was more than a limit allows
	Failed    = "failed"
	Cancelled = "cancelled"
)

// How long runs are remembered, and how many of one person.
const (
	Remembered = 30 * 24 * time.Hour
	mostRuns   = 1_000
)

// Remember notes a run of one's own. Nothing is said to the log: whoever ran it has been entered there already.
func (s *Service) Remember(ctx context.Context, who audit.Actor, run store.HuntingRun) error {
	return s.door.Change(ctx, who, "hunting.history.add", func(tx store.Writer, rec *audit.Record) error {
		rec.Skip()
		run.ID, run.User, run.Via = newID("hrn"), who.Name, who.Via
		run.At = run.At.UTC().Truncate(time.Microsecond)
		run.Text, run.Problem = shorten(run.Text, longText), shorten(run.Problem, 2_000)
		if _, err := tx.ForgetHuntingRuns("", s.moment().Add(-Remembered)); err != nil {
			return err
		}
		return tx.AddHuntingRun(run, mostRuns)
	})
}

// Page is a page of runs.
type Page struct {
	Items []store.HuntingRun
	Total int64
	Next  store.HuntingPlace // zero: there is no more
}

// History gives a page of one's own runs, the last first.
func (s *Service) History(ctx context.Context, who audit.Actor, after store.HuntingPlace, limit int) (p Page, err error) {
	err = s.look(ctx, who, "read the history of hunting", func(tx store.Reader) error {
		if p.Total, err = tx.CountHuntingRuns(who.Name); err != nil {
			return err
		}
		if p.Items, err = tx.HuntingRuns(who.Name, after, limit+1); err != nil {
			return err
		}
		if len(p.Items) > limit {
			p.Items = p.Items[:limit]
			last := p.Items[limit-1]
			p.Next = store.HuntingPlace{At: last.At.UnixNano(), ID: last.ID}
		}
		return nil
	})
	return p, err
}

// Forget forgets all of one's own runs.
func (s *Service) Forget(ctx context.Context, who audit.Actor) error {
	const op = "hunting.history.clear"
	return s.change(ctx, who, op, func(tx store.Writer, _ *rbac.Snapshot, rec *audit.Record) error {
		if who.Name == "" {
			return fault.Unauthenticated(op, "nobody is signed in")
		}
		n, err := tx.ForgetHuntingRuns(who.Name, time.Time{})
		rec.Object, rec.Before = "hunting history:"+who.Name, map[string]int64{"runs": n}
		if n == 0 {
			rec.Skip()
		}
		return err
	})
}
