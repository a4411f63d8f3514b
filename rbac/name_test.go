package rbac_test

import (
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestNamesThatHideWhatTheyAreAreRefused(t *testing.T) {
	for name, want := range map[string]string{
		"Tier 1":                              "",
		"Straße, 東京 (2)":                      "",
		"":                                    "no name",
		" x":                                  "space",
		"a\u200bb":                            "do not show",
		"\u202eTier":                          "do not show",
		"Tier\u00a01":                         "do not show",
		"\ufefftier":                          "do not show",
		"a\nb":                                "control",
		"a\xffb":                              "no text",
		"..":                                  "no address",
		"everyone":                            "everybody",
		"Everyone":                            "everybody",
		"group:x":                             "group: or local:",
		"LOCAL:root":                          "group: or local:",
		"everyone else":                       "",
		"\u2028":                              "space",
		strings.Repeat("long name ", 9) + "x": "",
	} {
		got := rbac.NameProblem("group", name)
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := rbac.NameProblem("role", "everyone"); got != "" {
		t.Errorf("a role may be called everyone: %s", got)
	}
}
