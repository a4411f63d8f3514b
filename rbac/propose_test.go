package rbac_test

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// helping are the permissions of a workload that open anything, with what they open: the others can only add to a set.
func helping(s *rbac.Snapshot, w rbac.Workload) (names []string, opens [][]rbac.Opened) {
	for _, p := range catalog.Default().Permissions {
		if p.Workload != w || p.Reserved {
			continue
		}
		if o := s.RoleOpens(rbac.Role{Workload: w, Name: "x", Permissions: []string{p.Name}}); len(o) > 0 {
			names, opens = append(names, p.Name), append(opens, o)
		}
	}
	return names, opens
}

type openedSet map[rbac.Opened]bool

func setOf(list []rbac.Opened) openedSet {
	s := openedSet{}
	for _, o := range list {
		s[o] = true
	}
	return s
}

func (s openedSet) within(o openedSet) bool {
	for x := range s {
		if !o[x] {
			return false
		}
	}
	return true
}

func (s openedSet) without(o openedSet) openedSet {
	left := openedSet{}
	for x := range s {
		if !o[x] {
			left[x] = true
		}
	}
	return left
}

// TestAProposalIsLeastOfAllSets holds what is proposed for each outcome of a workload against every set of permissions
// that there is: all 2^n of them.
func TestAProposalIsLeastOfAllSets(t *testing.T) {
	s := compile(t, rbac.Policy{EndpointRoles: true})
	for _, w := range []rbac.Workload{rbac.Endpoint, rbac.Office365, rbac.CloudApps} {
		names, opens := helping(s, w)
		if len(names) > 16 {
			t.Fatalf("%d permissions of %s open something: too many to try all", len(names), w)
		}
		all := make([]openedSet, 1<<len(names)) // what each set opens
		var every []rbac.Opened
		for set := range all {
			all[set] = openedSet{}
			for i := range names {
				if set>>i&1 != 0 {
					for _, o := range opens[i] {
						all[set][o] = true
					}
				}
			}
		}
		for o := range all[len(all)-1] {
			every = append(every, o)
		}
		slices.SortFunc(every, func(a, b rbac.Opened) int {
			return int(a.Workload)*100 + int(a.Capability) - int(b.Workload)*100 - int(b.Capability)
		})
		rnd := rand.New(rand.NewPCG(1, uint64(w)))
		for n := 1; n < 1<<len(every); n++ {
			if len(every) > 9 && rnd.IntN(1+1<<len(every)/60) != 0 && bits.OnesCount(uint(n)) > 2 {
				continue // of the many outcomes a part is enough; each is held against all sets
			}
			var outcome []rbac.Opened
			for i, o := range every {
				if n>>i&1 != 0 {
					outcome = append(outcome, o)
				}
			}
			isLeast(t, s, w, names, all, outcome)
		}
	}
}

func isLeast(t *testing.T, s *rbac.Snapshot, w rbac.Workload, names []string, all []openedSet, outcome []rbac.Opened) {
	t.Helper()
	want := setOf(outcome)
	// The rule again, slowly: what is opened besides can't be less, and no permission can be left out.
	beyond := map[int]openedSet{}
	for set, opens := range all {
		if want.within(opens) {
			beyond[set] = opens.without(want)
		}
	}
	least := map[int]bool{}
	for set, b := range beyond {
		bettered := false
		for other, o := range beyond {
			strictly := o.within(b) && len(o) < len(b)
			fewer := len(o) == len(b) && o.within(b) && other != set && other&set == other
			bettered = bettered || strictly || fewer
		}
		// Of permissions that open the same one is enough.
		for i := range names {
			for j := range i {
				if set>>i&1 != 0 && set>>j&1 != 0 && len(all[1<<i]) == len(all[1<<j]) && all[1<<i].within(all[1<<j]) {
					bettered = true
				}
			}
		}
		if !bettered {
			least[set] = true
		}
	}
	proposals, impossible := s.Propose(outcome)
	if len(impossible) > 0 || len(proposals) != 1 || proposals[0].Workload != w {
		t.Fatalf("%v: %+v, %+v", outcome, proposals, impossible)
	}
	got := map[int]bool{}
	for _, p := range proposals[0].Sets {
		var expand func(i, set int)
		expand = func(i, set int) {
			if i == len(p.Permissions) {
				got[set] = true
				return
			}
			for _, name := range append([]string{p.Permissions[i]}, p.InsteadOf[i]...) {
				expand(i+1, set|1<<slices.Index(names, name))
			}
		}
		expand(0, 0)
		if b := setOf(p.Opens).without(want); len(b) != len(p.AlsoOpens) || !b.within(setOf(p.AlsoOpens)) || !want.within(setOf(p.Opens)) {
			t.Fatalf("%v: %v opens %v, besides %v", outcome, p.Permissions, p.Opens, p.AlsoOpens)
		}
	}
	if len(got) != len(least) {
		t.Fatalf("%v: %d sets are proposed, %d are least: %+v", outcome, len(got), len(least), proposals[0].Sets)
	}
	for set := range least {
		if !got[set] {
			t.Fatalf("%v: set %b is least, and not proposed", outcome, set)
		}
	}
}

