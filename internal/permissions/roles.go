package permissions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// The lengths that names and descriptions may have, in characters.
const (
	maxName        = 200
	maxDescription = 2000
)

// NewRole is a role to be made, and whom to give it to.
type NewRole struct {
	Workload    rbac.Workload
	Name        string
	Description string
	Permissions []string // in any spelling that the catalogue knows
	Assignments []NewAssignment
	Unified     []UnifiedAssignment // of a unified role, instead
}

// RoleID is the id of a role in links: stored for the policy's roles, made from the name for the product's.
func RoleID(r rbac.Role) string {
	if r.ID != "" {
		return r.ID
	}
	sum := sha256.Sum256([]byte(r.Workload.String() + "/" + r.Name))
	return "std_" + hex.EncodeToString(sum[:8])
}

// RoleByID finds a role.
func RoleByID(s *rbac.Snapshot, id string) (rbac.Role, bool) {
	for _, r := range s.Roles() {
		if RoleID(r) == id {
			return r, true
		}
	}
	return rbac.Role{}, false
}

func manageRoles(w rbac.Workload) []need { return []need{{capability: rbac.ManageRoles, workload: w}} }

// CreateRole makes a role, and gives it to the named.
func CreateRole(n NewRole) Operation {
	const op = "roles.create"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		r := rbac.Role{ID: newID("rol"), Workload: n.Workload, Name: strings.TrimSpace(n.Name), Description: n.Description}
		var sources []rbac.Sources
		for _, a := range n.Unified {
			sources = append(sources, a.Sources)
		}
		p := about(s, r.Ref(), sources...)
		p.id = r.ID
		if (r.Workload < rbac.Endpoint || r.Workload > rbac.Identity) && r.Workload != rbac.Unified {
			return p, fault.Invalid(op, "a role needs a workload: endpoint, office365, cloudapps or identity - or unified, for several")
		}
		if err := checkText(op, "role", "/name", r.Name, r.Description); err != nil {
			return p, err
		}
		if err := nameIsFree(op, s, r.Ref()); err != nil {
			return p, err
		}
		var err error
		if r.Permissions, err = resolvePermissions(op, r.Workload, n.Permissions); err != nil {
			return p, err
		}
		p.edits = append(p.edits, rbac.PutRole{Role: r})
		for _, a := range n.Assignments {
			assignment, err := a.resolve(op, s, r)
			if err != nil {
				return p, err
			}
			p.edits = append(p.edits, rbac.PutAssignment{Assignment: assignment})
		}
		for i, a := range n.Unified {
			made, err := a.resolve(op, "/assignments/"+itoa(i), s, r, newID("set"))
			if err != nil {
				return p, err
			}
			for _, assignment := range made {
				p.edits = append(p.edits, rbac.PutAssignment{Assignment: assignment})
			}
		}
		p.after = r
		return p, nil
	}}
}

// DeleteRole removes a custom role with its assignments.
func DeleteRole(id string) Operation {
	const op = "roles.delete"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old, ok := RoleByID(s, id)
		if !ok {
			return proposal{object: "role:" + id}, notFound(op, "role", id)
		}
		p := aboutRole(s, old)
		p.before = old
		if old.Kind == rbac.DefaultRole || old.Kind == rbac.BuiltInRole {
			return p, fault.Invalid(op, "%q comes with the product and can't be removed", old.Name)
		}
		p.edits = []rbac.Edit{rbac.RemoveRole{Role: old.Ref()}}
		return p, nil
	}}
}

func roleObject(r rbac.RoleRef) string { return "role:" + r.Workload.String() + "/" + r.Name }

// resolvePermissions brings names to the catalogue's spelling and order of asking; every wrong one is named with the
// nearest right one.
func resolvePermissions(op string, w rbac.Workload, given []string) ([]string, error) {
	if w == rbac.Unified {
		return unifiedPermissions(op, given)
	}
	permissions := []string{}
	var details []fault.Detail
	for i, name := range given {
		found, ok := catalog.Permission(w, name)
		if !ok {
			details = append(details, fault.Detail{
				Where: "/permissions/" + itoa(i), Problem: "unknown permission " + quote(name) + " in " + catalog.WorkloadTitle(w),
				Want: catalog.Nearest(name, catalog.PermissionNames(w)),
			})
			continue
		}
		if !slices.Contains(permissions, found) {
			permissions = append(permissions, found)
		}
	}
	if len(details) > 0 {
		return nil, fault.Invalid(op, "%s", details[0].Problem).WithDetails(details...)
	}
	return permissions, nil
}

func checkText(op, kind, where, name, description string) error {
	problem := ""
	switch unfit := rbac.NameProblem(kind, name); {
	case name == "":
		problem = "a name is needed"
	case unfit != "":
		problem = fmt.Sprintf("%s %q %s", kind, name, unfit)
	case len([]rune(name)) > maxName:
		problem = "a name has at most 200 characters"
	case len([]rune(description)) > maxDescription:
		where, problem = "/description", "a description has at most 2000 characters"
	default:
		return nil
	}
	return fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: where, Problem: problem})
}

func notFound(op, kind, id string) error { return fault.NotFound(op, "there is no %s %q", kind, id) }
