package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Retention is how much is kept. Zero values set no limit.
type Retention struct {
	Days  int   // a row is kept for so long after its time, and after it arrived: an old export can be loaded to hunt in it
	Bytes int64 // the oldest segments go when all are larger than that
}

// When segments are merged. Small ones cost a query time, large ones cost the merging.
const (
	mergeFrom  = 8         // at least as many of about the same size
	mergeTo    = 64        // and up to as many at once
	mergeRows  = 1_000_000 // of up to so many rows
	mergeSort  = 400_000   // or so many, where they have to be sorted: whole rows are held in memory for it
	mergeLeave = 200_000   // what has so many is left alone
	graceFiles = 15 * time.Minute
)

// Maintain does what keeps the store small and quick: takes away what is too old or too much, and merges small segments. It waits for its
// turn where this process loads, does nothing while another does, and keeps nobody from loading while it merges. It is called again and
// again.
func (s *Store) Maintain(ctx context.Context, keep Retention) error {
	s.mu.Lock()
	s.spare = nil
	s.mu.Unlock()
	if m, err := s.current(); err != nil || len(m.Segments)+len(m.Gone) == 0 {
		return err
	}
	unlock, err := s.merging()
	if err != nil || unlock == nil {
		return err
	}
	defer unlock()
	for range 16 {
		more, err := s.maintain(ctx, keep)
		if errors.Is(err, errBusy) {
			return nil
		}
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// merging makes this goroutine the one that merges, and takes away what one before had begun; nil: another one does.
func (s *Store) merging() (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(s.dir, "merge.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the event store: %w", err)
	}
	if held, err := tryLock(f); err != nil || !held {
		return nil, errors.Join(err, f.Close())
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, mergePrefix+"*"))
	for _, name := range left {
		_ = os.RemoveAll(name)
	}
	return func() { _ = f.Close() }, nil
}

// mergePrefix begins the name of the directory in which segments are merged.
const mergePrefix = "merge-"

// maintain takes away what is to go, and merges once. Which segments become one is decided while nobody writes, and so is it when they give
// way to it; in between others may add segments, and nobody but who merges takes any away.
func (s *Store) maintain(ctx context.Context, keep Retention) (more bool, err error) {
	l, err := s.begin(ctx, false)
	if err != nil {
		return false, err
	}
	defer l.Discard()
	changed := l.forget()
	if l.retain(keep) {
		changed = true
	}
	if changed {
		if err := l.m.write(s.dir); err != nil {
			return false, err
		}
	}
	floor := l.floor(keep)
	old := l.choose(floor)
	l.Discard()
	if old == nil {
		return false, nil
	}
	dir, err := os.MkdirTemp(s.dir, mergePrefix)
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	merged := filepath.Join(dir, "merged"+segmentSuffix)
	sealed, err := s.merge(ctx, dir, old, merged, floor)
	if err != nil {
		return false, fmt.Errorf("merge segments of %s: %w", old[0].Table, err)
	}
	if l, err = s.begin(ctx, true); err != nil {
		return false, err
	}
	defer l.Discard()
	if err := l.replace(old, merged, sealed); err != nil {
		return false, err
	}
	return true, l.m.write(s.dir)
}

// merge writes the rows of segments as one, the oldest first.
func (s *Store) merge(ctx context.Context, scratch string, old []Segment, file string, floor Ticks) (Sealed, error) {
	w, err := s.engine.Writer(ctx, scratch)
	if err != nil {
		return Sealed{}, err
	}
	defer w.Close()
	var files []string
	for _, g := range old {
		files = append(files, filepath.Join(s.dir, g.File))
	}
	return w.Merge(ctx, old[0].Table, files, file, floor)
}

// forget removes files that no query can be about to open any more.
func (l *Load) forget() bool {
	before := len(l.m.Gone)
	l.m.Gone = slices.DeleteFunc(l.m.Gone, func(g gone) bool {
		if age := l.arrived.Sub(g.Since); age >= 0 && age < graceFiles {
			return false
		}
		err := os.Remove(filepath.Join(l.s.dir, g.File))
		return err == nil || errors.Is(err, os.ErrNotExist)
	})
	return len(l.m.Gone) != before
}

