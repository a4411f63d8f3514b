// Package library is the queries that people keep: what they have run, what they saved, and what they share. It holds texts and
// nothing that a query ever found: whoever runs one finds what they may see themselves.
package library

import (
	"context"
	"crypto/rand"
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

// Service answers for the library.
type Service struct {
	store     store.Store
	door      *audit.Door
	snapshots Snapshots
	now       func() time.Time
}

// New makes the service. now may be nil: the clock.
func New(s store.Store, door *audit.Door, snapshots Snapshots, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, door: door, snapshots: snapshots, now: now}
}

// moment is the time as it is stored: a tag of a state has no finer one.
func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// area refuses the library to who may hunt in no product (S12, S17).
func (s *Service) area(snapshot *rbac.Snapshot, who audit.Actor, op string) error {
	if who.Local || !snapshot.Reach(who.Name, rbac.ViewHunting, s.now().UTC()).None() {
		return nil
	}
	var lacks []string
	for _, w := range rbac.Workloads {
		lacks = append(lacks, catalog.Needs(rbac.ViewHunting, w, snapshot.Activations()))
	}
	return fault.Denied(op, "no role lets you do this in any product: %s", catalog.CapabilityTitle(rbac.ViewHunting)).WithLacks(lacks...)
}

// look runs f for who may hunt.
func (s *Service) look(ctx context.Context, who audit.Actor, op string, f func(tx store.Reader) error) error {
	snapshot, err := s.snapshots.Snapshot(ctx)
	if err != nil {
		return err
	}
	if err := s.area(snapshot, who, op); err != nil {
		return err
	}
	return s.store.View(ctx, f)
}

// change runs f for who may hunt, nobody else writing meanwhile.
func (s *Service) change(ctx context.Context, who audit.Actor, op string, f func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error) error {
	return s.door.Change(ctx, who, op, func(tx store.Writer, rec *audit.Record) error {
		revision, err := tx.PolicyRevision()
		if err != nil {
			return err
		}
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		if snapshot.Revision() != revision {
			return fault.Unavailable(op, "the policy is changing at this moment; try again")
		}
		rec.PolicyRevision = revision
		if err := s.area(snapshot, who, op); err != nil {
			return err
		}
		return f(tx, snapshot, rec)
	})
}

// administers tells whether somebody looks after the centre, and may take away what others share (S16).
func (s *Service) administers(snapshot *rbac.Snapshot, who audit.Actor) bool {
	return who.Local || snapshot.Decide(rbac.Request{
		Principal: who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: s.now().UTC(),
	}).Allowed
}

func newID(kind string) string { return kind + "_" + rand.Text() }

func shorten(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "..."
	}
	return text
}
