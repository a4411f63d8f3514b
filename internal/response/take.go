package response

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Taker takes actions from a file, within the change that loads it.
type Taker struct {
	s        *Service
	tx       store.Writer
	snapshot *rbac.Snapshot
	now      time.Time
	fresh    []string // automated ones that wait for approval
}

// Taker begins to take.
func (s *Service) Taker(tx store.Writer, snapshot *rbac.Snapshot) *Taker {
	return &Taker{s: s, tx: tx, snapshot: snapshot, now: s.now().UTC().Truncate(time.Microsecond)}
}

// Action takes one. What is not newer than what is here changes nothing, and neither does a file what was decided here.
func (t *Taker) Action(a store.Action) (store.Taken, error) {
	row, found, err := t.tx.Action(a.ID)
	if err != nil {
		return store.Unchanged, err
	}
	if found && (row.Delivery.Executor != "" || row.UndoOf != "" || len(row.Body.History) > 0 || !a.Updated.After(row.Updated)) {
		return store.Unchanged, nil
	}
	if a.Status == PendingApproval {
		if a.Expires.IsZero() {
			a.Expires = t.now.Add(Lapse)
			if found && !row.Expires.IsZero() {
				a.Expires = row.Expires // counted from the first time
			}
		}
		if a.Source == AutomatedDevice {
			t.fresh = append(t.fresh, a.ID)
		}
	}
	if err := t.tx.PutAction(a); err != nil {
		return store.Unchanged, err
	}
	if found {
		return store.Updated, nil
	}
	return store.Created, nil
}

// Done approves what the remediation levels say needs no person. It comes last: a device may be described after what is to be
// done to it.
func (t *Taker) Done() error {
	for _, id := range t.fresh {
		row, found, err := t.tx.Action(id)
		if err != nil || !found {
			return err
		}
		a := row.Action
		if statusAt(a, t.now) != PendingApproval {
			continue
		}
		at := after(t.now, a.Updated)
		if why := wants(t.snapshot, row); why == "" {
			level := levelOf(t.snapshot, row.DeviceGroup)
			move(&a, Approve, at, Automation, "remediation level "+level)
			a.Decision, a.DecidedBy, a.Decided, a.Body.Comment = Approved, Automation, at, "remediation level "+level
			t.s.enqueue(&a, at)
		} else {
			a.Body.Outcome = "waits for a person: " + why
		}
		if err := t.tx.PutAction(a); err != nil {
			return err
		}
	}
	t.s.loop.Stir(nil)
	return nil
}

// Automation is who approves what needs no person.
const Automation = "Automation"
