package hunt

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
)

// window is the time that rows are from; zero: without that bound. The end itself is outside.
type window struct {
	from, to               events.Ticks
	arrivedFrom, arrivedTo events.Ticks
}

func windowOf(r Request, now time.Time) (window, error) {
	w, err := parseTimespan(r.Timespan, now)
	if at := r.Arrived.From; !at.IsZero() {
		w.arrivedFrom = events.TicksOf(at)
	}
	if at := r.Arrived.To; !at.IsZero() {
		w.arrivedTo = events.TicksOf(at)
	}
	return w, err
}

// bounds are those of the files to look into.
func (w window) bounds() (from, to events.Ticks) {
	if to = w.to; to == 0 {
		to = math.MaxInt64
	}
	if from = w.from; from == 0 {
		from = math.MinInt64
	}
	return from, to
}

func everBounds() (from, to events.Ticks) { return math.MinInt64, math.MaxInt64 }

var duration = regexp.MustCompile(`^P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?$`)

// parseTimespan reads ISO 8601 as Microsoft Graph takes it: P7D, P7D/2026-02-01T00:00:00Z, 2026-01-01/P1D, 2026-01-01/2026-02-01.
func parseTimespan(text string, now time.Time) (window, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return window{}, nil
	}
	wrong := func() (window, error) {
		return window{}, fault.Invalid("hunt", "the timespan %.60q is none", text).WithDetails(fault.Detail{
			Where: "Timespan", Problem: "is no time of ISO 8601", Want: "a duration such as P7D or PT12H, or an interval such as 2026-02-01T00:00:00Z/2026-02-03T00:00:00Z or 2026-02-01/P2D",
		})
	}
	first, second, pair := strings.Cut(text, "/")
	if !pair {
		back, ok := before(now, first)
		if !ok {
			return wrong()
		}
		return window{from: events.TicksOf(back)}, nil
	}
	start, startOK := moment(first)
	end, endOK := moment(second)
	switch {
	case startOK && endOK:
	case startOK:
		if end, endOK = after(start, second); !endOK {
			return wrong()
		}
	case endOK:
		if start, startOK = before(end, first); !startOK {
			return wrong()
		}
	default:
		return wrong()
	}
	if end.Before(start) {
		return wrong()
	}
	return window{from: events.TicksOf(start), to: events.TicksOf(end)}, nil
}

func moment(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t, true
		}
	}
	return time.Time{}, false
}

func before(t time.Time, s string) (time.Time, bool) { return moved(t, s, -1) }
func after(t time.Time, s string) (time.Time, bool)  { return moved(t, s, 1) }

func moved(t time.Time, s string, sign int) (time.Time, bool) {
	m := duration.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "T") || s == "P" {
		return t, false
	}
	var n [8]int
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i])
	}
	t = t.AddDate(sign*n[1], sign*n[2], sign*(7*n[3]+n[4])).Add(time.Duration(sign) * (time.Duration(n[5])*time.Hour + time.Duration(n[6])*time.Minute + time.Duration(n[7])*time.Second))
	return t, t.Year() >= 1 && t.Year() <= 9999
}
