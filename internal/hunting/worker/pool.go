package worker

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Rows takes an answer as it comes. An error of it ends the query.
type Rows interface {
	Columns([]Column) error
	// Row takes a row; the slice is used again for the next.
	Row([]any) error
}

// Pool runs jobs, as many at once as the machine can bear, and lets everybody have their turn.
type Pool struct {
	Command func() *exec.Cmd // starts a worker, which reads its job from stdin
	Log     func(id string, code Code, kind string)
	turns   turns

	mu    sync.Mutex
	spare *process // one that waits for a job
	shut  bool
}

// NewPool makes a pool for so many queries at once, of which nobody has all while others wait.
func NewPool(command func() *exec.Cmd, atOnce int) *Pool {
	return &Pool{Command: command, turns: turns{free: max(atOnce, 1), most: max(atOnce-1, 1)}}
}

// mercy is how long after its time a worker may still end by itself.
const mercy = 2 * time.Second

// Run runs a job for a person and hands over its rows.
func (p *Pool) Run(ctx context.Context, person string, job Job, to Rows) (Stats, error) {
	began := time.Now()
	release, err := p.turns.wait(ctx, person)
	if err != nil {
		return Stats{}, p.fail(err)
	}
	defer release()
	waited := time.Since(began)
	if job.Limits.Scratch, err = os.MkdirTemp(job.Limits.Scratch, "hunt-"); err != nil {
		return Stats{}, err
	}
	defer os.RemoveAll(job.Limits.Scratch)
	w, err := p.take()
	if err != nil {
		return Stats{}, err
	}
	stats, err := w.run(ctx, job, to)
	stats.Waited, stats.Took, stats.CPU = waited, time.Since(began)-waited, w.cpu()
	var e *Error
	if errors.As(err, &e) {
		return stats, p.fail(e)
	}
	return stats, err
}

func (p *Pool) fail(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	var id [8]byte
	_, _ = rand.Read(id[:])
	e = &Error{Code: e.Code, ID: hex.EncodeToString(id[:]), Kind: e.Kind}
	if p.Log != nil {
		p.Log(e.ID, e.Code, e.Kind)
	}
	return e
}

// take gives a worker that has been started, and starts the next: nobody waits for a process to begin.
func (p *Pool) take() (*process, error) {
	p.mu.Lock()
	w := p.spare
	p.spare = nil
	p.mu.Unlock()
	var err error
	if w == nil {
		if w, err = start(p.Command()); err != nil {
			return nil, err
		}
	}
	go func() {
		next, err := start(p.Command())
		if err != nil {
			return // whoever comes next starts one, and hears of it
		}
		p.mu.Lock()
		if p.spare == nil && !p.shut {
			p.spare, next = next, nil
		}
		p.mu.Unlock()
		if next != nil {
			next.end()
		}
	}()
	return w, nil
}

// Close ends the worker that waits. Queries that run are ended by their contexts.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut = true; p.spare != nil {
		p.spare.end()
		p.spare = nil
	}
}

// process is one worker.
type process struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     io.ReadCloser
	once    sync.Once
}

func start(command *exec.Cmd) (*process, error) {
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &process{command: command, in: in, out: out}, nil
}

func (w *process) end() {
	w.once.Do(func() {
		_ = w.command.Process.Kill()
		_ = w.in.Close()
		_ = w.command.Wait()
	})
}

func (w *process) cpu() time.Duration {
	if s := w.command.ProcessState; s != nil {
		return s.UserTime() + s.SystemTime()
	}
	return 0
}

// run gives the worker its job, and ends it in any case.
func (w *process) run(ctx context.Context, job Job, to Rows) (Stats, error) {
	defer w.end()
	limit, cancel := context.WithTimeout(ctx, job.Limits.Time+mercy)
	defer cancel()
	stop := context.AfterFunc(limit, func() { _ = w.command.Process.Kill() })
	defer stop()
	stats, err := w.talk(job, to)
	if CodeOf(err) == Lost || CodeOf(err) == Late {
		switch {
		case ctx.Err() != nil:
			err = &Error{Code: Cancelled}
		case limit.Err() != nil:
			err = &Error{Code: Late, Kind: "killed"}
		}
	}
	return stats, err
}

func (w *process) talk(job Job, to Rows) (Stats, error) {
	text, err := json.Marshal(job)
	if err != nil {
		return Stats{}, err
	}
	if len(text) > maxJob {
		return Stats{}, &Error{Code: Refused, Kind: "too long"}
	}
	if err := writeFrame(w.in, frameJob, text); err != nil {
		return Stats{}, &Error{Code: Lost, Kind: "job"}
	}
	in := bufio.NewReaderSize(w.out, 64<<10)
	var columns []Column
	var row []any
	var frame []byte
	for {
		kind, payload, err := readFrame(in, maxFrame, frame)
		if err != nil {
			return Stats{}, &Error{Code: Lost, Kind: "ended"}
		}
		frame = payload
		switch {
		case kind == frameColumns && columns == nil:
			if json.Unmarshal(payload, &columns) != nil || len(columns) == 0 {
				return Stats{}, &Error{Code: Lost, Kind: "columns"}
			}
			row = make([]any, len(columns))
			if err := to.Columns(columns); err != nil {
				return Stats{}, err
			}
		case kind == frameRows && columns != nil:
			for len(payload) > 0 {
				for i := range row {
					if row[i], payload, err = readValue(payload); err != nil {
						return Stats{}, &Error{Code: Lost, Kind: "row"}
					}
				}
				if err := to.Row(row); err != nil {
					return Stats{}, err
				}
			}
		case kind == frameDone && columns != nil:
			var s Stats
			return s, json.Unmarshal(payload, &s)
		case kind == frameError:
			var e struct {
				Code Code
				Kind string
			}
			if json.Unmarshal(payload, &e) != nil || e.Code == "" {
				e.Code = Failed
			}
			return Stats{}, &Error{Code: e.Code, Kind: e.Kind}
		default:
			return Stats{}, &Error{Code: Lost, Kind: "frame"}
		}
	}
}
