package rbac

import "slices"

// Inert is a way that would open what is asked, and does not: it is outside its time, switched off, or reaches no device
// group.
type Inert struct {
	Path
	Reason Reason // NotNow, RolesOff, UnifiedOff, UnifiedOn or OutOfReach
}

// inert walks the policy for what holders have that would open a refused question. It decides nothing.
func (s *Snapshot) inert(holders []id, c Capability, w Workload, at int64) []Inert {
	want := bit(w, c)
	var list []Inert
	for _, hID := range holders {
		h := *s.holders.at(hID)
		for n, aID := range h.assignments {
			a := *s.assignments.at(aID)
			r := *s.roles.at(a.role)
			if r.opens&want == 0 || (r.Workload == Unified && a.mask&want == 0) {
				continue
			}
			reason := s.inertBy(a, r, want, at)
			if reason == "" && w == Endpoint && !h.reaches[n].every && h.reaches[n].bits.empty() {
				reason = OutOfReach
			}
			if reason == "" {
				continue
			}
			y := way{holder: h, assignment: a, role: r, reach: h.reaches[n]}
			for _, p := range s.appendPaths(nil, &y, c, w) {
				list = append(list, Inert{p, reason})
			}
		}
	}
	slices.SortFunc(list, func(a, b Inert) int { return comparePaths(a.Path, b.Path) })
	return list
}

// inertBy tells by what an assignment that could open a bit does not: switches before times, for a switch shuts more.
func (s *Snapshot) inertBy(a *assignment, r *role, want word, at int64) Reason {
	if s.opensBy(a, r)&want == 0 {
		switch {
		case r.Workload == Unified:
			return UnifiedOff
		case want&s.unified != 0:
			return UnifiedOn
		}
		return RolesOff
	}
	if from, until := a.window(); at < from || at >= until {
		return NotNow
	}
	return ""
}
