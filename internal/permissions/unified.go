package permissions

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// UnifiedAssignment gives a unified role to several principals at once, for some data sources. It is kept as one
// assignment for each principal, all of one set.
type UnifiedAssignment struct {
	Name        string
	Description string
	Users       []string
	Groups      []string
	Sources     rbac.Sources
	Scope       *rbac.Scope // nil: whatever the device groups' access gives
	NotBefore   time.Time
	NotAfter    time.Time
}

// resolve makes the assignments of a set, or says what is wrong; where is its place in the request.
func (n UnifiedAssignment) resolve(op, where string, s *rbac.Snapshot, r rbac.Role, set string) ([]rbac.Assignment, error) {
	wrong := func(at, problem, want string) ([]rbac.Assignment, error) {
		return nil, fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: where + at, Problem: problem, Want: want})
	}
	if len(n.Users)+len(n.Groups) == 0 {
		return wrong("", "an assignment names nobody", "users or groups")
	}
	if !n.Sources.All && n.Sources.Workloads == 0 {
		return wrong("/dataSources", "an assignment of a unified role has data sources", "all, or some of endpoint, office365, cloudapps, identity")
	}
	if len([]rune(n.Name)) > maxName || strings.ContainsFunc(n.Name, func(r rune) bool { return r < ' ' }) {
		return wrong("/name", "a name has at most 200 characters, and no control characters", "")
	}
	if len([]rune(n.Description)) > maxDescription {
		return wrong("/description", "a description has at most 2000 characters", "")
	}
	var list []rbac.Assignment
	add := func(user, group string) error {
		one := NewAssignment{User: user, Group: group, Scope: n.Scope, NotBefore: n.NotBefore, NotAfter: n.NotAfter, Sources: n.Sources, Name: n.Name, Description: n.Description}
		a, err := one.resolve(op, s, r)
		if err != nil {
			return prefixed(err, where)
		}
		a.Set = set
		for _, known := range list {
			if known.User == a.User && known.Group == a.Group {
				return nil // named twice
			}
		}
		list = append(list, a)
		return nil
	}
	for _, group := range n.Groups {
		if err := add("", group); err != nil {
			return nil, err
		}
	}
	for _, user := range n.Users {
		if err := add(user, ""); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// prefixed puts a place before those that an error names.
func prefixed(err error, where string) error {
	var refusal *fault.Error
	if errors.As(err, &refusal) {
		for i := range refusal.Details {
			refusal.Details[i].Where = where + refusal.Details[i].Where
		}
	}
	return err
}

// AssignUnified gives a unified role to principals.
func AssignUnified(roleID string, n UnifiedAssignment) Operation {
	const op = "assignments.create"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		r, ok := RoleByID(s, roleID)
		if !ok {
			return proposal{object: "role:" + roleID}, notFound(op, "role", roleID)
		}
		if r.Workload != rbac.Unified {
			return proposal{object: roleObject(r.Ref()), needs: manageRoles(r.Workload)}, fault.Invalid(op, "%q is no unified role", r.Name)
		}
		set := newID("set")
		p := about(s, r.Ref(), n.Sources)
		p.id = set
		made, err := n.resolve(op, "", s, r, set)
		if err != nil {
			return p, err
		}
		for _, a := range made {
			p.edits = append(p.edits, rbac.PutAssignment{Assignment: a})
		}
		p.after = made
		return p, nil
	}}
}

// UpdateUnified makes a set of assignments what is given; principals that stay keep their assignment.
func UpdateUnified(set string, n UnifiedAssignment) Operation {
	const op = "assignments.update"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old := s.AssignmentsIn(set)
		if len(old) == 0 {
			return proposal{object: "assignment:" + set}, notFound(op, "assignment", set)
		}
		r, _ := s.Role(old[0].Role)
		p := about(s, r.Ref(), n.Sources, old[0].Sources)
		p.id, p.before = set, old
		made, err := n.resolve(op, "", s, r, set)
		if err != nil {
			return p, err
		}
		same := func(a rbac.Assignment) func(rbac.Assignment) bool {
			return func(b rbac.Assignment) bool { return a.User == b.User && a.Group == b.Group }
		}
		for i, a := range made {
			if was := slices.IndexFunc(old, same(a)); was >= 0 {
				made[i].ID = old[was].ID
				if sameAssignment(old[was], a) {
					continue
				}
			}
			p.edits = append(p.edits, rbac.PutAssignment{Assignment: made[i]})
		}
		for _, a := range old {
			if !slices.ContainsFunc(made, same(a)) {
				p.edits = append(p.edits, rbac.RemoveAssignment{ID: a.ID})
			}
		}
		p.after = made
		return p, nil
	}}
}

