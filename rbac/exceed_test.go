package rbac_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestS14NobodyHandsOutWhatTheyDoNotHold tries each path by which a principal could gain something, once by an actor
// who holds it and once by one who does not. ana is the actor, ben the one who would gain.
func TestS14NobodyHandsOutWhatTheyDoNotHold(t *testing.T) {
	holds := "office365: Security reader; Role Management"
	for name, c := range map[string]struct {
		world func(w *world)
		edits func(s *rbac.Snapshot) []rbac.Edit
		want  []string // the permissions lacking
	}{
		"an assignment of what the actor holds": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}}}}
			}, nil,
		},
		"an assignment of more": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}}}}
			}, []string{"Review"},
		},
		"an assignment of more to oneself": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ana, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}}}}
			}, []string{"Review"},
		},
		"an assignment that begins later": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}, NotBefore: noon.AddDate(1, 0, 0)}}}
			}, []string{"Review"},
		},
		"a permission more in a role that somebody has": {
			func(w *world) { w.holds(holds) },
			func(s *rbac.Snapshot) []rbac.Edit {
				r, _ := s.Role(rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"})
				r.Permissions = append(slices.Clone(r.Permissions), "Search And Purge")
				return []rbac.Edit{rbac.PutRole{Role: r}}
			}, []string{"Search And Purge"},
		},
		"membership in a group that holds more": {
			func(w *world) {
				w.holds(holds).inGroup("us", "office365: Search and purge")
				w.Groups[1].Members = nil
			},
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutGroup{Group: rbac.Group{Name: "us", Members: []string{ben}}}}
			}, []string{"Search And Purge"},
		},
		"access of a group to a device group that the actor does not reach": {
			func(w *world) { w.inGroup("eu", "endpoint: Alerts investigation") },
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[1].Access = []string{"eu", "us"}
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, []string{"Alerts investigation"},
		},
		"opening a device group to everyone": {
			func(w *world) { w.inGroup("eu", "endpoint: Alerts investigation") },
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[1].Open = true
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, []string{"Alerts investigation"},
		},
		"a rule that moves devices into a reached group, by one who reaches that group only in part": {
			func(w *world) {
				w.inGroup("eu", "endpoint: Alerts investigation")
				w.Assignments[0].Scope = rbac.Scope{DeviceGroups: []string{"EU servers"}}
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "ben", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "role 1"},
					User: ben, Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}}})
				w.Roles = append(w.Roles, rbac.Role{Workload: rbac.Endpoint, Name: "role 1", Permissions: []string{"Live response - Basic"}})
			},
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[0].Match.Name = []string{"*"}
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, []string{"Live response - Basic", "Alerts investigation"},
		},
		"a rule that moves devices into the only group that the actor reaches": {
			func(w *world) { w.inGroup("eu", "endpoint: Alerts investigation") },
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[0].Match.Name = []string{"*"}
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, []string{"Alerts investigation"},
		},
		"a higher rank for the only group that the actor reaches": {
			func(w *world) { w.inGroup("us", "endpoint: Alerts investigation") },
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[0], list[1] = list[1], list[0]
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, []string{"Alerts investigation"},
		},
		"a device group less, whose devices fall to the actor": {
			func(w *world) { w.inGroup("us", "endpoint: Alerts investigation") },
			func(s *rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: slices.Clone(s.DeviceGroups())[1:]}}
			}, []string{"Alerts investigation"},
		},
		"ranks changed below the actor's own group": {
			func(w *world) {
				w.inGroup("eu", "endpoint: Alerts investigation")
				w.DeviceGroups = slices.Insert(w.DeviceGroups, 2, rbac.DeviceGroup{Name: "Lab", Match: rbac.Match{Tag: []string{"lab"}}})
			},
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[1], list[2] = list[2], list[1]
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, nil,
		},
		"a rule changed by one who reaches all that it may move": {
			func(w *world) {
				w.inGroup("eu", "endpoint: Alerts investigation")
				for i := range w.DeviceGroups {
					w.DeviceGroups[i].Access = []string{"eu"}
				}
			},
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[1].Match.Name = []string{"*"}
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, nil,
		},
		"a device group opened to a global role that unified roles keep to the open ones": {
			func(w *world) {
				w.Activation = w.Activation.With(rbac.Endpoint, rbac.On)
				w.Users[1].GlobalRoles = []string{"Security Reader"}
			},
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[1].Open = true
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, []string{"investigation.view", "hunting.view", "analytics.alerts", "analytics.mitigations"},
		},
		"the same where nobody has such a role": {
			func(w *world) { w.Activation = w.Activation.With(rbac.Endpoint, rbac.On) },
			func(s *rbac.Snapshot) []rbac.Edit {
				list := slices.Clone(s.DeviceGroups())
				list[1].Open = true
				return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
			}, nil,
		},
		"the roles switch": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit { return []rbac.Edit{rbac.SetEndpointRoles{On: false}} },
			[]string{rbac.RolesSwitch},
		},
		"a global role": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutUser{User: rbac.User{Name: ben, GlobalRoles: []string{"Security Reader"}}}}
			}, []string{"Security Reader"},
		},
		"letting a disabled user in again": {
			func(w *world) {
				w.holds(holds)
				w.Users[1].Disabled = true
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}})
			},
			func(*rbac.Snapshot) []rbac.Edit { return []rbac.Edit{rbac.PutUser{User: rbac.User{Name: ben}}} },
			[]string{"Review"},
		},
		"a longer life for an assignment that ends": {
			func(w *world) {
				w.holds(holds)
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon.Add(1),
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}})
			},
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon.Add(2),
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}}}}
			}, []string{"Review"},
		},
		"a new life for an assignment that has ended": {
			func(w *world) {
				w.holds(holds)
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon,
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}})
			},
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}}}}
			}, []string{"Review"},
		},
		"an assignment that outlives the actor's own": {
			func(w *world) { w.holds(holds).Assignments[0].NotAfter = noon.Add(time.Hour) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}}}}
			}, []string{"Role Management", "Security Reader"},
		},
		"the same without end for oneself": {
			func(w *world) { w.holds(holds).Assignments[0].NotAfter = noon.Add(time.Hour) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ana, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}}}}
			}, []string{"Role Management", "Security Reader"},
		},
		"an assignment that begins when the actor's has ended": {
			func(w *world) { w.holds(holds).Assignments[0].NotAfter = noon.Add(time.Hour) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true}, NotBefore: noon.Add(2 * time.Hour),
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}}}}
			}, []string{"Role Management", "Security Reader"},
		},
		"an assignment that outlives the actor's account": {
			func(w *world) { w.holds(holds).Users[0].NotAfter = noon.Add(time.Hour) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}}}}
			}, []string{"Role Management", "Security Reader"},
		},
		"an assignment that ends with the actor's": {
			func(w *world) { w.holds(holds).Assignments[0].NotAfter = noon.Add(time.Hour) },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon.Add(time.Hour),
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}}}}
			}, nil,
		},
		"a shorter life is free": {
			func(w *world) {
				w.holds(holds)
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon.Add(2),
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}})
			},
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon.Add(1),
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}}}}
			}, nil,
		},
		"a longer life for an account": {
			func(w *world) {
				w.holds(holds)
				w.Users[1].NotAfter = noon.Add(1)
				w.Assignments = append(w.Assignments, rbac.Assignment{ID: "ben", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Reviewer"}})
			},
			func(*rbac.Snapshot) []rbac.Edit { return []rbac.Edit{rbac.PutUser{User: rbac.User{Name: ben}}} },
			[]string{"Review"},
		},
		"taking away is free": {
			func(w *world) { w.holds(holds) },
			func(*rbac.Snapshot) []rbac.Edit { return []rbac.Edit{rbac.RemoveAssignment{ID: "asg 0"}} }, nil,
		},
		"cloud apps: Global admin covers every name": {
			func(w *world) { w.holds("cloudapps: Global admin") },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", User: ben, Scope: rbac.Scope{All: true},
					Role: rbac.RoleRef{Workload: rbac.CloudApps, Name: "Compliance admin"}}}}
			}, nil,
		},
		"cloud apps: Security admin covers every name but Global admin": {
			func(w *world) { w.holds("cloudapps: Security admin") },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{
					rbac.PutAssignment{Assignment: rbac.Assignment{ID: "a", User: ben, Scope: rbac.Scope{All: true},
						Role: rbac.RoleRef{Workload: rbac.CloudApps, Name: "Security reader"}}},
					rbac.PutAssignment{Assignment: rbac.Assignment{ID: "b", User: ben, Scope: rbac.Scope{All: true},
						Role: rbac.RoleRef{Workload: rbac.CloudApps, Name: "Global admin"}}},
				}
			}, []string{"Global admin"},
		},
		"a Global Administrator has no ceiling": {
			func(w *world) { w.global("Global Administrator") },
			func(*rbac.Snapshot) []rbac.Edit {
				return []rbac.Edit{rbac.SetEndpointRoles{On: false}, rbac.PutUser{User: rbac.User{Name: ben, GlobalRoles: []string{"Global Administrator"}}}}
			}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := given(t)
			c.world(w)
			before := compile(t, w.Policy)
			after, err := before.With(c.edits(before)...)
			if err != nil {
				t.Fatal(err)
			}
			// The same change must be judged alike when the other side was compiled apart, as after an import.
			for _, other := range []*rbac.Snapshot{after, compile(t, after.Policy())} {
				var got []string
				for _, l := range rbac.Exceeds(before, other, ana, noon) {
					if name := l.Permission + l.Capability.String(); !slices.Contains(got, name) {
						got = append(got, name)
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("lacking %q, want %q", got, c.want)
				}
			}
		})
	}
}

