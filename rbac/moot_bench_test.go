package rbac_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

// BenchmarkScopesAreMoot looks at up to fifty scopes of the role that most have, as opening its page does; beside it, the
// comparison of one such change alone.
func BenchmarkScopesAreMoot(b *testing.B) {
	s := benchSnapshot(b)
	var scoped []rbac.Assignment
	for _, r := range s.Roles() {
		var here []rbac.Assignment
		for _, a := range s.AssignmentsOf(r.Ref()) {
			if !a.Scope.All && len(here) < 50 {
				here = append(here, a)
			}
		}
		if len(here) > len(scoped) {
			scoped = here
		}
	}
	if len(scoped) == 0 {
		b.Fatal("no role has a scope")
	}
	b.Run("role", func(b *testing.B) {
		for b.Loop() {
			for _, a := range scoped {
				s.ScopeIsMoot(a.ID, benchNow)
			}
		}
		b.ReportMetric(float64(len(scoped)), "scopes")
	})
	b.Run("compare", func(b *testing.B) {
		wide := scoped[0]
		wide.Scope = rbac.Scope{All: true}
		for b.Loop() {
			after, err := s.With(rbac.PutAssignment{Assignment: wide})
			if err != nil {
				b.Fatal(err)
			}
			rbac.Compare(s, after, benchNow)
		}
	})
}
