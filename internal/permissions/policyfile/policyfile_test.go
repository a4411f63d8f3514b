package policyfile

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const example = `apiVersion: bailiwick/v1
workloads:
  endpoint: {roles: on, unified: shadow}
  identity: {unified: on}
users:
  - {name: mira@contoso.example, displayName: Mira Okafor, globalRoles: [Security Reader]}
  - {name: Leo@Contoso.example}
groups:
  - {name: eu-tier1, members: [mira@contoso.example]}
deviceGroups:
  - {name: EU servers, match: {domain: [eu.contoso.example], os: [WindowsServer2022]}, access: [eu-tier1]}
  - {name: Kiosks, match: {tag: [kiosk]}}
roles:
  - name: EU triage
    workload: endpoint
    permissions: [View data- security operations, Alerts investigation]
    assignments:
      - {groups: [eu-tier1]}
      - {users: [leo@contoso.example], scope: {deviceGroups: [EU servers]}, notBefore: 2026-01-01T00:00:00Z, notAfter: 2027-01-01T00:00:00Z}
  - name: Security reader
    workload: office365
    assignments: [{groups: [EU-Tier1]}]
unifiedRoles:
  - name: Tier 1
    description: read and triage
    categories: {Security operations: all read-only}
    permissions: [Alerts, microsoft.xdr/secops/securitydata/response/manage]
    assignments:
      - {name: Night, groups: [eu-tier1], users: [leo@contoso.example], dataSources: [endpoint, identity], scope: {deviceGroups: [EU servers]}}
      - {name: All of it, groups: [eu-tier1], dataSources: all, notAfter: 2027-01-01T00:00:00Z}
`

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func empty(t fataler) *rbac.Snapshot {
	t.Helper()
	s, err := rbac.Compile(catalog.Default(), rbac.Policy{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

func planned(t fataler, text string, live *rbac.Snapshot, prune bool) *Plan {
	t.Helper()
	f, err := Parse("policy.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v", err)
	}
	n := 0
	p, err := f.Plan(live, Options{Prune: prune, At: noon, NewID: func(kind string) string { n++; return fmt.Sprint(kind, "_", n, "_", live.Revision()) }})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

func TestTheExampleMakesThePolicy(t *testing.T) {
	p := planned(t, example, empty(t), false)
	got := p.After.Policy()
	want := rbac.Policy{
		EndpointRoles: true, Activation: rbac.Activations{}.With(rbac.Endpoint, rbac.Shadow).With(rbac.Identity, rbac.On),
		Users: []rbac.User{{Name: "leo@contoso.example"},
			{Name: "mira@contoso.example", DisplayName: "Mira Okafor", GlobalRoles: []string{"Security Reader"}}},
		Groups: []rbac.Group{{Name: "eu-tier1", Members: []string{"mira@contoso.example"}}},
		DeviceGroups: []rbac.DeviceGroup{
			{Name: "EU servers", Match: rbac.Match{Domain: []string{"eu.contoso.example"}, OS: []string{"WindowsServer2022"}}, Access: []string{"eu-tier1"}},
			{Name: "Kiosks", Match: rbac.Match{Tag: []string{"kiosk"}}, Open: true},
			{Name: rbac.UngroupedDevices, Open: true},
		},
		Roles: []rbac.Role{{Workload: rbac.Endpoint, Name: "EU triage", Permissions: []string{"View data - Security operations", "Alerts investigation"}},
			{Workload: rbac.Unified, Name: "Tier 1", Description: "read and triage", Permissions: []string{"Alerts", "Response", "Security operations: all read-only"}}},
		Assignments: []rbac.Assignment{
			{Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "EU triage"}, Group: "eu-tier1", Scope: rbac.Scope{All: true}},
			{Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "EU triage"}, User: "leo@contoso.example", Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}},
				NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
			{Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}, Group: "eu-tier1", Scope: rbac.Scope{All: true}},
			{Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Tier 1"}, Group: "eu-tier1", Scope: rbac.Scope{All: true}, Sources: rbac.Sources{All: true},
				Name: "All of it", NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
			{Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Tier 1"}, Group: "eu-tier1", Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}},
				Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Endpoint, rbac.Identity)}, Name: "Night"},
			{Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Tier 1"}, User: "leo@contoso.example", Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}},
				Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Endpoint, rbac.Identity)}, Name: "Night"},
		},
	}
	if diff := cmp.Diff(want, got, unnumbered...); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if len(p.Warnings) != 2 || !strings.Contains(p.Warnings[0], "Kiosks is open to everyone") ||
		!strings.Contains(p.Warnings[1], "unified roles are not on in endpoint, office365, cloudapps") {
		t.Errorf("warnings: %q", p.Warnings)
	}
	if len(p.Changes.Users) != 2 {
		t.Errorf("changes for %d users, want 2: %+v", len(p.Changes.Users), p.Changes)
	}
}

