package events

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Options are how a file is loaded.
type Options struct {
	Table  string // whose rows they are, where the file does not say it; empty: the table that the file is named after, if any
	Strict bool   // one bad record takes all back

	// Row is called for each row that is taken. An error of it ends the loading.
	Row func(r Row) error
	// Foreign takes a record that is of no table. Without it, such a record is a problem.
	Foreign func(text []byte, line int) error
}

// Row is a row as it was given, for those who want to know of some tables' rows.
type Row struct {
	Table   *schema.Table
	Line    int
	Sent    []byte // when, as JSON; nil: not said
	members []member
}

// Record is the row as a record of the streaming export, whatever it came as.
func (r Row) Record(otherwise time.Time) []byte {
	sent := r.Sent
	if len(sent) == 0 {
		sent = []byte(`"` + otherwise.Format(time.RFC3339Nano) + `"`)
	}
	text := append([]byte(`{"time":`), sent...)
	text = append(append(append(text, `,"category":"`+streamPrefix...), r.Table.Name...), `","properties":`...)
	kept := slices.DeleteFunc(slices.Clone(r.members), func(m member) bool { return bytes.Contains(m.name, []byte("@")) })
	return append(appendObject(text, kept), '}')
}

// Report tells what a file brought.
type Report struct {
	Tables   map[string]int64 // rows that are new
	New      int64
	Known    int64 // rows that were there already, or stood in the file twice
	Rejected int64
	Problems []Problem // the first of what was rejected
	Unknown  map[string]int64
	Mistyped map[string]int64
	Foreign  int64
}

// maxProblems is how many problems are told one by one.
const maxProblems = 100

// Load is a file on its way in. Nothing of it is to be seen before Commit.
type Load struct {
	s        *Store
	unlock   func()
	m        *manifest // what it will be
	writer   Writer
	scratch  string
	arrived  time.Time
	batches  map[*schema.Table]*Batch
	columns  map[*schema.Table]*columns
	counts   map[string]*Counts
	pending  []Segment
	growing  *growing
	writing  chan outcome // of the batch that is being written
	report   Report
	finished bool
}

// How much is gathered before it is written. Rows that come in the order of time are written while the next are read, and into one segment for
// as long as they come, as large as merging would make it; others are sorted first, as many as may be.
const (
	orderedRows = 20_480
	batchRows   = 120_000
	batchBytes  = 96 << 20
	totalBytes  = 256 << 20
)

// Arrived is when the file's rows arrive: now.
func (l *Load) Arrived() time.Time { return l.arrived }

// Complain notes a problem that somebody else has with a row, which is taken all the same.
func (l *Load) Complain(p Problem) {
	if len(l.report.Problems) < maxProblems {
		l.report.Problems = append(l.report.Problems, p)
	}
}

// Begin begins to load. Whoever begins waits until nobody else writes, and must end with Commit or Discard.
func (s *Store) Begin(ctx context.Context) (*Load, error) { return s.begin(ctx, true) }

func (s *Store) begin(ctx context.Context, wait bool) (*Load, error) {
	unlock, err := s.lock(ctx, wait)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(s.dir)
	if err != nil {
		unlock()
		return nil, err
	}
	s.clean(m)
	scratch, err := os.MkdirTemp(s.dir, scratchPrefix)
	if err != nil {
		unlock()
		return nil, err
	}
	l := &Load{s: s, unlock: unlock, m: m, scratch: scratch, arrived: s.now().UTC(), batches: map[*schema.Table]*Batch{}, columns: map[*schema.Table]*columns{}, counts: map[string]*Counts{},
		report: Report{Tables: map[string]int64{}, Unknown: map[string]int64{}, Mistyped: map[string]int64{}}}
	if l.writer, err = s.engine.Writer(ctx, scratch); err != nil {
		l.Discard()
		return nil, err
	}
	return l, nil
}

