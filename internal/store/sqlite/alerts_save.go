package sqlite

import (
	"github.com/bailiwick/bailiwick/internal/store"
)

// SaveAlert implements store.AlertWriter.
func (w *writer) SaveAlert(e store.AlertEdit) error {
	var n, class int64
	var incident string
	if _, err := w.one(`UPDATE alerts SET status = ?, classification = ?, determination = ?, assigned_to = ?, updated = ? WHERE id = ?
		RETURNING n, incident, class`, []any{e.Status, e.Classification, e.Determination, e.AssignedTo, e.Updated.UnixNano(), e.ID}, &n, &incident, &class); err != nil {
		return err
	}
	w.touch(class)
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
	if err != nil {
		return err
	}
	return w.touchIncident(e.ID, e.Quiet)
}

// AddAlertComment implements store.AlertWriter.
func (w *writer) AddAlertComment(id string, c store.Comment) error {
	var class int64
	found, err := w.one(`SELECT class FROM alerts WHERE id = ?`, []any{id}, &class)
	if err != nil || !found {
		return err
	}
	w.touch(class)
	_, err = w.exec(`INSERT INTO alert_comments (alert, comment, author, at) SELECT n, ?, ?, ? FROM alerts WHERE id = ?`,
		c.Text, c.By, c.At.UnixNano(), id)
	return err
}

// AddIncidentComment implements store.AlertWriter. It is for the readers of all its alerts, and tells nobody.
func (w *writer) AddIncidentComment(id string, c store.Comment) error {
	_, err := w.exec(`INSERT INTO incident_comments (incident, comment, author, at) VALUES (?, ?, ?, ?)`, id, c.Text, c.By, c.At.UnixNano())
	return err
}
