package server

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListWorkloads lists the four, and whether endpoint's roles are on.
func (h *handlers) ListWorkloads(ctx context.Context, _ api.ListWorkloadsRequestObject) (api.ListWorkloadsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	items := each(rbac.Workloads, func(w rbac.Workload) api.WorkloadInfo { return workloadOf(asker, w) })
	return api.ListWorkloads200JSONResponse{Items: items, Total: len(items)}, nil
}

func workloadOf(a *permissions.Asker, w rbac.Workload) api.WorkloadInfo {
	out := api.WorkloadInfo{
		Workload: w, Title: catalog.WorkloadTitle(w), Product: catalog.WorkloadProduct(w), Roles: w != rbac.Endpoint || a.Snapshot.EndpointRoles(),
		Switchable: w == rbac.Endpoint, Unified: a.Snapshot.Activation(w), Etag: permissions.Tag(a.Snapshot, permissions.WorkloadState(w)),
		Actions: api.Actions{"createRole": may(a, rbac.ManageRoles, w), "activate": may(a, rbac.ManageSettings, rbac.Other)},
	}
	if catalog.SetElsewhere(w) {
		out.KeptIn = out.Product
	}
	if w == rbac.Endpoint {
		out.Actions["switch"] = may(a, rbac.ManageSettings, rbac.Other)
	}
	return out
}

// SetEndpointRoles turns endpoint's roles on or off.
func (h *handlers) SetEndpointRoles(ctx context.Context, r api.SetEndpointRolesRequestObject) (api.SetEndpointRolesResponseObject, error) {
	if _, err := h.Permissions.Do(ctx, web.CallerOf(ctx).Actor(), permissions.SetEndpointRoles(r.Body.Roles).If(r.Params.IfMatch, permissions.WorkloadState(rbac.Endpoint))); err != nil {
		return nil, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	info := workloadOf(asker, rbac.Endpoint)
	return api.SetEndpointRoles200JSONResponse{Body: info, Headers: api.SetEndpointRoles200ResponseHeaders{ETag: info.Etag}}, nil
}

// ListDeviceGroups lists them in rank order.
func (h *handlers) ListDeviceGroups(ctx context.Context, r api.ListDeviceGroupsRequestObject) (api.ListDeviceGroupsResponseObject, error) {
	list, err := h.deviceGroups(ctx)
	if err != nil {
		return nil, err
	}
	list.Items, list.Next, err = paged(ctx, h, list.Items, func(g api.DeviceGroup) string { return rankKey(g.Rank) }, r.Params.Limit, r.Params.Cursor, "device-groups")
	return api.ListDeviceGroups200JSONResponse{Body: list, Headers: api.ListDeviceGroups200ResponseHeaders{ETag: list.Etag}}, err
}

func rankKey(rank int) string { return strconv.Itoa(1_000_000 + rank) } // sorts as text like the number

func (h *handlers) deviceGroups(ctx context.Context) (api.DeviceGroupList, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.DeviceGroupList{}, err
	}
	groups, err := asker.DeviceGroups()
	if err != nil {
		return api.DeviceGroupList{}, err
	}
	counts, err := h.deviceCounts(ctx, asker)
	if err != nil {
		return api.DeviceGroupList{}, err
	}
	out := api.DeviceGroupList{
		Items: []api.DeviceGroup{}, Total: len(groups), Revision: asker.Snapshot.Revision(), Etag: permissions.Tag(asker.Snapshot, permissions.DeviceGroupsState),
		Actions: api.Actions{"edit": may(asker, rbac.ManageSettings, rbac.Endpoint)},
	}
	for i, g := range groups {
		out.Items = append(out.Items, api.DeviceGroup{
			Name: g.Name, Rank: i + 1, Description: g.Description, Match: api.Match{Name: g.Match.Name, Domain: g.Match.Domain, Tag: g.Match.Tag, Os: g.Match.OS},
			Remediation: g.Remediation, Open: g.Open, Access: orEmpty(g.Access), DeviceCount: counts[g.Name], Fixed: g.Name == rbac.UngroupedDevices,
			Origin: h.originOf(ctx, asker.Snapshot, imports.KindDeviceGroup, g.Name),
		})
	}
	return out, nil
}

