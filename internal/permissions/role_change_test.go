package permissions_test

import (
	"context"
	"errors"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestARoleAndWhoHasItChangeTogetherOrNotAtAll(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	held := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge"})
	name := "Purge for two"
	change := permissions.RoleChange{Name: &name, Assign: []permissions.NewAssignment{{User: "nora"}, {User: "tom"}}, Unassign: []string{held[0].ID}}

	bad := change
	bad.Assign = append(bad.Assign[:1:1], permissions.NewAssignment{User: "nobody"})
	err := c.do("gus", permissions.UpdateRole(id, bad))
	if fault.KindOf(err) != fault.KindInvalid || details(err) != "/assign/1/user" {
		t.Fatalf("one of them is not there: %v (%s)", err, details(err))
	}
	bad = change
	bad.Unassign = []string{held[0].ID, "asg_of_another_role"}
	err = c.do("gus", permissions.UpdateRole(id, bad))
	if fault.KindOf(err) != fault.KindInvalid || details(err) != "/unassign/1" {
		t.Fatalf("an assignment of another role: %v (%s)", err, details(err))
	}
	if _, ok := c.snapshot().Role(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge"}); !ok {
		t.Fatal("a refused change left its name behind")
	}

	must(t, c.do("gus", permissions.UpdateRole(id, change)))
	var has []string
	for _, a := range c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: name}) {
		has = append(has, a.User+a.Group)
	}
	if len(has) != 2 || has[0]+has[1] != "noratom" && has[0]+has[1] != "tomnora" {
		t.Fatalf("nora and tom have it, the group no more: %v", has)
	}
	if err := c.do("gus", permissions.UpdateRole(id, permissions.RoleChange{Assign: []permissions.NewAssignment{{User: "tom"}}})); fault.KindOf(err) != fault.KindConflict {
		t.Fatalf("tom has it already: %v", err)
	}
}

func TestS14AChangeOfARoleGivesNothingBeyondItsMaker(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	give := permissions.UpdateRole(id, permissions.RoleChange{Assign: []permissions.NewAssignment{{User: "rita"}}})
	if err := c.do("rita", give); fault.KindOf(err) != fault.KindDenied {
		t.Fatalf("rita, who does not hold Search and purge, gave it to herself: %v", err)
	}
	own := permissions.UpdateRole(c.roleID(rbac.Office365, "Mail roles"), permissions.RoleChange{Assign: []permissions.NewAssignment{{User: "nora"}}})
	must(t, c.do("rita", own))
}

func TestOfARoleThatComesWithTheProductOnlyWhoHasItChanges(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Endpoint, "Microsoft Defender for Endpoint administrator (default)")
	none := []string{}
	if err := c.do("gus", permissions.UpdateRole(id, permissions.RoleChange{Permissions: &none})); fault.KindOf(err) != fault.KindInvalid {
		t.Fatalf("its permissions were changed: %v", err)
	}
	must(t, c.do("gus", permissions.UpdateRole(id, permissions.RoleChange{Assign: []permissions.NewAssignment{{User: "nora"}}})))
}

func TestAPreviewOfARoleTellsWhoGainsItAndWhoLosesIt(t *testing.T) {
	c := newCentre(t)
	role := rbac.RoleRef{Workload: rbac.Endpoint, Name: "EU triage"}
	held := c.snapshot().AssignmentsOf(role)
	p, err := c.Preview(context.Background(), as("gus"), permissions.UpdateRole(c.roleID(role.Workload, role.Name), permissions.RoleChange{
		Unassign: []string{held[0].ID}, Assign: []permissions.NewAssignment{{User: "nora", Scope: &rbac.Scope{DeviceGroups: []string{"US servers"}}}},
	}))
	must(t, err)
	if p.Gaining() != 1 || p.Losing() != 1 {
		t.Fatalf("nora gains, tom loses: %d and %d", p.Gaining(), p.Losing())
	}
}

// details is where an error says that the fault is.
func details(err error) string {
	var refusal *fault.Error
	if errors.As(err, &refusal) && len(refusal.Details) > 0 {
		return refusal.Details[0].Where
	}
	return ""
}
