package server

import (
	"context"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// GetView tells whether the session views the portal as somebody.
func (h *handlers) GetView(ctx context.Context, _ api.GetViewRequestObject) (api.GetViewResponseObject, error) {
	caller := web.CallerOf(ctx)
	if caller.View == nil {
		return api.GetView200JSONResponse{}, nil
	}
	out, err := h.portalView(ctx, caller.User, *caller.View)
	return api.GetView200JSONResponse(out), err
}

func (h *handlers) portalView(ctx context.Context, viewer string, v store.View) (api.PortalView, error) {
	out := api.PortalView{Viewing: true, Kind: "user", Name: v.Name, User: v.User, StartedAt: v.StartedAt, Until: v.Until}
	live, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	for _, w := range live.ViewsRoles(viewer, h.Now()).List() {
		if w != rbac.Other {
			out.Within = append(out.Within, w)
		}
	}
	switch {
	case v.Draft != nil:
		out.Kind, out.Workload = "draft", v.Draft.Workload
	case v.Role.Name != "":
		role, _ := live.Role(v.Role)
		out.Kind, out.Workload, out.Role = "role", v.Role.Workload, permissions.RoleID(role)
	}
	if len(out.Within) == 0 {
		out.Problem = "you may not view roles any more"
	} else if _, err := h.Permissions.Snapshot(permissions.Viewing(ctx, viewer, v.Viewed)); err != nil {
		out.Problem = fault.Message(err)
	}
	return out, nil
}

// BeginView begins one.
func (h *handlers) BeginView(ctx context.Context, r api.BeginViewRequestObject) (api.BeginViewResponseObject, error) {
	caller, b := web.CallerOf(ctx), r.Body
	v := rbac.Viewed{User: principalOr(b.User, ""), DeviceGroups: b.DeviceGroups}
	given := 0
	for _, is := range []bool{b.User != "", b.Role != "", b.Draft != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return nil, fault.Invalid("view the portal as somebody", "it takes one of a user, a role and a draft").WithDetails(
			fault.Detail{Where: "/", Problem: "none, or several", Want: "{user}, {role} or {draft}"})
	}
	if b.User != "" && (len(b.DeviceGroups) > 0 || len(b.DataSources) > 0) {
		return nil, fault.Invalid("view the portal as somebody", "only a role is viewed on some device groups or data sources").WithDetails(
			fault.Detail{Where: "/user", Problem: "goes with neither", Want: "a role or a draft"})
	}
	if b.Role != "" {
		snapshot, err := h.Permissions.Snapshot(ctx)
		if err != nil {
			return nil, err
		}
		role, ok := permissions.RoleByID(snapshot, b.Role)
		if v.Role = role.Ref(); !ok {
			v.Role = rbac.RoleRef{Workload: rbac.Other, Name: b.Role} // which nobody finds
		}
	}
	if b.Draft != nil {
		v.Draft = &rbac.Role{Workload: b.Draft.Workload, Name: strings.TrimSpace(b.Draft.Name), Permissions: b.Draft.Permissions}
	}
	if len(b.DataSources) > 0 {
		var err error
		if v.Sources, err = sourcesOf(b.DataSources, ""); err != nil {
			return nil, err
		}
	}
	session := ""
	if caller.Via == "session" {
		session = caller.ID
	}
	made, err := h.Permissions.BeginView(ctx, caller.Actor(), session, v)
	if err != nil {
		return nil, err
	}
	out, err := h.portalView(ctx, caller.User, made)
	return api.BeginView201JSONResponse(out), err
}

// EndView ends it.
func (h *handlers) EndView(ctx context.Context, _ api.EndViewRequestObject) (api.EndViewResponseObject, error) {
	caller := web.CallerOf(ctx)
	if caller.Via != "session" {
		return api.EndView204Response{}, nil // a token views nothing
	}
	return api.EndView204Response{}, h.Permissions.EndView(ctx, caller.Actor(), caller.ID, caller.View)
}
