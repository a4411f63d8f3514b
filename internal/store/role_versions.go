package store

import (
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// RoleVersion is a role as one change of the policy left it. Versions are kept by the role's id, which a new name does not
// change.
type RoleVersion struct {
	RoleID      string
	Revision    int64     // of the policy that the change made; of the policy it was found in, if nobody is named
	At          time.Time // zero: of a role as it was when the history began
	Actor       string    // empty: as it was when the history began
	Operation   string
	Entry       int64 // its entry in the audit log; zero: none
	Deleted     bool  // the change removed it: Role and Assignments are as they were before
	Role        rbac.Role
	Assignments []rbac.Assignment // by id
}

// RoleVersionReader reads the versions of roles.
type RoleVersionReader interface {
	// RoleVersions gives the versions of a role, oldest first.
	RoleVersions(roleID string) ([]RoleVersion, error)

	// HasRoleVersions tells whether there is any, without reading them.
	HasRoleVersions(roleID string) (bool, error)

	// DeletedRoles gives the last version of each role that was deleted since a moment and has not come back, latest first.
	DeletedRoles(since time.Time) ([]RoleVersion, error)
}

// RoleVersionWriter keeps them. Nothing that is kept changes or goes.
type RoleVersionWriter interface {
	// AddRoleVersion keeps a version; a role has one of each revision at most.
	AddRoleVersion(v RoleVersion) error
}
