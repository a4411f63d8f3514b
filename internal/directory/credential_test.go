package directory

import (
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestChangingOnesPasswordTakesTheCurrentOne(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "noor"})
	h.give(t, "mira", password)
	here, elsewhere := h.signIn(t, "mira"), h.signIn(t, "mira")
	id, err := h.Session(t.Context(), here)
	is(t, "the session", err, fine)

	change := func(actor, current, next string) error {
		return h.ChangePassword(t.Context(), as(actor), current, next, id.SessionID)
	}
	is(t, "with a wrong one", change("mira", "wrong", other), fault.KindInvalid)
	is(t, "to a short one", change("mira", password, "short"), fault.KindInvalid)
	is(t, "to the same", change("mira", password, password), fault.KindInvalid)
	is(t, "to the name", change("mira", password, "mira"), fault.KindInvalid)
	is(t, "of who has none", change("noor", "", other), fault.KindInvalid)
	is(t, "of nobody", change("", "", other), fault.KindInvalid)
	is(t, "the other session, so far", h.opens(elsewhere), fine)

	is(t, "with the current one", change("mira", password, other), fine)
	is(t, "the session that changed it", h.opens(here), fine)
	is(t, "the other session", h.opens(elsewhere), unauthenticated)
	h.tries(t, "wrong", "mira", password, "203.0.113.7")
	h.tries(t, "in", "mira", other, "203.0.113.7")
	h.recorded(t, "mira passwords.change user:mira done")
}

func TestAStolenSessionCannotGuessThePassword(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	h.signIn(t, "mira")
	for range ofPair.free {
		is(t, "a guess", h.ChangePassword(t.Context(), as("mira"), "guess", other, ""), fault.KindInvalid)
	}
	err := h.ChangePassword(t.Context(), as("mira"), password, other, "")
	if _, wait := retryAfter(err); !wait {
		t.Errorf("after so many guesses: %v, want to wait", err)
	}
	h.wait(time.Minute)
	is(t, "later", h.ChangePassword(t.Context(), as("mira"), password, other, ""), fine)
}

// manager may change endpoint roles, and holds all of endpoint; analyst holds a part of endpoint, mail something else.
func s14House(t *testing.T) *house {
	h := newHouse(t,
		rbac.User{Name: "admin", GlobalRoles: []string{"Security Administrator"}}, rbac.User{Name: "reader", GlobalRoles: []string{"Security Reader"}},
		rbac.User{Name: "manager"}, rbac.User{Name: "analyst"}, rbac.User{Name: "peer"}, rbac.User{Name: "mail"}, rbac.User{Name: "nothing"},
		rbac.User{Name: "former", GlobalRoles: []string{"Global Administrator"}, Disabled: true}, rbac.User{Name: "ended", NotAfter: time.Unix(1, 0)},
		rbac.User{Name: "later"},
	)
	triage := rbac.Role{ID: "1", Workload: rbac.Endpoint, Name: "Triage", Permissions: catalog.PermissionNames(rbac.Endpoint)[:1]}
	purge := rbac.Role{ID: "2", Workload: rbac.Office365, Name: "Mail", Permissions: catalog.PermissionNames(rbac.Office365)[:1]}
	group := func(name string, members ...string) rbac.Edit {
		return rbac.PutGroup{Group: rbac.Group{Name: name, Members: members}}
	}
	everywhere := rbac.Scope{All: true}
	h.policy(t, rbac.SetEndpointRoles{On: true}, rbac.PutRole{Role: triage}, rbac.PutRole{Role: purge},
		group("managers", "manager"), group("triage", "analyst", "peer"), group("mail", "mail", "ended"),
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "a", Group: "managers", Scope: everywhere, Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "b", Group: "triage", Scope: everywhere, Role: triage.Ref()}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "c", Group: "mail", Scope: everywhere, Role: purge.Ref()}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "d", User: "later", Scope: everywhere, Role: purge.Ref(), NotBefore: h.clock().Add(time.Hour)}},
	)
	return h
}

