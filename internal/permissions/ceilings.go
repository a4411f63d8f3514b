package permissions

import (
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// PutCeiling adds a delegation ceiling or changes the one of that name. Permissions may be named in any known spelling.
func PutCeiling(c rbac.Ceiling) Operation {
	const op = "ceilings.put"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		c := c
		c.Name = strings.TrimSpace(c.Name)
		p := proposal{object: "ceiling:" + c.Name, needs: directory, id: c.Name}
		if err := checkText(op, "ceiling", "/name", c.Name, c.Description); err != nil {
			return p, err
		}
		if err := resolveCeiling(op, s, &c); err != nil {
			return p, err
		}
		for _, known := range s.Ceilings() {
			if known.Name != c.Name && strings.EqualFold(known.Name, c.Name) {
				return p, fault.Conflict(op, "there is a ceiling %q already", known.Name)
			}
		}
		if old, ok := s.Ceiling(c.Name); ok {
			p.before = old
			if old.Same(c) {
				return p, nil
			}
		}
		p.after, p.edits = c, []rbac.Edit{rbac.PutCeiling{Ceiling: c}}
		return p, nil
	}}
}

// resolveCeiling spells the names as the policy and the catalogue have them, or says which is unknown.
func resolveCeiling(op string, s *rbac.Snapshot, c *rbac.Ceiling) error {
	var details []fault.Detail
	unknown := func(where string, i int, kind, name string, candidates []string) {
		details = append(details, fault.Detail{
			Where: where + "/" + itoa(i), Problem: "there is no " + kind + " " + quote(name), Want: catalog.Nearest(name, candidates),
		})
	}
	c.Users, c.Groups = slices.Clone(c.Users), slices.Clone(c.Groups)
	for i, name := range c.Users {
		c.Users[i] = strings.ToLower(strings.TrimSpace(name))
		if _, ok := s.User(c.Users[i]); !ok {
			unknown("/users", i, "user", name, nil)
		}
	}
	var groups, devices []string
	for _, g := range s.Groups() {
		groups = append(groups, g.Name)
	}
	for _, g := range s.DeviceGroups() {
		devices = append(devices, g.Name)
	}
	for i, name := range c.Groups {
		if !slices.Contains(groups, name) {
			unknown("/groups", i, "group", name, groups)
		}
	}
	for i, name := range c.AssignableGroups.Names() {
		if !slices.Contains(groups, name) {
			unknown("/assignableGroups", i, "group", name, groups)
		}
	}
	for i, name := range c.DeviceGroups.Names() {
		if !slices.Contains(devices, name) {
			unknown("/deviceGroups", i, "device group", name, devices)
		}
	}
	for i, w := range c.Workloads.Names() {
		if !slices.Contains(rbac.Workloads, w) {
			unknown("/workloads", i, "workload", w.String(), nil)
		}
	}
	among := rbac.Workloads
	if !c.Workloads.All {
		among = c.Workloads.Of
	}
	var found []string
	for i, name := range c.Permissions.Names() {
		known := catalog.Qualified(name, among)
		switch len(known) {
		case 0:
			unknown("/permissions", i, "permission", name, catalog.QualifiedNames(among))
		case 1:
			found = append(found, known[0])
		default:
			details = append(details, fault.Detail{
				Where: "/permissions/" + itoa(i), Problem: quote(name) + " is a permission of several products", Want: strings.Join(known, " or "),
			})
		}
	}
	c.Permissions.Of = found
	if len(c.Users)+len(c.Groups) == 0 {
		details = append(details, fault.Detail{Where: "/groups", Problem: "it binds nobody", Want: "a user or a group"})
	}
	if len(details) > 0 {
		return fault.Invalid(op, "%s", details[0].Problem).WithDetails(details...)
	}
	return nil
}

// RemoveCeiling removes a delegation ceiling.
func RemoveCeiling(name string) Operation {
	const op = "ceilings.remove"
	return Operation{name: op, plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
		old, ok := s.Ceiling(name)
		p := proposal{object: "ceiling:" + name, needs: directory}
		if !ok {
			return p, notFound(op, "ceiling", name)
		}
		p.before, p.edits = old, []rbac.Edit{rbac.RemoveCeiling{Name: name}}
		return p, nil
	}}
}

// Ceilings are the delegation ceilings, for who may see roles everywhere; others see those that bind them.
func (a *Asker) Ceilings() ([]rbac.Ceiling, error) {
	if a.actor.Local || len(a.Where(rbac.ViewRoles)) == len(rbac.Workloads)+1 {
		return a.Snapshot.Ceilings(), nil
	}
	list := a.Snapshot.CeilingsOf(a.actor.Name, a.service.now())
	if len(list) > 0 {
		return list, nil
	}
	return nil, a.ViewsRoles()
}

// Ceiling finds one of them. What may not be seen is not found.
func (a *Asker) Ceiling(name string) (rbac.Ceiling, error) {
	list, _ := a.Ceilings()
	for _, c := range list {
		if c.Name == name {
			return c, nil
		}
	}
	return rbac.Ceiling{}, notFound("read ceiling", "ceiling", name)
}

// Within tells whether an edit stays within the asker's ceilings; if not, why not.
func (a *Asker) Within(e rbac.Edit) []string {
	if a.actor.Local || len(a.Snapshot.CeilingsOf(a.actor.Name, a.service.now())) == 0 {
		return nil
	}
	after, err := a.Snapshot.With(e)
	if err != nil {
		after = a.Snapshot // a role of the product: it can't be put, and is what it is
	}
	var sentences []string
	for _, b := range rbac.Breaches(a.Snapshot, after, []rbac.Edit{e}, a.actor.Name, a.service.now()) {
		sentences = append(sentences, BreachSentence(b))
	}
	return sentences
}
