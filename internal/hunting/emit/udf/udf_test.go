package udf

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// A function may be given anything: it answers with a value of its type that is no longer than one may be, or with null.
func FuzzFunctions(f *testing.F) {
	for i, s := range samples {
		f.Add(uint64(i), s, `{"a":[1,2.5,"x",null,{"b":true}]}`, int64(i)-3, float64(i)/3)
	}
	f.Add(uint64(100), "0", "\x80", int64(21), 46.0)
	f.Add(uint64(99), "日本\xff\x00", "[1,", int64(math.MinInt64), math.Inf(-1))
	f.Fuzz(func(t *testing.T, seed uint64, s, d string, n int64, x float64) {
		r := rand.New(rand.NewPCG(seed, 1))
		for _, fn := range All() {
			checkCall(t, r, fn, s, d, n, x)
		}
	})
}

var samples = []string{
	"", "a", " ", "(a+)+", "[", "$.a[0]['b']", `"a\" b" c\`, "a,\"b\"\"c\",d\ne", "<a b='1'><c/>x</a>", "10.0.0.1/8", "fe80::1/64", "https://u:p@h:1/p?q=1#f", `C:\a\b.c:d`, "2024-02-29T12:00:00Z",
	"1.02:03:04", "9223372036854775808", "1e400", "yyyy-MM-dd HH:mm:ss.fffffff tt", "S3VzdG8=", "%41%zz+", "US/Pacific", `{"a":[1]}`, "month", "1.2.3.4", "Mozilla/5.0 (Windows NT 10.0) Chrome/1.2.3 Mobile", strings.Repeat("ab", 300),
}

func TestATextIsNoLongerThanOneMayBeAlsoOnceItIsValid(t *testing.T) {
	if got := Find(Prefix + "strrep").Run(Args{strings.Repeat("\xff ", 400), int64(1000), ""}); got != "" {
		t.Errorf("it has %d bytes", len(got.(string)))
	}
}

// What is done with a bag grows as the bag does: with four times as many properties it takes no sixteen times as long.
func TestABagOfManyPropertiesTakesTimeInProportion(t *testing.T) {
	took := func(n int) time.Duration {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"key%d":%d`, i, i)
		}
		text, least := "{"+b.String()[1:]+"}", time.Hour
		for range 3 {
			begin := time.Now()
			v, _ := Parse(text)
			again, _ := Parse(text)
			if !same(v, again) || keyOf(sorted(v)) != keyOf(sorted(again)) {
				t.Fatal("a bag is not the same as itself")
			}
			least = min(least, time.Since(begin))
		}
		return least
	}
	if few, many := took(5_000), took(20_000); many > 12*few+100*time.Millisecond {
		t.Errorf("5,000 properties take %v, and 20,000 take %v", few, many)
	}
}

func checkCall(t *testing.T, r *rand.Rand, f *Function, s, d string, n int64, x float64) {
	kinds := f.In
	if f.Rest != 0 {
		kinds += strings.Repeat(string(f.Rest), r.IntN(4))
	}
	args := make(Args, len(kinds))
	for i, kind := range []byte(kinds) {
		if kind != Text && r.IntN(6) == 0 {
			continue
		}
		switch kind {
		case Text, 'g':
			args[i] = []string{s, d, samples[r.IntN(len(samples))]}[r.IntN(3)]
		case Dynamic:
			args[i] = []string{d, `["a",1,null,[2],{"k":"v"}]`, `{"a":{"b":1},"":2}`, `"` + "x" + `"`, "5", "-1.5e3", "[3,1,2]"}[r.IntN(7)]
		case Long, Moment, Span:
			args[i] = []int64{n, 0, 1, -1, math.MaxInt64, math.MinInt64, 638_000_000_000_000_000, int64(r.IntN(50))}[r.IntN(8)]
		case Real:
			args[i] = []float64{x, 0, math.NaN(), math.Inf(1), -1.5, math.MaxFloat64, 5e-324, float64(r.IntN(50))}[r.IntN(8)]
		case Bool:
			args[i] = r.IntN(2) == 0
		}
	}
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%s%q: %v", f.Name, []any(args), p)
		}
	}()
	f.Call(append(Args{}, args...)) // Run would hide a panic
	switch v := f.Run(args).(type) {
	case nil:
		if f.Out == Text {
			t.Errorf("%s%q gives null, and texts are never null", f.Name, []any(args))
		}
	case string:
		if len(v) > MaxText {
			t.Errorf("%s gives %d bytes", f.Name, len(v))
		}
		if _, ok := Parse(v); f.Out == Dynamic && !ok && !strings.Contains(v, d) && utf8.ValidString(d) { // the engine hands on no other text
			t.Errorf("%s%q gives %.200q, which is no JSON", f.Name, []any(args), v)
		}
		if f.Out != Text && f.Out != Dynamic && f.Out != 'g' {
			t.Errorf("%s gives a text", f.Name)
		}
	case bool:
		if f.Out != Bool {
			t.Errorf("%s gives a truth", f.Name)
		}
	case int64:
		if f.Out != Long && f.Out != Moment && f.Out != Span || f.Out == Moment && !valid(v) && !strings.HasSuffix(f.Name, "dynamic_datetime") {
			t.Errorf("%s%v gives %d", f.Name, args, v)
		}
	case float64:
		if f.Out != Real {
			t.Errorf("%s gives a number", f.Name)
		}
	default:
		t.Errorf("%s gives a %T", f.Name, v)
	}
}

// What is read as JSON is JSON, and what is written is read as the same again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00\n",null,true,{}]}`, `[1e999]`, `"\ud800"`, `01`, `{"a":1,"a":2}`, "[\"\x01\"]", ` [ ] `, `-`, `[1,]`, `"\q"`, "\"\xff\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := Parse(s)
		if ok != json.Valid([]byte(s)) && strings.Count(s, "[")+strings.Count(s, "{") < maxNesting {
			t.Errorf("%q is JSON: %t", s, !ok)
		}
		if !ok || v == nil {
			return
		}
		text := JSON(v).(string)
		again, ok := Parse(text)
		if !ok || !same(v, again) || !json.Valid([]byte(text)) {
			t.Errorf("%q is written as %q", s, text)
		}
	})
}
