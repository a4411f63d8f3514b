package sqlite

import (
	"database/sql"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Imported implements store.ImportReader.
func (r *reader) Imported(product string) ([]store.Imported, error) {
	var list []store.Imported
	err := r.each(`SELECT product, id, state, kept, at, file FROM imported WHERE product = ? OR ? = '' ORDER BY product, id`, func(rows *sql.Rows) error {
		var i store.Imported
		var at int64
		if err := rows.Scan(&i.Product, &i.ID, &i.State, &i.Kept, &at, &i.File); err != nil {
			return err
		}
		i.At = time.Unix(0, at).UTC()
		list = append(list, i)
		return nil
	}, product, product)
	return list, err
}

// SetImported implements store.ImportWriter.
func (w *writer) SetImported(product string, list []store.Imported) error {
	if _, err := w.exec(`DELETE FROM imported WHERE product = ?`, product); err != nil {
		return err
	}
	for _, i := range list {
		if _, err := w.exec(`INSERT INTO imported (product, id, state, kept, at, file) VALUES (?, ?, ?, ?, ?, ?)`,
			product, i.ID, i.State, i.Kept, nanos(i.At), i.File); err != nil {
			return err
		}
	}
	return nil
}
