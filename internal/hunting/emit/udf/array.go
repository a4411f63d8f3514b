package udf

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

func init() {
	add("array_length", "d", Long, func(a Args) any {
		if list, ok := a.List(0); ok {
			return int64(len(list))
		}
		return nil
	})
	add("array_concat", "d*", Dynamic, func(a Args) any {
		all := []any{}
		for i := range a {
			list, ok := a.List(i)
			if !ok {
				if a[i] != nil {
					return nil
				}
				continue
			}
			all = append(all, list...)
		}
		return JSON(all)
	})
	add("array_iff", "ddd", Dynamic, func(a Args) any {
		list, ok := a.List(0)
		if !ok {
			return nil
		}
		yes, no := a.D(1), a.D(2)
		pick := func(v any, i int) any {
			if list, ok := v.([]any); ok {
				return get(list, int64(i))
			}
			return v
		}
		out := make([]any, len(list))
		for i, c := range list {
			switch truth(c) {
			case true:
				out[i] = pick(yes, i)
			case false:
				out[i] = pick(no, i)
			}
		}
		return JSON(out)
	})
	add("array_index_of", "dd|lll", Long, func(a Args) any {
		list, ok := a.List(0)
		if !ok {
			return nil
		}
		start, length, occurrence := a.L(2), int64(-1), int64(1)
		if a.Has(3) {
			length = a.L(3)
		}
		if a.Has(4) {
			occurrence = a.L(4)
		}
		n := int64(len(list))
		if start < 0 {
			start = max(start+n, 0)
		}
		if length < -1 || occurrence < 1 {
			return nil
		}
		end := n
		if length >= 0 {
			end = min(n, start+min(length, n))
		}
		v := a.D(1)
		for i := start; i < end; i++ {
			if same(list[i], v) {
				if occurrence--; occurrence == 0 {
					return i
				}
			}
		}
		return int64(-1)
	})
	add("array_reverse", "d", Dynamic, func(a Args) any {
		list, ok := a.List(0)
		if !ok {
			return nil
		}
		slices.Reverse(list)
		return JSON(list)
	})
	rotate := func(sign int64) func(a Args) any {
		return func(a Args) any {
			list, ok := a.List(0)
			if !ok || a.None(1) {
				return nil
			}
			if n := int64(len(list)); n > 0 {
				by := modulo(sign*(a.L(1)%n), n).(int64)
				list = append(append([]any{}, list[by:]...), list[:by]...)
			}
			return JSON(list)
		}
	}
	add("array_rotate_left", "dl", Dynamic, rotate(1))
	add("array_rotate_right", "dl", Dynamic, rotate(-1))
	shift := func(sign int64) func(a Args) any {
		return func(a Args) any {
			list, ok := a.List(0)
			if !ok || a.None(1) {
				return nil
			}
			n := int64(len(list))
			by := min(max(a.L(1), -n), n) * sign
			out := make([]any, n)
			for i := range out {
				if from := int64(i) + by; from >= 0 && from < n {
					out[i] = list[from]
				} else if a.Has(2) {
					out[i] = a.D(2)
				} else if len(list) > 0 {
					if _, isText := list[0].(string); isText {
						out[i] = ""
					}
				}
			}
			return JSON(out)
		}
	}
	add("array_shift_left", "dl|d", Dynamic, shift(1))
	add("array_shift_right", "dl|d", Dynamic, shift(-1))
	add("array_slice", "dll", Dynamic, func(a Args) any {
		list, ok := a.List(0)
		if !ok || a.None(1, 2) {
			return nil
		}
		n := int64(len(list))
		place := func(i int64) int64 {
			if i < 0 {
				i += n
			}
			return i
		}
		from, to := max(place(a.L(1)), 0), min(place(a.L(2)), n-1)
		if from > to {
			return "[]"
		}
		return JSON(list[from : to+1])
	})
	add("array_split", "dd", Dynamic, func(a Args) any { return arraySplit(a) })
	add("sort_arrays", "bbd*", Dynamic, func(a Args) any { return sortArrays(a) })
	add("repeat", "dl", Dynamic, func(a Args) any {
		n := a.L(1)
		if a.None(1) || n < 0 || n > 1<<16 || n*int64(len(a.S(0))+1) > MaxText {
			return nil
		}
		one := a.S(0)
		if _, sound := Parse(one); a[0] == nil || !sound { // what is no JSON would make an array of it none either
			one = "null"
		}
		return "[" + strings.TrimSuffix(strings.Repeat(one+",", int(n)), ",") + "]"
	})
	write := map[string]func([]byte, int64) []byte{
		"long":     func(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) },
		"datetime": func(b []byte, n int64) []byte { return append(append(append(b, '"'), DateTimeText(n)...), '"') },
		"timespan": func(b []byte, n int64) []byte { return append(append(append(b, '"'), SpanText(n)...), '"') },
	}
	for kind, write := range write {
		add("range_"+kind, "lll", Dynamic, func(a Args) any {
			if a.None(0, 1, 2) || a.L(2) == 0 || tooMany((float64(a.L(1))-float64(a.L(0)))/float64(a.L(2))) {
				return nil
			}
			b := []byte{'['}
			for v, step := a.L(0), a.L(2); (step > 0 && v <= a.L(1) || step < 0 && v >= a.L(1)) && len(b) <= MaxText; {
				if len(b) > 1 {
					b = append(b, ',')
				}
				b = write(b, v)
				if next := v + step; (next > v) != (step > 0) {
					break
				}
				v += step
			}
			return string(append(b, ']'))
		})
	}
	add("range_real", "rrr", Dynamic, func(a Args) any {
		if a.None(0, 1, 2) || a.R(2) == 0 || tooMany((a.R(1)-a.R(0))/a.R(2)) {
			return nil
		}
		list := []any{}
		for i := 0; i <= int((a.R(1)-a.R(0))/a.R(2)); i++ {
			if v := a.R(0) + float64(i)*a.R(2); a.R(2) > 0 && v <= a.R(1) || a.R(2) < 0 && v >= a.R(1) {
				list = append(list, v)
			}
		}
		return JSON(list)
	})
	add("zip", "d*", Dynamic, func(a Args) any {
		longest := 0
		lists := make([][]any, len(a))
		for i := range a {
			lists[i], _ = a.List(i)
			longest = max(longest, len(lists[i]))
		}
		if longest*len(a) > MaxElements {
			return nil
		}
		rows := make([]any, longest)
		for i := range rows {
			row := make([]any, len(lists))
			for j, l := range lists {
				if i < len(l) {
					row[j] = l[i]
				}
			}
			rows[i] = row
		}
		return JSON(rows)
	})
}

