package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func roleVersions(t *testing.T, backend Backend) {
	s := backend(t)()
	role := rbac.Role{ID: "rol_1", Workload: rbac.Unified, Name: "Tier 1", Kind: rbac.ImportedRole, Description: "First line \"Europe\"", Permissions: []string{"Response (manage)"}}
	given := rbac.Assignment{
		ID: "asg_1", Role: role.Ref(), Group: "eu", Scope: rbac.Scope{DeviceGroups: []string{"EU servers"}}, NotBefore: noon, NotAfter: noon.Add(time.Nanosecond),
		Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Endpoint, rbac.Identity)}, Name: "EU", Description: "d", Set: "set_1",
	}
	version := func(id string, revision int64, at time.Time, deleted bool) store.RoleVersion {
		r := role
		r.ID = id
		return store.RoleVersion{RoleID: id, Revision: revision, At: at, Actor: "ada", Operation: "roles.update", Entry: revision + 100, Deleted: deleted, Role: r, Assignments: []rbac.Assignment{given}}
	}
	add := func(v store.RoleVersion) error {
		return s.Change(context.Background(), func(w store.Writer) error { return w.AddRoleVersion(v) })
	}
	expect := func(why string, want []store.RoleVersion, f func(store.Reader) ([]store.RoleVersion, error)) {
		t.Helper()
		if diff := cmp.Diff(want, read(t, s, f), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
	of := func(id string) func(store.Reader) ([]store.RoleVersion, error) {
		return func(r store.Reader) ([]store.RoleVersion, error) { return r.RoleVersions(id) }
	}
	deleted := func(r store.Reader) ([]store.RoleVersion, error) { return r.DeletedRoles(noon) }

	first := version("rol_1", 3, time.Time{}, false)
	first.Actor, first.Operation, first.Entry, first.Assignments = "", "", 0, nil
	second, third := version("rol_1", 10, noon, false), version("rol_1", 12, noon.Add(time.Hour), true)
	other := version("rol_2", 11, noon.Add(time.Minute), true)
	early := version("rol_3", 5, noon.Add(-time.Nanosecond), true)
	for _, v := range []store.RoleVersion{second, first, other, third, early} {
		if err := add(v); err != nil {
			t.Fatal(err)
		}
	}
	expect("oldest first, as they were kept", []store.RoleVersion{first, second, third}, of("rol_1"))
	expect("of a role without any", nil, of("rol_none"))
	for id, want := range map[string]bool{"rol_1": true, "rol_none": false} {
		if has := read(t, s, func(r store.Reader) (bool, error) { return r.HasRoleVersions(id) }); has != want {
			t.Errorf("%s has versions: %v", id, has)
		}
	}
	expect("the deleted, latest first", []store.RoleVersion{third, other}, deleted)
	if err := add(version("rol_1", 12, noon, false)); err == nil {
		t.Error("one revision of a role was kept twice")
	}
	back := version("rol_1", 13, noon.Add(2*time.Hour), false)
	if err := add(back); err != nil {
		t.Fatal(err)
	}
	expect("what came back is not deleted any more", []store.RoleVersion{other}, deleted)
}
