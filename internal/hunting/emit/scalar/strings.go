package scalar

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

func (e *emitter) strcat(c *plan.Call) string {
	parts := make([]string, len(c.Arguments))
	for i, a := range c.Arguments {
		parts[i] = e.as(a, types.String)
	}
	return "(" + strings.Join(parts, " || ") + ")"
}

// substring counts from 0. Where it starts before the text does, it counts from the end, which our own function knows.
func (e *emitter) substring(c *plan.Call) string {
	start, ok := e.constant(c.Arguments[1])
	length := int64(0)
	if ok && len(c.Arguments) == 3 {
		length, ok = e.constant(c.Arguments[2])
	}
	if !ok || start < 0 || start > udf.MaxText || length < 0 || length > udf.MaxText {
		return e.invoke(udf.Find(udf.Prefix+"substring"), c.Arguments)
	}
	s := e.as(c.Arguments[0], types.String)
	if len(c.Arguments) == 2 {
		return "substring(" + s + ", " + e.long(start+1) + ")"
	}
	return "substring(" + s + ", " + e.long(start+1) + ", " + e.long(length) + ")"
}

// replaceString is the engine's where it cannot make a text much longer.
func (e *emitter) replaceString(c *plan.Call) string {
	from, known := constantText(c.Arguments[1])
	to, alsoKnown := constantText(c.Arguments[2])
	if known && alsoKnown && from != "" && len(to) <= 4*len(from) {
		return "replace(" + e.as(c.Arguments[0], types.String) + ", " + e.text(from) + ", " + e.text(to) + ")"
	}
	return e.invoke(udf.Find(udf.Prefix+"replace_string"), c.Arguments)
}

// extract gives what a group of a regular expression finds first.
func (e *emitter) extract(c *plan.Call) string {
	pattern := e.pattern(c.Arguments[0], "extract()")
	source := e.as(c.Arguments[2], types.String)
	group, known := e.constant(c.Arguments[1])
	var sql string
	switch {
	case known && (group < 0 || pattern.groups >= 0 && group > int64(pattern.groups)):
		sql = "''"
	case known && pattern.native && group <= 9:
		sql = "regexp_extract(" + source + ", " + pattern.sql + ", " + e.groupOf(group) + ")"
	default:
		sql = e.own("extract", pattern.sql, e.as(c.Arguments[1], types.Long), source)
	}
	return e.convert(sql, types.String, c.Of.Kind)
}

func (e *emitter) groupOf(n int64) string { return "CAST(" + e.env.Parameter(n) + " AS INTEGER)" }
