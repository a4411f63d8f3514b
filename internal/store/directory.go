package store

import (
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// Credential is how a user of our own signs in. A user without one can't.
type Credential struct {
	User         string
	PasswordHash string // PHC string format
	ChangedAt    time.Time
}

// Session is one sign-in. Its secret is with the browser; only the secret's hash is here.
type Session struct {
	Hash      []byte // SHA-256 of the secret
	ID        string // for lists and links; opens nothing
	User      string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Address   string
	UserAgent string
	View      *View // what the portal is viewed as; nil: as oneself
}

// View is a session's viewing of the portal as somebody (S19). It is part of the session and ends with it.
type View struct {
	rbac.Viewed
	Name      string    `json:"name"` // of what is viewed, for people
	StartedAt time.Time `json:"startedAt"`
	Until     time.Time `json:"until"`
}

// Object names what is viewed as the audit log does.
func (v View) Object() string {
	switch {
	case v.User != "":
		return "user:" + v.User
	case v.Draft != nil:
		return "draft role of " + v.Draft.Workload.String() + ": " + v.Name
	}
	return "role:" + v.Role.Workload.String() + "/" + v.Role.Name
}

// Token is what a program signs in with, as its owner. Its secret is shown once; only the hash is here.
type Token struct {
	ID        string // for lists and links; opens nothing
	Owner     string
	Name      string
	Hash      []byte // SHA-256 of the whole token
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero: not revoked
}

// SetupLink makes the first administrator, once. There is at most one.
type SetupLink struct {
	Hash      []byte // SHA-256 of the secret
	ExpiresAt time.Time
}

// KnownAddresses is how many addresses are remembered for a user.
const KnownAddresses = 20

// DirectoryReader reads how people and programs sign in. The users themselves are the policy's.
type DirectoryReader interface {
	Credential(user string) (Credential, bool, error)
	// AnyCredential tells whether a user who has this global role has a credential.
	AnyCredential(globalRole string) (bool, error)
	// KnownAddress tells whether the user has signed in from there.
	KnownAddress(user, address string) (bool, error)

	Session(hash []byte) (Session, bool, error)
	Sessions(user string) ([]Session, error) // newest first

	Token(hash []byte) (Token, bool, error)
	TokenByID(id string) (Token, bool, error)
	Tokens(owner string) ([]Token, error) // newest first

	SetupLink() (SetupLink, bool, error)
}

// DirectoryWriter changes how people and programs sign in. All of it goes with the user: removing one removes the
// credential, the sessions and the tokens, so a later user of the same name finds none of them.
type DirectoryWriter interface {
	PutCredential(Credential) error
	RemoveCredential(user string) error
	// PutKnownAddress notes where a user signed in from; the newest KnownAddresses of them are kept.
	PutKnownAddress(user, address string, at time.Time) error

	PutSession(Session) error
	TouchSession(hash []byte, seen time.Time) error // one that is gone is passed over
	SetSessionView(id string, v *View) error        // nil ends it; a session that is gone is passed over
	RemoveSession(hash []byte) error
	RemoveSessions(user, exceptID string) error // but the one of that id, if any
	RemoveStaleSessions(seenBefore, expiredBy time.Time) error

	PutToken(Token) error
	RevokeToken(id string, at time.Time) error

	PutSetupLink(SetupLink) error // replaces the one there is
	RemoveSetupLink() error
}

// ShutOut ends all by which a user is signed in: sessions are removed, tokens revoked.
func ShutOut(w Writer, user string, at time.Time) error {
	if err := w.RemoveSessions(user, ""); err != nil {
		return err
	}
	tokens, err := w.Tokens(user)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.RevokedAt.IsZero() {
			if err := w.RevokeToken(t.ID, at); err != nil {
				return err
			}
		}
	}
	return nil
}
