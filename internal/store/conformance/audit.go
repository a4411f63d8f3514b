package conformance

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// chain makes entries that follow each other; what their hashes are of is not the store's business.
func chain(entries ...store.AuditEntry) []store.AuditEntry {
	for i := range entries {
		e := &entries[i]
		e.Seq, e.Hash = int64(i)+1, [32]byte{byte(i) + 1}
		if i > 0 {
			e.Prev = entries[i-1].Hash
		}
		if e.At.IsZero() {
			e.At = noon.Add(time.Duration(i) * time.Minute)
		}
		if e.Outcome == "" {
			e.Outcome = "done"
		}
		e.Count, e.LastAt = 1, e.At
	}
	return entries
}

func auditLog(t *testing.T, backend Backend) {
	s := backend(t)()
	entries := chain(
		store.AuditEntry{Actor: "mira", Via: "session", Address: "::1", RequestID: "q", Operation: "roles.create", Object: "role:x", Workload: rbac.Endpoint,
			Before: json.RawMessage(`{"a":1}`), After: json.RawMessage(`[ "ü<" ]`), PolicyRevision: 7},
		store.AuditEntry{Actor: "noor", Operation: "roles.create", Object: "role:x", Outcome: "refused", Reason: "no"},
		store.AuditEntry{Actor: "noor", Operation: "roles.create", Object: "role:y", Outcome: "refused", Reason: "no"},
	)
	same(t, "new data has no head", store.AuditHead{}, read(t, s, store.Reader.AuditHead))
	change(t, s, func(w store.Writer) error {
		for _, e := range entries {
			if err := w.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	})
	walked := func(after int64) []store.AuditEntry {
		var list []store.AuditEntry
		err := s.View(context.Background(), func(r store.Reader) error {
			return r.AuditWalk(after, func(e store.AuditEntry) error {
				list = append(list, e)
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	same(t, "the log, oldest first", entries, walked(0))
	same(t, "the rest of the log", entries[2:], walked(2))
	same(t, "the head", store.AuditHead{Seq: 3, Hash: entries[2].Hash}, read(t, s, store.Reader.AuditHead))

	for why, e := range map[string]store.AuditEntry{
		"a gap":              {Seq: 5, Prev: entries[2].Hash},
		"a place taken":      {Seq: 3, Prev: entries[1].Hash},
		"another chain's":    {Seq: 4, Prev: [32]byte{99}},
		"the zero of itself": {},
	} {
		e.At, e.Outcome = noon, "done"
		err := s.Change(context.Background(), func(w store.Writer) error { return w.AppendAudit(e) })
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("an entry that does not follow (%s) gives %v, want a conflict", why, err)
		}
	}

	last := func(actor, object string, since time.Time) found[store.AuditEntry] {
		return look(t, s, func(r store.Reader) (store.AuditEntry, bool, error) {
			like := entries[1]
			like.Actor, like.Object = actor, object
			return r.LastRefusal(like, since)
		})
	}
	same(t, "the equal refusal", found[store.AuditEntry]{entries[1], true}, last("noor", "role:x", noon))
	same(t, "none since then", false, last("noor", "role:x", entries[1].At.Add(1)).Found)
	same(t, "not another's", false, last("mira", "role:x", noon).Found)

	for what, differs := range map[string]func(*store.AuditEntry){
		"reason":  func(e *store.AuditEntry) { e.Reason = "another" },
		"address": func(e *store.AuditEntry) { e.Address = "203.0.113.66" },
		"via":     func(e *store.AuditEntry) { e.Via = "token" },
	} {
		like := entries[1]
		differs(&like)
		same(t, "not of another "+what, false, look(t, s, func(r store.Reader) (store.AuditEntry, bool, error) { return r.LastRefusal(like, noon) }).Found)
	}

	change(t, s, func(w store.Writer) error {
		if err := w.RepeatAudit(2, noon.Add(time.Hour)); err != nil {
			return err
		}
		return w.RepeatAudit(2, noon.Add(2*time.Hour))
	})
	entries[1].Count, entries[1].LastAt = 3, noon.Add(2*time.Hour)
	same(t, "repeats are counted, and nothing else changes", entries, walked(0))
}

func auditQueries(t *testing.T, backend Backend) {
	s := backend(t)()
	entries := chain(
		store.AuditEntry{Actor: "mira", Operation: "roles.create", Object: "role:a", Workload: rbac.Endpoint},
		store.AuditEntry{Actor: "mira", Operation: "roles.delete", Object: "role:a", Workload: rbac.Office365},
		store.AuditEntry{Actor: "noor", Operation: "rolesets.create", Object: "role:b", Outcome: "refused"},
		store.AuditEntry{Actor: "noor", Operation: "roles.create", Object: "role:b", Workload: rbac.Endpoint, Outcome: "refused"},
	)
	change(t, s, func(w store.Writer) error {
		for _, e := range entries {
			if err := w.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	})
	about := read(t, s, func(r store.Reader) ([]store.AuditEntry, error) {
		return r.AuditAbout([]string{"role:a", "role:b", "none"}, 9)
	})
	same(t, "what was done to some objects", []int64{2, 1}, seqs(about))
	same(t, "the newest of it", []int64{2}, seqs(read(t, s, func(r store.Reader) ([]store.AuditEntry, error) { return r.AuditAbout([]string{"role:a"}, 1) })))
	for _, c := range []struct {
		name  string
		query store.AuditQuery
		want  []int64
		total int
	}{
		{"everything, newest first", store.AuditQuery{Limit: 9}, []int64{4, 3, 2, 1}, 4},
		{"a page", store.AuditQuery{Limit: 2}, []int64{4, 3}, 4},
		{"the next page", store.AuditQuery{Limit: 2, Before: 3}, []int64{2, 1}, 4},
		{"of an actor", store.AuditQuery{Actor: "noor", Limit: 9}, []int64{4, 3}, 2},
		{"of an operation", store.AuditQuery{Operation: "roles.create", Limit: 9}, []int64{4, 1}, 2},
		{"of an operation's first part", store.AuditQuery{Operation: "roles", Limit: 9}, []int64{4, 2, 1}, 3},
		{"on an object", store.AuditQuery{Object: "role:a", Limit: 1}, []int64{2}, 2},
		{"with a text in the object", store.AuditQuery{Search: "LE:B", Limit: 9}, []int64{4, 3}, 2},
		{"with a text in actor or operation", store.AuditQuery{Search: "noor", Limit: 9}, []int64{4, 3}, 2},
		{"with a text that is no pattern", store.AuditQuery{Search: "r_le%", Limit: 9}, nil, 0},
		{"with an outcome", store.AuditQuery{Outcome: "refused", Limit: 9}, []int64{4, 3}, 2},
		{"of workloads", store.AuditQuery{Workloads: []rbac.Workload{rbac.Endpoint, rbac.NoWorkload}, Limit: 9}, []int64{4, 3, 1}, 3},
		{"without an area of a workload", store.AuditQuery{HiddenAreas: []string{"rolesets", "roles"}, HiddenIn: []rbac.Workload{rbac.Endpoint}, Limit: 9}, []int64{3, 2}, 2},
		{"without an area of none", store.AuditQuery{HiddenAreas: []string{"rolesets"}, HiddenIn: []rbac.Workload{rbac.NoWorkload, rbac.Endpoint}, Limit: 9}, []int64{4, 2, 1}, 3},
		{"from then on", store.AuditQuery{From: entries[1].At, Limit: 9}, []int64{4, 3, 2}, 3},
		{"until then, which is outside", store.AuditQuery{To: entries[1].At, Limit: 9}, []int64{1}, 1},
		{"all at once", store.AuditQuery{Actor: "noor", Operation: "roles", Workloads: []rbac.Workload{rbac.Endpoint}, From: noon, Limit: 9}, []int64{4}, 1},
		{"nothing", store.AuditQuery{Actor: "mira' OR '1'='1", Limit: 9}, nil, 0},
	} {
		var got []int64
		var total int
		err := s.View(context.Background(), func(r store.Reader) error {
			list, n, err := r.AuditEntries(c.query)
			for _, e := range list {
				got = append(got, e.Seq)
			}
			total = n
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, c.name, c.want, got)
		same(t, c.name+": total", c.total, total)
	}
}

func seqs(entries []store.AuditEntry) []int64 {
	var list []int64
	for _, e := range entries {
		list = append(list, e.Seq)
	}
	return list
}
