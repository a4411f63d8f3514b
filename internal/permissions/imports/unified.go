package imports

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// unifiedFiles are Graph's role definitions and assignments, which name each other by id, or rows of the portal's CSV.
type unifiedFiles struct {
	grants  map[string]*grant // by folded name
	byID    map[string]*grant
	order   []string
	pending []record // assignments, until all definitions are read
}

// sources are the data sources by the names that Graph and the portal give them.
var sources = map[string]rbac.Workload{
	"mde": rbac.Endpoint, "endpoint": rbac.Endpoint, "microsoftdefenderforendpoint": rbac.Endpoint, "defenderforendpoint": rbac.Endpoint,
	"mdo": rbac.Office365, "office365": rbac.Office365, "microsoftdefenderforoffice365": rbac.Office365, "defenderforoffice365": rbac.Office365, "email&collaboration": rbac.Office365,
	"mda": rbac.CloudApps, "cloudapps": rbac.CloudApps, "microsoftdefenderforcloudapps": rbac.CloudApps, "defenderforcloudapps": rbac.CloudApps,
	"mdi": rbac.Identity, "identity": rbac.Identity, "microsoftdefenderforidentity": rbac.Identity, "defenderforidentity": rbac.Identity,
}

func (b *reader) unified(f File, list []record) error {
	if b.state == nil {
		u := &unifiedFiles{grants: map[string]*grant{}, byID: map[string]*grant{}}
		b.state = u
		b.finish = append(b.finish, func() error { return u.finish(b) })
	}
	u := b.state.(*unifiedFiles)
	for _, r := range list {
		var err error
		switch {
		case r.has("roledefinitionid"):
			u.pending = append(u.pending, r)
		case r.has("rolepermissions"):
			err = u.definition(b, r)
		case r.has("permissions") && r.has("rolename", "name"):
			err = u.row(b, r)
		default:
			return wrong(Place{File: f.Name, Item: r.at.Item}, "roleDefinitions (displayName, rolePermissions), roleAssignments (roleDefinitionId, principals), or the portal's CSV (role name, permissions, assignment name, data sources, users and groups)",
				"is not an export of unified roles")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *unifiedFiles) grant(name string, at Place) *grant {
	g := u.grants[fold(name)]
	if g == nil {
		g = &grant{role: State{Workload: rbac.Unified, Name: name}, at: at}
		u.grants[fold(name)] = g
		u.order = append(u.order, fold(name))
	}
	return g
}

func (g *grant) unifiedPermissions(given []string) {
	found, unknown := catalog.UnifiedPermissions(given)
	for _, i := range unknown {
		g.problem("unknown permission %q", given[i])
	}
	if len(given) == 0 {
		g.problem("it has no permission")
	}
	g.role.Permissions = found
}

func (u *unifiedFiles) definition(b *reader, r record) error {
	if builtIn, err := r.boolean(false, "isbuiltin"); err != nil || builtIn {
		b.note("built-in role definitions are left out")
		return err
	}
	name, err := r.required("displayname")
	if err != nil {
		return err
	}
	id, err := r.required("id")
	if err != nil {
		return err
	}
	if u.grants[fold(name)] != nil {
		return wrong(r.place("displayName"), "another name: here names are unique", "is %q, as of %s", name, u.grants[fold(name)].at)
	}
	g := u.grant(name, r.at)
	u.byID[id] = g
	if g.role.Description, err = r.text("description"); err != nil {
		return err
	}
	parts, err := r.objects("rolepermissions")
	if err != nil {
		return err
	}
	var actions []string
	for _, p := range parts {
		more, err := p.list("allowedresourceactions")
		if err != nil {
			return err
		}
		actions = append(actions, more...)
	}
	g.unifiedPermissions(actions)
	return nil
}

// row is one of the portal's CSV: one assignment, with its role.
func (u *unifiedFiles) row(b *reader, r record) error {
	name, err := r.required("rolename", "name")
	if err != nil {
		return err
	}
	permissions, err := r.list("permissions")
	if err != nil {
		return err
	}
	description, err := r.text("roledescription", "description")
	if err != nil {
		return err
	}
	g := u.grants[fold(name)]
	if g == nil {
		g = u.grant(name, r.at)
		g.permitted, g.role.Description = permissions, description
		g.unifiedPermissions(permissions)
	} else if !slices.Equal(g.permitted, permissions) {
		return wrong(r.place("permissions"), "the same in each row of a role", "are others than at %s", g.at)
	}
	called, err := r.text("assignmentname", "assignment")
	if err != nil {
		return err
	}
	where, err := r.list("datasources", "workloads")
	if err != nil {
		return err
	}
	who, err := r.list("assignedusersandgroups", "usersandgroups", "usersgroups", "users/groups", "assignees", "principals")
	if err != nil {
		return err
	}
	if called == "" && len(where)+len(who) == 0 {
		return nil // a role that nobody has
	}
	s := State{DisplayName: called, Sources: g.sources(where)}
	for _, name := range who {
		p := principal(name, "")
		s.User, s.Group = p.User, p.Group
		g.to = append(g.to, s)
	}
	return nil
}

// sources reads where an assignment is about. What is not kept here makes the role not eligible: cut off it would be another.
func (g *grant) sources(names []string) *rbac.Sources {
	s := &rbac.Sources{}
	for _, name := range names {
		plain := fieldName(name)
		switch w, known := sources[plain]; {
		case known:
			s.Workloads |= rbac.SetOf(w)
		case plain == "/" || plain == "all" || strings.HasPrefix(plain, "alldatasources") || strings.HasPrefix(plain, "allandfuture"):
			s.All = true
		default:
			g.problem("the data source %q is not kept here", name)
		}
	}
	if s.All {
		s.Workloads = 0
	}
	if len(names) == 0 {
		g.problem("an assignment names no data source")
	}
	return s
}

func (u *unifiedFiles) finish(b *reader) error {
	for _, r := range u.pending {
		id, err := r.required("roledefinitionid")
		if err != nil {
			return err
		}
		g := u.byID[id]
		if g == nil {
			b.out(KindAssignment, id, r.at, "its role definition is not in the exports")
			continue
		}
		called, err := r.text("displayname")
		if err != nil {
			return err
		}
		where, err := r.list("appscopeids")
		if err != nil {
			return err
		}
		s := State{DisplayName: called, Sources: g.sources(where)}
		if s.Description, err = r.text("description"); err != nil {
			return err
		}
		people, err := r.objects("principals")
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return wrong(r.place("principals"), "the export with $expand=principals: ids alone name nobody", "is missing")
		}
		for _, m := range people {
			p, left, err := graphPrincipal(m)
			if err != nil {
				return err
			}
			if left != "" {
				b.note("%s: %s", g.role.Name, left)
				continue
			}
			s.User, s.Group = p.User, p.Group
			g.to = append(g.to, s)
		}
	}
	for _, name := range u.order {
		if err := b.keep(u.grants[name]); err != nil {
			return err
		}
	}
	return nil
}
