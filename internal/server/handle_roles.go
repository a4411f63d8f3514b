package server

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListRoles lists the roles that the caller may see.
func (h *handlers) ListRoles(ctx context.Context, r api.ListRolesRequestObject) (api.ListRolesResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	roles, err := asker.Roles()
	if err != nil {
		return nil, err
	}
	p, s := r.Params, asker.Snapshot
	roles = slices.DeleteFunc(roles, func(role rbac.Role) bool {
		return p.Workload != "" && role.Workload.String() != p.Workload ||
			p.Kind != "" && role.Kind.String() != string(p.Kind) ||
			p.Opens != "" && !slices.ContainsFunc(s.RoleOpens(role), func(o rbac.Opened) bool { return o.Capability.String() == p.Opens }) ||
			p.Assigned != nil && *p.Assigned != (len(asker.AssignmentsOf(role.Ref())) > 0) ||
			!contains(p.Q, role.Name, role.Description)
	})
	assigned := ""
	if p.Assigned != nil {
		assigned = strconv.FormatBool(*p.Assigned)
	}
	key := func(role rbac.Role) string { return strconv.Itoa(int(role.Workload)) + "/" + role.Name }
	page, next, err := paged(ctx, h, roles, key, p.Limit, p.Cursor, "roles", p.Workload, string(p.Kind), p.Opens, assigned, p.Q)
	if err != nil {
		return nil, err
	}
	create := api.Action{Capability: rbac.ManageRoles, Workloads: manages(asker)}
	if create.Allowed = len(create.Workloads) > 0; !create.Allowed {
		create.Reason = "needs the right to change roles in some product"
	}
	return api.ListRoles200JSONResponse{
		Items: each(page, func(role rbac.Role) api.RoleItem { return h.roleItem(ctx, asker, role) }),
		Total: len(roles), Next: next,
		Actions: api.Actions{"create": create, "createUnified": mayIf(asker.CanChange(rbac.Role{Workload: rbac.Unified, Name: "new"}))},
	}, nil
}

// manages lists the workloads whose roles the asker may change.
func manages(a *permissions.Asker) []api.Workload {
	return slices.DeleteFunc(a.Where(rbac.ManageRoles), func(w rbac.Workload) bool { return w == rbac.Other })
}

func (h *handlers) roleItem(ctx context.Context, a *permissions.Asker, role rbac.Role) api.RoleItem {
	s := a.Snapshot
	out := api.RoleItem{
		ID: permissions.RoleID(role), Name: role.Name, Workload: role.Workload, Kind: api.RoleKind(role.Kind.String()),
		Product: shortNames[role.Workload], ProductTitle: catalog.WorkloadProduct(role.Workload), Description: role.Description,
		Permissions: orEmpty(role.Permissions), Opens: capabilitiesOf(s.RoleOpens(role)), Inert: inert(s, role),
		Origin:      h.originOf(ctx, s, imports.KindRole, role.Workload.String()+"/"+role.Name),
		Assignments: len(a.AssignmentsOf(role.Ref())), MemberCount: len(s.HoldersBy(a.AssignmentsOf(role.Ref()), h.Now())), Actions: roleActions(a, role),
	}
	if catalog.SetElsewhere(role.Workload) {
		out.KeptIn = out.ProductTitle
	}
	if role.Workload == rbac.Unified {
		out.DataSources, out.ProductTitle = dataSources(a.AssignmentsOf(role.Ref())), catalog.WorkloadTitle(role.Workload)
	}
	return out
}

// dataSources are the workloads for which somebody has a role.
func dataSources(assignments []rbac.Assignment) []api.Workload {
	var set rbac.WorkloadSet
	for _, a := range assignments {
		set |= rbac.SetOf(a.Sources.List()...)
	}
	return set.List()
}

var shortNames = map[rbac.Workload]string{rbac.Endpoint: "MDE", rbac.Office365: "MDO", rbac.CloudApps: "MCAS", rbac.Identity: "MDI"}

