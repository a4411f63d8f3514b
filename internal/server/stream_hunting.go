package server

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	values "github.com/bailiwick/bailiwick/internal/hunting/answer"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/library"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// huntStream writes an answer as it comes, a line of JSON at a time. Until the first line it can still refuse as any operation does.
type huntStream struct {
	ctx     context.Context
	h       *handlers
	request hunt.Request

	mu      sync.Mutex // between the rows and the clock
	w       http.ResponseWriter
	control *http.ResponseController
	began   time.Time
	started bool
	failed  error // of the connection
	batch   []byte
	rows    int   // in the batch
	found   int64 // in all
	sent    time.Time
}

// VisitRunHuntResponse runs the query and writes what it finds. Whoever hangs up ends it.
func (s *huntStream) VisitRunHuntResponse(w http.ResponseWriter) error {
	caller := web.CallerOf(s.ctx)
	s.w, s.control, s.began = w, http.NewResponseController(w), time.Now()
	_ = s.control.SetReadDeadline(time.Time{}) // it would end the query as if the caller had gone
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	done := make(chan struct{})
	go s.tick(ctx, done)
	stats, err := s.h.Library.Hunt(ctx, caller.Actor(), caller.User, s.h.Hunter, s.request, s)
	cancel()
	<-done
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ctx.Err() != nil || s.failed != nil:
		if s.started {
			panic(http.ErrAbortHandler) // half an answer must not pass for a whole one
		}
		return err
	case err != nil && !s.started:
		return err
	case err != nil:
		if fault.KindOf(err) == 0 {
			web.RequestOf(s.ctx).Failed = err
		}
		s.flush()
		s.line(api.HuntEvent{Kind: "error", Code: library.CodeOf(err), Message: fault.Message(err)})
	default:
		s.flush()
		s.line(api.HuntEvent{Kind: "done", Stats: statsOf(stats)})
	}
	return nil
}

func statsOf(s hunt.Stats) api.HuntStats {
	return api.HuntStats{
		Rows: s.Rows, Bytes: s.Bytes, Truncated: s.Truncated, TookMs: s.Took.Milliseconds(), WaitedMs: s.Waited.Milliseconds(), CPUMs: s.CPU.Milliseconds(), Usage: library.Usage(s.CPU),
	}
}

// tick tells how it goes when nothing else does, so that nobody takes a long query for a lost one.
func (s *huntStream) tick(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		}
		s.mu.Lock()
		s.flush()
		s.line(api.HuntEvent{Kind: "progress", ElapsedMs: time.Since(s.began).Milliseconds(), Found: s.found})
		s.mu.Unlock()
	}
}

// Head implements hunt.Rows.
func (s *huntStream) Head(head hunt.Head) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line(api.HuntEvent{Kind: "columns", At: s.request.At, Render: renderOf(head.Render), Columns: each(head.Columns, func(c hunt.Column) api.HuntColumn { return api.HuntColumn{Name: c.Name, Type: c.Type} })})
	s.sent = time.Now()
	return s.failed
}

// Row implements hunt.Rows.
func (s *huntStream) Row(row []any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == 0 {
		s.batch = append(s.batch[:0], `{"kind":"rows","rows":[`...)
	} else {
		s.batch = append(s.batch, ',')
	}
	s.batch = append(s.batch, '[')
	for i, v := range row {
		if i > 0 {
			s.batch = append(s.batch, ',')
		}
		s.batch = values.AppendJSON(s.batch, v)
	}
	s.batch = append(s.batch, ']')
	s.rows++
	s.found++
	if s.rows >= batchRows || len(s.batch) >= batchBytes || time.Since(s.sent) > batchTime {
		s.flush()
	}
	return s.failed
}

// flush sends the rows that wait.
func (s *huntStream) flush() {
	if s.rows == 0 {
		return
	}
	s.rows = 0
	s.write(append(s.batch, "]}\n"...))
}

func (s *huntStream) line(e api.HuntEvent) {
	text, err := json.Marshal(e)
	if err != nil {
		s.failed = err
		return
	}
	s.write(append(text, '\n'))
}

func (s *huntStream) write(text []byte) {
	if s.failed != nil {
		return
	}
	if !s.started {
		s.started = true
		s.w.Header().Set("Content-Type", "application/x-ndjson")
		s.w.Header().Set("X-Accel-Buffering", "no") // a proxy that waits for the end would hide the progress
		s.w.WriteHeader(http.StatusOK)
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(readingTime))
	if _, err := s.w.Write(text); err != nil {
		s.failed = err
		return
	}
	s.sent = time.Now()
	s.failed = s.control.Flush()
}
