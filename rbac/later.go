package rbac

import (
	"cmp"
	"maps"
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
	now := instant(moment)
	moments, people := turns(before, after, now)
	if len(moments) == 0 {
		return nil, false
	}
	if len(moments) > maxMoments {
		moments, more = moments[:maxMoments], true
	}
	// At a moment something changes only for those for whom something turns then: nobody else is looked at again.
	var any []userPair
	met := map[userPair]bool{}
	for _, t := range moments {
		for _, p := range people[t] {
			if !met[p] {
				met[p] = true
				any = append(any, p)
			}
		}
	}
	told := seen(compareSome(before, after, now, any))
	for _, t := range moments {
		at := time.Unix(0, t).UTC()
		c := compareSome(before, after, t, people[t])
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

// compareSome is Compare of some people only.
func compareSome(before, after *Snapshot, now int64, people []userPair) Changes {
	c := newComparison(before, after, now)
	part := c.fork()
	part.changes(people)
	changes := Changes{Users: slices.Concat(part.users.shelves()...)}
	slices.SortFunc(changes.Users, func(a, b UserChange) int { return cmp.Compare(a.User, b.User) })
	return changes
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

// turns are the instants to come at which something begins or ends for somebody whom the change touches, and for whom: also
// of what it does not touch, for that may hold today what the change takes away.
func turns(before, after *Snapshot, now int64) ([]int64, map[int64][]userPair) {
	c := newComparison(before, after, now)
	people := map[int64][]userPair{}
	windows := [2]map[id][]int64{{}, {}} // by holder: a group's are the same for all of its members
	side := func(list []int64, n int, s *Snapshot, user id) []int64 {
		if user == noID || s.users.at(user).user == nil {
			return list
		}
		if end := s.users.at(user).user.NotAfter; !end.IsZero() && instant(end) > now {
			list = append(list, instant(end))
		}
		for _, h := range s.people.at(user).holders() {
			known, ok := windows[n][h]
			if !ok {
				known = s.windows(nil, []id{h}, now)
				windows[n][h] = known
			}
			list = append(list, known...)
		}
		return list
	}
	var list []int64
	for _, p := range c.pairs() {
		if c.mayDiffer(p) {
			list = side(side(list[:0], 0, before, p.before), 1, after, p.after)
			slices.Sort(list)
			for _, t := range slices.Compact(list) {
				people[t] = append(people[t], p)
			}
		}
	}
	return slices.Sorted(maps.Keys(people)), people
}
