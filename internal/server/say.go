package server

import (
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// Answers in words, for people. The words never decide anything.

var reasons = map[rbac.Reason]string{
	rbac.Allowed:            "allowed",
	rbac.UnknownPrincipal:   "there is no such user or group",
	rbac.Disabled:           "the user is disabled",
	rbac.Expired:            "the user's time is over",
	rbac.NotApplicable:      "the table has no such cell, for nobody",
	rbac.Nobody:             "the cell is empty: no role opens it",
	rbac.RolesOff:           "a role would open it, but endpoint roles are off",
	rbac.UnifiedOff:         "a unified role would open it, but unified roles are not on there",
	rbac.UnifiedOn:          "a role of the product would open it, but unified roles decide there",
	rbac.NotNow:             "an assignment would open it, but not at this time",
	rbac.NoPermission:       "nothing that they hold opens it, neither a role of the product nor a global one",
	rbac.OutOfReach:         "a role opens it, but does not reach there",
	rbac.UnknownDeviceGroup: "there is no such device group",
	rbac.BeyondView:         "the view does not reach there: it is never more than your own access, in the workloads whose roles you may view",
}

func sayReason(r rbac.Reason) string {
	if text, ok := reasons[r]; ok {
		return text
	}
	return "the question is not one"
}

// sayDecision is the answer to one question in one sentence.
func sayDecision(who string, e rbac.Explanation) string {
	var b strings.Builder
	b.WriteString(who)
	if e.Allowed {
		b.WriteString(" may: ")
	} else {
		b.WriteString(" may not: ")
	}
	for i, p := range e.Proofs {
		if i > 0 {
			b.WriteString("; ")
		}
		switch {
		case p.Allowed && len(p.Paths) > 0:
			b.WriteString(sayPath(p.Paths[0]))
		case p.Reason == rbac.NoPermission:
			b.WriteString(catalog.Needs(e.Request.Capability, p.Workload, rbac.Activations{}.With(p.Workload, stateOfProof(p))))
		default:
			b.WriteString(sayReason(p.Reason))
		}
	}
	return b.String()
}

func stateOfProof(p rbac.Proof) rbac.Activation {
	if p.Unified {
		return rbac.On
	}
	return rbac.Off
}

// sayPath tells a path the way it goes.
func sayPath(p rbac.Path) string {
	if p.GlobalRole != "" {
		if !p.Everywhere {
			return "the global role " + p.GlobalRole + ", on what is open to everyone: " + sayNames(p.DeviceGroups)
		}
		return "the global role " + p.GlobalRole + ", on all data"
	}
	var b strings.Builder
	if p.Group != "" {
		b.WriteString("as a member of " + p.Group + ", ")
	}
	b.WriteString("the " + sayRole(p.Role) + ", by " + p.Permission)
	if !p.Everywhere {
		b.WriteString(", on " + sayNames(p.DeviceGroups))
	}
	if !p.NotAfter.IsZero() {
		b.WriteString(", until " + p.NotAfter.UTC().Format(time.RFC3339))
	}
	return b.String()
}

// sayRole names a role and where it is one.
func sayRole(r rbac.RoleRef) string {
	if r.Workload == rbac.Unified {
		return "unified role " + r.Name
	}
	return "role " + r.Name + " in " + catalog.WorkloadTitle(r.Workload)
}

// sayInert says why a path opens nothing.
func sayInert(in rbac.Inert) string {
	switch {
	case in.Reason == rbac.NotNow && !in.NotBefore.IsZero() && in.NotAfter.IsZero():
		return "it begins at " + in.NotBefore.UTC().Format(time.RFC3339)
	case in.Reason == rbac.NotNow && in.NotBefore.IsZero():
		return "it has ended"
	case in.Reason == rbac.NotNow:
		return "it holds from " + in.NotBefore.UTC().Format(time.RFC3339) + " to " + in.NotAfter.UTC().Format(time.RFC3339)
	case in.Reason == rbac.RolesOff:
		return "endpoint roles are off"
	case in.Reason == rbac.UnifiedOff:
		return "unified roles are not on there"
	case in.Reason == rbac.UnifiedOn:
		return "unified roles decide there"
	}
	return "it reaches no device group"
}

func sayRemedy(r rbac.Remedy) string {
	switch r.Kind {
	case rbac.RemedyRole:
		return "give the " + sayRole(r.Role)
	case rbac.RemedyPermission:
		if r.Of == rbac.Unified {
			return "give a unified role with " + r.Permission
		}
		return "give a role with " + r.Permission
	case rbac.RemedyDeviceGroup:
		return "let " + r.Group + " into the access of the device group " + r.DeviceGroup
	case rbac.RemedyGlobalRole:
		return "give the global role " + r.GlobalRole
	case rbac.RemedySwitchOn:
		text := "turn on endpoint roles"
		if r.Role.Name != "" {
			text += ", with the role " + r.Role.Name
		}
		return text
	case rbac.RemedyEnable:
		return "enable the account, or extend its time"
	}
	return ""
}

func sayNames(names []string) string {
	const shown = 3
	if len(names) > shown {
		return strings.Join(names[:shown], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}