// unnumbered compares policies but for ids and revision, and takes empty lists as none.
var unnumbered = []cmp.Option{
	cmpopts.EquateEmpty(), cmpopts.IgnoreFields(rbac.Role{}, "ID"), cmpopts.IgnoreFields(rbac.Assignment{}, "ID", "Set"),
	cmpopts.IgnoreFields(rbac.Policy{}, "Revision"),
	cmpopts.SortSlices(func(a, b rbac.Assignment) bool {
		return fmt.Sprint(a.Role, a.Name, whom(a)) < fmt.Sprint(b.Role, b.Name, whom(b))
	}),
}

func TestAppliedAgainItChangesNothing(t *testing.T) {
	first := planned(t, example, empty(t), false)
	if again := planned(t, example, first.After, false); len(again.Edits)+len(again.Summary) != 0 {
		t.Errorf("applied again it would: %q", again.Summary)
	}
	if again := planned(t, example, first.After, true); len(again.Edits)+len(again.Summary) != 0 {
		t.Errorf("applied again with prune it would: %q", again.Summary)
	}
}

func TestOthersStayUnlessPruned(t *testing.T) {
	live := planned(t, example, empty(t), false).After
	small := "apiVersion: bailiwick/v1\nusers: [{name: mira@contoso.example, displayName: Mira Okafor, globalRoles: [Security Reader]}]\n"
	if p := planned(t, small, live, false); len(p.Edits) != 0 {
		t.Errorf("a file that names one thing changes others: %q", p.Summary)
	}
	p := planned(t, small, live, true)
	after := p.After.Policy()
	if len(after.Users) != 1 || len(after.Groups) != 0 || len(after.Roles) != 0 || len(after.Assignments) != 0 || len(after.DeviceGroups) != 1 {
		t.Errorf("pruned to %+v\n%q", after, p.Summary)
	}
}

func TestAnAssignmentThatTheFileDropsGoes(t *testing.T) {
	live := planned(t, example, empty(t), false).After
	text := "apiVersion: bailiwick/v1\nroles: [{name: EU triage, workload: endpoint, permissions: [View data - Security operations, Alerts investigation], assignments: [{groups: [eu-tier1]}]}]\n"
	p := planned(t, text, live, false)
	if len(p.Summary) != 1 || !strings.HasPrefix(p.Summary[0], "- role endpoint/EU triage: no longer user leo@contoso.example") {
		t.Errorf("summary: %q", p.Summary)
	}
}

