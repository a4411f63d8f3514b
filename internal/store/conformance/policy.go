package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

	// Every field of every kind is set somewhere.
	wholePolicy = rbac.Policy{
		EndpointRoles: true,
		Activation:    rbac.Activations{}.With(rbac.Office365, rbac.On).With(rbac.Identity, rbac.Shadow),
		Users: []rbac.User{
			{Name: "aya@contoso.example", DisplayName: "Aya <script>", GlobalRoles: []string{"Security Reader", "Global Reader"}},
			{Name: "bo@contoso.example", DisplayName: "Bø", Disabled: true},
			{Name: "cy@contoso.example", NotAfter: noon},
		},
		Groups: []rbac.Group{
			{Name: "EU tier 1", Description: "first", Members: []string{"aya@contoso.example", "bo@contoso.example"}},
			{Name: "empty"},
		},
		DeviceGroups: []rbac.DeviceGroup{
			{Name: "Zebra first by rank", Description: "d", Remediation: "full", Open: true,
				Match: rbac.Match{Name: []string{"b*", "a*"}, Domain: []string{"eu.contoso.example"}, Tag: []string{"x"}, OS: []string{"Linux"}}},
			{Name: "Apple", Access: []string{"EU tier 1", "empty"}},
			{Name: rbac.UngroupedDevices, Access: []string{"empty"}},
		},
		Roles: []rbac.Role{
			{ID: "r1", Workload: rbac.Endpoint, Name: "Triage", Kind: rbac.CustomRole, Description: "d", Permissions: catalog.PermissionNames(rbac.Endpoint)[:2]},
			{ID: "r2", Workload: rbac.Office365, Name: "Triage", Kind: rbac.ImportedRole, Permissions: catalog.PermissionNames(rbac.Office365)[:1]},
			{ID: "r3", Workload: rbac.Unified, Name: "Triage", Permissions: catalog.PermissionNames(rbac.Unified)[:2]},
		},
		Assignments: []rbac.Assignment{
			{ID: "a1", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "Triage"}, Group: "EU tier 1",
				Scope: rbac.Scope{DeviceGroups: []string{"Zebra first by rank", "Apple"}}, NotBefore: noon, NotAfter: noon.Add(time.Hour)},
			{ID: "a2", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Triage"}, User: "cy@contoso.example", Scope: rbac.Scope{All: true}},
			{ID: "a3", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}, Group: "empty", Scope: rbac.Scope{All: true}},
			{ID: "a4", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "Triage"}, User: "aya@contoso.example"},
			{ID: "a5", Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Triage"}, Group: "empty", Name: "Night", Set: "s1", Description: "d",
				Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Endpoint, rbac.Identity)}, Scope: rbac.Scope{DeviceGroups: []string{"Apple"}}},
			{ID: "a6", Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Triage"}, User: "aya@contoso.example", Name: "Night", Set: "s1",
				Sources: rbac.Sources{All: true}, Scope: rbac.Scope{All: true}},
		},
		Ceilings: []rbac.Ceiling{
			{
				Name: "EU delegation", Description: "d", Users: []string{"aya@contoso.example", "bo@contoso.example"}, Groups: []string{"EU tier 1"},
				Workloads:        rbac.Bound[rbac.Workload]{Of: []rbac.Workload{rbac.Endpoint, rbac.Office365}},
				Permissions:      rbac.Bound[string]{Of: []string{"endpoint/Alerts investigation", "office365/Security Reader"}},
				DeviceGroups:     rbac.Bound[string]{Of: []string{"Apple", "Zebra first by rank"}},
				AssignableGroups: rbac.Bound[string]{Of: []string{"EU tier 1", "empty"}},
			},
			{
				Name: "unbounded", Users: []string{"cy@contoso.example"}, Workloads: rbac.Bound[rbac.Workload]{All: true},
				Permissions: rbac.Bound[string]{All: true}, DeviceGroups: rbac.Bound[string]{All: true}, AssignableGroups: rbac.Bound[string]{All: true},
			},
		},
	}
)

// building gives the edits that make a policy from nothing.
func building(p rbac.Policy) []rbac.Edit {
	var edits []rbac.Edit
	for _, u := range p.Users {
		edits = append(edits, rbac.PutUser{User: u})
	}
	for _, g := range p.Groups {
		edits = append(edits, rbac.PutGroup{Group: g})
	}
	edits = append(edits, rbac.SetDeviceGroups{DeviceGroups: p.DeviceGroups})
	for _, r := range p.Roles {
		edits = append(edits, rbac.PutRole{Role: r})
	}
	for _, a := range p.Assignments {
		edits = append(edits, rbac.PutAssignment{Assignment: a})
	}
	for _, c := range p.Ceilings {
		edits = append(edits, rbac.PutCeiling{Ceiling: c})
	}
	for _, w := range rbac.Workloads {
		edits = append(edits, rbac.SetActivation{Workload: w, Activation: p.Activation.Of(w)})
	}
	return append(edits, rbac.SetEndpointRoles{On: p.EndpointRoles}, rbac.SetRevision{Revision: 99})
}

func difference(want, got rbac.Policy) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

func policyRoundTrip(t *testing.T, backend Backend) {
	open := backend(t)
	s := open()
	empty := rbac.Policy{DeviceGroups: []rbac.DeviceGroup{{Name: rbac.UngroupedDevices, Open: true}}}
	if diff := difference(empty, policyOf(t, s)); diff != "" {
		t.Errorf("new data is not an empty policy (-want +got):\n%s", diff)
	}
	edit(t, s, building(wholePolicy)...)
	for _, handle := range []store.Store{s, open()} {
		if diff := difference(wholePolicy, policyOf(t, handle)); diff != "" {
			t.Errorf("the policy came back otherwise (-want +got):\n%s", diff)
		}
	}
	for _, want := range wholePolicy.Users {
		got := read(t, s, func(r store.Reader) (rbac.User, error) {
			u, _, err := r.User(want.Name)
			return u, err
		})
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("user %s came back otherwise (-want +got):\n%s", want.Name, diff)
		}
	}
	edit(t, s, building(wholePolicy)...)
	if diff := difference(wholePolicy, policyOf(t, s)); diff != "" {
		t.Errorf("writing it twice changed it (-want +got):\n%s", diff)
	}
}

