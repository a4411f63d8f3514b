package server

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// AlertFacets counts the visible alerts by what a queue is filtered by.
func (h *handlers) AlertFacets(ctx context.Context, r api.AlertFacetsRequestObject) (api.AlertFacetsResponseObject, error) {
	f, err := h.Investigation.Facets(ctx, web.CallerOf(ctx).User, investigation.Query{Filter: r.Params.Filter, Search: r.Params.Search})
	if err != nil {
		return nil, err
	}
	values := func(list []investigation.Value) []api.FacetValue {
		return each(list, func(v investigation.Value) api.FacetValue {
			return api.FacetValue{Value: v.Value, Count: int(v.Count)}
		})
	}
	return api.AlertFacets200JSONResponse{
		Total: int(f.Total), Status: values(f.Status), Severity: values(f.Severity), ServiceSource: values(f.ServiceSource),
		Category: values(f.Category), AssignedTo: values(f.AssignedTo), DeviceGroup: values(f.DeviceGroup),
		DetectionSource: values(f.DetectionSource), Classification: values(f.Classification), Tag: values(f.Tag),
	}, nil
}
