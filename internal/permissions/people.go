package permissions

import (
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// directory is the right to change people: the centre's own settings (S16).
var directory = []need{{capability: rbac.ManageSettings, workload: rbac.Other}}

// PutUser adds a user or changes the one of that name. Global roles may be named in any known spelling.
func PutUser(u rbac.User) Operation {
	const op = "users.put"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		u := u
		u.Name = strings.ToLower(strings.TrimSpace(u.Name))
		p := proposal{object: "user:" + u.Name, needs: directory, id: u.Name}
		if err := checkText(op, "user", "/name", u.Name, ""); err != nil {
			return p, err
		}
		roles := []string{}
		for i, name := range u.GlobalRoles {
			found, ok := catalog.ResolveGlobalRole(name)
			if !ok {
				problem := "unknown global role " + quote(name)
				return p, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{
					Where: "/globalRoles/" + itoa(i), Problem: problem, Want: catalog.Nearest(name, catalog.GlobalRoleNames()),
				})
			}
			if !slices.Contains(roles, found) {
				roles = append(roles, found)
			}
		}
		u.GlobalRoles = roles
		if !u.NotAfter.IsZero() {
			u.NotAfter = u.NotAfter.UTC()
		}
		if old, ok := s.User(u.Name); ok {
			p.before = old
			if sameUser(old, u) {
				return p, nil
			}
		}
		p.after, p.edits = u, []rbac.Edit{rbac.PutUser{User: u}}
		return p, nil
	}}
}

func sameUser(a, b rbac.User) bool {
	return a.DisplayName == b.DisplayName && a.Disabled == b.Disabled && a.NotAfter.Equal(b.NotAfter) && sameNames(a.GlobalRoles, b.GlobalRoles)
}

// RemoveUser removes a user, with memberships and own assignments.
func RemoveUser(name string) Operation {
	const op = "users.remove"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old, ok := s.User(strings.ToLower(name))
		p := proposal{object: "user:" + strings.ToLower(name), needs: directory}
		if !ok {
			return p, notFound(op, "user", name)
		}
		p.before, p.edits = old, []rbac.Edit{rbac.RemoveUser{Name: old.Name}}
		return p, nil
	}}
}

// PutGroup adds a group or replaces the one of that name, members included.
func PutGroup(g rbac.Group) Operation {
	const op = "groups.put"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		g := g
		g.Name = strings.TrimSpace(g.Name)
		p := proposal{object: "group:" + g.Name, needs: directory, id: g.Name}
		if err := checkText(op, "group", "/name", g.Name, g.Description); err != nil {
			return p, err
		}
		members := []string{}
		for i, name := range g.Members {
			name = strings.ToLower(strings.TrimSpace(name))
			if _, ok := s.User(name); !ok {
				problem := "there is no user " + quote(name)
				return p, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: "/members/" + itoa(i), Problem: problem})
			}
			members = append(members, name)
		}
		slices.Sort(members)
		g.Members = slices.Compact(members)
		for _, known := range s.Groups() {
			if known.Name != g.Name && strings.EqualFold(known.Name, g.Name) {
				return p, fault.Conflict(op, "there is a group %q already", known.Name)
			}
		}
		if old, ok := s.Group(g.Name); ok {
			p.before = old
			if old.Description == g.Description && slices.Equal(old.Members, g.Members) {
				return p, nil
			}
		}
		p.after, p.edits = g, []rbac.Edit{rbac.PutGroup{Group: g}}
		return p, nil
	}}
}

// RemoveGroup removes a group, its assignments, and its name from device groups' access.
func RemoveGroup(name string) Operation {
	const op = "groups.remove"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old, ok := s.Group(name)
		p := proposal{object: "group:" + name, needs: directory}
		if !ok {
			return p, notFound(op, "group", name)
		}
		p.before, p.edits = old, []rbac.Edit{rbac.RemoveGroup{Name: old.Name}}
		return p, nil
	}}
}
