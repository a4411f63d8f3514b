package rbac

// Check answers the commonest question without allocating: may this user do this in this workload - in endpoint,
// on this device group, or on every one with WholeWorkload? now is in unix nanoseconds.
func (s *Snapshot) Check(user UserID, c Capability, w Workload, dg DeviceGroupID, now int64) bool {
	if id(user) >= s.people.len {
		return false
	}
	p := s.people.at(id(user))
	if p.rest != nil && p.rest.flags != 0 && s.userSubject(id(user), now).refused != "" {
		return false
	}
	want := bit(w, c)
	if want&s.meaning.applies == 0 {
		return false
	}
	if w != Endpoint {
		return s.holds(p.holders(), want, now)
	}
	if dg == WholeWorkload {
		var buf coverBuffer
		everywhere, _ := s.cover(&buf, p.holders(), want, now)
		return everywhere
	}
	if int(dg) >= len(s.devices.list) {
		return false
	}
	if n := uint(c - 1); n < quickRows && int(dg) < 64*len(piece{}) {
		on, timed := s.quickly(p, n, uint(dg>>6))
		if on&(1<<(dg&63)) != 0 || !timed {
			return on&(1<<(dg&63)) != 0
		}
	}
	return s.holdsOn(p.holders(), want, id(dg), now)
}

func timedCheck(rows []row, want word, dg id, now int64) bool {
	for i := range rows {
		if r := &rows[i]; r.word&want != 0 && (r.bits == nil || r.bits.has(dg)) && r.now(now) {
			return true
		}
	}
	return false
}

// CheckName is Check for a user and device group by name.
func (s *Snapshot) CheckName(user string, c Capability, w Workload, dg string, now int64) bool {
	i, ok := s.userNames.find(user)
	if !ok {
		return false
	}
	group := WholeWorkload
	if dg != "" {
		if group, ok = s.DeviceGroupID(dg); !ok {
			return false
		}
	}
	return s.Check(UserID(i), c, w, group, now)
}

// coverBuffer holds the device groups of most organisations without allocating.
type coverBuffer [16]uint64

// cover gathers where want holds in endpoint: everywhere, or on these device groups. What it gives is in buf, or
// shared: read only.
func (s *Snapshot) cover(buf *coverBuffer, holders []id, want word, now int64) (everywhere bool, on bitset) {
	on = s.blank(buf)
	for _, h := range holders {
		set := s.sets.at(h)
		if set.all&want != 0 {
			return true, s.devices.all
		}
		if set.some&want == 0 {
			continue
		}
		for i := range set.rows {
			if r := &set.rows[i]; r.word&want != 0 && r.now(now) {
				if r.bits == nil {
					return true, s.devices.all
				}
				on.or(r.bits)
			}
		}
	}
	return on.covers(s.devices.all), on
}

// blank is an empty set of device groups, in buf if it fits.
func (s *Snapshot) blank(buf *coverBuffer) bitset {
	n := len(s.devices.all)
	if n > len(buf) {
		return make(bitset, n)
	}
	clear(buf[:n])
	return buf[:n]
}

// holdsOn tells whether want holds on one device group.
func (s *Snapshot) holdsOn(holders []id, want word, dg id, now int64) bool {
	for _, h := range holders {
		if set := s.sets.at(h); set.all&want != 0 || timedCheck(set.rows, want, dg, now) {
			return true
		}
	}
	return false
}

// holds tells whether want holds in a workload without device groups.
func (s *Snapshot) holds(holders []id, want word, now int64) bool {
	for _, h := range holders {
		set := s.sets.at(h)
		if set.all&want != 0 {
			return true
		}
		if set.some&want == 0 {
			continue
		}
		for i := range set.rows {
			if r := &set.rows[i]; r.word&want != 0 && r.bits == nil && r.now(now) {
				return true
			}
		}
	}
	return false
}
