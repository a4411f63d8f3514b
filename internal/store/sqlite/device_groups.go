package sqlite

import (
	"database/sql"
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// setDeviceGroups replaces the device groups. One that stays is updated where it is: deleting it would take it out of
// the scopes that name it.
func (w *writer) setDeviceGroups(list []rbac.DeviceGroup) error {
	if !slices.ContainsFunc(list, func(g rbac.DeviceGroup) bool { return g.Name == rbac.UngroupedDevices }) {
		list = append(slices.Clone(list), rbac.DeviceGroup{Name: rbac.UngroupedDevices, Open: true})
	}
	if err := w.dropDeviceGroups(list); err != nil {
		return err
	}
	// Ranks are unique, so the old ones step aside before the new ones come.
	if _, err := w.exec(`UPDATE device_groups SET rank = -1 - rank`); err != nil {
		return err
	}
	for _, table := range []string{`DELETE FROM device_group_matches`, `DELETE FROM device_group_access`} {
		if _, err := w.exec(table); err != nil {
			return err
		}
	}
	for rank, g := range list {
		if err := w.putDeviceGroup(rank, g); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dropDeviceGroups(kept []rbac.DeviceGroup) error {
	stays := make(map[string]bool, len(kept))
	for _, g := range kept {
		stays[g.Name] = true
	}
	gone := map[string]string{}
	err := w.each(`SELECT key, name FROM device_groups`, func(rows *sql.Rows) error {
		var key, name string
		err := rows.Scan(&key, &name)
		if !stays[name] {
			gone[key] = name
		}
		return err
	})
	if err != nil {
		return err
	}
	for key, name := range gone {
		if err := w.closeScopes(name); err != nil {
			return err
		}
		if _, err := w.exec(`DELETE FROM device_groups WHERE key = ?`, key); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putDeviceGroup(rank int, g rbac.DeviceGroup) error {
	key := fold(g.Name)
	_, err := w.exec(`INSERT INTO device_groups (key, name, rank, description, remediation, open) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET rank = excluded.rank, description = excluded.description, remediation = excluded.remediation, open = excluded.open`,
		key, g.Name, rank, g.Description, g.Remediation, g.Open)
	if err != nil {
		return err
	}
	for attribute, values := range attributes(&g.Match) {
		for i, value := range *values {
			if _, err := w.exec(`INSERT INTO device_group_matches (device_group, attribute, position, value) VALUES (?, ?, ?, ?)`, key, attribute, i, value); err != nil {
				return err
			}
		}
	}
	for _, group := range g.Access {
		if _, err := w.exec(`INSERT INTO device_group_access (device_group, group_key) VALUES (?, ?) ON CONFLICT DO NOTHING`, key, fold(group)); err != nil {
			return err
		}
	}
	return nil
}

// renameDeviceGroup changes the key too; what names the group follows by the foreign keys.
func (w *writer) renameDeviceGroup(e rbac.RenameDeviceGroup) error {
	n, err := w.exec(`UPDATE device_groups SET key = ?, name = ? WHERE key = ? AND name = ?`, fold(e.To), e.To, fold(e.Name), e.Name)
	if err == nil && n == 0 {
		return fault.NotFound(fmt.Sprintf("rename device group %q", e.Name), "there is none")
	}
	if err != nil {
		return err
	}
	return w.renameInScopes(e.Name, e.To)
}
