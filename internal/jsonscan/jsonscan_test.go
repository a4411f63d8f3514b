package jsonscan

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzValues holds what is stepped over against the standard library: it ends where the value ends, and what is none is refused.
func FuzzValues(f *testing.F) {
	for _, s := range []string{`"a"`, `"a\n\u00e4" `, `"a` + "\n" + `"`, `"\x"`, `"\u12"`, `"\ud800"`, `0`, `-0.5e+10,`, `01`, `-`, `1.`, `1e`, `.5`, `true`, `trueish`, `nul`, `"12345678\"1234567"`, `"`, ``} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := []byte(s)
		var end int
		plain := false
		if strings.HasPrefix(s, `"`) {
			end, plain = Text(text, 0)
		} else {
			end = Plain(text, 0)
		}
		var v any
		d := json.NewDecoder(strings.NewReader(s))
		err := d.Decode(&v)
		starts := s != "" && strings.Contains(`"-0123456789tfn`, s[:1])
		switch {
		case end == 0:
			if starts && err == nil {
				t.Errorf("%q is refused", s)
			}
		case !json.Valid(text[:end]):
			t.Errorf("%q: %q is taken for a value", s, s[:end])
		case err == nil && int64(end) != d.InputOffset():
			t.Errorf("%q ends at %d, want %d", s, end, d.InputOffset())
		case plain != (s[0] == '"' && !strings.Contains(s[:end], `\`)):
			t.Errorf("%q: plain is %v", s, plain)
		}
	})
}

func TestNamesThatDifferHaveSeldomTheSameSum(t *testing.T) {
	sums := map[uint64]string{}
	for _, name := range []string{"", "a", "b", "ab", "ba", "abcdefgh", "abcdefgi", "InitiatingProcessSHA1", "InitiatingProcessSHA256", "InitiatingProcessMD5", "LogonId", "LogonID"} {
		if other, there := sums[Sum([]byte(name))]; there {
			t.Errorf("%q and %q", name, other)
		}
		sums[Sum([]byte(name))] = name
	}
}

func TestSpaceIsSteppedOver(t *testing.T) {
	if got := Space([]byte(" \t\r\n\fx"), 0); got != 4 {
		t.Error(got)
	}
	if got := Space([]byte("  "), 0); got != 2 {
		t.Error(got)
	}
}