// deviceCounts is how many devices there are in the groups whose devices the reader sees. Who may see roles need not see
// data.
func (h *handlers) deviceCounts(ctx context.Context, asker *permissions.Asker) (map[string]*int, error) {
	reach := asker.Snapshot.Reach(web.CallerOf(ctx).User, rbac.ViewInvestigation, h.Now())
	seen := map[string]*int{}
	return seen, h.Store.View(ctx, func(r store.Reader) error {
		counts, err := r.DeviceCounts(store.DeviceQuery{All: true})
		for _, name := range reach.DeviceGroups() {
			n := counts[name]
			seen[name] = &n
		}
		return err
	})
}

// SetDeviceGroups sets the whole list.
func (h *handlers) SetDeviceGroups(ctx context.Context, r api.SetDeviceGroupsRequestObject) (api.SetDeviceGroupsResponseObject, error) {
	if _, err := h.do(ctx, setDeviceGroups(*r.Body).If(r.Params.IfMatch, permissions.DeviceGroupsState), rbac.ManageSettings, rbac.Endpoint); err != nil {
		return nil, err
	}
	list, err := h.deviceGroups(ctx)
	return api.SetDeviceGroups200JSONResponse{Body: list, Headers: api.SetDeviceGroups200ResponseHeaders{ETag: list.Etag}}, err
}

func setDeviceGroups(b api.DeviceGroupSetting) permissions.Operation {
	var renames []permissions.RenamedDeviceGroup
	for i, g := range b.Items {
		if g.RenamedFrom != "" {
			renames = append(renames, permissions.RenamedDeviceGroup{Item: i, From: g.RenamedFrom})
		}
	}
	return permissions.SetDeviceGroups(deviceGroupsOf(b), b.Revision, renames...)
}

func deviceGroupsOf(b api.DeviceGroupSetting) []rbac.DeviceGroup {
	return each(b.Items, func(g api.DeviceGroupInput) rbac.DeviceGroup {
		return rbac.DeviceGroup{
			Name: g.Name, Description: g.Description, Remediation: g.Remediation, Open: g.Open, Access: g.Access,
			Match: rbac.Match{Name: g.Match.Name, Domain: g.Match.Domain, Tag: g.Match.Tag, OS: g.Match.Os},
		}
	})
}

// PreviewDeviceGroups tells which devices other rules would move, of those that the caller sees.
func (h *handlers) PreviewDeviceGroups(ctx context.Context, r api.PreviewDeviceGroupsRequestObject) (api.PreviewDeviceGroupsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	renamed := map[string]string{}
	for _, g := range r.Body.Items {
		if g.RenamedFrom != "" {
			renamed[g.Name] = g.RenamedFrom
		}
	}
	found, err := h.Investigation.DeviceMoves(ctx, web.CallerOf(ctx).User, deviceGroupsOf(*r.Body), renamed)
	if err != nil {
		return nil, err
	}
	return api.PreviewDeviceGroups200JSONResponse{
		Total: found.Total, Seen: found.Seen,
		Moves: each(found.Moves, func(m investigation.DeviceMove) api.DeviceMove {
			return api.DeviceMove{ID: m.ID, Name: m.Name, From: m.From, To: m.To}
		}),
	}, nil
}

// ListGlobalRoles lists the directory roles and who has them.
func (h *handlers) ListGlobalRoles(ctx context.Context, _ api.ListGlobalRolesRequestObject) (api.ListGlobalRolesResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	s := asker.Snapshot
	opens, err := h.globalRolesOpen(s)
	if err != nil {
		return nil, err
	}
	items := each(h.Catalog.GlobalRoles, func(g rbac.GlobalRole) api.GlobalRole {
		members := s.GlobalRoleMembers(g.Name)
		return api.GlobalRole{
			Name: g.Name, Administrator: g.Administrator, Opens: orEmpty(opens[g.Name]), MemberCount: len(members),
			Members: each(members[:min(len(members), 1000)], func(u rbac.User) api.Principal {
				return api.Principal{Name: u.Name, DisplayName: displayName(u, u.Name)}
			}),
		}
	})
	return api.ListGlobalRoles200JSONResponse{Items: items, Total: len(items)}, nil
}

// globalRolesOpen asks the one brain what each global role opens: of a person who has nothing else.
func (h *handlers) globalRolesOpen(live *rbac.Snapshot) (map[string][]api.CapabilityAt, error) {
	p := rbac.Policy{EndpointRoles: live.EndpointRoles(), Activation: live.Activations()}
	for _, g := range h.Catalog.GlobalRoles {
		p.Users = append(p.Users, rbac.User{Name: "only " + strings.ToLower(g.Name), GlobalRoles: []string{g.Name}})
	}
	s, err := rbac.Compile(h.Catalog, p)
	if err != nil {
		return nil, err
	}
	opens := map[string][]api.CapabilityAt{}
	for _, u := range p.Users {
		for _, c := range s.Effective(u.Name, h.Now()).Cells {
			if c.Allowed {
				opens[u.GlobalRoles[0]] = append(opens[u.GlobalRoles[0]], api.CapabilityAt{Workload: c.Workload, Capability: c.Capability})
			}
		}
	}
	return opens, nil
}

