package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListActions gives one page of the Action centre.
func (h *handlers) ListActions(ctx context.Context, r api.ListActionsRequestObject) (api.ListActionsResponseObject, error) {
	p := r.Params
	q, err := actionQuery(api.ExportActionsParams{Tab: p.Tab, Status: p.Status, Type: p.Type, Source: p.Source, Workload: p.Workload, DeviceGroup: p.DeviceGroup, Device: p.Device, Incident: p.Incident, Since: p.Since, Search: p.Search})
	if err != nil {
		return nil, err
	}
	chosen, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	list := "actions\x01" + string(chosen) + "\x01" + web.CallerOf(ctx).User
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	if place, id, ok := strings.Cut(after, " "); ok {
		q.After.ID = id
		if q.After.Updated, err = strconv.ParseInt(place, 10, 64); err != nil {
			return nil, err
		}
	}
	if q.Limit = p.Limit; q.Limit == 0 {
		q.Limit = 50
	}
	page, err := h.Response.List(ctx, web.CallerOf(ctx).Actor(), q)
	if err != nil {
		return nil, err
	}
	out := api.ListActions200JSONResponse{Items: each(page.Items, actionOf), Total: page.Total}
	if page.Next != (store.ActionPlace{}) {
		out.Next = h.cursors.Seal(list, strconv.FormatInt(page.Next.Updated, 10)+" "+page.Next.ID)
	}
	return out, nil
}

func actionQuery(p api.ExportActionsParams) (response.Query, error) {
	q := response.Query{Tab: p.Tab, Statuses: p.Status, Types: p.Type, Sources: p.Source, Device: p.Device, Incident: p.Incident, Since: p.Since, Search: p.Search}
	if p.DeviceGroup != "" {
		q.Groups = []string{p.DeviceGroup}
	}
	if p.Workload != "" {
		w, ok := rbac.ParseWorkload(p.Workload)
		if !ok {
			return q, fault.Invalid("list actions", "workload %q: want endpoint, office365, cloudapps or identity", p.Workload)
		}
		q.Workload = w
	}
	return q, nil
}

// ActionFacets counts them by what a list is filtered by.
func (h *handlers) ActionFacets(ctx context.Context, r api.ActionFacetsRequestObject) (api.ActionFacetsResponseObject, error) {
	p := r.Params
	q, err := actionQuery(api.ExportActionsParams(p))
	if err != nil {
		return nil, err
	}
	f, err := h.Response.Facets(ctx, web.CallerOf(ctx).Actor(), q)
	values := func(list []response.FacetValue) []api.FacetValue {
		return each(list, func(v response.FacetValue) api.FacetValue { return api.FacetValue{Value: v.Value, Count: int(v.Count)} })
	}
	return api.ActionFacets200JSONResponse{Total: f.Total, Status: values(f.Status), Type: values(f.Type), Source: values(f.Source), Workload: values(f.Workload), DeviceGroup: values(f.DeviceGroup)}, err
}

// ExportActions gives the actions that filters find as a file.
func (h *handlers) ExportActions(ctx context.Context, r api.ExportActionsRequestObject) (api.ExportActionsResponseObject, error) {
	q, err := actionQuery(r.Params)
	if err != nil {
		return nil, err
	}
	export, err := h.Response.Export(ctx, web.CallerOf(ctx).Actor(), q)
	if err != nil {
		return nil, err
	}
	return actionFile{export}, nil
}

type actionFile struct{ *response.Export }

// VisitExportActionsResponse writes the file.
func (f actionFile) VisitExportActionsResponse(w http.ResponseWriter) error {
	return download(w, "text/csv; charset=utf-8; header=present", f.FileName(), f.Write)
}

// GetAction gives one.
func (h *handlers) GetAction(ctx context.Context, r api.GetActionRequestObject) (api.GetActionResponseObject, error) {
	i, err := h.Response.Find(ctx, web.CallerOf(ctx).Actor(), r.ID)
	return api.GetAction200JSONResponse{Body: actionOf(i), Headers: api.GetAction200ResponseHeaders{ETag: response.Tag(i.Action)}}, err
}

// RequestAction makes one.
func (h *handlers) RequestAction(ctx context.Context, r api.RequestActionRequestObject) (api.RequestActionResponseObject, error) {
	b, t := r.Body, r.Body.Target
	i, err := h.Response.Ask(ctx, web.CallerOf(ctx).Actor(), response.Request{
		Type: b.ActionType, Incident: b.IncidentID, Comment: b.Comment, NeedsApproval: b.NeedsApproval, Target: response.Target{
			Device: t.DeviceID, SHA1: t.Sha1, SHA256: t.Sha256, FileName: t.FileName, FilePath: t.FilePath, ProcessID: t.ProcessID, Indicator: t.Indicator,
			NetworkMessageID: t.NetworkMessageID, Recipient: t.Recipient, Sender: t.Sender, Mailbox: t.Mailbox, User: t.User,
		},
	})
	return api.RequestAction201JSONResponse(actionOf(i)), err
}

