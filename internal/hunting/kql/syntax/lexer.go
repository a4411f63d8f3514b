package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// lex cuts a text into tokens. The last is the end of the text; a character that has no place is noted and left out.
func lex(source string, problems *Problems) []token {
	l := &lexer{source: source, problems: problems}
	for {
		start := l.at
		l.skip()
		glued := l.at == start && start > 0
		t := l.next()
		if t.kind == bad {
			continue
		}
		t.glued = glued
		l.tokens = append(l.tokens, t)
		if t.kind == endOfText {
			return l.tokens
		}
		if len(l.tokens) >= maxTokens {
			problems.Add(t.Span, fmt.Sprintf("The query is too long: it has more than %d words and signs.", maxTokens))
			return append(l.tokens, token{Span: Span{t.End, t.End}})
		}
	}
}

type lexer struct {
	source   string
	at       int
	tokens   []token
	problems *Problems
}

func (l *lexer) peek(ahead int) byte {
	if l.at+ahead < len(l.source) {
		return l.source[l.at+ahead]
	}
	return 0
}

// skip goes past white space, of all the kinds that come along when queries are copied, and comments.
func (l *lexer) skip() {
	for l.at < len(l.source) {
		if strings.HasPrefix(l.source[l.at:], "//") {
			for l.at < len(l.source) && l.source[l.at] != '\n' && l.source[l.at] != '\r' {
				l.at++
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(l.source[l.at:])
		if !isSpace(r) {
			return
		}
		l.at += size
	}
}

func isSpace(r rune) bool {
	switch r {
	case '\t', ' ', '\r', '\n', '\f', 0xa0, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200b
}

func (l *lexer) next() token {
	start := l.at
	if l.at >= len(l.source) {
		return token{Span: Span{start, start}}
	}
	c := l.source[l.at]
	if size := stringStart(l.source[l.at:]); size > 0 {
		return l.text(size)
	}
	if c == '#' {
		for l.at < len(l.source) && l.source[l.at] != '\n' && l.source[l.at] != '\r' {
			l.at++
		}
		return l.token(directive, start)
	}
	if size := compoundAt(l.source[l.at:]); size > 0 {
		l.at += size
		return l.token(word, start)
	}
	if isDigit(c) {
		if t, ok := l.number(); ok {
			return t
		}
	}
	if isWordStart(c) || isDigit(c) {
		return l.word()
	}
	for _, s := range signs {
		if strings.HasPrefix(l.source[l.at:], s) {
			l.at += len(s)
			return l.token(sign, start)
		}
	}
	r, size := utf8.DecodeRuneInString(l.source[l.at:])
	l.at += size
	switch {
	case r == utf8.RuneError && size == 1:
		l.problems.Add(Span{start, l.at}, "The query is not valid UTF-8 here.")
	default:
		hint := ""
		if foreignSigns[r] != "" {
			hint = ": " + foreignSigns[r]
		}
		for r == '&' && l.peek(0) == '&' {
			l.at++
		}
		l.problems.Add(Span{start, l.at}, fmt.Sprintf("Unexpected character %s (U+%04X)%s.", quoted(r), r, hint))
	}
	return token{kind: bad}
}

// signs stand longest first.
var signs = []string{"..", "<=", "<>", ">=", "==", "=>", "=~", "!=", "!~", "(", ")", "[", "]", "{", "}", "|", ".", "+", "-", "*", "/", "%", "<", ">", "=", ":", ";", ",", "@", "?"}

func (l *lexer) token(k kind, start int) token {
	return token{Span: Span{start, l.at}, kind: k, text: l.source[start:l.at]}
}

func (l *lexer) word() token {
	start := l.at
	for l.at < len(l.source) && isWordPart(l.source[l.at]) || l.at == start {
		l.at++
	}
	w := l.source[start:l.at]
	switch w {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		t := l.token(number, start)
		t.literal, t.value = Bool, strings.ToLower(w)
		return t
	}
	if literal, ok := typedLiterals[w]; ok && l.peek(0) == '(' {
		return l.typed(start, literal)
	}
	if guidAt(l.source[start:]) {
		return l.bareGUID(start)
	}
	return l.token(word, start)
}

// compoundAt gives the length of a keyword that is more than letters, if one begins here.
func compoundAt(s string) int {
	longest := 0
	for _, w := range compoundBy[s[0]] {
		if len(w) > longest && strings.HasPrefix(s, w) && (len(s) == len(w) || !isWordPart(s[len(w)])) {
			longest = len(w)
		}
	}
	return longest
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isLetter(c byte) bool    { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isWordStart(c byte) bool { return isLetter(c) || c == '_' || c == '$' }
func isWordPart(c byte) bool  { return isLetter(c) || isDigit(c) || c == '_' }

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
