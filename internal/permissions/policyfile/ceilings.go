package policyfile

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// ceiling is a delegation ceiling. A bound that the file does not name leaves everything; an empty one leaves nothing.
type ceiling struct {
	rbac.Ceiling                  // without the names below
	users, groups                 []named
	deviceGroups, assignableNames []named
	at                            place
}

type ceilingOut struct {
	Name        text    `yaml:"name"`
	Description text    `yaml:"description,omitempty"`
	Users       []text  `yaml:"users,omitempty,flow"`
	Groups      *[]text `yaml:"groups,omitempty,flow"`
	// An empty list leaves nothing, none at all leaves everything: a pointer tells them apart.
	Workloads        *[]text `yaml:"workloads,omitempty,flow"`
	Permissions      *[]text `yaml:"permissions,omitempty"`
	DeviceGroups     *[]text `yaml:"deviceGroups,omitempty"`
	AssignableGroups *[]text `yaml:"assignableGroups,omitempty"`
}

func (d *decoder) ceiling(n ast.Node) ceiling {
	m := d.mapping(n, "ceiling", "name", "description", "users", "groups", "workloads", "permissions", "deviceGroups", "assignableGroups")
	name := d.required(n, m, "ceiling")
	c := ceiling{at: name.at, groups: d.names(m["groups"], "groups")}
	c.Name, c.Description = name.name, d.optional(m, "description", "ceiling")
	for _, u := range d.names(m["users"], "users") {
		c.users = append(c.users, named{strings.ToLower(u.name), u.at})
	}
	unsaid := func(key string) bool { _, said := m[key]; return !said }
	if unsaid("users") && unsaid("groups") {
		d.wrong(c.at, "groups: [...] or users: [...], or groups: [] if those are gone whom it bound", "ceiling %q: binds nobody", c.Name)
	}
	c.Workloads.All, c.Permissions.All = unsaid("workloads"), unsaid("permissions")
	c.DeviceGroups.All, c.AssignableGroups.All = unsaid("deviceGroups"), unsaid("assignableGroups")
	for _, w := range d.names(m["workloads"], "workloads") {
		workload, known := rbac.ParseWorkload(w.name)
		if !known || workload == rbac.Other {
			d.wrong(w.at, nearest(w.name, []string{"endpoint", "office365", "cloudapps", "identity"}), "unknown workload %q", w.name)
			continue
		}
		c.Workloads.Of = append(c.Workloads.Of, workload)
	}
	among := rbac.Workloads
	if !c.Workloads.All {
		among = c.Workloads.Of
	}
	for _, p := range d.names(m["permissions"], "permissions") {
		found := catalog.Qualified(p.name, among)
		switch len(found) {
		case 0:
			d.wrong(p.at, nearest(p.name, catalog.QualifiedNames(among)), "unknown permission %q", p.name)
		case 1:
			c.Permissions.Of = append(c.Permissions.Of, found[0])
		default:
			d.wrong(p.at, strings.Join(found, " or "), "%q is a permission of several products", p.name)
		}
	}
	c.deviceGroups, c.assignableNames = d.names(m["deviceGroups"], "deviceGroups"), d.names(m["assignableGroups"], "assignableGroups")
	return c
}

func (p *planner) ceilings() {
	for _, c := range p.file.ceilings {
		want := c.Ceiling
		want.Users, want.Groups = p.resolve("user", c.users, p.userNames), p.resolve("group", c.groups, p.groupNames)
		want.DeviceGroups.Of = p.resolve("device group", c.deviceGroups, p.deviceGroupNames)
		want.AssignableGroups.Of = p.resolve("group", c.assignableNames, p.groupNames)
		old, was := p.liveCeiling(c.Name)
		switch {
		case !was:
			p.edit(rbac.PutCeiling{Ceiling: want}, "+ ceiling %s", want.Name)
		case ceilingDifference(old, want) != "":
			want.Name = old.Name
			p.edit(rbac.PutCeiling{Ceiling: want}, "~ ceiling %s: %s", want.Name, ceilingDifference(old, want))
		}
	}
	if !p.o.Prune {
		return
	}
	for _, c := range p.live.Ceilings() {
		if !slices.ContainsFunc(p.file.ceilings, func(f ceiling) bool { return strings.EqualFold(f.Name, c.Name) }) {
			p.edit(rbac.RemoveCeiling{Name: c.Name}, "- ceiling %s", c.Name)
		}
	}
}

func (p *planner) liveCeiling(name string) (rbac.Ceiling, bool) {
	for _, c := range p.live.Ceilings() {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return rbac.Ceiling{}, false
}

func ceilingDifference(a, b rbac.Ceiling) string {
	var parts []string
	add := func(what string, allA, allB bool, ofA, ofB []string) {
		switch {
		case allA && allB || allA == allB && sameSet(ofA, ofB):
		case allB:
			parts = append(parts, what+" all")
		case allA:
			parts = append(parts, what+" only "+strings.Join(ofB, ", "))
		default:
			parts = append(parts, what+" "+difference(ofA, ofB))
		}
	}
	add("users", false, false, a.Users, b.Users)
	add("groups", false, false, a.Groups, b.Groups)
	add("workloads", a.Workloads.All, b.Workloads.All, workloadNames(a.Workloads.Of), workloadNames(b.Workloads.Of))
	add("permissions", a.Permissions.All, b.Permissions.All, a.Permissions.Of, b.Permissions.Of)
	add("deviceGroups", a.DeviceGroups.All, b.DeviceGroups.All, a.DeviceGroups.Of, b.DeviceGroups.Of)
	add("assignableGroups", a.AssignableGroups.All, b.AssignableGroups.All, a.AssignableGroups.Of, b.AssignableGroups.Of)
	if len(parts) == 0 && a.Description != b.Description {
		return "description"
	}
	return strings.Join(parts, "; ")
}

func workloadNames(list []rbac.Workload) []string {
	var names []string
	for _, w := range list {
		names = append(names, w.String())
	}
	return names
}

func exportCeiling(c rbac.Ceiling) ceilingOut {
	bound := func(all bool, of []string) *[]text {
		if all {
			return nil
		}
		list := texts(of)
		return &list
	}
	groups := bound(len(c.Groups) == 0 && len(c.Users) > 0, c.Groups) // whom it bound may all have gone
	return ceilingOut{
		Name: text(c.Name), Description: text(c.Description), Users: texts(c.Users), Groups: groups,
		Workloads:    bound(c.Workloads.All, workloadNames(c.Workloads.Of)),
		Permissions:  bound(c.Permissions.All, c.Permissions.Of),
		DeviceGroups: bound(c.DeviceGroups.All, c.DeviceGroups.Of), AssignableGroups: bound(c.AssignableGroups.All, c.AssignableGroups.Of),
	}
}