// ListRequirements shows the table, with the reader's own access marked.
func (h *handlers) ListRequirements(ctx context.Context, _ api.ListRequirementsRequestObject) (api.ListRequirementsResponseObject, error) {
	caller := web.CallerOf(ctx)
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	mine, err := asker.Effective(caller.User)
	if err != nil {
		return nil, err
	}
	holdings := mine.Holdings
	cells := map[rbac.Opened]rbac.EffectiveCell{}
	for _, c := range mine.Cells {
		cells[rbac.Opened{Workload: c.Workload, Capability: c.Capability}] = c
	}
	held := map[rbac.Workload]map[string]bool{}
	for _, holding := range mine.Holdings {
		if held[holding.Workload] == nil {
			held[holding.Workload] = map[string]bool{}
		}
		held[holding.Workload][holding.Permission] = held[holding.Workload][holding.Permission] || len(holding.Opens) > 0
	}
	items := each(h.Catalog.Requirements, func(row rbac.Requirement) api.Requirement {
		out := api.Requirement{
			ID: row.ID, Capability: row.Capability, Task: row.Task, Part: row.Part, Surfaces: row.Surfaces, Cells: []api.RequirementCell{},
		}
		for _, w := range rbac.Workloads {
			cell, applies := row.Cells[w]
			by := w
			if w == rbac.Identity {
				by = rbac.CloudApps // S2
			}
			mine, ok := cells[rbac.Opened{Workload: w, Capability: row.Capability}]
			if !ok {
				mine = rbac.EffectiveCell{Workload: w, Capability: row.Capability, Reason: rbac.NotApplicable}
			}
			out.Cells = append(out.Cells, api.RequirementCell{
				Workload: w, Applies: applies, By: by, Mine: cellOf(mine), State: asker.Snapshot.Activation(w),
				Unified: each(cell.Unified, func(name string) api.CellPermission {
					return api.CellPermission{Name: name, Held: byUnified(holdings, w, row.Capability)}
				}),
				AnyOf: each(cell.AnyOf, func(name string) api.CellPermission {
					return api.CellPermission{Name: name, Held: held[by][name]}
				}),
			})
		}
		return out
	})
	return api.ListRequirements200JSONResponse{Items: items, Total: len(items)}, nil
}

// byUnified tells whether a unified role opens a capability. A cell names one unified permission, so it is by that one.
func byUnified(holdings []rbac.Holding, w rbac.Workload, c rbac.Capability) bool {
	return slices.ContainsFunc(holdings, func(h rbac.Holding) bool {
		return h.Role.Workload == rbac.Unified && slices.Contains(h.Opens, rbac.Opened{Workload: w, Capability: c})
	})
}

// ListPermissions shows the catalogue: what each permission opens, and whether the reader could put it into a role.
func (h *handlers) ListPermissions(ctx context.Context, r api.ListPermissionsRequestObject) (api.ListPermissionsResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	s, at := asker.Snapshot, h.Now()
	items := []api.Permission{}
	for _, p := range h.Catalog.Permissions {
		if r.Params.Workload == "" && p.Workload == rbac.Unified || r.Params.Workload != "" && p.Workload.String() != r.Params.Workload {
			continue
		}
		role := rbac.Role{Workload: p.Workload, Name: "a role with it", Permissions: []string{p.Name}}
		grantable := may(asker, rbac.ManageRoles, p.Workload)
		switch {
		case p.Reserved:
			grantable = never("only built-in roles may hold it")
		case grantable.Allowed:
			if lacks := s.Cover(web.CallerOf(ctx).User, role, at); len(lacks) > 0 {
				grantable = never("you do not hold it yourself: " + permissions.LackSentence(lacks[0]))
			}
		}
		items = append(items, api.Permission{
			ID: p.ID, Workload: p.Workload, Name: p.Name, Allows: p.Allows, Manage: p.Manage, Reserved: p.Reserved,
			Opens: openedOf(s.RoleOpens(role)), Grantable: grantable,
			Category: p.Category, Group: p.Group, Action: p.Action, Includes: p.Includes, All: p.All,
		})
	}
	return api.ListPermissions200JSONResponse{Items: items, Total: len(items)}, nil
}
