package directory

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// cheap keeps the tests fast; that OWASP's parameters are the default is a test of its own.
var cheap = Hashing{MemoryKiB: 64, Passes: 1, Threads: 1}

const (
	password = "correct horse battery staple"
	other    = "another long password"
)

var (
	office = From{Address: "192.0.2.10", UserAgent: "Firefox", RequestID: "q"}
	owner  = audit.Actor{Name: "local:root", Local: true, Via: audit.ViaCLI}
)

// house is a directory with a clock that stands still until it is told to go on.
type house struct {
	*Service
	path string

	mu sync.Mutex
	at time.Time
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// newHouse has these users in its policy, without passwords.
func newHouse(t testing.TB, users ...rbac.User) *house {
	t.Helper()
	h := openHouse(t, filepath.Join(t.TempDir(), sqlite.FileName), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	for _, u := range users {
		h.policy(t, rbac.PutUser{User: u})
	}
	return h
}

// openHouse is another process on the data.
func openHouse(t testing.TB, path string, at time.Time) *house {
	t.Helper()
	s := sqlitetest.Open(t, path)
	h := &house{path: path, at: at}
	h.Service = New(Config{
		Store: s, Door: &audit.Door{Store: s, Now: h.clock}, Now: h.clock, Hashing: cheap,
		Snapshot: func(ctx context.Context) (policy *rbac.Snapshot, err error) {
			return policy, s.View(ctx, func(r store.Reader) error {
				p, err := r.Policy()
				if err == nil {
					policy, err = rbac.Compile(catalog.Default(), p)
				}
				return err
			})
		},
	})
	t.Cleanup(h.Close)
	return h
}

// policy changes who has what, as the room of permissions would.
func (h *house) policy(t testing.TB, edits ...rbac.Edit) {
	t.Helper()
	err := h.Store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) give(t testing.TB, user, password string) {
	t.Helper()
	if err := h.SetPassword(context.Background(), owner, user, password); err != nil {
		t.Fatal(err)
	}
}

func (h *house) signIn(t testing.TB, user string) string {
	t.Helper()
	secret, _, err := h.SignIn(context.Background(), user, password, office)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func as(name string) audit.Actor {
	return audit.Actor{Name: name, Via: audit.ViaSession, Address: office.Address}
}

func (h *house) opens(secret string) error {
	_, err := h.Session(context.Background(), secret)
	return err
}

func (h *house) uses(token string) error {
	_, err := h.Token(context.Background(), token)
	return err
}

func (h *house) operations(t testing.TB) []string {
	t.Helper()
	var list []string
	err := h.Store.View(context.Background(), func(r store.Reader) error {
		return r.AuditWalk(0, func(e audit.Entry) error {
			list = append(list, e.Actor+" "+e.Operation+" "+e.Object+" "+e.Outcome)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (h *house) recorded(t testing.TB, line string) {
	t.Helper()
	if list := h.operations(t); !slices.Contains(list, line) {
		t.Errorf("the audit log has no %q, but\n%q", line, list)
	}
}

func is(t testing.TB, what string, err error, kind fault.Kind) {
	t.Helper()
	if kind == 0 && err == nil {
		return
	}
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

const (
	fine            = fault.Kind(0)
	unauthenticated = fault.KindUnauthenticated
)

// Whoever loses the right to be here loses it at the very next call, whichever process took it away.
func TestWhoIsGoneIsGoneAtTheNextCall(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(t *testing.T, h *house, session, token string)
		// whether the session and the token are still good afterwards
		session, token fault.Kind
	}{
		{"nothing happened", func(*testing.T, *house, string, string) {}, fine, fine},
		{"disabled", func(t *testing.T, h *house, _, _ string) {
			h.policy(t, rbac.PutUser{User: rbac.User{Name: "mira", Disabled: true}})
		}, unauthenticated, unauthenticated},
		{"removed", func(t *testing.T, h *house, _, _ string) { h.policy(t, rbac.RemoveUser{Name: "mira"}) }, unauthenticated, unauthenticated},
		{"removed, and there again", func(t *testing.T, h *house, _, _ string) {
			h.policy(t, rbac.RemoveUser{Name: "mira"}, rbac.PutUser{User: rbac.User{Name: "mira"}})
		}, unauthenticated, unauthenticated},
		{"given an end that has come", func(t *testing.T, h *house, _, _ string) {
			h.policy(t, rbac.PutUser{User: rbac.User{Name: "mira", NotAfter: h.clock()}})
		}, unauthenticated, unauthenticated},
		{"given an end that is to come", func(t *testing.T, h *house, _, _ string) {
			h.policy(t, rbac.PutUser{User: rbac.User{Name: "mira", NotAfter: h.clock().Add(1)}})
		}, fine, fine},
		{"someone else disabled", func(t *testing.T, h *house, _, _ string) {
			h.policy(t, rbac.PutUser{User: rbac.User{Name: "noor", Disabled: true}})
		}, fine, fine},
		{"signed out", func(t *testing.T, h *house, session, _ string) {
			is(t, "sign out", h.SignOut(t.Context(), session, office), fine)
		}, unauthenticated, fine},
		{"signed out everywhere", func(t *testing.T, h *house, _, _ string) {
			is(t, "sign out", h.SignOutEverywhere(t.Context(), as("mira"), "mira"), fine)
		}, unauthenticated, fine},
		{"password set by another", func(t *testing.T, h *house, _, _ string) { h.give(t, "mira", other) }, unauthenticated, unauthenticated},
		{"token revoked", func(t *testing.T, h *house, _, token string) {
			list, err := h.Tokens(t.Context(), as("mira"), "mira")
			is(t, "list", err, fine)
			is(t, "revoke", h.RevokeToken(t.Context(), as("mira"), list[0].ID), fine)
		}, fine, unauthenticated},
	} {
		for _, elsewhere := range []bool{false, true} {
			t.Run(c.name, func(t *testing.T) {
				h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "noor"})
				h.give(t, "mira", password)
				session := h.signIn(t, "mira")
				token, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "ci", TTL: 0})
				is(t, "make a token", err, fine)
				for range 2 { // the second time from the cache
					is(t, "the session before", h.opens(session), fine)
					is(t, "the token before", h.uses(token), fine)
				}
				process := h
				if elsewhere {
					process = openHouse(t, h.path, h.clock())
				}
				c.end(t, process, session, token)
				is(t, "the session after", h.opens(session), c.session)
				is(t, "the token after", h.uses(token), c.token)
			})
		}
	}
}

// An end that comes by itself changes nothing in the store, so no version tells of it.
func TestTimeEndsWhatIsCached(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira", NotAfter: time.Date(2026, 3, 1, 12, 10, 0, 0, time.UTC)})
	h.give(t, "mira", password)
	session := h.signIn(t, "mira")
	token, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "ci", TTL: 0})
	is(t, "make a token", err, fine)
	h.wait(10*time.Minute - 1)
	is(t, "the session before the end", h.opens(session), fine)
	is(t, "the token before the end", h.uses(token), fine)
	h.wait(1)
	is(t, "the session at the end", h.opens(session), unauthenticated)
	is(t, "the token at the end", h.uses(token), unauthenticated)
	_, _, err = h.SignIn(t.Context(), "mira", password, office)
	is(t, "signing in at the end", err, unauthenticated)
}
