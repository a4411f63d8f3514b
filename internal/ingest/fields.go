package ingest

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// fields reads an object's members by name and remembers the first that is wrong.
type fields struct {
	o    store.Object
	path string
	err  error
}

func (f *fields) fail(name, want, what string, args ...any) {
	if f.err == nil {
		f.err = wrong(join(f.path, name), want, what, args...)
	}
}

// text reads a string; absent and null are the same as empty.
func (f *fields) text(name string) string {
	v := f.o.Get(name)
	if isNull(v) {
		return ""
	}
	if v[0] != '"' {
		f.fail(name, "text", "is %s", kindOf(v))
		return ""
	}
	return store.Text(v)
}

// id reads an id, which older exports write as a number, and makes it text in the object as well.
func (f *fields) id(name string) string {
	v := f.o.Get(name)
	if isNull(v) {
		return ""
	}
	if v[0] == '-' || v[0] >= '0' && v[0] <= '9' {
		n, err := strconv.ParseInt(string(v), 10, 64)
		if err != nil {
			f.fail(name, "an id: text or a whole number", "is %.40s", v)
			return ""
		}
		f.o.Set(name, store.Quote(strconv.FormatInt(n, 10)))
		return strconv.FormatInt(n, 10)
	}
	id := f.text(name)
	if len(id) > maxID {
		f.fail(name, "at most "+strconv.Itoa(maxID)+" bytes", "is an id of %d bytes", len(id))
	}
	return id
}

const (
	maxID   = 512
	maxWord = 16 << 10 // of what lists are filtered by, and hold in memory
)

// word reads a text that lists show and are filtered by.
func (f *fields) word(name string) string {
	s := f.text(name)
	if len(s) > maxWord {
		f.fail(name, "at most "+strconv.Itoa(maxWord)+" bytes", "is of %d bytes", len(s))
	}
	return s
}

// words reads several.
func (f *fields) words(name string) []string {
	list, n := f.texts(name), 0
	for _, s := range list {
		n += len(s)
	}
	if n > maxWord {
		f.fail(name, "at most "+strconv.Itoa(maxWord)+" bytes", "is of %d bytes", n)
	}
	return list
}

// texts reads a list of strings.
func (f *fields) texts(name string) []string {
	v := f.o.Get(name)
	if isNull(v) {
		return nil
	}
	list, err := store.ParseArray(v)
	if err != nil {
		f.fail(name, "a list of texts", "is %s", kindOf(v))
		return nil
	}
	var texts []string
	for i, e := range list {
		if len(e) == 0 || e[0] != '"' {
			f.fail(name+"["+strconv.Itoa(i)+"]", "text", "is %s", kindOf(e))
			return nil
		}
		texts = append(texts, store.Text(e))
	}
	return texts
}

// time reads a time with 0-9 fraction digits; one without a zone is UTC. The text itself stays as given.
func (f *fields) time(name string) time.Time {
	s := f.text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05.999999999", s)
	}
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		f.fail(name, "a time like 2021-02-19T09:17:02.4417723Z", "is %.60q", s)
		return time.Time{}
	}
	return t.UTC()
}

func isNull(v json.RawMessage) bool { return len(v) == 0 || string(v) == "null" }

func kindOf(v json.RawMessage) string {
	if len(v) == 0 {
		return "nothing"
	}
	switch v[0] {
	case '"':
		return "text"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}
