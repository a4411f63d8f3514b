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

// unified puts mail under unified roles. uma manages roles there and holds Alerts, vic may view roles there, wes holds
// both roles for every data source.
const unified = `apiVersion: bailiwick/v1
workloads: {office365: {unified: on}}
users: [{name: uma}, {name: vic}, {name: wes}, {name: cleo}]
roles: [{name: Global admin, workload: cloudapps, assignments: [{users: [cleo]}]}]
unifiedRoles:
  - name: Mail lead
    permissions: [Authorization (manage), Alerts, Security data basics]
    assignments: [{name: Mail, users: [uma], dataSources: [office365]}]
  - name: Viewer of roles
    permissions: [Authorization (read)]
    assignments: [{users: [vic], dataSources: [office365]}]
  - name: Everything
    permissions: [Alerts]
    assignments: [{name: All, users: [wes], groups: [eu], dataSources: all}]
  - name: Cloud
    permissions: [Alerts]
    assignments: [{name: Cloud, users: [nora], dataSources: [cloudapps]}]
`

var (
	mailOnly = rbac.Sources{Workloads: rbac.SetOf(rbac.Office365)}
	both     = rbac.Sources{Workloads: rbac.SetOf(rbac.Office365, rbac.CloudApps)}
)

func newUnified(t *testing.T) *centre {
	c := newCentre(t)
	c.apply(owner, unified)
	return c
}

func (c *centre) setID(role string) string {
	return c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Unified, Name: role})[0].Set
}

