package rbac

import (
	"slices"
	"strings"
	"time"
)

// Plain answers Decide's question a second time: from the policy's values, by the rules' words, with no index, no bits
// and nothing compiled. It is slow on purpose and shares nothing with Snapshot. Random policies and random changes must
// get the same answer from both; where they differ, one of them is wrong.
func Plain(c *Catalog, p Policy, r Request) Decision {
	d := Decision{Revision: p.Revision, Allowed: len(r.Resource.Workloads) > 0}
	for _, w := range r.Resource.Workloads {
		yes := plain{c, p, r}.workload(w)
		d.Verdicts = append(d.Verdicts, Verdict{Workload: w, Allowed: yes})
		d.Allowed = d.Allowed && yes
	}
	return d
}

// plain is one question on its way.
type plain struct {
	c *Catalog
	p Policy
	r Request
}

func (q plain) workload(w Workload) bool {
	cell, applies := q.cell(w)
	if !applies {
		return false // S4: not applicable, for everyone
	}
	user, groups, ok := q.who()
	if !ok {
		return false
	}
	if w != Endpoint {
		return q.byGlobalRole(user, w, "") || q.byRole(user, groups, cell, w, "")
	}
	every := []string{}
	for _, g := range q.deviceGroups() {
		every = append(every, g.Name)
	}
	for _, name := range slices.Concat(q.r.Resource.DeviceGroups, q.r.Resource.AllOf) {
		if !slices.Contains(every, name) {
			return false // S17: an unknown device group is denied
		}
	}
	on := func(deviceGroup string) bool {
		return q.byGlobalRole(user, w, deviceGroup) || q.byRole(user, groups, cell, w, deviceGroup)
	}
	all := func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !on(name) })
	}
	asked := q.r.Resource.DeviceGroups
	switch {
	case q.r.Resource.EveryGroup: // S8: a device that nobody knows
		return all(every)
	case !all(q.r.Resource.AllOf): // S13: a row that names no device
		return false
	case len(asked) == 0 && len(q.r.Resource.AllOf) > 0:
		return true
	case len(asked) == 0 && q.r.Resource.Somewhere: // S17: whether an area is shown
		return slices.ContainsFunc(every, on)
	case len(asked) == 0: // S17: the whole workload
		return all(every)
	case q.changes(): // S8: to change a thing takes all of its device groups
		return all(asked)
	}
	return slices.ContainsFunc(asked, on) // S8: to see it, any of them
}

// cell finds the square of the table. Identity's is that of cloud apps (S2): the table has it so.
func (q plain) cell(w Workload) (Cell, bool) {
	for _, row := range q.c.Requirements {
		if row.Capability == q.r.Capability {
			cell, ok := row.Cells[w]
			return cell, ok
		}
	}
	return Cell{}, false
}

func (q plain) changes() bool {
	switch q.r.Capability {
	case ManageAlerts, Remediate, ManageDetections, ManageRoles, ManageSettings:
		return true
	}
	return false
}

// who finds the user and their groups; a question may also be about a group.
func (q plain) who() (User, []string, bool) {
	for _, u := range q.p.Users {
		if u.Name != q.r.Principal {
			continue
		}
		if u.Disabled || (!u.NotAfter.IsZero() && (q.r.At.IsZero() || !q.r.At.Before(u.NotAfter))) {
			return User{}, nil, false
		}
		var groups []string
		for _, g := range q.p.Groups {
			if slices.Contains(g.Members, u.Name) {
				groups = append(groups, g.Name)
			}
		}
		return u, groups, true
	}
	if name, ok := strings.CutPrefix(q.r.Principal, "group:"); ok {
		for _, g := range q.p.Groups {
			if g.Name == name {
				return User{}, []string{name}, true
			}
		}
	}
	return User{}, nil, false
}

// byGlobalRole is the first path (S4, S5, S10, S16).
func (q plain) byGlobalRole(u User, w Workload, deviceGroup string) bool {
	unified := q.p.Activation.Of(Endpoint) == On
	for _, name := range u.GlobalRoles {
		for _, g := range q.c.GlobalRoles {
			if g.Name != name {
				continue
			}
			if g.Administrator {
				return true
			}
			inTable := q.r.Capability >= ViewInvestigation && q.r.Capability <= AnalyticsEmail
			switch {
			case w == Endpoint && unified && inTable: // S18: they keep what is open to everyone
				if slices.Contains(g.Opens, q.r.Capability) && q.open(deviceGroup) {
					return true
				}
			case w == Endpoint && q.p.EndpointRoles && inTable: // S5: on, the readers and operators lose endpoint
			case w == Other && q.changes(): // S10: only the two administrators change alerts of other products
			case slices.Contains(g.Opens, q.r.Capability):
				return true
			case !q.p.EndpointRoles && !unified && w != Other && slices.Contains(g.WhileRolesOff, q.r.Capability):
				return true
			}
		}
	}
	return false
}

