package syntax

import "fmt"

// expression reads a table or a value: a pipeline.
func (p *parser) expression() Expr {
	start := p.peek()
	var source Expr
	var operators []Operator
	p.deeper(func() {
		if p.startsOperator() {
			operators = append(operators, p.step())
		} else if !p.recovering(func() { source = p.unnamed() }) {
			source = &Bad{p.since(start.Span)}
		}
		operators = append(operators, p.pipes()...)
	})
	if len(operators) == 0 {
		return source
	}
	return &Pipeline{p.since(start.Span), source, operators}
}

func (p *parser) pipes() []Operator {
	var list []Operator
	for p.takeSign("|") {
		list = append(list, p.step())
	}
	return list
}

// unnamed reads a value without a name of its own.
func (p *parser) unnamed() Expr {
	var x Expr
	p.deeper(func() { x = p.logical("or", func() Expr { return p.logical("and", p.equality) }) })
	return x
}

func (p *parser) logical(op string, operand func() Expr) Expr {
	first := operand()
	if !p.word(op) {
		return first
	}
	l := &Logical{Op: op, Terms: []Expr{first}}
	for p.takeWord(op) {
		l.Terms = append(l.Terms, operand())
	}
	l.Span = p.since(first.Bounds())
	return l
}

var (
	memberships = set("in !in in~ !in~ has_any has_all")
	stringTests = set(`has !has has_cs !has_cs hasprefix !hasprefix hasprefix_cs !hasprefix_cs hassuffix !hassuffix hassuffix_cs
		!hassuffix_cs like notlike likecs notlikecs contains notcontains !contains containscs contains_cs notcontainscs !contains_cs
		startswith !startswith startswith_cs !startswith_cs endswith !endswith endswith_cs !endswith_cs matches`)
)

func (p *parser) equality() Expr {
	if p.sign("*") && p.ahead(1).is("==") {
		star := &Star{p.next().Span}
		return p.binary(star, p.relational)
	}
	x := p.relational()
	t := p.peek()
	switch {
	case t.is("=="), t.is("!="), t.is("<>"):
		return p.binary(x, p.relational)
	case t.kind == word && memberships[t.text] && !(t.text == "in" && p.ahead(1).isWord("range")):
		return p.membership(x)
	case t.isWord("between", "!between"):
		return p.between(x)
	}
	return x
}

func (p *parser) binary(x Expr, operand func() Expr) Expr {
	op := p.next()
	b := &Binary{Op: op.text, At: op.Span, X: x}
	switch b.Op {
	case "<>":
		b.Op = "!="
	case "matches":
		p.needWord("regex")
		b.Op, b.At = "matches regex", p.since(op.Span)
	case ":":
		b.Op = "has"
	}
	b.Y = operand()
	b.Span = p.since(x.Bounds())
	return b
}

func (p *parser) membership(x Expr) Expr {
	op := p.next()
	m := &Membership{Op: op.text, At: op.Span, X: x}
	p.needSign("(")
	p.deeper(func() {
		if p.startsOperator() || p.pipeAhead() {
			m.List = []Expr{p.expression()}
			return
		}
		p.list(func() { m.List = append(m.List, p.unnamed()) })
	})
	p.needSign(")")
	m.Span = p.since(x.Bounds())
	return m
}

// pipeAhead says whether a pipe comes before the element of a list is over.
func (p *parser) pipeAhead() bool {
	open := 0
	for n := 0; ; n++ {
		t := p.ahead(n)
		switch {
		case t.kind == endOfText, t.is(";"), open == 0 && t.is(","):
			return false
		case t.is("("):
			open++
		case t.is(")"):
			if open == 0 {
				return false
			}
			open--
		case open == 0 && t.is("|"):
			return true
		}
	}
}

func (p *parser) between(x Expr) Expr {
	op := p.next()
	b := &Between{Op: op.text, At: op.Span, X: x}
	p.needSign("(")
	b.Low = p.unnamed()
	p.needSign("..")
	b.High = p.unnamed()
	p.needSign(")")
	b.Span = p.since(x.Bounds())
	return b
}

func (p *parser) relational() Expr {
	x := p.additive()
	if t := p.peek(); t.is("<") || t.is("<=") || t.is(">") || t.is(">=") {
		return p.binary(x, p.additive)
	}
	return x
}

func (p *parser) additive() Expr {
	return p.chain([]string{"+", "-"}, func() Expr { return p.chain([]string{"*", "/", "%"}, p.stringTest) })
}

// chain reads operands with signs of one rank between them. The tree grows to the left.
func (p *parser) chain(signs []string, operand func() Expr) Expr {
	x := operand()
	for n := 1; ; n++ {
		t := p.peek()
		if t.kind != sign || !contains(signs, t.text) {
			return x
		}
		if n > maxChain {
			p.fail(t.Span, fmt.Sprintf("The expression is too long: more than %d operands in a row.", maxChain))
		}
		x = p.binary(x, operand)
	}
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func isStringTest(t token) bool {
	return t.kind == word && stringTests[t.text] || t.is("=~") || t.is("!~") || t.is(":")
}

func (p *parser) stringTest() Expr {
	if p.sign("*") && isStringTest(p.ahead(1)) {
		star := &Star{p.next().Span}
		return p.binary(star, p.unary)
	}
	x := p.unary()
	if isStringTest(p.peek()) {
		return p.binary(x, p.unary)
	}
	return x
}

func (p *parser) unary() Expr {
	if t := p.peek(); t.is("-") || t.is("+") {
		p.next()
		u := &Unary{Op: t.text, X: p.postfix()}
		u.Span = p.since(t.Span)
		return u
	}
	return p.postfix()
}

// postfix reads a value and what is picked out of it, with points and brackets.
func (p *parser) postfix() Expr {
	x := p.primary()
	for n := 1; ; n++ {
		if n > maxChain {
			p.fail(p.peek().Span, fmt.Sprintf("The path is too long: more than %d steps.", maxChain))
		}
		switch {
		case p.takeSign("."):
			x = p.path(x)
		case p.sign("["):
			p.next()
			i := &Index{X: x}
			p.deeper(func() { i.I = p.unnamed() })
			p.needSign("]")
			i.Span = p.since(x.Bounds())
			x = i
		default:
			return x
		}
	}
}

func (p *parser) path(x Expr) Expr {
	path := &Path{X: x}
	switch size := p.nameAt(0, canBeName); {
	case p.startsCall():
		path.Selector = p.call()
	case size > 0:
		path.Selector = &Ref{p.takeName(size)}
	case p.peek().kind == word && special[p.peek().text]:
		path.Selector = &Ref{p.takeName(1)}
	case p.takeSign("["):
		i := &Index{X: x}
		p.deeper(func() { i.I = p.unnamed() })
		p.needSign("]")
		i.Span = p.since(x.Bounds())
		return i
	default:
		path.Selector = &Ref{p.name()}
	}
	path.Span = p.since(x.Bounds())
	return path
}
