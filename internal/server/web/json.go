package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/fault"
)

// depthLimit is how deep a body may nest. Nothing of ours goes beyond eight.
const depthLimit = 64

// valueLimit is how many values and names a body may have. What is large in one is text: a file, a query. Decoded, a list of two bytes an
// element takes thirty times the room that it was sent in, and whoever is signed in could fill the server's memory with that.
const valueLimit = 100_000

// ReadJSON reads a body that is one JSON value and says so. What is sent twice under one name is refused: two
// readers of such a body may each believe another value.
func ReadJSON(r *http.Request, op string) ([]byte, error) {
	if err := WantType(r, op, "application/json"); err != nil {
		return nil, err
	}
	body, err := ReadAll(r, op)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(body) {
		return nil, fault.Invalid(op, "the body is not UTF-8").WithDetails(fault.Detail{Where: "/", Problem: "has bytes that are no text", Want: "UTF-8"})
	}
	if !json.Valid(body) {
		var nothing json.RawMessage
		return nil, notJSON(op, json.Unmarshal(body, &nothing))
	}
	return body, unambiguous(op, body)
}

func notJSON(op string, err error) error {
	return fault.Invalid(op, "the body can't be read").WithDetails(fault.Detail{Where: "/", Problem: Syntax(err), Want: "JSON as the contract describes it"})
}

func unambiguous(op string, body []byte) error {
	if err := UniqueNames(body); err != nil {
		want := fmt.Sprintf("each name once, at most %d deep, and at most %d values", depthLimit, valueLimit)
		return fault.Invalid(op, "the body can't be taken").WithDetails(fault.Detail{Where: "/", Problem: err.Error(), Want: want})
	}
	return nil
}

// WantType refuses a body of another media type: a form that another site made a browser send is never JSON.
func WantType(r *http.Request, op string, types ...string) error {
	given := r.Header.Get("Content-Type")
	if given == types[0] {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(given)
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return fault.Invalid(op, "the body is not UTF-8").WithDetails(
			fault.Detail{Where: "Content-Type", Problem: fmt.Sprintf("charset is %q", charset), Want: "utf-8"})
	}
	if err == nil {
		for _, t := range types {
			if kind == t {
				return nil
			}
		}
	}
	return fault.Invalid(op, "the body is not %s", types[0]).WithDetails(
		fault.Detail{Where: "Content-Type", Problem: fmt.Sprintf("is %q", given), Want: strings.Join(types, " or ")})
}

// ReadAll reads a body up to the limit that was set on it.
func ReadAll(r *http.Request, op string) ([]byte, error) {
	size := r.ContentLength
	if size < 0 || size > 1<<20 {
		size = 512
	}
	body := make([]byte, 0, size+1) // one more, so that a body of the announced size ends without growing
	for {
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
				return nil, fault.Invalid(op, "the body is larger than %d bytes", tooLong.Limit)
			}
			return nil, fault.Invalid(op, "the body ended early")
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// Syntax says what is wrong with JSON, without the decoder's own words for Go's types.
func Syntax(err error) string {
	if s, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("%v at byte %d", s, s.Offset)
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("a %s where %s is wanted", t.Value, pointer(t.Field))
	}
	return "not complete"
}

func pointer(field string) string {
	if field == "" {
		return "something else"
	}
	return "another type, in " + strings.ReplaceAll(field, ".", "/")
}

// Members calls f with each member of an object, its value as text. What is no object gives false. The text must have
// passed ReadJSON.
func Members(text []byte, f func(name string, value []byte) error) (isObject bool, err error) {
	s := scanner{text: text}
	if s.space(); s.at == len(text) || text[s.at] != '{' {
		return false, nil
	}
	s.at++
	for s.space(); s.text[s.at] != '}'; s.space() {
		if s.text[s.at] == ',' {
			s.at++
			s.space()
		}
		name := s.str()
		s.space()
		s.at++ // the colon
		s.space()
		from := s.at
		s.skip()
		if err := f(name, s.text[from:s.at]); err != nil {
			return true, err
		}
	}
	return true, nil
}

// String reads the text of a JSON string; ok is false if it is something else.
func String(text []byte) (value string, ok bool) {
	if len(text) == 0 || text[0] != '"' {
		return "", false
	}
	s := scanner{text: text}
	return s.str(), true
}

// skip passes a value.
func (s *scanner) skip() {
	depth := 0
	for {
		switch s.text[s.at] {
		case '"':
			s.pass()
			s.at--
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',', ' ', '\t', '\r', '\n', ':':
		default:
			for s.at+1 < len(s.text) && !strings.ContainsRune(",]} \t\r\n", rune(s.text[s.at+1])) {
				s.at++
			}
		}
		s.at++
		if depth == 0 {
			return
		}
	}
}

// UniqueNames refuses an object, at any depth, that has a name twice. Names that differ by case only count as the
// same, because Go's decoder takes them so. The text must be valid JSON.
func UniqueNames(text []byte) error {
	s := scanner{text: text}
	s.space()
	return s.value(0)
}

type scanner struct {
	text   []byte
	at     int
	values int
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) value(depth int) error {
	if depth > depthLimit {
		return fmt.Errorf("nested deeper than %d", depthLimit)
	}
	if s.values++; s.values > valueLimit {
		return fmt.Errorf("of more than %d values", valueLimit)
	}
	switch s.text[s.at] {
	case '{':
		return s.object(depth)
	case '[':
		s.at++
		for s.space(); s.text[s.at] != ']'; s.space() {
			if s.text[s.at] == ',' {
				s.at++
				s.space()
			}
			if err := s.value(depth + 1); err != nil {
				return err
			}
		}
		s.at++
	case '"':
		s.str()
	default:
		for s.at < len(s.text) && !strings.ContainsRune(",]} \t\r\n", rune(s.text[s.at])) {
			s.at++
		}
	}
	return nil
}

func (s *scanner) object(depth int) error {
	var few [8]string
	names := few[:0]
	var many map[string]bool
	s.at++
	for s.space(); s.text[s.at] != '}'; s.space() {
		if s.text[s.at] == ',' {
			s.at++
			s.space()
		}
		name := s.str()
		if many == nil && len(names) == cap(names) {
			many = make(map[string]bool, 2*len(names))
			for _, n := range names {
				many[strings.ToLower(n)] = true
			}
		}
		if many != nil {
			folded := strings.ToLower(name)
			if many[folded] {
				return fmt.Errorf("%q is there twice", name)
			}
			many[folded] = true
		} else {
			for _, n := range names {
				if strings.EqualFold(n, name) {
					return fmt.Errorf("%q is there twice", name)
				}
			}
			names = append(names, name)
		}
		s.space()
		s.at++ // the colon
		s.space()
		if err := s.value(depth + 1); err != nil {
			return err
		}
	}
	s.at++
	return nil
}

// str passes a string and gives its value.
func (s *scanner) str() string {
	start := s.at
	if escaped := s.pass(); !escaped {
		return string(s.text[start+1 : s.at-1])
	}
	var value string
	_ = json.Unmarshal(s.text[start:s.at], &value) // Valid, by the caller's word.
	return value
}

// pass passes a string.
func (s *scanner) pass() (escaped bool) {
	for s.at++; s.text[s.at] != '"'; s.at++ {
		if s.text[s.at] == '\\' {
			escaped = true
			s.at++
		}
	}
	s.at++
	return escaped
}
