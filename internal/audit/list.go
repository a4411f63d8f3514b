package audit

import (
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
	reach := s.Reach(user, rbac.ViewAudit, at)
	if reach.None() {
		return Page{}, fault.Denied(op, "needs a role that may read it")
	}
	var sees []rbac.Workload
	if !reach.Everything() {
		for _, w := range rbac.Workloads {
			if reach.Workload(w) {
				sees = append(sees, w)
			}
		}
		if reach.Workload(rbac.Other) {
			sees = append(sees, rbac.Other, rbac.NoWorkload)
		}
	}
	return list(r, sees, reach.Everything(), q)
}

// ListAll gives the entries to whoever owns the data.
func ListAll(r store.AuditReader, q Query) (Page, error) { return list(r, nil, true, q) }

func list(r store.AuditReader, sees []rbac.Workload, everything bool, q Query) (Page, error) {
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
		var cut []rbac.Workload
		for _, w := range sees {
			if w == q.Workload {
				cut = append(cut, w)
			}
		}
		if everything {
			cut = []rbac.Workload{q.Workload}
		}
		sees, everything = cut, false
	}
	if !everything && len(sees) == 0 {
		return Page{Items: []Entry{}}, nil // an empty list would choose all
	}
	items, total, err := r.AuditEntries(store.AuditQuery{
		Actor: q.Actor, Operation: q.Operation, Object: q.Object, Outcome: q.Outcome, Search: q.Search, Workloads: sees,
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
