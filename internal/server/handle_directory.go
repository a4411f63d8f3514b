package server

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListUsers lists users, to whom may view roles of any product.
func (h *handlers) ListUsers(ctx context.Context, r api.ListUsersRequestObject) (api.ListUsersResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	p, s := r.Params, asker.Snapshot
	group, _ := s.Group(p.Group)
	users := slices.DeleteFunc(s.Users(), func(u rbac.User) bool {
		return p.Group != "" && !slices.Contains(group.Members, u.Name) || !contains(p.Q, u.Name, u.DisplayName)
	})
	page, next, err := paged(ctx, h, users, userKey, p.Limit, p.Cursor, "users", p.Q, p.Group)
	return api.ListUsers200JSONResponse{
		Items: each(page, func(u rbac.User) api.User { return h.userItem(ctx, asker, u) }), Total: len(users), Next: next,
		Actions: api.Actions{"create": may(asker, rbac.ManageSettings, rbac.Other)},
	}, err
}

func (h *handlers) userItem(ctx context.Context, a *permissions.Asker, u rbac.User) api.User {
	change := may(a, rbac.ManageSettings, rbac.Other)
	return api.User{
		Name: u.Name, DisplayName: displayName(u, u.Name), GlobalRoles: orEmpty(u.GlobalRoles), Groups: orEmpty(a.Snapshot.GroupsOf(u.Name)),
		Disabled: u.Disabled, NotAfter: u.NotAfter, Origin: h.originOf(ctx, a.Snapshot, imports.KindUser, u.Name), Etag: permissions.Tag(a.Snapshot, permissions.UserState(u.Name)), Actions: api.Actions{"edit": change, "delete": change, "setPassword": change},
	}
}

// user finds one: to whom may not view roles, nobody is there but themselves.
func (h *handlers) user(ctx context.Context, name string) (api.User, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.User{}, err
	}
	if err := userIs(name, web.CallerOf(ctx).User)(asker); err != nil {
		return api.User{}, err
	}
	u, _ := asker.Snapshot.User(strings.ToLower(name))
	return h.userItem(ctx, asker, u), nil
}

func userIs(name, caller string) func(*permissions.Asker) error {
	return func(a *permissions.Asker) error {
		_, ok := a.Snapshot.User(strings.ToLower(name))
		if !ok || a.ViewsRoles() != nil && strings.ToLower(name) != caller {
			return fault.NotFound("read user", "there is no user %q", name)
		}
		return nil
	}
}

// GetUser shows one.
func (h *handlers) GetUser(ctx context.Context, r api.GetUserRequestObject) (api.GetUserResponseObject, error) {
	u, err := h.user(ctx, r.Name)
	return api.GetUser200JSONResponse{Body: u, Headers: api.GetUser200ResponseHeaders{ETag: u.Etag}}, err
}

// PutUser makes or replaces one.
func (h *handlers) PutUser(ctx context.Context, r api.PutUserRequestObject) (api.PutUserResponseObject, error) {
	if _, err := h.do(ctx, putUser(r.Name, *r.Body).If(r.Params.IfMatch, permissions.UserState(r.Name)), rbac.ManageSettings, rbac.Other); err != nil {
		return nil, err
	}
	u, err := h.user(ctx, strings.TrimSpace(r.Name))
	return api.PutUser200JSONResponse{Body: u, Headers: api.PutUser200ResponseHeaders{ETag: u.Etag}}, err
}

func putUser(name string, b api.UserSetting) permissions.Operation {
	u := rbac.User{Name: name, DisplayName: b.DisplayName, GlobalRoles: b.GlobalRoles, Disabled: b.Disabled, NotAfter: b.NotAfter}
	if b.Groups != nil {
		return permissions.PutMember(u, *b.Groups)
	}
	return permissions.PutUser(u)
}

// RemoveUser removes one.
func (h *handlers) RemoveUser(ctx context.Context, r api.RemoveUserRequestObject) (api.RemoveUserResponseObject, error) {
	return api.RemoveUser204Response{}, h.doTo(ctx, permissions.RemoveUser(r.Name).If(r.Params.IfMatch, permissions.UserState(r.Name)), userIs(r.Name, web.CallerOf(ctx).User))
}

// SetPassword resets another's sign-in.
func (h *handlers) SetPassword(ctx context.Context, r api.SetPasswordRequestObject) (api.SetPasswordResponseObject, error) {
	caller := web.CallerOf(ctx)
	err := h.Directory.SetPassword(ctx, caller.Actor(), r.Name, r.Body.Password)
	if err != nil {
		asker, failed := h.asker(ctx)
		if failed != nil {
			return nil, failed
		}
		if unseen := userIs(r.Name, caller.User)(asker); unseen != nil {
			return nil, unseen
		}
	}
	return api.SetPassword204Response{}, err
}

