package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/intake"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ingest takes in one file. It is not read by the generated code, which would hold all of it in memory.
func (h *handlers) ingest(w http.ResponseWriter, r *http.Request) {
	done, err := h.load(r)
	if err != nil {
		h.refuseAs(w, r, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, "application/json", done)
}

// load first writes the file down and then loads it: loading holds the one writer, and must not wait for a client
// that sends a byte a second. Who may not load is refused before their file takes any room.
func (h *handlers) load(r *http.Request) (any, error) {
	const op = "ingest"
	if err := web.WantType(r, op, "application/json", "application/x-ndjson", "text/markdown", "text/csv", "application/vnd.apache.parquet"); err != nil {
		return nil, err
	}
	ctx := r.Context()
	actor := web.CallerOf(ctx).Actor()
	name := r.URL.Query().Get("name")
	if name == "" {
		name = "upload"
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if !asker.Can(rbac.ManageSettings, rbac.Other) {
		_, err := h.Investigation.Load(ctx, actor, name, func(func(store.Record) error) error { return errUnread })
		return nil, err
	}
	file, err := os.CreateTemp("", "bailiwick-ingest-*")
	if err != nil {
		return nil, err
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	if _, err := io.Copy(file, r.Body); err != nil {
		return nil, fault.Invalid(op, "the body is too large, or ended early")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	query := r.URL.Query()
	return h.Intake.Load(ctx, actor, name, file, intake.Options{Table: query.Get("table"), Strict: query.Get("strict") == "true"})
}

// ListEventTables tells what the event store has.
func (h *handlers) ListEventTables(ctx context.Context, _ api.ListEventTablesRequestObject) (api.ListEventTablesResponseObject, error) {
	tables, err := h.Intake.Status(ctx, web.CallerOf(ctx).Actor())
	items := each(tables, func(t events.TableStatus) api.EventTable {
		return api.EventTable{
			Table: t.Table, Rows: t.Rows, Bytes: t.Bytes, Segments: t.Segments, From: whenever(t.From), To: whenever(t.To), Arrived: whenever(t.Arrived),
			Unknown: t.Unknown, Mistyped: t.Mistyped, Rejected: t.Rejected, Duplicate: t.Duplicate, Expired: t.Expired,
		}
	})
	return api.ListEventTables200JSONResponse{Items: items, Total: len(items)}, err
}

var errUnread = errors.New("nothing was read: the caller may not load")
