package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
)

// ManageAlerts makes the same change to several alerts.
func (h *handlers) ManageAlerts(ctx context.Context, r api.ManageAlertsRequestObject) (api.ManageAlertsResponseObject, error) {
	body, err := changeOf(r.Body.Change)
	if err != nil {
		return nil, err
	}
	list, err := h.Investigation.ManageAlerts(ctx, web.CallerOf(ctx).Actor(), r.Body.Ids, body, r.Body.Comment, r.Body.LastUpdates)
	if err != nil {
		return nil, err
	}
	return api.ManageAlerts200JSONResponse(managed(list)), nil
}

// changeOf is a change as PATCH takes it.
func changeOf(c *api.AlertsChange) ([]byte, error) {
	change := map[string]any{}
	if c != nil {
		for name, value := range map[string]*string{"status": c.Status, "assignedTo": c.AssignedTo, "classification": c.Classification, "determination": c.Determination} {
			switch {
			case value == nil:
			case *value == "":
				change[name] = nil
			default:
				change[name] = *value
			}
		}
	}
	return json.Marshal(change)
}

func managed(list []investigation.Managed) api.ManagedAlerts {
	out := api.ManagedAlerts{Items: []api.ManagedAlert{}}
	for _, m := range list {
		out.Items = append(out.Items, api.ManagedAlert{ID: m.ID, Changed: m.Changed, Reason: m.Reason})
		if m.Changed {
			out.Changed++
		}
	}
	return out
}

// ManageIncidents makes the same change to several incidents.
func (h *handlers) ManageIncidents(ctx context.Context, r api.ManageIncidentsRequestObject) (api.ManageIncidentsResponseObject, error) {
	body, err := changeOf(r.Body.Change)
	if err != nil {
		return nil, err
	}
	list, err := h.Investigation.ManageIncidents(ctx, web.CallerOf(ctx).Actor(), r.Body.Ids, body, r.Body.Comment, r.Body.LastUpdates)
	if err != nil {
		return nil, err
	}
	return api.ManageIncidents200JSONResponse(managed(list)), nil
}

// ExportIncidents gives the incidents that a filter finds as a file.
func (h *handlers) ExportIncidents(ctx context.Context, r api.ExportIncidentsRequestObject) (api.ExportIncidentsResponseObject, error) {
	p := r.Params
	export, err := h.Investigation.ExportIncidents(ctx, web.CallerOf(ctx).Actor(), investigation.Query{Filter: p.Filter, Search: p.Search, OrderBy: p.Orderby}, p.Format == "json")
	if err != nil {
		return nil, err
	}
	return alertFile{export}, nil
}

// VisitExportIncidentsResponse writes the file.
func (f alertFile) VisitExportIncidentsResponse(w http.ResponseWriter) error {
	return f.VisitExportAlertsResponse(w)
}

// ExportAlerts gives the alerts that a filter finds as a file.
func (h *handlers) ExportAlerts(ctx context.Context, r api.ExportAlertsRequestObject) (api.ExportAlertsResponseObject, error) {
	p := r.Params
	export, err := h.Investigation.ExportAlerts(ctx, web.CallerOf(ctx).Actor(), investigation.Query{Filter: p.Filter, Search: p.Search, OrderBy: p.Orderby}, p.Format == "json")
	if err != nil {
		return nil, err
	}
	return alertFile{export}, nil
}

// alertFile is written as it is read, like a report.
type alertFile struct{ *investigation.Export }

// VisitExportAlertsResponse writes the file.
func (f alertFile) VisitExportAlertsResponse(w http.ResponseWriter) error {
	kind := "text/csv; charset=utf-8; header=present"
	if f.JSON {
		kind = "application/json"
	}
	return download(w, kind, f.FileName(), f.Write)
}

// WatchQueue waits for news of what the caller sees.
func (h *handlers) WatchQueue(ctx context.Context, r api.WatchQueueRequestObject) (api.WatchQueueResponseObject, error) {
	caller := web.CallerOf(ctx)
	changed, err := h.Investigation.Changed(ctx, caller.User, caller.ID+"/"+r.Params.Window, time.Duration(r.Params.Wait)*time.Second)
	return api.WatchQueue200JSONResponse{Changed: changed}, err
}

// ListSavedViews gives the caller's own.
func (h *handlers) ListSavedViews(ctx context.Context, _ api.ListSavedViewsRequestObject) (api.ListSavedViewsResponseObject, error) {
	list, err := h.Directory.SavedViews(ctx, web.CallerOf(ctx).User)
	return api.ListSavedViews200JSONResponse{Items: each(list, func(v store.SavedView) api.SavedView {
		return api.SavedView{Area: v.Area, Name: v.Name, Query: v.Query}
	})}, err
}

// SaveView keeps one.
func (h *handlers) SaveView(ctx context.Context, r api.SaveViewRequestObject) (api.SaveViewResponseObject, error) {
	v := store.SavedView{Area: r.Body.Area, Name: r.Body.Name, Query: r.Body.Query}
	return api.SaveView204Response{}, h.Directory.SaveView(ctx, web.CallerOf(ctx).Actor(), v)
}

// RemoveView forgets one.
func (h *handlers) RemoveView(ctx context.Context, r api.RemoveViewRequestObject) (api.RemoveViewResponseObject, error) {
	return api.RemoveView204Response{}, h.Directory.RemoveView(ctx, web.CallerOf(ctx).Actor(), r.Params.Area, r.Params.Name)
}

// AlertActivity tells what was done to an alert.
func (h *handlers) AlertActivity(ctx context.Context, r api.AlertActivityRequestObject) (api.AlertActivityResponseObject, error) {
	list, err := h.Investigation.AlertActivity(ctx, web.CallerOf(ctx).User, r.ID)
	return api.AlertActivity200JSONResponse{Items: each(list, activityOf)}, err
}

// IncidentActivity tells what was done to an incident and its alerts.
func (h *handlers) IncidentActivity(ctx context.Context, r api.IncidentActivityRequestObject) (api.IncidentActivityResponseObject, error) {
	list, partial, err := h.Investigation.IncidentActivity(ctx, web.CallerOf(ctx).User, r.ID)
	return api.IncidentActivity200JSONResponse{Items: each(list, activityOf), Partial: partial}, err
}

func activityOf(a investigation.Activity) api.Activity {
	return api.Activity{At: a.At, Actor: a.Actor, Operation: a.Operation, Kind: a.Kind, ID: a.ID, Before: a.Before, After: a.After}
}
