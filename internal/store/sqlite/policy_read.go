package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/bailiwick/bailiwick/rbac"
)

// PolicyRevision gives the policy's revision.
func (r *reader) PolicyRevision() (int64, error) {
	var n int64
	_, err := r.one(`SELECT revision FROM policy`, nil, &n)
	return n, err
}

// User finds one user.
func (r *reader) User(name string) (rbac.User, bool, error) {
	u := rbac.User{Name: name}
	var end sql.NullInt64
	found, err := r.one(`SELECT display_name, disabled, not_after FROM users WHERE name = ?`, []any{name}, &u.DisplayName, &u.Disabled, &end)
	if err != nil || !found {
		return rbac.User{}, false, err
	}
	u.NotAfter = moment(end)
	err = r.each(`SELECT role FROM user_global_roles WHERE user = ? ORDER BY position`, func(rows *sql.Rows) error {
		var role string
		err := rows.Scan(&role)
		u.GlobalRoles = append(u.GlobalRoles, role)
		return err
	}, name)
	return u, err == nil, err
}

// Policy gives who has what.
func (r *reader) Policy() (rbac.Policy, error) {
	var p rbac.Policy
	if _, err := r.one(`SELECT revision, endpoint_roles FROM policy`, nil, &p.Revision, &p.EndpointRoles); err != nil {
		return rbac.Policy{}, fmt.Errorf("read the policy: %w", err)
	}
	for _, part := range []func(*rbac.Policy) error{r.activations, r.users, r.groups, r.deviceGroups, r.roles, r.assignments, r.ceilings} {
		if err := part(&p); err != nil {
			return rbac.Policy{}, fmt.Errorf("read the policy: %w", err)
		}
	}
	return p, nil
}

func (r *reader) activations(p *rbac.Policy) error {
	return r.each(`SELECT workload, state FROM activations`, func(rows *sql.Rows) error {
		var workload, state string
		if err := rows.Scan(&workload, &state); err != nil {
			return err
		}
		var w rbac.Workload
		var a rbac.Activation
		if err := errors.Join(w.UnmarshalText([]byte(workload)), a.UnmarshalText([]byte(state))); err != nil {
			return err
		}
		p.Activation = p.Activation.With(w, a)
		return nil
	})
}

