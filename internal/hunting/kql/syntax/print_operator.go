package syntax

func (w *printer) pipeline(p *Pipeline) {
	if p.Source != nil {
		w.expr(p.Source)
	}
	for i, o := range p.Operators {
		if i > 0 || p.Source != nil {
			w.put("\n| ")
		}
		w.operator(o)
	}
}

func (w *printer) properties(list []Property) {
	for _, f := range list {
		w.put(" ")
		w.property(f)
	}
}

// optional writes a word and an expression, if there is one.
func (w *printer) optional(before string, x Expr) {
	if x != nil {
		w.put(before)
		w.expr(x)
	}
}

func (w *printer) keys(list []Key) { join(w, ", ", list, w.key) }

func (w *printer) key(k Key) {
	w.expr(k.X)
	if k.Order != "" {
		w.put(" ", k.Order)
	}
	if k.Nulls != "" {
		w.put(" nulls ", k.Nulls)
	}
}

func (w *printer) operator(o Operator) {
	if u, ok := o.(*Unoffered); ok {
		w.put(u.Text)
		return
	}
	w.put(o.Word())
	switch o := o.(type) {
	case *Columns:
		w.properties(o.Properties)
		if len(o.List) > 0 {
			w.put(" ")
		}
		w.exprs(o.List)
	case *Reorder:
		w.put(" ")
		w.keys(o.Keys)
	case *Where:
		w.optional(" ", o.Condition)
	case *Count:
		if o.As != nil {
			w.put(" as ")
			w.name(*o.As)
		}
	case *Take:
		w.optional(" ", o.N)
	case *SampleDistinct:
		w.optional(" ", o.N)
		w.optional(" of ", o.Of)
	case *Sort:
		w.properties(o.Properties)
		w.put(" by ")
		w.keys(o.Keys)
	case *Top:
		w.properties(o.Properties)
		w.optional(" ", o.N)
		w.put(" by ")
		w.key(o.By)
	case *TopHitters:
		w.optional(" ", o.N)
		w.optional(" of ", o.Of)
		w.optional(" by ", o.By)
	case *TopNested:
		w.levels(o)
	case *Summarize:
		w.summarize(o)
	case *Join:
		w.join(o)
	case *Union:
		w.properties(o.Properties)
		w.put(" ")
		w.exprs(o.Tables)
	case *Search:
		w.properties(o.Properties)
		w.in(o.In)
		w.optional(" ", o.Condition)
	case *Find:
		w.find(o)
	default:
		w.valueOperator(o)
	}
}

func (w *printer) levels(o *TopNested) {
	for i, l := range o.Levels {
		if i > 0 {
			w.put(", top-nested")
		}
		w.optional(" ", l.N)
		w.optional(" of ", l.Of)
		w.optional(" with others = ", l.Others)
		w.put(" by ")
		w.key(l.By)
	}
}

func (w *printer) summarize(o *Summarize) {
	w.properties(o.Properties)
	if len(o.Aggregates) > 0 {
		w.put(" ")
		w.exprs(o.Aggregates)
	}
	if o.HasBy {
		w.put(" by ")
		w.exprs(o.By)
		w.optional(" bin=", o.Bin)
	}
}

func (w *printer) join(o *Join) {
	w.properties(o.Properties)
	w.optional(" ", o.Right)
	if o.Condition != nil {
		w.optional(" where ", o.Condition)
		return
	}
	w.put(" on ")
	w.exprs(o.On)
}

func (w *printer) in(list []Expr) {
	if len(list) > 0 {
		w.put(" in (")
		w.exprs(list)
		w.put(")")
	}
}

func (w *printer) find(o *Find) {
	w.properties(o.Properties)
	w.in(o.In)
	w.put(" where ")
	w.expr(o.Condition)
	if o.HasProject {
		w.put(" project ")
		w.exprs(o.Project)
	}
	if o.Smart {
		w.put(" project-smart")
	}
	if len(o.ProjectAway) > 0 {
		w.put(" project-away ")
		w.exprs(o.ProjectAway)
	}
}
