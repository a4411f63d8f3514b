package server

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/directory"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
)

// GetSession tells whether one is signed in, and how one may.
func (h *handlers) GetSession(ctx context.Context, _ api.GetSessionRequestObject) (api.GetSessionResponseObject, error) {
	s, err := h.session(ctx, web.CallerOf(ctx))
	return api.GetSession200JSONResponse(s), err
}

func (h *handlers) session(ctx context.Context, caller web.Caller) (api.Session, error) {
	out := api.Session{Demo: h.Demo}
	if h.Demo {
		out.Personas = each(h.Personas, func(p Persona) api.Persona {
			return api.Persona{User: p.User, DisplayName: p.DisplayName, Role: p.Role, Description: p.Description}
		})
	} else {
		needed, err := h.Directory.NeedsSetup(ctx)
		if err != nil {
			return out, err
		}
		out.Setup = needed
	}
	if caller.User == "" {
		return out, nil
	}
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	user, _ := snapshot.User(caller.User)
	out.SignedIn, out.User, out.DisplayName = true, caller.User, displayName(user, caller.User)
	out.Via, out.ExpiresAt = api.SessionVia(caller.Via), caller.ExpiresAt
	return out, nil
}

// SignIn begins a session.
func (h *handlers) SignIn(ctx context.Context, r api.SignInRequestObject) (api.SignInResponseObject, error) {
	var secret string
	var identity directory.Identity
	var err error
	switch b := r.Body; {
	case b.Persona != "" && b.User == "" && b.Password == "":
		secret, identity, err = h.Directory.SignInPersona(ctx, b.Persona, from(ctx))
	case b.Persona == "" && b.User != "" && b.Password != "":
		secret, identity, err = h.Directory.SignIn(ctx, b.User, b.Password, from(ctx))
	default:
		return nil, fault.Invalid("sign in", "it takes either a persona, or a user and a password").WithDetails(
			fault.Detail{Where: "/", Problem: "neither or both", Want: "{user, password} or {persona}"})
	}
	if err != nil {
		return nil, err
	}
	s, err := h.session(ctx, web.Caller{User: identity.User, Via: "session", ExpiresAt: identity.ExpiresAt})
	return api.SignIn200JSONResponse{Body: s, Headers: api.SignIn200ResponseHeaders{SetCookie: sessionCookie(secret)}}, err
}

// SignOut ends the session that the cookie names, or all of its user's. Without one there is nothing to end.
func (h *handlers) SignOut(ctx context.Context, r api.SignOutRequestObject) (api.SignOutResponseObject, error) {
	in := web.RequestOf(ctx)
	if r.Params.Everywhere && in.Caller.User != "" {
		actor := in.Caller.Actor()
		actor.Viewing = "" // the view ends with the session
		if err := h.Directory.SignOutEverywhere(ctx, actor, in.Caller.User); err != nil {
			return nil, err
		}
	} else if in.Secret != "" {
		if err := h.Directory.SignOut(ctx, in.Secret, from(ctx)); err != nil {
			return nil, err
		}
	}
	return api.SignOut204Response{Headers: api.SignOut204ResponseHeaders{SetCookie: sessionCookie("")}}, nil
}

// SetUp makes the first administrator.
func (h *handlers) SetUp(ctx context.Context, r api.SetUpRequestObject) (api.SetUpResponseObject, error) {
	b := r.Body
	return api.SetUp204Response{}, h.Directory.UseSetupLink(ctx, b.Link, b.User, b.DisplayName, b.Password, from(ctx))
}

// ListSessions lists one's own.
func (h *handlers) ListSessions(ctx context.Context, _ api.ListSessionsRequestObject) (api.ListSessionsResponseObject, error) {
	caller := web.CallerOf(ctx)
	list, err := h.Directory.Sessions(ctx, caller.Actor())
	items := each(list, func(s store.Session) api.SessionItem {
		return api.SessionItem{
			ID: s.ID, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt, Address: s.Address, UserAgent: s.UserAgent,
			Current: caller.Via == "session" && s.ID == caller.ID,
		}
	})
	return api.ListSessions200JSONResponse{Items: items, Total: len(items)}, err
}

// EndSession ends one of one's own.
func (h *handlers) EndSession(ctx context.Context, r api.EndSessionRequestObject) (api.EndSessionResponseObject, error) {
	return api.EndSession204Response{}, h.Directory.EndSession(ctx, web.CallerOf(ctx).Actor(), r.ID)
}

// ListTokens lists one's own.
func (h *handlers) ListTokens(ctx context.Context, _ api.ListTokensRequestObject) (api.ListTokensResponseObject, error) {
	caller := web.CallerOf(ctx)
	list, err := h.Directory.Tokens(ctx, caller.Actor(), caller.User)
	items := each(list, h.tokenOf)
	return api.ListTokens200JSONResponse{Items: items, Total: len(items)}, err
}

func (h *handlers) tokenOf(t store.Token) api.Token {
	state := api.TokenStateActive
	switch {
	case !t.RevokedAt.IsZero():
		state = api.TokenStateRevoked
	case !h.Now().Before(t.ExpiresAt):
		state = api.TokenStateExpired
	}
	return api.Token{
		ID: t.ID, Name: t.Name, Owner: t.Owner, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, RevokedAt: t.RevokedAt, State: state,
	}
}

// CreateToken makes one for oneself.
func (h *handlers) CreateToken(ctx context.Context, r api.CreateTokenRequestObject) (api.CreateTokenResponseObject, error) {
	var ttl time.Duration
	if r.Body.TTL != "" {
		var err error
		if ttl, err = time.ParseDuration(r.Body.TTL); err != nil || ttl <= 0 {
			return nil, fault.Invalid("make a token", "%q is no time", r.Body.TTL).WithDetails(
				fault.Detail{Where: "/ttl", Problem: "is no time", Want: "a time such as 24h or 90m"})
		}
	}
	caller := web.CallerOf(ctx)
	new := directory.NewToken{Owner: caller.User, Name: r.Body.Name, TTL: ttl}
	if caller.Via == audit.ViaToken {
		new.Until = caller.ExpiresAt // or a stolen one would live as long as its thief likes
	}
	plain, token, err := h.Directory.CreateToken(ctx, caller.Actor(), new)
	return api.CreateToken201JSONResponse{Token: plain, Item: h.tokenOf(token)}, err
}

// RevokeToken ends one of one's own.
func (h *handlers) RevokeToken(ctx context.Context, r api.RevokeTokenRequestObject) (api.RevokeTokenResponseObject, error) {
	return api.RevokeToken204Response{}, h.Directory.RevokeToken(ctx, web.CallerOf(ctx).Actor(), r.ID)
}

// ChangePassword changes one's own.
func (h *handlers) ChangePassword(ctx context.Context, r api.ChangePasswordRequestObject) (api.ChangePasswordResponseObject, error) {
	caller := web.CallerOf(ctx)
	keep := ""
	if caller.Via == "session" {
		keep = caller.ID
	}
	return api.ChangePassword204Response{}, h.Directory.ChangePassword(ctx, caller.Actor(), r.Body.Current, r.Body.New, keep)
}

func from(ctx context.Context) directory.From {
	in := web.RequestOf(ctx)
	return directory.From{Address: in.Caller.Address, UserAgent: in.Agent, RequestID: in.ID}
}