// TestS18WhoMayChangeUnifiedRoles: administrators, and who holds Authorization in the data sources that a change touches.
func TestS18WhoMayChangeUnifiedRoles(t *testing.T) {
	newRole := func(name string, sources rbac.Sources, held ...string) permissions.Operation {
		n := permissions.NewRole{Workload: rbac.Unified, Name: name, Permissions: held}
		if sources != (rbac.Sources{}) {
			n.Unified = []permissions.UnifiedAssignment{{Name: "n", Users: []string{"nora"}, Sources: sources}}
		}
		return permissions.CreateRole(n)
	}
	description := "other"
	for name, c := range map[string]struct {
		actor string
		op    func(c *centre) permissions.Operation
		want  fault.Kind
	}{
		"an administrator makes one":           {"gus", func(*centre) permissions.Operation { return newRole("r", rbac.Sources{All: true}, "Alerts") }, 0},
		"its manager, for the data source":     {"uma", func(*centre) permissions.Operation { return newRole("r", mailOnly, "Alerts") }, 0},
		"its manager, for nobody yet":          {"uma", func(*centre) permissions.Operation { return newRole("r", rbac.Sources{}, "Alerts") }, 0},
		"its manager, wider than they are":     {"uma", func(*centre) permissions.Operation { return newRole("r", rbac.Sources{}, "Response") }, fault.KindDenied},
		"its manager, for another data source": {"uma", func(*centre) permissions.Operation { return newRole("r", both, "Alerts") }, fault.KindDenied},
		"its manager, for all to come":         {"uma", func(*centre) permissions.Operation { return newRole("r", rbac.Sources{All: true}, "Alerts") }, fault.KindDenied},
		"who views roles":                      {"vic", func(*centre) permissions.Operation { return newRole("r", mailOnly, "Alerts") }, fault.KindDenied},
		"who manages the product's own roles":  {"rita", func(*centre) permissions.Operation { return newRole("r", mailOnly, "Alerts") }, fault.KindDenied},
		"a role that others hold elsewhere": {"uma", func(c *centre) permissions.Operation {
			return permissions.DeleteRole(c.roleID(rbac.Unified, "Everything"))
		}, fault.KindDenied},
		"an assignment that reaches elsewhere": {"uma", func(c *centre) permissions.Operation { return permissions.UnassignUnified(c.setID("Everything")) }, fault.KindDenied},
		"the description of such a role": {"uma", func(c *centre) permissions.Operation {
			return permissions.UpdateRole(c.roleID(rbac.Unified, "Everything"), permissions.RoleChange{Description: &description})
		}, fault.KindDenied},
		"a role for what is not on, by its product's own role manager": {"cleo", func(c *centre) permissions.Operation { return permissions.UnassignUnified(c.setID("Cloud")) }, fault.KindDenied},
		"taking over such an assignment": {"uma", func(c *centre) permissions.Operation {
			return permissions.UpdateUnified(c.setID("Everything"), permissions.UnifiedAssignment{Users: []string{"uma"}, Sources: mailOnly})
		}, fault.KindDenied},
		"an assignment of one's own":       {"uma", func(c *centre) permissions.Operation { return permissions.UnassignUnified(c.setID("Viewer of roles")) }, 0},
		"a manager activates":              {"uma", func(*centre) permissions.Operation { return permissions.SetActivation(rbac.CloudApps, rbac.On) }, fault.KindDenied},
		"a manager puts into shadow":       {"uma", func(*centre) permissions.Operation { return permissions.SetActivation(rbac.CloudApps, rbac.Shadow) }, fault.KindDenied},
		"an administrator activates":       {"gus", func(*centre) permissions.Operation { return permissions.SetActivation(rbac.CloudApps, rbac.On) }, 0},
		"activation of what is no product": {"gus", func(*centre) permissions.Operation { return permissions.SetActivation(rbac.Other, rbac.On) }, fault.KindInvalid},
		"an unknown permission":            {"gus", func(*centre) permissions.Operation { return newRole("r", rbac.Sources{}, "Alert") }, fault.KindInvalid},
		"no data sources": {"gus", func(c *centre) permissions.Operation {
			return permissions.AssignUnified(c.roleID(rbac.Unified, "Everything"), permissions.UnifiedAssignment{Users: []string{"nora"}})
		}, fault.KindInvalid},
		"nobody": {"gus", func(c *centre) permissions.Operation {
			return permissions.AssignUnified(c.roleID(rbac.Unified, "Everything"), permissions.UnifiedAssignment{Sources: mailOnly})
		}, fault.KindInvalid},
		"an unknown user": {"gus", func(c *centre) permissions.Operation {
			return permissions.AssignUnified(c.roleID(rbac.Unified, "Everything"), permissions.UnifiedAssignment{Users: []string{"x"}, Sources: mailOnly})
		}, fault.KindInvalid},
		"a scope without endpoint": {"gus", func(c *centre) permissions.Operation {
			return permissions.AssignUnified(c.roleID(rbac.Unified, "Everything"), permissions.UnifiedAssignment{Users: []string{"nora"}, Sources: mailOnly, Scope: &rbac.Scope{}})
		}, fault.KindInvalid},
		"a set that is not there": {"gus", func(*centre) permissions.Operation { return permissions.UnassignUnified("set_x") }, fault.KindNotFound},
		"a name that is taken":    {"gus", func(*centre) permissions.Operation { return newRole("EVERYTHING", rbac.Sources{}, "Alerts") }, fault.KindConflict},
	} {
		t.Run(name, func(t *testing.T) {
			centre := newUnified(t)
			before := centre.snapshot().Revision()
			err := centre.do(c.actor, c.op(centre))
			if (c.want == 0) != (err == nil) || err != nil && fault.KindOf(err) != c.want {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if changed := centre.snapshot().Revision() != before; changed != (err == nil) {
				t.Errorf("changed is %v beside the answer %v", changed, err)
			}
		})
	}
}

// TestS18APolicyFileTellsNothingOfUnifiedRoles: neither that it changes nothing, nor what is wrong with it, to who does not
// see all of them.
func TestS18APolicyFileTellsNothingOfUnifiedRoles(t *testing.T) {
	c := newUnified(t)
	endpoint := "roles: [{name: EU triage, workload: endpoint, permissions: [View data - Security operations], assignments: [{groups: [eu]}]}]\n"
	same := "apiVersion: bailiwick/v1\n" + endpoint + "unifiedRoles: [{name: Viewer of roles, permissions: [Authorization (read)], assignments: [{users: [vic], dataSources: [office365]}]}]\n"
	wrong := "apiVersion: bailiwick/v1\n" + endpoint + "unifiedRoles: [{name: Guess, assignments: [{users: [nobody], dataSources: [office365]}]}]\n"
	for _, text := range []string{same, wrong} {
		if _, err := c.PlanPolicy(context.Background(), as("ed"), c.file(text), false); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: %v", text, err)
		}
	}
	if plan, err := c.PlanPolicy(context.Background(), as("gus"), c.file(same), false); err != nil || len(plan.Summary) != 0 {
		t.Errorf("to an administrator: %v %v", plan.Summary, err)
	}
}