// Takes tells whether a file is one of rows, by how it begins and what it is called. Other files may still hold some.
func Takes(name string, start []byte, table string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return true
	case ".md", ".markdown":
		return false
	}
	if bytes.HasPrefix(bytes.TrimSpace(start), []byte("---")) { // Markdown with front matter
		return false
	}
	if bytes.Contains(start, []byte(`"results"`)) && bytes.Contains(start, []byte(`"schema"`)) || bytes.Contains(start, []byte(`"Results"`)) && bytes.Contains(start, []byte(`"Schema"`)) {
		return true // a result of a hunting query
	}
	return bytes.HasPrefix(start, []byte("PAR1")) || bytes.Contains(start, []byte(streamPrefix)) || table != "" || tableOfFile(name) != nil
}

// Read reads a file. Strict or not, an error of it means that the file as a whole cannot be loaded.
func (l *Load) Read(ctx context.Context, name string, from io.Reader, o Options) error {
	hint := tableOfFile(name)
	if o.Table != "" {
		if hint = schema.Lookup(o.Table); hint == nil {
			return fault.Invalid("load", "there is no table %.80q", o.Table)
		}
	}
	s := &source{hint: hint, foreign: o.Foreign}
	s.bad = func(p Problem) error {
		l.reject(p)
		if o.Strict {
			return fault.Invalid("load", "%s: %s", name, p.Error()).WithDetails(fault.Detail{Where: fmt.Sprintf("%s:%d", name, p.Line), Problem: p.What, Want: p.Want})
		}
		return nil
	}
	if s.foreign == nil {
		s.foreign = func(_ []byte, line int) error {
			return s.bad(Problem{Line: line, What: "is of no table", Want: "a record of the streaming export, or a file named after its table, or --table"})
		}
	} else {
		s.foreign = func(text []byte, line int) error { l.report.Foreign++; return o.Foreign(text, line) }
	}
	s.row = func(t *schema.Table, row []member, graph bool, line int) error {
		sent := s.sent
		s.sent, t = nil, t.Rows()
		if p := l.add(t, row, sent, graph); p != nil {
			p.Line, p.Table = line, t.Name
			return s.bad(*p)
		}
		if o.Row != nil {
			if err := o.Row(Row{Table: t, Line: line, Sent: sent, members: row}); err != nil {
				return err
			}
		}
		return l.sealFull(ctx, t)
	}
	in := bufio.NewReaderSize(from, 256<<10)
	start, _ := in.Peek(4)
	switch {
	case string(start) == "PAR1":
		if hint == nil {
			return fault.Invalid("load", "%s: is a Parquet file that does not say of what table it is; want a file named after its table, as DeviceProcessEvents.parquet, or --table", name)
		}
		return l.parquet(ctx, name, in, s)
	case strings.EqualFold(filepath.Ext(name), ".csv"):
		if hint == nil {
			return fault.Invalid("load", "%s: is a CSV file that does not say of what table it is; want a file named after its table, as DeviceProcessEvents.csv, or --table", name)
		}
		return s.csv(in)
	}
	return s.json(in)
}