// ApproveAction lets one be carried out.
func (h *handlers) ApproveAction(ctx context.Context, r api.ApproveActionRequestObject) (api.ApproveActionResponseObject, error) {
	i, err := h.Response.Decide(ctx, web.CallerOf(ctx).Actor(), r.ID, response.Approve, response.Word{Comment: r.Body.Comment, Tag: r.Params.IfMatch})
	return api.ApproveAction200JSONResponse(actionOf(i)), err
}

// DeclineAction has one dropped.
func (h *handlers) DeclineAction(ctx context.Context, r api.DeclineActionRequestObject) (api.DeclineActionResponseObject, error) {
	i, err := h.Response.Decide(ctx, web.CallerOf(ctx).Actor(), r.ID, response.Decline, response.Word{Comment: r.Body.Comment, Tag: r.Params.IfMatch})
	return api.DeclineAction200JSONResponse(actionOf(i)), err
}

// CancelAction takes one back.
func (h *handlers) CancelAction(ctx context.Context, r api.CancelActionRequestObject) (api.CancelActionResponseObject, error) {
	i, err := h.Response.Decide(ctx, web.CallerOf(ctx).Actor(), r.ID, response.Cancel, response.Word{Comment: r.Body.Comment, Tag: r.Params.IfMatch})
	return api.CancelAction200JSONResponse(actionOf(i)), err
}

// UndoAction asks for what takes one back.
func (h *handlers) UndoAction(ctx context.Context, r api.UndoActionRequestObject) (api.UndoActionResponseObject, error) {
	i, err := h.Response.Undo(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Body.Comment)
	return api.UndoAction200JSONResponse(actionOf(i)), err
}

// CompleteAction says how far a task for people has come.
func (h *handlers) CompleteAction(ctx context.Context, r api.CompleteActionRequestObject) (api.CompleteActionResponseObject, error) {
	i, err := h.Response.Complete(ctx, web.CallerOf(ctx).Actor(), r.ID, response.Completion{Steps: r.Body.Steps, Status: r.Body.Status, Comment: r.Body.Comment})
	return api.CompleteAction200JSONResponse(actionOf(i)), err
}

// DecideActions approves or declines several.
func (h *handlers) DecideActions(ctx context.Context, r api.DecideActionsRequestObject) (api.DecideActionsResponseObject, error) {
	list, err := h.Response.DecideMany(ctx, web.CallerOf(ctx).Actor(), r.Body.Ids, r.Body.Decision, r.Body.Comment, r.Body.Etags)
	if err != nil {
		return nil, err
	}
	out := api.DecideActions200JSONResponse{Items: []api.DecidedAction{}}
	for _, d := range list {
		out.Items = append(out.Items, api.DecidedAction{ID: d.ID, Changed: d.Changed, Status: d.Status, Reason: d.Reason})
		if d.Changed {
			out.Changed++
		}
	}
	return out, nil
}

// ListActionTypes gives the types.
func (h *handlers) ListActionTypes(ctx context.Context, r api.ListActionTypesRequestObject) (api.ListActionTypesResponseObject, error) {
	offers, err := h.Response.Offers(ctx, web.CallerOf(ctx).Actor(), r.Params.Device)
	items := each(offers, func(o response.Offer) api.ActionType {
		return api.ActionType{
			Name: o.Name, Title: o.Title, Workload: o.Workload, Needs: each(o.Needs, func(n response.Need) string { return string(n) }), Undo: o.Undo, Request: todo(o.May, o.Workload),
		}
	})
	return api.ListActionTypes200JSONResponse{Items: items, Total: len(items)}, err
}

// GetActionRules gives what is asked of approvers.
func (h *handlers) GetActionRules(ctx context.Context, _ api.GetActionRulesRequestObject) (api.GetActionRulesResponseObject, error) {
	rules, may, err := h.Response.Rules(ctx, web.CallerOf(ctx).Actor())
	return api.GetActionRules200JSONResponse{Body: rulesOf(rules, may), Headers: api.GetActionRules200ResponseHeaders{ETag: response.RulesTag(rules)}}, err
}

