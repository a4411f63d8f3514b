// Package web is what the surfaces of the server share: who calls, how a body is read, how a refusal is told. It
// holds no rules.
package web

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
)

// Caller is who a request comes from. The zero value is nobody.
type Caller struct {
	User      string
	Via       string // session or token
	ID        string // of the session or the token
	ExpiresAt time.Time
	Address   string
	RequestID string
}

// Actor is the caller as the rooms record them.
func (c Caller) Actor() audit.Actor {
	return audit.Actor{Name: c.User, Via: c.Via, Address: c.Address, RequestID: c.RequestID}
}

type callerKey struct{}

// WithCaller puts the caller into the context.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, &c)
}

// CallerOf gives the caller; nobody, if the context has none.
func CallerOf(ctx context.Context) Caller {
	if c, ok := ctx.Value(callerKey{}).(*Caller); ok {
		return *c
	}
	return Caller{}
}
