package feeds

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
)

// How much a file may hold. What is larger is refused whole: half a block list is a block list that lets things through.
const (
	mostBytes  = 256 << 20 // unpacked
	mostRows   = 5_000_000
	mostRecord = 1 << 20
	mostCells  = 500
)

// record is one of a file: its text, and its cells if it has some.
type record struct {
	n     int64
	text  string
	cells []string
}

// errTooMuch is of a file that is larger than one may be.
var errTooMuch = errors.New("is larger than a feed may be")

// limited fails where a file goes beyond what it may hold.
type limited struct {
	from io.Reader
	left int64
}

func (l *limited) Read(b []byte) (int, error) {
	n, err := l.from.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return 0, fmt.Errorf("%w: more than %d MB", errTooMuch, mostBytes>>20)
	}
	return n, err
}

// open unpacks what is packed, and leaves a byte order mark out.
func open(from io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(from, 64<<10)
	switch start, _ := in.Peek(2); {
	case bytes.Equal(start, []byte{0x1f, 0x8b}):
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, errors.New("looks packed with gzip, and is not")
		}
		in = bufio.NewReaderSize(&limited{unpacked, mostBytes}, 64<<10)
	case string(start) == "PK":
		return nil, errors.New("is a ZIP archive; want the file in it, or gzip")
	default:
		in = bufio.NewReaderSize(&limited{in, mostBytes}, 64<<10)
	}
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	return in, nil
}

// records reads a file in a format and hands over its records in order.
func records(format string, from io.Reader, take func(record) error) error {
	in, err := open(from)
	if err != nil {
		return err
	}
	n := int64(0)
	put := func(text string, cells []string) error {
		if n >= mostRows {
			return fmt.Errorf("%w: more than %d records", errTooMuch, mostRows)
		}
		r := record{n, clean(text), cells}
		for i := range cells {
			cells[i] = clean(cells[i])
		}
		n++
		return take(r)
	}
	switch cells := lookup.Formats[format]; {
	case format == "json" || format == "multijson":
		return objects(in, put)
	case cells == ",", cells == ";", cells == "|":
		return separated(in, rune(cells[0]), put)
	default:
		return lines(in, cells, put)
	}
}

// clean makes text of bytes: what is none is replaced, as everywhere.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// separated reads lines of cells that may be in quotes. A line that is not well quoted counts as it stands: many lists are no CSV to the
// letter, and begin with lines of comment.
func separated(in *bufio.Reader, comma rune, put func(string, []string) error) error {
	return eachLine(in, func(line string) error {
		for strings.Count(line, `"`)%2 == 1 { // a cell with a line's end in it goes on
			more, err := oneLine(in)
			if len(line)+len(more) > mostRecord {
				return fmt.Errorf("%w: a record of more than a megabyte, perhaps with a quote that is never closed", errTooMuch)
			}
			if err != nil && more == "" {
				break
			}
			line += "\n" + more
		}
		r := csv.NewReader(strings.NewReader(line))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
		cells, err := r.Read()
		if err != nil {
			cells = strings.Split(line, string(comma))
		}
		if len(cells) > mostCells {
			return fmt.Errorf("%w: a record of %d cells", errTooMuch, len(cells))
		}
		return put(line, cells)
	})
}

func lines(in *bufio.Reader, between string, put func(string, []string) error) error {
	return eachLine(in, func(line string) error {
		var cells []string
		if between != "" {
			cells = strings.SplitN(line, between, mostCells)
		}
		return put(line, cells)
	})
}

func eachLine(in *bufio.Reader, f func(string) error) error {
	for {
		line, err := oneLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line != "" {
			if err := f(line); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

func oneLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > mostRecord {
			return "", fmt.Errorf("%w: a line of more than a megabyte", errTooMuch)
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(string(line), "\r\n"), err
		}
	}
}

// objects reads JSON: objects after each other, or in an array, or in the only array of an object.
func objects(in *bufio.Reader, put func(string, []string) error) error {
	d := jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	wrong := func(err error) error {
		if errors.Is(err, errTooMuch) {
			return err
		}
		return fmt.Errorf("is not JSON at byte %d", d.InputOffset())
	}
	for {
		switch kind := d.PeekKind(); kind {
		case '[':
			if _, err := d.ReadToken(); err != nil {
				return wrong(err)
			}
			for d.PeekKind() != ']' {
				v, err := d.ReadValue()
				if err != nil {
					return wrong(err)
				}
				if len(v) > mostRecord {
					return fmt.Errorf("%w: a record of more than a megabyte", errTooMuch)
				}
				if err := put(string(v), nil); err != nil {
					return err
				}
			}
			if _, err := d.ReadToken(); err != nil {
				return wrong(err)
			}
		default:
			v, err := d.ReadValue()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return wrong(err)
			}
			if len(v) > mostRecord {
				return fmt.Errorf("%w: a record of more than a megabyte", errTooMuch)
			}
			if err := put(string(v), nil); err != nil {
				return err
			}
		}
	}
}
