package rbac

import "time"

// ScopeIsMoot tells whether the scope of an assignment narrows nothing now: without it nobody would reach more, because other
// grants, or what the device groups let in, give or leave the same. It is false of what opens nothing on devices, and of what
// has no scope.
func (s *Snapshot) ScopeIsMoot(assignmentID string, at time.Time) bool {
	i, ok := s.assignmentNames.find(assignmentID)
	if !ok || *s.assignments.at(i) == nil {
		return false
	}
	a := *s.assignments.at(i)
	if a.Scope.All || !a.inEndpoint() || s.opensBy(a, *s.roles.at(a.role))&endpointMask == 0 {
		return false
	}
	wide := a.Assignment
	wide.Scope = Scope{DeviceGroups: s.devices.named(s.devices.all)}
	after, err := s.With(PutAssignment{Assignment: wide})
	if err != nil {
		return false
	}
	for _, u := range Compare(s, after, at).Users {
		if len(u.Gains) > 0 {
			return false
		}
	}
	return true
}
