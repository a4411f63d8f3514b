// Package events keeps what is hunted in: the rows of the tables of advanced hunting.
//
// Rows stand in segments, files that are written once and never change, and the manifest says which there are. Loading writes new
// segments aside and puts a new manifest in the place of the old one; until then there is nothing to be seen of them, and a process
// killed at any moment loses nothing that was acknowledged. Whoever holds the lock may do so, one at a time; readers need no lock,
// and no right to write. What is in a segment is known to an Engine only.
package events

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Engine writes segments and knows what is in them.
type Engine interface {
	// Writer begins to write. It is used by one goroutine at a time.
	Writer(ctx context.Context, scratch string) (Writer, error)
}

// Writer writes segments.
type Writer interface {
	// Begin begins a segment for rows of a table, of which there will be about so many or more, with those of its columns that are used. The
	// last tells whether anything is kept aside.
	Begin(ctx context.Context, t *schema.Table, used []bool, file string, rows int) error
	// Add writes a batch's rows into the segment, behind those that are there, but those that one of other segments has already. It
	// gives how many it wrote.
	Add(ctx context.Context, b *Batch, others []string) (int64, error)
	// Seal ends the segment. Then all of it is on disk.
	Seal(ctx context.Context) (Sealed, error)
	// Merge writes the rows of segments of one table as one, without those that are older than floor and came before it.
	Merge(ctx context.Context, table string, files []string, file string, floor Ticks) (Sealed, error)
	// Parquet gives the rows of a Parquet file, each as a JSON object.
	Parquet(ctx context.Context, file string, row func(text []byte) error) error
	Close() error
}

// Sealed tells what came to be in a segment. Without a row there is no file.
type Sealed struct {
	Rows     int64
	From, To Ticks
}

// Store is the event store in a directory.
type Store struct {
	dir    string
	engine Engine
	now    func() time.Time

	turn chan struct{} // held by the goroutine that writes; who waits longest is next

	used map[*schema.Table][]bool // columns that rows had lately: the next mostly have them too. Whoever has the turn changes it

	mu    sync.Mutex
	spare []*Batch  // whose rows are on disk: the next rows have room in them. Maintain lets go of them
	last  *manifest // as it was when the file looked like seen
	seen  os.FileInfo
}

// Open opens the store, which need not be there yet. now may be nil: the clock.
func Open(dir string, engine Engine, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{dir: dir, engine: engine, now: now, turn: make(chan struct{}, 1), used: map[*schema.Table][]bool{}}
}

// batch gives an empty batch for rows of a table.
func (s *Store) batch(t *schema.Table, arrived Ticks) *Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.spare, func(b *Batch) bool { return b.Table == t })
	if i < 0 {
		return newBatch(t, arrived)
	}
	b := s.spare[i]
	s.spare = slices.Delete(s.spare, i, i+1)
	b.Arrived = arrived
	return b
}

// free takes back a batch. Two are worth their room: one is gathered while the other is written.
func (s *Store) free(b *Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.again()
	if s.spare = append(s.spare, b); len(s.spare) > 2 {
		s.spare = slices.Delete(s.spare, 0, 1)
	}
}

// current is what the store has now. Nobody may change it.
func (s *Store) current() (*manifest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(filepath.Join(s.dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return &manifest{}, nil
	}
	if err != nil {
		return nil, err
	}
	if s.last != nil && os.SameFile(info, s.seen) && info.ModTime().Equal(s.seen.ModTime()) && info.Size() == s.seen.Size() {
		return s.last, nil
	}
	m, err := readManifest(s.dir)
	if err != nil {
		return nil, err
	}
	s.last, s.seen = m, info
	return m, nil
}

// Files gives the files with the rows of a table from a time on, to another, the oldest first. They stay for a while even when the
// store no longer needs them, so that a query that has begun finds them.
func (s *Store) Files(table string, from, to Ticks) ([]string, error) {
	files, _, err := s.FilesSince(table, from, to, math.MinInt64)
	return files, err
}

// FilesSince gives those of them that may have rows which have arrived since, and the time of the oldest row in them.
func (s *Store) FilesSince(table string, from, to, arrived Ticks) (files []string, oldest Ticks, err error) {
	m, err := s.current()
	if err != nil {
		return nil, 0, err
	}
	oldest = math.MaxInt64
	for _, g := range m.Segments {
		if g.Table == table && g.To >= from && g.From <= to && TicksOf(g.Arrived) >= arrived {
			files = append(files, filepath.Join(s.dir, g.File))
			oldest = min(oldest, g.From)
		}
	}
	return files, oldest, nil
}

// lock makes this process the one that writes, and this goroutine the one in it. It waits until the one before it is done, and if it may,
// until no other process writes.
func (s *Store) lock(ctx context.Context, wait bool) (unlock func(), err error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	done, err := s.lockFile(ctx, wait)
	if err != nil {
		<-s.turn
		return nil, err
	}
	return func() { done(); <-s.turn }, nil
}

// lockFile makes this process the one that writes.
func (s *Store) lockFile(ctx context.Context, wait bool) (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the event store: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "write.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the event store: %w", err)
	}
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		held, err := tryLock(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("lock the event store: %w", err)
		}
		if held {
			return func() { _ = f.Close() }, nil
		}
		if !wait {
			f.Close()
			return nil, errBusy
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

var errBusy = errors.New("another process writes to the event store")

// clean removes what a process that was killed had begun. The lock is held, so nobody else is at it.
func (s *Store) clean(m *manifest) {
	known := map[string]bool{}
	for _, g := range m.Segments {
		known[g.File] = true
	}
	for _, g := range m.Gone {
		known[g.File] = true
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".manifest-") || strings.HasPrefix(name, scratchPrefix) ||
			strings.HasSuffix(strings.TrimSuffix(name, ".wal"), segmentSuffix) && !known[name] {
			_ = os.RemoveAll(filepath.Join(s.dir, name))
		}
	}
}

const (
	segmentSuffix = ".seg"
	scratchPrefix = "scratch-"
)

// name gives a segment a file that never was another's.
func (m *manifest) name(table string) string {
	m.Next++
	return fmt.Sprintf("%s-%010d%s", table, m.Next, segmentSuffix)
}