func TestS14ARoleCannotBeMadeWiderThanItsMaker(t *testing.T) {
	s := compile(t, given(t).holds("office365: Security reader; Role Management").Policy)
	within := rbac.Role{Workload: rbac.Office365, Name: "new", Permissions: []string{"Security Reader"}}
	beyond := rbac.Role{Workload: rbac.Office365, Name: "new", Permissions: []string{"Security Reader", "Search And Purge"}}
	if got := s.Cover(ana, within, noon); len(got) != 0 {
		t.Errorf("a role within one's own holdings lacks %v", got)
	}
	if got := s.Cover(ana, beyond, noon); len(got) != 1 || got[0].Permission != "Search And Purge" {
		t.Errorf("a role beyond one's own holdings lacks %v", got)
	}
	// An endpoint role can reach every device group: who holds its permission on one of them does not cover it.
	s = compile(t, given(t).inGroup("eu", "endpoint: Alerts investigation").Policy)
	if got := s.Cover(ana, rbac.Role{Workload: rbac.Endpoint, Permissions: []string{"Alerts investigation"}}, noon); len(got) != 1 {
		t.Errorf("holding it on one device group covers it everywhere: lacks %v", got)
	}
}

// TestNoSequenceOfPermittedChangesEscalates lets an actor make random changes, each only if it exceeds nothing, and
// looks whether anybody but an administrator ever opens what the actor did not open at the start.
func TestNoSequenceOfPermittedChangesEscalates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		for i := range p.Users {
			p.Users[i].GlobalRoles = nil // the ceiling is for everyone else
		}
		s := compile(t, p)
		actor := someUsers[0]
		groups := groupsOf(s)
		ceiling := access(s, actor, groups)
		had := map[string]map[string]bool{}
		for _, u := range someUsers {
			had[u] = access(s, u, groups)
		}
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			edit := drawEdit(t, s)
			switch edit.(type) {
			case rbac.SetDeviceGroups, rbac.RenameDeviceGroup, rbac.RemoveUser: // names come and go: compared by TestS14 above
				continue
			}
			next, err := s.With(edit)
			if err != nil || len(rbac.Exceeds(s.Renamed([]rbac.Edit{edit}), next, actor, noon)) > 0 {
				continue
			}
			s = next
		}
		for _, u := range someUsers {
			for what := range minus(minus(access(s, u, groups), had[u]), ceiling) {
				// Cloud apps' admin roles cover names that open more rows than they do themselves (S14): none does.
				t.Fatalf("%s gained %q, which %s never had\n%+v\n%+v", u, what, actor, p, s.Policy())
			}
		}
	})
}

