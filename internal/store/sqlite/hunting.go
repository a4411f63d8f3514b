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