func (q plain) open(deviceGroup string) bool {
	for _, g := range q.deviceGroups() {
		if g.Name == deviceGroup {
			return g.Open
		}
	}
	return false
}

// byRole is the second path: by the product's own roles or, where they are on, by the unified ones (S18).
func (q plain) byRole(u User, groups []string, cell Cell, w Workload, deviceGroup string) bool {
	if q.p.Activation.Of(w) == On {
		return q.byUnifiedRole(u, groups, cell, w, deviceGroup)
	}
	return q.byCustomRole(u, groups, cell, w, deviceGroup)
}

// byUnifiedRole looks for an assignment that has this workload among its data sources and whose role has a permission
// that the cell names, or one that comes with what the cell names; in endpoint, reaching the device group by itself.
func (q plain) byUnifiedRole(u User, groups []string, cell Cell, w Workload, deviceGroup string) bool {
	for _, a := range q.p.Assignments {
		mine := (a.User != "" && a.User == u.Name) || (a.Group != "" && slices.Contains(groups, a.Group))
		if !mine || !inTime(a, q.r.At) || a.Role.Workload != Unified {
			continue
		}
		if !a.Sources.All && !slices.Contains(a.Sources.Workloads.List(), w) { // B3
			continue
		}
		role, ok := q.role(a.Role)
		if !ok || !slices.ContainsFunc(role.Permissions, func(name string) bool { return q.unified(name, cell) }) {
			continue
		}
		if w != Endpoint || q.reaches(a, role, deviceGroup) {
			return true
		}
	}
	return false
}

// unified tells whether a unified permission, or one that comes with it, is named in the cell.
func (q plain) unified(name string, cell Cell) bool {
	if slices.Contains(cell.Unified, name) {
		return true
	}
	for _, p := range q.c.Permissions {
		if p.Workload == Unified && p.Name == name {
			return slices.ContainsFunc(p.Includes, func(other string) bool { return slices.Contains(cell.Unified, other) })
		}
	}
	return false
}

// byCustomRole is the way of the products' own roles: some assignment whose role has a permission that the cell names, in time, in the
// workload whose roles count, and - in endpoint - reaching the device group by itself (S6, pairwise).
func (q plain) byCustomRole(u User, groups []string, cell Cell, w Workload, deviceGroup string) bool {
	if w == Other || (w == Endpoint && !q.p.EndpointRoles) { // S5: inert
		return false
	}
	for _, a := range q.p.Assignments {
		mine := (a.User != "" && a.User == u.Name) || (a.Group != "" && slices.Contains(groups, a.Group))
		if !mine || !inTime(a, q.r.At) {
			continue
		}
		// R12: a role opens its own workload; R13: a cloud apps role opens identity, too.
		if a.Role.Workload != w && !(w == Identity && a.Role.Workload == CloudApps) {
			continue
		}
		if a.Role.Workload == Identity { // S2: what identity's own roles permit counts in its own portal only
			continue
		}
		role, ok := q.role(a.Role)
		if !ok || !slices.ContainsFunc(role.Permissions, func(name string) bool { return slices.Contains(cell.AnyOf, name) }) {
			continue
		}
		if w != Endpoint || q.reaches(a, role, deviceGroup) {
			return true
		}
	}
	return false
}

func inTime(a Assignment, at time.Time) bool {
	timed := !a.NotBefore.IsZero() || !a.NotAfter.IsZero()
	if timed && at.IsZero() {
		return false // no moment, no timed grant
	}
	return (a.NotBefore.IsZero() || !at.Before(a.NotBefore)) && (a.NotAfter.IsZero() || at.Before(a.NotAfter))
}

func (q plain) role(ref RoleRef) (Role, bool) {
	for _, list := range [][]Role{q.c.Roles, q.p.Roles} {
		for _, r := range list {
			if r.Workload == ref.Workload && r.Name == ref.Name {
				return r, true
			}
		}
	}
	return Role{}, false
}

// deviceGroups are the policy's and, if it does not name it, the one of ungrouped devices, open to everyone (S6).
func (q plain) deviceGroups() []DeviceGroup {
	for _, g := range q.p.DeviceGroups {
		if g.Name == UngroupedDevices {
			return q.p.DeviceGroups
		}
	}
	return append(slices.Clone(q.p.DeviceGroups), DeviceGroup{Name: UngroupedDevices, Open: true})
}

// reaches follows S6 for one assignment and one device group.
func (q plain) reaches(a Assignment, r Role, deviceGroup string) bool {
	if r.Kind == BuiltInRole {
		return true
	}
	for _, g := range q.deviceGroups() {
		if g.Name != deviceGroup {
			continue
		}
		inScope := a.Scope.All || slices.Contains(a.Scope.DeviceGroups, g.Name)
		if a.User != "" {
			if a.Scope.All {
				return g.Open // without a scope only the open ones
			}
			return inScope
		}
		return inScope && (g.Open || slices.Contains(g.Access, a.Group))
	}
	return false
}
