package sqlite

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Settings implements store.SettingsReader.
func (r *reader) Settings() (store.Settings, error) {
	var s store.Settings
	var updated int64
	_, err := r.one(`SELECT tell_hidden, updated, updated_by FROM centre_settings`, nil, &s.TellHidden, &updated, &s.UpdatedBy)
	s.Updated = since(updated)
	return s, err
}

// SetSettings implements store.SettingsWriter.
func (w *writer) SetSettings(s store.Settings) error {
	_, err := w.exec(`UPDATE centre_settings SET tell_hidden = ?, updated = ?, updated_by = ?`, s.TellHidden, s.Updated.UnixNano(), s.UpdatedBy)
	return err
}

// since is a stored time; 0: never.
func since(nanoseconds int64) time.Time {
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds).UTC()
}
