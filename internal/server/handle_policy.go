package server

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/api"
)

func (h *handlers) ExportPolicy(ctx context.Context, _ api.ExportPolicyRequestObject) (api.ExportPolicyResponseObject, error) {
	return nil, fault.Unavailable("export", "not yet")
}
func (h *handlers) PlanPolicy(ctx context.Context, r api.PlanPolicyRequestObject) (api.PlanPolicyResponseObject, error) {
	return nil, fault.Unavailable("export", "not yet")
}
func (h *handlers) ApplyPolicy(ctx context.Context, r api.ApplyPolicyRequestObject) (api.ApplyPolicyResponseObject, error) {
	return nil, fault.Unavailable("export", "not yet")
}
