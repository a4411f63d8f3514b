package udf

import (
	"math"
)

func init() {
	add("modulo", "ll", Long, func(a Args) any {
		if a.None(0, 1) {
			return nil
		}
		return modulo(a.L(0), a.L(1))
	})
	add("modulo_real", "rr", Real, func(a Args) any {
		if a.None(0, 1) {
			return nil
		}
		return moduloReal(a.R(0), a.R(1))
	})
	add("bin_long", "ll", Long, func(a Args) any {
		if a.None(0, 1) || a.L(1) <= 0 {
			return nil
		}
		r := modulo(a.L(0), a.L(1)).(int64)
		if a.L(0) < math.MinInt64+r {
			return nil
		}
		return a.L(0) - r
	})
	add("bin_real", "rr", Real, func(a Args) any {
		if a.None(0, 1) || !(a.R(1) > 0) {
			return nil
		}
		return math.Floor(a.R(0)/a.R(1)) * a.R(1)
	})
	add("squarable", "r", Real, func(a Args) any {
		if a.None(0) || !(math.Abs(a.R(0)) < 1e145) {
			return nil
		}
		return a.R(0)
	})
}

// modulo is never negative.
func modulo(a, b int64) any {
	if b == 0 || b == math.MinInt64 {
		return nil
	}
	if b < 0 {
		b = -b
	}
	r := a % b
	if r < 0 {
		r += b
	}
	return r
}

func moduloReal(a, b float64) float64 {
	b = math.Abs(b)
	r := math.Mod(a, b)
	if r < 0 {
		r += b
	}
	return r
}
