package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Credential reads how a user signs in.
func (r *reader) Credential(user string) (store.Credential, bool, error) {
	c := store.Credential{User: user}
	var changed sql.NullInt64
	found, err := r.one(`SELECT password_hash, changed_at FROM credentials WHERE user = ?`, []any{user}, &c.PasswordHash, &changed)
	c.ChangedAt = moment(changed)
	return c, found, err
}

// AnyCredential tells whether a user who has this global role can sign in.
func (r *reader) AnyCredential(globalRole string) (bool, error) {
	var one int
	return r.one(`SELECT 1 FROM user_global_roles g JOIN credentials c ON c.user = g.user WHERE g.role = ? LIMIT 1`, []any{globalRole}, &one)
}

// KnownAddress tells whether the user has signed in from there.
func (r *reader) KnownAddress(user, address string) (bool, error) {
	var one int
	return r.one(`SELECT 1 FROM known_addresses WHERE user = ? AND address = ?`, []any{user, address}, &one)
}

const sessionColumns = `SELECT hash, id, user, created_at, seen_at, expires_at, address, user_agent, view FROM sessions `

func scanSession(scan func(...any) error) (store.Session, error) {
	var s store.Session
	var created, seen, expires sql.NullInt64
	var view sql.NullString
	err := scan(&s.Hash, &s.ID, &s.User, &created, &seen, &expires, &s.Address, &s.UserAgent, &view)
	if err == nil && view.Valid {
		err = json.Unmarshal([]byte(view.String), &s.View)
	}
	s.CreatedAt, s.SeenAt, s.ExpiresAt = moment(created), moment(seen), moment(expires)
	return s, err
}

// Session finds a session by the hash of its secret.
func (r *reader) Session(hash []byte) (store.Session, bool, error) {
	list, err := r.sessions(sessionColumns+`WHERE hash = ?`, hash)
	if err != nil || len(list) == 0 {
		return store.Session{}, false, err
	}
	return list[0], true, nil
}

// Sessions are a user's sessions, newest first.
func (r *reader) Sessions(user string) ([]store.Session, error) {
	return r.sessions(sessionColumns+`WHERE user = ? ORDER BY created_at DESC, id`, user)
}

