package audit_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

// older is a house whose log was begun before there was a tree.
func older(t *testing.T) *house {
	t.Helper()
	h := fiveEntries(t)
	h.tamper(t, `DELETE FROM audit_hashes`)
	return h
}

func TestALogThatIsOlderThanItsTreeGrowsOne(t *testing.T) {
	h := older(t)
	if report := h.verify(t); report.Broken != nil || report.Entries != 5 {
		t.Errorf("before it has one: %+v", report.Broken)
	}
	h.do(t, mira, adds("later"))
	if report := h.verify(t); report.Broken != nil || report.Entries != 6 {
		t.Errorf("after the next entry: %+v", report.Broken)
	}

	h = older(t)
	key, err := audit.OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if c, err := key.Checkpoint(t.Context(), h.Store, h.at); err != nil || c.Size != 5 {
		t.Errorf("it can't be signed: %+v %v", c, err)
	}
	if report := h.verify(t); report.Broken != nil || report.Checkpoints != 1 {
		t.Errorf("after it was signed: %+v", report)
	}
	h.tamper(t, `DELETE FROM audit_hashes`)
	if report := h.verify(t); report.Broken == nil {
		t.Error("a tree that was signed and then removed goes unseen")
	}
}

func TestTwoProcessesGrowOneTree(t *testing.T) {
	h := newHouse(t)
	second, err := sqlite.Open(t.Context(), h.path)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	var both sync.WaitGroup
	for n, door := range []*audit.Door{h.Door, {Store: second, Now: h.Now}} {
		both.Go(func() {
			for i := range 20 {
				if err := door.Change(t.Context(), mira, "users.create", adds(fmt.Sprintf("u%d-%d", n, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	if report := h.verify(t); report.Broken != nil || report.Entries != 40 {
		t.Errorf("%d entries, %+v", report.Entries, report.Broken)
	}
}

func TestProcessesThatStartTogetherUseOneKey(t *testing.T) {
	dir := t.TempDir()
	keys := make([]string, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			key, err := audit.OpenKey(dir)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = key.Verifier
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] {
			t.Fatalf("several keys are in use: %v", keys)
		}
	}
}
