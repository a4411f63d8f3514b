package permissions_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func (c *centre) history(asker, id string) permissions.History {
	c.t.Helper()
	a, err := c.Asker(context.Background(), as(asker))
	if err != nil {
		c.t.Fatal(err)
	}
	h, err := a.History(context.Background(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	return h
}

func (c *centre) restore(actor string, what permissions.Restoration) (permissions.Result, error) {
	c.t.Helper()
	var all []store.RoleVersion
	err := c.store.View(context.Background(), func(r store.Reader) (err error) {
		all, err = r.RoleVersions(what.RoleID)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.Do(context.Background(), as(actor), permissions.RestoreRole(all, what))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryChangeOfARoleIsAVersion changes one role on every path there is, and reads its history: who, what, which entry.
func TestEveryChangeOfARoleIsAVersion(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Endpoint, "EU triage")
	name, wider := "EU tier 1", []string{"View data - Security operations", "Alerts investigation"}
	must(t, c.do("gus", permissions.UpdateRole(id, permissions.RoleChange{Permissions: &wider})))
	must(t, c.do("gus", permissions.UpdateRole(id, permissions.RoleChange{Name: &name})))
	must(t, c.do("gus", permissions.Assign(id, permissions.NewAssignment{User: "nora", Scope: &rbac.Scope{DeviceGroups: []string{"EU servers"}}})))
	must(t, c.do("gus", permissions.SetDeviceGroups(c.snapshot().DeviceGroups()[1:], 0)))
	must(t, c.do("gus", permissions.RemoveUser("nora")))
	must(t, c.do("gus", permissions.PutUser(rbac.User{Name: "zoe"}))) // of no role
	c.apply(owner, "apiVersion: bailiwick/v1\nroles: [{name: EU tier 1, workload: endpoint, permissions: [Alerts investigation], assignments: [{groups: [eu]}]}]\n")
	must(t, c.do("gus", permissions.RemoveGroup("eu")))
	must(t, c.do("gus", permissions.DeleteRole(id)))

	h := c.history("gus", id)
	var got []string
	for _, v := range h.Versions {
		line := v.Operation + " by " + v.Actor
		if v.Changed.FormerName != "" {
			line += ", was " + v.Changed.FormerName
		}
		for _, p := range v.Changed.Added {
			line += ", +" + p
		}
		for _, p := range v.Changed.Removed {
			line += ", -" + p
		}
		for _, a := range v.Changed.Given {
			line += ", to " + permissions.GivenSentence(a)
		}
		for _, a := range v.Changed.TakenBack {
			line += ", from " + permissions.GivenSentence(a)
		}
		if v.Deleted {
			line += ", deleted"
		}
		got = append(got, line)
		entry := c.entries()[len(c.entries())-int(v.Entry)]
		if entry.Seq != v.Entry || entry.Operation != v.Operation || entry.Actor != v.Actor || entry.PolicyRevision != v.Revision {
			t.Errorf("version %+v is linked to the entry %+v", v.RoleVersion, entry)
		}
	}
	want := []string{
		"roles.delete by gus, deleted",
		"groups.remove by gus, from the group eu",
		"policy.apply by local:root, -View data - Security operations",
		"users.remove by gus, from nora, on no device group",
		"device-groups.set by gus, to nora, on no device group, from nora, on EU servers",
		"assignments.create by gus, to nora, on EU servers",
		"roles.update by gus, was EU triage",
		"roles.update by gus, +Alerts investigation",
		"policy.apply by local:root, to the group eu",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestADeletedRoleComesBackAsFarAsItCan(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	must(t, c.do("gus", permissions.Assign(id, permissions.NewAssignment{User: "nora"})))
	before := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge"})
	must(t, c.do("gus", permissions.DeleteRole(id)))
	must(t, c.do("gus", permissions.RemoveUser("nora")))

	if _, err := c.restore("rita", permissions.Restoration{RoleID: id}); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "Search And Purge") {
		t.Errorf("rita brings back what she does not hold: %v", err)
	}
	if _, err := c.restore("ed", permissions.Restoration{RoleID: id}); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "needs Role Management") {
		t.Errorf("ed brings back a mail role: %v", err)
	}
	done, err := c.restore("gus", permissions.Restoration{RoleID: id})
	must(t, err)
	if len(done.Notes) != 1 || !strings.Contains(done.Notes[0], "nora") {
		t.Errorf("what can't come back: %q", done.Notes)
	}
	after := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge"})
	if len(after) != 1 || after[0].Group != "purgers" || !slices.ContainsFunc(before, func(a rbac.Assignment) bool { return a.ID == after[0].ID }) {
		t.Errorf("came back with %+v", after)
	}
	if c.roleID(rbac.Office365, "Purge") != id || c.entries()[0].Operation != "roles.restore" {
		t.Errorf("it is another role now, or not recorded: %+v", c.entries()[0])
	}
	if _, err := c.restore("gus", permissions.Restoration{RoleID: id}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("undone twice: %v", err)
	}
}

func TestTheNameOfADeletedRoleMayBeTaken(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	must(t, c.do("gus", permissions.DeleteRole(id)))
	must(t, c.do("gus", permissions.CreateRole(permissions.NewRole{Workload: rbac.Office365, Name: "PURGE"})))
	if _, err := c.restore("gus", permissions.Restoration{RoleID: id}); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "another name") {
		t.Errorf("got %v", err)
	}
	_, err := c.restore("gus", permissions.Restoration{RoleID: id, Name: "Purge mail"})
	must(t, err)
	if c.roleID(rbac.Office365, "Purge mail") != id {
		t.Error("it came back as another")
	}
}

func TestADeletionCanBeUndoneForThirtyDays(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	must(t, c.do("gus", permissions.DeleteRole(id)))
	later := func(d time.Duration) *centre {
		now := func() time.Time { return noon.Add(d) }
		p, err := permissions.New(context.Background(), c.store, &audit.Door{Store: c.store, Now: now}, catalog.Default(), now)
		must(t, err)
		return &centre{p, t, c.store, c.path}
	}
	deleted := func(c *centre) int {
		a, err := c.Asker(context.Background(), as("gus"))
		must(t, err)
		list, err := a.DeletedRoles(context.Background())
		must(t, err)
		return len(list)
	}
	late := later(30 * 24 * time.Hour)
	if _, err := late.restore("gus", permissions.Restoration{RoleID: id}); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "within 30 days, until 2026-03-31") {
		t.Errorf("after thirty days: %v", err)
	}
	if n := deleted(late); n != 0 {
		t.Errorf("%d roles can be brought back after thirty days", n)
	}
	almost := later(30*24*time.Hour - time.Second)
	if n := deleted(almost); n != 1 {
		t.Errorf("%d roles can be brought back a second before", n)
	}
	if _, err := almost.restore("gus", permissions.Restoration{RoleID: id}); err != nil {
		t.Errorf("a second before: %v", err)
	}
}

// TestAnEarlierVersionIsRestoredWithItsNameAndItsPeople goes back over a rename, and refuses who may not widen.
func TestAnEarlierVersionIsRestoredWithItsNameAndItsPeople(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	first := c.snapshot().Revision()
	name, narrow := "Nothing", []string{"Security reader"}
	must(t, c.do("gus", permissions.UpdateRole(id, permissions.RoleChange{Name: &name, Permissions: &narrow})))
	must(t, c.do("gus", permissions.Unassign(c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: name})[0].ID)))
	must(t, c.do("gus", permissions.Assign(id, permissions.NewAssignment{User: "nora"})))
	if _, err := c.restore("rita", permissions.Restoration{RoleID: id, Revision: first}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("rita widens a role by restoring it: %v", err)
	}
	_, err := c.restore("gus", permissions.Restoration{RoleID: id, Revision: first})
	must(t, err)
	list := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge"})
	if c.roleID(rbac.Office365, "Purge") != id || len(list) != 1 || list[0].Group != "purgers" {
		t.Errorf("restored: %+v", list)
	}
	if _, err := c.restore("gus", permissions.Restoration{RoleID: id, Revision: 4711}); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a version that is not there: %v", err)
	}
	before := len(c.entries())
	if done, err := c.restore("gus", permissions.Restoration{RoleID: id, Revision: first}); err != nil || done.Changed || len(c.entries()) != before {
		t.Errorf("restored again: %+v, %v", done, err)
	}
}

