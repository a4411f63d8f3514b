package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// AccessMatrix shows people or roles by capability by workload. Its pages are rbac's; the cursor is sealed like any other.
func (h *handlers) AccessMatrix(ctx context.Context, r api.AccessMatrixRequestObject) (api.AccessMatrixResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	caller, p, s := web.CallerOf(ctx).User, r.Params, asker.Snapshot
	wanted := principalOr(p.Principal, "")
	views := asker.ViewsRoles()
	if views != nil && wanted != "" && wanted != caller {
		return nil, views
	}
	if p.Of == "roles" && (wanted != "" || p.Group != "") {
		return nil, fault.Invalid("read the matrix", "of roles there is no person or group to choose by").WithDetails(
			fault.Detail{Where: "of", Problem: "goes with neither principal nor group", Want: "role, or q"})
	}
	list := strings.Join([]string{"matrix", p.Of, wanted, p.Group, p.Role, p.Capability, p.Workload, p.DeviceGroup, strconv.FormatBool(p.OnlyHas), p.Q, caller}, "\x01")
	after, err := h.cursors.Open(list, p.Cursor)
	if err != nil {
		return nil, err
	}
	q := permissions.MatrixQuery{Roles: p.Of == "roles", Group: p.Group, Role: p.Role, DeviceGroup: p.DeviceGroup, OnlyHas: p.OnlyHas, After: after, Limit: p.Limit}
	q.Capability, _ = rbac.ParseCapability(p.Capability) // The contract lets no other through.
	q.Workload, _ = rbac.ParseWorkload(p.Workload)
	if q.Limit == 0 {
		q.Limit = 50
	}
	if wanted != "" || p.Q != "" {
		q.Keep = func(u rbac.User) bool {
			return (wanted == "" || u.Name == wanted) && contains(p.Q, u.Name, u.DisplayName)
		}
	}
	if q.Roles {
		q.Role = ""
		q.KeepRole = func(r rbac.Role) bool {
			return (p.Role == "" || permissions.RoleID(r) == p.Role) && contains(p.Q, r.Name)
		}
	}
	m, err := asker.Matrix(q)
	if err != nil {
		return nil, err
	}
	out := api.AccessMatrix{Total: m.Total, Partial: views == nil && len(manyOf(asker)) < len(rbac.Workloads), Items: each(m.Rows, func(row rbac.MatrixRow) api.AccessRow {
		if row.Role.Name != "" {
			return api.AccessRow{Role: h.refOf(s, row.Role), DisplayName: row.Role.Name, Reason: row.Reason, Cells: cellsOf(row.Cells)}
		}
		return api.AccessRow{Principal: row.User.Name, DisplayName: displayName(row.User, row.User.Name), Reason: row.Reason, Cells: cellsOf(row.Cells)}
	})}
	if m.Next != "" {
		out.Next = h.cursors.Seal(list, m.Next)
	}
	return api.AccessMatrix200JSONResponse(out), nil
}

// explainRole proves a cell of the matrix of roles.
func (h *handlers) explainRole(asker *permissions.Asker, b api.AccessQuestion, resource rbac.Resource) (api.ExplainAccessResponseObject, error) {
	if b.Principal != "" {
		return nil, fault.Invalid("explain access", "it is about a principal or a role, not both").WithDetails(
			fault.Detail{Where: "/role", Problem: "goes with no principal", Want: "one of the two"})
	}
	role, e, err := asker.ExplainRole(b.Role, rbac.Request{Capability: b.Capability, Resource: resource})
	if err != nil {
		return nil, err
	}
	name := "the " + sayRole(role.Ref())
	out := api.Explanation{
		DisplayName: role.Name, Capability: b.Capability, Workload: b.Workload, DeviceGroup: b.DeviceGroup,
		Allowed: e.Allowed, Revision: e.Revision, Reason: rbac.Reason("invalid"), Sentence: "whoever has " + name + " and nothing else" + sayDecision("", e),
		Proofs: each(e.Proofs, func(p rbac.Proof) api.Proof { return h.proofOf(asker.Snapshot, p) }),
	}
	if len(e.Proofs) > 0 {
		out.Reason = e.Proofs[0].Reason
	}
	return api.ExplainAccess200JSONResponse(out), nil
}