// tooMany says whether a range has more elements than the text of a value has room for.
func tooMany(n float64) bool { return !(n <= MaxText/4 && n >= -MaxText) }

func truth(v any) any {
	switch x := v.(type) {
	case bool:
		return x
	case int64:
		return x != 0
	case float64:
		return x != 0
	}
	return nil
}

func arraySplit(a Args) any {
	list, ok := a.List(0)
	if !ok {
		return nil
	}
	at := a.D(1)
	places, isList := at.([]any)
	if !isList {
		places = []any{at}
	}
	n := int64(len(list))
	out := []any{}
	from := int64(0)
	for _, p := range places {
		i, ok := whole(p)
		if !ok {
			return nil
		}
		if i < 0 {
			i += n
		}
		i = min(max(i, from), n)
		out = append(out, append([]any{}, list[from:i]...))
		from = i
	}
	return JSON(append(out, append([]any{}, list[from:]...)))
}

// sortArrays sorts the first of arrays, and puts the others in the same order.
func sortArrays(a Args) any {
	first, ok := a.List(2)
	if !ok {
		return JSON(make([]any, max(len(a)-2, 0)))
	}
	order := make([]int, len(first))
	for i := range order {
		order[i] = i
	}
	descending, last := a.B(0), a[1] == nil || a.B(1)
	sort.SliceStable(order, func(i, j int) bool {
		x, y := first[order[i]], first[order[j]]
		if x == nil || y == nil {
			return x != y && (y == nil) == last
		}
		c := compare(x, y)
		if descending {
			return c > 0
		}
		return c < 0
	})
	out := make([]any, 0, len(a)-2)
	for i := 2; i < len(a); i++ {
		list, _ := a.List(i)
		if len(list) != len(first) {
			out = append(out, nil)
			continue
		}
		sorted := make([]any, len(list))
		for k, from := range order {
			sorted[k] = list[from]
		}
		out = append(out, sorted)
	}
	return JSON(out)
}

// compare orders values: numbers, then texts, then all others.
func compare(x, y any) int {
	rank := func(v any) int {
		switch v.(type) {
		case int64, float64:
			return 0
		case string:
			return 1
		}
		return 2
	}
	if d := rank(x) - rank(y); d != 0 {
		return d
	}
	switch rank(x) {
	case 0:
		a, _ := number(x)
		b, _ := number(y)
		switch {
		case a < b || math.IsNaN(b) && !math.IsNaN(a):
			return -1
		case a > b || math.IsNaN(a) && !math.IsNaN(b):
			return 1
		}
		return 0
	case 1:
		return strings.Compare(x.(string), y.(string))
	}
	return strings.Compare(keyOf(x), keyOf(y))
}
