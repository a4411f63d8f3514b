package policyfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// activation is who decides in a workload, as the file wants it.
type activation struct {
	workload rbac.Workload
	state    rbac.Activation
}

// workloads reads the switch of endpoint's own roles, and who decides in each workload.
func (d *decoder) workloads(f *File, n ast.Node) {
	var names []string
	for _, w := range rbac.Workloads {
		names = append(names, w.String())
	}
	entries := d.mapping(n, "workloads", names...)
	for _, w := range rbac.Workloads {
		e, ok := entries[w.String()]
		if !ok {
			continue
		}
		what, keys := "workloads."+w.String(), []string{"unified"}
		if w == rbac.Endpoint {
			keys = []string{"roles", "unified"}
		}
		settings := d.mapping(e.value, what, keys...)
		if roles, ok := settings["roles"]; ok && w == rbac.Endpoint {
			on := d.flag(roles, what+".roles")
			f.endpointRoles = &on
		}
		if unified, ok := settings["unified"]; ok {
			f.activations = append(f.activations, activation{w, d.state(unified, what+".unified")})
		}
	}
}

// state reads off, shadow or on. YAML takes on and off for truths.
func (d *decoder) state(e entry, what string) rbac.Activation {
	switch n := e.value.(type) {
	case *ast.BoolNode:
		if n.Value {
			return rbac.On
		}
		return rbac.Off
	case *ast.StringNode:
		var a rbac.Activation
		if a.UnmarshalText([]byte(strings.ToLower(n.Value))) == nil {
			return a
		}
		d.wrong(placeOf(n), nearest(n.Value, []string{"off", "shadow", "on"}), "%s: %q is neither off, shadow nor on", what, n.Value)
		return rbac.Off
	}
	d.wrong(placeOf(e.value), "off, shadow or on", "%s: %s is neither off, shadow nor on", what, kindOf(e.value))
	return rbac.Off
}

// allOf are the ways to have all of a category.
var allOf = map[string]bool{"all read-only": false, "read-only": false, "all read and manage": true, "read and manage": true}

func (d *decoder) unifiedRole(n ast.Node) role {
	m := d.mapping(n, "unified role", "name", "description", "categories", "permissions", "assignments")
	name := d.required(n, m, "unified role")
	r := role{at: name.at, Role: rbac.Role{Workload: rbac.Unified, Name: name.name, Description: d.optional(m, "description", "unified role")}}
	var chosen []string
	categories := d.mapping(m["categories"].value, "categories", catalog.UnifiedCategories...)
	for _, category := range catalog.UnifiedCategories {
		e, ok := categories[category]
		if !ok {
			continue
		}
		level := d.text(e.value, "categories."+category)
		manage, known := allOf[strings.ToLower(level.name)]
		if !known {
			d.wrong(level.at, nearest(level.name, []string{"all read-only", "all read and manage"}), "categories.%s: %q is neither all read-only nor all read and manage", category, level.name)
		}
		chosen = append(chosen, catalog.AllOf(category, manage))
	}
	for _, p := range d.names(m["permissions"], "permissions") {
		found, ok := catalog.Permission(rbac.Unified, p.name)
		if !ok {
			d.wrong(p.at, nearest(p.name, catalog.PermissionNames(rbac.Unified)), "unknown unified permission %q", p.name)
			continue
		}
		chosen = append(chosen, found)
	}
	r.Permissions, _ = catalog.UnifiedPermissions(chosen)
	for _, n := range d.list(m["assignments"], "assignments") {
		r.assignments = append(r.assignments, d.unifiedAssignment(n, &r))
	}
	return r
}

func (d *decoder) unifiedAssignment(n ast.Node, r *role) assignment {
	m := d.mapping(n, "assignment", "name", "description", "groups", "users", "dataSources", "scope", "notBefore", "notAfter")
	a := d.principals(n, m, r)
	a.name, a.description = d.optional(m, "name", "assignment"), d.optional(m, "description", "assignment")
	a.sources = d.sources(n, m, r)
	if e, ok := m["scope"]; ok {
		scope := d.mapping(e.value, "scope", "deviceGroups")
		a.scoped, a.scope = true, d.names(scope["deviceGroups"], "scope.deviceGroups")
		if !a.sources.Has(rbac.Endpoint) {
			d.wrong(e.at, "", "unified role %q: only an assignment with the data source endpoint has a scope of device groups", r.Name)
		}
	}
	d.window(&a, m, r)
	return a
}

// sources reads `all`, or a list of workloads.
func (d *decoder) sources(n ast.Node, m map[string]entry, r *role) rbac.Sources {
	e, ok := m["dataSources"]
	if !ok {
		d.wrong(placeOf(n), "dataSources: all, or some of endpoint, office365, cloudapps, identity", "an assignment of unified role %q has no data sources", r.Name)
		return rbac.Sources{}
	}
	if s, ok := e.value.(*ast.StringNode); ok {
		if s.Value != "all" {
			d.wrong(placeOf(s), "all, or a list of workloads", "dataSources: %q is not understood", s.Value)
		}
		return rbac.Sources{All: true}
	}
	var sources rbac.Sources
	names := d.names(e, "dataSources")
	for _, name := range names {
		w, known := rbac.ParseWorkload(name.name)
		if !known || w == rbac.Other {
			d.wrong(name.at, nearest(name.name, []string{"endpoint", "office365", "cloudapps", "identity"}), "unknown data source %q", name.name)
			continue
		}
		sources.Workloads |= rbac.SetOf(w)
	}
	if len(names) == 0 {
		d.wrong(e.at, "all, or some of endpoint, office365, cloudapps, identity", "an assignment of unified role %q has no data sources", r.Name)
	}
	return sources
}

