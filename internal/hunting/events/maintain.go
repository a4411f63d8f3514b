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
	mergeRows  = 1_000_000 // of up to so many rows; what has half as many is left alone
	graceFiles = 15 * time.Minute
)

// Maintain does what keeps the store small and quick: takes away what is too old or too much, and merges small segments. It does
// nothing while another process loads, and waits for its turn where this one does: else loads one after the other would keep it from
// ever merging. It gives way after each merge. It is called again and again.
func (s *Store) Maintain(ctx context.Context, keep Retention) error {
	s.mu.Lock()
	s.spare = nil
	s.mu.Unlock()
	if m, err := s.current(); err != nil || len(m.Segments)+len(m.Gone) == 0 {
		return err
	}
	l, err := s.begin(ctx, false)
	if errors.Is(err, errBusy) {
		return nil
	}
	if err != nil {
		return err
	}
	defer l.Discard()
	changed := l.forget()
	if l.retain(keep) {
		changed = true
	}
	if changed {
		if err := l.m.write(s.dir); err != nil {
			return err
		}
	}
	for range 16 { // not so many that loads wait for long
		merged, err := l.merge(ctx, l.floor(keep))
		if err != nil || !merged {
			return err
		}
		if err := l.m.write(s.dir); err != nil {
			return err
		}
		if s.waiting.Load() > 0 {
			return nil
		}
	}
	return nil
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

// merge merges one group of segments, or writes one anew that has many rows which are too old.
func (l *Load) merge(ctx context.Context, floor Ticks) (bool, error) {
	type place struct {
		table string
		tier  int
	}
	groups, rows := map[place][]Segment{}, map[place]int64{}
	var chosen []Segment
	for _, g := range l.m.Segments {
		if TicksOf(g.Arrived) < floor && g.From < floor && float64(floor-g.From) > 0.5*float64(g.To-g.From) && floor-g.From > day {
			chosen = []Segment{g}
			break
		}
		if g.Rows >= mergeRows/2 {
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
	if chosen == nil {
		return false, nil
	}
	return true, l.replace(ctx, chosen, floor)
}

func (l *Load) replace(ctx context.Context, old []Segment, floor Ticks) error {
	slices.SortStableFunc(old, func(a, b Segment) int { return cmp.Compare(a.From, b.From) })
	table, file := old[0].Table, l.m.name("m")
	var files []string
	var rows int64
	arrived := old[0].Arrived
	for _, g := range old {
		files = append(files, filepath.Join(l.s.dir, g.File))
		rows += g.Rows
		if g.Arrived.After(arrived) {
			arrived = g.Arrived
		}
	}
	sealed, err := l.writer.Merge(ctx, table, files, filepath.Join(l.s.dir, file), floor)
	if err != nil {
		return fmt.Errorf("merge segments of %s: %w", table, err)
	}
	l.m.Segments = slices.DeleteFunc(l.m.Segments, func(g Segment) bool {
		return slices.ContainsFunc(old, func(o Segment) bool { return o.File == g.File })
	})
	for _, g := range old {
		l.m.Gone = append(l.m.Gone, gone{g.File, l.arrived})
	}
	l.m.counts(table).Expired += rows - sealed.Rows
	if sealed.Rows == 0 {
		return nil
	}
	g, err := l.s.segment(table, file, sealed, arrived)
	if err != nil {
		return err
	}
	l.m.Segments = append(l.m.Segments, g)
	return nil
}
