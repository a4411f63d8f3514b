package permissions_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// centre is a policy service over a real store. gus is Global Administrator, rita manages the mail roles and holds
// Security Reader, ed is the built-in endpoint administrator, tom holds an endpoint role on EU servers, nora nothing.
type centre struct {
	*permissions.Service
	t     testing.TB
	store store.Store
	path  string
}

const policy = `apiVersion: bailiwick/v1
workloads: {endpoint: {roles: on}}
users:
  - {name: gus, globalRoles: [Global Administrator]}
  - {name: rita}
  - {name: ed}
  - {name: tom}
  - {name: nora}
groups:
  - {name: eu, members: [tom]}
  - {name: purgers}
deviceGroups:
  - {name: EU servers, match: {domain: [eu.example]}, access: [eu]}
  - {name: US servers, match: {domain: [us.example]}, access: []}
  - {name: Ungrouped devices (default), access: []}
roles:
  - {name: Mail roles, workload: office365, permissions: [Role Management, Security reader], assignments: [{users: [rita]}]}
  - {name: Purge, workload: office365, permissions: [Search and purge], assignments: [{groups: [purgers]}]}
  - {name: Microsoft Defender for Endpoint administrator (default), workload: endpoint, assignments: [{users: [ed]}]}
  - {name: EU triage, workload: endpoint, permissions: [View data - Security operations], assignments: [{groups: [eu]}]}
`

var owner = audit.Actor{Name: "local:root", Local: true, Via: audit.ViaCLI}

func as(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaSession} }

func open(t testing.TB, path string) *centre {
	t.Helper()
	ctx := context.Background()
	s := sqlitetest.Open(t, path)
	now := func() time.Time { return noon }
	p, err := permissions.New(ctx, s, &audit.Door{Store: s, Now: now}, catalog.Default(), now)
	if err != nil {
		t.Fatal(err)
	}
	return &centre{p, t, s, path}
}

func newCentre(t testing.TB) *centre {
	t.Helper()
	c := open(t, filepath.Join(t.TempDir(), "bailiwick.db"))
	c.apply(owner, policy)
	return c
}

func (c *centre) apply(actor audit.Actor, text string) permissions.PolicyPlan {
	c.t.Helper()
	plan, err := c.ApplyPolicy(context.Background(), actor, c.file(text), false)
	if err != nil {
		c.t.Fatal(err)
	}
	return plan
}

