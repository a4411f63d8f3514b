package sqlite

import (
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/bailiwick/bailiwick/rbac"
)

// What a class needs besides the device groups of its alerts' devices: nothing, every device group there is, or each of a scope, by its id.
const (
	needsNone  int64 = 0
	needsEvery int64 = 1
)

// scope gives what a class needs for each of these device groups to be needed. One that is not there makes it every device group: what
// nobody can be asked about is for nobody but those who have all.
func (w *writer) scope(groups []string) (int64, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(groups)))
	for _, g := range sorted {
		var there int
		if found, err := w.one(`SELECT 1 FROM device_groups WHERE name = ?`, []any{g}, &there); err != nil || !found && g != rbac.UngroupedDevices {
			return needsEvery, err
		}
	}
	var id int64
	found, err := w.one(`SELECT id FROM alert_scopes WHERE device_groups = ? AND gone = 0`, []any{listText(sorted)}, &id)
	if err == nil && !found {
		_, err = w.one(`INSERT INTO alert_scopes (id, device_groups) SELECT coalesce(max(id), 1) + 1, ? FROM alert_scopes RETURNING id`, []any{listText(sorted)}, &id)
	}
	return id, err
}

// renameInScopes lets scopes follow a device group to another name.
func (w *writer) renameInScopes(from, to string) error {
	return w.eachScopeOf(from, func(id int64, groups []string) error {
		groups[slices.Index(groups, from)] = to
		slices.Sort(groups)
		_, err := w.exec(`UPDATE alert_scopes SET device_groups = ? WHERE id = ?`, listText(groups), id)
		return err
	})
}

// closeScopes ends those that a device group belongs to, which goes.
func (w *writer) closeScopes(group string) error {
	return w.eachScopeOf(group, func(id int64, _ []string) error {
		_, err := w.exec(`UPDATE alert_scopes SET gone = 1 WHERE id = ?`, id)
		return err
	})
}

func (w *writer) eachScopeOf(group string, f func(id int64, groups []string) error) error {
	of := map[int64][]string{}
	err := w.each(`SELECT s.id, s.device_groups FROM alert_scopes s WHERE s.gone = 0 AND EXISTS (SELECT 1 FROM json_each(s.device_groups) WHERE value = ?)`, func(rows *sql.Rows) error {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		var groups []string
		err := json.Unmarshal([]byte(text), &groups)
		of[id] = groups
		return err
	}, group)
	if err != nil {
		return err
	}
	for id, groups := range of {
		if err := f(id, groups); err != nil {
			return err
		}
		if err := w.each(`SELECT id FROM alert_classes WHERE every_group = ?`, func(rows *sql.Rows) error {
			var class int64
			err := rows.Scan(&class)
			w.touch(class) // who sees its alerts may be others now
			return err
		}, id); err != nil {
			return err
		}
	}
	return nil
}