func TestBadFilesSayWhereAndWhatWouldBeRight(t *testing.T) {
	head := "apiVersion: bailiwick/v1\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":                              {"", "policy.yaml:1:1: the file is empty"},
		"no version":                         {"users: []\n", "apiVersion is missing"},
		"another version":                    {"apiVersion: v2\n", `policy.yaml:1:13: apiVersion: "v2" is unknown (want bailiwick/v1)`},
		"unknown key":                        {head + "user: []\n", `policy.yaml:2:1: policy: unknown key "user" (want users)`},
		"unknown key deeper":                 {head + "users:\n  - {name: a, mail: b}\n", `policy.yaml:3:15: user: unknown key "mail"`},
		"key twice":                          {head + "users: []\nusers: []\n", "policy.yaml:3:1"},
		"name twice in other case":           {head + "users: [{name: a}, {name: A}]\n", `policy.yaml:2:27: user "a" stands twice, first in line 2`},
		"no name":                            {head + "groups: [{members: []}]\n", "group: has no name"},
		"wrong type":                         {head + "users: {name: a}\n", "users: a mapping stands where a list is expected"},
		"list as text":                       {head + "users: [{name: [a]}]\n", "user name: a list stands where a text is expected"},
		"switch":                             {head + "workloads: {endpoint: {roles: maybe}}\n", "neither on nor off (want on or off)"},
		"unknown workload":                   {head + "roles: [{name: r, workload: endpiont, permissions: []}]\n", `unknown workload "endpiont" (want endpoint)`},
		"unknown permission":                 {head + "roles: [{name: r, workload: endpoint, permissions: [Alert investigation]}]\n", `unknown permission "Alert investigation" in Endpoint (want Alerts investigation)`},
		"permission of another":              {head + "roles: [{name: r, workload: office365, permissions: [Alerts investigation]}]\n", `unknown permission "Alerts investigation" in Email & collaboration`},
		"reserved permission":                {head + "roles: [{name: r, workload: endpoint, permissions: [Manage portal system settings]}]\n", "only the built-in role may hold"},
		"default role with others":           {head + "roles: [{name: Security Reader, workload: office365, permissions: [Search And Purge]}]\n", "comes with the product"},
		"unknown global role":                {head + "users: [{name: a, globalRoles: [Security Redaer]}]\n", `unknown global role "Security Redaer" (want Security Reader)`},
		"unknown member":                     {head + "users: [{name: mira}]\ngroups: [{name: g, members: [mria]}]\n", `policy.yaml:3:30: unknown user "mria" (want mira)`},
		"unknown group":                      {head + "groups: [{name: tier1}]\nroles: [{name: r, workload: endpoint, assignments: [{groups: [teir1]}]}]\n", `unknown group "teir1" (want tier1)`},
		"unknown device group":               {head + "users: [{name: a}]\nroles: [{name: r, workload: endpoint, assignments: [{users: [a], scope: {deviceGroups: [EU]}}]}]\n", `unknown device group "EU"`},
		"assignment of nobody":               {head + "roles: [{name: r, workload: endpoint, assignments: [{}]}]\n", "names nobody"},
		"scope outside endpoint":             {head + "users: [{name: a}]\nroles: [{name: r, workload: office365, assignments: [{users: [a], scope: {deviceGroups: []}}]}]\n", "only endpoint assignments have a scope"},
		"bad time":                           {head + "users: [{name: a, notAfter: tomorrow}]\n", `notAfter: "tomorrow" is no time (want a time such as`},
		"a time that is empty":               {head + "users: [{name: a, notAfter: \"\"}]\n", `notAfter: "" is no time`},
		"a time that is null":                {head + "users:\n  - name: a\n    notAfter:\n", "policy.yaml:4:5: notAfter: is empty (want a time such as 2026-03-01T12:00:00Z, or no such line)"},
		"the moment that means none":         {head + "users: [{name: a}]\nroles: [{name: r, workload: office365, assignments: [{users: [a], notAfter: 0001-01-01T00:00:00Z}]}]\n", "notAfter: 0001-01-01T00:00:00Z can't be kept (want a time between 1970 and 2261)"},
		"a name that does not show":          {head + "groups: [{name: \"a\\u200b\"}]\n", "has characters that do not show"},
		"a group called everyone":            {head + "groups: [{name: everyone}]\n", "is what access lists call everybody"},
		"a user like the system's":           {head + "users: [{name: \"local:root\"}]\n", "can't begin with group: or local:"},
		"ends before it begins":              {head + "users: [{name: a}]\nroles: [{name: r, workload: office365, assignments: [{users: [a], notBefore: 2026-01-02T00:00:00Z, notAfter: 2026-01-01T00:00:00Z}]}]\n", "ends before it begins"},
		"access misspelt":                    {head + "deviceGroups: [{name: d, access: all}]\n", `access: "all" is not understood (want everyone, or a list of groups)`},
		"unknown remediation":                {head + "deviceGroups: [{name: d, access: [], remediation: fulll}]\n", `unknown level "fulll" (want full)`},
		"ungrouped with a rule":              {head + "deviceGroups: [{name: Ungrouped devices (default), match: {os: [x]}, access: []}]\n", "takes no rule"},
		"an anchor":                          {head + "users: &u [{name: a}]\n", "anchors (&) are not taken"},
		"an alias":                           {head + "users: &u [{name: a}]\ngroups: *u\n", "not taken"},
		"a merge key":                        {head + "users: [{<<: {name: a}}]\n", "merge keys (<<) are not taken"},
		"a tag":                              {head + "users: !!set {a}\n", "tags (!) are not taken"},
		"two documents":                      {head + "---\n" + head, "a second document"},
		"a NUL":                              {head + "users: \x00\n", "policy.yaml:2:8: a byte that is no text (want UTF-8 text)"},
		"not UTF-8":                          {head + "users: \xff\n", "policy.yaml:2:8: a byte that is no text"},
		"brackets without end":               {head + "users: " + strings.Repeat("[", 100000), "nested deeper than 32 levels"},
		"open brackets behind quoted ends":   {head + "users: " + strings.Repeat("[\"]\", ", 2000), "nested deeper than 32 levels"},
		"dashes without end":                 {head + "users:\n  " + strings.Repeat("- ", 2000) + "a\n", "nested deeper than 32 levels"},
		"values of values":                   {head + "users: " + strings.Repeat("a: ", 2000) + "a\n", "nested deeper than 32 levels"},
		"a broken line":                      {head + "users: [\n", "policy.yaml:"},
		"control characters in text":         {head + "users: [{name: \"a\\u0007\"}]\n", "has control characters"},
		"ceiling of nobody":                  {head + "ceilings: [{name: c}]\n", `ceiling "c": binds nobody (want groups: [...] or users: [...], or groups: [] if those are gone whom it bound)`},
		"ceiling of an unknown permission":   {head + "users: [{name: a}]\nceilings: [{name: c, users: [a], permissions: [endpoint/Alert investigation]}]\n", `policy.yaml:3:48: unknown permission "endpoint/Alert investigation" (want endpoint/Alerts investigation)`},
		"ceiling of an ambiguous permission": {head + "users: [{name: a}]\nceilings: [{name: c, users: [a], permissions: [Security reader]}]\n", `"Security reader" is a permission of several products (want office365/Security Reader or cloudapps/Security reader)`},
		"ceiling of an unknown group":        {head + "users: [{name: a}]\ngroups: [{name: tier1}]\nceilings: [{name: c, users: [a], assignableGroups: [teir1]}]\n", `unknown group "teir1" (want tier1)`},
		"ceiling twice":                      {head + "users: [{name: a}]\nceilings: [{name: c, users: [a]}, {name: C, users: [a]}]\n", `ceiling "C" stands twice, first in line 3`},
		"not a mapping":                      {"- a\n", "a list stands where keys are expected"},
		"an activation":                      {head + "workloads: {identity: {unified: shadwo}}\n", `policy.yaml:2:33: workloads.identity.unified: "shadwo" is neither off, shadow nor on (want shadow)`},
		"a switch of another workload":       {head + "workloads: {identity: {roles: on}}\n", `unknown key "roles" (want one of unified)`},
		"an unknown unified permission":      {head + "unifiedRoles: [{name: r, permissions: [Alert]}]\n", `policy.yaml:2:40: unknown unified permission "Alert" (want Alerts)`},
		"an unknown category":                {head + "unifiedRoles: [{name: r, categories: {Security operation: all read-only}}]\n", `unknown key "Security operation" (want Security operations)`},
		"a level of a category":              {head + "unifiedRoles: [{name: r, categories: {Security operations: all}}]\n", `"all" is neither all read-only nor all read and manage`},
		"no data sources":                    {head + "users: [{name: a}]\nunifiedRoles: [{name: r, assignments: [{users: [a]}]}]\n", `policy.yaml:3:40: an assignment of unified role "r" has no data sources (want dataSources: all`},
		"an empty list of data sources":      {head + "users: [{name: a}]\nunifiedRoles: [{name: r, assignments: [{users: [a], dataSources: []}]}]\n", "has no data sources"},
		"an unknown data source":             {head + "users: [{name: a}]\nunifiedRoles: [{name: r, assignments: [{users: [a], dataSources: [identiy]}]}]\n", `unknown data source "identiy" (want identity)`},
		"device groups without endpoint":     {head + "users: [{name: a}]\nunifiedRoles: [{name: r, assignments: [{users: [a], dataSources: [identity], scope: {deviceGroups: []}}]}]\n", "only an assignment with the data source endpoint"},
		"a unified role twice":               {head + "unifiedRoles: [{name: r}, {name: R}]\n", `unified role "R" stands twice`},
		"unified as a workload":              {head + "roles: [{name: r, workload: unified}]\n", `unknown workload "unified"`},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Parse("policy.yaml", []byte(c.text))
			if err == nil {
				_, err = f.Plan(empty(t), Options{At: noon, NewID: func(kind string) string { return kind }})
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAByteOrderMarkIsNoPartOfTheFile(t *testing.T) {
	if _, err := Parse("policy.yaml", []byte("\ufeff"+example)); err != nil {
		t.Error(err)
	}
}

func TestAYAMLBombIsRefusedBeforeItGrows(t *testing.T) {
	bomb := "apiVersion: bailiwick/v1\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	if _, err := Parse("bomb.yaml", []byte(bomb)); err == nil || !strings.Contains(err.Error(), "not taken") {
		t.Errorf("got %v", err)
	}
	if _, err := Parse("large.yaml", make([]byte, MaxSize+1)); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v", err)
	}
}

