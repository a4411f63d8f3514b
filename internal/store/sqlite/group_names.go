package sqlite

import (
	"database/sql"
	"fmt"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// renameGroup changes the key too; what names the group follows by the foreign keys, its former names among it.
func (w *writer) renameGroup(e rbac.RenameGroup) error {
	from, to := fold(e.From), fold(e.To)
	n, err := w.exec(`UPDATE groups SET key = ?, name = ? WHERE key = ? AND name = ?`, to, e.To, from, e.From)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NotFound(fmt.Sprintf("rename group %q", e.From), "there is none")
	}
	if from == to {
		return nil
	}
	if err := w.bears(to); err != nil {
		return err
	}
	_, err = w.exec(`INSERT INTO former_group_names (key, group_key) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET group_key = excluded.group_key`, from, to)
	return err
}

// bears forgets that a name was a former one: a group has it now.
func (w *writer) bears(key string) error {
	_, err := w.exec(`DELETE FROM former_group_names WHERE key = ?`, key)
	return err
}

// FormerGroupNames implements store.PolicyReader.
func (r *reader) FormerGroupNames() (map[string]string, error) {
	names := map[string]string{}
	err := r.each(`SELECT f.key, g.name FROM former_group_names f JOIN groups g ON g.key = f.group_key`, func(rows *sql.Rows) error {
		var former, now string
		err := rows.Scan(&former, &now)
		names[former] = now
		return err
	})
	return names, err
}
