package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListDetections lists the custom detections that the caller may know of.
func (h *handlers) ListDetections(ctx context.Context, r api.ListDetectionsRequestObject) (api.ListDetectionsResponseObject, error) {
	list, err := h.Detection.List(ctx, web.CallerOf(ctx).Actor())
	if err != nil {
		return nil, err
	}
	page, next, err := paged(ctx, h, list.Items, func(i detection.Item) string { return strings.ToLower(i.Name) + "\x00" + i.ID }, r.Params.Limit, r.Params.Cursor, "detections")
	return api.ListDetections200JSONResponse{
		Items: each(page, detectionOf), Total: len(list.Items), Next: next, Actions: api.Actions{"create": detectionMay(list.Create)},
	}, err
}

func detectionMay(m detection.May) api.Action {
	return api.Action{Allowed: m.Allowed, Reason: m.Reason, Capability: rbac.ManageDetections}
}

func detectionOf(i detection.Item) api.Detection {
	d := i.Detection
	p, _ := detection.PeriodOf(d.Period)
	out := api.Detection{
		ID: d.ID, DetectorID: d.DetectorID, Name: d.Name, State: "on", Owner: d.Owner, Query: d.Query, Period: p.Name, AllDevices: d.AllDevices, DeviceGroups: orEmpty(d.Groups),
		Alert: detectionAlertOf(d.Alert), Actions: each(d.Actions, func(a store.DetectionAction) api.DetectionAction {
			return api.DetectionAction{Name: a.Name, Columns: orEmpty(a.Columns), Isolation: a.Isolation}
		}),
		Tables: orEmpty(d.Tables), Workloads: orEmpty(d.Workloads.List()), CreatedBy: d.CreatedBy, CreatedDateTime: d.Created, UpdatedBy: d.UpdatedBy, LastUpdateDateTime: d.Updated,
		Etag: detection.Tag(d), LastRunDateTime: whenever(d.Last.Started), AllowedActions: api.Actions{},
	}
	switch {
	case !d.On:
		out.State = "off"
	case d.Paused != "":
		out.State, out.PausedReason, out.PausedDateTime = "paused", d.Paused, whenever(d.PausedAt)
	default:
		out.NextRunDateTime = whenever(d.Turn.Due)
	}
	if i.Knows && !d.Last.Started.IsZero() {
		last := detectionRunOf(d.Last)
		out.LastRun = &last
	}
	for name, m := range i.May {
		out.AllowedActions[name] = detectionMay(m)
	}
	out.AllowedActions["runs"] = api.Action{Allowed: i.Knows, Reason: unless(i.Knows, "what it finds is for who may hunt in what it reads"), Capability: rbac.ViewHunting}
	return out
}

func unless(ok bool, reason string) string {
	if ok {
		return ""
	}
	return reason
}

func detectionAlertOf(a store.DetectionAlert) api.DetectionAlert {
	return api.DetectionAlert{
		Title: a.Title, Description: a.Description, Severity: a.Severity, Category: a.Category, RecommendedActions: a.Recommended, MitreTechniques: a.Techniques,
		ImpactedAssets: each(a.Assets, func(a store.DetectionAsset) api.DetectionAsset {
			return api.DetectionAsset{Kind: a.Kind, Column: a.Column}
		}),
	}
}

func detectionRunOf(r store.DetectionRun) api.DetectionRun {
	return api.DetectionRun{
		From: r.From, To: r.To, Kind: r.Kind, Status: r.Status, StartDateTime: r.Started, EndDateTime: r.Ended, Rows: r.Rows, Alerts: r.Alerts, Known: r.Known, Left: r.Left, Actions: r.Actions,
		Refused: r.Refused, Milliseconds: r.Milliseconds, Bytes: r.Bytes, ErrorCode: r.ErrorCode, Error: r.Error, AlertIds: orEmpty(r.AlertIDs),
	}
}

func detectionSetting(b api.DetectionSetting) detection.Setting {
	return detection.Setting{
		Name: b.Name, On: b.On == nil || *b.On, Query: b.Query, Period: b.Period, AllDevices: b.AllDevices, Groups: b.DeviceGroups,
		Alert: store.DetectionAlert{
			Title: b.Alert.Title, Description: b.Alert.Description, Severity: b.Alert.Severity, Category: b.Alert.Category, Recommended: b.Alert.RecommendedActions, Techniques: b.Alert.MitreTechniques,
			Assets: each(b.Alert.ImpactedAssets, func(a api.DetectionAsset) store.DetectionAsset {
				return store.DetectionAsset{Kind: a.Kind, Column: a.Column}
			}),
		},
		Actions: each(b.Actions, func(a api.DetectionAction) store.DetectionAction {
			return store.DetectionAction{Name: a.Name, Columns: a.Columns, Isolation: a.Isolation}
		}),
	}
}

