package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ChangePassword changes the actor's own password, which takes the current one, and ends their sessions but the one
// of id keep.
func (s *Service) ChangePassword(ctx context.Context, actor audit.Actor, current, next, keep string) error {
	const op = "change the password"
	where := place(actor.Address)
	var a account
	if err := s.Store.View(ctx, func(r store.Reader) (err error) {
		a, err = readAccount(r, actor.Name, where)
		return err
	}); err != nil {
		return err
	}
	if err := checkPassword(op, next, actor.Name, a.user.DisplayName); err != nil {
		return err
	}
	if next == current {
		return fault.Invalid(op, "the new password is the current one")
	}
	// Whoever has stolen a session must not be able to try passwords at will.
	attempt, wait := s.throttle.begin(s.now(), actor.Name, where, a.known)
	if wait > 0 {
		return tooMany(op, wait)
	}
	ok, _, err := s.hasher.matches(ctx, fromKnown, a.credential.PasswordHash, bounded(current))
	if err != nil {
		return err
	}
	if !ok {
		return fault.Invalid(op, "the current password is wrong")
	}
	attempt.succeeded()
	hash, err := s.hasher.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.Door.Change(ctx, actor, "passwords.change", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "user:" + actor.Name
		now, err := readAccount(tx, actor.Name, where)
		if err != nil {
			return err
		}
		if now.credential.PasswordHash != a.credential.PasswordHash {
			return fault.Conflict(op, "it was changed meanwhile")
		}
		if err := tx.PutCredential(store.Credential{User: actor.Name, PasswordHash: hash, ChangedAt: s.now()}); err != nil {
			return err
		}
		return tx.RemoveSessions(actor.Name, keep)
	})
}

// SetPassword gives another user a password, and ends all their sessions and tokens: whoever had got hold of the account is
// out. It makes the actor able to be them, so it needs to hold everything they hold (S14).
func (s *Service) SetPassword(ctx context.Context, actor audit.Actor, user, password string) error {
	const op = "set the password"
	user = fold(user)
	var who rbac.User
	policy, err := s.policyFor(ctx, actor, user)
	if err != nil {
		return err
	}
	var refused error
	if err := s.Store.View(ctx, func(r store.Reader) (err error) {
		refused = s.tends(r, policy, op, actor, user)
		who, _, err = r.User(user)
		return err
	}); err != nil {
		return err
	}
	hash := ""
	if refused == nil { // otherwise there is nothing to spend a hash on; the door says so, and records it
		if err := checkPassword(op, password, user, who.DisplayName); err != nil {
			return err
		}
		if hash, err = s.hasher.hash(ctx, password); err != nil {
			return err
		}
	}
	return s.Door.Change(ctx, actor, "passwords.set", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "user:" + user
		if user == actor.Name {
			return fault.Denied(op, "one's own is changed with the current one")
		}
		if err := s.mayTend(ctx, tx, op, actor, user); err != nil {
			return err
		}
		if hash == "" {
			return fault.Conflict(op, "the policy was changed meanwhile: try again")
		}
		if err := tx.PutCredential(store.Credential{User: user, PasswordHash: hash, ChangedAt: s.now()}); err != nil {
			return err
		}
		return store.ShutOut(tx, user, s.now())
	})
}

// policyFor gives the policy that tends needs, or nil when it needs none. Within a change it is up to date: the change
// is the only writer. A read asks it before, since one read must not wait within another.
func (s *Service) policyFor(ctx context.Context, actor audit.Actor, user string) (*rbac.Snapshot, error) {
	if actor.Local || actor.Name == user || s.Snapshot == nil {
		return nil, nil
	}
	return s.Snapshot(ctx)
}

// mayTend authorizes what touches another's sign-in, within a change.
func (s *Service) mayTend(ctx context.Context, tx store.Writer, op string, actor audit.Actor, user string) error {
	policy, err := s.policyFor(ctx, actor, user)
	if err != nil {
		return err
	}
	return s.tends(tx, policy, op, actor, user)
}

// tends tells whether the actor may touch a user's sign-in: the owner of the data; the user; or someone who may change
// users and holds everything that the user holds, or would hold if they were not disabled or past their end (S14). To
// change roles is not enough: who gets hold of an account that holds nothing today has what it is given tomorrow.
func (s *Service) tends(r store.Reader, policy *rbac.Snapshot, op string, actor audit.Actor, name string) error {
	_, found, err := r.User(name)
	if err != nil {
		return err
	}
	switch {
	case found && (actor.Local || actor.Name == name):
		return nil
	case actor.Local:
		return fault.NotFound(op, "there is no user %q", name)
	case policy == nil:
		return fault.Denied(op, "only whoever owns the data may")
	}
	revision, err := r.PolicyRevision()
	if err != nil {
		return err
	}
	if revision != policy.Revision() {
		return fault.Conflict(op, "the policy was changed meanwhile: try again")
	}
	now := s.now()
	if d := policy.Decide(rbac.Request{
		Principal: actor.Name, Capability: rbac.ManageSettings, At: now, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}},
	}); !d.Allowed {
		need := catalog.Needs(rbac.ManageSettings, rbac.Other, policy.Activations())
		return fault.Denied(op, "%s", need).WithLacks(need)
	}
	user, ok := policy.User(name)
	if !ok {
		return fault.NotFound(op, "there is no user %q", name)
	}
	lacks, err := beyond(policy, actor.Name, user, now)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if len(lacks) > 0 {
		return fault.Denied(op, "%s holds what you do not", name).WithLacks(sentences(lacks)...)
	}
	return nil
}

// beyond asks what the actor would hand out by making the user, working and with all that they have: that is what
// getting hold of their sign-in gives.
func beyond(policy *rbac.Snapshot, actor string, user rbac.User, now time.Time) ([]rbac.Lack, error) {
	without, err := policy.With(rbac.RemoveUser{Name: user.Name})
	if err != nil {
		return nil, err
	}
	user.Disabled, user.NotAfter = false, time.Time{}
	working, err := policy.With(rbac.PutUser{User: user})
	if err != nil {
		return nil, err
	}
	return rbac.Exceeds(without, working, actor, now), nil
}

func sentences(lacks []rbac.Lack) []string {
	var list []string
	for _, l := range lacks {
		if l.Workload == rbac.NoWorkload {
			list = append(list, l.Permission)
			continue
		}
		list = append(list, fmt.Sprintf("%s in %s", l.Permission, l.Workload))
	}
	return list
}
