package rbac

import (
	"fmt"
	"slices"
)

// RenameDeviceGroup gives a device group another name and leaves everything else as it is: rank, rule, access, and the
// scopes and ceilings that name it.
type RenameDeviceGroup struct{ Name, To string }

// RenameGroup gives a group of people another name and leaves everything else as it is: members, assignments, its place in
// access lists, and the ceilings that bind or name it. The new name must be free; it may be the old one in another case.
type RenameGroup struct{ From, To string }

func (RenameDeviceGroup) edit() {}
func (RenameGroup) edit()       {}

// Renamed is a policy under the new names that edits give. To compare it with what the edits make tells who gains and loses
// by the rest of them: a new name alone gives nobody anything, and takes nothing from anybody. A name that fits only
// after other edits is compared as it always was, as one that comes and one that goes.
func (s *Snapshot) Renamed(edits []Edit) *Snapshot {
	for _, e := range edits {
		switch e.(type) {
		case RenameDeviceGroup, RenameGroup:
		default:
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
			c.Scope.DeviceGroups = replaced(a.Scope.DeviceGroups, e.Name, e.To)
			*d.assignments.mut(d.token, i) = &c
		}
	}
	d.ceilings = slices.Clone(d.ceilings)
	for i := range d.ceilings {
		if bound := &d.ceilings[i].DeviceGroups; slices.Contains(bound.Of, e.Name) {
			bound.Of = distinct(replaced(bound.Of, e.Name, e.To))
		}
	}
	d.dirtyAll()
	return nil
}

func (d *draft) renameGroup(e RenameGroup) error {
	old := d.group(e.From)
	if old == nil {
		return fmt.Errorf("rename group %q: unknown", e.From)
	}
	if err := checkName("group", e.To); err != nil {
		return err
	}
	if e.From == e.To {
		return nil
	}
	assignments := slices.Clone(old.assignments)
	same := fold(e.From) == fold(e.To)
	if h, ok := d.groupNames.find(fold(e.To)); ok && !same && (*d.holders.at(h)).group != nil {
		return fmt.Errorf("rename group %q: there is one named %q", e.From, (*d.holders.at(h)).group.Name)
	}
	g := *old.group
	g.Name = e.To
	if same { // found by the same key: it stays where it is
		h, _ := d.groupNames.find(fold(e.From))
		d.holder(h).group = &g
		d.dirty[h] = true
	} else if err := d.putGroup(&g); err != nil {
		return err
	}
	for _, i := range assignments {
		a := (*d.assignments.at(i)).Assignment
		a.Group = e.To
		if err := d.putAssignment(a); err != nil {
			return err
		}
	}
	d.ceilings = slices.Clone(d.ceilings)
	for i := range d.ceilings {
		c := &d.ceilings[i]
		c.Groups = distinct(replaced(c.Groups, e.From, e.To))
		c.AssignableGroups.Of = distinct(replaced(c.AssignableGroups.Of, e.From, e.To))
	}
	listed := func(g DeviceGroup) bool { return slices.Contains(g.Access, e.From) }
	if slices.ContainsFunc(d.devices.list, listed) {
		list := slices.Clone(d.devices.list)
		for i := range list {
			list[i].Access = distinct(replaced(list[i].Access, e.From, e.To))
		}
		d.devices = newDevices(list)
		d.dirtyAll()
	}
	if same {
		return nil
	}
	return d.removeGroup(e.From)
}

// replaced copies: the list belongs to another snapshot.
func replaced(names []string, from, to string) []string {
	names = slices.Clone(names)
	for i := range names {
		if names[i] == from {
			names[i] = to
		}
	}
	return names
}
