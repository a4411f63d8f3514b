package hunt_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// guesses are what a query asks of the columns of the tables that it reads: rows made of them are likely to be in its result.
type guesses struct {
	from  map[*plan.Column][]plan.Expr // what a column is computed from
	owner map[*plan.Column]*plan.Reference
	of    map[*plan.Column]*guess // of columns of references
	joins map[*plan.Column]*plan.Column
}

// guess is what is asked of one column.
type guess struct {
	exact    []any    // values that it may be
	parts    []string // texts that are in it
	start    string
	end      string
	more     float64 // it is greater than this
	asked    bool
	path     map[string]*guess // of JSON: what is asked of its properties
	earliest int64
	latest   int64
}

func guessesOf(root plan.Node) *guesses {
	g := &guesses{map[*plan.Column][]plan.Expr{}, map[*plan.Column]*plan.Reference{}, map[*plan.Column]*guess{}, map[*plan.Column]*plan.Column{}}
	pass := func(to, from *plan.Column) {
		if from != nil {
			g.from[to] = append(g.from[to], &plan.ColumnRef{Column: from})
		}
	}
	plan.Walk(root, func(n plan.Node) {
		outputs := func(list []plan.Output) {
			for _, o := range list {
				if c, ok := o.Expr.(*plan.ColumnRef); !ok || c.Column != o.Column {
					g.from[o.Column] = append(g.from[o.Column], o.Expr)
				}
			}
		}
		switch n := n.(type) {
		case *plan.Reference:
			for _, c := range n.Cols {
				g.owner[c] = n
				g.of[c] = &guess{}
			}
		case *plan.Project:
			outputs(n.Outputs)
		case *plan.Aggregate:
			outputs(n.Keys)
			outputs(n.Aggregates)
		case *plan.Expand:
			for _, item := range n.Items {
				g.from[item.Column] = append(g.from[item.Column], &plan.Access{Object: item.Expr, Key: &plan.Literal{Value: int64(0)}})
			}
		case *plan.Union:
			for _, leg := range n.Legs {
				for i, c := range leg.From {
					pass(n.Cols[i], c)
				}
			}
		case *plan.Use:
			for i, c := range n.Cols {
				pass(c, n.From[i])
			}
		case *plan.Apply:
			for i, c := range n.Rows.Cols {
				pass(c, n.Rows.From[i])
			}
		case *plan.Partition:
			if n.Rows != nil {
				for i, c := range n.Rows.Cols {
					pass(c, n.Rows.From[i])
				}
			}
		}
	})
	plan.Walk(root, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Filter:
			g.wanted(n.Predicate)
		case *plan.Join:
			for _, p := range n.On {
				for _, l := range g.stored(&plan.ColumnRef{Column: p.Left}, nil) {
					for _, r := range g.stored(&plan.ColumnRef{Column: p.Right}, nil) {
						if l.path == nil && r.path == nil {
							g.joins[g.root(l.column)] = g.root(r.column)
						}
					}
				}
			}
		}
	})
	return g
}

func (g *guesses) root(c *plan.Column) *plan.Column {
	for seen := 0; g.joins[c] != nil && g.joins[c] != c && seen < 50; seen++ {
		c = g.joins[c]
	}
	return c
}

// place is a column of a reference, or a property of the JSON in it.
type place struct {
	column *plan.Column
	path   []string
}

// stored finds what of stored rows an expression is about.
func (g *guesses) stored(x plan.Expr, path []string) []place {
	if len(path) > 6 {
		return nil
	}
	switch x := x.(type) {
	case *plan.ColumnRef:
		if g.owner[x.Column] != nil {
			return []place{{x.Column, path}}
		}
		var list []place
		for _, from := range g.from[x.Column] {
			list = append(list, g.stored(from, path)...)
		}
		return list[:min(len(list), 8)]
	case *plan.Access:
		key := ""
		if l, ok := x.Key.(*plan.Literal); ok {
			key = fmt.Sprint(l.Value)
			if _, index := l.Value.(int64); index {
				key = "0"
			}
		}
		return g.stored(x.Object, append([]string{key}, path...))
	case *plan.Element:
		if c, ok := x.Tuple.(*plan.Call); ok && x.Index < len(c.Arguments) {
			return g.stored(c.Arguments[x.Index], path)
		}
	case *plan.Call:
		switch x.Name {
		case "tostring", "tolower", "toupper", "parse_json", "todynamic", "parsejson", "toint", "tolong", "todatetime", "trim", "bin", "any", "take_any", "min", "max", "make_set", "coalesce", "split":
			if len(x.Arguments) > 0 {
				return g.stored(x.Arguments[min(len(x.Arguments)-1, map[string]int{"trim": 1}[x.Name])], path)
			}
		}
	}
	return nil
}

func (g *guesses) at(p place) *guess {
	at := g.of[p.column]
	for _, key := range p.path {
		if at.path == nil {
			at.path = map[string]*guess{}
		}
		if at.path[key] == nil {
			at.path[key] = &guess{}
		}
		at = at.path[key]
	}
	at.asked = true
	return at
}

// literals are the values written out in expressions.
func literals(list ...plan.Expr) []any {
	var values []any
	for _, x := range list {
		switch x := x.(type) {
		case *plan.Literal:
			if x.Of.Kind == types.Dynamic {
				var many []any
				if s, ok := x.Value.(string); ok && json.Unmarshal([]byte(s), &many) == nil {
					values = append(values, many...)
					continue
				}
			}
			values = append(values, x.Value)
		case *plan.Call:
			if len(x.Arguments) > 0 && !x.Aggregate {
				values = append(values, literals(x.Arguments...)...)
			}
		}
	}
	return values
}

