package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cut gives each record of a text, with the line it begins on, and what ended it.
func cut(s *splitter) (records []string) {
	for range 10_000 {
		text, err := s.next()
		if errors.Is(err, io.EOF) {
			return records
		}
		if err != nil {
			return append(records, fmt.Sprintf("line %d: %v", s.line, err))
		}
		var short bytes.Buffer
		if err := json.Compact(&short, text); err != nil {
			return append(records, err.Error())
		}
		records = append(records, fmt.Sprintf("line %d: %s", s.line, &short))
	}
	return records
}

// sameCuts holds records that are read line by line against the decoder.
func sameCuts(t *testing.T, text string) {
	t.Helper()
	decoded := newSplitter(strings.NewReader(text))
	decoded.decode(decoded.lines)
	if diff := cmp.Diff(cut(decoded), cut(newSplitter(strings.NewReader(text)))); diff != "" {
		t.Errorf("%.200q: %s", text, diff)
	}
}

func TestLinesAreReadAsJSONIs(t *testing.T) {
	long := `{"id":"` + strings.Repeat("x", 2*lineAtMost) + `"}`
	for _, text := range []string{
		"", "\n\n", `{"a":1}`, "{\"a\":1}\n{\"b\":2}\n", "\ufeff{\"a\":1}\n\n  {\"b\":2}  \r\n{\"c\":3}", "{\"a\":1}{\"b\":2}\n{\"c\":3}", "{\"a\":1}\n{\n\"b\":2}\n{\"c\":3}",
		"{\"a\":1}\n[{\"b\":2},{\"c\":3}]\n{\"d\":4}", "{\"a\":1}\n{\"value\":[{\"b\":2}]}\n{\"c\":3}", "{\"v\\u0061lue\":[{\"b\":2}]}", "{\"a\":\"value\",\"records\":3}",
		"{\"a\":{\"value\":[1]}}\n{\"value\":{}}", "{\"a\":1}\n{\"b\":}\n{\"c\":3}", "{\"a\":1}\nnull\n", "{\"a\":1}\n7", "{\"a\":1}\n{\"b\":2", long, "{\"a\":1}\n" + long + "\n{\"c\":3}\n", "{}\n{}\n", "{\"\xff\":[]}",
	} {
		sameCuts(t, text)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("{\"a\":1}\n{\"b\":[2]}\n[{\"c\":3}]\n{\"value\":[{}]}\n{\"a\"")
	f.Fuzz(sameCuts)
}
