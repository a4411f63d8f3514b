package permissions

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// SetDeviceGroups sets the whole list, in rank order. revision is that of the policy which the list was made from; 0:
// whatever is there now. What stands in renames keeps the scopes and ceilings that name it; any other name that is not in
// the list loses them. The group of ungrouped devices stays as it is unless the list has it.
func SetDeviceGroups(list []rbac.DeviceGroup, revision int64, renames ...RenamedDeviceGroup) Operation {
	const op = "device-groups.set"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		p := proposal{object: "device-groups", workload: rbac.Endpoint, needs: []need{{capability: rbac.ManageSettings, workload: rbac.Endpoint}}}
		if revision != 0 && revision != s.Revision() {
			return p, fault.Conflict(op, "the policy has changed since (revision %d, now %d): look again, then repeat", revision, s.Revision())
		}
		for i, g := range list {
			if err := checkText(op, "device group", "/items/"+itoa(i)+"/name", g.Name, g.Description); err != nil {
				return p, err
			}
			if problem := unknownLevel(s, g.Remediation); problem != "" {
				return p, fault.Invalid(op, "device group %q: %s", g.Name, problem).WithDetails(fault.Detail{
					Where: "/items/" + itoa(i) + "/remediation", Problem: problem, Want: "one of " + strings.Join(catalog.RemediationLevels, ", "),
				})
			}
			if problem := checkMatch(g.Match); problem != "" {
				return p, fault.Invalid(op, "device group %q: %s", g.Name, problem).
					WithDetails(fault.Detail{Where: "/items/" + itoa(i) + "/match", Problem: problem})
			}
		}
		now := s.DeviceGroups()
		if !slices.ContainsFunc(list, func(g rbac.DeviceGroup) bool { return strings.EqualFold(g.Name, rbac.UngroupedDevices) }) {
			list = append(slices.Clip(list), now[len(now)-1]) // left out is left as it is: it must not open by that (S6)
		}
		p.before, p.after = now, list
		for _, r := range renames {
			e := rbac.RenameDeviceGroup{Name: r.From, To: list[r.Item].Name}
			if e.Name == e.To {
				continue
			}
			p.edits = append(p.edits, e)
			if _, err := s.With(p.edits...); err != nil {
				return p, fault.Invalid(op, "%s", err.Error()).
					WithDetails(fault.Detail{Where: "/items/" + itoa(r.Item) + "/renamedFrom", Problem: err.Error()})
			}
		}
		if len(p.edits) > 0 {
			p.after = map[string]any{"renamed": p.edits, "deviceGroups": list}
		}
		p.edits = append(p.edits, rbac.SetDeviceGroups{DeviceGroups: list})
		return p, nil
	}}
}

// RenamedDeviceGroup is one of a list that had another name before.
type RenamedDeviceGroup struct {
	Item int // in the list
	From string
}

// unknownLevel lets pass what is there already: an old list can be mended one group at a time.
func unknownLevel(s *rbac.Snapshot, level string) string {
	has := func(g rbac.DeviceGroup) bool { return g.Remediation == level }
	if level == "" || slices.Contains(catalog.RemediationLevels, level) || slices.ContainsFunc(s.DeviceGroups(), has) {
		return ""
	}
	return "unknown remediation level " + quote(level)
}

// maxMatch is how many values a key of a rule may have, but for the system: as in the product.
const maxMatch = 10

func checkMatch(m rbac.Match) string {
	for key, values := range map[string][]string{"name": m.Name, "domain": m.Domain, "tag": m.Tag, "os": m.OS} {
		if len(values) > maxMatch && key != "os" {
			return "its rule has at most 10 values for " + key
		}
		seen := map[string]bool{}
		for _, v := range values {
			if v == "" || v != strings.TrimSpace(v) || len([]rune(v)) > 200 || strings.ContainsFunc(v, unicode.IsControl) {
				return "a value of its rule has 1 to 200 characters, no space around and no control characters"
			}
			if seen[strings.ToLower(v)] {
				return "its rule names " + quote(v) + " twice"
			}
			seen[strings.ToLower(v)] = true
		}
	}
	return ""
}

// SetEndpointRoles flips the roles switch of endpoint (S5). Only the two administrator roles may: for everyone else it
// exceeds what they hold.
func SetEndpointRoles(on bool) Operation {
	return Operation{name: "workloads.endpoint-roles", plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		p := proposal{
			object: "workload:endpoint", workload: rbac.Endpoint, needs: []need{{capability: rbac.ManageSettings, workload: rbac.Other}},
			before: map[string]bool{"roles": s.EndpointRoles()}, after: map[string]bool{"roles": on},
		}
		if s.EndpointRoles() != on {
			p.edits = []rbac.Edit{rbac.SetEndpointRoles{On: on}}
		}
		return p, nil
	}}
}
