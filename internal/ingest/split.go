package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/store"
)

// splitter cuts a file into records: the elements of an array, the elements of value in a list page, or the values
// that follow each other, as in JSONL. Records are read one at a time, however long the file is.
type splitter struct {
	in      *metered
	dec     *json.Decoder
	inside  bool // a list: more elements may follow
	page    bool // the list is the value of a page
	sawList bool
	line    int // where the last record began

	lines  *bufio.Reader // a record a line, so far; nil: read by dec
	passed int           // lines
	glance glance
	fine   bool // nothing is wrong with the last record's text
}

// lineAtMost is how long a line may be that is read as one.
const lineAtMost = 256 << 10

func newSplitter(from io.Reader) *splitter {
	buffered := bufio.NewReaderSize(from, lineAtMost) // the same one, if it is one
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3) // a byte order mark, as some exports have: it was just seen
	}
	return &splitter{lines: buffered}
}

// decode goes on with whatever JSON there is.
func (s *splitter) decode(from io.Reader) {
	s.in = &metered{from: from, line: s.passed + 1}
	s.dec = json.NewDecoder(s.in)
	s.dec.UseNumber() // a number out of float64's range is data like any other
	s.lines = nil
}

// oneLine gives the record that is all of the next line: what comes much and has to go fast. With anything else - a record over several
// lines, a list, a page of one, what is no JSON - it hands over to the decoder, from that line on, and gives nothing.
func (s *splitter) oneLine() []byte {
	for {
		line, err := s.lines.ReadSlice('\n')
		if text := bytes.Trim(line, " \t\r\n"); err == nil && len(text) == 0 {
			s.passed++
			continue
		} else if (err == nil || errors.Is(err, io.EOF)) && len(text) > 0 && text[0] == '{' && s.plain(text) {
			s.passed++
			s.line = s.passed
			return bytes.Clone(text) // the next line takes its place
		}
		s.decode(io.MultiReader(bytes.NewReader(bytes.Clone(line)), s.lines))
		return nil
	}
}

// plain tells whether a line is one record.
func (s *splitter) plain(text []byte) bool {
	if s.fine = s.glance.fine(text); s.fine {
		return !s.glance.page
	}
	return utf8.Valid(text) && json.Valid(text) && !isPage(text)
}

// isPage tells whether an object may be a list page.
func isPage(text []byte) bool {
	if !bytes.Contains(text, []byte(`"value"`)) && !bytes.Contains(text, []byte(`"records"`)) && !bytes.Contains(text, []byte(`\u`)) {
		return false
	}
	o, err := store.ParseObject(text)
	return err != nil || o.Get("value") != nil || o.Get("records") != nil
}

// next gives the next record's text, or io.EOF.
func (s *splitter) next() ([]byte, error) {
	if s.lines != nil {
		if text := s.oneLine(); text != nil {
			return text, nil
		}
	}
	s.fine = false
	for {
		if s.inside {
			if s.dec.More() {
				return s.value()
			}
			if err := s.leave(); err != nil {
				return nil, err
			}
			continue
		}
		s.dec.More() // steps over space, so that the line is the record's own
		s.begin()
		t, err := s.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, s.explain(err)
		}
		switch t {
		case json.Delim('['):
			s.inside, s.sawList = true, true
		case json.Delim('{'):
			if text, err := s.object(); text != nil || err != nil {
				return text, err
			}
		default:
			return nil, wrong("", "an object or a list of objects", "is a single value")
		}
	}
}

// object reads a top-level object. If it turns out to be a list page, it gives nothing: the elements follow.
func (s *splitter) object() ([]byte, error) {
	var o store.Object
	for s.dec.More() {
		t, err := s.dec.Token()
		if err != nil {
			return nil, s.explain(err)
		}
		name, ok := t.(string)
		if !ok {
			return nil, wrong("", "a key", "has none")
		}
		var v json.RawMessage
		if name == "value" || name == "records" { // a list page, or what the streaming export puts into a blob
			open, err := s.dec.Token()
			if err != nil {
				return nil, s.explain(err)
			}
			if open == json.Delim('[') {
				s.inside, s.page, s.sawList = true, true, true
				return nil, nil
			}
			if v, err = json.Marshal(open); err != nil || open == json.Delim('{') {
				return nil, wrong(name, "a list of records", "is something else")
			}
		} else if err := s.dec.Decode(&v); err != nil {
			return nil, s.explain(err)
		}
		o = append(o, store.Member{Name: name, Value: v})
	}
	if _, err := s.dec.Token(); err != nil {
		return nil, s.explain(err)
	}
	return o.JSON(), nil
}

// leave ends a list, and the page around it, whose other members are of no interest.
func (s *splitter) leave() error {
	s.inside = false
	s.begin()
	if _, err := s.dec.Token(); err != nil {
		return s.explain(err)
	}
	if !s.page {
		return nil
	}
	s.page = false
	for s.dec.More() {
		t, err := s.dec.Token()
		if err != nil {
			return s.explain(err)
		}
		if t == "value" || t == "records" {
			return wrong("value", "each key once", "stands twice")
		}
		var skip json.RawMessage
		if err := s.dec.Decode(&skip); err != nil {
			return s.explain(err)
		}
	}
	if _, err := s.dec.Token(); err != nil {
		return s.explain(err)
	}
	return nil
}

func (s *splitter) value() ([]byte, error) {
	s.begin()
	var text json.RawMessage
	if err := s.dec.Decode(&text); err != nil {
		return nil, s.explain(err)
	}
	s.line = s.in.lineAt(s.dec.InputOffset() - int64(len(text)))
	return text, nil
}

// begin marks the place where a record begins: its line, and from where its size counts.
func (s *splitter) begin() {
	s.line = s.in.lineAt(s.dec.InputOffset())
	s.in.allowance = s.dec.InputOffset() + maxExpanded
}

func (s *splitter) explain(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errTooLong):
		return wrong("", fmt.Sprintf("at most %d bytes", maxExpanded), "is longer than a record may be")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return wrong("", "the rest", "ends in the middle")
	case errors.As(err, &syntax):
		return wrong("", "JSON", "is not JSON: %s", syntax)
	}
	return err
}

var errTooLong = errors.New("record too long")

// metered reads no further than one record may be long, and remembers where lines end that were not passed yet.
type metered struct {
	from      io.Reader
	read      int64 // so far
	allowance int64 // no more than this
	line      int
	ends      []int64 // offsets of line ends at or after the last place asked for
}

func (m *metered) Read(p []byte) (int, error) {
	if m.allowance > 0 && m.read >= m.allowance {
		return 0, errTooLong
	}
	n, err := m.from.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			m.ends = append(m.ends, m.read+int64(i))
		}
	}
	m.read += int64(n)
	return n, err
}

// lineAt gives the line of an offset; offsets are asked for in ascending order.
func (m *metered) lineAt(offset int64) int {
	n := 0
	for n < len(m.ends) && m.ends[n] <= offset {
		n++
	}
	m.line += n
	m.ends = append(m.ends[:0], m.ends[n:]...)
	return m.line
}
