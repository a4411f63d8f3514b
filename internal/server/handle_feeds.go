package server

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListHuntingFeeds lists the feeds.
func (h *handlers) ListHuntingFeeds(ctx context.Context, r api.ListHuntingFeedsRequestObject) (api.ListHuntingFeedsResponseObject, error) {
	list, err := h.Feeds.List(ctx, web.CallerOf(ctx).Actor())
	if err != nil {
		return nil, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	change := may(asker, rbac.ManageSettings, rbac.Other)
	page, next, err := paged(ctx, h, list, func(f store.Feed) string { return strings.ToLower(f.Name) }, r.Params.Limit, r.Params.Cursor, "hunting-feeds")
	return api.ListHuntingFeeds200JSONResponse{
		Items: each(page, func(f store.Feed) api.HuntingFeed { return huntingFeed(f, change) }), Total: len(list), Next: next, Actions: api.Actions{"create": change},
	}, err
}

func huntingFeed(f store.Feed, change api.Action) api.HuntingFeed {
	state := "loaded"
	switch {
	case f.Problem != "":
		state = "failing"
	case f.File == "":
		state = "empty"
	}
	return api.HuntingFeed{
		ID: f.ID, Name: f.Name, Kind: f.Kind, Addresses: orEmpty(f.Addresses), Format: f.Format, EveryMinutes: int(f.Every.Minutes()), PrivateNetwork: f.Within, Readers: orEmpty(f.Readers),
		State: state, Problem: f.Problem, Failures: f.Failures, Version: f.Version, Rows: f.Rows, Bytes: f.Bytes, Columns: orEmpty(f.Columns), LoadedDateTime: whenever(f.Loaded), LoadedBy: f.LoadedBy,
		CheckedDateTime: whenever(f.Checked), NextDateTime: whenever(f.Next), LastUpdateDateTime: f.Updated, UpdatedBy: f.UpdatedBy, Etag: feeds.Tag(f),
		Actions: api.Actions{"edit": change, "delete": change, "load": change, "fetch": change},
	}
}

// theHuntingFeed is a feed as its reader meets it.
func (h *handlers) theHuntingFeed(ctx context.Context, f store.Feed, err error) (api.HuntingFeed, error) {
	if err != nil {
		return api.HuntingFeed{}, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return api.HuntingFeed{}, err
	}
	return huntingFeed(f, may(asker, rbac.ManageSettings, rbac.Other)), nil
}

func feedSetting(b api.HuntingFeedSetting) feeds.Setting {
	return feeds.Setting{Name: b.Name, Kind: b.Kind, Addresses: b.Addresses, Format: b.Format, Every: time.Duration(b.EveryMinutes) * time.Minute, Within: b.PrivateNetwork, Readers: b.Readers}
}

// CreateHuntingFeed registers one.
func (h *handlers) CreateHuntingFeed(ctx context.Context, r api.CreateHuntingFeedRequestObject) (api.CreateHuntingFeedResponseObject, error) {
	made, err := h.Feeds.Create(ctx, web.CallerOf(ctx).Actor(), feedSetting(*r.Body))
	feed, err := h.theHuntingFeed(ctx, made, err)
	return api.CreateHuntingFeed201JSONResponse{Body: feed, Headers: api.CreateHuntingFeed201ResponseHeaders{ETag: feed.Etag}}, err
}

// GetHuntingFeed shows one.
func (h *handlers) GetHuntingFeed(ctx context.Context, r api.GetHuntingFeedRequestObject) (api.GetHuntingFeedResponseObject, error) {
	found, err := h.Feeds.Feed(ctx, web.CallerOf(ctx).Actor(), r.ID)
	feed, err := h.theHuntingFeed(ctx, found, err)
	return api.GetHuntingFeed200JSONResponse{Body: feed, Headers: api.GetHuntingFeed200ResponseHeaders{ETag: feed.Etag}}, err
}

// PutHuntingFeed changes one.
func (h *handlers) PutHuntingFeed(ctx context.Context, r api.PutHuntingFeedRequestObject) (api.PutHuntingFeedResponseObject, error) {
	changed, err := h.Feeds.Change(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch, feedSetting(*r.Body))
	feed, err := h.theHuntingFeed(ctx, changed, err)
	return api.PutHuntingFeed200JSONResponse{Body: feed, Headers: api.PutHuntingFeed200ResponseHeaders{ETag: feed.Etag}}, err
}

// RemoveHuntingFeed removes one.
func (h *handlers) RemoveHuntingFeed(ctx context.Context, r api.RemoveHuntingFeedRequestObject) (api.RemoveHuntingFeedResponseObject, error) {
	return api.RemoveHuntingFeed204Response{}, h.Feeds.Remove(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch)
}

// FetchHuntingFeed lets one be fetched now.
func (h *handlers) FetchHuntingFeed(ctx context.Context, r api.FetchHuntingFeedRequestObject) (api.FetchHuntingFeedResponseObject, error) {
	found, err := h.Feeds.Fetch(ctx, web.CallerOf(ctx).Actor(), r.ID)
	feed, err := h.theHuntingFeed(ctx, found, err)
	return api.FetchHuntingFeed200JSONResponse(feed), err
}

// loadFeed takes a file. It is not read by the generated code, which would hold all of it in memory.
func (h *handlers) loadFeed(w http.ResponseWriter, r *http.Request) {
	f, err := h.loadedFeed(r)
	feed, err := h.theHuntingFeed(r.Context(), f, err)
	if err != nil {
		h.refuseAs(w, r, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, "application/json", feed)
}

func (h *handlers) loadedFeed(r *http.Request) (f store.Feed, err error) {
	const op = "load into a feed"
	ctx, actor := r.Context(), web.CallerOf(r.Context()).Actor()
	if err := web.WantType(r, op, "application/octet-stream", "text/csv", "application/json"); err != nil {
		return f, err
	}
	if _, err := h.Feeds.Feed(ctx, actor, r.PathValue("id")); err != nil { // before their file takes any room
		return h.Feeds.Load(ctx, actor, r.PathValue("id"), strings.NewReader(""))
	}
	file, err := os.CreateTemp("", "bailiwick-feed-*")
	if err != nil {
		return f, err
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	if _, err := io.Copy(file, r.Body); err != nil {
		return f, fault.Invalid(op, "the body is too large, or ended early")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	return h.Feeds.Load(ctx, actor, r.PathValue("id"), file)
}
