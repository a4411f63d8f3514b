package catalog

import (
	"strings"
	"sync"
	"unicode"

	"github.com/bailiwick/bailiwick/rbac"
)

// loose makes spellings comparable: letters and digits in lower case, nothing else. It is how exports of different
// years, with hyphens, dashes and spaces of their own, come to one name.
func loose(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// spelling makes the ways to write a name comparable. Action strings differ in their dots and slashes alone, and stay.
func spelling(name string) string {
	if lower := strings.ToLower(strings.TrimSpace(name)); strings.HasPrefix(lower, "microsoft.xdr/") || strings.HasPrefix(lower, "bailiwick/") {
		return lower
	}
	return loose(name)
}

type key struct {
	workload rbac.Workload
	loose    string
}

type index struct {
	permissions map[key]string
	roles       map[key]string
	globals     map[string]string
}

var names = sync.OnceValue(func() *index {
	x := &index{permissions: map[key]string{}, roles: map[key]string{}, globals: map[string]string{}}
	for _, p := range Default().Permissions {
		spellings := append([]string{p.Name}, p.Aliases...)
		if p.Action != "" {
			spellings = append(spellings, p.Action)
		}
		for _, s := range spellings {
			x.permissions[key{p.Workload, spelling(s)}] = p.Name
			// In cloud apps and identity a permission is also the role of its name.
			if p.Workload == rbac.CloudApps || p.Workload == rbac.Identity {
				x.roles[key{p.Workload, spelling(s)}] = p.Name
			}
		}
	}
	for _, r := range Default().Roles {
		x.roles[key{r.Workload, loose(r.Name)}] = r.Name
	}
	for _, g := range Default().GlobalRoles {
		for _, spelling := range append([]string{g.Name}, g.Aliases...) {
			x.globals[loose(spelling)] = g.Name
		}
	}
	return x
})

// Permission resolves any known spelling of a permission of the workload to the one that is kept.
func Permission(w rbac.Workload, name string) (string, bool) {
	found, ok := names().permissions[key{w, spelling(name)}]
	return found, ok
}

// ResolveRole resolves any known spelling of a role that comes with the workload's product.
func ResolveRole(w rbac.Workload, name string) (string, bool) {
	found, ok := names().roles[key{w, loose(name)}]
	return found, ok
}

// ResolveGlobalRole resolves any known spelling of a global role.
func ResolveGlobalRole(name string) (string, bool) {
	found, ok := names().globals[loose(name)]
	return found, ok
}

// PermissionNames are the workload's permissions in the document's order.
func PermissionNames(w rbac.Workload) []string {
	var list []string
	for _, p := range Default().Permissions {
		if p.Workload == w {
			list = append(list, p.Name)
		}
	}
	return list
}

// GlobalRoleNames are the global roles in the document's order.
func GlobalRoleNames() []string {
	var list []string
	for _, g := range Default().GlobalRoles {
		list = append(list, g.Name)
	}
	return list
}

// Nearest finds among candidates the one that name was probably meant to be; empty if none is near.
func Nearest(name string, candidates []string) string {
	best, least := "", 1+max(2, len(loose(name))/3)
	for _, c := range candidates {
		if d := distance(loose(name), loose(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance counts the letters to insert, drop or replace to make a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 200 || len(y) > 200 {
		return len(x) + len(y)
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// Qualified gives the permissions that a text may mean, each as rbac.Qualified writes it: `office365/Security reader` says
// the workload, without it each of the given ones is asked.
func Qualified(text string, among []rbac.Workload) []string {
	if workload, name, ok := strings.Cut(text, "/"); ok {
		var w rbac.Workload
		if w.UnmarshalText([]byte(workload)) == nil {
			among, text = []rbac.Workload{w}, name
		}
	}
	var found []string
	for _, w := range among {
		if name, ok := Permission(w, text); ok {
			found = append(found, rbac.Qualified(w, name))
		}
	}
	return found
}

// QualifiedNames are the permissions of the workloads, as rbac.Qualified writes them.
func QualifiedNames(among []rbac.Workload) []string {
	var list []string
	for _, w := range among {
		for _, name := range PermissionNames(w) {
			list = append(list, rbac.Qualified(w, name))
		}
	}
	return list
}
