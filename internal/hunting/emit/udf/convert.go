package udf

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// Ticks in a second and in a day, and the last moment that KQL knows.
const (
	ticksPerSecond = 10_000_000
	ticksPerDay    = 86_400 * ticksPerSecond
	lastMoment     = 3_155_378_975_999_999_999
)

// valid says whether ticks are a moment that KQL knows.
func valid(ticks int64) bool { return ticks >= 0 && ticks <= lastMoment }

func init() {
	add("real_text", "r", Text, func(a Args) any {
		if a.None(0) {
			return ""
		}
		return RealText(a.R(0))
	})
	add("datetime_text", "t", Text, func(a Args) any {
		if a.None(0) || !valid(a.L(0)) {
			return ""
		}
		return DateTimeText(a.L(0))
	})
	add("timespan_text", "p", Text, func(a Args) any {
		if a.None(0) {
			return ""
		}
		return SpanText(a.L(0))
	})
	add("text_datetime", "s", Moment, func(a Args) any { return dateTimeOf(a.S(0)) })
	add("text_timespan", "s", Span, func(a Args) any { return spanOf(a.S(0)) })
	add("text_long", "s", Long, func(a Args) any { return longOf(a.S(0)) })
	add("text_real", "s", Real, func(a Args) any { return realOf(a.S(0)) })
	add("text_bool", "s", Bool, func(a Args) any { return boolOf(a.S(0)) })
	add("text_guid", "s", 'g', func(a Args) any { return guidOf(a.S(0)) })
	add("real_long", "r", Long, func(a Args) any { return truncated(a[0]) })
	add("dynamic_text", "d", Text, func(a Args) any {
		if s := a.S(0); compact(s) {
			return s
		}
		return TextOf(a.D(0))
	})
	add("dynamic_bool", "d", Bool, func(a Args) any {
		switch v := a.D(0).(type) {
		case bool:
			return v
		case int64:
			return v != 0
		case float64:
			return v != 0
		case string:
			return boolOf(v)
		}
		return nil
	})
	add("dynamic_long", "d", Long, func(a Args) any {
		switch v := a.D(0).(type) {
		case bool:
			if v {
				return int64(1)
			}
			return int64(0)
		case int64, float64:
			return truncated(v)
		case string:
			return longOf(v)
		}
		return nil
	})
	add("dynamic_real", "d", Real, func(a Args) any {
		switch v := a.D(0).(type) {
		case bool:
			if v {
				return 1.0
			}
			return 0.0
		case int64:
			return float64(v)
		case float64:
			return v
		case string:
			return realOf(v)
		}
		return nil
	})
	add("dynamic_datetime", "d", Moment, func(a Args) any {
		switch v := a.D(0).(type) {
		case string:
			return dateTimeOf(v)
		case int64:
			if valid(v) {
				return v
			}
		}
		return nil
	})
	add("dynamic_timespan", "d", Span, func(a Args) any {
		switch v := a.D(0).(type) {
		case string:
			return spanOf(v)
		case int64:
			return v
		}
		return nil
	})
	add("parse_json", "s", Dynamic, func(a Args) any { return jsonOf(a.S(0)) })
	add("text_dynamic", "s", Dynamic, func(a Args) any { return JSON(a.S(0)) })
	add("real_dynamic", "r", Dynamic, func(a Args) any { return JSON(a[0]) })
}

// jsonOf makes a dynamic value of the text of one. What is no JSON is a text.
func jsonOf(s string) any {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return nil
	}
	if compact(trimmed) && json.Valid([]byte(trimmed)) {
		if trimmed == "null" {
			return nil
		}
		return trimmed
	}
	if v, ok := Parse(trimmed); ok {
		return JSON(v)
	}
	return JSON(s)
}

// compact says whether the text of an array or a bag is already written as JSON() would: without blanks between its parts.
func compact(s string) bool {
	if s == "" || s[0] != '{' && s[0] != '[' {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\n', '\r':
			return false
		case '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		}
	}
	return true
}

// DateTimeText writes a moment as KQL does.
func DateTimeText(ticks int64) string {
	return syntax.TimeOf(ticks).Format("2006-01-02T15:04:05.0000000Z")
}

// SpanText writes a span of time as KQL does: days if there are any, hours, minutes, seconds, and parts of a second if there are any.
func SpanText(ticks int64) string {
	sign := ""
	u := uint64(ticks)
	if ticks < 0 {
		sign, u = "-", -u
	}
	days, rest := u/ticksPerDay, u%ticksPerDay
	seconds, part := rest/ticksPerSecond, rest%ticksPerSecond
	s := fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	if days > 0 {
		s = strconv.FormatUint(days, 10) + "." + s
	}
	if part > 0 {
		s += fmt.Sprintf(".%07d", part)
	}
	return sign + s
}

func dateTimeOf(s string) any {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		ticks := (t.Unix()+62_135_596_800)*ticksPerSecond + int64(t.Nanosecond())/100
		if t.Year() >= 1 && valid(ticks) {
			return ticks
		}
		return nil
	}
	if len(s) > 64 {
		return nil
	}
	if ticks, ok := syntax.DateTimeOf(s); ok {
		return ticks
	}
	return nil
}

func spanOf(s string) any {
	if len(s) > 64 {
		return nil
	}
	if ticks, ok := syntax.TimeSpanOf(s); ok {
		return ticks
	}
	return nil
}

func longOf(s string) any {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		if n, err := strconv.ParseUint(s[2:], 16, 64); err == nil {
			return int64(n)
		}
	}
	return nil
}

func realOf(s string) any {
	s = strings.TrimSpace(s)
	switch strings.ToLower(s) {
	case "nan":
		return math.NaN()
	case "inf", "+inf", "infinity":
		return math.Inf(1)
	case "-inf", "-infinity":
		return math.Inf(-1)
	}
	if strings.ContainsAny(s, "xXpP_iInN") {
		if n := longOf(s); n != nil {
			return float64(n.(int64))
		}
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return nil
	}
	return f
}

func boolOf(s string) any {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true":
		return true
	case "false":
		return false
	}
	if n, ok := longOf(s).(int64); ok {
		return n != 0
	}
	return nil
}

func guidOf(s string) any {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), "{}()"))
	if len(s) == 32 {
		s = s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
	}
	if len(s) != 36 {
		return nil
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !strings.ContainsRune(hexDigits, rune(s[i])) {
			return nil
		}
	}
	return s
}

func truncated(v any) any {
	f, ok := number(v)
	if n, isWhole := v.(int64); isWhole {
		return n
	}
	if !ok || math.IsNaN(f) || f >= 1<<63 || f < -1<<63 {
		return nil
	}
	return int64(f)
}
