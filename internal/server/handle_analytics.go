package server

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/analytics"
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

// ListReports gives one page of Threat analytics.
func (h *handlers) ListReports(ctx context.Context, r api.ListReportsRequestObject) (api.ListReportsResponseObject, error) {
	p := r.Params
	q := analytics.Query{OrderBy: p.Orderby, Severity: p.Severity, Tag: p.Tag, Search: p.Search, Limit: pageSize(p.Limit)}
	list := listOf(ctx, "reports", p.Orderby, p.Severity, p.Tag, p.Search)
	if err := h.place(list, p.Cursor, &q.After); err != nil {
		return nil, err
	}
	page, err := h.Analytics.List(ctx, web.CallerOf(ctx).Actor(), q)
	if err != nil {
		return nil, err
	}
	out := api.ListReports200JSONResponse{Items: each(page.Items, reportOf), Total: page.Total}
	if page.Next != "" {
		out.Next = h.cursors.Seal(list, strconv.Quote(page.Next)) // ids have nothing to escape
	}
	return out, nil
}

// GetReport gives one.
func (h *handlers) GetReport(ctx context.Context, r api.GetReportRequestObject) (api.GetReportResponseObject, error) {
	i, err := h.Analytics.Find(ctx, web.CallerOf(ctx).Actor(), r.ID)
	return api.GetReport200JSONResponse(reportOf(i)), err
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
	out.Items = each(rows, func(i analytics.Incident) api.ReportIncident {
		return api.ReportIncident{ID: i.ID, Name: i.Name, Severity: i.Severity, Status: i.Status, Alerts: i.Alerts, Partial: i.Partial, LastUpdateDateTime: i.Updated}
	})
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
	out.Items = each(rows, func(a store.Asset) api.ReportAsset {
		return api.ReportAsset{Kind: a.Kind, ID: a.ID, Name: a.Name, DeviceGroup: a.DeviceGroup, Alerts: a.Alerts, ActiveAlerts: a.Active, FirstDateTime: a.First, LastDateTime: a.Last}
	})
	return out, err
}

// ReportExposedDevices gives a page of the devices on which a mitigation is missing.
func (h *handlers) ReportExposedDevices(ctx context.Context, r api.ReportExposedDevicesRequestObject) (api.ReportExposedDevicesResponseObject, error) {
	list, after := listOf(ctx, "exposed-devices", r.ID, r.Params.Mitigation), ""
	if err := h.place(list, r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	rows, total, err := h.Analytics.Exposed(ctx, web.CallerOf(ctx).Actor(), r.ID, r.Params.Mitigation, after, pageSize(r.Params.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := api.ReportExposedDevices200JSONResponse{Total: total}
	rows, out.Next, err = next(h, list, rows, pageSize(r.Params.Limit), func(d store.ExposedDevice) any { return d.ID })
	out.Items = each(rows, func(d store.ExposedDevice) api.ExposedDevice {
		return api.ExposedDevice{ID: d.ID, Name: d.Name, DeviceGroup: d.DeviceGroup, Mitigations: orEmpty(d.Mitigations), Software: orEmpty(d.Software), SeenDateTime: d.Seen}
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
	out.Items = each(rows, func(m store.Mail) api.PreventedMail {
		return api.PreventedMail{
			NetworkMessageID: m.Message, Recipient: m.Recipient, Sender: m.Sender, Subject: m.Subject, Direction: m.Direction, Action: m.Action, Location: m.Location,
			ThreatTypes: m.ThreatTypes, Threats: orEmpty(m.Threats), DetectionMethods: m.Methods, DateTime: m.At,
		}
	})
	return out, err
}

func accessOf(p analytics.Part) api.AnalyticsAccess {
	return api.AnalyticsAccess{
		Allowed: p.Allowed(), Workloads: orEmpty(p.Workloads), SomeDevices: p.SomeDevices,
		Lacks: each(p.Lacks, func(l analytics.Lack) api.AnalyticsLack {
			return api.AnalyticsLack{Workload: l.Workload, Needs: l.Needs}
		}),
	}
}

// reportOf writes a report. A number that the reader may not know, or that nobody knows, is not written: it is no zero.
func reportOf(i analytics.Item) api.ThreatReport {
	b := i.Body
	out := api.ThreatReport{
		ID: i.ID, Title: i.Title, Type: i.Type, Severity: i.Severity, Published: i.Published, Updated: i.Updated, Summary: b.Summary, Content: b.Content,
		Tags: orEmpty(b.Tags), Techniques: orEmpty(b.Techniques), Actors: orEmpty(b.Actors), Detections: orEmpty(b.Detections),
		Alerts: api.ReportAlerts{Access: accessOf(i.Alerts.Part)}, Incidents: api.ReportIncidents{Access: accessOf(i.Incidents.Part)}, Assets: api.ReportAssets{Access: accessOf(i.Assets.Part)},
		Exposure: api.ReportExposure{Access: accessOf(i.Exposure.Part)}, Mail: api.ReportMail{Access: accessOf(i.Mail.Part)},
		Mitigations: each(i.Mitigations, func(m analytics.Mitigation) api.ReportMitigation { return mitigationOf(m, i.Exposure.Allowed()) }),
	}
	if i.Alerts.Allowed() {
		out.Alerts.Numbers = &api.ReportAlertNumbers{Active: i.Alerts.Active, Resolved: i.Alerts.Resolved, Days: each(i.Alerts.Days, func(d analytics.AlertDay) api.ReportAlertDay {
			return api.ReportAlertDay{Date: d.Date, Active: d.Active, Resolved: d.Resolved}
		})}
		out.Assets.Numbers = &api.ReportAssetNumbers{Devices: i.Assets.Devices, Mailboxes: i.Assets.Mailboxes, Users: i.Assets.Users, Days: each(i.Assets.Days, func(d analytics.AssetDay) api.ReportAssetDay {
			return api.ReportAssetDay{Date: d.Date, Devices: d.Devices, Mailboxes: d.Mailboxes, Users: d.Users}
		})}
	}
	if i.Incidents.Counted {
		out.Incidents.Numbers = &api.ReportIncidentNumbers{Total: i.Incidents.Total}
	}
	if e := i.Exposure; e.Allowed() {
		out.Exposure.Level = string(e.Level)
		if e.Level != analytics.NotMeasured && e.Level != analytics.NoData {
			out.Exposure.Numbers = &api.ReportExposureNumbers{Exposed: e.Exposed, Checked: e.Checked}
		}
	}
	if m := i.Mail; m.Allowed() {
		if out.Mail.NoData = !m.Known; m.Known {
			out.Mail.Numbers = &api.ReportMailNumbers{Blocked: m.Blocked, Junked: m.Junked, Days: each(m.Days, func(d analytics.MailDay) api.ReportMailDay {
				return api.ReportMailDay{Date: d.Date, Blocked: d.Blocked, Junked: d.Junked}
			})}
		}
	}
	return out
}

func mitigationOf(m analytics.Mitigation, allowed bool) api.ReportMitigation {
	out := api.ReportMitigation{
		ID: m.ID, Title: m.Title, Description: m.Description, ConfigurationID: m.Configuration, CveID: m.CVE, Measured: m.Measured,
		Severity: m.Severity, Cvss: m.CVSS, Exploit: m.Exploit, Advice: m.Advice,
	}
	if allowed && m.Measured {
		if out.NoData = !m.Known; m.Known {
			out.Numbers = &api.ReportExposureNumbers{Exposed: m.Exposed, Checked: m.Checked}
		}
	}
	return out
}
