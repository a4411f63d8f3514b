package imports

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
)

func sortNames(list []string) { slices.Sort(list) }

// directoryFiles are Graph's users, groups with members, directoryRoles with members, and roleManagement/directory assignments.
type directoryFiles struct {
	users   map[string]*State // by name
	names   map[string]string // id -> user name
	at      map[string]Place
	order   []string
	groups  []graphGroup
	holders []roleHolder
}

type graphGroup struct {
	State
	id      string
	nested  []string // ids or names of groups within
	members []string
	at      Place
}

type roleHolder struct {
	role, user, group string
	at                Place
}

// templates are the ids of the directory roles that open the centre, the same in every tenant.
var templates = map[string]string{
	"62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
	"194ae4cb-b126-40b2-bd5b-6091b380977d": "Security Administrator",
	"5f2222b1-57c3-48ba-8ad5-d4759f1fde6f": "Security Operator",
	"5d6b6bb7-de71-4623-b4af-96380a352509": "Security Reader",
	"f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
}

func (b *reader) directory(f File, list []record) error {
	if b.state == nil {
		d := &directoryFiles{users: map[string]*State{}, names: map[string]string{}, at: map[string]Place{}}
		b.state = d
		b.finish = append(b.finish, func() error { return d.finish(b) })
	}
	d := b.state.(*directoryFiles)
	for _, r := range list {
		var err error
		switch {
		case r.has("roledefinitionid", "roledefinition"):
			b.holders = true
			err = d.assignment(b, r)
		case r.has("roletemplateid"):
			b.holders = true
			err = d.directoryRole(b, r)
		case r.has("userprincipalname"):
			err = d.user(r)
		case r.has("members") || r.has("groupmembers"):
			err = d.group(b, r)
		default:
			return wrong(Place{File: f.Name, Item: r.at.Item}, "users (userPrincipalName), groups with members, directoryRoles (roleTemplateId) with members, or roleAssignments (roleDefinitionId)",
				"is not one of the directory's exports")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *directoryFiles) user(r record) error {
	upn, err := r.required("userprincipalname")
	if err != nil {
		return err
	}
	enabled, err := r.boolean(true, "accountenabled")
	if err != nil {
		return err
	}
	s := State{Name: strings.ToLower(upn), Disabled: !enabled}
	if s.DisplayName, err = r.text("displayname"); err != nil {
		return err
	}
	id, err := r.text("id", "objectid")
	if err != nil {
		return err
	}
	if known := d.users[s.Name]; known != nil {
		if known.Text() != s.Text() {
			return wrong(r.at, "each once", "the user %s is there twice, and not the same: the first is %s", s.Name, d.at[s.Name])
		}
		return nil
	}
	d.users[s.Name], d.at[s.Name] = &s, r.at
	d.order = append(d.order, s.Name)
	if id != "" {
		d.names[id] = s.Name
	}
	return nil
}

// graphPrincipal is a member as Graph writes it; left says why it is none here.
func graphPrincipal(m record) (p State, left string, err error) {
	kind, err := m.text("@odata.type", "type")
	if err != nil {
		return p, "", err
	}
	upn, err := m.text("userprincipalname")
	if err != nil {
		return p, "", err
	}
	name, err := m.text("displayname", "name")
	if err != nil {
		return p, "", err
	}
	switch kind = strings.ToLower(kind); {
	case strings.Contains(kind, "group"):
		if name == "" {
			return p, "", wrong(m.place("displayName"), "text", "is missing")
		}
		return State{Group: name}, "", nil
	case upn != "":
		return State{User: strings.ToLower(upn)}, "", nil
	case strings.Contains(kind, "serviceprincipal"), strings.Contains(kind, "device"), strings.Contains(kind, "orgcontact"):
		return p, "members that are no people and no groups are left out", nil
	}
	return p, "", wrong(m.place("userPrincipalName"), "userPrincipalName, or @odata.type of a group: export with $expand=members", "is missing")
}

func (d *directoryFiles) group(b *reader, r record) error {
	name, err := r.required("displayname", "name")
	if err != nil {
		return err
	}
	g := graphGroup{State: State{Name: name}, at: r.at}
	if g.Description, err = r.text("description"); err != nil {
		return err
	}
	if g.id, err = r.text("id", "objectid"); err != nil {
		return err
	}
	if r.csv {
		if g.members, err = r.list("members", "groupmembers"); err != nil {
			return err
		}
		for i, m := range g.members {
			g.members[i] = strings.ToLower(m)
		}
		d.groups = append(d.groups, g)
		return nil
	}
	list, err := r.objects("members")
	if err != nil {
		return err
	}
	for _, m := range list {
		p, left, err := graphPrincipal(m)
		switch {
		case err != nil:
			return err
		case left != "":
			b.note("%s: %s", name, left)
		case p.Group != "":
			g.nested = append(g.nested, fold(p.Group))
		default:
			g.members = append(g.members, p.User)
		}
	}
	d.groups = append(d.groups, g)
	return nil
}

func (d *directoryFiles) directoryRole(b *reader, r record) error {
	name, err := r.required("displayname")
	if err != nil {
		return err
	}
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
		d.holders = append(d.holders, roleHolder{name, p.User, p.Group, r.at})
	}
	return nil
}

func (d *directoryFiles) assignment(b *reader, r record) error {
	id, err := r.text("roledefinitionid")
	if err != nil {
		return err
	}
	name := templates[strings.ToLower(id)]
	if definition, err := r.part("roledefinition"); err != nil {
		return err
	} else if definition != nil {
		if name, err = definition.required("displayname"); err != nil {
			return err
		}
	}
	if name == "" {
		b.note("assignments of directory roles other than those that open the centre are left out: they have an id and no name")
		return nil
	}
	if scope, err := r.text("directoryscopeid"); err != nil {
		return err
	} else if scope != "" && scope != "/" {
		b.out(KindRole, name, r.at, "it is assigned for %s only: a global role here is of the whole organisation", scope)
		return nil
	}
	holder := roleHolder{role: name, at: r.at}
	principal, err := r.part("principal")
	if err != nil {
		return err
	}
	if principal != nil {
		p, left, err := graphPrincipal(*principal)
		if err != nil {
			return err
		}
		if left != "" {
			b.note("%s: %s", name, left)
			return nil
		}
		holder.user, holder.group = p.User, p.Group
	} else if holder.user, err = r.required("principalid"); err != nil { // an id, until all files are read
		return err
	}
	d.holders = append(d.holders, holder)
	return nil
}

// part reads a member that is an object itself; nil: it is not there.
func (r record) part(name string) (*record, error) {
	_, v := r.first([]string{name})
	if v == nil {
		return nil, nil
	}
	m, err := members(v)
	if err != nil {
		return nil, wrong(r.place(name), "an object", "%s", err.Error())
	}
	return &record{at: r.place(name), fields: m}, nil
}

func (d *directoryFiles) finish(b *reader) error {
	groups := map[string]*graphGroup{}
	for i := range d.groups {
		groups[fold(d.groups[i].Name)] = &d.groups[i]
	}
	var within func(g *graphGroup, seen map[string]bool) ([]string, string)
	within = func(g *graphGroup, seen map[string]bool) ([]string, string) {
		all := slices.Clone(g.members)
		for _, name := range g.nested {
			inner := groups[name]
			if inner == nil {
				return nil, name
			}
			if seen[name] {
				continue
			}
			seen[name] = true
			more, missing := within(inner, seen)
			if missing != "" {
				return nil, missing
			}
			b.note("groups within groups are written out: here a group has people as members")
			all = append(all, more...)
		}
		return all, ""
	}
	for _, h := range d.holders {
		role, known := catalog.ResolveGlobalRole(h.role)
		if !known {
			b.note("the directory role %s opens nothing here, and is left out", h.role)
			continue
		}
		people := []string{h.user}
		if name := d.names[h.user]; name != "" {
			people = []string{name}
		}
		if h.group != "" {
			g := groups[fold(h.group)]
			if g == nil {
				b.out(KindRole, role, h.at, "the group %s has it, and is not in the exports", h.group)
				continue
			}
			var missing string
			if people, missing = within(g, map[string]bool{fold(h.group): true}); missing != "" {
				b.out(KindRole, role, h.at, "the group %s has it, and its group %s is not in the exports", h.group, missing)
				continue
			}
			b.note("who has a directory role by a group has it as a person here")
		}
		for _, name := range people {
			s := d.users[name]
			if s == nil {
				b.out(KindRole, role, h.at, "%s has it, and is not in the export of the users", name)
				continue
			}
			if !slices.Contains(s.GlobalRoles, role) {
				s.GlobalRoles = append(s.GlobalRoles, role)
			}
		}
	}
	for _, name := range d.order {
		if err := b.add(user(*d.users[name], d.at[name])); err != nil {
			return err
		}
	}
	for i := range d.groups {
		g := &d.groups[i]
		people, missing := within(g, map[string]bool{fold(g.Name): true})
		if missing != "" {
			b.out(KindGroup, g.Name, g.at, "its group %s is not in the exports", missing)
			continue
		}
		g.Members = people
		if err := b.add(group(g.State, g.at)); err != nil {
			return err
		}
	}
	return nil
}
