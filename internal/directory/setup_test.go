package directory

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestASetupLinkEndsWhatAnAccountHadBefore: whoever held an ended account must not be an administrator by an old token.
func TestASetupLinkEndsWhatAnAccountHadBefore(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	token, _, err := h.CreateToken(t.Context(), owner, NewToken{Owner: "mira", TTL: 300 * 24 * time.Hour})
	is(t, "make a token", err, fine)
	h.policy(t, rbac.PutUser{User: rbac.User{Name: "mira", NotAfter: h.clock()}})
	is(t, "use it after the end", h.uses(token), unauthenticated)
	is(t, "use the link", h.UseSetupLink(t.Context(), h.link(t), "mira", "", password, office), fine)
	is(t, "use the token again", h.uses(token), unauthenticated)
}

func (h *house) needsSetup(t testing.TB, want bool) {
	t.Helper()
	if got, err := h.NeedsSetup(t.Context()); got != want || err != nil {
		t.Errorf("it needs setting up: %v (%v), want %v", got, err, want)
	}
}

func (h *house) link(t testing.TB) string {
	t.Helper()
	link, err := h.NewSetupLink(t.Context())
	is(t, "make a set-up link", err, fine)
	return link
}

func TestTheSetUpLinkMakesTheFirstAdministratorOnce(t *testing.T) {
	h := newHouse(t)
	h.needsSetup(t, true)
	link := h.link(t)
	is(t, "use", h.UseSetupLink(t.Context(), link, "Mira@Contoso.example", " Mira ", password, office), fine)
	h.needsSetup(t, false)
	h.tries(t, "in", "mira@contoso.example", password, office.Address)
	var user rbac.User
	var revision int64
	err := h.Store.View(t.Context(), func(r store.Reader) (err error) {
		if user, _, err = r.User("mira@contoso.example"); err != nil {
			return err
		}
		revision, err = r.PolicyRevision()
		return err
	})
	is(t, "read", err, fine)
	if !slices.Equal(user.GlobalRoles, []string{FirstAdministrator}) || user.DisplayName != "Mira" || revision != 1 {
		t.Errorf("the user is %+v at revision %d", user, revision)
	}
	h.recorded(t, "setup link setup.use user:mira@contoso.example done")

	is(t, "use it twice", h.UseSetupLink(t.Context(), link, "mallory", "", password, office), fault.KindConflict)
	_, err = h.NewSetupLink(t.Context())
	is(t, "another link", err, fault.KindConflict)
}

func TestAUserOfThePolicyBecomesTheFirstAdministrator(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira", DisplayName: "Mira", GlobalRoles: []string{"Global Reader", FirstAdministrator}, Disabled: true},
		rbac.User{Name: "noor", GlobalRoles: []string{"Security Administrator"}})
	h.give(t, "noor", password)
	h.needsSetup(t, true) // nobody with the role can sign in, whoever else can
	is(t, "use", h.UseSetupLink(t.Context(), h.link(t), "mira", "", password, office), fine)
	h.tries(t, "in", "mira", password, office.Address)
	err := h.Store.View(t.Context(), func(r store.Reader) error {
		u, _, err := r.User("mira")
		if len(u.GlobalRoles) != 2 || u.DisplayName != "Mira" {
			t.Errorf("the user is %+v", u)
		}
		return err
	})
	is(t, "read", err, fine)
}

func TestOnlyTheNewestLinkCountsAndOnlyForADay(t *testing.T) {
	h := newHouse(t)
	is(t, "none was made", h.UseSetupLink(t.Context(), strings.Repeat("A", secretLength), "mira", "", password, office), unauthenticated)
	first := h.link(t)
	second := h.link(t)
	for _, wrong := range []string{"", first, second + "x", strings.ToUpper(second)} {
		is(t, "a wrong link", h.UseSetupLink(t.Context(), wrong, "mira", "", password, office), unauthenticated)
	}
	h.wait(setupTTL)
	is(t, "a day later", h.UseSetupLink(t.Context(), second, "mira", "", password, office), unauthenticated)
	h.needsSetup(t, true)
}

func TestASetUpThatIsRefusedLeavesTheLink(t *testing.T) {
	h := newHouse(t)
	link := h.link(t)
	for _, c := range []struct{ name, display, password string }{
		{"mira", "", "short"}, {"mira", "", "mira"}, {"", "", password}, {"a b", "", password}, {"a\nb", "", password},
		{"local:root", "", password}, {"group:admins", "", password}, {"mira\u200b", "", password}, {"mira", "M\x00", password},
		{strings.Repeat("x", 321), "", password}, {"mira", strings.Repeat("x", 201), password}, {"mira", password, password},
	} {
		is(t, "set up "+c.name[:min(9, len(c.name))], h.UseSetupLink(t.Context(), link, c.name, c.display, c.password, office), fault.KindInvalid)
	}
	is(t, "in the end", h.UseSetupLink(t.Context(), link, "mira", "", password, office), fine)
}

func TestTwoWhoUseTheLinkAtOnceAreNotBothAdministrators(t *testing.T) {
	h := newHouse(t)
	link := h.link(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for _, name := range []string{"mira", "mallory"} {
		wait.Go(func() {
			if h.UseSetupLink(t.Context(), link, name, "", password, office) == nil {
				mu.Lock()
				defer mu.Unlock()
				made++
			}
		})
	}
	wait.Wait()
	if made != 1 {
		t.Errorf("%d administrators were made with one link", made)
	}
}
