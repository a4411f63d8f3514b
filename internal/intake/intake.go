// Package intake takes files in: what is for people to work on goes to the investigation's room, rows of the tables that are
// hunted in to the event store, and rows of a few tables to both. What a file holds is found out from what is in it.
package intake

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Service takes files in.
type Service struct {
	Investigation *investigation.Service
	Events        *events.Store // nil: there is none, and rows are refused that would go there
}

// Options are how a file is taken in.
type Options struct {
	Table  string // whose rows they are, where the file does not say it
	Strict bool   // one bad row takes the whole file back
}

// Loaded tells what a file brought.
type Loaded struct {
	investigation.Loaded
	Problems []events.Problem `json:"problems,omitempty"` // the first of the rejected rows
	Unknown  map[string]int64 `json:"unknown,omitempty"`  // columns that no table has, and how many rows had them
	Mistyped map[string]int64 `json:"mistyped,omitempty"`
}

// Load takes a file in. Of alerts and all else that people work on none comes in if one is at fault; of rows that are hunted in, a bad one
// is told and left out, unless the file is to be taken strictly. The file may be read twice.
func (s *Service) Load(ctx context.Context, actor audit.Actor, name string, file io.ReadSeeker, o Options) (Loaded, error) {
	if s.Events == nil {
		done, err := s.records(ctx, actor, name, file, nil)
		return Loaded{Loaded: done}, err
	}
	start, err := bufio.NewReaderSize(file, 64<<10).Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return Loaded{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Loaded{}, err
	}
	if events.Takes(name, start, o.Table) {
		return s.LoadRows(ctx, actor, name, file, o)
	}
	done, err := s.records(ctx, actor, name, file, func() error { return errRows })
	if errors.Is(err, errRows) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return Loaded{}, err
		}
		return s.LoadRows(ctx, actor, name, file, o)
	}
	return Loaded{Loaded: done}, err
}

// A file of more bytes than large is taken in parts of so many records: nobody else can write meanwhile, and somebody may want to sign in.
const (
	large       = 8 << 20
	partRecords = 1000
)

// records takes in a file of what people work on.
func (s *Service) records(ctx context.Context, actor audit.Actor, name string, file io.ReadSeeker, row func() error) (investigation.Loaded, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return investigation.Loaded{}, err
	}
	read := func(take func(store.Record) error) error {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := ingest.ReadBeside(name, file, take, row)
		return err
	}
	if size > large {
		return s.Investigation.LoadInParts(ctx, actor, name, partRecords, read)
	}
	return s.Investigation.Load(ctx, actor, name, read)
}

var errRows = errors.New("the file has rows of tables that are hunted in")

// Status tells what the event store has, to whoever runs the centre.
func (s *Service) Status(ctx context.Context, who audit.Actor) ([]events.TableStatus, error) {
	if err := s.Investigation.MayManage(ctx, who, "read what the event store has"); err != nil || s.Events == nil {
		return nil, err
	}
	return s.Events.Status()
}

// LoadRows takes in what has rows of tables, and is read once: Load without the look at what it is. They are written first and come into
// sight last, when all else is done. There must be an event store.
func (s *Service) LoadRows(ctx context.Context, actor audit.Actor, name string, file io.Reader, o Options) (Loaded, error) {
	l, err := s.Events.Begin(ctx)
	if err != nil {
		return Loaded{}, err
	}
	defer l.Discard()
	also, err := newSpool()
	if err != nil {
		return Loaded{}, err
	}
	defer also.close()
	devices := latest{}
	err = l.Read(ctx, name, file, events.Options{
		Table: o.Table, Strict: o.Strict,
		Foreign: func(text []byte, line int) error { return also.add(entry{Line: line, Text: text}) },
		Row: func(r events.Row) error {
			switch {
			case r.Table.Name == "DeviceInfo":
				return devices.see(name, l, r, o.Strict)
			case ingest.Streams(r.Table.Name):
				return also.add(entry{Line: r.Line, Table: r.Table.Name, Text: r.Record(l.Arrived())})
			}
			return nil
		},
	})
	if err != nil {
		return Loaded{}, err
	}
	if _, err := l.Finish(ctx); err != nil {
		return Loaded{}, err
	}
	counts := &investigation.Events{}
	done, err := s.Investigation.LoadBeside(ctx, actor, name, counts, func(take func(store.Record) error) error {
		err := also.each(func(e entry) error {
			records, err := ingest.Record(name, e.Line, e.Text)
			if err != nil && e.Table != "" && !o.Strict {
				l.Complain(problem(e, err))
				return nil
			}
			if err != nil {
				return err
			}
			for _, r := range records {
				if err := take(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = devices.take(take)
		}
		r, _ := l.Finish(ctx) // with what was complained about since
		*counts = investigation.Events{New: r.New, Known: r.Known, Rejected: r.Rejected, Tables: r.Tables}
		if err == nil && r.New+r.Known+r.Foreign == 0 && r.Rejected > 0 {
			return refused(name, r)
		}
		return err
	})
	if err != nil {
		return Loaded{}, err
	}
	r, err := l.Finish(ctx)
	if err != nil {
		return Loaded{}, err
	}
	return Loaded{Loaded: done, Problems: r.Problems, Unknown: r.Unknown, Mistyped: r.Mistyped}, l.Commit()
}

// refused is of a file in which nothing is good.
func refused(name string, r events.Report) error {
	p := r.Problems[0]
	return fault.Invalid("load", "%s: %s", name, p.Error()).WithDetails(fault.Detail{Where: fmt.Sprintf("%s:%d", name, p.Line), Problem: p.What, Want: p.Want})
}

func problem(e entry, err error) events.Problem {
	p := events.Problem{Line: e.Line, Table: e.Table, What: err.Error()}
	var f *fault.Error
	if errors.As(err, &f) && len(f.Details) > 0 {
		_, at, _ := strings.Cut(f.Details[0].Where, ": record ")
		_, at, _ = strings.Cut(at, ": ")
		p.Field, p.What, p.Want = at, f.Details[0].Problem, f.Details[0].Want
	}
	return p
}

// spool keeps records that are taken later than they are read, however many.
type spool struct {
	file *os.File
	out  *bufio.Writer
	to   *json.Encoder
	n    int
}

// entry is a record that was put off.
type entry struct {
	Line  int
	Table string // empty: of no table
	Text  json.RawMessage
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "bailiwick-spool-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // nobody else needs to find it
	s := &spool{file: f, out: bufio.NewWriter(f)}
	s.to = json.NewEncoder(s.out)
	return s, nil
}

func (s *spool) add(e entry) error {
	s.n++
	return s.to.Encode(e)
}

func (s *spool) each(f func(entry) error) error {
	if s.n == 0 {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	from := json.NewDecoder(bufio.NewReader(s.file))
	for range s.n {
		var e entry
		if err := from.Decode(&e); err != nil {
			return err
		}
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *spool) close() { _ = s.file.Close() }