// UnassignUnified takes a unified role back from all principals of a set.
func UnassignUnified(set string) Operation {
	const op = "assignments.delete"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old := s.AssignmentsIn(set)
		if len(old) == 0 {
			return proposal{object: "assignment:" + set}, notFound(op, "assignment", set)
		}
		p := about(s, old[0].Role, old[0].Sources)
		p.before = old
		for _, a := range old {
			p.edits = append(p.edits, rbac.RemoveAssignment{ID: a.ID})
		}
		return p, nil
	}}
}

// SetActivation says whose roles decide in a workload (S18). Only the two administrator roles may: for everyone else it
// is beyond what they hold, whatever they hold.
func SetActivation(w rbac.Workload, state rbac.Activation) Operation {
	const op = "workloads.activate"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		p := proposal{
			object: "workload:" + w.String(), workload: w, needs: []need{{capability: rbac.ManageSettings, workload: rbac.Other}},
			before: map[string]string{"unified": s.Activation(w).String()}, after: map[string]string{"unified": state.String()},
		}
		if w < rbac.Endpoint || w > rbac.Identity {
			return p, fault.Invalid(op, "unified roles are activated in endpoint, office365, cloudapps or identity")
		}
		if s.Activation(w) != state {
			p.edits = []rbac.Edit{rbac.SetActivation{Workload: w, Activation: state}}
		}
		return p, nil
	}}
}

// about begins a proposal on a role: which rights it takes, and to which workload its entry in the audit log belongs.
func about(s *rbac.Snapshot, r rbac.RoleRef, sources ...rbac.Sources) proposal {
	p := proposal{object: roleObject(r), workload: r.Workload, needs: manageRoles(r.Workload)}
	if r.Workload == rbac.Unified {
		p.needs, p.workload = unifiedNeeds(s, sources...), rbac.NoWorkload
		if touched := touchedBy(sources); touched.Len() == 1 {
			p.workload = touched.List()[0]
		}
	}
	return p
}

// aboutRole is about a role with all who have it.
func aboutRole(s *rbac.Snapshot, r rbac.Role, more ...rbac.Sources) proposal {
	for _, a := range s.AssignmentsOf(r.Ref()) {
		more = append(more, a.Sources)
	}
	return about(s, r.Ref(), more...)
}

func touchedBy(sources []rbac.Sources) rbac.WorkloadSet {
	var touched rbac.WorkloadSet
	for _, one := range sources {
		touched |= rbac.SetOf(one.List()...)
	}
	return touched
}

// unifiedNeeds is what it takes to change unified roles: Authorization in every data source that the change touches (S18).
// Where unified roles are not on they give no such right, and the product's own roles have no say in them: it takes an
// administrator. A role that nobody has yet takes the right in one data source.
func unifiedNeeds(s *rbac.Snapshot, sources ...rbac.Sources) []need {
	touched := touchedBy(sources)
	if touched == 0 {
		return []need{{rbac.ManageRoles, rbac.Unified, true}}
	}
	var needs []need
	for _, w := range touched.List() {
		if s.Activation(w) != rbac.On {
			return []need{{rbac.ManageRoles, rbac.Other, true}}
		}
		needs = append(needs, need{rbac.ManageRoles, w, true})
	}
	return needs
}

// met tells whether an actor has a right. One about unified roles is met by the right in any workload where they are on.
func (n need) met(s *rbac.Snapshot, actor string, at time.Time) bool {
	workloads := []rbac.Workload{n.workload}
	if n.workload == rbac.Unified {
		workloads = append(s.Activations().In(rbac.On).List(), rbac.Other)
	}
	return slices.ContainsFunc(workloads, func(w rbac.Workload) bool {
		return s.Decide(rbac.Request{Principal: actor, Capability: n.capability, At: at, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}}).Allowed
	})
}

