package syntax

import "strings"

// nameAt gives how many tokens make a name, that many ahead: a word that may be one, or a string in brackets.
func (p *parser) nameAt(n int, may func(string) bool) int {
	t := p.ahead(n)
	switch {
	case t.kind == word && may(t.text):
		return 1
	case t.is("["):
		strings := 0
		for p.ahead(n+1+strings).kind == text {
			strings++
		}
		if strings > 0 && p.ahead(n+1+strings).is("]") {
			return strings + 2
		}
	}
	return 0
}

// name reads a name that is used.
func (p *parser) name() Name { return p.nameAs(canBeName) }

// declaredName reads a name that is made: more words can be one here.
func (p *parser) declaredName() Name { return p.nameAs(canBeDeclared) }

func (p *parser) nameAs(may func(string) bool) Name {
	size := p.nameAt(0, may)
	if size == 0 {
		if t := p.peek(); t.kind == word {
			p.fail(t.Span, "'"+Clip(t.text)+"' is a word of the language: as a name it has to be written ['"+Clip(t.text)+"'].")
		}
		p.expected("a name")
	}
	return p.takeName(size)
}

func (p *parser) takeName(size int) Name {
	start := p.next()
	n := Name{start.Span, start.text}
	if size > 1 {
		n.Text = ""
		for range size - 2 {
			n.Text += p.next().value
		}
		p.needSign("]")
		n.Span = p.since(start.Span)
	}
	return n
}

// wildcardAt gives how many tokens make a name with stars in it. They stand without space between them.
func (p *parser) wildcardAt() int {
	n, stars := 0, 0
	for {
		t := p.ahead(n)
		if n > 0 && !t.glued {
			break
		}
		if t.is("*") {
			stars++
		} else if !(t.kind == word && !reserved[t.text] && !compounds[t.text] || t.kind == number && t.literal == Long && n > 0) {
			break
		}
		n++
	}
	if stars == 0 {
		return 0
	}
	return n
}

func (p *parser) wildcard() *Wildcard {
	start := p.peek()
	var pattern strings.Builder
	for range p.wildcardAt() {
		pattern.WriteString(p.next().text)
	}
	return &Wildcard{p.since(start.Span), pattern.String()}
}

// columnOrWildcard reads what project-away and its kin take.
func (p *parser) columnOrWildcard() Expr {
	if p.wildcardAt() > 0 {
		return p.wildcard()
	}
	return &Ref{p.name()}
}

// scalarTypes are the types that a column or parameter can be declared with; wideTypes beside them only where a type is
// named as a value.
var (
	scalarTypes = set(`bool boolean date datetime decimal double dynamic guid int int64 int8 long real string time timespan uniqueid`)
	wideTypes   = set(`float int16 int32 uint uint16 uint32 uint64 uint8 ulong uuid`)
)

// declaration reads name:type, where the type may be a table's columns in brackets.
func (p *parser) declaration() Declaration {
	start := p.peek()
	d := Declaration{Name: p.declaredName()}
	p.needSign(":")
	p.declaredType(&d, true)
	d.Span = p.since(start.Span)
	return d
}

func (p *parser) declaredType(d *Declaration, table bool) {
	if table && p.takeSign("(") {
		if p.takeSign("*") {
			d.Star = true
		} else {
			p.deeper(func() { p.optionalList(true, func() { d.Columns = append(d.Columns, p.declaration()) }) })
		}
		p.needSign(")")
		return
	}
	d.Type = p.typeName(scalarTypes)
}

func (p *parser) typeName(allowed map[string]bool) string {
	t := p.peek()
	if t.kind == word && (allowed[t.text] || scalarTypes[t.text]) {
		p.at++
		return t.text
	}
	if t.kind == word {
		p.fail(t.Span, "There is no type '"+Clip(t.text)+"'"+nearest(t.text, typeNames)+".")
	}
	p.expected("a type")
	return ""
}

var typeNames = []string{"bool", "datetime", "decimal", "dynamic", "guid", "int", "long", "real", "string", "timespan"}

func nearest(name string, among []string) string {
	if near := Nearest(name, among); near != "" {
		return "; did you mean '" + near + "'?"
	}
	return ": use one of " + strings.Join(among, ", ")
}

// columns reads the columns of a datatable or another table that is declared, in brackets.
func (p *parser) columns() []Declaration {
	var list []Declaration
	p.needSign("(")
	p.takeSign(",")
	p.optionalList(true, func() { list = append(list, p.columnDeclaration()) })
	p.needSign(")")
	return list
}

func (p *parser) columnDeclaration() Declaration {
	start := p.peek()
	d := Declaration{Name: p.declaredName()}
	p.needSign(":")
	p.declaredType(&d, false)
	d.Span = p.since(start.Span)
	return d
}
