package permissions

import (
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// RoleChange changes what is set; nil leaves as it is. A role and those who have it change together, or not at all.
type RoleChange struct {
	Name          *string
	Description   *string
	Permissions   *[]string
	Assign        []NewAssignment     // whom to give it to besides
	AssignUnified []UnifiedAssignment // of a unified role, instead
	Unassign      []string            // ids of its assignments to take back; of a unified role, of its sets
	Revision      int64               // of the policy that the change was made from; 0: whatever is there now
}

// UpdateRole changes a role and who has it. Of a role that comes with the product only who has it changes.
func UpdateRole(id string, c RoleChange) Operation {
	const op = "roles.update"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old, ok := RoleByID(s, id)
		if !ok {
			return proposal{object: "role:" + id}, notFound(op, "role", id)
		}
		var sources []rbac.Sources
		for _, a := range c.AssignUnified {
			sources = append(sources, a.Sources)
		}
		p := aboutRole(s, old, sources...)
		p.before, p.id = old, id
		if c.Revision != 0 && c.Revision != s.Revision() {
			return p, fault.Conflict(op, "the policy has changed since (revision %d, now %d): look again, then repeat", c.Revision, s.Revision())
		}
		r, err := c.changed(op, s, old)
		if err != nil {
			return p, err
		}
		who, err := c.members(op, s, old, r)
		if err != nil {
			return p, err
		}
		p.after = r
		switch {
		case r.Name != old.Name: // a new name is a new role that takes the old one's assignments with it
			p.edits = []rbac.Edit{rbac.RemoveRole{Role: old.Ref()}, rbac.PutRole{Role: r}}
			for _, a := range who.kept {
				a.Role = r.Ref()
				p.edits = append(p.edits, rbac.PutAssignment{Assignment: a})
			}
			who.taken = nil
		case r.Description != old.Description || !slices.Equal(r.Permissions, old.Permissions):
			p.edits = []rbac.Edit{rbac.PutRole{Role: r}}
		}
		for _, a := range who.taken {
			p.edits = append(p.edits, rbac.RemoveAssignment{ID: a.ID})
		}
		for _, a := range who.given {
			p.edits = append(p.edits, rbac.PutAssignment{Assignment: a})
		}
		if len(c.Unassign)+len(who.given) > 0 {
			p.before = roleWith{old, s.AssignmentsOf(old.Ref())}
			p.after = roleWith{r, append(slices.Clone(who.kept), who.given...)}
		}
		return p, nil
	}}
}

// roleWith is a role with those who have it, for the audit log.
type roleWith struct {
	Role        rbac.Role
	Assignments []rbac.Assignment
}

// changed is the role afterwards.
func (c RoleChange) changed(op string, s *rbac.Snapshot, old rbac.Role) (rbac.Role, error) {
	r := old
	if c.Name == nil && c.Description == nil && c.Permissions == nil {
		return r, nil
	}
	if old.Kind == rbac.DefaultRole || old.Kind == rbac.BuiltInRole {
		return r, fault.Invalid(op, "%q comes with the product: its members can be changed, its permissions can't", old.Name)
	}
	if c.Name != nil {
		r.Name = strings.TrimSpace(*c.Name)
	}
	if c.Description != nil {
		r.Description = *c.Description
	}
	if err := checkText(op, "role", "/name", r.Name, r.Description); err != nil {
		return r, err
	}
	if r.Name != old.Name {
		if err := nameIsFree(op, s, r.Ref(), old.Ref()); err != nil {
			return r, err
		}
	}
	if c.Permissions == nil {
		return r, nil
	}
	var err error
	r.Permissions, err = resolvePermissions(op, r.Workload, *c.Permissions)
	return r, err
}

// nameIsFree refuses a name that another role of the workload has, in whatever case.
func nameIsFree(op string, s *rbac.Snapshot, r rbac.RoleRef, own ...rbac.RoleRef) error {
	for _, known := range s.Roles() {
		if known.Workload == r.Workload && strings.EqualFold(known.Name, r.Name) && !slices.Contains(own, known.Ref()) {
			return fault.Conflict(op, "there is a role %q in %s already", known.Name, catalog.WorkloadTitle(r.Workload))
		}
	}
	return nil
}

// memberChange is what becomes of the assignments of a role.
type memberChange struct{ kept, taken, given []rbac.Assignment }

// members looks up whom to take the role from, and makes the assignments of whom to give it to.
func (c RoleChange) members(op string, s *rbac.Snapshot, old, r rbac.Role) (memberChange, error) {
	var who memberChange
	found := map[string]bool{}
	for _, a := range s.AssignmentsOf(old.Ref()) {
		id := a.ID
		if old.Workload == rbac.Unified {
			id = a.Set
		}
		if slices.Contains(c.Unassign, id) {
			who.taken, found[id] = append(who.taken, a), true
		} else {
			who.kept = append(who.kept, a)
		}
	}
	for i, id := range c.Unassign {
		if !found[id] {
			problem := quote(old.Name) + " has no assignment " + quote(id)
			return who, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: "/unassign/" + itoa(i), Problem: problem, Want: "an id from the role's assignments"})
		}
	}
	for i, n := range c.Assign {
		a, err := n.resolve(op, s, r)
		if err != nil {
			return who, prefixed(err, "/assign/"+itoa(i))
		}
		if slices.ContainsFunc(append(slices.Clone(who.kept), who.given...), func(known rbac.Assignment) bool { return sameAssignment(known, a) }) {
			return who, fault.Conflict(op, "%s has this role already, in the same scope and time", a.User+a.Group)
		}
		who.given = append(who.given, a)
	}
	for i, n := range c.AssignUnified {
		made, err := n.resolve(op, "/assign/"+itoa(i), s, r, newID("set"))
		if err != nil {
			return who, err
		}
		who.given = append(who.given, made...)
	}
	return who, nil
}
