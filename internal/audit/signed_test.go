package audit_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

func (h *house) verifySigned(t *testing.T, key *audit.Key) audit.Report {
	t.Helper()
	var report audit.Report
	h.view(t, func(r store.Reader) (err error) {
		report, err = key.Verify(r)
		return err
	})
	return report
}

// TestVerifyLooksAtSignatures: a log written anew as a whole follows from entry to entry; what its checkpoints lack is the key.
func TestVerifyLooksAtSignatures(t *testing.T) {
	h, key, _ := signed(t)
	if report := h.verifySigned(t, key); report.Broken != nil || report.Checkpoints != 1 {
		t.Errorf("its own log: %+v", report)
	}
	other, err := audit.OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if report := h.verifySigned(t, other); report.Broken == nil || report.Broken.Seq != 5 {
		t.Errorf("another key's log: %+v", report)
	}
	// What the log says of keys before this one counts from this one back, and no other way.
	rotate := func(from, to string) {
		err := h.Change(t.Context(), mira, audit.RotateKey, func(_ store.Writer, rec *audit.Record) error {
			rec.Before, rec.After = audit.KeyRecord{Key: from}, audit.KeyRecord{Key: to}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	rotate(key.Verifier, "somebody+else")
	if report := h.verifySigned(t, other); report.Broken == nil {
		t.Error("a key that this one did not follow is taken")
	}
	rotate(key.Verifier, other.Verifier)
	if report := h.verifySigned(t, other); report.Broken != nil {
		t.Errorf("the key that this one followed: %+v", report.Broken)
	}
}
