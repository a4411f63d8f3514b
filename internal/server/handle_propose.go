package server

import (
	"context"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// ProposeRoles gives the least permissions for an outcome. What permissions open is no secret; which roles there are is.
func (h *handlers) ProposeRoles(ctx context.Context, r api.ProposeRolesRequestObject) (api.ProposeRolesResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	s := asker.Snapshot
	proposals, impossible := s.Propose(each(r.Body.Outcome, func(c api.CapabilityAt) rbac.Opened {
		return rbac.Opened{Workload: c.Workload, Capability: c.Capability}
	}))
	out := api.ProposeRoles200JSONResponse{
		Items: each(proposals, func(p rbac.Proposal) api.Proposal {
			item := api.Proposal{
				Workload: p.Workload, DataSources: p.Sources, Asked: openedOf(p.Asked),
				Sets: each(p.Sets, func(set rbac.PermissionSet) api.PermissionSet {
					return api.PermissionSet{
						Permissions: set.Permissions, InsteadOf: each(set.InsteadOf, orEmpty[string]), Opens: openedOf(set.Opens), AlsoOpens: openedOf(set.AlsoOpens),
					}
				}),
			}
			if p.Closest.Name != "" && asker.Can(rbac.ViewRoles, p.Workload) {
				ref := h.refOf(s, p.Closest)
				item.Closest, item.AlsoOpens = &ref, openedOf(p.AlsoOpens)
			}
			return item
		}),
		Impossible: each(impossible, func(i rbac.Impossible) api.ImpossiblePart {
			return api.ImpossiblePart{
				Capability: i.Capability, Workload: i.Workload, Reason: string(i.Reason), Sentence: catalog.Needs(i.Capability, i.Workload, s.Activations()),
			}
		}),
	}
	return out, nil
}
