package response

import (
	"context"
	"errors"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
)

// How the outbox is emptied.
const (
	backoff  = 2 * time.Second // before the second attempt; twice as long before each further one
	mostWait = 5 * time.Minute
)

// Run hands approved actions to their executors until ctx ends, and gives what went wrong to report. It waits for no executor: one
// that hangs holds up what is for it (outbox.Lanes).
func (s *Service) Run(ctx context.Context, report func(error)) {
	s.loop.Run(ctx, func(ctx context.Context) (int, error) {
		return s.look(ctx, func(err error) {
			if err != nil && ctx.Err() == nil {
				report(err)
			}
			s.loop.Stir(nil) // there is room in its lane
		})
	}, report)
	s.lanes.Wait()
}

// Empty does all that is due now, waits for it, and tells how much that was.
func (s *Service) Empty(ctx context.Context) (int, error) {
	return s.lanes.Drain(func(ended func(error)) (int, error) { return s.look(ctx, ended) })
}

// look begins what is due and has room, tells ended how each went, and gives how much it was; or, if there may be more, a whole batch.
func (s *Service) look(ctx context.Context, ended func(error)) (int, error) {
	if err := s.reconsider(ctx); err != nil {
		return 0, err
	}
	now := s.now()
	var due []store.Action
	err := s.store.View(ctx, func(tx store.Reader) (err error) {
		due, err = tx.ActionsDue(now, s.lanes.Full(), outbox.Batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	begun := 0
	for _, a := range due {
		lane := a.Delivery.Executor
		if overdue(a, now) {
			lane = "" // nobody is spoken to
		}
		if s.lanes.Start(lane, a.ID, func() { ended(s.serve(ctx, a.ID)) }) {
			begun++
		}
	}
	if begun > 0 && len(due) == outbox.Batch {
		return outbox.Batch, nil
	}
	return begun, nil
}

func overdue(a store.Action, now time.Time) bool {
	return !a.Delivery.Deadline.IsZero() && !a.Delivery.Deadline.After(now)
}

// serve does what is due of one action: what is about to happen is written down before it happens.
func (s *Service) serve(ctx context.Context, id string) error {
	a, due, err := s.claim(ctx, id)
	if err != nil || !due {
		return err
	}
	r, known := s.named(a.Delivery.Executor)
	if !known {
		return s.note(ctx, a.ID, a.Delivery.Executor, Answer{}, errors.New("there is no executor of this name any more"))
	}
	o := orderOf(a)
	within, cancel := context.WithTimeout(ctx, outbox.SendTime)
	defer cancel()
	var answer Answer
	if a.Delivery.Accepted {
		answer, err = r.Executor.Ask(within, o)
	} else {
		answer, err = r.Executor.Hand(within, o)
	}
	if ctx.Err() != nil {
		return nil // going down: the lease runs out, and the next run goes on
	}
	return s.note(ctx, a.ID, r.Name, answer, err)
}

// system is who writes in the name of an executor.
func system(executor string) audit.Actor {
	return audit.Actor{Name: "executor:" + executor, Via: audit.ViaSystem}
}

// claim takes an action for one attempt. Not due: somebody else has it, or it has come to an end. That a further attempt begins
// changes no state, and is not told to the log.
func (s *Service) claim(ctx context.Context, id string) (a store.Action, due bool, err error) {
	late, held := false, ""
	err = s.work(ctx, "actions.begin", id, func(tx store.Writer, rec *audit.Record, now time.Time) error {
		row, found, err := tx.Action(id)
		a, due, late, held = row.Action, false, false, ""
		rec.Skip()
		if err != nil || !found || a.Delivery.Next.IsZero() || a.Delivery.Next.After(now) {
			return err
		}
		if late = overdue(a, now); late {
			return nil
		}
		if held, err = s.held(ctx, tx, row); err != nil || held != "" {
			return err
		}
		if a.Status == Queued && a.Delivery.Executor == "" { // approved by a process that knows no executors
			before := told(a)
			s.route(&a, after(now, a.Updated))
			if a.Delivery.Executor == ByHand {
				*rec = audit.Record{Object: "action:" + a.ID, Workload: a.Workload, Before: before, After: told(a)}
			}
			return tx.PutAction(a) // it is due still, in the lane of its executor
		}
		if a.Status == Queued {
			*rec = audit.Record{Object: "action:" + a.ID, Workload: a.Workload, Before: told(a)}
			r, _ := s.named(a.Delivery.Executor)
			move(&a, Begin, after(now, a.Updated), a.Delivery.Executor, "")
			a.Delivery.Deadline = now.Add(r.patience())
			rec.After = told(a)
		}
		if !a.Delivery.Accepted {
			a.Delivery.Attempts++
		}
		a.Delivery.Next = now.Add(outbox.LeaseTime)
		due = true
		return tx.PutAction(a)
	})
	switch {
	case err != nil:
	case late:
		err = s.timeOut(ctx, id)
	case held != "":
		err = s.reopen(ctx, id)
	}
	return a, due, err
}

// work is a change that an executor makes: in its own name, which the action has.
func (s *Service) work(ctx context.Context, op, id string, f func(tx store.Writer, rec *audit.Record, now time.Time) error) error {
	executor := ""
	err := s.store.View(ctx, func(tx store.Reader) error {
		row, _, err := tx.Action(id)
		if executor = row.Delivery.Executor; executor == "" {
			executor = s.routeOf(row.Action).Name
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.door.Change(ctx, system(executor), op, func(tx store.Writer, rec *audit.Record) error {
		return f(tx, rec, s.now().UTC().Truncate(time.Microsecond))
	})
}

// timeOut ends an action that nobody has told the end of in time.
func (s *Service) timeOut(ctx context.Context, id string) error {
	return s.work(ctx, "actions.timeOut", id, func(tx store.Writer, rec *audit.Record, now time.Time) error {
		row, found, err := tx.Action(id)
		if err != nil || !found || row.Delivery.Next.IsZero() || row.Delivery.Deadline.After(now) {
			rec.Skip()
			return err
		}
		a := row.Action
		rec.Object, rec.Workload, rec.Before = "action:"+a.ID, a.Workload, told(a)
		if move(&a, TimeOut, after(now, a.Updated), a.Delivery.Executor, "") && a.Body.Outcome == "" {
			a.Body.Outcome = "no answer in time: it may have been carried out or not"
		}
		a.Delivery.Next = time.Time{}
		rec.After = told(a)
		return tx.PutAction(a)
	})
}

// note writes down what an executor has answered, or that it has not.
func (s *Service) note(ctx context.Context, id, executor string, answer Answer, failed error) error {
	if refused := outbox.Final(failed); refused != nil {
		answer, failed = Answer{Event: Fail, Outcome: refused.Error()}, nil
	}
	if failed != nil {
		return s.work(ctx, "actions.retry", id, func(tx store.Writer, rec *audit.Record, now time.Time) error {
			rec.Skip() // when to try again is no state of it
			row, found, err := tx.Action(id)
			a := row.Action
			if err != nil || !found || a.Status != InProgress {
				return err
			}
			a.Body.Outcome = plainText(failed.Error(), mostComment)
			a.Delivery.Next = earlier(now.Add(outbox.Wait(a.Delivery.Attempts, backoff, mostWait)), a.Delivery.Deadline)
			return tx.PutAction(a)
		})
	}
	return s.Answered(ctx, executor, id, answer)
}

// Answered takes what an executor says of an action, asked or by itself, early or late. An answer that says nothing new changes
// nothing; one that contradicts an end is a conflict.
func (s *Service) Answered(ctx context.Context, executor, id string, answer Answer) error {
	op := "actions." + first(string(answer.Event), "accept")
	return s.door.Change(ctx, system(executor), op, func(tx store.Writer, rec *audit.Record) error {
		row, found, err := tx.Action(id)
		if err != nil {
			return err
		}
		a := row.Action
		if !found || a.Delivery.Executor != executor || a.Status == PendingApproval || a.Status == Queued {
			return fault.NotFound("answer", "there is no action %q with this executor", shorten(id))
		}
		rec.Object, rec.Workload, rec.Before = "action:"+a.ID, a.Workload, told(a)
		now := after(s.now().UTC().Truncate(time.Microsecond), a.Updated)
		if answer.Event == "" {
			if a.Status != InProgress {
				rec.Skip()
				return nil
			}
			r, _ := s.named(executor)
			if a.Delivery.Accepted {
				rec.Skip() // it goes on
			}
			a.Delivery.Accepted, a.Delivery.Remote = true, plainText(first(answer.Remote, a.Delivery.Remote), 200)
			if a.Body.Outcome = plainText(answer.Outcome, mostComment); r.Executor != nil && r.Executor.Pace() > 0 {
				a.Delivery.Next = earlier(now.Add(r.Executor.Pace()), a.Delivery.Deadline)
			} else {
				a.Delivery.Next = a.Delivery.Deadline
			}
			rec.After = told(a)
			return tx.PutAction(a)
		}
		if becomes[InProgress][answer.Event] == a.Status {
			rec.Skip() // told twice
			return nil
		}
		if err := s.end(tx, &a, answer.Event, now, executor, answer.Outcome); err != nil {
			return err
		}
		rec.After = told(a)
		return nil
	})
}

// end brings an action to its end, and what it takes back with it.
func (s *Service) end(tx store.Writer, a *store.Action, e Event, at time.Time, by, outcome string) error {
	if !move(a, e, at, by, plainText(outcome, mostComment)) {
		return fault.Conflict("answer", "it %s already", standings[a.Status])
	}
	a.Body.Outcome = plainText(outcome, mostComment)
	if err := tx.PutAction(*a); err != nil {
		return err
	}
	if a.UndoOf == "" || a.Status != Succeeded {
		return nil
	}
	undone, found, err := tx.Action(a.UndoOf)
	if err != nil || !found {
		return err
	}
	o := undone.Action
	if o.UndoneBy != a.ID || !move(&o, TakeOff, after(at, o.Updated), by, "") {
		return nil
	}
	return tx.PutAction(o)
}

func orderOf(a store.Action) Order {
	o := Order{
		Key: a.ID, Type: a.Type, Workload: a.Workload, Target: targetOf(a), UndoOf: a.UndoOf, Approver: a.DecidedBy, Comment: first(a.Body.Comment, a.Body.Request),
		Attempt: a.Delivery.Attempts, Remote: a.Delivery.Remote, FirstSent: a.Decided,
	}
	for _, e := range a.Body.History {
		if e.Status == InProgress {
			o.FirstSent = e.At
		}
	}
	return o
}

func after(now, last time.Time) time.Time {
	if !now.After(last) {
		return last.Add(time.Microsecond)
	}
	return now
}

func earlier(a, b time.Time) time.Time {
	if !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// errUnsigned refuses an answer that no executor has signed.
var errUnsigned = fault.Unauthenticated("answer", "the answer is not signed by the executor")

func faultOfAnswer(err error) error { return fault.Invalid("answer", "%s", err.Error()) }
