package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
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
	var o Object
	for !s.close('}') {
		start, end := s.value()
		if text[start] != '"' {
			return nil, errNotObject
		}
		name := Text(text[start:end])
		start, end = s.value()
		o = append(o, Member{name, text[start:end]})
	}
	return o, nil
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
func (o Object) JSON() json.RawMessage { return o.AppendJSON(nil) }

// AppendArray appends the text of an array of these values.
func AppendArray(b []byte, list []json.RawMessage) []byte {
	b = append(b, '[')
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
