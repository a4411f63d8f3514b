package investigation

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// The limits of a filter. The longest that a portal or connector sends is far below.
const (
	maxFilter = 8 << 10
	maxNested = 32
	maxTerms  = 200
)

// parseFilter reads a $filter: comparisons of documented properties, and, or, not, in, contains, startswith, any.
func (c *collection) parseFilter(text string) (store.Where, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := &parser{c: c}
	if len(text) > maxFilter {
		return nil, p.refuse("it is longer than %d bytes", maxFilter)
	}
	var err error
	if p.tokens, err = lex(text); err != nil {
		return nil, p.refuse("%w", err)
	}
	w := p.or()
	if p.err == nil && p.peek().kind != tokenEnd {
		p.fail("found %s where the filter should end", p.peek())
	}
	if p.err != nil {
		return nil, p.err
	}
	return w, nil
}

// parser descends: or, and, not, then one comparison. The first thing wrong ends it.
type parser struct {
	c      *collection
	tokens []token
	at     int
	depth  int
	terms  int
	err    error
}

func (p *parser) refuse(reason string, args ...any) error {
	return fault.Invalid("", "Invalid filter clause: "+reason, args...)
}

func (p *parser) fail(reason string, args ...any) {
	if p.err == nil {
		p.err = p.refuse(reason, args...)
	}
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{kind: tokenEnd}
}

func (p *parser) next() token {
	t := p.peek()
	p.at++
	return t
}

