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
	return api.AlertFacets200JSONResponse{
		Total: int(f.Total), Status: facetValues(f.Status), Severity: facetValues(f.Severity), ServiceSource: facetValues(f.ServiceSource),
		Category: facetValues(f.Category), AssignedTo: facetValues(f.AssignedTo), DeviceGroup: facetValues(f.DeviceGroup),
		DetectionSource: facetValues(f.DetectionSource), Classification: facetValues(f.Classification), Tag: facetValues(f.Tag),
	}, nil
}

// IncidentFacets counts the visible incidents likewise.
func (h *handlers) IncidentFacets(ctx context.Context, r api.IncidentFacetsRequestObject) (api.IncidentFacetsResponseObject, error) {
	f, err := h.Investigation.IncidentFacets(ctx, web.CallerOf(ctx).User, investigation.Query{Filter: r.Params.Filter, Search: r.Params.Search})
	if err != nil {
		return nil, err
	}
	return api.IncidentFacets200JSONResponse{
		Total: int(f.Total), Status: facetValues(f.Status), Severity: facetValues(f.Severity), Classification: facetValues(f.Classification), AssignedTo: facetValues(f.AssignedTo),
		Tag: facetValues(f.Tag), Workload: facetValues(f.Workload), Category: facetValues(f.Category), DetectionSource: facetValues(f.DetectionSource), DeviceGroup: facetValues(f.DeviceGroup),
	}, nil
}

func facetValues(list []investigation.Value) []api.FacetValue {
	return each(list, func(v investigation.Value) api.FacetValue { return api.FacetValue{Value: v.Value, Count: int(v.Count)} })
}
