package events

import (
	"strings"
	"time"
)

// Ticks are how moments are stored: the number of 100 nanoseconds since the year 1, as KQL counts them. All seven digits that rows
// have are kept, every moment of KQL fits, and no arithmetic on them can fail as that of an engine's own types can.
type Ticks int64

const ticksTo1970 = 621_355_968_000_000_000

// TicksOf gives a moment as ticks.
func TicksOf(t time.Time) Ticks {
	return Ticks(t.Unix()*1e7 + int64(t.Nanosecond())/100 + ticksTo1970)
}

// Time gives the moment.
func (t Ticks) Time() time.Time {
	n := int64(t) - ticksTo1970
	return time.Unix(n/1e7, n%1e7*100).UTC()
}

// moments are the ways in which exports write times, the usual one first.
var moments = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02",
	"1/2/2006 3:04:05.999999999 PM", "1/2/2006, 3:04:05.999999999 PM", "Jan 2, 2006 3:04:05 PM",
}

func parseTicks(s string) (Ticks, bool) {
	for i, layout := range moments {
		t, err := time.Parse(layout, s)
		if err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return TicksOf(t), true
		}
		if i == 0 {
			s = strings.TrimSpace(s)
		}
	}
	return 0, false
}
