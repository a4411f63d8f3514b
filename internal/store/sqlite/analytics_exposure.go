package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// missing is every mitigation on every device on which it is missing, and the device.
const missing = `(SELECT m.report, m.mitigation, v.device, trim(v.vendor || ' ' || v.software || ' ' || v.version) AS software, v.seen,
			CASE lower(v.severity) WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END AS severity
		FROM report_mitigations m JOIN tvm_vulnerabilities v ON v.cve = m.cve WHERE m.cve <> ''
	UNION ALL SELECT m.report, m.mitigation, c.device, NULL, c.seen, 0
		FROM report_mitigations m JOIN tvm_configurations c ON c.configuration = m.configuration AND c.applicable = 1 AND c.compliant = 0 WHERE m.configuration <> ''
	) x JOIN devices d ON d.id = x.device WHERE 1`

// ExposedCounts implements store.AnalyticsReader.
func (r *reader) ExposedCounts(q store.ExposureQuery) ([]store.ReportCount, error) {
	s := &statement{}
	s.add(`SELECT x.report, count(DISTINCT x.device), count(DISTINCT CASE WHEN x.software IS NOT NULL THEN x.device END), count(DISTINCT CASE WHEN x.software IS NULL THEN x.device END) FROM ` + missing)
	s.exposure(q)
	s.add(` GROUP BY x.report ORDER BY x.report`)
	var list []store.ReportCount
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var report string
		var exposed, vulnerable, misconfigured int64
		err := rows.Scan(&report, &exposed, &vulnerable, &misconfigured)
		list = append(list, store.ReportCount{Report: report, Kind: store.ExposedDevices, Count: exposed},
			store.ReportCount{Report: report, Kind: store.VulnerableDevices, Count: vulnerable}, store.ReportCount{Report: report, Kind: store.MisconfiguredDevices, Count: misconfigured})
		return err
	}, s.args...)
	return list, err
}

func (s *statement) exposure(q store.ExposureQuery) {
	s.reachable(q.Devices)
	if q.Report != "" {
		s.add(` AND x.report = ?`, q.Report)
	}
	if q.Mitigation != "" {
		s.add(` AND x.mitigation = ?`, q.Mitigation)
	}
}

// MitigationCounts implements store.AnalyticsReader.
func (r *reader) MitigationCounts(q store.ExposureQuery) ([]store.MitigationCount, error) {
	s := &statement{}
	s.add(`SELECT x.report, x.mitigation, count(DISTINCT x.device) AS exposed, 0 FROM ` + missing)
	s.exposure(q)
	s.add(` GROUP BY 1, 2`)
	counts := map[[2]string]*store.MitigationCount{}
	var list []*store.MitigationCount
	of := func(report, mitigation string) *store.MitigationCount {
		k := [2]string{report, mitigation}
		if counts[k] == nil {
			counts[k] = &store.MitigationCount{Report: report, Mitigation: mitigation}
			list = append(list, counts[k])
		}
		return counts[k]
	}
	if err := r.each(s.String(), func(rows *sql.Rows) error {
		var c store.MitigationCount
		err := rows.Scan(&c.Report, &c.Mitigation, &c.Exposed, &c.Checked)
		*of(c.Report, c.Mitigation) = store.MitigationCount{Report: c.Report, Mitigation: c.Mitigation, Exposed: c.Exposed, Checked: c.Exposed}
		return err
	}, s.args...); err != nil {
		return nil, err
	}
	s = &statement{}
	s.add(`SELECT x.report, x.mitigation, count(*) FROM report_mitigations x JOIN tvm_configurations c ON c.configuration = x.configuration AND c.applicable = 1
		JOIN devices d ON d.id = c.device WHERE x.configuration <> ''`)
	s.exposure(q)
	s.add(` GROUP BY 1, 2`)
	if err := r.each(s.String(), func(rows *sql.Rows) error {
		var report, mitigation string
		var n int64
		err := rows.Scan(&report, &mitigation, &n)
		of(report, mitigation).Checked = n
		return err
	}, s.args...); err != nil {
		return nil, err
	}
	found := make([]store.MitigationCount, len(list))
	for i, c := range list {
		found[i] = *c
	}
	return found, nil
}

// ExposedDevices implements store.AnalyticsReader.
func (r *reader) ExposedDevices(q store.ExposureQuery) ([]store.ExposedDevice, error) {
	s := &statement{}
	s.add(`SELECT * FROM (SELECT d.id, d.name, CASE WHEN d.known THEN d.device_group ELSE '' END, d.known, max(x.seen), json_group_array(DISTINCT x.mitigation),
		json_group_array(DISTINCT x.software) FILTER (WHERE x.software IS NOT NULL), -max(x.severity) AS worst, -count(DISTINCT x.mitigation) AS lacks, lower(d.name) AS called FROM ` + missing)
	s.exposure(q)
	s.add(` GROUP BY d.id) e`)
	if a := q.After; a != (store.ExposedPlace{}) {
		s.add(` WHERE (e.worst, e.lacks, e.called, e.id) > (?, ?, ?, ?)`, -a.Severity, -a.Missing, a.Name, a.ID)
	}
	s.add(` ORDER BY e.worst, e.lacks, e.called, e.id LIMIT ?`, q.Limit)
	var list []store.ExposedDevice
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var d store.ExposedDevice
		var seen int64
		var mitigations, software string
		if err := rows.Scan(&d.ID, &d.Name, &d.DeviceGroup, &d.Known, &seen, &mitigations, &software, &d.Place.Severity, &d.Place.Missing, &d.Place.Name); err != nil {
			return err
		}
		d.Place.Severity, d.Place.Missing, d.Place.ID = -d.Place.Severity, -d.Place.Missing, d.ID
		d.Severity = weaknesses[d.Place.Severity]
		d.Seen = time.Unix(0, seen).UTC()
		if err := json.Unmarshal([]byte(mitigations), &d.Mitigations); err != nil {
			return err
		}
		list = append(list, d)
		return json.Unmarshal([]byte(software), &list[len(list)-1].Software)
	}, s.args...)
	return list, err
}

