package syntax

func (w *printer) exprs(list []Expr) { join(w, ", ", list, w.expr) }

func (w *printer) expr(x Expr) {
	switch x := x.(type) {
	case *Ref:
		w.ref(x.Text)
	case *Wildcard:
		w.put(x.Pattern)
	case *Star:
		w.put("*")
	case *Literal:
		w.literal(x)
	case *Dynamic:
		w.put("dynamic(")
		w.expr(x.X)
		w.put(")")
	case *Array:
		w.put("[")
		w.exprs(x.Items)
		w.put("]")
	case *Bag:
		w.put("{")
		join(w, ", ", x.Pairs, func(p Pair) {
			w.put(quoteString(p.Key), ": ")
			w.expr(p.Value)
		})
		w.put("}")
	case *TypeOf:
		w.typeof(x)
	case *Paren:
		w.put("(")
		w.expr(x.X)
		w.put(")")
	case *Unary:
		w.put(x.Op)
		w.expr(x.X)
	case *Binary:
		w.expr(x.X)
		w.put(" ", x.Op, " ")
		w.expr(x.Y)
	case *Logical:
		join(w, " "+x.Op+" ", x.Terms, w.expr)
	case *Membership:
		w.expr(x.X)
		w.put(" ", x.Op, " (")
		w.exprs(x.List)
		w.put(")")
	case *Between:
		w.expr(x.X)
		w.put(" ", x.Op, " (")
		w.expr(x.Low)
		w.put(" .. ")
		w.expr(x.High)
		w.put(")")
	case *Call:
		w.callName(x.Name.Text)
		w.put("(")
		w.exprs(x.Args)
		w.put(")")
	case *Path:
		w.expr(x.X)
		w.put(".")
		w.expr(x.Selector)
	case *Index:
		w.expr(x.X)
		w.index(x.I)
	case *Named:
		w.named(x)
	case *Subquery:
		w.put(x.Keyword, "(")
		w.expr(x.X)
		w.put(")")
	case *DataTable:
		w.put("datatable")
		w.declarations(x.Columns)
		w.put(" [")
		w.exprs(x.Values)
		w.put("]")
	case *ExternalData:
		w.put("externaldata")
		w.declarations(x.Columns)
		w.put(" [")
		w.exprs(x.Sources)
		w.put("]")
		if len(x.Properties) > 0 {
			w.put(" with (")
			join(w, ", ", x.Properties, w.property)
			w.put(")")
		}
	case *Pipeline:
		w.pipeline(x)
	case *Function:
		w.function(x)
	case *FindColumn:
		w.expr(x.Column)
		if x.Type != "" {
			w.put(":", x.Type)
		}
	case *Pack:
		w.put("pack(*)")
	}
}

// ref writes a name that is used. Some words are names as they are in this place only.
func (w *printer) ref(s string) {
	if special[s] {
		w.put(s)
		return
	}
	w.put(QuoteName(s))
}

// callName writes the name of a function: words of the language that functions have are not put in brackets.
func (w *printer) callName(s string) {
	if names[s] && typedLiterals[s] == 0 && s != "typeof" {
		w.put(s)
		return
	}
	w.put(QuoteName(s))
}

// index writes what stands in brackets. A literal string there would read as a name behind a point only, so it may stand.
func (w *printer) index(i Expr) {
	w.put("[")
	w.expr(i)
	w.put("]")
}

func (w *printer) typeof(t *TypeOf) {
	w.put("typeof(")
	if t.Type != "" {
		w.put(t.Type)
	}
	if t.Star {
		w.put("*")
		if len(t.Columns) > 0 {
			w.put(", ")
		}
	}
	join(w, ", ", t.Columns, w.declaration)
	w.put(")")
}

func (w *printer) named(n *Named) {
	if n.Tuple {
		w.put("(")
	}
	join(w, ", ", n.Names, w.name)
	if n.Tuple {
		w.put(")")
	}
	w.put(" = ")
	w.expr(n.X)
}

func (w *printer) property(f Property) {
	w.put(f.Name.Text, "=")
	if f.List != nil {
		join(w, ", ", f.List, w.name)
		return
	}
	if r, ok := f.Value.(*Ref); ok {
		w.word(r.Text)
		return
	}
	w.expr(f.Value)
}

// word writes the value of a property, where words of the language stand as they are.
func (w *printer) word(s string) {
	if isKeyword(s) && !compounds[s] {
		w.put(s)
		return
	}
	w.put(QuoteName(s))
}
