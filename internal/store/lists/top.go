package lists

import "slices"

// top keeps the first few of the rows that it is offered, the worst of them at its head.
type top struct {
	keys []key
	from *bound
	most int
	list []place
}

// walk goes through chunks for a page, as far as it has to.
func (t *top) walk(skip, chunks int, spans func(chunk int) *[2]span, ready func(chunk int, f *frame)) Page {
	order := t.inOrder(chunks, spans)
	p := Page{Counted: len(order) == chunks}
	var f frame
	for _, c := range order {
		if t.full(spans(c)) {
			p.Counted = false
			break // all that follow are worse
		}
		ready(c, &f)
		p.Total += f.rows.count()
		f.rows.each(func(row int) { t.offer(&f, row) })
	}
	for _, at := range t.sorted(skip) {
		p.Numbers, p.Cursors = append(p.Numbers, at.number), append(p.Cursors, at.cursor(t.keys))
	}
	return p
}

// offer takes a row into account.
func (t *top) offer(f *frame, row int) {
	if len(t.list) == t.most && t.most > 0 && !t.keys[0].textual() { // most are worse, and seen to be at once
		n, worst := t.keys[0].number(f, row), t.list[0].values[0].number
		if n > worst && !t.keys[0].desc || n < worst && t.keys[0].desc {
			return
		}
	}
	if t.from != nil && !t.from.before(t.keys, f, row) {
		return
	}
	if len(t.list) == t.most && (t.most == 0 || !t.better(f, row)) {
		return
	}
	if len(t.list) < t.most {
		t.list = append(t.list, place{values: make([]value, len(t.keys))})
		t.list[len(t.list)-1].be(t.keys, f, row)
		t.up(len(t.list) - 1)
		return
	}
	t.list[0].be(t.keys, f, row)
	t.down(0, len(t.list))
}

func (p *place) be(keys []key, f *frame, row int) {
	p.number = f.base + int64(row)
	for i := range keys {
		p.values[i] = keys[i].of(f, row)
	}
}

// better tells whether a row comes before the worst one, looking at as few of its keys as that takes.
func (t *top) better(f *frame, row int) bool {
	worst := &t.list[0]
	for i := range t.keys {
		k := &t.keys[i]
		if n := k.compare(k.of(f, row), worst.values[i]); n != 0 {
			return n < 0
		}
	}
	return false
}

func (t *top) less(a, b *place) bool {
	for i := range t.keys {
		if n := t.keys[i].compare(a.values[i], b.values[i]); n != 0 {
			return n < 0
		}
	}
	return false
}

func (t *top) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.less(&t.list[parent], &t.list[i]) {
			return
		}
		t.list[parent], t.list[i] = t.list[i], t.list[parent]
		i = parent
	}
}

func (t *top) down(i, n int) {
	for {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && t.less(&t.list[child], &t.list[child+1]) {
			child++
		}
		if !t.less(&t.list[i], &t.list[child]) {
			return
		}
		t.list[i], t.list[child] = t.list[child], t.list[i]
		i = child
	}
}

// sorted gives what is kept in order, without the first few of it.
func (t *top) sorted(skip int) []place {
	for n := len(t.list) - 1; n > 0; n-- {
		t.list[0], t.list[n] = t.list[n], t.list[0]
		t.down(0, n)
	}
	return t.list[min(skip, len(t.list)):]
}

// full tells whether no row of a chunk can be among the first any more, by the chunk's times.
func (t *top) full(spans *[2]span) bool {
	k := &t.keys[0]
	return t.most == 0 || len(t.list) == t.most && k.byTime() && k.compare(value{number: k.best(spans)}, t.list[0].values[0]) > 0
}

// inOrder gives the chunks, those first in which the first rows are likely to be: with an order by time those that begin first, without
// those that end before the page begins; otherwise the newest or the oldest.
func (t *top) inOrder(chunks int, spans func(chunk int) *[2]span) []int {
	k := &t.keys[0]
	list := make([]int, 0, chunks)
	for c := range chunks {
		if t.from != nil && k.byTime() {
			from := t.from.values[0].number
			if s := spans(c)[k.which]; k.desc && s.low > from || !k.desc && s.high < from {
				continue
			}
		}
		list = append(list, c)
	}
	if !k.byTime() {
		if t.keys[len(t.keys)-1].desc {
			slices.Reverse(list)
		}
		return list
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return k.compare(value{number: k.best(spans(a))}, value{number: k.best(spans(b))})
	})
	return list
}