// CreateDetection makes one.
func (h *handlers) CreateDetection(ctx context.Context, r api.CreateDetectionRequestObject) (api.CreateDetectionResponseObject, error) {
	made, err := h.Detection.Create(ctx, web.CallerOf(ctx).Actor(), "", detectionSetting(*r.Body))
	if err != nil {
		return nil, err
	}
	return api.CreateDetection201JSONResponse{Body: detectionOf(made), Headers: api.CreateDetection201ResponseHeaders{ETag: detection.Tag(made.Detection)}}, nil
}

// GetDetection shows one.
func (h *handlers) GetDetection(ctx context.Context, r api.GetDetectionRequestObject) (api.GetDetectionResponseObject, error) {
	found, err := h.Detection.Get(ctx, web.CallerOf(ctx).Actor(), r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetDetection200JSONResponse{Body: detectionOf(found), Headers: api.GetDetection200ResponseHeaders{ETag: detection.Tag(found.Detection)}}, nil
}

// PutDetection changes one.
func (h *handlers) PutDetection(ctx context.Context, r api.PutDetectionRequestObject) (api.PutDetectionResponseObject, error) {
	changed, err := h.Detection.Update(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch, detectionSetting(*r.Body))
	if err != nil {
		return nil, err
	}
	return api.PutDetection200JSONResponse{Body: detectionOf(changed), Headers: api.PutDetection200ResponseHeaders{ETag: detection.Tag(changed.Detection)}}, nil
}

// RemoveDetection removes one.
func (h *handlers) RemoveDetection(ctx context.Context, r api.RemoveDetectionRequestObject) (api.RemoveDetectionResponseObject, error) {
	return api.RemoveDetection204Response{}, h.Detection.Remove(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch)
}

// SetDetectionState turns one on or off.
func (h *handlers) SetDetectionState(ctx context.Context, r api.SetDetectionStateRequestObject) (api.SetDetectionStateResponseObject, error) {
	changed, err := h.Detection.Enable(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch, r.Body.On)
	if err != nil {
		return nil, err
	}
	return api.SetDetectionState200JSONResponse{Body: detectionOf(changed), Headers: api.SetDetectionState200ResponseHeaders{ETag: detection.Tag(changed.Detection)}}, nil
}

// SetDetectionOwner hands one over.
func (h *handlers) SetDetectionOwner(ctx context.Context, r api.SetDetectionOwnerRequestObject) (api.SetDetectionOwnerResponseObject, error) {
	changed, err := h.Detection.HandOver(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch, r.Body.Owner)
	if err != nil {
		return nil, err
	}
	return api.SetDetectionOwner200JSONResponse{Body: detectionOf(changed), Headers: api.SetDetectionOwner200ResponseHeaders{ETag: detection.Tag(changed.Detection)}}, nil
}

// RunDetection runs one now.
func (h *handlers) RunDetection(ctx context.Context, r api.RunDetectionRequestObject) (api.RunDetectionResponseObject, error) {
	run, err := h.Detection.RunNow(ctx, web.CallerOf(ctx).Actor(), r.ID)
	if err != nil {
		return nil, err
	}
	run.AlertIDs = nil // which of them the caller sees, the runs tell
	return api.RunDetection200JSONResponse(detectionRunOf(run)), nil
}

// ListDetectionRuns tells what came of one.
func (h *handlers) ListDetectionRuns(ctx context.Context, r api.ListDetectionRunsRequestObject) (api.ListDetectionRunsResponseObject, error) {
	limit := r.Params.Limit
	if limit == 0 {
		limit = 50
	}
	list := strings.Join([]string{"detection-runs", r.ID, web.CallerOf(ctx).User}, "\x01")
	place, err := h.cursors.Open(list, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	var after store.DetectionPlace
	if started, to, ok := strings.Cut(place, " "); ok {
		if after.Started, err = strconv.ParseInt(started, 10, 64); err != nil {
			return nil, err
		}
		if after.To, err = strconv.ParseInt(to, 10, 64); err != nil {
			return nil, err
		}
	}
	runs, total, err := h.Detection.Runs(ctx, web.CallerOf(ctx).Actor(), r.ID, after, limit+1)
	if err != nil {
		return nil, err
	}
	out := api.ListDetectionRuns200JSONResponse{Total: total}
	if len(runs) > limit {
		runs = runs[:limit]
		last := runs[limit-1]
		out.Next = h.cursors.Seal(list, strconv.FormatInt(last.Started.UnixNano(), 10)+" "+strconv.FormatInt(last.To.UnixNano(), 10))
	}
	out.Items = each(runs, detectionRunOf)
	return out, nil
}

// PreviewDetection runs one that is not saved.
func (h *handlers) PreviewDetection(ctx context.Context, r api.PreviewDetectionRequestObject) (api.PreviewDetectionResponseObject, error) {
	t, err := h.Detection.Try(ctx, web.CallerOf(ctx).Actor(), detectionSetting(r.Body.Detection), r.Body.Days)
	if err != nil {
		return nil, err
	}
	return api.PreviewDetection200JSONResponse{
		From: t.From, To: t.To, Rows: t.Rows, More: t.More, Useless: t.Useless, Left: t.Left, Columns: orEmpty(t.Columns), Tables: orEmpty(t.Tables), Workloads: orEmpty(t.Workloads.List()),
		Milliseconds: t.Took.Milliseconds(), Sample: each(t.Sample, func(row []any) []string { return each(row, detection.TextOf) }),
		Alerts: each(t.Alerts, func(a detection.TrialAlert) api.DetectionTrialAlert {
			return api.DetectionTrialAlert{Title: a.Title, Description: a.Description, Rows: a.Rows, FirstDateTime: a.First, LastDateTime: a.Last,
				Assets: each(a.Assets, func(v store.DetectionAsset) api.DetectionTrialAsset {
					return api.DetectionTrialAsset{Kind: v.Kind, Value: v.Column}
				})}
		}),
	}, nil
}

// InspectDetectionQuery tells what a query brings.
func (h *handlers) InspectDetectionQuery(ctx context.Context, r api.InspectDetectionQueryRequestObject) (api.InspectDetectionQueryResponseObject, error) {
	found, err := h.Detection.Inspect(ctx, web.CallerOf(ctx).User, r.Body.Query, r.Body.Period)
	if err != nil {
		return nil, err
	}
	out := api.InspectDetectionQuery200JSONResponse{Columns: orEmpty(found.Columns), Tables: orEmpty(found.Tables), Feeds: orEmpty(found.Feeds), Workloads: orEmpty(found.Workloads.List()), Problems: []api.ProblemDetail{}}
	for _, p := range found.Problems {
		out.Problems = append(out.Problems, api.ProblemDetail{Where: p.Where, Problem: p.Problem, Want: p.Want})
	}
	return out, nil
}

// GetDetectionChoices tells what a detection can be made of.
func (h *handlers) GetDetectionChoices(ctx context.Context, _ api.GetDetectionChoicesRequestObject) (api.GetDetectionChoicesResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	c, err := h.Detection.Choices(asker.Snapshot, web.CallerOf(ctx).User)
	if err != nil {
		return nil, err
	}
	return api.GetDetectionChoices200JSONResponse{
		Periods: each(detection.Periods, func(p detection.Period) api.DetectionPeriod {
			return api.DetectionPeriod{Name: p.Name, Title: p.Title, LookBack: p.LookBack()}
		}),
		Severities: detection.Severities, Categories: detection.Categories, DeviceGroups: orEmpty(c.DeviceGroups), AllDevices: c.AllDevices,
		Assets: assetKinds(),
		Actions: each(c.Actions, func(a detection.ActionChoice) api.DetectionActionKind {
			return api.DetectionActionKind{Name: a.Name, Title: a.Title, Workload: a.Workload(), Columns: a.Columns, Isolation: a.Isolation, Allowed: a.Lacks == "", Reason: a.Lacks}
		}),
	}, nil
}

// assetKinds are what an alert can be about.
func assetKinds() []api.DetectionAssetKind {
	return each(detection.AssetOrder, func(kind string) api.DetectionAssetKind {
		return api.DetectionAssetKind{Kind: kind, Columns: detection.AssetKinds[kind]}
	})
}
