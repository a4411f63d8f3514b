package rbac

import "slices"

// Touched names the roles that edits may change, as they are named before or after: their definition, whom they are given
// to, or in which scope. It may name more than change, never fewer.
func (s *Snapshot) Touched(edits []Edit) []RoleRef {
	var list []RoleRef
	add := func(ref RoleRef) {
		if known, ok := s.Role(ref); ok {
			ref = known.Ref()
		}
		if !slices.Contains(list, ref) {
			list = append(list, ref)
		}
	}
	givenBy := func(h *holder) {
		for _, a := range h.assignments {
			add((*s.assignments.at(a)).Role)
		}
	}
	for _, e := range edits {
		switch e := e.(type) {
		case PutRole:
			add(e.Role.Ref())
		case RemoveRole:
			add(e.Role)
		case PutAssignment:
			add(e.Assignment.Role)
			if old, ok := s.Assignment(e.Assignment.ID); ok {
				add(old.Role)
			}
		case RemoveAssignment:
			if old, ok := s.Assignment(e.ID); ok {
				add(old.Role)
			}
		case RemoveUser:
			if i, ok := s.userNames.find(e.Name); ok {
				if own := s.users.at(i).own; own != noID {
					givenBy(*s.holders.at(own))
				}
			}
		case RemoveGroup:
			if h := s.group(e.Name); h != nil {
				givenBy(h)
			}
		case RenameGroup:
			if h := s.group(e.From); h != nil {
				givenBy(h)
			}
		case SetDeviceGroups, RenameDeviceGroup:
			for i := range s.assignments.len {
				if a := *s.assignments.at(i); a != nil && len(a.Scope.DeviceGroups) > 0 {
					add(a.Role)
				}
			}
		}
	}
	return list
}
