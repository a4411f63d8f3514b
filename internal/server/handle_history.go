package server

import (
	"context"
	"fmt"
	"strconv"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListRoleVersions tells how a role came to be what it is, or was.
func (h *handlers) ListRoleVersions(ctx context.Context, r api.ListRoleVersionsRequestObject) (api.ListRoleVersionsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	history, err := asker.History(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	// Latest first, and a key that sorts so.
	key := func(v permissions.Version) string { return fmt.Sprintf("%019d", int64(1<<62)-v.Revision) }
	page, next, err := paged(ctx, h, history.Versions, key, r.Params.Limit, r.Params.Cursor, "versions", r.ID)
	if err != nil {
		return nil, err
	}
	etag := permissions.Tag(asker.Snapshot, asker.HistoryState(r.ID))
	body := api.RoleVersionList{
		Items: each(page, func(v permissions.Version) api.RoleVersion { return versionOf(asker, history, v) }),
		Total: len(history.Versions), Next: next, Live: history.Live, Until: history.Until, Etag: etag,
	}
	return api.ListRoleVersions200JSONResponse{Body: body, Headers: api.ListRoleVersions200ResponseHeaders{ETag: etag}}, nil
}

func versionOf(asker *permissions.Asker, history permissions.History, v permissions.Version) api.RoleVersion {
	c := v.Changed
	out := api.RoleVersion{
		Number: v.Number, Revision: v.Revision, At: v.At, Actor: v.Actor, Operation: v.Operation, Entry: v.Entry, Deleted: v.Deleted,
		Current: history.Live && v.Number == len(history.Versions), Name: v.Role.Name, Description: v.Role.Description,
		Permissions: orEmpty(v.Role.Permissions), Assignments: each(v.Assignments[:min(100, len(v.Assignments))], permissions.GivenSentence), AssignmentCount: len(v.Assignments),
		Changed: api.VersionChange{
			Begins: c.Begins, Returns: c.Returns, FormerName: c.FormerName, Description: c.Description, Added: orEmpty(c.Added),
			Removed: orEmpty(c.Removed), Given: each(c.Given, permissions.GivenSentence), TakenBack: each(c.TakenBack, permissions.GivenSentence),
		},
	}
	restore := mayIf(asker.CanRestore(v.RoleVersion, history.Versions[0].RoleVersion))
	if out.Current {
		restore = never("this is how it is now")
	}
	out.Actions = api.Actions{"restore": within(asker, restore, rbac.PutRole{Role: v.Role})}
	return out
}

// RestoreRole brings a version of a role back.
func (h *handlers) RestoreRole(ctx context.Context, r api.RestoreRoleRequestObject) (api.RestoreRoleResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	op, err := asker.Restore(ctx, permissions.Restoration{RoleID: r.ID, Revision: r.Body.Revision, Name: r.Body.Name})
	if err != nil {
		return nil, err
	}
	done, err := h.Permissions.Do(ctx, web.CallerOf(ctx).Actor(), op.If(r.Params.IfMatch, asker.HistoryState(r.ID)))
	if err != nil {
		return nil, err
	}
	role, err := h.made(ctx, r.ID)
	return api.RestoreRole200JSONResponse{Role: role, NotRestored: orEmpty(done.Notes)}, err
}

// CopyRole makes a custom role of any role.
func (h *handlers) CopyRole(ctx context.Context, r api.CopyRoleRequestObject) (api.CopyRoleResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := asker.Role(r.ID); err != nil {
		return nil, err
	}
	done, err := h.Permissions.Do(ctx, web.CallerOf(ctx).Actor(), permissions.CopyRole(r.ID, permissions.Copy{
		Name: r.Body.Name, Description: r.Body.Description, Assignments: r.Body.Assignments,
	}))
	if err != nil {
		return nil, err
	}
	role, err := h.made(ctx, done.ID)
	return api.CopyRole201JSONResponse{Body: role, Headers: api.CopyRole201ResponseHeaders{Location: "/api/v1/roles/" + done.ID}}, err
}

// ListDeletedRoles lists the roles that can be brought back.
func (h *handlers) ListDeletedRoles(ctx context.Context, r api.ListDeletedRolesRequestObject) (api.ListDeletedRolesResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	list, err := asker.DeletedRoles(ctx)
	if err != nil {
		return nil, err
	}
	key := func(v store.RoleVersion) string {
		return strconv.FormatInt(int64(1<<62)-v.At.UnixNano(), 10) + "/" + v.RoleID
	}
	page, next, err := paged(ctx, h, list, key, r.Params.Limit, r.Params.Cursor, "deleted roles")
	if err != nil {
		return nil, err
	}
	return api.ListDeletedRoles200JSONResponse{Items: each(page, func(v store.RoleVersion) api.DeletedRole {
		return api.DeletedRole{
			ID: v.RoleID, Name: v.Role.Name, Workload: v.Role.Workload, Description: v.Role.Description, Permissions: orEmpty(v.Role.Permissions),
			DeletedAt: v.At, DeletedBy: v.Actor, Entry: v.Entry, Until: permissions.UndoUntil(v),
			Actions: api.Actions{"restore": within(asker, mayIf(asker.CanRestore(v)), rbac.PutRole{Role: v.Role})},
		}
	}), Total: len(list), Next: next}, nil
}

// CompareAccess holds two roles, versions or principals against each other.
func (h *handlers) CompareAccess(ctx context.Context, r api.CompareAccessRequestObject) (api.CompareAccessResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	c, err := asker.Contrast(ctx, r.Params.Left, r.Params.Right)
	if err != nil {
		return nil, err
	}
	l, b, t := c.Contrast.Left, c.Contrast.Both, c.Contrast.Right
	return api.CompareAccess200JSONResponse{
		Left: sideOf(c.Left), Right: sideOf(c.Right), Same: c.Same(), LeftOut: c.LeftOut,
		Permissions: api.ComparedPermissions{Left: each(l.Permissions, heldOf), Both: each(b.Permissions, heldOf), Right: each(t.Permissions, heldOf)},
		Opens:       api.ComparedOpens{Left: openedOf(l.Opens), Both: openedOf(b.Opens), Right: openedOf(t.Opens)},
		Effect:      api.ComparedEffect{Left: accessesOf(l.Effect), Both: accessesOf(b.Effect), Right: accessesOf(t.Effect)},
	}, nil
}

func sideOf(s permissions.Side) api.ComparedSide {
	return api.ComparedSide{Key: s.Key, Title: s.Title, Role: s.Role, Workload: s.Workload, Notes: orEmpty(s.Notes)}
}

func heldOf(p rbac.Held) api.HeldPermission {
	return api.HeldPermission{Workload: p.Workload, Permission: p.Permission}
}

// historical is a proposed copy or restoration, as an operation. known is false for any other change.
func historical(ctx context.Context, asker *permissions.Asker, change api.Change) (op permissions.Operation, known bool, err error) {
	switch c := change.CopyRole; {
	case c != nil:
		if _, err := asker.Role(c.ID); err != nil {
			return op, true, err
		}
		return permissions.CopyRole(c.ID, permissions.Copy{Name: c.Name, Description: c.Description, Assignments: c.Assignments}), true, nil
	case change.RestoreRole != nil:
		r := change.RestoreRole
		op, err := asker.Restore(ctx, permissions.Restoration{RoleID: r.ID, Revision: r.Revision, Name: r.Name})
		return op, true, err
	}
	return op, false, nil
}
