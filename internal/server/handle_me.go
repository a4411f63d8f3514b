package server

import (
	"context"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// area is a part of the portal: shown to who has one of its capabilities somewhere (S17).
type area struct {
	name      string
	opens     []rbac.Capability
	workloads []rbac.Workload
	reason    string // why it is not shown; without one, of its first capability
	everyone  bool
	whole     bool // shown to who has one in all of a workload
}

var fourAndOther = append(append([]rbac.Workload{}, rbac.Workloads...), rbac.Other)

var areas = []area{
	{name: "alerts", opens: []rbac.Capability{rbac.ViewInvestigation}, workloads: fourAndOther},
	{name: "incidents", opens: []rbac.Capability{rbac.ViewInvestigation}, workloads: fourAndOther},
	{name: "assets", opens: []rbac.Capability{rbac.ViewInvestigation}, workloads: fourAndOther},
	{name: "hunting", opens: []rbac.Capability{rbac.ViewHunting}, workloads: fourAndOther},
	{name: "actions", opens: []rbac.Capability{rbac.ViewInvestigation, rbac.Remediate}, workloads: fourAndOther}, // who only decides does it by id (S11)
	{name: "analytics", opens: []rbac.Capability{rbac.AnalyticsAlerts, rbac.AnalyticsMitigations, rbac.AnalyticsEmail}, workloads: rbac.Workloads,
		reason: "no role opens any part of it to you, and roles of Cloud apps and Identity never do"}, // one part is enough (R20, R21)
	{name: "detections", opens: []rbac.Capability{rbac.ManageDetections}, workloads: fourAndOther},
	{name: "permissions", opens: []rbac.Capability{rbac.ViewRoles}, workloads: rbac.Workloads},
	{name: "access", everyone: true}, // everyone may see and explain their own (S16)
	{name: "audit", opens: []rbac.Capability{rbac.ViewAudit}, workloads: fourAndOther, whole: true},           // S16
	{name: "settings", opens: []rbac.Capability{rbac.ManageSettings}, workloads: []rbac.Workload{rbac.Other}}, // those of endpoint are device groups: they stand under permissions
}

const administrators = "Global and Security Administrators"
const grantors = "Global and Security Administrators, and whoever may change roles of the product"

// GetMe tells who one is and what one may do where.
func (h *handlers) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	caller := web.CallerOf(ctx)
	asker, err := h.Permissions.Asker(ctx, caller.Actor())
	if err != nil {
		return nil, err
	}
	effective, err := asker.Effective(caller.User)
	if err != nil {
		return nil, err
	}
	s := asker.Snapshot
	user, _ := s.User(caller.User)
	return api.GetMe200JSONResponse{
		Name: caller.User, DisplayName: displayName(user, caller.User), Via: api.MeVia(caller.Via), ExpiresAt: caller.ExpiresAt,
		GlobalRoles: orEmpty(user.GlobalRoles), Groups: orEmpty(s.GroupsOf(caller.User)), Demo: h.Demo,
		EndpointRoles: s.EndpointRoles(), Revision: s.Revision(),
		Capabilities: cellsOf(effective.Cells), Areas: areasOf(s, effective.Cells),
	}, nil
}

func areasOf(s *rbac.Snapshot, cells []rbac.EffectiveCell) []api.Area {
	somewhere, throughout := map[rbac.Opened]bool{}, map[rbac.Opened]bool{}
	for _, c := range cells {
		opened := rbac.Opened{Workload: c.Workload, Capability: c.Capability}
		somewhere[opened], throughout[opened] = c.Somewhere || c.Allowed, c.Allowed
	}
	return each(areas, func(a area) api.Area {
		out := api.Area{Name: api.AreaName(a.name), Shown: a.everyone, Needs: []api.Need{}}
		for _, c := range a.opens {
			for _, w := range a.workloads {
				opened := rbac.Opened{Workload: w, Capability: c}
				out.Shown = out.Shown || throughout[opened] || (!a.whole && somewhere[opened])
				if names := s.CellOf(c, w); len(names) > 0 {
					out.Needs = append(out.Needs, api.Need{Capability: c, Workload: w, AnyOf: names})
				}
			}
		}
		if !out.Shown {
			out.Grantors = grantors
			switch out.Reason = a.reason; {
			case out.Reason != "":
			case len(out.Needs) == 0: // no permission opens it
				out.Reason, out.Grantors = catalog.Needs(a.opens[0], rbac.Other, s.Activations()), administrators
			default:
				out.Reason = "no role lets you do this in any product: " + catalog.CapabilityTitle(a.opens[0])
			}
		}
		return out
	})
}
