package conformance

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// editsAgree makes random edits, of a world small enough that they meet each other, on the store and on a snapshot.
// What the snapshot refuses never reaches the store.
func editsAgree(t *testing.T, backend Backend) {
	s := backend(t)()
	rapid.Check(t, func(rt *rapid.T) {
		empty(rt, s)
		snapshot, err := rbac.Compile(catalog.Default(), rbac.Policy{})
		if err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 25).Draw(rt, "edits") {
			batch := rapid.SliceOfN(rapid.Custom(drawEdit), 1, 3).Draw(rt, "made together")
			if rapid.IntRange(0, 4).Draw(rt, "gone and back") == 0 {
				batch = goneAndBack(rt, snapshot)
			}
			next, err := snapshot.With(batch...)
			if err != nil {
				continue
			}
			edit(rt, s, batch...)
			snapshot = next
		}
		want, got := snapshot.Policy(), policyOf(rt, s)
		want.Revision = got.Revision
		if _, err := rbac.Compile(catalog.Default(), got); err != nil {
			rt.Fatalf("what is stored can't be opened again: %v", err)
		}
		if diff := difference(want, got); diff != "" {
			rt.Fatalf("the store differs from the snapshot (-snapshot +store):\n%s", diff)
		}
	})
}

// goneAndBack removes something and adds it again in one change: what named it must have lost the name on both sides.
func goneAndBack(t *rapid.T, s *rbac.Snapshot) []rbac.Edit {
	var batches [][]rbac.Edit
	p := s.Policy()
	for _, u := range p.Users {
		batches = append(batches, []rbac.Edit{rbac.RemoveUser{Name: u.Name}, rbac.PutUser{User: u}})
	}
	for _, g := range p.Groups {
		batches = append(batches, []rbac.Edit{rbac.RemoveGroup{Name: g.Name}, rbac.PutGroup{Group: g}})
	}
	for _, r := range p.Roles {
		batches = append(batches, []rbac.Edit{rbac.RemoveRole{Role: r.Ref()}, rbac.PutRole{Role: r}})
	}
	batches = append(batches, []rbac.Edit{rbac.SetDeviceGroups{}, rbac.SetDeviceGroups{DeviceGroups: p.DeviceGroups}})
	return rapid.SampledFrom(batches).Draw(t, "gone and back")
}

// empty takes everything away again: new data for every sample would be slow.
func empty(t tester, s store.Store) {
	p := policyOf(t, s)
	edits := []rbac.Edit{rbac.SetEndpointRoles{}, rbac.SetDeviceGroups{}}
	for _, w := range rbac.Workloads {
		edits = append(edits, rbac.SetActivation{Workload: w})
	}
	for _, a := range p.Assignments {
		edits = append(edits, rbac.RemoveAssignment{ID: a.ID})
	}
	for _, c := range p.Ceilings {
		edits = append(edits, rbac.RemoveCeiling{Name: c.Name})
	}
	for _, r := range p.Roles {
		edits = append(edits, rbac.RemoveRole{Role: r.Ref()})
	}
	for _, g := range p.Groups {
		edits = append(edits, rbac.RemoveGroup{Name: g.Name})
	}
	for _, u := range p.Users {
		edits = append(edits, rbac.RemoveUser{Name: u.Name})
	}
	edit(t, s, append(edits, rbac.SetDeviceGroups{})...)
}

