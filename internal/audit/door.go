package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Refusals within this time that differ in nothing - actor, way in, address, operation, object, reason - are counted on one
// entry: a stuck client must not fill the disk.
const repeatWindow = time.Hour

// A refusal is recorded even when the caller has hung up meanwhile, but not for ever.
const refusalPatience = 30 * time.Second

// Door is the only way anything changes (invariant 5).
type Door struct {
	Store store.Store
	Now   func() time.Time // nil: time.Now
}

func (d *Door) now() time.Time {
	if d.Now == nil {
		return time.Now().UTC()
	}
	return d.Now().UTC()
}

// Change runs an operation: f authorizes, validates, writes and fills rec, and then the entry is written, all in one
// transaction. Whatever fails takes everything back. A refusal is then recorded, before it is returned; other errors
// are not, since nothing happened. An actor without a name changes nothing.
func (d *Door) Change(ctx context.Context, actor Actor, op string, f func(tx store.Writer, rec *Record) error) error {
	if actor.Name == "" {
		return fault.Unauthenticated(op, "nobody is signed in")
	}
	if actor.Viewing != "" && op != EndView {
		return d.whileViewing(ctx, actor, op)
	}
	var rec Record
	err := d.Store.Change(ctx, func(tx store.Writer) error {
		rec = Record{}
		if err := f(tx, &rec); err != nil {
			return err
		}
		if rec.skip {
			return nil
		}
		for _, one := range append([]Record{rec}, rec.also...) {
			e, err := d.entry(actor, op, one)
			if err != nil {
				return err
			}
			e.Outcome = Done
			if err := appendEntry(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if fault.KindOf(err) != fault.KindDenied {
		return err
	}
	if failed := d.Refused(ctx, actor, op, rec, err); failed != nil {
		// Still not allowed; but the log has a gap, and that is an error of ours that must be seen.
		return fmt.Errorf("record that %q was refused (%s): %w", op, err.Error(), failed)
	}
	return err
}

// EndView is the one operation that is left to who views the portal as somebody else (S19).
const EndView = "views.end"

// whileViewing refuses a change by somebody who views the portal as somebody else, and records who would have been whom.
func (d *Door) whileViewing(ctx context.Context, actor Actor, op string) error {
	why := fault.Denied(op, "you view the portal as %s: nothing can be changed until you end the view", actor.Viewing)
	if err := d.Refused(ctx, actor, op, Record{Object: actor.Viewing}, why); err != nil {
		return fmt.Errorf("record that %q was refused (%s): %w", op, why.Error(), err)
	}
	return why
}

// WhileViewing refuses, and records, a request that would change something while its sender views the portal as
// somebody else; nil for one who does not.
func (d *Door) WhileViewing(ctx context.Context, actor Actor, op string) error {
	if actor.Viewing == "" {
		return nil
	}
	return d.whileViewing(ctx, actor, op)
}

// Refused records a refusal of an operation that Change did not run. Without an actor's name it does nothing.
func (d *Door) Refused(ctx context.Context, actor Actor, op string, rec Record, why error) error {
	if actor.Name == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refusalPatience)
	defer cancel()
	// What would have been is not told: it may hold what the actor must not see.
	rec.Before, rec.After = nil, nil
	e, err := d.entry(actor, op, rec)
	if err != nil {
		return err
	}
	e.Outcome, e.Reason = Refused, plain(fault.Message(why), 2000)
	return d.Store.Change(ctx, func(tx store.Writer) error {
		last, found, err := tx.LastRefusal(e, e.At.Add(-repeatWindow))
		if err != nil {
			return err
		}
		if !found {
			return appendEntry(tx, e)
		}
		if err := tx.RepeatAudit(last.Seq, e.At); err != nil {
			return err
		}
		// The count stands beside the log. Each tenfold of it is told by an entry, which nobody can take back.
		if met := last.Count + 1; tenfold(met) {
			e.Reason = fmt.Sprintf("%d times since entry %d: %s", met, last.Seq, e.Reason)
			return appendEntry(tx, e)
		}
		return nil
	})
}

// tenfold tells whether n is 10, 100, 1,000 and so on.
func tenfold(n int) bool {
	for n > 1 && n%10 == 0 {
		n /= 10
		if n == 1 {
			return true
		}
	}
	return false
}

func (d *Door) entry(actor Actor, op string, rec Record) (Entry, error) {
	e := Entry{
		At: d.now(), Actor: plain(actor.Name, 300), Via: plain(actor.Via, 20), Address: plain(actor.Address, 100),
		RequestID: plain(actor.RequestID, 100), Operation: plain(op, 100), Object: plain(rec.Object, 600),
		Workload: rec.Workload, PolicyRevision: rec.PolicyRevision,
	}
	var err error
	if e.Before, err = state(rec.Before); err != nil {
		return e, fmt.Errorf("record %s: what was before: %w", op, err)
	}
	if e.After, err = state(rec.After); err != nil {
		return e, fmt.Errorf("record %s: what is after: %w", op, err)
	}
	if rec.Workload > rbac.Other {
		return e, fmt.Errorf("record %s: unknown workload %d", op, rec.Workload)
	}
	return e, nil
}

func state(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	b, err := encode(v)
	if err != nil || string(b) == "null" {
		return nil, err
	}
	return b, nil
}

// appendEntry gives the entry its place in the chain and writes it.
func appendEntry(tx store.Writer, e Entry) error {
	head, err := tx.AuditHead()
	if err != nil {
		return err
	}
	e.Seq, e.Prev = head.Seq+1, head.Hash
	if err := seal(&e); err != nil {
		return err
	}
	if err := tx.AppendAudit(e); err != nil {
		return err
	}
	return grow(tx, e)
}
