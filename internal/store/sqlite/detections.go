package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// detectionBody is what no list is filtered by.
type detectionBody struct {
	DetectorID   string                  `json:"detectorId"`
	Query        string                  `json:"query"`
	Period       time.Duration           `json:"period"`
	Alert        store.DetectionAlert    `json:"alert"`
	Actions      []store.DetectionAction `json:"actions,omitempty"`
	Tables       []string                `json:"tables"`
	Workloads    rbac.WorkloadSet        `json:"workloads"`
	PausedAt     time.Time               `json:"pausedAt,omitzero"`
	Created      time.Time               `json:"created"`
	Updated      time.Time               `json:"updated"`
	CreatedBy    string                  `json:"createdBy"`
	UpdatedBy    string                  `json:"updatedBy"`
	QueryUpdated time.Time               `json:"queryUpdated"`
}

const detectionColumns = `d.id, d.name, d.on_, d.owner, d.all_devices, d.paused, d.body, d.window_from, d.window_to, d.due, d.attempts, d.holder, d.holds_until,
	(SELECT r.body FROM detection_runs r WHERE r.detection = d.id ORDER BY r.started DESC, r.window_to DESC LIMIT 1)`

// Detections implements store.DetectionReader.
func (r *reader) Detections() ([]store.Detection, error) { return r.detections(`ORDER BY d.key, d.id`) }

// Detection implements store.DetectionReader.
func (r *reader) Detection(id string) (store.Detection, bool, error) {
	list, err := r.detections(`WHERE d.id = ?`, id)
	if err != nil || len(list) == 0 {
		return store.Detection{}, false, err
	}
	return list[0], true, nil
}

// DetectionsDue implements store.DetectionReader.
func (r *reader) DetectionsDue(by time.Time) ([]store.Detection, error) {
	return r.detections(`WHERE d.id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY owner ORDER BY due, id) n FROM detections
		WHERE on_ = 1 AND paused = '' AND due <= ?1 AND (holds_until IS NULL OR holds_until <= ?1)) WHERE n = 1) ORDER BY d.due, d.id`, by.UnixNano())
}

func (r *reader) detections(which string, args ...any) ([]store.Detection, error) {
	var list []store.Detection
	at := map[string]int{}
	err := r.each(`SELECT `+detectionColumns+` FROM detections d `+which, func(rows *sql.Rows) error {
		d, err := scanDetection(rows)
		at[d.ID] = len(list)
		list = append(list, d)
		return err
	}, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, r.each(`SELECT n.detection, g.name FROM detection_device_groups n JOIN device_groups g ON g.key = n.device_group ORDER BY g.name`, func(rows *sql.Rows) error {
		var detection, group string
		if err := rows.Scan(&detection, &group); err != nil {
			return err
		}
		if i, ok := at[detection]; ok {
			list[i].Groups = append(list[i].Groups, group)
		}
		return nil
	})
}

func scanDetection(rows *sql.Rows) (store.Detection, error) {
	var d store.Detection
	var body string
	var last sql.NullString
	var from, to, due int64
	var until sql.NullInt64
	err := rows.Scan(&d.ID, &d.Name, &d.On, &d.Owner, &d.AllDevices, &d.Paused, &body, &from, &to, &due, &d.Turn.Attempts, &d.Turn.Holder, &until, &last)
	if err != nil {
		return d, err
	}
	d.Turn.From, d.Turn.To = time.Unix(0, from).UTC(), time.Unix(0, to).UTC()
	d.Turn.Due, d.Turn.Until = time.Unix(0, due).UTC(), moment(until)
	var b detectionBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return d, err
	}
	d.DetectorID, d.Query, d.Period, d.Alert, d.Actions, d.Tables, d.Workloads = b.DetectorID, b.Query, b.Period, b.Alert, b.Actions, b.Tables, b.Workloads
	d.PausedAt, d.Created, d.Updated, d.CreatedBy, d.UpdatedBy, d.QueryUpdated = b.PausedAt, b.Created, b.Updated, b.CreatedBy, b.UpdatedBy, b.QueryUpdated
	if last.Valid {
		return d, json.Unmarshal([]byte(last.String), &d.Last)
	}
	return d, nil
}

