package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Hunter runs queries: hunt.Hunter.
type Hunter interface {
	Prepare(ctx context.Context, reader string, r hunt.Request) (*hunt.Prepared, error)
	RunPrepared(ctx context.Context, p *hunt.Prepared, to hunt.Rows) (hunt.Stats, error)
}

// Hunt runs a query for a reader. That somebody hunts is entered in the log before the first row is read, and what came of it is
// remembered for them alone. Who owns the files hunts with the eyes of a reader whom they name.
func (s *Service) Hunt(ctx context.Context, who audit.Actor, reader string, h Hunter, r hunt.Request, to hunt.Rows) (hunt.Stats, error) {
	if h == nil {
		return hunt.Stats{}, fault.Unavailable("hunt", "this server has no event store to hunt in")
	}
	if !who.Local {
		reader = who.Name
	}
	began := s.moment()
	entry := audit.Record{Object: "hunting query", After: ranOf(reader, who, r)}
	stats, err := s.entered(ctx, who, reader, h, r, to, entry)
	// What happened is told even when the caller has hung up.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if fault.KindOf(err) == fault.KindDenied {
		if failed := s.door.Refused(late, who, "hunting.run", entry, err); failed != nil {
			return stats, failed
		}
	}
	if who.Local {
		return stats, err
	}
	run := store.HuntingRun{At: began, Text: r.Query, Timespan: r.Timespan, State: Completed, Rows: stats.Rows, Took: stats.Took, CPU: stats.CPU}
	switch {
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.Canceled):
		run.State = Cancelled
	case err != nil:
		run.State, run.Problem = Failed, fault.Message(err)
	case stats.Truncated != "":
		run.State = Cut
	}
	if failed := s.Remember(late, who, run); failed != nil && err == nil {
		return stats, failed
	}
	return stats, err
}

// entered runs a query that its reader may run, once it stands in the log.
func (s *Service) entered(ctx context.Context, who audit.Actor, reader string, h Hunter, r hunt.Request, to hunt.Rows, entry audit.Record) (hunt.Stats, error) {
	p, err := h.Prepare(ctx, reader, r)
	if err != nil {
		return hunt.Stats{}, err
	}
	err = s.door.Change(ctx, who, "hunting.run", func(tx store.Writer, rec *audit.Record) error {
		*rec = entry
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		rec.PolicyRevision = snapshot.Revision()
		return s.area(snapshot, who, "hunt")
	})
	if err != nil {
		return hunt.Stats{}, err
	}
	return h.RunPrepared(ctx, p, to)
}

// ranOf is what the log keeps of a run: of the query a digest, for it may name what readers of the log may not know of.
func ranOf(reader string, who audit.Actor, r hunt.Request) map[string]string {
	sum := sha256.Sum256([]byte(r.Query))
	ran := map[string]string{"text": "sha256:" + hex.EncodeToString(sum[:])}
	if r.Timespan != "" {
		ran["timespan"] = shorten(r.Timespan, 100)
	}
	if who.Local {
		ran["as"] = reader
	}
	return ran
}

// CodeOf is why a run ended early, in a word: memory, timeout, busy, denied or failed; empty: the query itself is wrong.
func CodeOf(err error) string {
	var stopped *hunt.Stopped
	if errors.As(err, &stopped) {
		switch stopped.Code {
		case worker.Memory, worker.Late, worker.Busy, worker.Cancelled:
			return string(stopped.Code)
		}
		return "failed"
	}
	switch fault.KindOf(err) {
	case fault.KindDenied:
		return "denied"
	case fault.KindInvalid:
		return ""
	}
	return "failed"
}

// Usage is what a run took of the machine, in a word.
func Usage(cpu time.Duration) string {
	switch {
	case cpu < 2*time.Second:
		return "low"
	case cpu < 20*time.Second:
		return "medium"
	}
	return "high"
}
