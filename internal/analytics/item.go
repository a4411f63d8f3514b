package analytics

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Item is a report and what it means to the organisation, as far as one reader may know.
type Item struct {
	store.Report
	Alerts      Alerts
	Incidents   Incidents
	Assets      Assets
	Exposure    Exposure
	Mail        Mail
	Mitigations []Mitigation // of a report alone
	Removal     string       // what the reader lacks to remove it; of a report alone
}

// Alerts are those that bear the name of one of the report's detections. Days is the last SeriesDays, of a report alone.
type Alerts struct {
	Part
	Active, Resolved int64
	Days             []AlertDay
}

// AlertDay counts the alerts that were made on a day (UTC), by what they are now.
type AlertDay struct {
	Date             time.Time
	Active, Resolved int64
}

// Incidents are those of these alerts that the reader sees.
type Incidents struct {
	Part
	Counted bool // Total is: of a report alone
	Total   int64
}

// Assets are what the alerts are about, each counted once.
type Assets struct {
	Part
	Devices, Mailboxes, Users int64
	Days                      []AssetDay
}

func (a Assets) all() int64 { return a.Devices + a.Mailboxes + a.Users }

// AssetDay counts what the alerts of a day (UTC) are about.
type AssetDay struct {
	Date                      time.Time
	Devices, Mailboxes, Users int64
}

// Level is how far the devices that a reader may know of are open to a threat.
type Level string

// The levels. None is a zero that means zero; the first two mean that there is no number.
const (
	NotMeasured Level = "notMeasured" // the report names no mitigation that can be measured
	NoData      Level = "noData"      // nothing is known of any device
	None        Level = "none"        // no device lacks any of the mitigations
	Low         Level = "low"         // fewer than 10 in 100 lack one
	Medium      Level = "medium"      // fewer than 30 in 100
	High        Level = "high"
)

var levelRank = map[Level]int{None: 1, Low: 2, Medium: 3, High: 4}

// Exposure is on how many devices one of the mitigations is missing, of how many of which anything is known.
type Exposure struct {
	Part
	Level            Level
	Exposed, Checked int64
	Vulnerable       int64 // of the exposed: they have software with one of the vulnerabilities
	Misconfigured    int64 // of the exposed: they fail one of the checks
}

// Mail is the messages with what the report is about that were kept from their recipients within MailDays.
type Mail struct {
	Part
	Known           bool // messages have been loaded at all; otherwise there is no number
	Blocked, Junked int64
	Days            []MailDay
}

// MailDay counts them by day (UTC).
type MailDay struct {
	Date            time.Time
	Blocked, Junked int64
}

// Mitigation is one thing that the report asks for, and on how many devices it is missing.
type Mitigation struct {
	store.Mitigation
	Measured         bool // by a check or a vulnerability
	Known            bool // and there are rows about it; otherwise there is no number
	Exposed, Checked int64
	Severity, Advice string // as the product knows them in general
	CVSS             float64
	Exploit          bool // one is public
}

// How far back counts by day go.
const (
	SeriesDays = 30
	MailDays   = 7
)

// firstDay is the midnight with which the last n days begin, today among them.
func (d *desk) firstDay(n int) time.Time {
	return time.Date(d.at.Year(), d.at.Month(), d.at.Day(), 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1-n)
}

func levelOf(measured bool, exposed, checked int64) Level {
	switch {
	case !measured:
		return NotMeasured
	case checked == 0:
		return NoData
	case exposed == 0:
		return None
	case exposed*100 < checked*10:
		return Low
	case exposed*100 < checked*30:
		return Medium
	}
	return High
}

func measured(p store.Report) bool {
	for _, m := range p.Body.Mitigations {
		if m.CVE != "" || m.Configuration != "" {
			return true
		}
	}
	return false
}
