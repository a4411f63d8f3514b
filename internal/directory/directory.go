// Package directory knows who asks: local accounts and their passwords, sessions of people, tokens of programs. What
// they may do is not its business. Users stand in the policy; whoever is removed, disabled or past their end there is
// nobody here from the next call on, whichever process changed it.
package directory

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Config is what a Service is made of. Zero durations and Hashing take the defaults.
type Config struct {
	Store store.Store
	Door  *audit.Door
	Now   func() time.Time

	// Snapshot gives the live policy, to see whether an actor holds all that another does (S14). Without it only
	// whoever owns the data can reset another's sign-in.
	Snapshot func(context.Context) (*rbac.Snapshot, error)

	Demo bool // lets anyone be any persona

	Idle     time.Duration // a session unused for so long ends: 30 minutes
	Absolute time.Duration // a session ends after so long, used or not: 12 hours
	Hashing  Hashing
}

// Service answers who asks.
type Service struct {
	Config
	hasher   *hasher
	throttle *throttle
	seen     cache
	touching touching
	counters counters
}

// New makes the service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Idle == 0 {
		c.Idle = 30 * time.Minute
	}
	if c.Absolute == 0 {
		c.Absolute = 12 * time.Hour
	}
	if c.Hashing == (Hashing{}) {
		c.Hashing = OWASP
	}
	return &Service{Config: c, hasher: newHasher(c.Hashing), throttle: newThrottle(), touching: touching{pending: map[string]bool{}}}
}

// Close waits for what runs beside the calls.
func (s *Service) Close() { s.touching.wait.Wait() }

// Identity is who asks.
type Identity struct {
	User      string
	Via       string      // audit.ViaSession or audit.ViaToken
	ExpiresAt time.Time   // whatever they do until then
	SessionID string      // or
	TokenID   string      // is set; neither opens anything
	View      *store.View // of the session, until it ends; nil: none
}

// From is where a call comes from.
type From struct {
	Address   string // of the client, without port
	UserAgent string
	RequestID string
}

func (s *Service) now() time.Time { return s.Now().UTC() }

// secret makes 256 random bits, as text that fits into a cookie or a link, and the hash that is kept of it. A hash
// without salt or cost is enough for what can't be guessed.
func secret() (text string, hash []byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails; see crypto/rand
	text = base64.RawURLEncoding.EncodeToString(b)
	return text, hashOf(text)
}

const secretLength = 43

func hashOf(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// newID makes an id that nobody can guess, though it opens nothing.
func newID() string { return rand.Text()[:16] }

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// works tells whether the user may do anything at all at this moment.
func works(u rbac.User, at time.Time) bool {
	return !u.Disabled && (u.NotAfter.IsZero() || at.Before(u.NotAfter))
}

// cache remembers who a secret belongs to, as long as nobody has committed anything since.
type cache struct {
	mu      sync.RWMutex
	version uint64
	known   map[string]entry
}

type entry struct {
	identity Identity
	session  store.Session // of a session
	user     rbac.User
}

const cacheSize = 20_000

func (c *cache) get(version uint64, hash []byte) (entry, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.version != version {
		return entry{}, false
	}
	e, ok := c.known[string(hash)]
	return e, ok
}

// put keeps what was read after the version was asked: it can only be newer than that.
func (c *cache) put(version uint64, hash []byte, e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || version > c.version || len(c.known) >= cacheSize {
		c.known = map[string]entry{}
		c.version = max(version, c.version)
	}
	if version == c.version {
		c.known[string(hash)] = e
	}
}

// identify finds who a secret belongs to, by the cache or by read, and whether they work now.
func (s *Service) identify(ctx context.Context, op string, hash []byte, read func(store.Reader) (entry, bool, error)) (entry, error) {
	version, err := s.Store.Version(ctx)
	if err != nil {
		return entry{}, err
	}
	e, ok := s.seen.get(version, hash)
	if !ok {
		err := s.Store.View(ctx, func(r store.Reader) (err error) {
			if e, ok, err = read(r); err != nil || !ok {
				return err
			}
			e.user, ok, err = r.User(e.identity.User)
			return err
		})
		if err != nil {
			return entry{}, fmt.Errorf("%s: %w", op, err)
		}
		if !ok {
			return entry{}, unknown(op)
		}
		s.seen.put(version, hash, e)
	}
	if now := s.now(); !works(e.user, now) || !now.Before(e.identity.ExpiresAt) {
		return entry{}, unknown(op)
	}
	return e, nil
}

// unknown is the answer to every secret that opens nothing, whatever the reason: a thief learns nothing from it.
func unknown(op string) error {
	return fault.Unauthenticated(op, "it is not valid, or not any more: sign in again")
}
