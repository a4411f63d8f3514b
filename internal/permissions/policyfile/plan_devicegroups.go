package policyfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// deviceGroups makes the file's groups so, in the file's order, and leaves the rank of others alone. Ungrouped devices
// stay last.
func (p *planner) deviceGroups() {
	live := p.live.DeviceGroups()
	var ungrouped rbac.DeviceGroup
	kept := []rbac.DeviceGroup{}
	for _, g := range live {
		switch {
		case g.Name == rbac.UngroupedDevices:
			ungrouped = g
		case !p.o.Prune || slices.ContainsFunc(p.file.deviceGroups, func(f deviceGroup) bool { return f.Name == g.Name }):
			kept = append(kept, g)
		}
	}
	var wanted []rbac.DeviceGroup
	for _, g := range p.file.deviceGroups {
		next := g.DeviceGroup
		next.Access = p.resolve("group", g.access, p.groupNames)
		slices.Sort(next.Access)
		if g.unsaid {
			p.warn("device group %s is open to everyone with an endpoint role: it has no access list", next.Name)
		}
		if next.Name == rbac.UngroupedDevices {
			ungrouped = next
			continue
		}
		wanted = append(wanted, next)
	}
	list := append(ranked(kept, wanted), ungrouped)
	lines := deviceGroupLines(live, list)
	if len(lines) == 0 {
		return
	}
	p.plan.Edits = append(p.plan.Edits, rbac.SetDeviceGroups{DeviceGroups: list})
	p.plan.Summary = append(p.plan.Summary, lines...)
	if moved := movable(live, list); len(moved) > 0 {
		p.plan.Moves = Joined(live, list)
		p.warn("rules or ranks change: devices may move from and to %s; who reaches these sees them come and go", strings.Join(moved, ", "))
	}
}

// ranked puts the wanted groups among those that are there. Those that are there already share out, in the wanted order,
// the ranks that they have among them; a new one comes right behind the wanted one before it, else right before the one
// after it; with neither it comes last, where it takes no other group's devices.
func ranked(there, wanted []rbac.DeviceGroup) []rbac.DeviceGroup {
	at := func(list []rbac.DeviceGroup, name string) int {
		return slices.IndexFunc(list, func(g rbac.DeviceGroup) bool { return g.Name == name })
	}
	list := slices.Clone(there)
	next := 0
	for i, g := range there {
		if at(wanted, g.Name) < 0 {
			continue
		}
		for at(there, wanted[next].Name) < 0 {
			next++
		}
		list[i] = wanted[next]
		next++
	}
	for i, g := range wanted {
		if at(there, g.Name) >= 0 {
			continue
		}
		place := len(list)
		if i > 0 {
			place = at(list, wanted[i-1].Name) + 1
		} else if after := slices.IndexFunc(wanted, func(w rbac.DeviceGroup) bool { return at(there, w.Name) >= 0 }); after >= 0 {
			place = at(list, wanted[after].Name)
		}
		list = slices.Insert(list, place, g)
	}
	return list
}

// movable are the groups that may get or lose devices: all from the first changed rule on, in rank order.
func movable(old, now []rbac.DeviceGroup) []string {
	from := 0
	for from < len(old) && from < len(now) && old[from].Name == now[from].Name && sameRule(old[from].Match, now[from].Match) {
		from++
	}
	var names []string
	for _, g := range slices.Concat(now[min(from, len(now)):], old[min(from, len(old)):]) {
		if !contains(names, g.Name) {
			names = append(names, g.Name)
		}
	}
	if from == len(now) || len(old) == 1 { // the first groups there are: nothing to move from but the ungrouped
		return nil
	}
	return names
}

// Joined are the groups there were that may get devices they did not have. A new group only takes them away, and who reaches
// that is told as a gain on it.
func Joined(old, now []rbac.DeviceGroup) []string {
	was := map[string]bool{}
	for _, g := range old {
		was[g.Name] = true
	}
	left := slices.DeleteFunc(slices.Clone(now), func(g rbac.DeviceGroup) bool { return !was[g.Name] })
	return slices.DeleteFunc(movable(old, left), func(name string) bool {
		return !slices.ContainsFunc(left, func(g rbac.DeviceGroup) bool { return g.Name == name })
	})
}

func sameRule(a, b rbac.Match) bool {
	return sameSet(a.Name, b.Name) && sameSet(a.Domain, b.Domain) && sameSet(a.Tag, b.Tag) && sameSet(a.OS, b.OS)
}

func deviceGroupLines(old, now []rbac.DeviceGroup) []string {
	var lines []string
	was := map[string]rbac.DeviceGroup{}
	var order, then []string
	for _, g := range old {
		was[g.Name] = g
	}
	for _, g := range now {
		o, ok := was[g.Name]
		if !ok {
			lines = append(lines, fmt.Sprintf("+ device group %s (%s)", g.Name, accessOf(g)))
			continue
		}
		order = append(order, g.Name)
		var what []string
		if o.Description != g.Description {
			what = append(what, "description")
		}
		if !sameRule(o.Match, g.Match) {
			what = append(what, "match")
		}
		if o.Remediation != g.Remediation {
			what = append(what, "remediation "+g.Remediation)
		}
		if o.Open != g.Open || !sameSet(o.Access, g.Access) {
			what = append(what, "access "+accessOf(o)+" -> "+accessOf(g))
		}
		if len(what) > 0 {
			lines = append(lines, fmt.Sprintf("~ device group %s: %s", g.Name, strings.Join(what, ", ")))
		}
	}
	stays := map[string]bool{}
	for _, g := range now {
		stays[g.Name] = true
	}
	for _, g := range old {
		if stays[g.Name] {
			then = append(then, g.Name)
		} else {
			lines = append(lines, "- device group "+g.Name)
		}
	}
	if !slices.Equal(order, then) {
		lines = append(lines, "~ device groups: rank is now "+strings.Join(order, ", "))
	}
	return lines
}

func accessOf(g rbac.DeviceGroup) string {
	switch {
	case g.Open:
		return "everyone"
	case len(g.Access) == 0:
		return "nobody"
	}
	return strings.Join(g.Access, ", ")
}
