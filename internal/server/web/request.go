package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
)

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

// Echo gives a caller's own id back only if it is one: short, printable, and no way to forge a line of a log.
func Echo(id string) string {
	if len(id) > 200 || strings.ContainsFunc(id, func(c rune) bool { return c < ' ' || c > '~' }) {
		return ""
	}
	return id
}

func asFault(err error) (*fault.Error, bool) { return errors.AsType[*fault.Error](err) }

// Origin is the address that the caller used, or the public one if the server was told it.
func Origin(r *http.Request) string { return RequestOf(r.Context()).Origin }
