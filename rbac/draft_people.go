package rbac

import (
	"fmt"
	"slices"
	"strings"
)

func (d *draft) putUser(u *User) error {
	if err := checkName("user", u.Name); err != nil {
		return err
	}
	if fold(u.Name) != u.Name {
		return fmt.Errorf("user %q: must be in lower case", u.Name)
	}
	if err := checkTimes(u.NotAfter); err != nil {
		return fmt.Errorf("user %q: %w", u.Name, err)
	}
	for i, g := range u.GlobalRoles {
		if _, ok := d.globals[g]; !ok {
			return fmt.Errorf("user %q: unknown global role %q", u.Name, g)
		}
		if slices.Contains(u.GlobalRoles[:i], g) {
			return fmt.Errorf("user %q: global role %q stands twice", u.Name, g)
		}
	}
	i, known := d.userNames.find(u.Name)
	if !known {
		i = d.users.add(d.token, userRow{own: noID})
		d.people.add(d.token, person{})
		d.userNames.add(d.token, u.Name, i)
	}
	row := d.users.mut(d.token, i)
	if row.user != nil {
		for _, g := range row.user.GlobalRoles {
			d.leave(i, d.globals[g])
		}
	}
	row.user = u
	for _, g := range u.GlobalRoles {
		d.join(i, d.globals[g])
	}
	var flags uint16
	if u.Disabled {
		flags |= personDisabled
	}
	if !u.NotAfter.IsZero() {
		flags |= personEnds
	}
	p := d.people.mut(d.token, i)
	*p = newPerson(flags, slices.Clone(p.holders()))
	return nil
}

func (d *draft) removeUser(name string) error {
	i, ok := d.userNames.find(name)
	if !ok || d.users.at(i).user == nil {
		return fmt.Errorf("remove user %q: unknown", name)
	}
	for _, h := range slices.Clone(d.people.at(i).holders()) {
		w := d.holder(h)
		switch w.kind {
		case userHolder:
			for _, a := range slices.Clone(w.assignments) {
				d.dropAssignment(a)
			}
		case groupHolder:
			g := *w.group
			g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(m string) bool { return m == name })
			w.group = &g
		}
		d.leave(i, h)
	}
	row := d.users.mut(d.token, i)
	row.user = nil
	row.own = noID
	*d.people.mut(d.token, i) = newPerson(personGone, nil)
	d.tidyCeilings()
	return nil
}

func (d *draft) putGroup(given *Group) error {
	if err := checkName("group", given.Name); err != nil {
		return err
	}
	g := *given
	g.Members = slices.Clone(g.Members)
	slices.Sort(g.Members)
	g.Members = slices.Compact(g.Members)
	members := make([]id, len(g.Members))
	for n, name := range g.Members {
		i, ok := d.userNames.find(name)
		if !ok || d.users.at(i).user == nil {
			return fmt.Errorf("group %q: unknown member %q", g.Name, name)
		}
		members[n] = i
	}
	h, known := d.groupNames.find(fold(g.Name))
	if !known {
		h = d.addHolder(&holder{kind: groupHolder})
		d.groupNames.add(d.token, fold(g.Name), h)
	}
	w := d.holder(h)
	if w.group != nil && w.group.Name != g.Name {
		return fmt.Errorf("group %q: there is one named %q", g.Name, w.group.Name)
	}
	w.group = &g
	d.dirty[h] = true // a group that comes back may stand in access lists

	now := make(map[id]bool, len(members))
	for _, m := range members {
		now[m] = true
	}
	was := make(map[id]bool, len(w.members))
	for _, m := range slices.Clone(w.members) {
		was[m] = true
		if !now[m] {
			d.leave(m, h)
		}
	}
	for _, m := range members {
		if !was[m] {
			d.join(m, h)
		}
	}
	return nil
}

func (d *draft) removeGroup(name string) error {
	h, ok := d.groupNames.find(fold(name))
	if !ok || d.group(name) == nil {
		return fmt.Errorf("remove group %q: unknown", name)
	}
	for _, a := range slices.Clone((*d.holders.at(h)).assignments) {
		d.dropAssignment(a)
	}
	for _, m := range slices.Clone((*d.holders.at(h)).members) {
		d.leave(m, h)
	}
	d.holder(h).group = nil
	d.dirty[h] = true
	d.tidyCeilings()

	listed := func(g DeviceGroup) bool { return slices.Contains(g.Access, name) }
	if slices.ContainsFunc(d.devices.list, listed) {
		list := slices.Clone(d.devices.list)
		for i := range list {
			if listed(list[i]) {
				list[i].Access = slices.DeleteFunc(slices.Clone(list[i].Access), func(g string) bool { return g == name })
			}
		}
		return d.setDeviceGroups(list)
	}
	return nil
}

func newDevices(list []DeviceGroup) *devices {
	n := len(list)
	v := &devices{list: list, ids: make(map[string]id, n), open: newBitset(n), all: newBitset(n), access: map[string]bitset{}}
	for i, g := range list {
		v.ids[g.Name] = id(i)
		v.all.set(id(i))
		if g.Open {
			v.open.set(id(i))
		}
	}
	for i, g := range list {
		for _, name := range g.Access {
			if v.access[name] == nil {
				v.access[name] = slices.Clone(v.open)
			}
			v.access[name].set(id(i))
		}
	}
	return v
}

func (d *draft) setDeviceGroups(given []DeviceGroup) error {
	list := slices.Clone(given)
	seen := make(map[string]bool, len(list))
	for i := range list {
		g := &list[i]
		if err := checkName("device group", g.Name); err != nil {
			return err
		}
		if seen[fold(g.Name)] {
			return fmt.Errorf("device group %q: stands twice", g.Name)
		}
		seen[fold(g.Name)] = true
		if strings.EqualFold(g.Name, UngroupedDevices) {
			if g.Name != UngroupedDevices || i != len(list)-1 {
				return fmt.Errorf("device group %q: is spelt %q and ranks last", g.Name, UngroupedDevices)
			}
			if len(g.Match.Name)+len(g.Match.Domain)+len(g.Match.Tag)+len(g.Match.OS) > 0 {
				return fmt.Errorf("device group %q: takes no rule", g.Name)
			}
		}
		g.Access = slices.Clone(g.Access)
		slices.Sort(g.Access)
		g.Access = slices.Compact(g.Access)
		for _, name := range g.Access {
			if d.group(name) == nil {
				return fmt.Errorf("device group %q: unknown group %q in its access", g.Name, name)
			}
		}
	}
	if !seen[fold(UngroupedDevices)] {
		list = append(list, DeviceGroup{Name: UngroupedDevices, Open: true})
	}
	d.devices = newDevices(list)
	d.tidyCeilings()

	gone := func(name string) bool { _, ok := d.devices.ids[name]; return !ok }
	for i := range d.assignments.len {
		a := *d.assignments.at(i)
		if a == nil || !slices.ContainsFunc(a.Scope.DeviceGroups, gone) {
			continue
		}
		c := *a
		c.Scope.DeviceGroups = slices.DeleteFunc(slices.Clone(a.Scope.DeviceGroups), gone)
		*d.assignments.mut(d.token, i) = &c
	}
	d.dirtyAll()
	return nil
}
