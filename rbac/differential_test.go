package rbac_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

func compile(t interface {
	Helper()
	Fatalf(string, ...any)
}, p rbac.Policy) *rbac.Snapshot {
	t.Helper()
	s, err := rbac.Compile(catalog.Default(), p)
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return s
}

// TestTheTwoEvaluatorsAgree holds the compiled snapshot against the plain rules, on every question of random policies.
func TestTheTwoEvaluatorsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		s := compile(t, p)
		at := one(t, "moment", []time.Time{
			noon, noon.Add(-2 * time.Hour), noon.Add(-time.Hour), noon.Add(-1), noon.Add(1), noon.Add(time.Hour), noon.AddDate(500, 0, 0), noon.AddDate(-500, 0, 0), {},
		})
		eachQuestion(s, func(r rbac.Request) {
			r.At = at
			agree(t, p, s, r)
		})
	})
}

func agree(t *rapid.T, p rbac.Policy, s *rbac.Snapshot, r rbac.Request) {
	plain, quick, told := rbac.Plain(catalog.Default(), p, r), s.Decide(r), s.Explain(r)
	if plain.Allowed != quick.Allowed || told.Allowed != quick.Allowed {
		t.Fatalf("%+v\nplain %v, snapshot %v, explanation %v\n%+v", r, plain, quick, told.Allowed, p)
	}
	for i, v := range quick.Verdicts {
		if plain.Verdicts[i].Allowed != v.Allowed || told.Proofs[i].Allowed != v.Allowed {
			t.Fatalf("%+v, %s\nplain %v, snapshot %v, proof %+v\n%+v", r, v.Workload, plain.Verdicts[i], v, told.Proofs[i], p)
		}
		if v.Allowed && len(told.Proofs[i].Paths) == 0 {
			t.Fatalf("%+v: allowed without a path", r)
		}
		if (v.Reason == rbac.Allowed) != v.Allowed || v.Reason == "" {
			t.Fatalf("%+v: allowed is %v and the reason %q", r, v.Allowed, v.Reason)
		}
	}
	if r.Resource.Somewhere || len(r.Resource.Workloads) == 0 {
		return
	}
	item := rbac.Item{Workloads: rbac.SetOf(r.Resource.Workloads...), DeviceGroups: r.Resource.DeviceGroups, EveryGroup: r.Resource.EveryGroup, AllOf: r.Resource.AllOf}
	if opens := s.Reach(r.Principal, r.Capability, r.At).Opens(item); opens != quick.Allowed {
		t.Fatalf("%+v: the reach says %v, the decision %v\n%+v", r, opens, quick.Allowed, p)
	}
	if len(r.Resource.Workloads) == 1 && len(r.Resource.DeviceGroups) <= 1 && !r.Resource.EveryGroup && len(r.Resource.AllOf) == 0 {
		dg := append(slices.Clone(r.Resource.DeviceGroups), "")[0]
		if _, isUser := s.UserID(r.Principal); isUser && r.At.Year() == noon.Year() { // a check takes nanoseconds
			if checked := s.CheckName(r.Principal, r.Capability, r.Resource.Workloads[0], dg, r.At.UnixNano()); checked != quick.Allowed {
				t.Fatalf("%+v: the check says %v, the decision %v\n%+v", r, checked, quick.Allowed, p)
			}
		}
	}
}

// TestChangedSnapshotsEqualRebuiltOnes applies random changes to a snapshot and compiles the outcome anew: policy and
// answers must be the same, and the snapshots before must still answer as they did.
func TestChangedSnapshotsEqualRebuiltOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := compile(t, drawPolicy(t))
		before := first.Policy()
		s := first
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			next, err := s.With(drawEdit(t, s))
			if err != nil {
				t.Fatalf("a fitting edit was refused: %v", err)
			}
			s = next
		}
		p := s.Policy()
		rebuilt := compile(t, p)
		if diff := cmp.Diff(rebuilt.Policy(), p, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("rebuilt (-), changed (+):\n%s", diff)
		}
		eachQuestion(s, func(r rbac.Request) {
			if want, got := rebuilt.Decide(r), s.Decide(r); !reflect.DeepEqual(want, got) {
				t.Fatalf("%+v\nrebuilt %+v\nchanged %+v\n%+v", r, want, got, p)
			}
			agree(t, p, s, r)
		})
		if diff := cmp.Diff(before, first.Policy(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the first snapshot changed:\n%s", diff)
		}
	})
}

// TestWhoCanIsWhoever asks everybody one by one.
func TestWhoCanIsWhoever(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		for _, c := range rbac.Capabilities {
			for _, r := range resources(s) {
				if len(r.Workloads) != 1 {
					continue
				}
				var want []string
				for _, name := range someUsers {
					if s.Decide(rbac.Request{Principal: name, Capability: c, Resource: r, At: noon}).Allowed {
						want = append(want, name)
					}
				}
				var got []string
				total, after := -1, ""
				for {
					page := s.WhoCan(rbac.WhoCan{Capability: c, Resource: r, At: noon, Limit: 2, After: after})
					if total >= 0 && page.Total != total {
						t.Fatalf("the total moved from %d to %d", total, page.Total)
					}
					total = page.Total
					for _, h := range page.Items {
						if len(h.Paths) == 0 {
							t.Fatalf("%s can, by nothing", h.User)
						}
						got = append(got, h.User)
					}
					if after = page.Next; after == "" {
						break
					}
				}
				if !slices.Equal(got, want) || total != len(want) {
					t.Fatalf("%s %+v: got %v of %d, want %v", c, r, got, total, want)
				}
			}
		}
	})
}

