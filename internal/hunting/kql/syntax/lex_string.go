package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// stringStart gives the length of what opens a string literal here: h marks one to be hidden in traces, @ one without escapes.
func stringStart(s string) int {
	n := 0
	if n < len(s) && (s[n] == 'h' || s[n] == 'H') {
		n++
	}
	if n < len(s) && s[n] == '@' {
		n++
	}
	switch rest := s[n:]; {
	case rest == "":
		return 0
	case rest[0] == '"' || rest[0] == '\'':
		return n + 1
	case strings.HasPrefix(rest, "```") || strings.HasPrefix(rest, "~~~"):
		return n + 3
	}
	return 0
}

// text reads a string literal whose opening is that long.
func (l *lexer) text(opening int) token {
	start := l.at
	open := l.source[start : start+opening]
	quote := strings.TrimLeft(open, "hH@")
	l.at += opening
	var value strings.Builder
	closed := false
	for l.at < len(l.source) && !closed {
		rest := l.source[l.at:]
		switch {
		case strings.HasPrefix(rest, quote):
			l.at += len(quote)
			if len(quote) == 1 && strings.Contains(open, "@") && l.peek(0) == quote[0] {
				value.WriteString(quote)
				l.at++
				continue
			}
			closed = true
		case len(quote) == 1 && (rest[0] == '\n' || rest[0] == '\r'):
			l.problems.Add(Span{start, l.at}, "The string is not closed on its line: expected "+quote+" at its end.")
			closed = true
		case rest[0] == '\\' && len(quote) == 1 && !strings.Contains(open, "@"):
			l.escape(&value, quote)
		default:
			value.WriteByte(rest[0])
			l.at++
		}
	}
	if !closed {
		l.problems.Add(Span{start, l.at}, "The string is not closed: expected "+quote+" at its end.")
	}
	t := l.token(text, start)
	if !utf8.ValidString(t.text) {
		l.problems.Add(t.Span, "The query is not valid UTF-8 in this string.")
	}
	t.literal, t.value, t.hidden = String, strings.ToValidUTF8(value.String(), "\ufffd"), open[0] == 'h' || open[0] == 'H'
	return t
}

var escapes = map[byte]byte{'\\': '\\', '\'': '\'', '"': '"', 'a': 7, 'b': 8, 'f': 12, 'n': '\n', 'r': '\r', 't': '\t', 'v': 11}

func (l *lexer) escape(value *strings.Builder, quote string) {
	start, c := l.at, l.peek(1)
	if plain, ok := escapes[c]; ok {
		value.WriteByte(plain)
		l.at += 2
		return
	}
	size := 0
	base := 16
	switch c {
	case 'u':
		size = 4
	case 'U':
		size = 8
	case 'x':
		size = 2
	}
	digits := l.at + 2
	if size == 0 && c >= '0' && c <= '7' {
		digits, base = l.at+1, 8
		for size < 3 && digits+size < len(l.source) && l.source[digits+size] >= '0' && l.source[digits+size] <= '7' && (size < 2 || c <= '3') {
			size++
		}
	}
	if size > 0 && digits+size <= len(l.source) {
		if r, err := strconv.ParseUint(l.source[digits:digits+size], base, 32); err == nil {
			value.WriteRune(rune(r))
			l.at = digits + size
			return
		}
	}
	l.at++
	l.problems.Add(Span{start, min(start+2, len(l.source))}, fmt.Sprintf(
		`There is no escape '\%s' in a string: write '\\' for a backslash, or put @ before the %s.`, printable(c), quote))
	value.WriteByte('\\')
}

func printable(c byte) string {
	if c > ' ' && c < 127 {
		return string(c)
	}
	return ""
}
