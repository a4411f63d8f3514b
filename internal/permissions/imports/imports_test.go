package imports_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/rbac"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const examples = "../../../docs/examples/imports"

func example(t testing.TB, names ...string) []imports.File {
	t.Helper()
	var files []imports.File
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, imports.File{Name: name, Data: data})
	}
	return files
}

func text(name, data string) imports.File { return imports.File{Name: name, Data: []byte(data)} }

// land is a policy, and what imports noted beside it.
type land struct {
	t     testing.TB
	s     *rbac.Snapshot
	notes map[imports.Product]map[string]imports.Made
	ids   int
}

func newLand(t testing.TB) *land {
	s, err := rbac.Compile(catalog.Default(), rbac.Policy{EndpointRoles: true})
	if err != nil {
		t.Fatal(err)
	}
	return &land{t: t, s: s, notes: map[imports.Product]map[string]imports.Made{}}
}

func (l *land) plan(p imports.Product, o imports.Options, files ...imports.File) *imports.Plan {
	l.t.Helper()
	b, err := imports.Read(p, files)
	if err != nil {
		l.t.Fatal(err)
	}
	o.NewID = func(kind string) string { l.ids++; return fmt.Sprint(kind, l.ids) }
	return b.Plan(l.s, l.notes[p], o)
}

func (l *land) take(p imports.Product, o imports.Options, files ...imports.File) *imports.Plan {
	l.t.Helper()
	plan := l.plan(p, o, files...)
	if open := plan.Open(); len(open) > 0 {
		l.t.Fatalf("open: %+v", open)
	}
	l.edit(plan.Edits...)
	l.notes[p] = plan.Made
	return plan
}

func (l *land) edit(edits ...rbac.Edit) {
	l.t.Helper()
	next, err := l.s.With(edits...)
	if err != nil {
		l.t.Fatal(err)
	}
	l.s = next
}

func (l *land) may(user string, c rbac.Capability, w rbac.Workload, dg ...string) bool {
	return l.s.Decide(rbac.Request{Principal: user, Capability: c, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{w}, DeviceGroups: dg}}).Allowed
}

var directory = []string{"directory-users.json", "directory-groups.json", "directory-roles.json"}

// everything imports all examples, in an order that works.
func everything(t testing.TB) *land {
	l := newLand(t)
	l.take(imports.Directory, imports.Options{}, example(t, directory...)...)
	l.take(imports.Endpoint, imports.Options{}, example(t, "endpoint-roles.json", "endpoint-device-groups.csv")...)
	l.take(imports.Office365, imports.Options{}, example(t, "office365-role-groups.json", "office365-members.csv")...)
	l.take(imports.CloudApps, imports.Options{}, example(t, "cloudapps-admins.csv")...)
	l.take(imports.Identity, imports.Options{}, example(t, "identity-groups.json")...)
	l.take(imports.Unified, imports.Options{}, example(t, "unified-roles.csv")...)
	return l
}

