package sqlite

import (
	"database/sql"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// MergeIncident implements store.AlertWriter.
func (w *writer) MergeIncident(into, from string, at time.Time) error {
	for _, change := range []struct {
		query string
		args  []any
	}{
		// What was written about either was written for those who see what has left it: so it stays, of both.
		{`INSERT OR IGNORE INTO alert_formerly (incident, alert) SELECT ?1, f.alert FROM alert_formerly f JOIN alerts a ON a.n = f.alert
			WHERE f.incident = ?2 AND a.incident NOT IN (?1, ?2)`, []any{into, from}},
		{`INSERT OR IGNORE INTO alert_formerly (incident, alert) SELECT incident, n FROM alerts WHERE incident = ?`, []any{from}},
		{`DELETE FROM alert_formerly WHERE incident = ? AND alert IN (SELECT n FROM alerts WHERE incident = ?)`, []any{into, from}},
		{`DELETE FROM alert_ties WHERE alert IN (SELECT n FROM alerts WHERE incident = ?)`, []any{from}},
		{`INSERT OR REPLACE INTO alert_joins (alert, how, origin, at) SELECT n, ?, incident, ? FROM alerts WHERE incident = ?`, []any{store.JoinMerged, at.UnixNano(), from}},
		{`UPDATE alerts SET incident = ? WHERE incident = ?`, []any{into, from}},
		{`UPDATE incidents SET redirect = ? WHERE redirect = ?`, []any{into, from}},
		{`UPDATE incidents SET redirect = ?, status = 'redirected', updated = max(updated + 100, ?) WHERE id = ?`, []any{into, at.UnixNano(), from}},
		{`INSERT INTO incident_comments (incident, comment, author, at) SELECT ?, comment, author, at FROM incident_comments WHERE incident = ? ORDER BY n`, []any{into, from}},
	} {
		if _, err := w.exec(change.query, change.args...); err != nil {
			return err
		}
	}
	return w.changedIncidents(into, from)
}

// SplitIncident implements store.AlertWriter.
func (w *writer) SplitIncident(from string, alerts []string, at time.Time) (string, error) {
	id, err := w.newIncidentID(slices.Min(alerts))
	if err != nil {
		return "", err
	}
	if _, err := w.exec(newIncident, listText([]string{id})); err != nil {
		return "", err
	}
	for _, alert := range alerts {
		var n int64
		found, err := w.one(`UPDATE alerts SET incident = ?, placed = 1 WHERE id = ? AND incident = ? RETURNING n`, []any{id, alert, from}, &n)
		if err != nil {
			return "", err
		}
		if !found {
			continue
		}
		if err := w.leave(n, from, id); err != nil {
			return "", err
		}
		if _, err := w.exec(`INSERT INTO alert_joins (alert, how, origin, at) VALUES (?, ?, ?, ?)`, n, store.JoinSplit, from, at.UnixNano()); err != nil {
			return "", err
		}
	}
	return id, w.changedIncidents(id, from)
}

// changedIncidents counts incidents again and tells those who see them.
func (w *writer) changedIncidents(ids ...string) error {
	for _, id := range ids {
		if err := w.countIncident(id); err != nil {
			return err
		}
		if err := w.touchIncident(id, false); err != nil {
			return err
		}
	}
	return nil
}

// MergedInto implements store.AlertReader.
func (r *reader) MergedInto(incident string) ([]string, error) {
	var list []string
	err := r.each(`SELECT id FROM incidents WHERE redirect = ? AND redirect <> '' ORDER BY id`, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, incident)
	return list, err
}
