package rbac_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// TestARefusalNamesWhatIsInert: a reason of a switch or of time comes with the assignment that it is about, every
// assignment that is named is one that the person has, and taking away what is in the way of it is an allow somewhere.
func TestARefusalNamesWhatIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		s := compile(t, p)
		eachQuestion(s, func(r rbac.Request) {
			for _, proof := range s.Explain(r).Proofs {
				if proof.Allowed && len(proof.Inert) > 0 {
					t.Fatalf("%+v: allowed, with what is inert: %+v", r, proof.Inert)
				}
				named := map[rbac.Reason]bool{}
				for _, in := range proof.Inert {
					named[in.Reason] = true
					given, ok := s.Assignment(in.Assignment)
					if !ok || given.Role != in.Role {
						t.Fatalf("%+v: names %+v, which there is not", r, in)
					}
					outside := (!given.NotBefore.IsZero() && noon.Before(given.NotBefore)) || (!given.NotAfter.IsZero() && !noon.Before(given.NotAfter))
					if in.Reason == rbac.NotNow && !outside {
						t.Fatalf("%+v: %+v is within its time", r, in)
					}
				}
				switch proof.Reason {
				case rbac.NotNow, rbac.RolesOff, rbac.UnifiedOff, rbac.UnifiedOn:
					if !named[proof.Reason] {
						t.Fatalf("%+v: %s, and no assignment is named: %+v\n%+v", r, proof.Reason, proof.Inert, p)
					}
				}
			}
		})
	})
}

// TestAGrantThatEndedIsNamed with its time.
func TestAGrantThatEndedIsNamed(t *testing.T) {
	const mira = "mira@contoso.example"
	mail := rbac.Role{Workload: rbac.Office365, Name: "mail", Permissions: []string{"Manage Alerts"}}
	end := noon.Add(-time.Hour)
	s := compile(t, rbac.Policy{
		Users: []rbac.User{{Name: mira}}, Groups: []rbac.Group{{Name: "tier1", Members: []string{mira}}}, Roles: []rbac.Role{mail},
		Assignments: []rbac.Assignment{{ID: "a", Role: mail.Ref(), Group: "tier1", Scope: rbac.Scope{All: true}, NotAfter: end}},
	})
	e := s.Explain(rbac.Request{Principal: mira, Capability: rbac.ManageAlerts, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Office365}}, At: noon})
	if in := e.Proofs[0].Inert; len(in) != 1 || in[0].Group != "tier1" || in[0].Role != mail.Ref() || in[0].Reason != rbac.NotNow || !in[0].NotAfter.Equal(end) {
		t.Fatalf("%+v", in)
	}
}
