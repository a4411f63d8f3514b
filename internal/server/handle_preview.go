package server

import (
	"context"
	"errors"
	"slices"
	"strconv"

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
	var operations []permissions.Operation
	for i, change := range r.Body.Changes {
		op, err := proposed(ctx, asker, change)
		if err != nil {
			return nil, placed(err, "/changes/"+strconv.Itoa(i))
		}
		operations = append(operations, op)
	}
	p, err := h.Permissions.Preview(ctx, web.CallerOf(ctx).Actor(), permissions.Together(operations...))
	if err != nil {
		return nil, err
	}
	out := api.PreviewAccess200JSONResponse{
		Allowed: p.Allowed, Reason: p.Reason, Users: changesOf(asker.Snapshot, p.After, p.Changes), Total: len(p.Changes.Users),
		Lacks: lacksOf(p.Lacks), Breaches: each(p.Breaches, permissions.BreachSentence), Opens: opens(p.Before, r.Body.Changes), Revision: p.Revision,
	}
	out.Gaining, out.Losing, out.Later, out.More = p.Gaining(), p.Losing(), laterOf(asker.Snapshot, p.After, p.Later), p.More
	out.LosingAll, out.Notes = len(p.Emptied), p.Notes
	for i, u := range out.Users {
		out.Users[i].LosesAll = p.Emptied[u.User]
	}
	out.Uncounted, err = h.countSight(ctx, p, out.Users)
	return out, err
}

// proposed is one change as an operation, if the asker may see what it is about.
func proposed(ctx context.Context, asker *permissions.Asker, change api.Change) (permissions.Operation, error) {
	if op, known, err := historical(ctx, asker, change); known {
		return op, err
	}
	op, role, err := operationOf(asker.Snapshot, change)
	if err != nil {
		return op, err
	}
	if role != "" {
		if _, err := asker.Role(role); err != nil {
			return op, err
		}
	}
	for _, set := range setsOf(change) {
		if _, err := asker.AssignmentsIn(set); err != nil {
			return op, err
		}
	}
	if change.DeleteAssignment != nil {
		if _, err := asker.Assignment(*change.DeleteAssignment); err != nil {
			return op, err
		}
	}
	return op, nil
}

// placed puts the place of a change before those that a refusal names.
func placed(err error, where string) error {
	var refusal *fault.Error
	if errors.As(err, &refusal) {
		for i := range refusal.Details {
			refusal.Details[i].Where = where + refusal.Details[i].Where
		}
	}
	return err
}

// countSight adds to each person how many alerts and incidents come into their sight and go out of it. What is not
// counted is said why.
func (h *handlers) countSight(ctx context.Context, p permissions.Preview, users []api.UserChange) (string, error) {
	var names []string
	looks := func(a api.Access) bool { return a.Capability == rbac.ViewInvestigation }
	for _, u := range users {
		if slices.ContainsFunc(u.Gains, looks) || slices.ContainsFunc(u.Losses, looks) {
			names = append(names, u.User)
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	if p.Renames {
		return "alerts and incidents are not counted for a change that renames device groups too: rename first, then ask again", nil
	}
	sight, err := h.Investigation.CompareSight(ctx, web.CallerOf(ctx).Actor(), p.Before, p.After, names, h.Now())
	for i, u := range users {
		if c, counted := sight.Of[u.User]; counted {
			users[i].Data = &api.SightChange{
				AlertsGained: c.AlertsGained, AlertsLost: c.AlertsLost, IncidentsGained: c.IncidentsGained, IncidentsLost: c.IncidentsLost,
			}
		}
	}
	return sight.Reason, err
}

// operationOf is the operation that a proposed change stands for, and the role that it is about.
func operationOf(s *rbac.Snapshot, c api.Change) (op permissions.Operation, role string, err error) {
	switch {
	case c.CreateRole != nil:
		n, err := newRole(*c.CreateRole)
		return permissions.CreateRole(n), "", err
	case c.UpdateRole != nil:
		change, err := roleChange(s, c.UpdateRole.ID, c.UpdateRole.Change)
		return permissions.UpdateRole(c.UpdateRole.ID, change), c.UpdateRole.ID, placed(err, "/updateRole/change")
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
		return putGroup(c.PutGroup.Name, c.PutGroup.Group), "", nil
	case c.RemoveGroup != nil:
		return permissions.RemoveGroup(*c.RemoveGroup), "", nil
	case c.PutUser != nil:
		return putUser(c.PutUser.Name, c.PutUser.User), "", nil
	case c.RemoveUser != nil:
		return permissions.RemoveUser(*c.RemoveUser), "", nil
	case c.PutCeiling != nil:
		return permissions.PutCeiling(ceilingOf(c.PutCeiling.Name, c.PutCeiling.Ceiling)), "", nil
	case c.RemoveCeiling != nil:
		return permissions.RemoveCeiling(*c.RemoveCeiling), "", nil
	}
	return op, "", fault.Invalid("preview", "a change of nothing").WithDetails(
		fault.Detail{Problem: "names no change", Want: "exactly one kind of change"})
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
