package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// callExpr binds a call. What let has declared comes first, so that a query means the same when the language gets a new function.
// With implicit rows, they are the first argument: invoke.
func (b *binder) callExpr(x *syntax.Call, implicit *relation) value {
	name := x.Name.Text
	if l := b.scope.find(name); l != nil {
		if l.function != nil {
			return b.callDeclared(x.Name, l.function, x.Args, implicit)
		}
		b.problem(x.Name.Span, "'%s' is no function: it is what let has given the name.", syntax.Clip(name))
		return bad(x.Span)
	}
	switch {
	case b.ofRun(x):
		return b.overRun(x)
	case implicit != nil:
		return b.invoked(x, implicit)
	case b.aggregate && functions.Aggregates[name] != nil:
		return b.aggregateCall(x, functions.Aggregates[name])
	case functions.Scalars[name] != nil:
		return b.builtin(x, functions.Scalars[name], b.arguments(x.Args))
	case name == "table":
		return b.tableCall(x)
	}
	return b.noFunction(x)
}

// noFunction says why a call calls nothing.
func (b *binder) noFunction(x *syntax.Call) value {
	name := syntax.Clip(x.Name.Text)
	at := x.Name.Span
	reason, known := functions.Unoffered(x.Name.Text)
	switch {
	case functions.Aggregates[x.Name.Text] != nil:
		b.problem(at, "The aggregate function '%s' can stand only in summarize, make-series, top-nested and pivot, and in no other aggregate function.", name)
	case functions.Plugins[x.Name.Text] != nil:
		b.problem(at, "'%s' is a plugin: it stands behind evaluate.", name)
	case x.Name.Text == profileName:
		b.problem(at, "FileProfile() is called by invoke: | invoke FileProfile(SHA1, 500).")
	case known:
		b.problem(at, "The function '%s' is not offered in hunting. %s.", name, reason)
	default:
		near := b.meant(x.Name.Text, functions.Names(functions.Scalars), functions.Names(functions.Aggregates), b.scope.names(func(l *local) bool { return l.function != nil }))
		b.problem(at, "Unknown function '%s'%s.", name, near)
	}
	for _, a := range x.Args {
		if _, star := a.(*syntax.Star); !star && b.rows != nil {
			b.over(b.rows, func() { b.expr(a) })
		}
	}
	return bad(x.Span)
}

// arguments binds what stands in the brackets of a call.
func (b *binder) arguments(list []syntax.Expr) []value {
	values := make([]value, len(list))
	for i, a := range list {
		if star, ok := a.(*syntax.Star); ok {
			values[i] = value{at: star.Span, star: true, t: failure}
			continue
		}
		values[i] = b.expr(a)
	}
	return values
}

// aggregateCall binds an aggregate: in its brackets names are columns again, and no other aggregate stands there.
func (b *binder) aggregateCall(x *syntax.Call, f *functions.Function) value {
	b.aggregate = false
	args := b.arguments(x.Args)
	b.aggregate = true
	v := b.builtin(x, f, args)
	switch x := v.expr.(type) {
	case *plan.Call:
		x.Aggregate = true
	case *plan.Element:
		if call, ok := x.Tuple.(*plan.Call); ok {
			call.Aggregate = true
		}
	}
	v.constant = false
	return v
}

// unsteady are functions that do not give the same for all rows when their arguments are the same.
var unsteady = map[string]bool{"rand": true, "new_guid": true, "ingestion_time": true}

// windowed are functions of the rows around a row. The rows have to stand in an order.
var windowed = map[string]bool{
	"row_number": true, "row_cumsum": true, "row_rank": true, "row_rank_dense": true, "row_rank_min": true, "row_window_session": true, "prev": true, "next": true,
}