func TestACopyGivesNoMoreThanItsMakerHas(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Office365, "Purge")
	if err := c.do("rita", permissions.CopyRole(id, permissions.Copy{Name: "Mine"})); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("rita copies what she does not hold: %v", err)
	}
	if err := c.do("gus", permissions.CopyRole(id, permissions.Copy{Name: "purge"})); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("the name is taken: %v", err)
	}
	must(t, c.do("gus", permissions.CopyRole(id, permissions.Copy{Name: "Purge 2", Assignments: true})))
	must(t, c.do("gus", permissions.CopyRole(c.roleID(rbac.Office365, "Organization Management"), permissions.Copy{Name: "My organization"})))
	s := c.snapshot()
	made, _ := s.Role(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge 2"})
	mine, _ := s.Role(rbac.RoleRef{Workload: rbac.Office365, Name: "My organization"})
	was, _ := s.Role(rbac.RoleRef{Workload: rbac.Office365, Name: "Organization Management"})
	if list := s.AssignmentsOf(made.Ref()); len(list) != 1 || list[0].Group != "purgers" || made.ID == id {
		t.Errorf("the copy: %+v, %+v", made, list)
	}
	if mine.Kind != rbac.CustomRole || !slices.Equal(mine.Permissions, was.Permissions) || len(s.AssignmentsOf(mine.Ref())) != 0 {
		t.Errorf("the copy of a default role: %+v", mine)
	}
}

