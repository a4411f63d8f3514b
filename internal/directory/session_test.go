package directory

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestSigningInMakesANewSecretEachTime(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	first, second := h.signIn(t, " MIRA "), h.signIn(t, "mira")
	if first == second || len(first) != secretLength {
		t.Errorf("the secrets are %q and %q", first, second)
	}
	id, err := h.Session(t.Context(), first)
	is(t, "the first still opens", err, fine)
	if id.User != "mira" || id.Via != "session" || id.SessionID == "" || id.TokenID != "" || id.ExpiresAt != h.clock().Add(12*time.Hour) {
		t.Errorf("the identity is %+v", id)
	}
	h.recorded(t, "mira sessions.create user:mira done")
}

func TestWhatIsNoSessionOpensNothing(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	session := h.signIn(t, "mira")
	token, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "ci", TTL: 0})
	is(t, "make a token", err, fine)
	id, _ := h.Session(t.Context(), session)
	for _, secret := range []string{"", "x", id.SessionID, token, session + "x", session[1:], strings.ToUpper(session), strings.Repeat("A", secretLength), strings.Repeat("x", 1<<20)} {
		is(t, "secret "+secret[:min(60, len(secret))], h.opens(secret), unauthenticated)
	}
	is(t, "a session as a token", h.uses(session), unauthenticated)
}

// A page that asks for news by itself must not keep a session alive that nobody uses.
func TestWhatGoesOnByItselfIsNoUse(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	left := h.signIn(t, "mira")
	for range 29 {
		h.wait(time.Minute)
		id, err := h.Glimpse(t.Context(), left)
		is(t, "a glimpse", err, fine)
		if id.User != "mira" {
			t.Fatalf("the identity is %+v", id)
		}
		h.Close()
	}
	h.wait(2 * time.Minute)
	_, err := h.Glimpse(t.Context(), left)
	is(t, "a glimpse after the idle time", err, unauthenticated)
	is(t, "the session that was only glimpsed", h.opens(left), unauthenticated)
}

func TestSessionsEndByIdlenessAndByAge(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	idle, used := h.signIn(t, "mira"), h.signIn(t, "mira")
	for range 29 {
		h.wait(time.Minute)
		is(t, "the one in use", h.opens(used), fine)
		h.Close()
	}
	h.wait(time.Minute)
	is(t, "the idle one", h.opens(idle), unauthenticated)
	is(t, "the used one", h.opens(used), fine)
	h.Close()
	// To the end of twelve hours, never idle for long.
	for h.clock().Before(time.Date(2026, 3, 1, 23, 50, 0, 0, time.UTC)) {
		h.wait(20 * time.Minute)
		is(t, "used throughout", h.opens(used), fine)
		h.Close()
	}
	h.wait(10*time.Minute - 1)
	is(t, "just before the end", h.opens(used), fine)
	h.wait(1)
	is(t, "at the end", h.opens(used), unauthenticated)
}

func TestOnesOwnSessionsAreListedAndEnded(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "noor"})
	h.give(t, "mira", password)
	h.give(t, "noor", password)
	mine, theirs := h.signIn(t, "mira"), h.signIn(t, "noor")
	list, err := h.Sessions(t.Context(), as("mira"))
	is(t, "list", err, fine)
	if len(list) != 1 || list[0].User != "mira" || list[0].Address != office.Address || list[0].UserAgent != "Firefox" {
		t.Fatalf("the list is %+v", list)
	}
	is(t, "ending another's", h.EndSession(t.Context(), as("noor"), list[0].ID), fault.KindNotFound)
	is(t, "ending what is not there", h.EndSession(t.Context(), as("noor"), "none"), fault.KindNotFound)
	is(t, "it still opens", h.opens(mine), fine)
	is(t, "ending one's own", h.EndSession(t.Context(), as("mira"), list[0].ID), fine)
	is(t, "it opens no more", h.opens(mine), unauthenticated)
	is(t, "the other's does", h.opens(theirs), fine)
	is(t, "signing out of what has ended", h.SignOut(t.Context(), mine, office), fine)
	h.wait(time.Hour)
	if list, err := h.Sessions(t.Context(), as("noor")); err != nil || len(list) != 0 {
		t.Errorf("an idle session is listed: %v %v", list, err)
	}
}

func TestAUserHasOnlySoManySessions(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	first := h.signIn(t, "mira")
	for range sessionsOf {
		h.wait(time.Second)
		h.signIn(t, "mira")
	}
	is(t, "the oldest", h.opens(first), unauthenticated)
	if list, err := h.Sessions(t.Context(), as("mira")); err != nil || len(list) != sessionsOf {
		t.Errorf("%d sessions (%v), want %d", len(list), err, sessionsOf)
	}
}

// A reader does not wait for a writer: a big load must not stop everyone.
func TestASessionOpensWhileSomeoneWrites(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	session := h.signIn(t, "mira")
	h.wait(5 * time.Minute)
	err := h.Store.Change(t.Context(), func(store.Writer) error {
		for range 3 {
			is(t, "beside a writer", h.opens(session), fine)
		}
		return nil
	})
	is(t, "the writer", err, fine)
}

func TestNoSecretIsInTheFiles(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	link, err := h.NewSetupLink(t.Context())
	is(t, "set-up link", err, fine)
	h.give(t, "mira", password)
	session := h.signIn(t, "mira")
	token, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "ci", TTL: 0})
	is(t, "make a token", err, fine)
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(h.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		for what, secret := range map[string]string{"password": password, "session": session, "token": token, "set-up link": link} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("the %s is in the file%s", what, suffix)
			}
		}
	}
}

func TestPersonasAreForTheDemoOnly(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "gone", Disabled: true})
	_, _, err := h.SignInPersona(t.Context(), "mira", office)
	is(t, "without the demo", err, unauthenticated)
	h.Demo = true
	secret, id, err := h.SignInPersona(t.Context(), "Mira", office)
	is(t, "in the demo", err, fine)
	if id.User != "mira" {
		t.Errorf("signed in as %q", id.User)
	}
	is(t, "the session", h.opens(secret), fine)
	for _, name := range []string{"gone", "nobody", ""} {
		_, _, err = h.SignInPersona(context.Background(), name, office)
		is(t, "persona "+name, err, unauthenticated)
	}
}

func BenchmarkSession(b *testing.B) {
	h := newHouse(b, rbac.User{Name: "mira"})
	h.give(b, "mira", password)
	secret := h.signIn(b, "mira")
	for b.Loop() {
		if err := h.opens(secret); err != nil {
			b.Fatal(err)
		}
	}
}
