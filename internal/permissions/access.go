package permissions

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// Asker is who wants to know something about access, with the policy that answers.
type Asker struct {
	Snapshot *rbac.Snapshot
	actor    audit.Actor
	service  *Service
}

// Asker readies the live policy for one asker. Everyone may ask about themselves; about others it takes roles.view of
// the workload (S16).
func (s *Service) Asker(ctx context.Context, actor audit.Actor) (*Asker, error) {
	snapshot, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if actor.Name == "" {
		return nil, fault.Unauthenticated("ask about access", "nobody is signed in")
	}
	return &Asker{snapshot, actor, s}, nil
}

// Can tells whether the asker has a capability on a whole workload; of unified roles, in any workload where they are on.
func (a *Asker) Can(c rbac.Capability, w rbac.Workload) bool {
	if a.actor.Local {
		return true
	}
	return need{capability: c, workload: w}.met(a.Snapshot, a.actor.Name, a.service.now())
}

// Where lists the workloads in which the asker has a capability, Other included.
func (a *Asker) Where(c rbac.Capability) []rbac.Workload {
	var list []rbac.Workload
	for w := rbac.Endpoint; w <= rbac.Other; w++ {
		if a.Can(c, w) {
			list = append(list, w)
		}
	}
	return list
}

// ViewsRoles tells whether the asker may see roles of some workload, and with them the people and groups that they are
// given to; if not, the refusal says what it takes.
func (a *Asker) ViewsRoles() error {
	if len(a.Where(rbac.ViewRoles)) > 0 {
		return nil
	}
	var needs []string
	for _, w := range rbac.Workloads {
		needs = append(needs, catalog.Needs(rbac.ViewRoles, w, a.Snapshot.Activations()))
	}
	return fault.Denied("view roles", "%s", strings.Join(needs, "; ")).WithLacks(needs...)
}

// self tells whether a question is about the asker.
func (a *Asker) self(principal string) bool { return !a.actor.Local && principal == a.actor.Name }

// Explain answers a question with its reasons, as far as the asker may know them.
func (a *Asker) Explain(r rbac.Request) (rbac.Explanation, error) {
	if r.At.IsZero() {
		r.At = a.service.now()
	}
	for _, w := range r.Resource.Workloads {
		if !a.self(r.Principal) && !a.Can(rbac.ViewRoles, w) {
			need := catalog.Needs(rbac.ViewRoles, w, a.Snapshot.Activations())
			return rbac.Explanation{}, fault.Denied("explain another's access", "%s", need).WithLacks(need)
		}
	}
	e := a.explain(r)
	for i := range e.Proofs {
		if p := &e.Proofs[i]; !a.Can(rbac.ViewRoles, p.Workload) {
			p.Remedies = a.tellable(p.Remedies)
		}
		if !a.actor.Local && !a.self(r.Principal) {
			p := &e.Proofs[i]
			p.Inert = slices.DeleteFunc(slices.Clone(p.Inert), func(in rbac.Inert) bool {
				given, ok := a.Snapshot.Assignment(in.Assignment)
				if ok {
					_, ok = a.visible(given)
				}
				return !ok
			})
		}
	}
	return e, nil
}

// explain answers about a device group that is not there as about one out of reach, to who may not know which there are.
func (a *Asker) explain(r rbac.Request) rbac.Explanation {
	veiled, ok := Veil(a.Snapshot, a.actor.Name, r)
	if a.actor.Local || !ok {
		return a.Snapshot.Explain(r)
	}
	e := a.Snapshot.Explain(veiled)
	e.Request = r
	for i := range e.Proofs {
		if p := &e.Proofs[i]; p.Workload == rbac.Endpoint && p.Allowed { // who reaches every device group still reaches none that is not there
			p.Allowed, p.Reason, e.Allowed = false, rbac.OutOfReach, false
		}
	}
	return e
}

// Veil gives the question to ask instead of one that names a device group that is not there, if the asker may not know
// which there are: about every device group, which is refused as one out of reach is.
func Veil(s *rbac.Snapshot, asker string, r rbac.Request) (rbac.Request, bool) {
	unknown := func(name string) bool { _, ok := s.DeviceGroupID(name); return !ok }
	if !slices.ContainsFunc(r.Resource.DeviceGroups, unknown) {
		return r, false
	}
	for _, c := range []rbac.Capability{rbac.ViewRoles, rbac.ManageSettings} {
		if s.Decide(rbac.Request{Principal: asker, Capability: c, At: r.At, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}}}).Allowed {
			return r, false
		}
	}
	r.Resource.DeviceGroups, r.Resource.EveryGroup = nil, true
	return r, true
}

