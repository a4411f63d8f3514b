package server

import (
	"bytes"
	"context"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// ExportPolicy gives the policy as a file.
func (h *handlers) ExportPolicy(ctx context.Context, _ api.ExportPolicyRequestObject) (api.ExportPolicyResponseObject, error) {
	text, err := h.Permissions.ExportPolicy(ctx, web.CallerOf(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return api.ExportPolicy200ApplicationYamlResponse{Body: bytes.NewReader(text), ContentLength: int64(len(text))}, nil
}

// AdoptPolicy gives a file as the live policy has what it declares.
func (h *handlers) AdoptPolicy(ctx context.Context, r api.AdoptPolicyRequestObject) (api.AdoptPolicyResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	file, err := policyfile.Parse(nameOf(*r.Body), []byte(r.Body.Text))
	if err != nil {
		return nil, err
	}
	text, err := h.Permissions.AdoptPolicy(ctx, web.CallerOf(ctx).Actor(), file)
	if err != nil {
		return nil, err
	}
	return api.AdoptPolicy200ApplicationYamlResponse{Body: bytes.NewReader(text), ContentLength: int64(len(text))}, nil
}

// PlanPolicy tells what a policy file would change.
func (h *handlers) PlanPolicy(ctx context.Context, r api.PlanPolicyRequestObject) (api.PlanPolicyResponseObject, error) {
	// A plan compares a file with the policy: what is wrong with it tells which names there are.
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	file, err := policyfile.Parse(nameOf(*r.Body), []byte(r.Body.Text))
	if err != nil {
		return nil, err
	}
	plan, err := h.Permissions.PlanPolicy(ctx, web.CallerOf(ctx).Actor(), file, r.Body.Prune)
	if err != nil {
		return nil, err
	}
	return api.PlanPolicy200JSONResponse(planOf(asker, plan)), nil
}

// ApplyPolicy makes it so.
func (h *handlers) ApplyPolicy(ctx context.Context, r api.ApplyPolicyRequestObject) (api.ApplyPolicyResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, h.refused(ctx, "policy.apply", err)
	}
	file, err := policyfile.Parse(nameOf(*r.Body), []byte(r.Body.Text))
	if err != nil {
		return nil, err
	}
	actor := web.CallerOf(ctx).Actor()
	var plan permissions.PolicyPlan
	if on := r.Body.Plan; on != nil {
		plan, err = h.Permissions.ApplyPlan(ctx, actor, file, r.Body.Prune, on.Revision, permissions.Fingerprint(on.Fingerprint))
	} else {
		plan, err = h.Permissions.ApplyPolicy(ctx, actor, file, r.Body.Prune)
	}
	if err != nil {
		return nil, err
	}
	return api.ApplyPolicy200JSONResponse(planOf(asker, plan)), nil
}

func nameOf(b api.PolicyFile) string {
	if b.Name == "" {
		return "policy.yaml"
	}
	return b.Name
}

func planOf(a *permissions.Asker, p permissions.PolicyPlan) api.PolicyPlan {
	return api.PolicyPlan{
		Summary: orEmpty(p.Summary), Warnings: p.Warnings, Users: changesOf(a.Snapshot, nil, p.Changes), Total: len(p.Changes.Users),
		Lacks: []api.Lack{}, Revision: p.Revision, Fingerprint: string(p.On), Gaining: p.Gaining(), Losing: p.Losing(), Moves: p.Moves, More: p.More,
		Later: laterOf(a.Snapshot, nil, p.Later),
	}
}

func laterOf(s, after *rbac.Snapshot, list []rbac.Later) []api.LaterChange {
	return each(list, func(l rbac.Later) api.LaterChange {
		return api.LaterChange{At: l.At, Users: changesOf(s, after, l.Changes), Total: len(l.Changes.Users)}
	})
}
