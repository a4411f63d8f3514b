package sqlite

import (
	"database/sql"
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

func (w *writer) putCeiling(c rbac.Ceiling) error {
	key := fold(c.Name)
	n, err := w.exec(`INSERT INTO ceilings (key, name, description, all_workloads, all_permissions, all_device_groups, all_assignable_groups)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET description = excluded.description, all_workloads = excluded.all_workloads,
		all_permissions = excluded.all_permissions, all_device_groups = excluded.all_device_groups, all_assignable_groups = excluded.all_assignable_groups
		WHERE name = excluded.name`,
		key, c.Name, c.Description, c.Workloads.All, c.Permissions.All, c.DeviceGroups.All, c.AssignableGroups.All)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict(fmt.Sprintf("write ceiling %q", c.Name), "there is one whose name differs only in case")
	}
	for _, table := range []string{"ceiling_users", "ceiling_groups", "ceiling_device_groups", "ceiling_workloads", "ceiling_permissions"} {
		if _, err := w.exec(`DELETE FROM `+table+` WHERE ceiling = ?`, key); err != nil {
			return err
		}
	}
	var workloads []string
	for _, one := range c.Workloads.Names() {
		workloads = append(workloads, one.String())
	}
	for _, part := range []struct {
		insert string
		names  []string
		folded bool
	}{
		{`INSERT INTO ceiling_users (ceiling, user) VALUES (?, ?) ON CONFLICT DO NOTHING`, c.Users, false},
		{`INSERT INTO ceiling_groups (ceiling, bound, group_key) VALUES (?, 1, ?) ON CONFLICT DO NOTHING`, c.Groups, true},
		{`INSERT INTO ceiling_groups (ceiling, bound, group_key) VALUES (?, 0, ?) ON CONFLICT DO NOTHING`, c.AssignableGroups.Names(), true},
		{`INSERT INTO ceiling_device_groups (ceiling, device_group) VALUES (?, ?) ON CONFLICT DO NOTHING`, c.DeviceGroups.Names(), true},
		{`INSERT INTO ceiling_workloads (ceiling, workload) VALUES (?, ?) ON CONFLICT DO NOTHING`, workloads, false},
		{`INSERT INTO ceiling_permissions (ceiling, permission) VALUES (?, ?) ON CONFLICT DO NOTHING`, c.Permissions.Names(), false},
	} {
		for _, name := range part.names {
			if part.folded {
				name = fold(name)
			}
			if _, err := w.exec(part.insert, key, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) ceilings(p *rbac.Policy) error {
	at := map[string]int{}
	err := r.each(`SELECT key, name, description, all_workloads, all_permissions, all_device_groups, all_assignable_groups FROM ceilings ORDER BY name`, func(rows *sql.Rows) error {
		var key string
		var c rbac.Ceiling
		err := rows.Scan(&key, &c.Name, &c.Description, &c.Workloads.All, &c.Permissions.All, &c.DeviceGroups.All, &c.AssignableGroups.All)
		at[key] = len(p.Ceilings)
		p.Ceilings = append(p.Ceilings, c)
		return err
	})
	if err != nil {
		return err
	}
	for _, part := range []struct {
		query string
		list  func(*rbac.Ceiling) *[]string
	}{
		{`SELECT ceiling, user FROM ceiling_users ORDER BY user`, func(c *rbac.Ceiling) *[]string { return &c.Users }},
		{`SELECT c.ceiling, g.name FROM ceiling_groups c JOIN groups g ON g.key = c.group_key WHERE c.bound = 1 ORDER BY g.name`,
			func(c *rbac.Ceiling) *[]string { return &c.Groups }},
		{`SELECT c.ceiling, g.name FROM ceiling_groups c JOIN groups g ON g.key = c.group_key WHERE c.bound = 0 ORDER BY g.name`,
			func(c *rbac.Ceiling) *[]string { return &c.AssignableGroups.Of }},
		{`SELECT c.ceiling, d.name FROM ceiling_device_groups c JOIN device_groups d ON d.key = c.device_group ORDER BY d.name`,
			func(c *rbac.Ceiling) *[]string { return &c.DeviceGroups.Of }},
		{`SELECT ceiling, permission FROM ceiling_permissions ORDER BY permission`, func(c *rbac.Ceiling) *[]string { return &c.Permissions.Of }},
	} {
		if err := r.each(part.query, func(rows *sql.Rows) error {
			var key, name string
			err := rows.Scan(&key, &name)
			list := part.list(&p.Ceilings[at[key]])
			*list = append(*list, name)
			return err
		}); err != nil {
			return err
		}
	}
	return r.each(`SELECT ceiling, workload FROM ceiling_workloads`, func(rows *sql.Rows) error {
		var key, name string
		if err := rows.Scan(&key, &name); err != nil {
			return err
		}
		var one rbac.Workload
		if err := one.UnmarshalText([]byte(name)); err != nil {
			return err
		}
		list := &p.Ceilings[at[key]].Workloads.Of
		*list = append(*list, one)
		slices.Sort(*list)
		return nil
	})
}
