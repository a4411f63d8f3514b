package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Report implements store.RecordTaker.
func (t *taker) Report(p store.Report) (store.Taken, error) {
	var updated int64
	found, err := t.w.one(`SELECT updated FROM reports WHERE id = ?`, []any{p.ID}, &updated)
	if err != nil || found && p.Updated.UnixNano() <= updated {
		return store.Unchanged, err
	}
	// The names that are known so far are without this report's earlier ones: they are read again when they are needed.
	t.detections = nil
	if _, err := t.w.RemoveReport(p.ID); err != nil {
		return store.Unchanged, err
	}
	content := p.Body.Content
	p.Body.Content = ""
	body, err := json.Marshal(p.Body)
	if err != nil {
		return store.Unchanged, err
	}
	if _, err := t.w.exec(`INSERT INTO reports (id, title, type, severity, published, updated, body, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.Title, p.Type, p.Severity, p.Published.UnixNano(), p.Updated.UnixNano(), string(body), content); err != nil {
		return store.Unchanged, err
	}
	for _, name := range p.Body.Detections {
		if _, err := t.w.exec(`INSERT OR IGNORE INTO report_detections (name, report) VALUES (?, ?)`, strings.ToLower(name), p.ID); err != nil {
			return store.Unchanged, err
		}
	}
	for _, m := range p.Body.Mitigations {
		if _, err := t.w.exec(`INSERT INTO report_mitigations (report, mitigation, configuration, cve) VALUES (?, ?, ?, ?)`,
			p.ID, m.ID, m.Configuration, m.CVE); err != nil {
			return store.Unchanged, err
		}
	}
	t.reports[p.ID] = true
	if found {
		return store.Updated, nil
	}
	return store.Created, nil
}

// RemoveReport implements store.AnalyticsWriter.
func (w *writer) RemoveReport(id string) (bool, error) {
	n, err := w.exec(`DELETE FROM reports WHERE id = ?`, id)
	return n > 0, err
}

// named gives the reports that mean an alert by one of these names.
func (t *taker) named(names []string) ([]string, error) {
	if t.detections == nil {
		t.detections = map[string][]string{}
		err := t.w.each(`SELECT name, report FROM report_detections`, func(rows *sql.Rows) error {
			var name, report string
			err := rows.Scan(&name, &report)
			t.detections[name] = append(t.detections[name], report)
			return err
		})
		if err != nil {
			t.detections = nil
			return nil, err
		}
	}
	var found []string
	for _, n := range names {
		found = append(found, t.detections[n]...)
	}
	return found, nil
}

// relate finds the reports of an alert that has come in.
func (t *taker) relate(n int64, a store.Alert, found bool) error {
	if _, err := t.named(nil); err != nil || len(t.detections) == 0 {
		return err // the usual case: nothing is looked into
	}
	if found {
		for _, table := range []string{"report_alerts", "related_accounts"} {
			if _, err := t.w.exec(`DELETE FROM `+table+` WHERE alert = ?`, n); err != nil {
				return err
			}
		}
	}
	reports, err := t.named(store.DetectionNames(a.Title, a.Body))
	if err != nil || len(reports) == 0 {
		return err
	}
	return t.w.related(n, reports, a.Evidence)
}

func (w *writer) related(alert int64, reports []string, evidence json.RawMessage) error {
	for _, r := range reports {
		if _, err := w.exec(`INSERT OR IGNORE INTO report_alerts (report, alert) VALUES (?, ?)`, r, alert); err != nil {
			return err
		}
	}
	for _, a := range store.Accounts(evidence) {
		if _, err := w.exec(`INSERT OR IGNORE INTO related_accounts (alert, kind, name) VALUES (?, ?, ?)`, alert, a.Kind, a.Name); err != nil {
			return err
		}
	}
	return nil
}

// rematch looks through the alerts that are there for those that the reports taken mean: once for all of these.
func (t *taker) rematch() error {
	if len(t.reports) == 0 {
		return nil
	}
	meant := map[int64][]string{}
	err := t.w.each(`SELECT a.n, a.title, coalesce(b.body ->> '$.threatDisplayName', ''), coalesce(b.body ->> '$.threatFamilyName', ''), coalesce(b.body ->> '$.detectorId', '')
		FROM alerts a JOIN alert_bodies b ON b.alert = a.n`, func(rows *sql.Rows) error {
		var n int64
		names := make([]string, 4)
		if err := rows.Scan(&n, &names[0], &names[1], &names[2], &names[3]); err != nil {
			return err
		}
		for i := range names {
			names[i] = strings.ToLower(strings.TrimSpace(names[i]))
		}
		all, err := t.named(names)
		for _, r := range all {
			if t.reports[r] {
				meant[n] = append(meant[n], r)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for n, reports := range meant {
		var evidence string
		if _, err := t.w.one(`SELECT evidence FROM alert_bodies WHERE alert = ?`, []any{n}, &evidence); err != nil {
			return err
		}
		if err := t.w.related(n, reports, json.RawMessage(evidence)); err != nil {
			return err
		}
	}
	return nil
}

// Row implements store.RecordTaker.
func (t *taker) Row(row store.Row) (store.Taken, error) {
	switch r := row.(type) {
	case store.Vulnerability:
		if err := t.checked(r.Device); err != nil {
			return store.Unchanged, err
		}
		return t.newer(r.Device.Seen, `SELECT seen FROM tvm_vulnerabilities WHERE device = ? AND cve = ? AND vendor = ? AND software = ? AND version = ?`,
			[]any{r.Device.ID, r.CVE, r.Vendor, r.Software, r.Version},
			`INSERT OR REPLACE INTO tvm_vulnerabilities (device, cve, vendor, software, version, severity, fix, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			r.Severity, r.Update, r.Device.Seen.UnixNano())
	case store.Configuration:
		if err := t.checked(r.Device); err != nil {
			return store.Unchanged, err
		}
		return t.newer(r.Device.Seen, `SELECT seen FROM tvm_configurations WHERE device = ? AND configuration = ?`, []any{r.Device.ID, r.ID},
			`INSERT OR REPLACE INTO tvm_configurations (device, configuration, applicable, compliant, seen) VALUES (?, ?, ?, ?, ?)`,
			r.Applicable, r.Compliant, r.Device.Seen.UnixNano())
	case store.VulnerabilityKB:
		return t.newer(r.Modified, `SELECT coalesce(modified, 0) FROM tvm_vulnerability_kb WHERE cve = ?`, []any{r.CVE},
			`INSERT OR REPLACE INTO tvm_vulnerability_kb (cve, severity, description, cvss, exploit, published, modified) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			r.Severity, r.Description, r.CVSS, r.Exploit, nanos(r.Published), nanos(r.Modified))
	case store.ConfigurationKB:
		return t.newer(r.Seen, `SELECT seen FROM tvm_configuration_kb WHERE id = ?`, []any{r.ID},
			`INSERT OR REPLACE INTO tvm_configuration_kb (id, name, description, risk, category, remediation, impact, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			r.Name, r.Description, r.Risk, r.Category, r.Remediation, r.Impact, r.Seen.UnixNano())
	case store.Mail:
		return t.mail(r)
	case store.DeviceSeen:
		return t.deviceSeen(r.Device)
	}
	return store.Unchanged, fmt.Errorf("a row of no table: %T", row)
}

// deviceSeen takes what a row of DeviceInfo tells, in whatever order rows come (S7).
func (t *taker) deviceSeen(d store.Device) (store.Taken, error) {
	before, found, err := t.w.Device(d.ID)
	if err != nil {
		return store.Unchanged, err
	}
	if _, err := t.device(d); err != nil {
		return store.Unchanged, err
	}
	switch after := *t.devices[d.ID]; {
	case !found:
		return store.Created, nil
	case same(before, after) && before.Group == after.Group:
		return store.Unchanged, nil
	}
	return store.Updated, nil
}

// newer writes what replaces an older thing of the same key, or is the first.
func (t *taker) newer(at time.Time, find string, key []any, put string, rest ...any) (store.Taken, error) {
	var seen int64
	found, err := t.w.one(find, key, &seen)
	if err != nil || found && at.UnixNano() <= seen {
		return store.Unchanged, err
	}
	if _, err := t.w.exec(put, append(key[:len(key):len(key)], rest...)...); err != nil {
		return store.Unchanged, err
	}
	if found {
		return store.Updated, nil
	}
	return store.Created, nil
}

// checked takes what a row tells of its device.
func (t *taker) checked(d store.Device) error {
	t.measured[d.ID] = true
	_, err := t.device(d)
	return err
}

// stale is for how long a weakness counts that newer rows of its device no longer name: exports give what there is, never what
// has gone.
const stale = 24 * time.Hour

// mend forgets the weaknesses of the measured devices that are a day older than the newest row of their device.
func (t *taker) mend() error {
	for d := range t.measured {
		if _, err := t.w.exec(`DELETE FROM tvm_vulnerabilities WHERE device = ?1 AND seen < -?2 + (SELECT max(seen) FROM
			(SELECT seen FROM tvm_vulnerabilities WHERE device = ?1 UNION ALL SELECT seen FROM tvm_configurations WHERE device = ?1))`, d, int64(stale)); err != nil {
			return err
		}
	}
	return nil
}

// mail keeps a message in which something was found. The last row of a message tells where it ended.
func (t *taker) mail(m store.Mail) (store.Taken, error) {
	if !t.mailSeen {
		t.mailSeen = true
		if _, err := t.w.exec(`UPDATE mail_seen SET seen = 1 WHERE seen = 0`); err != nil {
			return store.Unchanged, err
		}
	}
	if m.ThreatTypes == "" && len(m.Threats) == 0 {
		return store.Unchanged, nil
	}
	var n, sent int64
	found, err := t.w.one(`SELECT n, sent FROM mails WHERE message = ? AND recipient = ?`, []any{m.Message, m.Recipient}, &n, &sent)
	if err != nil || found && m.Sent.UnixNano() <= sent {
		return store.Unchanged, err
	}
	if found {
		if _, err := t.w.exec(`DELETE FROM mails WHERE n = ?`, n); err != nil {
			return store.Unchanged, err
		}
	}
	if _, err := t.w.one(`INSERT INTO mails (message, recipient, sender, subject, direction, action, location, types, threats, methods, at, sent)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`, []any{
		m.Message, m.Recipient, m.Sender, m.Subject, m.Direction, m.Action, m.Location, m.ThreatTypes, listText(m.Threats), m.Methods, m.At.UnixNano(), m.Sent.UnixNano(),
	}, &n); err != nil {
		return store.Unchanged, err
	}
	for _, name := range m.Threats {
		if _, err := t.w.exec(`INSERT OR IGNORE INTO mail_threats (name, mail, at) VALUES (?, ?, ?)`, strings.ToLower(name), n, m.At.UnixNano()); err != nil {
			return store.Unchanged, err
		}
	}
	if found {
		return store.Updated, nil
	}
	return store.Created, nil
}
