package response

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// A remediation level is live (S7): what was approved without a person, and nobody has begun, goes back to waiting for one when the
// level of the group that its device is in by now would not let it pass. What an executor may have begun goes on.

// judgeEvery is how often what is queued is judged again though the policy is the same: a device may be in another group.
const judgeEvery = 10 * time.Second

// judged is when that was done last.
type judged struct {
	revision int64
	at       time.Time
}

// held says why an action that was approved without a person needs one by now; empty: it does not.
func (s *Service) held(ctx context.Context, tx store.Reader, row store.ActionRow) (string, error) {
	if row.Status != Queued || row.DecidedBy != Automation || row.Source != AutomatedDevice {
		return "", nil
	}
	revision, err := tx.PolicyRevision()
	if err != nil {
		return "", err
	}
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	if snapshot.Revision() != revision {
		return "", fault.Unavailable("judge", "the policy is changing at this moment; try again")
	}
	return wants(snapshot, row), nil
}

// wants says why an automated action waits for a person; empty: it passes.
func wants(snapshot *rbac.Snapshot, row store.ActionRow) string {
	level := ""
	if row.DeviceKnown {
		level = levelOf(snapshot, row.DeviceGroup)
	}
	_, why := automatic(level, row.Action)
	return why
}

// reconsider judges again what is queued without a person's word, so that what needs one by now waits in the list before its turn comes.
func (s *Service) reconsider(ctx context.Context) error {
	var rows []store.ActionRow
	now := judged{at: s.now()}
	err := s.store.View(ctx, func(tx store.Reader) (err error) {
		now.revision, err = tx.PolicyRevision()
		if err != nil || now.revision == s.judged.revision && now.at.Sub(s.judged.at) < judgeEvery {
			return err
		}
		rows, err = tx.ActionsQueued(Automation)
		return err
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if wants(snapshot, row) == "" {
			continue
		}
		if err := s.reopen(ctx, row.ID); err != nil {
			return err
		}
	}
	s.judged = now
	return nil
}

// reopen lets an action wait for a person, if it must.
func (s *Service) reopen(ctx context.Context, id string) error {
	return s.door.Change(ctx, audit.Actor{Name: Automation, Via: audit.ViaSystem}, "actions.reopen", func(tx store.Writer, rec *audit.Record) error {
		row, found, err := tx.Action(id)
		if err != nil || !found {
			rec.Skip()
			return err
		}
		why, err := s.held(ctx, tx, row)
		if err != nil || why == "" {
			rec.Skip() // somebody has begun it, or withdrawn it, or the level lets it pass again
			return err
		}
		a := row.Action
		rec.Object, rec.Workload, rec.Before = "action:"+a.ID, a.Workload, told(a)
		move(&a, Reopen, after(s.now().UTC().Truncate(time.Microsecond), a.Updated), Automation, why)
		a.Decision, a.DecidedBy, a.Decided, a.Delivery = Undecided, "", time.Time{}, store.Delivery{}
		a.Body.Comment, a.Body.Outcome = "", "waits for a person: "+why
		rec.After = told(a)
		return tx.PutAction(a)
	})
}
