package server

import (
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// unifiedAssignment adds what only assignments of unified roles have.
func (h *handlers) unifiedAssignment(asker *permissions.Asker, a rbac.Assignment, out *api.Assignment) {
	whole, _ := asker.Snapshot.Assignment(a.ID)
	role, _ := asker.Snapshot.Role(a.Role)
	out.Actions["delete"] = mayIf(asker.CanChange(role, whole.Sources))
}
