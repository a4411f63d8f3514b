package events

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// growing is the segment that is being written: batches go into it for as long as none is of an earlier time than the one before, or has a
// column that those before had not.
type growing struct {
	table *schema.Table
	file  string
	used  []bool // which columns it has
	rows  int
	last  Ticks
}

// follows tells whether the rows of a batch, of which the oldest is of a time, may go into the segment.
func (g *growing) follows(b *Batch, from Ticks) bool {
	if g == nil || g.table != b.Table || b.Table.Timestamp == "" || from < g.last || g.rows+b.Rows > mergeRows {
		return false
	}
	for i, used := range g.used {
		if b.Columns[i].Used && !used {
			return false
		}
	}
	return true
}

// mayGrow tells whether a batch that stands in the order of time is written already, and the segment goes on: not when that would end the
// segment of another table, to which more may come.
func (l *Load) mayGrow(b *Batch) bool {
	if err := l.written(); err != nil {
		return true // and tells it
	}
	return b.Table.Timestamp != "" && (l.growing == nil || l.growing.table == b.Table && b.Times[0] >= l.growing.last)
}

// write begins to write a batch while the next is gathered; the one before is done by then.
func (l *Load) write(ctx context.Context, t *schema.Table) error {
	if err := l.written(); err != nil {
		return err
	}
	b := l.batches[t]
	delete(l.batches, t)
	if b == nil || b.Rows == 0 {
		return nil
	}
	b.finish()
	if t.Timestamp != "" {
		l.batches[t] = l.s.batch(t, b.Arrived)
		l.batches[t].after(b)
	}
	done := make(chan outcome, 1)
	l.writing = done
	go func() {
		added, err := l.put(ctx, b)
		if err != nil {
			err = fmt.Errorf("write rows of %s: %w", t.Name, err)
		}
		done <- outcome{b, added, err}
	}()
	return nil
}

// put writes a batch into the segment that is growing, or if that cannot be, into a new one.
func (l *Load) put(ctx context.Context, b *Batch) (added int64, err error) {
	t, from, to := b.Table, slices.Min(b.Times), slices.Max(b.Times)
	if !l.growing.follows(b, from) {
		if err := l.seal(ctx); err != nil {
			return 0, err
		}
	}
	var others []string
	for _, g := range append(slices.Clone(l.m.Segments), l.pending...) {
		if g.Table == t.Name && (t.Timestamp == "" || g.To >= from && g.From <= to) {
			others = append(others, filepath.Join(l.s.dir, g.File))
		}
	}
	if l.growing == nil {
		l.growing = &growing{table: t, file: l.m.name(t.Physical())}
		for i := range b.Columns {
			before := l.s.used[t]
			l.growing.used = append(l.growing.used, b.Columns[i].Used || before != nil && before[i])
		}
		l.s.used[t] = l.growing.used
		if err := l.writer.Begin(ctx, t, l.growing.used, filepath.Join(l.s.dir, l.growing.file), b.Rows); err != nil {
			return 0, err
		}
	}
	l.growing.rows, l.growing.last = l.growing.rows+b.Rows, to
	return l.writer.Add(ctx, b, others)
}

// seal ends the segment that is growing, if one is.
func (l *Load) seal(ctx context.Context) error {
	if l.growing == nil {
		return nil
	}
	sealed, err := l.writer.Seal(ctx)
	if err != nil {
		return err
	}
	grown := l.growing
	if l.growing = nil; sealed.Rows == 0 {
		return nil
	}
	g, err := l.s.segment(grown.table.Name, grown.file, sealed, l.arrived)
	l.pending = append(l.pending, g)
	return err
}

// outcome is what became of a batch.
type outcome struct {
	batch *Batch
	added int64
	err   error
}

// written waits for the batch that is being written.
func (l *Load) written() error {
	if l.writing == nil {
		return nil
	}
	o := <-l.writing
	l.writing = nil
	if o.err != nil {
		return o.err
	}
	table, known := o.batch.Table.Name, int64(o.batch.Rows)-o.added
	l.s.free(o.batch)
	l.report.Known += known
	l.count(table).Duplicate += known
	if l.report.New += o.added; o.added > 0 {
		l.report.Tables[table] += o.added
	}
	return nil
}
