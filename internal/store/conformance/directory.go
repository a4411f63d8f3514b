package conformance

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func hash(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

type found[T any] struct {
	Value T
	Found bool
}

func look[T any](t testing.TB, s store.Store, f func(store.Reader) (T, bool, error)) found[T] {
	t.Helper()
	return read(t, s, func(r store.Reader) (found[T], error) {
		v, ok, err := f(r)
		return found[T]{v, ok}, err
	})
}

func same[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func directory(t *testing.T, backend Backend) {
	s := backend(t)()
	edit(t, s, rbac.PutUser{User: rbac.User{Name: "mira", GlobalRoles: []string{"Global Reader"}}}, putUser("noor"))
	credential := store.Credential{User: "mira", PasswordHash: "$x", ChangedAt: noon}
	session := func(b byte, user string) store.Session {
		at := noon.Add(time.Duration(b) * time.Minute)
		return store.Session{Hash: hash(b), ID: fmt.Sprint("s", b), User: user, CreatedAt: at, SeenAt: at, ExpiresAt: at.Add(time.Hour), Address: "::1", UserAgent: "ü"}
	}
	token := store.Token{ID: "t1", Owner: "mira", Name: "n", Hash: hash(9), CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
	change(t, s, func(w store.Writer) error {
		for _, err := range []error{
			w.PutCredential(store.Credential{User: "mira", PasswordHash: "$old", ChangedAt: noon.Add(-1)}), w.PutCredential(credential),
			w.PutSession(session(1, "mira")), w.PutSession(session(2, "mira")), w.PutSession(session(3, "noor")), w.PutToken(token),
			w.PutSetupLink(store.SetupLink{Hash: hash(5), ExpiresAt: noon}), w.PutSetupLink(store.SetupLink{Hash: hash(6), ExpiresAt: noon.Add(1)}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	credentialOf := func(user string) found[store.Credential] {
		return look(t, s, func(r store.Reader) (store.Credential, bool, error) { return r.Credential(user) })
	}
	sessionOf := func(b byte) found[store.Session] {
		return look(t, s, func(r store.Reader) (store.Session, bool, error) { return r.Session(hash(b)) })
	}
	tokenOf := func(b byte) found[store.Token] {
		return look(t, s, func(r store.Reader) (store.Token, bool, error) { return r.Token(hash(b)) })
	}
	anyone := func(role string) bool {
		return read(t, s, func(r store.Reader) (bool, error) { return r.AnyCredential(role) })
	}
	same(t, "a credential is replaced", found[store.Credential]{credential, true}, credentialOf("mira"))
	same(t, "no credential", false, credentialOf("noor").Found)
	same(t, "someone with the role has a credential", true, anyone("Global Reader"))
	same(t, "nobody with the role has one", false, anyone("Global Administrator"))
	same(t, "a session comes back", found[store.Session]{session(1, "mira"), true}, sessionOf(1))
	same(t, "no session", false, sessionOf(7).Found)
	same(t, "sessions, newest first", []store.Session{session(2, "mira"), session(1, "mira")},
		read(t, s, func(r store.Reader) ([]store.Session, error) { return r.Sessions("mira") }))
	same(t, "a token comes back", found[store.Token]{token, true}, tokenOf(9))
	same(t, "a token by its id", found[store.Token]{token, true},
		look(t, s, func(r store.Reader) (store.Token, bool, error) { return r.TokenByID("t1") }))
	same(t, "no token", false, tokenOf(7).Found)
	same(t, "the newest set-up link", found[store.SetupLink]{store.SetupLink{Hash: hash(6), ExpiresAt: noon.Add(1)}, true}, look(t, s, store.Reader.SetupLink))

	change(t, s, func(w store.Writer) error {
		if err := w.TouchSession(hash(1), noon.Add(30*time.Minute)); err != nil {
			return err
		}
		if err := w.TouchSession(hash(1), noon); err != nil { // late, and earlier
			return err
		}
		if err := w.RevokeToken("t1", noon.Add(time.Minute)); err != nil {
			return err
		}
		if err := w.RevokeToken("t1", noon.Add(time.Hour)); err != nil {
			return err
		}
		return w.RemoveSetupLink()
	})
	same(t, "the last use of a session never turns back", noon.Add(30*time.Minute), sessionOf(1).Value.SeenAt)
	same(t, "the first revocation stands", noon.Add(time.Minute), tokenOf(9).Value.RevokedAt)
	same(t, "the set-up link is gone", false, look(t, s, store.Reader.SetupLink).Found)

	view := store.View{Viewed: rbac.Viewed{Draft: &rbac.Role{Workload: rbac.Office365, Permissions: []string{"Manage Alerts"}}}, Name: "n", StartedAt: noon, Until: noon.Add(time.Minute)}
	change(t, s, func(w store.Writer) error { return w.SetSessionView("s1", &view) })
	same(t, "a session keeps what it views the portal as", &view, sessionOf(1).Value.View)
	same(t, "another does not", (*store.View)(nil), sessionOf(3).Value.View)
	change(t, s, func(w store.Writer) error { return w.SetSessionView("s1", nil) })
	same(t, "the view ends", (*store.View)(nil), sessionOf(1).Value.View)
	change(t, s, func(w store.Writer) error { return w.SetSessionView("gone", &view) })

	change(t, s, func(w store.Writer) error { return w.RemoveStaleSessions(noon.Add(3*time.Minute), noon) })
	same(t, "a session in use stays", true, sessionOf(1).Found)
	same(t, "one not used for long goes", false, sessionOf(2).Found)
	same(t, "one used since stays", true, sessionOf(3).Found)
	change(t, s, func(w store.Writer) error { return w.RemoveSessions("noor", "s3") })
	same(t, "all of a user's but this one", true, sessionOf(3).Found)
	change(t, s, func(w store.Writer) error { return w.RemoveSessions("noor", "") })
	same(t, "all of a user's", false, sessionOf(3).Found)
	same(t, "but not another's", true, sessionOf(1).Found)

	knownAddresses(t, s)

	edit(t, s, rbac.RemoveUser{Name: "mira"}, putUser("mira"))
	same(t, "a later user of the name has no credential", false, credentialOf("mira").Found)
	same(t, "nor sessions", false, sessionOf(1).Found)
	same(t, "nor tokens", false, tokenOf(9).Found)
	same(t, "nor known addresses", false, read(t, s, func(r store.Reader) (bool, error) { return r.KnownAddress("mira", "address 5") }))
}

func knownAddresses(t *testing.T, s store.Store) {
	known := func(user, address string) bool {
		return read(t, s, func(r store.Reader) (bool, error) { return r.KnownAddress(user, address) })
	}
	change(t, s, func(w store.Writer) error {
		for i := range store.KnownAddresses + 3 {
			if err := w.PutKnownAddress("mira", fmt.Sprint("address ", i), noon.Add(time.Duration(i))); err != nil {
				return err
			}
		}
		return w.PutKnownAddress("noor", "address 1", noon)
	})
	same(t, "the oldest address is forgotten", false, known("mira", "address 2"))
	same(t, "the newer stay", true, known("mira", "address 3"))
	same(t, "another's are theirs", false, known("noor", "address 5"))
	same(t, "another's stay", true, known("noor", "address 1"))
}
