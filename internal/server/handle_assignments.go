package server

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListAssignments lists the assignments of the roles that the caller may see.
func (h *handlers) ListAssignments(ctx context.Context, r api.ListAssignmentsRequestObject) (api.ListAssignmentsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	roles, err := asker.Roles()
	if err != nil {
		return nil, err
	}
	p, s := r.Params, asker.Snapshot
	user := strings.ToLower(p.Principal)
	groups := s.GroupsOf(user)
	list := []rbac.Assignment{}
	for _, role := range roles {
		if p.Role != "" && permissions.RoleID(role) != p.Role || p.Workload != "" && role.Workload.String() != p.Workload {
			continue
		}
		for _, a := range asker.AssignmentsOf(role.Ref()) {
			mine := a.Group == p.Principal || a.User == user || a.Group != "" && slices.Contains(groups, a.Group)
			if p.Principal == "" || mine {
				list = append(list, a)
			}
		}
	}
	slices.SortFunc(list, func(a, b rbac.Assignment) int { return strings.Compare(a.ID, b.ID) })
	page, next, err := paged(ctx, h, list, func(a rbac.Assignment) string { return a.ID }, p.Limit, p.Cursor, "assignments", p.Role, p.Principal, p.Workload)
	return api.ListAssignments200JSONResponse{
		Items: each(page, func(a rbac.Assignment) api.Assignment { return h.assignmentOf(asker, a) }), Total: len(list), Next: next,
	}, err
}

func (h *handlers) assignmentOf(asker *permissions.Asker, a rbac.Assignment) api.Assignment {
	s := asker.Snapshot
	out := api.Assignment{
		ID: a.ID, Role: h.refOf(s, a.Role), Group: a.Group, User: a.User, NotBefore: a.NotBefore, NotAfter: a.NotAfter, State: stateOf(a, h.Now()),
		Actions: api.Actions{"delete": within(asker, may(asker, rbac.ManageRoles, a.Role.Workload), rbac.RemoveAssignment{ID: a.ID})},
	}
	if a.Role.Workload != rbac.Unified { // of those it is the set that is changed
		out.Etag = permissions.Tag(s, permissions.AssignmentState(a.ID))
	}
	if a.Role.Workload == rbac.Unified {
		h.unifiedAssignment(asker, a, &out)
	}
	if a.User != "" {
		user, _ := s.User(a.User)
		out.DisplayName = displayName(user, a.User)
	}
	if group, ok := s.Group(a.Group); ok {
		out.MemberCount = len(group.Members)
	}
	if !a.Scope.All {
		out.Scope = &api.Scope{DeviceGroups: orEmpty(a.Scope.DeviceGroups)}
	}
	if a.Role.Workload == rbac.Unified && !a.Sources.Has(rbac.Endpoint) {
		out.Everywhere = true
		return out
	}
	out.Everywhere, out.DeviceGroups = s.ReachOf(a.ID)
	return out
}

// GetAssignment shows one.
func (h *handlers) GetAssignment(ctx context.Context, r api.GetAssignmentRequestObject) (api.GetAssignmentResponseObject, error) {
	a, err := h.assignment(ctx, r.ID)
	return api.GetAssignment200JSONResponse{Body: a, Headers: api.GetAssignment200ResponseHeaders{ETag: a.Etag}}, err
}

func (h *handlers) assignment(ctx context.Context, id string) (api.Assignment, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.Assignment{}, err
	}
	a, err := asker.Assignment(id)
	if err != nil {
		return api.Assignment{}, err
	}
	return h.assignmentOf(asker, a), nil
}

// CreateAssignment gives a role to a group or a user.
func (h *handlers) CreateAssignment(ctx context.Context, r api.CreateAssignmentRequestObject) (api.CreateAssignmentResponseObject, error) {
	// Not doTo: it is the id of what is made that is wanted.
	done, err := h.Permissions.Do(ctx, web.CallerOf(ctx).Actor(), assign(*r.Body))
	if err != nil {
		if asker, failed := h.asker(ctx); failed == nil {
			if unseen := roleIs(r.Body.Role)(asker); unseen != nil {
				return nil, unseen
			}
		}
		return nil, err
	}
	a, err := h.assignment(ctx, done.ID)
	return api.CreateAssignment201JSONResponse{
		Body: a, Headers: api.CreateAssignment201ResponseHeaders{Location: "/api/v1/assignments/" + done.ID},
	}, err
}

func assign(b api.NewAssignment) permissions.Operation {
	return permissions.Assign(b.Role, permissions.NewAssignment{
		User: b.User, Group: b.Group, Scope: scopeOf(b.Scope), NotBefore: b.NotBefore, NotAfter: b.NotAfter,
	})
}

// scopeOf reads a scope: none given is all that the principal's access gives; one that names nothing reaches nothing.
func scopeOf(s *api.Scope) *rbac.Scope {
	if s == nil {
		return nil
	}
	return &rbac.Scope{DeviceGroups: s.DeviceGroups}
}

// DeleteAssignment takes a role back.
func (h *handlers) DeleteAssignment(ctx context.Context, r api.DeleteAssignmentRequestObject) (api.DeleteAssignmentResponseObject, error) {
	return api.DeleteAssignment204Response{}, h.doTo(ctx, permissions.Unassign(r.ID).If(r.Params.IfMatch, permissions.AssignmentState(r.ID)), func(a *permissions.Asker) error {
		_, err := a.Assignment(r.ID)
		return err
	})
}
