package syntax

import "strings"

// primary reads a value that is no operator of others.
func (p *parser) primary() Expr {
	t := p.peek()
	switch {
	case t.kind == text || t.kind == number || t.isWord("dynamic") && p.ahead(1).is("("):
		return p.literal()
	case t.is("("):
		p.next()
		paren := &Paren{}
		p.deeper(func() { paren.X = p.expression() })
		p.needSign(")")
		paren.Span = p.since(t.Span)
		return paren
	case t.isWord("toscalar", "totable", "materialize") && (p.ahead(1).is("(") || p.ahead(1).isWord("kind")):
		return p.subquery()
	case t.isWord("datatable") && p.ahead(1).is("("):
		return p.datatable()
	case t.isWord("externaldata", "external_data") && p.ahead(1).is("("):
		return p.externaldata()
	case t.isWord("typeof") && p.ahead(1).is("("):
		return p.typeof()
	case p.startsCall():
		return p.call()
	case t.kind == word && special[t.text]:
		return &Ref{p.takeName(1)}
	case p.nameAt(0, canBeName) > 0:
		return &Ref{p.name()}
	case t.kind == word && p.inNamePlace():
		p.next()
		p.problems.Add(t.Span, "'"+Clip(t.text)+"' is a word of the language: as a name it has to be written ['"+Clip(t.text)+"'].")
		return &Ref{Name{t.Span, t.text}}
	case t.kind == word:
		p.fail(t.Span, "Query could not be parsed at "+t.shown()+": expected an expression, and it is a word of the language.")
	}
	p.expected("an expression")
	return nil
}

// inNamePlace says whether what follows a word of the language shows that a name was meant.
func (p *parser) inNamePlace() bool {
	t := p.ahead(1)
	switch t.kind {
	case sign:
		return !t.is("(") && !t.is("[")
	case word:
		return t.isWord("and", "or", "between", "!between") || memberships[t.text] || stringTests[t.text]
	}
	return false
}

// literal reads a value written out, or gives nil.
func (p *parser) literal() Expr {
	t := p.peek()
	switch {
	case t.kind == text:
		p.next()
		l := &Literal{Kind: String, Text: t.value, Hidden: t.hidden}
		if p.peek().kind == text {
			var whole strings.Builder // of parts that stand behind each other
			whole.WriteString(t.value)
			for p.peek().kind == text {
				more := p.next()
				whole.WriteString(more.value)
				l.Hidden = l.Hidden || more.hidden
			}
			l.Text = whole.String()
		}
		l.Span = p.since(t.Span)
		return l
	case t.kind == number:
		p.next()
		return &Literal{Span: t.Span, Kind: t.literal, Text: t.value}
	case (t.is("-") || t.is("+")) && p.signedNumber():
		p.next()
		n := p.next()
		return &Unary{Span: p.since(t.Span), Op: t.text, X: &Literal{Span: n.Span, Kind: n.literal, Text: n.value}}
	case t.isWord("dynamic") && p.ahead(1).is("("):
		p.at += 2
		d := &Dynamic{}
		p.deeper(func() { d.X = p.json() })
		p.needSign(")")
		d.Span = p.since(t.Span)
		return d
	case t.isWord("typeof") && p.ahead(1).is("("):
		return p.typeof()
	}
	return nil
}

func (p *parser) signedNumber() bool {
	n := p.ahead(1)
	return n.kind == number && n.glued && isDigit(n.text[0]) && (n.literal == Long || n.literal == Real || n.literal == TimeSpan)
}

// json reads a value inside dynamic().
func (p *parser) json() Expr {
	t := p.peek()
	switch {
	case t.kind == text:
		l := &Literal{Kind: String}
		for p.peek().kind == text { // side by side they are one string, here too: rules that are in use forget a comma
			part := p.next()
			l.Text, l.Hidden = l.Text+part.value, l.Hidden || part.hidden
		}
		l.Span = p.since(t.Span)
		return l
	case t.is("-") && p.ahead(1).kind == number && (p.ahead(1).literal == Long || p.ahead(1).literal == Real):
		p.next()
		n := p.next()
		return &Unary{Span: p.since(t.Span), Op: "-", X: &Literal{Span: n.Span, Kind: n.literal, Text: n.value}}
	case t.kind == number, t.isWord("dynamic") && p.ahead(1).is("("):
		return p.literal()
	case t.isWord("null"):
		p.next()
		return &Literal{Span: t.Span, Kind: Null, Text: "null"}
	case t.is("["):
		p.next()
		a := &Array{}
		p.deeper(func() { p.optionalList(false, func() { a.Items = append(a.Items, p.json()) }) })
		p.needSign("]")
		a.Span = p.since(t.Span)
		return a
	case t.is("{"):
		p.next()
		b := &Bag{}
		p.deeper(func() { p.optionalList(false, func() { b.Pairs = append(b.Pairs, p.pair()) }) })
		p.needSign("}")
		b.Span = p.since(t.Span)
		return b
	}
	p.expected("a JSON value")
	return nil
}

