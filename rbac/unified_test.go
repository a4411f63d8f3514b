package rbac_test

import (
	"slices"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// span gives ana, in person and on all device groups, a unified role for data sources.
func (w *world) span(sources rbac.Sources, permissions ...string) *world {
	w.t.Helper()
	found, unknown := catalog.UnifiedPermissions(permissions)
	if len(unknown) > 0 {
		w.t.Fatalf("no unified permission %q", permissions[unknown[0]])
	}
	r := rbac.Role{Workload: rbac.Unified, Name: "unified " + string(rune('a'+len(w.Roles))), Permissions: found}
	w.Roles = append(w.Roles, r)
	a := rbac.Assignment{ID: "span " + r.Name, Role: r.Ref(), User: ana, Sources: sources, Scope: rbac.Scope{All: true}}
	if sources.Has(rbac.Endpoint) {
		a.Scope = rbac.Scope{DeviceGroups: []string{"EU servers", "US servers", rbac.UngroupedDevices}}
	}
	w.Assignments = append(w.Assignments, a)
	return w
}

func (w *world) on(workloads ...rbac.Workload) *world { return w.state(rbac.On, workloads...) }

func (w *world) state(a rbac.Activation, workloads ...rbac.Workload) *world {
	for _, workload := range workloads {
		w.Activation = w.Activation.With(workload, a)
	}
	return w
}

func only(workloads ...rbac.Workload) rbac.Sources {
	return rbac.Sources{Workloads: rbac.SetOf(workloads...)}
}

var everySource = rbac.Sources{All: true}

// bridge is table 4.8 written out, and the right to manage roles: which rows a permission opens in which workloads.
var bridge = map[string]map[string][]rbac.Workload{
	"Security data basics": {
		"investigation.view": rbac.Workloads,
		"hunting.view":       {rbac.Endpoint, rbac.CloudApps, rbac.Identity},
		"analytics.alerts":   {rbac.Endpoint, rbac.Office365},
	},
	"Alerts":                                 {"alerts.manage": rbac.Workloads},
	"Response":                               {"actions.remediate": {rbac.Endpoint, rbac.CloudApps, rbac.Identity}},
	"Email & collaboration advanced actions": {"actions.remediate": {rbac.Office365}},
	"Email & collaboration metadata":         {"hunting.view": {rbac.Office365}, "analytics.email": {rbac.Office365}},
	"Vulnerability management":               {"analytics.mitigations": {rbac.Endpoint}},
	"Detection tuning":                       {"detections.manage": rbac.Workloads},
	"Authorization (read)":                   {"roles.view": rbac.Workloads},
	"Authorization (manage)": {
		"roles.view": rbac.Workloads, "roles.manage": rbac.Workloads, "audit.view": rbac.Workloads, "settings.manage": {rbac.Endpoint},
	},
}

// bridged is what a permission opens by the table: of one that stands for many, what they open together.
func bridged(p rbac.Permission, c rbac.Capability, w rbac.Workload) bool {
	names := []string{p.Name}
	if p.All {
		for _, other := range catalog.Default().Permissions {
			within := other.Category == p.Category && (p.Group == "" || other.Group == p.Group)
			if other.Workload == rbac.Unified && !other.All && within && (p.Manage || !other.Manage) {
				names = append(names, other.Name)
			}
		}
	}
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(bridge[name][c.String()], w) })
}