// unifiedPermissions brings names and action strings to the catalogue's spelling; every wrong one is named with the
// nearest right one.
func unifiedPermissions(op string, given []string) ([]string, error) {
	permissions, unknown := catalog.UnifiedPermissions(given)
	var details []fault.Detail
	for _, i := range unknown {
		details = append(details, fault.Detail{
			Where: "/permissions/" + itoa(i), Problem: "unknown unified permission " + quote(given[i]),
			Want: catalog.Nearest(given[i], catalog.PermissionNames(rbac.Unified)),
		})
	}
	if len(details) > 0 {
		return nil, fault.Invalid(op, "%s", details[0].Problem).WithDetails(details...)
	}
	return permissions, nil
}

// The unified roles that an asker may see: all of them, for who views roles where unified roles are on - and of their
// assignments those for a data source in which the asker does.

// unifiedSources are the data sources whose assignments the asker may see; all of them, those to come too, for who views
// roles everywhere.
func (a *Asker) unifiedSources() (seen rbac.WorkloadSet, all bool) {
	if a.Can(rbac.ViewRoles, rbac.Other) {
		return rbac.SetOf(rbac.Workloads...), true
	}
	for _, w := range a.Snapshot.Activations().In(rbac.On).List() {
		if a.Can(rbac.ViewRoles, w) {
			seen |= rbac.SetOf(w)
		}
	}
	return seen, false
}

// visible cuts an assignment to what the asker may see of it.
func (a *Asker) visible(found rbac.Assignment) (rbac.Assignment, bool) {
	if found.Role.Workload != rbac.Unified {
		return found, a.Can(rbac.ViewRoles, found.Role.Workload)
	}
	seen, all := a.unifiedSources()
	if all {
		return found, true
	}
	cut := rbac.Sources{Workloads: rbac.SetOf(found.Sources.List()...) & seen}
	if found.Sources.All && cut.Workloads.Len() == len(rbac.Workloads) {
		cut = rbac.Sources{All: true}
	}
	found.Sources = cut
	if !cut.Has(rbac.Endpoint) {
		found.Scope = rbac.Scope{All: true} // a narrowing to device groups is endpoint's
	}
	return found, cut.Workloads != 0 || cut.All
}

// CanChange tells whether the asker has the rights to change a role, as given to these data sources; if not, the refusal
// says what it takes. The ceiling is another matter (S14).
func (a *Asker) CanChange(r rbac.Role, sources ...rbac.Sources) error {
	return allowed(a.Snapshot, a.actor, "change a role", about(a.Snapshot, r.Ref(), sources...).needs, a.service.now())
}

// CanChangeRole is CanChange for a role as it is given to everybody who has it.
func (a *Asker) CanChangeRole(r rbac.Role) error {
	return allowed(a.Snapshot, a.actor, "change a role", aboutRole(a.Snapshot, r).needs, a.service.now())
}

// AssignmentsOf are a role's assignments, as far as the asker may see them, by the names of who has it.
func (a *Asker) AssignmentsOf(r rbac.RoleRef) []rbac.Assignment {
	var list []rbac.Assignment
	for _, found := range a.Snapshot.AssignmentsOf(r) {
		if cut, ok := a.visible(found); ok {
			list = append(list, cut)
		}
	}
	slices.SortStableFunc(list, func(a, b rbac.Assignment) int { return strings.Compare(a.Group+a.User, b.Group+b.User) })
	return list
}

// AssignmentsIn are the assignments of a set, as far as the asker may see them.
func (a *Asker) AssignmentsIn(set string) ([]rbac.Assignment, error) {
	var list []rbac.Assignment
	for _, found := range a.Snapshot.AssignmentsIn(set) {
		if cut, ok := a.visible(found); ok {
			list = append(list, cut)
		}
	}
	if len(list) == 0 {
		return nil, notFound("read assignment", "assignment", set)
	}
	return list, nil
}
