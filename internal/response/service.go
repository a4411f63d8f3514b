// Package response is the Action centre: what is to be done, and was done, to devices, messages and accounts, who decides it, and
// who carries it out. To see an action takes T1 as an alert does, to act T4 of its workload and on its device's group (S11); who
// holds T4 without T1 meets no listed action, but may decide one by its id.
//
// An approved action is written down before anything is sent (Delivery), and what an executor confirms is the only thing that
// makes it done.
package response

import (
	"context"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// InSight tells which of these alerts and incidents a reader sees: an action must not tell of others.
type InSight func(tx store.Reader, snapshot *rbac.Snapshot, reader string, at time.Time) (alert, incident func(id string) (bool, error), err error)

// Service answers for the Action centre.
type Service struct {
	store     store.Store
	door      *audit.Door
	snapshots Snapshots
	inSight   InSight
	executors []Routed
	delivers  bool
	now       func() time.Time
	loop      outbox.Loop
	lanes     outbox.Lanes
	judged    judged
}

// Config is what the service is made of.
type Config struct {
	Store     store.Store
	Door      *audit.Door
	Snapshots Snapshots
	InSight   InSight
	Executors []Routed         // asked in this order; what none takes is done by hand
	Delivers  bool             // knows the executors; otherwise approved actions wait for who does
	Now       func() time.Time // nil: the clock
}

// New makes the service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{
		store: c.Store, door: c.Door, snapshots: c.Snapshots, inSight: c.InSight, executors: append(c.Executors[:len(c.Executors):len(c.Executors)], Routed{Executor: byHand{}}),
		delivers: c.Delivers, now: c.Now, loop: outbox.NewLoop(),
	}
}

// desk is one person at one moment: what they see, what they may do, and one state of the data that fits the policy.
type desk struct {
	tx       store.Reader
	snapshot *rbac.Snapshot
	who      audit.Actor
	at       time.Time
	see, act rbac.Reach
	rules    store.ActionRules
	alert    func(string) (bool, error)
	incident func(string) (bool, error)
}

// attempts is how often policy and data are read until they belong together.
const attempts = 8

// view runs f for a reader.
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
			d, err := s.sit(tx, snapshot, who)
			if err != nil {
				return err
			}
			return f(d)
		})
		if fits || err != nil {
			return err
		}
	}
	return fault.Unavailable("read", "the policy is changing at this moment; try again")
}

// forChange is the same within a change: nobody else writes meanwhile.
func (s *Service) forChange(ctx context.Context, tx store.Writer, who audit.Actor) (*desk, error) {
	revision, err := tx.PolicyRevision()
	if err != nil {
		return nil, err
	}
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if snapshot.Revision() != revision {
		return nil, fault.Unavailable("change", "the policy is changing at this moment; try again")
	}
	return s.sit(tx, snapshot, who)
}

func (s *Service) sit(tx store.Reader, snapshot *rbac.Snapshot, who audit.Actor) (*desk, error) {
	d := &desk{tx: tx, snapshot: snapshot, who: who, at: s.now().UTC()}
	d.see, d.act = snapshot.Reach(who.Name, rbac.ViewInvestigation, d.at), snapshot.Reach(who.Name, rbac.Remediate, d.at)
	var err error
	if d.rules, err = tx.ActionRules(); err != nil {
		return nil, err
	}
	all := func(string) (bool, error) { return true, nil }
	d.alert, d.incident = all, all
	if !who.Local {
		d.alert, d.incident, err = s.inSight(tx, snapshot, who.Name, d.at)
	}
	return d, err
}

// belongs is what an action belongs to: its workload and, on endpoint, the group its device is in now (S7, S8).
func belongs(row store.ActionRow) rbac.Item {
	item := rbac.Item{Workloads: rbac.SetOf(row.Workload)}
	if row.Workload == rbac.Endpoint {
		if item.EveryGroup = !row.DeviceKnown; row.DeviceKnown {
			item.DeviceGroups = []string{row.DeviceGroup}
		}
	}
	return item
}

// sees and acts tell what the person may do with an action. Who owns the files owns the centre.
func (d *desk) sees(row store.ActionRow) bool { return d.who.Local || d.see.Opens(belongs(row)) }
func (d *desk) acts(row store.ActionRow) bool { return d.who.Local || d.act.Opens(belongs(row)) }

// reach is what a list is cut to (invariant 4).
func (d *desk) reach() store.ActionReach {
	cut := reachOf(d.see)
	cut.All = d.who.Local
	return cut
}

func reachOf(r rbac.Reach) store.ActionReach {
	return store.ActionReach{Workloads: r.Workloads().List(), AllDevices: r.AllDevices(), DeviceGroups: r.DeviceGroups()}
}

// area refuses a list to a reader without any right in it.
func (d *desk) area(op string) error {
	if d.who.Local || !d.see.None() {
		return nil
	}
	var lacks []string
	for _, w := range rbac.Workloads {
		lacks = append(lacks, catalog.Needs(rbac.ViewInvestigation, w, d.snapshot.Activations()))
	}
	return fault.Denied(op, "no role lets you do this in any product: %s", catalog.CapabilityTitle(rbac.ViewInvestigation)).WithLacks(lacks...)
}

// lack says what it takes to act on things of this kind.
func (d *desk) lack(row store.ActionRow) string {
	needs := catalog.Needs(rbac.Remediate, row.Workload, d.snapshot.Activations())
	switch {
	case row.Workload != rbac.Endpoint || !d.act.Workload(rbac.Endpoint):
		return needs
	case row.DeviceKnown:
		return needs + " on the device's group"
	}
	return needs + " on every device group: it names no device that is known"
}

// maySetRules tells whether the person may change what the centre asks of approvers (S16).
func (d *desk) maySetRules() May {
	if d.who.Local || d.snapshot.Decide(rbac.Request{
		Principal: d.who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: d.at,
	}).Allowed {
		return May{Allowed: true}
	}
	return May{Reason: catalog.Needs(rbac.ManageSettings, rbac.Other, d.snapshot.Activations())}
}

// find gives an action to whoever may see it or act on it; to others it does not exist.
func (d *desk) find(id string) (row store.ActionRow, err error) {
	row, found, err := d.tx.Action(id)
	if err != nil {
		return row, err
	}
	if !found || !d.sees(row) && !d.acts(row) {
		return row, fault.NotFound("action", "there is no action %q", shorten(id))
	}
	return row, nil
}

// status is the state at this moment: what waits for approval lapses by the clock.
func (d *desk) status(a store.Action) string { return statusAt(a, d.at) }

func statusAt(a store.Action, at time.Time) string {
	if a.Status == PendingApproval && !a.Expires.IsZero() && !a.Expires.After(at) {
		return Expired
	}
	return a.Status
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "..."
	}
	return s
}

func same(a, b string) bool { return strings.EqualFold(a, b) }
