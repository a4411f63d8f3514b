package rbac_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// drawStanding is what some role or some person of a policy comes to.
func drawStanding(t *rapid.T, s *rbac.Snapshot, label string) rbac.Standing {
	if rapid.Bool().Draw(t, label+" is a role") {
		return s.StandingOfRole(one(t, label, s.Roles()).Ref(), noon)
	}
	return s.StandingOf(one(t, label, append(slices.Clone(someUsers), "group:tier1")), noon)
}

// squaresOf spreads an effect out: one line for each capability and device group.
func squaresOf(s *rbac.Snapshot, list []rbac.Access) map[opened]bool {
	all := map[opened]bool{}
	for _, a := range list {
		names := a.DeviceGroups
		if a.Workload != rbac.Endpoint {
			names = []string{""}
		} else if a.Everywhere {
			names = nil
			for _, g := range s.DeviceGroups() {
				names = append(names, g.Name)
			}
		}
		for _, name := range names {
			all[opened{a.Workload, a.Capability, name}] = true
		}
	}
	return all
}

// TestAComparisonIsExact: a thing against itself has no difference, the two sides mirror each other, and only-left with both
// is the left side, no more and no less.
func TestAComparisonIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		groups := s.DeviceGroups()
		a, b := drawStanding(t, s, "left"), drawStanding(t, s, "right")
		if self := rbac.Differ(a, a, groups); !self.Same() {
			t.Fatalf("differs from itself: %+v", self)
		}
		ab, ba := rbac.Differ(a, b, groups), rbac.Differ(b, a, groups)
		for _, side := range []struct {
			name              string
			own, alone, alike rbac.Standing
			mirrored          rbac.Standing
		}{{"left", a, ab.Left, ab.Both, ba.Right}, {"right", b, ab.Right, ab.Both, ba.Left}} {
			if diff := cmp.Diff(side.alone, side.mirrored, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s, mirrored:\n%s", side.name, diff)
			}
			held := map[rbac.Held]int{}
			for _, h := range append(slices.Clone(side.alone.Permissions), side.alike.Permissions...) {
				held[h]++
			}
			for _, h := range side.own.Permissions {
				held[h]--
			}
			opens := map[rbac.Opened]int{}
			for _, o := range append(slices.Clone(side.alone.Opens), side.alike.Opens...) {
				opens[o]++
			}
			for _, o := range side.own.Opens {
				opens[o]--
			}
			effect, alone, alike := squaresOf(s, side.own.Effect), squaresOf(s, side.alone.Effect), squaresOf(s, side.alike.Effect)
			if len(alone)+len(alike) != len(effect) {
				t.Fatalf("%s: %d alone and %d in both make %d", side.name, len(alone), len(alike), len(effect))
			}
			for o := range effect {
				if alone[o] == alike[o] {
					t.Fatalf("%s: %v is on one side and in both, or in neither", side.name, o)
				}
			}
			for h, n := range held {
				if n != 0 {
					t.Fatalf("%s: %v is counted %d times too often", side.name, h, n)
				}
			}
			for o, n := range opens {
				if n != 0 {
					t.Fatalf("%s: %v is counted %d times too often", side.name, o, n)
				}
			}
		}
	})
}

// TestAStandingIsWhatDecides: the effect of a person is what the question would answer, square by square.
func TestAStandingIsWhatDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		for _, u := range someUsers {
			want := openedBy(s, u)
			got := squaresOf(s, s.StandingOf(u, noon).Effect)
			for o := range got {
				if o.workload == rbac.Other {
					delete(got, o)
				}
			}
			for o := range want {
				if o.workload == rbac.Other {
					delete(want, o)
				}
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(opened{}), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s (-decided +standing):\n%s", u, diff)
			}
			some := len(s.StandingOf(u, noon).Effect) > 0
			if has := s.HasAccess(u, rbac.SetOf(append(slices.Clone(rbac.Workloads), rbac.Other)...), noon); has != some {
				t.Fatalf("%s has access: %v, and effect: %v", u, has, some)
			}
		}
	})
}

// TestRolesMakeUpThePerson: whatever a person without a global role may do, one of their roles gives.
func TestRolesMakeUpThePerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		for i := range p.Users {
			p.Users[i].GlobalRoles = nil
		}
		s := compile(t, p)
		for _, u := range someUsers {
			union := map[opened]bool{}
			for _, r := range s.Roles() {
				if _, has := s.HoldersOf(r.Ref(), noon)[u]; has {
					for o := range squaresOf(s, s.StandingOfRole(r.Ref(), noon).Effect) {
						union[o] = true
					}
				}
			}
			for o := range squaresOf(s, s.StandingOf(u, noon).Effect) {
				if !union[o] {
					t.Fatalf("%s has %v by none of their roles", u, o)
				}
			}
		}
	})
}

// TestARoleIsAlikeInAView: a view narrows what its viewer may do (S19), and not what a role comes to.
func TestARoleIsAlikeInAView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		viewed, err := s.ViewAs(one(t, "viewer", someUsers), rbac.Viewed{User: one(t, "viewed", someUsers)}, noon)
		if err != nil {
			t.Skip("may not view, or has no access")
		}
		for _, r := range s.Roles() {
			if len(s.AssignmentsOf(r.Ref())) == 0 {
				continue
			}
			if diff := cmp.Diff(s.StandingOfRole(r.Ref(), noon), viewed.StandingOfRole(r.Ref(), noon), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s (-as it is +in a view):\n%s", r.Name, diff)
			}
		}
	})
}
