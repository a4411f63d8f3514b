package lists

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/store"
)

// condition reads a question's condition. What compares texts is asked once of each text that there is, not of each row.
func (s *State) condition(have *[allColumns]bool, w store.Where) (condition, error) {
	switch w := w.(type) {
	case nil:
		return always(true), nil
	case store.AllOf:
		list, err := s.conditions(have, w)
		return all(list), err
	case store.OneOf:
		list, err := s.conditions(have, w)
		return oneOf(list), err
	case store.Not:
		c, err := s.condition(have, w.Where)
		return not{c}, err
	case store.InClasses:
		if have == &ofIncidents {
			return nil, ErrNotHeld
		}
		return classSet(w.Classes), nil
	case store.OfAlerts:
		if have == &ofIncidents {
			return s.ofAlerts(w)
		}
	case store.Names:
		if have == &ofAlerts {
			return s.asked(w)
		}
	case store.Compare:
		if w.Field == store.FieldIncident && w.Op == store.Equal && w.Text != "" && have == &ofAlerts {
			return s.asked(w)
		}
		return s.compare(have, w)
	case store.Matches:
		return s.matches(have, w)
	case store.Any:
		return s.any(have, w)
	}
	return nil, ErrNotHeld
}

// asked is a condition that somebody else knows the rows of.
func (s *State) asked(w store.Where) (condition, error) {
	if s.rows == nil {
		return nil, ErrNotHeld
	}
	numbers, err := s.rows(w)
	if err != nil {
		return nil, err
	}
	in := numbered{}
	for _, n := range numbers {
		in.put(n)
	}
	return in, nil
}

// ofAlerts finds the incidents of the alerts that a condition holds for.
func (s *State) ofAlerts(w store.OfAlerts) (condition, error) {
	seen, err := s.sight(store.AlertQuery{Visible: w.Visible, Where: w.Where})
	if err != nil {
		return nil, err
	}
	in := numbered{}
	var f frame
	for c := range s.alerts {
		seen.alerts(c, &f)
		f.rows.each(func(row int) {
			if n := s.alerts[c].incident[row]; n > 0 {
				in.put(int64(n))
			}
		})
	}
	return in, nil
}

func (s *State) conditions(have *[allColumns]bool, list []store.Where) ([]condition, error) {
	var out []condition
	for _, w := range list {
		c, err := s.condition(have, w)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (s *State) compare(have *[allColumns]bool, w store.Compare) (condition, error) {
	holds := comparing(w.Op)
	if holds == nil {
		return nil, ErrNotHeld
	}
	switch w.Field {
	case store.FieldCreated, store.FieldUpdated:
		if w.Time.IsZero() {
			return nil, ErrNotHeld
		}
		which := 0
		if w.Field == store.FieldUpdated {
			which = 1
		}
		return timed{which, w.Op, w.Time.UnixNano()}, nil
	case store.FieldID:
		return named{func(id string) bool { return holds(strings.Compare(id, w.Text)) }}, nil
	case store.FieldSeverity:
		if w.Op != store.Equal && w.Op != store.NotEqual {
			rank := store.SeverityRank(w.Text)
			return s.eachWord(have, w.Field, func(text string) bool { return holds(int(store.SeverityRank(text) - rank)) })
		}
	}
	return s.eachWord(have, w.Field, func(text string) bool { return holds(strings.Compare(text, w.Text)) })
}

func comparing(op store.Op) func(sign int) bool {
	switch op {
	case store.Equal:
		return func(n int) bool { return n == 0 }
	case store.NotEqual:
		return func(n int) bool { return n != 0 }
	case store.Less:
		return func(n int) bool { return n < 0 }
	case store.LessEq:
		return func(n int) bool { return n <= 0 }
	case store.Greater:
		return func(n int) bool { return n > 0 }
	case store.GreaterEq:
		return func(n int) bool { return n >= 0 }
	}
	return nil
}

// eachWord asks each text of a column.
func (s *State) eachWord(have *[allColumns]bool, f store.Field, holds func(text string) bool) (condition, error) {
	c, known := columnOf[f]
	if !known || !have[c] {
		return nil, ErrNotHeld
	}
	ok := make([]uint8, len(s.words[c]))
	for i, text := range s.words[c] {
		if holds(text) {
			ok[i] = 1
		}
	}
	return among{c, ok}, nil
}

// matches finds text whatever the case, as SQL's LIKE does: of ASCII letters.
func (s *State) matches(have *[allColumns]bool, w store.Matches) (condition, error) {
	if !utf8.ValidString(w.Text) || strings.Contains(w.Text, "\x00") || len(w.Text) > 4096 {
		return nil, ErrNotHeld
	}
	text := lowered(w.Text)
	switch {
	case w.Field == store.FieldID && w.Start:
		return named{func(id string) bool { return len(id) >= len(text) && lowered(id[:len(text)]) == text }}, nil
	case w.Field == store.FieldID && text == "":
		return always(true), nil
	case w.Field == store.FieldID:
		return holds{text}, nil
	case w.Start:
		return s.eachWord(have, w.Field, func(of string) bool { return len(of) >= len(text) && lowered(of[:len(text)]) == text })
	}
	return s.eachWord(have, w.Field, func(of string) bool { return strings.Contains(lowered(of), text) })
}

func lowered(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

func (s *State) any(have *[allColumns]bool, w store.Any) (condition, error) {
	switch {
	case w.Field != store.FieldTechniques && w.Field != store.FieldSystemTags && w.Field != store.FieldCustomTags:
		return nil, ErrNotHeld
	case w.Op == "":
		return s.eachWord(have, w.Field, func(list string) bool { return list != "[]" })
	}
	holds := comparing(w.Op)
	if holds == nil {
		return nil, ErrNotHeld
	}
	return s.eachWord(have, w.Field, func(list string) bool {
		return slices.ContainsFunc(elements(list), func(e string) bool { return holds(strings.Compare(e, w.Text)) })
	})
}

// elements reads a list of texts.
func elements(list string) (texts []string) {
	if list != "[]" {
		_ = json.Unmarshal([]byte(list), &texts) // we wrote it
	}
	return texts
}

// classSet is a set of classes by number.
func classSet(classes []int64) inClasses {
	ok := inClasses{}
	for _, c := range classes {
		if c < 0 || c > mostClasses {
			continue
		}
		for int64(len(ok)) <= c {
			ok = append(ok, 0)
		}
		ok[c] = 1
	}
	return ok
}

// mostClasses bounds what a set of classes takes up: there are thousands at most.
const mostClasses = 1 << 24