func (l *Load) floor(keep Retention) Ticks {
	if keep.Days <= 0 {
		return 0
	}
	return TicksOf(l.arrived.AddDate(0, 0, -keep.Days))
}

// retain takes segments away: those in which every row is too old, and the oldest while there is too much.
func (l *Load) retain(keep Retention) bool {
	floor := l.floor(keep)
	var total int64
	for _, g := range l.m.Segments {
		total += g.Bytes
	}
	slices.SortStableFunc(l.m.Segments, func(a, b Segment) int {
		switch {
		case a.To < b.To:
			return -1
		case a.To > b.To:
			return 1
		}
		return 0
	})
	n := 0
	for _, g := range l.m.Segments {
		if (g.To >= floor || TicksOf(g.Arrived) >= floor) && (keep.Bytes <= 0 || total <= keep.Bytes) {
			l.m.Segments[n] = g
			n++
			continue
		}
		total -= g.Bytes
		l.m.counts(g.Table).Expired += g.Rows
		l.m.Gone = append(l.m.Gone, gone{g.File, l.arrived})
	}
	taken := n < len(l.m.Segments)
	l.m.Segments = l.m.Segments[:n]
	return taken
}

// tier is how large a segment is, by powers of eight. Those of a tier are merged into one of the next.
func tier(rows int64) int {
	n := 0
	for rows >= mergeFrom {
		rows /= mergeFrom
		n++
	}
	return n
}

// choose gives segments that are to be one, the oldest first; or one, that has many rows which are too old.
func (l *Load) choose(floor Ticks) []Segment {
	type place struct {
		table string
		tier  int
	}
	groups, rows := map[place][]Segment{}, map[place]int64{}
	var chosen []Segment
	for _, g := range l.m.Segments {
		if TicksOf(g.Arrived) < floor && g.From < floor && float64(floor-g.From) > 0.5*float64(g.To-g.From) && floor-g.From > day {
			return []Segment{g}
		}
		if g.Rows >= mergeLeave {
			continue
		}
		p := place{g.Table, tier(g.Rows)}
		groups[p] = append(groups[p], g)
		if rows[p] += g.Rows; len(groups[p]) >= mergeFrom {
			chosen = groups[p]
			if rows[p] >= mergeRows || len(chosen) == mergeTo {
				break
			}
		}
	}
	slices.SortStableFunc(chosen, func(a, b Segment) int { return cmp.Compare(a.From, b.From) })
	overlap := false
	for i := 1; i < len(chosen); i++ {
		overlap = overlap || chosen[i].From < chosen[i-1].To
	}
	if !overlap {
		return chosen
	}
	few, total := 0, int64(0)
	for few < min(len(chosen), mergeFrom) && (few < 2 || total+chosen[few].Rows <= mergeSort) {
		total += chosen[few].Rows
		few++
	}
	return chosen[:few]
}

// replace puts what segments were merged into in their place.
func (l *Load) replace(old []Segment, merged string, sealed Sealed) error {
	table, file := old[0].Table, l.m.name("m")
	arrived, rows := old[0].Arrived, int64(0)
	for _, g := range old {
		l.m.Gone = append(l.m.Gone, gone{g.File, l.arrived})
		if rows += g.Rows; g.Arrived.After(arrived) {
			arrived = g.Arrived
		}
	}
	l.m.Segments = slices.DeleteFunc(l.m.Segments, func(g Segment) bool {
		return slices.ContainsFunc(old, func(o Segment) bool { return o.File == g.File })
	})
	l.m.counts(table).Expired += rows - sealed.Rows
	if sealed.Rows == 0 {
		return nil
	}
	if err := os.Rename(merged, filepath.Join(l.s.dir, file)); err != nil {
		return err
	}
	g, err := l.s.segment(table, file, sealed, arrived)
	l.m.Segments = append(l.m.Segments, g)
	return err
}
