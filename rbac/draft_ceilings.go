package rbac

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

func (d *draft) putCeiling(c Ceiling) error {
	if err := checkName("ceiling", c.Name); err != nil {
		return err
	}
	for _, known := range d.ceilings {
		if known.Name != c.Name && fold(known.Name) == fold(c.Name) {
			return fmt.Errorf("ceiling %q: there is one named %q", c.Name, known.Name)
		}
	}
	for _, name := range c.Users {
		if _, ok := d.User(name); !ok {
			return fmt.Errorf("ceiling %q: unknown user %q", c.Name, name)
		}
	}
	for _, name := range slices.Concat(c.Groups, c.AssignableGroups.Of) {
		if d.group(name) == nil {
			return fmt.Errorf("ceiling %q: unknown group %q", c.Name, name)
		}
	}
	for _, w := range c.Workloads.Of {
		if w == NoWorkload || w >= Other {
			return fmt.Errorf("ceiling %q: %q is not one of the workloads", c.Name, w)
		}
	}
	for _, name := range c.Permissions.Of {
		workload, permission, _ := strings.Cut(name, "/")
		var w Workload
		if w.UnmarshalText([]byte(workload)) != nil || d.meaning.permissions[permissionKey{w, permission}] == nil || Qualified(w, permission) != name {
			return fmt.Errorf("ceiling %q: unknown permission %q", c.Name, name)
		}
	}
	for _, name := range c.DeviceGroups.Of {
		if _, ok := d.devices.ids[name]; !ok {
			return fmt.Errorf("ceiling %q: unknown device group %q", c.Name, name)
		}
	}
	c.Users, c.Groups = distinct(c.Users), distinct(c.Groups)
	c.Workloads, c.Permissions = c.Workloads.distinct(), c.Permissions.distinct()
	c.DeviceGroups, c.AssignableGroups = c.DeviceGroups.distinct(), c.AssignableGroups.distinct()
	d.dropCeiling(c.Name)
	d.ceilings = append(d.ceilings, c)
	slices.SortFunc(d.ceilings, func(a, b Ceiling) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// distinct sorts a copy, and leaves out what stands twice.
func distinct[T cmp.Ordered](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

func (b Bound[T]) distinct() Bound[T] {
	if b.All {
		return Bound[T]{All: true}
	}
	return Bound[T]{Of: distinct(b.Of)}
}

func (d *draft) removeCeiling(name string) error {
	if _, ok := d.Ceiling(name); !ok {
		return fmt.Errorf("remove ceiling %q: unknown", name)
	}
	d.dropCeiling(name)
	return nil
}

// dropCeiling copies: the list belongs to another snapshot.
func (d *draft) dropCeiling(name string) {
	d.ceilings = slices.DeleteFunc(slices.Clone(d.ceilings), func(c Ceiling) bool { return c.Name == name })
}

// tidyCeilings leaves out the names of what is gone: what a ceiling left is less then, never more. One that binds
// nobody any more stays, for its administrator to see.
func (d *draft) tidyCeilings() {
	if len(d.ceilings) == 0 {
		return
	}
	noUser := func(name string) bool { _, ok := d.User(name); return !ok }
	noGroup := func(name string) bool { return d.group(name) == nil }
	noDevices := func(name string) bool { _, ok := d.devices.ids[name]; return !ok }
	list := slices.Clone(d.ceilings)
	for i := range list {
		c := &list[i]
		c.Users = slices.DeleteFunc(slices.Clone(c.Users), noUser)
		c.Groups = slices.DeleteFunc(slices.Clone(c.Groups), noGroup)
		c.DeviceGroups.Of = slices.DeleteFunc(slices.Clone(c.DeviceGroups.Of), noDevices)
		c.AssignableGroups.Of = slices.DeleteFunc(slices.Clone(c.AssignableGroups.Of), noGroup)
	}
	d.ceilings = list
}

// loosened tells whether some ceiling of before leaves more in after, or binds fewer of those who are still there: by its
// own lists, or because they have left a group that it binds.
func loosened(before, after *Snapshot) bool {
	return slices.ContainsFunc(before.ceilings, func(c Ceiling) bool {
		now, ok := after.Ceiling(c.Name)
		return !ok || wider(now.Workloads, c.Workloads) || wider(now.Permissions, c.Permissions) ||
			wider(now.DeviceGroups, c.DeviceGroups) || wider(now.AssignableGroups, c.AssignableGroups) ||
			slices.ContainsFunc(notIn(c.Users, now.Users), func(name string) bool { _, there := after.User(name); return there }) ||
			slices.ContainsFunc(notIn(c.Groups, now.Groups), func(name string) bool { return after.group(name) != nil }) ||
			slices.ContainsFunc(before.boundBy(c), func(name string) bool { _, there := after.User(name); return there && !after.binds(now, name) })
	})
}

// boundBy are the users whom a ceiling binds, some of them twice.
func (s *Snapshot) boundBy(c Ceiling) []string {
	list := slices.Clone(c.Users)
	for _, name := range c.Groups {
		if g, ok := s.Group(name); ok {
			list = append(list, g.Members...)
		}
	}
	return list
}

func wider[T cmp.Ordered](a, b Bound[T]) bool {
	return a.All && !b.All || !a.All && slices.ContainsFunc(a.Of, func(x T) bool { return !b.Has(x) })
}
