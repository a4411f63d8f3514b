// Package store is the contract for state: what a backend must do, in the words of the rooms that use it. The suite
// in conformance holds each backend to it.
package store

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// Store keeps everything that must outlive the process. It is safe for concurrent use, also by several processes on
// the same data.
type Store interface {
	// View runs f on one consistent state: what others commit meanwhile is not seen. Within f no other View may be
	// opened, which would have to wait for readers that wait likewise; a Change may open one.
	View(ctx context.Context, f func(Reader) error) error

	// Change runs f as the only writer. What f wrote is on the disk when Change returns nil; an error or a panic of
	// f, or the end of ctx, takes all of it back.
	Change(ctx context.Context, f func(Writer) error) error

	// Version differs from the last one whenever anyone, in any process, has committed since. It costs a few
	// microseconds, so that caches can ask it at every use. Numbers of two handles do not compare.
	Version(ctx context.Context) (uint64, error)

	// Now is the time by the database's own clock, in UTC: of several servers on one database all go by it.
	Now(ctx context.Context) (time.Time, error)

	Close() error
}

// Reader reads one state. It ends with the function that it was given to.
type Reader interface {
	PolicyReader
	DirectoryReader
	AuditReader
	AlertReader
	ShadowReader
	RoleVersionReader
	ImportReader
	SavedViewReader
	HuntingReader
	ActionReader

	NotificationReader
	DetectionReader
	FeedReader
	SettingsReader
	AnalyticsReader
}

// Writer reads and writes; it reads what it wrote.
type Writer interface {
	Reader
	PolicyWriter
	DirectoryWriter
	AuditWriter
	AlertWriter
	ShadowWriter
	RoleVersionWriter
	ImportWriter
	SavedViewWriter
	HuntingWriter
	ActionWriter

	NotificationWriter
	DetectionWriter
	FeedWriter
	SettingsWriter
	AnalyticsWriter
}

// PolicyReader reads who has what.
type PolicyReader interface {
	// Policy gives all of it, each kind sorted by name, device groups in rank order, UngroupedDevices among them.
	Policy() (rbac.Policy, error)

	// PolicyRevision gives Policy's revision without reading the rest.
	PolicyRevision() (int64, error)

	// FormerGroupNames gives the names that groups had before they were renamed, in lower case, and each one's name now. A
	// name that a group bears is not among them.
	FormerGroupNames() (map[string]string, error)

	// User finds one user by name, as the policy spells it.
	User(name string) (user rbac.User, found bool, err error)
}

// PolicyWriter changes who has what.
type PolicyWriter interface {
	// ApplyEdits does to the stored policy what rbac's Snapshot.With does to a compiled one. It checks only what
	// keeps the data whole (references, names that differ in case); the rest is With's to refuse, before. SetRevision
	// is passed over: revisions are counted here.
	ApplyEdits(edits ...rbac.Edit) error

	// NextPolicyRevision counts one up and gives the new number.
	NextPolicyRevision() (int64, error)
}
