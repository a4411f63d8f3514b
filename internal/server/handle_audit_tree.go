package server

import (
	"context"
	"io"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/store"
)

// checkpoint signs how far the log has grown, for who may see all of it.
func (h *handlers) checkpoint(ctx context.Context, op string) (store.AuditCheckpoint, error) {
	if err := h.seesWholeLog(ctx, op); err != nil {
		return store.AuditCheckpoint{}, err
	}
	c, err := h.AuditKey.Checkpoint(ctx, h.Store, h.Now())
	if err == nil && c.Size == 0 {
		err = fault.NotFound(op, "nothing has happened yet")
	}
	return c, err
}

// AuditCheckpoint gives the newest checkpoint.
func (h *handlers) AuditCheckpoint(ctx context.Context, _ api.AuditCheckpointRequestObject) (api.AuditCheckpointResponseObject, error) {
	c, err := h.checkpoint(ctx, "sign the audit log")
	return api.AuditCheckpoint200JSONResponse{Size: c.Size, At: c.At, Checkpoint: c.Note, Key: h.AuditKey.Verifier}, err
}

// ProveAuditEntry proves one entry.
func (h *handlers) ProveAuditEntry(ctx context.Context, r api.ProveAuditEntryRequestObject) (api.ProveAuditEntryResponseObject, error) {
	c, err := h.checkpoint(ctx, "prove an entry")
	if err != nil {
		return nil, err
	}
	var p audit.Proof
	err = h.Store.View(ctx, func(tx store.Reader) (err error) {
		p, err = audit.Prove(tx, r.Seq, c)
		return err
	})
	return api.ProveAuditEntry200JSONResponse{Entry: p.Entry, Seq: p.Seq, Checkpoint: p.Checkpoint, Hashes: p.Hashes, Key: h.AuditKey.Verifier}, err
}

// ExportAudit streams the log. What fails on the way cuts the file short, and its checkpoint shows it.
func (h *handlers) ExportAudit(ctx context.Context, _ api.ExportAuditRequestObject) (api.ExportAuditResponseObject, error) {
	c, err := h.checkpoint(ctx, "export the audit log")
	if err != nil {
		return nil, err
	}
	from, to := io.Pipe()
	go func() {
		to.CloseWithError(h.Store.View(ctx, func(tx store.Reader) error { return audit.Export(tx, c, h.AuditKey.Verifier, to) }))
	}()
	return api.ExportAudit200ApplicationXNdjsonResponse{Body: from}, nil
}
