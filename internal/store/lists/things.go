package lists

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/store"
)

// ThingKinds are the kinds of things that are listed.
var ThingKinds = []store.EntityKind{store.EntityUser, store.EntityMailbox, store.EntityApp, store.EntityDevice}

// things are what evidence names, of the kinds that are listed. A thing that was met stays.
type things struct {
	kind []uint8 // place in ThingKinds
	key  []string
}

// naming is one place in an alert's evidence that names a thing.
type naming struct {
	thing uint32
	group uint32 // of the device that the evidence is of, by number among the group words; or noDevice
	name  uint32 // what it calls it, by number among the names; 0: nothing
}

// Of evidence of no device; of a device that nobody knows; and of several devices, or of one that it does not name.
const (
	noDevice = iota
	unknownDevice
	closedEvidence
	firstGroup
)

// Name is a thing that an alert's evidence names, as the store tells it.
type Name struct {
	Thing  int64 // its number in the store: one that the builder knows
	Of     bool  // the evidence is of a device
	Group  string
	Closed bool
	Name   string
}

// Knows tells whether the builder has met a thing.
func (b *Builder) Knows(thing int64) bool { _, known := b.thingNumber[thing]; return known }

// Thing tells it of one. Kinds that are not listed are no things.
func (b *Builder) Thing(thing int64, kind store.EntityKind, key string) {
	if k := slices.Index(ThingKinds, kind); k >= 0 && !b.Knows(thing) {
		b.thingNumber[thing] = uint32(len(b.things.key))
		b.things.kind, b.things.key = append(b.things.kind, uint8(k)), append(b.things.key, strings.Clone(key))
	}
}

func (b *Builder) namings(names []Name) []naming {
	list := make([]naming, 0, len(names))
	for _, n := range names {
		thing, known := b.thingNumber[n.Thing]
		if !known {
			continue
		}
		x := naming{thing: thing, name: b.thingNames.of(n.Name)}
		switch {
		case n.Closed:
			x.group = closedEvidence
		case n.Of && n.Group == "":
			x.group = unknownDevice
		case n.Of:
			x.group = b.groups.of(n.Group) + firstGroup
		}
		list = append(list, x)
	}
	return list
}

// thingTally is what the alerts in sight that name a thing come to.
type thingTally struct {
	alerts, open uint32
	last         int64
	first        int64
	risk         int64
	row          uint32 // the last that was counted, and one
	called       bool   // by a name that is looked for
}

// thingSight is what a reader sees of what things are named in.
type thingSight struct {
	state    *State
	sees     []uint8
	whole    []uint8 // classes of which all evidence is seen; nil: all
	groups   []bool  // by number, from firstGroup on
	resolved uint32
	ranks    []int64 // by severity
}

func (s *State) thingSight(of store.Sight) *thingSight {
	t := &thingSight{state: s, sees: visible(of.Alerts), whole: visible(of.Evidence.Whole), groups: make([]bool, len(s.groups)+firstGroup), resolved: ^uint32(0)}
	t.groups[noDevice] = true
	for i, g := range s.groups {
		t.groups[i+firstGroup] = slices.Contains(of.Evidence.Groups, g)
	}
	if i := slices.Index(s.words[status], "resolved"); i >= 0 {
		t.resolved = uint32(i)
	}
	t.ranks = ranked(s.words[severity], store.SeverityRank)
	return t
}

// each gives every naming in sight. It begins an alert when its row is another one.
func (t *thingSight) each(take func(c *alertChunk, number, row int, n naming)) {
	for number, c := range t.state.alerts {
		if len(c.namings) == 0 {
			continue
		}
		rows := c.present
		var one, whole set
		if t.sees != nil {
			pick(&one, &c.class, t.sees)
			rows.and(&one)
		}
		if rows.empty() {
			continue
		}
		if whole = rows; t.whole != nil {
			pick(&whole, &c.class, t.whole)
		}
		rows.each(func(row int) {
			all := whole.has(row)
			for _, n := range c.namings[c.named[row]:c.named[row+1]] {
				if all || t.groups[n.group] {
					take(c, number, row, n)
				}
			}
		})
	}
}

