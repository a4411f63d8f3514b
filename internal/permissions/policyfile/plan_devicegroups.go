package policyfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// deviceGroups puts the file's groups first, in the file's order, before others that it does not name: what a file says
// about a device then holds whatever else there is. Ungrouped devices stay last.
func (p *planner) deviceGroups() {
	live := p.live.DeviceGroups()
	var list []rbac.DeviceGroup
	var ungrouped rbac.DeviceGroup
	for _, g := range live {
		if g.Name == rbac.UngroupedDevices {
			ungrouped = g
		}
	}
	named := map[string]bool{}
	for _, g := range p.file.deviceGroups {
		next := g.DeviceGroup
		next.Access = p.resolve("group", g.access, p.groupNames)
		slices.Sort(next.Access)
		named[next.Name] = true
		if g.unsaid {
			p.warn("device group %s is open to everyone with an endpoint role: it has no access list", next.Name)
		}
		if next.Name == rbac.UngroupedDevices {
			ungrouped = next
			continue
		}
		list = append(list, next)
	}
	for _, g := range live {
		if !named[g.Name] && g.Name != rbac.UngroupedDevices && !p.o.Prune {
			list = append(list, g)
		}
	}
	list = append(list, ungrouped)
	lines := deviceGroupLines(live, list)
	if len(lines) == 0 {
		return
	}
	p.plan.Edits = append(p.plan.Edits, rbac.SetDeviceGroups{DeviceGroups: list})
	p.plan.Summary = append(p.plan.Summary, lines...)
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
		if !sameSet(o.Match.Name, g.Match.Name) || !sameSet(o.Match.Domain, g.Match.Domain) || !sameSet(o.Match.Tag, g.Match.Tag) || !sameSet(o.Match.OS, g.Match.OS) {
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
