package syntax

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// dateTimeForms are the ways to write a moment: ISO 8601 with as much of it as one cares to write, and the two of mail headers.
var dateTimeForms = func() []string {
	var forms []string
	for _, date := range []string{"2006-1-2", "2006/1/2", "1/2/2006", "2006-1", "2006"} {
		forms = append(forms, date)
		for _, between := range []string{"T", " "} {
			for _, clock := range []string{"15:04:05.999999999", "15:04", "15"} {
				if date == "2006" || date == "2006-1" {
					continue
				}
				forms = append(forms, date+between+clock, date+between+clock+"Z07:00", date+between+clock+" Z07:00")
			}
		}
	}
	return append(forms, "2006-1-2T15:04:05Z0700", "Mon, 2 Jan 06 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 06 15:04:05",
		"2 Jan 06 15:04:05 MST", "2 Jan 2006 15:04:05 MST", "Monday, 02-Jan-06 15:04:05 MST", "2 Jan 2006", "Jan 2 2006", "Jan 2, 2006",
		"1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "20060102")
}()

func parseDateTime(s string) (any, error) {
	for _, form := range dateTimeForms {
		t, err := time.ParseInLocation(form, s, time.UTC)
		if err != nil {
			continue
		}
		ticks := ticksOf(t.UTC())
		if ticks < 0 || t.UTC().Year() > 9999 {
			return nil, strconv.ErrRange
		}
		return ticks, nil
	}
	return nil, strconv.ErrSyntax
}

// parseTimeSpan reads a number with a unit, a number of days, or days.hours:minutes:seconds.fraction.
func parseTimeSpan(s string) (any, error) {
	s = strings.TrimSpace(s)
	sign := 1.0
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = rest, -1
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	if strings.Contains(s, ":") {
		ticks, err := parseClock(s)
		return anyOf(int64(sign)*ticks, err)
	}
	n := digitsAt(s)
	if n < len(s) && s[n] == '.' {
		n += 1 + digitsAt(s[n+1:])
	}
	if n == 0 {
		return nil, strconv.ErrSyntax
	}
	amount, err := strconv.ParseFloat(s[:n], 64)
	if err != nil {
		return nil, err
	}
	unit := float64(ticksPerDay)
	if name := strings.TrimSpace(s[n:]); name != "" {
		ticks, ok := timeUnits[name]
		if !ok {
			return nil, strconv.ErrSyntax
		}
		unit = float64(ticks)
		if ticks == 0 {
			unit = 0.01 // nanoseconds
		}
	}
	ticks := math.Round(sign * amount * unit)
	if math.Abs(ticks) >= math.MaxInt64 {
		return nil, strconv.ErrRange
	}
	return int64(ticks), nil
}

func parseClock(s string) (int64, error) {
	var days int64
	if day, rest, ok := strings.Cut(s, "."); ok && !strings.Contains(day, ":") {
		d, err := strconv.ParseInt(day, 10, 32)
		if err != nil {
			return 0, err
		}
		days, s = d, rest
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, strconv.ErrSyntax
	}
	seconds, fraction := "0", ""
	if len(parts) == 3 {
		seconds, fraction, _ = strings.Cut(parts[2], ".")
	}
	var clock [3]int64
	for i, part := range []string{parts[0], parts[1], seconds} {
		v, err := strconv.ParseInt(part, 10, 32)
		if limit := []int64{24, 60, 60}[i]; err != nil || v < 0 || v >= limit {
			return 0, strconv.ErrSyntax
		}
		clock[i] = v
	}
	if len(fraction) > 7 || digitsAt(fraction) != len(fraction) {
		return 0, strconv.ErrSyntax
	}
	ticks, err := strconv.ParseInt((fraction + "0000000")[:7], 10, 64)
	if err != nil || days > math.MaxInt64/ticksPerDay-1 {
		return 0, strconv.ErrSyntax
	}
	return days*ticksPerDay + ((clock[0]*60+clock[1])*60+clock[2])*10_000_000 + ticks, nil
}

// DateTimeOf reads a moment in any of the forms that a literal may have.
func DateTimeOf(text string) (ticks int64, ok bool) {
	v, err := parseDateTime(strings.TrimSpace(text))
	if err != nil {
		return 0, false
	}
	return v.(int64), true
}

// TimeSpanOf reads a span of time in any of the forms that a literal may have.
func TimeSpanOf(text string) (ticks int64, ok bool) {
	v, err := parseTimeSpan(text)
	if err != nil {
		return 0, false
	}
	return v.(int64), true
}
