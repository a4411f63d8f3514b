package syntax

// The operators that make a graph and look for paths in it.

func (p *parser) makeGraph(s Head) Operator {
	o := &MakeGraph{Head: s, Source: &Ref{p.name()}}
	p.needSign("-")
	p.needSign("-")
	p.needSign(">")
	o.Target = &Ref{p.name()}
	if p.takeWord("with_node_id") {
		p.needSign("=")
		n := p.declaredName()
		o.NodeID = &n
	} else if p.takeWord("with") {
		p.list(func() {
			n := GraphNodes{Table: p.unnamed()}
			p.needWord("on")
			n.ID = &Ref{p.name()}
			o.Nodes = append(o.Nodes, n)
		})
	}
	p.end(&o.Head)
	return o
}

func (p *parser) graphMatch(s Head) Operator {
	o := &GraphMatch{Head: s, Properties: p.properties("cycles")}
	p.list(func() { o.Patterns = append(o.Patterns, p.graphPattern()) })
	if p.takeWord("where") {
		o.Where = p.unnamed()
	}
	p.needWord("project")
	p.list(func() { o.Project = append(o.Project, p.named()) })
	p.end(&o.Head)
	return o
}

func (p *parser) graphPattern() GraphPattern {
	g := GraphPattern{Nodes: []GraphElement{p.graphNode()}}
	for p.sign("-") || p.sign("<") {
		g.Edges = append(g.Edges, p.graphEdge())
		g.Nodes = append(g.Nodes, p.graphNode())
	}
	return g
}

func (p *parser) graphNode() GraphElement {
	start := p.peek()
	p.needSign("(")
	var n GraphElement
	if !p.sign(")") {
		n.Name = p.declaredName()
	}
	p.needSign(")")
	n.Span = p.since(start.Span)
	return n
}

// graphEdge reads an edge: -[name*1..3]->, or without brackets, and either way.
func (p *parser) graphEdge() GraphElement {
	start := p.peek()
	var e GraphElement
	if p.takeSign("<") {
		e.Toward = "<"
	}
	p.needSign("-")
	if p.takeSign("[") {
		if p.nameAt(0, canBeDeclared) > 0 {
			e.Name = p.declaredName()
		}
		if p.takeSign("*") {
			e.Min = p.postfix()
			p.needSign("..")
			e.Max = p.postfix()
		}
		p.needSign("]")
	}
	p.needSign("-")
	if e.Toward == "" && p.takeSign(">") {
		e.Toward = ">"
	}
	e.Span = p.since(start.Span)
	return e
}
