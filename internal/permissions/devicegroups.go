package permissions

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// SetDeviceGroups sets the whole list, in rank order. revision is that of the policy which the list was made from; 0:
// whatever is there now.
func SetDeviceGroups(list []rbac.DeviceGroup, revision int64) Operation {
	const op = "device-groups.set"
	return Operation{op, func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		p := proposal{object: "device-groups", workload: rbac.Endpoint, needs: []need{{rbac.ManageSettings, rbac.Endpoint}}}
		if revision != 0 && revision != s.Revision() {
			return p, fault.Conflict(op, "the policy has changed since (revision %d, now %d): look again, then repeat", revision, s.Revision())
		}
		for i, g := range list {
			if err := checkText(op, "/items/"+itoa(i)+"/name", g.Name, g.Description); err != nil {
				return p, err
			}
			for _, values := range [][]string{g.Match.Name, g.Match.Domain, g.Match.Tag, g.Match.OS} {
				for _, v := range values {
					if v == "" || len(v) > 300 {
						return p, fault.Invalid(op, "device group %q: a value of its rule has 1 to 300 characters", g.Name)
					}
				}
			}
		}
		p.before, p.after = s.DeviceGroups(), list
		p.edits = []rbac.Edit{rbac.SetDeviceGroups{DeviceGroups: list}}
		return p, nil
	}}
}

// SetEndpointRoles flips the roles switch of endpoint (S5). Only the two administrator roles may: for everyone else it
// exceeds what they hold.
func SetEndpointRoles(on bool) Operation {
	return Operation{"workloads.endpoint-roles", func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		p := proposal{
			object: "workload:endpoint", workload: rbac.Endpoint, needs: []need{{rbac.ManageSettings, rbac.Other}},
			before: map[string]bool{"roles": s.EndpointRoles()}, after: map[string]bool{"roles": on},
		}
		if s.EndpointRoles() != on {
			p.edits = []rbac.Edit{rbac.SetEndpointRoles{On: on}}
		}
		return p, nil
	}}
}
