package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Report is what verifying the log found.
type Report struct {
	Entries int64           // how many fit, from the first on
	Head    store.AuditHead // the last that fits: keep it elsewhere, and hand it to a later Verify
	Broken  *Break          // nil: all fit
}

// Break is where the log does not fit.
type Break struct {
	Seq int64 // the first entry that does not fit, or is missing
	Why string
}

var errBroken = errors.New("broken")

// Verify walks the chain from its first entry to where it is noted to end. Kept are heads of earlier reports: the log
// must still lead through them, which also shows a tail that was cut off, or a log that was written anew, since.
func Verify(r store.AuditReader, kept ...store.AuditHead) (Report, error) {
	var report Report
	broken := func(seq int64, why string, args ...any) error {
		report.Broken = &Break{seq, fmt.Sprintf(why, args...)}
		return errBroken
	}
	wanted := map[int64][32]byte{}
	for _, h := range kept {
		if known, twice := wanted[h.Seq]; twice && known != h.Hash {
			return report, fmt.Errorf("verify the audit log: two kept heads differ about entry %d", h.Seq)
		}
		wanted[h.Seq] = h.Hash
	}
	err := r.AuditWalk(0, func(e Entry) error {
		next := report.Head.Seq + 1
		switch {
		case e.Seq != next:
			return broken(next, "is missing: the next one is %d", e.Seq)
		case e.Prev != report.Head.Hash:
			return broken(next, "does not follow the entry before it")
		}
		b, err := Canonical(e)
		if err != nil {
			return err
		}
		if sha256.Sum256(b) != e.Hash {
			return broken(next, "was changed: its hash is of something else")
		}
		if want, ok := wanted[e.Seq]; ok && want != e.Hash {
			return broken(next, "is not the one that was kept")
		}
		report.Entries++
		report.Head = store.AuditHead{Seq: e.Seq, Hash: e.Hash}
		return nil
	})
	if errors.Is(err, errBroken) {
		return report, nil
	}
	if err != nil {
		return report, fmt.Errorf("verify the audit log: %w", err)
	}
	noted, err := r.AuditHead()
	if err != nil {
		return report, fmt.Errorf("verify the audit log: %w", err)
	}
	if noted != report.Head {
		_ = broken(report.Head.Seq+1, "is missing or should not be: the log is noted to end with entry %d", noted.Seq)
	}
	for seq := range wanted {
		if seq > report.Head.Seq && report.Broken == nil {
			_ = broken(report.Head.Seq+1, "is missing: entry %d was kept", seq)
		}
	}
	return report, nil
}
