package syntax

// The operators that take values apart, call plugins and draw.

func (p *parser) parse(s Head) Operator {
	o := &ParseText{Head: s, Properties: p.properties("kind", "flags")}
	o.X = p.unnamed()
	p.needWord("with")
	for {
		t := p.peek()
		switch {
		case t.is("*"):
			p.next()
			o.Parts = append(o.Parts, &Star{t.Span})
			continue
		case t.kind == text:
			o.Parts = append(o.Parts, p.literal())
			continue
		case p.nameAt(0, canBeDeclared) > 0:
			d := &Declaration{Name: p.declaredName()}
			if p.takeSign(":") {
				d.Type = p.typeName(scalarTypes)
			}
			d.Span = p.since(t.Span)
			o.Parts = append(o.Parts, d)
			continue
		case len(o.Parts) == 0:
			p.expected("what to look for: strings and names")
		}
		break
	}
	p.end(&o.Head)
	return o
}

func (p *parser) parseKV(s Head) Operator {
	o := &ParseKV{Head: s, X: p.unnamed()}
	p.needWord("as")
	o.Columns = p.columns()
	if p.takeWord("with") {
		p.needSign("(")
		p.optionalList(false, func() {
			if p.peek().kind != word {
				p.expected("a property of parse-kv")
			}
			o.Properties = append(o.Properties, p.property())
		})
		p.needSign(")")
	}
	p.end(&o.Head)
	return o
}

func (p *parser) items(o *Expand) {
	p.list(func() {
		start := p.peek()
		var i Item
		if !p.word("to") {
			i.X = p.named()
		} else if o.Keyword != "mv-apply" && o.Keyword != "mvapply" {
			p.expected("an expression to expand")
		}
		if p.takeWord("to") {
			if !p.word("typeof") {
				p.expected("'typeof'")
			}
			i.To = p.typeof().(*TypeOf)
		}
		i.Span = p.since(start.Span)
		o.Items = append(o.Items, i)
	})
	if p.takeWord("limit") {
		o.Limit = p.unnamed()
	}
}

func (p *parser) expand(s Head) Operator {
	o := &Expand{Head: s, Properties: p.properties("kind", "bagexpansion", "with_itemindex")}
	p.items(o)
	p.end(&o.Head)
	return o
}

func (p *parser) apply(s Head) Operator {
	o := &Expand{Head: s, Properties: p.properties("with_itemindex")}
	p.items(o)
	if p.takeWord("id") {
		o.ID = p.unnamed()
	}
	p.needWord("on")
	o.Subquery = p.contextual()
	p.end(&o.Head)
	return o
}

func (p *parser) evaluate(s Head) Operator {
	o := &Evaluate{Head: s, Properties: p.properties()}
	if !p.startsCall() {
		p.expected("a plugin with its arguments")
	}
	o.Call = p.call()
	if p.takeSign(":") {
		o.HasSchema = true
		p.needSign("(")
		p.takeSign(",")
		if o.Star = p.takeSign("*"); o.Star {
			p.takeSign(",")
		}
		p.optionalList(true, func() { o.Columns = append(o.Columns, p.columnDeclaration()) })
		p.needSign(")")
	}
	p.end(&o.Head)
	return o
}

// columnLists are the properties of a chart that name columns.
var columnLists = set("ycolumns anomalycolumns series by")

func (p *parser) render(s Head) Operator {
	o := &Render{Head: s}
	t := p.peek()
	if t.kind != word {
		p.expected("a kind of chart such as timechart, barchart or piechart")
	}
	p.next()
	o.Chart = Name{t.Span, t.text}
	for { // the old form, without brackets
		switch {
		case p.word("kind", "title", "accumulate") && p.ahead(1).is("="):
			o.Properties = append(o.Properties, p.chartProperty(true))
			continue
		case p.word("by"):
			o.Properties = append(o.Properties, p.chartProperty(false))
			continue
		}
		break
	}
	if p.takeWord("with") {
		p.needSign("(")
		p.takeSign(",")
		p.optionalList(false, func() {
			if p.peek().kind != word {
				p.expected("a property of the chart")
			}
			o.Properties = append(o.Properties, p.chartProperty(true))
		})
		p.needSign(")")
	}
	p.end(&o.Head)
	return o
}

func (p *parser) chartProperty(equals bool) Property {
	t := p.next()
	if equals {
		p.needSign("=")
	}
	f := Property{Name: Name{t.Span, t.text}}
	if t.text == "by" {
		f.Name.Text = "series" // as it is called since
	}
	switch {
	case columnLists[t.text]:
		for {
			f.List = append(f.List, p.declaredName())
			if next := p.ahead(1); !p.sign(",") || next.kind == word && p.ahead(2).is("=") || next.is(")") {
				break
			}
			p.next()
		}
	case t.text == "title":
		f.Value = p.postfix()
	default:
		if f.Value = p.literal(); f.Value == nil {
			if size := p.nameAt(0, func(string) bool { return true }); size > 0 {
				f.Value = &Ref{p.takeName(size)}
			} else {
				p.expected("a value of '" + Clip(t.text) + "'")
			}
		}
	}
	f.Span = p.since(t.Span)
	return f
}

func (p *parser) scan(s Head) Operator {
	o := &Scan{Head: s, Properties: p.properties("kind", "with_match_id")}
	if p.takeWord("order") {
		p.needWord("by")
		p.list(func() { o.OrderBy = append(o.OrderBy, p.key()) })
	}
	if p.takeWord("partition") {
		p.needWord("by")
		p.list(func() { o.PartitionBy = append(o.PartitionBy, p.unnamed()) })
	}
	if p.takeWord("declare") {
		p.needSign("(")
		p.optionalList(false, func() { o.Declare = append(o.Declare, p.parameter()) })
		p.needSign(")")
	}
	p.needWord("with")
	p.needSign("(")
	for p.word("step") {
		o.Steps = append(o.Steps, p.scanStep())
	}
	p.needSign(")")
	p.end(&o.Head)
	return o
}

func (p *parser) scanStep() ScanStep {
	start := p.next()
	st := ScanStep{Name: p.declaredName(), Optional: p.takeWord("optional")}
	if p.takeWord("output") {
		p.needSign("=")
		t := p.peek()
		if !p.takeWord("all", "last", "none") {
			p.expected("'all', 'last' or 'none'")
		}
		st.Output = t.text
	}
	p.needSign(":")
	st.Condition = p.unnamed()
	if p.takeSign("=>") {
		p.list(func() {
			name := p.declaredName()
			p.needSign("=")
			n := Named{Names: []Name{name}, X: p.unnamed()}
			n.Span = p.since(name.Span)
			st.Assignments = append(st.Assignments, n)
		})
	}
	p.needSign(";")
	st.Span = p.since(start.Span)
	return st
}
