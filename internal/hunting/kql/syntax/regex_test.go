package syntax_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

func TestCharactersByTheirNumberAreWrittenAsRE2ReadsThem(t *testing.T) {
	for pattern, want := range map[string]string{
		`[\u0400-\u04FF]`:    `[\x{0400}-\x{04FF}]`,
		`\u{1F600}\U0001F6`:  `\x{1F600}\U0001F6`,
		`\U0001F600\U{41}`:   `\x{0001F600}\x{41}`,
		`\\u0041`:            `\\u0041`,
		`\\\u0041`:           `\\\x{0041}`,
		`\u12`:               `\u12`,
		`a\`:                 `a\`,
		"\\\n\\u0041":        "\\\n\\x{0041}",
		`c:\\users\\\pL\d+u`: `c:\\users\\\pL\d+u`,
	} {
		if got := syntax.Regex(pattern); got != want {
			t.Errorf("%q is written %q, want %q", pattern, got, want)
		}
	}
}
