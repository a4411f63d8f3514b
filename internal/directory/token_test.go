package directory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestATokenIsItsOwner(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	plain, token, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "Mira", Name: " ci ", TTL: time.Hour})
	is(t, "make", err, fine)
	id, err := h.Token(t.Context(), plain)
	is(t, "use", err, fine)
	if id != (Identity{User: "mira", Via: audit.ViaToken, ExpiresAt: h.clock().Add(time.Hour), TokenID: token.ID}) || token.Name != "ci" || token.Owner != "mira" {
		t.Errorf("the identity is %+v of %+v", id, token)
	}
	h.recorded(t, "mira tokens.create token:"+token.ID+" done")
	is(t, "a token as a session", h.opens(plain), unauthenticated)
	h.wait(time.Hour - 1)
	is(t, "just before its end", h.uses(plain), fine)
	h.wait(1)
	is(t, "at its end", h.uses(plain), unauthenticated)
}

func TestATokenLivesADayUnlessSaidOtherwise(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	for ttl, want := range map[time.Duration]time.Duration{0: 24 * time.Hour, time.Nanosecond: time.Nanosecond, longestTTL: longestTTL} {
		_, token, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: ttl})
		is(t, "ttl "+ttl.String(), err, fine)
		if token.ExpiresAt != h.clock().Add(want) {
			t.Errorf("ttl %s: it ends at %s", ttl, token.ExpiresAt)
		}
	}
	for _, ttl := range []time.Duration{-1, -time.Hour, longestTTL + 1, 1<<63 - 1} {
		_, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: ttl})
		is(t, "ttl "+ttl.String(), err, fault.KindInvalid)
	}
	_, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: strings.Repeat("x", 201), TTL: 0})
	is(t, "a long name", err, fault.KindInvalid)
}

func TestS14TokensAreMadeForOneself(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "admin", GlobalRoles: []string{"Global Administrator"}}, rbac.User{Name: "gone", Disabled: true})
	for _, c := range []struct {
		actor audit.Actor
		owner string
		want  fault.Kind
	}{
		{as("mira"), "mira", fine},
		{as("mira"), "admin", fault.KindDenied},
		{as("admin"), "mira", fault.KindDenied}, // not even who may do everything
		{owner, "mira", fine},                   // owning the files is owning the centre
		{owner, "nobody", fault.KindNotFound},
		{owner, "gone", fault.KindConflict},
		{as("gone"), "gone", fault.KindConflict},
		{as(""), "", unauthenticated},
		{as("local:root"), "mira", fault.KindDenied}, // the name alone is nothing
	} {
		plain, _, err := h.CreateToken(t.Context(), c.actor, NewToken{Owner: c.owner, Name: "x", TTL: 0})
		is(t, fmt.Sprintf("%s makes one for %s", c.actor.Name, c.owner), err, c.want)
		if (plain == "") != (c.want != fine) {
			t.Errorf("%s, for %s: a refusal gives a token", c.actor.Name, c.owner)
		}
	}
	h.recorded(t, "admin tokens.create user:mira refused")
}

func TestTokensAreListedAndRevokedByTheirOwner(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "noor"}, rbac.User{Name: "admin", GlobalRoles: []string{"Global Administrator"}})
	plain, token, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: 0})
	is(t, "make", err, fine)
	_, err = h.Tokens(t.Context(), as("noor"), "mira")
	is(t, "another lists them", err, fault.KindDenied)
	notMine := h.RevokeToken(t.Context(), as("noor"), token.ID)
	notThere := h.RevokeToken(t.Context(), as("noor"), "none")
	is(t, "another revokes it", notMine, fault.KindNotFound)
	h.recorded(t, "noor tokens.revoke token:"+token.ID+" refused")
	if notMine.Error() != notThere.Error() {
		t.Errorf("another's token and none read differently: %v, %v", notMine, notThere)
	}
	is(t, "it still works", h.uses(plain), fine)
	is(t, "who may do everything revokes it", h.RevokeToken(t.Context(), as("admin"), token.ID), fine)
	is(t, "it works no more", h.uses(plain), unauthenticated)
	is(t, "revoking it twice", h.RevokeToken(t.Context(), as("mira"), token.ID), fine)
	list, err := h.Tokens(t.Context(), as("mira"), "mira")
	is(t, "list", err, fine)
	if len(list) != 1 || list[0].RevokedAt != h.clock() {
		t.Errorf("the list is %+v", list)
	}
	h.recorded(t, "admin tokens.revoke token:"+token.ID+" done")
}

func TestAnOwnerHasOnlySoManyTokens(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	id := ""
	for range tokensOf {
		_, token, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: time.Hour})
		is(t, "make", err, fine)
		id = token.ID
	}
	_, _, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: 0})
	is(t, "one too many", err, fault.KindConflict)
	is(t, "revoke one", h.RevokeToken(t.Context(), as("mira"), id), fine)
	_, _, err = h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: 0})
	is(t, "one again", err, fine)
}

func TestATokenHasAFormOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		plain := newToken()
		if len(plain) != tokenLength || !strings.HasPrefix(plain, "blwk_") || !IsToken(plain) || seen[plain] {
			t.Fatalf("%q", plain)
		}
		seen[plain] = true
		for i := range plain {
			for _, c := range "0Zz-é" {
				wrong := plain[:i] + string(c) + plain[i+1:]
				if wrong != plain && IsToken(wrong) {
					t.Fatalf("%q is a token, and so is %q", plain, wrong)
				}
			}
		}
	}
	if got := base62(make([]byte, 32), tokenRandom); got != strings.Repeat("0", tokenRandom) {
		t.Errorf("zero is %q", got)
	}
	if got := base62([]byte(strings.Repeat("\xff", 32)), tokenRandom); len(got) != tokenRandom {
		t.Errorf("the greatest is %q", got)
	}
}

func FuzzToken(f *testing.F) {
	f.Add(newToken())
	f.Add("blwk_")
	f.Add("blwk_" + strings.Repeat("0", 49))
	f.Fuzz(func(t *testing.T, text string) {
		if !IsToken(text) {
			return
		}
		if len(text) != tokenLength || text[:len(tokenPrefix)] != tokenPrefix || checksum(text[5:48]) != text[48:] {
			t.Errorf("%q is a token", text)
		}
	})
}

func TestATokenThatIsMadeByOneEndsWithIt(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	end := h.clock().Add(time.Hour)
	for ttl, want := range map[time.Duration]time.Time{0: end, 8760 * time.Hour: end, time.Minute: h.clock().Add(time.Minute)} {
		_, token, err := h.CreateToken(t.Context(), as("mira"), NewToken{Owner: "mira", Name: "x", TTL: ttl, Until: end})
		is(t, "make it", err, fine)
		if !token.ExpiresAt.Equal(want) {
			t.Errorf("ttl %s: ends at %s, want %s", ttl, token.ExpiresAt, want)
		}
	}
}