// tellable leaves out what only those who view roles may know: which roles and groups there are. The roles that come
// with a product are no secret.
func (a *Asker) tellable(list []rbac.Remedy) []rbac.Remedy {
	return slices.DeleteFunc(slices.Clone(list), func(r rbac.Remedy) bool {
		if r.Kind == rbac.RemedyDeviceGroup {
			return true
		}
		role, ok := a.Snapshot.Role(r.Role)
		return ok && (role.Kind == rbac.CustomRole || role.Kind == rbac.ImportedRole)
	})
}

// Effective is all that a principal has, cut to the workloads whose roles the asker may see.
func (a *Asker) Effective(principal string) (rbac.Effective, error) {
	e := a.Snapshot.Effective(principal, a.service.now())
	if a.self(principal) {
		return e, nil
	}
	if err := a.ViewsRoles(); err != nil {
		return rbac.Effective{}, err
	}
	if e.Reason == rbac.UnknownPrincipal {
		return rbac.Effective{}, notFound("read access", "principal", principal)
	}
	seen := rbac.SetOf(a.Where(rbac.ViewRoles)...)
	e.Holdings = slices.DeleteFunc(e.Holdings, func(h rbac.Holding) bool { return h.Workload != rbac.NoWorkload && !seen.Has(h.Workload) })
	for i := range e.Holdings {
		e.Holdings[i].Opens = slices.DeleteFunc(slices.Clone(e.Holdings[i].Opens), func(o rbac.Opened) bool { return !seen.Has(o.Workload) })
	}
	e.Cells = slices.DeleteFunc(e.Cells, func(c rbac.EffectiveCell) bool { return !seen.Has(c.Workload) })
	return e, nil
}

// WhoCan lists who may do something in a workload.
func (a *Asker) WhoCan(q rbac.WhoCan) (rbac.Holders, error) {
	if len(q.Resource.Workloads) != 1 {
		return rbac.Holders{}, fault.Invalid("who can", "the question is about one workload")
	}
	if w := q.Resource.Workloads[0]; !a.Can(rbac.ViewRoles, w) {
		need := catalog.Needs(rbac.ViewRoles, w, a.Snapshot.Activations())
		return rbac.Holders{}, fault.Denied("ask who can", "%s", need).WithLacks(need)
	}
	for _, name := range q.Resource.DeviceGroups {
		if _, ok := a.Snapshot.DeviceGroupID(name); !ok {
			return rbac.Holders{}, fault.Invalid("who can", "there is no device group %q", name)
		}
	}
	if q.At.IsZero() {
		q.At = a.service.now()
	}
	return a.Snapshot.WhoCan(q), nil
}

// Roles are the roles that the asker may see, by workload and name.
func (a *Asker) Roles() ([]rbac.Role, error) {
	if err := a.ViewsRoles(); err != nil {
		return nil, err
	}
	seen := rbac.SetOf(a.Where(rbac.ViewRoles)...)
	if a.Can(rbac.ViewRoles, rbac.Unified) {
		seen |= rbac.SetOf(rbac.Unified)
	}
	return slices.DeleteFunc(a.Snapshot.Roles(), func(r rbac.Role) bool { return !seen.Has(r.Workload) }), nil
}

// Role finds one of them by id. What may not be seen is not found.
func (a *Asker) Role(id string) (rbac.Role, error) {
	if r, ok := RoleByID(a.Snapshot, id); ok && a.Can(rbac.ViewRoles, r.Workload) {
		return r, nil
	}
	return rbac.Role{}, notFound("read role", "role", id)
}

// Assignment finds an assignment of a role that the asker may see.
func (a *Asker) Assignment(id string) (rbac.Assignment, error) {
	if found, ok := a.Snapshot.Assignment(id); ok {
		if cut, ok := a.visible(found); ok {
			return cut, nil
		}
	}
	return rbac.Assignment{}, notFound("read assignment", "assignment", id)
}

// DeviceGroups are the device groups in rank order, for who may see endpoint's roles or set the groups.
func (a *Asker) DeviceGroups() ([]rbac.DeviceGroup, error) {
	if !a.Can(rbac.ViewRoles, rbac.Endpoint) && !a.Can(rbac.ManageSettings, rbac.Endpoint) {
		need := catalog.Needs(rbac.ViewRoles, rbac.Endpoint, a.Snapshot.Activations())
		return nil, fault.Denied("view device groups", "%s", need).WithLacks(need)
	}
	return a.Snapshot.DeviceGroups(), nil
}
