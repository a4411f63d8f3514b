package udf

import (
	"math"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a worker opens no files

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

func at(ticks int64) time.Time { return syntax.TimeOf(ticks) }

// ticksOf gives a moment as ticks, and null where KQL knows none.
func ticksOf(t time.Time) any {
	if y := t.Year(); y < 1 || y > 9999 {
		return nil
	}
	return (t.Unix()+62_135_596_800)*ticksPerSecond + int64(t.Nanosecond())/100
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// maxOffset is how far a moment can be moved that is still one.
const maxOffset = 4_000_000

func init() {
	starts := map[string]func(t time.Time, n int) time.Time{
		"day":  func(t time.Time, n int) time.Time { return midnight(t).AddDate(0, 0, n) },
		"week": func(t time.Time, n int) time.Time { return midnight(t).AddDate(0, 0, 7*n-int(t.Weekday())) },
		"month": func(t time.Time, n int) time.Time {
			return time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		},
		"year": func(t time.Time, n int) time.Time { return time.Date(t.Year()+n, 1, 1, 0, 0, 0, 0, time.UTC) },
	}
	for name, start := range starts {
		add("startof"+name, "t|l", Moment, func(a Args) any {
			if a.None(0) || !valid(a.L(0)) || a.L(1) > maxOffset || a.L(1) < -maxOffset {
				return nil
			}
			return ticksOf(start(at(a.L(0)), int(a.L(1))))
		})
		add("endof"+name, "t|l", Moment, func(a Args) any {
			if a.None(0) || !valid(a.L(0)) || a.L(1) > maxOffset || a.L(1) < -maxOffset {
				return nil
			}
			return ticksOf(start(at(a.L(0)), int(a.L(1))+1).Add(-100))
		})
	}
	for name, part := range map[string]func(t time.Time) int{
		"dayofmonth": func(t time.Time) int { return t.Day() }, "dayofyear": func(t time.Time) int { return t.YearDay() },
		"hourofday": func(t time.Time) int { return t.Hour() }, "week_of_year": func(t time.Time) int { _, w := t.ISOWeek(); return w },
		"monthofyear": func(t time.Time) int { return int(t.Month()) }, "getyear": func(t time.Time) int { return t.Year() },
	} {
		add(name, "t", Long, func(a Args) any {
			if a.None(0) || !valid(a.L(0)) {
				return nil
			}
			return int64(part(at(a.L(0))))
		})
	}
	add("dayofweek", "t", Span, func(a Args) any {
		if a.None(0) || !valid(a.L(0)) {
			return nil
		}
		return int64(at(a.L(0)).Weekday()) * ticksPerDay
	})
	add("datetime_part", "st", Long, func(a Args) any { return datetimePart(a) })
	add("datetime_add", "slt", Moment, func(a Args) any { return datetimeAdd(a) })
	add("datetime_diff", "stt", Long, func(a Args) any { return datetimeDiff(a) })
	add("make_datetime", "rrr|rrr", Moment, func(a Args) any { return makeDatetime(a) })
	add("make_timespan", "llll", Span, func(a Args) any {
		if a.None(0, 1, 2, 3) {
			return nil
		}
		days := a.L(0)
		if days > 10_000_000 || days < 0 || a.L(1) < 0 || a.L(1) > 23 || a.L(2) < 0 || a.L(2) > 59 || a.L(3) < 0 || a.L(3) > 59 {
			return nil
		}
		return days*ticksPerDay + ((a.L(1)*60+a.L(2))*60+a.L(3))*ticksPerSecond
	})
	for name, per := range map[string]float64{"seconds": 1e7, "milliseconds": 1e4, "microseconds": 10, "nanoseconds": 0.01} {
		add("unixtime_"+name+"_todatetime", "r", Moment, func(a Args) any {
			n := a.R(0)*per + 621_355_968_000_000_000
			if a.None(0) || !(n >= 0 && n <= lastMoment) {
				return nil
			}
			return int64(math.Floor(a.R(0)*per)) + 621_355_968_000_000_000
		})
	}
	add("datetime_utc_to_local", "ts", Moment, func(a Args) any {
		zone := zoneOf(a.S(1))
		if a.None(0) || !valid(a.L(0)) || zone == nil {
			return nil
		}
		_, offset := at(a.L(0)).In(zone).Zone()
		return ticksOf(at(a.L(0)).Add(time.Duration(offset) * time.Second))
	})
	add("datetime_local_to_utc", "ts", Moment, func(a Args) any {
		zone := zoneOf(a.S(1))
		if a.None(0) || !valid(a.L(0)) || zone == nil {
			return nil
		}
		t := at(a.L(0))
		return ticksOf(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UTC())
	})
}

var zones sync.Map

func zoneOf(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	if name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	name = strings.Clone(name)
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, z)
	return z
}

func datetimePart(a Args) any {
	if a.None(1) || !valid(a.L(1)) {
		return nil
	}
	t := at(a.L(1))
	part := a.L(1) % ticksPerSecond
	switch strings.ToLower(a.S(0)) {
	case "year":
		return int64(t.Year())
	case "quarter":
		return int64(t.Month()+2) / 3
	case "month":
		return int64(t.Month())
	case "week_of_year", "weekofyear":
		_, w := t.ISOWeek()
		return int64(w)
	case "day":
		return int64(t.Day())
	case "dayofyear":
		return int64(t.YearDay())
	case "hour":
		return int64(t.Hour())
	case "minute":
		return int64(t.Minute())
	case "second":
		return int64(t.Second())
	case "millisecond":
		return part / 10_000
	case "microsecond":
		return part / 10
	case "nanosecond":
		return part * 100
	}
	return nil
}

// units are parts of time that have always the same length, in ticks; a nanosecond has none.
var units = map[string]int64{
	"week": 7 * ticksPerDay, "day": ticksPerDay, "hour": 3600 * ticksPerSecond, "minute": 60 * ticksPerSecond, "second": ticksPerSecond,
	"millisecond": 10_000, "microsecond": 10,
}

func datetimeAdd(a Args) any {
	if a.None(1, 2) || !valid(a.L(2)) {
		return nil
	}
	part, n, t := strings.ToLower(a.S(0)), a.L(1), a.L(2)
	if unit := units[part]; unit > 0 {
		if n > math.MaxInt64/unit || n < -math.MaxInt64/unit {
			return nil
		}
		n *= unit
		if n > lastMoment-t || n < -t {
			return nil
		}
		return t + n
	}
	if part == "nanosecond" {
		if t += n / 100; !valid(t) {
			return nil
		}
		return t
	}
	months := map[string]int64{"year": 12, "quarter": 3, "month": 1}[part]
	if months == 0 || n > 200_000 || n < -200_000 {
		return nil
	}
	return addMonths(at(t), int(n*months))
}

// addMonths keeps the day of the month, or takes the last that there is.
func addMonths(t time.Time, n int) any {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return ticksOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// datetimeDiff counts the boundaries between two moments, such as midnights.
func datetimeDiff(a Args) any {
	if a.None(1, 2) || !valid(a.L(1)) || !valid(a.L(2)) {
		return nil
	}
	part, x, y := strings.ToLower(a.S(0)), a.L(1), a.L(2)
	s, t := at(x), at(y)
	switch part {
	case "year":
		return int64(s.Year() - t.Year())
	case "quarter":
		return int64((s.Year()*12+int(s.Month())-1)/3 - (t.Year()*12+int(t.Month())-1)/3)
	case "month":
		return int64(s.Year()*12 + int(s.Month()) - t.Year()*12 - int(t.Month()))
	case "week": // weeks begin on Sundays, and the first day of all was a Monday
		return (x+ticksPerDay)/units["week"] - (y+ticksPerDay)/units["week"]
	case "nanosecond":
		if d := x - y; d < math.MaxInt64/100 && d > -math.MaxInt64/100 {
			return d * 100
		}
		return nil
	}
	unit := units[part]
	if unit == 0 {
		return nil
	}
	return x/unit - y/unit
}

func makeDatetime(a Args) any {
	part := func(i int, least, most, otherwise float64) int {
		if !a.Has(i) {
			if i < len(a) && i < 3 {
				return -1
			}
			return int(otherwise)
		}
		if f := a.R(i); f >= least && f < most+1 {
			return int(f)
		}
		return -1
	}
	year, month, day := part(0, 1, 9999, 0), part(1, 1, 12, 0), part(2, 1, 31, 0)
	hour, minute, second := part(3, 0, 23, 0), part(4, 0, 59, 0), part(5, 0, 59, 0)
	if min(year, month, day, hour, minute, second) < 0 {
		return nil
	}
	fraction := 0.0
	if a.Has(5) {
		fraction = a.R(5) - math.Floor(a.R(5))
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, int(math.Round(fraction*1e7))*100, time.UTC)
	if fraction < 0.99999995 && (t.Day() != day || t.Month() != time.Month(month)) {
		return nil
	}
	return ticksOf(t)
}
