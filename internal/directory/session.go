package directory

import (
	"context"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

func sessionIdentity(s store.Session) Identity {
	return Identity{User: s.User, Via: audit.ViaSession, ExpiresAt: s.ExpiresAt, SessionID: s.ID}
}

// Session tells who a session's secret belongs to. It is unauthenticated when the session has ended, was idle for too
// long, or its user may do nothing any more.
func (s *Service) Session(ctx context.Context, secret string) (Identity, error) {
	e, err := s.session(ctx, secret)
	if err == nil {
		s.touch(e.session)
	}
	return e.identity, err
}

// Glimpse is Session for what goes on by itself: it does not count as use, and keeps no idle session alive.
func (s *Service) Glimpse(ctx context.Context, secret string) (Identity, error) {
	e, err := s.session(ctx, secret)
	return e.identity, err
}

func (s *Service) session(ctx context.Context, secret string) (entry, error) {
	const op = "open the session"
	if len(secret) != secretLength {
		return entry{}, unknown(op)
	}
	hash := hashOf(secret)
	e, err := s.identify(ctx, op, hash, func(r store.Reader) (entry, bool, error) {
		session, found, err := r.Session(hash)
		return entry{identity: sessionIdentity(session), session: session}, found, err
	})
	if err != nil {
		return entry{}, err
	}
	if e.identity.SessionID == "" || s.now().Sub(e.session.SeenAt) >= s.Idle {
		return entry{}, unknown(op)
	}
	if v := e.session.View; v != nil && s.now().Before(v.Until) {
		e.identity.View = v
	}
	return e, nil
}

// touching is the noting of when sessions were last used. It runs beside the calls, which must not wait for a writer
// that may be busy with a big load; and it is not recorded, since nobody did it.
type touching struct {
	mu      sync.Mutex
	pending map[string]bool
	wait    sync.WaitGroup
}

// touch notes that the session is used, thirty times within its idle time at most: often enough that a session in use
// does not end, and seldom enough that reading does not become writing.
func (s *Service) touch(session store.Session) {
	now := s.now()
	if now.Sub(session.SeenAt) < s.Idle/30 {
		return
	}
	t := &s.touching
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending[session.ID] {
		return
	}
	t.pending[session.ID] = true
	t.wait.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		// A failure is not told: the next use tries again, and at worst the session ends early.
		_ = s.Store.Change(ctx, func(tx store.Writer) error { return tx.TouchSession(session.Hash, now) })
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.pending, session.ID)
	})
}

// SignOut ends the session. One that has ended already is fine.
func (s *Service) SignOut(ctx context.Context, secret string, from From) error {
	hash := hashOf(secret)
	id, err := s.Session(ctx, secret)
	if fault.KindOf(err) == fault.KindUnauthenticated {
		return nil
	}
	if err != nil {
		return err
	}
	actor := audit.Actor{Name: id.User, Via: audit.ViaSession, Address: from.Address, RequestID: from.RequestID}
	return s.Door.Change(ctx, actor, "sessions.end", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "user:" + id.User
		return tx.RemoveSession(hash)
	})
}

// SignOutEverywhere ends all sessions of a user: one's own, or those of someone whose sign-in one may reset.
func (s *Service) SignOutEverywhere(ctx context.Context, actor audit.Actor, user string) error {
	const op = "sign out everywhere"
	user = fold(user)
	return s.Door.Change(ctx, actor, "sessions.end-all", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "user:" + user
		if err := s.mayTend(ctx, tx, op, actor, user); err != nil {
			return err
		}
		return tx.RemoveSessions(user, "")
	})
}

// Sessions are one's own sessions that have not ended, newest first.
func (s *Service) Sessions(ctx context.Context, actor audit.Actor) ([]store.Session, error) {
	var list []store.Session
	err := s.Store.View(ctx, func(r store.Reader) error {
		all, err := r.Sessions(actor.Name)
		now := s.now()
		for _, session := range all {
			if now.Before(session.ExpiresAt) && now.Sub(session.SeenAt) < s.Idle {
				list = append(list, session)
			}
		}
		return err
	})
	return list, err
}

// EndSession ends one of one's own sessions. Another's is not found.
func (s *Service) EndSession(ctx context.Context, actor audit.Actor, id string) error {
	return s.Door.Change(ctx, actor, "sessions.end", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "user:" + actor.Name
		list, err := tx.Sessions(actor.Name)
		if err != nil {
			return err
		}
		for _, session := range list {
			if session.ID == id {
				return tx.RemoveSession(session.Hash)
			}
		}
		return fault.NotFound("end the session", "there is none of this id")
	})
}
