package bind

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// property finds one behind an operator; the last of a name counts.
func property(list []syntax.Property, names ...string) *syntax.Property {
	for i := len(list) - 1; i >= 0; i-- {
		for _, name := range names {
			if list[i].Name.Text == name {
				return &list[i]
			}
		}
	}
	return nil
}

// word is what a property says, as text.
func word(list []syntax.Property, names ...string) string {
	p := property(list, names...)
	if p == nil {
		return ""
	}
	switch v := p.Value.(type) {
	case *syntax.Ref:
		return v.Text
	case *syntax.Literal:
		return v.Text
	}
	return ""
}

// choice is what a property says, which must be one of some words; the first of them when it is not there.
func (b *binder) choice(list []syntax.Property, name string, words ...string) string {
	p := property(list, name)
	if p == nil {
		return words[0]
	}
	said := word(list, name)
	for _, w := range words {
		if said == w {
			return w
		}
	}
	near := syntax.Nearest(said, words)
	if near != "" {
		near = "; did you mean '" + near + "'?"
	}
	b.problem(p.Value.Bounds(), "'%s' is not known as '%s': it is one of %s%s.", syntax.Clip(said), name, strings.Join(words, ", "), near)
	return words[0]
}

// truth is what a property says that is true or false.
func (b *binder) truth(list []syntax.Property, names ...string) bool {
	p := property(list, names...)
	if p == nil {
		return false
	}
	l, ok := p.Value.(*syntax.Literal)
	if !ok || l.Kind != syntax.Bool {
		b.problem(p.Value.Bounds(), "'%s' is true or false.", p.Name.Text)
		return false
	}
	return l.Text == "true"
}

// columnNamed is the column whose name a property gives.
func columnNamed(list []syntax.Property, names ...string) (syntax.Name, bool) {
	p := property(list, names...)
	if p == nil {
		return syntax.Name{}, false
	}
	if ref, ok := p.Value.(*syntax.Ref); ok {
		return ref.Name, true
	}
	return syntax.Name{Span: p.Value.Bounds(), Text: word(list, names...)}, true
}
