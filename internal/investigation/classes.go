package investigation

import (
	"slices"
	"sync"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// classes are the store's classes in the numbers of one snapshot.
type classes struct {
	list  []store.AlertClass
	place map[int64]int
	ready []rbac.Class
	known []bool // false: it names a device group that nobody knows
}

// classBook keeps what was read of them. A class changes with the device groups alone, so until then only new ones are read again.
type classBook struct {
	mu       sync.Mutex
	snapshot *rbac.Snapshot
	classes
}

// read gives all classes of the state that tx reads.
func (b *classBook) read(tx store.Reader, snapshot *rbac.Snapshot) (classes, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	last, same := int64(0), snapshot.SharesDevices(b.snapshot)
	if n := len(b.list); n > 0 && same {
		last = b.list[n-1].ID
	}
	fresh, err := tx.AlertClasses(last)
	if err != nil {
		return classes{}, err
	}
	if same && len(fresh) == 0 {
		return b.classes, nil
	}
	if same {
		b.classes = b.with(fresh, snapshot)
	} else {
		b.snapshot, b.classes = snapshot, classes{}.with(fresh, snapshot)
	}
	return b.classes, nil
}

func readClasses(tx store.Reader, snapshot *rbac.Snapshot) (classes, error) {
	list, err := tx.AlertClasses(0)
	return classes{}.with(list, snapshot), err
}

// with gives classes that have these too. What others hold of the receiver stays as it is.
func (c classes) with(fresh []store.AlertClass, snapshot *rbac.Snapshot) classes {
	n := len(c.list) + len(fresh)
	w := classes{make([]store.AlertClass, 0, n), make(map[int64]int, n), make([]rbac.Class, 0, n), make([]bool, 0, n)}
	w.list, w.ready, w.known = append(w.list, c.list...), append(w.ready, c.ready...), append(w.known, c.known...)
	for _, f := range fresh {
		r, ok := snapshot.Class(f.Item)
		w.list, w.ready, w.known = append(w.list, f), append(w.ready, r), append(w.known, ok)
	}
	for i, f := range w.list {
		w.place[f.ID] = i
	}
	return w
}

// visible are the classes that a reach opens. All of them is said as such: then the query needs no condition.
func (c classes) visible(r rbac.Reach) store.Visible {
	var seen, hidden []int64
	for i, class := range c.ready {
		if c.known[i] && r.OpensClass(class) {
			seen = append(seen, c.list[i].ID)
		} else {
			hidden = append(hidden, c.list[i].ID)
		}
	}
	switch {
	case len(seen) > 0 && len(hidden) == 0:
		return store.Visible{All: true}
	case len(seen) > manyClasses && len(hidden) < len(seen)/2:
		return store.Visible{Hidden: hidden, UpTo: c.list[len(c.list)-1].ID}
	}
	return store.Visible{Classes: seen}
}

// whole are the classes, of those that a reach opens, of which it reaches every device: it takes all of the evidence (S8).
func (c classes) whole(r rbac.Reach) store.Visible {
	if r.AllDevices() {
		return store.Visible{All: true}
	}
	var list []int64
	for i, class := range c.ready {
		part := func(g string) bool { return !r.DeviceGroup(g) }
		if c.known[i] && r.OpensClass(class) && (!c.list[i].Item.Workloads.Has(rbac.Endpoint) || !slices.ContainsFunc(c.list[i].Item.DeviceGroups, part)) {
			list = append(list, c.list[i].ID)
		}
	}
	return store.Visible{Classes: list}
}

// manyClasses is where a list of what is hidden begins to pay.
const manyClasses = 64

// opens tells whether a reach opens one class.
func (c classes) opens(r rbac.Reach, id int64) bool {
	i, ok := c.place[id]
	return ok && c.known[i] && r.OpensClass(c.ready[i])
}

func (c classes) item(id int64) rbac.Item {
	if i, ok := c.place[id]; ok {
		return c.list[i].Item
	}
	return rbac.Item{}
}