// TestEffectiveIsEveryDecision compares the matrix with single questions.
func TestEffectiveIsEveryDecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		for _, name := range someUsers {
			e := s.Effective(name, noon)
			if want := 5 * len(rbac.Capabilities); len(e.Cells) != want {
				t.Fatalf("%d cells, want %d", len(e.Cells), want)
			}
			for _, cell := range e.Cells {
				ask := func(r rbac.Resource) bool {
					r.Workloads = []rbac.Workload{cell.Workload}
					return s.Decide(rbac.Request{Principal: name, Capability: cell.Capability, Resource: r, At: noon}).Allowed
				}
				if cell.Allowed != ask(rbac.Resource{}) || cell.Somewhere != ask(rbac.Resource{Somewhere: true}) {
					t.Fatalf("%s: %+v is not what single questions say", name, cell)
				}
				for _, g := range s.DeviceGroups() {
					on := cell.Allowed || slices.Contains(cell.DeviceGroups, g.Name)
					if cell.Workload == rbac.Endpoint && on != ask(rbac.Resource{DeviceGroups: []string{g.Name}}) {
						t.Fatalf("%s on %s: %+v is not what a single question says", name, g.Name, cell)
					}
				}
			}
		}
	})
}

// access is every single thing that a user may do, as text, for brute comparison. A device group that this side does
// not have counts for those who reach all devices whatever their groups: for them nothing changes when it comes or goes.
func access(s *rbac.Snapshot, user string, groups []string) map[string]bool {
	all := map[string]bool{}
	for _, c := range rbac.Capabilities {
		for w := rbac.Office365; w <= rbac.Other; w++ {
			if s.Decide(rbac.Request{Principal: user, Capability: c, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}, At: noon}).Allowed {
				all[c.String()+" "+w.String()] = true
			}
		}
		whole := rbac.Request{Principal: user, Capability: c, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}}, At: noon}
		everywhere := slices.ContainsFunc(s.Explain(whole).Proofs[0].Paths, func(p rbac.Path) bool { return p.Everywhere }) && s.Decide(whole).Allowed
		for _, name := range groups {
			on := whole
			on.Resource.DeviceGroups = []string{name}
			if _, here := s.DeviceGroupID(name); (here && s.Decide(on).Allowed) || (!here && everywhere) {
				all[c.String()+" endpoint "+name] = true
			}
		}
	}
	return all
}

// groupsOf names the device groups of both.
func groupsOf(both ...*rbac.Snapshot) []string {
	var names []string
	for _, s := range both {
		for _, g := range s.DeviceGroups() {
			if !slices.Contains(names, g.Name) {
				names = append(names, g.Name)
			}
		}
	}
	return names
}

func flat(list []rbac.Access, groups []rbac.DeviceGroup) map[string]bool {
	all := map[string]bool{}
	for _, a := range list {
		switch {
		case a.Workload != rbac.Endpoint:
			all[a.Capability.String()+" "+a.Workload.String()] = true
		case a.Everywhere:
			for _, g := range groups {
				all[a.Capability.String()+" endpoint "+g.Name] = true
			}
		default:
			for _, name := range a.DeviceGroups {
				all[a.Capability.String()+" endpoint "+name] = true
			}
		}
	}
	return all
}

func minus(a, b map[string]bool) map[string]bool {
	rest := map[string]bool{}
	for k := range a {
		if !b[k] {
			rest[k] = true
		}
	}
	return rest
}

// goneFrom is everything on device groups that a side does not have.
func goneFrom(s *rbac.Snapshot, groups []string) map[string]bool {
	all := map[string]bool{}
	for _, name := range groups {
		if _, here := s.DeviceGroupID(name); !here {
			for _, c := range rbac.Capabilities {
				all[c.String()+" endpoint "+name] = true
			}
		}
	}
	return all
}

// TestCompareNamesEveryGainAndLoss compares with the difference of all single answers, for changed snapshots and for
// ones compiled apart.
func TestCompareNamesEveryGainAndLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := compile(t, drawPolicy(t))
		after, err := before.With(drawEdit(t, before), drawEdit(t, before))
		if err != nil {
			after = compile(t, drawPolicy(t)) // two edits that do not fit together: compare with another policy
		}
		sibling, err := before.With(drawEdit(t, before))
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]*rbac.Snapshot{{before, after}, {before, compile(t, after.Policy())}, {sibling, after}, {after, before}} {
			before, other := pair[0], pair[1]
			changes := rbac.Compare(before, other, noon)
			got := map[string]rbac.UserChange{}
			for _, u := range changes.Users {
				got[u.User] = u
			}
			for _, name := range append(slices.Clone(someUsers), "eve@contoso.example") {
				groups := groupsOf(before, other)
				was, is := access(before, name, groups), access(other, name, groups)
				gains, losses := flat(got[name].Gains, other.DeviceGroups()), flat(got[name].Losses, before.DeviceGroups())
				// Only what there is can be gained, only what there was can be lost.
				wantGains := minus(minus(is, was), goneFrom(other, groups))
				wantLosses := minus(minus(was, is), goneFrom(before, groups))
				if !reflect.DeepEqual(gains, wantGains) || !reflect.DeepEqual(losses, wantLosses) {
					t.Fatalf("%s: gains %v want %v; losses %v want %v\nbefore %+v\nafter %+v",
						name, gains, wantGains, losses, wantLosses, before.Policy(), other.Policy())
				}
			}
		}
	})
}
