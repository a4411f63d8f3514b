package permissions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// UndoDays is how long a deleted role can be brought back.
const UndoDays = 30

// UndoUntil is the end of the time in which a deletion can be undone; the end itself is outside.
func UndoUntil(v store.RoleVersion) time.Time { return v.At.AddDate(0, 0, UndoDays) }

// Restoration says which version of a role is to be brought back.
type Restoration struct {
	RoleID   string
	Revision int64  // 0: undo the deletion
	Name     string // another name than it had then; empty: the same
}

// RestoreRole makes a role what it was: its definition, and whom it was given to, as far as they are still there. versions are
// all that are kept of it, oldest first (History.All). It is a change like any other.
func RestoreRole(versions []store.RoleVersion, what Restoration) Operation {
	const op = "roles.restore"
	var known map[string]string // groups, by the names that they had
	read := func(r store.Reader) (err error) {
		known, err = r.FormerGroupNames()
		return err
	}
	return Operation{name: op, read: read, plan: func(s *rbac.Snapshot, at time.Time) (proposal, error) {
		if len(versions) == 0 {
			return proposal{object: "role:" + what.RoleID}, notFound(op, "role", what.RoleID)
		}
		last := versions[len(versions)-1]
		from := last
		if what.Revision != 0 {
			n := slices.IndexFunc(versions, func(v store.RoleVersion) bool { return v.Revision == what.Revision })
			if n < 0 {
				return aboutVersion(s, last), fault.NotFound(op, "there is no version %d of role %q", what.Revision, last.Role.Name)
			}
			from = versions[n]
		}
		p := aboutVersion(s, from, last)
		p.id = what.RoleID
		now, there := RoleByID(s, what.RoleID)
		if there {
			p = aboutVersion(s, from, store.RoleVersion{Role: now, Assignments: s.AssignmentsOf(now.Ref())})
			p.id, p.before = what.RoleID, now
		}
		switch {
		case there && what.Revision == 0:
			return p, fault.Conflict(op, "role %q is not deleted: name the version to bring back", now.Name)
		case !there && !last.Deleted:
			return p, fault.Conflict(op, "role %q was deleted just now: look again, then repeat", last.Role.Name)
		case !there && !at.Before(UndoUntil(last)):
			return p, fault.Conflict(op, "role %q was deleted on %s: that can be undone within %d days, until %s", last.Role.Name, day(last.At), UndoDays, day(UndoUntil(last)))
		}
		var err error
		p.after, p.edits, p.notes, err = former(s, underNewNames(from, known), now, there, what.Name)
		if err != nil {
			return p, err
		}
		return p, nil
	}}
}

// underNewNames is a version whose assignments name the groups as they are named now.
func underNewNames(v store.RoleVersion, known map[string]string) store.RoleVersion {
	v.Assignments = slices.Clone(v.Assignments)
	for i := range v.Assignments {
		if now, ok := known[strings.ToLower(v.Assignments[i].Group)]; ok {
			v.Assignments[i].Group = now
		}
	}
	return v
}

// former brings a version back, in place of the role as it is now, if it is there. It tells what can't be brought back.
func former(s *rbac.Snapshot, v store.RoleVersion, now rbac.Role, there bool, name string) (rbac.Role, []rbac.Edit, []string, error) {
	role, notes, err := formerRole(s, v.Role, now, there, name)
	if err != nil {
		return role, nil, nil, err
	}
	assignments, lost := formerAssignments(s, role, v.Assignments)
	current := s.AssignmentsOf(now.Ref())
	var edits []rbac.Edit
	if there && role.Name != now.Name {
		edits, current = append(edits, rbac.RemoveRole{Role: now.Ref()}), nil
	}
	if (!there || !sameRole(role, now)) && !fixed(role) {
		edits = append(edits, rbac.PutRole{Role: role})
	}
	return role, append(edits, exchange(current, assignments)...), append(notes, lost...), nil
}

// fixed tells whether a role comes with the product.
func fixed(r rbac.Role) bool { return r.Kind == rbac.DefaultRole || r.Kind == rbac.BuiltInRole }

// aboutVersion is about a role as some versions of it are given.
func aboutVersion(s *rbac.Snapshot, v store.RoleVersion, more ...store.RoleVersion) proposal {
	var sources []rbac.Sources
	for _, one := range append([]store.RoleVersion{v}, more...) {
		for _, a := range one.Assignments {
			sources = append(sources, a.Sources)
		}
	}
	p := about(s, v.Role.Ref(), sources...)
	p.object = roleObject(v.Role.Ref())
	return p
}

