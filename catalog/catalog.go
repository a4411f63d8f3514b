// Package catalog is what the document says, as data: the requirements table, every permission of the four
// workloads, the roles that come with the products, the global roles. It reads like the document and decides
// nothing; package rbac does.
//
// Each permission and role has one spelling, the product's own. The document's spellings, and the ones that other
// exports use, are aliases: loaders accept them and keep the one.
package catalog

import (
	"slices"
	"sync"

	"github.com/bailiwick/bailiwick/rbac"
)

// Default gives the catalogue. It is made once and shared: read only.
var Default = sync.OnceValue(func() *rbac.Catalog {
	return &rbac.Catalog{
		Permissions:  slices.Concat(endpointPermissions, officePermissions, cloudPermissions, identityPermissions, unified()),
		Requirements: bridged(slices.Concat(table, centre)),
		Roles:        slices.Concat(endpointRoles(), officeRoleGroups, eachAsRole(cloudPermissions), eachAsRole(identityPermissions)),
		GlobalRoles:  globalRoles,
	}
})

// eachAsRole makes of every permission the role that holds it alone: in cloud apps and identity an admin role is
// both, a thing to assign and a thing the table names.
func eachAsRole(permissions []rbac.Permission) []rbac.Role {
	var roles []rbac.Role
	for _, p := range permissions {
		roles = append(roles, rbac.Role{
			Workload: p.Workload, Name: p.Name, Kind: rbac.DefaultRole, Description: p.Allows, Permissions: []string{p.Name},
		})
	}
	return roles
}
