package server

import (
	"context"
	"strings"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListCeilings lists delegation ceilings.
func (h *handlers) ListCeilings(ctx context.Context, r api.ListCeilingsRequestObject) (api.ListCeilingsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	list, err := asker.Ceilings()
	if err != nil {
		return nil, err
	}
	page, next, err := paged(ctx, h, list, func(c rbac.Ceiling) string { return c.Name }, r.Params.Limit, r.Params.Cursor, "ceilings")
	return api.ListCeilings200JSONResponse{
		Items: each(page, func(c rbac.Ceiling) api.Ceiling { return ceilingItem(asker, c) }), Total: len(list), Next: next,
		Actions: api.Actions{"create": may(asker, rbac.ManageSettings, rbac.Other)},
	}, err
}

func ceilingItem(a *permissions.Asker, c rbac.Ceiling) api.Ceiling {
	change := may(a, rbac.ManageSettings, rbac.Other)
	return api.Ceiling{
		Name: c.Name, Description: c.Description, Users: orEmpty(c.Users), Groups: orEmpty(c.Groups),
		Workloads: named(c.Workloads), Permissions: named(c.Permissions), DeviceGroups: named(c.DeviceGroups), AssignableGroups: named(c.AssignableGroups),
		Etag: permissions.Tag(a.Snapshot, permissions.CeilingState(c.Name)), Actions: api.Actions{"edit": change, "delete": change},
	}
}

// named is a bound in the contract's form, where none at all means all; bound reads it.
func named[T ~string | ~uint8](b rbac.Bound[T]) *[]T {
	if b.All {
		return nil
	}
	list := append([]T{}, b.Of...)
	return &list
}

func bound[T ~string | ~uint8](list *[]T) rbac.Bound[T] {
	if list == nil {
		return rbac.Bound[T]{All: true}
	}
	return rbac.Bound[T]{Of: *list}
}

func (h *handlers) ceiling(ctx context.Context, name string) (api.Ceiling, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.Ceiling{}, err
	}
	c, err := asker.Ceiling(name)
	return ceilingItem(asker, c), err
}

// GetCeiling shows one.
func (h *handlers) GetCeiling(ctx context.Context, r api.GetCeilingRequestObject) (api.GetCeilingResponseObject, error) {
	c, err := h.ceiling(ctx, r.Name)
	return api.GetCeiling200JSONResponse{Body: c, Headers: api.GetCeiling200ResponseHeaders{ETag: c.Etag}}, err
}

// PutCeiling makes or replaces one.
func (h *handlers) PutCeiling(ctx context.Context, r api.PutCeilingRequestObject) (api.PutCeilingResponseObject, error) {
	if _, err := h.do(ctx, permissions.PutCeiling(ceilingOf(r.Name, *r.Body)).If(r.Params.IfMatch, permissions.CeilingState(r.Name)), rbac.ManageSettings, rbac.Other); err != nil {
		return nil, err
	}
	c, err := h.ceiling(ctx, strings.TrimSpace(r.Name))
	return api.PutCeiling200JSONResponse{Body: c, Headers: api.PutCeiling200ResponseHeaders{ETag: c.Etag}}, err
}

func ceilingOf(name string, b api.CeilingSetting) rbac.Ceiling {
	return rbac.Ceiling{
		Name: name, Description: b.Description, Users: b.Users, Groups: b.Groups,
		Workloads: bound(b.Workloads), Permissions: bound(b.Permissions), DeviceGroups: bound(b.DeviceGroups), AssignableGroups: bound(b.AssignableGroups),
	}
}

// RemoveCeiling removes one.
func (h *handlers) RemoveCeiling(ctx context.Context, r api.RemoveCeilingRequestObject) (api.RemoveCeilingResponseObject, error) {
	seen := func(a *permissions.Asker) error {
		_, err := a.Ceiling(r.Name)
		return err
	}
	return api.RemoveCeiling204Response{}, h.doTo(ctx, permissions.RemoveCeiling(r.Name).If(r.Params.IfMatch, permissions.CeilingState(r.Name)), seen)
}
