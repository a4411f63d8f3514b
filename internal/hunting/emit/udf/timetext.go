package udf

import (
	"fmt"
	"strings"
)

func init() {
	add("format_datetime", "ts", Text, func(a Args) any {
		if a.None(0) || !valid(a.L(0)) {
			return ""
		}
		t, ticks := at(a.L(0)), a.L(0)
		return formatted(a.S(1), func(letter byte, n int) (string, bool) {
			switch letter {
			case 'y':
				if n <= 2 {
					return padded(int64(t.Year()%100), n), true
				}
				return padded(int64(t.Year()), 4), n == 4
			case 'M':
				return padded(int64(t.Month()), n), n <= 2
			case 'd':
				return padded(int64(t.Day()), n), n <= 2
			case 'h':
				return padded(int64((t.Hour()+11)%12+1), n), n <= 2
			case 'H':
				return padded(int64(t.Hour()), n), n <= 2
			case 'm':
				return padded(int64(t.Minute()), n), n <= 2
			case 's':
				return padded(int64(t.Second()), n), n <= 2
			case 'f', 'F':
				return fraction(ticks%ticksPerSecond, letter, n)
			case 't':
				return t.Format("PM")[:min(n, 2)], n <= 2
			}
			return "", false
		})
	})
	add("format_timespan", "ps", Text, func(a Args) any {
		if a.None(0) {
			return ""
		}
		u := uint64(a.L(0))
		if a.L(0) < 0 {
			u = -u
		}
		return formatted(a.S(1), func(letter byte, n int) (string, bool) {
			switch letter {
			case 'd':
				return padded(int64(u/ticksPerDay), n), n <= 8
			case 'h', 'H':
				return padded(int64(u/ticksPerSecond/3600%24), n), n <= 2
			case 'm':
				return padded(int64(u/ticksPerSecond/60%60), n), n <= 2
			case 's':
				return padded(int64(u/ticksPerSecond%60), n), n <= 2
			case 'f', 'F':
				return fraction(int64(u%ticksPerSecond), letter, n)
			}
			return "", false
		})
	})
}

func padded(n int64, width int) string { return fmt.Sprintf("%0*d", width, n) }

// fraction is the first digits of a part of a second; F leaves out zeros at the end.
func fraction(ticks int64, letter byte, n int) (string, bool) {
	if n > 7 {
		return "", false
	}
	s := fmt.Sprintf("%07d", ticks)[:n]
	if letter == 'F' {
		s = strings.TrimRight(s, "0")
	}
	return s, true
}

// formatted writes each run of the same letter by what it stands for. A format with anything else gives no text.
func formatted(format string, write func(letter byte, n int) (string, bool)) any {
	var b strings.Builder
	for i := 0; i < len(format); {
		c := format[i]
		n := 1
		for i+n < len(format) && format[i+n] == c {
			n++
		}
		if strings.IndexByte(" /-:,._[]TZ", c) >= 0 {
			b.WriteString(format[i : i+n])
		} else {
			s, ok := write(c, n)
			if !ok {
				return ""
			}
			b.WriteString(s)
		}
		i += n
	}
	return b.String()
}
