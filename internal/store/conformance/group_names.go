package conformance

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func formerGroupNames(t *testing.T, backend Backend) {
	s := backend(t)()
	put := func(name string) rbac.Edit { return rbac.PutGroup{Group: rbac.Group{Name: name}} }
	rename := func(from, to string) rbac.Edit { return rbac.RenameGroup{From: from, To: to} }
	for _, step := range []struct {
		what string
		edit rbac.Edit
		want map[string]string
	}{
		{"nobody was renamed", put("Tier 1"), map[string]string{}},
		{"renamed", rename("Tier 1", "EU"), map[string]string{"tier 1": "EU"}},
		{"in another case", rename("EU", "eu"), map[string]string{"tier 1": "eu"}},
		{"renamed again", rename("eu", "Europe"), map[string]string{"tier 1": "Europe", "eu": "Europe"}},
		{"changed otherwise", put("Europe"), map[string]string{"tier 1": "Europe", "eu": "Europe"}},
		{"another group takes a former name", put("Tier 1"), map[string]string{"eu": "Europe"}},
		{"the former name comes back", rename("Europe", "EU"), map[string]string{"europe": "EU"}},
		{"another is renamed to a former name", rename("Tier 1", "Europe"), map[string]string{"tier 1": "Europe"}},
		{"gone", rbac.RemoveGroup{Name: "Europe"}, map[string]string{}},
	} {
		edit(t, s, step.edit)
		same(t, step.what, step.want, read(t, s, store.Reader.FormerGroupNames))
	}
}