func (r *reader) users(p *rbac.Policy) error {
	at := map[string]int{}
	err := r.each(`SELECT name, display_name, disabled, not_after FROM users ORDER BY name`, func(rows *sql.Rows) error {
		var u rbac.User
		var end sql.NullInt64
		err := rows.Scan(&u.Name, &u.DisplayName, &u.Disabled, &end)
		u.NotAfter = moment(end)
		at[u.Name] = len(p.Users)
		p.Users = append(p.Users, u)
		return err
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT user, role FROM user_global_roles ORDER BY user, position`, func(rows *sql.Rows) error {
		var user, role string
		err := rows.Scan(&user, &role)
		u := &p.Users[at[user]]
		u.GlobalRoles = append(u.GlobalRoles, role)
		return err
	})
}

func (r *reader) groups(p *rbac.Policy) error {
	at := map[string]int{}
	err := r.each(`SELECT key, name, description FROM groups ORDER BY name`, func(rows *sql.Rows) error {
		var key string
		var g rbac.Group
		err := rows.Scan(&key, &g.Name, &g.Description)
		at[key] = len(p.Groups)
		p.Groups = append(p.Groups, g)
		return err
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT group_key, user FROM group_members ORDER BY group_key, user`, func(rows *sql.Rows) error {
		var key, user string
		err := rows.Scan(&key, &user)
		g := &p.Groups[at[key]]
		g.Members = append(g.Members, user)
		return err
	})
}

func (r *reader) deviceGroups(p *rbac.Policy) error {
	at := map[string]int{}
	err := r.each(`SELECT key, name, description, remediation, open FROM device_groups ORDER BY rank`, func(rows *sql.Rows) error {
		var key string
		var g rbac.DeviceGroup
		err := rows.Scan(&key, &g.Name, &g.Description, &g.Remediation, &g.Open)
		at[key] = len(p.DeviceGroups)
		p.DeviceGroups = append(p.DeviceGroups, g)
		return err
	})
	if err != nil {
		return err
	}
	err = r.each(`SELECT device_group, attribute, value FROM device_group_matches ORDER BY device_group, attribute, position`, func(rows *sql.Rows) error {
		var key, attribute, value string
		if err := rows.Scan(&key, &attribute, &value); err != nil {
			return err
		}
		list := attributes(&p.DeviceGroups[at[key]].Match)[attribute]
		*list = append(*list, value)
		return nil
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT a.device_group, g.name FROM device_group_access a JOIN groups g ON g.key = a.group_key ORDER BY a.device_group, g.name`, func(rows *sql.Rows) error {
		var key, group string
		err := rows.Scan(&key, &group)
		g := &p.DeviceGroups[at[key]]
		g.Access = append(g.Access, group)
		return err
	})
}

// attributes are the keys of a rule and where their values stand.
func attributes(m *rbac.Match) map[string]*[]string {
	return map[string]*[]string{"name": &m.Name, "domain": &m.Domain, "tag": &m.Tag, "os": &m.OS}
}

func (r *reader) roles(p *rbac.Policy) error {
	at := map[rbac.RoleRef]int{}
	err := r.each(`SELECT workload, key, id, name, kind, description FROM roles`, func(rows *sql.Rows) error {
		var workload, key, kind string
		var role rbac.Role
		if err := rows.Scan(&workload, &key, &role.ID, &role.Name, &kind, &role.Description); err != nil {
			return err
		}
		if kind == rbac.ImportedRole.String() {
			role.Kind = rbac.ImportedRole
		}
		if err := role.Workload.UnmarshalText([]byte(workload)); err != nil {
			return err
		}
		at[rbac.RoleRef{Workload: role.Workload, Name: key}] = len(p.Roles)
		p.Roles = append(p.Roles, role)
		return nil
	})
	if err != nil {
		return err
	}
	err = r.each(`SELECT workload, role, permission FROM role_permissions ORDER BY workload, role, position`, func(rows *sql.Rows) error {
		var workload, key, permission string
		if err := rows.Scan(&workload, &key, &permission); err != nil {
			return err
		}
		var w rbac.Workload
		if err := w.UnmarshalText([]byte(workload)); err != nil {
			return err
		}
		role := &p.Roles[at[rbac.RoleRef{Workload: w, Name: key}]]
		role.Permissions = append(role.Permissions, permission)
		return nil
	})
	sortRoles(p.Roles) // the workloads' order is the document's, not the alphabet's
	return err
}

func (r *reader) assignments(p *rbac.Policy) error {
	at := map[string]int{}
	err := r.each(`SELECT a.id, a.workload, a.role_name, a.user, g.name, a.scope_all, a.not_before, a.not_after, a.sources, a.name, a.set_id, a.description
		FROM assignments a LEFT JOIN groups g ON g.key = a.group_key ORDER BY a.id`, func(rows *sql.Rows) error {
		var a rbac.Assignment
		var workload, sources string
		var user, group sql.NullString
		var begin, end sql.NullInt64
		if err := rows.Scan(&a.ID, &workload, &a.Role.Name, &user, &group, &a.Scope.All, &begin, &end, &sources, &a.Name, &a.Set, &a.Description); err != nil {
			return err
		}
		a.User, a.Group, a.NotBefore, a.NotAfter = user.String, group.String, moment(begin), moment(end)
		if err := a.Sources.UnmarshalText([]byte(sources)); err != nil {
			return err
		}
		at[a.ID] = len(p.Assignments)
		p.Assignments = append(p.Assignments, a)
		return p.Assignments[len(p.Assignments)-1].Role.Workload.UnmarshalText([]byte(workload))
	})
	if err != nil {
		return err
	}
	return r.each(`SELECT s.assignment, d.name FROM assignment_scope s JOIN device_groups d ON d.key = s.device_group ORDER BY s.assignment, s.position`, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		scope := &p.Assignments[at[id]].Scope
		scope.DeviceGroups = append(scope.DeviceGroups, name)
		return err
	})
}
