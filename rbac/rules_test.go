package rbac_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// world is a policy written in the tests' own short hand.
type world struct {
	rbac.Policy
	t *testing.T
}

const ana, ben = "ana@contoso.example", "ben@contoso.example"

// given starts a policy with ana and ben, endpoint roles on, and one closed device group "EU servers", one closed "US
// servers". Groups "eu" and "us" are in their access.
func given(t *testing.T) *world {
	return &world{t: t, Policy: rbac.Policy{
		EndpointRoles: true,
		Users:         []rbac.User{{Name: ana}, {Name: ben}},
		Groups:        []rbac.Group{{Name: "eu"}, {Name: "us"}},
		DeviceGroups: []rbac.DeviceGroup{
			{Name: "EU servers", Access: []string{"eu"}}, {Name: "US servers", Access: []string{"us"}}, {Name: rbac.UngroupedDevices},
		},
	}}
}

// holds gives ana, in person and on all device groups, a role for each "workload: permission; permission".
func (w *world) holds(roles ...string) *world {
	for _, text := range roles {
		a := w.role(text)
		a.User = ana
		if a.Role.Workload == rbac.Endpoint {
			a.Scope = rbac.Scope{DeviceGroups: []string{"EU servers", "US servers", rbac.UngroupedDevices}}
		}
		w.Assignments = append(w.Assignments, a)
	}
	return w
}

// inGroup puts ana into a group and gives the group a role.
func (w *world) inGroup(group string, roles ...string) *world {
	for i := range w.Groups {
		if w.Groups[i].Name == group {
			w.Groups[i].Members = []string{ana}
		}
	}
	for _, text := range roles {
		a := w.role(text)
		a.Group = group
		w.Assignments = append(w.Assignments, a)
	}
	return w
}

func (w *world) role(text string) rbac.Assignment {
	w.t.Helper()
	name, list, _ := strings.Cut(text, ": ")
	workload, ok := rbac.ParseWorkload(name)
	if !ok {
		w.t.Fatalf("no workload in %q", text)
	}
	r := rbac.Role{Workload: workload, Name: fmt.Sprintf("role %d", len(w.Roles))}
	for _, p := range strings.Split(list, "; ") {
		found, ok := catalog.Permission(workload, p)
		if !ok {
			w.t.Fatalf("no permission %q in %s", p, workload)
		}
		r.Permissions = append(r.Permissions, found)
	}
	w.Roles = append(w.Roles, r)
	return rbac.Assignment{ID: fmt.Sprint("asg ", len(w.Assignments)), Role: r.Ref(), Scope: rbac.Scope{All: true}}
}

func (w *world) global(role string) *world {
	w.Users[0].GlobalRoles = []string{role}
	return w
}

func (w *world) rolesOff() *world {
	w.EndpointRoles = false
	return w
}

// asks checks that both evaluators give ana the wanted answer.
func (w *world) asks(want bool, capability string, on ...string) *world {
	w.t.Helper()
	c, ok := rbac.ParseCapability(capability)
	if !ok {
		w.t.Fatalf("no capability %q", capability)
	}
	r := rbac.Request{Principal: ana, Capability: c, At: noon}
	for _, name := range on {
		if workload, ok := rbac.ParseWorkload(name); ok {
			r.Resource.Workloads = append(r.Resource.Workloads, workload)
		} else if name == "somewhere" {
			r.Resource.Somewhere = true
		} else if group, ok := strings.CutPrefix(name, "all of: "); ok {
			r.Resource.AllOf = append(r.Resource.AllOf, group)
		} else {
			r.Resource.DeviceGroups = append(r.Resource.DeviceGroups, name)
		}
	}
	s := compile(w.t, w.Policy)
	if got := s.Decide(r); got.Allowed != want {
		w.t.Errorf("%s on %v: allowed is %v (%+v), want %v", capability, on, got.Allowed, got.Verdicts, want)
	}
	if got := rbac.Plain(catalog.Default(), w.Policy, r); got.Allowed != want {
		w.t.Errorf("%s on %v: plainly, allowed is %v, want %v", capability, on, got.Allowed, want)
	}
	if got := s.Explain(r); got.Allowed != want {
		w.t.Errorf("%s on %v: explained as %v, want %v", capability, on, got.Allowed, want)
	}
	return w
}

