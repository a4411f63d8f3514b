package syntax

// The operators that bring tables together, and those that look through several.

func (p *parser) join(s Head) Operator {
	o := &Join{Head: s, Properties: p.properties("kind")}
	o.Right = p.unnamed()
	switch {
	case p.takeWord("on"):
		p.list(func() { o.On = append(o.On, p.unnamed()) })
	case s.Keyword == "join" && p.takeWord("where"):
		o.Condition = p.unnamed()
	case s.Keyword == "join":
		p.expected("'on' and the columns to join by")
	default:
		p.expected("'on' and the columns to look up by")
	}
	p.end(&o.Head)
	return o
}

func (p *parser) union(s Head) Operator {
	o := &Union{Head: s, Properties: p.properties("kind", "withsource", "with_source", "isfuzzy", "__isFuzzy", "best_effort")}
	p.list(func() { o.Tables = append(o.Tables, p.tableOrWildcard()) })
	p.end(&o.Head)
	return o
}

// tableOrWildcard reads a table where several can be meant by one name with stars.
func (p *parser) tableOrWildcard() Expr {
	if p.wildcardAt() > 0 {
		return p.wildcard()
	}
	if p.sign("(") {
		start := p.next()
		paren := &Paren{}
		p.deeper(func() { paren.X = p.expression() })
		p.needSign(")")
		paren.Span = p.since(start.Span)
		return paren
	}
	x := p.tableName()
	for p.sign(".") {
		p.next()
		path := &Path{X: x}
		if p.wildcardAt() > 0 {
			path.Selector = p.wildcard()
		} else {
			path.Selector = p.tableName()
		}
		path.Span = p.since(x.Bounds())
		x = path
	}
	return x
}

func (p *parser) tableName() Expr {
	if p.startsCall() {
		return p.call()
	}
	if t := p.peek(); t.isWord("datatable", "externaldata", "external_data", "materialize") && p.ahead(1).is("(") {
		return p.primary()
	}
	return &Ref{p.name()}
}

func (p *parser) in() []Expr {
	var list []Expr
	if p.takeWord("in") {
		p.needSign("(")
		p.list(func() { list = append(list, p.tableOrWildcard()) })
		p.needSign(")")
	}
	return list
}

func (p *parser) search(s Head) Operator {
	o := &Search{Head: s, Properties: p.properties("kind")}
	o.In = p.in()
	start := p.peek()
	if t := p.ahead(1); p.sign("*") && !t.is("==") && !isStringTest(t) {
		o.Condition = &Star{p.next().Span}
		if p.takeWord("and") {
			l := &Logical{Op: "and", Terms: []Expr{o.Condition, p.unnamed()}}
			l.Span = p.since(start.Span)
			o.Condition = l
		}
	} else {
		o.Condition = p.unnamed()
	}
	p.end(&o.Head)
	return o
}

func (p *parser) find(s Head) Operator {
	o := &Find{Head: s, Properties: p.properties("withsource", "with_source")}
	o.In = p.in()
	if len(o.Properties)+len(o.In) > 0 {
		p.needWord("where")
	} else {
		p.takeWord("where")
	}
	o.Condition = p.unnamed()
	switch {
	case p.takeWord("project"):
		o.HasProject = true
		p.list(func() { o.Project = append(o.Project, p.findColumn()) })
	case p.takeWord("project-smart"):
		o.Smart = true
	}
	if p.takeWord("project-away") {
		p.list(func() { o.ProjectAway = append(o.ProjectAway, p.findColumn()) })
	}
	p.end(&o.Head)
	return o
}

func (p *parser) findColumn() Expr {
	start := p.peek()
	switch {
	case p.word("pack") && p.ahead(1).is("("):
		p.at += 2
		p.needSign("*")
		p.needSign(")")
		return &Pack{p.since(start.Span)}
	case p.sign("*"):
		return &Star{p.next().Span}
	}
	c := &FindColumn{Column: &Ref{p.name()}}
	if p.takeSign(":") {
		c.Type = p.typeName(wideTypes)
	}
	c.Span = p.since(start.Span)
	return c
}
