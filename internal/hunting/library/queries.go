package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// How a query is shared: with nobody, to read and run, or to change as well. Whoever may hunt is meant, and nobody else.
const (
	Private = ""
	ToRead  = "read"
	ToEdit  = "edit"
)

// How much somebody keeps.
const (
	mostQueries     = 500
	mostKept        = 2 << 20 // bytes of all their queries: what is shared is read by whoever opens the page
	longName        = 120
	longFolder      = 120
	longDescription = 2_000
	longText        = 100_000
)

// Setting is what people say of a query.
type Setting struct {
	Folder, Name, Description, Text, Sharing string
}

// Query is a query as its reader meets it, and what they may do with it.
type Query struct {
	store.HuntingQuery
	Edit, Share, Delete May
}

// May is whether something may be done, and if not, why.
type May struct {
	Allowed bool
	Reason  string
}

// Tag names the state of a query, for who changes it only if nobody else has.
func Tag(q store.HuntingQuery) string {
	return `"` + strconv.FormatInt(q.Updated.UnixMicro(), 36) + `"`
}

// meet tells what somebody may do with a query that they see.
func (s *Service) meet(snapshot *rbac.Snapshot, who audit.Actor, q store.HuntingQuery) Query {
	yes, others := May{Allowed: true}, May{Reason: "only " + q.Owner + ", who shares it, may do that; save a copy of your own"}
	m := Query{HuntingQuery: q, Edit: others, Share: others, Delete: others}
	if q.Owner == who.Name || who.Local {
		m.Edit, m.Share, m.Delete = yes, yes, yes
		return m
	}
	if q.Sharing == ToEdit {
		m.Edit = yes
	}
	if s.administers(snapshot, who) {
		m.Delete = yes
	}
	return m
}

func sees(who audit.Actor, q store.HuntingQuery) bool {
	return q.Owner == who.Name || q.Sharing != Private || who.Local
}

// Queries gives one's own, and those that others share.
func (s *Service) Queries(ctx context.Context, who audit.Actor) (list []Query, err error) {
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	err = s.look(ctx, who, "list hunting queries", func(tx store.Reader) error {
		kept, err := tx.HuntingQueries(who.Name)
		for _, q := range kept {
			list = append(list, s.meet(snapshot, who, q))
		}
		return err
	})
	return list, err
}

// Query gives one. Another's that is not shared is not there, and neither is any to who may not hunt.
func (s *Service) Query(ctx context.Context, who audit.Actor, id string) (q Query, err error) {
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return q, err
	}
	if s.area(snapshot, who, "") != nil {
		return q, missing(id)
	}
	err = s.store.View(ctx, func(tx store.Reader) error {
		found, err := find(tx, who, id)
		q = s.meet(snapshot, who, found)
		return err
	})
	return q, err
}

func find(tx store.Reader, who audit.Actor, id string) (store.HuntingQuery, error) {
	q, found, err := tx.HuntingQuery(id)
	if err == nil && (!found || !sees(who, q)) {
		return store.HuntingQuery{}, missing(id)
	}
	return q, err
}

func missing(id string) error {
	return fault.NotFound("hunting query", "there is no hunting query %q", shorten(id, 80))
}

// Save keeps a new query of one's own.
func (s *Service) Save(ctx context.Context, who audit.Actor, set Setting) (q Query, err error) {
	const op = "hunting.queries.create"
	if set, err = check(op, set); err != nil {
		return q, err
	}
	err = s.change(ctx, who, op, func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		if err := room(tx, op, who.Name, "", set); err != nil {
			return err
		}
		made := store.HuntingQuery{ID: newID("hqy"), Owner: who.Name}
		fill(&made, set, who, s.moment())
		rec.Object, rec.After = object(made), told(made)
		q = s.meet(snapshot, who, made)
		return tx.PutHuntingQuery(made)
	})
	return q, err
}

// room refuses what goes beyond what one person keeps. id is of the query that is changed; empty: it is another one.
func room(tx store.Reader, op, owner, id string, set Setting) error {
	kept, err := tx.HuntingQueries(owner)
	own, bytes := 0, len(set.Text)+len(set.Description)
	for _, k := range kept {
		if k.Owner == owner && k.ID != id {
			own++
			bytes += len(k.Text) + len(k.Description)
		}
	}
	switch {
	case err != nil:
		return err
	case own >= mostQueries:
		return fault.Conflict(op, "%s keeps %d queries already: remove one first", owner, own)
	case bytes > mostKept:
		return fault.Conflict(op, "the queries that %s keeps may have %d MB together, and would have more: remove or shorten one first", owner, mostKept>>20)
	}
	return nil
}