// TestS18EveryUnifiedPermissionOpensItsRows asks of every unified permission, held alone for every data source, every
// capability of every workload, in every state of activation.
func TestS18EveryUnifiedPermissionOpensItsRows(t *testing.T) {
	asked, opened := 0, 0
	for _, p := range catalog.Default().Permissions {
		if p.Workload != rbac.Unified {
			continue
		}
		for _, sources := range []rbac.Sources{everySource, only(rbac.Endpoint), only(rbac.Office365), only(rbac.CloudApps), only(rbac.Identity)} {
			w := given(t)
			r := rbac.Role{Workload: rbac.Unified, Name: "just this", Permissions: []string{p.Name}}
			w.Roles = []rbac.Role{r}
			w.Assignments = []rbac.Assignment{{ID: "1", Role: r.Ref(), Group: "eu", Sources: sources, Scope: rbac.Scope{All: true}}}
			w.Groups[0].Members = []string{ana}
			off := compile(t, w.Policy)
			for states := range 1 << 4 {
				s := off
				for i, workload := range rbac.Workloads {
					state := []rbac.Activation{rbac.Shadow, rbac.On}[states>>i&1]
					s, _ = s.With(rbac.SetActivation{Workload: workload, Activation: state})
				}
				for _, c := range rbac.Capabilities {
					for workload := rbac.Endpoint; workload <= rbac.Other; workload++ {
						asked++
						q := rbac.Request{Principal: ana, Capability: c, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{workload}}}
						if workload == rbac.Endpoint {
							q.Resource.DeviceGroups = []string{"EU servers"}
						}
						want := sources.Has(workload) && s.Activation(workload) == rbac.On && bridged(p, c, workload)
						if got := s.Decide(q).Allowed; got != want {
							t.Fatalf("%s for %v, states %04b: %s in %s is %v, want %v", p.Name, sources, states, c, workload, got, want)
						}
						if want {
							opened++
						}
						if workload == rbac.Endpoint {
							q.Resource.DeviceGroups = []string{"US servers"}
							if s.Decide(q).Allowed {
								t.Fatalf("%s opens %s on a device group out of reach", p.Name, c)
							}
						}
					}
				}
			}
		}
	}
	if opened == 0 || asked < 100_000 {
		t.Errorf("asked %d, opened %d", asked, opened)
	}
}

func TestS18OffShadowOn(t *testing.T) {
	own := "office365: Security Reader"
	t.Run("off: the product's own roles decide", func(t *testing.T) {
		given(t).holds(own).asks(true, "investigation.view", "office365")
		given(t).span(everySource, "Security data basics").asks(false, "investigation.view", "office365")
	})
	t.Run("shadow: they still decide, and the shadow says what would be", func(t *testing.T) {
		w := given(t).holds(own).span(everySource, "Alerts").state(rbac.Shadow, rbac.Office365)
		w.asks(true, "investigation.view", "office365").asks(false, "alerts.manage", "office365")
		shadow := compile(t, w.Policy).Shadow()
		for capability, want := range map[rbac.Capability]bool{rbac.ViewInvestigation: false, rbac.ManageAlerts: true} {
			q := rbac.Request{Principal: ana, Capability: capability, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}}
			if got := shadow.Decide(q).Allowed; got != want {
				t.Errorf("in the shadow %s is %v, want %v", capability, got, want)
			}
		}
	})
	t.Run("on: the unified roles decide, the product's own no longer", func(t *testing.T) {
		given(t).holds(own).on(rbac.Office365).asks(false, "investigation.view", "office365")
		given(t).span(everySource, "Security data basics").on(rbac.Office365).asks(true, "investigation.view", "office365")
	})
	t.Run("one workload is on, the others are not", func(t *testing.T) {
		given(t).holds(own).span(everySource, "Security data basics").on(rbac.Endpoint).
			asks(true, "investigation.view", "endpoint").asks(true, "investigation.view", "office365").asks(false, "investigation.view", "cloudapps")
	})
	t.Run("off again: the earlier model returns (B9)", func(t *testing.T) {
		w := given(t).holds(own)
		s := compile(t, w.Policy)
		on, _ := s.With(rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.On})
		off, _ := on.With(rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.Off})
		if changes := rbac.Compare(s, off, noon); !changes.Empty() {
			t.Errorf("something is left: %+v", changes)
		}
		if changes := rbac.Compare(s, on, noon); len(changes.Users) != 1 || len(changes.Users[0].Losses) == 0 {
			t.Errorf("the preview of activating misses the loss: %+v", changes)
		}
	})
	t.Run("nothing is in shadow, so there is none", func(t *testing.T) {
		if compile(t, given(t).on(rbac.Endpoint).Policy).Shadow() != nil {
			t.Error("a shadow is evaluated for nothing")
		}
	})
}

