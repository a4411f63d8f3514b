package udf

import (
	"math"
	"sort"
)

// numbers gives an array as numbers; what is none in it is not a number.
func numbers(v any) ([]float64, bool) {
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	out := make([]float64, len(list))
	for i, e := range list {
		f, ok := number(e)
		if s, isText := e.(string); isText {
			if r := realOf(s); r != nil {
				f, ok = r.(float64), true
			}
		}
		if !ok {
			f = math.NaN()
		}
		out[i] = f
	}
	return out, true
}

func anys(list []float64) []any {
	out := make([]any, len(list))
	for i, f := range list {
		if !math.IsNaN(f) {
			out[i] = f
		}
	}
	return out
}

func finite(list []float64) []float64 {
	out := make([]float64, 0, len(list))
	for _, f := range list {
		if !math.IsNaN(f) && !math.IsInf(f, 0) {
			out = append(out, f)
		}
	}
	return out
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, f := range list {
		sum += f
	}
	return sum / float64(len(list))
}

// variance is that of a sample.
func variance(list []float64) float64 {
	if len(list) < 2 {
		return 0
	}
	m, sum := mean(list), 0.0
	for _, f := range list {
		sum += (f - m) * (f - m)
	}
	return sum / float64(len(list)-1)
}

func init() {
	add("series_stats", "d|b", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok {
			return nil
		}
		return JSON(stats(list, a.B(1)))
	})
	add("series_stats_dynamic", "d|b", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok {
			return nil
		}
		b := &Bag{}
		for i, v := range stats(list, a.B(1)) {
			b.Set([]string{"min", "min_idx", "max", "max_idx", "avg", "stdev", "variance"}[i], v)
		}
		return JSON(b)
	})
	add("series_fit_line", "d", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok || len(list) == 0 {
			return nil
		}
		return JSON(fitLine(list))
	})
	add("series_fit_line_dynamic", "d", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok || len(list) == 0 {
			return nil
		}
		b := &Bag{}
		for i, v := range fitLine(list) {
			b.Set([]string{"rsquare", "slope", "variance", "rvariance", "interception", "line_fit"}[i], v)
		}
		return JSON(b)
	})
	add("series_sum", "d", Real, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok {
			return nil
		}
		sum := 0.0
		for _, f := range list {
			if !math.IsNaN(f) {
				sum += f
			}
		}
		return sum
	})
	for name, f := range map[string]func(x, y float64) float64{
		"series_add": func(x, y float64) float64 { return x + y }, "series_subtract": func(x, y float64) float64 { return x - y },
		"series_multiply": func(x, y float64) float64 { return x * y }, "series_divide": func(x, y float64) float64 { return x / y },
	} {
		add(name, "dd", Dynamic, func(a Args) any { return elementwise(a.D(0), a.D(1), name != "series_divide", f) })
	}
	add("series_pearson_correlation", "dd", Real, func(a Args) any {
		x, ok := numbers(a.D(0))
		y, also := numbers(a.D(1))
		if !ok || !also || len(x) != len(y) || len(x) == 0 {
			return nil
		}
		mx, my, xy, xx, yy := mean(x), mean(y), 0.0, 0.0, 0.0
		for i := range x {
			xy += (x[i] - mx) * (y[i] - my)
			xx += (x[i] - mx) * (x[i] - mx)
			yy += (y[i] - my) * (y[i] - my)
		}
		return xy / math.Sqrt(xx*yy)
	})
	add("series_fill_const", "d|rr", Dynamic, func(a Args) any {
		return filled(a, 2, func(list []any, gap func(any) bool) {
			for i, v := range list {
				if gap(v) {
					list[i] = tidy(a.R(1))
				}
			}
		})
	})
	add("series_fill_forward", "d|r", Dynamic, func(a Args) any {
		return filled(a, 1, func(list []any, gap func(any) bool) {
			for i := 1; i < len(list); i++ {
				if gap(list[i]) && !gap(list[i-1]) {
					list[i] = list[i-1]
				}
			}
		})
	})
	add("series_fill_backward", "d|r", Dynamic, func(a Args) any {
		return filled(a, 1, func(list []any, gap func(any) bool) {
			for i := len(list) - 2; i >= 0; i-- {
				if gap(list[i]) && !gap(list[i+1]) {
					list[i] = list[i+1]
				}
			}
		})
	})
	add("series_fill_linear", "d|rbr", Dynamic, func(a Args) any {
		return filled(a, 1, func(list []any, gap func(any) bool) { fillLinear(list, gap, a[2] == nil || a.B(2), a.R(3)) })
	})
}

