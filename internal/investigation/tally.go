package investigation

import (
	"cmp"
	"slices"
)

// tally counts values.
type tally map[string]int64

// values gives them by count, the most frequent first; equal counts by name.
func (t tally) values() []Value {
	list := make([]Value, 0, len(t))
	for v, n := range t {
		list = append(list, Value{v, n})
	}
	slices.SortFunc(list, func(a, b Value) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return list
}