func inert(s *rbac.Snapshot, role rbac.Role) string {
	switch {
	case role.Workload == rbac.Unified && s.Activations().In(rbac.On) == 0:
		return "unified roles are on in no workload"
	case s.Activation(role.Workload) == rbac.On && (role.Workload != rbac.CloudApps || s.Activation(rbac.Identity) == rbac.On):
		return "unified roles decide in " + catalog.WorkloadTitle(role.Workload)
	case role.Workload == rbac.Endpoint && !s.EndpointRoles():
		return "endpoint roles are off"
	case len(s.RoleOpens(role)) == 0:
		return "none of its permissions opens anything here"
	}
	return ""
}

func roleActions(a *permissions.Asker, role rbac.Role) api.Actions {
	manage := may(a, rbac.ManageRoles, role.Workload)
	if role.Workload == rbac.Unified {
		manage = mayIf(a.CanChangeRole(role))
	}
	change := within(a, manage, rbac.PutRole{Role: role})
	copying := may(a, rbac.ManageRoles, role.Workload)
	if role.Workload == rbac.Unified {
		copying = mayIf(a.CanChange(rbac.Role{Workload: rbac.Unified, Name: "new"}))
	}
	copying = within(a, copying, rbac.PutRole{Role: rbac.Role{Workload: role.Workload, Name: "copy", Permissions: role.Permissions}})
	actions := api.Actions{"copy": copying, "assign": change, "edit": change, "delete": within(a, manage, rbac.RemoveRole{Role: role.Ref()})}
	if role.Kind == rbac.DefaultRole || role.Kind == rbac.BuiltInRole {
		actions["edit"] = never("it comes with the product: its members can be changed, its permissions can't")
		actions["delete"] = never("it comes with the product")
	}
	return actions
}

// GetRole shows one role.
func (h *handlers) GetRole(ctx context.Context, r api.GetRoleRequestObject) (api.GetRoleResponseObject, error) {
	role, err := h.role(ctx, r.ID)
	return api.GetRole200JSONResponse{Body: role, Headers: api.GetRole200ResponseHeaders{ETag: role.Etag}}, err
}

func (h *handlers) role(ctx context.Context, id string) (api.Role, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.Role{}, err
	}
	role, err := asker.Role(id)
	if err != nil {
		return api.Role{}, err
	}
	return h.roleOf(ctx, asker, role), nil
}

// made is a role as it is right after a change: whoever has just taken the sight of it from themselves is shown it this once.
func (h *handlers) made(ctx context.Context, id string) (api.Role, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.Role{}, err
	}
	role, ok := permissions.RoleByID(asker.Snapshot, id)
	if !ok {
		return api.Role{}, fault.Conflict("change role", "it was changed, and is gone by now")
	}
	return h.roleOf(ctx, asker, role), nil
}

// mostScopes is for how many scopes of a role it is looked whether they are moot: each takes a comparison of two policies.
const mostScopes = 50

func (h *handlers) roleOf(ctx context.Context, asker *permissions.Asker, role rbac.Role) api.Role {
	s, item := asker.Snapshot, h.roleItem(ctx, asker, role)
	holders := s.HoldersBy(asker.AssignmentsOf(role.Ref()), h.Now())
	names := make([]string, 0, len(holders))
	for name := range holders {
		names = append(names, name)
	}
	slices.Sort(names)
	assignments := each(asker.AssignmentsOf(role.Ref()), func(a rbac.Assignment) api.Assignment { return h.assignmentOf(asker, a) })
	scoped := 0
	for i := range assignments {
		if a := &assignments[i]; a.Scope != nil && scoped < mostScopes {
			scoped++
			a.Moot = s.ScopeIsMoot(a.ID, h.Now())
		}
	}
	return api.Role{
		ID: item.ID, Name: item.Name, Workload: item.Workload, Kind: item.Kind, Product: item.Product, ProductTitle: item.ProductTitle,
		KeptIn: item.KeptIn, Description: item.Description, Permissions: item.Permissions, Opens: item.Opens, Inert: item.Inert, Origin: item.Origin,
		Assignments: assignments,
		MemberCount: len(holders), Revision: s.Revision(), Etag: permissions.Tag(s, permissions.RoleState(item.ID)), Actions: item.Actions, OpensIn: openedOf(s.RoleOpens(role)),
		Members: each(names[:min(100, len(names))], func(name string) api.RoleMember {
			user, _ := s.User(name)
			return api.RoleMember{User: name, DisplayName: displayName(user, name), Groups: orEmpty(holders[name])}
		}),
	}
}

