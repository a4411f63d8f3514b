package server

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// WhoMay lists everyone who may see a thing, or act on it. What the caller does not see, or of an incident not all of, is
// not there.
func (h *handlers) WhoMay(ctx context.Context, r api.WhoMayRequestObject) (api.WhoMayResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	p, caller := r.Params, web.CallerOf(ctx).User
	capability := rbac.ViewInvestigation
	if p.Capability != "" {
		capability, _ = rbac.ParseCapability(p.Capability) // The contract lets no other through.
	}
	if (p.Thing == "alert" || p.Thing == "incident") && capability != rbac.ViewInvestigation && capability != rbac.ManageAlerts {
		return nil, fault.Invalid("ask who may", "%s is not done to an %s", capability, p.Thing).WithDetails(
			fault.Detail{Where: "capability", Problem: "is not done to an " + p.Thing, Want: "investigation.view or alerts.manage"})
	}
	scopes, err := h.scopesOf(ctx, asker, p.Thing, p.ID)
	if err != nil {
		return nil, err
	}
	list := strings.Join([]string{"who-may", p.Thing, p.ID, capability.String(), caller}, "\x01")
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	limit := p.Limit
	if limit == 0 {
		limit = 50
	}
	holders, err := asker.WhoMay(rbac.WhoMay{Capability: capability, Scopes: scopes, After: after, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := h.holdersOf(asker.Snapshot, holders)
	if holders.Next != "" {
		out.Next = h.cursors.Seal(list, holders.Next)
	}
	return api.WhoMay200JSONResponse(out), nil
}

// scopesOf are the parts of a thing: what it takes to see it and to act on it.
func (h *handlers) scopesOf(ctx context.Context, asker *permissions.Asker, thing, id string) ([]rbac.Resource, error) {
	caller := web.CallerOf(ctx).User
	onEndpoint := rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}}
	switch thing {
	case "device":
		device, err := h.Investigation.Device(ctx, caller, id)
		onEndpoint.DeviceGroups, onEndpoint.EveryGroup = []string{device.Group}, !device.Known
		return []rbac.Resource{onEndpoint}, err
	case "device-group":
		groups, err := asker.DeviceGroups()
		if err == nil && !slices.ContainsFunc(groups, func(g rbac.DeviceGroup) bool { return g.Name == id }) {
			err = fault.NotFound("ask who may", "there is no device group %q", id)
		}
		onEndpoint.DeviceGroups = []string{id}
		return []rbac.Resource{onEndpoint}, err
	}
	return h.Investigation.Scopes(ctx, caller, thing, id)
}

func (h *handlers) holdersOf(s *rbac.Snapshot, holders rbac.Holders) api.HolderList {
	return api.HolderList{Total: holders.Total, Items: each(holders.Items, func(holder rbac.Holder) api.Holder {
		user, _ := s.User(holder.User)
		return api.Holder{
			User: holder.User, DisplayName: displayName(user, holder.User),
			Paths: each(holder.Paths, func(p rbac.Path) api.Path { return h.pathOf(s, p) }),
		}
	})}
}
