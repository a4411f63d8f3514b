package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Parse reads a query. With problems, the tree holds what could be read and Bad where it could not.
func Parse(source string) (*Query, *Problems) {
	problems := &Problems{}
	q := &Query{Span: Span{0, len(source)}}
	if len(source) > MaxText {
		problems.Add(Span{MaxText, MaxText}, fmt.Sprintf("The query is too long: more than %d bytes.", MaxText))
		return q, problems
	}
	p := &parser{source: source, problems: problems}
	p.tokens = lex(source, problems)
	for p.peek().kind == directive {
		t := p.next()
		q.Directives = append(q.Directives, Directive{t.Span, t.text})
	}
	q.Statements = p.statements()
	return q, problems
}

type parser struct {
	source   string
	tokens   []token
	at       int
	depth    int
	problems *Problems
}

// bailout unwinds to the nearest place from where reading can go on: the next pipe or the next statement.
type bailout struct{}

func (p *parser) fail(at Span, message string) {
	if !p.problems.startAt(at.Start) {
		p.problems.Add(at, message)
	}
	panic(bailout{})
}

// expected fails at the token that stands where something else should.
func (p *parser) expected(what string) {
	t := p.peek()
	p.fail(t.Span, fmt.Sprintf("Query could not be parsed at %s: expected %s.", t.shown(), what))
}

// recovering runs f and says whether it came to its end. If not, all tokens up to a pipe, a semicolon or the bracket that
// closes what f stands in are passed over.
func (p *parser) recovering(f func()) (ok bool) {
	start, depth := p.at, p.depth
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(bailout); !is {
				panic(r)
			}
			p.depth = depth
			p.pass(start)
			ok = false
		}
	}()
	f()
	return true
}

// pass goes on to where reading can start again. Brackets that were opened since start are counted as open.
func (p *parser) pass(start int) {
	open := 0
	for _, t := range p.tokens[start:p.at] {
		open += nesting(t)
		open = max(open, 0)
	}
	for {
		t := p.peek()
		if t.kind == endOfText || open == 0 && (t.is("|") || t.is(";") || nesting(t) < 0) || t.is(";") && p.startsStatement(1) {
			return
		}
		open = max(open+nesting(t), 0)
		p.at++
	}
}

func nesting(t token) int {
	switch {
	case t.is("("), t.is("["), t.is("{"):
		return 1
	case t.is(")"), t.is("]"), t.is("}"):
		return -1
	}
	return 0
}

// deeper counts how deep brackets and subqueries stand in each other.
func (p *parser) deeper(f func()) {
	p.depth++
	if p.depth > maxDepth {
		p.fail(p.peek().Span, fmt.Sprintf("The query is nested too deeply: more than %d brackets, calls and subqueries in each other.", maxDepth))
	}
	f()
	p.depth--
}

func (p *parser) peek() token { return p.ahead(0) }

func (p *parser) ahead(n int) token {
	if p.at+n < len(p.tokens) {
		return p.tokens[p.at+n]
	}
	return p.tokens[len(p.tokens)-1]
}

func (p *parser) next() token {
	t := p.peek()
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	return t
}

// last is the token before, for the end of spans.
func (p *parser) last() Span {
	if p.at == 0 {
		return Span{}
	}
	return p.tokens[p.at-1].Span
}

func (p *parser) since(start Span) Span {
	return Span{start.Start, max(p.last().End, start.Start)}
}

func (p *parser) sign(s string) bool { return p.peek().is(s) }

func (p *parser) takeSign(s string) bool {
	if p.sign(s) {
		p.at++
		return true
	}
	return false
}

func (p *parser) needSign(s string) {
	if !p.takeSign(s) {
		p.expected("'" + s + "'")
	}
}

func (t token) isWord(words ...string) bool {
	if t.kind != word {
		return false
	}
	for _, w := range words {
		if t.text == w {
			return true
		}
	}
	return false
}

func (p *parser) word(words ...string) bool { return p.peek().isWord(words...) }

func (p *parser) takeWord(words ...string) bool {
	if p.word(words...) {
		p.at++
		return true
	}
	return false
}

func (p *parser) needWord(w string) {
	if !p.takeWord(w) {
		p.expected("'" + w + "'")
	}
}

// atListEnd says whether a list can only be over here.
func (p *parser) atListEnd() bool {
	t := p.peek()
	return t.kind == endOfText || t.is(")") || t.is("]") || t.is("}") || t.is("|") || t.is(";")
}

// list reads one or more elements with commas between them.
func (p *parser) list(element func()) {
	for {
		element()
		if !p.takeSign(",") {
			return
		}
	}
}

// optionalList reads elements with commas between them, or none; with trailing, a comma may stand behind the last.
func (p *parser) optionalList(trailing bool, element func()) {
	for !p.atListEnd() {
		element()
		if !p.takeSign(",") {
			return
		}
		if p.atListEnd() && !trailing {
			p.expected("an expression after ','")
		}
	}
}

// Clip shortens a text for an error message and makes it safe to show.
func Clip(s string) string {
	const most = 60
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || isBidi(r) {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return s
}

// isBidi tells the characters that turn the direction of text: in a message they could make it read as another.
func isBidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x61c
}

func quoted(r rune) string {
	if r < ' ' || r == 0x7f || isBidi(r) || !utf8.ValidRune(r) {
		return "of no width or form"
	}
	return "'" + string(r) + "'"
}
