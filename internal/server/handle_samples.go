package server

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/hunting/samples"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// ListHuntingSamples lists the queries that come with the program.
func (h *handlers) ListHuntingSamples(context.Context, api.ListHuntingSamplesRequestObject) (api.ListHuntingSamplesResponseObject, error) {
	items := each(samples.All(), func(s samples.Sample) api.HuntingSample {
		return api.HuntingSample{ID: s.ID, Name: s.Name, Category: s.Category, Description: s.Description, Query: s.Query, Tables: s.Tables, Workloads: each(s.Workloads, rbac.Workload.String)}
	})
	return api.ListHuntingSamples200JSONResponse{Items: items, Total: len(items)}, nil
}