func (c *centre) file(text string) *policyfile.File {
	c.t.Helper()
	f, err := policyfile.Parse("policy.yaml", []byte(text))
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

func (c *centre) do(actor string, op permissions.Operation) error {
	_, err := c.Do(context.Background(), as(actor), op)
	return err
}

func (c *centre) snapshot() *rbac.Snapshot {
	c.t.Helper()
	s, err := c.Snapshot(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

func (c *centre) roleID(w rbac.Workload, name string) string {
	c.t.Helper()
	r, ok := c.snapshot().Role(rbac.RoleRef{Workload: w, Name: name})
	if !ok {
		c.t.Fatalf("no role %q", name)
	}
	return permissions.RoleID(r)
}

func (c *centre) entries() []audit.Entry {
	c.t.Helper()
	var list []audit.Entry
	err := c.store.View(context.Background(), func(r store.Reader) error {
		page, err := audit.ListAll(r, audit.Query{Limit: 1000})
		list = page.Items
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

func deviceGroups(s *rbac.Snapshot, change func(list []rbac.DeviceGroup) []rbac.DeviceGroup) []rbac.DeviceGroup {
	return change(slices.Clone(s.DeviceGroups()))
}

// TestS14EveryPathAsks tries each path of change as somebody who may and as somebody who may not. A refusal changes
// nothing, is recorded, and says what is lacking.
func TestS14EveryPathAsks(t *testing.T) {
	list := func(names ...string) *[]string { return &names }
	for name, c := range map[string]struct {
		op     func(c *centre) permissions.Operation
		may    []string
		mayNot map[string]string // actor -> part of the reason
	}{
		"make a role": {
			func(*centre) permissions.Operation {
				return permissions.CreateRole(permissions.NewRole{Workload: rbac.Office365, Name: "Readers", Permissions: []string{"Security reader"}})
			},
			[]string{"gus", "rita"},
			map[string]string{"ed": "needs Role Management in Email & collaboration", "tom": "needs Role Management", "nora": "needs Role Management", "nobody": "needs Role Management"},
		},
		"make a role with more than one has, given to nobody": {
			func(*centre) permissions.Operation {
				return permissions.CreateRole(permissions.NewRole{Workload: rbac.Office365, Name: "Purgers", Permissions: []string{"Search and purge"}})
			},
			[]string{"gus"}, map[string]string{"rita": "you do not hold yourself: Search And Purge in Email & collaboration"},
		},
		"make a role of another workload": {
			func(*centre) permissions.Operation {
				return permissions.CreateRole(permissions.NewRole{Workload: rbac.Endpoint, Name: "Watchers", Permissions: []string{"View data"}})
			},
			[]string{"gus", "ed"}, map[string]string{"rita": "needs Manage portal system settings in Endpoint", "tom": "needs Manage portal system settings"},
		},
		"widen a role that one has": {
			func(c *centre) permissions.Operation {
				return permissions.UpdateRole(c.roleID(rbac.Office365, "Mail roles"), permissions.RoleChange{Permissions: list("Role Management", "Security reader", "Search and purge")})
			},
			[]string{"gus"}, map[string]string{"rita": "Search And Purge"},
		},
		"narrow a role": {
			func(c *centre) permissions.Operation {
				return permissions.UpdateRole(c.roleID(rbac.Office365, "Mail roles"), permissions.RoleChange{Permissions: list("Role Management")})
			},
			[]string{"gus", "rita"}, map[string]string{"ed": "needs Role Management"},
		},
		"give oneself a role with more": {
			func(c *centre) permissions.Operation {
				return permissions.Assign(c.roleID(rbac.Office365, "Organization Management"), permissions.NewAssignment{User: "rita"})
			},
			[]string{"gus"}, map[string]string{"rita": "you do not hold yourself"},
		},
		"give another a role with more": {
			func(c *centre) permissions.Operation {
				return permissions.Assign(c.roleID(rbac.Office365, "Purge"), permissions.NewAssignment{User: "nora"})
			},
			[]string{"gus"}, map[string]string{"rita": "Search And Purge"},
		},
		"give another what one has": {
			func(c *centre) permissions.Operation {
				return permissions.Assign(c.roleID(rbac.Office365, "Security Reader"), permissions.NewAssignment{User: "nora"})
			},
			nil, map[string]string{"rita": "Sensitivity Label Reader"}, // the role group holds more than the permission of its name
		},
		"take a role from another": {
			func(c *centre) permissions.Operation {
				return permissions.Unassign(c.snapshot().AssignmentsOf(rbac.RoleRef{Workload: rbac.Office365, Name: "Purge"})[0].ID)
			},
			[]string{"gus", "rita"}, map[string]string{"ed": "needs Role Management", "nora": "needs Role Management"},
		},
		"remove a role": {
			func(c *centre) permissions.Operation {
				return permissions.DeleteRole(c.roleID(rbac.Office365, "Purge"))
			},
			[]string{"gus", "rita"}, map[string]string{"ed": "needs Role Management"},
		},
		"join a group that holds more": {
			func(*centre) permissions.Operation {
				return permissions.PutGroup(rbac.Group{Name: "purgers", Members: []string{"rita"}})
			},
			[]string{"gus"}, map[string]string{"rita": "needs a global role", "ed": "needs a global role"},
		},
		"give a global role": {
			func(*centre) permissions.Operation {
				return permissions.PutUser(rbac.User{Name: "nora", GlobalRoles: []string{"Security Reader"}})
			},
			[]string{"gus"}, map[string]string{"rita": "needs a global role", "ed": "needs a global role"},
		},
		"add a user": {
			func(*centre) permissions.Operation { return permissions.PutUser(rbac.User{Name: "Zoe"}) },
			[]string{"gus"}, map[string]string{"rita": "needs a global role", "ed": "needs a global role"},
		},
		"open a device group": {
			func(c *centre) permissions.Operation {
				return permissions.SetDeviceGroups(deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup { l[0].Open = true; return l }), 0)
			},
			[]string{"gus", "ed"}, map[string]string{"rita": "needs Manage portal system settings in Endpoint", "tom": "needs Manage portal system settings"},
		},
		"let a group into a device group": {
			func(c *centre) permissions.Operation {
				return permissions.SetDeviceGroups(deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup { l[1].Access = []string{"eu"}; return l }), 0)
			},
			[]string{"gus", "ed"}, map[string]string{"tom": "needs Manage portal system settings"},
		},
		"change a rule so that devices move": {
			func(c *centre) permissions.Operation {
				return permissions.SetDeviceGroups(deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup {
					l[0].Match = rbac.Match{Domain: []string{"*"}}
					return l
				}), 0)
			},
			[]string{"gus", "ed"}, map[string]string{"tom": "needs Manage portal system settings"},
		},
		"change rank": {
			func(c *centre) permissions.Operation {
				return permissions.SetDeviceGroups(deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup { l[0], l[1] = l[1], l[0]; return l }), 0)
			},
			[]string{"gus", "ed"}, map[string]string{"tom": "needs Manage portal system settings"},
		},
		"flip the endpoint switch": {
			func(*centre) permissions.Operation { return permissions.SetEndpointRoles(false) },
			[]string{"gus"}, map[string]string{"ed": "needs a global role", "rita": "needs a global role"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, actor := range c.may {
				centre := newCentre(t)
				if err := centre.do(actor, c.op(centre)); err != nil {
					t.Errorf("%s is refused: %v", actor, err)
				}
				if last := centre.entries()[0]; last.Actor != actor || last.Outcome != audit.Done || last.PolicyRevision != centre.snapshot().Revision() {
					t.Errorf("%s: the last entry is %+v", actor, last)
				}
			}
			centre := newCentre(t)
			before := centre.snapshot().Policy()
			for actor, reason := range c.mayNot {
				err := centre.do(actor, c.op(centre))
				if fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), reason) {
					t.Errorf("%s: got %v, want a refusal that says %q", actor, err, reason)
				}
				if last := centre.entries()[0]; last.Actor != actor || last.Outcome != audit.Refused || last.Object == "" {
					t.Errorf("%s: the last entry is %+v", actor, last)
				}
			}
			if diff := cmp.Diff(before, centre.snapshot().Policy(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("refused, and yet changed:\n%s", diff)
			}
		})
	}
}

// TestS14ApplyIsNoWayAround applies files that do what their actor may not do by hand.
func TestS14ApplyIsNoWayAround(t *testing.T) {
	head := "apiVersion: bailiwick/v1\n"
	for name, text := range map[string]string{
		"a role given to oneself": head + "roles: [{name: Purge, workload: office365, permissions: [Search and purge], assignments: [{users: [rita]}]}]\n",
		"a wider role":            head + "roles: [{name: Mail roles, workload: office365, permissions: [Role Management, Search and purge], assignments: [{users: [rita]}]}]\n",
		"a global role":           head + "users: [{name: rita, globalRoles: [Global Administrator]}]\n",
		"membership":              head + "groups: [{name: purgers, members: [rita]}]\n",
		"the switch":              head + "workloads: {endpoint: {roles: off}}\n",
		"a device group":          head + "deviceGroups: [{name: US servers}]\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := newCentre(t)
			before := c.snapshot().Revision()
			if _, err := c.ApplyPolicy(context.Background(), as("rita"), c.file(text), false); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("applied by rita: %v", err)
			}
			if _, err := c.PlanPolicy(context.Background(), as("rita"), c.file(text), false); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("planned by rita: %v", err)
			}
			if now := c.snapshot().Revision(); now != before {
				t.Errorf("the policy went from revision %d to %d", before, now)
			}
			if _, err := c.ApplyPolicy(context.Background(), as("gus"), c.file(text), false); err != nil {
				t.Errorf("applied by a Global Administrator: %v", err)
			}
		})
	}
	c := newCentre(t)
	within := head + "roles: [{name: Readers, workload: office365, permissions: [Security reader], assignments: [{users: [nora]}]}]\n"
	if _, err := c.ApplyPolicy(context.Background(), as("rita"), c.file(within), false); err != nil {
		t.Errorf("rita may hand out what she holds: %v", err)
	}
}

