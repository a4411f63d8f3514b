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

// ExplainAccess answers why, or why not.
func (h *handlers) ExplainAccess(ctx context.Context, r api.ExplainAccessRequestObject) (api.ExplainAccessResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	b := *r.Body
	principal := principalOr(b.Principal, web.CallerOf(ctx).User)
	resource := rbac.Resource{Workloads: []rbac.Workload{b.Workload}}
	if b.DeviceGroup != "" {
		resource.DeviceGroups = []string{b.DeviceGroup}
	}
	if b.Role != "" {
		return h.explainRole(asker, b, resource)
	}
	e, err := asker.Explain(rbac.Request{Principal: principal, Capability: b.Capability, Resource: resource})
	if err != nil {
		return nil, err
	}
	s := asker.Snapshot
	user, _ := s.User(principal)
	out := api.Explanation{
		Principal: principal, DisplayName: displayName(user, principal), Capability: b.Capability, Workload: b.Workload, DeviceGroup: b.DeviceGroup,
		Allowed: e.Allowed, Revision: e.Revision, Reason: "invalid", Sentence: sayDecision(displayName(user, principal), e),
		Proofs: each(e.Proofs, func(p rbac.Proof) api.Proof { return h.proofOf(s, p) }),
	}
	if len(e.Proofs) > 0 {
		out.Reason = e.Proofs[0].Reason
	}
	return api.ExplainAccess200JSONResponse(out), nil
}

// principalOr reads a principal's name: a user's in lower case, a group's behind group: as it is spelt.
func principalOr(name, otherwise string) string {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return otherwise
	case strings.HasPrefix(name, "group:"):
		return name
	}
	return strings.ToLower(name)
}

// EffectiveAccess shows all that one principal has.
func (h *handlers) EffectiveAccess(ctx context.Context, r api.EffectiveAccessRequestObject) (api.EffectiveAccessResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	caller := web.CallerOf(ctx).User
	principal := principalOr(r.Params.Principal, caller)
	e, err := asker.Effective(principal)
	if err != nil {
		return nil, err
	}
	s := asker.Snapshot
	of := s.StandsFor(principal)
	user, _ := s.User(of)
	shown := displayName(user, of)
	if v := web.CallerOf(ctx).View; of == "" && v != nil {
		shown = v.Name
	}
	return api.EffectiveAccess200JSONResponse{
		Principal: of, DisplayName: shown, Reason: e.Reason, GlobalRoles: orEmpty(user.GlobalRoles),
		Groups: orEmpty(s.GroupsOf(of)), Cells: cellsOf(e.Cells),
		Partial: principal != caller && len(manyOf(asker)) < len(rbac.Workloads),
		Holdings: each(e.Holdings, func(g rbac.Holding) api.Holding {
			out := api.Holding{
				Workload: g.Workload, Permission: g.Permission, Group: g.Group, Assignment: g.Assignment, Everywhere: g.Everywhere,
				DeviceGroups: g.DeviceGroups, NotBefore: g.NotBefore, NotAfter: g.NotAfter, Opens: openedOf(g.Opens),
			}
			if g.Role.Name != "" {
				out.Role = h.refOf(s, g.Role)
			}
			return out
		}),
	}, nil
}

// manyOf lists those of the four workloads whose roles the asker may view.
func manyOf(a *permissions.Asker) []rbac.Workload {
	return slices.DeleteFunc(a.Where(rbac.ViewRoles), func(w rbac.Workload) bool { return w == rbac.Other })
}

func userKey(u rbac.User) string { return u.Name }

// WhoCan lists everyone who has a capability. Its pages are rbac's; the cursor is sealed like any other.
func (h *handlers) WhoCan(ctx context.Context, r api.WhoCanRequestObject) (api.WhoCanResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	p := r.Params
	capability, _ := rbac.ParseCapability(p.Capability) // The contract lets no other through.
	workload, _ := rbac.ParseWorkload(p.Workload)
	list := strings.Join([]string{"who-can", p.Capability, p.Workload, p.DeviceGroup, web.CallerOf(ctx).User}, "\x01")
	if p.Somewhere {
		list += "\x01somewhere"
	}
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	resource := rbac.Resource{Workloads: []rbac.Workload{workload}, Somewhere: p.Somewhere}
	if p.DeviceGroup != "" {
		resource.DeviceGroups = []string{p.DeviceGroup}
	}
	limit := p.Limit
	if limit == 0 {
		limit = 50
	}
	holders, err := asker.WhoCan(rbac.WhoCan{Capability: capability, Resource: resource, After: after, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := h.holdersOf(asker.Snapshot, holders)
	if holders.Next != "" {
		out.Next = h.cursors.Seal(list, holders.Next)
	}
	return api.WhoCan200JSONResponse(out), nil
}