// CreateRole makes a custom role.
func (h *handlers) CreateRole(ctx context.Context, r api.CreateRoleRequestObject) (api.CreateRoleResponseObject, error) {
	new, err := newRole(*r.Body)
	if err != nil {
		return nil, err
	}
	done, err := h.do(ctx, permissions.CreateRole(new), rbac.ManageRoles, new.Workload)
	if err != nil {
		return nil, err
	}
	role, err := h.made(ctx, done.ID)
	return api.CreateRole201JSONResponse{Body: role, Headers: api.CreateRole201ResponseHeaders{Location: "/api/v1/roles/" + done.ID}}, err
}

func newRole(b api.NewRole) (permissions.NewRole, error) {
	n := permissions.NewRole{Workload: b.Workload, Name: b.Name, Description: b.Description, Permissions: b.Permissions}
	var err error
	if b.Workload == rbac.Unified {
		n.Unified, err = unifiedSpecs(b.Assignments, "/assignments")
	} else {
		n.Assignments, err = assignmentSpecs(b.Assignments, "/assignments")
	}
	return n, err
}

// roleChange is a change of a role as the permissions take it. That a role is not there, or not the asker's, is for them to say.
func roleChange(s *rbac.Snapshot, id string, b api.RoleChange) (permissions.RoleChange, error) {
	c := permissions.RoleChange{Name: b.Name, Description: b.Description, Permissions: b.Permissions, Unassign: b.Unassign}
	var err error
	if role, ok := permissions.RoleByID(s, id); ok && role.Workload == rbac.Unified {
		c.AssignUnified, err = unifiedSpecs(b.Assign, "/assign")
	} else if ok {
		c.Assign, err = assignmentSpecs(b.Assign, "/assign")
	}
	return c, err
}

// assignmentSpecs are assignments of a role of one workload, one for each principal; where is their place in the request.
func assignmentSpecs(specs []api.AssignmentSpec, where string) ([]permissions.NewAssignment, error) {
	var list []permissions.NewAssignment
	for i, spec := range specs {
		at := where + "/" + strconv.Itoa(i)
		if len(spec.DataSources) > 0 || spec.Name != "" || spec.Description != "" {
			return nil, fault.Invalid("roles", "only assignments of unified roles have data sources and a name").WithDetails(
				fault.Detail{Where: at + "/dataSources", Problem: "the role is of one workload"})
		}
		if len(spec.Groups)+len(spec.Users) == 0 {
			return nil, fault.Invalid("roles", "an assignment names nobody").WithDetails(
				fault.Detail{Where: at, Problem: "names nobody", Want: "groups or users"})
		}
		one := permissions.NewAssignment{Scope: scopeOf(spec.Scope), NotBefore: spec.NotBefore, NotAfter: spec.NotAfter}
		for _, group := range spec.Groups {
			one.Group, one.User = group, ""
			list = append(list, one)
		}
		for _, user := range spec.Users {
			one.Group, one.User = "", user
			list = append(list, one)
		}
	}
	return list, nil
}