func TestR10WhatTheExamplesGrantCountsHere(t *testing.T) {
	l := everything(t)
	for _, c := range []struct {
		user string
		c    rbac.Capability
		w    rbac.Workload
		dg   []string
		want bool
	}{
		{"mira@fabrikam.example", rbac.ManageAlerts, rbac.Endpoint, []string{"EU servers"}, true},
		{"noor@fabrikam.example", rbac.Remediate, rbac.Endpoint, []string{"EU servers"}, true},
		{"noor@fabrikam.example", rbac.Remediate, rbac.Endpoint, []string{"EU desktops"}, false},
		{"noor@fabrikam.example", rbac.ManageAlerts, rbac.Endpoint, []string{"EU desktops"}, true}, // by the group within the group
		{"olu@fabrikam.example", rbac.ManageAlerts, rbac.Office365, nil, true},
		{"olu@fabrikam.example", rbac.ViewInvestigation, rbac.CloudApps, nil, true},
		{"pia@fabrikam.example", rbac.ViewInvestigation, rbac.Office365, nil, true},
		{"pia@fabrikam.example", rbac.ManageAlerts, rbac.Office365, nil, false},
		{"rui@fabrikam.example", rbac.ViewInvestigation, rbac.CloudApps, nil, false},
	} {
		if got := l.may(c.user, c.c, c.w, c.dg...); got != c.want {
			t.Errorf("%s %s in %s %v: %v, want %v", c.user, c.c, c.w, c.dg, got, c.want)
		}
	}
	if u, _ := l.s.User("rui@fabrikam.example"); !u.Disabled {
		t.Error("an account that is disabled there works here")
	}
	if r, ok := l.s.Role(rbac.RoleRef{Workload: rbac.Unified, Name: "Tier 1"}); !ok || r.Kind != rbac.ImportedRole || len(l.s.AssignmentsOf(r.Ref())) != 2 {
		t.Errorf("%+v", r)
	}
	groups := l.s.DeviceGroups()
	if len(groups) != 3 || groups[0].Name != "EU servers" || groups[0].Remediation != "semi-core" || groups[2].Open {
		t.Errorf("%+v", groups)
	}
}

func TestWhatIsNotEligibleIsToldWithItsReason(t *testing.T) {
	l := newLand(t)
	l.take(imports.Directory, imports.Options{}, example(t, directory...)...)
	var out []string
	gather := func(p *imports.Plan) {
		for _, o := range p.Out {
			out = append(out, fmt.Sprintf("%s: %s", o.Name, o.Why))
		}
	}
	gather(l.take(imports.Endpoint, imports.Options{}, example(t, "endpoint-roles.json", "endpoint-device-groups.csv")...))
	gather(l.take(imports.Office365, imports.Options{}, example(t, "office365-role-groups.json", "office365-members.csv")...))
	gather(l.take(imports.CloudApps, imports.Options{}, example(t, "cloudapps-admins.csv")...))
	gather(l.take(imports.Unified, imports.Options{}, example(t, "unified-roles.csv")...))
	for _, want := range []string{
		"endpoint/Old hands: it is assigned to who is not here: Veterans", "office365/Translators: unknown permission \"Translate\"",
		"cloudapps/App/instance admin: rui@fabrikam.example has it only for Salesforce", "unified/Cloud posture: the data source \"Microsoft Defender for Cloud\" is not kept here",
	} {
		if !slices.ContainsFunc(out, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("not told: %s\n%s", want, strings.Join(out, "\n"))
		}
	}
	if len(out) != 4 {
		t.Errorf("%d are not eligible: %q", len(out), out)
	}
}

func TestImportingAgainChangesNothing(t *testing.T) {
	l := everything(t)
	for p, names := range map[imports.Product][]string{
		imports.Directory: directory, imports.Endpoint: {"endpoint-roles.json", "endpoint-device-groups.csv"},
		imports.Office365: {"office365-role-groups.json", "office365-members.csv"}, imports.CloudApps: {"cloudapps-admins.csv"},
		imports.Identity: {"identity-groups.json"}, imports.Unified: {"unified-roles.csv"},
	} {
		if plan := l.plan(p, imports.Options{}, example(t, names...)...); len(plan.Edits) > 0 || len(plan.Open()) > 0 {
			t.Errorf("%s: %+v %+v", p, plan.Edits, plan.Open())
		}
	}
}

const (
	roleA  = `{"name":"A","permissions":["Alerts investigation"],"groups":["g"]}`
	roleA2 = `{"name":"A","permissions":["Alerts investigation","View data - Security operations"],"groups":["g"]}`
	roleB  = `{"name":"B","permissions":["View data - Security operations"],"groups":["g"]}`
)

func roles(list ...string) imports.File {
	return text("roles.json", "["+strings.Join(list, ",")+"]")
}

func withGroup(t testing.TB) *land {
	l := newLand(t)
	l.edit(rbac.PutGroup{Group: rbac.Group{Name: "g"}}, rbac.PutGroup{Group: rbac.Group{Name: "h"}})
	return l
}