// TestTheSmallestRemedyWorksAndIsSmallest applies each proposed remedy and asks again; no existing role opens the
// question with less besides.
func TestTheSmallestRemedyWorksAndIsSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		for _, user := range someUsers {
			for _, c := range rbac.Capabilities {
				for _, r := range resources(s) {
					if len(r.Workloads) != 1 {
						continue
					}
					q := rbac.Request{Principal: user, Capability: c, Resource: r, At: noon}
					proof := s.Explain(q).Proofs[0]
					for i, remedy := range proof.Remedies {
						if i > 0 && len(remedy.AlsoOpens) < len(proof.Remedies[i-1].AlsoOpens) {
							t.Fatalf("%+v: the remedies are not in order: %+v", q, proof.Remedies)
						}
						edits := apply(s, user, r, remedy)
						if edits == nil {
							continue
						}
						mended, err := s.With(edits...)
						if err != nil {
							t.Fatalf("%+v: remedy %+v does not fit: %v", q, remedy, err)
						}
						if !mended.Decide(q).Allowed {
							t.Fatalf("%+v (%s): remedy %+v does not help\n%+v", q, proof.Reason, remedy, s.Policy())
						}
						if remedy.Kind == rbac.RemedyRole {
							smallest(t, s, q, remedy)
						}
					}
					if !proof.Allowed && len(proof.Remedies) == 0 && proof.Reason != rbac.NotApplicable && proof.Reason != rbac.UnknownDeviceGroup {
						t.Fatalf("%+v is refused (%s) without a remedy", q, proof.Reason)
					}
				}
			}
		}
	})
}

