package lists

import (
	"math"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Page is which rows make a page, by number, and the cursor of each.
type Page struct {
	Numbers []int64
	Cursors [][]any
	Total   int64 // on all pages
	Counted bool  // or Total is not known: the page was found without looking at all of them
}

// newTop readies a page: as many rows as come before its end.
func (s *State) newTop(have *[allColumns]bool, q store.AlertQuery) (*top, error) {
	keys, err := s.keys(have, q.Order)
	if err != nil {
		return nil, err
	}
	from, err := after(keys, q.After)
	if err != nil {
		return nil, err
	}
	return &top{keys: keys, from: from, most: max(0, q.Limit+q.Skip)}, nil
}

// Alerts gives one page.
func (s *State) Alerts(q store.AlertQuery) (Page, error) {
	t, err := s.newTop(&ofAlerts, q)
	if err != nil {
		return Page{}, err
	}
	seen, err := s.sight(q)
	if err != nil {
		return Page{}, err
	}
	return t.walk(q.Skip, len(s.alerts), func(c int) *[2]span { return &s.alerts[c].spans }, seen.alerts), nil
}

// CountAlerts counts all pages.
func (s *State) CountAlerts(q store.AlertQuery) (int64, error) {
	seen, err := s.sight(q)
	if err != nil {
		return 0, err
	}
	var n int64
	var f frame
	for c := range s.alerts {
		seen.alerts(c, &f)
		n += f.rows.count()
	}
	return n, nil
}

// byTime tells whether a key is a time.
func (k *key) byTime() bool { return k.column == noColumn && !k.byID }

// best is the time that comes first of a chunk.
func (k *key) best(spans *[2]span) int64 {
	if k.desc {
		return spans[k.which].high
	}
	return spans[k.which].low
}

// sight is what a reader sees of the alerts that a condition holds for.
type sight struct {
	state *State
	sees  []uint8 // by class; nil: all
	where condition
}

func (s *State) sight(q store.AlertQuery) (*sight, error) {
	where, err := s.condition(&ofAlerts, q.Where)
	if err != nil {
		return nil, err
	}
	return &sight{s, visible(q.Visible), where}, nil
}

// visible are the classes in sight; nil: all.
func visible(v store.Visible) []uint8 {
	switch {
	case v.All:
		return nil
	case v.Hidden == nil:
		return classSet(v.Classes)
	}
	ok := make([]uint8, max(0, min(v.UpTo, mostClasses)+1))
	for i := range ok {
		ok[i] = 1
	}
	for _, c := range v.Hidden {
		if c >= 0 && c < int64(len(ok)) {
			ok[c] = 0
		}
	}
	return ok
}

// alerts readies a chunk: its rows are those that are in sight and wanted.
func (v *sight) alerts(number int, f *frame) {
	c := v.state.alerts[number]
	f.names, f.class, f.times, f.base = c.names, &c.class, [2]*[size]int64{&c.created, &c.updated}, int64(number)*size
	for i := range c.code {
		f.code[i] = &c.code[i]
	}
	if f.rows = c.present; impossible(v.where, &c.spans) {
		f.rows = set{}
		return
	}
	var one set
	if v.sees != nil {
		pick(&one, &c.class, v.sees)
		f.rows.and(&one)
	}
	if every, ok := v.where.(always); ok && bool(every) || f.rows.empty() {
		return
	}
	v.where.rows(f, &one)
	f.rows.and(&one)
}

var nothing = span{math.MaxInt64, math.MinInt64}

// spanOf finds a chunk's span of times.
func spanOf(times *[size]int64, present *set) span {
	s := nothing
	present.each(func(row int) { s.take(times[row]) })
	return s
}

func (s *span) take(at int64) { s.low, s.high = min(s.low, at), max(s.high, at) }
