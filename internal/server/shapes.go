package server

import (
	"cmp"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// Here the words of rbac become those of the API. Lists are never null: a client that iterates must not have to ask.

func cellOf(c rbac.EffectiveCell) api.CapabilityCell {
	return api.CapabilityCell{
		Workload: c.Workload, Capability: c.Capability, Everywhere: c.Allowed, Somewhere: c.Somewhere || c.Allowed, Reason: c.Reason,
		DeviceGroups: c.DeviceGroups,
	}
}

func cellsOf(list []rbac.EffectiveCell) []api.CapabilityCell { return each(list, cellOf) }

func openedOf(list []rbac.Opened) []api.CapabilityAt {
	return each(list, func(o rbac.Opened) api.CapabilityAt {
		return api.CapabilityAt{Workload: o.Workload, Capability: o.Capability}
	})
}

func capabilitiesOf(list []rbac.Opened) []api.Capability {
	capabilities := []api.Capability{}
	var seen [64]bool
	for _, o := range list {
		if !seen[o.Capability] {
			seen[o.Capability] = true
			capabilities = append(capabilities, o.Capability)
		}
	}
	return capabilities
}

func (h *handlers) refOf(s *rbac.Snapshot, ref rbac.RoleRef) api.RoleRef {
	out := api.RoleRef{Workload: ref.Workload, Name: ref.Name}
	if r, ok := s.Role(ref); ok {
		out.ID = permissions.RoleID(r)
	}
	return out
}

func (h *handlers) pathOf(s *rbac.Snapshot, p rbac.Path) api.Path {
	out := api.Path{
		GlobalRole: p.GlobalRole, Group: p.Group, Assignment: p.Assignment, Permission: p.Permission, Everywhere: p.Everywhere,
		DeviceGroups: p.DeviceGroups, NotBefore: p.NotBefore, NotAfter: p.NotAfter, Sentence: sayPath(p),
	}
	if p.Role.Name != "" {
		out.Role = h.refOf(s, p.Role)
	}
	return out
}

func (h *handlers) proofOf(s *rbac.Snapshot, p rbac.Proof) api.Proof {
	return api.Proof{
		Workload: p.Workload, Allowed: p.Allowed, Reason: p.Reason, Requirement: p.Requirement, AnyOf: orEmpty(p.AnyOf), Where: p.Where,
		Paths: each(p.Paths, func(way rbac.Path) api.Path { return h.pathOf(s, way) }),
		Inert: each(p.Inert, func(in rbac.Inert) api.Inert {
			return api.Inert{Path: h.pathOf(s, in.Path), Reason: in.Reason, Sentence: sayPath(in.Path) + ": " + sayInert(in)}
		}),
		Remedies: each(p.Remedies, func(r rbac.Remedy) api.Remedy {
			out := api.Remedy{
				Kind: string(r.Kind), Permission: r.Permission, Group: r.Group, DeviceGroup: r.DeviceGroup, GlobalRole: r.GlobalRole,
				AlsoOpens: openedOf(r.AlsoOpens), Sentence: sayRemedy(r),
			}
			if r.Role.Name != "" {
				out.Role = h.refOf(s, r.Role)
			}
			return out
		}),
	}
}

func accessesOf(list []rbac.Access) []api.Access {
	return each(list, func(a rbac.Access) api.Access {
		return api.Access{Workload: a.Workload, Capability: a.Capability, Everywhere: a.Everywhere, DeviceGroups: a.DeviceGroups}
	})
}

// changesOf gives the first thousand of those for whom something changes: nobody reads more, and a page of a hundred
// thousand helps nobody.
func changesOf(s, after *rbac.Snapshot, c rbac.Changes) []api.UserChange {
	list := c.Users[:min(len(c.Users), 1000)]
	return each(list, func(u rbac.UserChange) api.UserChange {
		user, ok := s.User(u.User)
		if !ok && after != nil {
			user, _ = after.User(u.User)
		}
		return api.UserChange{User: u.User, DisplayName: displayName(user, u.User), Gains: accessesOf(u.Gains), Losses: accessesOf(u.Losses)}
	})
}

func lacksOf(list []rbac.Lack) []api.Lack {
	return each(list, func(l rbac.Lack) api.Lack {
		return api.Lack{
			Workload: l.Workload, Permission: cmp.Or(l.Permission, catalog.CapabilityTitle(l.Capability)), Everywhere: l.Everywhere, DeviceGroups: l.DeviceGroups, Principal: l.Principal,
			Sentence: permissions.LackSentence(l),
		}
	})
}

func displayName(u rbac.User, otherwise string) string {
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return otherwise
}

// may tells whether the asker may do what takes a capability in a workload.
func may(a *permissions.Asker, c rbac.Capability, w rbac.Workload) api.Action {
	if a.Can(c, w) {
		return api.Action{Allowed: true, Capability: c, Workloads: []api.Workload{w}}
	}
	return api.Action{Reason: catalog.Needs(c, w, a.Snapshot.Activations()), Capability: c, Workloads: []api.Workload{w}}
}

// mayIf is an action that a refusal, if there is one, stands against.
func mayIf(refusal error) api.Action {
	if refusal != nil {
		out := never(fault.Message(refusal))
		out.Capability = rbac.ManageRoles
		return out
	}
	return api.Action{Allowed: true}
}

// within refuses what would go beyond the asker's delegation ceilings.
func within(a *permissions.Asker, action api.Action, e rbac.Edit) api.Action {
	if !action.Allowed {
		return action
	}
	if breaches := a.Within(e); len(breaches) > 0 {
		return api.Action{Reason: "beyond your delegation ceiling: " + breaches[0], Workloads: action.Workloads}
	}
	return action
}

func never(reason string) api.Action { return api.Action{Reason: reason} }

func stateOf(a rbac.Assignment, at time.Time) api.AssignmentState {
	switch {
	case !a.NotBefore.IsZero() && at.Before(a.NotBefore):
		return api.AssignmentStateUpcoming
	case !a.NotAfter.IsZero() && !at.Before(a.NotAfter):
		return api.AssignmentStateEnded
	}
	return api.AssignmentStateActive
}

func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, item := range list {
		out[i] = f(item)
	}
	return out
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