func TestAPreviewSaysWhoLosesEverything(t *testing.T) {
	c := newCentre(t)
	must(t, c.do("gus", permissions.PutGroup(rbac.Group{Name: "purgers", Members: []string{"nora", "gus"}})))
	p, err := c.Preview(context.Background(), as("gus"), permissions.DeleteRole(c.roleID(rbac.Office365, "Purge")))
	must(t, err)
	if len(p.Emptied) != 1 || !p.Emptied["nora"] {
		t.Errorf("lose everything: %v", p.Emptied)
	}
}

// TestAComparisonTellsOnlyWhatTheAskerMayKnow: rita views mail roles, and learns of others' access to mail only.
func TestAComparisonTellsOnlyWhatTheAskerMayKnow(t *testing.T) {
	c := newCentre(t)
	compare := func(asker, left, right string) (permissions.Contrast, error) {
		a, err := c.Asker(context.Background(), as(asker))
		must(t, err)
		return a.Contrast(context.Background(), left, right)
	}
	found, err := compare("rita", "user:tom", "user:rita")
	must(t, err)
	if len(found.Contrast.Left.Effect) != 0 || len(found.Contrast.Left.Permissions) != 0 || len(found.LeftOut) == 0 || len(found.Contrast.Right.Effect) == 0 {
		t.Errorf("rita learns of tom: %+v", found)
	}
	full, err := compare("gus", "user:tom", "user:rita")
	must(t, err)
	if len(full.Contrast.Left.Effect) != 3 || full.Contrast.Left.Effect[0].Workload != rbac.Endpoint || full.LeftOut != nil {
		t.Errorf("gus learns of tom: %+v", full)
	}
	for key, kind := range map[string]fault.Kind{
		"role:endpoint/EU triage": fault.KindNotFound, "role:" + c.roleID(rbac.Endpoint, "EU triage") + "@2": fault.KindNotFound,
		"user:nobody": fault.KindNotFound, "group:none": fault.KindNotFound, "what": fault.KindInvalid, "": fault.KindInvalid,
	} {
		if _, err := compare("rita", "user:rita", key); fault.KindOf(err) != kind {
			t.Errorf("rita and %q: %v", key, err)
		}
	}
	if _, err := compare("nora", "user:nora", "user:tom"); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("nora compares herself with tom: %v", err)
	}
	roles, err := compare("rita", "role:office365/Purge", "role:office365/Mail roles")
	must(t, err)
	if len(roles.Contrast.Left.Permissions) != 1 || len(roles.Contrast.Right.Permissions) != 2 {
		t.Errorf("two roles: %+v", roles)
	}
}

