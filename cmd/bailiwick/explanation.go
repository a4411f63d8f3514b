package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// explanation is a decision with its reasons, in the form that the API gives it.
type explanation struct {
	question
	Allowed  bool        `json:"allowed"`
	Reason   rbac.Reason `json:"reason"`
	Revision int64       `json:"revision"`
	Proofs   []proof     `json:"proofs"`
}

type proof struct {
	Workload    rbac.Workload `json:"workload"`
	Allowed     bool          `json:"allowed"`
	Reason      rbac.Reason   `json:"reason"`
	Requirement string        `json:"requirement,omitempty"`
	AnyOf       []string      `json:"anyOf"`
	Paths       []path        `json:"paths"`
	Where       []string      `json:"where,omitempty"`
	Inert       []inert       `json:"inert,omitempty"`
	Remedies    []remedy      `json:"remedies"`
}

// inert is a path that would open it, were it not for a time or a switch.
type inert struct {
	Path   path        `json:"path"`
	Reason rbac.Reason `json:"reason"`
}

type path struct {
	GlobalRole   string     `json:"globalRole,omitempty"`
	Group        string     `json:"group,omitempty"`
	Assignment   string     `json:"assignment,omitempty"`
	Role         *roleRef   `json:"role,omitempty"`
	Permission   string     `json:"permission,omitempty"`
	Everywhere   bool       `json:"everywhere"`
	DeviceGroups []string   `json:"deviceGroups,omitempty"`
	NotBefore    *time.Time `json:"notBefore,omitempty"`
	NotAfter     *time.Time `json:"notAfter,omitempty"`
}

type roleRef struct {
	Workload rbac.Workload `json:"workload"`
	Name     string        `json:"name"`
}

type remedy struct {
	Kind        string   `json:"kind"`
	Role        *roleRef `json:"role,omitempty"`
	Permission  string   `json:"permission,omitempty"`
	Group       string   `json:"group,omitempty"`
	DeviceGroup string   `json:"deviceGroup,omitempty"`
	GlobalRole  string   `json:"globalRole,omitempty"`
	AlsoOpens   []opened `json:"alsoOpens"`
}

type opened struct {
	Workload   rbac.Workload   `json:"workload"`
	Capability rbac.Capability `json:"capability"`
}

func explained(q question, e rbac.Explanation) explanation {
	out := explanation{Allowed: e.Allowed, Revision: e.Revision, question: q}
	for _, p := range e.Proofs {
		one := proof{Workload: p.Workload, Allowed: p.Allowed, Reason: p.Reason, Requirement: p.Requirement, AnyOf: append([]string{}, p.AnyOf...), Where: p.Where, Paths: []path{}, Remedies: []remedy{}}
		for _, way := range p.Paths {
			one.Paths = append(one.Paths, pathOf(way))
		}
		for _, in := range p.Inert {
			one.Inert = append(one.Inert, inert{pathOf(in.Path), in.Reason})
		}
		for _, r := range p.Remedies {
			help := remedy{Kind: string(r.Kind), Role: reference(r.Role), Permission: r.Permission, Group: r.Group, DeviceGroup: r.DeviceGroup, GlobalRole: r.GlobalRole, AlsoOpens: []opened{}}
			for _, o := range r.AlsoOpens {
				help.AlsoOpens = append(help.AlsoOpens, opened{o.Workload, o.Capability})
			}
			one.Remedies = append(one.Remedies, help)
		}
		out.Proofs = append(out.Proofs, one)
		if out.Reason == "" || !p.Allowed {
			out.Reason = p.Reason
		}
	}
	return out
}

func pathOf(way rbac.Path) path {
	return path{
		GlobalRole: way.GlobalRole, Group: way.Group, Assignment: way.Assignment, Role: reference(way.Role), Permission: way.Permission,
		Everywhere: way.Everywhere, DeviceGroups: way.DeviceGroups, NotBefore: orNone(way.NotBefore), NotAfter: orNone(way.NotAfter),
	}
}

func reference(r rbac.RoleRef) *roleRef {
	if r.Name == "" {
		return nil
	}
	return &roleRef{r.Workload, r.Name}
}

