package udf

import (
	"math"
	"math/bits"
)

func init() {
	for name, f := range map[string]func(float64) float64{
		"ceiling": math.Ceil, "sqrt": math.Sqrt, "exp": math.Exp, "exp2": math.Exp2, "exp10": func(x float64) float64 { return math.Pow(10, x) },
		"log": math.Log, "log2": math.Log2, "log10": math.Log10, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos,
		"atan": math.Atan, "cot": func(x float64) float64 { return 1 / math.Tan(x) }, "degrees": func(x float64) float64 { return x * 180 / math.Pi },
		"radians": func(x float64) float64 { return x * math.Pi / 180 }, "abs_real": math.Abs,
		"sign": func(x float64) float64 {
			switch {
			case x > 0:
				return 1
			case x < 0:
				return -1
			}
			return x
		},
	} {
		add(name, "r", Real, func(a Args) any {
			if a.None(0) {
				return nil
			}
			return f(a.R(0))
		})
	}
	for name, f := range map[string]func(x, y float64) float64{"pow": math.Pow, "atan2": math.Atan2} {
		add(name, "rr", Real, func(a Args) any {
			if a.None(0, 1) {
				return nil
			}
			return f(a.R(0), a.R(1))
		})
	}
	for name, f := range map[string]func(float64) bool{
		"isnan": math.IsNaN, "isinf": func(x float64) bool { return math.IsInf(x, 0) },
		"isfinite": func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) },
	} {
		add(name, "r", Bool, func(a Args) any { return a[0] != nil && f(a.R(0)) })
	}
	for name, f := range map[string]func(x, y int64) int64{
		"binary_and": func(x, y int64) int64 { return x & y }, "binary_or": func(x, y int64) int64 { return x | y },
		"binary_xor":         func(x, y int64) int64 { return x ^ y },
		"binary_shift_left":  func(x, n int64) int64 { return x << uint(n%64) },
		"binary_shift_right": func(x, n int64) int64 { return x >> uint(n%64) },
	} {
		shift := name == "binary_shift_left" || name == "binary_shift_right"
		add(name, "ll", Long, func(a Args) any {
			if a.None(0, 1) || shift && a.L(1) < 0 {
				return nil
			}
			return f(a.L(0), a.L(1))
		})
	}
	add("binary_not", "l", Long, func(a Args) any {
		if a.None(0) {
			return nil
		}
		return ^a.L(0)
	})
	add("bitset_count_ones", "l", Long, func(a Args) any {
		if a.None(0) {
			return nil
		}
		return int64(bits.OnesCount64(uint64(a.L(0))))
	})
	add("abs_long", "l", Long, func(a Args) any {
		if a.None(0) || a.L(0) == math.MinInt64 {
			return nil
		}
		return max(a.L(0), -a.L(0))
	})
	add("pi", "", Real, func(Args) any { return math.Pi })
	add("round", "r|l", Real, func(a Args) any {
		if a.None(0) {
			return nil
		}
		return roundTo(a.R(0), a.L(1))
	})
	add("bin_at_real", "rrr", Real, func(a Args) any {
		if a.None(0, 1, 2) || !(a.R(1) > 0) {
			return nil
		}
		return a.R(2) + math.Floor((a.R(0)-a.R(2))/a.R(1))*a.R(1)
	})
	add("bin_at_long", "lll", Long, func(a Args) any {
		if a.None(0, 1, 2) || a.L(1) <= 0 {
			return nil
		}
		v, size, fixed := a.L(0), a.L(1), a.L(2)
		r := (modulo(v, size).(int64) - modulo(fixed, size).(int64) + size) % size
		if v < math.MinInt64+r {
			return nil
		}
		return v - r
	})
}

// roundTo rounds to so many digits behind the point, or before it.
func roundTo(x float64, digits int64) float64 {
	if digits == 0 {
		return math.Round(x)
	}
	if digits > 15 || digits < -300 {
		return x
	}
	shift := math.Pow(10, float64(digits))
	r := math.Round(x*shift) / shift
	if math.IsNaN(r) || math.IsInf(r, 0) {
		return x
	}
	return r
}