const (
	allowed = true
	denied  = false
)

func TestRules(t *testing.T) {
	for name, story := range map[string]func(w *world){
		"R1 R2 global roles work without any custom role": func(w *world) {
			w.global("Security Administrator").asks(allowed, "alerts.manage", "office365").asks(allowed, "actions.remediate", "endpoint")
		},
		"R3 R7 a global role may be more than is needed, a custom role is not": func(w *world) {
			w.holds("office365: Search and purge").asks(allowed, "actions.remediate", "office365").asks(denied, "investigation.view", "office365")
		},
		"R4 R8 R9 R12 a role opens the data of its own product only": func(w *world) {
			w.holds("office365: Security reader").asks(allowed, "investigation.view", "office365").
				asks(denied, "investigation.view", "endpoint").asks(denied, "investigation.view", "cloudapps").asks(denied, "investigation.view", "identity")
		},
		"R9 an endpoint permission opens endpoint data only": func(w *world) {
			w.holds("endpoint: View data- security operations").asks(allowed, "investigation.view", "endpoint").asks(denied, "investigation.view", "office365")
		},
		"R13 S2 cloud apps roles also open identity data": func(w *world) {
			w.holds("cloudapps: Security reader").asks(allowed, "investigation.view", "identity").asks(allowed, "alerts.manage", "identity")
		},
		"S2 identity's own roles open nothing here": func(w *world) {
			w.holds("identity: Azure ATP Administrators").asks(denied, "investigation.view", "identity").asks(denied, "roles.manage", "identity")
		},
		"R14 P8 S3 K9 User group admin and App/instance admin open nothing, identity included": func(w *world) {
			w.holds("cloudapps: User group admin; App/instance admin; Cloud Discovery global admin; Cloud Discovery report admin").
				asks(denied, "investigation.view", "cloudapps").asks(denied, "investigation.view", "identity")
		},
		"R16 K2 a custom role named like a global one has no such meaning": func(w *world) {
			w.holds("endpoint: Alerts investigation")
			w.Roles[0].Name, w.Assignments[0].Role.Name = "Global Administrator", "Global Administrator"
			w.asks(allowed, "alerts.manage", "endpoint").asks(denied, "investigation.view", "endpoint").asks(denied, "investigation.view", "office365")
		},
		"R16 the mail role Security Administrator is not the global role": func(w *world) {
			w.holds("office365: Security admin").asks(allowed, "alerts.manage", "office365").
				asks(denied, "actions.remediate", "office365").asks(denied, "investigation.view", "endpoint").asks(denied, "settings.manage", "other")
		},
		"R17 K3 managing takes every product that is part of it": func(w *world) {
			w.holds("endpoint: View data- security operations").asks(allowed, "investigation.view", "endpoint").asks(denied, "alerts.manage", "endpoint", "office365")
		},
		"R17 K4 View-only Manage Alerts does not manage": func(w *world) {
			w.holds("endpoint: Alerts investigation", "office365: View-only Manage alerts").asks(denied, "alerts.manage", "endpoint", "office365")
		},
		"R17 K5 K6 both products' rights manage, until a third product joins": func(w *world) {
			w.holds("endpoint: Alerts investigation", "office365: Manage alerts").asks(allowed, "alerts.manage", "endpoint", "office365").
				asks(denied, "alerts.manage", "endpoint", "office365", "cloudapps")
		},
		"R19 S11 no cloud apps role remediates, a Global Administrator does": func(w *world) {
			w.holds("cloudapps: Global admin").asks(denied, "actions.remediate", "cloudapps").asks(denied, "actions.remediate", "identity")
			w.global("Global Administrator").asks(allowed, "actions.remediate", "cloudapps").asks(allowed, "actions.remediate", "identity")
		},
		"R20 P6 K13 S4 threat analytics is not available in cloud apps, for anyone": func(w *world) {
			w.holds("cloudapps: Global admin").asks(denied, "analytics.alerts", "cloudapps")
			w.global("Global Administrator").asks(denied, "analytics.alerts", "cloudapps").asks(denied, "analytics.email", "endpoint").
				asks(denied, "analytics.mitigations", "office365").asks(allowed, "analytics.mitigations", "endpoint")
		},
		"R21 K12 each part of threat analytics has its own permission": func(w *world) {
			w.holds("endpoint: View data - Threat and vulnerability management").asks(allowed, "analytics.mitigations", "endpoint").
				asks(denied, "analytics.alerts", "endpoint").asks(denied, "investigation.view", "endpoint")
		},
		"P1 C14 Manage alerts without a viewing role views nothing": func(w *world) {
			w.holds("office365: Manage alerts").asks(allowed, "alerts.manage", "office365").asks(denied, "investigation.view", "office365").asks(denied, "hunting.view", "office365")
		},
		"K1 a global Security Reader sees endpoint while roles are off": func(w *world) {
			w.rolesOff().global("Security Reader").asks(allowed, "investigation.view", "endpoint").asks(denied, "alerts.manage", "endpoint")
		},
		"K7 a cloud apps Global reader views and sets detections, and does not manage": func(w *world) {
			w.holds("cloudapps: Global reader").asks(allowed, "investigation.view", "cloudapps").asks(denied, "alerts.manage", "cloudapps").asks(allowed, "detections.manage", "cloudapps")
		},
		"K8 a cloud apps Security reader manages an incident of cloud apps and identity": func(w *world) {
			w.holds("cloudapps: Security reader").asks(allowed, "alerts.manage", "cloudapps", "identity")
		},
		"K10 Search and purge alone remediates mail and sees no queue": func(w *world) {
			w.holds("office365: Search and purge").asks(allowed, "actions.remediate", "office365").asks(denied, "investigation.view", "office365")
		},
		"K11 View-only recipients opens T1 T2 T6a T6c": func(w *world) {
			w.holds("office365: View-only recipients").asks(allowed, "investigation.view", "office365").asks(allowed, "hunting.view", "office365").
				asks(allowed, "analytics.alerts", "office365").asks(allowed, "analytics.email", "office365").asks(denied, "alerts.manage", "office365")
		},
		"K14 what is taken away ends": func(w *world) {
			w.holds("office365: Security reader").asks(allowed, "investigation.view", "office365")
			w.Assignments = nil
			w.asks(denied, "investigation.view", "office365")
		},
		"K15 an alert of another device group is out of reach": func(w *world) {
			w.inGroup("eu", "endpoint: View data- security operations").asks(allowed, "investigation.view", "endpoint", "EU servers").
				asks(denied, "investigation.view", "endpoint", "US servers")
		},
		"S1 any one of a cell is enough, an empty cell never is": func(w *world) {
			w.holds("office365: Audit logs").asks(allowed, "investigation.view", "office365").asks(denied, "hunting.view", "office365")
		},
		"S4 T5 of a Security Operator ends when endpoint roles are on": func(w *world) {
			w.global("Security Operator").asks(denied, "detections.manage", "office365").asks(allowed, "alerts.manage", "office365")
			w.rolesOff().asks(allowed, "detections.manage", "office365").asks(allowed, "detections.manage", "endpoint")
		},
		"S5 off: custom endpoint roles are inert, the built-in one too": func(w *world) {
			w.holds("endpoint: View data- security operations")
			w.Assignments = append(w.Assignments, rbac.Assignment{ID: "builtin", User: ana, Scope: rbac.Scope{All: true},
				Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}})
			w.asks(allowed, "roles.manage", "endpoint")
			w.rolesOff().asks(denied, "investigation.view", "endpoint").asks(denied, "roles.manage", "endpoint")
		},
		"S5 on: a Security Reader loses endpoint unless a custom role gives it back": func(w *world) {
			w.global("Security Reader").asks(denied, "investigation.view", "endpoint").asks(allowed, "investigation.view", "office365")
			w.holds("endpoint: View data- security operations").asks(allowed, "investigation.view", "endpoint")
		},
		"S6 a group reaches the device groups that list it, and the open ones": func(w *world) {
			w.inGroup("eu", "endpoint: Alerts investigation").asks(allowed, "alerts.manage", "endpoint", "EU servers").asks(denied, "alerts.manage", "endpoint", "US servers")
			w.DeviceGroups[1].Open = true
			w.asks(allowed, "alerts.manage", "endpoint", "US servers")
		},
		"S6 a scope narrows a group's reach and never widens it": func(w *world) {
			w.inGroup("eu", "endpoint: Alerts investigation")
			w.Assignments[0].Scope = rbac.Scope{DeviceGroups: []string{"US servers"}}
			w.asks(denied, "alerts.manage", "endpoint", "EU servers").asks(denied, "alerts.manage", "endpoint", "US servers")
		},
		"S6 a user's assignment reaches what its scope names, without one only the open groups": func(w *world) {
			w.holds("endpoint: Alerts investigation")
			w.Assignments[0].Scope = rbac.Scope{DeviceGroups: []string{"US servers"}}
			w.asks(allowed, "alerts.manage", "endpoint", "US servers").asks(denied, "alerts.manage", "endpoint", "EU servers")
			w.Assignments[0].Scope = rbac.Scope{All: true}
			w.asks(denied, "alerts.manage", "endpoint", "US servers")
			w.DeviceGroups[0].Open = true
			w.asks(allowed, "alerts.manage", "endpoint", "EU servers")
		},
		"S6 a zero scope reaches nothing": func(w *world) {
			w.holds("endpoint: Alerts investigation")
			w.Assignments[0].Scope = rbac.Scope{}
			w.DeviceGroups[0].Open = true
			w.asks(denied, "alerts.manage", "endpoint", "EU servers").asks(denied, "alerts.manage", "endpoint", "somewhere")
		},
		"S6 C6 what one group permits never holds on what the other reaches": func(w *world) {
			w.inGroup("eu", "endpoint: View data- security operations").inGroup("us", "endpoint: Alerts investigation").
				asks(allowed, "investigation.view", "endpoint", "EU servers").asks(denied, "alerts.manage", "endpoint", "EU servers").
				asks(allowed, "alerts.manage", "endpoint", "US servers").asks(denied, "investigation.view", "endpoint", "US servers")
		},
		"S6 the built-in administrator reaches all devices": func(w *world) {
			w.Assignments = append(w.Assignments, rbac.Assignment{ID: "builtin", User: ana, Scope: rbac.Scope{All: true},
				Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}})
			w.asks(allowed, "alerts.manage", "endpoint").asks(allowed, "settings.manage", "endpoint").asks(denied, "settings.manage", "other")
		},
		"S6 a policy that does not name ungrouped devices leaves them open": func(w *world) {
			w.inGroup("eu", "endpoint: View data- security operations").asks(denied, "investigation.view", "endpoint", rbac.UngroupedDevices)
			w.DeviceGroups = w.DeviceGroups[:2]
			w.asks(allowed, "investigation.view", "endpoint", rbac.UngroupedDevices)
		},
		"S8 to see takes one of the device groups, to change it all of them": func(w *world) {
			w.inGroup("eu", "endpoint: View data- security operations; Alerts investigation").
				asks(allowed, "investigation.view", "endpoint", "EU servers", "US servers").asks(denied, "alerts.manage", "endpoint", "EU servers", "US servers")
		},
		"S13 what names no device takes each device group of its detection's scope, to see it too": func(w *world) {
			w.inGroup("eu", "endpoint: View data- security operations; Alerts investigation").
				asks(allowed, "investigation.view", "endpoint", "all of: EU servers").asks(allowed, "alerts.manage", "endpoint", "all of: EU servers").
				asks(denied, "investigation.view", "endpoint", "all of: EU servers", "all of: US servers").asks(denied, "investigation.view", "endpoint", "all of: gone").
				asks(denied, "investigation.view", "endpoint", "EU servers", "all of: US servers").asks(denied, "investigation.view", "endpoint", "US servers", "all of: EU servers")
			w.inGroup("us", "endpoint: View data- security operations").
				asks(allowed, "investigation.view", "endpoint", "all of: EU servers", "all of: US servers").asks(denied, "alerts.manage", "endpoint", "all of: EU servers", "all of: US servers")
		},
		"S10 alerts of other products: readers see them, administrators change them": func(w *world) {
			w.global("Security Operator").asks(allowed, "investigation.view", "other").asks(denied, "alerts.manage", "other")
			w.global("Security Administrator").asks(allowed, "alerts.manage", "other")
			w.global("Compliance Administrator").asks(denied, "investigation.view", "other")
		},
		"S16 role managers see the audit of their workload, only administrators all of it": func(w *world) {
			w.holds("office365: Role Management").asks(allowed, "audit.view", "office365").asks(allowed, "roles.view", "office365").
				asks(allowed, "roles.manage", "office365").asks(denied, "audit.view", "other").asks(denied, "roles.view", "endpoint")
			w.global("Global Reader").asks(allowed, "audit.view", "other").asks(allowed, "roles.view", "endpoint").asks(denied, "roles.manage", "cloudapps")
		},
		"S17 without a device group the question is about every one": func(w *world) {
			w.inGroup("eu", "endpoint: View data- security operations").asks(denied, "investigation.view", "endpoint").
				asks(allowed, "investigation.view", "endpoint", "somewhere").asks(denied, "investigation.view", "endpoint", "no such group")
			w.holds("endpoint: View data- security operations").asks(allowed, "investigation.view", "endpoint")
		},
	} {
		t.Run(name, func(t *testing.T) { story(given(t)) })
	}
}