func TestManyFaultsAreToldAtOnceButNotAll(t *testing.T) {
	text := "apiVersion: bailiwick/v1\nusers:\n" + strings.Repeat("  - {nam: a}\n", 50)
	_, err := Parse("policy.yaml", []byte(text))
	if err == nil || strings.Count(err.Error(), "policy.yaml:") != maxFaults || !strings.Contains(err.Error(), "and 80 more") {
		t.Errorf("got %v", err)
	}
}

func drawText(t *rapid.T, label string) string {
	return rapid.SampledFrom([]string{"plain", "yes", "on", "123", "1e3", "null", "~", "a: b", "# no", "- x", "*star", "&and", "\"quoted\"", "'single'",
		"line\nbreak", "tab\there", "ünïcode", "2026-01-01", "{a}", "[b]", "!tag", "%percent", "@at", "`tick", "trailing:", "?", ""}).Draw(t, label)
}

func drawName(t *rapid.T, label, prefix string, i int) string {
	s := strings.ReplaceAll(strings.ReplaceAll(drawText(t, label), "\n", " "), "\t", " ")
	return fmt.Sprintf("%s%s %d", s, prefix, i)
}

func drawPolicy(t *rapid.T) rbac.Policy {
	p := rbac.Policy{EndpointRoles: rapid.Bool().Draw(t, "roles")}
	times := []time.Time{{}, noon, noon.Add(time.Nanosecond), noon.AddDate(1, 0, 0)}
	for i := range 3 {
		p.Users = append(p.Users, rbac.User{Name: strings.ToLower(drawName(t, "user", "u", i)), DisplayName: drawText(t, "display"),
			Disabled: rapid.Bool().Draw(t, "disabled"), NotAfter: rapid.SampledFrom(times).Draw(t, "ends")})
	}
	p.Users[0].GlobalRoles = []string{"Global Reader", "Security Operator"}
	for i := range 2 {
		p.Groups = append(p.Groups, rbac.Group{Name: drawName(t, "group", "g", i), Description: drawText(t, "description"), Members: []string{p.Users[i].Name}})
	}
	for i := range 2 {
		g := rbac.DeviceGroup{Name: drawName(t, "device group", "d", i), Open: rapid.Bool().Draw(t, "open"), Description: drawText(t, "description"),
			Match: rbac.Match{Name: []string{"*" + drawName(t, "match", "n", i)}}, Remediation: rapid.SampledFrom(append(remediations, "")).Draw(t, "level")}
		if !g.Open && rapid.Bool().Draw(t, "listed") {
			g.Access = []string{p.Groups[i].Name}
		}
		p.DeviceGroups = append(p.DeviceGroups, g)
	}
	p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: rbac.UngroupedDevices, Open: rapid.Bool().Draw(t, "ungrouped")})
	p.Roles = []rbac.Role{
		{Workload: rbac.Endpoint, Name: drawName(t, "role", "r", 0), Description: drawText(t, "description"), Permissions: []string{"Alerts investigation"}},
		{Workload: rbac.CloudApps, Name: drawName(t, "role", "r", 1)},
		{Workload: rbac.Unified, Name: drawName(t, "role", "r", 2), Description: drawText(t, "description")},
	}
	chosen := rapid.SliceOfDistinct(rapid.SampledFrom(catalog.PermissionNames(rbac.Unified)), rapid.ID).Draw(t, "unified permissions")
	p.Roles[2].Permissions, _ = catalog.UnifiedPermissions(chosen)
	for _, w := range rbac.Workloads {
		p.Activation = p.Activation.With(w, rbac.Activation(rapid.IntRange(0, 2).Draw(t, "activation")))
	}
	refs := []rbac.RoleRef{p.Roles[0].Ref(), p.Roles[1].Ref(), {Workload: rbac.Office365, Name: "Organization Management"}, {Workload: rbac.Identity, Name: "Azure ATP Users"}}
	for i := range rapid.IntRange(0, 6).Draw(t, "assignments") {
		a := rbac.Assignment{ID: fmt.Sprint(i), Role: refs[i%4], Scope: rbac.Scope{All: true}, NotBefore: rapid.SampledFrom(times).Draw(t, "from")}
		if !a.NotBefore.IsZero() {
			a.NotAfter = a.NotBefore.Add(time.Duration(i+1) * time.Hour)
		} else {
			a.NotAfter = rapid.SampledFrom(times).Draw(t, "until")
		}
		if rapid.Bool().Draw(t, "to user") {
			a.User = p.Users[i%3].Name
		} else {
			a.Group = p.Groups[i%2].Name
		}
		if a.Role.Workload == rbac.Endpoint && rapid.Bool().Draw(t, "scoped") {
			a.Scope = rbac.Scope{DeviceGroups: []string{p.DeviceGroups[i%2].Name}}
			if rapid.Bool().Draw(t, "to nothing") {
				a.Scope.DeviceGroups = nil
			}
		}
		twice := func(b rbac.Assignment) bool { return a.Role == b.Role && sameAssignment(a, b) }
		if !slices.ContainsFunc(p.Assignments, twice) { // the service refuses an assignment that is there already
			p.Assignments = append(p.Assignments, a)
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "sets") {
		set := rbac.Assignment{Role: p.Roles[2].Ref(), Set: fmt.Sprint("set", i), Name: drawName(t, "set", "s", i), Description: drawText(t, "what for"),
			Sources: rbac.Sources{All: true}, Scope: rbac.Scope{All: true}}
		if rapid.Bool().Draw(t, "some sources") {
			set.Sources = rbac.Sources{Workloads: rbac.SetOf(rbac.Workloads[i], rbac.Endpoint)}
		}
		if rapid.Bool().Draw(t, "narrowed") {
			set.Scope = rbac.Scope{DeviceGroups: []string{p.DeviceGroups[0].Name}}
		}
		for n, u := range p.Users[:1+i%2] {
			set.ID, set.User, set.Group = fmt.Sprint("u", i, n), u.Name, ""
			p.Assignments = append(p.Assignments, set)
		}
		set.ID, set.User, set.Group = fmt.Sprint("g", i), "", p.Groups[0].Name
		p.Assignments = append(p.Assignments, set)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "ceilings") {
		bound := func(label string, of ...string) rbac.Bound[string] {
			if rapid.Bool().Draw(t, label+" all") {
				return rbac.Bound[string]{All: true}
			}
			return rbac.Bound[string]{Of: of[:rapid.IntRange(0, len(of)).Draw(t, label)]}
		}
		c := rbac.Ceiling{
			Name: drawName(t, "ceiling", "c", i), Description: drawText(t, "description"), Users: []string{p.Users[0].Name}, Groups: []string{p.Groups[i].Name},
			Permissions:      bound("permissions", "cloudapps/Security reader", "endpoint/Alerts investigation", "office365/Security Reader"),
			DeviceGroups:     bound("devices", rbac.UngroupedDevices),
			AssignableGroups: bound("assignable", p.Groups[1].Name),
		}
		if c.Workloads.All = rapid.Bool().Draw(t, "all workloads"); !c.Workloads.All && rapid.Bool().Draw(t, "a workload") {
			c.Workloads.Of = []rbac.Workload{rbac.CloudApps}
		}
		p.Ceilings = append(p.Ceilings, c)
	}
	return p
}

