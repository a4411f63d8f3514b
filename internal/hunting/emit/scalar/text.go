package scalar

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	kql "github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
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
	pattern := e.pattern(y, "matches regex")
	if pattern.native {
		return "regexp_matches(" + a + ", " + pattern.sql + ")"
	}
	return e.own("matches", a, pattern.sql)
}

// pattern is a regular expression.
type pattern struct {
	sql    string
	native bool // the engine may be given it: its own library raises on what is no regular expression, and gives up on large ones
	groups int  // -1: only the rows tell
}

// pattern writes one. What is written out is checked here; what is computed is for our own functions alone, to which what is none, or too
// large, finds nothing: whoever writes the data may have written it.
func (e *emitter) pattern(x plan.Expr, where string) pattern {
	text, ok := constantText(x)
	if !ok {
		return pattern{sql: e.own("regex", e.as(x, types.String)), groups: -1}
	}
	text = kql.Regex(text)
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return pattern{sql: e.refuse("%s: %q is no regular expression: %s", where, clip(text), err.(*syntax.Error).Code)}
	}
	groups := tree.MaxCap()
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return pattern{sql: e.refuse("%s: %q is no regular expression", where, clip(text))}
	}
	return pattern{e.text(text), len(program.Inst) < 1000 && !strings.Contains(text, "(?<"), groups}
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
