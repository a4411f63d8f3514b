package imports

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// endpoint reads roles (name, permissions, the groups that have them) and device groups (rank, rule, level, access).
func (b *reader) endpoint(f File, list []record) error {
	if len(list) == 0 {
		return nil
	}
	switch {
	case list[0].has("permissions"):
		for _, r := range list {
			if err := b.endpointRole(r); err != nil {
				return err
			}
		}
		return nil
	case list[0].has("rank", "remediationlevel", "automationlevel", "rule", "matchingrule", "groupingrules"):
		return b.deviceGroups(list)
	}
	return wrong(Place{File: f.Name}, "roles with name, permissions and groups, or device groups with rank, name, rule, remediation level and access",
		"is neither a list of roles nor one of device groups")
}

func (b *reader) endpointRole(r record) error {
	name, err := r.required("name", "rolename", "displayname")
	if err != nil {
		return err
	}
	g := &grant{role: State{Workload: rbac.Endpoint, Name: name}, at: r.at}
	if g.role.Description, err = r.text("description"); err != nil {
		return err
	}
	permissions, err := r.list("permissions")
	if err != nil {
		return err
	}
	groups, err := r.list("groups", "assignedgroups", "usergroups", "assignedusergroups", "aadgroups")
	if err != nil {
		return err
	}
	if found, product := catalog.ResolveRole(rbac.Endpoint, name); product {
		g.product, g.role.Name = true, found
	} else {
		g.permissions(rbac.Endpoint, permissions)
	}
	for _, group := range groups {
		g.to = append(g.to, State{Group: group})
	}
	return b.keep(g)
}

// permissions resolves names to the catalogue's spelling.
func (g *grant) permissions(w rbac.Workload, names []string) {
	for _, name := range names {
		found, ok := catalog.Permission(w, name)
		if !ok {
			near := catalog.Nearest(name, catalog.PermissionNames(w))
			if near != "" {
				near = ": perhaps " + near
			}
			g.problem("unknown permission %q%s", name, near)
			continue
		}
		if slices.ContainsFunc(catalog.Default().Permissions, func(p rbac.Permission) bool { return p.Workload == w && p.Name == found && p.Reserved }) {
			g.problem("the permission %q is the built-in role's alone", found)
			continue
		}
		if !slices.Contains(g.role.Permissions, found) {
			g.role.Permissions = append(g.role.Permissions, found)
		}
	}
	if len(names) == 0 {
		g.problem("it has no permission")
	}
}

// levels are the remediation levels by the names that the product shows.
var levels = map[string]string{
	"noautomatedresponse": "none", "no": "none", "semirequireapprovalforallfolders": "semi-all", "semirequireapprovalforanyremediation": "semi-all",
	"semirequireapprovalfornontemporaryfoldersremediation": "semi-non-temp", "semirequireapprovalfornontempfolders": "semi-non-temp",
	"semirequireapprovalforcorefoldersremediation": "semi-core", "semirequireapprovalforcorefolders": "semi-core",
	"fullremediatethreatsautomatically": "full",
}

