package rbac

// pile keeps many short lists in few pieces of memory: a large comparison makes hundreds of thousands of them.
type pile[T any] struct {
	full [][]T
	open []T
}

const pileSize = 2048

// room gives an empty list with place for n.
func (p *pile[T]) room(n int) []T {
	if len(p.open)+n > cap(p.open) {
		if len(p.open) > 0 {
			p.full = append(p.full, p.open)
		}
		p.open = make([]T, 0, max(n, min(pileSize, 2*cap(p.open)), 8))
	}
	from := len(p.open)
	p.open = p.open[:from+n]
	return p.open[from : from : from+n]
}

// keep gives a copy of the list.
func (p *pile[T]) keep(list ...T) []T { return append(p.room(len(list)), list...) }

// shelves are all that was kept, in order.
func (p *pile[T]) shelves() [][]T { return append(p.full, p.open) }