// word steps over a word, or not.
func (p *parser) word(word string) bool {
	if t := p.peek(); t.kind == tokenName && strings.EqualFold(t.text, word) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(sign string) bool {
	if t := p.next(); t.kind != tokenSign || t.text != sign {
		p.fail("found %s where %q should be", t, sign)
		return false
	}
	return true
}

func (p *parser) or() store.Where {
	if p.depth++; p.depth > maxNested {
		p.fail("it is nested more than %d deep", maxNested)
		return nil
	}
	defer func() { p.depth-- }()
	list := store.OneOf{p.and()}
	for p.err == nil && p.word("or") {
		list = append(list, p.and())
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (p *parser) and() store.Where {
	list := store.AllOf{p.not()}
	for p.err == nil && p.word("and") {
		list = append(list, p.not())
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (p *parser) not() store.Where {
	turned := false
	for p.word("not") {
		turned = !turned
	}
	w := p.term()
	if turned {
		return store.Not{Where: w}
	}
	return w
}

func (p *parser) term() store.Where {
	if p.terms++; p.terms > maxTerms {
		p.fail("it has more than %d comparisons", maxTerms)
	}
	if p.err != nil {
		return nil
	}
	if t := p.peek(); t.kind == tokenSign && t.text == "(" {
		p.at++
		w := p.or()
		p.expect(")")
		return w
	}
	name := p.next()
	if name.kind != tokenName {
		p.fail("found %s where a property should be", name)
		return nil
	}
	switch strings.ToLower(name.text) {
	case "contains", "startswith":
		return p.matches(strings.EqualFold(name.text, "startswith"))
	}
	if list, ok := strings.CutSuffix(name.text, "/any"); ok {
		return p.any(list)
	}
	field, ok := p.c.fields[name.text]
	if !ok {
		p.fail("property %q of %s can't be filtered by", name.text, p.c.name)
		return nil
	}
	if p.word("in") {
		return p.in(name.text, field)
	}
	op := p.operator()
	return p.compare(name.text, field, op, p.next())
}

var operators = map[string]store.Op{
	"eq": store.Equal, "ne": store.NotEqual, "lt": store.Less, "le": store.LessEq, "gt": store.Greater, "ge": store.GreaterEq,
}

func (p *parser) operator() store.Op {
	t := p.next()
	op, ok := operators[strings.ToLower(t.text)]
	if !ok || t.kind != tokenName {
		p.fail("found %s where eq, ne, gt, ge, lt, le or in should be", t)
	}
	return op
}

func (p *parser) compare(name string, field store.Field, op store.Op, value token) store.Where {
	if p.err != nil {
		return nil
	}
	w := store.Compare{Field: field, Op: op}
	null := value.kind == tokenName && value.text == "null"
	ordered := op != store.Equal && op != store.NotEqual
	switch {
	case field == store.FieldCreated || field == store.FieldUpdated:
		t, err := parseTime(value.text)
		if err != nil || value.kind == tokenEnd || value.kind == tokenSign || null {
			p.fail("%s is compared with a time like 2021-02-19T09:17:02Z, not with %s", name, value)
			return nil
		}
		w.Time = t
	case null && !ordered:
	case value.kind != tokenText:
		p.fail("%s is compared with text in single quotes, not with %s", name, value)
		return nil
	case p.c.enums[name] != nil:
		member, known := p.c.enums[name].Canonical(value.text)
		if !known && field != store.FieldServiceSource && field != store.FieldDetectionSource {
			p.fail("%s is no member of %s", value, p.c.enums[name].Name)
			return nil
		}
		if ordered && field != store.FieldSeverity {
			p.fail("%s is an enum: it is compared with eq, ne or in", name)
			return nil
		}
		w.Text = member
	default:
		w.Text = value.text
	}
	return w
}

func (p *parser) in(name string, field store.Field) store.Where {
	p.expect("(")
	var list store.OneOf
	for p.err == nil {
		if p.terms++; p.terms > maxTerms {
			p.fail("it has more than %d comparisons", maxTerms)
		}
		list = append(list, p.compare(name, field, store.Equal, p.next()))
		if t := p.peek(); t.kind == tokenSign && t.text == "," {
			p.at++
			continue
		}
		p.expect(")")
		break
	}
	return list
}

// matchable are the properties whose text may be searched. Enums and times are not text.
var matchable = map[store.Field]bool{
	store.FieldID: true, store.FieldTitle: true, store.FieldAssignedTo: true, store.FieldCategory: true,
}

func (p *parser) matches(start bool) store.Where {
	p.expect("(")
	name := p.next()
	field, ok := p.c.fields[name.text]
	if p.err == nil && (!ok || !matchable[field]) {
		p.fail("property %q of %s can't be searched", name.text, p.c.name)
	}
	p.expect(",")
	value := p.next()
	if p.err == nil && value.kind != tokenText {
		p.fail("%s is searched for text in single quotes, not for %s", name.text, value)
	}
	p.expect(")")
	return store.Matches{Field: field, Text: value.text, Start: start}
}

// namedKinds are the kinds of things that alerts are looked for by.
var namedKinds = []store.EntityKind{
	store.EntityDevice, store.EntityUser, store.EntityAccount, store.EntityMailbox, store.EntityMessage, store.EntityApp, store.EntityFile, store.EntityIP, store.EntityURL,
}

func kindNames() []string {
	names := make([]string, len(namedKinds))
	for i, k := range namedKinds {
		names[i] = string(k)
	}
	return names
}

// any reads list/any() or list/any(x:x eq 'a' or x eq 'b').
func (p *parser) any(name string) store.Where {
	field, ok := p.c.lists[name]
	if !ok {
		p.fail("property %q of %s is no list that can be filtered by", name, p.c.name)
		return nil
	}
	p.expect("(")
	if t := p.peek(); t.kind == tokenSign && t.text == ")" {
		if field == store.FieldEntity {
			p.fail("%s is asked for one of them: any(e:e eq 'user:mira@contoso.example')", name)
		}
		p.at++
		return store.Any{Field: field}
	}
	variable := p.next()
	if variable.kind != tokenName {
		p.fail("found %s where a variable should be", variable)
	}
	p.expect(":")
	var list store.OneOf
	for p.err == nil {
		if t := p.next(); t.kind != tokenName || t.text != variable.text {
			p.fail("found %s where %q should be", t, variable.text)
			break
		}
		op := p.operator()
		value := p.next()
		if p.err == nil && value.kind != tokenText {
			p.fail("%s is compared with text in single quotes, not with %s", name, value)
		}
		if p.err == nil && op != store.Equal && op != store.NotEqual {
			p.fail("elements of %s are compared with eq or ne", name)
		}
		if kind, _, ok := strings.Cut(value.text, ":"); p.err == nil && field == store.FieldEntity && (!ok || op != store.Equal || !slices.Contains(namedKinds, store.EntityKind(kind))) {
			p.fail("elements of %s are compared with eq, and with a kind, a colon and a key, like 'user:mira@contoso.example'; kinds are %s", name, strings.Join(kindNames(), ", "))
		}
		list = append(list, store.Any{Field: field, Op: op, Text: value.text})
		if !p.word("or") {
			break
		}
	}
	p.expect(")")
	return list
}
