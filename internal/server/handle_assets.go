package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListDevices gives one page of the devices in reach.
func (h *handlers) ListDevices(ctx context.Context, r api.ListDevicesRequestObject) (api.ListDevicesResponseObject, error) {
	p := r.Params
	list := strings.Join(append([]string{"devices", p.Q, p.Order, web.CallerOf(ctx).User}, p.DeviceGroup...), "\x01")
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := h.Investigation.Devices(ctx, web.CallerOf(ctx).Actor(), investigation.DeviceQuery{
		Search: p.Q, Groups: p.DeviceGroup, Order: store.TallyOrder(p.Order), After: after, Limit: limitOf(p.Limit),
	})
	if err != nil {
		return nil, err
	}
	out := api.ListDevices200JSONResponse{Items: each(page.Items, func(d investigation.DeviceRow) api.DeviceItem { return deviceOf(d.Device, d.Tally) }), Total: page.Total}
	out.DeviceGroups = facetValues(page.Groups)
	if page.Next != "" {
		out.Next = h.cursors.Seal(list, page.Next)
	}
	return out, nil
}

func limitOf(limit int) int {
	if limit == 0 {
		return 50
	}
	return limit
}

func deviceOf(d store.Device, t store.Tally) api.DeviceItem {
	tally := tallyOf(t)
	out := api.DeviceItem{
		ID: d.ID, Name: d.Name, Domain: d.Domain, Os: d.OS, Known: d.Known, Tags: orEmpty(d.Tags), OwnTags: orEmpty(d.Own),
		Alerts: tally.Alerts, OpenAlerts: tally.OpenAlerts, Incidents: tally.Incidents, Risk: tally.Risk, FirstSeen: tally.FirstSeen, LastSeen: tally.LastSeen,
	}
	if d.Known {
		out.DeviceGroup = d.Group
	}
	return out
}

func tallyOf(t store.Tally) api.Tally {
	out := api.Tally{Alerts: t.Alerts, OpenAlerts: t.Open, Incidents: t.Incidents, Risk: t.Risk, FirstSeen: t.First, LastSeen: t.Last}
	if out.Risk == "" {
		out.Risk = "none"
	}
	return out
}