// TestTheLastGlobalAdministratorStays tries to lose the last one on every path, as the administrator and as the owner
// of the files.
func TestTheLastGlobalAdministratorStays(t *testing.T) {
	head := "apiVersion: bailiwick/v1\n"
	for name, try := range map[string]func(c *centre, actor audit.Actor) error{
		"removed": func(c *centre, actor audit.Actor) error {
			_, err := c.Do(context.Background(), actor, permissions.RemoveUser("gus"))
			return err
		},
		"disabled": func(c *centre, actor audit.Actor) error {
			_, err := c.Do(context.Background(), actor, permissions.PutUser(rbac.User{Name: "gus", GlobalRoles: []string{"Global Administrator"}, Disabled: true}))
			return err
		},
		"expired": func(c *centre, actor audit.Actor) error {
			_, err := c.Do(context.Background(), actor, permissions.PutUser(rbac.User{Name: "gus", GlobalRoles: []string{"Global Administrator"}, NotAfter: noon.AddDate(1, 0, 0)}))
			return err
		},
		"stripped": func(c *centre, actor audit.Actor) error {
			_, err := c.Do(context.Background(), actor, permissions.PutUser(rbac.User{Name: "gus", GlobalRoles: []string{"Security Administrator"}}))
			return err
		},
		"applied away": func(c *centre, actor audit.Actor) error {
			_, err := c.ApplyPolicy(context.Background(), actor, c.file(head+"users: [{name: gus}]\n"), false)
			return err
		},
		"pruned away": func(c *centre, actor audit.Actor) error {
			_, err := c.ApplyPolicy(context.Background(), actor, c.file(head+"users: [{name: nora}]\n"), true)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, actor := range []audit.Actor{as("gus"), owner} {
				c := newCentre(t)
				if err := try(c, actor); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "last Global Administrator") {
					t.Errorf("%s: got %v", actor.Name, err)
				}
				c.apply(owner, head+"users: [{name: eva, globalRoles: [Global Administrator]}]\n")
				if name != "pruned away" {
					if err := try(c, actor); err != nil {
						t.Errorf("%s, with another administrator: %v", actor.Name, err)
					}
				}
			}
		})
	}
}