// apply turns a remedy into edits; nil where it takes more than one step of policy.
func apply(s *rbac.Snapshot, user string, r rbac.Resource, m rbac.Remedy) []rbac.Edit {
	scope := rbac.Scope{All: true}
	ref := m.Role
	var sources rbac.Sources
	if ref.Workload == rbac.Unified || m.Of == rbac.Unified {
		sources.Workloads = rbac.SetOf(r.Workloads[0])
	}
	if r.Workloads[0] == rbac.Endpoint && ref.Name != rbac.EndpointAdministrator {
		scope = rbac.Scope{DeviceGroups: groupsOf(s)}
	}
	give := func(ref rbac.RoleRef) rbac.Edit {
		return rbac.PutAssignment{Assignment: rbac.Assignment{ID: "remedy", Role: ref, User: user, Scope: scope, Sources: sources}}
	}
	switch m.Kind {
	case rbac.RemedyRole:
		return []rbac.Edit{give(ref)}
	case rbac.RemedySwitchOn:
		return []rbac.Edit{rbac.SetEndpointRoles{On: true}, give(ref)}
	case rbac.RemedyPermission:
		role := rbac.Role{Workload: m.Of, Name: "remedy", Permissions: []string{m.Permission}}
		return []rbac.Edit{rbac.PutRole{Role: role}, give(role.Ref())}
	case rbac.RemedyGlobalRole:
		u, _ := s.User(user)
		u.GlobalRoles = append(slices.Clone(u.GlobalRoles), m.GlobalRole)
		return []rbac.Edit{rbac.PutUser{User: u}}
	case rbac.RemedyDeviceGroup:
		list := slices.Clone(s.DeviceGroups())
		for i := range list {
			if list[i].Name == m.DeviceGroup {
				list[i].Access = append(slices.Clone(list[i].Access), m.Group)
			}
		}
		return []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
	case rbac.RemedyEnable:
		return nil // being let in again need not be enough
	}
	return nil
}

