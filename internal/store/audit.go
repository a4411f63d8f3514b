package store

import (
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// AuditEntry is one line of the audit log; package audit says what its parts mean.
type AuditEntry struct {
	Seq            int64
	At             time.Time
	Actor          string
	Via            string
	Address        string
	RequestID      string
	Operation      string
	Object         string
	Workload       rbac.Workload
	Outcome        string
	Reason         string
	Count          int       // 1, and one more for each repeat of a refusal that was counted rather than written
	LastAt         time.Time // of the last repeat; At without one
	Before, After  json.RawMessage
	PolicyRevision int64
	Prev, Hash     [32]byte
}

// AuditHead is where the log ends.
type AuditHead struct {
	Seq  int64
	Hash [32]byte
}

// AuditCheckpoint is a signed note of how far the log's tree had grown.
type AuditCheckpoint struct {
	Size int64 // entries
	At   time.Time
	Note string
}

// AuditQuery chooses entries. Zero values choose all.
type AuditQuery struct {
	Actor     string
	Operation string // a whole operation, or the part before its dot: "roles" finds "roles.create"
	Object    string
	Outcome   string
	Search    string          // in actor, operation or object, in any case of ASCII
	Workloads []rbac.Workload // any of these; NoWorkload finds what belongs to none
	From, To  time.Time       // To is outside

	// What is left out: operations of these areas (the part before the dot), in these workloads.
	HiddenAreas []string
	HiddenIn    []rbac.Workload

	Before int64 // a cursor: only entries before this sequence number; zero: from the newest
	Limit  int
}

// AuditReader reads the audit log.
type AuditReader interface {
	// AuditEntries gives up to Limit entries, newest first, and how many there are in all, whatever Before and Limit.
	AuditEntries(AuditQuery) (entries []AuditEntry, total int, err error)

	// AuditAbout gives up to limit entries of what was done to any of these objects, newest first; refusals are not among them.
	AuditAbout(objects []string, limit int) ([]AuditEntry, error)

	// AuditWalk calls f with the entries after seq, oldest first, until f fails.
	AuditWalk(after int64, f func(AuditEntry) error) error

	// AuditHead gives the end of the log as it was noted beside it; zero when nothing was ever written.
	AuditHead() (AuditHead, error)

	// AuditHashes gives hashes of the log's tree by their number; one that is not there is an error.
	AuditHashes(numbers []int64) ([][32]byte, error)

	// AuditCheckpoints are all there are, by size.
	AuditCheckpoints() ([]AuditCheckpoint, error)

	// LastAuditCheckpoint is the largest; zero if there is none.
	LastAuditCheckpoint() (AuditCheckpoint, error)

	// LastRefusal finds the newest refusal since then, by the time of its entry, that is equal to this one: actor, via,
	// address, operation, object and reason.
	LastRefusal(like AuditEntry, since time.Time) (AuditEntry, bool, error)
}

// AuditWriter writes the audit log. There is nothing to change or remove an entry with, and the backend refuses it
// to whoever tries without this interface.
type AuditWriter interface {
	// AppendAudit writes the entry, whose Seq and Prev must follow the head, and moves the head.
	AppendAudit(AuditEntry) error

	// AppendAuditHashes writes hashes of the log's tree, from a number on.
	AppendAuditHashes(first int64, hashes [][32]byte) error

	// PutAuditCheckpoint keeps a checkpoint of a size that has none yet.
	PutAuditCheckpoint(AuditCheckpoint) error

	// RepeatAudit counts one more of the refusal at seq. Counts stand beside the chain, not in it.
	RepeatAudit(seq int64, at time.Time) error
}
