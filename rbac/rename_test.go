package rbac_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// TestADeviceGroupKeepsAllButItsName renames and looks: everybody reaches under the new name what they reached under the
// old, nobody gains or loses anything, nothing that names it is lost, and the way back leads to the same policy.
func TestADeviceGroupKeepsAllButItsName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		p.Ceilings = []rbac.Ceiling{drawCeiling(t, "ceiling", p)}
		s := compile(t, p)
		list := s.DeviceGroups()
		if len(list) == 1 {
			t.Skip("only the ungrouped")
		}
		e := rbac.RenameDeviceGroup{Name: one(t, "which", list[:len(list)-1]).Name, To: "Renamed"}
		edits := []rbac.Edit{e}
		after, err := s.With(edits...)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range someUsers {
			want := map[opened]bool{}
			for o := range openedBy(s, u) {
				if o.deviceGroup == e.Name {
					o.deviceGroup = e.To
				}
				want[o] = true
			}
			if diff := cmp.Diff(want, openedBy(after, u), cmp.AllowUnexported(opened{})); diff != "" {
				t.Fatalf("%s (-renamed +is):\n%s", u, diff)
			}
			if lacks := rbac.Exceeds(s.Renamed(edits), after, u, noon); len(lacks) > 0 {
				t.Fatalf("it hands out %v", lacks)
			}
		}
		if changes := rbac.Compare(s.Renamed(edits), after, noon); len(changes.Users) > 0 {
			t.Fatalf("somebody gains or loses: %v", changes.Users)
		}
		back, err := after.With(rbac.RenameDeviceGroup{Name: e.To, To: e.Name})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Policy(), back.Policy()); diff != "" {
			t.Fatalf("there and back (-before +after):\n%s", diff)
		}
	})
}

// TestANewNameHidesNothing lets the rest of a change be judged as if there were no new name.
func TestANewNameHidesNothing(t *testing.T) {
	w := delegated(t)
	w.Roles = append(w.Roles, rbac.Role{Workload: rbac.Endpoint, Name: "responders", Permissions: []string{"Live response - Advanced"}})
	w.Assignments = append(w.Assignments, rbac.Assignment{
		ID: "ben", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "responders"}, User: ben, Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}},
	})
	s := compile(t, w.Policy)
	eu, us := s.DeviceGroups()[0], s.DeviceGroups()[1]
	rest := s.DeviceGroups()[2:]
	for name, edits := range map[string][]rbac.Edit{
		"a scope more": {
			rbac.RenameDeviceGroup{Name: "EU servers", To: "Europe"},
			give("responders", rbac.Endpoint, ben, "", "US servers"),
		},
		"the name of a group that has gone": {
			rbac.SetDeviceGroups{DeviceGroups: append([]rbac.DeviceGroup{eu}, rest...)},
			rbac.RenameDeviceGroup{Name: "EU servers", To: us.Name},
			rbac.SetDeviceGroups{DeviceGroups: append([]rbac.DeviceGroup{us}, rest...)},
		},
		"a rule that moves devices": {
			rbac.RenameDeviceGroup{Name: "EU servers", To: "Europe"},
			rbac.SetDeviceGroups{DeviceGroups: append([]rbac.DeviceGroup{{Name: "Europe", Match: rbac.Match{Name: []string{"*"}}}, us}, rest...)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := s.With(edits...)
			if err != nil {
				t.Fatal(err)
			}
			if lacks := rbac.Exceeds(s.Renamed(edits), after, ana, noon); len(lacks) == 0 {
				t.Error("nothing is said to be handed out")
			}
		})
	}
}

func TestNamesThatADeviceGroupCantGet(t *testing.T) {
	s := compile(t, delegated(t).Policy)
	for want, e := range map[string]rbac.RenameDeviceGroup{
		"unknown":                         {Name: "Nowhere", To: "x"},
		"it keeps its name":               {Name: rbac.UngroupedDevices, To: "x"},
		`there is one named "US servers"`: {Name: "EU servers", To: "us SERVERS"},
		`there is one named "Ungrouped`:   {Name: "EU servers", To: rbac.UngroupedDevices},
	} {
		if _, err := s.With(e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", e, err, want)
		}
	}
	if _, err := s.With(rbac.RenameDeviceGroup{Name: "EU servers", To: ""}); err == nil {
		t.Error("no name at all is taken")
	}
	if _, err := s.With(rbac.RenameDeviceGroup{Name: "EU servers", To: "EU Servers"}); err != nil {
		t.Errorf("another case: %v", err)
	}
}

