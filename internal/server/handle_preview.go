package server

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// PreviewAccess tells who would gain and lose what. Nothing is written.
func (h *handlers) PreviewAccess(ctx context.Context, r api.PreviewAccessRequestObject) (api.PreviewAccessResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	change := r.Body.Changes[0] // the contract allows one: what two would do together is not the sum of both
	op, role, err := operationOf(change)
	if err != nil {
		return nil, err
	}
	if role != "" {
		if _, err := asker.Role(role); err != nil {
			return nil, err
		}
	}
	for _, set := range setsOf(change) {
		if _, err := asker.AssignmentsIn(set); err != nil {
			return nil, err
		}
	}
	if change.DeleteAssignment != nil {
		if _, err := asker.Assignment(*change.DeleteAssignment); err != nil {
			return nil, err
		}
	}
	p, err := h.Permissions.Preview(ctx, web.CallerOf(ctx).Actor(), op)
	if err != nil {
		return nil, err
	}
	return api.PreviewAccess200JSONResponse{
		Allowed: p.Allowed, Reason: p.Reason, Users: changesOf(asker.Snapshot, p.After, p.Changes), Total: len(p.Changes.Users),
		Lacks: lacksOf(p.Lacks), Breaches: each(p.Breaches, permissions.BreachSentence), Opens: opens(asker.Snapshot, r.Body.Changes), Revision: p.Revision,
	}, nil
}

// operationOf is the operation that a proposed change stands for, and the role that it is about.
func operationOf(c api.Change) (op permissions.Operation, role string, err error) {
	switch {
	case c.CreateRole != nil:
		n, err := newRole(*c.CreateRole)
		return permissions.CreateRole(n), "", err
	case c.UpdateRole != nil:
		return permissions.UpdateRole(c.UpdateRole.ID, permissions.RoleChange{
			Name: c.UpdateRole.Change.Name, Description: c.UpdateRole.Change.Description, Permissions: c.UpdateRole.Change.Permissions,
		}), c.UpdateRole.ID, nil
	case c.DeleteRole != nil:
		return permissions.DeleteRole(*c.DeleteRole), *c.DeleteRole, nil
	case c.CreateAssignment != nil:
		return assign(*c.CreateAssignment), c.CreateAssignment.Role, nil
	case c.DeleteAssignment != nil:
		return permissions.Unassign(*c.DeleteAssignment), "", nil
	case c.SetDeviceGroups != nil:
		return setDeviceGroups(*c.SetDeviceGroups), "", nil
	case c.SetEndpointRoles != nil:
		return permissions.SetEndpointRoles(*c.SetEndpointRoles), "", nil
	case c.CreateUnifiedAssignment != nil:
		n, err := newUnified(*c.CreateUnifiedAssignment)
		return permissions.AssignUnified(c.CreateUnifiedAssignment.Role, n), c.CreateUnifiedAssignment.Role, err
	case c.UpdateUnifiedAssignment != nil:
		n, err := unifiedSpec(c.UpdateUnifiedAssignment.Assignment, "/assignment")
		return permissions.UpdateUnified(c.UpdateUnifiedAssignment.ID, n), "", err
	case c.DeleteUnifiedAssignment != nil:
		return permissions.UnassignUnified(*c.DeleteUnifiedAssignment), "", nil
	case c.SetActivation != nil:
		return permissions.SetActivation(c.SetActivation.Workload, c.SetActivation.Unified), "", nil
	case c.PutGroup != nil:
		return permissions.PutGroup(groupOf(c.PutGroup.Name, c.PutGroup.Group)), "", nil
	case c.RemoveGroup != nil:
		return permissions.RemoveGroup(*c.RemoveGroup), "", nil
	case c.PutUser != nil:
		return permissions.PutUser(userOf(c.PutUser.Name, c.PutUser.User)), "", nil
	case c.RemoveUser != nil:
		return permissions.RemoveUser(*c.RemoveUser), "", nil
	case c.PutCeiling != nil:
		return permissions.PutCeiling(ceilingOf(c.PutCeiling.Name, c.PutCeiling.Ceiling)), "", nil
	case c.RemoveCeiling != nil:
		return permissions.RemoveCeiling(*c.RemoveCeiling), "", nil
	}
	return op, "", fault.Invalid("preview", "a change of nothing").WithDetails(
		fault.Detail{Where: "/changes/0", Problem: "names no change", Want: "exactly one kind of change"})
}

// setsOf are the sets of assignments that a change is about.
func setsOf(c api.Change) []string {
	switch {
	case c.UpdateUnifiedAssignment != nil:
		return []string{c.UpdateUnifiedAssignment.ID}
	case c.DeleteUnifiedAssignment != nil:
		return []string{*c.DeleteUnifiedAssignment}
	}
	return nil
}

// opens is what the roles that are made or changed will open.
func opens(s *rbac.Snapshot, changes []api.Change) []api.CapabilityAt {
	list := []api.CapabilityAt{}
	for _, c := range changes {
		switch {
		case c.CreateRole != nil:
			list = append(list, openedOf(s.RoleOpens(rbac.Role{Workload: c.CreateRole.Workload, Name: "new", Permissions: c.CreateRole.Permissions}))...)
		case c.UpdateRole != nil && c.UpdateRole.Change.Permissions != nil:
			if role, ok := permissions.RoleByID(s, c.UpdateRole.ID); ok {
				role.Permissions = *c.UpdateRole.Change.Permissions
				list = append(list, openedOf(s.RoleOpens(role))...)
			}
		}
	}
	return list
}