// activations makes each workload's state that of the file.
func (p *planner) activations() {
	for _, a := range p.file.activations {
		if p.live.Activation(a.workload) != a.state {
			p.edit(rbac.SetActivation{Workload: a.workload, Activation: a.state}, "~ workload %s: unified %s", a.workload, a.state)
		}
	}
}

// setOf is the set that the assignments of one entry of the file are of: the one that is there already, or a new one.
func (p *planner) setOf(r role, want rbac.Assignment, principals []rbac.Assignment, live []rbac.Assignment) string {
	if r.Workload != rbac.Unified {
		return ""
	}
	for _, a := range live {
		for _, one := range principals {
			want.User, want.Group = one.User, one.Group
			if a.Set != "" && sameAssignment(a, want) {
				return a.Set
			}
		}
	}
	return p.o.NewID("set")
}

// unifiedWarnings tells where unified roles, or a product's own, are kept and open nothing.
func (p *planner) unifiedWarnings() {
	var own, unified rbac.WorkloadSet
	for _, r := range p.file.roles {
		for _, a := range r.assignments {
			if r.Workload == rbac.Unified {
				unified |= rbac.SetOf(a.sources.List()...)
			} else {
				own |= rbac.SetOf(r.Workload)
			}
		}
	}
	var idle []string
	for _, w := range rbac.Workloads {
		switch on := p.plan.After.Activation(w) == rbac.On; {
		case on && own.Has(w):
			p.warn("unified roles decide in %s: the product's own roles are kept and open nothing there", w)
		case !on && unified.Has(w):
			idle = append(idle, w.String())
		}
	}
	if len(idle) > 0 {
		p.warn("unified roles are not on in %s: they are kept and open nothing there (workloads.%s.unified: on activates them)", strings.Join(idle, ", "), idle[0])
	}
}

// The unified roles as they are written.
type (
	unifiedOut struct {
		Name        text                   `yaml:"name"`
		Description text                   `yaml:"description,omitempty"`
		Categories  map[string]text        `yaml:"categories,omitempty"`
		Permissions []text                 `yaml:"permissions,omitempty"`
		Assignments []unifiedAssignmentOut `yaml:"assignments,omitempty"`
	}
	unifiedAssignmentOut struct {
		Name        text               `yaml:"name,omitempty"`
		Description text               `yaml:"description,omitempty"`
		Groups      []text             `yaml:"groups,omitempty,flow"`
		Users       []text             `yaml:"users,omitempty,flow"`
		DataSources any                `yaml:"dataSources"`
		Scope       *map[string][]text `yaml:"scope,omitempty"`
		NotBefore   text               `yaml:"notBefore,omitempty"`
		NotAfter    text               `yaml:"notAfter,omitempty"`
	}
)

func exportUnified(s *rbac.Snapshot, r rbac.Role) unifiedOut {
	o := unifiedOut{Name: text(r.Name), Description: text(r.Description)}
	for _, name := range r.Permissions {
		category, level, all := strings.Cut(name, ": ")
		if all = all && slices.Contains(catalog.UnifiedCategories, category); !all {
			o.Permissions = append(o.Permissions, text(name))
			continue
		}
		if o.Categories == nil {
			o.Categories = map[string]text{}
		}
		o.Categories[category] = text(level)
	}
	var sets [][]rbac.Assignment
	at := map[string]int{}
	for _, a := range s.AssignmentsOf(r.Ref()) {
		i, known := at[a.Set]
		if !known || a.Set == "" {
			i = len(sets)
			sets = append(sets, nil)
		}
		at[a.Set] = i
		sets[i] = append(sets[i], a)
	}
	for _, set := range sets {
		a := set[0]
		x := unifiedAssignmentOut{Name: text(a.Name), Description: text(a.Description), NotBefore: instant(a.NotBefore), NotAfter: instant(a.NotAfter), DataSources: "all"}
		for _, a := range set {
			if a.Group != "" {
				x.Groups = append(x.Groups, text(a.Group))
			} else {
				x.Users = append(x.Users, text(a.User))
			}
		}
		slices.Sort(x.Groups)
		slices.Sort(x.Users)
		if !a.Sources.All {
			var names []text
			for _, w := range a.Sources.List() {
				names = append(names, text(w.String()))
			}
			x.DataSources = names
		}
		if !a.Scope.All {
			x.Scope = &map[string][]text{"deviceGroups": texts(a.Scope.DeviceGroups)}
		}
		o.Assignments = append(o.Assignments, x)
	}
	slices.SortStableFunc(o.Assignments, func(a, b unifiedAssignmentOut) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(slices.Concat(a.Groups, a.Users), slices.Concat(b.Groups, b.Users)))
	})
	return o
}

// exportWorkloads says who decides where.
func exportWorkloads(s *rbac.Snapshot) map[string]any {
	out := map[string]any{}
	for _, w := range rbac.Workloads {
		settings := map[string]any{"unified": text(s.Activation(w).String())}
		if w == rbac.Endpoint {
			settings["roles"] = s.EndpointRoles()
		}
		out[w.String()] = settings
	}
	return out
}