// formerRole is the definition to bring back. What comes with the product keeps the definition that it has.
func formerRole(s *rbac.Snapshot, was, now rbac.Role, there bool, name string) (rbac.Role, []string, error) {
	const op = "roles.restore"
	if there && fixed(now) {
		return now, nil, nil
	}
	r := was
	if name = strings.TrimSpace(name); name != "" {
		r.Name = name
	}
	if err := checkText(op, "role", "/name", r.Name, r.Description); err != nil {
		return r, nil, err
	}
	for _, known := range s.Roles() {
		if known.Workload == r.Workload && strings.EqualFold(known.Name, r.Name) && !(there && known.Name == now.Name) {
			problem := fmt.Sprintf("there is a role %q in %s by now: give another name", known.Name, catalog.WorkloadTitle(r.Workload))
			return r, nil, fault.Conflict(op, "%s", problem).WithDetails(fault.Detail{Where: "/name", Problem: problem})
		}
	}
	var notes []string
	r.Permissions = []string{}
	for _, permission := range was.Permissions {
		if _, err := resolvePermissions(op, r.Workload, []string{permission}); err != nil {
			notes = append(notes, fmt.Sprintf("the permission %q: there is none of that name any more", permission))
			continue
		}
		r.Permissions = append(r.Permissions, permission)
	}
	return r, notes, nil
}

// formerAssignments are those that can be brought back, to a role, and what of them can't.
func formerAssignments(s *rbac.Snapshot, role rbac.Role, was []rbac.Assignment) (list []rbac.Assignment, notes []string) {
	for _, a := range was {
		if a.User != "" {
			if _, ok := s.User(a.User); !ok {
				notes = append(notes, fmt.Sprintf("the assignment to %s: there is no such user any more", a.User))
				continue
			}
		} else if _, ok := s.Group(a.Group); !ok {
			notes = append(notes, fmt.Sprintf("the assignment to the group %s: there is no such group any more", a.Group))
			continue
		}
		var there []string
		for _, name := range a.Scope.DeviceGroups {
			if _, ok := s.DeviceGroupID(name); ok {
				there = append(there, name)
			} else {
				notes = append(notes, fmt.Sprintf("of the assignment to %s, the device group %q: there is none of that name any more", a.User+a.Group, name))
			}
		}
		if len(a.Scope.DeviceGroups) > 0 && len(there) == 0 {
			continue // it would reach nothing
		}
		a.Scope.DeviceGroups = there
		if known, ok := s.Assignment(a.ID); ok && known.Role != role.Ref() {
			if r, _ := s.Role(known.Role); RoleID(r) != RoleID(role) {
				a.ID = newID("asg") // of another role by now
			}
		}
		a.Role = role.Ref()
		list = append(list, a)
	}
	return list, notes
}

// exchange makes the assignments what is wanted.
func exchange(current, want []rbac.Assignment) []rbac.Edit {
	var edits []rbac.Edit
	for _, a := range current {
		if !slices.ContainsFunc(want, func(b rbac.Assignment) bool { return a.ID == b.ID }) {
			edits = append(edits, rbac.RemoveAssignment{ID: a.ID})
		}
	}
	for _, a := range want {
		same := func(b rbac.Assignment) bool { return a.ID == b.ID && a.Set == b.Set && sameAssignment(a, b) }
		if !slices.ContainsFunc(current, same) {
			edits = append(edits, rbac.PutAssignment{Assignment: a})
		}
	}
	return edits
}

// Copy says what a copy of a role is to be.
type Copy struct {
	Name        string
	Description *string // nil: the same
	Assignments bool    // given to the same principals
}

// CopyRole makes a custom role of any role.
func CopyRole(id string, c Copy) Operation {
	const op = "roles.copy"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old, ok := RoleByID(s, id)
		if !ok {
			return proposal{object: "role:" + id}, notFound(op, "role", id)
		}
		made := old
		made.ID, made.Kind, made.Name = newID("rol"), rbac.CustomRole, strings.TrimSpace(c.Name)
		if c.Description != nil {
			made.Description = *c.Description
		}
		p := about(s, made.Ref())
		if c.Assignments {
			p = aboutRole(s, old)
			p.object = roleObject(made.Ref())
		}
		p.id, p.before, p.after = made.ID, old, made
		if made.Workload < rbac.Endpoint || (made.Workload > rbac.Identity && made.Workload != rbac.Unified) {
			return p, fault.Invalid(op, "%q can't be copied", old.Name)
		}
		if err := checkText(op, "role", "/name", made.Name, made.Description); err != nil {
			return p, err
		}
		for _, known := range s.Roles() {
			if known.Workload == made.Workload && strings.EqualFold(known.Name, made.Name) {
				problem := fmt.Sprintf("there is a role %q in %s already", known.Name, catalog.WorkloadTitle(made.Workload))
				return p, fault.Conflict(op, "%s", problem).WithDetails(fault.Detail{Where: "/name", Problem: problem})
			}
		}
		p.edits = []rbac.Edit{rbac.PutRole{Role: made}}
		if !c.Assignments {
			return p, nil
		}
		sets := map[string]string{}
		for _, a := range s.AssignmentsOf(old.Ref()) {
			if a.Set != "" && sets[a.Set] == "" {
				sets[a.Set] = newID("set")
			}
			a.ID, a.Role, a.Set = newID("asg"), made.Ref(), sets[a.Set]
			p.edits = append(p.edits, rbac.PutAssignment{Assignment: a})
		}
		return p, nil
	}}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
