package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const auditColumns = `SELECT e.seq, e.at, e.actor, e.via, e.address, e.request_id, e.operation, e.object, e.workload, e.outcome, e.reason,
	e.before, e.after, e.policy_revision, e.prev, e.hash, coalesce(r.count, 0), r.last_at
	FROM audit_entries e LEFT JOIN audit_repeats r ON r.seq = e.seq `

func scanEntry(rows *sql.Rows) (store.AuditEntry, error) {
	var e store.AuditEntry
	var at, last sql.NullInt64
	var workload string
	var before, after sql.NullString
	var prev, hash []byte
	err := rows.Scan(&e.Seq, &at, &e.Actor, &e.Via, &e.Address, &e.RequestID, &e.Operation, &e.Object, &workload, &e.Outcome, &e.Reason,
		&before, &after, &e.PolicyRevision, &prev, &hash, &e.Count, &last)
	if err != nil {
		return e, err
	}
	e.Count++
	e.At, e.LastAt = moment(at), moment(at)
	if last.Valid {
		e.LastAt = moment(last)
	}
	e.Workload, _ = rbac.ParseWorkload(workload)
	if e.Workload.String() != workload {
		e.Workload = ^rbac.NoWorkload // nobody's: whoever verifies the log will find it
	}
	e.Before, e.After = raw(before), raw(after)
	copy(e.Prev[:], prev)
	copy(e.Hash[:], hash)
	return e, nil
}

func raw(s sql.NullString) json.RawMessage {
	if !s.Valid {
		return nil
	}
	return json.RawMessage(s.String)
}

// AuditEntries lists the log, newest first.
func (r *reader) AuditEntries(q store.AuditQuery) ([]store.AuditEntry, int, error) {
	where, args := auditFilter(q)
	var total int
	if _, err := r.one(`SELECT count(*) FROM audit_entries e `+where, args, &total); err != nil {
		return nil, 0, err
	}
	if q.Before > 0 {
		where += ` AND e.seq < ?`
		args = append(args, q.Before)
	}
	var list []store.AuditEntry
	err := r.each(auditColumns+where+` ORDER BY e.seq DESC LIMIT ?`, func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		list = append(list, e)
		return err
	}, append(args, q.Limit)...)
	return list, total, err
}

func auditFilter(q store.AuditQuery) (string, []any) {
	where, args := `WHERE 1`, []any{}
	and := func(clause string, values ...any) {
		where += ` AND ` + clause
		args = append(args, values...)
	}
	if q.Actor != "" {
		and(`e.actor = ?`, q.Actor)
	}
	if q.Operation != "" {
		and(`(e.operation = ? OR (e.operation > ? AND e.operation < ?))`, q.Operation, q.Operation+".", q.Operation+"/")
	}
	if q.Object != "" {
		and(`e.object = ?`, q.Object)
	}
	if q.Outcome != "" {
		and(`e.outcome = ?`, q.Outcome)
	}
	if q.Search != "" {
		pattern := "%" + escapeLike(q.Search) + "%"
		and(`(e.actor LIKE ? ESCAPE '\' OR e.operation LIKE ? ESCAPE '\' OR e.object LIKE ? ESCAPE '\')`, pattern, pattern, pattern)
	}
	if len(q.Workloads) > 0 {
		and(`e.workload IN (`+marks(len(q.Workloads))+`)`, names(q.Workloads)...)
	}
	if len(q.HiddenAreas) > 0 && len(q.HiddenIn) > 0 {
		areas, of := strings.Repeat(` OR e.operation = ? OR (e.operation > ? AND e.operation < ?)`, len(q.HiddenAreas)), []any{}
		for _, area := range q.HiddenAreas {
			of = append(of, area, area+".", area+"/")
		}
		and(`NOT (e.workload IN (`+marks(len(q.HiddenIn))+`) AND (0`+areas+`))`, append(names(q.HiddenIn), of...)...)
	}
	if !q.From.IsZero() {
		and(`e.at >= ?`, q.From.UnixNano())
	}
	if !q.To.IsZero() {
		and(`e.at < ?`, q.To.UnixNano())
	}
	return where, args
}

// AuditWalk reads the log in the order it was written.
// AuditAbout implements store.AuditReader.
func (r *reader) AuditAbout(objects []string, limit int) ([]store.AuditEntry, error) {
	var list []store.AuditEntry
	err := r.each(auditColumns+`WHERE e.object IN (SELECT value FROM json_each(?)) AND e.outcome = 'done' ORDER BY e.seq DESC LIMIT ?`, func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		list = append(list, e)
		return err
	}, listText(objects), limit)
	return list, err
}

func (r *reader) AuditWalk(after int64, f func(store.AuditEntry) error) error {
	return r.each(auditColumns+`WHERE e.seq > ? ORDER BY e.seq`, func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		if err != nil {
			return err
		}
		return f(e)
	}, after)
}

// AuditHead gives the end of the log as noted.
func (r *reader) AuditHead() (store.AuditHead, error) {
	var h store.AuditHead
	var hash []byte
	_, err := r.one(`SELECT seq, hash FROM audit_head`, nil, &h.Seq, &hash)
	copy(h.Hash[:], hash)
	return h, err
}

func marks(n int) string { return "?" + strings.Repeat(", ?", n-1) }

func names(workloads []rbac.Workload) []any {
	var list []any
	for _, w := range workloads {
		list = append(list, w.String())
	}
	return list
}

// LastRefusal finds the newest equal refusal.
func (r *reader) LastRefusal(like store.AuditEntry, since time.Time) (store.AuditEntry, bool, error) {
	var found *store.AuditEntry
	err := r.each(auditColumns+`WHERE e.outcome = 'refused' AND e.actor = ? AND e.operation = ? AND e.object = ? AND e.at >= ?
		AND e.via = ? AND e.address = ? AND e.reason = ?
		ORDER BY e.at DESC, e.seq DESC LIMIT 1`, func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		found = &e
		return err
	}, like.Actor, like.Operation, like.Object, since.UnixNano(), like.Via, like.Address, like.Reason)
	if err != nil || found == nil {
		return store.AuditEntry{}, false, err
	}
	return *found, true, nil
}

// AppendAudit writes an entry at the end.
func (w *writer) AppendAudit(e store.AuditEntry) error {
	head, err := w.AuditHead()
	if err != nil {
		return err
	}
	if e.Seq != head.Seq+1 || e.Prev != head.Hash {
		return fault.Conflict("write the audit log", "entry %d does not follow entry %d", e.Seq, head.Seq)
	}
	_, err = w.exec(`INSERT INTO audit_entries (seq, at, actor, via, address, request_id, operation, object, workload, outcome, reason,
		before, after, policy_revision, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, e.At.UnixNano(), e.Actor, e.Via, e.Address, e.RequestID, e.Operation, e.Object, e.Workload.String(), e.Outcome, e.Reason,
		text(e.Before), text(e.After), e.PolicyRevision, e.Prev[:], e.Hash[:])
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	_, err = w.exec(`INSERT INTO audit_head (id, seq, hash) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`, e.Seq, e.Hash[:])
	return err
}

// RepeatAudit counts one more of a refusal.
func (w *writer) RepeatAudit(seq int64, at time.Time) error {
	_, err := w.exec(`INSERT INTO audit_repeats (seq, count, last_at) VALUES (?, 1, ?)
		ON CONFLICT (seq) DO UPDATE SET count = count + 1, last_at = max(last_at, excluded.last_at)`, seq, at.UnixNano())
	return err
}

func text(j json.RawMessage) any {
	if j == nil {
		return nil
	}
	return string(j)
}