func TestS18DataSources(t *testing.T) {
	t.Run("B3 a role for one data source opens no other", func(t *testing.T) {
		given(t).span(only(rbac.Endpoint), "Security data basics").on(rbac.Workloads...).
			asks(true, "investigation.view", "endpoint").asks(false, "investigation.view", "office365").asks(false, "investigation.view", "identity")
	})
	t.Run("cloud apps does not open identity, as its own roles do (B15)", func(t *testing.T) {
		given(t).span(only(rbac.CloudApps), "Security data basics").on(rbac.CloudApps, rbac.Identity).
			asks(true, "investigation.view", "cloudapps").asks(false, "investigation.view", "identity")
	})
	t.Run("cloud apps on, identity off: cloud apps' own roles still govern identity", func(t *testing.T) {
		given(t).holds("cloudapps: Security reader").on(rbac.CloudApps).
			asks(false, "investigation.view", "cloudapps").asks(true, "investigation.view", "identity")
	})
	t.Run("identity on, cloud apps off: cloud apps' own roles no longer do", func(t *testing.T) {
		given(t).holds("cloudapps: Security reader").on(rbac.Identity).
			asks(true, "investigation.view", "cloudapps").asks(false, "investigation.view", "identity")
	})
	t.Run("B4 two assignments of one role do not mix their reach", func(t *testing.T) {
		w := given(t).span(only(rbac.Office365), "Alerts").span(only(rbac.Identity), "Security data basics").on(rbac.Workloads...)
		w.asks(false, "alerts.manage", "identity").asks(false, "investigation.view", "office365")
	})
}

func TestS18GlobalRolesKeepWorking(t *testing.T) {
	t.Run("B6 administrators have everything", func(t *testing.T) {
		given(t).global("Global Administrator").on(rbac.Workloads...).asks(true, "alerts.manage", "endpoint", "office365", "cloudapps", "identity")
	})
	t.Run("D5 readers keep of endpoint what is open to everyone", func(t *testing.T) {
		w := given(t).global("Security Reader").on(rbac.Workloads...)
		w.DeviceGroups[1].Open = true
		w.asks(true, "investigation.view", "endpoint", "US servers").asks(false, "investigation.view", "endpoint", "EU servers").
			asks(false, "investigation.view", "endpoint").asks(true, "investigation.view", "office365")
	})
	t.Run("the switch of the product's own roles has no part in it", func(t *testing.T) {
		for _, off := range []bool{true, false} {
			w := given(t).global("Security Operator").on(rbac.Endpoint)
			if off {
				w.rolesOff()
			}
			w.DeviceGroups[1].Open = true
			w.asks(true, "alerts.manage", "endpoint", "US servers").asks(false, "detections.manage", "endpoint", "US servers").
				asks(false, "detections.manage", "office365")
		}
		given(t).rolesOff().span(only(rbac.Endpoint), "Alerts").on(rbac.Endpoint).asks(true, "alerts.manage", "endpoint")
	})
}

func TestS18ReasonsAndRemedies(t *testing.T) {
	ask := func(w *world, c rbac.Capability, on rbac.Workload) rbac.Proof {
		return compile(t, w.Policy).Explain(rbac.Request{Principal: ana, Capability: c, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{on}}}).Proofs[0]
	}
	if p := ask(given(t).span(everySource, "Alerts"), rbac.ManageAlerts, rbac.Identity); p.Reason != rbac.UnifiedOff {
		t.Errorf("a unified role where it is not on: %s", p.Reason)
	}
	if p := ask(given(t).holds("office365: Manage Alerts").on(rbac.Office365), rbac.ManageAlerts, rbac.Office365); p.Reason != rbac.UnifiedOn {
		t.Errorf("an own role where unified ones decide: %s", p.Reason)
	}
	p := ask(given(t).on(rbac.Office365), rbac.ManageAlerts, rbac.Office365)
	if !slices.Equal(p.AnyOf, []string{"Alerts"}) || len(p.Remedies) == 0 || p.Remedies[0].Permission != "Alerts" || p.Remedies[0].Of != rbac.Unified {
		t.Errorf("what would open it: %v, %+v", p.AnyOf, p.Remedies)
	}
	w := given(t).span(everySource, catalog.AllOf(catalog.SecurityOperations, true)).on(rbac.Office365)
	p = ask(w, rbac.ManageAlerts, rbac.Office365)
	if len(p.Paths) != 1 || p.Paths[0].Permission != "Security operations: all read and manage" || p.Paths[0].Role.Workload != rbac.Unified {
		t.Errorf("the path: %+v", p.Paths)
	}
}