func TestS14ResettingAnothersSignInNeedsToHoldAllTheyHold(t *testing.T) {
	for _, c := range []struct {
		actor, user string
		want        fault.Kind
	}{
		{"admin", "analyst", fine},
		{"admin", "former", fine},
		{"admin", "mail", fine},
		{"manager", "analyst", fault.KindDenied}, // to change roles is not enough
		{"manager", "nothing", fault.KindDenied}, // who holds nothing today may tomorrow
		{"manager", "mail", fault.KindDenied},
		{"manager", "admin", fault.KindDenied},
		{"manager", "reader", fault.KindDenied},
		{"manager", "former", fault.KindDenied}, // disabled, until someone enables them
		{"manager", "ended", fault.KindDenied},  // past their end, until someone moves it
		{"manager", "later", fault.KindDenied},  // what begins in an hour is theirs too
		{"admin", "nobody", fault.KindNotFound},
		{"analyst", "peer", fault.KindDenied}, // holds as much, and may not change roles
		{"reader", "nothing", fault.KindDenied},
		{"nothing", "nothing", fault.KindDenied},
		{"manager", "manager", fault.KindDenied}, // one's own takes the current password
		{"former", "nothing", fault.KindDenied},
		{"stranger", "nothing", fault.KindDenied},
		{"", "nothing", unauthenticated},
	} {
		t.Run(c.actor+" resets "+c.user, func(t *testing.T) {
			h := s14House(t)
			is(t, "reset", h.SetPassword(t.Context(), as(c.actor), c.user, password), c.want)
			got := h.try(t, c.user, password, office.Address)
			if want := map[bool]string{true: "in", false: "wrong"}[c.want == fine && c.user != "former"]; got != want {
				t.Errorf("signing in with it: %s, want %s", got, want)
			}
			if c.want == fault.KindDenied {
				h.recorded(t, c.actor+" passwords.set user:"+c.user+" refused")
				is(t, "ending their sessions", ignoreOwn(c.actor, c.user, h.SignOutEverywhere(t.Context(), as(c.actor), c.user)), c.want)
			}
		})
	}
}

// ignoreOwn leaves out that one may end one's own sessions.
func ignoreOwn(actor, user string, err error) error {
	if actor == user && err == nil {
		return fault.Denied("own", "own")
	}
	return err
}

func TestWhoeverOwnsTheDataResetsAnyone(t *testing.T) {
	h := s14House(t)
	is(t, "reset", h.SetPassword(t.Context(), owner, "admin", password), fine)
	is(t, "of nobody", h.SetPassword(t.Context(), owner, "nobody", password), fault.KindNotFound)
	is(t, "to a short one", h.SetPassword(t.Context(), owner, "admin", "short"), fault.KindInvalid)
	h.tries(t, "in", "admin", password, office.Address)
	h.recorded(t, "local:root passwords.set user:admin done")
}

func TestARefusalSaysWhatIsMissing(t *testing.T) {
	h := s14House(t)
	err := h.SetPassword(t.Context(), as("manager"), "mail", password)
	is(t, "reset", err, fault.KindDenied)
	if lacks := err.(*fault.Error).Lacks; len(lacks) != 1 || !strings.HasPrefix(lacks[0], "needs a global role") {
		t.Errorf("what is missing: %q", lacks)
	}
}

func TestWithoutAPolicyOnlyTheOwnerOfTheDataResets(t *testing.T) {
	h := s14House(t)
	h.Snapshot = nil
	is(t, "an administrator", h.SetPassword(t.Context(), as("admin"), "nothing", password), fault.KindDenied)
	is(t, "the owner", h.SetPassword(t.Context(), owner, "nothing", password), fine)
}

// A refusal must not cost a hash: signed-in people could keep the processors busy.
func TestARefusedResetCostsNoHash(t *testing.T) {
	h := s14House(t)
	before := h.hasher.made.Load()
	is(t, "reset", h.SetPassword(t.Context(), as("nothing"), "admin", password), fault.KindDenied)
	if made := h.hasher.made.Load() - before; made != 0 {
		t.Errorf("%d hashes were made", made)
	}
	err := h.Store.View(t.Context(), func(r store.Reader) error {
		_, found, err := r.Credential("admin")
		if found {
			t.Error("and one was stored")
		}
		return err
	})
	is(t, "read", err, fine)
}

func TestAResetEndsSessionsAndTokensOfOld(t *testing.T) {
	h := s14House(t)
	plain, _, err := h.CreateToken(t.Context(), as("analyst"), NewToken{Owner: "analyst", Name: "ci", TTL: time.Hour})
	is(t, "a token", err, fine)
	is(t, "reset", h.SetPassword(t.Context(), as("admin"), "analyst", password), fine)
	_, err = h.Token(t.Context(), plain)
	is(t, "the token of old", err, fault.KindUnauthenticated)
}
