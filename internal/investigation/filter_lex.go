package investigation

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// token is a piece of a filter.
type token struct {
	kind int
	text string
}

const (
	tokenEnd   = iota
	tokenName  // a property, a word, null
	tokenText  // what stood in quotes
	tokenValue // a bare time or number
	tokenSign  // ( ) , :
)

func (t token) String() string {
	switch t.kind {
	case tokenEnd:
		return "the end"
	case tokenText:
		return "'" + shorten(t.text) + "'"
	}
	return `"` + shorten(t.text) + `"`
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "..."
	}
	return s
}

var errYear = errors.New("year out of range")

// lex cuts a filter into tokens. A quote within quotes is written twice. An enum may be written with its type in front
// of the quotes, as microsoft.graph.security.alertStatus'new'.
func lex(text string) ([]token, error) {
	var list []token
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t':
			i++
		case strings.IndexByte("(),:", c) >= 0:
			list = append(list, token{tokenSign, string(c)})
			i++
		case c == '\'':
			value, end, ok := quoted(text, i)
			if !ok {
				return nil, fmt.Errorf("the quote at position %d is not closed", i)
			}
			list = append(list, token{tokenText, value})
			i = end
		case c >= '0' && c <= '9' || c == '-':
			end := i
			for end < len(text) && strings.IndexByte(" \t(),'", text[end]) < 0 {
				end++
			}
			list = append(list, token{tokenValue, text[i:end]})
			i = end
		case letter(c):
			end := i
			for end < len(text) && (letter(text[end]) || text[end] >= '0' && text[end] <= '9' || strings.IndexByte("/.", text[end]) >= 0) {
				end++
			}
			if end < len(text) && text[end] == '\'' && strings.Contains(text[i:end], ".") {
				i = end // the type of an enum
				continue
			}
			list = append(list, token{tokenName, text[i:end]})
			i = end
		default:
			return nil, fmt.Errorf("unexpected character at position %d", i)
		}
	}
	return list, nil
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c == '@'
}

func quoted(text string, i int) (value string, end int, ok bool) {
	var b strings.Builder
	for i++; i < len(text); i++ {
		if text[i] != '\'' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return b.String(), i + 1, true
	}
	return "", i, false
}

// parseTime reads a time as filters and records write it; one without a zone is UTC.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05.999999999", s)
	}
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err == nil && (t.Year() < 1900 || t.Year() > 2200) {
		return t, errYear
	}
	return t, err
}
