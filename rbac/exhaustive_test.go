package rbac_test

import (
	"slices"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestEveryPermissionOpensItsCellsAndNothingElse asks of every permission, held alone, every capability of every
// workload, with the endpoint switch on and off. The expectation is read off the table's rows.
func TestEveryPermissionOpensItsCellsAndNothingElse(t *testing.T) {
	const user = "ana@contoso.example"
	asked := 0
	for _, on := range []bool{true, false} {
		for _, permission := range catalog.Default().Permissions {
			p := rbac.Policy{EndpointRoles: on, Users: []rbac.User{{Name: user}}}
			role := rbac.RoleRef{Workload: permission.Workload, Name: "just this"}
			if permission.Reserved || permission.Workload == rbac.Unified {
				continue // no custom role may hold it: TestReservedPermissions; those of unified roles: unified_test.go
			}
			p.Roles = []rbac.Role{{Workload: role.Workload, Name: role.Name, Permissions: []string{permission.Name}}}
			p.Assignments = []rbac.Assignment{{ID: "1", Role: role, User: user, Scope: rbac.Scope{All: true}}}
			s := compile(t, p)
			for _, row := range catalog.Default().Requirements {
				for w := rbac.Endpoint; w <= rbac.Other; w++ {
					asked++
					names := slices.Contains(row.Cells[w].AnyOf, permission.Name)
					own := w == permission.Workload || (w == rbac.Identity && permission.Workload == rbac.CloudApps)
					want := names && own && (w != rbac.Endpoint || on)
					got := s.Decide(rbac.Request{Principal: user, Capability: row.Capability, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}})
					if got.Allowed != want {
						t.Errorf("endpoint roles %v: %s %q, %s in %s: allowed is %v, want %v",
							on, permission.Workload, permission.Name, row.Capability, w, got.Allowed, want)
					}
				}
			}
		}
	}
	own := 0
	for _, p := range catalog.Default().Permissions {
		if p.Workload != rbac.Unified && !p.Reserved {
			own++
		}
	}
	if want := 2 * own * len(rbac.Capabilities) * 5; asked != want {
		t.Errorf("asked %d questions, want %d", asked, want)
	}
}

// TestEveryGlobalRole asks of every global role every capability of every workload, both ways of the switch, against
// S4, S5, S10 and S16 written out.
func TestEveryGlobalRole(t *testing.T) {
	const user = "ana@contoso.example"
	read := []rbac.Capability{rbac.ViewInvestigation, rbac.ViewHunting, rbac.AnalyticsAlerts, rbac.AnalyticsMitigations, rbac.AnalyticsEmail}
	wants := map[string]func(c rbac.Capability, w rbac.Workload, on bool) bool{
		"Global Administrator":   func(rbac.Capability, rbac.Workload, bool) bool { return true },
		"Security Administrator": func(rbac.Capability, rbac.Workload, bool) bool { return true },
		"Security Operator": func(c rbac.Capability, w rbac.Workload, on bool) bool {
			if c == rbac.ManageDetections {
				return !on && w != rbac.Other
			}
			if c == rbac.ManageAlerts {
				return w != rbac.Other && (w != rbac.Endpoint || !on)
			}
			return slices.Contains(read, c) && (w != rbac.Endpoint || !on)
		},
		"Security Reader": func(c rbac.Capability, w rbac.Workload, on bool) bool {
			return slices.Contains(read, c) && (w != rbac.Endpoint || !on)
		},
		"Global Reader": func(c rbac.Capability, w rbac.Workload, on bool) bool {
			return c == rbac.ViewRoles || c == rbac.ViewAudit || (slices.Contains(read, c) && (w != rbac.Endpoint || !on))
		},
	}
	nothing := func(rbac.Capability, rbac.Workload, bool) bool { return false }
	for _, name := range catalog.GlobalRoleNames() {
		want := wants[name]
		if want == nil {
			want = nothing
		}
		for _, on := range []bool{true, false} {
			s := compile(t, rbac.Policy{EndpointRoles: on, Users: []rbac.User{{Name: user, GlobalRoles: []string{name}}}})
			for _, row := range catalog.Default().Requirements {
				for w := rbac.Endpoint; w <= rbac.Other; w++ {
					_, applies := row.Cells[w]
					d := s.Decide(rbac.Request{Principal: user, Capability: row.Capability, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}})
					if d.Allowed != (applies && want(row.Capability, w, on)) {
						t.Errorf("endpoint roles %v: %s, %s in %s: allowed is %v", on, name, row.Capability, w, d.Allowed)
					}
					if !applies && d.Verdicts[0].Reason != rbac.NotApplicable {
						t.Errorf("%s in %s: the reason is %s, want not applicable", row.Capability, w, d.Verdicts[0].Reason)
					}
				}
			}
		}
	}
}

func TestReservedPermissions(t *testing.T) {
	p := rbac.Policy{Roles: []rbac.Role{{Workload: rbac.Endpoint, Name: "sly", Permissions: []string{"Manage portal system settings"}}}}
	if _, err := rbac.Compile(catalog.Default(), p); err == nil {
		t.Error("a custom role holds E7, which only the built-in role has")
	}
}

