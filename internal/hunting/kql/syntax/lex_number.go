package syntax

import "strings"

// typedLiterals are the types whose name and brackets make a literal: what stands between them is not read as KQL.
var typedLiterals = map[string]LiteralKind{
	"bool": Bool, "int": Int, "int32": Int, "long": Long, "int64": Long, "real": Real, "double": Real, "decimal": Decimal,
	"datetime": DateTime, "date": DateTime, "timespan": TimeSpan, "time": TimeSpan, "guid": GUID,
}

// number reads what begins with a digit; a name may begin with one too.
func (l *lexer) number() (token, bool) {
	start, s := l.at, l.source[l.at:]
	if guidAt(s) {
		return l.bareGUID(start), true
	}
	for _, form := range []struct {
		kind LiteralKind
		size int
	}{{Real, realAt(s)}, {TimeSpan, timeSpanAt(s)}, {Long, longAt(s)}} {
		if form.size > 0 {
			l.at += form.size
			return l.literal(start, form.kind, s[:form.size]), true
		}
	}
	return token{}, false
}

// typed reads a literal in brackets after its type. Neither a bracket nor the end of the line can be part of it.
func (l *lexer) typed(start int, kind LiteralKind) token {
	inner := l.at + 1
	end := inner
	for end < len(l.source) && l.source[end] != ')' && l.source[end] != '\n' && l.source[end] != '\r' {
		end++
	}
	l.at = end
	if end < len(l.source) && l.source[end] == ')' {
		l.at++
	} else {
		l.problems.Add(Span{end, end}, "Expected ')' at the end of the literal.")
	}
	return l.literal(start, kind, strings.TrimSpace(l.source[inner:end]))
}

func (l *lexer) literal(start int, kind LiteralKind, value string) token {
	t := l.token(number, start)
	t.literal, t.value = kind, value
	normal, err := normalize(kind, value)
	if err != nil {
		l.problems.Add(t.Span, err.Error())
		normal = "null"
	}
	t.value = normal
	return t
}

func (l *lexer) bareGUID(start int) token {
	l.at = start + guidLength
	t := l.literal(start, GUID, l.source[start:l.at])
	l.problems.Add(t.Span, "A guid has to be written as guid("+t.value+").")
	return t
}

const guidLength = 36

// guidAt says whether the 36 characters of a GUID stand here.
func guidAt(s string) bool {
	if len(s) < guidLength {
		return false
	}
	for i := range guidLength {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHex(s[i]) {
				return false
			}
		}
	}
	return true
}

func digitsAt(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func endsWord(s string, n int) bool { return n >= len(s) || !isWordPart(s[n]) }

// longAt gives the length of an integer, decimal or hexadecimal, and 0 when none stands here.
func longAt(s string) int {
	n := 0
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		for n = 2; n < len(s) && isHex(s[n]); n++ {
		}
		if n == 2 {
			return 0
		}
	} else {
		n = digitsAt(s)
	}
	if n == 0 || !endsWord(s, n) {
		return 0
	}
	return n
}

// realAt gives the length of a number with a point or an exponent. In 1..2 the points are the sign between two ends.
func realAt(s string) int {
	n := digitsAt(s)
	if n == 0 || n == len(s) {
		return 0
	}
	point := s[n] == '.' && !strings.HasPrefix(s[n:], "..")
	if point {
		n += 1 + digitsAt(s[n+1:])
	}
	exponent := exponentAt(s[n:])
	n += exponent
	if !point && exponent == 0 || !endsWord(s, n) {
		return 0
	}
	return n
}

func exponentAt(s string) int {
	if s == "" || s[0] != 'e' && s[0] != 'E' {
		return 0
	}
	n := 1
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	digits := digitsAt(s[n:])
	if digits == 0 {
		return 0
	}
	return n + digits
}

// timeSpanAt gives the length of a number with a unit of time.
func timeSpanAt(s string) int {
	n := digitsAt(s)
	if n == 0 {
		return 0
	}
	if n < len(s) && s[n] == '.' {
		fraction := digitsAt(s[n+1:])
		if fraction == 0 {
			return 0
		}
		n += 1 + fraction
	}
	unit := n
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	if _, ok := timeUnits[s[unit:n]]; !ok || !endsWord(s, n) {
		return 0
	}
	return n
}