// TestAnUndoGoesNoFurtherThanACeiling: dee holds all that the role gives, but may hand out nothing to the group that had it.
func TestAnUndoGoesNoFurtherThanACeiling(t *testing.T) {
	c := newCentre(t)
	must(t, c.do("gus", permissions.PutUser(rbac.User{Name: "dee"})))
	must(t, c.do("gus", permissions.PutGroup(rbac.Group{Name: "others"})))
	holds := []string{"Role Management", "Security reader", "Search and purge"}
	must(t, c.do("gus", permissions.UpdateRole(c.roleID(rbac.Office365, "Mail roles"), permissions.RoleChange{Permissions: &holds})))
	must(t, c.do("gus", permissions.Assign(c.roleID(rbac.Office365, "Mail roles"), permissions.NewAssignment{User: "dee"})))
	id := c.roleID(rbac.Office365, "Purge")
	must(t, c.do("gus", permissions.DeleteRole(id)))
	must(t, c.do("gus", permissions.PutCeiling(rbac.Ceiling{
		Name: "Others only", Users: []string{"dee"}, Workloads: rbac.Bound[rbac.Workload]{All: true}, Permissions: rbac.Bound[string]{All: true},
		DeviceGroups: rbac.Bound[string]{All: true}, AssignableGroups: rbac.Bound[string]{Of: []string{"others"}},
	})))
	if _, err := c.restore("dee", permissions.Restoration{RoleID: id}); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "beyond your delegation ceiling") {
		t.Errorf("dee goes beyond the ceiling by an undo: %v", err)
	}
	must(t, c.do("gus", permissions.RemoveCeiling("Others only")))
	if _, err := c.restore("dee", permissions.Restoration{RoleID: id}); err != nil {
		t.Errorf("without the ceiling: %v", err)
	}
}

// TestAHiddenAssignmentHasNoHistory: sue views unified roles for mail only. That the role came to be given for devices, and
// was taken back, leaves no trace in what she reads: not in the versions, their numbers, or a comparison.
func TestAHiddenAssignmentHasNoHistory(t *testing.T) {
	c := newCentre(t)
	must(t, c.do("gus", permissions.PutUser(rbac.User{Name: "sue"})))
	must(t, c.do("gus", permissions.SetActivation(rbac.Office365, rbac.On)))
	must(t, c.do("gus", permissions.SetActivation(rbac.Endpoint, rbac.On)))
	role := func(name string, permission string, n permissions.UnifiedAssignment) string {
		done, err := c.Do(context.Background(), as("gus"), permissions.CreateRole(permissions.NewRole{Workload: rbac.Unified, Name: name, Permissions: []string{permission}, Unified: []permissions.UnifiedAssignment{n}}))
		must(t, err)
		return done.ID
	}
	mail := rbac.Sources{Workloads: rbac.SetOf(rbac.Office365)}
	role("Role managers", "Authorization (manage)", permissions.UnifiedAssignment{Users: []string{"sue"}, Sources: mail})
	id := role("Readers", "Security data basics (read)", permissions.UnifiedAssignment{Groups: []string{"purgers"}, Sources: mail})
	before := c.history("sue", id).Versions
	_, err := c.Do(context.Background(), as("gus"), permissions.AssignUnified(id, permissions.UnifiedAssignment{Groups: []string{"eu"}, Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Endpoint)}}))
	must(t, err)
	hidden := c.snapshot().Revision()
	if seen := c.history("sue", id).Versions; len(seen) != len(before) || len(c.history("gus", id).Versions) != len(before)+1 {
		t.Errorf("sue sees %d versions, before %d", len(seen), len(before))
	}
	sue, err := c.Asker(context.Background(), as("sue"))
	must(t, err)
	if _, err := sue.Restore(context.Background(), permissions.Restoration{RoleID: id, Revision: hidden}); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("sue restores a version that she does not see: %v", err)
	}
	found, err := sue.Contrast(context.Background(), "role:"+id, "user:sue")
	must(t, err)
	for _, a := range append(found.Contrast.Left.Effect, found.Contrast.Both.Effect...) {
		if a.Workload == rbac.Endpoint {
			t.Errorf("sue learns of devices: %+v", a)
		}
	}
	// A deletion by gus; an undo by sue would give the role for devices again: that is not hers.
	must(t, c.do("gus", permissions.DeleteRole(id)))
	sue, err = c.Asker(context.Background(), as("sue"))
	must(t, err)
	op, err := sue.Restore(context.Background(), permissions.Restoration{RoleID: id})
	must(t, err)
	if err := c.do("sue", op); fault.KindOf(err) != fault.KindDenied || strings.Contains(err.Error(), "Endpoint") {
		t.Errorf("sue gives what she may not: %v", err)
	}
}

