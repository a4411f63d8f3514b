package permissions_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/rbac"
)

func (c *centre) group(name string) rbac.Group {
	g, _ := c.snapshot().Group(name)
	return g
}

// named is a group that is there, under another name.
func (c *centre) named(from, to string) permissions.Operation {
	g := c.group(from)
	g.Name = to
	return permissions.RenameGroup(from, g)
}

func TestAGroupGetsAnotherNameAndWhatNamesItFollows(t *testing.T) {
	c := newCentre(t)
	must(t, c.do("gus", permissions.PutCeiling(rbac.Ceiling{Name: "eu only", Groups: []string{"eu"}, AssignableGroups: rbac.Bound[string]{Of: []string{"eu"}}})))
	reached := c.snapshot().Reach("tom", rbac.ViewInvestigation, noon).DeviceGroups()
	if len(reached) == 0 {
		t.Fatal("tom reaches nothing by the group")
	}
	for _, actor := range []string{"tom", "ed", "rita"} {
		if err := c.do(actor, c.named("eu", "Europe")); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: %v, want a refusal", actor, err)
		}
	}
	refusal := c.entries()[0]
	if refusal.Operation != "groups.rename" || refusal.Outcome != "refused" {
		t.Errorf("the refusal's record: %+v", refusal)
	}
	preview, err := c.Preview(context.Background(), as("gus"), c.named("eu", "Europe"))
	if err != nil || !preview.Allowed || preview.Gaining()+preview.Losing() > 0 || preview.Renames {
		t.Errorf("the preview: %+v, %v; want nobody to gain or lose", preview.Changes, err)
	}
	must(t, c.do("gus", c.named("eu", "Europe")))
	if last := c.entries()[0]; last.Operation != "groups.rename" || last.Object != "group:Europe" || !strings.Contains(string(last.Before), `"Name":"eu"`) || !strings.Contains(string(last.After), `"Name":"Europe"`) {
		t.Errorf("the record does not tell of the names: %+v %s %s", last, last.Before, last.After)
	}
	again := open(t, c.path)
	s := again.snapshot()
	if got := s.Reach("tom", rbac.ViewInvestigation, noon).DeviceGroups(); !slices.Equal(got, reached) {
		t.Errorf("tom reaches %q, want %q", got, reached)
	}
	if got := s.DeviceGroups()[0].Access; !slices.Equal(got, []string{"Europe"}) {
		t.Errorf("the access list is %q", got)
	}
	if got, _ := s.Ceiling("eu only"); !slices.Equal(got.Groups, []string{"Europe"}) || !slices.Equal(got.AssignableGroups.Of, []string{"Europe"}) {
		t.Errorf("the ceiling is %+v", got)
	}
	if got := s.AssignmentsOf(rbac.RoleRef{Workload: rbac.Endpoint, Name: "EU triage"}); len(got) != 1 || got[0].Group != "Europe" {
		t.Errorf("the assignments are %+v", got)
	}
}

func TestNamesThatAGroupMayNotGet(t *testing.T) {
	c := newCentre(t)
	must(t, c.do("gus", permissions.PutGroup(rbac.Group{Name: "night"})))
	for name, try := range map[string]struct {
		op   permissions.Operation
		want fault.Kind
		says string
	}{
		"from a name that nobody has": {permissions.RenameGroup("nowhere", rbac.Group{Name: "x"}), fault.KindInvalid, `there is no group "nowhere"`},
		"to a name that is taken":     {c.named("eu", "Night"), fault.KindConflict, `there is a group "night" already`},
		"to one that is reserved":     {c.named("eu", "everyone"), fault.KindInvalid, "access lists"},
		"to none":                     {c.named("eu", " "), fault.KindInvalid, "a name is needed"},
	} {
		if err := c.do("gus", try.op); fault.KindOf(err) != try.want || !strings.Contains(err.Error(), try.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, c.do("gus", c.named("eu", "EU")))
	if g := c.group("EU"); len(g.Members) == 0 {
		t.Errorf("in another case it is %+v", g)
	}
}

// TestARenamedGroupIsKnownToTheHistoryOfItsRoles brings back what was given to it under its old name.
func TestARenamedGroupIsKnownToTheHistoryOfItsRoles(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Endpoint, "EU triage")
	must(t, c.do("gus", c.named("eu", "Europe")))
	h := c.history("gus", id)
	if v := h.Versions[0]; v.Operation != "groups.rename" || len(v.Changed.Given) != 1 || v.Changed.Given[0].Group != "Europe" || v.Changed.TakenBack[0].Group != "eu" {
		t.Errorf("the version says %+v", v.Changed)
	}
	first := h.All[0].Revision
	must(t, c.do("gus", permissions.DeleteRole(id)))
	done, err := c.restore("gus", permissions.Restoration{RoleID: id, Revision: first})
	if err != nil || len(done.Notes) > 0 {
		t.Fatalf("%+v %v", done.Notes, err)
	}
	if got := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Endpoint, Name: "EU triage"}); len(got) != 1 || got[0].Group != "Europe" {
		t.Errorf("brought back: %+v", got)
	}
	// A group that has the old name now is meant by it.
	must(t, c.do("gus", permissions.PutGroup(rbac.Group{Name: "eu"})))
	must(t, c.do("gus", permissions.DeleteRole(id)))
	if _, err := c.restore("gus", permissions.Restoration{RoleID: id, Revision: first}); err != nil {
		t.Fatal(err)
	}
	if got := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Endpoint, Name: "EU triage"}); len(got) != 1 || got[0].Group != "eu" {
		t.Errorf("brought back: %+v", got)
	}
}