// Change makes a query what the setting says, if it is still what its changer has seen. Whom it is shared with is its owner's to say, and
// so is where it stands.
func (s *Service) Change(ctx context.Context, who audit.Actor, id, tag string, set Setting) (q Query, err error) {
	const op = "hunting.queries.update"
	if set, err = check(op, set); err != nil {
		return q, err
	}
	err = s.change(ctx, who, op, func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		was, err := find(tx, who, id)
		if err != nil {
			return err
		}
		rec.Object = object(was)
		may := s.meet(snapshot, who, was)
		if !may.Edit.Allowed {
			return fault.Denied(op, "%s", may.Edit.Reason)
		}
		if (set.Sharing != was.Sharing || set.Folder != was.Folder) && !may.Share.Allowed {
			return fault.Denied(op, "whom it is shared with and its folder: %s", may.Share.Reason)
		}
		if err := unchanged(op, was, tag); err != nil {
			return err
		}
		now := was
		fill(&now, set, who, s.moment())
		if now.Updated = was.Updated; now == was || same(now, was) {
			q = may
			rec.Skip()
			return nil
		}
		if len(now.Text)+len(now.Description) > len(was.Text)+len(was.Description) {
			if err := room(tx, op, was.Owner, id, set); err != nil {
				return err
			}
		}
		if now.Updated = s.moment(); !now.Updated.After(was.Updated) {
			now.Updated = was.Updated.Add(time.Microsecond) // a tag tells two states apart, whatever the clock does
		}
		rec.Before, rec.After = told(was), told(now)
		q = s.meet(snapshot, who, now)
		return tx.PutHuntingQuery(now)
	})
	return q, err
}

// Remove forgets a query.
func (s *Service) Remove(ctx context.Context, who audit.Actor, id, tag string) error {
	const op = "hunting.queries.delete"
	return s.change(ctx, who, op, func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		was, err := find(tx, who, id)
		if err != nil {
			return err
		}
		rec.Object, rec.Before = object(was), told(was)
		if may := s.meet(snapshot, who, was); !may.Delete.Allowed {
			return fault.Denied(op, "%s", may.Delete.Reason)
		}
		if err := unchanged(op, was, tag); err != nil {
			return err
		}
		_, err = tx.RemoveHuntingQuery(id)
		return err
	})
}

func unchanged(op string, q store.HuntingQuery, tag string) error {
	if tag != "" && tag != "*" && tag != Tag(q) {
		return fault.Changed(op, "%s changed it since you read it", q.UpdatedBy)
	}
	return nil
}

func fill(q *store.HuntingQuery, set Setting, who audit.Actor, at time.Time) {
	q.Folder, q.Name, q.Description, q.Text, q.Sharing = set.Folder, set.Name, set.Description, set.Text, set.Sharing
	q.Updated, q.UpdatedBy = at, who.Name
}

func same(a, b store.HuntingQuery) bool {
	a.UpdatedBy, b.UpdatedBy = "", ""
	return a == b
}

// check says what is wrong with a setting, and where.
func check(op string, set Setting) (Setting, error) {
	set.Name, set.Folder, set.Description = strings.TrimSpace(set.Name), strings.TrimSpace(set.Folder), strings.TrimSpace(set.Description)
	wrong := func(where, problem string) (Setting, error) {
		return set, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: where, Problem: problem})
	}
	switch {
	case !isName(set.Name, longName) || set.Name == "":
		return wrong("/name", "want a name of at most 120 characters, none of them a control character")
	case !isName(set.Folder, longFolder):
		return wrong("/folder", "want a name of at most 120 characters, none of them a control character")
	case len([]rune(set.Description)) > longDescription:
		return wrong("/description", "want at most 2000 characters")
	case strings.TrimSpace(set.Text) == "" || len(set.Text) > longText:
		return wrong("/text", "want a query of at most 100000 bytes")
	case set.Sharing != Private && set.Sharing != ToRead && set.Sharing != ToEdit:
		return wrong("/sharing", "want nothing, read or edit")
	}
	return set, nil
}

func isName(text string, most int) bool {
	return len([]rune(text)) <= most && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
}

func object(q store.HuntingQuery) string { return "hunting query:" + q.ID }

// told is what the log keeps of a query: of its text a digest, since a query may name people and things that readers of the log may not
// know of; of a private one not even what it is called.
func told(q store.HuntingQuery) map[string]string {
	sum := sha256.Sum256([]byte(q.Text))
	t := map[string]string{"owner": q.Owner, "sharing": q.Sharing, "text": "sha256:" + hex.EncodeToString(sum[:])}
	if q.Sharing != Private {
		t["name"] = q.Name
	}
	return t
}
