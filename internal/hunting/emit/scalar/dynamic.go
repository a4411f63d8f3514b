package scalar

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// path is what a chain of accesses picks out of a value: root, and the keys as the engine writes a path.
type path struct {
	root   plan.Expr
	keys   []any // string or int64
	text   bool  // root is the text of JSON, of which nobody knows whether it is any
	native bool  // the engine can be asked
}

// pathOf gives the path of an access whose keys are written out.
func pathOf(a *plan.Access) (p path, ok bool) {
	var x plan.Expr = a
	for {
		a, isAccess := x.(*plan.Access)
		if !isAccess {
			break
		}
		l, isLiteral := a.Key.(*plan.Literal)
		if !isLiteral {
			return p, false
		}
		switch k := l.Value.(type) {
		case string, int64:
			p.keys = append([]any{k}, p.keys...)
		default:
			return p, false
		}
		x = a.Object
	}
	p.root = x
	if c, isCall := x.(*plan.Call); isCall && len(c.Arguments) == 1 && kindOf(c.Arguments[0]) == types.String {
		switch c.Name {
		case "parse_json", "parsejson", "todynamic", "toobject":
			p.root, p.text = c.Arguments[0], true
		}
	}
	p.native = !apart(p.root)
	for _, k := range p.keys {
		if s, isText := k.(string); isText && (s == "" || strings.ContainsAny(s, "\"\\*")) {
			p.native = false
		}
	}
	return p, true
}

// engine is the path as the engine writes it.
func (p path) engine() string {
	var b strings.Builder
	b.WriteByte('$')
	for _, k := range p.keys {
		switch k := k.(type) {
		case string:
			b.WriteString(`."` + k + `"`)
		case int64:
			if k < 0 {
				b.WriteString("[#" + strconv.FormatInt(k, 10) + "]")
			} else {
				b.WriteString("[" + strconv.FormatInt(k, 10) + "]")
			}
		}
	}
	return b.String()
}

// get asks the engine for what is at the path. Text that is no JSON has nothing there.
func (e *emitter) get(function string, p path) string {
	root := e.expr(p.root)
	sql := function + "(" + root + ", " + e.text(p.engine()) + ")"
	if p.text && simple(p.root) {
		return "CASE WHEN json_valid(" + root + ") THEN " + sql + " END"
	}
	return "TRY(" + sql + ")"
}

// access picks a value out of a dynamic one.
func (e *emitter) access(a *plan.Access) string {
	p, ok := pathOf(a)
	switch {
	case ok && p.native:
		return "nullif(CAST(" + e.get("json_extract", p) + " AS VARCHAR), 'null')"
	case ok:
		keys, err := json.Marshal(p.keys)
		if err != nil {
			return e.refuse("%w", err)
		}
		return e.own("get", e.expr(p.root), e.text(string(keys)))
	case kindOf(a.Key) == types.Int || kindOf(a.Key) == types.Long:
		return e.own("get_at", e.as(a.Object, types.Dynamic), e.as(a.Key, types.Long))
	}
	return e.own("get_by", e.as(a.Object, types.Dynamic), e.as(a.Key, types.Dynamic))
}

// accessText is tostring() of what an access picks.
func (e *emitter) accessText(a *plan.Access) string {
	if p, ok := pathOf(a); ok && p.native {
		return "coalesce(" + e.get("json_extract_string", p) + ", '')"
	}
	return e.own("dynamic_text", e.access(a))
}

// parseJSON makes a dynamic value of the text of one. A dynamic value stays what it is, but for a text, which is read again.
func (e *emitter) parseJSON(c *plan.Call) string {
	x := c.Arguments[0]
	if kindOf(x) != types.Dynamic {
		return e.own("parse_json", e.as(x, types.String))
	}
	if simple(x) {
		sql := e.expr(x)
		return "(CASE WHEN starts_with(" + sql + ", '\"') THEN " + e.own("parse_json", e.own("dynamic_text", sql)) + " ELSE " + sql + " END)"
	}
	return e.own("reparse_json", e.expr(x))
}
