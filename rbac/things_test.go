package rbac_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// TestWhoMayIsWhoMay holds the list against each user's own reach: an incident is seen by who sees an alert of it, and
// changed by who may change all of them and sees one; everyone who is listed has a path.
func TestWhoMayIsWhoMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		s := compile(t, p)
		var scopes []rbac.Resource
		var items []rbac.Item
		for range rapid.IntRange(1, 3).Draw(t, "alerts") {
			r := rbac.Resource{Workloads: some(t, "workload", rbac.Workloads)}
			if len(r.Workloads) == 0 {
				r.Workloads = []rbac.Workload{rbac.Other}
			}
			for _, g := range s.DeviceGroups() {
				if rapid.Bool().Draw(t, "on it") {
					r.DeviceGroups = append(r.DeviceGroups, g.Name)
				}
			}
			if rapid.Bool().Draw(t, "of a detection") {
				r.AllOf = some(t, "of its scope", names(s.DeviceGroups()))
			}
			r.EveryGroup = len(r.DeviceGroups)+len(r.AllOf) == 0
			scopes = append(scopes, r)
			items = append(items, rbac.Item{Workloads: rbac.SetOf(r.Workloads...), DeviceGroups: r.DeviceGroups, EveryGroup: r.EveryGroup, AllOf: r.AllOf})
		}
		for _, c := range []rbac.Capability{rbac.ViewInvestigation, rbac.ManageAlerts} {
			found := map[string]bool{}
			q := rbac.WhoMay{Capability: c, Scopes: scopes, At: noon, Limit: 1}
			for {
				page := s.WhoMay(q)
				for _, h := range page.Items {
					found[h.User] = true
					if len(h.Paths) == 0 {
						t.Fatalf("%s may %s without a path: %+v\n%+v", h.User, c, scopes, p)
					}
				}
				if q.After = page.Next; q.After == "" {
					if page.Total != len(found) {
						t.Fatalf("%d listed, the total is %d", len(found), page.Total)
					}
					break
				}
			}
			for _, u := range p.Users {
				see, can := s.Reach(u.Name, rbac.ViewInvestigation, noon), s.Reach(u.Name, c, noon)
				want := slices.ContainsFunc(items, see.Opens)
				if c == rbac.ManageAlerts {
					want = want && !slices.ContainsFunc(items, func(i rbac.Item) bool { return !can.Opens(i) })
				}
				if found[u.Name] != want {
					t.Fatalf("%s %s: listed %v, reach %v\n%+v\n%+v", u.Name, c, found[u.Name], want, scopes, p)
				}
			}
		}
	})
}