func references(t *testing.T, backend Backend) {
	s := backend(t)()
	fails := func(why string, kind fault.Kind, e rbac.Edit) {
		t.Helper()
		before := policyOf(t, s)
		err := s.Change(context.Background(), func(w store.Writer) error {
			if err := w.ApplyEdits(putUser("zed@contoso.example")); err != nil {
				return err
			}
			return w.ApplyEdits(e)
		})
		if fault.KindOf(err) != kind {
			t.Errorf("%s: got %v, want it %v", why, err, kind)
		}
		if diff := difference(before, policyOf(t, s)); diff != "" {
			t.Errorf("%s: something was written:\n%s", why, diff)
		}
	}
	edit(t, s, building(wholePolicy)...)
	triage := wholePolicy.Assignments[0].Role

	fails("a member who is no user", fault.KindInvalid, rbac.PutGroup{Group: rbac.Group{Name: "g", Members: []string{"nobody"}}})
	fails("access of a group that is not there", fault.KindInvalid, rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "x", Access: []string{"nobody"}}}})
	fails("an assignment to a user who is not there", fault.KindInvalid, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "x", Role: triage, User: "nobody"}})
	fails("an assignment to a group that is not there", fault.KindInvalid, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "x", Role: triage, Group: "nobody"}})
	fails("an assignment to nobody", fault.KindInvalid, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "x", Role: triage}})
	fails("a scope of a device group that is not there", fault.KindInvalid, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "x", Role: triage, User: "cy@contoso.example", Scope: rbac.Scope{DeviceGroups: []string{"none"}}}})
	fails("removing a user who is not there", fault.KindNotFound, rbac.RemoveUser{Name: "nobody"})
	fails("removing a group that is not there", fault.KindNotFound, rbac.RemoveGroup{Name: "nobody"})
	fails("removing a role that is not there", fault.KindNotFound, rbac.RemoveRole{Role: rbac.RoleRef{Workload: rbac.Identity, Name: "Triage"}})
	fails("removing an assignment that is not there", fault.KindNotFound, rbac.RemoveAssignment{ID: "none"})
	fails("removing a ceiling that is not there", fault.KindNotFound, rbac.RemoveCeiling{Name: "none"})
	fails("a ceiling of a group that is not there", fault.KindInvalid, rbac.PutCeiling{Ceiling: rbac.Ceiling{Name: "x", Groups: []string{"nobody"}}})
	fails("an end that can't be kept", fault.KindInvalid, rbac.PutUser{User: rbac.User{Name: "cy@contoso.example", NotAfter: noon.AddDate(8000, 0, 0)}})

	edit(t, s, rbac.RemoveUser{Name: "aya@contoso.example"}, rbac.RemoveGroup{Name: "empty"}, rbac.RemoveRole{Role: wholePolicy.Roles[1].Ref()},
		rbac.SetDeviceGroups{DeviceGroups: wholePolicy.DeviceGroups[:1]})
	want := wholePolicy
	want.Users = wholePolicy.Users[1:]
	want.Groups = []rbac.Group{{Name: "EU tier 1", Description: "first", Members: []string{"bo@contoso.example"}}}
	want.DeviceGroups = []rbac.DeviceGroup{wholePolicy.DeviceGroups[0], {Name: rbac.UngroupedDevices, Open: true}}
	want.Roles = []rbac.Role{wholePolicy.Roles[0], wholePolicy.Roles[2]}
	only := wholePolicy.Assignments[0]
	only.Scope.DeviceGroups = only.Scope.DeviceGroups[:1]
	want.Assignments = []rbac.Assignment{only}
	ceiling := wholePolicy.Ceilings[0]
	ceiling.Users, ceiling.DeviceGroups.Of, ceiling.AssignableGroups.Of = ceiling.Users[1:], []string{"Zebra first by rank"}, []string{"EU tier 1"}
	want.Ceilings = []rbac.Ceiling{ceiling, wholePolicy.Ceilings[1]}
	if diff := difference(want, policyOf(t, s)); diff != "" {
		t.Errorf("what hung on the removed is not gone, or too much is (-want +got):\n%s", diff)
	}
}

func foldedNames(t *testing.T, backend Backend) {
	s := backend(t)()
	edit(t, s, building(wholePolicy)...)
	role := wholePolicy.Roles[0]
	role.Name = "TRIAGE"
	for _, e := range []rbac.Edit{rbac.PutGroup{Group: rbac.Group{Name: "eu TIER 1"}}, rbac.PutRole{Role: role}} {
		err := s.Change(context.Background(), func(w store.Writer) error { return w.ApplyEdits(e) })
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("%T under a name that differs in case alone: got %v, want a conflict", e, err)
		}
	}
	if diff := difference(wholePolicy, policyOf(t, s)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
}

func revisions(t *testing.T, backend Backend) {
	s := backend(t)()
	for want := int64(1); want <= 3; want++ {
		var got int64
		change(t, s, func(w store.Writer) (err error) {
			got, err = w.NextPolicyRevision()
			return err
		})
		if kept := read(t, s, store.Reader.PolicyRevision); got != want || kept != want || policyOf(t, s).Revision != want {
			t.Errorf("the revision given is %d and the one kept %d, want %d", got, kept, want)
		}
	}
}
