package permissions

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Operation is a change of policy that has not happened. It is planned on the policy as it is when it runs.
type Operation struct {
	name string
	plan func(s *rbac.Snapshot, at time.Time) (proposal, error)
	read func(r store.Reader) error // what the plan needs besides the policy; nil: nothing
}

// proposal is what an operation comes to on a certain policy.
type proposal struct {
	object        string        // what is changed, for the audit log
	workload      rbac.Workload // NoWorkload: of none
	needs         []need        // the rights it takes; each is asked on the whole workload
	edits         []rbac.Edit
	before, after any
	id            string   // of what it makes
	notes         []string // what it does not do that one might expect it to

	also func(tx store.Writer, at time.Time) error // written besides the edits; nil: nothing
}

type need struct {
	capability rbac.Capability
	workload   rbac.Workload
	spanning   bool // one of those that a change of unified roles takes: which, is not told
}

// Result is what an operation did.
type Result struct {
	Revision int64  // of the policy afterwards
	ID       string // of what was made
	Changed  bool
	Notes    []string // what was not done that one might expect
}

// Do runs an operation: in one transaction it is planned, authorized (S14), written and recorded. A snapshot that is
// read afterwards has it.
func (s *Service) Do(ctx context.Context, actor audit.Actor, op Operation) (Result, error) {
	var result Result
	var next *rbac.Snapshot
	err := s.door.Change(ctx, actor, op.name, func(tx store.Writer, rec *audit.Record) error {
		before, err := s.current(tx)
		if err != nil {
			return err
		}
		if op.read != nil {
			if err := op.read(tx); err != nil {
				return err
			}
		}
		at := s.now()
		p, err := op.plan(before, at)
		rec.Object, rec.Workload, rec.Before, rec.After = p.object, p.workload, p.before, p.after
		if err := first(before, actor, op.name, p, err, at); err != nil {
			return err
		}
		result = Result{Revision: before.Revision(), ID: p.id, Notes: p.notes}
		if len(p.edits) == 0 && p.also == nil {
			rec.Skip()
			return nil
		}
		after, err := before.With(p.edits...)
		if err != nil {
			return fault.Invalid(op.name, "%s", err.Error())
		}
		if err := guard(before, after, p.edits, actor, op.name, at); err != nil {
			return err
		}
		if err := tx.ApplyEdits(p.edits...); err != nil {
			return err
		}
		if err := shutOut(tx, before, p.edits, at); err != nil {
			return err
		}
		if err := s.deviceGroups(tx, before, after); err != nil {
			return err
		}
		if p.also != nil {
			if err := p.also(tx, at); err != nil {
				return err
			}
		}
		if rec.PolicyRevision, err = tx.NextPolicyRevision(); err != nil {
			return err
		}
		version, err := versionBy(tx, actor, op.name, at, rec.PolicyRevision)
		if err != nil {
			return err
		}
		if err := remember(tx, before, after, p.edits, version); err != nil {
			return err
		}
		next, err = after.With(rbac.SetRevision{Revision: rec.PolicyRevision})
		result.Revision, result.Changed = rec.PolicyRevision, true
		return err
	})
	if err != nil {
		return Result{}, err
	}
	if next != nil {
		s.publish(next)
	}
	return result, nil
}

// first says no to who may not do it before it says what is wrong with it: a fault may tell which names there are.
func first(s *rbac.Snapshot, actor audit.Actor, op string, p proposal, planning error, at time.Time) error {
	if planning != nil && len(p.needs) == 0 {
		return planning // of nothing that there is
	}
	if err := allowed(s, actor, op, p.needs, at); err != nil {
		return err
	}
	return planning
}

