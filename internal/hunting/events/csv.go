package events

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// csv reads rows of one table. The first line names the columns.
func (s *source) csv(from io.Reader) error {
	in := bufio.NewReaderSize(from, 256<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	r := csv.NewReader(in)
	r.ReuseRecord, r.FieldsPerRecord, r.LazyQuotes = true, -1, true
	header, err := r.Read()
	if err != nil {
		return s.bad(Problem{Line: 1, What: "has no line with the names of columns"})
	}
	names := make([][]byte, len(header))
	for i, h := range header {
		names[i] = []byte(strings.TrimSpace(h))
	}
	var text []byte
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			if err := s.bad(Problem{Line: wrong.StartLine, Table: s.hint.Name, What: wrong.Err.Error()}); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		if len(cells) > len(names) {
			if err := s.bad(Problem{Line: line, Table: s.hint.Name, What: fmt.Sprintf("has %d cells, and there are %d columns", len(cells), len(names))}); err != nil {
				return err
			}
			continue
		}
		s.members, text = s.members[:0], text[:0]
		starts := make([]int, 0, len(cells)+1)
		for _, cell := range cells {
			starts = append(starts, len(text))
			quoted, err := jsontext.AppendQuote(text, cell)
			if err != nil {
				quoted, _ = jsontext.AppendQuote(text, strings.ToValidUTF8(cell, "\uFFFD"))
			}
			text = quoted
		}
		starts = append(starts, len(text))
		for i, cell := range cells {
			if cell != "" {
				s.members = append(s.members, member{name: names[i], value: text[starts[i]:starts[i+1]]})
			}
		}
		if err := s.row(s.hint, s.members, false, line); err != nil {
			return err
		}
	}
}

// tableOfFile finds the table that a file is named after, as in DeviceProcessEvents-2026-02-03.csv.
func tableOfFile(name string) *schema.Table {
	base := filepath.Base(name)
	end := strings.IndexFunc(base, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
	if end >= 0 {
		base = base[:end]
	}
	for _, t := range schema.Tables() {
		if strings.EqualFold(t.Name, base) {
			return t
		}
	}
	return nil
}
