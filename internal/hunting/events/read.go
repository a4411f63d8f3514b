package events

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Problem is what is wrong with a record: where in the file, and what would be right.
type Problem struct {
	Line  int    `json:"line"`
	Table string `json:"table,omitempty"`
	Field string `json:"field,omitempty"`
	What  string `json:"problem"`
	Want  string `json:"want,omitempty"`
}

func (p *Problem) Error() string {
	s := p.What
	if p.Field != "" {
		s = p.Field + " " + s
	}
	if p.Table != "" {
		s = p.Table + ": " + s
	}
	if p.Want != "" {
		s += "; want " + p.Want
	}
	return fmt.Sprintf("line %d: %s", p.Line, s)
}

// source is a file's rows, whatever form they have.
type source struct {
	hint    *schema.Table // whose rows they are, where they do not say it themselves
	line    int
	row     func(t *schema.Table, row []member, graph bool, line int) error
	foreign func(text []byte, line int) error // a record that is of no table
	bad     func(p Problem) error
	members []member
	glance  glance
	sent    []byte // of the record that a row was wrapped in: when
}

// maxLine is how long a line, and a record, may be.
const maxLine = 64 << 20

var errTooLong = errors.New("longer than a record may be")

// json reads records: one a line, or a document of them. What is wrong in one line does not touch the next.
func (s *source) json(from io.Reader) error {
	in := bufio.NewReaderSize(from, 256<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // a byte order mark: it was just seen
	}
	start, err := in.Peek(128 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if isLines(start) {
		return s.lines(in)
	}
	return s.document(in)
}

// isLines tells whether records stand one a line, by the first lines that are there: one is an object of its own, and none before it
// opens a document.
func isLines(start []byte) bool {
	for n := 0; n < 20; n++ {
		line, rest, more := bytes.Cut(start, []byte("\n"))
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case line[0] == '{' && len(line) > 2 && jsontext.Value(line).IsValid():
			return true
		case line[0] == '[' || bytes.IndexByte([]byte("{[,:"), line[len(line)-1]) >= 0:
			return false
		}
		if !more {
			return false
		}
		start = rest
	}
	return false
}

func (s *source) lines(in *bufio.Reader) error {
	var long []byte
	for s.line = 1; ; s.line++ {
		long = long[:0]
		line, err := in.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) && len(long) < maxLine {
			long = append(long, line...)
			line, err = in.ReadSlice('\n')
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = in.ReadSlice('\n')
			}
			if err := s.bad(Problem{Line: s.line, What: errTooLong.Error(), Want: fmt.Sprintf("at most %d bytes", maxLine)}); err != nil {
				return err
			}
			line, long = nil, long[:0]
		}
		if len(long) > 0 {
			line = append(long, line...)
			long = line
		}
		if text := bytes.TrimSpace(line); len(text) > 0 {
			if err := s.value(text); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// value takes one JSON value: an object, or a list of them.
func (s *source) value(text []byte) error {
	if text[0] == '[' || bytes.HasPrefix(text, []byte(`{"records"`)) || len(text) > 1<<20 {
		return s.document(bytes.NewReader(text))
	}
	return s.object(text)
}

// valid refuses what two readers could understand differently, as a name that stands twice.
func valid(text []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowInvalidUTF8(true))
	if err := d.SkipValue(); err != nil {
		return err
	}
	if len(bytes.TrimSpace(text[d.InputOffset():])) > 0 {
		return errors.New("something stands behind it")
	}
	return nil
}

func explain(err error) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return "a name stands twice"
		}
		if syntax.Err != nil {
			return syntax.Err.Error()
		}
	}
	return err.Error()
}

// lists are the members of a document that hold records.
var lists = map[string]bool{"records": true, "value": true, "results": true, "Results": true}

// document reads a JSON document piece by piece, however long it is: a list, an object with a list in it, or several of them.
func (s *source) document(from io.Reader) error {
	base := max(s.line, 1)
	counted := &lineCounter{from: from}
	d := jsontext.NewDecoder(counted, jsontext.AllowInvalidUTF8(true))
	for {
		err := s.top(d, func() int { return base + counted.before(d.InputOffset()) })
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case isSyntax(err):
			return s.bad(Problem{Line: base + counted.before(d.InputOffset()), What: "is not JSON from here on: " + explain(err)})
		case err != nil:
			return err
		}
	}
}

func isSyntax(err error) bool {
	var syntax *jsontext.SyntacticError
	return errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF)
}

