package server

import (
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/ingest"
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
	if err := web.WantType(r, op, "application/json", "application/x-ndjson", "text/markdown"); err != nil {
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
	return h.Investigation.Load(ctx, actor, name, func(take func(store.Record) error) error {
		_, err := ingest.Read(name, file, take)
		return err
	})
}

var errUnread = errors.New("nothing was read: the caller may not load")
