package sqlite

import (
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const actionColumns = `a.id, a.workload, a.type, a.source, a.status, a.device, a.incident, a.subject, a.details, a.requester, a.decision, a.decided_by,
	a.decided, a.created, a.updated, a.expires, a.undo_of, a.undone_by, a.executor, a.attempts, a.accepted, a.remote, a.next_at, a.deadline, a.body`

// standing is the status of an action at a moment: what waits for approval lapses without anybody writing it down.
const standing = `CASE WHEN a.status = 'pendingApproval' AND a.expires IS NOT NULL AND a.expires <= ? THEN 'expired' ELSE a.status END`

// scanAction reads the columns of actionColumns, and into more.
func scanAction(scan func(...any) error, more ...any) (store.Action, error) {
	var a store.Action
	var decided, expires, next, deadline sql.NullInt64
	var created, updated int64
	var body string
	into := append([]any{
		&a.ID, &a.Workload, &a.Type, &a.Source, &a.Status, &a.Device, &a.Incident, &a.Subject, &a.Details, &a.Requester, &a.Decision, &a.DecidedBy,
		&decided, &created, &updated, &expires, &a.UndoOf, &a.UndoneBy, &a.Delivery.Executor, &a.Delivery.Attempts, &a.Delivery.Accepted,
		&a.Delivery.Remote, &next, &deadline, &body,
	}, more...)
	if err := scan(into...); err != nil {
		return a, err
	}
	a.Decided, a.Expires, a.Delivery.Next, a.Delivery.Deadline = moment(decided), moment(expires), moment(next), moment(deadline)
	a.Created, a.Updated = time.Unix(0, created).UTC(), time.Unix(0, updated).UTC()
	return a, json.Unmarshal([]byte(body), &a.Body)
}

const actionRow = `SELECT ` + actionColumns + `, coalesce(d.name, ''), coalesce(d.device_group, ''), coalesce(d.known, 0)
	FROM actions a LEFT JOIN devices d ON d.id = a.device AND a.device <> ''`

func scanActionRow(rows *sql.Rows) (store.ActionRow, error) {
	var row store.ActionRow
	var err error
	row.Action, err = scanAction(rows.Scan, &row.DeviceName, &row.DeviceGroup, &row.DeviceKnown)
	return row, err
}

// Action implements store.ActionReader.
func (r *reader) Action(id string) (store.ActionRow, bool, error) {
	var row store.ActionRow
	found := false
	err := r.each(actionRow+` WHERE a.id = ?`, func(rows *sql.Rows) (err error) {
		found = true
		row, err = scanActionRow(rows)
		return err
	}, id)
	return row, found, err
}

// Actions implements store.ActionReader.
func (r *reader) Actions(q store.ActionQuery) ([]store.ActionRow, error) {
	var s statement
	s.add(actionRow + ` WHERE `)
	s.actions(q)
	if q.After != (store.ActionPlace{}) {
		s.add(` AND (a.updated, a.id) < (?, ?)`, q.After.Updated, q.After.ID)
	}
	s.add(` ORDER BY a.updated DESC, a.id DESC LIMIT ?`, q.Limit)
	var list []store.ActionRow
	err := r.each(s.String(), func(rows *sql.Rows) error {
		row, err := scanActionRow(rows)
		list = append(list, row)
		return err
	}, s.args...)
	return list, err
}

// CountActions implements store.ActionReader.
func (r *reader) CountActions(q store.ActionQuery) (int64, error) {
	var s statement
	s.add(`SELECT count(*) FROM actions a LEFT JOIN devices d ON d.id = a.device AND a.device <> '' WHERE `)
	s.actions(q)
	var n int64
	_, err := r.one(s.String(), s.args, &n)
	return n, err
}

// ActionFacets implements store.ActionReader.
func (r *reader) ActionFacets(q store.ActionQuery) ([]store.ActionFacet, error) {
	var s statement
	s.add(`SELECT `+standing+` AS standing, a.type, a.source, a.workload, CASE WHEN d.known THEN d.device_group ELSE '' END AS of_group, count(*) FROM actions a LEFT JOIN devices d ON d.id = a.device AND a.device <> '' WHERE `, q.Now.UnixNano())
	s.actions(q)
	s.add(` GROUP BY standing, a.type, a.source, a.workload, of_group ORDER BY standing, a.type, a.source, a.workload, of_group`)
	var list []store.ActionFacet
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var f store.ActionFacet
		err := rows.Scan(&f.Status, &f.Type, &f.Source, &f.Workload, &f.Group, &f.Count)
		list = append(list, f)
		return err
	}, s.args...)
	return list, err
}

