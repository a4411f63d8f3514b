package syntax

func (p *parser) statements() []Statement {
	var list []Statement
	for p.peek().kind != endOfText {
		if t := p.peek(); p.takeSign(";") {
			if p.at == 1 || p.tokens[p.at-2].is(";") {
				p.problems.Add(t.Span, "Query could not be parsed at ';': a statement is missing before it.")
			}
			continue
		}
		start := p.at
		var s Statement
		if !p.recovering(func() { s = p.statement(true) }) {
			s = &Result{Span: p.since(p.tokens[start].Span), X: &Bad{p.since(p.tokens[start].Span)}}
		}
		list = append(list, s)
		if t := p.peek(); t.kind != endOfText && !t.is(";") {
			p.unexpected(start)
		}
	}
	return list
}

// unexpected says that a statement should be over, and goes on behind what is too much.
func (p *parser) unexpected(start int) {
	t := p.peek()
	what := "expected '|' or ';'"
	switch {
	case t.is(")"), t.is("]"), t.is("}"):
		what = "no bracket is open that it would close"
	case p.startsStatement(0):
		what = "expected ';' before it"
	case t.kind == word && operators[t.text] != nil:
		what = "expected '|' before it"
	case t.kind == directive:
		what = "lines that begin with # are for tools and no part of a query"
	}
	p.problems.Add(t.Span, "Query could not be parsed at "+t.shown()+": "+what+foreign(t)+".")
	if p.startsStatement(0) && p.at > start {
		return
	}
	for p.peek().kind != endOfText && !p.sign(";") && (p.at == start || !p.startsStatement(0)) {
		p.at++
	}
}

// startsStatement says whether the token that many ahead begins a statement that is no expression.
func (p *parser) startsStatement(n int) bool {
	t, after := p.ahead(n), p.ahead(n+1)
	switch {
	case t.isWord("let"):
		return after.is("[") || after.kind == word && canBeName(after.text)
	case t.isWord("set"):
		return after.is("[") || after.kind == word
	case t.isWord("alias"):
		return after.isWord("database")
	case t.isWord("restrict"):
		return after.isWord("access")
	case t.isWord("declare"):
		return after.isWord("pattern", "query_parameters")
	}
	return false
}

func (p *parser) statement(top bool) Statement {
	start := p.peek()
	if p.startsStatement(0) {
		switch {
		case p.word("let"):
			return p.let()
		case p.word("set") && top:
			return p.set()
		default:
			return p.otherStatement()
		}
	}
	x := p.expression()
	return &Result{Span: p.since(start.Span), X: x}
}

func (p *parser) let() Statement {
	start := p.next()
	l := &Let{Name: p.name()}
	p.needSign("=")
	if p.startsFunction() {
		l.Value = p.function()
	} else {
		l.Value = p.expression()
	}
	l.Span = p.since(start.Span)
	return l
}

func (p *parser) set() Statement {
	start := p.next()
	s := &Set{Name: p.name()}
	if p.takeSign("=") {
		s.Value = p.unnamed()
	}
	s.Span = p.since(start.Span)
	return s
}

// otherStatement keeps a statement that is not offered as it is written.
func (p *parser) otherStatement() Statement {
	start := p.next()
	keyword := start.text + " " + p.peek().text
	p.passBalanced(func(t token) bool { return t.is(";") })
	at := p.since(start.Span)
	return &Other{Span: at, Keyword: keyword, Text: p.source[at.Start:at.End]}
}

// passBalanced goes on to a token that ends what is not read, and to no bracket that closes more than was opened.
func (p *parser) passBalanced(ends func(token) bool) {
	open := 0
	for {
		t := p.peek()
		if t.kind == endOfText || open == 0 && (ends(t) || nesting(t) < 0) {
			return
		}
		open += nesting(t)
		p.next()
	}
}

// startsFunction says whether brackets after let name = hold parameters: empty, or a name with a colon behind it.
func (p *parser) startsFunction() bool {
	n := 0
	if p.word("view") {
		n = 1
	}
	if !p.ahead(n).is("(") {
		return false
	}
	if t := p.ahead(n + 1); t.is(")") || t.is("*") {
		return true
	}
	size := p.nameAt(n+1, canBeDeclared)
	return size > 0 && p.ahead(n+1+size).is(":")
}

func (p *parser) function() Expr {
	start := p.peek()
	f := &Function{View: p.takeWord("view")}
	p.needSign("(")
	p.optionalList(false, func() { f.Parameters = append(f.Parameters, p.parameter()) })
	p.needSign(")")
	p.needSign("{")
	p.deeper(func() {
		for p.word("let", "declare") && p.startsStatement(0) {
			f.Statements = append(f.Statements, p.statement(false))
			p.needSign(";")
		}
		if !p.sign("}") {
			f.Result = p.expression()
		}
		p.takeSign(";")
	})
	p.needSign("}")
	f.Span = p.since(start.Span)
	return f
}

func (p *parser) parameter() Declaration {
	d := p.declaration()
	if p.takeSign("=") {
		if d.Default = p.literal(); d.Default == nil {
			p.expected("a literal as the default value")
		}
	}
	d.Span = p.since(d.Span)
	return d
}
