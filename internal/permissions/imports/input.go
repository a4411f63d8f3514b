package imports

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of an export: beyond them it is no export of an organisation's roles.
const (
	maxRecords = 500_000
	maxDepth   = 32
)

// record is a row of a CSV file, or a member of a JSON list, by the names of its fields in lower case without spaces.
type record struct {
	at     Place
	fields map[string]json.RawMessage
	csv    bool
}

// records reads a file of either format: a list, one object, or a page with `value`; with or without a byte order mark, in UTF-8
// or UTF-16, as PowerShell writes it.
func records(f File) ([]record, error) {
	at := Place{File: f.Name}
	if len(f.Data) > MaxSize {
		return nil, wrong(at, "", "is larger than %d MB", MaxSize>>20)
	}
	text, err := decodeText(f.Data)
	if err != nil {
		return nil, wrong(at, "UTF-8 or UTF-16 text", "%s", err.Error())
	}
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return nil, wrong(at, "JSON or CSV", "is empty")
	case trimmed[0] == '{' || trimmed[0] == '[':
		return jsonRecords(at, trimmed)
	}
	return csvRecords(at, text)
}

func decodeText(data []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	}
	if order != nil {
		if len(data)%2 != 0 {
			return nil, errors.New("is UTF-16 with half a character at its end")
		}
		units := make([]uint16, 0, len(data)/2)
		for i := 2; i < len(data); i += 2 {
			units = append(units, order.Uint16(data[i:]))
		}
		data = []byte(string(utf16.Decode(units)))
	}
	if !utf8.Valid(data) {
		return nil, errors.New("is not text")
	}
	return data, nil
}

func jsonRecords(at Place, text []byte) ([]record, error) {
	if err := checkDepth(text); err != nil {
		return nil, wrong(at, "valid JSON", "%s", err.Error())
	}
	var list []json.RawMessage
	if text[0] == '{' {
		one, err := members(text)
		if err != nil {
			return nil, wrong(at, "each name once", "%s", err.Error())
		}
		if page, ok := one["value"]; ok && (one["@odata.context"] != nil || len(one) == 1) {
			if _, more := one["@odata.nextlink"]; more {
				return nil, wrong(at, "all pages in one list", "is one page of several: it has an @odata.nextLink")
			}
			if json.Unmarshal(page, &list) != nil {
				return nil, wrong(at, "a list in `value`", "has no list in `value`")
			}
		} else {
			list = []json.RawMessage{text}
		}
	} else if err := json.Unmarshal(text, &list); err != nil {
		return nil, wrong(at, "valid JSON", "%s", err.Error())
	}
	if len(list) > maxRecords {
		return nil, wrong(at, "", "has more than %d entries", maxRecords)
	}
	var all []record
	for i, item := range list {
		here := Place{File: at.File, Item: i + 1}
		fields, err := members(item)
		if err != nil {
			return nil, wrong(here, "an object with each name once", "%s", err.Error())
		}
		all = append(all, record{at: here, fields: fields})
	}
	return all, nil
}

// checkDepth reads all tokens, so that nothing else needs to fear nesting or what follows the first value.
func checkDepth(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	depth := 0
	for first := true; ; first = false {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if err != nil {
			return errors.New("can't be read as JSON: " + err.Error())
		}
		if depth == 0 && !first {
			return errors.New("something follows after its end")
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return errors.New("is nested more than " + strconv.Itoa(maxDepth) + " deep")
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

// members reads an object's members by their names in lower case; a name that stands twice hides one of two, so it is an error.
func members(text json.RawMessage) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("is no object")
	}
	all := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		key := fieldName(name)
		if _, twice := all[key]; twice {
			return nil, errors.New("has " + strconv.Quote(name) + " twice")
		}
		all[key] = value
	}
	return all, nil
}

// fieldName is how a field is looked up: exports write `Display name`, `displayName` and `DisplayName`.
func fieldName(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.TrimSpace(name)))
}

func csvRecords(at Place, text []byte) ([]record, error) {
	// Windows PowerShell begins with the type of what it wrote.
	if bytes.HasPrefix(text, []byte("#TYPE ")) {
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			text = text[end+1:]
		}
	}
	head, _, _ := bytes.Cut(text, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(text))
	r.TrimLeadingSpace = true
	for _, comma := range []rune{';', '\t'} {
		if bytes.Count(head, []byte(string(comma))) > bytes.Count(head, []byte(string(r.Comma))) {
			r.Comma = comma
		}
	}
	var names []string
	var all []record
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		here := Place{File: at.File, Item: len(all) + 1}
		if err != nil {
			if errors.Is(err, csv.ErrFieldCount) {
				return nil, wrong(here, strconv.Itoa(len(names))+" cells, as in the first row", "has %d cells", len(row))
			}
			return nil, wrong(here, "CSV with quotes around cells that hold quotes, commas or new lines", "can't be read: %s", err.Error())
		}
		if names == nil {
			seen := map[string]bool{}
			for _, cell := range row {
				name := fieldName(cell)
				if name == "" || seen[name] {
					return nil, wrong(at, "a first row that names each column once", "names the column %q twice or not at all", cell)
				}
				seen[name] = true
				names = append(names, name)
			}
			continue
		}
		fields := map[string]json.RawMessage{}
		for i, cell := range row {
			if cell = strings.TrimSpace(cell); cell != "" {
				fields[names[i]], _ = json.Marshal(cell) // text always encodes
			}
		}
		if all = append(all, record{at: here, fields: fields, csv: true}); len(all) > maxRecords {
			return nil, wrong(at, "", "has more than %d rows", maxRecords)
		}
	}
	if names == nil {
		return nil, wrong(at, "a first row with the names of the columns", "has no rows")
	}
	return all, nil
}
