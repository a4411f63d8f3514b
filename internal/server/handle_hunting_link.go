package server

import (
	"context"
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
)

// LinkHunt makes an alert of rows of a query.
func (h *handlers) LinkHunt(ctx context.Context, r api.LinkHuntRequestObject) (api.LinkHuntResponseObject, error) {
	b := *r.Body
	l := detection.Linking{
		Hunted: detection.Hunted{Query: b.Query, Timespan: b.Timespan, At: b.At}, Incident: b.IncidentID, Title: b.IncidentTitle, Key: r.Params.IdempotencyKey,
		Alert: store.DetectionAlert{
			Title: b.Alert.Title, Description: b.Alert.Description, Severity: b.Alert.Severity, Category: b.Alert.Category, Recommended: b.Alert.RecommendedActions, Techniques: b.Alert.MitreTechniques,
		},
	}
	if b.Alert.ImpactedAssets != nil {
		l.Alert.Assets = each(b.Alert.ImpactedAssets, func(a api.DetectionAsset) store.DetectionAsset {
			return store.DetectionAsset{Kind: a.Kind, Column: a.Column}
		})
	}
	for _, row := range b.Rows {
		text, err := json.Marshal(row)
		if err != nil {
			return nil, err
		}
		l.Chosen = append(l.Chosen, text)
	}
	done, err := h.Detection.Link(ctx, web.CallerOf(ctx).Actor(), l)
	if err != nil {
		return nil, err
	}
	return api.LinkHunt201JSONResponse{IncidentID: done.Incident, AlertID: done.Alert, Rows: done.Rows, Known: done.Known}, nil
}
