package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A table of controls whose tests were renamed or removed is a promise that nobody keeps.
func TestTheTestsThatSecurityNamesExist(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	// A test of Go by its name, one of the browser by its words, a story by words of it.
	named := regexp.MustCompile("`([^`]+(?:_test\\.go|\\.e2e\\.ts|\\.txtar))` `([^`]+)` \\|")
	rows := 0
	for _, line := range strings.Split(string(page), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| threat |") {
			continue
		}
		rows++
		m := named.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("a row names no test: %s", line)
			continue
		}
		source, err := os.ReadFile(filepath.Join("../..", m[1]))
		want := m[2]
		if strings.HasSuffix(m[1], ".go") {
			want = "func " + want + "("
		}
		if err != nil || !strings.Contains(string(source), want) {
			t.Errorf("there is no %s in %s", m[2], m[1])
		}
	}
	if rows == 0 {
		t.Error("the page has no rows")
	}
}
