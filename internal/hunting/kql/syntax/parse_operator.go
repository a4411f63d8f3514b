package syntax

// reader reads what stands behind an operator's keyword.
type reader func(p *parser, s Head) Operator

// operators are the steps of a pipeline by their keyword. A keyword without a reader is known and not offered.
var operators map[string]reader

func init() {
	operators = map[string]reader{
		"as": (*parser).as, "count": (*parser).count, "distinct": (*parser).distinct, "evaluate": (*parser).evaluate, "extend": (*parser).extend,
		"filter": (*parser).where, "where": (*parser).where, "find": (*parser).find, "getschema": (*parser).getschema, "graph-match": (*parser).graphMatch, "invoke": (*parser).invoke,
		"join": (*parser).join, "limit": (*parser).take, "take": (*parser).take, "sample": (*parser).take, "lookup": (*parser).join,
		"make-graph": (*parser).makeGraph, "make-series": (*parser).makeSeries, "mvexpand": (*parser).expand, "mv-expand": (*parser).expand, "mvapply": (*parser).apply, "mv-apply": (*parser).apply,
		"order": (*parser).sort, "sort": (*parser).sort, "parse": (*parser).parse, "parse-where": (*parser).parse, "parse-kv": (*parser).parseKV,
		"partition": (*parser).partition, "print": (*parser).print, "project": (*parser).project, "project-away": (*parser).choose, "project-keep": (*parser).choose,
		"project-rename": (*parser).project, "project-reorder": (*parser).reorder, "project-by-names": (*parser).byNames, "range": (*parser).rangeOf,
		"render": (*parser).render, "sample-distinct": (*parser).sampleDistinct, "scan": (*parser).scan, "search": (*parser).search,
		"serialize": (*parser).serialize, "summarize": (*parser).summarize, "top": (*parser).top, "top-hitters": (*parser).topHitters,
		"top-nested": (*parser).topNested, "union": (*parser).union,
	}
	for _, keyword := range []string{
		"assert-schema", "consume", "facet", "fork", "reduce", "macro-expand", "graph-shortest-paths", "graph-to-table",
		"graph-mark-components", "graph-where-nodes", "graph-where-edges", "__executeAndCache", "__partitionby", "inline_external_table",
	} {
		operators[keyword] = (*parser).unoffered
	}
}

// Operators names the operators that can be written, for suggestions.
func Operators() []string {
	var names []string
	for name := range operators {
		names = append(names, name)
	}
	return names
}

// startsOperator says whether a query begins here with an operator instead of a table.
func (p *parser) startsOperator() bool {
	t, after := p.peek(), p.ahead(1)
	if t.kind != word || operators[t.text] == nil {
		return false
	}
	switch t.text {
	case "evaluate":
		return p.nameAt(1, canBeName) > 0 || after.kind == word && compounds[after.text]
	case "facet", "reduce":
		return after.isWord("by")
	case "partition":
		return after.isWord("by") || after.kind == word && compounds[after.text]
	case "range":
		size := p.nameAt(1, canBeName)
		return size > 0 && p.ahead(1+size).isWord("from")
	case "inline_external_table":
		return after.is("(") || after.isWord("kind")
	case "render":
		return after.kind == word
	}
	return !names[t.text]
}

// step reads one operator. What cannot be read is passed over up to the next pipe, so that the steps behind it are still looked at.
func (p *parser) step() Operator {
	t := p.peek()
	var op Operator
	ok := p.recovering(func() {
		read := operators[t.text]
		if t.is("|") {
			p.next() // the second half of ||: what follows is no operator either
		}
		if t.kind != word || read == nil {
			p.fail(t.Span, "Query could not be parsed at "+t.shown()+": expected an operator"+p.suggest(t))
		}
		p.next()
		op = read(p, Head{Span: t.Span, Keyword: t.text, At: t.Span})
	})
	if !ok {
		return &BadOperator{Head{p.since(t.Span), t.text, t.Span}}
	}
	return op
}

func (p *parser) suggest(t token) string {
	if t.kind == word && !p.problems.Full() {
		if near := Nearest(t.text, Operators()); near != "" {
			return "; did you mean '" + near + "'?"
		}
	}
	if t.is("|") {
		return "; write 'or' between two conditions."
	}
	return " such as where, project, extend, summarize or join."
}

