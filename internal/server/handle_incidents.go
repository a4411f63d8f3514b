package server

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// IncidentMembers tells how the alerts of an incident came into it.
func (h *handlers) IncidentMembers(ctx context.Context, r api.IncidentMembersRequestObject) (api.IncidentMembersResponseObject, error) {
	list, err := h.Investigation.IncidentMembers(ctx, web.CallerOf(ctx).Actor(), r.ID)
	return api.IncidentMembers200JSONResponse{Items: each(list, memberOf)}, err
}

func memberOf(m investigation.Member) api.IncidentMember {
	out := api.IncidentMember{Alert: m.Alert, How: string(m.How), From: m.From, At: whenever(m.At)}
	for _, t := range m.Ties {
		out.Because = append(out.Because, api.IncidentTie{Kind: string(t.Kind), Name: t.Key, Alert: t.With})
	}
	return out
}

// GetCorrelation gives how far apart alerts may be to be joined.
func (h *handlers) GetCorrelation(ctx context.Context, _ api.GetCorrelationRequestObject) (api.GetCorrelationResponseObject, error) {
	window, change, err := h.Investigation.Correlation(ctx, web.CallerOf(ctx).Actor())
	return api.GetCorrelation200JSONResponse{Body: correlationOf(window, change), Headers: api.GetCorrelation200ResponseHeaders{ETag: investigation.CorrelationTag(window)}}, err
}

// SetCorrelation changes it.
func (h *handlers) SetCorrelation(ctx context.Context, r api.SetCorrelationRequestObject) (api.SetCorrelationResponseObject, error) {
	window := time.Duration(r.Body.WindowMinutes) * time.Minute
	err := h.Investigation.SetCorrelation(ctx, web.CallerOf(ctx).Actor(), r.Params.IfMatch, window)
	body := correlationOf(window, investigation.Action{Allowed: true, Capability: rbac.ManageSettings})
	return api.SetCorrelation200JSONResponse{Body: body, Headers: api.SetCorrelation200ResponseHeaders{ETag: body.Etag}}, err
}

func correlationOf(window time.Duration, change investigation.Action) api.CorrelationState {
	return api.CorrelationState{
		WindowMinutes: int(window / time.Minute), MostMinutes: int(investigation.LongestWindow / time.Minute), Etag: investigation.CorrelationTag(window), WhoMay: administrators,
		Change: api.Action{Allowed: change.Allowed, Reason: change.Reason, Capability: change.Capability, Workloads: []rbac.Workload{rbac.Other}},
	}
}

// MergeIncidents merges others into one.
func (h *handlers) MergeIncidents(ctx context.Context, r api.MergeIncidentsRequestObject) (api.MergeIncidentsResponseObject, error) {
	from := each(r.Body.From, func(m api.IncidentToMerge) investigation.Merging {
		return investigation.Merging{ID: m.ID, ETag: m.Etag}
	})
	is, err := h.Investigation.MergeIncidents(ctx, web.CallerOf(ctx).Actor(), r.ID, from, r.Params.IfMatch)
	return api.MergeIncidents200JSONResponse{Body: incidentNow(is), Headers: api.MergeIncidents200ResponseHeaders{ETag: is.ETag}}, err
}

// SplitIncident takes alerts out of one.
func (h *handlers) SplitIncident(ctx context.Context, r api.SplitIncidentRequestObject) (api.SplitIncidentResponseObject, error) {
	is, err := h.Investigation.SplitIncident(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Body.Alerts, r.Params.IfMatch)
	return api.SplitIncident201JSONResponse{Body: incidentNow(is), Headers: api.SplitIncident201ResponseHeaders{ETag: is.ETag}}, err
}

func incidentNow(is investigation.IncidentNow) api.IncidentNow {
	return api.IncidentNow{ID: is.ID, DisplayName: is.Name, Status: is.Status, Alerts: int(is.Alerts), Etag: is.ETag}
}
