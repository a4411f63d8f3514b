package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// cookieName binds the cookie to this very host, over a secure channel. Browsers take loopback for one.
const cookieName = "__Host-bailiwick"

// identify finds out who calls: by the token in the Authorization header, else by the session cookie. A header that
// is there decides alone: a request with a bad token is nobody's, whatever cookie came along. Secrets of the one kind
// never count as the other.
func (s *server) identify(ctx context.Context, in *web.Request, r *http.Request) error {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			return fault.Unauthenticated("sign in", "the Authorization header is not a bearer token")
		}
		identity, err := s.Directory.Token(ctx, strings.TrimSpace(token))
		if err != nil {
			return err
		}
		in.Caller.User, in.Caller.Via, in.Caller.ID, in.Caller.ExpiresAt = identity.User, "token", identity.TokenID, identity.ExpiresAt
		return nil
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil || cookie.Value == "" {
		return nil
	}
	in.Secret = cookie.Value
	session := s.Directory.Session
	if in.ByItself {
		session = s.Directory.Glimpse
	}
	identity, err := session(ctx, cookie.Value)
	if err != nil {
		return err
	}
	in.Caller.User, in.Caller.Via, in.Caller.ID, in.Caller.ExpiresAt = identity.User, "session", identity.SessionID, identity.ExpiresAt
	in.Caller.View = identity.View
	return nil
}

// sessionCookie is the cookie of a session; without a secret, the one that removes it. Strict: the portal asks for
// everything itself, from its own page, so no request from another site ever needs it.
func sessionCookie(secret string) string {
	c := http.Cookie{Name: cookieName, Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if secret == "" {
		c.MaxAge = -1
	}
	return c.String()
}
