package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
)

// Cursors seals the positions of lists. A cursor holds for the list, the filters and the user it was made for; one
// that somebody made up, or carried over from another list, is refused rather than interpreted.
type Cursors struct {
	key []byte
}

// NewCursors takes a secret; cursors outlive a restart if it does.
func NewCursors(secret []byte) Cursors {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("cursors of the lists"))
	return Cursors{mac.Sum(nil)}
}

const sumSize = 16

// Seal makes a cursor that says: continue list after this position.
func (c Cursors) Seal(list, after string) string {
	return base64.RawURLEncoding.EncodeToString(append(c.sum(list, after), after...))
}

// Open gives the position of a cursor that Seal made for the same list. No cursor is the start.
func (c Cursors) Open(list, cursor string) (after string, err error) {
	if cursor == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(text) < sumSize || !hmac.Equal(text[:sumSize], c.sum(list, string(text[sumSize:]))) {
		return "", fault.Invalid("read the next page", "the cursor was not made for this list").WithDetails(
			fault.Detail{Where: "cursor", Problem: "is not one that this list gave", Want: "`next` of the page before, with the same filters"})
	}
	return string(text[sumSize:]), nil
}

func (c Cursors) sum(list, after string) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(strings.ReplaceAll(list, "\x00", " ")))
	mac.Write([]byte{0})
	mac.Write([]byte(after))
	return mac.Sum(nil)[:sumSize]
}
