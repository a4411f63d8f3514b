package policyfile

import (
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// Here the tree of a file becomes the objects that it declares.

func (d *decoder) document(root ast.Node) *File {
	f := &File{}
	top := d.mapping(root, "policy", "apiVersion", "workloads", "users", "groups", "deviceGroups", "roles", "unifiedRoles", "ceilings")
	version, ok := top["apiVersion"]
	if !ok {
		d.wrong(placeOf(root), "apiVersion: "+APIVersion, "policy: apiVersion is missing")
	} else if v := d.text(version.value, "apiVersion"); v.name != APIVersion {
		d.wrong(v.at, APIVersion, "apiVersion: %q is unknown", v.name)
	}
	d.workloads(f, top["workloads"].value)
	for _, n := range d.list(top["users"], "users") {
		f.users = append(f.users, d.user(n))
	}
	for _, n := range d.list(top["groups"], "groups") {
		f.groups = append(f.groups, d.group(n))
	}
	for _, n := range d.list(top["deviceGroups"], "deviceGroups") {
		f.deviceGroups = append(f.deviceGroups, d.deviceGroup(n))
	}
	for _, n := range d.list(top["roles"], "roles") {
		f.roles = append(f.roles, d.role(n))
	}
	for _, n := range d.list(top["ceilings"], "ceilings") {
		f.ceilings = append(f.ceilings, d.ceiling(n))
	}
	for _, n := range d.list(top["unifiedRoles"], "unifiedRoles") {
		f.roles = append(f.roles, d.unifiedRole(n))
	}
	d.twice(f)
	f.note(top)
	return f
}

// required reads the name that every object has.
func (d *decoder) required(n ast.Node, entries map[string]entry, what string) named {
	e, ok := entries["name"]
	if !ok {
		d.wrong(placeOf(n), "name: ...", "%s: has no name", what)
		return named{"", placeOf(n)}
	}
	name := d.name(e.value, what+" name")
	if problem := rbac.NameProblem(what, name.name); problem != "" && name.name != "" {
		d.wrong(name.at, "another name", "%s name: %q %s", what, name.name, problem)
	}
	return name
}

func (d *decoder) optional(entries map[string]entry, key, what string) string {
	e, ok := entries[key]
	if !ok {
		return ""
	}
	if _, null := e.value.(*ast.NullNode); null {
		return ""
	}
	t := d.text(e.value, what+" "+key)
	if len([]rune(t.name)) > 2000 {
		d.wrong(t.at, "at most 2000 characters", "%s %s: is too long", what, key)
	}
	return t.name
}

func (d *decoder) user(n ast.Node) user {
	m := d.mapping(n, "user", "name", "displayName", "globalRoles", "disabled", "notAfter")
	name := d.required(n, m, "user")
	u := user{at: name.at, User: rbac.User{Name: strings.ToLower(name.name), DisplayName: d.optional(m, "displayName", "user")}}
	for _, g := range d.names(m["globalRoles"], "globalRoles") {
		found, ok := catalog.ResolveGlobalRole(g.name)
		if !ok {
			d.wrong(g.at, nearest(g.name, catalog.GlobalRoleNames()), "unknown global role %q", g.name)
		} else if !contains(u.GlobalRoles, found) {
			u.GlobalRoles = append(u.GlobalRoles, found)
		}
	}
	if e, ok := m["disabled"]; ok {
		u.Disabled = d.flag(e, "disabled")
	}
	u.NotAfter = d.time(m["notAfter"], "notAfter")
	return u
}

func (d *decoder) group(n ast.Node) group {
	m := d.mapping(n, "group", "name", "description", "members")
	name := d.required(n, m, "group")
	g := group{name: name.name, at: name.at, description: d.optional(m, "description", "group")}
	for _, member := range d.names(m["members"], "members") {
		g.members = append(g.members, named{strings.ToLower(member.name), member.at})
	}
	return g
}

func (d *decoder) deviceGroup(n ast.Node) deviceGroup {
	m := d.mapping(n, "device group", "name", "description", "match", "access", "remediation")
	name := d.required(n, m, "device group")
	g := deviceGroup{at: name.at, DeviceGroup: rbac.DeviceGroup{Name: name.name, Description: d.optional(m, "description", "device group")}}
	if strings.EqualFold(g.Name, rbac.UngroupedDevices) {
		g.Name = rbac.UngroupedDevices
	}
	if e, ok := m["match"]; ok {
		if g.Name == rbac.UngroupedDevices {
			d.wrong(e.at, "", "%s takes no rule: it is the devices that no other rule matches", g.Name)
		}
		rule := d.mapping(e.value, "match", "name", "domain", "tag", "os")
		g.Match = rbac.Match{Name: d.words(rule["name"], "match.name"), Domain: d.words(rule["domain"], "match.domain"),
			Tag: d.words(rule["tag"], "match.tag"), OS: d.words(rule["os"], "match.os")}
		for key, values := range map[string][]string{"name": g.Match.Name, "domain": g.Match.Domain, "tag": g.Match.Tag} {
			if len(values) > 10 {
				d.wrong(rule[key].at, "at most 10 values", "match.%s: has %d values", key, len(values))
			}
		}
	}
	if level := d.optional(m, "remediation", "device group"); level != "" {
		if !contains(remediations, level) {
			d.wrong(placeOf(m["remediation"].value), nearest(level, remediations), "remediation: unknown level %q", level)
		}
		g.Remediation = level
	}
	e, said := m["access"]
	if !said {
		g.Open, g.unsaid = true, true
		return g
	}
	if s, ok := e.value.(*ast.StringNode); ok {
		if s.Value != "everyone" {
			d.wrong(placeOf(s), "everyone, or a list of groups", "access: %q is not understood", s.Value)
		}
		g.Open = true
		return g
	}
	g.access = d.names(e, "access")
	return g
}

func (d *decoder) role(n ast.Node) role {
	m := d.mapping(n, "role", "name", "workload", "description", "permissions", "assignments")
	name := d.required(n, m, "role")
	r := role{at: name.at, Role: rbac.Role{Name: name.name, Description: d.optional(m, "description", "role"), Permissions: []string{}}}
	e, ok := m["workload"]
	if !ok {
		d.wrong(name.at, "workload: endpoint, office365, cloudapps or identity", "role %q: has no workload", r.Name)
		return r
	}
	w := d.text(e.value, "workload")
	workload, known := rbac.ParseWorkload(w.name)
	if !known || workload == rbac.Other {
		d.wrong(w.at, nearest(w.name, []string{"endpoint", "office365", "cloudapps", "identity"}), "unknown workload %q", w.name)
		return r
	}
	r.Workload = workload
	d.permissions(&r, m)
	for _, n := range d.list(m["assignments"], "assignments") {
		r.assignments = append(r.assignments, d.assignment(n, &r))
	}
	return r
}

// permissions reads what a role holds. A role that comes with the product may repeat its own, and nothing else.
func (d *decoder) permissions(r *role, m map[string]entry) {
	for _, p := range d.names(m["permissions"], "permissions") {
		found, ok := catalog.Permission(r.Workload, p.name)
		if !ok {
			d.wrong(p.at, nearest(p.name, catalog.PermissionNames(r.Workload)), "unknown permission %q in %s", p.name, catalog.WorkloadTitle(r.Workload))
			continue
		}
		if !contains(r.Permissions, found) {
			r.Permissions = append(r.Permissions, found)
		}
	}
	product, ok := catalog.ResolveRole(r.Workload, r.Name)
	if !ok {
		for _, p := range catalog.Default().Permissions {
			if p.Reserved && p.Workload == r.Workload && contains(r.Permissions, p.Name) {
				d.wrong(m["permissions"].at, "", "role %q: only the built-in role may hold %q", r.Name, p.Name)
			}
		}
		return
	}
	r.Name, r.product = product, true
	for _, known := range catalog.Default().Roles {
		if known.Workload != r.Workload || known.Name != product {
			continue
		}
		if _, given := m["permissions"]; given && !sameSet(r.Permissions, known.Permissions) {
			d.wrong(m["permissions"].at, "no permissions, or another name", "role %q comes with the product: its permissions can't be set", product)
		}
		r.Role = known
	}
}

func (d *decoder) assignment(n ast.Node, r *role) assignment {
	m := d.mapping(n, "assignment", "groups", "users", "scope", "notBefore", "notAfter")
	a := d.principals(n, m, r)
	if e, ok := m["scope"]; ok {
		scope := d.mapping(e.value, "scope", "deviceGroups")
		a.scoped, a.scope = true, d.names(scope["deviceGroups"], "scope.deviceGroups")
		switch {
		case r.Workload != rbac.Endpoint:
			d.wrong(e.at, "", "role %q: only endpoint assignments have a scope of device groups", r.Name)
		case r.Kind == rbac.BuiltInRole:
			d.wrong(e.at, "", "role %q reaches all devices and takes no scope", r.Name)
		}
	}
	d.window(&a, m, r)
	return a
}

// principals reads whom a role is assigned to.
func (d *decoder) principals(n ast.Node, m map[string]entry, r *role) assignment {
	a := assignment{at: placeOf(n), groups: d.names(m["groups"], "groups")}
	for _, u := range d.names(m["users"], "users") {
		a.users = append(a.users, named{strings.ToLower(u.name), u.at})
	}
	if len(a.groups)+len(a.users) == 0 {
		d.wrong(a.at, "groups: [...] or users: [...]", "an assignment of role %q names nobody", r.Name)
	}
	return a
}

// window reads from when and until when a role is assigned.
func (d *decoder) window(a *assignment, m map[string]entry, r *role) {
	a.notBefore, a.notAfter = d.time(m["notBefore"], "notBefore"), d.time(m["notAfter"], "notAfter")
	if !a.notBefore.IsZero() && !a.notAfter.IsZero() && !a.notBefore.Before(a.notAfter) {
		d.wrong(m["notAfter"].at, "a time after notBefore", "an assignment of role %q ends before it begins", r.Name)
	}
}

// twice finds names that stand twice in their kind, whatever their case.
func (d *decoder) twice(f *File) {
	seen := map[string]place{}
	check := func(kind, name string, at place) {
		key := kind + "\x00" + strings.ToLower(name)
		if first, ok := seen[key]; ok && name != "" {
			d.wrong(at, "", "%s %q stands twice, first in line %d", kind, name, first.line)
			return
		}
		seen[key] = at
	}
	for _, u := range f.users {
		check("user", u.Name, u.at)
	}
	for _, g := range f.groups {
		check("group", g.name, g.at)
	}
	for _, g := range f.deviceGroups {
		check("device group", g.Name, g.at)
	}
	for _, r := range f.roles {
		kind := fmt.Sprintf("role of %s", r.Workload)
		if r.Workload == rbac.Unified {
			kind = "unified role"
		}
		check(kind, r.Name, r.at)
	}
	for _, c := range f.ceilings {
		check("ceiling", c.Name, c.at)
	}
}

func nearest(name string, candidates []string) string {
	if found := catalog.Nearest(name, candidates); found != "" {
		return found
	}
	if len(candidates) <= 12 {
		return "one of " + strings.Join(candidates, ", ")
	}
	return ""
}

func sameSet(a, b []string) bool {
	for _, s := range a {
		if !contains(b, s) {
			return false
		}
	}
	return len(a) == len(b)
}

func sameTime(a, b time.Time) bool { return a.Equal(b) || (a.IsZero() && b.IsZero()) }
