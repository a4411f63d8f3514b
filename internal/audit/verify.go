package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Report is what verifying the log found.
type Report struct {
	Entries int64           // how many fit, from the first on
	Head    store.AuditHead // the last that fits: keep it elsewhere, and hand it to a later Verify
	Broken  *Break          // nil: all fit

	Checkpoints int // that the log was held against
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
	var tree growing
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
		if err := tree.add(b); err != nil {
			return err
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
	if report.Broken == nil {
		if err := checkTree(r, &tree, &report); err != nil {
			return report, fmt.Errorf("verify the audit log: %w", err)
		}
	}
	return report, nil
}

// checkTree holds the tree that the entries make against the hashes that are kept, and against each checkpoint's root. Whose
// signature a checkpoint bears is for Key.Verify to check.
func checkTree(r store.AuditReader, tree *growing, report *Report) error {
	checkpoints, err := r.AuditCheckpoints()
	if err != nil {
		return err
	}
	kept, err := r.AuditHashes(numbers(len(tree.stored)))
	if err != nil {
		report.Broken = &Break{report.Head.Seq, "the kept tree is not of these entries: " + err.Error()}
		return nil
	}
	for i, h := range tree.stored {
		if h != tlog.Hash(kept[i]) {
			_, leaf := tlog.SplitStoredHashIndex(int64(i))
			report.Broken = &Break{min(leaf+1, report.Head.Seq), "the kept tree is not of these entries"}
			return nil
		}
	}
	for _, c := range checkpoints {
		text, _, _ := strings.Cut(c.Note, "\n\n")
		signed, err := parseCheckpoint(text + "\n")
		switch {
		case err != nil:
			report.Broken = &Break{c.Size, "its checkpoint can't be read"}
		case signed.N != c.Size:
			report.Broken = &Break{c.Size, "its checkpoint is of another size"}
		case signed.N > tree.size:
			report.Broken = &Break{tree.size + 1, fmt.Sprintf("is missing: a checkpoint was signed of %d", signed.N)}
		default:
			if root, err := tree.root(signed.N); err != nil || root != signed.Hash {
				report.Broken = &Break{signed.N, "is not what its checkpoint signed, or an entry before it is not"}
			}
		}
		if report.Broken != nil {
			return nil
		}
	}
	report.Checkpoints = len(checkpoints)
	return nil
}

func numbers(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(i)
	}
	return list
}