// TestTheMembersOfAProductsRoleAreRestored: its definition is the product's, and stays.
func TestTheMembersOfAProductsRoleAreRestored(t *testing.T) {
	for _, ref := range []rbac.RoleRef{{Workload: rbac.Office365, Name: "Organization Management"}, {Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}} {
		c := newCentre(t)
		id := c.roleID(ref.Workload, ref.Name)
		must(t, c.do("gus", permissions.Assign(id, permissions.NewAssignment{User: "nora"})))
		full := c.snapshot().Revision()
		must(t, c.do("gus", permissions.Unassign(c.snapshot().AssignmentsOf(ref)[0].ID)))
		must(t, c.do("gus", permissions.Assign(id, permissions.NewAssignment{User: "tom"})))
		_, err := c.restore("gus", permissions.Restoration{RoleID: id, Revision: full})
		must(t, err)
		var names []string
		for _, a := range c.snapshot().AssignmentsOf(ref) {
			names = append(names, a.User)
		}
		if !slices.Contains(names, "nora") || slices.Contains(names, "tom") {
			t.Errorf("%s is given to %q", ref.Name, names)
		}
		a, err := c.Asker(context.Background(), as("gus"))
		must(t, err)
		found, err := a.Contrast(context.Background(), "role:"+id, fmt.Sprintf("role:%s@%d", id, full))
		if err != nil || !found.Same() {
			t.Errorf("%s against the version that it was restored from: %+v, %v", ref.Name, found, err)
		}
	}
}

// TestARoleThatIsOlderThanTheHistoryBeginsAsItWasFound: versions begin with the first change that is made.
func TestARoleThatIsOlderThanTheHistoryBeginsAsItWasFound(t *testing.T) {
	c := newCentre(t)
	role := rbac.Role{ID: "rol_old", Workload: rbac.Office365, Name: "Old", Permissions: []string{"Manage Alerts"}}
	must(t, c.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(rbac.PutRole{Role: role}); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	found := c.snapshot().Revision()
	name := "New"
	must(t, c.do("gus", permissions.UpdateRole("rol_old", permissions.RoleChange{Name: &name})))
	h := c.history("gus", "rol_old")
	if len(h.Versions) != 2 || h.Versions[1].Actor != "" || h.Versions[1].Revision != found || h.Versions[0].Changed.FormerName != "Old" {
		t.Errorf("got %+v", h.Versions)
	}
	_, err := c.restore("gus", permissions.Restoration{RoleID: "rol_old", Revision: found})
	must(t, err)
	if c.roleID(rbac.Office365, "Old") != "rol_old" {
		t.Error("not restored to how it was found")
	}
}

// FuzzContrastTellsNothing gives nora, who may know of nobody, any two sides: she is told of herself or nothing.
func FuzzContrastTellsNothing(f *testing.F) {
	c := newCentre(f)
	asker, err := c.Asker(context.Background(), as("nora"))
	must(f, err)
	for _, seed := range []string{"user:nora", "user:tom", "group:eu", "role:endpoint/EU triage", "role:office365/Purge@1", "role:@", "role:x@99999999999999999999", "role:unified/", ":", "", "USER:Nora", "role:" + c.roleID(rbac.Office365, "Purge") + "@1"} {
		f.Add(seed, "user:nora")
	}
	f.Fuzz(func(t *testing.T, left, right string) {
		found, err := asker.Contrast(context.Background(), left, right)
		if err != nil {
			if fault.KindOf(err) == 0 || fault.KindOf(err) == fault.KindUnavailable {
				t.Fatalf("%q and %q: %v", left, right, err)
			}
			return
		}
		if found.Left.Key != "user:nora" || found.Right.Key != "user:nora" {
			t.Fatalf("nora is told of %q and %q", left, right)
		}
	})
}
