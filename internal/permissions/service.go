// Package permissions keeps who has what: the live policy, and every change of it. A change is an Operation; what an
// Operation would do can be previewed before it is done, by the same code.
package permissions

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Service answers from the live policy and changes it.
type Service struct {
	// OnDeviceGroups, if set, runs inside the transaction that changes device groups, so that devices move with the
	// rules or not at all (S7).
	OnDeviceGroups func(tx store.Writer, groups []rbac.DeviceGroup) error

	store   store.Store
	origins atomic.Pointer[origins]
	door    *audit.Door
	catalog *rbac.Catalog
	now     func() time.Time

	shadow shadow

	live atomic.Pointer[live]
	load sync.Mutex // one loads, the others wait for it
}

// live is the policy as it was when the store had this version.
type live struct {
	version  uint64
	snapshot *rbac.Snapshot
}

// New loads the policy. now is the clock; nil is the system's.
func New(ctx context.Context, s store.Store, door *audit.Door, c *rbac.Catalog, now func() time.Time) (*Service, error) {
	if now == nil {
		now = time.Now
	}
	service := &Service{store: s, door: door, catalog: c, now: now}
	service.shadow = shadow{store: s, notes: make(chan shadowNote, shadowQueue), pending: map[shadowKey]shadowCount{}}
	if _, err := service.Snapshot(ctx); err != nil {
		return nil, err
	}
	return service, nil
}

// Now is the service's clock.
func (s *Service) Now() time.Time { return s.now() }

// liveSnapshot gives the policy as it is: see Snapshot.
func (s *Service) liveSnapshot(ctx context.Context) (*rbac.Snapshot, error) {
	version, err := s.store.Version(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	if l := s.live.Load(); l != nil && l.version == version {
		return l.snapshot, nil
	}
	s.load.Lock()
	defer s.load.Unlock()
	// The version is read before the policy: a commit in between is seen again at the next call, never missed.
	if version, err = s.store.Version(ctx); err != nil {
		return nil, unavailable(err)
	}
	l := s.live.Load()
	if l != nil && l.version == version {
		return l.snapshot, nil
	}
	var snapshot *rbac.Snapshot
	err = s.store.View(ctx, func(r store.Reader) error {
		snapshot, err = s.current(r)
		return err
	})
	if err != nil {
		return nil, unavailable(err)
	}
	s.live.Store(&live{version, snapshot})
	return snapshot, nil
}

// current is the policy as a transaction sees it. The live snapshot serves if it is of the same revision.
func (s *Service) current(r store.PolicyReader) (*rbac.Snapshot, error) {
	revision, err := r.PolicyRevision()
	if err != nil {
		return nil, err
	}
	if l := s.live.Load(); l != nil && l.snapshot.Revision() == revision {
		return l.snapshot, nil
	}
	policy, err := r.Policy()
	if err != nil {
		return nil, err
	}
	return rbac.Compile(s.catalog, policy)
}

func unavailable(err error) error {
	return fault.Unavailable("read the policy", "the policy can't be read just now: %w", err)
}