// rowsWritten are the first values of rows written out, behind a subquery.
func rowsWritten(b *plan.Binding) []any {
	var values []any
	plan.Walk(b.Node, func(n plan.Node) {
		if v, ok := n.(*plan.Values); ok {
			for _, row := range v.Rows {
				if len(row) > 0 {
					values = append(values, literals(row[0])...)
				}
			}
		}
	})
	return values
}

// wanted notes what a predicate asks for. What it asks not to be is left to chance.
func (g *guesses) wanted(x plan.Expr) {
	switch x := x.(type) {
	case *plan.InTable:
		for _, p := range g.stored(x.Value, nil) {
			g.note(p, x.Op, rowsWritten(x.Query))
		}
	case *plan.Call:
		switch x.Name {
		case "and":
			for _, a := range x.Arguments {
				g.wanted(a)
			}
		case "or":
			if len(x.Arguments) > 0 {
				for _, a := range x.Arguments[:1] { // one is enough
					g.wanted(a)
				}
			}
		case "isnotempty", "isnotnull", "notempty", "notnull", "not", "isempty", "isnull", "iff", "case":
		default:
			if len(x.Arguments) < 2 {
				return
			}
			values := literals(x.Arguments[1:]...)
			for _, p := range g.stored(x.Arguments[0], nil) {
				g.note(p, x.Name, values)
			}
			if x.Name == "==" && len(values) == 0 {
				values = literals(x.Arguments[0])
				for _, p := range g.stored(x.Arguments[1], nil) {
					g.note(p, x.Name, values)
				}
			}
		}
	}
}

func (g *guesses) note(p place, op string, values []any) {
	if len(values) == 0 {
		return
	}
	at := g.at(p)
	first := fmt.Sprint(values[0])
	switch op {
	case "==", "=~", "in", "in~":
		at.exact = append(at.exact, values...)
	case "has", "has_cs", "contains", "contains_cs", "has_any", "hasprefix", "hassuffix":
		at.parts = append(at.parts, first)
	case "has_all":
		for _, v := range values {
			at.parts = append(at.parts, fmt.Sprint(v))
		}
	case "startswith", "startswith_cs":
		at.start = first
	case "endswith", "endswith_cs":
		at.end = first
	case "matches regex":
		if re, err := syntax.Parse(first, syntax.Perl); err == nil {
			at.parts = append(at.parts, sample(re.Simplify(), 0))
		}
	case ">", ">=", "between":
		if n, ok := values[0].(int64); ok {
			at.more, at.earliest = float64(n)+1, n
		}
		if n, ok := values[len(values)-1].(int64); ok && op == "between" {
			at.latest = n
		}
	case "<", "<=":
		if n, ok := values[0].(int64); ok {
			at.latest = n
		}
	}
}

// sample is a text that a regular expression matches.
func sample(re *syntax.Regexp, depth int) string {
	if depth > 20 {
		return ""
	}
	var b strings.Builder
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i+1] >= '0' && re.Rune[i+1] < 127 {
				return string(max(re.Rune[i], '0'))
			}
		}
		return " "
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture, syntax.OpPlus:
		return sample(re.Sub[0], depth+1)
	case syntax.OpRepeat:
		return strings.Repeat(sample(re.Sub[0], depth+1), min(max(re.Min, 1), 40))
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			b.WriteString(sample(sub, depth+1))
		}
	case syntax.OpAlternate:
		return sample(re.Sub[0], depth+1)
	}
	return b.String()
}

// value is one for a column of a table, in the n'th of the rows that a query is given.
func (g *guesses) value(c *plan.Column, column *schema.Column, n int) any {
	at := g.of[c]
	switch column.Type {
	case schema.Bool:
		if len(at.exact) > 0 {
			return truth(at.exact[0])
		}
		return n%2 == 0
	case schema.Int, schema.Long:
		if len(at.exact) > 0 {
			return at.exact[n%len(at.exact)]
		}
		return int64(at.more) + 1
	case schema.Real:
		return at.more + 0.5
	case schema.DateTime:
		return moment(at, n)
	case schema.Dynamic:
		return at.json(n, false)
	case schema.GUID:
		return "00000000-0000-0000-0000-000000000001"
	}
	if at.path != nil {
		text, _ := json.Marshal(at.json(n, false))
		return string(text)
	}
	return at.text(n, "v "+g.root(c).Name)
}

func truth(v any) any {
	switch v := v.(type) {
	case bool:
		return v
	case int64:
		return v != 0
	}
	return true
}

func moment(at *guess, n int) any {
	t := now.Add(-time.Duration(n+1) * 10 * time.Minute)
	early, late := events.Ticks(at.earliest).Time(), events.Ticks(at.latest).Time()
	switch {
	case at.earliest > 1e17 && at.latest > at.earliest:
		t = early.Add(late.Sub(early) / 2)
	case at.latest > 1e17 && t.After(late):
		t = late.Add(-time.Duration(n+1) * time.Hour)
	}
	return t.Format(time.RFC3339Nano)
}

func (at *guess) text(n int, otherwise string) string {
	if len(at.exact) > 0 {
		return fmt.Sprint(at.exact[n%len(at.exact)])
	}
	if !at.asked {
		return otherwise
	}
	list := append(append([]string{at.start}, at.parts...), at.end)
	return strings.TrimSpace(strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), " "))
}

func (at *guess) json(n int, inner bool) any {
	if at.path == nil {
		if inner {
			return at.text(n, "p")
		}
		return map[string]any{"p": "q"}
	}
	if at.path["0"] != nil && len(at.path) == 1 {
		return []any{at.path["0"].json(n, true)}
	}
	bag := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(at.path)) {
		bag[key] = at.path[key].json(n, true)
	}
	return bag
}
