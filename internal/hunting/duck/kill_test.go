package duck

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
)

// A process that loads again and again is killed at moments that nobody chose. What it said it had loaded is there, once; what it
// had begun is there whole or not at all; and nothing is left lying about.
func TestAKilledLoaderLosesNothingThatItAcknowledged(t *testing.T) {
	if dir := os.Getenv("BAILIWICK_LOADER"); dir != "" {
		s := store(t, dir)
		for i := 0; ; i++ {
			load(t, s, "x.jsonl", pair(i), events.Options{})
			fmt.Println("loaded", i)
		}
	}
	dir := t.TempDir()
	said := -1
	for _, stop := range []int{1, 4, 7} {
		command := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		command.Env = append(os.Environ(), "BAILIWICK_LOADER="+dir)
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var n int
			if _, err := fmt.Sscanf(lines.Text(), "loaded %d", &n); err != nil {
				continue
			}
			if said = max(said, n); n >= stop {
				break
			}
		}
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	s := store(t, dir)
	found := map[string]int{}
	for _, id := range values(t, s, "DeviceEvents", "ReportId") {
		found[id]++
	}
	for i := range said + 1 {
		if found[fmt.Sprint(2*i)] != 1 || found[fmt.Sprint(2*i+1)] != 1 {
			t.Errorf("load %d was acknowledged: %d and %d rows of it", i, found[fmt.Sprint(2*i)], found[fmt.Sprint(2*i+1)])
		}
	}
	if n := len(found); n%2 != 0 {
		t.Errorf("a load is there in part: %d rows", n)
	}
	load(t, s, "x.jsonl", pair(0), events.Options{}) // whoever comes next tidies up
	status, err := s.Status()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	segments := 0
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".seg") {
			segments++
		} else if e.Name() != "manifest.json" && e.Name() != "write.lock" {
			t.Errorf("left lying about: %s", e.Name())
		}
	}
	if segments != status[0].Segments {
		t.Errorf("%d files, and %d are known", segments, status[0].Segments)
	}
}

func pair(i int) string {
	return streamed("DeviceEvents", fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":%d}`, at0, 2*i), fmt.Sprintf(`{%s,"DeviceId":"d","ReportId":%d}`, at0, 2*i+1))
}
