package syntax

// kind is what a token is.
type kind uint8

const (
	endOfText kind = iota
	bad            // a character that has no place in KQL; the lexer has said so
	word           // a name or a keyword: which of the two depends on where it stands
	text           // a string literal
	number         // a literal of another kind
	sign           // punctuation
	directive      // a line that begins with #
)

// token is a word, a literal or a sign, with its place in the text.
type token struct {
	Span
	kind    kind
	text    string      // as written
	value   string      // of a literal: what it stands for
	literal LiteralKind // of a literal
	hidden  bool        // a string literal with h in front
	glued   bool        // nothing stands between it and the token before
}

func (t token) is(sign_ string) bool { return t.kind == sign && t.text == sign_ }

// shown is the token as an error message quotes it.
func (t token) shown() string {
	switch t.kind {
	case endOfText:
		return "the end of the query"
	default:
		return "'" + Clip(t.text) + "'"
	}
}
