package server

import (
	"context"
	"encoding/hex"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// AlertFacets counts the visible alerts by what a queue is filtered by.
func (h *handlers) AlertFacets(ctx context.Context, r api.AlertFacetsRequestObject) (api.AlertFacetsResponseObject, error) {
	f, err := h.Investigation.Facets(ctx, web.CallerOf(ctx).User, investigation.Query{Filter: r.Params.Filter, Search: r.Params.Search})
	if err != nil {
		return nil, err
	}
	values := func(list []investigation.Value) []api.FacetValue {
		return each(list, func(v investigation.Value) api.FacetValue {
			return api.FacetValue{Value: v.Value, Count: int(v.Count)}
		})
	}
	return api.AlertFacets200JSONResponse{
		Total: int(f.Total), Status: values(f.Status), Severity: values(f.Severity), ServiceSource: values(f.ServiceSource),
		Category: values(f.Category), AssignedTo: values(f.AssignedTo), DeviceGroup: values(f.DeviceGroup),
	}, nil
}

// ListAudit lists what happened, as far as the caller may know.
func (h *handlers) ListAudit(ctx context.Context, r api.ListAuditRequestObject) (api.ListAuditResponseObject, error) {
	p, caller := r.Params, web.CallerOf(ctx).User
	list := "audit\x01" + p.Actor + "\x01" + p.Operation + "\x01" + p.Object + "\x01" + string(p.Outcome) + "\x01" + caller
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var page audit.Page
	err = h.Store.View(ctx, func(tx store.Reader) error {
		page, err = audit.List(tx, snapshot, caller, h.Now(), audit.Query{
			Actor: p.Actor, Operation: p.Operation, Object: p.Object, Outcome: string(p.Outcome), Cursor: after, Limit: p.Limit,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := api.AuditList{Total: page.Total, Items: each(page.Items, entryOf)}
	if page.Next != "" {
		out.Next = h.cursors.Seal(list, page.Next)
	}
	return api.ListAudit200JSONResponse(out), nil
}

func entryOf(e audit.Entry) api.AuditEntry {
	out := api.AuditEntry{
		Seq: e.Seq, At: e.At, Actor: e.Actor, Via: e.Via, Address: e.Address, RequestID: e.RequestID, Operation: e.Operation, Object: e.Object,
		Workload: e.Workload, Outcome: api.AuditEntryOutcome(e.Outcome), Reason: e.Reason, Count: e.Count, PolicyRevision: e.PolicyRevision,
		Hash: hex.EncodeToString(e.Hash[:]),
	}
	if e.Before != nil {
		out.Before = e.Before
	}
	if e.After != nil {
		out.After = e.After
	}
	return out
}

// seesWholeLog refuses to who may not see every entry.
func (h *handlers) seesWholeLog(ctx context.Context, op string) error {
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return err
	}
	if !snapshot.Reach(web.CallerOf(ctx).User, rbac.ViewAudit, h.Now()).Everything() {
		need := catalog.Needs(rbac.ViewAudit, rbac.Other, snapshot.Activations())
		return fault.Denied(op, "%s", need).WithLacks(need)
	}
	return nil
}

// VerifyAudit checks the chain. It walks every entry, so it takes the right to see every entry.
func (h *handlers) VerifyAudit(ctx context.Context, _ api.VerifyAuditRequestObject) (api.VerifyAuditResponseObject, error) {
	if err := h.seesWholeLog(ctx, "verify the audit log"); err != nil {
		return nil, err
	}
	var report audit.Report
	err := h.Store.View(ctx, func(tx store.Reader) error {
		var err error
		report, err = audit.Verify(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := api.AuditReport{Whole: report.Broken == nil, Entries: report.Entries, Head: hex.EncodeToString(report.Head.Hash[:])}
	if report.Broken != nil {
		out.Problem = report.Broken.Why
	}
	return api.VerifyAudit200JSONResponse(out), nil
}
