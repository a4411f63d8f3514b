package plan

// Walk visits every relation of a query once: inputs, bindings however often they are used, and those in expressions, however
// deep they stand. It is how an authoriser finds each Reference.
func Walk(root Node, visit func(Node)) {
	w := walker{visit: visit, nodes: map[Node]bool{}, exprs: map[Expr]bool{}}
	w.node(root)
}

type walker struct {
	visit func(Node)
	nodes map[Node]bool
	exprs map[Expr]bool
}

func (w *walker) node(n Node) {
	if n == nil || w.nodes[n] {
		return
	}
	w.nodes[n] = true
	w.visit(n)
	for _, e := range n.Exprs() {
		w.expr(e)
	}
	for _, input := range n.Inputs() {
		w.node(input)
	}
}

func (w *walker) expr(e Expr) {
	if e == nil || w.exprs[e] {
		return
	}
	w.exprs[e] = true
	switch e := e.(type) {
	case *Scalar:
		w.node(e.Query.Node)
	case *InTable:
		w.node(e.Query.Node)
	}
	for _, a := range e.Args() {
		w.expr(a)
	}
}

// References gives every Reference of a query, in the order in which the query names them first.
func References(root Node) []*Reference {
	var list []*Reference
	Walk(root, func(n Node) {
		if r, ok := n.(*Reference); ok {
			list = append(list, r)
		}
	})
	return list
}