// shutOut signs out whom the edits disable, and whom they let in again after an end: they sign in anew, and no token of old
// works.
func shutOut(tx store.Writer, before *rbac.Snapshot, edits []rbac.Edit, at time.Time) error {
	for _, e := range edits {
		put, ok := e.(rbac.PutUser)
		if !ok {
			continue
		}
		old, was := before.User(put.User.Name)
		if !was {
			continue
		}
		if let, lets := letIn(old, at), letIn(put.User, at); (put.User.Disabled && !old.Disabled) || (lets && !let) {
			if err := store.ShutOut(tx, old.Name, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// letIn tells whether an account works at a moment.
func letIn(u rbac.User, at time.Time) bool {
	return !u.Disabled && (u.NotAfter.IsZero() || at.Before(u.NotAfter))
}

// publish makes a committed snapshot the live one, unless a later one is already. The version stays the old one: the
// next Snapshot asks the store, and finds this revision.
func (s *Service) publish(next *rbac.Snapshot) {
	for {
		l := s.live.Load()
		if l.snapshot.Revision() >= next.Revision() || s.live.CompareAndSwap(l, &live{l.version, next}) {
			return
		}
	}
}

func (s *Service) deviceGroups(tx store.Writer, before, after *rbac.Snapshot) error {
	if s.OnDeviceGroups == nil || &before.DeviceGroups()[0] == &after.DeviceGroups()[0] {
		return nil
	}
	return s.OnDeviceGroups(tx, after.DeviceGroups())
}

// Preview is what an operation would do if it were done now.
type Preview struct {
	Allowed  bool
	Reason   string        // why not
	Changes  rbac.Changes  // now
	Later    []rbac.Later  // at moments to come, beyond what changes before them
	More     bool          // there are moments to come that Later does not tell of
	Lacks    []rbac.Lack   // what it would give beyond what the actor holds (S14)
	Breaches []rbac.Breach // how it goes beyond a ceiling of the actor's
	Before   *rbac.Snapshot
	After    *rbac.Snapshot
	Renames  bool            // device groups get other names: data that is stored has the old ones still
	Emptied  map[string]bool // who loses the last access that the actor may know of
	Notes    []string        // what it does not do that one might expect
	Revision int64
}

// Preview plans an operation and tells who would gain and lose what. Nothing is written. Who may not do it may not ask
// either - but for the ceiling, which is told.
func (s *Service) Preview(ctx context.Context, actor audit.Actor, op Operation) (Preview, error) {
	before, err := s.Snapshot(ctx)
	if err != nil {
		return Preview{}, err
	}
	if op.read != nil {
		if err := s.store.View(ctx, func(r store.Reader) error { return op.read(r) }); err != nil {
			return Preview{}, err
		}
	}
	at := s.now()
	p, err := op.plan(before, at)
	if err := first(before, actor, op.name, p, err, at); err != nil {
		return Preview{}, err
	}
	after, err := before.With(p.edits...)
	if err != nil {
		return Preview{}, fault.Invalid(op.name, "%s", err.Error())
	}
	renamed := before.Renamed(p.edits)
	preview := Preview{Allowed: true, Changes: rbac.Compare(renamed, after, at), Before: before, After: after, Revision: before.Revision()}
	preview.Later, preview.More = rbac.CompareLater(renamed, after, at)
	preview.Renames = slices.ContainsFunc(p.edits, func(e rbac.Edit) bool { _, of := e.(rbac.RenameDeviceGroup); return of })
	preview.Emptied, preview.Notes = emptied(preview.Changes, before, after, actor, at), p.notes
	if err := guard(before, after, p.edits, actor, op.name, at); err != nil {
		preview.Allowed, preview.Reason = false, fault.Message(err)
		if !actor.Local {
			preview.Lacks = excess(renamed, after, actor.Name, at)
			preview.Breaches = rbac.Breaches(before, after, p.edits, actor.Name, at)
		}
	}
	return preview, nil
}

// emptied are those whom a change leaves without any access, in the workloads whose roles the actor may view.
func emptied(c rbac.Changes, before, after *rbac.Snapshot, actor audit.Actor, at time.Time) map[string]bool {
	var seen rbac.WorkloadSet
	for w := rbac.Endpoint; w <= rbac.Other; w++ {
		if actor.Local || (need{capability: rbac.ViewRoles, workload: w}).met(before, actor.Name, at) {
			seen |= rbac.SetOf(w)
		}
	}
	list := map[string]bool{}
	for _, u := range c.Users {
		if len(u.Losses) > 0 && !after.HasAccess(u.User, seen, at) && before.HasAccess(u.User, seen, at) {
			list[u.User] = true
		}
	}
	return list
}

// newID makes an id that nobody can guess and nobody interprets.
func newID(kind string) string {
	b := make([]byte, 15)
	rand.Read(b) // never fails: the runtime ends the program first
	return kind + "_" + strings.ToLower(base32.StdEncoding.EncodeToString(b))
}
