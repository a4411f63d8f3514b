// Package investigation is the queue: alerts and incidents, and what people do with them. Every read is cut to the
// reader's reach in the query itself (S8-S10, invariant 4), and every change goes through the one door (invariant 5).
//
// An alert is all or nothing but for the evidence of devices out of reach. An incident is what its visible alerts
// make of it: a reader of a part gets the counts, severity, times and order of that part, a name made from it, and
// none of the stored free text (S9).
package investigation

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// Grouping compiles the rules of device groups into the question which group a device is in.
type Grouping func(groups []rbac.DeviceGroup) func(store.Device) string

// Service answers for alerts and incidents.
type Service struct {
	store     store.Store
	door      *audit.Door
	snapshots Snapshots
	grouping  Grouping
	now       func() time.Time
	classes   classBook
	watch     watch

	// TakeActions gives who takes the actions that a file brings.
	TakeActions func(tx store.Writer, snapshot *rbac.Snapshot) ActionTaker
}

// noActions refuses the actions of a file where nobody takes them.
type noActions struct{}

func (noActions) Action(store.Action) (store.Taken, error) {
	return store.Unchanged, fault.Invalid("load", "nothing here takes actions")
}
func (noActions) Done() error { return nil }

// New makes the service. now may be nil: the clock.
func New(s store.Store, door *audit.Door, snapshots Snapshots, grouping Grouping, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{
		store: s, door: door, snapshots: snapshots, grouping: grouping, now: now,
		TakeActions: func(store.Writer, *rbac.Snapshot) ActionTaker { return noActions{} },
	}
}

// sight is one reader at one moment: where they may look, where they may change things, and one state of the data
// that fits the policy.
type sight struct {
	tx       store.Reader
	snapshot *rbac.Snapshot
	reader   string
	owner    bool // owns the files, and so the centre: sees and may do everything
	at       time.Time
	see      rbac.Reach
	manage   rbac.Reach
	classes  classes
	visible  store.Visible
	lacks    map[int64]Action // by class: a page asks the same few times
	settings *store.Settings  // nil: not asked for yet

	evidenced *store.EvidenceReach // once it was asked for

	// Of the incidents of a page.
	worst      map[string]store.AlertName
	ofIncident map[string][]int64
}

// The policy and the data are read one after the other. If they do not belong together - somebody is moving devices
// or rights at this moment - they are read again, so that no old right meets new data.
const attempts = 8

// view runs f for a reader.
func (s *Service) view(ctx context.Context, reader string, f func(*sight) error) error {
	for range attempts {
		// Before, not within: who holds a connection must not wait for another one.
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
			known, err := s.classes.read(tx, snapshot)
			if err != nil {
				return err
			}
			return f(s.sight(tx, snapshot, reader, known))
		})
		if fits || err != nil {
			return err
		}
	}
	return fault.Unavailable("read", "the policy is changing at this moment; try again")
}

// viewAs is view for whoever acts, the owner of the files included.
func (s *Service) viewAs(ctx context.Context, actor audit.Actor, f func(*sight) error) error {
	return s.view(ctx, actor.Name, func(v *sight) error {
		if actor.Local {
			v.own()
		}
		return f(v)
	})
}

func (v *sight) own() { v.owner, v.visible = true, store.Visible{All: true} }

// InSight tells which alerts and incidents a reader sees, within a transaction of somebody else.
func (s *Service) InSight(tx store.Reader, snapshot *rbac.Snapshot, reader string, at time.Time) (alert, incident func(id string) (bool, error), err error) {
	known, err := readClasses(tx, snapshot)
	if err != nil {
		return nil, nil, err
	}
	visible := known.visible(snapshot.Reach(reader, rbac.ViewInvestigation, at))
	alert = func(id string) (bool, error) {
		_, found, err := tx.Alert(id, visible)
		return found, err
	}
	incident = func(id string) (bool, error) {
		_, found, err := tx.Incident(id, visible)
		return found, err
	}
	return alert, incident, nil
}

// sightForChange is the same within a change: nobody else writes meanwhile.
func (s *Service) sightForChange(ctx context.Context, tx store.Writer, reader string) (*sight, error) {
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
	// Not from the book: what this change adds may yet be taken back.
	known, err := readClasses(tx, snapshot)
	if err != nil {
		return nil, err
	}
	return s.sight(tx, snapshot, reader, known), nil
}

func (s *Service) sight(tx store.Reader, snapshot *rbac.Snapshot, reader string, known classes) *sight {
	at := s.now()
	v := &sight{
		tx: tx, snapshot: snapshot, reader: reader, at: at, classes: known, lacks: map[int64]Action{},
		see:    snapshot.Reach(reader, rbac.ViewInvestigation, at),
		manage: snapshot.Reach(reader, rbac.ManageAlerts, at),
	}
	v.visible = known.visible(v.see)
	return v
}

// area refuses a list to a reader without any right in it (invariant 4). An item is not found instead.
func (v *sight) area(op string) error {
	if v.owner || !v.see.None() {
		return nil
	}
	return fault.Denied(op, "%s", areaSentence(v.snapshot.Catalog(), rbac.ViewInvestigation)).
		WithLacks(lackSentences(v.snapshot, rbac.ViewInvestigation)...)
}
