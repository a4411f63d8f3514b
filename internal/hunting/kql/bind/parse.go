package bind

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// parse binds parse and parse-where.
func (b *binder) parse(op *syntax.ParseText, in *relation) *relation {
	n := &plan.Parse{Input: in.node, Filter: op.Keyword == "parse-where"}
	n.Mode = b.choice(op.Properties, "kind", "simple", "regex", "relaxed")
	n.Flags = word(op.Properties, "flags")
	if property(op.Properties, "flags") != nil && (n.Mode != "regex" || strings.Trim(n.Flags, "imsU") != "") {
		b.problem(property(op.Properties, "flags").Span, "'flags' stands with kind=regex, and is some of the letters i, m, s and U.")
	}
	b.over(in, func() { n.Text = b.textOf(op.X) })
	declared := map[string]bool{}
	for i, part := range op.Parts {
		b.checkPart(op.Parts, i)
		switch p := part.(type) {
		case *syntax.Literal:
			if n.Mode == "regex" {
				b.checkRegex(value{at: p.Span, t: text, known: p.Text})
			}
			n.Parts = append(n.Parts, plan.Part{Text: p.Text})
		case *syntax.Star:
			n.Parts = append(n.Parts, plan.Part{Any: true})
		case *syntax.Declaration:
			if c := b.declareColumn(declared, *p); c != nil {
				n.Parts = append(n.Parts, plan.Part{Column: c})
				n.Added = append(n.Added, c)
			}
		}
	}
	return b.overlaid(op.Span, in, n, n.Added, &n.Out)
}

// textOf binds what is taken apart, as text.
func (b *binder) textOf(x syntax.Expr) plan.Expr {
	v := b.scalar(x)
	if v.failed() {
		return v.expr
	}
	return b.asText(v.expr)
}

// declareColumn makes a column that the query declares, once.
func (b *binder) declareColumn(declared map[string]bool, d syntax.Declaration) *plan.Column {
	if declared[d.Name.Text] {
		b.problem(d.Name.Span, "A column with the name '%s' is already declared.", syntax.Clip(d.Name.Text))
		return nil
	}
	declared[d.Name.Text] = true
	t := text
	if d.Type != "" {
		t, _ = types.Parse(d.Type)
	}
	return b.column(d.Name.Text, t)
}

// checkPart says when a pattern does not say where one of its parts ends.
func (b *binder) checkPart(parts []syntax.Node, i int) {
	isText := func(i int) bool {
		_, ok := parts[i].(*syntax.Literal)
		return ok
	}
	switch p := parts[i].(type) {
	case *syntax.Star:
		if i+1 < len(parts) && !isText(i+1) {
			b.problem(p.Span, "A string must follow a *: it says where what the * stands for ends.")
		}
		if d, ok := before(parts, i).(*syntax.Declaration); ok && (d.Type == "" || d.Type == "string") {
			b.problem(p.Span, "A * behind a column of type string leaves open where one ends: put a string between them.")
		}
	case *syntax.Declaration:
		if i > 0 && !isText(i-1) {
			b.problem(p.Span, "The column '%s' must follow a string, which says where its value begins.", syntax.Clip(p.Name.Text))
		}
	}
}

func before(parts []syntax.Node, i int) syntax.Node {
	if i == 0 {
		return nil
	}
	return parts[i-1]
}

// overlaid is rows with columns added, in the place of those with the same names.
func (b *binder) overlaid(at syntax.Span, in *relation, node plan.Node, added []*plan.Column, out *[]*plan.Column) *relation {
	if b.tooWide(at, len(in.columns)+len(added)) {
		return b.failed()
	}
	r := *in
	r.node, r.columns = node, slices.Clone(in.columns)
	for _, c := range added {
		i := slices.IndexFunc(r.columns, func(old *plan.Column) bool { return old.Name == c.Name })
		if i < 0 {
			r.columns = append(r.columns, c)
		} else {
			r.columns[i] = c
		}
	}
	*out = append(*out, r.columns...)
	if r.arrival != nil {
		*out = append(*out, r.arrival)
	}
	if in.open != nil {
		r.open = func(name string) *plan.Column {
			c := in.infer(name)
			if c != nil {
				*out = append(*out, c)
			}
			return c
		}
	}
	r.aliases = nil
	for alias, c := range in.aliases {
		if has(r.columns, c) && r.find(alias) == nil {
			r.alias(alias, c)
		}
	}
	return &r
}

// parsePairs binds parse-kv.
func (b *binder) parsePairs(op *syntax.ParseKV, in *relation) *relation {
	n := &plan.ParsePairs{Input: in.node, Properties: map[string]string{}}
	b.over(in, func() { n.Text = b.textOf(op.X) })
	declared := map[string]bool{}
	for _, d := range op.Columns {
		if c := b.declareColumn(declared, d); c != nil {
			n.Keys = append(n.Keys, c)
		}
	}
	known := []string{"pair_delimiter", "kv_delimiter", "quote", "escape", "regex", "greedy"}
	for _, p := range op.Properties {
		if !slices.Contains(known, p.Name.Text) {
			b.problem(p.Name.Span, "'%s' is not known here: there is %s.", syntax.Clip(p.Name.Text), strings.Join(known, ", "))
			continue
		}
		said := word(op.Properties, p.Name.Text)
		n.Properties[p.Name.Text] = said
		if p.Name.Text == "regex" {
			b.checkRegex(value{at: p.Value.Bounds(), t: text, known: said})
		}
	}
	return b.overlaid(op.Span, in, n, n.Keys, &n.Out)
}
