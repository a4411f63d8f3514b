package permissions

import (
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// NewAssignment gives a role to one principal.
type NewAssignment struct {
	User        string // either User
	Group       string // or Group
	Scope       *rbac.Scope
	NotBefore   time.Time
	NotAfter    time.Time
	Sources     rbac.Sources // of a unified role
	Name        string       // of a unified role's
	Description string       // of a unified role's
}

// resolve makes the assignment, or says what is wrong with it.
func (n NewAssignment) resolve(op string, s *rbac.Snapshot, r rbac.Role) (rbac.Assignment, error) {
	a := rbac.Assignment{
		ID: newID("asg"), Role: r.Ref(), User: strings.ToLower(strings.TrimSpace(n.User)), Group: strings.TrimSpace(n.Group),
		Scope: rbac.Scope{All: true}, NotBefore: n.NotBefore.UTC(), NotAfter: n.NotAfter.UTC(),
		Sources: n.Sources, Name: strings.TrimSpace(n.Name), Description: n.Description,
	}
	if r.Workload == rbac.Unified {
		a.Set = newID("set")
	}
	if n.NotBefore.IsZero() {
		a.NotBefore = time.Time{}
	}
	if n.NotAfter.IsZero() {
		a.NotAfter = time.Time{}
	}
	if n.Scope != nil {
		a.Scope = *n.Scope
	}
	wrong := func(where, problem string) (rbac.Assignment, error) {
		return a, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: where, Problem: problem})
	}
	switch {
	case (a.User == "") == (a.Group == ""):
		return wrong("/user", "an assignment has either a user or a group")
	case !a.NotBefore.IsZero() && !a.NotAfter.IsZero() && !a.NotBefore.Before(a.NotAfter):
		return wrong("/notAfter", "an assignment ends after it begins")
	case r.Workload == rbac.Unified && len(a.Sources.List()) == 0:
		return wrong("/dataSources", "an assignment of a unified role has data sources: all, or some of endpoint, office365, cloudapps, identity")
	case r.Workload != rbac.Unified && (a.Sources != rbac.Sources{} || a.Name != "" || a.Description != ""):
		return wrong("/dataSources", "only assignments of unified roles have data sources and a name")
	case r.Workload == rbac.Unified && !a.Sources.Has(rbac.Endpoint) && !a.Scope.All:
		return wrong("/scope", "only an assignment with the data source endpoint has a scope of device groups")
	case r.Workload != rbac.Endpoint && r.Workload != rbac.Unified && !a.Scope.All:
		return wrong("/scope", "only endpoint assignments have a scope of device groups")
	case r.Kind == rbac.BuiltInRole && !a.Scope.All:
		return wrong("/scope", "the built-in role reaches all devices and takes no scope")
	}
	if a.User != "" {
		if _, ok := s.User(a.User); !ok {
			return wrong("/user", "there is no user "+quote(a.User))
		}
	} else if _, ok := s.Group(a.Group); !ok {
		return wrong("/group", "there is no group "+quote(a.Group))
	}
	for i, name := range a.Scope.DeviceGroups {
		if _, ok := s.DeviceGroupID(name); !ok {
			return wrong("/scope/deviceGroups/"+itoa(i), "there is no device group "+quote(name))
		}
	}
	return a, nil
}

// Assign gives a role to a principal.
func Assign(roleID string, n NewAssignment) Operation {
	const op = "assignments.create"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		r, ok := RoleByID(s, roleID)
		if !ok {
			return proposal{object: "role:" + roleID}, notFound(op, "role", roleID)
		}
		p := about(s, r.Ref(), n.Sources)
		a, err := n.resolve(op, s, r)
		if err != nil {
			return p, err
		}
		for _, known := range s.AssignmentsOf(r.Ref()) {
			if sameAssignment(known, a) {
				return p, fault.Conflict(op, "%s has this role already, in the same scope and time", a.User+a.Group)
			}
		}
		p.edits, p.after, p.id = []rbac.Edit{rbac.PutAssignment{Assignment: a}}, a, a.ID
		return p, nil
	}}
}

// Unassign takes a role back.
func Unassign(id string) Operation {
	const op = "assignments.delete"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		a, ok := s.Assignment(id)
		if !ok {
			return proposal{object: "assignment:" + id}, notFound(op, "assignment", id)
		}
		p := about(s, a.Role, a.Sources)
		p.edits, p.before = []rbac.Edit{rbac.RemoveAssignment{ID: id}}, a
		return p, nil
	}}
}

func sameAssignment(a, b rbac.Assignment) bool {
	return a.User == b.User && a.Group == b.Group && a.Sources == b.Sources && a.Name == b.Name && a.Description == b.Description && a.NotBefore.Equal(b.NotBefore) && a.NotAfter.Equal(b.NotAfter) &&
		a.Scope.All == b.Scope.All && sameNames(a.Scope.DeviceGroups, b.Scope.DeviceGroups)
}

func sameNames(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	count := map[string]int{}
	for _, name := range a {
		count[name]++
	}
	for _, name := range b {
		count[name]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func itoa(i int) string     { return strconv.Itoa(i) }
func quote(s string) string { return strconv.Quote(s) }
