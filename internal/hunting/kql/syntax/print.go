package syntax

import (
	"fmt"
	"strings"
)

// Print writes a query as text. Reading that text gives the same tree.
func Print(q *Query) string {
	w := &printer{}
	for _, d := range q.Directives {
		w.put(d.Text, "\n")
	}
	w.statements(q.Statements, ";\n")
	return w.String()
}

// PrintExpr writes one expression.
func PrintExpr(x Expr) string {
	w := &printer{}
	w.expr(x)
	return w.String()
}

type printer struct{ strings.Builder }

func (w *printer) put(parts ...string) {
	for _, s := range parts {
		w.WriteString(s)
	}
}

// join writes elements with something between them.
func join[T any](w *printer, between string, list []T, element func(T)) {
	for i, e := range list {
		if i > 0 {
			w.put(between)
		}
		element(e)
	}
}

func (w *printer) statements(list []Statement, end string) {
	join(w, end, list, w.statement)
}

func (w *printer) statement(s Statement) {
	switch s := s.(type) {
	case *Let:
		w.put("let ")
		w.name(s.Name)
		w.put(" = ")
		w.expr(s.Value)
	case *Set:
		w.put("set ")
		w.name(s.Name)
		if s.Value != nil {
			w.put(" = ")
			w.expr(s.Value)
		}
	case *Result:
		w.expr(s.X)
	case *Other:
		w.put(s.Text)
	}
}

// name writes a name, in brackets when it is no plain word or a word of the language.
func (w *printer) name(n Name) { w.put(QuoteName(n.Text)) }

// QuoteName writes a name, in the brackets that it may need.
func QuoteName(s string) string {
	plain := s != "" && !isKeyword(s) && (isWordStart(s[0]) || isDigit(s[0]) && longAt(s)+realAt(s)+timeSpanAt(s) == 0)
	letters := false
	for i := range len(s) {
		plain = plain && (isWordPart(s[i]) || i == 0 && s[i] == '$')
		letters = letters || isLetter(s[i]) || s[i] == '_' || s[i] == '$'
	}
	switch s {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		plain = false
	}
	if plain && letters {
		return s
	}
	return "[" + quoteString(s) + "]"
}

func quoteString(s string) string {
	var w strings.Builder
	w.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.WriteByte('\\')
			w.WriteRune(r)
		case r == '\n':
			w.WriteString(`\n`)
		case r == '\r':
			w.WriteString(`\r`)
		case r == '\t':
			w.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&w, `\x%02x`, r)
		case r == 0x85 || r == 0x2028 || r == 0x2029 || isBidi(r):
			fmt.Fprintf(&w, `\u%04x`, r)
		default:
			w.WriteRune(r)
		}
	}
	w.WriteByte('"')
	return w.String()
}

func (w *printer) literal(l *Literal) {
	switch l.Kind {
	case String:
		if l.Hidden {
			w.put("h")
		}
		w.put(quoteString(l.Text))
	case Null:
		w.put("null")
	case Bool:
		if l.Text == "null" {
			w.put("bool(null)")
			return
		}
		w.put(l.Text)
	case Long:
		if longAt(l.Text) == len(l.Text) {
			w.put(l.Text)
			return
		}
		w.put("long(", l.Text, ")")
	case Real:
		if realAt(l.Text) == len(l.Text) {
			w.put(l.Text)
			return
		}
		w.put("real(", l.Text, ")")
	case TimeSpan:
		if timeSpanAt(l.Text) == len(l.Text) {
			w.put(l.Text)
			return
		}
		w.put("timespan(", l.Text, ")")
	default:
		w.put(l.Kind.String(), "(", l.Text, ")")
	}
}

func (w *printer) declarations(list []Declaration) {
	w.put("(")
	join(w, ", ", list, w.declaration)
	w.put(")")
}

func (w *printer) declaration(d Declaration) {
	w.name(d.Name)
	w.put(":")
	switch {
	case d.Star:
		w.put("(*)")
	case d.Type == "":
		w.declarations(d.Columns)
	default:
		w.put(d.Type)
	}
	if d.Default != nil {
		w.put("=")
		w.expr(d.Default)
	}
}

func (w *printer) function(f *Function) {
	if f.View {
		w.put("view ")
	}
	w.declarations(f.Parameters)
	w.put(" {\n")
	for _, s := range f.Statements {
		w.statement(s)
		w.put(";\n")
	}
	if f.Result != nil {
		w.expr(f.Result)
	}
	w.put("\n}")
}