// TestAGroupKeepsAllButItsName renames and looks, as above, and at what is known of the group itself.
func TestAGroupKeepsAllButItsName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		c := drawCeiling(t, "ceiling", p)
		c.Groups = some(t, "binds", someGroups)
		p.Ceilings = []rbac.Ceiling{c}
		s := compile(t, p)
		e := rbac.RenameGroup{From: one(t, "which", someGroups), To: one(t, "to", []string{"Renamed", "TIER1", "Mail"})}
		for _, name := range someGroups {
			if strings.EqualFold(name, e.To) && name != e.From {
				t.Skip("taken")
			}
		}
		edits := []rbac.Edit{e}
		after, err := s.With(edits...)
		if err != nil {
			t.Fatal(err)
		}
		want := s.Policy()
		for i := range want.Groups {
			if want.Groups[i].Name == e.From {
				want.Groups[i].Name = e.To
			}
		}
		for i := range want.Assignments {
			if want.Assignments[i].Group == e.From {
				want.Assignments[i].Group = e.To
			}
		}
		for i := range want.DeviceGroups {
			want.DeviceGroups[i].Access = renamedIn(want.DeviceGroups[i].Access, e)
		}
		for i := range want.Ceilings {
			want.Ceilings[i].Groups = renamedIn(want.Ceilings[i].Groups, e)
			want.Ceilings[i].AssignableGroups.Of = renamedIn(want.Ceilings[i].AssignableGroups.Of, e)
		}
		if diff := cmp.Diff(compile(t, want).Policy(), after.Policy()); diff != "" {
			t.Fatalf("(-with another name +renamed):\n%s", diff)
		}
		for _, u := range someUsers {
			if diff := cmp.Diff(openedBy(s, u), openedBy(after, u), cmp.AllowUnexported(opened{})); diff != "" {
				t.Fatalf("%s (-before +renamed):\n%s", u, diff)
			}
			if lacks := rbac.Exceeds(s.Renamed(edits), after, u, noon); len(lacks) > 0 {
				t.Fatalf("it hands out %v", lacks)
			}
		}
		if changes := rbac.Compare(s.Renamed(edits), after, noon); len(changes.Users) > 0 {
			t.Fatalf("somebody gains or loses: %v", changes.Users)
		}
		if _, there := after.Group(e.From); there {
			t.Fatal("the old name is there still")
		}
		back, err := after.With(rbac.RenameGroup{From: e.To, To: e.From})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Policy(), back.Policy()); diff != "" {
			t.Fatalf("there and back (-before +after):\n%s", diff)
		}
		again, err := after.With(rbac.PutGroup{Group: rbac.Group{Name: e.From, Members: someUsers}})
		if strings.EqualFold(e.From, e.To) != (err != nil) {
			t.Fatalf("another of the old name: %v", err)
		}
		if err == nil {
			for _, u := range someUsers {
				if diff := cmp.Diff(openedBy(s, u), openedBy(again, u), cmp.AllowUnexported(opened{})); diff != "" {
					t.Fatalf("a new group of the old name gives %s (-before +after):\n%s", u, diff)
				}
			}
		}
	})
}

func renamedIn(names []string, e rbac.RenameGroup) []string {
	var list []string
	for _, name := range names {
		if name == e.From {
			name = e.To
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// TestANewNameOfAGroupHidesNothing lets the rest of a change be judged as if there were no new name.
func TestANewNameOfAGroupHidesNothing(t *testing.T) {
	w := delegated(t)
	w.Assignments = append(w.Assignments, rbac.Assignment{
		ID: "mail", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "purgers"}, Group: "us", Scope: rbac.Scope{All: true},
	})
	s := compile(t, w.Policy)
	us, _ := s.Group("us")
	ben := rbac.Group{Name: "staff", Members: []string{ben}}
	for name, edits := range map[string][]rbac.Edit{
		"a member more":                     {rbac.RenameGroup{From: "us", To: "staff"}, rbac.PutGroup{Group: ben}},
		"the name of a group that has gone": {rbac.PutGroup{Group: ben}, rbac.RemoveGroup{Name: "staff"}, rbac.RenameGroup{From: "us", To: "staff"}, rbac.PutGroup{Group: ben}, rbac.PutGroup{Group: us}},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := s.With(edits...)
			if err != nil {
				t.Fatal(err)
			}
			if lacks := rbac.Exceeds(s.Renamed(edits), after, "dia@contoso.example", noon); len(lacks) == 0 {
				t.Error("nothing is said to be handed out")
			}
		})
	}
}

func TestNamesThatAGroupCantGet(t *testing.T) {
	s := compile(t, delegated(t).Policy)
	for want, e := range map[string]rbac.RenameGroup{
		"unknown":                    {From: "nowhere", To: "x"},
		`there is one named "us"`:    {From: "eu", To: "US"},
		"can't begin with group:":    {From: "eu", To: "group:eu"},
		"is what access lists call":  {From: "eu", To: "Everyone"},
		"has no name":                {From: "eu"},
		"begins or ends with space":  {From: "eu", To: "eu "},
		`rename group "EU": unknown`: {From: "EU", To: "x"},
	} {
		if _, err := s.With(e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", e, err, want)
		}
	}
}
