// Package web is what the surfaces of the server share: who calls, how a body is read, how a refusal is told. It
// holds no rules.
package web

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Caller is who a request comes from. The zero value is nobody.
type Caller struct {
	User      string
	Via       string // session or token
	ID        string // of the session or the token
	ExpiresAt time.Time
	Address   string
	RequestID string
	View      *store.View // the portal is viewed as somebody; nil: as oneself
}

// Actor is the caller as the rooms record them.
func (c Caller) Actor() audit.Actor {
	actor := audit.Actor{Name: c.User, Via: c.Via, Address: c.Address, RequestID: c.RequestID}
	if c.View != nil {
		actor.Viewing = c.View.Object()
	}
	return actor
}

// Request is what the server knows of a request beside its text. It is filled in on the way in, by one goroutine,
// and only read from then on.
type Request struct {
	ID     string // for logs, entries and errors
	Origin string // the address the caller used: scheme and host
	Caller Caller
	Secret string // of the session cookie, if one came
	Agent  string // User-Agent
	// Snapshot is the policy at the beginning of the request, for those who only read it.
	Snapshot *rbac.Snapshot
	Takes    rbac.Capability // of the operation; none if it takes no particular one
	ByItself bool            // the page asks on its own: nobody is using it
	Failed   error           // what was not one of the six kinds: for the log, never for the caller
}

type requestKey struct{}

// WithRequest puts it into the context.
func WithRequest(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestOf gives it; an empty one, if the context has none.
func RequestOf(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{}
}

// CallerOf gives the caller; nobody, if the context has none.
func CallerOf(ctx context.Context) Caller { return RequestOf(ctx).Caller }