// TestBadPoliciesAreRefused: an unknown name is an error when data is loaded, not a silent miss when somebody asks.
func TestBadPoliciesAreRefused(t *testing.T) {
	ana := rbac.User{Name: "ana@contoso.example"}
	reader := rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}
	all := rbac.Scope{All: true}
	for name, p := range map[string]rbac.Policy{
		"a user without a name":                    {Users: []rbac.User{{}}},
		"a user not in lower case":                 {Users: []rbac.User{{Name: "Ana@contoso.example"}}},
		"a user twice":                             {Users: []rbac.User{ana, ana}},
		"an unknown global role":                   {Users: []rbac.User{{Name: "ana", GlobalRoles: []string{"Security Admiral"}}}},
		"a group twice in other case":              {Groups: []rbac.Group{{Name: "Tier1"}, {Name: "tier1"}}},
		"an unknown member":                        {Groups: []rbac.Group{{Name: "tier1", Members: []string{"ana"}}}},
		"a role without a workload":                {Roles: []rbac.Role{{Name: "r"}}},
		"a role of other":                          {Roles: []rbac.Role{{Name: "r", Workload: rbac.Other}}},
		"a role named like a default one":          {Roles: []rbac.Role{{Name: "security READER", Workload: rbac.Office365}}},
		"a role that says it is built in":          {Roles: []rbac.Role{{Name: "r", Workload: rbac.Endpoint, Kind: rbac.BuiltInRole}}},
		"a permission of another workload":         {Roles: []rbac.Role{{Name: "r", Workload: rbac.Office365, Permissions: []string{"Alerts investigation"}}}},
		"a device group with unknown access":       {DeviceGroups: []rbac.DeviceGroup{{Name: "d", Access: []string{"nobody"}}}},
		"a device group twice":                     {DeviceGroups: []rbac.DeviceGroup{{Name: "d"}, {Name: "D"}}},
		"ungrouped devices not last":               {DeviceGroups: []rbac.DeviceGroup{{Name: rbac.UngroupedDevices}, {Name: "d"}}},
		"ungrouped devices with a rule":            {DeviceGroups: []rbac.DeviceGroup{{Name: rbac.UngroupedDevices, Match: rbac.Match{OS: []string{"*"}}}}},
		"an assignment without an id":              {Users: []rbac.User{ana}, Assignments: []rbac.Assignment{{Role: reader, User: ana.Name, Scope: all}}},
		"an assignment of nobody":                  {Assignments: []rbac.Assignment{{ID: "1", Role: reader, Scope: all}}},
		"an assignment of an unknown user":         {Assignments: []rbac.Assignment{{ID: "1", Role: reader, User: "x", Scope: all}}},
		"an assignment of an unknown role":         {Users: []rbac.User{ana}, Assignments: []rbac.Assignment{{ID: "1", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "x"}, User: ana.Name, Scope: all}}},
		"a scope outside endpoint":                 {Users: []rbac.User{ana}, DeviceGroups: []rbac.DeviceGroup{{Name: "d"}}, Assignments: []rbac.Assignment{{ID: "1", Role: reader, User: ana.Name, Scope: rbac.Scope{DeviceGroups: []string{"d"}}}}},
		"a scope that was left unset":              {Users: []rbac.User{ana}, Assignments: []rbac.Assignment{{ID: "1", Role: reader, User: ana.Name}}},
		"a scope of an unknown device group":       {Users: []rbac.User{ana}, Assignments: []rbac.Assignment{{ID: "1", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}, User: ana.Name, Scope: rbac.Scope{DeviceGroups: []string{"d"}}}}},
		"an assignment that ends before it begins": {Users: []rbac.User{ana}, Assignments: []rbac.Assignment{{ID: "1", Role: reader, User: ana.Name, Scope: all, NotBefore: noon, NotAfter: noon}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := rbac.Compile(catalog.Default(), p); err == nil {
				t.Error("the policy compiles")
			}
		})
	}
}

// TestUnsetMeansNo: zero values, unknown names and unanswerable questions refuse, for an administrator too.
func TestUnsetMeansNo(t *testing.T) {
	s := compile(t, rbac.Policy{Users: []rbac.User{{Name: "gus@contoso.example", GlobalRoles: []string{"Global Administrator"}}}})
	endpoint := rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}}
	yes := rbac.Request{Principal: "gus@contoso.example", Capability: rbac.ViewInvestigation, Resource: endpoint, At: noon}
	if !s.Decide(yes).Allowed {
		t.Fatal("a Global Administrator is refused: the cases below would prove nothing")
	}
	for name, r := range map[string]rbac.Request{
		"nothing":              {},
		"no principal":         {Capability: yes.Capability, Resource: endpoint, At: noon},
		"no capability":        {Principal: yes.Principal, Resource: endpoint, At: noon},
		"no workloads":         {Principal: yes.Principal, Capability: yes.Capability, At: noon},
		"the zero workload":    {Principal: yes.Principal, Capability: yes.Capability, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.NoWorkload}}, At: noon},
		"a workload too many":  {Principal: yes.Principal, Capability: yes.Capability, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint, 99}}, At: noon},
		"a capability unknown": {Principal: yes.Principal, Capability: 99, Resource: endpoint, At: noon},
		"a device group unknown": {Principal: yes.Principal, Capability: yes.Capability, At: noon,
			Resource: rbac.Resource{Workloads: endpoint.Workloads, DeviceGroups: []string{"nowhere"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := s.Decide(r); d.Allowed {
				t.Errorf("%+v is allowed", r)
			}
			if e := s.Explain(r); e.Allowed {
				t.Errorf("%+v is explained as allowed", r)
			}
		})
	}
	if (rbac.Reach{}).Opens(rbac.Item{Workloads: rbac.SetOf(rbac.Endpoint)}) || (rbac.Decision{}).Allowed {
		t.Error("a zero value allows")
	}
	if s.Reach(yes.Principal, yes.Capability, noon).Opens(rbac.Item{}) {
		t.Error("a thing of no workload is open")
	}
	if s.Check(rbac.UserID(99), yes.Capability, rbac.Endpoint, 0, noon.UnixNano()) || s.Check(0, yes.Capability, rbac.Endpoint, 77, noon.UnixNano()) {
		t.Error("an unknown number is allowed")
	}
}