// builtin binds a call of a function of the language.
func (b *binder) builtin(x *syntax.Call, f *functions.Function, args []value) value {
	v := value{at: x.Span, constant: !unsteady[f.Name] && !windowed[f.Name]}
	for _, a := range args {
		v.constant = v.constant && a.constant
		if a.failed() && !a.star {
			v = bad(x.Span)
			v.t, v.label = sure(f), labelOf(f, args)
			return v
		}
	}
	signature := best(f.Signatures, args, false)
	several := signature == nil && uncertain(args)
	if several {
		signature = first(f.Signatures, args)
	}
	if signature == nil || !b.fitsCount(x, f, signature, len(args)) {
		if signature == nil {
			b.problem(x.Name.Span, "The function '%s' cannot be called with %s.", f.Name, listed(args))
		}
		v = bad(x.Span)
		v.t = sure(f)
		return v
	}
	m := matchingOf(signature, args)
	if !b.fitsArguments(f, m) {
		v = bad(x.Span)
		v.t = sure(f)
		return v
	}
	b.checkKnown(f, args)
	if windowed[f.Name] && b.rows != nil && !b.rows.ordered && !b.rows.bad {
		b.problem(x.Name.Span, "The function '%s' needs rows that stand in an order: put sort or serialize before.", f.Name)
	}
	v.label = labelOf(f, args)
	call := &plan.Call{Name: f.Name, Arguments: exprsOf(args), Window: windowed[f.Name]}
	b.spend(x.Span, len(args))
	v.expr = call
	if signature.Result.Of == functions.Rule {
		return b.ruled(x, f, signature, args, call, v)
	}
	v.t, _ = m.result()
	if several && v.t.Kind != sure(f).Kind {
		v.t = unknown
	}
	call.Of = v.t
	return b.simplified(f, args, v)
}

// sure is the type of a function whose arguments are wrong, where it is always the same.
func sure(f *functions.Function) types.Type {
	t := failure
	for i, s := range f.Signatures {
		if s.Result.Of != functions.Itself || i > 0 && s.Result.Type.Kind != t.Kind {
			return failure
		}
		t = s.Result.Type
	}
	return t
}

// simplified puts something else in the place of calls that are not what they seem.
func (b *binder) simplified(f *functions.Function, args []value, v value) value {
	switch f.Name {
	case "column_ifexists", "columnifexists":
		return b.columnIfExists(args, v)
	case "ingestion_time":
		if b.rows != nil && b.rows.arrival != nil {
			v.expr = &plan.ColumnRef{Column: b.rows.arrival}
		} else {
			v.expr = &plan.Literal{Of: moment}
		}
	case "tobool", "todatetime", "todecimal", "todouble", "todynamic", "toguid", "toint", "tolong", "toreal", "tostring", "totime", "totimespan":
		if c := args[0].column; c != nil && types.Same(c.Type, v.t) {
			v.expr, v.same = args[0].expr, c
		}
	}
	return v
}

// columnIfExists is a column if there is one of that name, and the other value if not.
func (b *binder) columnIfExists(args []value, v value) value {
	name, _ := args[0].text()
	if c := b.rows.find(name); c != nil {
		found := columnValue(v.at, c)
		found.column, found.same, found.label = nil, nil, name
		return found
	}
	if b.rows != nil && b.rows.open != nil && name != "" {
		if c := b.rows.infer(name); c != nil {
			v.expr, v.label = b.call(v.at, "coalesce", v.t, &plan.Call{Name: conversions[v.t.Kind], Of: v.t, Arguments: []plan.Expr{&plan.ColumnRef{Column: c}}}, args[1].expr), name
			return v
		}
	}
	v.expr, v.label = args[1].expr, ""
	return v
}

// tableCall is table("Name"): the table of that name, which must be written out.
func (b *binder) tableCall(x *syntax.Call) value {
	args := b.arguments(x.Args)
	name, ok := "", false
	if len(args) > 0 {
		name, ok = args[0].text()
	}
	if !ok || len(args) > 2 {
		b.problem(x.Span, "table() takes the name of a table, written out as a string.")
		return rowsValue(x.Span, b.failed())
	}
	n := syntax.Name{Span: x.Args[0].Bounds(), Text: name}
	if t := b.catalog.table(name); t != nil {
		return rowsValue(x.Span, b.reference(n.Span, t))
	}
	if !b.denied(n) {
		b.problem(n.Span, "Failed to resolve table or column expression named '%s'%s.", syntax.Clip(name), b.meant(name, b.catalog.names()))
	}
	return rowsValue(x.Span, b.failed())
}
