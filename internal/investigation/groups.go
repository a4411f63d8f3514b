package investigation

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/store"
)

// withClasses puts classes in the place of device groups in a condition: which alerts are in which group is known by class.
// A group that the reader does not reach has no alerts, also where another device of an alert is in sight.
func (v *sight) withClasses(w store.Where) store.Where {
	switch w := w.(type) {
	case store.AllOf:
		list := make(store.AllOf, len(w))
		for i, part := range w {
			list[i] = v.withClasses(part)
		}
		return list
	case store.OneOf:
		list := make(store.OneOf, len(w))
		for i, part := range w {
			list[i] = v.withClasses(part)
		}
		return list
	case store.Not:
		return store.Not{Where: v.withClasses(w.Where)}
	case store.Any:
		if w.Field == store.FieldDeviceGroup {
			return v.inGroups(w)
		}
	}
	return w
}

// inGroups are the classes of alerts that have a device in a group that compares so.
func (v *sight) inGroups(w store.Any) store.InClasses {
	fits := func(group string) bool {
		switch {
		case !v.see.DeviceGroup(group):
			return false
		case w.Op == store.Equal:
			return group == w.Text
		case w.Op == store.NotEqual:
			return group != w.Text
		}
		return true
	}
	var in store.InClasses
	for _, c := range v.classes.list {
		if slices.ContainsFunc(c.Item.DeviceGroups, fits) {
			in.Classes = append(in.Classes, c.ID)
		}
	}
	return in
}
