package investigation

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// How the queue is watched: the store's version is asked often, and costs next to nothing; only if it has moved is the data
// asked, once for all who watch.
const (
	watchEvery = 500 * time.Millisecond
	watchLost  = 90 * time.Second // after which somebody who does not ask again watches no more
	mostWatch  = 20               // of one person, the latest: a browser has as many windows
)

// watch tells watchers that something has changed. What changed is kept for each of them until they ask; whether it is in
// their sight is for their own reach to say, at that moment.
type watch struct {
	mu       sync.Mutex
	watchers map[string]*watcher
	running  bool
	looking  sync.Mutex // taken first

	// What is known of the data: the version that it was read at, the last change, and the classes in the numbers of a policy.
	version  uint64
	last     int64
	snapshot *rbac.Snapshot
	known    classes
}

type watcher struct {
	reader string
	asked  time.Time
	wake   chan struct{}  // holds one
	news   map[int64]bool // the classes in which something has happened since they last asked
	looked bool
	open   []int64 // the classes that were in sight when last looked
}

// Changed waits until something changes among the alerts and incidents that a reader sees, and tells whether it did in that
// time. The same key goes on from where it ended: nothing is missed between two calls. What is out of sight wakes nobody.
func (s *Service) Changed(ctx context.Context, reader, key string, wait time.Duration) (bool, error) {
	if err := s.readyToWatch(ctx); err != nil {
		return false, err
	}
	w := s.watching(reader, key)
	end := time.NewTimer(wait)
	defer end.Stop()
	for {
		seen, err := s.inSight(ctx, w)
		if seen || err != nil {
			return seen, err
		}
		select {
		case <-w.wake:
		case <-end.C:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// readyToWatch makes sure that whoever begins to watch is told of what comes, and not of what was before.
func (s *Service) readyToWatch(ctx context.Context) error {
	s.watch.mu.Lock()
	running := s.watch.running
	s.watch.mu.Unlock()
	if running {
		return nil
	}
	return s.lookOnce(ctx)
}

// watching finds who asks under a key, or begins to watch.
func (s *Service) watching(reader, key string) *watcher {
	h := &s.watch
	h.mu.Lock()
	defer h.mu.Unlock()
	key = reader + "\x00" + key
	w := h.watchers[key]
	if w == nil {
		w = &watcher{reader: reader, wake: make(chan struct{}, 1)}
		if h.watchers == nil {
			h.watchers = map[string]*watcher{}
		}
		h.watchers[key] = w
		h.bound(reader)
	}
	w.asked = s.now()
	if !h.running {
		h.running = true
		go s.look()
	}
	return w
}

// bound ends the watches of one person that have not been asked for longest.
func (h *watch) bound(reader string) {
	var keys []string
	for key, w := range h.watchers {
		if w.reader == reader {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return h.watchers[b].asked.Compare(h.watchers[a].asked) })
	for _, key := range keys[min(mostWatch, len(keys)):] {
		delete(h.watchers, key)
	}
}

// inSight takes the news of a watcher, and tells whether any of it is in their sight now: data of classes that they see, or
// that they see other classes than before. It asks the policy and nothing else.
func (s *Service) inSight(ctx context.Context, w *watcher) (bool, error) {
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	see := snapshot.Reach(w.reader, rbac.ViewInvestigation, s.now())
	if err := (&sight{snapshot: snapshot, see: see}).area("watch the queue"); err != nil {
		return false, err
	}
	h := &s.watch
	h.mu.Lock()
	defer h.mu.Unlock()
	got, known := w.news, h.known
	w.news = nil
	if !snapshot.SharesDevices(h.snapshot) { // another policy by now, or the portal is viewed as somebody
		known = classes{}.with(known.list, snapshot)
	}
	open := known.within(see).Classes
	changed := w.looked && !slices.Equal(open, w.open) // the policy may be newer here than at the last look
	for id := range got {
		changed = changed || known.opens(see, id)
	}
	w.looked, w.open = true, open
	return changed, nil
}

// look sees what changes, for as long as anybody watches.
func (s *Service) look() {
	h := &s.watch
	every := time.NewTicker(watchEvery)
	defer every.Stop()
	for range every.C {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		_ = s.lookOnce(ctx) // what fails is tried again with the next look: its version has not been taken
		cancel()
		h.mu.Lock()
		for key, w := range h.watchers {
			if s.now().Sub(w.asked) > watchLost {
				delete(h.watchers, key)
			}
		}
		done := len(h.watchers) == 0
		h.running = !done
		h.mu.Unlock()
		if done {
			return
		}
	}
}

// lookOnce asks the store, if anybody has written to it since, and tells the watchers.
func (s *Service) lookOnce(ctx context.Context) error {
	h := &s.watch
	h.looking.Lock()
	defer h.looking.Unlock()
	version, err := s.store.Version(ctx)
	if err != nil || version == h.version {
		return err
	}
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return err
	}
	var changed []int64
	var last int64
	var known classes
	err = s.store.View(ctx, func(tx store.Reader) error {
		if known, err = s.classes.read(tx, snapshot); err != nil {
			return err
		}
		changed, last, err = tx.AlertClassesChanged(h.last)
		return err
	})
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	begins := h.snapshot == nil
	policy := !begins && snapshot.Revision() != h.snapshot.Revision()
	h.version, h.last, h.snapshot, h.known = version, last, snapshot, known
	if begins || !policy && len(changed) == 0 {
		return nil
	}
	for _, w := range h.watchers {
		if w.news == nil {
			w.news = map[int64]bool{}
		}
		for _, id := range changed {
			w.news[id] = true
		}
		select {
		case w.wake <- struct{}{}:
		default: // it is going to look anyway
		}
	}
	return nil
}
