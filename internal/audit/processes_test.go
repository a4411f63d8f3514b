package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

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

func TestAKeyThatOthersCanReadIsRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := audit.OpenKey(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, audit.KeyFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.OpenKey(dir); err == nil || !strings.Contains(err.Error(), "want 0600") {
		t.Errorf("it is used: %v", err)
	}
}
