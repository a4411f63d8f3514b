package directory

import (
	"context"
	"hash/crc32"
	"math/big"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// A token is blwk_ and 49 letters or digits: 43 that are 256 random bits, 6 that are their checksum. Scanners for
// leaked secrets find it by its beginning, and by the checksum know a real one; so do we, before asking the store.
const (
	tokenPrefix   = "blwk_"
	tokenRandom   = 43
	tokenChecksum = 6
	tokenLength   = len(tokenPrefix) + tokenRandom + tokenChecksum
)

const (
	defaultTTL = 24 * time.Hour
	longestTTL = 366 * 24 * time.Hour
	tokensOf   = 100 // that work, at most, of one owner
)

func newToken() string {
	body := base62(random(32), tokenRandom)
	return tokenPrefix + body + checksum(body)
}

func base62(b []byte, length int) string {
	text := new(big.Int).SetBytes(b).Text(62)
	return strings.Repeat("0", max(0, length-len(text))) + text
}

func checksum(body string) string {
	sum := crc32.ChecksumIEEE([]byte(tokenPrefix + body))
	return base62([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}, tokenChecksum)
}

// IsToken tells whether text has the form of a token, checksum included.
func IsToken(text string) bool {
	body, ok := strings.CutPrefix(text, tokenPrefix)
	return ok && len(text) == tokenLength && checksum(body[:tokenRandom]) == body[tokenRandom:]
}

// Token tells whose token it is. It is unauthenticated when the token has ended or was revoked, or its owner may do
// nothing any more. A token is its owner: it never holds more than they do, nor anything that they lose.
func (s *Service) Token(ctx context.Context, plain string) (Identity, error) {
	const op = "use the token"
	if !IsToken(plain) {
		return Identity{}, unknown(op)
	}
	hash := hashOf(plain)
	e, err := s.identify(ctx, op, hash, func(r store.Reader) (entry, bool, error) {
		t, found, err := r.Token(hash)
		id := Identity{User: t.Owner, Via: audit.ViaToken, ExpiresAt: t.ExpiresAt, TokenID: t.ID}
		return entry{identity: id}, found && t.RevokedAt.IsZero(), err
	})
	if err != nil {
		return Identity{}, err
	}
	if e.identity.TokenID == "" {
		return Identity{}, unknown(op)
	}
	return e.identity, nil
}

// NewToken is a token to be made.
type NewToken struct {
	Owner string
	Name  string
	TTL   time.Duration // zero: a day
	Until time.Time     // it ends by then, whatever TTL says; zero: no bound. A token that makes tokens gives its own end
}

// CreateToken makes a token for oneself (S14); whoever owns the data makes one for anybody. Its text can't be had
// again.
func (s *Service) CreateToken(ctx context.Context, actor audit.Actor, n NewToken) (plain string, _ store.Token, _ error) {
	const op = "make a token"
	owner, name, ttl := fold(n.Owner), strings.TrimSpace(n.Name), n.TTL
	if ttl == 0 {
		ttl = defaultTTL
	}
	if ttl < 0 || ttl > longestTTL {
		return "", store.Token{}, fault.Invalid(op, "it would live for %s: want more than nothing and at most a year", ttl)
	}
	if len(name) > 200 {
		return "", store.Token{}, fault.Invalid(op, "its name is too long: want at most 200 bytes")
	}
	plain = newToken()
	var token store.Token
	err := s.Door.Change(ctx, actor, "tokens.create", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "user:" + owner
		if !actor.Local && actor.Name != owner {
			return fault.Denied(op, "tokens are made for oneself only")
		}
		now := s.now()
		user, found, err := tx.User(owner)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound(op, "there is no user %q", owner)
		}
		if !works(user, now) {
			return fault.Conflict(op, "%s may not sign in", owner)
		}
		list, err := tx.Tokens(owner)
		if err != nil {
			return err
		}
		working := 0
		for _, t := range list {
			if t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) {
				working++
			}
		}
		if working >= tokensOf {
			return fault.Conflict(op, "%s has %d that work: revoke one first", owner, working)
		}
		token = store.Token{ID: newID(), Owner: owner, Name: name, Hash: hashOf(plain), CreatedAt: now, ExpiresAt: now.Add(ttl)}
		if !n.Until.IsZero() && n.Until.Before(token.ExpiresAt) {
			token.ExpiresAt = n.Until
		}
		rec.Object, rec.After = "token:"+token.ID, describe(token)
		return tx.PutToken(token)
	})
	if err != nil {
		return "", store.Token{}, err
	}
	return plain, token, nil
}

// describe is what the audit log says of a token.
func describe(t store.Token) any {
	return struct {
		Owner     string    `json:"owner"`
		Name      string    `json:"name"`
		ExpiresAt time.Time `json:"expiresAt"`
	}{t.Owner, t.Name, t.ExpiresAt}
}

// Tokens are a user's tokens, those that ended included: one's own, or of someone whose sign-in one may reset.
func (s *Service) Tokens(ctx context.Context, actor audit.Actor, owner string) ([]store.Token, error) {
	var list []store.Token
	owner = fold(owner)
	policy, err := s.policyFor(ctx, actor, owner)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r store.Reader) (err error) {
		if err := s.tends(r, policy, "list the tokens", actor, owner); err != nil {
			return err
		}
		list, err = r.Tokens(owner)
		return err
	})
	return list, err
}

// RevokeToken ends a token at once: one's own, or of someone whose sign-in one may reset. To everyone else it does
// not exist.
func (s *Service) RevokeToken(ctx context.Context, actor audit.Actor, id string) error {
	const op = "revoke the token"
	missing := fault.NotFound(op, "there is none of this id")
	err := s.Door.Change(ctx, actor, "tokens.revoke", func(tx store.Writer, rec *audit.Record) error {
		token, found, err := tx.TokenByID(id)
		if err != nil {
			return err
		}
		if !found {
			return missing
		}
		rec.Object = "token:" + id
		if err := s.mayTend(ctx, tx, op, actor, token.Owner); err != nil {
			return err
		}
		if !token.RevokedAt.IsZero() {
			rec.Skip()
			return nil
		}
		rec.Before = describe(token)
		return tx.RevokeToken(id, s.now())
	})
	if fault.KindOf(err) == fault.KindDenied {
		return missing // the log has the refusal; whoever asked is told no more than of what is not there
	}
	return err
}