// GetDevice gives one.
func (h *handlers) GetDevice(ctx context.Context, r api.GetDeviceRequestObject) (api.GetDeviceResponseObject, error) {
	item, err := h.Investigation.DeviceItem(ctx, web.CallerOf(ctx).Actor(), r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetDevice200JSONResponse(devicePageOf(item)), nil
}

func devicePageOf(i investigation.DeviceItem) api.DevicePage {
	d, told := deviceOf(i.Device, i.Tally), toldOf(i.AssetItem)
	out := api.DevicePage{
		ID: d.ID, Name: d.Name, Domain: d.Domain, Os: d.Os, Known: d.Known, Tags: d.Tags, OwnTags: d.OwnTags, DeviceGroup: d.DeviceGroup,
		Alerts: d.Alerts, OpenAlerts: d.OpenAlerts, Incidents: d.Incidents, Risk: d.Risk, FirstSeen: d.FirstSeen, LastSeen: d.LastSeen,
		Workloads: told.Workloads, LatestAlerts: told.LatestAlerts, LatestIncidents: told.LatestIncidents, Evidence: told.Evidence, Related: told.Related,
		SignedIn:  each(i.SignedIn, func(s investigation.SignedIn) api.SignedIn { return api.SignedIn{Account: s.Account, At: s.At} }),
		Namesakes: orEmpty(i.Namesakes), Actions: api.Actions{},
	}
	if len(i.Described) > 0 {
		_ = json.Unmarshal(i.Described, &out.Described) // it was written as an object
	}
	if why := i.Why; why != nil {
		out.Why = api.WhyDeviceGroup{Ungrouped: len(why.Terms) == 0, Terms: []api.WhyTerm{}}
		if i.Rules {
			out.Why.Rank, out.Why.Of = why.Rank, why.Of
		}
		for _, term := range why.Terms {
			t := api.WhyTerm{Property: term.Property, Value: term.Value}
			if i.Rules {
				t.Pattern = term.Pattern
			}
			out.Why.Terms = append(out.Why.Terms, t)
		}
	}
	for name, a := range i.Actions {
		out.Actions[name] = api.Action{Allowed: a.Allowed, Reason: a.Reason, Workloads: a.Workloads, OtherDeviceGroup: a.OtherDeviceGroup, Capability: a.Capability}
	}
	return out
}

func toldOf(i investigation.AssetItem) api.AssetTold {
	return api.AssetTold{
		Workloads: slices.Concat([]rbac.Workload{}, i.Workloads),
		LatestAlerts: each(i.Alerts, func(a investigation.AssetAlert) api.AssetAlert {
			return api.AssetAlert{ID: a.ID, Title: a.Title, Severity: a.Severity, Status: a.Status, ServiceSource: a.ServiceSource, IncidentID: a.Incident, CreatedDateTime: a.Created}
		}),
		LatestIncidents: each(i.Incidents, func(n investigation.AssetIncident) api.AssetIncident {
			return api.AssetIncident{ID: n.ID, DisplayName: n.Name, Severity: n.Severity, Status: n.Status, Alerts: n.Alerts, LastUpdateDateTime: n.Updated}
		}),
		Evidence: each(i.Evidence, func(t investigation.ToldEvidence) api.ToldEvidence {
			out := api.ToldEvidence{AlertID: t.Alert, At: t.At}
			_ = json.Unmarshal(t.Evidence, &out.Evidence) // it was read as an object
			return out
		}),
		Related: each(i.Related, func(a investigation.Asset) api.AssetLink {
			return api.AssetLink{Kind: string(a.Kind), Key: a.Key, Name: a.Name, Alerts: a.Tally.Alerts}
		}),
	}
}

// TagDevice gives a device tags, or takes them away.
func (h *handlers) TagDevice(ctx context.Context, r api.TagDeviceRequestObject) (api.TagDeviceResponseObject, error) {
	item, err := h.Investigation.TagDevice(ctx, web.CallerOf(ctx).Actor(), r.ID, investigation.TagChange{Add: r.Body.Add, Remove: r.Body.Remove})
	if err != nil {
		return nil, err
	}
	out := api.TagDevice200JSONResponse{OutOfSight: item.Gone}
	if !item.Gone {
		page := devicePageOf(item)
		out.Device = &page
	}
	return out, nil
}

// PreviewDeviceTags tells what that would do.
func (h *handlers) PreviewDeviceTags(ctx context.Context, r api.PreviewDeviceTagsRequestObject) (api.PreviewDeviceTagsResponseObject, error) {
	m, err := h.Investigation.PreviewTags(ctx, web.CallerOf(ctx).Actor(), r.ID, investigation.TagChange{Add: r.Body.Add, Remove: r.Body.Remove})
	return api.PreviewDeviceTags200JSONResponse{Moves: m.Moves, From: m.From, To: m.To, Leaves: m.Leaves, Allowed: m.Allowed, Reason: m.Reason}, err
}

// ListEntities gives one page of what evidence in sight names.
func (h *handlers) ListEntities(ctx context.Context, r api.ListEntitiesRequestObject) (api.ListEntitiesResponseObject, error) {
	p := r.Params
	list := strings.Join([]string{"entities", r.Kind, p.Q, p.Order, web.CallerOf(ctx).User}, "\x01")
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := h.Investigation.Assets(ctx, web.CallerOf(ctx).Actor(), investigation.AssetQuery{
		Kind: store.EntityKind(r.Kind), Search: p.Q, Order: store.TallyOrder(p.Order), After: after, Limit: limitOf(p.Limit),
	})
	if err != nil {
		return nil, err
	}
	out := api.ListEntities200JSONResponse{Items: each(page.Items, entityOf), Total: page.Total}
	if page.Next != "" {
		out.Next = h.cursors.Seal(list, page.Next)
	}
	return out, nil
}

func entityOf(a investigation.Asset) api.EntityItem {
	t := tallyOf(a.Tally)
	return api.EntityItem{Kind: string(a.Kind), Key: a.Key, Name: a.Name, Alerts: t.Alerts, OpenAlerts: t.OpenAlerts, Incidents: t.Incidents, Risk: t.Risk, FirstSeen: t.FirstSeen, LastSeen: t.LastSeen}
}

// GetEntity gives one.
func (h *handlers) GetEntity(ctx context.Context, r api.GetEntityRequestObject) (api.GetEntityResponseObject, error) {
	i, err := h.Investigation.Asset(ctx, web.CallerOf(ctx).Actor(), store.EntityKind(r.Kind), r.Key)
	if err != nil {
		return nil, err
	}
	e, told := entityOf(i.Asset), toldOf(i)
	return api.GetEntity200JSONResponse{
		Kind: e.Kind, Key: e.Key, Name: e.Name, Alerts: e.Alerts, OpenAlerts: e.OpenAlerts, Incidents: e.Incidents, Risk: e.Risk, FirstSeen: e.FirstSeen, LastSeen: e.LastSeen,
		Workloads: told.Workloads, LatestAlerts: told.LatestAlerts, LatestIncidents: told.LatestIncidents, Evidence: told.Evidence, Related: told.Related,
	}, nil
}