// actions appends the conditions of a query, the reader's reach first (invariant 4).
func (s *statement) actions(q store.ActionQuery) {
	s.within(q.Reach)
	if q.Also != nil {
		s.add(` AND `)
		s.within(*q.Also)
	}
	now := q.Now.UnixNano()
	if q.Pending && !q.Decided {
		s.add(` AND a.status = 'pendingApproval' AND (a.expires IS NULL OR a.expires > ?)`, now)
	}
	if q.Decided && !q.Pending {
		s.add(` AND (a.status <> 'pendingApproval' OR a.expires <= ?)`, now)
	}
	if len(q.Statuses) > 0 {
		s.add(` AND `+standing+` IN (SELECT value FROM json_each(?))`, now, listText(q.Statuses))
	}
	if len(q.Types) > 0 {
		s.add(` AND a.type IN (SELECT value FROM json_each(?))`, listText(q.Types))
	}
	if len(q.Sources) > 0 {
		s.add(` AND a.source IN (SELECT value FROM json_each(?))`, listText(q.Sources))
	}
	if q.Workload != rbac.NoWorkload {
		s.add(` AND a.workload = ?`, int64(q.Workload))
	}
	if len(q.Groups) > 0 {
		s.add(` AND d.known AND d.device_group IN (SELECT value FROM json_each(?))`, listText(q.Groups))
	}
	if q.Device != "" {
		s.add(` AND a.device = ?`, q.Device)
	}
	if q.Incident != "" {
		s.add(` AND a.incident = ?`, q.Incident)
	}
	if !q.Since.IsZero() {
		s.add(` AND a.updated >= ?`, q.Since.UnixNano())
	}
	if q.Search != "" {
		like := "%" + escapeLike(q.Search) + "%"
		columns := []string{"a.id", "a.subject", "a.details", "a.requester", "a.decided_by", "d.name"}
		for i, c := range columns {
			columns[i] = c + ` LIKE ? ESCAPE '\'`
		}
		s.add(` AND (`+strings.Join(columns, " OR ")+`)`, like, like, like, like, like, like)
	}
}

// within appends a reach.
func (s *statement) within(r store.ActionReach) {
	var others []int64
	for _, w := range r.Workloads {
		if w != rbac.Endpoint {
			others = append(others, int64(w))
		}
	}
	s.add(`(? OR a.workload IN (SELECT value FROM json_each(?)) OR a.workload = ? AND (? OR d.known AND d.device_group IN (SELECT value FROM json_each(?))))`,
		r.All, numbersText(others), int64(rbac.Endpoint), r.AllDevices, listText(r.DeviceGroups))
}

// ActionsDue implements store.ActionReader.
func (r *reader) ActionsDue(by time.Time, busy []string, limit int) ([]store.Action, error) {
	var list []store.Action
	err := r.each(`SELECT `+actionColumns+` FROM actions a WHERE a.next_at <= ? AND (a.deadline <= ? OR a.executor NOT IN (SELECT value FROM json_each(?)))
		ORDER BY a.next_at, a.id LIMIT ?`, func(rows *sql.Rows) error {
		a, err := scanAction(rows.Scan)
		list = append(list, a)
		return err
	}, by.UnixNano(), by.UnixNano(), listText(busy), limit)
	return list, err
}

// ActionsQueued implements store.ActionReader.
func (r *reader) ActionsQueued(decidedBy string) ([]store.ActionRow, error) {
	var list []store.ActionRow
	err := r.each(actionRow+` WHERE a.next_at IS NOT NULL AND a.status = 'queued' AND a.decided_by = ?`, func(rows *sql.Rows) error {
		row, err := scanActionRow(rows)
		list = append(list, row)
		return err
	}, decidedBy)
	return list, err
}

// PutAction implements store.ActionWriter.
func (w *writer) PutAction(a store.Action) error {
	body, err := json.Marshal(a.Body)
	if err != nil {
		return err
	}
	_, err = w.exec(`INSERT OR REPLACE INTO actions (id, workload, type, source, status, device, incident, subject, details, requester, decision, decided_by,
		decided, created, updated, expires, undo_of, undone_by, executor, attempts, accepted, remote, next_at, deadline, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, int64(a.Workload), a.Type, a.Source, a.Status, a.Device, a.Incident, a.Subject, a.Details, a.Requester, a.Decision, a.DecidedBy,
		nanos(a.Decided), a.Created.UnixNano(), a.Updated.UnixNano(), nanos(a.Expires), a.UndoOf, a.UndoneBy, a.Delivery.Executor, a.Delivery.Attempts,
		a.Delivery.Accepted, a.Delivery.Remote, nanos(a.Delivery.Next), nanos(a.Delivery.Deadline), string(body))
	return err
}

// ActionRules implements store.ActionReader.
func (r *reader) ActionRules() (store.ActionRules, error) {
	var rules store.ActionRules
	var updated int64
	_, err := r.one(`SELECT others_approve, updated, updated_by FROM action_rules`, nil, &rules.OthersApprove, &updated, &rules.UpdatedBy)
	rules.Updated = since(updated)
	return rules, err
}

// SetActionRules implements store.ActionWriter.
func (w *writer) SetActionRules(rules store.ActionRules) error {
	_, err := w.exec(`UPDATE action_rules SET others_approve = ?, updated = ?, updated_by = ?`, rules.OthersApprove, rules.Updated.UnixNano(), rules.UpdatedBy)
	return err
}