func TestTheOnlyGlobalAdministratorStaysThoughTheyEndSomeDay(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "bailiwick.db"))
	c.apply(owner, "apiVersion: bailiwick/v1\nusers: [{name: gus, globalRoles: [Global Administrator], notAfter: 2027-01-01T00:00:00Z}]\n")
	if _, err := c.Do(context.Background(), owner, permissions.RemoveUser("gus")); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("got %v", err)
	}
	c.apply(owner, "apiVersion: bailiwick/v1\nusers: [{name: gus, globalRoles: [Global Administrator], notAfter: 2028-01-01T00:00:00Z}]\n")
}

// TestAChangeOfAnotherProcessActsAtTheNextQuestion opens the same data twice, as the command line beside a server does.
func TestAChangeOfAnotherProcessActsAtTheNextQuestion(t *testing.T) {
	server := newCentre(t)
	cli := open(t, server.path)
	sees := func() bool {
		return server.snapshot().CheckName("nora", rbac.Remediate, rbac.Office365, "", noon.UnixNano())
	}
	if sees() {
		t.Fatal("nora may remediate before anybody gave it to her")
	}
	if _, err := cli.Do(context.Background(), owner, permissions.PutGroup(rbac.Group{Name: "purgers", Members: []string{"nora"}})); err != nil {
		t.Fatal(err)
	}
	if !sees() {
		t.Error("the server does not see what the command line changed")
	}
	if _, err := cli.Do(context.Background(), owner, permissions.PutGroup(rbac.Group{Name: "purgers"})); err != nil {
		t.Fatal(err)
	}
	if sees() {
		t.Error("the server does not see what the command line took away")
	}
	if diff := cmp.Diff(cli.snapshot().Policy(), server.snapshot().Policy(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("changed in steps (-), loaded (+):\n%s", diff)
	}
}

// TestConcurrentChangesAllCount lets many change at once: none is lost, and the live policy is the stored one.
func TestConcurrentChangesAllCount(t *testing.T) {
	c := newCentre(t)
	start := c.snapshot().Revision()
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			name := fmt.Sprintf("Readers %d", i)
			if err := c.do("rita", permissions.CreateRole(permissions.NewRole{Workload: rbac.Office365, Name: name, Permissions: []string{"Security reader"}})); err != nil {
				t.Error(err)
			}
			if !slices.ContainsFunc(c.snapshot().Roles(), func(r rbac.Role) bool { return r.Name == name }) {
				t.Errorf("%q is not there after it was made", name)
			}
		})
	}
	wait.Wait()
	if got := c.snapshot().Revision() - start; got != 20 {
		t.Errorf("%d revisions for 20 changes", got)
	}
	if diff := cmp.Diff(open(t, c.path).snapshot().Policy(), c.snapshot().Policy(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("stored (-), live (+):\n%s", diff)
	}
}

