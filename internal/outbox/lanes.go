package outbox

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// Lanes hand things over side by side. Each receiver has a lane of its own with room for a few at once, so that one that hangs holds
// up what is for it, and nothing else. The zero value is ready.
type Lanes struct {
	mu    sync.Mutex
	in    map[string]int  // by lane
	under map[string]bool // by id: what is under way
	all   sync.WaitGroup
}

// Start runs f in a lane. False: the lane is full, or what has this id is under way.
func (l *Lanes) Start(lane, id string, f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.in[lane] >= atOnce || l.under[id] {
		return false
	}
	if l.in == nil {
		l.in, l.under = map[string]int{}, map[string]bool{}
	}
	l.in[lane]++
	l.under[id] = true
	l.all.Go(func() {
		defer l.end(lane, id)
		f()
	})
	return true
}

func (l *Lanes) end(lane, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.under, id)
	if l.in[lane]--; l.in[lane] == 0 {
		delete(l.in, lane)
	}
}

// Full names the lanes that take nothing more at this moment.
func (l *Lanes) Full() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var full []string
	for lane, n := range l.in {
		if n >= atOnce {
			full = append(full, lane)
		}
	}
	return full
}

// Busy gives the ids of what is under way.
func (l *Lanes) Busy() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.under))
}

// Drain calls begin, which starts what is due, tells how much that was and how each ended, and waits for it, until nothing more is
// due or something goes wrong. It gives how much it was.
func (l *Lanes) Drain(begin func(ended func(error)) (int, error)) (int, error) {
	var mu sync.Mutex
	var wrong []error
	for total := 0; ; {
		n, err := begin(func(err error) {
			mu.Lock()
			defer mu.Unlock()
			wrong = append(wrong, err)
		})
		l.Wait()
		total += n
		if err = errors.Join(append(wrong, err)...); err != nil || n == 0 {
			return total, err
		}
	}
}

// Wait waits until nothing is under way.
func (l *Lanes) Wait() { l.all.Wait() }
