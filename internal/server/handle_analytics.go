package server

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
)

// list names a list for its cursors: what was asked and by whom.
func listOf(ctx context.Context, what ...string) string {
	return strings.Join(append(what, web.CallerOf(ctx).User), "\x01")
}

// pageSize is how many a page has, unless it is said.
func pageSize(limit int) int {
	if limit == 0 {
		return 50
	}
	return limit
}

// place reads a cursor into the place where the page before ended.
func (h *handlers) place(list, cursor string, into any) error {
	after, err := h.cursors.Open(list, cursor)
	if err != nil || after == "" {
		return err
	}
	return json.Unmarshal([]byte(after), into)
}

// next writes the cursor of the page after this one, if there is one: one more was asked for than the page takes.
func next[T any](h *handlers, list string, rows []T, limit int, place func(T) any) ([]T, string, error) {
	if len(rows) <= limit {
		return rows, "", nil
	}
	after, err := json.Marshal(place(rows[limit-1]))
	return rows[:limit], h.cursors.Seal(list, string(after)), err
}

// ThreatAnalytics gives the dashboard.
func (h *handlers) ThreatAnalytics(ctx context.Context, _ api.ThreatAnalyticsRequestObject) (api.ThreatAnalyticsResponseObject, error) {
	b, err := h.Analytics.Dashboard(ctx, web.CallerOf(ctx).Actor())
	if err != nil {
		return nil, err
	}
	facet := func(f analytics.Facet) api.ReportFacet { return api.ReportFacet{Value: f.Value, Count: f.Count} }
	out := api.ThreatAnalytics200JSONResponse{
		Total: b.Total, Severities: each(b.Severities, facet), Types: each(b.Types, facet), Tags: each(b.Tags, facet), Alerts: accessOf(b.Alerts), Exposure: accessOf(b.Exposure), Mail: accessOf(b.Mail),
		Latest: each(b.Latest, ThreatReport), HighImpact: each(b.HighImpact, ThreatReport), HighestExposure: each(b.HighestExposure, ThreatReport),
	}
	if b.Exposure.Allowed() {
		out.Checked = &b.Checked
	}
	return out, nil
}

// ListReports gives one page of Threat analytics.
func (h *handlers) ListReports(ctx context.Context, r api.ListReportsRequestObject) (api.ListReportsResponseObject, error) {
	p := r.Params
	q := analytics.Query{OrderBy: p.Orderby, Direction: p.Order, Severities: p.Severity, Types: p.Type, Tags: p.Tag, Search: p.Search, Limit: pageSize(p.Limit)}
	asked, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	list := listOf(ctx, "reports", string(asked))
	if err := h.place(list, p.Cursor, &q.After); err != nil {
		return nil, err
	}
	page, err := h.Analytics.List(ctx, web.CallerOf(ctx).Actor(), q)
	if err != nil {
		return nil, err
	}
	out := api.ListReports200JSONResponse{Items: each(page.Items, ThreatReport), Total: page.Total}
	if page.Next != "" {
		out.Next = h.cursors.Seal(list, strconv.Quote(page.Next)) // ids have nothing to escape
	}
	return out, nil
}

