package graph

import (
	"slices"
	"testing"
)

func TestFiltersOfRoles(t *testing.T) {
	for text, want := range map[string][]clause{
		"displayName eq 'Tier 1'":          {{property: "displayName", value: "Tier 1"}},
		"displayName eq 'O''Hara and Co'":  {{property: "displayName", value: "O'Hara and Co"}},
		"startsWith(displayName, 'Ti')":    {{property: "displayName", starts: true, value: "Ti"}},
		"startswith(displayName,'a, b)')":  {{property: "displayName", starts: true, value: "a, b)"}},
		"isBuiltIn eq false and id eq 'x'": {{property: "isBuiltIn", value: "false"}, {property: "id", value: "x"}},
		"":                                 nil,
		"displayName eq Tier":              nil,
		"displayName ne 'x'":               nil,
		"isBuiltIn eq 'false'":             nil,
		"id eq 'x' or id eq 'y'":           nil,
		"id eq 'x' and":                    nil,
		"startsWith(id,'x')":               nil,
		"principalIds/any(a:a eq 'x')":     nil, // of assignments only
	} {
		got, err := definitionFilter.parse(text)
		if (err != nil) != (want == nil) || !slices.Equal(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for text, fits := range map[string]bool{
		"principalIds/any(a:a eq 'x')":                         true,
		"principalIds/any(a: a eq 'x') and displayName eq 'y'": true,
		"principalIds/any(a:b eq 'x')":                         false,
	} {
		if _, err := assignmentFilter.parse(text); (err == nil) != fits {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// FuzzRoleFilter: whatever stands there is an answer or a refusal; what is no condition is never taken as none, which would
// give the whole list.
func FuzzRoleFilter(f *testing.F) {
	for _, text := range []string{"displayName eq 'a' and id eq 'b'", "principalIds/any(a:a eq '''')", "startsWith(displayName,'", "((", "' and '"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if list, err := assignmentFilter.parse(text); err == nil && len(list) == 0 {
			t.Errorf("%q is taken as no condition", text)
		}
	})
}
