package audit

import (
	"encoding/json"
	"fmt"

	"github.com/bailiwick/bailiwick/internal/store"
)

// RotateKey is the operation whose entry tells which key followed which.
const RotateKey = "audit.rotate-key"

// KeyRecord is what its Before and After hold.
type KeyRecord struct {
	Key string `json:"key"` // the verifier
}

// Verify is Verify, and looks whether each checkpoint bears the signature of this key, or of one that it followed by what the
// log says: a log that was written anew as a whole has other signatures, or none.
func (k *Key) Verify(r store.AuditReader, kept ...store.AuditHead) (Report, error) {
	report, err := Verify(r, kept...)
	if err != nil || report.Broken != nil {
		return report, err
	}
	known := []string{k.Verifier}
	var rotations []Entry
	err = r.AuditWalk(0, func(e Entry) error {
		if e.Operation == RotateKey && e.Outcome == Done {
			rotations = append(rotations, e)
		}
		return nil
	})
	if err != nil {
		return report, fmt.Errorf("verify the audit log: %w", err)
	}
	for i := len(rotations) - 1; i >= 0; i-- {
		var old, next KeyRecord
		if json.Unmarshal(rotations[i].Before, &old) == nil && json.Unmarshal(rotations[i].After, &next) == nil && next.Key == known[len(known)-1] {
			known = append(known, old.Key)
		}
	}
	checkpoints, err := r.AuditCheckpoints()
	if err != nil {
		return report, fmt.Errorf("verify the audit log: %w", err)
	}
	for _, c := range checkpoints {
		if _, err := ReadCheckpoint(c.Note, known...); err != nil {
			report.Broken = &Break{c.Size, "its checkpoint is not signed by the log's key: " + err.Error()}
			return report, nil
		}
	}
	return report, nil
}
