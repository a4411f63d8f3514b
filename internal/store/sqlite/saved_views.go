package sqlite

import (
	"database/sql"

	"github.com/bailiwick/bailiwick/internal/store"
)

// SavedViews implements store.SavedViewReader.
func (r *reader) SavedViews(user string) ([]store.SavedView, error) {
	var list []store.SavedView
	err := r.each(`SELECT area, name, query FROM saved_views WHERE user = ? ORDER BY area, name`, func(rows *sql.Rows) error {
		var v store.SavedView
		err := rows.Scan(&v.Area, &v.Name, &v.Query)
		list = append(list, v)
		return err
	}, user)
	return list, err
}

// PutSavedView implements store.SavedViewWriter.
func (w *writer) PutSavedView(user string, v store.SavedView) error {
	_, err := w.exec(`INSERT INTO saved_views (user, area, name, query) VALUES (?, ?, ?, ?)
		ON CONFLICT (user, area, name) DO UPDATE SET query = excluded.query`, user, v.Area, v.Name, v.Query)
	return err
}

// RemoveSavedView implements store.SavedViewWriter.
func (w *writer) RemoveSavedView(user, area, name string) (bool, error) {
	n, err := w.exec(`DELETE FROM saved_views WHERE user = ? AND area = ? AND name = ?`, user, area, name)
	return n > 0, err
}