// tally counts the things of a kind. A thing that is named twice in an alert counts once.
func (t *thingSight) tally(kind uint8, called []bool) []thingTally {
	list := make([]thingTally, len(t.state.things.key))
	kinds := t.state.things.kind
	t.each(func(c *alertChunk, number, row int, n naming) {
		if kinds[n.thing] != kind {
			return
		}
		x := &list[n.thing]
		if called != nil && called[n.name] {
			x.called = true
		}
		at := uint32(number*size+row) + 1
		if x.row == at {
			return
		}
		created := c.created[row]
		if x.alerts == 0 {
			x.first, x.last, x.risk = created, created, -1
		}
		x.row, x.first, x.last = at, min(x.first, created), max(x.last, created)
		x.alerts++
		if c.code[status][row] != t.resolved {
			x.open++
			x.risk = max(x.risk, t.ranks[c.code[severity][row]])
		}
	})
	return list
}

func (x *thingTally) tally(incidents int64) store.Tally {
	if x.alerts == 0 {
		return store.Tally{}
	}
	told := store.Tally{Alerts: int64(x.alerts), Open: int64(x.open), Incidents: incidents, First: time.Unix(0, x.first).UTC(), Last: time.Unix(0, x.last).UTC()}
	if x.risk >= 0 {
		told.Risk = store.SeverityOf(x.risk)
	}
	return told
}

// ThingOrder is a place in a list of things: what it is ordered by, the names last.
type ThingOrder struct {
	Numbers [2]int64 // the highest first
	Texts   [2]string
}

func orderOf(by store.TallyOrder, x *thingTally) (o [2]int64, err error) {
	switch by {
	case store.ByRisk:
		if o = [2]int64{-1, 0}; x.alerts > 0 {
			o = [2]int64{x.risk, int64(x.open)}
		}
	case store.ByLast:
		o[0] = x.last
	case store.ByName:
	default:
		return o, fmt.Errorf("no order of things: %q", by)
	}
	return o, nil
}

// numbersIn is how many of an order's numbers a list goes by.
func numbersIn(by store.TallyOrder) int {
	return map[store.TallyOrder]int{store.ByRisk: 2, store.ByLast: 1}[by]
}

func (o ThingOrder) compare(p ThingOrder) int {
	return cmp.Or(cmp.Compare(p.Numbers[0], o.Numbers[0]), cmp.Compare(p.Numbers[1], o.Numbers[1]),
		strings.Compare(o.Texts[0], p.Texts[0]), strings.Compare(o.Texts[1], p.Texts[1]))
}

// cursor tells a place as the store does, with so many texts.
func (o ThingOrder) cursor(by store.TallyOrder, texts int) []any {
	var list []any
	for _, n := range o.Numbers[:numbersIn(by)] {
		list = append(list, n)
	}
	for _, text := range o.Texts[:texts] {
		list = append(list, text)
	}
	return list
}

func placeOf(by store.TallyOrder, texts int, cursor []any) (o ThingOrder, err error) {
	n := numbersIn(by)
	if len(cursor) != n+texts {
		return o, fmt.Errorf("a cursor of %d values for an order of %d", len(cursor), n+texts)
	}
	for i, value := range cursor {
		number, isNumber := value.(int64)
		text, isText := value.(string)
		switch {
		case i < n && isNumber:
			o.Numbers[i] = number
		case i >= n && isText:
			o.Texts[i-n] = text
		default:
			return o, fmt.Errorf("a cursor of another order: %T for key %d", value, i+1)
		}
	}
	return o, nil
}

// Things gives one page of the things of a kind, and how many there are on all pages.
func (s *State) Things(q store.EntityQuery) ([]store.EntityRow, int, error) {
	kind := slices.Index(ThingKinds, q.Kind)
	if kind < 0 || !utf8.ValidString(q.Search) || strings.Contains(q.Search, "\x00") || len(q.Search) > 4096 {
		return nil, 0, ErrNotHeld
	}
	if _, err := orderOf(q.Order, &thingTally{}); err != nil {
		return nil, 0, err
	}
	search := lowered(q.Search)
	var called []bool
	if search != "" {
		called = make([]bool, len(s.thingNames))
		for i, name := range s.thingNames {
			called[i] = i > 0 && strings.Contains(lowered(name), search)
		}
	}
	t := s.thingSight(q.Sight)
	tallies := t.tally(uint8(kind), called)
	var page firsts
	page.most = q.Limit
	if q.After != nil {
		after, err := placeOf(q.Order, 1, q.After)
		if err != nil {
			return nil, 0, err
		}
		page.after = &after
	}
	total := 0
	for i := range tallies {
		x := &tallies[i]
		if x.alerts == 0 || search != "" && !x.called && !strings.Contains(lowered(s.things.key[i]), search) {
			continue
		}
		total++
		numbers, _ := orderOf(q.Order, x)
		page.offer(ThingOrder{numbers, [2]string{s.things.key[i]}}, i)
	}
	found := page.list()
	var rows []store.EntityRow
	told := t.told(found)
	for i, f := range found {
		rows = append(rows, store.EntityRow{Key: s.things.key[f.thing], Name: told[i].name, Tally: tallies[f.thing].tally(told[i].incidents), Cursor: f.order.cursor(q.Order, 1)})
	}
	return rows, total, nil
}