func (s *source) top(d *jsontext.Decoder, line func() int) error {
	switch d.PeekKind() {
	case '[':
		return s.elements(d, line, false)
	case '{':
		if _, err := d.ReadToken(); err != nil {
			return err
		}
	default:
		s.line = line()
		if _, err := d.ReadValue(); err != nil {
			return err
		}
		return s.bad(Problem{Line: s.line, What: "is a single value", Want: "an object"})
	}
	s.line = line()
	var rest []member
	found := false
	for d.PeekKind() != '}' {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := t.String()
		if lists[name] && d.PeekKind() == '[' {
			found = true
			if err := s.elements(d, line, name == "results" || name == "Results"); err != nil {
				return err
			}
			continue
		}
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		rest = append(rest, member{name: []byte(name), value: bytes.Clone(v)})
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	if found {
		return nil
	}
	return s.object(appendObject(nil, rest))
}

func (s *source) elements(d *jsontext.Decoder, line func() int, graph bool) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		s.line = line()
		switch {
		case v[0] != '{':
			err = s.bad(Problem{Line: s.line, What: "is no object", Want: "a record"})
		case graph:
			err = s.rows(v)
		default:
			err = s.object(v)
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// split gives the members of a value that is to be an object. They point into the text. It refuses what two readers could
// understand differently, as a name that stands twice, at any depth.
func (s *source) split(text []byte) ([]member, error) {
	if s.glance.over(text) {
		return s.glance.members, nil
	}
	s.glance.hasRow = false
	if err := valid(text); err != nil {
		return nil, err
	}
	if text[0] != '{' {
		return nil, errors.New("it is no object")
	}
	return s.walk(text), nil
}

// walk gives the members of an object that is known to be valid JSON.
func (s *source) walk(text []byte) []member {
	s.members = s.members[:0]
	at := skipSpace(text, 1)
	for text[at] != '}' {
		end := skipValue(text, at)
		var name []byte
		if n := text[at:end]; bytes.IndexByte(n, '\\') < 0 {
			name = n[1 : len(n)-1]
		} else {
			name = []byte(unquote(n))
		}
		at = skipSpace(text, end)
		end = skipValue(text, at)
		s.members = append(s.members, member{name: name, value: text[at:end]})
		at = skipSpace(text, end)
	}
	return s.members
}

func skipSpace(text []byte, at int) int {
	for {
		switch text[at] {
		case ' ', '\t', '\r', '\n', ',', ':':
			at++
		default:
			return at
		}
	}
}

// skipValue steps over a value of valid JSON without looking into it.
func skipValue(text []byte, at int) int {
	for depth := 0; ; {
		switch text[at] {
		case '"':
			for at++; text[at] != '"'; at++ {
				next := bytes.IndexAny(text[at:], "\"\\")
				if at += next; text[at] == '"' {
					break
				}
				at++ // what is escaped
			}
			at++
		case '{', '[':
			depth++
			at++
		case '}', ']':
			depth--
			at++
		case ' ', '\t', '\r', '\n', ',', ':':
			at++
			continue
		default:
			for at < len(text) && bytes.IndexByte([]byte(" \t\r\n,:]}"), text[at]) < 0 {
				at++
			}
		}
		if depth == 0 {
			return at
		}
	}
}

const streamPrefix = "AdvancedHunting-"

// object takes one record: what the streaming export wraps a row in, a row of a log workspace, or a row of the table that the file
// is known to be of.
func (s *source) object(text []byte) error {
	members, err := s.split(text)
	if err != nil {
		return s.bad(Problem{Line: s.line, What: "is not JSON: " + explain(err)})
	}
	var category, kind, properties, sent []byte
	generated, list := false, false
	for _, m := range members {
		switch string(m.name) {
		case "category":
			category = m.value
		case "properties":
			properties = m.value
		case "Type":
			kind = m.value
		case "TimeGenerated":
			generated = true
		case "time":
			sent = m.value
		case "records", "results", "Results", "value":
			list = list || m.value[0] == '['
		}
	}
	if list && category == nil && kind == nil { // a whole document in a line
		return s.document(bytes.NewReader(text))
	}
	if name, ok := strings.CutPrefix(textOf(category), streamPrefix); ok {
		t := schema.Lookup(name)
		switch {
		case t == nil:
			return s.bad(Problem{Line: s.line, Field: "category", What: fmt.Sprintf("is of the table %.60q, which is not known", name), Want: "a table of advanced hunting"})
		case len(properties) == 0 || properties[0] != '{':
			return s.bad(Problem{Line: s.line, Table: t.Name, Field: "properties", What: "is no object", Want: "the row"})
		}
		row := s.glance.row
		if !s.glance.hasRow {
			row = s.walk(properties)
		}
		s.sent = sent
		return s.row(t, row, false, s.line)
	}
	if t := schema.Lookup(textOf(kind)); t != nil && generated {
		return s.row(t, members, false, s.line)
	}
	if s.hint != nil {
		return s.row(s.hint, members, false, s.line)
	}
	return s.foreign(text, s.line)
}

// rows takes a row of a result of a query, which does not say of what table it is.
func (s *source) rows(text []byte) error {
	if s.hint == nil {
		return fault.Invalid("load", "line %d: is a result that does not say of what table it is; want a file named after its table, as DeviceProcessEvents.json, or --table", s.line)
	}
	members, err := s.split(text)
	if err != nil {
		return s.bad(Problem{Line: s.line, What: explain(err)})
	}
	return s.row(s.hint, members, true, s.line)
}

func textOf(v []byte) string {
	if len(v) < 2 || v[0] != '"' {
		return ""
	}
	return unquote(v)
}

// lineCounter remembers where lines end that were read and not passed yet.
type lineCounter struct {
	from   io.Reader
	read   int64
	ends   []int64
	passed int
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

// before counts the line ends before an offset; offsets are asked for in ascending order.
func (l *lineCounter) before(offset int64) int {
	n := 0
	for n < len(l.ends) && l.ends[n] < offset {
		n++
	}
	l.passed += n
	l.ends = l.ends[n:]
	return l.passed
}