func TestWhatNoRoleGivesIsSaid(t *testing.T) {
	s := compile(t, rbac.Policy{})
	for _, c := range []struct {
		o    rbac.Opened
		want rbac.Reason
	}{
		{rbac.Opened{Workload: rbac.CloudApps, Capability: rbac.Remediate}, rbac.Nobody},             // R19
		{rbac.Opened{Workload: rbac.Identity, Capability: rbac.AnalyticsAlerts}, rbac.NotApplicable}, // R20
		{rbac.Opened{Workload: rbac.Office365, Capability: rbac.AnalyticsMitigations}, rbac.NotApplicable},
		{rbac.Opened{Workload: rbac.Other, Capability: rbac.ManageSettings}, rbac.Nobody},
		{rbac.Opened{}, rbac.NotApplicable},
	} {
		proposals, impossible := s.Propose([]rbac.Opened{c.o})
		if len(proposals) != 0 || len(impossible) != 1 || impossible[0].Reason != c.want {
			t.Errorf("%v: %+v, %+v", c.o, proposals, impossible)
		}
	}
}

func TestAProposalNamesTheClosestRole(t *testing.T) {
	w := given(t).holds("office365: Search and purge; Manage alerts")
	w.Roles = append(w.Roles, rbac.Role{Workload: rbac.Office365, Name: "purge", Permissions: []string{"Search And Purge"}})
	s := compile(t, w.Policy)
	proposals, _ := s.Propose([]rbac.Opened{{Workload: rbac.Office365, Capability: rbac.Remediate}})
	if p := proposals[0]; p.Closest.Name != "purge" || len(p.AlsoOpens) != 0 || !slices.Equal(p.Sets[0].Permissions, []string{"Search And Purge"}) {
		t.Errorf("%+v", p)
	}
	// Identity is opened by the roles of cloud apps (S2), which open those with it.
	proposals, _ = s.Propose([]rbac.Opened{{Workload: rbac.Identity, Capability: rbac.ManageAlerts}})
	if p := proposals[0]; p.Workload != rbac.CloudApps || !slices.Contains(p.Sets[0].AlsoOpens, rbac.Opened{Workload: rbac.CloudApps, Capability: rbac.ManageAlerts}) {
		t.Errorf("%+v", p)
	}
	// Where unified roles decide, one of them for both workloads.
	next, err := s.With(rbac.SetActivation{Workload: rbac.Endpoint, Activation: rbac.On}, rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.On})
	if err != nil {
		t.Fatal(err)
	}
	proposals, _ = next.Propose([]rbac.Opened{{Workload: rbac.Endpoint, Capability: rbac.ViewInvestigation}, {Workload: rbac.Office365, Capability: rbac.ViewInvestigation}})
	if len(proposals) != 1 || proposals[0].Workload != rbac.Unified || len(proposals[0].Sets[0].Permissions) != 1 || len(proposals[0].Sources) != 2 {
		t.Errorf("%+v", proposals)
	}
}
