package imports

import (
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// cloudApps reads the admin list: who, and in which role. A role that is scoped in the product is not taken: here it would have none.
func (b *reader) cloudApps(f File, list []record) error {
	return b.members(f, list, rbac.CloudApps, []string{"role", "rolename", "permissions", "admintype"}, "the admin list, with a user and a role")
}

// identity reads the members of the three groups that open the product: lists of members, or groups with their members.
func (b *reader) identity(f File, list []record) error {
	return b.members(f, list, rbac.Identity, []string{"group", "groupname", "role"}, "members of the Azure ATP groups, with a group and a member")
}

func (b *reader) members(f File, list []record, w rbac.Workload, roleFields []string, what string) error {
	if b.state == nil {
		b.state = map[string]*grant{}
		b.finish = append(b.finish, func() error { return b.keepAll(w) })
	}
	for _, r := range list {
		if w == rbac.Identity && r.has("members") {
			if err := b.groupWithMembers(r); err != nil {
				return err
			}
			continue
		}
		if !r.has(roleFields...) {
			return wrong(Place{File: f.Name, Item: r.at.Item, Field: roleFields[0]}, what, "is missing")
		}
		name, err := r.required(roleFields...)
		if err != nil {
			return err
		}
		who, err := r.required("userprincipalname", "username", "email", "emailaddress", "user", "member", "admin", "upn", "name")
		if err != nil {
			return err
		}
		kind, err := r.text("membertype", "type", "objectclass", "recipienttype")
		if err != nil {
			return err
		}
		scope, err := r.text("scope", "scopes", "scopedto")
		if err != nil {
			return err
		}
		g := b.grantOf(w, name, r.at)
		if s := strings.ToLower(scope); s != "" && s != "full" && s != "all" && s != "none" && s != "-" {
			g.problem("%s has it only for %s: scopes of apps and user groups are not kept here", who, scope)
		}
		g.to = append(g.to, principal(who, kind))
	}
	return nil
}

// groupWithMembers is one as Graph writes it.
func (b *reader) groupWithMembers(r record) error {
	name, err := r.required("displayname", "name")
	if err != nil {
		return err
	}
	g := b.grantOf(rbac.Identity, name, r.at)
	list, err := r.objects("members")
	if err != nil {
		return err
	}
	for _, m := range list {
		p, left, err := graphPrincipal(m)
		if err != nil {
			return err
		}
		if left != "" {
			b.note("%s: %s", name, left)
			continue
		}
		g.to = append(g.to, p)
	}
	return nil
}

// grantOf finds what was gathered of a role of the product, by any of its names: an identity group bears the name of its instance,
// `Azure ATP contoso Administrators`.
func (b *reader) grantOf(w rbac.Workload, name string, at Place) *grant {
	all := b.state.(map[string]*grant)
	found, ok := catalog.ResolveRole(w, name)
	if words := strings.Fields(name); !ok && w == rbac.Identity && len(words) > 3 && strings.EqualFold(words[0]+" "+words[1], "Azure ATP") {
		found, ok = catalog.ResolveRole(w, "Azure ATP "+words[len(words)-1])
	}
	if !ok {
		found = name
	}
	g := all[fold(found)]
	if g == nil {
		g = &grant{role: State{Workload: w, Name: found}, product: true, at: at}
		if !ok {
			var names []string
			for _, r := range catalog.Default().Roles {
				if r.Workload == w {
					names = append(names, r.Name)
				}
			}
			near := catalog.Nearest(name, names)
			if near != "" {
				near = ": perhaps " + near
			}
			g.problem("the product has no such role%s", near)
		}
		all[fold(found)] = g
	}
	return g
}

func (b *reader) keepAll(w rbac.Workload) error {
	all := b.state.(map[string]*grant)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	sortNames(names)
	for _, name := range names {
		if err := b.keep(all[name]); err != nil {
			return err
		}
	}
	return nil
}
