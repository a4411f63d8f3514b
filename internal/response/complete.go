package response

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Completion is what a person says of a task that they carried out.
type Completion struct {
	Steps   []int  // the steps that are done, from 0
	Status  string // Succeeded, PartiallySucceeded or Failed; empty: only the steps are kept, and it goes on
	Comment string
}

// Complete keeps how far a task for people has come, or ends it. Succeeded takes every step: what was not done was not done.
func (s *Service) Complete(ctx context.Context, who audit.Actor, id string, c Completion) (Item, error) {
	var item Item
	err := s.change(ctx, who, "actions.complete", id, func(tx store.Writer, d *desk, row store.ActionRow, rec *audit.Record) error {
		const op = "complete an action"
		a := row.Action
		if a.Delivery.Executor != ByHand || a.Status != InProgress && a.Status != TimedOut {
			return fault.Conflict(op, "only a task for people that is being carried out can be completed: %s", d.late(row))
		}
		done := map[int]bool{}
		for _, n := range c.Steps {
			if n < 0 || n >= len(a.Body.Checklist) {
				return fault.Invalid(op, "step %d: want 0 to %d", n, len(a.Body.Checklist)-1)
			}
			done[n] = true
		}
		steps := make([]store.ActionStep, len(a.Body.Checklist))
		for n, step := range a.Body.Checklist {
			steps[n] = store.ActionStep{Text: step.Text, Done: done[n]}
		}
		a.Body.Checklist = steps
		if c.Status == "" {
			rec.Before, rec.After = told(row.Action), map[string]int{"steps": len(done)}
			if err := tx.PutAction(a); err != nil {
				return err
			}
			next, _, err := tx.Action(a.ID)
			if err != nil {
				return err
			}
			item, err = d.tell(next)
			return err
		}
		e, ok := map[string]Event{Succeeded: Succeed, PartiallySucceeded: Partly, Failed: Fail}[c.Status]
		switch {
		case !ok:
			return fault.Invalid(op, "status %q: want %s, %s or %s", shorten(c.Status), Succeeded, PartiallySucceeded, Failed)
		case e == Succeed && len(done) < len(steps):
			return fault.Invalid(op, "%d of %d steps are done: tick the others too, or say %s or %s", len(done), len(steps), PartiallySucceeded, Failed)
		case e != Succeed && c.Comment == "":
			return fault.Invalid(op, "say in the comment what was not done, and why")
		}
		rec.Before = told(row.Action)
		if err := s.end(tx, &a, e, d.moment(a), who.Name, c.Comment); err != nil {
			return err
		}
		rec.After = told(a)
		next, _, err := tx.Action(a.ID)
		if err != nil {
			return err
		}
		item, err = d.tell(next)
		return err
	})
	return item, err
}

// moment is now as it is stored and compared, and after the last change.
func (d *desk) moment(a store.Action) time.Time {
	return after(d.at.Truncate(time.Microsecond), a.Updated)
}
