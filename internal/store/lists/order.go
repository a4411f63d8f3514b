package lists

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// key is one key of an order: a number of each row, or a text.
type key struct {
	desc    bool
	which   int     // of times, where column is none
	column  column  // noColumn: a time, or the id
	rank    []int64 // by the column's words; nil: compared as texts
	words   []string
	byID    bool
	decoded bool // the cursor gives its text, not its rank
}

const noColumn = allColumns

// keys reads an order. The id is the last key, so that no two rows tie.
func (s *State) keys(have *[allColumns]bool, order []store.Order) ([]key, error) {
	var keys []key
	desc := false
	for _, o := range order {
		desc = o.Desc
		k := key{desc: desc, column: noColumn}
		switch o.Field {
		case store.FieldCreated:
		case store.FieldUpdated:
			k.which = 1
		case store.FieldID:
			k.byID = true
			return append(keys, k), nil
		default:
			c, known := columnOf[o.Field]
			if !known || !have[c] {
				return nil, ErrNotHeld
			}
			k.column, k.words = c, s.words[c]
			switch o.Field {
			case store.FieldSeverity:
				k.rank = ranked(k.words, store.SeverityRank)
			case store.FieldStatus:
				k.rank = ranked(k.words, store.StatusRank)
			default:
				k.rank, k.decoded = s.alphabet(c), true
			}
		}
		keys = append(keys, k)
	}
	return append(keys, key{desc: desc, column: noColumn, byID: true}), nil
}

func ranked(words []string, rank func(string) int64) []int64 {
	list := make([]int64, len(words))
	for i, w := range words {
		list[i] = rank(w)
	}
	return list
}

// mostSorted is how many words of a column are sorted to be compared as numbers. More are compared as they are.
const mostSorted = 1 << 16

// alphabet gives the place of each word of a column among all of them. It is kept until there are more.
func (s *State) alphabet(c column) []int64 {
	words := s.words[c]
	if len(words) > mostSorted {
		return nil
	}
	if known := s.ranks[c].Load(); known != nil && len(*known) == len(words) {
		return *known
	}
	places := make([]int, len(words))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return strings.Compare(words[a], words[b]) })
	rank := make([]int64, len(words))
	for i, place := range places {
		rank[place] = int64(i)
	}
	s.ranks[c].Store(&rank)
	return rank
}

// value is what a key is of one row.
type value struct {
	number int64
	text   string
}

func (k *key) of(f *frame, row int) value {
	switch {
	case k.byID:
		return value{text: f.names.at(row)}
	case k.column == noColumn:
		return value{number: f.times[k.which][row]}
	}
	code := f.code[k.column][row]
	if k.rank != nil {
		return value{number: k.rank[code], text: k.words[code]}
	}
	return value{text: k.words[code]}
}

// number is of without the text.
func (k *key) number(f *frame, row int) int64 {
	if k.column == noColumn {
		return f.times[k.which][row]
	}
	return k.rank[f.code[k.column][row]]
}

// textual tells whether its values are texts.
func (k *key) textual() bool { return k.byID || k.column != noColumn && k.rank == nil }

func (k *key) compare(a, b value) int {
	n := 0
	if k.textual() {
		n = strings.Compare(a.text, b.text)
	} else {
		n = cmp.Compare(a.number, b.number)
	}
	if k.desc {
		return -n
	}
	return n
}

// place is a row's place in an order, and its number.
type place struct {
	values []value
	number int64
}

// cursor gives the place as the store tells it.
func (p *place) cursor(keys []key) []any {
	list := make([]any, len(keys))
	for i := range keys {
		if k := &keys[i]; k.textual() || k.decoded {
			list[i] = p.values[i].text
		} else {
			list[i] = p.values[i].number
		}
	}
	return list
}

// bound is where a page begins: after a place. A text that no row has any more still has its place between the others.
type bound struct {
	values []value
	apart  []bool // the value is of no row: it stands before the one of its number
}

func after(keys []key, cursor []any) (*bound, error) {
	if cursor == nil {
		return nil, nil
	}
	if len(cursor) != len(keys) {
		return nil, fmt.Errorf("a cursor of %d values for an order of %d", len(cursor), len(keys))
	}
	b := &bound{values: make([]value, len(keys)), apart: make([]bool, len(keys))}
	for i := range keys {
		k := &keys[i]
		text, isText := cursor[i].(string)
		number, isNumber := cursor[i].(int64)
		switch {
		case isNumber && !k.textual() && !k.decoded:
			b.values[i].number = number
		case isText && k.textual():
			b.values[i].text = text
		case isText && k.decoded:
			b.values[i].number, b.apart[i] = k.find(text)
		default:
			return nil, fmt.Errorf("a cursor of another order: %T for key %d", cursor[i], i+1)
		}
	}
	return b, nil
}

// find gives the rank of a text, or of the first one after it.
func (k *key) find(text string) (rank int64, apart bool) {
	apart = true
	for i, w := range k.words {
		switch strings.Compare(w, text) {
		case 0:
			return k.rank[i], false
		case -1:
			rank = max(rank, k.rank[i]+1)
		}
	}
	return rank, apart
}

// before tells whether a row comes after the bound: whether the bound is before it.
func (b *bound) before(keys []key, f *frame, row int) bool {
	for i := range keys {
		k := &keys[i]
		n := k.compare(k.of(f, row), b.values[i])
		if n == 0 && b.apart[i] {
			// The row's text is the next greater one.
			return !k.desc
		}
		if n != 0 {
			return n > 0
		}
	}
	return false
}
