package syntax

func (w *printer) valueOperator(o Operator) {
	switch o := o.(type) {
	case *ParseText:
		w.properties(o.Properties)
		w.optional(" ", o.X)
		w.put(" with")
		for _, part := range o.Parts {
			w.put(" ")
			w.part(part)
		}
	case *ParseKV:
		w.optional(" ", o.X)
		w.put(" as ")
		w.declarations(o.Columns)
		w.with(o.Properties)
	case *Expand:
		w.expand(o)
	case *MakeSeries:
		w.makeSeries(o)
	case *Evaluate:
		w.evaluate(o)
	case *Invoke:
		w.optional(" ", o.Call)
	case *Partition:
		w.properties(o.Properties)
		w.optional(" by ", o.By)
		if o.Whole {
			w.put(" {")
			w.expr(o.Subquery)
			w.put("}")
			return
		}
		w.put(" (")
		w.expr(o.Subquery)
		w.put(")")
	case *Range:
		w.put(" ")
		w.name(o.Name)
		w.optional(" from ", o.From)
		w.optional(" to ", o.To)
		w.optional(" step ", o.Step)
	case *Render:
		w.put(" ", o.Chart.Text)
		w.with(o.Properties)
	case *As:
		w.properties(o.Properties)
		w.put(" ")
		w.name(o.Name)
	case *GetSchema:
		w.properties(o.Properties)
	case *MakeGraph:
		w.makeGraph(o)
	case *GraphMatch:
		w.graphMatch(o)
	case *Scan:
		w.scan(o)
	}
}

func (w *printer) with(list []Property) {
	if len(list) > 0 {
		w.put(" with (")
		join(w, ", ", list, w.property)
		w.put(")")
	}
}

func (w *printer) part(n Node) {
	switch part := n.(type) {
	case Expr:
		w.expr(part)
	case *Declaration:
		w.name(part.Name)
		if part.Type != "" {
			w.put(":", part.Type)
		}
	}
}

func (w *printer) expand(o *Expand) {
	w.properties(o.Properties)
	for i, item := range o.Items {
		if i > 0 {
			w.put(",")
		}
		w.optional(" ", item.X)
		if item.To != nil {
			w.put(" to ")
			w.typeof(item.To)
		}
	}
	w.optional(" limit ", o.Limit)
	w.optional(" id ", o.ID)
	if o.Subquery != nil {
		w.put(" on (")
		w.expr(o.Subquery)
		w.put(")")
	}
}

func (w *printer) makeSeries(o *MakeSeries) {
	w.properties(o.Properties)
	w.put(" ")
	join(w, ", ", o.Series, func(s Series) {
		w.expr(s.X)
		w.optional(" default=", s.Default)
	})
	w.optional(" on ", o.On)
	if o.Step == nil {
		w.put(" in range(")
		w.exprs(o.Range)
		w.put(")")
	}
	w.optional(" from ", o.From)
	w.optional(" to ", o.To)
	w.optional(" step ", o.Step)
	if len(o.By) > 0 {
		w.put(" by ")
		w.exprs(o.By)
	}
}

func (w *printer) evaluate(o *Evaluate) {
	w.properties(o.Properties)
	w.put(" ")
	w.expr(o.Call)
	if !o.HasSchema {
		return
	}
	w.put(" : (")
	if o.Star {
		w.put("*")
		if len(o.Columns) > 0 {
			w.put(", ")
		}
	}
	join(w, ", ", o.Columns, w.declaration)
	w.put(")")
}

func (w *printer) scan(o *Scan) {
	w.properties(o.Properties)
	if len(o.OrderBy) > 0 {
		w.put(" order by ")
		w.keys(o.OrderBy)
	}
	if len(o.PartitionBy) > 0 {
		w.put(" partition by ")
		w.exprs(o.PartitionBy)
	}
	if len(o.Declare) > 0 {
		w.put(" declare ")
		w.declarations(o.Declare)
	}
	w.put(" with (")
	for _, st := range o.Steps {
		w.put("\nstep ")
		w.name(st.Name)
		if st.Optional {
			w.put(" optional")
		}
		if st.Output != "" {
			w.put(" output=", st.Output)
		}
		w.put(": ")
		w.expr(st.Condition)
		if len(st.Assignments) > 0 {
			w.put(" => ")
			join(w, ", ", st.Assignments, func(n Named) { w.named(&n) })
		}
		w.put(";")
	}
	w.put(")")
}

func (w *printer) makeGraph(o *MakeGraph) {
	w.optional(" ", o.Source)
	w.optional(" --> ", o.Target)
	if o.NodeID != nil {
		w.put(" with_node_id=")
		w.name(*o.NodeID)
	}
	if len(o.Nodes) > 0 {
		w.put(" with ")
		join(w, ", ", o.Nodes, func(n GraphNodes) {
			w.expr(n.Table)
			w.optional(" on ", n.ID)
		})
	}
}

func (w *printer) graphMatch(o *GraphMatch) {
	w.properties(o.Properties)
	w.put(" ")
	join(w, ", ", o.Patterns, func(g GraphPattern) {
		for i, n := range g.Nodes {
			if i > 0 {
				w.graphEdge(g.Edges[i-1])
			}
			w.put("(")
			w.graphName(n)
			w.put(")")
		}
	})
	w.optional(" where ", o.Where)
	w.put(" project ")
	w.exprs(o.Project)
}

func (w *printer) graphName(e GraphElement) {
	if e.Name.Text != "" {
		w.name(e.Name)
	}
}

func (w *printer) graphEdge(e GraphElement) {
	if e.Toward == "<" {
		w.put("<")
	}
	w.put("-[")
	w.graphName(e)
	w.optional("*", e.Min)
	w.optional("..", e.Max)
	w.put("]-")
	if e.Toward == ">" {
		w.put(">")
	}
}
