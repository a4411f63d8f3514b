package policyfile

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// assignments makes the role's assignments those of the file; equal ones keep their id.
func (p *planner) assignments(r role, title string, was bool) {
	var live []rbac.Assignment
	if was {
		live = p.live.AssignmentsOf(r.Ref())
	}
	kept := map[string]bool{}
	for _, a := range r.assignments {
		scope := rbac.Scope{All: !a.scoped}
		if a.scoped {
			scope.DeviceGroups = p.resolve("device group", a.scope, p.deviceGroupNames)
		}
		if !a.notAfter.IsZero() && !p.o.At.Before(a.notAfter) {
			p.warn("role %s: an assignment ended at %s", title, moment(a.notAfter))
		}
		want := rbac.Assignment{Role: r.Ref(), Scope: scope, NotBefore: a.notBefore, NotAfter: a.notAfter, Sources: a.sources, Name: a.name, Description: a.description}
		var principals []rbac.Assignment
		for _, name := range p.resolve("group", a.groups, p.groupNames) {
			principals = append(principals, rbac.Assignment{Group: name})
		}
		for _, name := range p.resolve("user", a.users, p.userNames) {
			principals = append(principals, rbac.Assignment{User: name})
		}
		set := p.setOf(r, want, principals, live)
		for _, one := range principals {
			want.Group, want.User = one.Group, one.User
			p.assign(want, set, title, live, kept)
		}
	}
	for _, a := range live {
		if !kept[a.ID] {
			p.edit(rbac.RemoveAssignment{ID: a.ID}, "- role %s: no longer %s", title, whom(a))
		}
	}
}

func (p *planner) assign(want rbac.Assignment, set, title string, live []rbac.Assignment, kept map[string]bool) {
	key := fmt.Sprint(want)
	if kept[key] {
		return // the file says it twice
	}
	kept[key] = true
	for _, a := range live {
		if !kept[a.ID] && sameAssignment(a, want) {
			kept[a.ID] = true
			return
		}
	}
	want.ID, want.Set = p.o.NewID("asg"), set
	p.edit(rbac.PutAssignment{Assignment: want}, "+ role %s: to %s", title, whom(want))
}

func sameAssignment(a, b rbac.Assignment) bool {
	return a.User == b.User && a.Group == b.Group && a.Sources == b.Sources && a.Name == b.Name && a.Description == b.Description && a.Scope.All == b.Scope.All && sameSet(a.Scope.DeviceGroups, b.Scope.DeviceGroups) &&
		sameTime(a.NotBefore, b.NotBefore) && sameTime(a.NotAfter, b.NotAfter)
}

func whom(a rbac.Assignment) string {
	s := "user " + a.User
	if a.Group != "" {
		s = "group " + a.Group
	}
	if a.Sources != (rbac.Sources{}) {
		sources, _ := a.Sources.MarshalText()
		s += " for " + strings.ReplaceAll(string(sources), " ", ", ")
	}
	if !a.Scope.All {
		s += " on " + strings.Join(a.Scope.DeviceGroups, ", ")
		if len(a.Scope.DeviceGroups) == 0 {
			s += "no device group"
		}
	}
	if !a.NotBefore.IsZero() {
		s += " from " + moment(a.NotBefore)
	}
	if !a.NotAfter.IsZero() {
		s += " until " + moment(a.NotAfter)
	}
	return s
}