// TestTimeBounds: from not-before on, until just before not-after, and an ended or disabled account holds nothing.
func TestTimeBounds(t *testing.T) {
	for name, c := range map[string]struct {
		from, until time.Time
		want        bool
	}{
		"without bounds":          {want: allowed},
		"begins now":              {from: noon, want: allowed},
		"begins a moment later":   {from: noon.Add(1), want: denied},
		"ends a moment later":     {until: noon.Add(1), want: allowed},
		"ends now":                {until: noon, want: denied},
		"began and has not ended": {from: noon.Add(-time.Hour), until: noon.Add(time.Hour), want: allowed},
	} {
		t.Run(name, func(t *testing.T) {
			w := given(t).holds("office365: Security reader", "endpoint: View data- security operations")
			for i := range w.Assignments {
				w.Assignments[i].NotBefore, w.Assignments[i].NotAfter = c.from, c.until
			}
			w.asks(c.want, "investigation.view", "office365").asks(c.want, "investigation.view", "endpoint", "EU servers")
		})
	}
	w := given(t).global("Global Administrator").asks(allowed, "settings.manage", "other")
	w.Users[0].NotAfter = noon
	w.asks(denied, "settings.manage", "other")
	w.Users[0].NotAfter = noon.Add(1)
	w.asks(allowed, "settings.manage", "other")
	w.Users[0].Disabled = true
	w.asks(denied, "settings.manage", "other")
}