// TestS14UnifiedRoles: nobody hands out beyond what they hold, by the same permission, in the same data sources, on the
// same reach.
func TestS14UnifiedRoles(t *testing.T) {
	role := func(name string, permissions ...string) rbac.Role {
		return rbac.Role{Workload: rbac.Unified, Name: name, Permissions: permissions}
	}
	give := func(r rbac.Role, sources rbac.Sources) []rbac.Edit {
		return []rbac.Edit{rbac.PutRole{Role: r}, rbac.PutAssignment{Assignment: rbac.Assignment{
			ID: "new", Role: r.Ref(), User: ben, Sources: sources, Scope: rbac.Scope{All: true}}}}
	}
	mail := only(rbac.Office365)
	manager := func() *world {
		return given(t).span(mail, "Alerts", "Authorization (manage)").on(rbac.Workloads...)
	}
	for name, c := range map[string]struct {
		world *world
		edits []rbac.Edit
		want  []string
	}{
		"the same permission in the same data source": {manager(), give(role("r", "Alerts"), mail), nil},
		"what manage covers":                          {manager(), give(role("r", "Authorization (read)"), mail), nil},
		"the same permission in another data source":  {manager(), give(role("r", "Alerts"), only(rbac.Identity)), []string{"Alerts"}},
		"the same permission in all, future ones too": {manager(), give(role("r", "Alerts"), everySource), []string{"Alerts"}},
		"all to come, for one who has each of today's": {
			given(t).span(only(rbac.Workloads...), "Alerts").on(rbac.Workloads...), []rbac.Edit{rbac.PutRole{Role: role("r", "Alerts")}, rbac.PutAssignment{Assignment: rbac.Assignment{
				ID: "new", Role: rbac.RoleRef{Workload: rbac.Unified, Name: "r"}, User: ben, Sources: everySource, Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}}}}}, []string{"Alerts"}},
		"another permission": {manager(), give(role("r", "Response"), mail), []string{"Response"}},
		"all of a category, for one who has all that is in it today": {
			given(t).span(mail, readOnly()...).on(rbac.Workloads...), give(role("r", catalog.AllOf(catalog.SecurityOperations, false)), mail),
			[]string{"Security data: all read-only", "Security operations: all read-only"}},
		"all read-only, for one who has all": {
			given(t).span(mail, catalog.AllOf(catalog.SecurityOperations, true), "Authorization (manage)").on(rbac.Workloads...),
			give(role("r", catalog.AllOf(catalog.SecurityOperations, false)), mail), nil},
		"all data sources, for one who has all": {
			given(t).span(everySource, "Alerts").on(rbac.Workloads...), append(give(role("r", "Alerts"), everySource),
				rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", Role: rbac.RoleRef{Workload: rbac.Unified, Name: "r"}, User: ben,
					Sources: everySource, Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}}}}), nil},
		"all data sources, while one of them is not on": {
			given(t).span(everySource, "Alerts").on(rbac.Office365), give(role("r", "Alerts"), everySource), []string{"Alerts"}},
		"the data source is not on: nobody's to give": {
			given(t).span(mail, "Alerts"), give(role("r", "Alerts"), mail), []string{"Alerts"}},
		"a role of the product while unified ones decide": {
			given(t).holds("office365: Manage Alerts; Role Management").on(rbac.Office365),
			[]rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}, User: ben, Scope: rbac.Scope{All: true}}}},
			[]string{"Manage Alerts", "Role Management"}},
		"activation": {manager(), []rbac.Edit{rbac.SetActivation{Workload: rbac.Office365}}, []string{rbac.ActivationSwitch}},
		"shadow":     {manager(), []rbac.Edit{rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.Shadow}}, []string{rbac.ActivationSwitch}},
		"wider data sources of what others have": {
			func() *world {
				w := manager()
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "new", User: ben, Sources: mail, Scope: rbac.Scope{All: true}, Role: w.Roles[0].Ref()})
				return w
			}(),
			[]rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Sources: only(rbac.Office365, rbac.CloudApps),
				Scope: rbac.Scope{All: true}, Role: rbac.RoleRef{Workload: rbac.Unified, Name: "unified a"}}}},
			[]string{"Alerts", "Authorization (manage)", "Authorization (read)"}},
		"an administrator activates": {
			given(t).global("Security Administrator"), []rbac.Edit{rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.On}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			before := compile(t, c.world.Policy)
			after, err := before.With(c.edits...)
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []*rbac.Snapshot{after, compile(t, after.Policy())} {
				var got []string
				for _, l := range rbac.Exceeds(before, other, ana, noon) {
					if !slices.Contains(got, l.Permission) {
						got = append(got, l.Permission)
					}
				}
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("lacking %q, want %q", got, c.want)
				}
			}
		})
	}
	s := compile(t, manager().Policy)
	if lacks := s.Cover(ana, role("r", "Alerts"), noon); len(lacks) != 0 {
		t.Errorf("a role within what one holds in a data source lacks %+v", lacks)
	}
	if lacks := s.Cover(ana, role("r", "Alerts", "Response"), noon); len(lacks) != 1 || lacks[0].Permission != "Response" {
		t.Errorf("a role beyond what one holds lacks %+v", lacks)
	}
	// On some devices only is not enough to make a role that could be given for all.
	some := given(t).on(rbac.Endpoint).span(only(rbac.Endpoint), "Alerts")
	some.Assignments[0].Scope.DeviceGroups = []string{"EU servers"}
	if lacks := compile(t, some.Policy).Cover(ana, role("r", "Alerts"), noon); len(lacks) != 1 {
		t.Errorf("a role for all devices lacks %+v to one who has it on some", lacks)
	}
}

