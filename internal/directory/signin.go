package directory

import (
	"context"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// A user may have this many sessions; the oldest end when there are more.
const sessionsOf = 50

// SignIn begins a session with a name and a password. The answer and what it costs are the same whether the account
// does not exist, has no password, may not sign in, or the password is wrong.
func (s *Service) SignIn(ctx context.Context, name, password string, from From) (sessionSecret string, _ Identity, _ error) {
	const op = "sign in"
	name = fold(name)
	where := place(from.Address)
	var a account
	if err := s.Store.View(ctx, func(r store.Reader) (err error) {
		a, err = readAccount(r, name, where)
		return err
	}); err != nil {
		return "", Identity{}, err
	}
	attempt, wait := s.throttle.begin(s.now(), name, where, a.known)
	if wait > 0 {
		s.counters.throttled.Add(1)
		return "", Identity{}, tooMany(op, wait)
	}
	l := fromAnywhere
	if a.known {
		l = fromKnown
	}
	ok, stale, err := s.hasher.matches(ctx, l, a.credential.PasswordHash, bounded(password))
	if err != nil {
		return "", Identity{}, err
	}
	if !ok || !works(a.user, s.now()) {
		s.counters.wrong.Add(1)
		return "", Identity{}, wrong(op)
	}
	attempt.succeeded()

	anew := ""
	if stale {
		if anew, err = s.hasher.hash(ctx, password); err != nil {
			return "", Identity{}, err
		}
	}
	return s.begin(ctx, op, name, from, func(tx store.Writer) error {
		// The password may have been changed while it was being compared.
		now, err := readAccount(tx, name, where)
		if err != nil {
			return err
		}
		if now.credential.PasswordHash != a.credential.PasswordHash {
			return wrong(op)
		}
		if anew != "" {
			return tx.PutCredential(store.Credential{User: name, PasswordHash: anew, ChangedAt: now.credential.ChangedAt})
		}
		return nil
	})
}

// SignInPersona begins a session as anyone, in the demo only.
func (s *Service) SignInPersona(ctx context.Context, name string, from From) (sessionSecret string, _ Identity, _ error) {
	const op = "sign in as a persona"
	if !s.Demo {
		return "", Identity{}, fault.Unauthenticated(op, "only the demo has personas")
	}
	return s.begin(ctx, op, fold(name), from, func(store.Writer) error { return nil })
}

// account is what signing in looks at.
type account struct {
	user       rbac.User
	credential store.Credential
	known      bool // it has been signed in to from this address
}

func readAccount(r store.Reader, name, where string) (a account, err error) {
	var found bool
	if a.user, found, err = r.User(name); err != nil {
		return a, err
	}
	if a.credential, _, err = r.Credential(name); err != nil {
		return a, err
	}
	a.known, err = r.KnownAddress(name, where)
	if !found {
		a = account{}
	}
	return a, err
}

func wrong(op string) error {
	return fault.Unauthenticated(op, "the name or the password is wrong, or the account may not sign in")
}

// bounded keeps a password of megabytes from being hashed. What is cut off is no password anyway.
func bounded(password string) string {
	if limit := maxPassword*4 + 1; len(password) > limit {
		return password[:limit]
	}
	return password
}

// begin makes a session with a secret of its own: what the browser had before signing in opens nothing afterwards.
func (s *Service) begin(ctx context.Context, op, name string, from From, also func(store.Writer) error) (string, Identity, error) {
	text, hash := secret()
	actor := audit.Actor{Name: name, Via: audit.ViaSession, Address: from.Address, RequestID: from.RequestID}
	var session store.Session
	err := s.Door.Change(ctx, actor, "sessions.create", func(tx store.Writer, rec *audit.Record) error {
		now := s.now()
		user, found, err := tx.User(name)
		if err != nil {
			return err
		}
		if !found || !works(user, now) {
			return wrong(op)
		}
		if err := also(tx); err != nil {
			return err
		}
		session = store.Session{
			Hash: hash, ID: newID(), User: name, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.Absolute),
			Address: short(from.Address, 100), UserAgent: short(from.UserAgent, 300),
		}
		if err := s.tidy(tx, name, now); err != nil {
			return err
		}
		if err := tx.PutKnownAddress(name, place(from.Address), now); err != nil {
			return err
		}
		rec.Object = "user:" + name
		return tx.PutSession(session)
	})
	if err != nil {
		return "", Identity{}, err
	}
	s.counters.signedIn.Add(1)
	return text, sessionIdentity(session), nil
}

// tidy clears away what nobody can use any more, and makes room for one session.
func (s *Service) tidy(tx store.Writer, name string, now time.Time) error {
	if err := tx.RemoveStaleSessions(now.Add(-s.Idle), now); err != nil {
		return err
	}
	list, err := tx.Sessions(name)
	if err != nil {
		return err
	}
	for i := sessionsOf - 1; i < len(list); i++ {
		if err := tx.RemoveSession(list[i].Hash); err != nil {
			return err
		}
	}
	return nil
}

// short bounds a text that came from outside, and leaves what can be shown of it.
func short(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
