package worker

import (
	"context"
	"slices"
	"sync"
)

// turns hands out places. Who waits is served person by person, not query by query: ten queries of one person keep another's from
// running for as long as one of them takes, and not for ten times as long.
type turns struct {
	mu      sync.Mutex
	free    int            // places
	most    int            // of them one person has while others wait
	running map[string]int // by person
	waiting map[string][]chan struct{}
	order   []string // who waits, the next first
}

// maxWaiting is how many queries of one person may wait.
const maxWaiting = 20

func (t *turns) wait(ctx context.Context, person string) (release func(), err error) {
	t.mu.Lock()
	if t.running == nil {
		t.running, t.waiting = map[string]int{}, map[string][]chan struct{}{}
	}
	if len(t.waiting[person]) >= maxWaiting {
		t.mu.Unlock()
		return nil, &Error{Code: Busy}
	}
	turn := make(chan struct{})
	if len(t.waiting[person]) == 0 {
		t.order = append(t.order, person)
	}
	t.waiting[person] = append(t.waiting[person], turn)
	t.serve()
	t.mu.Unlock()
	release = func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.free++
		if t.running[person]--; t.running[person] == 0 {
			delete(t.running, person)
		}
		t.serve()
	}
	select {
	case <-turn:
		return release, nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	i := slices.Index(t.waiting[person], turn)
	if i >= 0 {
		t.waiting[person] = slices.Delete(t.waiting[person], i, i+1)
		t.forget(person)
	}
	t.mu.Unlock()
	if i < 0 { // its turn had just come
		release()
	}
	return nil, &Error{Code: Cancelled}
}

// serve gives free places to those who wait, and to nobody more than they may have: one place is always left for somebody else.
func (t *turns) serve() {
	for t.free > 0 && len(t.order) > 0 {
		next := slices.IndexFunc(t.order, func(person string) bool { return t.running[person] < t.most })
		if next < 0 {
			return
		}
		person := t.order[next]
		turn := t.waiting[person][0]
		t.waiting[person] = t.waiting[person][1:]
		t.order = slices.Delete(t.order, next, next+1)
		if len(t.waiting[person]) > 0 {
			t.order = append(t.order, person)
		}
		t.forget(person)
		t.free--
		t.running[person]++
		close(turn)
	}
}

func (t *turns) forget(person string) {
	if len(t.waiting[person]) > 0 {
		return
	}
	delete(t.waiting, person)
	if i := slices.Index(t.order, person); i >= 0 {
		t.order = slices.Delete(t.order, i, i+1)
	}
}