// ListGroups lists groups.
func (h *handlers) ListGroups(ctx context.Context, r api.ListGroupsRequestObject) (api.ListGroupsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	p := r.Params
	groups := slices.DeleteFunc(asker.Snapshot.Groups(), func(g rbac.Group) bool { return !contains(p.Q, g.Name, g.Description) })
	page, next, err := paged(ctx, h, groups, func(g rbac.Group) string { return g.Name }, p.Limit, p.Cursor, "groups", p.Q)
	return api.ListGroups200JSONResponse{
		Items: each(page, func(g rbac.Group) api.Group { return h.groupItem(ctx, asker, g, 10) }), Total: len(groups), Next: next,
		Actions: api.Actions{"create": may(asker, rbac.ManageSettings, rbac.Other)},
	}, err
}

func (h *handlers) groupItem(ctx context.Context, a *permissions.Asker, g rbac.Group, shown int) api.Group {
	s, change := a.Snapshot, may(a, rbac.ManageSettings, rbac.Other)
	out := api.Group{
		Name: g.Name, Description: g.Description, MemberCount: len(g.Members), DeviceGroups: []string{}, Origin: h.originOf(ctx, s, imports.KindGroup, g.Name),
		Actions: api.Actions{"edit": change, "delete": change},
		Members: each(g.Members[:min(shown, len(g.Members))], func(name string) api.Principal {
			u, _ := s.User(name)
			return api.Principal{Name: name, DisplayName: displayName(u, name)}
		}),
	}
	if a.Can(rbac.ViewRoles, rbac.Endpoint) {
		for _, d := range s.DeviceGroups() {
			if slices.Contains(d.Access, g.Name) {
				out.DeviceGroups = append(out.DeviceGroups, d.Name)
			}
		}
	}
	return out
}

func (h *handlers) group(ctx context.Context, name string) (api.Group, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.Group{}, err
	}
	if err := groupIs(name)(asker); err != nil {
		return api.Group{}, err
	}
	g, _ := asker.Snapshot.Group(name)
	item := h.groupItem(ctx, asker, g, len(g.Members))
	item.Etag = permissions.Tag(asker.Snapshot, permissions.GroupState(g.Name)) // not in lists: it reads all members
	return item, nil
}

func groupIs(name string) func(*permissions.Asker) error {
	return func(a *permissions.Asker) error {
		if _, ok := a.Snapshot.Group(name); !ok || a.ViewsRoles() != nil {
			return fault.NotFound("read group", "there is no group %q", name)
		}
		return nil
	}
}

// GetGroup shows one with its members.
func (h *handlers) GetGroup(ctx context.Context, r api.GetGroupRequestObject) (api.GetGroupResponseObject, error) {
	g, err := h.group(ctx, r.Name)
	return api.GetGroup200JSONResponse{Body: g, Headers: api.GetGroup200ResponseHeaders{ETag: g.Etag}}, err
}

// PutGroup makes or replaces one.
func (h *handlers) PutGroup(ctx context.Context, r api.PutGroupRequestObject) (api.PutGroupResponseObject, error) {
	is := r.Name
	if r.Body.RenamedFrom != "" {
		is = r.Body.RenamedFrom
	}
	if _, err := h.do(ctx, putGroup(r.Name, *r.Body).If(r.Params.IfMatch, permissions.GroupState(is)), rbac.ManageSettings, rbac.Other); err != nil {
		return nil, err
	}
	g, err := h.group(ctx, strings.TrimSpace(r.Name))
	return api.PutGroup200JSONResponse{Body: g, Headers: api.PutGroup200ResponseHeaders{ETag: g.Etag}}, err
}

func putGroup(name string, b api.GroupSetting) permissions.Operation {
	g := rbac.Group{Name: name, Description: b.Description, Members: b.Members}
	if b.RenamedFrom != "" {
		return permissions.RenameGroup(b.RenamedFrom, g)
	}
	return permissions.PutGroup(g)
}

// RemoveGroup removes one.
func (h *handlers) RemoveGroup(ctx context.Context, r api.RemoveGroupRequestObject) (api.RemoveGroupResponseObject, error) {
	return api.RemoveGroup204Response{}, h.doTo(ctx, permissions.RemoveGroup(r.Name).If(r.Params.IfMatch, permissions.GroupState(r.Name)), groupIs(r.Name))
}