// tidy is a whole number where a number is one.
func tidy(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

func stats(list []float64, ignore bool) []any {
	used := list
	if ignore {
		used = finite(list)
	}
	if len(used) == 0 {
		return make([]any, 7)
	}
	least, most := -1, -1
	for i, f := range list {
		if ignore && (math.IsNaN(f) || math.IsInf(f, 0)) {
			continue
		}
		if least < 0 || f < list[least] {
			least = i
		}
		if most < 0 || f > list[most] {
			most = i
		}
	}
	v := variance(used)
	return []any{list[least], int64(least), list[most], int64(most), mean(used), math.Sqrt(v), v}
}

// line gives the slope and the start of the line that fits best.
func line(list []float64) (slope, start float64) {
	n, sx, sy, sxy, sxx := 0.0, 0.0, 0.0, 0.0, 0.0
	for i, y := range list {
		if math.IsNaN(y) || math.IsInf(y, 0) {
			continue
		}
		x := float64(i)
		n, sx, sy, sxy, sxx = n+1, sx+x, sy+y, sxy+x*y, sxx+x*x
	}
	if n == 0 {
		return 0, 0
	}
	if d := n*sxx - sx*sx; d != 0 {
		slope = (n*sxy - sx*sy) / d
	}
	return slope, (sy - slope*sx) / n
}

func fitLine(list []float64) []any {
	slope, start := line(list)
	fit, rest := make([]float64, len(list)), make([]float64, 0, len(list))
	for i, y := range list {
		fit[i] = start + slope*float64(i)
		if r := y - fit[i]; !math.IsNaN(r) && !math.IsInf(r, 0) {
			rest = append(rest, r)
		}
	}
	v, rv := variance(finite(list)), variance(rest)
	rsquare := 1.0
	if v != 0 {
		rsquare = 1 - rv/v
	}
	return []any{rsquare, slope, v, rv, start, anys(fit)}
}

// elementwise computes with the elements of two arrays, or of one and a number.
func elementwise(x, y any, wholes bool, f func(x, y float64) float64) any {
	a, isA := x.([]any)
	b, isB := y.([]any)
	if !isA && !isB {
		return nil
	}
	n := max(len(a), len(b))
	out := make([]any, n)
	for i := range out {
		p, q := x, y
		if isA {
			p = get(a, int64(i))
		}
		if isB {
			q = get(b, int64(i))
		}
		v, ok := number(p)
		w, also := number(q)
		if !ok || !also {
			continue
		}
		out[i] = f(v, w)
		_, wholeP := p.(int64)
		_, wholeQ := q.(int64)
		if r := f(v, w); wholes && wholeP && wholeQ && math.Abs(r) < 1<<53 {
			out[i] = int64(r)
		}
	}
	return JSON(out)
}

// filled fills the gaps of an array: what is null, or the number that stands for what is missing.
func filled(a Args, placeholder int, fill func(list []any, gap func(any) bool)) any {
	list, ok := a.List(0)
	if !ok {
		return nil
	}
	fill(list, func(v any) bool {
		if !a.Has(placeholder) {
			return v == nil
		}
		f, ok := number(v)
		return v == nil || ok && f == a.R(placeholder)
	})
	return JSON(list)
}

func fillLinear(list []any, gap func(any) bool, edges bool, otherwise float64) {
	last := -1
	for i, v := range list {
		if gap(v) {
			continue
		}
		to, _ := number(v)
		if last >= 0 && i-last > 1 {
			from, _ := number(list[last])
			for j := last + 1; j < i; j++ {
				list[j] = from + (to-from)*float64(j-last)/float64(i-last)
			}
		} else if last < 0 && edges {
			for j := range i {
				list[j] = v
			}
		}
		last = i
	}
	for i := range list {
		if last < 0 {
			list[i] = tidy(otherwise)
		} else if i > last && edges {
			list[i] = list[last]
		}
	}
}

// quantile is between values.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := int(math.Floor(at))
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func sortedOf(list []float64) []float64 {
	s := finite(list)
	sort.Float64s(s)
	return s
}