func (l *land) role(name string) (rbac.Role, bool) {
	return l.s.Role(rbac.RoleRef{Workload: rbac.Endpoint, Name: name})
}

func TestACompleteExportUpdatesAndRemovesWhatTheLastOneMade(t *testing.T) {
	l := withGroup(t)
	l.edit(rbac.PutRole{Role: rbac.Role{ID: "own", Workload: rbac.Endpoint, Name: "Own", Permissions: []string{"Alerts investigation"}}})
	l.take(imports.Endpoint, imports.Options{}, roles(roleA, roleB))
	a, _ := l.role("A")
	if plan := l.plan(imports.Endpoint, imports.Options{Partial: true}, roles(roleA2)); slices.ContainsFunc(plan.Steps, func(s imports.Step) bool { return s.Action == imports.Remove }) {
		t.Errorf("a part removes: %+v", plan.Steps)
	}
	l.take(imports.Endpoint, imports.Options{}, roles(roleA2))
	if now, ok := l.role("A"); !ok || now.ID != a.ID || len(now.Permissions) != 2 || len(l.s.AssignmentsOf(now.Ref())) != 1 {
		t.Errorf("updated: %+v", now)
	}
	if _, ok := l.role("B"); ok {
		t.Error("what is no more there is still here")
	}
	if _, ok := l.role("Own"); !ok {
		t.Error("what no import made is gone")
	}
}

func TestEditsHereAreConflictsUntilSomebodyDecides(t *testing.T) {
	edited := rbac.Role{Workload: rbac.Endpoint, Name: "A", Kind: rbac.ImportedRole, Permissions: []string{"Live response - Basic"}}
	for name, c := range map[string]struct {
		here  func(l *land)
		there imports.File
		id    string
		why   string
	}{
		"edited here":                {func(l *land) { l.edit(rbac.PutRole{Role: edited}) }, roles(roleA), "role:endpoint/a", "changed here"},
		"edited here and there":      {func(l *land) { l.edit(rbac.PutRole{Role: edited}) }, roles(roleA2), "role:endpoint/a", "both"},
		"edited here, gone there":    {func(l *land) { l.edit(rbac.PutRole{Role: edited}) }, roles(roleB), "role:endpoint/a", "changed here"},
		"removed here":               {func(l *land) { l.edit(rbac.RemoveRole{Role: edited.Ref()}) }, roles(roleA), "role:endpoint/a", "removed here"},
		"given here, gone there":     {func(l *land) { l.give("A", "h") }, roles(roleB), "role:endpoint/a", "given here 1 times"},
		"a name that was taken here": {func(l *land) { l.own("B") }, roles(roleA, roleB), "role:endpoint/b", "was not imported"},
	} {
		t.Run(name, func(t *testing.T) {
			begin := func() *land {
				l := withGroup(t)
				l.take(imports.Endpoint, imports.Options{}, roles(roleA))
				c.here(l)
				return l
			}
			l := begin()
			open := l.plan(imports.Endpoint, imports.Options{}, c.there).Open()
			if !slices.ContainsFunc(open, func(s imports.Step) bool { return s.ID == c.id && strings.Contains(s.Why, c.why) }) {
				t.Fatalf("open: %+v", open)
			}
			before, there := l.role(strings.ToUpper(c.id[len(c.id)-1:]))
			l.take(imports.Endpoint, imports.Options{Conflicts: imports.Mine}, c.there)
			after, still := l.role(strings.ToUpper(c.id[len(c.id)-1:]))
			if still != there || !slices.Equal(after.Permissions, before.Permissions) {
				t.Errorf("mine: it was %+v, and is %+v", before, after)
			}
			if again := l.plan(imports.Endpoint, imports.Options{}, c.there); len(again.Open()) > 0 || len(again.Edits) > 0 {
				t.Errorf("what was decided is asked again: %+v %+v", again.Open(), again.Edits)
			}
			l = begin()
			choices := map[string]imports.Choice{}
			for _, s := range l.plan(imports.Endpoint, imports.Options{}, c.there).Open() {
				choices[s.ID] = imports.Theirs
			}
			l.take(imports.Endpoint, imports.Options{Choices: choices}, c.there)
			if again := l.plan(imports.Endpoint, imports.Options{}, c.there); len(again.Open()) > 0 || len(again.Edits) > 0 {
				t.Errorf("theirs: %+v %+v", again.Open(), again.Edits)
			}
		})
	}
}