func (b *reader) deviceGroups(list []record) error {
	type ranked struct {
		rank int
		o    Object
	}
	var all []ranked
	at := map[int]Place{}
	for i, r := range list {
		name, err := r.required("name", "devicegroup", "devicegroupname", "machinegroup", "displayname")
		if err != nil {
			return err
		}
		rank, err := r.number("rank", "order")
		if err != nil {
			return err
		}
		if rank < 0 {
			rank = i + 1
		}
		s := State{Name: name}
		if s.Description, err = r.text("description"); err != nil {
			return err
		}
		if s.Remediation, err = r.level(); err != nil {
			return err
		}
		if s.Access, err = r.list("access", "usergroups", "groups", "assignedgroups", "useraccess"); err != nil {
			return err
		}
		if s.Open, err = r.boolean(false, "open", "accessibletoall"); err != nil {
			return err
		}
		for n, group := range s.Access {
			if strings.EqualFold(group, "everyone") {
				s.Open, s.Access = true, slices.Delete(slices.Clone(s.Access), n, n+1)
				break
			}
		}
		if s.Match, err = r.rule(); err != nil {
			return err
		}
		if last := strings.EqualFold(name, rbac.UngroupedDevices); last {
			s.Name, s.Match = rbac.UngroupedDevices, nil
		} else if first, taken := at[rank]; taken {
			return wrong(r.place("rank"), "each rank once", "is %d, as of %s", rank, first)
		} else {
			at[rank] = r.at
		}
		all = append(all, ranked{rank, deviceGroup(s, r.at)})
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	var names []string
	for _, r := range all {
		if err := b.add(r.o); err != nil {
			return err
		}
		if r.o.State.Name != rbac.UngroupedDevices {
			names = append(names, r.o.State.Name)
		}
	}
	return b.add(ranks(names))
}

func (r record) level() (string, error) {
	text, err := r.text("remediationlevel", "automationlevel", "level", "remediation")
	if err != nil || text == "" {
		return "", err
	}
	if slices.Contains(catalog.RemediationLevels, strings.ToLower(text)) {
		return strings.ToLower(text), nil
	}
	plain := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, strings.ToLower(text))
	if found := levels[plain]; found != "" {
		return found, nil
	}
	return "", wrong(r.place("remediation level"), strings.Join(catalog.RemediationLevels, ", ")+", or as the product shows it", "is %q", text)
}

// rule reads a matching rule: columns of patterns, an object of lists, or a list of conditions with an operator.
func (r record) rule() (*rbac.Match, error) {
	m := &rbac.Match{}
	into := func(property string) *[]string {
		switch property {
		case "name", "devicename", "computername":
			return &m.Name
		case "domain", "dnsdomain":
			return &m.Domain
		case "tag", "tags", "devicetag":
			return &m.Tag
		case "os", "osplatform", "operatingsystem":
			return &m.OS
		}
		return nil
	}
	for _, columns := range [][]string{{"devicename", "namepattern"}, {"domain"}, {"tag", "tags"}, {"os", "osplatform"}} {
		values, err := r.list(columns...)
		if err != nil {
			return nil, err
		}
		property := columns[0]
		if property == "devicename" {
			property = "name"
		}
		*into(property) = append(*into(property), values...)
	}
	name, v := r.first([]string{"rule", "matchingrule", "groupingrules", "match"})
	switch {
	case v == nil:
	case v[0] == '{':
		fields, err := members(v)
		if err != nil {
			return nil, wrong(r.place(name), "an object with each name once", "%s", err.Error())
		}
		part := record{at: r.place(name), fields: fields}
		for property := range fields {
			to := into(property)
			if to == nil {
				return nil, wrong(part.place(property), "name, domain, tag or os", "is no property of devices")
			}
			values, err := part.list(property)
			if err != nil {
				return nil, err
			}
			*to = append(*to, values...)
		}
	default:
		conditions, err := r.objects(name)
		if err != nil {
			return nil, err
		}
		for _, c := range conditions {
			if err := c.condition(into); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

func (r record) condition(into func(string) *[]string) error {
	property, err := r.required("property", "field")
	if err != nil {
		return err
	}
	to := into(fieldName(property))
	if to == nil {
		return wrong(r.place("property"), "name, domain, tag or os", "is %q", property)
	}
	operator, err := r.text("operator")
	if err != nil {
		return err
	}
	values, err := r.list("values", "value")
	if err != nil {
		return err
	}
	for _, v := range values {
		switch fieldName(operator) {
		case "", "equals", "is", "in":
		case "startswith":
			v += "*"
		case "endswith":
			v = "*" + v
		case "contains":
			v = "*" + v + "*"
		default:
			return wrong(r.place("operator"), "equals, startsWith, endsWith, contains or in", "is %q", operator)
		}
		*to = append(*to, v)
	}
	return nil
}