// SetActionRules changes it.
func (h *handlers) SetActionRules(ctx context.Context, r api.SetActionRulesRequestObject) (api.SetActionRulesResponseObject, error) {
	rules, err := h.Response.SetRules(ctx, web.CallerOf(ctx).Actor(), r.Params.IfMatch, r.Body.OthersApprove)
	return api.SetActionRules200JSONResponse{Body: rulesOf(rules, response.May{Allowed: true}), Headers: api.SetActionRules200ResponseHeaders{ETag: response.RulesTag(rules)}}, err
}

func rulesOf(rules store.ActionRules, may response.May) api.ActionRulesState {
	change := todo(may, rbac.Other)
	change.Capability = rbac.ManageSettings
	return api.ActionRulesState{OthersApprove: rules.OthersApprove, Change: change, Etag: response.RulesTag(rules)}
}

// ListActionExecutors names who carries actions out.
func (h *handlers) ListActionExecutors(ctx context.Context, _ api.ListActionExecutorsRequestObject) (api.ListActionExecutorsResponseObject, error) {
	list, err := h.Response.Carriers(ctx, web.CallerOf(ctx).Actor())
	items := each(list, func(c response.Carrier) api.ActionExecutor {
		return api.ActionExecutor{Name: c.Name, Kind: c.Kind, Host: c.Host, Workloads: orEmpty(c.Workloads), ActionTypes: orEmpty(c.Types), TimeoutSeconds: int(c.Patience.Seconds())}
	})
	return api.ListActionExecutors200JSONResponse{Items: items, Total: len(items)}, err
}

// answerAction takes what an executor says of an action. Its bytes are signed, so they are read as they came.
func (h *handlers) answerAction(w http.ResponseWriter, r *http.Request) {
	const op = "answer"
	err := web.WantType(r, op, "application/json")
	var body []byte
	if err == nil {
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10)); err != nil {
			err = fault.Invalid(op, "the body is too large, or ended early")
		}
	}
	if err == nil {
		err = h.Response.Tell(r.Context(), r.URL.Query().Get("executor"), r.PathValue("id"), r.Header.Get(outbox.SignatureHeader), body)
	}
	if err != nil {
		h.refuseAs(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func todo(m response.May, w rbac.Workload) api.Action {
	return api.Action{Allowed: m.Allowed, Reason: m.Reason, Capability: rbac.Remediate, Workloads: []api.Workload{w}}
}

func actionOf(i response.Item) api.ResponseAction {
	out := api.ResponseAction{ID: i.ID, ActionType: i.Type, ActionTypeDisplayName: response.TitleOf(i.Type), Status: i.Status, Outcome: i.Body.Outcome}
	if i.Bare {
		return out
	}
	b := i.Body
	out.Etag = response.Tag(i.Action)
	out.ApprovalID, out.InvestigationID, out.InvestigationName, out.IncidentID, out.AlertIds = b.ApprovalID, b.InvestigationID, b.InvestigationName, i.Incident, b.AlertIDs
	out.Workload, out.ActionSource, out.Details, out.RemediationName, out.Subject, out.EmailCount = i.Workload, i.Source, i.Details, b.Remediation, i.Subject, b.EmailCount
	out.Decision, out.DecidedBy, out.DecidedDateTime, out.Comment = i.Decision, i.DecidedBy, whenever(i.Decided), b.Comment
	out.CreatedBy, out.Request, out.CreatedDateTime, out.LastUpdateDateTime, out.ExpirationDateTime = i.Requester, b.Request, whenever(i.Created), whenever(i.Updated), whenever(i.Expires)
	out.UndoOf, out.UndoneBy, out.Executor, out.Attempts = i.UndoOf, i.UndoneBy, i.Delivery.Executor, i.Delivery.Attempts
	if i.Device != "" {
		out.Device = &api.ActionDevice{ID: i.Device, Name: i.DeviceName, Known: i.DeviceKnown}
		if i.DeviceKnown {
			out.Device.DeviceGroup = i.DeviceGroup
		}
	}
	if len(b.Entity) > 0 {
		_ = json.Unmarshal(b.Entity, &out.Entity) // what was stored as an object
	}
	out.Checklist = each(b.Checklist, func(s store.ActionStep) api.ActionStep { return api.ActionStep{Text: s.Text, Done: s.Done} })
	out.History = each(b.History, func(e store.ActionEvent) api.ActionEvent {
		return api.ActionEvent{At: e.At, By: e.By, Status: e.Status, Comment: e.Comment}
	})
	out.Actions = api.Actions{}
	for name, may := range i.Actions {
		out.Actions[name] = todo(may, i.Workload)
	}
	return out
}

func whenever(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