func TestARenamedRoleKeepsItsAssignmentsAndItsID(t *testing.T) {
	c := newCentre(t)
	id := c.roleID(rbac.Endpoint, "EU triage")
	name := "EU tier 1"
	if err := c.do("ed", permissions.UpdateRole(id, permissions.RoleChange{Name: &name})); err != nil {
		t.Fatal(err)
	}
	s := c.snapshot()
	if !s.CheckName("tom", rbac.ViewInvestigation, rbac.Endpoint, "EU servers", noon.UnixNano()) || c.roleID(rbac.Endpoint, "EU tier 1") != id {
		t.Errorf("after the new name: %+v", s.Policy())
	}
	if diff := cmp.Diff(open(t, c.path).snapshot().Policy(), s.Policy(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("stored (-), live (+):\n%s", diff)
	}
}

func TestAPreviewTellsAndChangesNothing(t *testing.T) {
	c := newCentre(t)
	before := c.snapshot().Revision()
	op := permissions.Assign(c.roleID(rbac.Office365, "Purge"), permissions.NewAssignment{User: "nora"})
	p, err := c.Preview(context.Background(), as("rita"), op)
	if err != nil || p.Allowed || len(p.Lacks) == 0 || len(p.Changes.Users) != 1 || p.Changes.Users[0].User != "nora" {
		t.Errorf("rita's preview: %+v, %v", p, err)
	}
	if p, err := c.Preview(context.Background(), as("gus"), op); err != nil || !p.Allowed {
		t.Errorf("gus's preview: %+v, %v", p, err)
	}
	if _, err := c.Preview(context.Background(), as("nora"), op); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("nora may not preview: %v", err)
	}
	if c.snapshot().Revision() != before {
		t.Error("a preview changed the policy")
	}
}

