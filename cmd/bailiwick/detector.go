package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/server"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// detect opens custom detections: they hunt as anybody does, and what they find goes the way of alerts and actions that come otherwise.
func (c *centre) detect(now func() time.Time) {
	c.detection = detection.New(detection.Config{
		Store: c.store, Door: c.door, Snapshots: c.permissions, Runner: hunts{c.hunter}, Raise: c.investigation.Raise, InSight: c.investigation.InSight,
		Feed:   c.feeds.Readers,
		Paused: c.notify.TellPaused, Now: now,
		Catalog: func(snapshot *rbac.Snapshot, reader string, at time.Time) *kql.Catalog {
			return authorise.Of(snapshot, reader, at).Catalog()
		},
		Hunt: func(ctx context.Context, who audit.Actor, q detection.Hunted) (detection.Result, int, error) {
			r := hunt.Request{Query: q.Query, Timespan: q.Timespan, At: q.At, Limits: hunt.Limits{Rows: server.PortalRows}}
			p, err := c.library.Pick(ctx, who, c.hunter, r, q.Chosen, q.Most)
			if err != nil {
				return detection.Result{}, 0, err
			}
			return detection.Result{Columns: p.Names, Rows: p.Rows, More: p.More, Took: p.Stats.Took}, p.Missing, nil
		},
		MayPlace: func(ctx context.Context, tx store.Writer, who audit.Actor, incident string, rec *audit.Record) error {
			return c.investigation.MayPlace(ctx, tx, who, investigation.Place{Incident: incident}, rec)
		},
		Place: func(ctx context.Context, tx store.Writer, who audit.Actor, a store.Alert, incident, title string, rec *audit.Record) (string, error) {
			return c.investigation.PlaceAlert(ctx, tx, who, a, investigation.Place{Incident: incident, Title: title}, rec)
		},
		Act: func(tx store.Writer, snapshot *rbac.Snapshot, who audit.Actor, a detection.Ask) error {
			return c.response.AskDetected(tx, snapshot, who, response.Request{Type: a.Type, Comment: a.Comment, Target: response.Target{
				Device: a.Target.Device, SHA1: a.Target.SHA1, SHA256: a.Target.SHA256, NetworkMessageID: a.Target.NetworkMessageID, Recipient: a.Target.Recipient,
				User: a.Target.User, Indicator: a.Target.Indicator,
			}}, a.Alert)
		},
	})
}

// toldDetection is a custom detection as somebody may know of it, for who tells them that it has paused.
func (c *centre) toldDetection(tx store.Reader, snapshot *rbac.Snapshot, reader, id string) (notify.Detection, error) {
	d, found, err := c.detection.Told(tx, snapshot, reader, id)
	return notify.Detection{Detection: d, Found: found}, err
}

// hunts runs the queries of detections as the hunter does everybody's.
type hunts struct{ *hunt.Hunter }

// Run implements detection.Runner.
func (h hunts) Run(ctx context.Context, reader string, q detection.Query) (detection.Result, error) {
	var to gathered
	ask := hunt.Request{
		Query: q.Text, Timespan: q.From.UTC().Format(time.RFC3339Nano) + "/" + q.To.UTC().Format(time.RFC3339Nano), Within: q.Within, OfTheFour: true, At: q.To, Limits: hunt.Limits{Rows: int64(q.Rows)},
	}
	if q.Arrived {
		ask.Timespan, ask.Arrived.From, ask.Arrived.To = "P30D", q.From, q.To // whenever it happened, a while ahead too: clocks go wrong
	}
	stats, err := h.Hunter.Run(ctx, reader, ask, &to)
	to.Took, to.Bytes, to.More = stats.Took, stats.Bytes, stats.Truncated != ""
	return to.Result, err
}

// gathered keeps the rows that come.
type gathered struct{ detection.Result }

// Head implements hunt.Rows.
func (g *gathered) Head(head hunt.Head) error {
	for _, c := range head.Columns {
		g.Result.Columns = append(g.Result.Columns, c.Name)
	}
	return nil
}

// Row implements hunt.Rows.
func (g *gathered) Row(values []any) error {
	g.Result.Rows = append(g.Result.Rows, slices.Clone(values))
	return nil
}

// follow runs custom detections, once each window, until it is told to stop. No other server is on these data (lockServer): a turn that
// somebody has is of one that was killed.
func (p *program) follow(ctx context.Context, c *centre) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		report := func(err error) { fmt.Fprintln(terminal{p.err}, "bailiwick: custom detections:", err) }
		if err := c.detection.Resume(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		c.detection.Run(ctx, report)
	}()
	return func() { cancel(); <-done }
}