// sets counts the assignments of each set, by its name: they belong together.
func sets(p rbac.Policy) map[string]int {
	of, size := map[string]bool{}, map[string]int{}
	for _, a := range p.Assignments {
		if a.Set != "" {
			of[a.Set] = true
			size[a.Name]++
		}
	}
	size["of sets"] = len(of)
	return size
}

// TestExportedAndAppliedItIsTheSamePolicy writes random policies, with names that YAML would like to take for something
// else, and applies them to an empty store.
func TestExportedAndAppliedItIsTheSamePolicy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := rbac.Compile(catalog.Default(), drawPolicy(t))
		if err != nil {
			t.Fatalf("%v", err)
		}
		text, err := Export(s)
		if err != nil {
			t.Fatalf("%v", err)
		}
		p := planned(t, string(text), empty(t), false)
		if diff := cmp.Diff(s.Policy(), p.After.Policy(), unnumbered...); diff != "" {
			t.Fatalf("exported (-), applied (+):\n%s\n%s", diff, text)
		}
		if diff := cmp.Diff(sets(s.Policy()), sets(p.After.Policy())); diff != "" {
			t.Fatalf("the sets came apart:\n%s\n%s", diff, text)
		}
		if again := planned(t, string(text), s, true); len(again.Edits) != 0 {
			t.Fatalf("applied where it came from it would: %q", again.Summary)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("apiVersion: bailiwick/v1\nusers: [{name: &a b}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("fuzz.yaml", data)
		if err != nil {
			return
		}
		n := 0
		_, _ = file.Plan(empty(t), Options{At: noon, NewID: func(kind string) string { n++; return fmt.Sprint(kind, n) }})
	})
}