func unifiedSpecs(specs []api.AssignmentSpec, where string) ([]permissions.UnifiedAssignment, error) {
	var list []permissions.UnifiedAssignment
	for i, spec := range specs {
		one, err := unifiedSpec(spec, where+"/"+strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// UpdateRole changes a role and who has it.
func (h *handlers) UpdateRole(ctx context.Context, r api.UpdateRoleRequestObject) (api.UpdateRoleResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	change, err := roleChange(asker.Snapshot, r.ID, *r.Body)
	if err != nil {
		return nil, err
	}
	op := permissions.UpdateRole(r.ID, change).If(r.Params.IfMatch, permissions.RoleState(r.ID))
	if err := h.doTo(ctx, op, roleIs(r.ID)); err != nil {
		return nil, err
	}
	role, err := h.made(ctx, r.ID)
	return api.UpdateRole200JSONResponse{Body: role, Headers: api.UpdateRole200ResponseHeaders{ETag: role.Etag}}, err
}

// DeleteRole removes a custom role.
func (h *handlers) DeleteRole(ctx context.Context, r api.DeleteRoleRequestObject) (api.DeleteRoleResponseObject, error) {
	return api.DeleteRole204Response{}, h.doTo(ctx, permissions.DeleteRole(r.ID).If(r.Params.IfMatch, permissions.RoleState(r.ID)), roleIs(r.ID))
}

func roleIs(id string) func(*permissions.Asker) error {
	return func(a *permissions.Asker) error {
		_, err := a.Role(id)
		return err
	}
}

// do runs an operation that makes or replaces something. What is wrong with the request is for those to know who have
// the right: to anyone else it would tell which names are taken and which people exist.
func (h *handlers) do(ctx context.Context, op permissions.Operation, c rbac.Capability, w rbac.Workload) (permissions.Result, error) {
	actor := web.CallerOf(ctx).Actor()
	done, err := h.Permissions.Do(ctx, actor, op)
	switch fault.KindOf(err) {
	case fault.KindNotFound, fault.KindInvalid, fault.KindConflict:
		asker, failed := h.asker(ctx)
		if failed != nil {
			return done, failed
		}
		if !asker.Can(c, w) {
			need := catalog.Needs(c, w, asker.Snapshot.Activations())
			err = h.refused(ctx, "policy.change", fault.Denied("change the policy", "%s", need).WithLacks(need))
		}
	}
	return done, err
}

// refused records a refusal that happened before any room was asked, and gives it back.
func (h *handlers) refused(ctx context.Context, op string, why error) error {
	if failed := h.Audit.Refused(ctx, web.CallerOf(ctx).Actor(), op, audit.Record{}, why); failed != nil {
		return failed
	}
	return why
}

// doTo runs an operation on an object. If it is refused, and the caller may not even see the object, the answer is
// what looking at it would have given: a refusal would tell that it exists.
func (h *handlers) doTo(ctx context.Context, op permissions.Operation, see func(*permissions.Asker) error) error {
	_, err := h.Permissions.Do(ctx, web.CallerOf(ctx).Actor(), op)
	switch fault.KindOf(err) {
	case fault.KindDenied, fault.KindNotFound, fault.KindInvalid, fault.KindConflict:
		asker, failed := h.asker(ctx)
		if failed != nil {
			return failed
		}
		if unseen := see(asker); unseen != nil {
			return unseen
		}
	}
	return err
}

func (h *handlers) asker(ctx context.Context) (*permissions.Asker, error) {
	return h.Permissions.Asker(ctx, web.CallerOf(ctx).Actor())
}

// contains tells whether one of the texts has q in it, whatever the case.
func contains(q string, texts ...string) bool {
	if q == "" {
		return true
	}
	q = strings.ToLower(q)
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), q) })
}

// paged cuts a page out of a sorted list. The cursor is bound to the caller and to all that the list was chosen by.
func paged[T any](ctx context.Context, h *handlers, items []T, key func(T) string, limit int, cursor string, chosen ...string) ([]T, string, error) {
	if limit == 0 {
		limit = 50
	}
	list := strings.Join(append(chosen, web.CallerOf(ctx).User), "\x01")
	after, err := h.cursors.Open(list, cursor)
	if err != nil {
		return nil, "", err
	}
	page, last := web.Page(items, key, after, limit)
	if last != "" {
		last = h.cursors.Seal(list, last)
	}
	return page, last, nil
}
