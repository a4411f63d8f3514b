package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// relation is rows as names see them: columns in order, what they are made by, and what may come beside.
type relation struct {
	node    plan.Node
	columns []*plan.Column
	arrival *plan.Column            // hidden: when the row came in; nil when no row stands for one of a table any more
	aliases map[string]*plan.Column // other names that columns answer to
	// open makes a column of a name that only the data will tell; nil when all columns are known.
	open func(name string) *plan.Column
	// show says that the rows as they are become the result, with all that only the data will tell.
	show    func()
	ordered bool // the rows stand in an order that row_number() and its like may use
	// bad says that a problem has been noted: what is not known about the columns is not worth another.
	bad bool
	// graph is what make-graph makes of rows: no rows any more, until graph-match.
	graph *graph
}

func (r *relation) visible() []*plan.Column {
	if r == nil {
		return nil
	}
	return r.columns
}

// find gives the column of a name.
func (r *relation) find(name string) *plan.Column {
	if r == nil {
		return nil
	}
	for _, c := range r.columns {
		if c.Name == name {
			return c
		}
	}
	return r.aliases[name]
}

func (r *relation) names() []string {
	var names []string
	for _, c := range r.visible() {
		names = append(names, c.Name)
	}
	return names
}

// infer gives a column that was not known until it was named.
func (r *relation) infer(name string) *plan.Column {
	if c := r.find(name); c != nil || r == nil || r.open == nil {
		return c
	}
	c := r.open(name)
	if c != nil {
		r.columns = append(r.columns, c)
	}
	return c
}

// with is the same rows made by another node that keeps all columns.
func (r *relation) with(node plan.Node) *relation {
	copied := *r
	copied.node = node
	return &copied
}

// all is the columns of a node that keeps all: those that are seen and the hidden one.
func (r *relation) all() []*plan.Column {
	list := append([]*plan.Column{}, r.columns...)
	if r.arrival != nil {
		list = append(list, r.arrival)
	}
	return list
}

// plain is the node with the columns that are seen and no others, in their order.
func (r *relation) plain(b *binder) plan.Node {
	if sameColumns(r.node.Columns(), r.columns) {
		return r.node
	}
	return &plan.Project{Input: r.node, Outputs: passing(r.columns)}
}

func sameColumns(a, b []*plan.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// passing makes columns of themselves.
func passing(columns []*plan.Column) []plan.Output {
	list := make([]plan.Output, len(columns))
	for i, c := range columns {
		list[i] = plan.Output{Column: c, Expr: &plan.ColumnRef{Column: c}}
	}
	return list
}

// project makes a relation of outputs over another: rows stay the rows they are, so they keep their arrival and what is not
// known of them, if keepOpen.
func (b *binder) project(r *relation, outputs []plan.Output, keepOpen bool) *relation {
	outputs = append([]plan.Output{}, outputs...)
	n := &plan.Project{Input: r.node}
	made := &relation{node: n, arrival: r.arrival, ordered: r.ordered, bad: r.bad}
	for _, o := range outputs {
		made.columns = append(made.columns, o.Column)
	}
	n.Outputs = outputs
	if r.arrival != nil {
		n.Outputs = append(n.Outputs, passing([]*plan.Column{r.arrival})...)
	}
	if keepOpen && r.open != nil {
		made.show = r.show
		made.open = func(name string) *plan.Column {
			c := r.infer(name)
			if c != nil {
				n.Outputs = append(n.Outputs, passing([]*plan.Column{c})...)
			}
			return c
		}
	}
	for name, c := range r.aliases {
		if has(made.columns, c) {
			made.alias(name, c)
		}
	}
	return made
}

func (r *relation) alias(name string, c *plan.Column) {
	if r.aliases == nil {
		r.aliases = map[string]*plan.Column{}
	}
	r.aliases[name] = c
}

func has(list []*plan.Column, c *plan.Column) bool {
	for _, one := range list {
		if one == c {
			return true
		}
	}
	return false
}

// use is a use of a binding: the same rows, with columns of their own.
func (b *binder) use(binding *plan.Binding, of *relation) *relation {
	if of.graph != nil {
		return of
	}
	n := &plan.Use{Binding: binding}
	made := &relation{node: n, ordered: of.ordered, bad: of.bad}
	add := func(c *plan.Column) *plan.Column {
		fresh := b.column(c.Name, c.Type)
		fresh.Hidden = c.Hidden
		n.Cols, n.From = append(n.Cols, fresh), append(n.From, c)
		return fresh
	}
	fresh := map[*plan.Column]*plan.Column{}
	for _, c := range of.columns {
		fresh[c] = add(c)
		made.columns = append(made.columns, fresh[c])
	}
	if of.arrival != nil {
		made.arrival = add(of.arrival)
	}
	for name, c := range of.aliases {
		if fresh[c] != nil {
			made.alias(name, fresh[c])
		}
	}
	if of.open != nil {
		made.show = of.show
		made.open = func(name string) *plan.Column {
			c := of.infer(name)
			if c == nil {
				return nil
			}
			return add(c)
		}
	}
	return made
}

// failed is what stands for rows that could not be bound.
func (b *binder) failed() *relation {
	return &relation{node: &plan.Values{}, bad: true}
}

// boolean, long and text are types that come up often.
var (
	boolean = types.Of(types.Bool)
	long    = types.Of(types.Long)
	text    = types.Of(types.String)
	failure = types.Of(types.Error)
	unknown = types.Of(types.Unknown)
	moment  = types.Of(types.DateTime)
)
