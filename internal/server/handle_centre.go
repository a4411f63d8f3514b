package server

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// GetSettings gives what the centre is told once.
func (h *handlers) GetSettings(ctx context.Context, _ api.GetSettingsRequestObject) (api.GetSettingsResponseObject, error) {
	s, err := h.Investigation.Settings(ctx, web.CallerOf(ctx).Actor())
	body := settingsOf(s)
	return api.GetSettings200JSONResponse{Body: body, Headers: api.GetSettings200ResponseHeaders{ETag: body.Etag}}, err
}

// SetSettings changes it.
func (h *handlers) SetSettings(ctx context.Context, r api.SetSettingsRequestObject) (api.SetSettingsResponseObject, error) {
	s, err := h.Investigation.SetSettings(ctx, web.CallerOf(ctx).Actor(), r.Params.IfMatch, r.Body.TellHiddenAlerts)
	body := settingsOf(s)
	return api.SetSettings200JSONResponse{Body: body, Headers: api.SetSettings200ResponseHeaders{ETag: body.Etag}}, err
}

// settingsOf shows them to who may change them: nobody else gets so far.
func settingsOf(s store.Settings) api.Settings {
	return api.Settings{
		TellHiddenAlerts: s.TellHidden, UpdatedBy: s.UpdatedBy, LastUpdateDateTime: whenever(s.Updated), Etag: investigation.SettingsTag(s),
		Change: api.Action{Allowed: true, Capability: rbac.ManageSettings, Workloads: []rbac.Workload{rbac.Other}},
	}
}