// TestASetOfAssignmentsChangesAsOne: principals that stay keep theirs, the others come and go.
func TestASetOfAssignmentsChangesAsOne(t *testing.T) {
	c := newUnified(t)
	set := c.setID("Everything")
	was := c.snapshot().AssignmentsIn(set)
	err := c.do("gus", permissions.UpdateUnified(set, permissions.UnifiedAssignment{Name: "Two", Users: []string{"wes", "nora"}, Sources: both}))
	if err != nil {
		t.Fatal(err)
	}
	now := c.snapshot().AssignmentsIn(set)
	names, kept := []string{}, 0
	for _, a := range now {
		names = append(names, a.User+a.Group)
		if a.Name != "Two" || a.Sources != both {
			t.Errorf("an assignment of the set is not like the others: %+v", a)
		}
		if slices.ContainsFunc(was, func(b rbac.Assignment) bool { return b.ID == a.ID }) {
			kept++
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"nora", "wes"}) || kept != 1 {
		t.Errorf("the set is of %v, %d of them as before", names, kept)
	}
	if err := c.do("gus", permissions.UnassignUnified(set)); err != nil || len(c.snapshot().AssignmentsIn(set)) != 0 {
		t.Errorf("taken back, the set is still there (%v)", err)
	}
}

// TestS18EveryReadIsCutToDataSources: who views roles in one data source learns nothing of the others.
func TestS18EveryReadIsCutToDataSources(t *testing.T) {
	c := newUnified(t)
	asker, err := c.Asker(context.Background(), as("vic"))
	if err != nil {
		t.Fatal(err)
	}
	everything := rbac.RoleRef{Workload: rbac.Unified, Name: "Everything"}
	list := asker.AssignmentsOf(everything)
	if len(list) != 2 || list[0].Sources != mailOnly {
		t.Errorf("an assignment for all data sources reads %+v", list)
	}
	if err := c.do("gus", permissions.AssignUnified(c.roleID(rbac.Unified, "Everything"), permissions.UnifiedAssignment{Name: "hidden", Users: []string{"nora"},
		Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Identity)}})); err != nil {
		t.Fatal(err)
	}
	asker, _ = c.Asker(context.Background(), as("vic"))
	if again := asker.AssignmentsOf(everything); len(again) != 2 {
		t.Errorf("an assignment for another data source is seen: %+v", again)
	}
	hidden := ""
	for _, a := range c.snapshot().AssignmentsOf(everything) {
		if a.Name == "hidden" {
			hidden = a.Set
			if _, err := asker.Assignment(a.ID); fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("by its id: %v", err)
			}
		}
	}
	if _, err := asker.AssignmentsIn(hidden); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("by its set: %v", err)
	}
	for name, sees := range map[string]bool{"gus": true, "uma": true, "vic": true, "rita": false, "nora": false, "ed": false} {
		asker, err := c.Asker(context.Background(), as(name))
		if err != nil {
			t.Fatal(err)
		}
		roles, _ := asker.Roles()
		if got := slices.ContainsFunc(roles, func(r rbac.Role) bool { return r.Workload == rbac.Unified }); got != sees {
			t.Errorf("%s sees unified roles: %v, want %v", name, got, sees)
		}
		if _, err := asker.Role(c.roleID(rbac.Unified, "Everything")); (err == nil) != sees {
			t.Errorf("%s reads one: %v", name, err)
		}
	}
}

// TestS18ActivatingIsPreviewedAndRecorded: who loses and gains is told before, and the entry says from what to what.
func TestS18ActivatingIsPreviewedAndRecorded(t *testing.T) {
	c := newUnified(t)
	p, err := c.Preview(context.Background(), as("gus"), permissions.SetActivation(rbac.Office365, rbac.Off))
	if err != nil || !p.Allowed {
		t.Fatal(p, err)
	}
	who := map[string]string{}
	for _, u := range p.Changes.Users {
		who[u.User] = strings.TrimSpace(map[bool]string{true: "gains "}[len(u.Gains) > 0] + map[bool]string{true: "loses"}[len(u.Losses) > 0])
	}
	if who["rita"] != "gains" || who["uma"] != "loses" || who["wes"] != "loses" || who["gus"] != "" {
		t.Errorf("the preview: %v", who)
	}
	if err := c.do("gus", permissions.SetActivation(rbac.Office365, rbac.Off)); err != nil {
		t.Fatal(err)
	}
	if last := c.entries()[0]; last.Operation != "workloads.activate" || string(last.Before) != `{"unified":"on"}` || string(last.After) != `{"unified":"off"}` {
		t.Errorf("the entry: %s %s -> %s", last.Operation, last.Before, last.After)
	}
}
