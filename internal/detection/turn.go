package detection

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// system is who writes down what came of a window. What it finds, it finds with the owner's rights.
var system = audit.Actor{Name: "custom detections", Via: audit.ViaSystem}

// The kinds of runs, and how they end.
const (
	First     = "first"
	Scheduled = "scheduled"
	Manual    = "manual"

	Completed       = "completed"
	PartiallyFailed = "partiallyFailed"
	Failed          = "failed"
	Skipped         = "skipped"
)

// look is how long the scheduler waits between two looks, and atOnce how many detections it runs side by side.
const (
	look   = 5 * time.Second
	atOnce = 2
)

// firstTurn is the turn of a detection that is new, or on again: it looks back as far as any does; one that follows events begins now.
func firstTurn(d store.Detection, now time.Time) store.DetectionTurn {
	p, _ := PeriodOf(d.Period)
	to := unused(d, now)
	from := to.Add(-reach)
	if p.Every == Continuous {
		from = to.Add(-p.Back)
	}
	return store.DetectionTurn{From: from, To: to, Due: now}
}

// unused is the moment, or one just after the last window: no two have one end.
func unused(d store.Detection, now time.Time) time.Time {
	if last := d.Last.To; !last.Before(now) && last.Before(now.Add(time.Minute)) {
		return last.Add(time.Microsecond)
	}
	return now // one that is further ahead was written by a clock that has been put right since
}

// nextTurn is the one after a window. A continuous one is as long as it needs to be when it comes.
func nextTurn(d store.Detection, last store.DetectionTurn) store.DetectionTurn {
	p, _ := PeriodOf(d.Period)
	to := last.To.Add(p.step())
	from := to.Add(-p.Back)
	if p.Every == Continuous {
		from = last.To.Add(-p.Back)
	}
	return store.DetectionTurn{From: from, To: to, Due: to}
}

// Run runs what is due until ctx ends, a few side by side. What goes wrong it gives to report.
//
// A query may take ten minutes, and one owner may have two hundred of them due: each owner has one run at a time, and whoever was served
// longest ago comes next, so that nobody's detections keep another's waiting for more than a turn of theirs.
func (s *Service) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	type end struct {
		owner string
		err   error
	}
	ended := make(chan end)
	busy, served := map[string]bool{}, map[string]time.Time{}
	told := func(err error) {
		if err != nil && ctx.Err() == nil {
			report(err)
		}
	}
	var tidied time.Time
	for wait := false; ; {
		if now := s.now(); now.Sub(tidied) > time.Hour {
			tidied = now
			told(s.Tidy(ctx))
		}
		if !wait && s.Runner != nil && ctx.Err() == nil {
			turns, err := s.claim(ctx, atOnce-len(busy), busy, served)
			told(err)
			for _, d := range turns {
				busy[d.Owner], served[d.Owner] = true, s.now()
				go func() {
					_, err := s.runTurn(ctx, d, Scheduled)
					ended <- end{d.Owner, err}
				}()
			}
		}
		wait = false
		select {
		case <-ctx.Done():
			for range busy {
				<-ended
			}
			return
		case e := <-ended:
			delete(busy, e.owner)
			told(e.err)
			wait = e.err != nil // until the next look: what fails at once must not be begun again and again
		case <-tick.C:
		case <-s.wake:
		}
	}
}

