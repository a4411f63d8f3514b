package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/library"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
)

// ListHunts gives what the caller ran.
func (h *handlers) ListHunts(ctx context.Context, r api.ListHuntsRequestObject) (api.ListHuntsResponseObject, error) {
	list := listOf(ctx, "hunts")
	var after store.HuntingPlace
	if err := h.place(list, r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	page, err := h.Library.History(ctx, web.CallerOf(ctx).Actor(), after, pageSize(r.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := api.ListHunts200JSONResponse{Items: each(page.Items, huntOf), Total: page.Total}
	if page.Next != (store.HuntingPlace{}) {
		place, err := json.Marshal(page.Next)
		if err != nil {
			return nil, err
		}
		out.Next = h.cursors.Seal(list, string(place))
	}
	return out, nil
}

func huntOf(n store.HuntingRun) api.Hunt {
	return api.Hunt{
		ID: n.ID, At: n.At, Query: n.Text, Timespan: n.Timespan, Via: n.Via, State: n.State, Rows: n.Rows,
		TookMs: n.Took.Milliseconds(), CPUMs: n.CPU.Milliseconds(), Usage: library.Usage(n.CPU), Problem: n.Problem,
	}
}

// ForgetHunts forgets it.
func (h *handlers) ForgetHunts(ctx context.Context, _ api.ForgetHuntsRequestObject) (api.ForgetHuntsResponseObject, error) {
	return api.ForgetHunts204Response{}, h.Library.Forget(ctx, web.CallerOf(ctx).Actor())
}

// ListHuntingQueries gives what the caller keeps, and what others share.
func (h *handlers) ListHuntingQueries(ctx context.Context, r api.ListHuntingQueriesRequestObject) (api.ListHuntingQueriesResponseObject, error) {
	list, err := h.Library.Queries(ctx, web.CallerOf(ctx).Actor())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b library.Query) int { return strings.Compare(place(a), place(b)) })
	page, next, err := paged(ctx, h, list, place, r.Params.Limit, r.Params.Cursor, "hunting-queries")
	return api.ListHuntingQueries200JSONResponse{Items: each(page, huntingQuery(ctx)), Total: len(list), Next: next}, err
}

// place is where a query stands in the list.
func place(q library.Query) string {
	return strings.Join([]string{strings.ToLower(q.Folder), strings.ToLower(q.Name), q.Owner, q.ID}, "\x00")
}

// huntingQuery shows a query to the caller.
func huntingQuery(ctx context.Context) func(q library.Query) api.HuntingQuery {
	user := web.CallerOf(ctx).User
	may := func(m library.May) api.Action { return api.Action{Allowed: m.Allowed, Reason: m.Reason} }
	return func(q library.Query) api.HuntingQuery {
		return api.HuntingQuery{
			ID: q.ID, Owner: q.Owner, Own: q.Owner == user, Folder: q.Folder, Name: q.Name, Description: q.Description, Query: q.Text, Sharing: sharing(q.Sharing),
			LastUpdateDateTime: q.Updated, UpdatedBy: q.UpdatedBy, Etag: library.Tag(q.HuntingQuery), Actions: api.Actions{"edit": may(q.Edit), "share": may(q.Share), "delete": may(q.Delete)},
		}
	}
}

func sharing(how string) string {
	if how == library.Private {
		return "none"
	}
	return how
}

func huntingSetting(b api.HuntingQuerySetting) library.Setting {
	set := library.Setting{Folder: b.Folder, Name: b.Name, Description: b.Description, Text: b.Query, Sharing: b.Sharing}
	if set.Sharing == "none" {
		set.Sharing = library.Private
	}
	return set
}

// CreateHuntingQuery keeps one.
func (h *handlers) CreateHuntingQuery(ctx context.Context, r api.CreateHuntingQueryRequestObject) (api.CreateHuntingQueryResponseObject, error) {
	made, err := h.Library.Save(ctx, web.CallerOf(ctx).Actor(), huntingSetting(*r.Body))
	q := huntingQuery(ctx)(made)
	return api.CreateHuntingQuery201JSONResponse{Body: q, Headers: api.CreateHuntingQuery201ResponseHeaders{ETag: q.Etag}}, err
}

// GetHuntingQuery gives one.
func (h *handlers) GetHuntingQuery(ctx context.Context, r api.GetHuntingQueryRequestObject) (api.GetHuntingQueryResponseObject, error) {
	found, err := h.Library.Query(ctx, web.CallerOf(ctx).Actor(), r.ID)
	q := huntingQuery(ctx)(found)
	return api.GetHuntingQuery200JSONResponse{Body: q, Headers: api.GetHuntingQuery200ResponseHeaders{ETag: q.Etag}}, err
}

// PutHuntingQuery changes one.
func (h *handlers) PutHuntingQuery(ctx context.Context, r api.PutHuntingQueryRequestObject) (api.PutHuntingQueryResponseObject, error) {
	changed, err := h.Library.Change(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch, huntingSetting(*r.Body))
	q := huntingQuery(ctx)(changed)
	return api.PutHuntingQuery200JSONResponse{Body: q, Headers: api.PutHuntingQuery200ResponseHeaders{ETag: q.Etag}}, err
}

// RemoveHuntingQuery forgets one.
func (h *handlers) RemoveHuntingQuery(ctx context.Context, r api.RemoveHuntingQueryRequestObject) (api.RemoveHuntingQueryResponseObject, error) {
	return api.RemoveHuntingQuery204Response{}, h.Library.Remove(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.IfMatch)
}
