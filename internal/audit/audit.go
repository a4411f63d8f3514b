// Package audit is the one door that changes go through, and the log of what went through it or was turned away.
//
// Each entry holds the hash of the one before, so that an entry can't be changed, dropped, moved or slipped in without
// the rest of the chain showing it. What the chain can't show: that its newest entries were cut off together with the
// note of where it ends, or that all of it was written anew. For that, keep a head somewhere else and hand it to Verify.
package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Entry is one line of the log.
type Entry = store.AuditEntry

// The outcomes. What failed for another reason than a lack of rights changed nothing and is not in the log.
const (
	Done    = "done"
	Refused = "refused"
)

// Actor is who performs an operation, and from where.
type Actor struct {
	Name      string // a user's name, or local:NAME for whoever owns the data, or what the program calls itself
	Local     bool   // owns the files, and therefore the centre: S14's ceiling does not apply
	Via       string // session, token, cli, system
	Address   string
	RequestID string
	Viewing   string // what the portal is viewed as, as Object names it: nothing can be changed; empty: as oneself
}

// The ways an actor comes in.
const (
	ViaSession = "session"
	ViaToken   = "token"
	ViaCLI     = "cli"
	ViaSystem  = "system"
)

// Record is what an operation tells of itself while it runs.
type Record struct {
	Object         string // "role:endpoint/EU triage"
	Workload       rbac.Workload
	Before, After  any // written as JSON; nil for nothing
	PolicyRevision int64

	skip bool
	also []Record
}

// Also says that the operation changed another object, too: it gets an entry of its own.
func (r *Record) Also(object string, before, after any) {
	r.also = append(r.also, Record{Object: object, Workload: r.Workload, Before: before, After: after, PolicyRevision: r.PolicyRevision})
}

// Skip says that nothing changed: there is nothing to tell.
func (r *Record) Skip() { r.skip = true }

// canonical is an entry as it is hashed: one JSON object, members in this order, no space. Before and After are in it
// as text, byte for byte.
type canonical struct {
	Seq            int64   `json:"seq"`
	At             int64   `json:"at"` // nanoseconds since 1970
	Actor          string  `json:"actor"`
	Via            string  `json:"via"`
	Address        string  `json:"address"`
	RequestID      string  `json:"requestId"`
	Operation      string  `json:"operation"`
	Object         string  `json:"object"`
	Workload       string  `json:"workload"`
	Outcome        string  `json:"outcome"`
	Reason         string  `json:"reason"`
	Before         *string `json:"before"`
	After          *string `json:"after"`
	PolicyRevision int64   `json:"policyRevision"`
	Prev           string  `json:"prev"`
}

// Canonical gives the bytes that an entry's hash is of. Count is not among them: repeats are counted beside the chain.
func Canonical(e Entry) ([]byte, error) {
	workload := e.Workload.String()
	if workload == "" && e.Workload != rbac.NoWorkload {
		workload = "?" // stored under a name that no workload has
	}
	return encode(canonical{
		Seq: e.Seq, At: e.At.UnixNano(), Actor: e.Actor, Via: e.Via, Address: e.Address, RequestID: e.RequestID,
		Operation: e.Operation, Object: e.Object, Workload: workload, Outcome: e.Outcome, Reason: e.Reason,
		Before: text(e.Before), After: text(e.After), PolicyRevision: e.PolicyRevision, Prev: hex.EncodeToString(e.Prev[:]),
	})
}

// seal sets the entry's hash.
func seal(e *Entry) error {
	b, err := Canonical(*e)
	if err != nil {
		return err
	}
	e.Hash = sha256.Sum256(b)
	return nil
}

func text(j json.RawMessage) *string {
	if j == nil {
		return nil
	}
	s := string(j)
	return &s
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// plain bounds a text that came from outside, and leaves only what JSON can carry: the hash must be of what is kept.
func plain(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
