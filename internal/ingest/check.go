package ingest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/store"
)

// The limits of one record. Real alerts have a few kilobytes and a depth of five.
const (
	maxAlert    = 16 << 20 // bytes of an alert
	maxIncident = 1 << 20  // bytes of an incident without its alerts
	maxExpanded = 32 << 20 // bytes of an incident with its alerts: each of them is a record of its own
	maxDepth    = 64
)

// problem is what is wrong with a record: where in it, and what would be right.
type problem struct {
	path, what, want string
}

func (p *problem) Error() string {
	s := p.what
	if p.path != "" {
		s = p.path + ": " + s
	}
	if p.want != "" {
		s += "; want " + p.want
	}
	return s
}

func wrong(path, want, what string, args ...any) *problem {
	return &problem{path, fmt.Sprintf(what, args...), want}
}

// check refuses what two readers of the same text could understand differently, or what could exhaust us: a key
// that stands twice, text that is not UTF-8, bottomless nesting. The text is valid JSON otherwise.
func check(text []byte) error {
	if !utf8.Valid(text) {
		return wrong("", "UTF-8", "holds bytes that are not UTF-8")
	}
	return checkValue(text, "", 1)
}

func checkValue(text json.RawMessage, path string, depth int) error {
	if len(text) == 0 || (text[0] != '{' && text[0] != '[') {
		return nil
	}
	if depth > maxDepth {
		return wrong(path, fmt.Sprintf("at most %d levels", maxDepth), "is nested too deeply")
	}
	if text[0] == '[' {
		list, err := store.ParseArray(text)
		if err != nil {
			return err
		}
		for i, v := range list {
			if len(v) > 0 && (v[0] == '{' || v[0] == '[') {
				if err := checkValue(v, path+"["+strconv.Itoa(i)+"]", depth+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	o, err := store.ParseObject(text)
	if err != nil {
		return err
	}
	if name, ok := twice(o); ok {
		return wrong(join(path, name), "each key once", "stands twice")
	}
	for _, m := range o {
		if len(m.Value) > 0 && (m.Value[0] == '{' || m.Value[0] == '[') {
			if err := checkValue(m.Value, join(path, m.Name), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func twice(o store.Object) (string, bool) {
	if len(o) <= 12 {
		for i := range o {
			for j := range i {
				if o[i].Name == o[j].Name {
					return o[i].Name, true
				}
			}
		}
		return "", false
	}
	seen := make(map[string]bool, len(o))
	for _, m := range o {
		if seen[m.Name] {
			return m.Name, true
		}
		seen[m.Name] = true
	}
	return "", false
}

func join(path, name string) string {
	if len(name) > 60 {
		name = name[:60] + "..." // a hostile key should not fill the message
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
