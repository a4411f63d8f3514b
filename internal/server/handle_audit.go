package server

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListAudit lists what happened, as far as the caller may know.
func (h *handlers) ListAudit(ctx context.Context, r api.ListAuditRequestObject) (api.ListAuditResponseObject, error) {
	p, caller := r.Params, web.CallerOf(ctx).User
	list := strings.Join([]string{
		"audit", p.Actor, p.Operation, p.Object, string(p.Outcome), p.Workload, p.Search, p.From.UTC().String(), p.To.UTC().String(), caller,
	}, "\x01")
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	var workload rbac.Workload
	if p.Workload != "" {
		if err := workload.UnmarshalText([]byte(p.Workload)); err != nil {
			return nil, fault.Invalid("read the audit log", "%w", err)
		}
	}
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var page audit.Page
	err = h.Store.View(ctx, func(tx store.Reader) error {
		page, err = audit.List(tx, snapshot, caller, h.Now(), audit.Query{
			Actor: p.Actor, Operation: p.Operation, Object: p.Object, Outcome: string(p.Outcome), Search: p.Search,
			Workload: workload, From: p.From, To: p.To, Cursor: after, Limit: p.Limit,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := api.AuditList{Total: page.Total, Items: each(page.Items, entryOf), Actions: api.Actions{"wholeLog": wholeLog(snapshot, caller, h.Now())}}
	if page.Next != "" {
		out.Next = h.cursors.Seal(list, page.Next)
	}
	return api.ListAudit200JSONResponse(out), nil
}

// GetAuditEntry gives one entry, as far as the caller may know.
func (h *handlers) GetAuditEntry(ctx context.Context, r api.GetAuditEntryRequestObject) (api.GetAuditEntryResponseObject, error) {
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var e audit.Entry
	err = h.Store.View(ctx, func(tx store.Reader) error {
		e, err = audit.Find(tx, snapshot, web.CallerOf(ctx).User, h.Now(), r.Seq)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.GetAuditEntry200JSONResponse(entryOf(e)), nil
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

// wholeLog tells whether somebody may see every entry, and so what is made of all of them.
func wholeLog(s *rbac.Snapshot, user string, at time.Time) api.Action {
	if audit.Whole(s, user, at) {
		return api.Action{Allowed: true}
	}
	return api.Action{Capability: rbac.ViewAudit, Reason: catalog.Needs(rbac.ViewAudit, rbac.Other, s.Activations())}
}

// seesWholeLog refuses to who may not see every entry.
func (h *handlers) seesWholeLog(ctx context.Context, op string) error {
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return err
	}
	if may := wholeLog(snapshot, web.CallerOf(ctx).User, h.Now()); !may.Allowed {
		return fault.Denied(op, "%s", may.Reason).WithLacks(may.Reason)
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
		report, err = h.AuditKey.Verify(tx)
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