// readOnly are the read-only permissions of security operations, one by one.
func readOnly() []string {
	var names []string
	for _, p := range catalog.Default().Permissions {
		if p.Workload == rbac.Unified && p.Category == catalog.SecurityOperations && !p.Manage && !p.All {
			names = append(names, p.Name)
		}
	}
	return names
}

func TestS18BadUnifiedPoliciesAreRefused(t *testing.T) {
	r := rbac.Role{Workload: rbac.Unified, Name: "r", Permissions: []string{"Alerts"}}
	reader := rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}
	all := rbac.Scope{All: true}
	for name, a := range map[string]rbac.Assignment{
		"no data source":                       {Role: r.Ref(), Scope: all},
		"all data sources and some":            {Role: r.Ref(), Scope: all, Sources: rbac.Sources{All: true, Workloads: rbac.SetOf(rbac.Endpoint)}},
		"a data source that is none":           {Role: r.Ref(), Scope: all, Sources: only(rbac.Endpoint, rbac.Other)},
		"device groups without endpoint":       {Role: r.Ref(), Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}}, Sources: only(rbac.Identity)},
		"data sources of a product's own role": {Role: reader, Scope: all, Sources: everySource},
		"a name of a product's own role":       {Role: reader, Scope: all, Name: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			w := given(t)
			a.ID, a.User = "1", ana
			w.Roles, w.Assignments = []rbac.Role{r}, []rbac.Assignment{a}
			if _, err := rbac.Compile(catalog.Default(), w.Policy); err == nil {
				t.Error("the policy compiles")
			}
		})
	}
	s := compile(t, given(t).Policy)
	for _, e := range []rbac.SetActivation{{Workload: rbac.Other, Activation: rbac.On}, {Workload: rbac.Unified, Activation: rbac.On}, {Workload: rbac.Endpoint, Activation: 9}} {
		if _, err := s.With(e); err == nil {
			t.Errorf("%+v is taken", e)
		}
	}
	if s.Decide(rbac.Request{Principal: ana, Capability: rbac.ViewInvestigation, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Unified}}, At: noon}).Allowed {
		t.Error("unified roles are asked about as if they were a workload")
	}
}

