package server

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// unifiedAssignment adds what only assignments of unified roles have.
func (h *handlers) unifiedAssignment(asker *permissions.Asker, a rbac.Assignment, out *api.Assignment) {
	whole, _ := asker.Snapshot.Assignment(a.ID)
	role, _ := asker.Snapshot.Role(a.Role)
	out.Set, out.Name, out.DataSources = a.Set, a.Name, sourceNames(a.Sources)
	out.Actions["delete"] = within(asker, mayIf(asker.CanChange(role, whole.Sources)), rbac.RemoveAssignment{ID: a.ID})
}

// sourceNames are data sources in the contract's form: all, or the workloads.
func sourceNames(s rbac.Sources) api.DataSources {
	if s.All {
		return api.DataSources{"all"}
	}
	return each(s.List(), rbac.Workload.String)
}

// sourcesOf reads what sourceNames writes. All goes alone: beside others it would say two things.
func sourcesOf(names api.DataSources, where string) (rbac.Sources, error) {
	var s rbac.Sources
	if slices.Contains(names, "all") && len(names) > 1 {
		return s, fault.Invalid("read data sources", "data sources are all, or some").WithDetails(
			fault.Detail{Where: where + "/dataSources", Problem: "all stands beside others", Want: "all alone, or workloads"})
	}
	err := s.UnmarshalText([]byte(strings.Join(names, " ")))
	if err != nil {
		return s, fault.Invalid("read data sources", "%s", err.Error()).WithDetails(fault.Detail{Where: where + "/dataSources", Problem: err.Error()})
	}
	return s, nil
}

func unifiedSpec(b api.AssignmentSpec, where string) (permissions.UnifiedAssignment, error) {
	sources, err := sourcesOf(b.DataSources, where)
	return permissions.UnifiedAssignment{
		Name: strings.TrimSpace(b.Name), Description: b.Description, Users: b.Users, Groups: b.Groups, Sources: sources, Scope: scopeOf(b.Scope), NotBefore: b.NotBefore, NotAfter: b.NotAfter,
	}, err
}

func newUnified(b api.NewUnifiedAssignment) (permissions.UnifiedAssignment, error) {
	return unifiedSpec(api.AssignmentSpec{Name: b.Name, Description: b.Description, Users: b.Users, Groups: b.Groups, DataSources: b.DataSources, Scope: b.Scope, NotBefore: b.NotBefore, NotAfter: b.NotAfter}, "")
}

// unifiedSet shows the assignments of a set as one.
func (h *handlers) unifiedSet(ctx context.Context, id string) (api.UnifiedAssignment, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return api.UnifiedAssignment{}, err
	}
	set, err := asker.AssignmentsIn(id)
	if err != nil {
		return api.UnifiedAssignment{}, err
	}
	return h.unifiedSetOf(asker, set), nil
}

func (h *handlers) unifiedSetOf(asker *permissions.Asker, set []rbac.Assignment) api.UnifiedAssignment {
	first := set[0]
	one := h.assignmentOf(asker, first)
	out := api.UnifiedAssignment{
		ID: first.Set, Role: one.Role, Name: first.Name, Description: first.Description, Groups: []string{}, Users: []string{}, DataSources: one.DataSources, Scope: one.Scope,
		NotBefore: first.NotBefore, NotAfter: first.NotAfter, Etag: permissions.Tag(asker.Snapshot, asker.SetState(first.Set)), Actions: api.Actions{"edit": one.Actions["delete"], "delete": one.Actions["delete"]},
	}
	for _, a := range set {
		if a.Group != "" {
			out.Groups = append(out.Groups, a.Group)
		} else {
			out.Users = append(out.Users, a.User)
		}
	}
	slices.Sort(out.Groups)
	slices.Sort(out.Users)
	return out
}

func setIs(id string) func(*permissions.Asker) error {
	return func(a *permissions.Asker) error {
		_, err := a.AssignmentsIn(id)
		return err
	}
}

// CreateUnifiedAssignment gives a unified role to several at once.
func (h *handlers) CreateUnifiedAssignment(ctx context.Context, r api.CreateUnifiedAssignmentRequestObject) (api.CreateUnifiedAssignmentResponseObject, error) {
	n, err := newUnified(*r.Body)
	if err != nil {
		return nil, err
	}
	actor := web.CallerOf(ctx).Actor()
	done, err := h.Permissions.Do(ctx, actor, permissions.AssignUnified(r.Body.Role, n))
	if err != nil {
		asker, failed := h.asker(ctx)
		if failed != nil {
			return nil, failed
		}
		if _, unseen := asker.Role(r.Body.Role); unseen != nil {
			return nil, unseen
		}
		return nil, err
	}
	made, err := h.unifiedSet(ctx, done.ID)
	return api.CreateUnifiedAssignment201JSONResponse{Body: made,
		Headers: api.CreateUnifiedAssignment201ResponseHeaders{Location: "/api/v1/unified/assignments/" + done.ID}}, err
}

