package rbac

import (
	"slices"
	"time"
)

// Later is what a change does from some moment on, beyond what it does before.
type Later struct {
	At      time.Time
	Changes Changes
}

// maxMoments is how many moments to come a comparison looks at. A change of more begins and ends is told as far as that.
const maxMoments = 50

// CompareLater tells who gains and who loses what at moments to come, because something that the change touches begins or
// ends then: a grant that begins next week gives nobody anything today. Each moment has only what no earlier one has; more
// tells that there are moments that it did not look at.
func CompareLater(before, after *Snapshot, moment time.Time) (list []Later, more bool) {
	moments := turns(before, after, instant(moment))
	if len(moments) == 0 {
		return nil, false
	}
	told := seen(Compare(before, after, moment))
	if len(moments) > maxMoments {
		moments, more = moments[:maxMoments], true
	}
	for _, t := range moments {
		at := time.Unix(0, t).UTC()
		c := Compare(before, after, at)
		var fresh Changes
		for _, u := range c.Users {
			u.Gains, u.Losses = told.fresh(u.User, "+", u.Gains), told.fresh(u.User, "-", u.Losses)
			if len(u.Gains)+len(u.Losses) > 0 {
				fresh.Users = append(fresh.Users, u)
			}
		}
		if !fresh.Empty() {
			list = append(list, Later{at, fresh})
		}
	}
	return list, more
}

// told are accesses that have been told of, by user, sign and what it is.
type toldKey struct {
	user, sign  string
	workload    Workload
	capability  Capability
	deviceGroup string
}

type told map[toldKey]bool

func seen(c Changes) told {
	t := told{}
	for _, u := range c.Users {
		t.fresh(u.User, "+", u.Gains)
		t.fresh(u.User, "-", u.Losses)
	}
	return t
}

// fresh keeps what has not been told yet, and notes it.
func (t told) fresh(user, sign string, list []Access) []Access {
	var kept []Access
	for _, a := range list {
		var groups []string
		places := a.DeviceGroups
		if a.Everywhere {
			places = []string{""}
		}
		for _, place := range places {
			key := toldKey{user, sign, a.Workload, a.Capability, place}
			if !t[key] {
				t[key] = true
				groups = append(groups, place)
			}
		}
		if len(groups) == 0 {
			continue
		}
		if !a.Everywhere {
			a.DeviceGroups = groups
		}
		kept = append(kept, a)
	}
	return kept
}

// turns are the instants to come at which something begins or ends for somebody whom the change touches: also of what it
// does not touch, for that may hold today what the change takes away.
func turns(before, after *Snapshot, now int64) []int64 {
	c := newComparison(before, after, now)
	var list []int64
	looked := [2]map[id]bool{{}, {}}
	side := func(n int, s *Snapshot, user id) {
		if user == noID || s.users.at(user).user == nil {
			return
		}
		if end := s.users.at(user).user.NotAfter; !end.IsZero() && nanos(end) > now {
			list = append(list, nanos(end))
		}
		for _, h := range s.people.at(user).holders() {
			if !looked[n][h] {
				looked[n][h] = true
				list = s.windows(list, []id{h}, now)
			}
		}
	}
	for _, p := range c.pairs() {
		if c.mayDiffer(p) {
			side(0, before, p.before)
			side(1, after, p.after)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
