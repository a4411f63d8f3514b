package sqlite

import (
	"github.com/bailiwick/bailiwick/internal/store"
)

// SaveAlert implements store.AlertWriter.
func (w *writer) SaveAlert(e store.AlertEdit) error {
	var n int64
	var incident string
	if _, err := w.one(`UPDATE alerts SET status = ?, classification = ?, determination = ?, assigned_to = ?, updated = ? WHERE id = ?
		RETURNING n, incident`, []any{e.Status, e.Classification, e.Determination, e.AssignedTo, e.Updated.UnixNano(), e.ID}, &n, &incident); err != nil {
		return err
	}
	if _, err := w.exec(`UPDATE alert_bodies SET body = ? WHERE alert = ?`, string(e.Body), n); err != nil {
		return err
	}
	if incident == "" {
		return nil
	}
	return w.countIncident(incident)
}

// SaveIncident implements store.AlertWriter.
func (w *writer) SaveIncident(e store.IncidentEdit) error {
	_, err := w.exec(`UPDATE incidents SET status = ?, classification = ?, determination = ?, assigned_to = ?, custom_tags = ?, updated = ?, body = ?
		WHERE id = ?`, e.Status, e.Classification, e.Determination, e.AssignedTo, listText(e.CustomTags), e.Updated.UnixNano(), string(e.Body), e.ID)
	return err
}

// AddAlertComment implements store.AlertWriter.
func (w *writer) AddAlertComment(id string, c store.Comment) error {
	_, err := w.exec(`INSERT INTO alert_comments (alert, comment, author, at) SELECT n, ?, ?, ? FROM alerts WHERE id = ?`,
		c.Text, c.By, c.At.UnixNano(), id)
	return err
}

// AddIncidentComment implements store.AlertWriter.
func (w *writer) AddIncidentComment(id string, c store.Comment) error {
	_, err := w.exec(`INSERT INTO incident_comments (incident, comment, author, at) VALUES (?, ?, ?, ?)`, id, c.Text, c.By, c.At.UnixNano())
	return err
}
