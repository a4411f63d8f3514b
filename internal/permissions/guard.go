package permissions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

const globalAdministrator = "Global Administrator"

// allowed asks for each right that an operation needs. Whoever owns the files owns the centre.
func allowed(s *rbac.Snapshot, actor audit.Actor, op string, needs []need, at time.Time) error {
	if actor.Local {
		return nil
	}
	var lacks []string
	for _, n := range needs {
		if !n.met(s, actor.Name, at) {
			of := n.workload
			if n.spanning {
				of = rbac.Unified // to name the data source would tell that the role is given there
			}
			if lack := catalog.Needs(n.capability, of, s.Activations()); !slices.Contains(lacks, lack) {
				lacks = append(lacks, lack)
			}
		}
	}
	if len(needs) == 0 {
		lacks = []string{"nobody may do this"}
	}
	if len(lacks) > 0 {
		return fault.Denied(op, "%s", strings.Join(lacks, "; ")).WithLacks(lacks...)
	}
	return nil
}

// guard holds S14's promises: the centre keeps an administrator, nobody goes beyond a delegation ceiling, and nobody hands
// out what they do not have. The first binds whoever owns the files, too: they may make another administrator first.
func guard(before, after *rbac.Snapshot, edits []rbac.Edit, actor audit.Actor, op string, at time.Time) error {
	if lasting(before) && !lasting(after) || living(before, at) && !living(after, at) {
		return fault.Denied(op, "it would take away the last Global Administrator who is enabled and does not expire")
	}
	if actor.Local {
		return nil
	}
	before = before.Renamed(edits)
	if list := rbac.Breaches(before, after, edits, actor.Name, at); len(list) > 0 {
		return refused(op, "it goes beyond your delegation ceiling", list, BreachSentence)
	}
	if list := excess(before, after, actor.Name, at); len(list) > 0 {
		return refused(op, "it would give what you do not hold yourself", list, LackSentence)
	}
	return nil
}

// refused says the first of many reasons, and carries the others.
func refused[T any](op, why string, list []T, sentence func(T) string) error {
	var sentences []string
	for _, one := range list {
		sentences = append(sentences, sentence(one))
	}
	first := sentences[0]
	if n := len(sentences) - 1; n > 0 {
		first += fmt.Sprintf(" (and %d more)", n)
	}
	return fault.Denied(op, "%s: %s", why, first).WithLacks(sentences[:min(50, len(sentences))]...)
}

// excess is all that a change hands out beyond the actor: to principals, and in roles nobody has yet.
func excess(before, after *rbac.Snapshot, actor string, at time.Time) []rbac.Lack {
	lacks := rbac.Exceeds(before, after, actor, at)
	if len(lacks) == 0 && before.Administrator(actor, at) {
		return nil
	}
	for _, r := range after.Roles() {
		old, was := before.Role(r.Ref())
		wider := r
		if was {
			wider.Permissions = nil
			for _, p := range r.Permissions {
				if !slices.Contains(old.Permissions, p) {
					wider.Permissions = append(wider.Permissions, p)
				}
			}
		}
		lacks = append(lacks, before.Cover(actor, wider, at)...)
	}
	return lacks
}

// lasting tells whether there is a Global Administrator to count on: enabled, and without an end.
func lasting(s *rbac.Snapshot) bool {
	return slices.ContainsFunc(s.GlobalRoleMembers(globalAdministrator), func(u rbac.User) bool { return !u.Disabled && u.NotAfter.IsZero() })
}

// living tells whether there is one now, if only for a time.
func living(s *rbac.Snapshot, at time.Time) bool {
	return slices.ContainsFunc(s.GlobalRoleMembers(globalAdministrator), func(u rbac.User) bool {
		return !u.Disabled && (u.NotAfter.IsZero() || at.Before(u.NotAfter))
	})
}

// LackSentence says what is lacking, and where.
func LackSentence(l rbac.Lack) string {
	switch {
	case l.Workload == rbac.NoWorkload && l.Permission == rbac.RolesSwitch:
		return "only a Global or Security Administrator turns endpoint roles on or off"
	case l.Workload == rbac.NoWorkload && l.Permission == rbac.DelegationCeilings:
		return "only a Global or Security Administrator changes delegation ceilings"
	case l.Workload == rbac.NoWorkload && l.Permission == rbac.ActivationSwitch:
		return "only a Global or Security Administrator activates unified roles"
	case l.Workload == rbac.NoWorkload:
		return fmt.Sprintf("only a Global or Security Administrator gives the global role %s", l.Permission)
	case l.Unified && l.Workload == rbac.Other:
		return fmt.Sprintf("%s in all data sources, future ones too", l.Permission)
	case l.Unified && l.Workload == rbac.Unified:
		return fmt.Sprintf("%s in any data source where unified roles are on", l.Permission)
	case l.Capability != rbac.NoCapability:
		return fmt.Sprintf("%s on %s, for the global role %s", catalog.CapabilityTitle(l.Capability), someOf(l.DeviceGroups), l.Principal)
	case l.Everywhere:
		return fmt.Sprintf("%s in %s", l.Permission, catalog.WorkloadTitle(l.Workload))
	}
	return fmt.Sprintf("%s on %s", l.Permission, someOf(l.DeviceGroups))
}

// someOf names three, and counts the rest.
func someOf(names []string) string {
	if len(names) > 3 {
		names = append(slices.Clone(names[:3]), fmt.Sprintf("%d more", len(names)-3))
	}
	return strings.Join(names, ", ")
}

// BreachSentence says which ceiling does not leave what.
func BreachSentence(b rbac.Breach) string {
	switch b.Kind {
	case rbac.BreachWorkload:
		if b.Workload == rbac.Unified {
			return fmt.Sprintf("%s: not for %s", b.Ceiling, b.Name)
		}
		return fmt.Sprintf("%s: nothing in %s", b.Ceiling, catalog.WorkloadTitle(b.Workload))
	case rbac.BreachPermission:
		return fmt.Sprintf("%s: not %s in %s", b.Ceiling, b.Name, catalog.WorkloadTitle(b.Workload))
	case rbac.BreachDeviceGroup:
		return fmt.Sprintf("%s: not on %s", b.Ceiling, b.Name)
	case rbac.BreachPrincipal:
		if group, ok := strings.CutPrefix(b.Name, "group:"); ok {
			return fmt.Sprintf("%s: not for the group %s", b.Ceiling, group)
		}
		return fmt.Sprintf("%s: only for groups, not for %s alone", b.Ceiling, b.Name)
	}
	return fmt.Sprintf("%s: no change of this kind (%s)", b.Ceiling, b.Name)
}
