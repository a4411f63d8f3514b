package rbac_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// TestPeopleAreThoseWhomDecideAllows asks of everybody, one by one, about things of one and of several workloads.
func TestPeopleAreThoseWhomDecideAllows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		next, err := s.With(drawEdit(t, s))
		if err == nil {
			s = next // with users and numbers that came later
		}
		for _, c := range rbac.Capabilities {
			for _, r := range resources(s) {
				p := s.People(c, r, noon)
				var want []string
				for _, u := range s.Users() {
					allowed := s.Decide(rbac.Request{Principal: u.Name, Capability: c, Resource: r, At: noon}).Allowed
					if allowed {
						want = append(want, u.Name)
					}
					if p.Has(u.Name) != allowed {
						t.Fatalf("%s, %v, %v: in the set %v, decided %v", u.Name, c, r, p.Has(u.Name), allowed)
					}
				}
				var got []string
				for after := ""; ; {
					page, next := p.Page(after, 2)
					got = append(got, page...)
					if next == "" {
						break
					}
					after = next
				}
				slices.Sort(got)
				if !slices.Equal(got, want) || p.Total() != len(want) {
					t.Fatalf("%v, %v: pages %q, total %d, want %q", c, r, got, p.Total(), want)
				}
			}
		}
	})
}

func TestPeopleJoin(t *testing.T) {
	s := compile(t, given(t).holds("office365: Security reader", "cloudapps: Security reader").Policy)
	at := func(w rbac.Workload) rbac.People {
		return s.People(rbac.ViewInvestigation, rbac.Resource{Workloads: []rbac.Workload{w}}, noon)
	}
	mail, devices := at(rbac.Office365), at(rbac.Endpoint)
	if mail.Total() != 1 || devices.Total() != 0 || mail.And(devices).Total() != 0 || mail.Or(devices).Total() != 1 || mail.And(at(rbac.CloudApps)).Total() != 1 {
		t.Error("the sets do not join as sets do")
	}
	if other := compile(t, given(t).Policy).People(rbac.ViewInvestigation, rbac.Resource{}, noon); mail.Or(other).Total() != 0 || (rbac.People{}).Has(ana) {
		t.Error("sets of two snapshots join")
	}
}