func (l *land) give(role, group string) {
	l.edit(rbac.PutAssignment{Assignment: rbac.Assignment{ID: "own", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: role}, Group: group, Scope: rbac.Scope{All: true}}})
}

func (l *land) own(role string) {
	l.edit(rbac.PutRole{Role: rbac.Role{ID: "own", Workload: rbac.Endpoint, Name: role, Permissions: []string{"Live response - Basic"}}})
}

// TestWhatIsNotEligibleAnyMoreStaysAsItWas: half of a role is not what the product has, and neither is none of it.
func TestWhatIsNotEligibleAnyMoreStaysAsItWas(t *testing.T) {
	l := withGroup(t)
	l.take(imports.Endpoint, imports.Options{}, roles(roleA))
	plan := l.take(imports.Endpoint, imports.Options{}, roles(strings.Replace(roleA, `"g"`, `"gone"`, 1)))
	if len(plan.Edits) > 0 || len(plan.Out) != 1 {
		t.Errorf("%+v %+v", plan.Edits, plan.Out)
	}
	if plan = l.take(imports.Endpoint, imports.Options{}, roles(roleB)); !slices.ContainsFunc(plan.Steps, func(s imports.Step) bool { return s.ID == "role:endpoint/a" && s.Action == imports.Remove }) {
		t.Errorf("later it is forgotten: %+v", plan.Steps)
	}
}

func TestImportedDeviceGroupsKeepTheirOrderAmongThoseOfHere(t *testing.T) {
	l := withGroup(t)
	csv := func(names ...string) imports.File {
		s := "rank,name,tag\n"
		for i, n := range names {
			s += fmt.Sprintf("%d,%s,%s\n", i+1, n, strings.ToLower(n))
		}
		return text("groups.csv", s)
	}
	order := func() string {
		var names []string
		for _, g := range l.s.DeviceGroups() {
			names = append(names, g.Name)
		}
		return strings.Join(names[:len(names)-1], " ")
	}
	l.take(imports.Endpoint, imports.Options{}, csv("A", "B", "C"))
	list := slices.Insert(slices.Clone(l.s.DeviceGroups()), 1, rbac.DeviceGroup{Name: "Own", Match: rbac.Match{Tag: []string{"own"}}})
	l.edit(rbac.SetDeviceGroups{DeviceGroups: list})
	if plan := l.take(imports.Endpoint, imports.Options{}, csv("A", "B", "C")); len(plan.Edits) > 0 {
		t.Errorf("a group of one's own between is no conflict and no change: %+v", plan.Edits)
	}
	l.take(imports.Endpoint, imports.Options{}, csv("C", "A", "D"))
	if got := order(); got != "C Own A D" {
		t.Errorf("the order is %q", got)
	}
}

