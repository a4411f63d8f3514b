package directory

import (
	"context"
	"crypto/subtle"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// FirstAdministrator is the global role that the set-up link gives.
const FirstAdministrator = "Global Administrator"

const setupTTL = 24 * time.Hour

// NeedsSetup tells whether nobody can sign in as an administrator yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	var has bool
	err := s.Store.View(ctx, func(r store.Reader) (err error) {
		has, err = r.AnyCredential(FirstAdministrator)
		return err
	})
	return !has && err == nil, err
}

// NewSetupLink makes the secret that makes the first administrator, once, within a day. An earlier one is void. It is
// in conflict once somebody can sign in as an administrator.
func (s *Service) NewSetupLink(ctx context.Context) (link string, err error) {
	text, hash := secret()
	actor := audit.Actor{Name: "bailiwick", Local: true, Via: audit.ViaSystem}
	err = s.Door.Change(ctx, actor, "setup.link", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "setup"
		if err := stillNeeded(tx); err != nil {
			return err
		}
		return tx.PutSetupLink(store.SetupLink{Hash: hash, ExpiresAt: s.now().Add(setupTTL)})
	})
	if err != nil {
		return "", err
	}
	return text, nil
}

func stillNeeded(r store.Reader) error {
	has, err := r.AnyCredential(FirstAdministrator)
	if err == nil && has {
		return fault.Conflict("set up", "there is an administrator already: ask them")
	}
	return err
}

// UseSetupLink makes the first Global Administrator, who can then sign in. A user of that name who stands in the
// policy becomes one, and works again.
func (s *Service) UseSetupLink(ctx context.Context, link, name, displayName, password string, from From) error {
	const op = "set up"
	name, displayName = fold(name), strings.TrimSpace(displayName)
	if err := s.checkLink(ctx, link); err != nil {
		return err
	}
	if rbac.NameProblem("user", name) != "" || len(name) > 320 || strings.ContainsFunc(name, unicode.IsSpace) {
		return fault.Invalid(op, "%q can't be a name: want one such as mira@contoso.example", name)
	}
	if len(displayName) > 200 || strings.ContainsFunc(displayName, unicode.IsControl) {
		return fault.Invalid(op, "the display name is too long, or has control characters")
	}
	if err := checkPassword(op, password, name, displayName); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	actor := audit.Actor{Name: "setup link", Via: audit.ViaSystem, Address: from.Address, RequestID: from.RequestID}
	return s.Door.Change(ctx, actor, "setup.use", func(tx store.Writer, rec *audit.Record) error {
		if err := s.validLink(tx, link); err != nil {
			return err
		}
		user, found, err := tx.User(name)
		if err != nil {
			return err
		}
		rec.Object = "user:" + name
		if found {
			rec.Before = user
			// Whoever held the account before must not be an administrator by it.
			if err := store.ShutOut(tx, name, s.now()); err != nil {
				return err
			}
		}
		user.Name, user.Disabled, user.NotAfter = name, false, time.Time{}
		if displayName != "" {
			user.DisplayName = displayName
		}
		if !slices.Contains(user.GlobalRoles, FirstAdministrator) {
			user.GlobalRoles = append(user.GlobalRoles, FirstAdministrator)
		}
		rec.After = user
		if err := tx.ApplyEdits(rbac.PutUser{User: user}); err != nil {
			return err
		}
		if rec.PolicyRevision, err = tx.NextPolicyRevision(); err != nil {
			return err
		}
		if err := tx.PutCredential(store.Credential{User: name, PasswordHash: hash, ChangedAt: s.now()}); err != nil {
			return err
		}
		return tx.RemoveSetupLink()
	})
}

// checkLink refuses a wrong link before anything is hashed for it, or told about what it would accept.
func (s *Service) checkLink(ctx context.Context, link string) error {
	return s.Store.View(ctx, func(r store.Reader) error { return s.validLink(r, link) })
}

func (s *Service) validLink(r store.Reader, link string) error {
	if err := stillNeeded(r); err != nil {
		return err
	}
	kept, found, err := r.SetupLink()
	if err != nil {
		return err
	}
	if !found || subtle.ConstantTimeCompare(kept.Hash, hashOf(link)) != 1 || !s.now().Before(kept.ExpiresAt) {
		return fault.Unauthenticated("set up", "the link is not valid, or not any more: start the server again for a new one")
	}
	return nil
}