// PutDetection implements store.DetectionWriter.
func (w *writer) PutDetection(d store.Detection) error {
	body, err := json.Marshal(detectionBody{
		DetectorID: d.DetectorID, Query: d.Query, Period: d.Period, Alert: d.Alert, Actions: d.Actions, Tables: d.Tables, Workloads: d.Workloads,
		PausedAt: d.PausedAt, Created: d.Created, Updated: d.Updated, CreatedBy: d.CreatedBy, UpdatedBy: d.UpdatedBy, QueryUpdated: d.QueryUpdated,
	})
	if err != nil {
		return err
	}
	_, err = w.exec(`INSERT INTO detections (id, key, name, on_, owner, all_devices, paused, body, window_from, window_to, due, attempts, holder)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, '')
		ON CONFLICT (id) DO UPDATE SET key = excluded.key, name = excluded.name, on_ = excluded.on_, owner = excluded.owner, all_devices = excluded.all_devices,
		paused = excluded.paused, body = excluded.body`,
		d.ID, fold(d.Name), d.Name, d.On, d.Owner, d.AllDevices, d.Paused, string(body))
	if err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM detection_device_groups WHERE detection = ?`, d.ID); err != nil {
		return err
	}
	for _, g := range d.Groups {
		if _, err := w.exec(`INSERT INTO detection_device_groups (detection, device_group) VALUES (?, ?) ON CONFLICT DO NOTHING`, d.ID, fold(g)); err != nil {
			return err
		}
	}
	return nil
}

// RemoveDetection implements store.DetectionWriter.
func (w *writer) RemoveDetection(id string) (bool, error) {
	n, err := w.exec(`DELETE FROM detections WHERE id = ?`, id)
	return n > 0, err
}

// TakeTurn implements store.DetectionWriter.
func (w *writer) TakeTurn(id string, t store.DetectionTurn) error {
	_, err := w.exec(`UPDATE detections SET window_from = ?, window_to = ?, due = ?, attempts = ?, holder = ?, holds_until = ? WHERE id = ?`,
		t.From.UnixNano(), t.To.UnixNano(), t.Due.UnixNano(), t.Attempts, t.Holder, nanos(t.Until), id)
	return err
}

// AddDetectionRun implements store.DetectionWriter.
func (w *writer) AddDetectionRun(run store.DetectionRun) error {
	body, err := json.Marshal(run)
	if err != nil {
		return err
	}
	_, err = w.exec(`INSERT INTO detection_runs (detection, window_to, started, body) VALUES (?, ?, ?, ?)`,
		run.Detection, run.To.UnixNano(), run.Started.UnixNano(), string(body))
	return err
}

// DetectionRuns implements store.DetectionReader.
func (r *reader) DetectionRuns(id string, after store.DetectionPlace, limit int) ([]store.DetectionRun, error) {
	var list []store.DetectionRun
	err := r.each(`SELECT body FROM detection_runs WHERE detection = ?1 AND (?2 = 0 OR (started, window_to) < (?2, ?3)) ORDER BY started DESC, window_to DESC LIMIT ?4`,
		func(rows *sql.Rows) error {
			var body string
			if err := rows.Scan(&body); err != nil {
				return err
			}
			list = append(list, store.DetectionRun{})
			return json.Unmarshal([]byte(body), &list[len(list)-1])
		}, id, after.Started, after.To, limit)
	return list, err
}

// CountDetectionRuns implements store.DetectionReader.
func (r *reader) CountDetectionRuns(id string) (int64, error) {
	var n int64
	_, err := r.one(`SELECT count(*) FROM detection_runs WHERE detection = ?`, []any{id}, &n)
	return n, err
}

// DevicesNamed implements store.DetectionReader.
func (r *reader) DevicesNamed(name string) ([]store.Device, error) {
	var list []store.Device
	err := r.each(`SELECT `+deviceColumns+` FROM devices d WHERE lower(d.name) = lower(?) ORDER BY d.id LIMIT 1000`, func(rows *sql.Rows) error {
		var d store.Device
		err := scanDevice(rows.Scan, &d)
		list = append(list, d)
		return err
	}, name)
	return list, err
}

// DetectionTold implements store.DetectionReader.
func (r *reader) DetectionTold(id string, matches []string) (map[string]bool, error) {
	told := map[string]bool{}
	for _, m := range matches {
		var n int
		found, err := r.one(`SELECT 1 FROM detection_matches WHERE detection = ? AND match = ?`, []any{id, m}, &n)
		if err != nil {
			return nil, err
		}
		if found {
			told[m] = true
		}
	}
	return told, nil
}

// TellDetection implements store.DetectionWriter.
func (w *writer) TellDetection(id string, matches []string, until time.Time) error {
	for _, m := range matches {
		if _, err := w.exec(`INSERT INTO detection_matches (detection, match, until) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`, id, m, until.UnixNano()); err != nil {
			return err
		}
	}
	return nil
}

// SettleDetectionRuns implements store.DetectionWriter.
func (w *writer) SettleDetectionRuns(now time.Time) error {
	at := now.UTC().Format(time.RFC3339Nano)
	_, err := w.exec(`UPDATE detection_runs SET started = ?1, body = json_set(body, '$.Started', ?2, '$.Ended', ?2) WHERE started > ?1`, now.UnixNano(), at)
	return err
}

// ForgetDetections implements store.DetectionWriter.
func (w *writer) ForgetDetections(runs, matches time.Time) error {
	if _, err := w.exec(`DELETE FROM detection_runs WHERE started < ?`, runs.UnixNano()); err != nil {
		return err
	}
	_, err := w.exec(`DELETE FROM detection_matches WHERE until < ?`, matches.UnixNano())
	return err
}