func drawEdit(t *rapid.T) rbac.Edit {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	some := func(what string, from ...string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(from), 0, 3).Draw(t, what)
	}
	distinct := func(what string, from ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 3, rapid.ID).Draw(t, what)
	}
	moment := func(what string) time.Time {
		if hours := rapid.IntRange(0, 3).Draw(t, what); hours > 0 {
			return noon.Add(time.Duration(hours) * time.Hour)
		}
		return time.Time{}
	}
	users := []string{"a", "b", "ümit"}
	groups := []string{"g", "h", "H", "Straße"}
	devices := []string{"d1", "D1", "d2", rbac.UngroupedDevices}
	refs := []rbac.RoleRef{
		{Workload: rbac.Endpoint, Name: "r"}, {Workload: rbac.Endpoint, Name: "R"}, {Workload: rbac.Office365, Name: "r"},
		{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}, {Workload: rbac.Unified, Name: "r"},
	}
	ref := rapid.SampledFrom(refs).Draw(t, "role")

	switch rapid.IntRange(0, 15).Draw(t, "kind of edit") {
	case 0, 1:
		return rbac.PutUser{User: rbac.User{
			Name: pick("user", users...), DisplayName: pick("display name", "", "X"), Disabled: rapid.Bool().Draw(t, "disabled"), NotAfter: moment("end"),
			GlobalRoles: distinct("global roles", "Global Administrator", "Security Reader", "Global Reader"),
		}}
	case 2:
		return rbac.RemoveUser{Name: pick("user", users...)}
	case 3, 4:
		return rbac.PutGroup{Group: rbac.Group{Name: pick("group", groups...), Description: pick("description", "", "x"), Members: some("members", users...)}}
	case 5:
		return rbac.RemoveGroup{Name: pick("group", groups...)}
	case 6:
		return rbac.PutRole{Role: rbac.Role{
			ID: fmt.Sprint("id-", ref.Workload, ref.Name), Workload: ref.Workload, Name: ref.Name, Kind: rbac.RoleKind(rapid.IntRange(0, 1).Draw(t, "role kind")),
			Permissions: distinct("permissions", catalog.PermissionNames(ref.Workload)[:3]...),
		}}
	case 7:
		return rbac.RemoveRole{Role: ref}
	case 8, 9:
		a := rbac.Assignment{ID: pick("id", "1", "2", "3"), Role: ref, NotBefore: moment("from"), NotAfter: moment("until")}
		if rapid.Bool().Draw(t, "to a group") {
			a.Group = pick("group", groups...)
		} else {
			a.User = pick("user", users...)
		}
		if ref.Workload == rbac.Unified {
			a.Name, a.Set = pick("name", "", "Night"), pick("set", "s", "t")
			a.Sources = rapid.SampledFrom([]rbac.Sources{{All: true}, {Workloads: rbac.SetOf(rbac.Endpoint)}, {Workloads: rbac.SetOf(rbac.Identity, rbac.CloudApps)}}).Draw(t, "sources")
		}
		if a.Scope.All = rapid.Bool().Draw(t, "all"); !a.Scope.All {
			a.Scope.DeviceGroups = some("scope", devices...)
		}
		return rbac.PutAssignment{Assignment: a}
	case 10:
		return rbac.RemoveAssignment{ID: pick("id", "1", "2", "3")}
	case 11:
		return rbac.PutCeiling{Ceiling: rbac.Ceiling{
			Name: pick("ceiling", "c", "C", "d"), Description: pick("description", "", "x"), Users: some("binds", users...), Groups: some("binds groups", groups...),
			Workloads:        rbac.Bound[rbac.Workload]{All: rapid.Bool().Draw(t, "all workloads"), Of: []rbac.Workload{rbac.Office365, rbac.Endpoint}},
			Permissions:      rbac.Bound[string]{Of: some("permissions", catalog.QualifiedNames(rbac.Workloads)[:3]...)},
			DeviceGroups:     rbac.Bound[string]{All: rapid.Bool().Draw(t, "all devices"), Of: some("devices", devices...)},
			AssignableGroups: rbac.Bound[string]{Of: some("assignable", groups...)},
		}}
	case 12:
		return rbac.RemoveCeiling{Name: pick("ceiling", "c", "C", "d")}
	case 13:
		return rbac.RenameDeviceGroup{Name: pick("device group", devices...), To: pick("to", "d1", "D1", "d2", "d3")}
	case 14:
		return rbac.RenameGroup{From: pick("group", append(groups, "G", "k")...), To: pick("to", append(groups, "G", "k")...)}
	}
	var list []rbac.DeviceGroup
	for _, name := range distinct("device groups", devices...) {
		g := rbac.DeviceGroup{Name: name, Open: rapid.Bool().Draw(t, "open"), Access: some("access", groups...)}
		if name != rbac.UngroupedDevices {
			g.Match = rbac.Match{Tag: some("tags", "t", "u"), OS: some("os", "Linux")}
		}
		list = append(list, g)
	}
	if rapid.Bool().Draw(t, "switch") {
		if rapid.Bool().Draw(t, "activation") {
			return rbac.SetActivation{Workload: rapid.SampledFrom(rbac.Workloads).Draw(t, "where"), Activation: rbac.Activation(rapid.IntRange(0, 2).Draw(t, "state"))}
		}
		return rbac.SetEndpointRoles{On: rapid.Bool().Draw(t, "on")}
	}
	return rbac.SetDeviceGroups{DeviceGroups: list}
}
