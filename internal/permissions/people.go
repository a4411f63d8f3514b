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

// PutUser adds a user or changes the one of that name; memberships stay. Global roles may be named in any known spelling.
func PutUser(u rbac.User) Operation { return putUser(u, nil) }

// PutMember is PutUser, and makes the user a member of the groups and of no other.
func PutMember(u rbac.User, groups []string) Operation {
	return putUser(u, append([]string{}, groups...))
}

// putUser leaves the memberships as they are if groups is nil.
func putUser(u rbac.User, groups []string) Operation {
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
		was, is := s.GroupsOf(u.Name), slices.Clone(groups)
		if groups == nil {
			is = was
		}
		old, known := s.User(u.Name)
		if known {
			p.before = member{old, was}
		}
		if !known || !sameUser(old, u) {
			p.edits = append(p.edits, rbac.PutUser{User: u})
		}
		moves, err := moved(s, u.Name, was, is)
		if err != nil {
			return p, err
		}
		p.edits = append(p.edits, moves...)
		slices.Sort(is)
		p.after = member{u, slices.Compact(is)}
		return p, nil
	}}
}

// member is a user with the groups that they are in.
type member struct {
	rbac.User
	Groups []string
}

// moved makes a user a member of other groups.
func moved(s *rbac.Snapshot, user string, was, is []string) ([]rbac.Edit, error) {
	const op = "users.put"
	var edits []rbac.Edit
	for i, name := range is {
		g, ok := s.Group(name)
		if !ok {
			problem := "there is no group " + quote(name)
			return nil, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: "/groups/" + itoa(i), Problem: problem})
		}
		if !slices.Contains(was, name) && !slices.Contains(is[:i], name) {
			g.Members = append(slices.Clone(g.Members), user)
			edits = append(edits, rbac.PutGroup{Group: g})
		}
	}
	for _, name := range was {
		if slices.Contains(is, name) {
			continue
		}
		g, _ := s.Group(name)
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(m string) bool { return m == user })
		edits = append(edits, rbac.PutGroup{Group: g})
	}
	return edits, nil
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
		var err error
		if g, err = checkedGroup(op, s, g, ""); err != nil {
			return p, err
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

// RenameGroup makes the group named from what g is: what names it follows, its assignments, device groups' access and
// ceilings. Of the name alone nobody gains or loses anything.
func RenameGroup(from string, g rbac.Group) Operation {
	const op = "groups.rename"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		g := g
		g.Name = strings.TrimSpace(g.Name)
		p := proposal{object: "group:" + g.Name, needs: directory, id: g.Name}
		old, ok := s.Group(from)
		if !ok {
			problem := "there is no group " + quote(from)
			return p, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: "/renamedFrom", Problem: problem})
		}
		var err error
		if g, err = checkedGroup(op, s, g, from); err != nil {
			return p, err
		}
		p.before, p.after = old, g
		if old.Name != g.Name {
			p.edits = append(p.edits, rbac.RenameGroup{From: old.Name, To: g.Name})
		}
		if old.Description != g.Description || !slices.Equal(old.Members, g.Members) {
			p.edits = append(p.edits, rbac.PutGroup{Group: g})
		}
		return p, nil
	}}
}

// checkedGroup is a group in the form in which it is kept. Of the groups that are there it may have the name of one only:
// its own, or the one it is renamed from.
func checkedGroup(op string, s *rbac.Snapshot, g rbac.Group, from string) (rbac.Group, error) {
	if err := checkText(op, "group", "/name", g.Name, g.Description); err != nil {
		return g, err
	}
	members := []string{}
	for i, name := range g.Members {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, ok := s.User(name); !ok {
			problem := "there is no user " + quote(name)
			return g, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: "/members/" + itoa(i), Problem: problem})
		}
		members = append(members, name)
	}
	slices.Sort(members)
	g.Members = slices.Compact(members)
	for _, known := range s.Groups() {
		taken := strings.EqualFold(known.Name, g.Name) && known.Name != g.Name
		if from != "" {
			taken = strings.EqualFold(known.Name, g.Name) && known.Name != from
		}
		if taken {
			return g, fault.Conflict(op, "there is a group %q already", known.Name)
		}
	}
	return g, nil
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
