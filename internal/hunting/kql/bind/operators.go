package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// spellings are operators under other names that they have had.
var spellings = map[string]string{
	"containscs": "contains_cs", "notcontains": "!contains", "notcontainscs": "!contains_cs", "notlike": "!like", "notlikecs": "!likecs",
}

// alike are operators that take what another takes.
var alike = map[string]string{"<=": "<", ">": "<", ">=": "<", "!=": "==", "!~": "=~"}

// table is the row of the operator table for an operator, and whether it denies what that says.
func operator(op string) (row *functions.Function, name string, denies bool) {
	if s, ok := spellings[op]; ok {
		op = s
	}
	plain := op
	if op[0] == '!' && len(op) > 1 {
		denies = true
		if alike[op] == "" {
			plain = op[1:]
		}
	}
	if a, ok := alike[plain]; ok {
		plain = a
	}
	return functions.Operators[plain], op, denies
}

func (b *binder) unary(u *syntax.Unary) value {
	x := b.scalar(u.X)
	name := "negative"
	if u.Op == "+" {
		name = "positive"
	}
	v := b.operate(u.Span, functions.Operators[name], name, u.Op, []value{x}, u.Span)
	v.literal = x.literal
	if n, ok := x.known.(int64); ok && u.Op == "-" {
		v.known = -n
	}
	return v
}

func (b *binder) binary(x *syntax.Binary) value {
	row, name, denies := operator(x.Op)
	if star, ok := x.X.(*syntax.Star); ok {
		return b.anyColumn(x, star, row, name, denies)
	}
	left, right := b.scalar(x.X), b.scalar(x.Y)
	v := b.operate(x.Span, row, name, x.Op, []value{left, right}, x.At)
	if x.Op == "matches regex" {
		b.checkRegex(right)
	}
	return v
}

// anyColumn is * before an operator: the test of every column that it can be made of.
func (b *binder) anyColumn(x *syntax.Binary, star *syntax.Star, row *functions.Function, name string, denies bool) value {
	right := b.scalar(x.Y)
	if right.failed() {
		return bad(x.Span)
	}
	if b.rows == nil {
		b.problem(star.Span, "A * stands for the columns of a table, and there is none here.")
		return bad(x.Span)
	}
	call := &plan.Call{Name: "or", Of: boolean}
	if denies {
		call.Name = "and"
	}
	b.wholeRow = true
	if b.sweeping != nil {
		b.sweeping[call] = true
	}
	for _, c := range b.rows.columns {
		if c == b.source {
			continue
		}
		asText := c.Type.Kind == types.String || c.Type.Kind == types.Dynamic || c.Type.Kind == types.Unknown
		if name == "==" || name == "!=" {
			if c.Type.Kind != right.t.Kind && !(asText && right.t.Kind == types.String) {
				continue
			}
		} else if !asText {
			continue
		}
		call.Arguments = append(call.Arguments, b.call(x.Span, name, boolean, &plan.ColumnRef{Column: c}, right.expr))
	}
	probe := value{at: star.Span, t: types.Any, expr: &plan.Literal{Of: types.Any}}
	v := b.operate(x.Span, row, name, x.Op, []value{probe, right}, x.At)
	v.expr = call
	return v
}

// operate binds an operator to its operands.
func (b *binder) operate(at syntax.Span, row *functions.Function, name, shown string, operands []value, where syntax.Span) value {
	v := value{at: at, t: failure, constant: true}
	for _, o := range operands {
		if o.failed() {
			v = bad(at)
			v.t = b.guess(row)
			return v
		}
		v.constant = v.constant && o.constant
	}
	of, signature := b.match(row, operands, true)
	if signature == nil {
		b.undefined(where, shown, operands)
		v = bad(at)
		v.t = b.guess(row)
		return v
	}
	v.t = of
	v.expr = b.call(at, name, of, exprsOf(operands)...)
	return v
}

// guess is the type of an operator whose operands are wrong: tests are bool whatever they test, so that one mistake is one problem.
func (b *binder) guess(row *functions.Function) types.Type {
	for _, s := range row.Signatures {
		if s.Result.Of != functions.Itself || s.Result.Type.Kind != types.Bool {
			return failure
		}
	}
	return boolean
}