func TestDevicesMoveInTheSameTransactionOrNotAtAll(t *testing.T) {
	c := newCentre(t)
	before := c.snapshot().Revision()
	c.OnDeviceGroups = func(store.Writer, []rbac.DeviceGroup) error { return fault.Unavailable("move devices", "no disk") }
	list := deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup { l[0].Open = true; return l })
	if err := c.do("ed", permissions.SetDeviceGroups(list, 0)); fault.KindOf(err) != fault.KindUnavailable {
		t.Errorf("got %v", err)
	}
	if c.snapshot().Revision() != before || c.snapshot().DeviceGroups()[0].Open {
		t.Error("the groups changed without their devices")
	}
}

func TestARefusalDoesNotTellWhatThereIs(t *testing.T) {
	c := newCentre(t)
	taken := permissions.CreateRole(permissions.NewRole{Workload: rbac.Office365, Name: "purge"})
	if err := c.do("rita", taken); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("rita may make roles, and this name is taken: %v", err)
	}
	if err := c.do("nora", taken); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("nora may not, and learns of the name: %v", err)
	}
}

func TestAFileWithAFaultIsExplainedToThoseItConcerns(t *testing.T) {
	c := newCentre(t)
	f := c.file("apiVersion: bailiwick/v1\nroles: [{name: Readers, workload: office365, permissions: [Security reader], assignments: [{groups: [prugers]}]}]\n")
	if _, err := c.ApplyPolicy(context.Background(), as("rita"), f, false); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "want purgers") {
		t.Errorf("rita is told: %v", err)
	}
	if _, err := c.ApplyPolicy(context.Background(), as("nora"), f, false); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("nora is told: %v", err)
	}
}

// TestWhoMayKnowWhat: oneself always; others with roles.view of the workload.
func TestWhoMayKnowWhat(t *testing.T) {
	c := newCentre(t)
	ask := func(asker, about string, w rbac.Workload) error {
		a, err := c.Asker(context.Background(), as(asker))
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Explain(rbac.Request{Principal: about, Capability: rbac.Remediate, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}})
		return err
	}
	for _, q := range []struct {
		asker, about string
		w            rbac.Workload
		want         bool
	}{
		{"nora", "nora", rbac.Office365, true}, {"nora", "rita", rbac.Office365, false},
		{"rita", "nora", rbac.Office365, true}, {"rita", "nora", rbac.Endpoint, false},
		{"ed", "nora", rbac.Endpoint, true}, {"gus", "nora", rbac.CloudApps, true},
		{"nora", "group:eu", rbac.Endpoint, false}, {"nora", "nobody", rbac.Office365, false},
	} {
		if err := ask(q.asker, q.about, q.w); (err == nil) != q.want {
			t.Errorf("%s about %s in %s: %v", q.asker, q.about, q.w, err)
		}
	}
	nora, _ := c.Asker(context.Background(), as("nora"))
	e, err := nora.Explain(rbac.Request{Principal: "nora", Capability: rbac.Remediate, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range e.Proofs[0].Remedies {
		if r.Role.Name == "Purge" {
			t.Error("nora learns of a custom role that she may not see")
		}
	}
	if _, err := nora.Roles(); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("nora lists roles: %v", err)
	}
	if _, err := nora.WhoCan(rbac.WhoCan{Capability: rbac.Remediate, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("nora asks who can: %v", err)
	}
	rita, _ := c.Asker(context.Background(), as("rita"))
	roles, err := rita.Roles()
	if err != nil || slices.ContainsFunc(roles, func(r rbac.Role) bool { return r.Workload != rbac.Office365 }) {
		t.Errorf("rita sees other workloads' roles: %v", err)
	}
	if _, err := rita.Role(c.roleID(rbac.Endpoint, "EU triage")); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("rita reads an endpoint role: %v", err)
	}
	effective, err := rita.Effective("ed")
	if err != nil || slices.ContainsFunc(effective.Holdings, func(h rbac.Holding) bool { return h.Workload == rbac.Endpoint }) {
		t.Errorf("rita sees ed's endpoint holdings: %v", err)
	}
}
