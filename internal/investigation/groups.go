package investigation

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// resolve puts into a condition what only this reader's sight makes of it: classes in the place of device groups and workloads,
// evidence within reach for what is named, and for an incident its alerts in sight.
func (v *sight) resolve(c *collection, w store.Where) store.Where {
	switch w := w.(type) {
	case store.AllOf:
		list := make(store.AllOf, len(w))
		for i, part := range w {
			list[i] = v.resolve(c, part)
		}
		return list
	case store.OneOf:
		list := make(store.OneOf, len(w))
		for i, part := range w {
			list[i] = v.resolve(c, part)
		}
		return list
	case store.Not:
		return store.Not{Where: v.resolve(c, w.Where)}
	case store.Any:
		of, is := v.ofAlert(w)
		switch {
		case !is:
			return w
		case c == incidents:
			return store.OfAlerts{Visible: v.visible, Where: of}
		}
		return of
	}
	return w
}

// ofAlert is what a condition over a list that the store does not have asks of an alert.
func (v *sight) ofAlert(w store.Any) (store.Where, bool) {
	switch w.Field {
	case store.FieldDeviceGroup:
		return v.inGroups(w), true
	case store.FieldWorkload:
		return v.inWorkload(w), true
	case store.FieldServiceSource, store.FieldDetectionSource, store.FieldCategory:
		if w.Op == "" {
			return store.AllOf{}, true
		}
		return store.Compare{Field: w.Field, Op: w.Op, Text: w.Text}, true
	case store.FieldEntity:
		kind, key, _ := strings.Cut(w.Text, ":")
		return store.Names{Kind: store.EntityKind(kind), Key: strings.ToLower(key), Reach: v.evidenceReach()}, true
	}
	return nil, false
}

// sight is what the reader sees, in the store's words.
func (v *sight) sight() store.Sight {
	return store.Sight{Alerts: v.visible, Evidence: v.evidenceReach()}
}

// inWorkload are the classes of alerts that belong to workloads that compare so.
func (v *sight) inWorkload(w store.Any) store.InClasses {
	var in store.InClasses
	for _, c := range v.classes.list {
		if slices.ContainsFunc(c.Item.Workloads.List(), func(of rbac.Workload) bool {
			return w.Op == "" || (of.String() == w.Text) == (w.Op == store.Equal)
		}) {
			in.Classes = append(in.Classes, c.ID)
		}
	}
	return in
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
