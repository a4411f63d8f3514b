package udf

import (
	"math"
	"sort"
	"strings"
)

func init() {
	add("get", "ds", Dynamic, func(a Args) any {
		keys, _ := Parse(a.S(1))
		list, _ := keys.([]any)
		v := a.D(0)
		for _, k := range list {
			v = get(v, k)
		}
		return JSON(v)
	})
	add("get_at", "dl", Dynamic, func(a Args) any {
		if a.None(1) {
			return nil
		}
		return JSON(get(a.D(0), a[1]))
	})
	add("get_by", "dd", Dynamic, func(a Args) any { return JSON(get(a.D(0), a.D(1))) })
	add("comparable", "d", Text, func(a Args) any { return comparable(a.D(0)) })
	add("reparse_json", "d", Dynamic, func(a Args) any {
		v := a.D(0)
		if s, ok := v.(string); ok {
			return jsonOf(s)
		}
		return JSON(v)
	})
	add("gettype", "d", Text, func(a Args) any { return typeName(a.D(0)) })
	add("pack_array", "d*", Dynamic, func(a Args) any { return "[" + strings.Join(nulled(a), ",") + "]" })
	add("bag_pack", "d*", Dynamic, func(a Args) any { return packed(a, false) })
	add("bag_pack_filled", "d*", Dynamic, func(a Args) any { return packed(a, true) })
	for name, f := range map[string]func(x, y float64) float64{
		"add": func(x, y float64) float64 { return x + y }, "subtract": func(x, y float64) float64 { return x - y },
		"multiply": func(x, y float64) float64 { return x * y }, "divide": func(x, y float64) float64 { return x / y }, "modulo": moduloReal,
	} {
		add("dynamic_"+name, "dd", Dynamic, func(a Args) any { return JSON(calculate(name, a.D(0), a.D(1), f)) })
	}
	add("dynamic_to_json", "d", Text, func(a Args) any {
		if a.None(0) {
			return ""
		}
		return string(appendJSON(nil, sorted(a.D(0))))
	})
}

// get picks a property by its name or an element by its position, from the end where that is negative.
func get(v, key any) any {
	switch x := v.(type) {
	case *Bag:
		if k, ok := key.(string); ok {
			v, _ := x.Get(k)
			return v
		}
	case []any:
		n, ok := key.(int64)
		if f, isReal := key.(float64); isReal {
			n, ok = whole(f)
		}
		if n < 0 {
			n += int64(len(x))
		}
		if ok && n >= 0 && n < int64(len(x)) {
			return x[n]
		}
	}
	return nil
}

// comparable is a text that is the same for values that are equal.
func comparable(v any) any {
	if v == nil {
		return nil
	}
	return keyOf(sorted(v))
}

// sorted puts the properties of bags in the order of their names.
func sorted(v any) any {
	switch x := v.(type) {
	case []any:
		list := make([]any, len(x))
		for i, e := range x {
			list[i] = sorted(e)
		}
		return list
	case *Bag:
		b := &Bag{Keys: append([]string{}, x.Keys...), Values: make([]any, len(x.Keys))}
		sort.Strings(b.Keys)
		for i, k := range b.Keys {
			v, _ := x.Get(k)
			b.Values[i] = sorted(v)
		}
		return b
	}
	return v
}

func typeName(v any) string {
	switch v.(type) {
	case bool:
		return "bool"
	case int64:
		return "long"
	case float64:
		return "double"
	case string:
		return "string"
	case []any:
		return "array"
	case *Bag:
		return "dictionary"
	}
	return "null"
}

// nulled gives the JSON texts of arguments.
func nulled(a Args) []string {
	parts := make([]string, len(a))
	for i := range a {
		if parts[i] = a.S(i); a[i] == nil {
			parts[i] = "null"
		}
	}
	return parts
}

// packed makes a bag of names and values that take turns.
func packed(a Args, filled bool) any {
	var b strings.Builder
	seen := map[string]bool{}
	b.WriteByte('{')
	for i := 0; i+1 < len(a); i += 2 {
		key := TextOf(a.D(i))
		if seen[key] || filled && (a[i+1] == nil || a[i+1] == `""`) {
			continue
		}
		seen[key] = true
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(appendQuoted(nil, key))
		b.WriteByte(':')
		if a[i+1] == nil {
			b.WriteString("null")
		} else {
			b.WriteString(a.S(i + 1))
		}
	}
	b.WriteByte('}')
	return b.String()
}

// calculate is arithmetic with what dynamic values hold: of whole numbers whole again, where that fits.
func calculate(name string, x, y any, f func(x, y float64) float64) any {
	n, okN := x.(int64)
	m, okM := y.(int64)
	if okN && okM {
		switch name {
		case "divide":
			if m == 0 {
				return nil
			}
			if n != math.MinInt64 || m != -1 {
				return n / m
			}
			return nil
		case "modulo":
			return modulo(n, m)
		}
		if r := f(float64(n), float64(m)); math.Abs(r) < 1<<62 {
			switch name {
			case "add":
				return n + m
			case "subtract":
				return n - m
			case "multiply":
				return n * m
			}
		}
		return nil
	}
	a, ok := number(x)
	b, also := number(y)
	if !ok || !also {
		return nil
	}
	return f(a, b)
}