// claim takes turns that are due, at most so many and none of who is busy: until they end, or time runs out on them, they are nobody
// else's. Who was served longest ago comes first.
func (s *Service) claim(ctx context.Context, most int, busy map[string]bool, served map[string]time.Time) ([]store.Detection, error) {
	if most <= 0 {
		return nil, nil
	}
	now := s.now()
	due := func(tx store.Reader) ([]store.Detection, error) {
		list, err := tx.DetectionsDue(now)
		list = slices.DeleteFunc(list, func(d store.Detection) bool { return busy[d.Owner] })
		slices.SortStableFunc(list, func(a, b store.Detection) int {
			return cmp.Or(served[a.Owner].Compare(served[b.Owner]), a.Turn.Due.Compare(b.Turn.Due))
		})
		return list[:min(len(list), most)], err
	}
	some := false
	err := s.Store.View(ctx, func(tx store.Reader) error {
		list, err := due(tx)
		some = len(list) > 0
		return err
	})
	if err != nil || !some {
		return nil, err // most looks find nothing, and hold no writer up
	}
	var claimed []store.Detection
	err = s.Store.Change(ctx, func(tx store.Writer) error {
		claimed = nil
		list, err := due(tx)
		if err != nil {
			return err
		}
		for _, d := range list {
			if err := s.catchUp(tx, &d, now); err != nil {
				return err
			}
			d.Turn.Attempts++
			d.Turn.Holder, d.Turn.Until = rand.Text(), now.Add(leaseTime)
			if err := tx.TakeTurn(d.ID, d.Turn); err != nil {
				return err
			}
			claimed = append(claimed, d)
		}
		return nil
	})
	return claimed, err
}

// catchUp leaves out windows that are too many to make up for, and says so in the runs. A continuous detection makes up for its own in one.
func (s *Service) catchUp(tx store.Writer, d *store.Detection, now time.Time) error {
	t := &d.Turn
	if t.Attempts > 0 {
		return nil // it has been begun: it stays what it is
	}
	p, _ := PeriodOf(d.Period)
	skipped := store.DetectionRun{Detection: d.ID, From: t.From, Kind: Scheduled, Status: Skipped, Started: now, Ended: now}
	if p.Every == Continuous {
		t.To = unused(*d, now)
		if oldest := now.Add(-mostFollowed); t.From.Before(oldest) {
			skipped.To, t.From = oldest, oldest
			skipped.Error = fmt.Sprintf("the centre did not run: what came before %s is not looked at", oldest.Format(time.RFC3339))
			return tx.AddDetectionRun(skipped)
		}
		return nil
	}
	missed := int64(now.Sub(t.To) / p.step())
	if missed <= mostMissed {
		return nil
	}
	leave := missed - mostMissed
	skipped.To = t.To.Add(time.Duration(leave-1) * p.step())
	skipped.Error = fmt.Sprintf("the centre did not run: %d windows up to %s are left out", leave, skipped.To.Format(time.RFC3339))
	t.To = t.To.Add(time.Duration(leave) * p.step())
	t.From, t.Due = t.To.Add(-p.Back), t.To
	return tx.AddDetectionRun(skipped)
}

// errLost is of a run whose turn somebody else has taken meanwhile: nothing of it is kept.
var errLost = errors.New("another server has taken the turn over")

// RunNow runs a detection over the time that a run of its looks back, besides its schedule.
func (s *Service) RunNow(ctx context.Context, who audit.Actor, id string) (store.DetectionRun, error) {
	const op = "detections.run-now"
	var d store.Detection
	err := s.change(ctx, who, op, "custom detection:"+cut(id, 80), func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		a := s.asks(snapshot, who)
		var err error
		if d, err = a.find(tx, who, id); err != nil {
			return err
		}
		rec.Workload = rbac.Other
		now := s.now()
		switch {
		case !a.knows(who, d):
			return denied(op, append(a.toSet(d), a.toRead(d)...))
		case s.Runner == nil:
			return fault.Unavailable(op, "no server runs queries on these data")
		case !d.On:
			return fault.Conflict(op, "it is off: turn it on first")
		case d.Paused != "":
			return fault.Conflict(op, "it is paused: %s", d.Paused)
		case d.Turn.Until.After(now):
			return fault.Conflict(op, "it is running at this moment")
		}
		d.Turn.Holder, d.Turn.Until = rand.Text(), now.Add(leaseTime)
		return tx.TakeTurn(d.ID, d.Turn)
	})
	if err != nil {
		return store.DetectionRun{}, err
	}
	run, err := s.runTurn(ctx, d, Manual)
	if errors.Is(err, errLost) {
		err = fault.Conflict(op, "it was changed while it ran")
	}
	if err == nil && run.Status == "" { // it was paused instead
		item, err := s.Get(ctx, who, id)
		if err != nil {
			return run, err
		}
		return run, fault.Conflict(op, "it is paused now: %s", item.Paused)
	}
	return run, err
}