const (
	people   = `[{"userPrincipalName":"gus"},{"userPrincipalName":"tom"},{"userPrincipalName":"nora"}]`
	twoOfIT  = `[{"displayName":"IT","members":[{"userPrincipalName":"tom"},{"userPrincipalName":"nora"}]}]`
	oneOfIT  = `[{"displayName":"IT","members":[{"userPrincipalName":"tom"}]}]`
	ofIT     = `[{"name":"Desk","permissions":["Alerts investigation"],"groups":["IT"]}]`
	forIT    = "rank,name,tag,access\n1,Desks,desk,IT\n"
	lessOfIT = `[{"name":"Desk","permissions":["Alerts investigation"],"groups":[]}]`
)

func (c *centre) imports(p imports.Product, choose imports.Choice, texts ...string) permissions.ImportPlan {
	c.t.Helper()
	in := permissions.Import{Product: p, Conflicts: choose}
	for i, text := range texts {
		in.Files = append(in.Files, imports.File{Name: string(rune('a' + i)), Data: []byte(text)})
	}
	made, err := c.ApplyImport(context.Background(), as("gus"), in)
	if err != nil {
		c.t.Fatal(err)
	}
	return made
}

// TestAnImportedGroupThatWasRenamedHereStaysOne: exports name it as ever; it is updated under the name that it has here, its
// roles and device groups too, and nothing is made twice or lost.
func TestAnImportedGroupThatWasRenamedHereStaysOne(t *testing.T) {
	c := newCentre(t)
	c.imports(imports.Directory, imports.Mine, people, twoOfIT)
	c.imports(imports.Endpoint, imports.Theirs, ofIT, forIT)
	must(t, c.do("gus", c.named("IT", "Service desk")))

	made := c.imports(imports.Directory, imports.Undecided, people, twoOfIT)
	if len(made.Edits) > 0 || !slices.Contains(made.Notes, "the group IT of the exports was renamed here: it is Service desk, and keeps that name") {
		t.Errorf("the same export again: %+v %q", made.Edits, made.Notes)
	}
	c.imports(imports.Directory, imports.Undecided, people, oneOfIT)
	if got := c.group("Service desk"); !slices.Equal(got.Members, []string{"tom"}) || c.group("IT").Name != "" {
		t.Errorf("of a newer export it has %+v", got)
	}
	if origin, ok := c.Origin(context.Background(), c.snapshot(), imports.ID(imports.KindGroup, "service desk")); !ok || origin.Product != "directory" {
		t.Errorf("its origin is %+v", origin)
	}
	if made := c.imports(imports.Endpoint, imports.Undecided, ofIT, forIT); len(made.Edits) > 0 {
		t.Errorf("the other product's export again: %+v", made.Edits)
	}
	c.imports(imports.Endpoint, imports.Undecided, lessOfIT, forIT)
	if got := c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Endpoint, Name: "Desk"}); len(got) != 0 {
		t.Errorf("taken back there, and here: %+v", got)
	}
	// Renamed there as well: the two meet.
	if made := c.imports(imports.Directory, imports.Undecided, people, strings.Replace(oneOfIT, "IT", "Service desk", 1)); len(made.Edits) > 0 {
		t.Errorf("of the new name: %+v", made.Edits)
	}
	c.imports(imports.Directory, imports.Undecided, people)
	if c.group("Service desk").Name != "" {
		t.Error("gone there, and still here")
	}
}