// GetReport gives one.
func (h *handlers) GetReport(ctx context.Context, r api.GetReportRequestObject) (api.GetReportResponseObject, error) {
	i, err := h.Analytics.Find(ctx, web.CallerOf(ctx).Actor(), r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetReport200JSONResponse(WholeThreatReport(i)), nil
}

// RemoveReport forgets one.
func (h *handlers) RemoveReport(ctx context.Context, r api.RemoveReportRequestObject) (api.RemoveReportResponseObject, error) {
	return api.RemoveReport204Response{}, h.Analytics.Remove(ctx, web.CallerOf(ctx).Actor(), r.ID)
}

// ReportIncidents gives a page of its incidents.
func (h *handlers) ReportIncidents(ctx context.Context, r api.ReportIncidentsRequestObject) (api.ReportIncidentsResponseObject, error) {
	list, skip := listOf(ctx, "report-incidents", r.ID), 0
	if err := h.place(list, r.Params.Cursor, &skip); err != nil {
		return nil, err
	}
	rows, total, err := h.Analytics.Incidents(ctx, web.CallerOf(ctx).Actor(), r.ID, skip, pageSize(r.Params.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := api.ReportIncidents200JSONResponse{Total: total}
	rows, out.Next, err = next(h, list, rows, pageSize(r.Params.Limit), func(analytics.Incident) any { return skip + pageSize(r.Params.Limit) })
	out.Items = each(rows, RelatedIncident)
	return out, err
}

// ReportAssets gives a page of what its alerts are about.
func (h *handlers) ReportAssets(ctx context.Context, r api.ReportAssetsRequestObject) (api.ReportAssetsResponseObject, error) {
	list := listOf(ctx, "report-assets", r.ID, r.Params.Kind)
	var after store.AssetPlace
	if err := h.place(list, r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	rows, total, err := h.Analytics.Assets(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.Kind, after, pageSize(r.Params.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := api.ReportAssets200JSONResponse{Total: total}
	rows, out.Next, err = next(h, list, rows, pageSize(r.Params.Limit), func(a store.Asset) any { return store.AssetPlace{Alerts: a.Alerts, ID: a.ID} })
	if err != nil {
		return nil, err
	}
	out.Items = each(rows, ImpactedAsset)
	err = h.withPages(ctx, len(rows), func(i int) (investigation.Named, *bool) {
		return investigation.Named{Kind: store.EntityKind(rows[i].Kind), Key: rows[i].ID}, &out.Items[i].HasPage
	})
	return out, err
}

// withPages marks those of a list that have a page for the caller.
func (h *handlers) withPages(ctx context.Context, n int, of func(i int) (investigation.Named, *bool)) error {
	named := make([]investigation.Named, n)
	for i := range named {
		named[i], _ = of(i)
	}
	pages, err := h.Investigation.Pages(ctx, web.CallerOf(ctx).Actor(), named)
	for i := range named {
		_, has := of(i)
		*has = pages[named[i]]
	}
	return err
}

// ReportExposedDevices gives a page of the devices on which a mitigation is missing.
func (h *handlers) ReportExposedDevices(ctx context.Context, r api.ReportExposedDevicesRequestObject) (api.ReportExposedDevicesResponseObject, error) {
	list := listOf(ctx, "exposed-devices", r.ID, r.Params.Mitigation)
	var after store.ExposedPlace
	if err := h.place(list, r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	rows, total, err := h.Analytics.Exposed(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.Mitigation, after, pageSize(r.Params.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := api.ReportExposedDevices200JSONResponse{Total: total}
	rows, out.Next, err = next(h, list, rows, pageSize(r.Params.Limit), func(d store.ExposedDevice) any { return d.Place })
	if err != nil {
		return nil, err
	}
	out.Items = each(rows, ExposedDevice)
	err = h.withPages(ctx, len(rows), func(i int) (investigation.Named, *bool) {
		return investigation.Named{Kind: store.EntityDevice, Key: rows[i].ID}, &out.Items[i].HasPage
	})
	return out, err
}

// ReportMail gives a page of prevented messages.
func (h *handlers) ReportMail(ctx context.Context, r api.ReportMailRequestObject) (api.ReportMailResponseObject, error) {
	list := listOf(ctx, "report-mail", r.ID)
	var after store.MailPlace
	if err := h.place(list, r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	rows, total, err := h.Analytics.Prevented(ctx, web.CallerOf(ctx).Actor(), r.ID, after, pageSize(r.Params.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := api.ReportMail200JSONResponse{Total: total}
	rows, out.Next, err = next(h, list, rows, pageSize(r.Params.Limit), func(m store.Mail) any {
		return store.MailPlace{At: m.At.UnixNano(), Message: m.Message, Recipient: m.Recipient}
	})
	out.Items = each(rows, PreventedMail)
	return out, err
}
