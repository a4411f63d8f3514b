package imports

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// office reads what PowerShell gives of Email & collaboration: role groups, their members, and the assignments of roles.
type office struct {
	groups   map[string]*roleGroup // by folded name
	order    []string
	direct   []*grant
	listed   bool // Get-RoleGroup was read
	assigned bool // Get-ManagementRoleAssignment was read
}

type roleGroup struct {
	grant
	roles   []string
	members []State
}

func (b *reader) office365(f File, list []record) error {
	if len(b.finish) == 0 {
		o := &office{groups: map[string]*roleGroup{}}
		b.finish = append(b.finish, func() error { return o.finish(b) })
		b.state = o
	}
	o := b.state.(*office)
	if len(list) == 0 {
		return nil
	}
	for _, r := range list {
		var err error
		switch {
		case r.has("roleassignee", "roleassigneename"):
			o.assigned = true
			err = o.assignment(b, r)
		case r.has("rolegroup"):
			err = o.member(b, r)
		case r.has("roles", "roleassignments") && r.has("name", "displayname"):
			o.listed = true
			err = o.roleGroup(r)
		default:
			return wrong(Place{File: f.Name, Item: r.at.Item}, "Get-RoleGroup (Name, Roles, Members), Get-RoleGroupMember with a column RoleGroup, or Get-ManagementRoleAssignment (Role, RoleAssigneeName, RoleAssigneeType)",
				"is not one of the exports of role groups")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *office) group(name string, at Place) *roleGroup {
	key := fold(name)
	g := o.groups[key]
	if g == nil {
		g = &roleGroup{grant: grant{role: State{Workload: rbac.Office365, Name: name}, at: at}}
		o.groups[key] = g
		o.order = append(o.order, key)
	}
	return g
}

func (o *office) roleGroup(r record) error {
	name, err := r.required("name", "displayname")
	if err != nil {
		return err
	}
	g := o.group(name, r.at)
	if g.role.Description, err = r.text("description"); err != nil {
		return err
	}
	roles, err := r.list("roles")
	if err != nil {
		return err
	}
	for _, role := range roles {
		g.roles = append(g.roles, lastPart(role))
	}
	members, err := r.list("members")
	if err != nil {
		return err
	}
	for _, m := range members {
		g.members = append(g.members, principal(lastPart(m), ""))
	}
	return nil
}

// member is one of Get-RoleGroupMember: who, of what kind, and in which role group.
func (o *office) member(b *reader, r record) error {
	in, err := r.required("rolegroup")
	if err != nil {
		return err
	}
	name, err := r.required("userprincipalname", "windowsliveid", "primarysmtpaddress", "name", "displayname", "member")
	if err != nil {
		return err
	}
	kind, err := r.text("recipienttype", "recipienttypedetails", "type", "objectclass")
	if err != nil {
		return err
	}
	shown, err := r.text("displayname", "name")
	if err != nil {
		return err
	}
	p := principal(lastPart(name), kind)
	if p.Group != "" && shown != "" {
		p.Group = shown // groups are known by their name, people by their address
	}
	g := o.group(lastPart(in), r.at)
	g.members = append(g.members, p)
	return nil
}

// assignment is one of Get-ManagementRoleAssignment.
func (o *office) assignment(b *reader, r record) error {
	role, err := r.required("role")
	if err != nil {
		return err
	}
	to, err := r.required("roleassigneename", "roleassignee")
	if err != nil {
		return err
	}
	kind, err := r.text("roleassigneetype")
	if err != nil {
		return err
	}
	delegating, err := r.text("roleassignmentdelegationtype")
	if err != nil {
		return err
	}
	enabled, err := r.boolean(true, "enabled")
	if err != nil {
		return err
	}
	role, to = lastPart(role), lastPart(to)
	switch {
	case strings.Contains(strings.ToLower(delegating), "delegating"):
		b.note("assignments that let one hand a role on, and not use it, are left out")
	case !enabled:
		b.note("disabled assignments are left out")
	case strings.EqualFold(kind, "RoleGroup") || kind == "":
		g := o.group(to, r.at)
		g.roles = append(g.roles, role)
	default:
		g := &grant{role: State{Workload: rbac.Office365, Name: role + " (assigned directly)", Description: "Assigned without a role group"}, at: r.at}
		g.permissions(rbac.Office365, []string{role})
		g.to = []State{principal(to, kind)}
		o.direct = append(o.direct, g)
	}
	return nil
}

// principal is a user or a group, by what the product calls it; without a word on it an address is a user's.
func principal(name, kind string) State {
	kind = strings.ToLower(kind)
	if strings.Contains(kind, "group") || (kind == "" && !strings.Contains(name, "@")) {
		return State{Group: name}
	}
	return State{User: strings.ToLower(name)}
}

func (o *office) finish(b *reader) error {
	for _, key := range o.order {
		g := o.groups[key]
		var names []string
		for _, name := range g.roles {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if found, product := catalog.ResolveRole(rbac.Office365, g.role.Name); product {
			g.product, g.role.Name = true, found
			o.compareDefault(g, names)
		} else {
			g.grant.permissions(rbac.Office365, names)
		}
		g.to = g.members
		if len(g.members) == 0 && g.product {
			continue // a role group without members is there with the product
		}
		if err := b.keep(&g.grant); err != nil {
			return err
		}
	}
	merged := map[string]*grant{}
	for _, g := range o.direct {
		if first := merged[g.role.Name]; first != nil {
			first.to = append(first.to, g.to...)
			continue
		}
		merged[g.role.Name] = g
	}
	for _, g := range o.direct {
		if merged[g.role.Name] == g {
			if err := b.keep(g); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareDefault refuses a role group of the product whose roles were changed there: here its permissions are fixed.
func (o *office) compareDefault(g *roleGroup, names []string) {
	if len(names) == 0 {
		return
	}
	var fixed []string
	for _, r := range catalog.Default().Roles {
		if r.Workload == rbac.Office365 && r.Name == g.role.Name {
			fixed = r.Permissions
		}
	}
	for _, name := range names {
		if found, ok := catalog.Permission(rbac.Office365, name); ok && !slices.Contains(fixed, found) {
			g.problem("it has the role %q, which it does not have by default: here a default role group is fixed, so make a custom one of it there", name)
		}
	}
}
