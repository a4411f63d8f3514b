package duck

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	kqltypes "github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// extremes are values at the ends of each type, and texts that are something to some function, as queries write them.
var extremes = map[string][]string{
	"bool":     {"true", "false", "bool(null)"},
	"int":      {"int(0)", "int(1)", "int(-1)", "int(2147483647)", "int(-2147483648)", "int(null)", "int(33)"},
	"long":     {"0", "1", "-1", "9223372036854775807", "-9223372036854775807", "long(null)", "64", "1546300800", "3000000000", "-5"},
	"real":     {"0.0", "1.5", "-1.5", "1.7e308", "-1.7e308", "5e-324", "real(nan)", "real(+inf)", "real(-inf)", "real(null)", "9223372036854775808.0"},
	"decimal":  {"decimal(0)", "decimal(99999999999999999999999999999999)", "decimal(-99999999999999999999999999999999)", "decimal(0.000001)", "decimal(null)"},
	"datetime": {"datetime(0001-01-01)", "datetime(9999-12-31 23:59:59.9999999)", "datetime(2024-02-29 12:00)", "datetime(null)"},
	"timespan": {"0s", "1d", "-1d", "time(10675198.02:48:05.4775807)", "-10000000d", "time(null)", "1tick"},
	"guid":     {"guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "guid(null)"},
	"string": {
		`""`, `"a"`, `" "`, `"日本語 é İ ß"`, `"\u0000x"`, `"{\"a\":[1,{\"b\":null}]}"`, `"[1,2,3"`, `"{"`, `"null"`, `"\"x\""`, `"1e999"`, `"9223372036854775808"`, `"-9223372036854775808"`, `"0x1F"`,
		`"NaN"`, `"2024-02-30"`, `"9999-12-31T23:59:59.9999999Z"`, `"1.02:03:04"`, `"99999999999d"`, `"192.168.0.1/33"`, `"10.0.0.0/8"`, `"::1/0"`, `"fe80::1%eth0"`, `"S3VzdG8="`, `"%%%zz%41"`,
		`"<a b='1'>x<c/></a>"`, `"<a>"`, `"https://u:p@h:1/p?q=1&q=2#f"`, `"C:\\a\\b.c:d"`, `"\"a\\\\\" b"`, `"a,\"b\"\",c\"\nd"`, `"1.2.3.99999999"`, `"$.a[0]"`, `"["`, `"\\"`, `"(a+)+$"`, `"US/Pacific"`,
	},
	"dynamic": {
		`dynamic(null)`, `dynamic([])`, `dynamic({})`, `dynamic(1)`, `dynamic(-1.5)`, `dynamic("x")`, `dynamic(true)`, `dynamic([1,2,3])`, `dynamic([3,null,"a",1.5,true,[1],{"b":2}])`, `dynamic({"a":{"b":[1,2]},"c":null})`,
		`dynamic(["10.0.0.0/8","a","b"])`, `dynamic([9223372036854775807,-9223372036854775807])`, `dynamic([1e308,-1e308,1e308])`, `dynamic("2024-01-01")`, `dynamic({"":1,"a b":2,"x\"y":3})`,
	},
}

var kindNames = []string{"bool", "int", "long", "real", "decimal", "datetime", "timespan", "guid", "string", "dynamic"}

// extremeRows is a table of them: each kind has two columns.
func extremeRows(r *rand.Rand, n int) string {
	var columns, cells []string
	for _, k := range kindNames {
		columns = append(columns, k+"1:"+k, k+"2:"+k)
	}
	for range n {
		for _, k := range kindNames {
			for range 2 {
				cells = append(cells, extremes[k][r.IntN(len(extremes[k]))])
			}
		}
	}
	return "datatable(" + strings.Join(columns, ", ") + ")[" + strings.Join(cells, ", ") + "]"
}

// wantKinds are the kinds of values that a parameter may be given.
func wantKinds(p functions.Parameter) []string {
	number := []string{"int", "long", "real", "decimal"}
	summable := append(slices.Clone(number), "datetime", "timespan")
	switch p.Want {
	case functions.Declared:
		var list []string
		for _, t := range p.Types {
			list = append(list, t.Kind.String())
		}
		return list
	case functions.Integer:
		return number[:2]
	case functions.Number:
		return number
	case functions.NumberOrBool:
		return append(number, "bool")
	case functions.Summable:
		return summable
	case functions.Orderable, functions.CommonOrderable:
		return append(summable, "bool", "string")
	case functions.Text, functions.TextOrArray:
		return []string{"string", "dynamic"}
	case functions.IntegerOrArray:
		return []string{"long", "dynamic"}
	case functions.ArrayValue, functions.BagValue:
		return []string{"dynamic"}
	case functions.NotDynamic:
		return kindNames[:9]
	}
	return kindNames
}

// argument writes something that a parameter may be given.
func argument(r *rand.Rand, p functions.Parameter) string {
	if len(p.Values) > 0 {
		return `"` + p.Values[r.IntN(len(p.Values))] + `"`
	}
	switch p.Name {
	case "percentile":
		return []string{"50", "0.0", "100", "-1", "1e300"}[r.IntN(5)]
	case "percentiles":
		return "dynamic([1, 99.5])"
	case "center":
		return "datetime1" // of around()
	case "delta":
		return "timespan1"
	}
	list := wantKinds(p)
	kind := list[r.IntN(len(list))]
	if kind == "type" {
		return "typeof(" + kindNames[r.IntN(len(kindNames))] + ")"
	}
	switch p.Argument {
	case functions.Constant, functions.Literal:
		if kind == "string" {
			return []string{`"a+"`, `"(.)b?"`, `"KB"`, `"yyyy-MM-dd"`, `"$.a"`, `"x"`}[r.IntN(6)]
		}
		return extremes[kind][r.IntN(len(extremes[kind]))]
	case functions.Star:
		return "*"
	}
	if kind == "dynamic" && len(p.Types) > 0 && p.Types[0].Shape != nil && p.Types[0].Shape.Form == kqltypes.Array {
		kind = "dynamic"
	}
	return fmt.Sprintf("%s%d", kind, 1+r.IntN(2))
}

// call writes a call of a function with a number of arguments that it may have.
func call(r *rand.Rand, f *functions.Function) string {
	s := f.Signatures[r.IntN(len(f.Signatures))]
	var args []string
	if s.Pairs {
		for range 1 + r.IntN(2) {
			for _, p := range s.Parameters {
				if p.Max > 1 {
					args = append(args, argument(r, p))
				}
			}
		}
		for _, p := range s.Parameters {
			if p.Max == 1 {
				args = append(args, argument(r, p))
			}
		}
		return f.Name + "(" + strings.Join(args, ", ") + ")"
	}
	for _, p := range s.Parameters {
		for range p.Min + r.IntN(min(p.Max, p.Min+2)-p.Min+1) {
			args = append(args, argument(r, p))
		}
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

// beforehand are the functions that are made of others before the operator in which they stand.
var beforehand = map[string]bool{"row_rank": true, "row_rank_dense": true, "row_rank_min": true, "row_window_session": true}

// Each function is called with values at the ends of their types. None may raise an error: what an engine says about a value is a leak,
// and a query of others' rows that fails tells that they are there.
func TestNothingThatIsWrittenRaisesOnData(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	conn := engine(t)
	catalog := hunting.Catalog()
	one := extremeRows(r, 1)
	if _, err := conn.ExecContext(t.Context(), stored(t, extremeRows(r, 60))); err != nil {
		t.Fatal(err)
	}
	ask := func(name string, calls []string, query func([]string) string) {
		var bound []string
		for _, c := range calls {
			if slices.Contains(bound, c) || len(bound) == 6 {
				continue
			}
			res := kql.Compile(query([]string{c}), catalog)
			if res.Plan == nil || len(res.Errors) > 0 {
				continue
			}
			if _, err := (&world{stored: "extremes"}).rows(res.Plan.Root); err == nil { // or it is refused in words
				bound = append(bound, c)
			}
		}
		if len(bound) == 0 {
			t.Errorf("%s: no call of %q can be bound: %v", name, calls[0], kql.Compile(query(calls[:1]), catalog).Errors)
			return
		}
		for i, c := range bound {
			bound[i] = fmt.Sprintf("x%d = %s", i, c)
		}
		if _, err := answerFrom(t.Context(), conn, query(bound), "extremes"); err != nil {
			t.Errorf("%s: %.600s", name, err)
		}
	}
	for _, name := range slices.Sorted(slices.Values(functions.Names(functions.Scalars))) {
		f := functions.Scalars[name]
		if beforehand[name] || name == "geo_info_from_ip_address" || name == "assert" {
			continue
		}
		var calls []string
		for range 30 {
			calls = append(calls, call(r, f))
		}
		ask(name, calls, func(c []string) string { return one + " | serialize | extend " + strings.Join(c, ", ") })
	}
	for _, name := range slices.Sorted(slices.Values(functions.Names(functions.Aggregates))) {
		f := functions.Aggregates[name]
		var calls []string
		for range 30 {
			calls = append(calls, call(r, f))
		}
		ask(name, calls, func(c []string) string { return one + " | summarize " + strings.Join(c, ", ") + " by bool1" })
	}
	var paths []string
	for _, key := range []string{`""`, `" "`, `"."`, `"["`, `"$"`, `"'"`, `"\""`, `"\\"`, `"*"`, `"\u0000"`, `"日本"`, `"a b"`, `"#"`, "0", "-1", "9223372036854775807", "-9223372036854775807", "2147483648", "string1", "long1", "dynamic2"} {
		paths = append(paths, "dynamic1["+key+"]", "tostring(parse_json(string1)["+key+"].a[0])", "parse_json(tostring(dynamic1.a))["+key+"]")
	}
	for i := 0; i < len(paths); i += 6 {
		ask("path", paths[i:min(i+6, len(paths))], func(c []string) string { return one + " | extend " + strings.Join(c, ", ") })
	}
	for _, op := range slices.Sorted(slices.Values(functions.Names(functions.Operators))) {
		var calls []string
		f := functions.Operators[op]
		for range 20 {
			s := f.Signatures[r.IntN(len(f.Signatures))]
			var sides []string
			for _, p := range s.Parameters {
				if p.Want == functions.AsFirst || p.Want == functions.AsSecond {
					sides = append(sides, strings.TrimRight(sides[0], "12")+"2")
				} else if p.Want != functions.Table {
					sides = append(sides, argument(r, p))
				}
			}
			kind := strings.TrimRight(sides[0], "12")
			switch {
			case op == "negative" || op == "positive":
				calls = append(calls, map[string]string{"negative": "-", "positive": "+"}[op]+sides[0])
			case op == "between":
				calls = append(calls, fmt.Sprintf("%s between (%s .. %s)", sides[0], sides[1], sides[2]))
			case op == "matches regex":
				calls = append(calls, sides[0]+` matches regex "(?i)a+|[^b]"`, sides[0]+" matches regex string2")
			case len(sides) == 1 || op == "in" || op == "in~" || op == "has_any" || op == "has_all":
				calls = append(calls, fmt.Sprintf("%s %s (%s2, %s)", sides[0], op, kind, strings.Join(extremes["dynamic"][8:10], ", ")), fmt.Sprintf("%s %s (%s)", sides[0], op, strings.Join(extremes[kind], ", ")))
			default:
				calls = append(calls, fmt.Sprintf("%s %s %s", sides[0], op, sides[1]), fmt.Sprintf("%s %s %s", sides[0], op, extremes[kind][r.IntN(len(extremes[kind]))]))
			}
		}
		ask(op, calls, func(c []string) string { return one + " | extend " + strings.Join(c, ", ") })
	}
}

// stored writes a table of the rows of a query, in which each value is written out.
func stored(t testing.TB, query string) string {
	t.Helper()
	plan := kql.Compile(query, hunting.Catalog()).Plan
	if plan == nil {
		t.Fatal(kql.Compile(query, hunting.Catalog()).Errors)
	}
	w := &world{written: true}
	sql, err := w.rows(plan.Root)
	if err != nil {
		t.Fatal(err)
	}
	return "CREATE TABLE extremes AS " + sql
}

// What is written twice may hold something that is written twice: that ends with a word about it, and not with the memory.
func TestWhatDoublesWithEachLevelIsRefused(t *testing.T) {
	test := "real1"
	for range 60 {
		test = "toreal(" + test + " between (0.0 .. 1.0))"
	}
	r := kql.Compile("datatable(real1:real)[1.0] | extend x = "+test, hunting.Catalog())
	if r.Plan == nil {
		t.Fatal(r.Errors)
	}
	if _, err := (&world{}).rows(r.Plan.Root); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("it gives %v", err)
	}
}
