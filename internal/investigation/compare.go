package investigation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// SightChange is how many alerts and incidents one person gains and loses sight of by a change of policy: of those that
// the asker sees, and no others.
type SightChange struct {
	AlertsGained, AlertsLost       int64
	IncidentsGained, IncidentsLost int64
}

// Sight is what a change does to what people see. Only who is in Of was counted; Reason says why others, or all, were not.
type Sight struct {
	Of     map[string]SightChange
	Reason string
}

// maxSights is how many different changes of sight are counted at once. People of one team share one.
const maxSights = 40

// sightBudget is how long counting may take before the rest is left out: what a reader of a part sees of incidents is added up
// at each count, and among a million alerts a preview would keep people waiting.
const sightBudget = 2 * time.Second

// CompareSight counts what each of the users would see of the queue by another policy, through the filter that every read
// goes through. The asker learns nothing about what they don't see: who changes roles and sees no alerts is told that
// nothing is counted, never how much there is.
func (s *Service) CompareSight(ctx context.Context, asker audit.Actor, before, after *rbac.Snapshot, users []string, at time.Time) (Sight, error) {
	out := Sight{Of: map[string]SightChange{}}
	if moves(before.DeviceGroups(), after.DeviceGroups()) {
		out.Reason = "alerts and incidents are not counted: the rules move devices between device groups"
		return out, nil
	}
	err := s.store.View(ctx, func(tx store.Reader) error {
		if revision, err := tx.PolicyRevision(); err != nil || revision != before.Revision() {
			return orElse(err, fault.Unavailable("preview", "the policy is changing at this moment; try again"))
		}
		now, err := readClasses(tx, before)
		if err != nil {
			return err
		}
		then := classes{}.with(now.list, after)
		mine := now.all()
		if !asker.Local {
			mine = now.seen(before.Reach(asker.Name, rbac.ViewInvestigation, at))
		}
		if len(mine) == 0 && !asker.Local {
			out.Reason = "alerts and incidents are not counted: you see none"
			return nil
		}
		counted, begun := map[string]SightChange{}, time.Now()
		for _, user := range users {
			old := both(now.seen(before.Reach(user, rbac.ViewInvestigation, at)), mine)
			next := both(then.seen(after.Reach(user, rbac.ViewInvestigation, at)), mine)
			key := fmt.Sprint(old, next)
			change, known := counted[key]
			if !known {
				if len(counted) == maxSights || time.Since(begun) > sightBudget {
					out.Reason = fmt.Sprintf("alerts and incidents are counted for the first %d people only: for all of them it would take too long", len(out.Of))
					return nil
				}
				if change, err = countSight(tx, old, next); err != nil {
					return err
				}
				counted[key] = change
			}
			out.Of[user] = change
		}
		return nil
	})
	return out, err
}

// countSight counts what is seen by one set of classes and not by another. An incident is seen by one alert of it, so it
// is gained only if none was seen before.
func countSight(tx store.Reader, old, next []int64) (SightChange, error) {
	var c SightChange
	if slices.Equal(old, next) {
		return c, nil
	}
	var counts [5]int64
	either := slices.Compact(slices.Sorted(slices.Values(slices.Concat(old, next))))
	for i, count := range []struct {
		of  func(store.AlertQuery) (int64, error)
		set []int64
	}{
		{tx.CountAlerts, without(next, old)}, {tx.CountAlerts, without(old, next)},
		{tx.CountIncidents, old}, {tx.CountIncidents, next}, {tx.CountIncidents, either},
	} {
		if len(count.set) == 0 {
			continue
		}
		var err error
		if counts[i], err = count.of(store.AlertQuery{Visible: store.Visible{Classes: count.set}, Order: newest}); err != nil {
			return c, err
		}
	}
	return SightChange{counts[0], counts[1], counts[4] - counts[2], counts[4] - counts[3]}, nil
}

// all are the ids of all classes, and seen those that a reach opens; both in order.
func (c classes) all() []int64 {
	var ids []int64
	for _, class := range c.list {
		ids = append(ids, class.ID)
	}
	slices.Sort(ids)
	return ids
}

func (c classes) seen(r rbac.Reach) []int64 {
	var ids []int64
	for i, class := range c.ready {
		if c.known[i] && r.OpensClass(class) {
			ids = append(ids, c.list[i].ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func both(a, b []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(a), func(id int64) bool { _, in := slices.BinarySearch(b, id); return !in })
}

func without(a, b []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(a), func(id int64) bool { _, in := slices.BinarySearch(b, id); return in })
}

// moves tells whether devices may change their group: by another rule, another rank, or a group that comes or goes.
func moves(a, b []rbac.DeviceGroup) bool {
	return !slices.EqualFunc(a, b, func(x, y rbac.DeviceGroup) bool {
		return x.Name == y.Name && slices.Equal(x.Match.Name, y.Match.Name) && slices.Equal(x.Match.Domain, y.Match.Domain) &&
			slices.Equal(x.Match.Tag, y.Match.Tag) && slices.Equal(x.Match.OS, y.Match.OS)
	})
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
