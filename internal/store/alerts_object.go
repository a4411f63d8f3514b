package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Object is a JSON object as it was given: its members in their order, each value as text. What the centre does
// not understand it keeps and serves back untouched, so records are never decoded into structs and encoded again.
type Object []Member

// Member is one member of an Object.
type Member struct {
	Name  string
	Value json.RawMessage
}

var errNotObject = errors.New("want an object")

// ParseObject splits the text of an object into its members. The text must be valid JSON.
func ParseObject(text []byte) (Object, error) {
	s := scanner{text: text}
	if !s.open('{') {
		return nil, errNotObject
	}
	o := make(Object, 0, min(32, len(text)/24+1))
	for !s.close('}') {
		start, end := s.value()
		if text[start] != '"' {
			return nil, errNotObject
		}
		name := nameOf(text[start:end])
		start, end = s.value()
		o = append(o, Member{name, text[start:end]})
	}
	return o, nil
}

// nameOf is Text of a member's name. Most are the format's, and need no memory of their own.
func nameOf(text []byte) string {
	if name, known := commonNames[string(text[1:max(1, len(text)-1)])]; known {
		return name
	}
	return Text(text)
}

// ParseArray splits the text of an array into its elements; null is an empty one. The text must be valid JSON.
func ParseArray(text []byte) ([]json.RawMessage, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	s := scanner{text: text}
	if !s.open('[') {
		return nil, errors.New("want a list")
	}
	var list []json.RawMessage
	for !s.close(']') {
		start, end := s.value()
		list = append(list, text[start:end])
	}
	return list, nil
}

// Get gives a member's value, nil without one.
func (o Object) Get(name string) json.RawMessage {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value
		}
	}
	return nil
}

// Text gives a member that is a string; anything else is empty.
func (o Object) Text(name string) string { return Text(o.Get(name)) }

// Text reads a JSON string; anything else is empty.
func Text(value json.RawMessage) string {
	if len(value) < 2 || value[0] != '"' {
		return ""
	}
	if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}

// Quote writes a string as JSON, without the escapes that HTML would want.
func Quote(s string) json.RawMessage {
	if plain(s) {
		return append(append(append(make([]byte, 0, len(s)+2), '"'), s...), '"')
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return json.RawMessage(strconv.Quote("")) // strings always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// plain tells whether a text is its own JSON.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

// Set replaces a member's value, or adds the member at the end.
func (o *Object) Set(name string, value json.RawMessage) {
	for i := range *o {
		if (*o)[i].Name == name {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member{name, value})
}

// Drop removes a member, and gives the value it had.
func (o *Object) Drop(name string) json.RawMessage {
	for i, m := range *o {
		if m.Name == name {
			*o = append((*o)[:i:i], (*o)[i+1:]...)
			return m.Value
		}
	}
	return nil
}

// AppendJSON appends the object's text.
func (o Object) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		if plain(m.Name) {
			b = append(append(append(b, '"'), m.Name...), '"')
		} else {
			b = append(b, Quote(m.Name)...)
		}
		b = append(b, ':')
		b = append(b, m.Value...)
	}
	return append(b, '}')
}

// JSON is the object's text.
func (o Object) JSON() json.RawMessage {
	n := 2
	for i := range o {
		n += len(o[i].Name) + len(o[i].Value) + 4
	}
	return o.AppendJSON(make([]byte, 0, n))
}

// AppendArray appends the text of an array of these values.
func AppendArray(b []byte, list []json.RawMessage) []byte {
	n := 2
	for _, v := range list {
		n += len(v) + 1
	}
	b = append(slices.Grow(b, n), '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v...)
	}
	return append(b, ']')
}

// scanner walks over JSON that is known to be valid, without looking at what it steps over.
type scanner struct {
	text []byte
	at   int
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n', ',', ':':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) open(c byte) bool {
	s.space()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// close tells whether the container ends here; the end of the text ends everything.
func (s *scanner) close(c byte) bool {
	s.space()
	return s.at >= len(s.text) || s.text[s.at] == c
}

// value steps over one value and tells where it stands.
func (s *scanner) value() (start, end int) {
	s.space()
	start = s.at
	depth := 0
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		case ' ', '\t', '\r', '\n', ',', ':':
			s.at++
			continue
		default:
			s.literal()
		}
		if depth <= 0 {
			break
		}
	}
	return start, s.at
}

func (s *scanner) quoted() {
	for s.at++; s.at < len(s.text); s.at++ {
		for s.at+8 <= len(s.text) { // eight at a time, up to those with a quote or a backslash
			const ones, tops = 0x0101010101010101, 0x8080808080808080
			eight := binary.LittleEndian.Uint64(s.text[s.at:])
			quote, backslash := eight^'"'*ones, eight^'\\'*ones
			if found := ((quote-ones)&^quote | (backslash-ones)&^backslash) & tops; found != 0 {
				s.at += bits.TrailingZeros64(found) / 8
				break
			}
			s.at += 8
		}
		if s.at == len(s.text) {
			break
		}
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return
		}
	}
	s.at = len(s.text)
}

func (s *scanner) literal() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n', ',', ':', ']', '}':
			return
		}
		s.at++
	}
}

// Mend writes U+FFFD for what no text can hold and JSON can spell all the same: NUL, and half of a surrogate pair. Readers of the same
// bytes take these for different things, and attackers can have them - in the name of a file or of a registry key - so that a record
// that is not taken for them would be a way to be overlooked. The text must be valid JSON.
func Mend(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u`)) || !bytes.Contains(text, []byte(`\u0000`)) && !bytes.Contains(text, []byte(`\ud`)) && !bytes.Contains(text, []byte(`\uD`)) {
		return text
	}
	var mended []byte
	kept := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		unit, ok := codeUnit(text[i:])
		if !ok {
			i++ // whatever is escaped
			continue
		}
		if low, follows := codeUnit(text[min(i+6, len(text)):]); utf16.IsSurrogate(unit) && follows && utf16.DecodeRune(unit, low) != utf8.RuneError {
			i += 11
			continue
		}
		if unit == 0 || utf16.IsSurrogate(unit) {
			mended = append(append(mended, text[kept:i]...), `\ufffd`...)
			kept = i + 6
		}
		i += 5
	}
	if kept == 0 {
		return text
	}
	return append(mended, text[kept:]...)
}

// codeUnit reads an escape of the form \uXXXX.
func codeUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
