package permissions_test

import (
	"context"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

func (c *centre) must(actor audit.Actor, op permissions.Operation) permissions.Result {
	c.t.Helper()
	r, err := c.Do(context.Background(), actor, op)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// bounded is a centre whose mail role manager, rita, is left Security Reader, for the group purgers alone.
func bounded(t *testing.T) *centre {
	c := newCentre(t)
	c.must(owner, permissions.PutCeiling(rbac.Ceiling{
		Name: "Mail delegation", Users: []string{"Rita"}, Workloads: rbac.Bound[rbac.Workload]{Of: []rbac.Workload{rbac.Office365}},
		Permissions: rbac.Bound[string]{Of: []string{"Security reader"}}, AssignableGroups: rbac.Bound[string]{Of: []string{"purgers"}},
	}))
	return c
}

func TestDelegationCeilingsHoldOnEveryPath(t *testing.T) {
	readers := permissions.NewRole{Workload: rbac.Office365, Name: "Readers", Permissions: []string{"Security reader"}}
	purgers := readers
	purgers.Assignments = []permissions.NewAssignment{{Group: "purgers"}}
	nora := readers
	nora.Assignments = []permissions.NewAssignment{{User: "nora"}}
	managers := readers
	managers.Permissions = []string{"Role Management"}
	for name, c := range map[string]struct {
		op   func(c *centre) permissions.Operation
		want string // empty: it is done
	}{
		"a role within":                        {func(*centre) permissions.Operation { return permissions.CreateRole(readers) }, ""},
		"given to an assignable group":         {func(*centre) permissions.Operation { return permissions.CreateRole(purgers) }, ""},
		"given to a person":                    {func(*centre) permissions.Operation { return permissions.CreateRole(nora) }, "Mail delegation: only for groups, not for nora alone"},
		"a permission held, but outside of it": {func(*centre) permissions.Operation { return permissions.CreateRole(managers) }, "Mail delegation: not Role Management in Email & collaboration"},
		"removing a role outside of it": {func(c *centre) permissions.Operation {
			return permissions.DeleteRole(c.roleID(rbac.Office365, "Purge"))
		}, "Mail delegation: not Search And Purge"},
		"taking one's own role from oneself": {func(c *centre) permissions.Operation {
			return permissions.Unassign(c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: "Mail roles"})[0].ID)
		}, "beyond your delegation ceiling"},
		"renaming a role outside of it": {func(c *centre) permissions.Operation {
			name := "Purge 2"
			return permissions.UpdateRole(c.roleID(rbac.Office365, "Purge"), permissions.RoleChange{Name: &name})
		}, "beyond your delegation ceiling"},
		"removing the ceiling": {func(*centre) permissions.Operation { return permissions.RemoveCeiling("Mail delegation") }, "needs a global role"},
		"another ceiling": {func(*centre) permissions.Operation {
			return permissions.PutCeiling(rbac.Ceiling{Name: "x", Users: []string{"nora"}})
		}, "needs a global role"},
	} {
		t.Run(name, func(t *testing.T) {
			centre := bounded(t)
			actor := as("rita")
			op := c.op(centre)
			_, err := centre.Do(context.Background(), actor, op)
			preview, failed := centre.Preview(context.Background(), actor, op)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if failed == nil && (preview.Allowed || len(preview.Breaches) == 0) {
				t.Errorf("the preview lets it through: %+v", preview)
			}
		})
	}
}

func TestCeilingsAreChangedByTheAdministratorsWhoTheyDoNotBind(t *testing.T) {
	c := newCentre(t)
	gus := as("gus")
	ceiling := rbac.Ceiling{Name: "All", Users: []string{"gus", "rita"}}
	c.must(gus, permissions.PutCeiling(ceiling))
	if r := c.must(gus, permissions.PutCeiling(ceiling)); r.Changed {
		t.Error("putting the same again changed something")
	}
	c.must(gus, permissions.CreateRole(permissions.NewRole{Workload: rbac.Office365, Name: "Readers", Permissions: []string{"Security reader"}}))
	_, err := c.Do(context.Background(), gus, permissions.PutCeiling(rbac.Ceiling{Name: "ALL", Users: []string{"rita"}}))
	if fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a name in another case: %v", err)
	}
	_, err = c.Do(context.Background(), gus, permissions.PutCeiling(rbac.Ceiling{
		Name: "x", Users: []string{"noone"}, Permissions: rbac.Bound[string]{Of: []string{"Security Redaer"}},
		DeviceGroups: rbac.Bound[string]{Of: []string{"EU server"}},
	}))
	if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), `there is no user "noone"`) {
		t.Errorf("unknown names: %v", err)
	}
	c.must(gus, permissions.RemoveCeiling("All"))
	if _, err = c.Do(context.Background(), gus, permissions.RemoveCeiling("All")); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("removed twice: %v", err)
	}
}
