package syntax_test

import (
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// Each of these is refused in words, and quickly: what a query may cost to read does not depend on what is in it.
func TestAQueryThatIsTooMuchIsRefused(t *testing.T) {
	deep := func(open, inner, close string) string {
		return "T | where " + strings.Repeat(open, 20_000) + inner + strings.Repeat(close, 20_000)
	}
	for name, c := range map[string]struct{ text, want string }{
		"brackets":         {deep("(", "1", ")"), "nested too deeply"},
		"calls":            {deep("f(", "1", ")"), "nested too deeply"},
		"indexes":          {deep("a[", "1", "]"), "nested too deeply"},
		"lists":            {deep("a in (", "1", ")"), "nested too deeply"},
		"dynamic arrays":   {"print dynamic(" + strings.Repeat("[", 20_000), "nested too deeply"},
		"dynamic bags":     {"print dynamic(" + strings.Repeat(`{"a":`, 20_000), "nested too deeply"},
		"subqueries":       {strings.Repeat("T | join (", 15_000), "nested too deeply"},
		"functions":        {strings.Repeat("let f = () { ", 10_000), "nested too deeply"},
		"signs":            {"print " + strings.Repeat("-", 20_000) + "1", "expected an expression"},
		"open brackets":    {strings.Repeat("(", 120_000), "nested too deeply"},
		"a sum":            {"print 1" + strings.Repeat("+1", 20_000), "more than 2000 operands"},
		"a path":           {"print a" + strings.Repeat(".a", 20_000), "more than 2000 steps"},
		"indexes in a row": {"print a" + strings.Repeat("[0]", 15_000), "more than 2000 steps"},
		"words":            {"print " + strings.Repeat("1,", 200_000) + "1", "words and signs"},
		"length":           {strings.Repeat(" ", syntax.MaxText) + "T", "too long: more than 1048576 bytes"},
		"problems":         {strings.Repeat("T | x;", 8_000), "expected an operator"},
		"zeros":            {strings.Repeat("\x00", 20_000), "Unexpected character"},
	} {
		_, problems := syntax.Parse(c.text)
		found := false
		for _, p := range problems.Sorted() {
			found = found || strings.Contains(p.Message, c.want)
			if len(p.Message) > 400 {
				t.Errorf("%s: a message of %d bytes", name, len(p.Message))
			}
		}
		if !found || problems.Len() > 100 {
			t.Errorf("%s: %d problems, want one that says %q", name, problems.Len(), c.want)
		}
	}
}

func TestALongQueryIsRead(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("'value of some length', ", 45_000), ", ")
	for name, text := range map[string]string{
		"a list of a megabyte": "T | where A in (" + many[:min(len(many), syntax.MaxText-200)/24*24-2] + ")",
		"many conditions":      "T | where " + strings.Repeat("A == 1 or ", 20_000) + "B",
		"many operators":       "T " + strings.Repeat("| where A == 1 ", 20_000),
		"many statements":      strings.Repeat("let a = 1; ", 20_000) + "T",
		"a comment":            "T // " + strings.Repeat("x", syntax.MaxText-10),
	} {
		if _, problems := syntax.Parse(text); problems.Len() > 0 {
			t.Errorf("%s: %v", name, problems.Sorted()[0])
		}
	}
}

func TestAMessageCannotBeMadeToReadAsAnother(t *testing.T) {
	for _, text := range []string{"T | ['\u202eerehw'] x", "T | where A == \u2067x", "T | " + strings.Repeat("w", 5000), "T | x\x1b[31m"} {
		for _, message := range said(text) {
			if strings.ContainsAny(message, "\u202e\u2067\x1b") || len(message) > 300 {
				t.Errorf("%q is said as %q", syntax.Clip(text), message)
			}
		}
	}
}
