package rbac

import (
	"slices"
	"time"
)

// ScopeIsMoot tells whether the scope of an assignment narrows nothing: without it nobody would reach more, now or later, because
// other grants, or what the device groups let in, give or leave the same. It is false of what opens nothing on devices, of what
// has no scope or is not in force, and of what nobody has: there is nothing to tell by.
func (s *Snapshot) ScopeIsMoot(assignmentID string, at time.Time) bool {
	i, ok := s.assignmentNames.find(assignmentID)
	if !ok || *s.assignments.at(i) == nil {
		return false
	}
	a := *s.assignments.at(i)
	if from, until := a.window(); instant(at) < from || instant(at) >= until {
		return false
	}
	held := slices.ContainsFunc((*s.holders.at(a.holder)).members, func(u id) bool { return s.userSubject(u, instant(at)).refused == "" })
	if !held || a.Scope.All || !a.inEndpoint() || s.opensBy(a, *s.roles.at(a.role))&endpointMask == 0 {
		return false
	}
	wide := a.Assignment
	wide.Scope = Scope{DeviceGroups: s.devices.named(s.devices.all)}
	after, err := s.With(PutAssignment{Assignment: wide})
	if err != nil {
		return false
	}
	gains := func(c Changes) bool {
		return slices.ContainsFunc(c.Users, func(u UserChange) bool { return len(u.Gains) > 0 })
	}
	if gains(Compare(s, after, at)) {
		return false
	}
	later, more := CompareLater(s, after, at)
	return !more && !slices.ContainsFunc(later, func(l Later) bool { return gains(l.Changes) })
}