// smallest looks whether some existing role would open the question and less besides.
func smallest(t *rapid.T, s *rbac.Snapshot, q rbac.Request, m rbac.Remedy) {
	have := map[rbac.Opened]bool{{Workload: q.Resource.Workloads[0], Capability: q.Capability}: true}
	for _, cell := range s.Effective(q.Principal, q.At).Cells {
		if cell.Somewhere {
			have[rbac.Opened{Workload: cell.Workload, Capability: cell.Capability}] = true
		}
	}
	for _, r := range s.Roles() {
		opens, extra := false, 0
		for _, o := range s.RoleOpens(r) {
			if on := s.Activation(o.Workload) == rbac.On; on != (r.Workload == rbac.Unified) || (on && o.Workload != q.Resource.Workloads[0]) {
				continue // it opens nothing there, or is not given for it
			}
			opens = opens || (o.Workload == q.Resource.Workloads[0] && o.Capability == q.Capability)
			if !have[o] {
				extra++
			}
		}
		if opens && extra < len(m.AlsoOpens) {
			t.Fatalf("%+v: %+v is proposed, but %q opens only %d besides", q, m, r.Name, extra)
		}
	}
}

// TestS14NobodyLeavesACeilingByTheGroupThatBindsThem: who changes members, or takes the group away, must not be the one it
// is to bind.
func TestS14NobodyLeavesACeilingByTheGroupThatBindsThem(t *testing.T) {
	w := given(t).inGroup("eu")
	w.Ceilings = []rbac.Ceiling{{Name: "EU", Groups: []string{"eu"}, AssignableGroups: rbac.Bound[string]{All: true}}}
	before := compile(t, w.Policy)
	for name, edits := range map[string][]rbac.Edit{
		"leaving":            {rbac.PutGroup{Group: rbac.Group{Name: "eu", Members: []string{ben}}}},
		"taking it away":     {rbac.RemoveGroup{Name: "eu"}},
		"making it anew":     {rbac.RemoveGroup{Name: "eu"}, rbac.PutGroup{Group: rbac.Group{Name: "eu", Members: []string{ana}}}},
		"being another user": {rbac.RemoveUser{Name: ana}, rbac.PutUser{User: rbac.User{Name: ana}}},
	} {
		after, err := before.With(edits...)
		if err != nil {
			t.Fatal(err)
		}
		if lacks := rbac.Exceeds(before, after, ana, noon); len(lacks) != 1 || lacks[0].Permission != rbac.DelegationCeilings {
			t.Errorf("%s: lacking %+v", name, lacks)
		}
	}
}

func TestNothingHoldsThatEndsWhenNoMomentIsNamed(t *testing.T) {
	s := compile(t, rbac.Policy{
		Users: []rbac.User{{Name: ana, GlobalRoles: []string{"Global Administrator"}, NotAfter: noon}, {Name: ben}},
		Assignments: []rbac.Assignment{{
			ID: "1", Role: rbac.RoleRef{Workload: rbac.CloudApps, Name: "Global admin"}, User: ben, Scope: rbac.Scope{All: true}, NotAfter: noon,
		}},
	})
	for _, user := range []string{ana, ben} {
		r := rbac.Request{Principal: user, Capability: rbac.ManageAlerts, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.CloudApps}}}
		if s.Decide(r).Allowed {
			t.Errorf("%s is let in without a moment, by what ends", user)
		}
	}
	if s.Administrator(ana, time.Time{}) {
		t.Error("an account that ends is an administrator without a moment")
	}
}

func TestABeginOrAnEndThatCannotBeToldIsRefused(t *testing.T) {
	assigned := func(from, until time.Time) rbac.Policy {
		return rbac.Policy{Users: []rbac.User{{Name: ana}}, Assignments: []rbac.Assignment{{
			ID: "1", Role: rbac.RoleRef{Workload: rbac.CloudApps, Name: "Global admin"}, User: ana, Scope: rbac.Scope{All: true}, NotBefore: from, NotAfter: until,
		}}}
	}
	for name, p := range map[string]rbac.Policy{
		"begins in 2300": assigned(noon.AddDate(300, 0, 0), time.Time{}),
		"ended in 1600":  assigned(time.Time{}, noon.AddDate(-426, 0, 0)),
		"account":        {Users: []rbac.User{{Name: ana, NotAfter: noon.AddDate(-426, 0, 0)}}},
	} {
		if _, err := rbac.Compile(catalog.Default(), p); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
