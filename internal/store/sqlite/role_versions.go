package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const versionColumns = `SELECT v.role, v.revision, v.at, v.actor, v.operation, v.entry, v.deleted, v.state FROM role_versions v `

// versionState is what a version keeps as JSON.
type versionState struct {
	Role        rbac.Role         `json:"role"`
	Assignments []rbac.Assignment `json:"assignments"`
}

// RoleVersions gives the versions of a role.
func (r *reader) RoleVersions(roleID string) ([]store.RoleVersion, error) {
	return r.versions(versionColumns+`WHERE v.role = ? ORDER BY v.revision`, roleID)
}

// HasRoleVersions tells whether there is any.
func (r *reader) HasRoleVersions(roleID string) (bool, error) {
	var one int
	return r.one(`SELECT 1 FROM role_versions WHERE role = ? LIMIT 1`, []any{roleID}, &one)
}

// DeletedRoles gives the roles that were deleted and have not come back.
func (r *reader) DeletedRoles(since time.Time) ([]store.RoleVersion, error) {
	return r.versions(versionColumns+`WHERE v.deleted = 1 AND v.at >= ?
		AND NOT EXISTS (SELECT 1 FROM role_versions l WHERE l.role = v.role AND l.revision > v.revision)
		ORDER BY v.at DESC, v.role`, since.UnixNano())
}

func (r *reader) versions(query string, args ...any) ([]store.RoleVersion, error) {
	var list []store.RoleVersion
	err := r.each(query, func(rows *sql.Rows) error {
		var v store.RoleVersion
		var at sql.NullInt64
		var state []byte
		if err := rows.Scan(&v.RoleID, &v.Revision, &at, &v.Actor, &v.Operation, &v.Entry, &v.Deleted, &state); err != nil {
			return err
		}
		var kept versionState
		if err := json.Unmarshal(state, &kept); err != nil {
			return fmt.Errorf("read role %s at revision %d: %w", v.RoleID, v.Revision, err)
		}
		v.At, v.Role, v.Assignments = moment(at), kept.Role, kept.Assignments
		list = append(list, v)
		return nil
	}, args...)
	return list, err
}

// AddRoleVersion keeps a version.
func (w *writer) AddRoleVersion(v store.RoleVersion) error {
	state, err := json.Marshal(versionState{v.Role, v.Assignments})
	if err != nil {
		return fmt.Errorf("keep role %s: %w", v.RoleID, err)
	}
	_, err = w.exec(`INSERT INTO role_versions (role, revision, at, actor, operation, entry, deleted, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		v.RoleID, v.Revision, nanos(v.At), v.Actor, v.Operation, v.Entry, v.Deleted, string(state))
	return err
}
