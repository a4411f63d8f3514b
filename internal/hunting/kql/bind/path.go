package bind

import (
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// path picks a property out of a dynamic value.
func (b *binder) path(p *syntax.Path) value {
	if name := outside(p.X); name != "" {
		b.problem(p.X.Bounds(), "The function '%s' is not offered in hunting: it would read outside the data of hunting.", name)
		return b.failedLike(p)
	}
	if side := b.side(p); side != nil {
		return *side
	}
	object := b.scalar(p.X)
	ref, ok := p.Selector.(*syntax.Ref)
	if !ok {
		if !object.failed() {
			b.problem(p.Selector.Bounds(), "Behind a point only the name of a property can stand.")
		}
		return bad(p.Span)
	}
	switch {
	case object.failed():
		return bad(p.Span)
	case object.t.Kind != types.Dynamic && object.t.Kind != types.Unknown:
		b.problem(ref.Span, "Failed to resolve '%s': a value of type %s has no properties; parse_json() makes a dynamic value of a text.", syntax.Clip(ref.Text), object.t)
		return bad(p.Span)
	}
	v := value{at: p.Span, t: types.Any, constant: false, label: joined(object.label, ref.Text)}
	if object.t.Kind == types.Unknown {
		v.t = unknown
	} else if object.t.IsBag() {
		v.t = object.t.Property(ref.Text)
	}
	v.expr = &plan.Access{Of: v.t, Object: object.expr, Key: &plan.Literal{Of: text, Value: ref.Text}}
	return v
}

func (b *binder) failedLike(p *syntax.Path) value {
	if b.rows == nil {
		return rowsValue(p.Span, b.failed())
	}
	return bad(p.Span)
}

// outside names the function by which a path would leave the data of hunting.
func outside(x syntax.Expr) string {
	for {
		switch y := x.(type) {
		case *syntax.Path:
			x = y.X
		case *syntax.Call:
			switch y.Name.Text {
			case "cluster", "database", "workspace", "app", "adx", "arg", "resource":
				return y.Name.Text
			}
			return ""
		default:
			return ""
		}
	}
}

// joined is how a column is called that is made of a path.
func joined(left, right string) string {
	if strings.TrimSpace(left) == "" {
		return right
	}
	return left + "_" + right
}

// index picks an element out of an array, or a property out of a bag.
func (b *binder) index(x *syntax.Index) value {
	object, key := b.scalar(x.X), b.scalar(x.I)
	if object.failed() || key.failed() {
		return bad(x.Span)
	}
	v := value{at: x.Span, t: types.Any}
	if key.literal {
		switch known := key.known.(type) {
		case string:
			v.label = known
		case int64:
			v.label = strconv.FormatInt(known, 10)
		}
		v.label = joined(object.label, v.label)
	} else {
		v.label = joined(object.label, key.label)
		if key.label == "" {
			v.label = joined(object.label, "")
		}
	}
	integer := key.t.Kind == types.Int || key.t.Kind == types.Long || key.t.Kind == types.Unknown || key.t.IsDynamic()
	word := key.t.Kind == types.String || key.t.Kind == types.Unknown || key.t.IsDynamic()
	switch {
	case object.t.Kind == types.Unknown:
		v.t = unknown
	case object.t.Kind != types.Dynamic || object.t.Shape != nil && object.t.Shape.Form == types.Primitive:
		b.problem(x.I.Bounds(), "Brackets cannot pick anything out of a value of type %s; parse_json() makes a dynamic value of a text.", object.t)
		return bad(x.Span)
	case object.t.Shape != nil && object.t.Shape.Form == types.Array:
		v.t = object.t.Element()
		if !integer {
			b.problem(x.I.Bounds(), "An element of an array is picked by its position, a whole number.")
		}
	case object.t.Shape != nil:
		if name, ok := key.text(); ok {
			v.t = object.t.Property(name)
		}
		if !word {
			b.problem(x.I.Bounds(), "A property of a bag is picked by its name, a string.")
		}
	case !integer && !word:
		b.problem(x.I.Bounds(), "What is picked out of a dynamic value is named by a string or a whole number.")
	}
	v.expr = &plan.Access{Of: v.t, Object: object.expr, Key: key.expr}
	return v
}
