package rbac_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// TestS19AViewIsNeverMoreThanEither: whatever the policy, the viewer and the viewed, a view allows nothing that one of
// the two may not - in decisions, reaches, checks, explanations and the list of cells - and all that both may on the
// same device group, where the viewer may view roles.
func TestS19AViewIsNeverMoreThanEither(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		s := compile(t, p)
		viewer, viewed := one(t, "viewer", someUsers), one(t, "viewed", someUsers)
		at := one(t, "moment", []time.Time{noon, noon.Add(-1), noon.Add(-time.Hour), noon.Add(time.Hour), noon.AddDate(500, 0, 0), {}})
		v, err := s.ViewAs(viewer, rbac.Viewed{User: viewed}, at)
		if err != nil {
			t.Fatal(err)
		}
		within := s.ViewsRoles(viewer, at)
		eachQuestion(s, func(r rbac.Request) {
			r.At = at
			seen := v.Decide(asks(r, viewer))
			mine, theirs := s.Decide(asks(r, viewer)), s.Decide(asks(r, viewed))
			if seen.Allowed && !(mine.Allowed && theirs.Allowed) {
				t.Fatalf("%+v: the view allows, of the viewer %v, of the viewed %v\n%+v", r, mine.Allowed, theirs.Allowed, p)
			}
			if seen.Allowed && within&rbac.SetOf(r.Resource.Workloads...) != rbac.SetOf(r.Resource.Workloads...) {
				t.Fatalf("%+v: the view allows where the viewer may not view roles\n%+v", r, p)
			}
			if told := v.Explain(asks(r, viewer)); told.Allowed != seen.Allowed {
				t.Fatalf("%+v: the view says %v and explains %v\n%+v", r, seen.Allowed, told.Allowed, p)
			}
			w := r.Resource.Workloads
			if len(w) == 1 && within.Has(w[0]) && len(r.Resource.DeviceGroups) <= 1 && !r.Resource.Somewhere && mine.Allowed && theirs.Allowed && !seen.Allowed {
				t.Fatalf("%+v: both may, the view refuses\n%+v", r, p)
			}
			other := one(t, "somebody else", someUsers)
			if other != viewer && v.Decide(asks(r, other)).Allowed != s.Decide(asks(r, other)).Allowed {
				t.Fatalf("%+v: the view changes what %s may", r, other)
			}
		})
		for _, c := range rbac.Capabilities {
			seen, mine, theirs := v.Reach(viewer, c, at), s.Reach(viewer, c, at), s.Reach(viewed, c, at)
			if seen.Workloads()&^mine.Workloads() != 0 || seen.Workloads()&^theirs.Workloads() != 0 {
				t.Fatalf("%s: the view reaches %v, the viewer %v, the viewed %v", c, seen.Workloads().List(), mine.Workloads().List(), theirs.Workloads().List())
			}
			for _, g := range seen.DeviceGroups() {
				if !mine.DeviceGroup(g) || !theirs.DeviceGroup(g) {
					t.Fatalf("%s: the view reaches %s, which one of the two does not", c, g)
				}
			}
			if seen.AllDevices() && !(mine.AllDevices() && theirs.AllDevices()) || seen.Everything() && !(mine.Everything() && theirs.Everything()) {
				t.Fatalf("%s: the view reaches all", c)
			}
		}
		for _, cell := range v.Effective(viewer, at).Cells {
			reach := v.Reach(viewer, cell.Capability, at)
			if (cell.Allowed || cell.Somewhere) != reach.Workload(cell.Workload) {
				t.Fatalf("%+v: the cell and the reach differ", cell)
			}
		}
		if v.Administrator(viewer, at) {
			t.Fatal("nobody is an administrator in a view")
		}
	})
}

// TestS19ARoleIsViewedAlone: the view of a role opens what the role opens by itself, drafts like roles that there are.
func TestS19ARoleIsViewedAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		p.Users = append(p.Users, rbac.User{Name: "ada@contoso.example", GlobalRoles: []string{"Global Administrator"}})
		s := compile(t, p)
		role := one(t, "role", p.Roles)
		named, err := s.ViewAs("ada@contoso.example", rbac.Viewed{Role: role.Ref()}, noon)
		if err != nil {
			t.Fatal(err)
		}
		draft, err := s.ViewAs("ada@contoso.example", rbac.Viewed{Draft: &role}, noon)
		if err != nil {
			t.Fatal(err)
		}
		opens := s.RoleOpens(role)
		for _, c := range rbac.Capabilities {
			for w := rbac.Endpoint; w <= rbac.Other; w++ {
				r := rbac.Request{Principal: "ada@contoso.example", Capability: c, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}, At: noon}
				decides := s.Activation(w) != rbac.On && (w != rbac.Endpoint || s.EndpointRoles())
				if role.Workload == rbac.Unified {
					decides = s.Activation(w) == rbac.On
				}
				want := decides && slices.Contains(opens, rbac.Opened{Workload: w, Capability: c})
				if got, same := named.Decide(r).Allowed, draft.Decide(r).Allowed; got != want || same != want {
					t.Fatalf("%s %s in %s: want %v, the role gives %v, its draft %v\n%+v", role.Name, c, w, want, got, same, p)
				}
			}
		}
		if len(named.Users()) != len(p.Users) || len(draft.Roles()) != len(s.Roles()) {
			t.Fatal("the view shows a user or a role that nobody made")
		}
	})
}

