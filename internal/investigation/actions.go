package investigation

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// Action says whether a reader may do something to an object, and if not, why: the workloads whose right is missing,
// and whether another device group is part of it. That much is told on purpose, and no more (S9).
type Action struct {
	Allowed          bool            `json:"allowed"`
	Reason           string          `json:"reason,omitempty"`
	Workloads        []rbac.Workload `json:"workloads,omitempty"`
	OtherDeviceGroup bool            `json:"otherDeviceGroup,omitempty"`
	Capability       rbac.Capability `json:"capability,omitzero"`
}

// manageAlert tells whether the reader may change the alerts of a class. They are visible, or would not be asked of.
func (v *sight) manageAlert(class int64) Action {
	if a, ok := v.lacks[class]; ok {
		return a
	}
	a := v.may(v.manage, rbac.ManageAlerts, []int64{class})
	v.lacks[class] = a
	return a
}

// may tells whether a reach opens every one of these classes. Every, not any: an incident can only be changed by someone
// trusted by each product, and on each device group, that is part of it (R17).
func (v *sight) may(r rbac.Reach, c rbac.Capability, ids []int64) Action {
	var missing rbac.WorkloadSet
	a := Action{Allowed: len(ids) > 0, Capability: c}
	if v.owner {
		return a
	}
	for _, id := range ids {
		if v.classes.opens(r, id) {
			continue
		}
		a.Allowed = false
		somewhere := true
		for _, w := range v.classes.item(id).Workloads.List() {
			if !r.Workload(w) {
				missing |= rbac.SetOf(w)
				somewhere = false
			}
		}
		a.OtherDeviceGroup = a.OtherDeviceGroup || somewhere
	}
	if missing.Has(rbac.Endpoint) {
		a.OtherDeviceGroup = false // without the right at all, groups do not matter
	}
	a.Workloads = missing.List()
	var reasons []string
	for _, w := range a.Workloads {
		reasons = append(reasons, lackSentence(v.snapshot, c, w))
	}
	if a.OtherDeviceGroup {
		reasons = append(reasons, "another device group is part of it")
	}
	a.Reason = strings.Join(reasons, "; ")
	return a
}

// lackSentence says what a capability needs in a workload: "needs Alerts investigation in Endpoint".
func lackSentence(s *rbac.Snapshot, capability rbac.Capability, w rbac.Workload) string {
	names := s.CellOf(capability, w)
	in := catalog.WorkloadTitle(w)
	switch {
	case len(names) == 0:
		return in + ": only " + either(globalNames(s.Catalog(), capability))
	case s.Activation(w) == rbac.On:
		return "needs " + either(names) + " in a unified role for " + in
	case w == rbac.Identity:
		return "needs " + either(names) + " in " + catalog.WorkloadTitle(rbac.CloudApps) + ", which governs " + in
	}
	return "needs " + either(names) + " in " + in
}

// lackSentences are those of all four workloads: any one of them would open the area.
func lackSentences(s *rbac.Snapshot, capability rbac.Capability) []string {
	var list []string
	for _, w := range rbac.Workloads {
		list = append(list, lackSentence(s, capability, w))
	}
	return list
}

func areaSentence(c *rbac.Catalog, capability rbac.Capability) string {
	for _, row := range c.Requirements {
		if row.Capability == capability {
			return "no role lets you do this in any product: " + row.Task + " (" + row.ID + ")"
		}
	}
	return "no role lets you do this"
}

func globalNames(c *rbac.Catalog, capability rbac.Capability) []string {
	var names []string
	for _, g := range c.GlobalRoles {
		if g.Administrator || slices.Contains(g.Opens, capability) {
			names = append(names, g.Name)
		}
	}
	return names
}

func either(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// workloadsOf are the workloads of things of these classes, in the document's order.
func (v *sight) workloadsOf(ids []int64) rbac.WorkloadSet {
	var set rbac.WorkloadSet
	for _, id := range ids {
		set |= v.classes.item(id).Workloads
	}
	return set
}

// auditWorkload is whose role managers may read the entry: of one workload its own; of several, nobody's but the
// administrators'.
func auditWorkload(set rbac.WorkloadSet) rbac.Workload {
	if list := set.List(); len(list) == 1 {
		return list[0]
	}
	return rbac.Other
}

// sees keeps those of the classes that the reader sees.
func (v *sight) sees(ids []int64) []int64 {
	var seen []int64
	for _, id := range ids {
		if v.classes.opens(v.see, id) {
			seen = append(seen, id)
		}
	}
	return seen
}