// GetUnifiedAssignment shows a set.
func (h *handlers) GetUnifiedAssignment(ctx context.Context, r api.GetUnifiedAssignmentRequestObject) (api.GetUnifiedAssignmentResponseObject, error) {
	set, err := h.unifiedSet(ctx, r.ID)
	return api.GetUnifiedAssignment200JSONResponse{Body: set, Headers: api.GetUnifiedAssignment200ResponseHeaders{ETag: set.Etag}}, err
}

// UpdateUnifiedAssignment makes a set what is given.
func (h *handlers) UpdateUnifiedAssignment(ctx context.Context, r api.UpdateUnifiedAssignmentRequestObject) (api.UpdateUnifiedAssignmentResponseObject, error) {
	n, err := unifiedSpec(*r.Body, "")
	if err != nil {
		return nil, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := h.doTo(ctx, permissions.UpdateUnified(r.ID, n).If(r.Params.IfMatch, asker.SetState(r.ID)), setIs(r.ID)); err != nil {
		return nil, err
	}
	set, err := h.unifiedSet(ctx, r.ID)
	return api.UpdateUnifiedAssignment200JSONResponse{Body: set, Headers: api.UpdateUnifiedAssignment200ResponseHeaders{ETag: set.Etag}}, err
}

// DeleteUnifiedAssignment takes the role back from all of a set.
func (h *handlers) DeleteUnifiedAssignment(ctx context.Context, r api.DeleteUnifiedAssignmentRequestObject) (api.DeleteUnifiedAssignmentResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	return api.DeleteUnifiedAssignment204Response{}, h.doTo(ctx, permissions.UnassignUnified(r.ID).If(r.Params.IfMatch, asker.SetState(r.ID)), setIs(r.ID))
}

// SetActivation says whose roles decide in a workload.
func (h *handlers) SetActivation(ctx context.Context, r api.SetActivationRequestObject) (api.SetActivationResponseObject, error) {
	if _, err := h.Permissions.Do(ctx, web.CallerOf(ctx).Actor(), permissions.SetActivation(r.Body.Workload, r.Body.Unified).If(r.Params.IfMatch, permissions.WorkloadState(r.Body.Workload))); err != nil {
		return nil, err
	}
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	info := workloadOf(asker, r.Body.Workload)
	return api.SetActivation200JSONResponse{Body: info, Headers: api.SetActivation200ResponseHeaders{ETag: info.Etag}}, nil
}

// ListShadowDifferences lists where unified roles in shadow would have answered otherwise.
func (h *handlers) ListShadowDifferences(ctx context.Context, r api.ListShadowDifferencesRequestObject) (api.ListShadowDifferencesResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	among := rbac.SetOf(rbac.Workloads...)
	if w, ok := rbac.ParseWorkload(r.Params.Workload); ok {
		among = rbac.SetOf(w)
	}
	report, err := asker.Differences(ctx, among)
	if err != nil {
		return nil, err
	}
	principal := strings.ToLower(r.Params.Principal)
	list := slices.DeleteFunc(report.Items, func(d store.ShadowDifference) bool { return principal != "" && d.User != principal })
	key := func(d store.ShadowDifference) string {
		return strings.Join([]string{d.User, strconv.Itoa(int(d.Workload)), strconv.Itoa(100 + int(d.Capability)), d.DeviceGroup, strconv.FormatBool(d.Unified)}, "\x00")
	}
	slices.SortFunc(list, func(a, b store.ShadowDifference) int { return strings.Compare(key(a), key(b)) })
	page, next, err := paged(ctx, h, list, key, r.Params.Limit, r.Params.Cursor, "differences", r.Params.Workload, principal)
	return api.ListShadowDifferences200JSONResponse{
		Items: each(page, func(d store.ShadowDifference) api.ShadowDifference { return differenceOf(asker.Snapshot, d) }),
		Total: len(list), Next: next, Missed: report.Missed,
	}, err
}

func differenceOf(s *rbac.Snapshot, d store.ShadowDifference) api.ShadowDifference {
	user, _ := s.User(d.User)
	out := api.ShadowDifference{
		User: d.User, DisplayName: displayName(user, d.User), Workload: d.Workload, Capability: d.Capability, DeviceGroup: d.DeviceGroup,
		Allows: api.ShadowDifferenceAllowsOwn, Count: d.Count, Last: d.Last,
	}
	if d.Unified {
		out.Allows = api.ShadowDifferenceAllowsUnified
	}
	return out
}
