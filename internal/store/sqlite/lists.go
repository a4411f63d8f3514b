package sqlite

import (
	"context"
	"slices"
	"sync"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// follower holds in memory what lists are answered from, for some of the last states of the data: a question is answered from the very
// state that its own transaction reads, or else by SQL. It follows list_changes, in which every change leaves a row, whoever made it.
type follower struct {
	mu      sync.Mutex
	builder *lists.Builder
	recent  []*lists.State // the newest first
	behind  bool           // somebody is catching up in the background, and has the builder

	mostInline int64 // changes that a question reads by itself: more are read in the background
	mostSteps  int64 // changes that are followed: with more of them, everything is read anew

	ctx      context.Context
	stop     context.CancelFunc
	catching sync.WaitGroup
}

const (
	mostStates = 8       // that are kept
	mostKept   = 200_000 // changes that are remembered
)

func newFollower() *follower {
	l := &follower{mostInline: 5_000, mostSteps: 50_000}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

// close ends what is done in the background.
func (l *follower) close() {
	l.stop()
	l.catching.Wait()
}

// WarmLists begins to ready what lists are answered from, so that the first who ask find it.
func (s *Store) WarmLists(ctx context.Context) error {
	return s.View(ctx, func(tx store.Reader) error {
		_, err := tx.(*reader).columns()
		return err
	})
}

// ReadyLists does so, and waits until it is ready.
func (s *Store) ReadyLists(ctx context.Context) error {
	err := s.WarmLists(ctx)
	s.lists.catching.Wait()
	return err
}

// columns gives what this transaction sees as columns; nil if that is not at hand.
func (r *reader) columns() (*lists.State, error) {
	if r.store == nil || r.asked { // a writer sees what nobody else does
		return r.state, nil
	}
	r.asked = true
	seq, err := r.lastChange()
	if err != nil {
		return nil, err
	}
	l := r.store.lists
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.recent {
		if s.Seq == seq {
			r.state = s
			return s, nil
		}
	}
	var rows int64
	switch {
	case l.behind || len(l.recent) > 0 && l.recent[0].Seq > seq:
		return nil, nil
	case len(l.recent) > 0:
		rows = seq - l.recent[0].Seq
	default:
		if _, err := r.one(`SELECT coalesce(max(n), 0) FROM alerts`, nil, &rows); err != nil {
			return nil, err
		}
	}
	if rows > l.mostInline {
		l.catchUp(r.store)
		return nil, nil
	}
	builder, state, err := r.follow(l.builder, l.recent, seq)
	if err == nil {
		l.keep(builder, state)
		r.state = state
	}
	return r.state, err
}

func (r *reader) lastChange() (seq int64, err error) {
	_, err = r.one(`SELECT coalesce(max(seq), 0) FROM list_changes`, nil, &seq)
	return seq, err
}

func (l *follower) keep(builder *lists.Builder, s *lists.State) {
	l.builder, l.recent = builder, slices.Insert(l.recent, 0, s)
	l.recent = l.recent[:min(mostStates, len(l.recent))]
}

// catchUp reads what is new in the background, in a transaction of its own. Meanwhile nobody else does.
func (l *follower) catchUp(s *Store) {
	l.behind = true
	builder, recent := l.builder, slices.Clone(l.recent)
	l.catching.Go(func() {
		var state *lists.State
		err := s.View(l.ctx, func(tx store.Reader) error {
			r := tx.(*reader)
			seq, err := r.lastChange()
			if err == nil {
				builder, state, err = r.follow(builder, recent, seq)
			}
			return err
		})
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.behind = false; err == nil { // or the next who asks tries again
			l.keep(builder, state)
		}
	})
}

// follow makes the state that r reads: from the last one, if not too much has changed since, or from the beginning.
func (r *reader) follow(builder *lists.Builder, recent []*lists.State, seq int64) (*lists.Builder, *lists.State, error) {
	var first int64
	if _, err := r.one(`SELECT coalesce(min(seq), 0) FROM list_changes`, nil, &first); err != nil {
		return nil, nil, err
	}
	if len(recent) == 0 || first > recent[0].Seq+1 || seq-recent[0].Seq > r.store.lists.mostSteps {
		builder = lists.NewBuilder()
		err := r.listedThings(builder)
		if err == nil {
			err = r.listedAlerts(builder, ``, builder.Alert)
		}
		if err == nil {
			err = r.listedIncidents(``, builder.Incident)
		}
		if err != nil {
			return nil, nil, err
		}
		return builder, builder.Finish(seq), nil
	}
	since := recent[0].Seq
	alerts, err := r.changed(`alert`, since)
	if err != nil {
		return nil, nil, err
	}
	incidents, err := r.changed(`incident`, since)
	if err != nil {
		return nil, nil, err
	}
	// First all is read, and only then taken in: who hangs up meanwhile leaves nothing half done.
	newAlerts, newIncidents := map[int64]lists.Alert{}, map[int64]lists.Incident{}
	if len(alerts) > 0 {
		err = r.listedAlerts(builder, `WHERE a.n IN (SELECT alert FROM list_changes WHERE seq > ? AND alert IS NOT NULL)`, func(a lists.Alert) { newAlerts[a.Number] = a }, since)
	}
	if err == nil && len(incidents) > 0 {
		err = r.listedIncidents(`WHERE i.n IN (SELECT incident FROM list_changes WHERE seq > ? AND incident IS NOT NULL)`, func(i lists.Incident) { newIncidents[i.Number] = i }, since)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, n := range alerts {
		a := newAlerts[n] // or there is none any more
		a.Number = n
		builder.Alert(a)
	}
	for _, n := range incidents {
		i := newIncidents[n]
		i.Number = n
		builder.Incident(i)
	}
	return builder, builder.Finish(seq), nil
}

// forgetChanges keeps the list of changes short.
func (w *writer) forgetChanges() error {
	_, err := w.exec(`DELETE FROM list_changes WHERE seq <= (SELECT max(seq) FROM list_changes) - ?`, mostKept)
	return err
}
