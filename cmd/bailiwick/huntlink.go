package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

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
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Category string `json:"category"`
}

func (l huntLink) wanted() bool { return l.IncidentID != "" || l.IncidentTitle != "" }

// link makes an alert of all rows that a query finds, in an incident.
func (p *program) link(ctx context.Context, r hunt.Request, l huntLink) error {
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
	}
	if err := p.call(ctx, http.MethodPost, "/api/v1/hunting/link", l, &done); err != nil {
		return p.marked(r.Query, err)
	}
	return p.answer(done, func(w io.Writer) {
		fmt.Fprintf(w, "incident %s: alert %s of %s\n", oneLine(done.IncidentID), oneLine(done.AlertID), rowsFound(int64(done.Rows)))
	})
}
