package catalog

import (
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

var workloadTitles = map[rbac.Workload]string{
	rbac.Endpoint: "Endpoint", rbac.Office365: "Email & collaboration", rbac.CloudApps: "Cloud apps",
	rbac.Identity: "Identity", rbac.Other: "Other products", rbac.Unified: "Unified roles",
}

// WorkloadTitle is what people call a workload.
func WorkloadTitle(w rbac.Workload) string { return workloadTitles[w] }

var workloadProducts = map[rbac.Workload]string{
	rbac.Endpoint: "Microsoft Defender for Endpoint", rbac.Office365: "Microsoft Defender for Office 365",
	rbac.CloudApps: "Microsoft Cloud App Security", rbac.Identity: "Microsoft Defender for Identity",
}

// WorkloadProduct is the product in which a workload's roles are kept.
func WorkloadProduct(w rbac.Workload) string { return workloadProducts[w] }

// SetElsewhere tells whether a workload's roles are set in the product's own portal and only recorded here (R5).
func SetElsewhere(w rbac.Workload) bool { return w == rbac.CloudApps || w == rbac.Identity }

// Requirement finds the row of a capability.
func Requirement(c rbac.Capability) (rbac.Requirement, bool) {
	for _, row := range Default().Requirements {
		if row.Capability == c {
			return row, true
		}
	}
	return rbac.Requirement{}, false
}

// CapabilityTitle is the capability in the document's words.
func CapabilityTitle(c rbac.Capability) string {
	row, ok := Requirement(c)
	if !ok {
		return ""
	}
	if row.Part != "" {
		return row.Task + ": " + row.Part
	}
	return row.Task
}

// Needs says what would open a capability in a workload, as a person reads it: "needs Alerts investigation in
// Endpoint". Where unified roles decide it names unified permissions.
func Needs(c rbac.Capability, w rbac.Workload, states rbac.Activations) string {
	row, _ := Requirement(c)
	cell, applies := row.Cells[w]
	switch {
	case w == rbac.Unified:
		return "needs " + strings.Join(row.Cells[rbac.Endpoint].Unified, " or ") + " in every data source that it touches, where unified roles are on - or a global role that allows it"
	case applies && states.Of(w) == rbac.On && len(cell.Unified) > 0:
		return "needs " + strings.Join(cell.Unified, " or ") + " in a unified role for " + WorkloadTitle(w)
	case applies && states.Of(w) == rbac.On:
		return "needs a global role that allows it in " + WorkloadTitle(w)
	case !applies:
		return CapabilityTitle(c) + " is not available for " + WorkloadTitle(w)
	case len(cell.AnyOf) == 0 && w == rbac.Other:
		return "needs a global role that allows it"
	case len(cell.AnyOf) == 0:
		return "needs a global role that allows it in " + WorkloadTitle(w)
	}
	where := WorkloadTitle(w)
	if w == rbac.Identity {
		where = WorkloadTitle(rbac.CloudApps) + ", which governs " + WorkloadTitle(w)
	}
	if len(cell.AnyOf) == 1 {
		return "needs " + cell.AnyOf[0] + " in " + where
	}
	return "needs one of " + strings.Join(cell.AnyOf, ", ") + " in " + where
}
