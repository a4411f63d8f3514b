package emit

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// Untold gives an operator of a plan that makes columns which only data tells, and whose own input has none such; nil: there is none.
func Untold(root plan.Node) plan.Node {
	var found plan.Node
	plan.Walk(root, func(n plan.Node) { // from the top down: the last is the deepest
		switch n := n.(type) {
		case *plan.Unpack:
			if n.Open {
				found = n
			}
		case *plan.Pivot:
			if n.Open {
				found = n
			}
		}
	})
	return found
}

// MostNames is how many columns an operator may make of data.
const MostNames = 500

// Names writes the statement that looks up which columns an operator makes: over the same scans, and so of no row out of reach. Its rows
// are a name and a kind of value.
func Names(p *authorise.Plan, n plan.Node, o Options) (Statement, error) {
	var s Statement
	switch n := n.(type) {
	case *plan.Unpack:
		e := newEmitter(p, o, n.Input, []*plan.Column{n.Bag})
		r, err := e.node(n.Input)
		if err != nil {
			return s, err
		}
		bag := name(n.Bag)
		sound := fmt.Sprintf("SELECT CASE WHEN json_valid(%s) THEN %s END AS j FROM %s", bag, bag, e.from(r))
		pairs := fmt.Sprintf("SELECT unnest(list_zip(json_keys(j), CAST(json_extract(j, '$.*') AS VARCHAR[]))) AS p FROM (%s) %s WHERE json_type(j) = 'OBJECT'", sound, e.fresh("r"))
		e.finish(&s, fmt.Sprintf("SELECT DISTINCT p[1] AS k, json_type(p[2]) AS t FROM (%s) %s ORDER BY 1, 2 LIMIT %d", pairs, e.fresh("r"), 4*MostNames))
		return s, nil
	case *plan.Pivot:
		e := newEmitter(p, o, n.Input, []*plan.Column{n.By})
		r, err := e.node(n.Input)
		if err != nil {
			return s, err
		}
		text := types.Of(types.String)
		by, err := e.as(&plan.Call{Name: "tostring", Of: text, Arguments: []plan.Expr{&plan.ColumnRef{Column: n.By}}}, text, r)
		if err != nil {
			return s, err
		}
		e.finish(&s, fmt.Sprintf("SELECT DISTINCT %s AS k, '' AS t FROM %s ORDER BY 1 LIMIT %d", by, e.from(r), MostNames+1))
		return s, nil
	}
	return s, errUnauthorised
}

// Found makes columns of the names and kinds that were looked up.
func Found(n plan.Node, names, kinds []string) ([]*plan.Column, error) {
	var ignored []string
	if u, ok := n.(*plan.Unpack); ok {
		if l, ok := u.Ignored.(*plan.Literal); ok {
			text, _ := l.Value.(string)
			_ = json.Unmarshal([]byte(text), &ignored)
		}
	}
	var list []*plan.Column
	for i, name := range names {
		if name == "" || slices.Contains(ignored, name) {
			continue
		}
		t := types.Any
		switch kinds[i] {
		case "VARCHAR":
			t = types.Of(types.String)
		case "BIGINT", "UBIGINT":
			t = types.Of(types.Long)
		case "DOUBLE":
			t = types.Of(types.Real)
		case "BOOLEAN":
			t = types.Of(types.Bool)
		case "NULL":
			t = types.Of(types.Null)
		}
		last := len(list) - 1
		switch {
		case last < 0 || list[last].Name != name:
			list = append(list, &plan.Column{Name: name, Type: t})
		case list[last].Type.Kind == types.Null:
			list[last].Type = t
		case t.Kind == types.Null || types.Same(t, list[last].Type):
		case t.IsNumber() && list[last].Type.IsNumber():
			list[last].Type = types.Of(types.Real)
		default:
			list[last].Type = types.Any
		}
	}
	for _, c := range list {
		if c.Type.Kind == types.Null {
			c.Type = types.Any
		}
	}
	if len(list) > MostNames {
		return nil, &NotBuilt{fmt.Sprintf("The values would make more than %d columns: project the properties that you want.", MostNames)}
	}
	return list, nil
}

// NumberOf is which of a query's operators that make columns of data it is.
func NumberOf(n plan.Node) int {
	switch n := n.(type) {
	case *plan.Unpack:
		return n.Number
	case *plan.Pivot:
		return n.Number
	}
	return -1
}
