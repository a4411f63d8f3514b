// Package analytics is Threat analytics: reports about threats, and what each of them means to the organisation. The text of a
// report is for everybody who may open the area; its numbers are computed when somebody reads it, from what that reader may know,
// each part by its own row of the table: alerts, incidents and assets (T6a, of each product its own), mitigations (T6b, on the
// device groups that the reader reaches) and prevented mail (T6c). A part without the right is told as such: it never reads as 0.
package analytics

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// IncidentName is what an incident is called for a reader of these classes (S9).
type IncidentName func(tx store.Reader, visible store.Visible, row store.IncidentRow) (string, error)

// Service answers for Threat analytics.
type Service struct {
	store        store.Store
	door         *audit.Door
	snapshots    Snapshots
	incidentName IncidentName
	now          func() time.Time
}

// New makes the service. now may be nil: the clock.
func New(s store.Store, door *audit.Door, snapshots Snapshots, name IncidentName, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, door: door, snapshots: snapshots, incidentName: name, now: now}
}

// desk is one reader at one moment, and one state of the data that fits the policy.
type desk struct {
	tx       store.Reader
	snapshot *rbac.Snapshot
	who      audit.Actor
	at       time.Time
	name     IncidentName

	alerts, exposure, mail rbac.Reach // T6a, T6b, T6c
	see                    rbac.Reach // T1: what incidents are listed by
}

// attempts is how often policy and data are read until they belong together.
const attempts = 8

// view runs f for a reader who may open the area.
func (s *Service) view(ctx context.Context, who audit.Actor, f func(*desk) error) error {
	for range attempts {
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		fits := false
		err = s.store.View(ctx, func(tx store.Reader) error {
			revision, err := tx.PolicyRevision()
			if err != nil {
				return err
			}
			if fits = snapshot.Revision() == revision; !fits {
				return nil
			}
			return f(s.sit(tx, snapshot, who))
		})
		if fits || err != nil {
			return err
		}
	}
	return fault.Unavailable("read", "the policy is changing at this moment; try again")
}

func (s *Service) sit(tx store.Reader, snapshot *rbac.Snapshot, who audit.Actor) *desk {
	d := &desk{tx: tx, snapshot: snapshot, who: who, at: s.now().UTC(), name: s.incidentName}
	d.alerts = snapshot.Reach(who.Name, rbac.AnalyticsAlerts, d.at)
	d.exposure = snapshot.Reach(who.Name, rbac.AnalyticsMitigations, d.at)
	d.mail = snapshot.Reach(who.Name, rbac.AnalyticsEmail, d.at)
	d.see = snapshot.Reach(who.Name, rbac.ViewInvestigation, d.at)
	return d
}

// opens tells whether the area is there for the reader: any part of it, in any product.
func (d *desk) opens() bool {
	return d.who.Local || !d.alerts.None() || !d.exposure.None() || !d.mail.None()
}

var parts = []rbac.Capability{rbac.AnalyticsAlerts, rbac.AnalyticsMitigations, rbac.AnalyticsEmail}

// area refuses the list to a reader without any right in it (R20).
func (d *desk) area(op string) error {
	if d.opens() {
		return nil
	}
	var lacks []string
	for _, c := range parts {
		for _, w := range where(c) {
			lacks = append(lacks, catalog.CapabilityTitle(c)+" "+catalog.Needs(c, w, d.snapshot.Activations()))
		}
	}
	return fault.Denied(op, "no role lets you do this in any product: %s", "Threat Analytics").WithLacks(lacks...)
}

// where are the workloads in which a capability exists (S4).
func where(c rbac.Capability) []rbac.Workload {
	row, ok := catalog.Requirement(c)
	if !ok {
		return nil
	}
	var list []rbac.Workload
	for _, w := range rbac.Workloads {
		if _, applies := row.Cells[w]; applies {
			list = append(list, w)
		}
	}
	return list
}

// report gives one to whoever may open the area; to others it does not exist.
func (d *desk) report(id string) (store.Report, error) {
	p, found, err := d.tx.Report(id)
	if err != nil {
		return p, err
	}
	if !found || !d.opens() {
		return p, fault.NotFound("report", "there is no report %q", shorten(id))
	}
	return p, nil
}

// related asks of the alerts that the reader may count, and with also, that other reaches open, too.
func (d *desk) related(report string, also ...rbac.Reach) (store.RelatedQuery, error) {
	list, err := d.tx.AlertClasses(0)
	if err != nil {
		return store.RelatedQuery{}, err
	}
	q := store.RelatedQuery{Report: report, Devices: d.devices(d.alerts)}
	counted := rbac.SetOf(where(rbac.AnalyticsAlerts)...)
	for _, c := range list {
		class, ok := d.snapshot.Class(c.Item)
		if d.who.Local {
			ok = c.Item.Workloads != 0 && c.Item.Workloads&^counted == 0
		}
		for _, r := range append([]rbac.Reach{d.alerts}, also...) {
			ok = ok && (d.who.Local || r.OpensClass(class))
		}
		if ok {
			q.Visible.Classes = append(q.Visible.Classes, c.ID)
		}
	}
	return q, nil
}

// devices are those that a reach has.
func (d *desk) devices(r rbac.Reach) store.DeviceReach {
	return store.DeviceReach{All: d.who.Local || r.AllDevices(), Groups: r.DeviceGroups()}
}

// visible is what the reader sees of alerts and incidents elsewhere (T1).
func (d *desk) visible() (store.Visible, error) {
	if d.who.Local {
		return store.Visible{All: true}, nil
	}
	list, err := d.tx.AlertClasses(0)
	if err != nil {
		return store.Visible{}, err
	}
	var v store.Visible
	for _, c := range list {
		if class, ok := d.snapshot.Class(c.Item); ok && d.see.OpensClass(class) {
			v.Classes = append(v.Classes, c.ID)
		}
	}
	return v, nil
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "..."
	}
	return s
}
