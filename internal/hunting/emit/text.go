package emit

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	kql "github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// values are what a value of a type looks like in a text, for types of which it can be said.
var values = map[types.Kind]string{
	types.Int:     `[-+]?[0-9]+`,
	types.Long:    `[-+]?[0-9]+`,
	types.Real:    `[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?`,
	types.Decimal: `[-+]?[0-9]*\.?[0-9]+`,
	types.Bool:    `(?i:true|false)|[01]`,
	types.GUID:    `[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}`,
}

// pattern is what parse looks for, as a regular expression, and which of its groups are the values of the columns.
func pattern(n *plan.Parse) (text string, groups map[*plan.Column]int) {
	var b strings.Builder
	flags := "s"
	if n.Mode == "regex" && n.Flags != "" {
		flags = n.Flags
	}
	b.WriteString("(?" + flags + ")")
	if n.Mode != "regex" {
		b.WriteString("^")
	}
	groups, count := map[*plan.Column]int{}, 0
	for i, p := range n.Parts {
		last := i == len(n.Parts)-1
		untold := !last && n.Parts[i+1].Any || last // nothing says where the value ends but the value
		switch {
		case p.Column != nil:
			count++
			groups[p.Column] = count
			of, told := values[p.Column.Type.Kind]
			switch {
			case told && n.Mode == "relaxed" && !untold:
				b.WriteString("(.*?)")
			case told && n.Mode == "relaxed":
				b.WriteString("((?:" + of + ")?)")
			case told:
				b.WriteString(`\s*(` + of + `)\s*`)
			case last:
				b.WriteString("(.*)")
			default:
				b.WriteString("(.*?)")
			}
		case p.Any:
			b.WriteString(map[bool]string{true: ".*", false: ".*?"}[last])
		case n.Mode == "regex":
			text := kql.Regex(p.Text)
			b.WriteString("(?:" + text + ")")
			if re, err := syntax.Parse(text, syntax.Perl); err == nil {
				count += re.MaxCap()
			}
		default:
			b.WriteString(regexp.QuoteMeta(p.Text))
		}
	}
	return b.String(), groups
}

func (e *emitter) parse(n *plan.Parse) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	text, err := e.expr(n.Text, r)
	if err != nil {
		return rel{}, err
	}
	pattern, groups := pattern(n)
	if _, err := regexp.Compile(pattern); err != nil {
		return rel{}, &NotBuilt{"The pattern of 'parse' is too large, or is no regular expression."}
	}
	if len(groups) == 0 && !n.Filter {
		return r, nil
	}
	re := constant(pattern)
	count := 1
	for _, g := range groups {
		count = max(count, g)
	}
	names := make([]string, count)
	for i := range names {
		names[i] = "'g" + strconv.Itoa(i+1) + "'"
	}
	s, m, found := e.column(types.Of(types.String)), e.fresh("m"), e.fresh("m")
	sql := fmt.Sprintf("SELECT *, %s AS %s FROM %s", text, name(s), e.from(r))
	extracted := ""
	if len(groups) > 0 {
		extracted = fmt.Sprintf(", regexp_extract(%s, %s, [%s]) AS %s", name(s), re, strings.Join(names, ", "), m)
	}
	sql = fmt.Sprintf("SELECT *, regexp_matches(%s, %s) AS %s%s FROM (%s) %s", name(s), re, found, extracted, sql, e.fresh("r"))
	var list []string
	list = append(list, r.extra...)
	for _, c := range e.needed(n.Columns()) {
		g, parsed := groups[c]
		if !parsed {
			list = append(list, name(c))
			continue
		}
		part := e.column(types.Of(types.String))
		e.alias[part] = fmt.Sprintf("struct_extract(%s, 'g%d')", m, g)
		value, err := e.as(&plan.ColumnRef{Column: part}, c.Type, rel{})
		if err != nil {
			return rel{}, err
		}
		list = append(list, value+" AS "+name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	where := ""
	if n.Filter {
		where = " WHERE " + found
	}
	return r.over(fmt.Sprintf("SELECT %s FROM (%s) %s%s", strings.Join(list, ", "), sql, e.fresh("r"), where)), nil
}

// constant is a text where the engine wants to know it before it is given the parameters: in hexadecimal digits, so that nothing of it can
// be taken for anything else.
func constant(s string) string { return "decode(unhex('" + hex.EncodeToString([]byte(s)) + "'))" }

// pairs takes a text of names and values apart: parse-kv.
func (e *emitter) pairs(n *plan.ParsePairs) (rel, error) {
	r, err := e.node(n.Input)
	if err != nil {
		return rel{}, err
	}
	text, err := e.expr(n.Text, r)
	if err != nil {
		return rel{}, err
	}
	s := e.column(types.Of(types.String))
	sql := fmt.Sprintf("SELECT *, %s AS %s FROM %s", text, name(s), e.from(r))
	var list []string
	list = append(list, r.extra...)
	for _, c := range e.needed(n.Columns()) {
		if !slices.Contains(n.Keys, c) {
			list = append(list, name(c))
			continue
		}
		re := pairPattern(n.Properties, c.Name)
		if _, err := regexp.Compile(re); err != nil {
			return rel{}, &NotBuilt{"The pattern of 'parse-kv' is too large, or is no regular expression."}
		}
		part := e.column(types.Of(types.String))
		e.alias[part] = fmt.Sprintf("coalesce(regexp_extract(%s, CAST(%s AS VARCHAR), 1), '')", name(s), e.parameter(re))
		value, err := e.as(&plan.ColumnRef{Column: part}, c.Type, rel{})
		if err != nil {
			return rel{}, err
		}
		list = append(list, value+" AS "+name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	return r.over(fmt.Sprintf("SELECT %s FROM (%s) %s", strings.Join(list, ", "), sql, e.fresh("r"))), nil
}

// pairPattern finds the value of one key. Without delimiters whatever is neither a letter nor a digit stands between.
func pairPattern(p map[string]string, key string) string {
	quoted := regexp.QuoteMeta(key)
	between, assign := p["pair_delimiter"], p["kv_delimiter"]
	before, after := `(?:^|[^0-9A-Za-z_])`, `[^0-9A-Za-z_]+`
	value := `([0-9A-Za-z_]*)`
	if between != "" {
		before = `(?:^|[` + class(between) + `])\s*`
		value = `([^` + class(between) + `]*)`
	}
	if assign != "" {
		after = `\s*[` + class(assign) + `]\s*`
	}
	if q := p["quote"]; q != "" {
		open := regexp.QuoteMeta(q[:1])
		end := regexp.QuoteMeta(q[len(q)-1:])
		bare := `[^` + class(between+" ") + `]*`
		return `(?s)` + before + quoted + after + `(?:` + open + `)?((?:[^` + class(q) + `]*)|` + bare + `)(?:` + end + `)?`
	}
	return `(?s)` + before + quoted + after + value
}

// class writes characters as they stand inside [ ].
func class(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '^' || r == '-' || r == ']' || r == '[' || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
