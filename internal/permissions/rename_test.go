package permissions_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

func renamed(c *centre, to string) permissions.Operation {
	list := deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup { l[0].Name = to; return l })
	return permissions.SetDeviceGroups(list, 0, permissions.RenamedDeviceGroup{Item: 0, From: "EU servers"})
}

func TestADeviceGroupGetsAnotherNameAndScopesFollow(t *testing.T) {
	c := newCentre(t)
	scoped := permissions.NewAssignment{User: "nora", Scope: &rbac.Scope{DeviceGroups: []string{"EU servers"}}}
	if err := c.do("gus", permissions.Assign(c.roleID(rbac.Endpoint, "EU triage"), scoped)); err != nil {
		t.Fatal(err)
	}
	if err := c.do("tom", renamed(c, "Europe")); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("tom: %v, want a refusal", err)
	}
	preview, err := c.Preview(context.Background(), as("ed"), renamed(c, "Europe"))
	if err != nil || !preview.Allowed || preview.Gaining()+preview.Losing() > 0 {
		t.Errorf("the preview: %+v, %v; want nobody to gain or lose", preview.Changes, err)
	}
	if err := c.do("ed", renamed(c, "Europe")); err != nil {
		t.Fatal(err)
	}
	if last := c.entries()[0]; !strings.Contains(string(last.After), `"To":"Europe"`) {
		t.Errorf("the record does not tell of the new name: %s", last.After)
	}
	again := open(t, c.path)
	s := again.snapshot()
	if got := s.DeviceGroups()[0]; got.Name != "Europe" || !slices.Equal(got.Access, []string{"eu"}) {
		t.Errorf("in the store it is %+v", got)
	}
	for _, user := range []string{"tom", "nora"} {
		if got := s.Reach(user, rbac.ViewInvestigation, noon).DeviceGroups(); !slices.Equal(got, []string{"Europe"}) {
			t.Errorf("%s reaches %q, want Europe", user, got)
		}
	}
	if err := c.do("ed", renamed(c, "Asia")); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "unknown") {
		t.Errorf("from a name that is gone: %v", err)
	}
}