func TestAFileThatNamesSomeDeviceGroupsLeavesTheRanksOfOthers(t *testing.T) {
	groups := func(names ...string) string {
		var b strings.Builder
		b.WriteString("apiVersion: bailiwick/v1\ndeviceGroups:\n")
		for _, name := range names {
			fmt.Fprintf(&b, "  - {name: %s, match: {name: [%s-*]}, access: []}\n", name, name)
		}
		return b.String()
	}
	for _, c := range []struct {
		name        string
		file, after []string
		warned      bool
	}{
		{"one as it is", []string{"c"}, []string{"a", "b", "c", "d"}, false},
		{"two in the order that they have", []string{"b", "d"}, []string{"a", "b", "c", "d"}, false},
		{"two the other way round", []string{"d", "b"}, []string{"a", "d", "c", "b"}, true},
		{"a new one after one", []string{"b", "new"}, []string{"a", "b", "new", "c", "d"}, true},
		{"a new one before one", []string{"new", "b"}, []string{"a", "new", "b", "c", "d"}, true},
		{"two new ones between", []string{"b", "new", "newer", "d"}, []string{"a", "b", "new", "newer", "c", "d"}, true},
		{"a new one alone takes no other's devices", []string{"new"}, []string{"a", "b", "c", "d", "new"}, true},
		{"all in another order", []string{"d", "c", "b", "a"}, []string{"d", "c", "b", "a"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			live := planned(t, groups("a", "b", "c", "d"), empty(t), false).After
			p := planned(t, groups(c.file...), live, false)
			var got []string
			for _, g := range p.After.DeviceGroups() {
				got = append(got, g.Name)
			}
			if want := append(slices.Clone(c.after), rbac.UngroupedDevices); !slices.Equal(got, want) {
				t.Errorf("ranks %q, want %q", got, want)
			}
			if warned := strings.Contains(strings.Join(p.Warnings, "\n"), "devices may move"); warned != c.warned {
				t.Errorf("warned of moving devices: %v, want %v: %q", warned, c.warned, p.Warnings)
			}
		})
	}
}

// The example that the README applies.
func TestTheExampleOfTheDocsIsWhole(t *testing.T) {
	text, err := os.ReadFile("../../../docs/examples/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	after := planned(t, string(text), empty(t), false).After
	d := after.Decide(rbac.Request{Principal: "lena@contoso.example", Capability: rbac.ManageAlerts, At: noon,
		Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint, rbac.Office365, rbac.CloudApps}, DeviceGroups: []string{"Sales devices"}}})
	if !d.Allowed {
		t.Errorf("lena does not manage the incident of three products: %+v", d)
	}
}
