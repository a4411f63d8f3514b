package permissions

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// The bounds of what a shadow may cost.
const (
	shadowQueue   = 4096             // requests waiting to be compared; beyond, they are counted as missed
	shadowPending = 4096             // differences waiting to be written
	shadowKept    = 100_000          // differences in the store
	shadowEvery   = 10 * time.Second // how often they are written
)

// shadow compares what own and unified roles say of each request, beside the requests: a request only leaves a note, and
// never waits. What it notes is kept in memory and written now and then, all at once.
type shadow struct {
	store   store.Store
	notes   chan shadowNote
	pending map[shadowKey]shadowCount
	missed  atomic.Int64
	start   sync.Once
}

// shadowNote is a request to be compared: on the policy and at the moment that decided it.
type shadowNote struct {
	snapshot    *rbac.Snapshot
	user        string
	capability  rbac.Capability
	among       rbac.WorkloadSet
	deviceGroup string
	at          time.Time
	done        chan<- error // set: no request; write what is pending
}

type shadowKey struct {
	user       string
	capability rbac.Capability
	rbac.Difference
}

type shadowCount struct {
	count int64
	last  time.Time
}

// Asked tells a shadow, if there is one, that a user has made a request that takes a capability. It does not wait.
func (s *Service) Asked(snapshot *rbac.Snapshot, user string, c rbac.Capability) {
	s.askedAbout(snapshot, user, c, rbac.SetOf(rbac.Workloads...), "")
}

// AskedAbout is Asked for a question about one workload, in endpoint about a device group or, without one, all of it.
func (s *Service) AskedAbout(snapshot *rbac.Snapshot, user string, c rbac.Capability, w rbac.Workload, deviceGroup string) {
	s.askedAbout(snapshot, user, c, rbac.SetOf(w), deviceGroup)
}

func (s *Service) askedAbout(snapshot *rbac.Snapshot, user string, c rbac.Capability, among rbac.WorkloadSet, deviceGroup string) {
	among &= snapshot.Activations().In(rbac.Shadow)
	if among == 0 || user == "" || snapshot.Viewing() {
		return
	}
	s.shadow.start.Do(func() { go s.shadow.run() })
	select {
	case s.shadow.notes <- shadowNote{snapshot: snapshot, user: user, capability: c, among: among, deviceGroup: deviceGroup, at: s.now()}:
	default:
		s.shadow.missed.Add(1)
	}
}

// FlushShadow compares and writes what is waiting. Before a server stops, nothing that it noted need be lost.
func (s *Service) FlushShadow(ctx context.Context) error {
	s.shadow.start.Do(func() { go s.shadow.run() })
	done := make(chan error, 1)
	select {
	case s.shadow.notes <- shadowNote{done: done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run is the one that compares. It lives as long as the program: it holds nothing but what is pending.
func (s *shadow) run() {
	tick := time.NewTicker(shadowEvery)
	for {
		select {
		case n := <-s.notes:
			if n.done != nil {
				n.done <- s.write()
				continue
			}
			s.compare(n)
		case <-tick.C:
			_ = s.write() // what could not be written is written with the next
		}
	}
}

func (s *shadow) compare(n shadowNote) {
	other := n.snapshot.Shadow()
	if other == nil {
		return
	}
	differences := rbac.Differences(n.snapshot.Reach(n.user, n.capability, n.at), other.Reach(n.user, n.capability, n.at), n.among)
	for _, d := range differences {
		if n.deviceGroup != "" && d.DeviceGroup != "" && d.DeviceGroup != n.deviceGroup {
			continue
		}
		key := shadowKey{n.user, n.capability, d}
		known, ok := s.pending[key]
		if !ok && len(s.pending) >= shadowPending {
			s.missed.Add(1)
			continue
		}
		s.pending[key] = shadowCount{known.count + 1, n.at}
	}
}

// write adds what is pending to the store.
func (s *shadow) write() error {
	if len(s.pending) == 0 {
		return nil
	}
	list := make([]store.ShadowDifference, 0, len(s.pending))
	for k, c := range s.pending {
		list = append(list, store.ShadowDifference{
			User: k.user, Workload: k.Workload, Capability: k.capability, DeviceGroup: k.DeviceGroup, Unified: k.Unified, Count: c.count, Last: c.last,
		})
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	dropped := 0
	err := s.store.Change(ctx, func(tx store.Writer) error {
		var err error
		dropped, err = tx.AddShadowDifferences(list, shadowKept)
		return err
	})
	if err != nil {
		return err
	}
	s.missed.Add(int64(dropped))
	s.pending = map[shadowKey]shadowCount{}
	return nil
}

// ShadowReport is what the shadows have found, as far as the asker may know it.
type ShadowReport struct {
	Items  []store.ShadowDifference
	Missed int64 // since this server started, comparisons that were left out so that requests need not wait
}

// Differences lists where the unified roles would have answered otherwise, in the workloads whose roles the asker may see.
func (a *Asker) Differences(ctx context.Context, among rbac.WorkloadSet) (ShadowReport, error) {
	if err := a.ViewsRoles(); err != nil {
		return ShadowReport{}, err
	}
	report := ShadowReport{Missed: a.service.shadow.missed.Load()}
	err := a.service.store.View(ctx, func(r store.Reader) error {
		var err error
		report.Items, err = r.ShadowDifferences(among & rbac.SetOf(a.Where(rbac.ViewRoles)...))
		return err
	})
	if err != nil {
		return ShadowReport{}, unavailable(err)
	}
	slices.SortStableFunc(report.Items, func(x, y store.ShadowDifference) int {
		return cmp.Or(cmp.Compare(x.User, y.User), cmp.Compare(x.Workload, y.Workload), cmp.Compare(x.Capability, y.Capability))
	})
	return report, nil
}

// Shadowed lists what the shadows have found to one who owns the files, or who may see roles.
func (s *Service) Shadowed(ctx context.Context, actor audit.Actor, among rbac.WorkloadSet) (ShadowReport, error) {
	asker, err := s.Asker(ctx, actor)
	if err != nil {
		return ShadowReport{}, err
	}
	return asker.Differences(ctx, among)
}
