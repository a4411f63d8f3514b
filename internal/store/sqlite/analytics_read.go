package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

const reportColumns = `id, title, type, severity, published, updated, body`

func scanReport(scan func(...any) error, more ...any) (store.Report, error) {
	var p store.Report
	var published, updated int64
	var body string
	if err := scan(append([]any{&p.ID, &p.Title, &p.Type, &p.Severity, &published, &updated, &body}, more...)...); err != nil {
		return p, err
	}
	p.Published, p.Updated = time.Unix(0, published).UTC(), time.Unix(0, updated).UTC()
	return p, json.Unmarshal([]byte(body), &p.Body)
}

// Reports implements store.AnalyticsReader.
func (r *reader) Reports() ([]store.Report, error) {
	var list []store.Report
	err := r.each(`SELECT `+reportColumns+` FROM reports ORDER BY updated DESC, id`, func(rows *sql.Rows) error {
		p, err := scanReport(rows.Scan)
		list = append(list, p)
		return err
	})
	return list, err
}

// Report implements store.AnalyticsReader.
func (r *reader) Report(id string) (store.Report, bool, error) {
	var p store.Report
	found := false
	err := r.each(`SELECT `+reportColumns+`, content FROM reports WHERE id = ?`, func(rows *sql.Rows) (err error) {
		var content string
		found = true
		p, err = scanReport(rows.Scan, &content)
		p.Body.Content = content
		return err
	}, id)
	return p, found, err
}

const dayOf = int64(24 * time.Hour)

// related begins what is asked of the alerts of reports: the reader's reach first (invariant 4).
func (s *statement) related(q store.RelatedQuery, from string) error {
	s.add(` FROM report_alerts ra JOIN alerts a ON a.n = ra.alert` + from + ` WHERE `)
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return err
	}
	if q.Report != "" {
		s.add(` AND ra.report = ?`, q.Report)
	}
	return nil
}

// reachable appends the condition that a reader may know of the device d.
func (s *statement) reachable(r store.DeviceReach) {
	s.add(` AND (? OR d.known AND d.device_group IN (SELECT value FROM json_each(?)))`, r.All, listText(r.Groups))
}

func (r *reader) counts(s *statement) ([]store.ReportCount, error) {
	var list []store.ReportCount
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var c store.ReportCount
		err := rows.Scan(&c.Report, &c.Kind, &c.Day, &c.Count)
		list = append(list, c)
		return err
	}, s.args...)
	return list, err
}

const (
	alertState = `CASE a.status WHEN 'resolved' THEN 'resolved' ELSE 'active' END`
	onDevices  = ` JOIN alert_devices ad ON ad.alert = a.n JOIN devices d ON d.id = ad.device`
	onAccounts = ` JOIN related_accounts u ON u.alert = a.n`
)

// RelatedAlerts implements store.AnalyticsReader.
func (r *reader) RelatedAlerts(q store.RelatedQuery) ([]store.ReportCount, error) {
	s := &statement{}
	s.add(`SELECT ra.report, ` + alertState + ` AS state, 0, count(*)`)
	if err := s.related(q, ""); err != nil {
		return nil, err
	}
	s.add(` GROUP BY ra.report, state ORDER BY ra.report, state`)
	return r.counts(s)
}

// RelatedDays implements store.AnalyticsReader.
func (r *reader) RelatedDays(q store.RelatedQuery) ([]store.ReportCount, error) {
	s := &statement{}
	s.add(`SELECT ra.report, `+alertState+` AS state, a.created / ? AS day, count(*)`, dayOf)
	if err := s.related(q, ""); err != nil {
		return nil, err
	}
	s.add(` AND a.created >= ? GROUP BY ra.report, state, day ORDER BY ra.report, state, day`, q.Since.UnixNano())
	return r.counts(s)
}

// AssetCounts implements store.AnalyticsReader.
func (r *reader) AssetCounts(q store.RelatedQuery) ([]store.ReportCount, error) {
	s := &statement{}
	if err := s.assetCounts(q, "0", false); err != nil {
		return nil, err
	}
	return r.counts(s)
}

// AssetDays implements store.AnalyticsReader.
func (r *reader) AssetDays(q store.RelatedQuery) ([]store.ReportCount, error) {
	s := &statement{}
	if err := s.assetCounts(q, "a.created / 86400000000000", true); err != nil {
		return nil, err
	}
	return r.counts(s)
}

func (s *statement) assetCounts(q store.RelatedQuery, day string, since bool) error {
	s.add(`SELECT ra.report AS report, 'device' AS kind, ` + day + ` AS day, count(DISTINCT d.id)`)
	if err := s.related(q, onDevices); err != nil {
		return err
	}
	s.reachable(q.Devices)
	if since {
		s.add(` AND a.created >= ?`, q.Since.UnixNano())
	}
	s.add(` GROUP BY 1, 2, 3 UNION ALL SELECT ra.report, u.kind, ` + day + `, count(DISTINCT u.name)`)
	if err := s.related(q, onAccounts); err != nil {
		return err
	}
	if since {
		s.add(` AND a.created >= ?`, q.Since.UnixNano())
	}
	s.add(` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`)
	return nil
}

// Assets implements store.AnalyticsReader.
func (r *reader) Assets(q store.RelatedQuery) ([]store.Asset, error) {
	s := &statement{}
	const sums = `count(*) AS alerts, sum(a.status <> 'resolved'), min(a.created), max(a.created)`
	if q.Kind == "device" {
		s.add(`SELECT d.id AS asset, d.name, CASE WHEN d.known THEN d.device_group ELSE '' END, d.known, ` + sums)
		if err := s.related(q, onDevices); err != nil {
			return nil, err
		}
		s.reachable(q.Devices)
	} else {
		s.add(`SELECT u.name AS asset, u.name, '', 0, ` + sums)
		if err := s.related(q, onAccounts); err != nil {
			return nil, err
		}
		s.add(` AND u.kind = ?`, q.Kind)
	}
	s.add(` GROUP BY 1`)
	if q.After != (store.AssetPlace{}) {
		s.add(` HAVING count(*) < ? OR count(*) = ? AND asset > ?`, q.After.Alerts, q.After.Alerts, q.After.ID)
	}
	s.add(` ORDER BY alerts DESC, asset LIMIT ?`, q.Limit)
	var list []store.Asset
	err := r.each(s.String(), func(rows *sql.Rows) error {
		a := store.Asset{Kind: q.Kind}
		var first, last int64
		err := rows.Scan(&a.ID, &a.Name, &a.DeviceGroup, &a.Known, &a.Alerts, &a.Active, &first, &last)
		a.First, a.Last = time.Unix(0, first).UTC(), time.Unix(0, last).UTC()
		list = append(list, a)
		return err
	}, s.args...)
	return list, err
}

// RelatedIncidents implements store.AnalyticsReader.
func (r *reader) RelatedIncidents(q store.RelatedQuery) ([]string, int64, error) {
	total, s := &statement{}, &statement{}
	total.add(`SELECT count(DISTINCT a.incident)`)
	if err := total.related(q, ""); err != nil {
		return nil, 0, err
	}
	total.add(` AND a.incident <> ''`)
	var n int64
	if _, err := r.one(total.String(), total.args, &n); err != nil {
		return nil, 0, err
	}
	s.add(`SELECT a.incident`)
	if err := s.related(q, ""); err != nil {
		return nil, 0, err
	}
	s.add(` AND a.incident <> '' GROUP BY a.incident ORDER BY max(a.created) DESC, a.incident LIMIT ? OFFSET ?`, q.Limit, q.Skip)
	var ids []string
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, s.args...)
	return ids, n, err
}