// TestS15AccessOnlyAdds: whatever is given on top - an assignment, a permission, a member, a device group's access - takes nothing
// from anybody.
func TestS15AccessOnlyAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		before := compile(t, p)
		var more rbac.Edit
		switch one(t, "more", []string{"assignment", "permission", "member", "device group access"}) {
		case "assignment":
			more = rbac.PutAssignment{Assignment: drawAssignment(t, "one more", before.Policy())}
		case "permission":
			r := one(t, "role", p.Roles)
			names := interesting(r.Workload)
			if r.Workload == rbac.Identity {
				names = catalog.PermissionNames(rbac.Identity)
			}
			for _, name := range names {
				if !reserved(r.Workload, name) && !slices.Contains(r.Permissions, name) {
					r.Permissions = append(slices.Clone(r.Permissions), name)
					break
				}
			}
			more = rbac.PutRole{Role: r}
		case "member":
			g := one(t, "group", p.Groups)
			g.Members = append(slices.Clone(g.Members), one(t, "member", someUsers))
			more = rbac.PutGroup{Group: g}
		default:
			list := slices.Clone(before.DeviceGroups())
			n := rapid.IntRange(0, len(list)-1).Draw(t, "which")
			list[n].Open = list[n].Open || rapid.Bool().Draw(t, "open")
			list[n].Access = append(slices.Clone(list[n].Access), one(t, "let in", someGroups))
			more = rbac.SetDeviceGroups{DeviceGroups: list}
		}
		after, err := before.With(more)
		if err != nil {
			t.Fatal(err)
		}
		groups := groupsOf(before, after)
		for _, user := range someUsers {
			if lost := minus(access(before, user, groups), access(after, user, groups)); len(lost) > 0 {
				t.Fatalf("%+v takes %v from %s\n%+v", more, lost, user, p)
			}
		}
	})
}
