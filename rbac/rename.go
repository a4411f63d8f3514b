package rbac

import (
	"fmt"
	"slices"
)

// RenameDeviceGroup gives a device group another name and leaves everything else as it is: rank, rule, access, and the
// scopes and ceilings that name it.
type RenameDeviceGroup struct{ Name, To string }

func (RenameDeviceGroup) edit() {}

// Renamed is a policy under the new names that edits give. To compare it with what the edits make tells who gains and loses
// by the rest of them: a new name alone gives nobody anything, and takes nothing from anybody. A name that fits only
// after other edits is compared as it always was, as one that comes and one that goes.
func (s *Snapshot) Renamed(edits []Edit) *Snapshot {
	for _, e := range edits {
		if _, ok := e.(RenameDeviceGroup); !ok {
			continue
		}
		if next, err := s.With(e); err == nil {
			s = next
		}
	}
	return s
}

func (d *draft) renameDeviceGroup(e RenameDeviceGroup) error {
	if err := checkName("device group", e.To); err != nil {
		return err
	}
	n, ok := d.devices.ids[e.Name]
	switch {
	case !ok:
		return fmt.Errorf("rename device group %q: unknown", e.Name)
	case e.Name == UngroupedDevices:
		return fmt.Errorf("rename device group %q: it keeps its name", e.Name)
	}
	for i, g := range d.devices.list {
		if id(i) != n && fold(g.Name) == fold(e.To) {
			return fmt.Errorf("rename device group %q: there is one named %q", e.Name, g.Name)
		}
	}
	list := slices.Clone(d.devices.list)
	list[n].Name = e.To
	d.devices = newDevices(list)
	for i := range d.assignments.len {
		if a := *d.assignments.at(i); a != nil && slices.Contains(a.Scope.DeviceGroups, e.Name) {
			c := *a
			c.Scope.DeviceGroups = replaced(a.Scope.DeviceGroups, e)
			*d.assignments.mut(d.token, i) = &c
		}
	}
	d.ceilings = slices.Clone(d.ceilings)
	for i := range d.ceilings {
		if bound := &d.ceilings[i].DeviceGroups; slices.Contains(bound.Of, e.Name) {
			bound.Of = distinct(replaced(bound.Of, e))
		}
	}
	d.dirtyAll()
	return nil
}

// replaced copies: the list belongs to another snapshot.
func replaced(names []string, e RenameDeviceGroup) []string {
	names = slices.Clone(names)
	for i := range names {
		if names[i] == e.Name {
			names[i] = e.To
		}
	}
	return names
}
