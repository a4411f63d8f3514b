package syntax

// The operators that choose and make columns.

func (p *parser) columnsOf(s Head, properties []Property, element func() Expr, atLeastOne bool) Operator {
	o := &Columns{Head: s, Properties: properties}
	add := func() { o.List = append(o.List, element()) }
	if atLeastOne {
		p.list(add)
	} else {
		p.optionalList(false, add)
	}
	p.end(&o.Head)
	return o
}

func (p *parser) extend(s Head) Operator  { return p.columnsOf(s, nil, p.named, true) }
func (p *parser) print(s Head) Operator   { return p.columnsOf(s, nil, p.named, true) }
func (p *parser) project(s Head) Operator { return p.columnsOf(s, nil, p.named, false) }
func (p *parser) choose(s Head) Operator  { return p.columnsOf(s, nil, p.columnOrWildcard, false) }
func (p *parser) byNames(s Head) Operator { return p.columnsOf(s, nil, p.unnamed, false) }

func (p *parser) serialize(s Head) Operator {
	return p.columnsOf(s, p.properties(), p.named, false)
}

func (p *parser) distinct(s Head) Operator {
	return p.columnsOf(s, p.properties(), func() Expr {
		if p.sign("*") {
			return &Star{p.next().Span}
		}
		return p.named()
	}, true)
}

func (p *parser) reorder(s Head) Operator {
	o := &Reorder{Head: s}
	p.optionalList(false, func() {
		k := Key{X: p.columnOrWildcard()}
		p.order(&k)
		k.Span = p.since(k.X.Bounds())
		o.Keys = append(o.Keys, k)
	})
	p.end(&o.Head)
	return o
}

func (p *parser) order(k *Key) {
	if t := p.peek(); p.takeWord("asc", "desc", "granny-asc", "granny-desc") {
		k.Order = t.text
	}
}

// key reads an expression with the order that it sorts in.
func (p *parser) key() Key {
	k := Key{X: p.named()}
	p.order(&k)
	if p.takeWord("nulls") {
		t := p.peek()
		if !p.takeWord("first", "last") {
			p.expected("'first' or 'last'")
		}
		k.Nulls = t.text
	}
	k.Span = p.since(k.X.Bounds())
	return k
}

func (p *parser) sort(s Head) Operator {
	o := &Sort{Head: s, Properties: p.properties()}
	p.needWord("by")
	p.list(func() { o.Keys = append(o.Keys, p.key()) })
	p.end(&o.Head)
	return o
}

func (p *parser) top(s Head) Operator {
	o := &Top{Head: s, Properties: p.properties()}
	o.N = p.named()
	p.needWord("by")
	o.By = p.key()
	p.end(&o.Head)
	return o
}

func (p *parser) topHitters(s Head) Operator {
	o := &TopHitters{Head: s, N: p.named()}
	p.needWord("of")
	o.Of = p.named()
	if p.takeWord("by") {
		o.By = p.named()
	}
	p.end(&o.Head)
	return o
}

func (p *parser) topNested(s Head) Operator {
	o := &TopNested{Head: s}
	first := true
	p.list(func() {
		start := p.peek()
		if first {
			start.Span, first = s.At, false
		} else {
			p.needWord("top-nested")
		}
		var l Level
		if !p.word("of") {
			l.N = p.named()
		}
		p.needWord("of")
		l.Of = p.named()
		if p.takeWord("with") {
			p.needWord("others")
			p.needSign("=")
			l.Others = p.unnamed()
		}
		p.needWord("by")
		l.By = p.key()
		l.Span = p.since(start.Span)
		o.Levels = append(o.Levels, l)
	})
	p.end(&o.Head)
	return o
}

func (p *parser) summarize(s Head) Operator {
	o := &Summarize{Head: s, Properties: p.properties()}
	if !p.word("by") {
		p.optionalList(false, func() { o.Aggregates = append(o.Aggregates, p.named()) })
	}
	if p.takeWord("by") {
		o.HasBy = true
		p.list(func() { o.By = append(o.By, p.named()) })
		if p.word("bin") && p.ahead(1).is("=") {
			p.at += 2
			o.Bin = p.unnamed()
		}
	}
	p.end(&o.Head)
	return o
}

func (p *parser) makeSeries(s Head) Operator {
	o := &MakeSeries{Head: s, Properties: p.properties("kind")}
	p.list(func() {
		start := p.peek()
		e := Series{X: p.named()}
		if p.takeWord("default") {
			p.needSign("=")
			e.Default = p.named()
		}
		e.Span = p.since(start.Span)
		o.Series = append(o.Series, e)
	})
	p.needWord("on")
	o.On = p.named()
	if p.takeWord("in") {
		p.needWord("range")
		p.needSign("(")
		p.optionalList(false, func() { o.Range = append(o.Range, p.named()) })
		p.needSign(")")
	} else {
		if p.takeWord("from") {
			o.From = p.unnamed()
		}
		if p.takeWord("to") {
			o.To = p.unnamed()
		}
		p.needWord("step")
		o.Step = p.unnamed()
	}
	if p.takeWord("by") {
		p.list(func() { o.By = append(o.By, p.named()) })
	}
	p.end(&o.Head)
	return o
}
