package sqlite

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// PlaceAlert implements store.AlertWriter.
func (w *writer) PlaceAlert(alert string, how store.JoinKind, at time.Time) error {
	if _, err := w.exec(`UPDATE alerts SET placed = 1 WHERE id = ?`, alert); err != nil {
		return err
	}
	_, err := w.exec(`INSERT OR REPLACE INTO alert_joins (alert, how, origin, at) SELECT n, ?, '', ? FROM alerts WHERE id = ?`, how, at.UnixNano(), alert)
	return err
}