// end closes the span of an operator.
func (p *parser) end(s *Head) { s.Span = p.since(s.At) }

// unoffered keeps an operator that is not offered as it is written.
func (p *parser) unoffered(s Head) Operator {
	p.passBalanced(func(t token) bool { return t.is("|") || t.is(";") })
	p.end(&s)
	return &Unoffered{s, p.source[s.Start:s.End]}
}

// properties reads name=value pairs behind a keyword. Only the names that the operator knows, and hints, are read: other
// words begin what follows.
func (p *parser) properties(known ...string) []Property {
	var list []Property
	for {
		t := p.peek()
		hint := t.kind == word && len(t.text) > 5 && t.text[:5] == "hint."
		if !hint && !(t.kind == word && contains(known, t.text)) || !p.ahead(1).is("=") {
			return list
		}
		list = append(list, p.property())
	}
}

func (p *parser) property() Property {
	t := p.next()
	p.needSign("=")
	f := Property{Name: Name{t.Span, t.text}}
	if f.Value = p.literal(); f.Value == nil {
		if p.peek().kind != word && p.nameAt(0, canBeName) == 0 {
			p.expected("a value of '" + Clip(t.text) + "'")
		}
		size := max(p.nameAt(0, canBeName), 1)
		f.Value = &Ref{p.takeName(size)}
	}
	f.Span = p.since(t.Span)
	return f
}

func (p *parser) as(s Head) Operator {
	o := &As{Head: s, Properties: p.properties()}
	o.Name = p.name()
	p.end(&o.Head)
	return o
}

func (p *parser) count(s Head) Operator {
	o := &Count{Head: s}
	if p.takeWord("as") {
		n := p.name()
		o.As = &n
	}
	p.end(&o.Head)
	return o
}

func (p *parser) where(s Head) Operator {
	o := &Where{Head: s}
	o.Condition = p.named()
	p.end(&o.Head)
	return o
}

func (p *parser) take(s Head) Operator {
	o := &Take{Head: s, N: p.named()}
	p.end(&o.Head)
	return o
}

func (p *parser) sampleDistinct(s Head) Operator {
	o := &SampleDistinct{Head: s, N: p.named()}
	p.needWord("of")
	o.Of = p.named()
	p.end(&o.Head)
	return o
}

func (p *parser) getschema(s Head) Operator {
	o := &GetSchema{Head: s, Properties: p.properties("kind")}
	p.end(&o.Head)
	return o
}

func (p *parser) invoke(s Head) Operator {
	o := &Invoke{Head: s}
	if !p.startsCall() {
		p.expected("a function with its arguments")
	}
	o.Call = p.call()
	for p.sign(".") {
		p.next()
		path := &Path{X: o.Call, Selector: p.call()}
		path.Span = p.since(path.X.Bounds())
		o.Call = path
	}
	p.end(&o.Head)
	return o
}

func (p *parser) rangeOf(s Head) Operator {
	o := &Range{Head: s, Name: p.name()}
	p.needWord("from")
	o.From = p.unnamed()
	p.needWord("to")
	o.To = p.unnamed()
	p.needWord("step")
	o.Step = p.unnamed()
	p.end(&o.Head)
	return o
}

func (p *parser) partition(s Head) Operator {
	o := &Partition{Head: s, Properties: p.properties()}
	p.needWord("by")
	o.By = &Ref{p.name()}
	if p.takeSign("{") {
		o.Whole = true
		p.deeper(func() { o.Subquery = p.expression() })
		p.needSign("}")
	} else {
		o.Subquery = p.contextual()
	}
	p.end(&o.Head)
	return o
}

// contextual reads a subquery in brackets that goes on with the rows it is given: it begins with an operator.
func (p *parser) contextual() Expr {
	p.needSign("(")
	start := p.peek()
	var x Expr
	p.deeper(func() {
		list := []Operator{p.step()}
		list = append(list, p.pipes()...)
		x = &Pipeline{p.since(start.Span), nil, list}
	})
	p.needSign(")")
	return x
}
