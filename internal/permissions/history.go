package permissions

import (
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// remember keeps a version of each role that a change leaves otherwise: its definition, or whom it is given to, and where and
// when. All changes of roles come by here, in the transaction that makes them. v is what the versions have in common.
func remember(tx store.Writer, before, after *rbac.Snapshot, edits []rbac.Edit, v store.RoleVersion) error {
	ids, was, is := touched(before, after, edits)
	for _, id := range ids {
		old, now := was[id], is[id]
		if old.same(now) {
			continue
		}
		if old.there() {
			known, err := tx.HasRoleVersions(id)
			if err != nil {
				return err
			}
			if !known && before.Revision() > 0 { // older than the history, which begins with how it was found
				found := store.RoleVersion{RoleID: id, Revision: before.Revision(), Role: old.role, Assignments: old.assignments}
				if err := tx.AddRoleVersion(found); err != nil {
					return err
				}
			}
		}
		v.RoleID, v.Role, v.Assignments, v.Deleted = id, now.role, now.assignments, !now.there()
		if v.Deleted {
			v.Role, v.Assignments = old.role, old.assignments
		}
		if err := tx.AddRoleVersion(v); err != nil {
			return err
		}
	}
	return nil
}

// versionBy is what all versions that a change makes have in common.
func versionBy(tx store.Writer, actor audit.Actor, op string, at time.Time, revision int64) (store.RoleVersion, error) {
	head, err := tx.AuditHead()
	return store.RoleVersion{Revision: revision, At: at.UTC(), Actor: actor.Name, Operation: op, Entry: head.Seq + 1}, err
}

// held is a role with its assignments, as one policy has it. The zero value is a role that is not there.
type held struct {
	role        rbac.Role
	assignments []rbac.Assignment
}

func (h held) there() bool { return h.role.Name != "" }

func (h held) same(other held) bool {
	return sameRole(h.role, other.role) && slices.EqualFunc(h.assignments, other.assignments, func(a, b rbac.Assignment) bool {
		return a.ID == b.ID && a.Set == b.Set && sameAssignment(a, b)
	})
}

func sameRole(a, b rbac.Role) bool {
	return a.Name == b.Name && a.Workload == b.Workload && a.Kind == b.Kind && a.Description == b.Description && slices.Equal(a.Permissions, b.Permissions)
}

// touched gives the roles that edits may change, by id, as they are before and after.
func touched(before, after *rbac.Snapshot, edits []rbac.Edit) (ids []string, was, is map[string]held) {
	was, is = map[string]held{}, map[string]held{}
	for _, ref := range before.Touched(edits) {
		for _, side := range []struct {
			s    *rbac.Snapshot
			have map[string]held
		}{{before, was}, {after, is}} {
			r, ok := side.s.Role(ref)
			if !ok {
				continue
			}
			id := RoleID(r)
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			side.have[id] = held{r, side.s.AssignmentsOf(r.Ref())}
		}
	}
	return ids, was, is
}