// weaknesses are the severities of vulnerabilities, by rank.
var weaknesses = map[int64]string{4: "Critical", 3: "High", 2: "Medium", 1: "Low"}

// CheckedDevices implements store.AnalyticsReader.
func (r *reader) CheckedDevices(reach store.DeviceReach) (int64, error) {
	s := &statement{}
	s.add(`SELECT count(*) FROM (SELECT device FROM tvm_vulnerabilities UNION SELECT device FROM tvm_configurations) x JOIN devices d ON d.id = x.device WHERE 1`)
	s.reachable(reach)
	var n int64
	_, err := r.one(s.String(), s.args, &n)
	return n, err
}

// VulnerabilityKB implements store.AnalyticsReader.
func (r *reader) VulnerabilityKB(cve string) (store.VulnerabilityKB, bool, error) {
	var kb store.VulnerabilityKB
	var published, modified sql.NullInt64
	found, err := r.one(`SELECT cve, severity, description, cvss, exploit, published, modified FROM tvm_vulnerability_kb WHERE cve = ?`, []any{cve},
		&kb.CVE, &kb.Severity, &kb.Description, &kb.CVSS, &kb.Exploit, &published, &modified)
	kb.Published, kb.Modified = moment(published), moment(modified)
	return kb, found, err
}

// ConfigurationKB implements store.AnalyticsReader.
func (r *reader) ConfigurationKB(id string) (store.ConfigurationKB, bool, error) {
	var kb store.ConfigurationKB
	var seen int64
	found, err := r.one(`SELECT id, name, description, risk, category, remediation, impact, seen FROM tvm_configuration_kb WHERE id = ?`, []any{id},
		&kb.ID, &kb.Name, &kb.Description, &kb.Risk, &kb.Category, &kb.Remediation, &kb.Impact, &seen)
	kb.Seen = time.Unix(0, seen).UTC()
	return kb, found, err
}

// prevented is the messages that were kept from their recipients, by report.
const prevented = ` FROM (SELECT DISTINCT rd.report, mt.mail FROM report_detections rd JOIN mail_threats mt ON mt.name = rd.name AND mt.at >= ?) x
	JOIN mails m ON m.n = x.mail WHERE m.action IN ('Blocked', 'Junked')`

func (s *statement) prevented(q store.MailQuery) {
	s.add(prevented, q.Since.UnixNano())
	if q.Report != "" {
		s.add(` AND x.report = ?`, q.Report)
	}
}

// PreventedCounts implements store.AnalyticsReader.
func (r *reader) PreventedCounts(q store.MailQuery) ([]store.ReportCount, error) {
	s := &statement{}
	s.add(`SELECT x.report, lower(m.action), 0, count(*)`)
	s.prevented(q)
	s.add(` GROUP BY 1, 2 ORDER BY 1, 2`)
	return r.counts(s)
}

// PreventedDays implements store.AnalyticsReader.
func (r *reader) PreventedDays(q store.MailQuery) ([]store.ReportCount, error) {
	s := &statement{}
	s.add(`SELECT x.report, lower(m.action), m.at / ? AS day, count(*)`, dayOf)
	s.prevented(q)
	s.add(` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`)
	return r.counts(s)
}

// Prevented implements store.AnalyticsReader.
func (r *reader) Prevented(q store.MailQuery) ([]store.Mail, error) {
	s := &statement{}
	s.add(`SELECT m.message, m.recipient, m.sender, m.subject, m.direction, m.action, m.location, m.types, m.threats, m.methods, m.at`)
	s.prevented(q)
	if q.After != (store.MailPlace{}) {
		s.add(` AND (m.at < ? OR m.at = ? AND (m.message, m.recipient) > (?, ?))`, q.After.At, q.After.At, q.After.Message, q.After.Recipient)
	}
	s.add(` ORDER BY m.at DESC, m.message, m.recipient LIMIT ?`, q.Limit)
	var list []store.Mail
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var m store.Mail
		var threats string
		var at int64
		if err := rows.Scan(&m.Message, &m.Recipient, &m.Sender, &m.Subject, &m.Direction, &m.Action, &m.Location, &m.ThreatTypes, &threats, &m.Methods, &at); err != nil {
			return err
		}
		m.At = time.Unix(0, at).UTC()
		list = append(list, m)
		return json.Unmarshal([]byte(threats), &list[len(list)-1].Threats)
	}, s.args...)
	return list, err
}

// MailSeen implements store.AnalyticsReader.
func (r *reader) MailSeen() (bool, error) {
	var seen bool
	_, err := r.one(`SELECT seen FROM mail_seen`, nil, &seen)
	return seen, err
}
