package emit

import "github.com/bailiwick/bailiwick/internal/hunting/kql/plan"

// live are the columns that the result depends on. A table has many columns, and a query names few.
type live map[*plan.Column]bool

// liveColumns finds them, and counts on the way how often each binding is used.
func liveColumns(root plan.Node, wanted []*plan.Column, uses map[*plan.Binding]int) live {
	m := marker{live: live{}, of: map[*plan.Column][]plan.Expr{}, from: map[*plan.Column][]*plan.Column{}, uses: uses}
	plan.Walk(root, m.node)
	m.columns(wanted)
	for _, x := range m.always {
		m.expr(x)
	}
	m.columns(m.kept)
	return m.live
}

type marker struct {
	live   live
	of     map[*plan.Column][]plan.Expr    // what a column is computed from
	from   map[*plan.Column][]*plan.Column // or taken over from
	always []plan.Expr                     // what decides which rows there are
	kept   []*plan.Column
	uses   map[*plan.Binding]int
}

func (m *marker) node(n plan.Node) {
	m.subqueries(n.Exprs())
	switch n := n.(type) {
	case *plan.Project:
		m.outputs(n.Outputs)
	case *plan.Aggregate:
		for _, k := range n.Keys {
			m.always = append(m.always, k.Expr)
		}
		m.outputs(n.Aggregates)
	case *plan.Union:
		for _, leg := range n.Legs {
			for i, c := range leg.From {
				if c != nil {
					m.from[n.Cols[i]] = append(m.from[n.Cols[i]], c)
				}
			}
		}
	case *plan.Use:
		m.uses[n.Binding]++
		for i, c := range n.Cols {
			m.from[c] = append(m.from[c], n.From[i])
		}
	case *plan.Join:
		for _, p := range n.On {
			m.kept = append(m.kept, p.Left, p.Right)
		}
		m.always = append(m.always, n.Exprs()...)
	case *plan.Apply:
		m.given(n.Rows)
		m.always = append(m.always, n.Expand.Exprs()...)
	case *plan.Partition:
		m.given(n.Rows)
		m.always = append(m.always, n.By)
	case *plan.Profile:
		m.always = append(m.always, n.Hash, n.Limit)
		m.outputs(n.Added)
	case *plan.AddressLookup:
		m.always = append(m.always, n.Address)
		m.kept = append(m.kept, n.Network)
		for _, p := range n.On {
			m.kept = append(m.kept, p.Left, p.Right)
		}
	case *plan.Unpack:
		m.kept = append(m.kept, n.Bag)
		m.always = append(m.always, n.Exprs()...)
	case *plan.Pivot:
		m.kept = append(append(m.kept, n.By), n.Keys...)
		m.always = append(m.always, n.Exprs()...)
	case *plan.Narrow:
		m.kept = append(m.kept, n.Input.Columns()...)
	case *plan.Match:
		for _, s := range n.Steps {
			for i, c := range s.State {
				m.from[c] = append(m.from[c], s.Of[i])
			}
		}
		m.always = append(m.always, n.Exprs()...)
	default: // what else an operator computes, it needs
		m.always = append(m.always, n.Exprs()...)
	}
}

func (m *marker) given(rows *plan.Rows) {
	if rows == nil {
		return
	}
	for i, c := range rows.Cols {
		m.from[c] = append(m.from[c], rows.From[i])
	}
}

func (m *marker) outputs(list []plan.Output) {
	for _, o := range list {
		m.of[o.Column] = append(m.of[o.Column], o.Expr)
	}
}

// subqueries counts the uses that stand in expressions.
func (m *marker) subqueries(list []plan.Expr) {
	for _, x := range list {
		if x == nil {
			continue
		}
		switch x := x.(type) {
		case *plan.Scalar:
			m.uses[x.Query]++
		case *plan.InTable:
			m.uses[x.Query]++
		}
		m.subqueries(x.Args())
	}
}

func (m *marker) columns(list []*plan.Column) {
	for _, c := range list {
		m.column(c)
	}
}

func (m *marker) column(c *plan.Column) {
	if c == nil || m.live[c] {
		return
	}
	m.live[c] = true
	for _, x := range m.of[c] {
		m.expr(x)
	}
	m.columns(m.from[c])
}

func (m *marker) expr(x plan.Expr) {
	if x == nil {
		return
	}
	switch x := x.(type) {
	case *plan.ColumnRef:
		m.column(x.Column)
	case *plan.Scalar:
		m.first(x.Query)
	case *plan.InTable:
		m.first(x.Query)
	}
	for _, a := range x.Args() {
		m.expr(a)
	}
}

// first is the one column of a subquery that an expression reads.
func (m *marker) first(b *plan.Binding) {
	if columns := b.Node.Columns(); len(columns) > 0 {
		m.column(columns[0])
	}
}