// Devices gives one page of devices, each at its place by name, of which only the texts are given; the numbers are what the alerts in sight
// that name it come to. It gives which, with their tallies and cursors.
func (s *State) Devices(names map[string][2]string, sight store.Sight, by store.TallyOrder, after []any, limit int) (ids []string, tallies []store.Tally, cursors [][]any, err error) {
	t := s.thingSight(sight)
	all := t.tally(uint8(slices.Index(ThingKinds, store.EntityDevice)), nil)
	var page firsts
	page.most = limit
	if after != nil {
		place, err := placeOf(by, 2, after)
		if err != nil {
			return nil, nil, nil, err
		}
		page.after = &place
	}
	rest := names
	for i := range all {
		if all[i].alerts == 0 {
			continue
		}
		if texts, listed := names[s.things.key[i]]; listed {
			numbers, err := orderOf(by, &all[i])
			if err != nil {
				return nil, nil, nil, err
			}
			page.offer(ThingOrder{numbers, texts}, i)
			delete(rest, s.things.key[i])
		}
	}
	numbers, err := orderOf(by, &thingTally{})
	if err != nil {
		return nil, nil, nil, err
	}
	for _, texts := range rest {
		page.offer(ThingOrder{numbers, texts}, -1)
	}
	found := page.list()
	told := t.told(found)
	for i, f := range found {
		tally := store.Tally{}
		if f.thing >= 0 {
			tally = all[f.thing].tally(told[i].incidents)
		}
		ids, tallies, cursors = append(ids, f.order.Texts[1]), append(tallies, tally), append(cursors, f.order.cursor(by, 2))
	}
	return ids, tallies, cursors, nil
}

// told is what is only told of the things of a page: in how many incidents they are, and what the latest evidence in sight calls them.
type told struct {
	incidents int64
	name      string
}

func (t *thingSight) told(page []placed) []told {
	list := make([]told, len(page))
	slot := make([]int32, len(t.state.things.key))
	type latest struct {
		in      []uint64 // incidents, by number
		name    uint32
		created int64
		id      string
	}
	of := make([]latest, len(page))
	for i, p := range page {
		if p.thing >= 0 {
			slot[p.thing] = int32(i + 1)
		}
	}
	t.each(func(c *alertChunk, _, row int, n naming) {
		i := slot[n.thing]
		if i == 0 {
			return
		}
		x := &of[i-1]
		if incident := c.incident[row]; incident != 0 {
			if x.in == nil {
				x.in = make([]uint64, len(t.state.incidents)*size/64)
			}
			if word, bit := incident>>6, uint64(1)<<(incident&63); int(word) < len(x.in) && x.in[word]&bit == 0 {
				x.in[word] |= bit
				list[i-1].incidents++
			}
		}
		if n.name != 0 && (x.name == 0 || c.created[row] > x.created || c.created[row] == x.created && c.names.at(row) > x.id) {
			x.name, x.created, x.id = n.name, c.created[row], c.names.at(row)
		}
	})
	for i := range of {
		list[i].name = t.state.thingNames[of[i].name]
	}
	return list
}

// firsts keeps the first few of what it is offered.
type firsts struct {
	most  int
	after *ThingOrder
	kept  []placed
	worst *ThingOrder // nothing after it is of interest
}

// placed is a thing at its place; -1 is none that anything names.
type placed struct {
	order ThingOrder
	thing int
}

func (f *firsts) offer(o ThingOrder, thing int) {
	if f.most <= 0 || f.after != nil && o.compare(*f.after) <= 0 || f.worst != nil && o.compare(*f.worst) > 0 {
		return
	}
	if f.kept = append(f.kept, placed{o, thing}); len(f.kept) >= 4*f.most+64 {
		f.list()
		worst := f.kept[len(f.kept)-1].order
		f.worst = &worst
	}
}

func (f *firsts) list() []placed {
	slices.SortFunc(f.kept, func(a, b placed) int { return a.order.compare(b.order) })
	f.kept = f.kept[:min(len(f.kept), f.most)]
	return f.kept
}