func (b *binder) undefined(where syntax.Span, op string, operands []value) {
	if len(operands) == 1 {
		b.problem(where, "The operator '%s' is not defined for a value of type %s.", op, operands[0].t)
		return
	}
	hint := ""
	if l, r := operands[0].t, operands[1].t; l.Kind == types.DateTime && r.Kind == types.String || l.Kind == types.String && r.Kind == types.DateTime {
		hint = "; a moment is written datetime(2024-12-31), and todatetime() makes one of a text"
	}
	b.problem(where, "The operator '%s' is not defined for values of the types %s and %s%s.", op, operands[0].t, operands[1].t, hint)
}

func exprsOf(values []value) []plan.Expr {
	list := make([]plan.Expr, len(values))
	for i, v := range values {
		list[i] = v.expr
	}
	return list
}

// logical binds operands joined by and, or.
func (b *binder) logical(l *syntax.Logical) value {
	row := functions.Operators[l.Op]
	v := value{at: l.Span, t: boolean, constant: true}
	call := &plan.Call{Name: l.Op, Of: boolean}
	for _, term := range l.Terms {
		t := b.term(term)
		v.constant = v.constant && t.constant
		if t.failed() {
			continue
		}
		probe := value{at: t.at, t: boolean}
		if _, signature := b.match(row, []value{t, probe}, true); signature == nil {
			b.problem(t.at, "The operator '%s' takes values of type bool, and this is of type %s.", l.Op, t.t)
			continue
		}
		call.Arguments = append(call.Arguments, t.expr)
	}
	b.spend(l.Span, len(l.Terms))
	v.expr = call
	return v
}

// term binds an operand of and, or. In the predicate of search, a string on its own stands for: some column has it.
func (b *binder) term(x syntax.Expr) value {
	if b.search {
		return b.searchTerm(x)
	}
	return b.scalar(x)
}

func (b *binder) membership(m *syntax.Membership) value {
	row, name, denies := operator(m.Op)
	left := b.scalar(m.X)
	operands := []value{left}
	for _, x := range m.List {
		operands = append(operands, b.expr(x))
	}
	v := value{at: m.Span, t: boolean}
	v.constant = left.constant
	for _, o := range operands {
		if o.failed() {
			v.expr = &plan.Literal{Of: boolean}
			return v
		}
		v.constant = v.constant && o.table == nil && o.constant
	}
	if len(operands) == 2 && operands[1].table != nil {
		return b.inTable(m, row, name, denies, operands)
	}
	for i, o := range operands[1:] {
		operands[i+1] = b.needScalar(o)
		if operands[i+1].failed() {
			return v
		}
	}
	of, signature := b.match(row, operands, false)
	if signature == nil {
		b.problem(m.At, "The operator '%s' is not defined for a value of type %s.", m.Op, left.t)
		v.expr = &plan.Literal{Of: boolean}
		return v
	}
	v.t = of
	v.expr = b.call(m.Span, name, of, exprsOf(operands)...)
	return v
}

func (b *binder) inTable(m *syntax.Membership, row *functions.Function, name string, denies bool, operands []value) value {
	v := value{at: m.Span, t: boolean, expr: &plan.Literal{Of: boolean}}
	r := operands[1].table
	if len(r.visible()) == 0 {
		if !r.bad {
			b.problem(operands[1].at, "The operator '%s' looks in the first column, and the table has none.", m.Op)
		}
		return v
	}
	if _, signature := b.match(row, operands, false); signature == nil {
		b.problem(m.At, "The operator '%s' is not defined for a value of type %s.", m.Op, operands[0].t)
		return v
	}
	first := *r
	first.columns = r.columns[:1]
	in := &plan.InTable{Op: name, Value: operands[0].expr, Query: &plan.Binding{Name: name, Node: first.plain(b)}}
	if denies {
		in.Op = name[1:]
		v.expr = b.call(m.Span, "not", boolean, in)
		return v
	}
	v.expr = in
	return v
}

func (b *binder) between(x *syntax.Between) value {
	row, name, _ := operator(x.Op)
	operands := []value{b.scalar(x.X), b.scalar(x.Low), b.scalar(x.High)}
	v := value{at: x.Span, t: boolean, expr: &plan.Literal{Of: boolean}, constant: operands[0].constant && operands[1].constant && operands[2].constant}
	for _, o := range operands {
		if o.failed() {
			return v
		}
	}
	if _, signature := b.match(row, operands, false); signature == nil {
		b.problem(x.At, "The operator '%s' is not defined for a value of type %s and the ends %s and %s.", x.Op, operands[0].t, operands[1].t, operands[2].t)
		return v
	}
	v.expr = b.call(x.Span, name, boolean, exprsOf(operands)...)
	return v
}
