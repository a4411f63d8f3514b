package directory

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/bailiwick/bailiwick/internal/fault"
)

// Hashing is what a guess costs: argon2id's parameters.
type Hashing struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// OWASP is the least that OWASP's password storage page asks for. A stored hash made with other parameters is made
// anew when its owner next signs in.
var OWASP = Hashing{MemoryKiB: 19 * 1024, Passes: 2, Threads: 1}

const (
	saltLength = 16
	keyLength  = 32

	minPassword = 12  // characters
	maxPassword = 256 // characters
)

// phc is a stored hash: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type phc struct {
	Hashing
	salt, key []byte
}

func (p phc) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.MemoryKiB, p.Passes, p.Threads, b64(p.salt), b64(p.key))
}

var errPHC = errors.New("the stored password hash is not one of ours")

// parsePHC reads what String wrote, and nothing else. The bounds keep a hash that someone put there from taking all
// memory.
func parsePHC(text string) (phc, error) {
	var p phc
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" {
		return p, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.MemoryKiB, &p.Passes, &p.Threads); err != nil {
		return p, errPHC
	}
	var errSalt, errKey error
	p.salt, errSalt = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	p.key, errKey = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	switch {
	case errSalt != nil || errKey != nil,
		p.MemoryKiB < 8 || p.MemoryKiB > 1<<20,
		p.Passes < 1 || p.Passes > 16,
		p.Threads < 1 || p.Threads > 16,
		len(p.salt) < 8 || len(p.salt) > 64,
		len(p.key) < 16 || len(p.key) > 64,
		p.String() != text:
		return phc{}, errPHC
	}
	return p, nil
}

func (p phc) derive(password string) []byte {
	return argon2.IDKey([]byte(password), p.salt, p.Passes, p.MemoryKiB, p.Threads, uint32(len(p.key)))
}

// hasher bounds how many hashes are made at once: each takes memory and a processor. There are two lanes, so that
// guesses from everywhere do not hold up those who sign in from where they always do.
type hasher struct {
	Hashing
	lanes  [2]chan struct{}
	made   atomic.Int64 // hashes, so far
	nobody phc
}

type lane int

const (
	fromAnywhere lane = iota
	fromKnown
)

// Nobody waits longer than this for a turn: by then the browser has given up too.
const hashPatience = 15 * time.Second

func newHasher(h Hashing) *hasher {
	n := max(1, runtime.GOMAXPROCS(0))
	s := &hasher{Hashing: h, nobody: phc{Hashing: h, salt: random(saltLength), key: random(keyLength)}}
	for i := range s.lanes {
		s.lanes[i] = make(chan struct{}, n)
	}
	return s
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func (h *hasher) turn(ctx context.Context, l lane, f func()) error {
	timer := time.NewTimer(hashPatience)
	defer timer.Stop()
	select {
	case h.lanes[l] <- struct{}{}:
		defer func() { <-h.lanes[l] }()
		h.made.Add(1)
		f()
		return nil
	case <-timer.C:
		return fault.Unavailable("sign in", "too many people sign in at once: try again")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hash makes what is stored of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	p := phc{Hashing: h.Hashing, salt: random(saltLength), key: make([]byte, keyLength)}
	err := h.turn(ctx, fromKnown, func() { p.key = p.derive(password) })
	return p.String(), err
}

// matches compares a password with what is stored, and tells whether that is to be made anew. Stored may be empty, for
// an account that does not exist: the same work is done, and nothing matches.
func (h *hasher) matches(ctx context.Context, l lane, stored, password string) (ok, stale bool, err error) {
	p, exists := h.nobody, false
	if stored != "" {
		if p, err = parsePHC(stored); err != nil {
			return false, false, err
		}
		exists = true
	}
	err = h.turn(ctx, l, func() { ok = subtle.ConstantTimeCompare(p.derive(password), p.key) == 1 })
	return ok && exists, p.Hashing != h.Hashing, err
}

// checkPassword refuses what is easily guessed. Length is what counts; there are no rules about kinds of characters.
func checkPassword(op, password string, names ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return fault.Invalid(op, "the password is not valid text")
	case n < minPassword:
		return fault.Invalid(op, "the password is too short: want at least %d characters", minPassword)
	case n > maxPassword:
		return fault.Invalid(op, "the password is too long: want at most %d characters", maxPassword)
	case strings.Count(password, password[:utf8Len(password)]) == n:
		return fault.Invalid(op, "the password is one character repeated")
	}
	for _, name := range names {
		if name != "" && strings.EqualFold(strings.TrimSpace(password), name) {
			return fault.Invalid(op, "the password is the account's name")
		}
	}
	if left := guessable(password, names); left < minPassword/2 {
		return fault.Invalid(op, "the password is easily guessed: beside names, common words and rows of keys it has %d characters of its own, want at least %d", left, minPassword/2)
	}
	return nil
}

// commonParts are what guessers try first.
var commonParts = []string{
	"password", "passwort", "passw0rd", "welcome", "letmein", "iloveyou", "administrator", "admin", "bailiwick", "security", "qwertyuiop", "qwertz",
	"qwerty", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t", "1qaz2wsx", "0123456789", "123456789", "9876543210", "abcdefghij", "abc123",
}

// guessable is how many characters a password has beside the account's names, common parts, and runs of digits or of one
// character at its ends.
func guessable(password string, names []string) int {
	rest := strings.ToLower(password)
	for _, name := range names {
		for _, part := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(part) >= 4 {
				rest = strings.ReplaceAll(rest, part, "")
			}
		}
	}
	for _, part := range commonParts {
		rest = strings.ReplaceAll(rest, part, "")
	}
	rest = strings.Trim(rest, "0123456789!?.*#$_- ")
	distinct := map[rune]bool{}
	for _, r := range rest {
		distinct[r] = true
	}
	if len(distinct) < 3 {
		return len(distinct)
	}
	return utf8.RuneCountInString(rest)
}

// utf8Len is the length in bytes of the first character.
func utf8Len(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
