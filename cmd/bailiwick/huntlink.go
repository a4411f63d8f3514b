package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// huntLink is what is to become of the rows of a query.
type huntLink struct {
	Query         string        `json:"query"`
	Timespan      string        `json:"timespan,omitempty"`
	IncidentID    string        `json:"incidentId,omitempty"`
	IncidentTitle string        `json:"incidentTitle,omitempty"`
	Alert         huntLinkAlert `json:"alert"`
}

type huntLinkAlert struct {
	Title              string          `json:"title"`
	Description        string          `json:"description,omitempty"`
	RecommendedActions string          `json:"recommendedActions,omitempty"`
	Techniques         []string        `json:"mitreTechniques,omitempty"`
	Severity           string          `json:"severity"`
	Category           string          `json:"category"`
	Assets             []impactedAsset `json:"impactedAssets,omitempty"`
}

// impactedAsset is what an alert is about, and the column that names it.
type impactedAsset struct {
	Kind   string `json:"kind"`
	Column string `json:"column"`
}

// assetsOf reads what an alert is about: device=deviceId.
func assetsOf(list []string) ([]impactedAsset, error) {
	var assets []impactedAsset
	for _, text := range list {
		kind, identifier, ok := strings.Cut(text, "=")
		if _, known := detection.AssetKinds[kind]; !ok || !known || identifier == "" {
			return nil, refuse("hunt: --impacted-asset %s: want KIND=COLUMN, as device=deviceId; kinds are %s", oneLine(text), strings.Join(detection.AssetOrder, ", "))
		}
		assets = append(assets, impactedAsset{kind, detection.ColumnOf(identifier)})
	}
	return assets, nil
}

func (l huntLink) wanted() bool { return l.IncidentID != "" || l.IncidentTitle != "" }

// link makes an alert of all rows that a query finds, in an incident. An answer that is lost leaves a key, by which it is asked for again.
func (p *program) link(ctx context.Context, r hunt.Request, l huntLink, key string) error {
	if p.server == "" {
		return refuse("hunt: rows are linked to an incident by people: over a server, as the owner of the token (--server)")
	}
	l.Query, l.Timespan = r.Query, r.Timespan
	if l.Alert.Title == "" {
		l.Alert.Title = l.IncidentTitle
	}
	if l.Alert.Title == "" {
		return refuse("hunt: want --alert-title, what the alert is called that the rows become")
	}
	var done struct {
		IncidentID string `json:"incidentId"`
		AlertID    string `json:"alertId"`
		Rows       int    `json:"rows"`
		Known      int    `json:"known"`
	}
	if key == "" {
		key = rand.Text()
	}
	switch err := p.call(ctx, http.MethodPost, "/api/v1/hunting/link", l, &done, "Idempotency-Key", key); {
	case err != nil && (fault.KindOf(err) == 0 || fault.KindOf(err) == fault.KindUnavailable):
		return fmt.Errorf("%w; if the rows were linked all the same, this command with --idempotency-key %s links them no second time", err, key)
	case err != nil:
		return p.marked(r.Query, err)
	}
	return p.answer(done, func(w io.Writer) {
		fmt.Fprintf(w, "incident %s: alert %s of %s\n", oneLine(done.IncidentID), oneLine(done.AlertID), rowsFound(int64(done.Rows)))
		if done.Known > 0 {
			fmt.Fprintf(w, "%s more, which the incident has already\n", rowsFound(int64(done.Known)))
		}
	})
}
