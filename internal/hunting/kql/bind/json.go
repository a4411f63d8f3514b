package bind

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// dynamic binds a JSON value that is written out.
func (b *binder) dynamic(d *syntax.Dynamic) value {
	t, data := b.json(d.X)
	encoded, err := json.Marshal(data)
	if err != nil {
		b.problem(d.Span, "The value cannot be written as JSON.")
		return bad(d.Span)
	}
	v := value{at: d.Span, t: types.DynamicOf(t), literal: true, constant: true}
	v.expr = &plan.Literal{Of: v.t, Value: string(encoded)}
	return v
}

// json gives the type of a value in a dynamic literal, and the value in the form that JSON has for it.
func (b *binder) json(x syntax.Expr) (types.Type, any) {
	switch x := x.(type) {
	case *syntax.Literal:
		return b.jsonLiteral(x)
	case *syntax.Unary:
		if l, ok := x.X.(*syntax.Literal); ok {
			t, v := b.jsonLiteral(l)
			if number, ok := v.(json.RawMessage); ok {
				return t, json.RawMessage("-" + string(number))
			}
			b.problem(x.Span, "Only a number can be negative.")
		}
	case *syntax.Dynamic:
		t, v := b.json(x.X)
		return types.DynamicOf(t), v
	case *syntax.Array:
		list := make([]any, len(x.Items))
		kinds := make([]types.Type, len(x.Items))
		for i, item := range x.Items {
			kinds[i], list[i] = b.json(item)
		}
		common, ok := types.CommonOf(kinds, types.None)
		if !ok {
			common = types.Any
		}
		return types.ArrayOf(common), list
	case *syntax.Bag:
		return b.jsonBag(x)
	}
	return types.Any, nil
}

// jsonBag keeps the order of the properties; the last of a name counts.
func (b *binder) jsonBag(x *syntax.Bag) (types.Type, any) {
	var properties []types.Property
	var w strings.Builder
	w.WriteByte('{')
	for i, p := range x.Pairs {
		t, v := b.json(p.Value)
		properties = append(properties, types.Property{Name: p.Key, Type: t})
		key, _ := json.Marshal(p.Key)
		data, err := json.Marshal(v)
		if err != nil {
			data = []byte("null")
		}
		if i > 0 {
			w.WriteByte(',')
		}
		w.Write(key)
		w.WriteByte(':')
		w.Write(data)
	}
	w.WriteByte('}')
	return types.BagOf(properties...), json.RawMessage(w.String())
}

func (b *binder) jsonLiteral(l *syntax.Literal) (types.Type, any) {
	t := literalType(l.Kind)
	switch v := l.Value().(type) {
	case nil:
		return t, nil
	case int64:
		switch l.Kind {
		case syntax.DateTime:
			return t, syntax.TimeOf(v).Format("2006-01-02T15:04:05.0000000Z")
		case syntax.TimeSpan:
			return t, l.Text
		}
		return t, json.RawMessage(strconv.FormatInt(v, 10))
	case float64:
		if data, err := json.Marshal(v); err == nil {
			return t, json.RawMessage(data)
		}
		return t, l.Text // NaN and infinity are no numbers of JSON
	default:
		if l.Kind == syntax.Decimal {
			b.problem(l.Span, "A decimal cannot stand in a dynamic value.")
		}
		return t, v
	}
}
