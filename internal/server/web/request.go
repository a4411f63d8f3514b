package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
)

type requestKey struct{}

// NewRequestID makes an id in the form that Graph's clients expect: that of a UUID.
func NewRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // Never fails: crypto/rand ends the program instead.
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// WithRequestID puts the request's id into the context.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID gives the request's id.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

type originKey struct{}

// WithOrigin puts the address that callers use into the context: scheme and host.
func WithOrigin(ctx context.Context, origin string) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

// Origin is the address that the caller used, or the public one if the server was told it.
func Origin(r *http.Request) string {
	if origin, ok := r.Context().Value(originKey{}).(string); ok && origin != "" {
		return origin
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Echo gives a caller's own id back only if it is one: short, printable, and no way to forge a line of a log.
func Echo(id string) string {
	if len(id) > 200 || strings.ContainsFunc(id, func(c rune) bool { return c < ' ' || c > '~' }) {
		return ""
	}
	return id
}

func asFault(err error) (*fault.Error, bool) { return errors.AsType[*fault.Error](err) }
