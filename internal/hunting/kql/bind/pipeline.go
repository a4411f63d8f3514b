package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// pipeline binds a table and the operators that it goes through.
func (b *binder) pipeline(p *syntax.Pipeline) *relation {
	var r *relation
	switch {
	case p.Source != nil:
		b.apart(func() { r = b.table(p.Source) })
	case b.given != nil:
		r, b.given = b.given, nil
	}
	for _, op := range p.Operators {
		if !b.spend(op.Bounds(), 1) {
			return b.failed()
		}
		b.apart(func() { b.within(op.Word(), func() { r = b.step(op, r) }) })
	}
	return r
}

// step binds one operator over the rows before it; nil when it is the first and makes rows itself.
func (b *binder) step(op syntax.Operator, in *relation) *relation {
	switch op := op.(type) {
	case *syntax.Columns:
		if op.Keyword == "print" {
			return b.print(op)
		}
	case *syntax.Range:
		return b.rangeOf(op)
	case *syntax.Union:
		return b.union(op, in)
	case *syntax.Search:
		return b.searchRows(op, in)
	case *syntax.Find:
		return b.find(op)
	case *syntax.Unoffered:
		b.problem(op.At, "The operator is not offered in hunting.")
		return b.failed()
	case *syntax.BadOperator:
		return b.failed()
	}
	if in == nil {
		b.problem(op.Bounds(), "The operator stands behind a table and a '|'.")
		return b.failed()
	}
	if match, ok := op.(*syntax.GraphMatch); ok {
		return b.graphMatch(match, in)
	}
	if in.graph != nil {
		b.problem(op.Bounds(), "Behind make-graph stands graph-match, which makes rows of a graph again.")
		return b.failed()
	}
	if out := b.shaped(op, in); out != nil {
		return out
	}
	return b.same(op, in)
}

// shaped binds the operators that make other columns of those before them.
func (b *binder) shaped(op syntax.Operator, in *relation) *relation {
	switch op := op.(type) {
	case *syntax.Columns:
		return b.columns(op, in)
	case *syntax.Reorder:
		return b.reorder(op, in)
	case *syntax.Summarize:
		return b.summarize(op, in)
	case *syntax.Count:
		return b.count(op, in)
	case *syntax.SampleDistinct:
		return b.sampleDistinct(op, in)
	case *syntax.TopHitters:
		return b.topHitters(op, in)
	case *syntax.TopNested:
		return b.topNested(op, in)
	case *syntax.MakeSeries:
		return b.makeSeries(op, in)
	case *syntax.Join:
		return b.join(op, in)
	case *syntax.ParseText:
		return b.parse(op, in)
	case *syntax.ParseKV:
		return b.parsePairs(op, in)
	case *syntax.Expand:
		return b.expand(op, in)
	case *syntax.Evaluate:
		return b.evaluate(op, in)
	case *syntax.Invoke:
		return b.invoke(op, in)
	case *syntax.Partition:
		return b.partition(op, in)
	case *syntax.GetSchema:
		return b.getSchema(op, in)
	case *syntax.Scan:
		return b.scan(op, in)
	case *syntax.MakeGraph:
		return b.makeGraph(op, in)
	}
	return nil
}

// same binds the operators that keep all columns.
func (b *binder) same(op syntax.Operator, in *relation) *relation {
	switch op := op.(type) {
	case *syntax.Where:
		return b.where(op, in)
	case *syntax.Take:
		return b.take(op, in)
	case *syntax.Sort:
		return b.sort(op, in)
	case *syntax.Top:
		return b.top(op, in)
	case *syntax.As:
		return b.as(op, in)
	case *syntax.Render:
		return b.renderAs(op, in)
	}
	b.problem(op.Bounds(), "The operator is not offered in hunting.")
	return in
}

func (b *binder) where(op *syntax.Where, in *relation) *relation {
	v := value{}
	b.over(in, func() { v = b.condition(op.Condition) })
	return in.with(&plan.Filter{Input: in.node, Predicate: v.expr})
}

// condition binds what must be a bool.
func (b *binder) condition(x syntax.Expr) value {
	v := b.scalar(x)
	if !v.failed() && v.t.Kind != boolean.Kind && v.t.Kind != unknown.Kind {
		b.problem(v.at, "A condition of type bool is expected here, and this is of type %s.", v.t)
	}
	return v
}

func (b *binder) take(op *syntax.Take, in *relation) *relation {
	n := b.wholeNumber(op.N)
	out := in.with(&plan.Limit{Input: in.node, Count: n.expr, Random: op.Keyword == "sample"})
	out.ordered = in.ordered && op.Keyword != "sample"
	return out
}

// wholeNumber binds a number of rows, which is the same for all of them.
func (b *binder) wholeNumber(x syntax.Expr) value {
	v := b.scalar(x)
	if !v.failed() && !v.t.IsInteger() {
		b.problem(v.at, "A whole number is expected here, and this is of type %s.", v.t)
	}
	return v
}

func (b *binder) sort(op *syntax.Sort, in *relation) *relation {
	n := &plan.Sort{Input: in.node}
	b.over(in, func() {
		for _, k := range op.Keys {
			key := b.sortKey(k)
			if key.Expr.Type().IsDynamic() {
				b.problem(k.X.Bounds(), "Rows cannot be sorted by a dynamic value: tostring() or toint() make another of it.")
			}
			n.Keys = append(n.Keys, key)
		}
	})
	out := in.with(n)
	out.ordered = true
	return out
}

// sortKey binds what rows are sorted by: the greatest first, and nulls last, unless something else is said.
func (b *binder) sortKey(k syntax.Key) plan.SortKey {
	v := b.scalar(k.X)
	key := plan.SortKey{Expr: v.expr, Descending: k.Order != "asc" && k.Order != "granny-asc"}
	key.NullsFirst = k.Nulls == "first" || k.Nulls == "" && !key.Descending
	return key
}

func (b *binder) top(op *syntax.Top, in *relation) *relation {
	n := b.wholeNumber(op.N)
	sorted := &plan.Sort{Input: in.node}
	b.over(in, func() { sorted.Keys = []plan.SortKey{b.sortKey(op.By)} })
	out := in.with(&plan.Limit{Input: sorted, Count: n.expr})
	out.ordered = true
	return out
}

// as gives the rows so far a name for the rest of the query.
func (b *binder) as(op *syntax.As, in *relation) *relation {
	if !b.spend(op.Bounds(), len(in.columns)) { // of which each is made anew
		return in
	}
	name := op.Name.Text
	binding := &plan.Binding{Name: name, Node: in.node, Materialized: word(op.Properties, "hint.materialized") == "true"}
	b.scope.add(name, &local{binding: binding, rows: in})
	return b.use(binding, in)
}