func (r *reader) sessions(query string, args ...any) (list []store.Session, err error) {
	err = r.each(query, func(rows *sql.Rows) error {
		s, err := scanSession(rows.Scan)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}

const tokenColumns = `SELECT id, owner, name, hash, created_at, expires_at, revoked_at FROM tokens `

// Token finds a token by its hash.
func (r *reader) Token(hash []byte) (store.Token, bool, error) {
	return r.token(tokenColumns+`WHERE hash = ?`, hash)
}

// TokenByID finds a token by its id.
func (r *reader) TokenByID(id string) (store.Token, bool, error) {
	return r.token(tokenColumns+`WHERE id = ?`, id)
}

// Tokens are an owner's tokens, newest first, those that ended included.
func (r *reader) Tokens(owner string) ([]store.Token, error) {
	return r.tokens(tokenColumns+`WHERE owner = ? ORDER BY created_at DESC, id`, owner)
}

func (r *reader) token(query string, arg any) (store.Token, bool, error) {
	list, err := r.tokens(query, arg)
	if err != nil || len(list) == 0 {
		return store.Token{}, false, err
	}
	return list[0], true, nil
}

func (r *reader) tokens(query string, args ...any) (list []store.Token, err error) {
	err = r.each(query, func(rows *sql.Rows) error {
		var t store.Token
		var created, expires, revoked sql.NullInt64
		err := rows.Scan(&t.ID, &t.Owner, &t.Name, &t.Hash, &created, &expires, &revoked)
		t.CreatedAt, t.ExpiresAt, t.RevokedAt = moment(created), moment(expires), moment(revoked)
		list = append(list, t)
		return err
	}, args...)
	return list, err
}

// SetupLink reads the link that makes the first administrator.
func (r *reader) SetupLink() (store.SetupLink, bool, error) {
	var l store.SetupLink
	var expires sql.NullInt64
	found, err := r.one(`SELECT hash, expires_at FROM setup_link`, nil, &l.Hash, &expires)
	l.ExpiresAt = moment(expires)
	return l, found, err
}

// PutCredential adds or replaces how a user signs in.
func (w *writer) PutCredential(c store.Credential) error {
	_, err := w.exec(`INSERT INTO credentials (user, password_hash, changed_at) VALUES (?, ?, ?)
		ON CONFLICT (user) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
		c.User, c.PasswordHash, c.ChangedAt.UnixNano())
	return err
}

// RemoveCredential ends a user's signing in by password.
func (w *writer) RemoveCredential(user string) error {
	_, err := w.exec(`DELETE FROM credentials WHERE user = ?`, user)
	return err
}

// PutKnownAddress notes where a user signed in from.
func (w *writer) PutKnownAddress(user, address string, at time.Time) error {
	_, err := w.exec(`INSERT INTO known_addresses (user, address, seen_at) VALUES (?, ?, ?)
		ON CONFLICT (user, address) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)`, user, address, at.UnixNano())
	if err != nil {
		return err
	}
	_, err = w.exec(`DELETE FROM known_addresses WHERE user = ?1 AND address NOT IN
		(SELECT address FROM known_addresses WHERE user = ?1 ORDER BY seen_at DESC, address LIMIT ?2)`, user, store.KnownAddresses)
	return err
}

// PutSession adds a session.
func (w *writer) PutSession(s store.Session) error {
	_, err := w.exec(`INSERT INTO sessions (hash, id, user, created_at, seen_at, expires_at, address, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Hash, s.ID, s.User, s.CreatedAt.UnixNano(), s.SeenAt.UnixNano(), s.ExpiresAt.UnixNano(), s.Address, s.UserAgent)
	return err
}

// TouchSession notes when a session was last used; it never turns back.
func (w *writer) TouchSession(hash []byte, seen time.Time) error {
	_, err := w.exec(`UPDATE sessions SET seen_at = max(seen_at, ?) WHERE hash = ?`, seen.UnixNano(), hash)
	return err
}

// SetSessionView begins or ends a session's viewing as somebody.
func (w *writer) SetSessionView(id string, v *store.View) error {
	var text any
	if v != nil {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		text = string(b)
	}
	_, err := w.exec(`UPDATE sessions SET view = ? WHERE id = ?`, text, id)
	return err
}

// RemoveSession ends one session.
func (w *writer) RemoveSession(hash []byte) error {
	_, err := w.exec(`DELETE FROM sessions WHERE hash = ?`, hash)
	return err
}

// RemoveSessions ends all sessions of a user, but the one of that id.
func (w *writer) RemoveSessions(user, exceptID string) error {
	_, err := w.exec(`DELETE FROM sessions WHERE user = ? AND id <> ?`, user, exceptID)
	return err
}

// RemoveStaleSessions clears away sessions that nobody can use any more.
func (w *writer) RemoveStaleSessions(seenBefore, expiredBy time.Time) error {
	_, err := w.exec(`DELETE FROM sessions WHERE seen_at < ? OR expires_at <= ?`, seenBefore.UnixNano(), expiredBy.UnixNano())
	return err
}

// PutToken adds a token.
func (w *writer) PutToken(t store.Token) error {
	_, err := w.exec(`INSERT INTO tokens (id, owner, name, hash, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.Owner, t.Name, t.Hash, t.CreatedAt.UnixNano(), t.ExpiresAt.UnixNano(), nanos(t.RevokedAt))
	return err
}

// RevokeToken ends a token; the first revocation stands.
func (w *writer) RevokeToken(id string, at time.Time) error {
	_, err := w.exec(`UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL`, at.UnixNano(), id)
	return err
}

// PutSetupLink replaces the set-up link.
func (w *writer) PutSetupLink(l store.SetupLink) error {
	_, err := w.exec(`INSERT INTO setup_link (id, hash, expires_at) VALUES (1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at`, l.Hash, l.ExpiresAt.UnixNano())
	return err
}

// RemoveSetupLink makes the set-up link void.
func (w *writer) RemoveSetupLink() error {
	_, err := w.exec(`DELETE FROM setup_link`)
	return err
}