// TestS14CeilingsBindUnifiedRoles: a delegation ceiling counts data sources as workloads, and unified permissions by name.
func TestS14CeilingsBindUnifiedRoles(t *testing.T) {
	everything := rbac.Bound[string]{All: true}
	role := rbac.Role{Workload: rbac.Unified, Name: "r", Permissions: []string{"Alerts"}}
	for name, c := range map[string]struct {
		ceiling rbac.Ceiling
		sources rbac.Sources
		want    []rbac.Breach
	}{
		"within it": {rbac.Ceiling{Workloads: rbac.Bound[rbac.Workload]{Of: []rbac.Workload{rbac.Office365}}, Permissions: rbac.Bound[string]{Of: []string{"unified/Alerts"}},
			DeviceGroups: everything}, only(rbac.Office365), nil},
		"another data source": {rbac.Ceiling{Workloads: rbac.Bound[rbac.Workload]{Of: []rbac.Workload{rbac.Office365}}, Permissions: everything, DeviceGroups: everything},
			only(rbac.Identity), []rbac.Breach{{Ceiling: "c", Kind: rbac.BreachWorkload, Workload: rbac.Identity, Name: "identity"}}},
		"all data sources": {rbac.Ceiling{Workloads: rbac.Bound[rbac.Workload]{Of: rbac.Workloads}, Permissions: everything, DeviceGroups: everything},
			everySource, []rbac.Breach{{Ceiling: "c", Kind: rbac.BreachWorkload, Workload: rbac.Unified, Name: "all data sources"}}},
		"another permission": {rbac.Ceiling{Workloads: rbac.Bound[rbac.Workload]{All: true}, Permissions: rbac.Bound[string]{Of: []string{"unified/Response", "endpoint/Alerts investigation"}}, DeviceGroups: everything},
			only(rbac.Office365), []rbac.Breach{{Ceiling: "c", Kind: rbac.BreachPermission, Workload: rbac.Unified, Name: "Alerts"}}},
		"a permission that another includes": {rbac.Ceiling{Workloads: rbac.Bound[rbac.Workload]{All: true}, DeviceGroups: everything,
			Permissions: rbac.Bound[string]{Of: []string{"unified/Security operations: all read and manage"}}}, only(rbac.Office365), nil},
		"another device group": {rbac.Ceiling{Workloads: rbac.Bound[rbac.Workload]{All: true}, Permissions: everything, DeviceGroups: rbac.Bound[string]{Of: []string{"EU servers"}}},
			only(rbac.Endpoint), []rbac.Breach{{Ceiling: "c", Kind: rbac.BreachDeviceGroup, Workload: rbac.Endpoint, Name: "US servers"}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := given(t)
			c.ceiling.Name, c.ceiling.Users, c.ceiling.AssignableGroups = "c", []string{ana}, everything
			w.Ceilings = []rbac.Ceiling{c.ceiling}
			before := compile(t, w.Policy)
			edits := []rbac.Edit{rbac.PutRole{Role: role}, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "1", Role: role.Ref(), Group: "us", Sources: c.sources, Scope: rbac.Scope{All: true}}}}
			after, err := before.With(edits...)
			if err != nil {
				t.Fatal(err)
			}
			if got := rbac.Breaches(before, after, edits, ana, noon); !slices.Equal(got, c.want) {
				t.Errorf("breaches %+v, want %+v", got, c.want)
			}
			activate := []rbac.Edit{rbac.SetActivation{Workload: rbac.Identity, Activation: rbac.On}}
			on, _ := before.With(activate...)
			if got := rbac.Breaches(before, on, activate, ana, noon); len(got) != 1 || got[0].Kind != rbac.BreachChange || got[0].Name != rbac.ActivationSwitch {
				t.Errorf("activating: %+v", got)
			}
		})
	}
}