func orNone(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// writeVerdict writes the answer and a line a workload.
func writeVerdict(w io.Writer, e explanation) {
	fmt.Fprintln(w, word(e.Allowed))
	for _, p := range e.Proofs {
		if p.Allowed && len(p.Paths) > 0 {
			fmt.Fprintf(w, "%s: %s\n", p.Workload, p.Paths[0].sentence())
			continue
		}
		fmt.Fprintf(w, "%s: %s\n", p.Workload, p.sentence())
	}
}

// writeExplanation writes all of it.
func writeExplanation(w io.Writer, e explanation) {
	fmt.Fprintf(w, "%s to %s: %s in %s", word(e.Allowed), e.Principal, e.Capability, e.Workload)
	if e.DeviceGroup != "" {
		fmt.Fprintf(w, " on %s", e.DeviceGroup)
	}
	fmt.Fprintln(w)
	for _, p := range e.Proofs {
		fmt.Fprintf(w, "%s: %s\n", p.Workload, p.sentence())
		if p.Requirement != "" && len(p.AnyOf) > 0 {
			fmt.Fprintf(w, "  %s asks for any one of: %s\n", p.Requirement, strings.Join(p.AnyOf, ", "))
		}
		for _, way := range p.Paths {
			fmt.Fprintf(w, "  %s\n", way.sentence())
		}
		if len(p.Where) > 0 {
			fmt.Fprintf(w, "  it does hold on: %s\n", strings.Join(p.Where, ", "))
		}
		for _, in := range p.Inert {
			fmt.Fprintf(w, "  would open it, but %s: %s\n", inertWords[in.Reason], in.Path.sentence())
		}
		for i, r := range p.Remedies {
			fmt.Fprintf(w, "  %s %s\n", map[bool]string{true: "smallest remedy:", false: "or:"}[i == 0], r.sentence(e.Principal))
			if len(r.AlsoOpens) > 0 {
				var also []access
				for _, o := range r.AlsoOpens {
					also = append(also, access{Workload: o.Workload, Capability: o.Capability, Everywhere: true})
				}
				fmt.Fprintf(w, "    which also opens %s\n", strings.Join(sentences(also), "; "))
			}
		}
	}
}

func word(allowed bool) string {
	if allowed {
		return "allowed"
	}
	return "denied"
}

var reasons = map[rbac.Reason]string{
	rbac.Allowed:            "allowed",
	rbac.UnknownPrincipal:   "there is no such user or group",
	rbac.Disabled:           "the user is disabled",
	rbac.Expired:            "the user's time is over",
	rbac.NotApplicable:      "not applicable: the table has no such cell, for nobody",
	rbac.Nobody:             "the cell is empty: no role opens it",
	rbac.RolesOff:           "a role would open it, but the endpoint roles switch is off",
	rbac.UnifiedOff:         "a unified role would open it, but unified roles are not on there",
	rbac.UnifiedOn:          "a role of the product would open it, but unified roles decide there",
	rbac.NotNow:             "an assignment would open it, but not at this time",
	rbac.NoPermission:       "nothing that they hold opens it, neither a role of the product nor a global one",
	rbac.OutOfReach:         "a role opens it, but does not reach there",
	rbac.UnknownDeviceGroup: "there is no such device group",
	rbac.BeyondView:         "the view does not reach there",
}

// inertWords say what is in the way of a path.
var inertWords = map[rbac.Reason]string{
	rbac.NotNow: "not at this time", rbac.RolesOff: "endpoint roles are off", rbac.UnifiedOff: "unified roles are not on there",
	rbac.UnifiedOn: "unified roles decide there", rbac.OutOfReach: "it reaches no device group",
}

// sentence says why a workload allows or refuses.
func (p proof) sentence() string {
	if text, ok := reasons[p.Reason]; ok {
		return text
	}
	return string(p.Reason)
}

// sentence tells a path the way it goes: who -> role -> permission, and how far it reaches.
func (p path) sentence() string {
	if p.GlobalRole != "" {
		if !p.Everywhere {
			return "by the global role " + p.GlobalRole + ", on what is open to everyone: " + strings.Join(p.DeviceGroups, ", ")
		}
		return "by the global role " + p.GlobalRole + ", on all data"
	}
	var b strings.Builder
	if p.Group != "" {
		fmt.Fprintf(&b, "as a member of %s, ", p.Group)
	}
	fmt.Fprintf(&b, "by the role %q (%s), permission %q", p.Role.Name, p.Role.Workload, p.Permission)
	if !p.Everywhere {
		fmt.Fprintf(&b, ", on %s", strings.Join(p.DeviceGroups, ", "))
	}
	if p.NotBefore != nil {
		fmt.Fprintf(&b, ", from %s", p.NotBefore.UTC().Format(time.RFC3339))
	}
	if p.NotAfter != nil {
		fmt.Fprintf(&b, ", until %s", p.NotAfter.UTC().Format(time.RFC3339))
	}
	return b.String()
}

func (r remedy) sentence(principal string) string {
	switch r.Kind {
	case "role":
		return fmt.Sprintf("give %s the role %q (%s)", principal, r.Role.Name, r.Role.Workload)
	case "permission":
		return fmt.Sprintf("give %s a role with the permission %q", principal, r.Permission)
	case "device-group":
		return fmt.Sprintf("let the group %s into the access list of the device group %q", r.Group, r.DeviceGroup)
	case "global-role":
		return fmt.Sprintf("only a global role opens it: %s", r.GlobalRole)
	case "switch-on":
		if r.Role != nil {
			return fmt.Sprintf("turn on endpoint roles, and give %s the role %q (%s) unless they have it", principal, r.Role.Name, r.Role.Workload)
		}
		return "turn on endpoint roles"
	case "enable":
		return "enable the user"
	case "none":
		return "there is none: nobody can be given this"
	}
	return r.Kind
}
