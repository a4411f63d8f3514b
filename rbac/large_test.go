package rbac_test

import (
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestManyOfEverything goes beyond every size that the snapshot lays out in place: more device groups than a piece
// has, more holders than a person has places, more users than a chunk, more names than an overlay.
func TestManyOfEverything(t *testing.T) {
	for _, deviceGroups := range []int{63, 64, 65, 1023, 1024, 1025, 1100} {
		t.Run(fmt.Sprintf("%d device groups", deviceGroups), func(t *testing.T) {
			p := rbac.Policy{EndpointRoles: true, Users: []rbac.User{{Name: ana}, {Name: ben}}}
			p.Roles = []rbac.Role{
				{Workload: rbac.Endpoint, Name: "view", Permissions: []string{"View data - Security operations"}},
				{Workload: rbac.Endpoint, Name: "manage", Permissions: []string{"Alerts investigation"}},
			}
			for g := range 8 {
				name := fmt.Sprintf("group %d", g)
				p.Groups = append(p.Groups, rbac.Group{Name: name, Members: []string{ana}})
				a := rbac.Assignment{ID: name, Group: name, Role: p.Roles[g%2].Ref(), Scope: rbac.Scope{All: true}}
				if g == 7 {
					a.NotAfter = noon.Add(1)
				}
				p.Assignments = append(p.Assignments, a)
			}
			for i := range deviceGroups - 1 {
				p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: fmt.Sprintf("devices %d", i), Access: []string{p.Groups[i%8].Name}})
			}
			s := compile(t, p)
			for _, c := range []rbac.Capability{rbac.ViewInvestigation, rbac.ManageAlerts, rbac.AnalyticsEmail, rbac.ManageRoles} {
				for _, i := range []int{0, 1, 6, 7, 62, 63, 64, deviceGroups - 3, deviceGroups - 2, deviceGroups - 1} {
					if i >= deviceGroups || i < 0 {
						continue
					}
					dg := s.DeviceGroups()[i].Name
					r := rbac.Request{Principal: ana, Capability: c, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{dg}}}
					want := rbac.Plain(catalog.Default(), p, r).Allowed
					if got := s.CheckName(ana, c, rbac.Endpoint, dg, noon.UnixNano()); got != want {
						t.Errorf("%s on %s: the check says %v, the plain rules %v", c, dg, got, want)
					}
					if got := s.Decide(r).Allowed; got != want {
						t.Errorf("%s on %s: the decision says %v, the plain rules %v", c, dg, got, want)
					}
				}
				whole := rbac.Request{Principal: ana, Capability: c, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}}}
				if got, want := s.Decide(whole).Allowed, rbac.Plain(catalog.Default(), p, whole).Allowed; got != want {
					t.Errorf("%s everywhere: the decision says %v, the plain rules %v", c, got, want)
				}
			}
		})
	}
}

// TestThousandsComeAndGo adds users one by one beyond the overlay of names, removes some and brings some back.
func TestThousandsComeAndGo(t *testing.T) {
	s := compile(t, given(t).inGroup("eu", "office365: Security reader").Policy)
	name := func(i int) string { return fmt.Sprintf("user.%05d@contoso.example", i) }
	grant := func(i int) rbac.Edit {
		return rbac.PutAssignment{Assignment: rbac.Assignment{ID: fmt.Sprint("grant ", i), User: name(i), Scope: rbac.Scope{All: true},
			Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}}}
	}
	with := func(edits ...rbac.Edit) {
		t.Helper()
		next, err := s.With(edits...)
		if err != nil {
			t.Fatal(err)
		}
		s = next
	}
	const many = 3000
	for i := range many {
		with(rbac.PutUser{User: rbac.User{Name: name(i)}}, grant(i))
	}
	for i := 0; i < many; i += 3 {
		with(rbac.RemoveUser{Name: name(i)})
	}
	for i := 0; i < many; i += 6 {
		with(rbac.PutUser{User: rbac.User{Name: name(i)}})
	}
	rebuilt := compile(t, s.Policy())
	total := 0
	for i := range many {
		want := i%3 != 0 // who was removed lost the grant, and who came back did not get it again
		got := s.CheckName(name(i), rbac.ViewInvestigation, rbac.Office365, "", noon.UnixNano())
		if got != want || rebuilt.CheckName(name(i), rbac.ViewInvestigation, rbac.Office365, "", noon.UnixNano()) != want {
			t.Fatalf("%s: allowed is %v, want %v", name(i), got, want)
		}
		if want {
			total++
		}
	}
	if got := s.WhoCan(rbac.WhoCan{Capability: rbac.ViewInvestigation, At: noon, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}}); got.Total != total+1 {
		t.Errorf("%d can, want %d and ana", got.Total, total)
	}
	if changes := rbac.Compare(s, rebuilt, noon); !changes.Empty() {
		t.Errorf("changed step by step and rebuilt differ: %+v", changes.Users[0])
	}
}
