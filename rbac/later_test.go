package rbac_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestWhatBeginsLaterIsToldOfTheMomentWhenItDoes(t *testing.T) {
	w := given(t).holds("office365: Security reader")
	s := compile(t, w.Policy)
	next, err := s.With(rbac.PutAssignment{Assignment: rbac.Assignment{
		ID: "new", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "role 0"}, User: ben, Scope: rbac.Scope{All: true},
		NotBefore: noon.AddDate(0, 1, 0), NotAfter: noon.AddDate(0, 2, 0),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !rbac.Compare(s, next, noon).Empty() {
		t.Fatal("somebody gains now")
	}
	list, more := rbac.CompareLater(s, next, noon)
	if len(list) != 1 || more || !list[0].At.Equal(noon.AddDate(0, 1, 0)) || len(list[0].Changes.Users) != 1 || list[0].Changes.Users[0].User != ben || len(list[0].Changes.Users[0].Gains) == 0 {
		t.Errorf("%+v", list)
	}
	// Taken away before it begins, it is a loss to come.
	if list, _ := rbac.CompareLater(next, s, noon); len(list) != 1 || len(list[0].Changes.Users[0].Losses) == 0 {
		t.Errorf("%+v", list)
	}
}

// TestNoMomentToComeIsLeftOut compares at every moment that there is, one by one, with what is told together.
func TestNoMomentToComeIsLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := compile(t, drawPolicy(t))
		next, err := s.With(drawEdit(t, s))
		if err != nil {
			t.Skip()
		}
		say := func(set map[string]bool, c rbac.Changes) {
			for _, u := range c.Users {
				for sign, list := range map[string][]rbac.Access{"+": u.Gains, "-": u.Losses} {
					for _, a := range list {
						for _, g := range append(slices.Clone(a.DeviceGroups), map[bool][]string{true: {"everywhere"}}[a.Everywhere]...) {
							set[fmt.Sprint(u.User, sign, a.Workload, a.Capability, g)] = true
						}
					}
				}
			}
		}
		want, got := map[string]bool{}, map[string]bool{}
		for _, at := range []time.Duration{0, time.Minute, time.Hour, 2 * time.Hour} { // drawTime knows one hour before and after
			say(want, rbac.Compare(s, next, noon.Add(at)))
		}
		say(got, rbac.Compare(s, next, noon))
		list, _ := rbac.CompareLater(s, next, noon)
		for _, l := range list {
			say(got, l.Changes)
		}
		for what := range want {
			if !got[what] {
				t.Fatalf("not told: %s\n%+v\n%+v", what, s.Policy(), next.Policy())
			}
		}
		for what := range got {
			if !want[what] {
				t.Fatalf("told, and never so: %s", what)
			}
		}
	})
}
