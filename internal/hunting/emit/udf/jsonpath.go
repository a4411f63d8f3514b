package udf

import (
	"strconv"
	"strings"
)

func init() {
	add("extract_json", "ss", Text, func(a Args) any {
		p, ok := pathOf(a.S(0))
		v, isJSON := Parse(strings.TrimSpace(a.S(1)))
		if !ok || !isJSON {
			return ""
		}
		return TextOf(at2(v, p))
	})
	add("extract_json_dynamic", "ss", Dynamic, func(a Args) any {
		p, ok := pathOf(a.S(0))
		v, isJSON := Parse(strings.TrimSpace(a.S(1)))
		if !ok || !isJSON {
			return nil
		}
		return JSON(at2(v, p))
	})
}

// pathOf reads a path such as $.a['b'][0].
func pathOf(s string) ([]any, bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(s), "$")
	if !ok {
		return nil, false
	}
	var p []any
	for rest != "" {
		switch rest[0] {
		case '.':
			rest = rest[1:]
			n := strings.IndexAny(rest, ".[")
			if n < 0 {
				n = len(rest)
			}
			if n == 0 {
				return nil, false
			}
			p, rest = append(p, rest[:n]), rest[n:]
		case '[':
			rest = rest[1:]
			if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
				quote := rest[:1]
				end := strings.Index(rest[1:], quote+"]")
				if end < 0 {
					return nil, false
				}
				p, rest = append(p, rest[1:1+end]), rest[end+3:]
				continue
			}
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, false
			}
			n, err := strconv.ParseInt(strings.TrimSpace(rest[:end]), 10, 64)
			if err != nil {
				return nil, false
			}
			p, rest = append(p, n), rest[end+1:]
		default:
			return nil, false
		}
	}
	return p, true
}

func at2(v any, p []any) any {
	for _, k := range p {
		v = get(v, k)
	}
	return v
}

// without is a value but for what is at a path.
func without(v any, p []any) any {
	switch x := v.(type) {
	case *Bag:
		key, _ := p[0].(string)
		b := &Bag{}
		for i, k := range x.Keys {
			switch {
			case k != key:
				b.Keys, b.Values = append(b.Keys, k), append(b.Values, x.Values[i])
			case len(p) > 1:
				b.Keys, b.Values = append(b.Keys, k), append(b.Values, without(x.Values[i], p[1:]))
			}
		}
		return b
	case []any:
		n, ok := p[0].(int64)
		if !ok || n < 0 || n >= int64(len(x)) || len(p) < 2 {
			return v
		}
		list := append([]any{}, x...)
		list[n] = without(x[n], p[1:])
		return list
	}
	return v
}

// with is a bag with a value at a path.
func with(b *Bag, p []any, value any) *Bag {
	key, ok := p[0].(string)
	if !ok {
		return b
	}
	made := &Bag{Keys: append([]string{}, b.Keys...), Values: append([]any{}, b.Values...)}
	if len(p) > 1 {
		inner, _ := made.Get(key)
		innerBag, isBag := inner.(*Bag)
		if !isBag {
			innerBag = &Bag{}
		}
		value = with(innerBag, p[1:], value)
	}
	made.Set(key, value)
	return made
}
