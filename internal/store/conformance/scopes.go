package conformance

import (
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// scopesFollow: an alert that takes each device group of a scope takes it by whatever name the group has; when one goes, it takes every
// device group there is, and a new group of the old name changes nothing.
func scopesFollow(t *testing.T, backend Backend) {
	s := backend(t)()
	groups := func(names ...string) rbac.SetDeviceGroups {
		var list []rbac.DeviceGroup
		for _, name := range append(names, rbac.UngroupedDevices) {
			list = append(list, rbac.DeviceGroup{Name: name})
		}
		return rbac.SetDeviceGroups{DeviceGroups: list}
	}
	edit(t, s, groups("Sales", "HR", "Lab"))
	of := func(id string, devices []store.Device, scope ...string) store.Alert {
		a := alertAt(id, noon, rbac.Endpoint, devices...)
		a.AllOf = scope
		return a
	}
	mail := alertAt("5", noon, rbac.Office365)
	mail.AllOf = []string{"Sales"}
	take(t, s, alertRecords(
		of("1", nil, "Sales", "HR"), of("2", nil, "HR", "Sales"), of("3", []store.Device{machine("x", "Lab")}, "Lab"), of("4", nil, "Lab", "Nowhere"), mail,
	)...)
	expect := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, c := range read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) }) {
			if c.Count > 0 {
				got = append(got, fmt.Sprint(c.Item.DeviceGroups, c.Item.AllOf, c.Item.EveryGroup, c.Count))
			}
		}
		same(t, what, want, got)
	}
	expect("as they came", "[] [HR Sales] false 2", "[Lab] [Lab] false 1", "[] [] true 1", "[] [] false 1")

	before := read(t, s, func(r store.Reader) (int64, error) { _, last, err := r.AlertClassesChanged(0); return last, err })
	edit(t, s, rbac.RenameDeviceGroup{Name: "HR", To: "Zoo"})
	expect("after a rename", "[] [Sales Zoo] false 2", "[Lab] [Lab] false 1", "[] [] true 1", "[] [] false 1")
	if changed := read(t, s, func(r store.Reader) ([]int64, error) { list, _, err := r.AlertClassesChanged(before); return list, err }); len(changed) != 1 {
		t.Errorf("a rename changed the classes %v", changed)
	}
	take(t, s, alertRecords(of("6", nil, "Zoo", "Sales"))...)
	expect("another of the scope", "[] [Sales Zoo] false 3", "[Lab] [Lab] false 1", "[] [] true 1", "[] [] false 1")

	change(t, s, func(w store.Writer) error {
		_, err := w.Regroup(func(store.Device) string { return "Sales" })
		return err
	})
	expect("a device has moved", "[] [Sales Zoo] false 3", "[] [] true 1", "[] [] false 1", "[Sales] [Lab] false 1")

	edit(t, s, groups("Sales", "Lab"))
	edit(t, s, groups("Sales", "Lab", "HR", "Zoo"))
	expect("a group has gone, and others of its names came", "[] [] true 3", "[] [] true 1", "[] [] false 1", "[Sales] [Lab] false 1")
	take(t, s, alertRecords(of("7", nil, "Sales", "Zoo"))...)
	expect("the new group's", "[] [] true 3", "[] [] true 1", "[] [] false 1", "[Sales] [Lab] false 1", "[] [Sales Zoo] false 1")
}
