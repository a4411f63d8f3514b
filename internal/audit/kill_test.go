package audit_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

const killedChild = "BAILIWICK_TEST_KILLED_CHILD"

// TestMain lets the test's own program be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(killedChild); path != "" {
		changeUntilKilled(path)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// changeUntilKilled makes changes, and acknowledges each on stdout once it is made.
func changeUntilKilled(path string) {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	door := &audit.Door{Store: s}
	for i := 0; ; i++ {
		name := fmt.Sprintf("user-%d-%d", os.Getpid(), i)
		if err := door.Change(context.Background(), mira, "users.create", adds(name)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		fmt.Println(name)
	}
}

func TestAKillLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.FileName)
	var acknowledged []string
	for round := range 6 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), killedChild+"="+path)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 5+7*round && lines.Scan(); n++ {
			acknowledged = append(acknowledged, lines.Text())
		}
		if err := child.Process.Kill(); err != nil { // SIGKILL, in the middle of whatever it does
			t.Fatal(err)
		}
		for lines.Scan() { // what it had said before it died
			acknowledged = append(acknowledged, lines.Text())
		}
		_ = child.Wait()
	}
	if len(acknowledged) < 6*5 {
		t.Fatalf("only %d changes were acknowledged", len(acknowledged))
	}

	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatalf("the store can't be opened after a kill: %v", err)
	}
	defer s.Close()
	h := &house{Door: &audit.Door{Store: s}, path: path}
	recorded := map[string]bool{}
	for _, e := range h.entries(t) {
		recorded[e.Object] = true
		if name := e.Object[len("user:"):]; !h.has(t, name) {
			t.Errorf("there is an entry about %s, and no change", name)
		}
	}
	for _, name := range acknowledged {
		if !h.has(t, name) || !recorded["user:"+name] {
			t.Errorf("%s was acknowledged; kept: %v, recorded: %v", name, h.has(t, name), recorded["user:"+name])
		}
	}
	if report := h.verify(t); report.Broken != nil {
		t.Errorf("the log does not fit after a kill: %+v", report.Broken)
	}
	h.do(t, mira, adds("after"))
}