func TestAnExportThatIsWrongIsRefusedWithItsPlace(t *testing.T) {
	sixteen := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	if _, err := imports.Read(imports.Endpoint, []imports.File{text("r.csv", sixteen("name,permissions,groups\r\nA,Alerts investigation,g\r\n"))}); err != nil {
		t.Errorf("UTF-16, as Windows writes it: %v", err)
	}
	for name, c := range map[string]struct {
		product imports.Product
		data    string
		want    string
	}{
		"empty":               {imports.Endpoint, " \n", "is empty"},
		"not text":            {imports.Endpoint, "[\"\xff\"]", "is not text"},
		"half a character":    {imports.Endpoint, "\xff\xfe[", "half a character"},
		"broken JSON":         {imports.Endpoint, `[{"name":`, "can't be read as JSON"},
		"two documents":       {imports.Endpoint, `[] []`, "something follows"},
		"deep":                {imports.Endpoint, strings.Repeat("[", 40) + strings.Repeat("]", 40), "nested more than 32"},
		"a name twice":        {imports.Endpoint, `[{"name":"A","Name":"B","permissions":[]}]`, "item 1: has \"Name\" twice"},
		"one page of several": {imports.Directory, `{"value":[],"@odata.nextLink":"x","@odata.context":"y"}`, "one page of several"},
		"no name":             {imports.Endpoint, `[{"permissions":["Alerts investigation"]}]`, "item 1, name: is missing"},
		"a number":            {imports.Endpoint, `[{"name":7,"permissions":[]}]`, "item 1, name: is 7"},
		"a hostile name":      {imports.Endpoint, "[{\"name\":\"a\u202eb\",\"permissions\":[\"Alerts investigation\"]}]", "characters that do not show"},
		"other roles twice":   {imports.Endpoint, "[" + roleA + "," + roleA2 + "]", "item 2: endpoint/A is there twice"},
		"a long row":          {imports.CloudApps, "email,role\na@x,Security reader,more\n", "item 1: has 3 cells (want 2 cells"},
		"a column twice":      {imports.CloudApps, "email,Role,role\n", "the column"},
		"no such file":        {imports.Office365, `[{"Foo":1}]`, "is not one of the exports of role groups"},
		"not unrolled":        {imports.Office365, "Name,Roles\nA,System.Collections.ArrayList\n", "roles: is the name of a type"},
		"a rank twice":        {imports.Endpoint, "rank,name\n1,A\n1,B\n", "item 2, rank: is 1, as of"},
		"an unknown level":    {imports.Endpoint, "rank,name,remediation level\n1,A,sometimes\n", "item 1, remediation level: is \"sometimes\""},
		"an odd operator":     {imports.Endpoint, `[{"rank":1,"name":"A","rule":[{"property":"name","operator":"regex","values":["."]}]}]`, "rule[0].operator: is \"regex\""},
		"ids alone":           {imports.Unified, `[{"id":"1","displayName":"R","rolePermissions":[{"allowedResourceActions":["microsoft.xdr/secops/securitydata/read"]}]},{"id":"2","roleDefinitionId":"1","appScopeIds":["/"],"principalIds":["x"]}]`, "item 2, principals: is missing"},
		"other permissions":   {imports.Unified, "role name,permissions,assignment name,data sources,users and groups\nR,Alerts,a,All,g\nR,Response,b,All,g\n", "item 2, permissions: are others"},
		"no product":          {"mail", "[]", "is no product"},
		"too large":           {imports.Endpoint, strings.Repeat(" ", imports.MaxSize+1), "larger than 32 MB"},
	} {
		_, err := imports.Read(c.product, []imports.File{text("f.txt", c.data)})
		var fault *imports.Fault
		if err == nil || !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, _ := os.ReadDir(examples)
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(examples, file.Name()))
		if err != nil {
			f.Fatal(err)
		}
		for i := range imports.Products {
			f.Add(uint8(i), data)
		}
	}
	s, err := rbac.Compile(catalog.Default(), rbac.Policy{Groups: []rbac.Group{{Name: "EU tier 1"}, {Name: "EU nights"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, product uint8, data []byte) {
		p := imports.Products[int(product)%len(imports.Products)]
		b, err := imports.Read(p, []imports.File{{Name: "f", Data: data}})
		if err != nil {
			return
		}
		n := 0
		o := imports.Options{Conflicts: imports.Theirs, NewID: func(kind string) string { n++; return fmt.Sprint(kind, n) }}
		plan := b.Plan(s, nil, o)
		next, err := s.With(plan.Edits...)
		if err != nil {
			t.Skip("refused as a whole: ", err)
		}
		if again := b.Plan(next, plan.Made, o); len(again.Edits) > 0 {
			t.Errorf("imported again it changes: %+v", again.Edits)
		}
	})
}
