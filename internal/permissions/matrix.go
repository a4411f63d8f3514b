package permissions

import (
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// MatrixQuery asks for the matrix of people or roles by capabilities by workloads.
type MatrixQuery struct {
	Roles       bool                 // rows are roles, not people
	Keep        func(rbac.User) bool // which people; nil: all
	KeepRole    func(rbac.Role) bool // which roles; nil: all
	Group       string               // only its members
	Role        string               // id; only who has it now
	Capability  rbac.Capability      // only this one; none: all
	Workload    rbac.Workload        // only this one; none: the four
	DeviceGroup string               // endpoint is asked on this one
	OnlyHas     bool                 // only rows with something in them
	At          time.Time            // zero: now
	After       string
	Limit       int
}

// Matrix answers with the workloads whose roles the asker may view. Who may view none is answered about themselves, in
// every workload.
func (a *Asker) Matrix(q MatrixQuery) (rbac.Matrix, error) {
	const op = "read the matrix"
	ask := rbac.MatrixQuery{OnlyHas: q.OnlyHas, DeviceGroup: q.DeviceGroup, After: q.After, Limit: q.Limit, At: q.At, Keep: q.Keep}
	if ask.At.IsZero() {
		ask.At = a.service.now()
	}
	sees := slices.DeleteFunc(a.Where(rbac.ViewRoles), func(w rbac.Workload) bool { return w == rbac.Other })
	alone := len(sees) == 0
	if alone {
		if q.Roles || q.Group != "" || q.Role != "" || q.DeviceGroup != "" {
			return rbac.Matrix{}, a.ViewsRoles()
		}
		sees = rbac.Workloads
		ask.Keep = func(u rbac.User) bool { return a.self(u.Name) && (q.Keep == nil || q.Keep(u)) }
	}
	ask.Workloads = sees
	if q.Workload != rbac.NoWorkload {
		if !slices.Contains(sees, q.Workload) {
			need := catalog.Needs(rbac.ViewRoles, q.Workload, a.Snapshot.Activations())
			return rbac.Matrix{}, fault.Denied(op, "%s", need).WithLacks(need)
		}
		ask.Workloads = []rbac.Workload{q.Workload}
	}
	if q.Capability != rbac.NoCapability {
		ask.Capabilities = []rbac.Capability{q.Capability}
	}
	if q.DeviceGroup != "" {
		if _, err := a.DeviceGroups(); err != nil {
			return rbac.Matrix{}, err
		}
		if _, ok := a.Snapshot.DeviceGroupID(q.DeviceGroup); !ok {
			return rbac.Matrix{}, fault.Invalid(op, "there is no device group %q", q.DeviceGroup)
		}
	}
	if q.Roles {
		roles, err := a.Roles()
		if err != nil {
			return rbac.Matrix{}, err
		}
		ask.Roles = []rbac.RoleRef{}
		for _, r := range roles {
			if q.KeepRole == nil || q.KeepRole(r) {
				ask.Roles = append(ask.Roles, r.Ref())
			}
		}
	}
	if err := a.among(&ask, q); err != nil {
		return rbac.Matrix{}, err
	}
	m, err := a.Snapshot.Matrix(ask)
	if err != nil {
		return rbac.Matrix{}, fault.Invalid(op, "%s", err.Error())
	}
	return m, nil
}

// among keeps the people of a group, or who have a role now.
func (a *Asker) among(ask *rbac.MatrixQuery, q MatrixQuery) error {
	const op = "read the matrix"
	keep := ask.Keep
	if q.Group != "" {
		g, ok := a.Snapshot.Group(q.Group)
		if !ok {
			return fault.Invalid(op, "there is no group %q", q.Group)
		}
		members := map[string]bool{}
		for _, name := range g.Members {
			members[name] = true
		}
		keep = both(keep, func(u rbac.User) bool { return members[u.Name] })
	}
	if q.Role != "" {
		r, err := a.Role(q.Role)
		if err != nil {
			return fault.Invalid(op, "there is no role with the id %q", q.Role)
		}
		var mine []rbac.Assignment
		for _, given := range a.Snapshot.AssignmentsOf(r.Ref()) {
			if cut, ok := a.visible(given); ok {
				mine = append(mine, cut)
			}
		}
		have := a.Snapshot.HoldersBy(mine, ask.At)
		keep = both(keep, func(u rbac.User) bool { _, ok := have[u.Name]; return ok })
	}
	ask.Keep = keep
	return nil
}

func both(first, second func(rbac.User) bool) func(rbac.User) bool {
	if first == nil {
		return second
	}
	return func(u rbac.User) bool { return first(u) && second(u) }
}

// ExplainRole proves a role's cell of the matrix, to who may see the role and view the roles of the workload.
func (a *Asker) ExplainRole(roleID string, r rbac.Request) (rbac.Role, rbac.Explanation, error) {
	const op = "explain a role"
	role, err := a.Role(roleID)
	if err != nil {
		return role, rbac.Explanation{}, err
	}
	for _, w := range r.Resource.Workloads {
		if !a.Can(rbac.ViewRoles, w) {
			need := catalog.Needs(rbac.ViewRoles, w, a.Snapshot.Activations())
			return role, rbac.Explanation{}, fault.Denied(op, "%s", need).WithLacks(need)
		}
	}
	if r.At.IsZero() {
		r.At = a.service.now()
	}
	if veiled, ok := Veil(a.Snapshot, a.actor.Name, r); ok && !a.actor.Local {
		r = veiled
	}
	e, err := a.Snapshot.ExplainRole(role.Ref(), r)
	if err != nil {
		return role, e, fault.Invalid(op, "%s", err.Error())
	}
	return role, e, nil
}
