package permissions

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Take lets what an asker may know leave the centre as a file, and records that it does: first the entry, then the file. read
// is what is read; when it refuses, that is recorded.
func (s *Service) Take(ctx context.Context, actor audit.Actor, op string, rec audit.Record, read func(*Asker) error) error {
	return s.door.Change(ctx, actor, op, func(tx store.Writer, out *audit.Record) error {
		snapshot, err := s.current(tx)
		if err != nil {
			return err
		}
		*out = rec
		out.PolicyRevision = snapshot.Revision()
		return read(&Asker{snapshot, actor, s})
	})
}

// Now is the moment that the asker's questions are about.
func (a *Asker) Now() time.Time { return a.service.now() }