// TestWhereAnExportMeansTwoGroupsBothAreToldAsConflicts: the directory has made another group of the new name.
func TestWhereAnExportMeansTwoGroupsBothAreToldAsConflicts(t *testing.T) {
	c := newCentre(t)
	c.imports(imports.Directory, imports.Mine, people, twoOfIT)
	must(t, c.do("gus", c.named("IT", "Service desk")))
	plan, err := c.PlanImport(context.Background(), as("gus"), permissions.Import{Product: imports.Directory, Files: []imports.File{
		{Name: "a", Data: []byte(people)}, {Name: "b", Data: []byte(oneOfIT)}, {Name: "c", Data: []byte(strings.Replace(oneOfIT, "IT", "Service desk", 1))}}})
	must(t, err)
	var got []string
	for _, s := range plan.Open() {
		got = append(got, s.ID+": "+s.Why)
	}
	want := []string{"group:it: it was removed here since the last import", "group:service desk: there is one of that name, and it was not imported"}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("open: %q, want %q among them", got, line)
		}
	}
}

// TestARenamedGroupThatIsNotEligibleAnyMoreStays as any other that is not.
func TestARenamedGroupThatIsNotEligibleAnyMoreStays(t *testing.T) {
	c := newCentre(t)
	c.imports(imports.Directory, imports.Mine, people, twoOfIT)
	must(t, c.do("gus", c.named("IT", "Service desk")))
	c.imports(imports.Directory, imports.Undecided, people, `[{"displayName":"IT","members":[{"userPrincipalName":"ghost"}]}]`)
	if got := c.group("Service desk"); len(got.Members) != 2 {
		t.Errorf("it has %+v", got)
	}
}

// TestAUserIsPutInGroupsInOneChange with what else is changed of them, and their ETag covers it.
func TestAUserIsPutInGroupsInOneChange(t *testing.T) {
	c := newCentre(t)
	tag := permissions.Tag(c.snapshot(), permissions.UserState("nora"))
	if err := c.do("rita", permissions.PutMember(rbac.User{Name: "nora"}, []string{"eu"})); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("rita: %v", err)
	}
	if err := c.do("gus", permissions.PutMember(rbac.User{Name: "nora", DisplayName: "Nora"}, []string{"eu", "nowhere"})); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a group that is not there: %v", err)
	}
	preview, err := c.Preview(context.Background(), as("gus"), permissions.PutMember(rbac.User{Name: "nora"}, []string{"eu"}))
	if err != nil || preview.Gaining() != 1 {
		t.Errorf("%d gain, %v; want nora to", preview.Gaining(), err)
	}
	must(t, c.do("gus", permissions.PutMember(rbac.User{Name: "nora", DisplayName: "Nora"}, []string{"eu", "purgers", "eu"})))
	if last := c.entries()[0]; !strings.Contains(string(last.After), `"Groups":["eu","purgers"]`) {
		t.Errorf("the record does not tell of the groups: %s", last.After)
	}
	s := c.snapshot()
	if got := s.GroupsOf("nora"); !slices.Equal(got, []string{"eu", "purgers"}) || !slices.Equal(s.GroupsOf("tom"), []string{"eu"}) {
		t.Errorf("nora is in %q, tom in %q", got, s.GroupsOf("tom"))
	}
	if err := c.do("gus", permissions.PutUser(rbac.User{Name: "nora"}).If(tag, permissions.UserState("nora"))); fault.KindOf(err) == none {
		t.Error("her groups have changed, and the old tag still fits")
	}
	must(t, c.do("gus", permissions.PutUser(rbac.User{Name: "nora", DisplayName: "N."})))
	if got := c.snapshot().GroupsOf("nora"); len(got) != 2 {
		t.Errorf("without groups the memberships stay: %q", got)
	}
	must(t, c.do("gus", permissions.PutMember(rbac.User{Name: "nora"}, nil)))
	if got := c.snapshot().GroupsOf("nora"); len(got) != 0 {
		t.Errorf("with none they go: %q", got)
	}
	must(t, c.do("gus", permissions.PutMember(rbac.User{Name: "zoe"}, []string{"eu"})))
	if got := c.snapshot().GroupsOf("zoe"); !slices.Equal(got, []string{"eu"}) {
		t.Errorf("a new one is in %q", got)
	}
}
