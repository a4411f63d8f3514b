package kql_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
)

// What a query of a form takes grows as the query does, whatever its form: four times as much of it takes no sixteen times as long.
func TestReadingAQueryTakesTimeInProportionToIt(t *testing.T) {
	row := func(one, between string) func(n int) string {
		return func(n int) string { return strings.TrimSuffix(strings.Repeat(one+between, n), between) }
	}
	for name, form := range map[string]struct {
		text func(n int) string
		n    int
	}{
		"comments":             {func(n int) string { return row("// a ' \" (", "\n")(n) + "\nDeviceInfo" }, 20_000},
		"blanks":               {func(n int) string { return strings.Repeat("\u00a0\t\r\n", n) + "DeviceInfo" }, 40_000},
		"a text":               {func(n int) string { return "print '" + strings.Repeat(`\\'"/*`, n) }, 30_000},
		"a text of many parts": {func(n int) string { return "print " + row("'a'", " ")(n) }, 20_000},
		"a list":               {func(n int) string { return "DeviceInfo | where DeviceName in (" + row("'a'", ",")(n) + ")" }, 20_000},
		"a list of numbers":    {func(n int) string { return "DeviceInfo | where OSBuild in (" + row("1e3", ",")(n) + ")" }, 20_000},
		"terms":                {func(n int) string { return "DeviceInfo | where DeviceName has_any (" + row("'ab-c'", ",")(n) + ")" }, 20_000},
		"alternatives":         {func(n int) string { return "DeviceInfo | where " + row("DeviceName == 'a'", " or ")(n) }, 480},
		"a sum":                {func(n int) string { return "print " + row("1", "+")(n) }, 480},
		"a dynamic value":      {func(n int) string { return "print dynamic([" + row("{'a':[1,null]}", ",")(n) + "])" }, 10_000},
		"a bag":                {func(n int) string { return "print dynamic({" + row("'a':1", ",")(n) + "})" }, 15_000},
		"rows":                 {func(n int) string { return "datatable(a:string, b:long)[" + row("'a', 1", ", ")(n) + "]" }, 10_000},
		"columns":              {func(n int) string { return "DeviceInfo | extend " + row("x = 1", ", ")(n) }, 400},
		"cases": {func(n int) string {
			return "DeviceInfo | extend x = case(" + row("OSBuild == 1, 'a'", ", ")(n) + ", 'b')"
		}, 400},
		"steps":                {func(n int) string { return "DeviceInfo | " + row("where OSBuild > 1", " | ")(n) }, 1_500},
		"steps that are wrong": {func(n int) string { return "DeviceInfo | " + row("wher x", " | ")(n) }, 10_000},
		"signs":                {func(n int) string { return strings.Repeat("|;([{=", n) }, 10_000},
		"brackets left open":   {func(n int) string { return "print " + row("f(", "; print ")(n) }, 10_000},
		"characters of none":   {func(n int) string { return strings.Repeat("§\xff`", n) }, 20_000},
		"words":                {func(n int) string { return row("where", " ")(n) }, 30_000},
		"names with stars":     {func(n int) string { return "DeviceInfo | project-away " + row("a*b*c*", ", ")(n) }, 5_000},
		"a name with stars":    {func(n int) string { return "DeviceInfo | project-keep " + strings.Repeat("D*e*", n) + "x" }, 5_000},
		"a regular expression": {func(n int) string {
			return "DeviceInfo | where DeviceName matches regex '" + strings.Repeat("(a|b)*", n) + "'"
		}, 400},
		"a pattern of parse": {func(n int) string { return "DeviceInfo | parse DeviceName with " + row("'a' *", " ")(n) }, 2_000},
		"lets": {func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "let a%d = a%d + 1; ", i+1, i)
			}
			return "let a0 = 1; " + b.String() + "print a1"
		}, 150},
		"functions": {func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "let f%d = (x:long) { x + 1 }; ", i)
			}
			return b.String() + "print 1"
		}, 3_000},
		"edges": {func(n int) string {
			return "ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a)" + strings.Repeat("-[]-()", n) + " project 1"
		}, 5_000},
	} {
		t.Run(name, func(t *testing.T) {
			took := func(n int) time.Duration {
				text, least := form.text(n), time.Hour
				for range 3 {
					begin := time.Now()
					kql.Compile(text, hunting.Catalog())
					least = min(least, time.Since(begin))
				}
				return least
			}
			few, many := took(form.n), took(4*form.n)
			if many > 12*few+100*time.Millisecond {
				t.Errorf("%d of them take %v, and %d take %v", form.n, few, 4*form.n, many)
			}
			t.Logf("%v, %v", few, many)
		})
	}
}
