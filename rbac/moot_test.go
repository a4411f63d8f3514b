package rbac_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestAScopeThatAnotherGrantMakesMoot(t *testing.T) {
	scoped := rbac.Scope{DeviceGroups: []string{"EU servers"}}
	for name, c := range map[string]struct {
		change func(w *world)
		want   bool
	}{
		"it narrows":             {func(w *world) { w.DeviceGroups[1].Access = []string{"eu", "us"} }, false},
		"nothing else is let in": {func(*world) {}, true},
		"another grant reaches the rest": {func(w *world) {
			w.DeviceGroups[1].Access = []string{"eu", "us"}
			w.inGroup("eu", "endpoint: Alerts investigation")
		}, true},
		"the built-in role reaches the rest": {func(w *world) { w.DeviceGroups[1].Access = []string{"eu", "us"}; w.administrator("eu") }, true},
		"another grant of something else": {func(w *world) {
			w.DeviceGroups[1].Access = []string{"eu", "us"}
			w.inGroup("eu", "endpoint: Live response - Basic")
		}, false},
		"nobody has it":   {func(w *world) { w.DeviceGroups[1].Access = []string{"eu", "us"}; w.Groups[0].Members = nil }, false},
		"it has ended":    {func(w *world) { w.Assignments[0].NotAfter = noon }, false},
		"it begins later": {func(w *world) { w.Assignments[0].NotBefore = noon.Add(1) }, false},
		"another grant that ends": {func(w *world) {
			w.DeviceGroups[1].Access = []string{"eu", "us"}
			w.inGroup("eu", "endpoint: Alerts investigation").Assignments[1].NotAfter = noon.Add(time.Hour)
		}, false},
		"roles are off": {func(w *world) { w.rolesOff() }, false},
		"no scope":      {func(w *world) { w.Assignments[0].Scope = rbac.Scope{All: true} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := given(t).inGroup("eu", "endpoint: Alerts investigation")
			w.Assignments[0].Scope = scoped
			c.change(w)
			if got := compile(t, w.Policy).ScopeIsMoot(w.Assignments[0].ID, noon); got != c.want {
				t.Errorf("moot is %v, want %v", got, c.want)
			}
		})
	}
}

func (w *world) administrator(group string) {
	w.Assignments = append(w.Assignments, rbac.Assignment{ID: "all", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}, Group: group, Scope: rbac.Scope{All: true}})
}

// TestAMootScopeCanBeTakenAway: whoever has the assignment reaches the same when its scope names every device group.
func TestAMootScopeCanBeTakenAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		for _, a := range s.Policy().Assignments {
			if !s.ScopeIsMoot(a.ID, noon) {
				continue
			}
			a.Scope = rbac.Scope{DeviceGroups: names(s.DeviceGroups())}
			wide, err := s.With(rbac.PutAssignment{Assignment: a})
			if err != nil {
				t.Fatal(err)
			}
			for _, user := range someUsers {
				if more := minus(access(wide, user, groupsOf(s)), access(s, user, groupsOf(s))); len(more) > 0 {
					t.Fatalf("%s: %s reaches %v more", a.ID, user, more)
				}
			}
		}
	})
}