func (p *parser) pair() Pair {
	key := p.peek()
	if key.kind != text {
		p.expected("a string as the name of a property")
	}
	p.next()
	p.needSign(":")
	value := p.json()
	return Pair{p.since(key.Span), key.value, value}
}

func (p *parser) typeof() Expr {
	start := p.next()
	p.needSign("(")
	t := &TypeOf{}
	if next := p.peek(); next.kind == word && p.ahead(1).is(")") {
		t.Type = p.typeName(wideTypes)
	} else {
		p.optionalList(false, func() {
			if p.takeSign("*") {
				t.Star = true
				return
			}
			t.Columns = append(t.Columns, p.columnDeclaration())
		})
	}
	p.needSign(")")
	t.Span = p.since(start.Span)
	return t
}

func (p *parser) subquery() Expr {
	start := p.next()
	s := &Subquery{Keyword: start.text}
	if s.Keyword != "materialize" && p.takeWord("kind") {
		p.needSign("=")
		p.needWord("nooptimization")
	}
	p.needSign("(")
	p.deeper(func() { s.X = p.expression() })
	p.needSign(")")
	s.Span = p.since(start.Span)
	return s
}

func (p *parser) datatable() Expr {
	start := p.next()
	d := &DataTable{Columns: p.columns()}
	p.needSign("[")
	p.takeSign(",")
	p.optionalList(true, func() {
		x := p.literal()
		if x == nil {
			p.expected("a literal: the cells of a datatable are literals")
		}
		d.Values = append(d.Values, x)
	})
	p.needSign("]")
	d.Span = p.since(start.Span)
	return d
}

func (p *parser) externaldata() Expr {
	start := p.next()
	e := &ExternalData{Columns: p.columns()}
	p.needSign("[")
	p.optionalList(true, func() { e.Sources = append(e.Sources, p.expression()) })
	p.needSign("]")
	if p.takeWord("with") {
		p.needSign("(")
		p.optionalList(false, func() { e.Properties = append(e.Properties, p.feedProperty()) })
		p.needSign(")")
	}
	e.Span = p.since(start.Span)
	return e
}

func (p *parser) feedProperty() Property {
	start := p.peek()
	f := Property{Name: p.declaredName()}
	p.needSign("=")
	if f.Value = p.literal(); f.Value == nil {
		f.Value = &Ref{p.declaredName()}
	}
	f.Span = p.since(start.Span)
	return f
}

// startsCall says whether a name with brackets behind it stands here.
func (p *parser) startsCall() bool {
	size := p.nameAt(0, canBeName)
	return size > 0 && p.ahead(size).is("(")
}

func (p *parser) call() *Call {
	start := p.peek()
	c := &Call{Name: p.name()}
	p.needSign("(")
	p.deeper(func() { p.optionalList(false, func() { c.Args = append(c.Args, p.argument()) }) })
	p.needSign(")")
	c.Span = p.since(start.Span)
	return c
}

func (p *parser) argument() Expr {
	if t := p.ahead(1); p.sign("*") && (t.is(")") || t.is(",")) {
		return &Star{p.next().Span}
	}
	return p.named()
}

// named reads an expression that may have a name, or several in brackets, before it.
func (p *parser) named() Expr {
	start := p.peek()
	if size := p.nameAt(0, canBeDeclared); size > 0 && p.ahead(size).is("=") {
		name := p.takeName(size)
		p.next()
		n := &Named{Names: []Name{name}, X: p.unnamed()}
		n.Span = p.since(start.Span)
		return n
	}
	if start.kind == word && p.ahead(1).is("=") {
		p.problems.Add(start.Span, "'"+Clip(start.text)+"' is a word of the language: as a name it has to be written ['"+Clip(start.text)+"'].")
		p.at += 2
		n := &Named{Names: []Name{{start.Span, start.text}}, X: p.unnamed()}
		n.Span = p.since(start.Span)
		return n
	}
	if p.startsTuple() {
		n := &Named{Tuple: true}
		p.next()
		p.list(func() { n.Names = append(n.Names, p.declaredName()) })
		p.needSign(")")
		p.needSign("=")
		n.X = p.unnamed()
		n.Span = p.since(start.Span)
		return n
	}
	return p.unnamed()
}

// startsTuple says whether names in brackets with = behind them stand here.
func (p *parser) startsTuple() bool {
	if !p.sign("(") {
		return false
	}
	n := 1
	for {
		size := p.nameAt(n, canBeDeclared)
		if size == 0 {
			return false
		}
		n += size
		if p.ahead(n).is(")") {
			return p.ahead(n + 1).is("=")
		}
		if !p.ahead(n).is(",") {
			return false
		}
		n++
	}
}
