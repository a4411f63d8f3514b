package sqlite

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// fold makes the key of a name, as rbac compares names.
func fold(name string) string { return strings.ToLower(name) }

func sortRoles(roles []rbac.Role) {
	slices.SortFunc(roles, func(a, b rbac.Role) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Name, b.Name))
	})
}

// NextPolicyRevision counts one up.
func (w *writer) NextPolicyRevision() (int64, error) {
	if _, err := w.exec(`UPDATE policy SET revision = revision + 1`); err != nil {
		return 0, err
	}
	return w.PolicyRevision()
}

// ApplyEdits writes the edits, in their order.
func (w *writer) ApplyEdits(edits ...rbac.Edit) error {
	for _, e := range edits {
		err := w.apply(e)
		if constraint(err) {
			return fault.Invalid("write the policy", "%T names something that is not there: %w", e, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) apply(e rbac.Edit) error {
	switch e := e.(type) {
	case rbac.PutUser:
		return w.putUser(e.User)
	case rbac.RemoveUser:
		return w.remove("user "+e.Name, `DELETE FROM users WHERE name = ?`, e.Name)
	case rbac.PutGroup:
		return w.putGroup(e.Group)
	case rbac.RenameGroup:
		return w.renameGroup(e)
	case rbac.RemoveGroup:
		return w.remove("group "+e.Name, `DELETE FROM groups WHERE key = ? AND name = ?`, fold(e.Name), e.Name)
	case rbac.PutRole:
		return w.putRole(e.Role)
	case rbac.RemoveRole:
		return w.removeRole(e.Role)
	case rbac.PutAssignment:
		return w.putAssignment(e.Assignment)
	case rbac.RemoveAssignment:
		return w.remove("assignment "+e.ID, `DELETE FROM assignments WHERE id = ?`, e.ID)
	case rbac.SetDeviceGroups:
		return w.setDeviceGroups(e.DeviceGroups)
	case rbac.RenameDeviceGroup:
		return w.renameDeviceGroup(e)
	case rbac.SetEndpointRoles:
		_, err := w.exec(`UPDATE policy SET endpoint_roles = ?`, e.On)
		return err
	case rbac.PutCeiling:
		return w.putCeiling(e.Ceiling)
	case rbac.RemoveCeiling:
		return w.remove("ceiling "+e.Name, `DELETE FROM ceilings WHERE key = ? AND name = ?`, fold(e.Name), e.Name)
	case rbac.SetActivation:
		if _, err := w.exec(`DELETE FROM activations WHERE workload = ?`, e.Workload.String()); err != nil || e.Activation == rbac.Off {
			return err
		}
		if e.Activation == rbac.Shadow {
			if _, err := w.exec(`DELETE FROM shadow_differences WHERE workload = ?`, e.Workload.String()); err != nil {
				return err
			}
		}
		_, err := w.exec(`INSERT INTO activations (workload, state) VALUES (?, ?)`, e.Workload.String(), e.Activation.String())
		return err
	case rbac.SetRevision:
		return nil
	}
	return fmt.Errorf("write the policy: unknown edit %T", e)
}

// remove deletes one thing; what hangs on it goes by the foreign keys.
func (w *writer) remove(what, query string, args ...any) error {
	n, err := w.exec(query, args...)
	if err == nil && n == 0 {
		return fault.NotFound("remove "+what, "there is none")
	}
	return err
}

func (w *writer) putUser(u rbac.User) error {
	if err := storable("user "+u.Name, u.NotAfter); err != nil {
		return err
	}
	_, err := w.exec(`INSERT INTO users (name, display_name, disabled, not_after) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name, disabled = excluded.disabled, not_after = excluded.not_after`,
		u.Name, u.DisplayName, u.Disabled, nanos(u.NotAfter))
	if err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM user_global_roles WHERE user = ?`, u.Name); err != nil {
		return err
	}
	for i, role := range u.GlobalRoles {
		if _, err := w.exec(`INSERT INTO user_global_roles (user, position, role) VALUES (?, ?, ?)`, u.Name, i, role); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putGroup(g rbac.Group) error {
	key := fold(g.Name)
	n, err := w.exec(`INSERT INTO groups (key, name, description) VALUES (?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET description = excluded.description WHERE name = excluded.name`, key, g.Name, g.Description)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict(fmt.Sprintf("write group %q", g.Name), "there is one whose name differs only in case")
	}
	if err := w.bears(key); err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM group_members WHERE group_key = ?`, key); err != nil {
		return err
	}
	for _, user := range g.Members {
		if _, err := w.exec(`INSERT INTO group_members (group_key, user) VALUES (?, ?) ON CONFLICT DO NOTHING`, key, user); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putRole(r rbac.Role) error {
	workload, key := r.Workload.String(), fold(r.Name)
	n, err := w.exec(`INSERT INTO roles (workload, key, id, name, kind, description) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (workload, key) DO UPDATE SET id = excluded.id, kind = excluded.kind, description = excluded.description
		WHERE name = excluded.name`, workload, key, r.ID, r.Name, r.Kind.String(), r.Description)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict(fmt.Sprintf("write role %q of %s", r.Name, workload), "there is one whose name differs only in case")
	}
	if _, err := w.exec(`DELETE FROM role_permissions WHERE workload = ? AND role = ?`, workload, key); err != nil {
		return err
	}
	for i, permission := range r.Permissions {
		if _, err := w.exec(`INSERT INTO role_permissions (workload, role, position, permission) VALUES (?, ?, ?, ?)`, workload, key, i, permission); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) removeRole(ref rbac.RoleRef) error {
	workload, key := ref.Workload.String(), fold(ref.Name)
	if err := w.remove(fmt.Sprintf("role %q of %s", ref.Name, workload), `DELETE FROM roles WHERE workload = ? AND key = ? AND name = ?`, workload, key, ref.Name); err != nil {
		return err
	}
	_, err := w.exec(`DELETE FROM assignments WHERE workload = ? AND role_key = ?`, workload, key)
	return err
}

func (w *writer) putAssignment(a rbac.Assignment) error {
	if err := storable("assignment "+a.ID, a.NotBefore, a.NotAfter); err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM assignments WHERE id = ?`, a.ID); err != nil {
		return err
	}
	var user, group any
	if a.User != "" {
		user = a.User
	}
	if a.Group != "" {
		group = fold(a.Group)
	}
	sources, err := a.Sources.MarshalText()
	if err != nil {
		return err
	}
	_, err = w.exec(`INSERT INTO assignments (id, workload, role_key, role_name, user, group_key, scope_all, not_before, not_after, sources, name, set_id, description)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.ID, a.Role.Workload.String(), fold(a.Role.Name), a.Role.Name, user, group, a.Scope.All,
		nanos(a.NotBefore), nanos(a.NotAfter), string(sources), a.Name, a.Set, a.Description)
	if err != nil {
		return err
	}
	for i, name := range a.Scope.DeviceGroups {
		if _, err := w.exec(`INSERT INTO assignment_scope (assignment, position, device_group) VALUES (?, ?, ?)`, a.ID, i, fold(name)); err != nil {
			return err
		}
	}
	return nil
}

// storable refuses a moment that nanoseconds since 1970 can't hold: kept wrong, an end in the year 9999 would have
// been long ago, or a beginning in the year 1 would be to come.
func storable(what string, times ...time.Time) error {
	for _, t := range times {
		if !t.IsZero() && (t.Before(time.Unix(0, math.MinInt64)) || t.After(time.Unix(0, math.MaxInt64))) {
			return fault.Invalid("write "+what, "%s can't be kept: want a time between 1678 and 2262", t.Format(time.RFC3339))
		}
	}
	return nil
}