// TestS19AViewEndsWithWhatItIsMadeOf: a grant that ends, of either, ends in the view at the same moment.
func TestS19AViewEndsWithWhatItIsMadeOf(t *testing.T) {
	const ada, mira = "ada@contoso.example", "mira@contoso.example"
	mail := rbac.Role{Workload: rbac.Office365, Name: "mail", Permissions: []string{"Manage Alerts", "Security Reader"}}
	s := compile(t, rbac.Policy{
		Users:       []rbac.User{{Name: ada, GlobalRoles: []string{"Global Reader"}}, {Name: mira, NotAfter: noon.Add(2 * time.Hour)}},
		Roles:       []rbac.Role{mail},
		Assignments: []rbac.Assignment{{ID: "a", Role: mail.Ref(), User: mira, Scope: rbac.Scope{All: true}, NotAfter: noon.Add(time.Hour)}},
	})
	v, err := s.ViewAs(ada, rbac.Viewed{User: mira}, noon)
	if err != nil {
		t.Fatal(err)
	}
	see := rbac.Request{Principal: ada, Capability: rbac.ViewInvestigation, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}, At: noon}
	if !v.Decide(see).Allowed {
		t.Error("refused before its end")
	}
	manage := see
	manage.Capability = rbac.ManageAlerts
	if d := v.Explain(manage); d.Allowed || d.Proofs[0].Reason != rbac.BeyondView || d.Proofs[0].Paths != nil {
		t.Errorf("a reader views a manager's right to change: %+v", d)
	}
	see.At = noon.Add(time.Hour)
	if v.Decide(see).Allowed {
		t.Error("allowed at its end")
	}
	for name, viewed := range map[string]rbac.Viewed{
		"an unknown user": {User: "nobody@contoso.example"}, "an unknown role": {Role: rbac.RoleRef{Workload: rbac.Office365, Name: "none"}},
		"nothing at all": {}, "a draft of unknown permissions": {Draft: &rbac.Role{Workload: rbac.Office365, Permissions: []string{"none"}}},
		"device groups of mail": {Role: mail.Ref(), DeviceGroups: []string{rbac.UngroupedDevices}},
	} {
		if _, err := s.ViewAs(ada, viewed, noon); err == nil {
			t.Errorf("%s can be viewed", name)
		}
	}
	// Without roles.view a view reaches nothing, whoever is viewed.
	v, err = s.ViewAs(mira, rbac.Viewed{User: ada}, noon)
	if err != nil || !v.Reach(mira, rbac.ViewInvestigation, noon).None() {
		t.Errorf("viewed without roles.view: %v", err)
	}
}

func asks(r rbac.Request, principal string) rbac.Request {
	r.Principal = principal
	return r
}

// BenchmarkViewAs is what a view costs each request, beside one reach that the request asks for anyway.
func BenchmarkViewAs(b *testing.B) {
	s := benchSnapshot(b)
	viewer, viewed := "user.000000@contoso.example", "user.000017@contoso.example"
	s, err := s.With(rbac.PutUser{User: rbac.User{Name: viewer, GlobalRoles: []string{"Global Administrator"}}})
	if err != nil {
		b.Fatal(err)
	}
	role := s.Roles()[4].Ref()
	for name, v := range map[string]rbac.Viewed{"person": {User: viewed}, "role": {Role: role}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.ViewAs(viewer, v, benchNow); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("reach", func(b *testing.B) {
		for b.Loop() {
			s.Reach(viewed, rbac.ViewInvestigation, benchNow)
		}
	})
}

// TestS19AViewOfWhoEndsTakesAMoment: a question that names no moment opens nothing that ends, in a view as elsewhere - not of somebody
// whose account ends either.
func TestS19AViewOfWhoEndsTakesAMoment(t *testing.T) {
	const ada, mira = "ada@contoso.example", "mira@contoso.example"
	s := compile(t, rbac.Policy{Users: []rbac.User{
		{Name: ada, GlobalRoles: []string{"Global Administrator"}}, {Name: mira, GlobalRoles: []string{"Security Reader"}, NotAfter: noon.Add(time.Hour)},
	}})
	v, err := s.ViewAs(ada, rbac.Viewed{User: mira}, noon)
	if err != nil {
		t.Fatal(err)
	}
	see := rbac.Request{Principal: ada, Capability: rbac.ViewInvestigation, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}, At: noon}
	if !v.Decide(see).Allowed {
		t.Error("refused before the end")
	}
	see.At = time.Time{}
	if v.Decide(see).Allowed {
		t.Error("allowed at no moment")
	}
}
