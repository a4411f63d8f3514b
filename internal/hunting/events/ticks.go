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

// usualTicks reads a time as most exports write it, 2026-02-03T09:10:11.1234567Z, with up to nine digits of a second or none. What is written
// in another way, or is no time, is not ok: parseTicks knows more.
func usualTicks(s []byte) (t Ticks, ok bool) {
	const shape = "0000-00-00T00:00:00"
	n := len(s) - 1
	if n < len(shape) || n > len(shape)+10 || n == len(shape)+1 || s[n] != 'Z' {
		return 0, false
	}
	for i := range n {
		switch {
		case i < len(shape) && shape[i] != '0':
			if s[i] != shape[i] {
				return 0, false
			}
		case i == len(shape):
			if s[i] != '.' {
				return 0, false
			}
		case s[i]-'0' > 9:
			return 0, false
		}
	}
	two := func(i int) int64 { return int64(s[i]-'0')*10 + int64(s[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	if year < 1 || month < 1 || month > 12 || day < 1 || day > 28 && day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	fraction := int64(0)
	for i := range 7 {
		fraction *= 10
		if at := len(shape) + 1 + i; at < n {
			fraction += int64(s[at] - '0')
		}
	}
	// Days since the year 1, in years that begin in March: then what a leap year has more stands at the end of one.
	if month -= 3; month < 0 {
		month, year = month+12, year-1
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 307
	return Ticks(((days*24+hour)*60+minute)*60+second)*1e7 + Ticks(fraction), true
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
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
