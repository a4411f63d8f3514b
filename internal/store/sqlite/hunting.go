package sqlite

import (
	"database/sql"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

func (r *reader) huntingQueries(which string, args ...any) ([]store.HuntingQuery, error) {
	var list []store.HuntingQuery
	err := r.each(`SELECT id, owner, folder, name, description, text, sharing, updated, updated_by FROM hunting_queries `+which, func(rows *sql.Rows) error {
		var q store.HuntingQuery
		var updated int64
		err := rows.Scan(&q.ID, &q.Owner, &q.Folder, &q.Name, &q.Description, &q.Text, &q.Sharing, &updated, &q.UpdatedBy)
		q.Updated = time.Unix(0, updated).UTC()
		list = append(list, q)
		return err
	}, args...)
	return list, err
}

// HuntingQueries implements store.HuntingReader.
func (r *reader) HuntingQueries(user string) ([]store.HuntingQuery, error) {
	return r.huntingQueries(`WHERE owner = ? OR sharing <> '' ORDER BY key, owner, id`, user)
}

// HuntingQuery implements store.HuntingReader.
func (r *reader) HuntingQuery(id string) (store.HuntingQuery, bool, error) {
	list, err := r.huntingQueries(`WHERE id = ?`, id)
	if err != nil || len(list) == 0 {
		return store.HuntingQuery{}, false, err
	}
	return list[0], true, nil
}

// PutHuntingQuery implements store.HuntingWriter.
func (w *writer) PutHuntingQuery(q store.HuntingQuery) error {
	key := fold(q.Folder) + "\x00" + fold(q.Name)
	var other string
	if taken, err := w.one(`SELECT name FROM hunting_queries WHERE owner = ? AND key = ? AND id <> ?`, []any{q.Owner, key, q.ID}, &other); err != nil || taken {
		if err == nil {
			err = fault.Conflict("save the query", "there is one of the name %q in this folder", other)
		}
		return err
	}
	_, err := w.exec(`INSERT INTO hunting_queries (id, owner, folder, name, key, description, text, sharing, updated, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, folder = excluded.folder, name = excluded.name, key = excluded.key, description = excluded.description,
		text = excluded.text, sharing = excluded.sharing, updated = excluded.updated, updated_by = excluded.updated_by`,
		q.ID, q.Owner, q.Folder, q.Name, key, q.Description, q.Text, q.Sharing, q.Updated.UnixNano(), q.UpdatedBy)
	return err
}

// RemoveHuntingQuery implements store.HuntingWriter.
func (w *writer) RemoveHuntingQuery(id string) (bool, error) {
	n, err := w.exec(`DELETE FROM hunting_queries WHERE id = ?`, id)
	return n > 0, err
}

// HuntingRuns implements store.HuntingReader.
func (r *reader) HuntingRuns(user string, after store.HuntingPlace, limit int) ([]store.HuntingRun, error) {
	var s statement
	s.add(`SELECT id, user, at, text, timespan, via, state, rows, took, cpu, problem FROM hunting_runs WHERE user = ?`, user)
	if after != (store.HuntingPlace{}) {
		s.add(` AND (at, id) < (?, ?)`, after.At, after.ID)
	}
	s.add(` ORDER BY at DESC, id DESC LIMIT ?`, limit)
	var list []store.HuntingRun
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var n store.HuntingRun
		var at, took, cpu int64
		err := rows.Scan(&n.ID, &n.User, &at, &n.Text, &n.Timespan, &n.Via, &n.State, &n.Rows, &took, &cpu, &n.Problem)
		n.At, n.Took, n.CPU = time.Unix(0, at).UTC(), time.Duration(took), time.Duration(cpu)
		list = append(list, n)
		return err
	}, s.args...)
	return list, err
}

// CountHuntingRuns implements store.HuntingReader.
func (r *reader) CountHuntingRuns(user string) (int64, error) {
	var n int64
	_, err := r.one(`SELECT count(*) FROM hunting_runs WHERE user = ?`, []any{user}, &n)
	return n, err
}

// AddHuntingRun implements store.HuntingWriter.
func (w *writer) AddHuntingRun(n store.HuntingRun, most int) error {
	_, err := w.exec(`INSERT INTO hunting_runs (id, user, at, text, timespan, via, state, rows, took, cpu, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.ID, n.User, n.At.UnixNano(), n.Text, n.Timespan, n.Via, n.State, n.Rows, int64(n.Took), int64(n.CPU), n.Problem)
	if err != nil {
		return err
	}
	_, err = w.exec(`DELETE FROM hunting_runs WHERE id IN (SELECT id FROM hunting_runs WHERE user = ? ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)`, n.User, most)
	return err
}

// ForgetHuntingRuns implements store.HuntingWriter.
func (w *writer) ForgetHuntingRuns(user string, before time.Time) (int64, error) {
	if user != "" {
		return w.exec(`DELETE FROM hunting_runs WHERE user = ?`, user)
	}
	return w.exec(`DELETE FROM hunting_runs WHERE at < ?`, before.UnixNano())
}

// HuntingLink implements store.HuntingReader.
func (r *reader) HuntingLink(user, key string) (store.HuntingLink, bool, error) {
	l := store.HuntingLink{User: user, Key: key}
	var at int64
	found, err := r.one(`SELECT l.request, a.id, l.rows, l.known, l.at FROM hunting_links l JOIN alerts a ON a.n = l.alert WHERE l.user = ? AND l.key = ?`, []any{user, key},
		&l.Request, &l.Alert, &l.Rows, &l.Known, &at)
	if err != nil || !found {
		return store.HuntingLink{}, false, err
	}
	l.At = time.Unix(0, at).UTC()
	return l, true, nil
}

// LinkedRows implements store.HuntingReader.
func (r *reader) LinkedRows(incident string, rows []string) (map[string][]string, error) {
	linked := map[string][]string{}
	err := r.each(`SELECT l.row, a.id FROM hunting_linked_rows l JOIN alerts a ON a.n = l.alert
		WHERE l.row IN (SELECT value FROM json_each(?)) AND a.incident = ? ORDER BY a.id`, func(found *sql.Rows) error {
		var row, alert string
		err := found.Scan(&row, &alert)
		linked[row] = append(linked[row], alert)
		return err
	}, listText(rows), incident)
	return linked, err
}

// AddHuntingLink implements store.HuntingWriter.
func (w *writer) AddHuntingLink(l store.HuntingLink, rows []string) error {
	var alert int64
	if found, err := w.one(`SELECT n FROM alerts WHERE id = ?`, []any{l.Alert}, &alert); err != nil || !found {
		if err == nil {
			err = fault.NotFound("note the rows of an alert", "there is no alert %q", l.Alert)
		}
		return err
	}
	if l.Key != "" {
		n, err := w.exec(`INSERT INTO hunting_links (user, key, request, alert, rows, known, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			l.User, l.Key, l.Request, alert, l.Rows, l.Known, l.At.UnixNano())
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("note the rows of an alert", "the key was used before")
		}
	}
	_, err := w.exec(`INSERT OR IGNORE INTO hunting_linked_rows (row, alert) SELECT value, ? FROM json_each(?)`, alert, listText(rows))
	return err
}

// ForgetHuntingLinks implements store.HuntingWriter.
func (w *writer) ForgetHuntingLinks(before time.Time) error {
	_, err := w.exec(`DELETE FROM hunting_links WHERE at < ?`, before.UnixNano())
	return err
}