// parquet reads a file of columns, which takes a file that can be read at any place.
func (l *Load) parquet(ctx context.Context, name string, from io.Reader, s *source) error {
	f, err := os.Create(filepath.Join(l.scratch, "given.parquet"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := io.Copy(f, from); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	row := 0
	err = l.writer.Parquet(ctx, f.Name(), func(text []byte) error {
		row++
		members, err := s.split(text)
		if err != nil {
			return s.bad(Problem{Line: row, Table: s.hint.Name, What: explain(err)})
		}
		return s.row(s.hint, members, false, row)
	})
	if errors.Is(err, ErrUnreadable) {
		return fault.Invalid("load", "%s: is not a Parquet file that can be read", name)
	}
	return err
}

// ErrUnreadable is of a file that is not what it looked like.
var ErrUnreadable = errors.New("the file cannot be read")

func (l *Load) add(t *schema.Table, row []member, sent []byte, graph bool) *Problem {
	b := l.batches[t]
	if b == nil {
		b = l.s.batch(t, TicksOf(l.arrived))
		l.batches[t] = b
	}
	cs, ok := l.columns[t]
	if !ok {
		cs = columnsOf(t)
		l.columns[t] = cs
	}
	told, p := b.add(cs, row, sent, graph, l.m.Secret)
	if p != nil && p != errTwice {
		copied := *p
		return &copied
	}
	c := l.count(t.Name)
	if p == errTwice {
		l.report.Known++
		c.Duplicate++
	}
	for _, name := range told.unknown {
		count(&c.Unknown, name)
		count(&l.report.Unknown, name)
	}
	for _, name := range told.mistyped {
		count(&c.Mistyped, name)
		count(&l.report.Mistyped, name)
	}
	return nil
}

func (l *Load) count(table string) *Counts {
	c := l.counts[table]
	if c == nil {
		c = &Counts{}
		l.counts[table] = c
	}
	return c
}

func (l *Load) reject(p Problem) {
	l.report.Rejected++
	if p.Table != "" {
		l.count(p.Table).Rejected++
	}
	l.Complain(p)
}

func (l *Load) sealFull(ctx context.Context, t *schema.Table) error {
	b := l.batches[t]
	if b.Rows%1024 == 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if b.Rows >= batchRows || b.bytes >= batchBytes || b.Rows >= orderedRows && b.ordered && l.mayGrow(b) {
		return l.write(ctx, t)
	}
	if b.Rows%1024 != 0 {
		return nil
	}
	total, largest := 0, b
	for _, other := range l.batches {
		if total += other.bytes; other.bytes > largest.bytes {
			largest = other
		}
	}
	if total < totalBytes {
		return nil
	}
	return l.write(ctx, largest.Table)
}

// Finish writes what is gathered, and tells what the file brought. It is not to be seen yet.
func (l *Load) Finish(ctx context.Context) (Report, error) {
	if err := l.written(); err != nil {
		return l.report, err
	}
	tables := schema.Tables() // in the same order each time
	if l.growing != nil {
		tables = append([]*schema.Table{l.growing.table}, tables...)
	}
	for _, t := range tables {
		if l.batches[t] == nil {
			continue
		}
		if err := l.write(ctx, t); err != nil {
			return l.report, err
		}
	}
	if err := l.written(); err != nil {
		return l.report, err
	}
	return l.report, l.seal(ctx)
}

// Commit lets readers see what was loaded, after Finish. Once it returns, the rows are on disk.
func (l *Load) Commit() error {
	defer l.Discard()
	if len(l.pending) == 0 && len(l.counts) == 0 {
		return nil
	}
	l.m.Segments = append(l.m.Segments, l.pending...)
	for table, c := range l.counts {
		l.m.counts(table).merge(c)
	}
	if err := l.m.write(l.s.dir); err != nil {
		return fmt.Errorf("write down what the event store has: %w", err)
	}
	l.finished = true
	return nil
}

// Discard ends a load. What was not committed is gone.
func (l *Load) Discard() {
	if l.unlock == nil {
		return
	}
	_ = l.written()
	if l.writer != nil {
		_ = l.writer.Close()
	}
	_ = os.RemoveAll(l.scratch)
	if !l.finished {
		for _, g := range l.pending {
			_ = os.Remove(filepath.Join(l.s.dir, g.File))
		}
		if l.growing != nil {
			_ = os.Remove(filepath.Join(l.s.dir, l.growing.file))
			_ = os.Remove(filepath.Join(l.s.dir, l.growing.file+".wal"))
		}
	}
	l.unlock()
	l.unlock = nil
}

func (s *Store) segment(table, file string, sealed Sealed, arrived time.Time) (Segment, error) {
	g := Segment{File: file, Table: table, Rows: sealed.Rows, From: sealed.From, To: sealed.To, Arrived: arrived}
	info, err := os.Stat(filepath.Join(s.dir, file))
	if err != nil {
		return g, err
	}
	g.Bytes = info.Size()
	return g, nil
}
