package authorise_test

import (
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/rbac"
)

// Whoever is narrowed to some device groups sees the alerts that a reader of those groups sees, and no others (S13).
func TestNarrowedRightsAreThoseOfAReaderOfThat(t *testing.T) {
	policy := rbac.Policy{
		EndpointRoles: true,
		Users:         []rbac.User{{Name: "ada@x", GlobalRoles: []string{"Global Administrator"}}, {Name: "sol@x"}},
		Groups:        []rbac.Group{{Name: "sales", Members: []string{"sol@x"}}},
		DeviceGroups:  []rbac.DeviceGroup{{Name: "Sales", Access: []string{"sales"}}, {Name: "Shops", Access: []string{"sales"}}, {Name: "HR"}, {Name: rbac.UngroupedDevices}},
		Roles:         []rbac.Role{{ID: "r", Workload: rbac.Endpoint, Name: "Reader", Permissions: []string{"View data - Security operations"}}},
		Assignments:   []rbac.Assignment{{ID: "1", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "Reader"}, Group: "sales", Scope: rbac.Scope{All: true}}},
	}
	snapshot, err := rbac.Compile(catalog.Default(), policy)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	narrow, sales := authorise.Of(snapshot, "ada@x", now).Within([]string{"Sales", "Shops"}), authorise.Of(snapshot, "sol@x", now)
	for name, c := range map[string]struct {
		item        rbac.Item
		sees, whole bool
	}{
		"of a device of the scope":            {rbac.Item{DeviceGroups: []string{"Sales"}}, true, true},
		"of one in it and one out of it":      {rbac.Item{DeviceGroups: []string{"Sales", "HR"}}, true, false},
		"of one out of it":                    {rbac.Item{DeviceGroups: []string{"HR"}}, false, false},
		"of no device":                        {rbac.Item{}, false, false},
		"of one of it and one nobody knows":   {rbac.Item{DeviceGroups: []string{"Sales"}, EveryGroup: true}, false, false},
		"of all of it":                        {rbac.Item{AllOf: []string{"Sales", "Shops"}}, true, true},
		"of more than it":                     {rbac.Item{AllOf: []string{"Sales", "HR"}}, false, false},
		"of more than it, and a device of it": {rbac.Item{DeviceGroups: []string{"Sales"}, AllOf: []string{"HR"}}, false, false},
		"of it, and a device out of it":       {rbac.Item{DeviceGroups: []string{"HR"}, AllOf: []string{"Sales"}}, false, false},
	} {
		c.item.Workloads = rbac.SetOf(rbac.Endpoint)
		for who, rights := range map[string]authorise.Rights{"narrowed": narrow, "a reader": sales} {
			if sees, whole := rights.SeesAlert(c.item); sees != c.sees || whole != c.whole {
				t.Errorf("%s, %s: sees %v, whole %v", name, who, sees, whole)
			}
		}
	}
}
