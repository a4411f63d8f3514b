package udf

import (
	"math"
	"sort"
	"strings"
)

// maxSeries is how long a series may be that is taken apart.
const maxSeries = 50_000

func init() {
	add("series_decompose", "d|lslr", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok || len(list) > maxSeries {
			return nil
		}
		p := decompose(list, options(a, 1, 2, 3, 4))
		return JSON([]any{anys(p.baseline), anys(p.seasonal), anys(p.trend), anys(p.residual)})
	})
	add("series_decompose_forecast", "dl|lsr", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok || len(list) > maxSeries {
			return nil
		}
		o := options(a, 2, 3, 1, 4)
		if o.trend == "" {
			o.trend = "linefit"
		}
		p := decompose(list, o)
		return JSON([]any{anys(p.baseline), anys(p.seasonal), anys(p.trend), anys(p.residual)})
	})
	add("series_decompose_anomalies", "d|rlslsr", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok || len(list) > maxSeries {
			return nil
		}
		p := decompose(list, options(a, 2, 3, 4, 6))
		threshold := 1.5
		if a.Has(1) {
			threshold = math.Abs(a.R(1))
		}
		low, high := 0.1, 0.9
		if strings.EqualFold(a.S(5), "tukey") {
			low, high = 0.25, 0.75
		}
		score := outliers(p.residual, low, high)
		flags := make([]any, len(score))
		for i, s := range score {
			switch {
			case s >= threshold:
				flags[i] = int64(1)
			case s <= -threshold:
				flags[i] = int64(-1)
			default:
				flags[i] = int64(0)
			}
		}
		return JSON([]any{flags, anys(score), anys(p.baseline)})
	})
	add("series_outliers", "d|srrrl", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok {
			return nil
		}
		low, high := 0.1, 0.9
		if strings.EqualFold(a.S(1), "tukey") {
			low, high = 0.25, 0.75
		}
		if a.Has(3) && a.R(3) >= 2 && a.R(3) <= 98 {
			low = a.R(3) / 100
			high = 1 - low
		}
		if a.Has(4) && a.R(4) >= 2 && a.R(4) <= 98 {
			high = a.R(4) / 100
		}
		if a.Has(2) && a.R(2) != 0 {
			for i, f := range list {
				if f == a.R(2) {
					list[i] = math.NaN()
				}
			}
		}
		return JSON(anys(outliers(list, low, high)))
	})
	add("series_seasonal", "d|ll", Dynamic, func(a Args) any {
		list, ok := numbers(a.D(0))
		if !ok || len(list) > maxSeries {
			return nil
		}
		o := options(a, 1, -1, 2, -1)
		return JSON(anys(seasonal(list, o)))
	})
}

type decomposing struct {
	period    int // -1 to find it out, 0 for none
	trend     string
	tests     int
	threshold float64
}

func options(a Args, period, trend, tests, threshold int) decomposing {
	o := decomposing{period: -1, threshold: 0.6}
	if a.Has(period) {
		o.period = int(min(max(a.L(period), -1), maxSeries))
	}
	if trend >= 0 {
		o.trend = strings.ToLower(a.S(trend))
	}
	if a.Has(tests) {
		o.tests = int(min(max(a.L(tests), 0), maxSeries))
	}
	if threshold >= 0 && a.Has(threshold) {
		o.threshold = a.R(threshold)
	}
	return o
}

type parts struct{ baseline, seasonal, trend, residual []float64 }

// decompose takes a series apart: what comes again in each period, how it goes up or down, and what is left.
func decompose(list []float64, o decomposing) parts {
	n := len(list)
	p := parts{baseline: make([]float64, n), seasonal: seasonal(list, o), trend: make([]float64, n), residual: make([]float64, n)}
	learnt := max(n-o.tests, 0)
	rest := make([]float64, learnt)
	for i := range rest {
		rest[i] = list[i] - p.seasonal[i]
	}
	switch o.trend {
	case "none":
	case "linefit":
		slope, start := line(rest)
		for i := range p.trend {
			p.trend[i] = start + slope*float64(i)
		}
	default:
		if f := finite(rest); len(f) > 0 {
			m := mean(f)
			for i := range p.trend {
				p.trend[i] = m
			}
		}
	}
	for i := range list {
		p.baseline[i] = p.seasonal[i] + p.trend[i]
		p.residual[i] = list[i] - p.baseline[i]
	}
	return p
}

// seasonal is, of each place in a period, the median of what stands there, less the median of all.
func seasonal(list []float64, o decomposing) []float64 {
	out := make([]float64, len(list))
	learnt := list[:max(len(list)-o.tests, 0)]
	period := o.period
	if period < 0 {
		period = findPeriod(learnt, o.threshold)
	}
	if period < 2 || period > len(learnt)/2 {
		return out
	}
	slope, start := line(learnt)
	flat := make([]float64, len(learnt))
	for i, f := range learnt {
		flat[i] = f - start - slope*float64(i)
	}
	places := make([]float64, period)
	for i := range places {
		var all []float64
		for j := i; j < len(flat); j += period {
			all = append(all, flat[j])
		}
		if places[i] = quantile(sortedOf(all), 0.5); math.IsNaN(places[i]) {
			places[i] = 0
		}
	}
	middle := mean(places)
	for i := range out {
		out[i] = places[i%period] - middle
	}
	return out
}

// findPeriod finds the shift by which a series resembles itself most, if it does so enough.
func findPeriod(list []float64, threshold float64) int {
	n := len(list)
	if n < 8 {
		return 0
	}
	slope, start := line(list)
	flat := make([]float64, n)
	total := 0.0
	for i, f := range list {
		if flat[i] = f - start - slope*float64(i); math.IsNaN(flat[i]) || math.IsInf(flat[i], 0) {
			flat[i] = 0
		}
		total += flat[i] * flat[i]
	}
	if total == 0 {
		return 0
	}
	most := min(n/2, 2_000)
	alike := make([]float64, most+1)
	for shift := 1; shift <= most; shift++ {
		sum := 0.0
		for i := shift; i < n; i++ {
			sum += flat[i] * flat[i-shift]
		}
		alike[shift] = sum / total * float64(n) / float64(n-shift)
	}
	var peaks []int
	for s := 2; s < most; s++ {
		if alike[s] >= threshold && alike[s] > alike[s-1] && alike[s] >= alike[s+1] {
			peaks = append(peaks, s)
		}
	}
	if len(peaks) == 0 {
		return 0
	}
	sort.SliceStable(peaks, func(i, j int) bool { return alike[peaks[i]] > alike[peaks[j]]+0.05 })
	return peaks[0]
}

// outliers says how far each value lies outside of the range that most lie in, in lengths of that range.
func outliers(list []float64, low, high float64) []float64 {
	s := sortedOf(list)
	from, to := quantile(s, low), quantile(s, high)
	width := to - from
	out := make([]float64, len(list))
	for i, f := range list {
		switch {
		case math.IsNaN(f) || math.IsInf(f, 0) || width == 0:
		case f > to:
			out[i] = (f - to) / width
		case f < from:
			out[i] = (f - from) / width
		}
	}
	return out
}
