package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

func fiveEntries(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	for i := range 4 {
		h.do(t, mira, adds(fmt.Sprint("user", i)))
	}
	err := h.Change(t.Context(), mira, "users.create", tries("x", func() error { return fault.Denied("x", "y") }))
	if fault.KindOf(err) != fault.KindDenied {
		t.Fatal(err)
	}
	return h
}

func TestAnUntouchedLogVerifies(t *testing.T) {
	if report := newHouse(t).verify(t); report != (audit.Report{}) {
		t.Errorf("an empty log: %+v", report)
	}
	h := fiveEntries(t)
	report := h.verify(t)
	if report.Broken != nil || report.Entries != 5 || report.Head.Seq != 5 || report.Head.Hash != h.entries(t)[4].Hash {
		t.Errorf("the report is %+v", report)
	}
	h.do(t, mira, adds("later"))
	if again := h.verify(t, report.Head); again.Broken != nil || again.Entries != 6 {
		t.Errorf("a kept head is not found again: %+v", again)
	}
}

// Each column is flipped by itself, so that no later column can be forgotten in the encoding.
func TestEveryColumnIsCovered(t *testing.T) {
	columns := map[string]string{
		"at": "at + 1", "actor": "'other'", "via": "'token'", "address": "''", "request_id": "request_id || ' '", "operation": "'users.delete'",
		"object": "upper(object)", "workload": "''", "outcome": "'refused'", "reason": "'z'", "before": "'{}'", "after": "NULL",
		"policy_revision": "4", "prev": "zeroblob(32)", "hash": "randomblob(32)",
	}
	for column, value := range columns {
		h := fiveEntries(t)
		h.tamper(t, fmt.Sprintf(`UPDATE audit_entries SET %s = %s WHERE seq = 3`, column, value))
		report := h.verify(t)
		if report.Broken == nil || report.Broken.Seq != 3 || report.Entries != 2 {
			t.Errorf("%s was flipped, and the report is %+v", column, report)
		}
	}
	for _, workload := range []string{"nothing", "Endpoint", "ENDPOINT"} {
		h := fiveEntries(t)
		h.tamper(t, `UPDATE audit_entries SET workload = '`+workload+`' WHERE seq = 5`)
		if report := h.verify(t); report.Broken == nil {
			t.Errorf("workload %q goes unseen", workload)
		}
	}
}

func TestDropsMovesAndCutsAreFound(t *testing.T) {
	for _, c := range []struct {
		name string
		how  []string
		at   int64
		why  string
	}{
		{"one dropped", []string{`PRAGMA foreign_keys = OFF`, `DELETE FROM audit_entries WHERE seq = 2`}, 2, "is missing: the next one is 3"},
		{"one dropped, and the others moved up", []string{`DELETE FROM audit_entries WHERE seq = 2`, `UPDATE audit_entries SET seq = seq - 1 WHERE seq > 2`}, 2, "does not follow"},
		{"the first dropped", []string{`DELETE FROM audit_entries WHERE seq = 1`}, 1, "is missing"},
		{"two swapped", []string{`UPDATE audit_entries SET seq = -seq WHERE seq IN (2, 3)`, `UPDATE audit_entries SET seq = 5 + seq WHERE seq < 0`}, 2, "does not follow"},
		{"one slipped in", []string{`INSERT INTO audit_entries SELECT 6, at, actor, via, address, request_id, operation, object, workload, outcome, reason, before, after, policy_revision, hash, prev FROM audit_entries WHERE seq = 5`}, 6, "was changed"},
		{"the tail cut off", []string{`DELETE FROM audit_entries WHERE seq > 3`}, 4, "noted to end with entry 5"},
		{"everything cut off", []string{`DELETE FROM audit_entries`}, 1, "noted to end with entry 5"},
		{"the note of the end removed", []string{`DELETE FROM audit_head`}, 6, "noted to end with entry 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := fiveEntries(t)
			h.tamper(t, c.how...)
			report := h.verify(t)
			if report.Broken == nil || report.Broken.Seq != c.at || !strings.Contains(report.Broken.Why, c.why) {
				t.Errorf("the report is %+v %+v, want entry %d: %s", report, report.Broken, c.at, c.why)
			}
		})
	}
}

// The chain alone can't show this; a head that was kept elsewhere does.
func TestATailCutOffWithItsNoteIsFoundByAKeptHead(t *testing.T) {
	h := fiveEntries(t)
	kept := h.verify(t).Head
	h.tamper(t, `DELETE FROM audit_entries WHERE seq > 3`, `UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_entries WHERE seq = 3)`,
		`DELETE FROM audit_hashes WHERE number >= 4`) // with the tree of the three that are left
	if report := h.verify(t); report.Broken != nil {
		t.Fatalf("the chain shows what it can't: %+v", report.Broken)
	}
	if report := h.verify(t, kept); report.Broken == nil || report.Broken.Seq != 4 {
		t.Errorf("the kept head does not show it: %+v", report)
	}
	for range 2 { // written anew, as long as before
		h.do(t, mira, adds("anew"))
	}
	if report := h.verify(t, kept); report.Broken == nil || report.Broken.Seq != 5 {
		t.Errorf("the kept head does not show that the end was written anew: %+v", report)
	}
}

func TestARestoredBackupIsFoundByAKeptHead(t *testing.T) {
	h := fiveEntries(t)
	backup := h.path + ".backup"
	h.tamper(t, `VACUUM INTO '`+backup+`'`)
	h.do(t, mira, adds("later"))
	kept := h.verify(t).Head

	restored, err := sqlite.Open(t.Context(), backup)
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	old := &house{Door: &audit.Door{Store: restored}, path: backup}
	if report := old.verify(t); report.Broken != nil {
		t.Fatalf("a backup does not fit by itself: %+v", report.Broken)
	}
	if report := old.verify(t, kept); report.Broken == nil || report.Broken.Seq != 6 {
		t.Errorf("the kept head does not show that the log went back: %+v", report)
	}
}
