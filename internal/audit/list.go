package audit

import (
	"slices"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Query chooses entries. Zero values choose all that the reader may see.
type Query struct {
	Actor     string
	Operation string // a whole operation, or the part before its dot
	Object    string
	Outcome   string
	Search    string // in actor, operation or object, in any case
	Workload  rbac.Workload
	From, To  time.Time // To is outside

	Cursor string // Next of the page before
	Limit  int    // default 50, at most 1000
}

// Page is a part of the list, newest first.
type Page struct {
	Items []Entry
	Total int    // of all pages
	Next  string // empty: this was the last
}

// Find gives one entry to a user who may see it; to others it does not exist.
func Find(r store.AuditReader, s *rbac.Snapshot, user string, at time.Time, seq int64) (Entry, error) {
	page, err := List(r, s, user, at, Query{Cursor: strconv.FormatInt(seq+1, 10), Limit: 1})
	if err != nil {
		return Entry{}, err
	}
	if len(page.Items) == 0 || page.Items[0].Seq != seq {
		return Entry{}, fault.NotFound("read the audit log", "no entry %d", seq)
	}
	return page.Items[0], nil
}

// List gives the entries that a user may see (S16): all of them, or those of the workloads whose roles they manage.
func List(r store.AuditReader, s *rbac.Snapshot, user string, at time.Time, q Query) (Page, error) {
	const op = "read the audit log"
	reads := s.Reach(user, rbac.ViewAudit, at)
	if len(throughout(reads)) == 0 {
		return Page{}, fault.Denied(op, "needs a role that may read it")
	}
	cut := scope{all: reads.Everything()}
	if !cut.all {
		cut.of, cut.hidden = throughout(reads), without(throughout(s.Reach(user, rbac.ViewInvestigation, at)))
	}
	return list(r, cut, q)
}

// Whole tells whether a user may see every entry, and so what is made of all of them.
func Whole(s *rbac.Snapshot, user string, at time.Time) bool {
	return s.Reach(user, rbac.ViewAudit, at).Everything()
}

// ListAll gives the entries to whoever owns the data.
func ListAll(r store.AuditReader, q Query) (Page, error) { return list(r, scope{all: true}, q) }

// scope is what a reader sees: all entries, or those of some workloads without what was done to alerts and incidents of
// the hidden ones. That an alert exists is alert data, so for a role manager it takes T1 in all of the workload as well (S16).
type scope struct {
	all        bool
	of, hidden []rbac.Workload
}

// investigated are the areas of operations whose entries name alerts, incidents, actions and devices.
var investigated = []string{"alerts", "incidents", "actions", "devices"}

// labels are all workloads that an entry may be of; NoWorkload: of the centre itself.
var labels = append(slices.Clone(rbac.Workloads), rbac.Other, rbac.NoWorkload)

// throughout are the labels that a reach covers: a workload, if it is reached on all of its devices; what belongs to several,
// or to none, if all of them are.
func throughout(r rbac.Reach) []rbac.Workload {
	if r.Everything() {
		return labels
	}
	var list []rbac.Workload
	for _, w := range rbac.Workloads {
		if r.Workload(w) && (w != rbac.Endpoint || r.AllDevices()) {
			list = append(list, w)
		}
	}
	return list
}

func without(list []rbac.Workload) []rbac.Workload {
	return slices.DeleteFunc(slices.Clone(labels), func(w rbac.Workload) bool { return slices.Contains(list, w) })
}

func list(r store.AuditReader, cut scope, q Query) (Page, error) {
	const op = "read the audit log"
	before, err := parseCursor(q.Cursor)
	if err != nil {
		return Page{}, fault.Invalid(op, "cursor %q: want the one that the page before gave", q.Cursor)
	}
	limit := q.Limit
	switch {
	case limit == 0:
		limit = 50
	case limit < 0 || limit > 1000:
		return Page{}, fault.Invalid(op, "limit %d: want 1 to 1000", limit)
	}
	if q.Outcome != "" && q.Outcome != Done && q.Outcome != Refused {
		return Page{}, fault.Invalid(op, "outcome %q: want %s or %s", q.Outcome, Done, Refused)
	}
	if q.Workload != rbac.NoWorkload {
		if !cut.all && !slices.Contains(cut.of, q.Workload) {
			return Page{Items: []Entry{}}, nil
		}
		cut.all, cut.of = false, []rbac.Workload{q.Workload}
	}
	items, total, err := r.AuditEntries(store.AuditQuery{
		Actor: q.Actor, Operation: q.Operation, Object: q.Object, Outcome: q.Outcome, Search: q.Search, Workloads: cut.of, HiddenAreas: investigated, HiddenIn: cut.hidden,
		From: q.From, To: q.To, Before: before, Limit: limit + 1,
	})
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: items, Total: total}
	if len(items) > limit {
		page.Items = items[:limit]
		page.Next = strconv.FormatInt(page.Items[limit-1].Seq, 10)
	}
	return page, nil
}

// parseCursor reads where the page before ended. It is a plain number, and worth nothing to forge: what a reader may
// see is asked again for every page.
func parseCursor(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != cursor {
		return 0, strconv.ErrSyntax
	}
	return n, nil
}
