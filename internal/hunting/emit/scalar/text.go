package scalar

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// textTest writes an operator between texts.
func (e *emitter) textTest(c *plan.Call) string {
	name, denied := strings.CutPrefix(c.Name, "!")
	sql := e.textIs(name, c.Arguments[0], c.Arguments[1])
	if denied {
		return "(NOT " + sql + ")"
	}
	return sql
}

func (e *emitter) textIs(name string, x, y plan.Expr) string {
	op, exact := strings.CutSuffix(name, "_cs")
	a := e.as(x, types.String)
	switch op {
	case "matches regex":
		return e.matches(a, y)
	case "has", "hasprefix", "hassuffix":
		if text, ok := constantText(y); ok {
			return e.has(op, a, text, exact)
		}
	}
	b := e.as(y, types.String)
	fold := func(s string) string {
		if exact {
			return s
		}
		return "lower(" + s + ")"
	}
	switch op {
	case "=~", "~":
		return "(lower(" + a + ") = lower(" + b + "))"
	case "contains":
		return "contains(" + fold(a) + ", " + fold(b) + ")"
	case "startswith":
		return "starts_with(" + fold(a) + ", " + fold(b) + ")"
	case "endswith":
		return "suffix(" + fold(a) + ", " + fold(b) + ")"
	case "like", "likecs":
		return e.own("like", a, b, boolean(op == "likecs"))
	}
	return e.own(op, a, b, boolean(exact))
}

// has finds terms: runs of ASCII letters and digits. A cheap search comes first, and what stands beside is looked at where that finds
// something.
func (e *emitter) has(op, a, text string, exact bool) string {
	bound := e.text(text)
	if exact {
		return e.withEdges(op, "contains("+a+", "+bound+")", a, text, "(?s)")
	}
	return e.withEdges(op, "contains(lower("+a+"), lower("+bound+"))", a, text, "(?is)")
}

func (e *emitter) withEdges(op, found, a, text, flags string) string {
	before := op != "hassuffix" && text != "" && isTerm(text[0])
	after := op != "hasprefix" && text != "" && isTerm(text[len(text)-1])
	if !before && !after {
		return found
	}
	pattern := flags
	if before {
		pattern += `(?:\A|` + edge + `)`
	}
	pattern += regexp.QuoteMeta(text)
	if after {
		pattern += `(?:\z|` + edge + `)`
	}
	return "(" + found + " AND regexp_matches(" + a + ", " + e.text(pattern) + "))"
}

const edge = `(?-i:[^0-9A-Za-z])`

func isTerm(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// constantText is the text of an expression that is written out.
func constantText(x plan.Expr) (string, bool) {
	switch x := x.(type) {
	case *plan.Literal:
		if s, ok := x.Value.(string); ok && x.Of.Kind == types.String {
			return s, true
		}
	case *plan.Call:
		switch x.Name {
		case "strcat":
			var b strings.Builder
			for _, a := range x.Arguments {
				s, ok := constantText(a)
				if !ok {
					return "", false
				}
				b.WriteString(s)
			}
			return b.String(), true
		case "tolower":
			s, ok := constantText(x.Arguments[0])
			return strings.ToLower(s), ok
		case "regex_quote":
			s, ok := constantText(x.Arguments[0])
			return regexp.QuoteMeta(s), ok
		}
	}
	return "", false
}

// matches is matches regex.
func (e *emitter) matches(a string, y plan.Expr) string {
	pattern, native, ok := e.pattern(y, "matches regex")
	switch {
	case !ok:
		return "NULL"
	case native:
		return "regexp_matches(" + a + ", " + e.text(pattern) + ")"
	}
	return e.own("matches", a, e.text(pattern))
}

// pattern is a regular expression that is written out, and whether the engine may be given it: its own library gives up on large ones.
// One that is computed is refused, for whoever writes the data would write it too.
func (e *emitter) pattern(x plan.Expr, where string) (pattern string, native, ok bool) {
	pattern, ok = constantText(x)
	if !ok {
		e.refuse("%s: the regular expression must be written out, it cannot be computed", where)
		return "", false, false
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		e.refuse("%s: %q is no regular expression: %s", where, clip(pattern), err.(*syntax.Error).Code)
		return "", false, false
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		e.refuse("%s: %q is no regular expression", where, clip(pattern))
		return "", false, false
	}
	return pattern, len(program.Inst) < 1000 && !strings.Contains(pattern, "(?<"), true
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
