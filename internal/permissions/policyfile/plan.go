package policyfile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// Options say how a file is planned.
type Options struct {
	Prune bool      // also remove what the file does not have
	At    time.Time // now
	NewID func(kind string) string
}

// Plan is what applying a file would do to a policy.
type Plan struct {
	Edits    []rbac.Edit
	Summary  []string // a line for each thing that changes: `+ role endpoint/EU triage`
	Warnings []string // what is legal and may surprise
	After    *rbac.Snapshot
	Changes  rbac.Changes // who gains and who loses what
	Moves    []string     // device groups that may get devices which they did not have
}

// Plan compares the file with the live policy. What the file names is made so, the rest stays - with Prune, it goes. A
// name that neither has is a fault, told with its place.
func (f *File) Plan(live *rbac.Snapshot, o Options) (*Plan, error) {
	mine := *f // names are respelt as the live policy has them; the file stays as it was read
	mine.groups, mine.deviceGroups = slices.Clone(f.groups), slices.Clone(f.deviceGroups)
	p := &planner{file: &mine, live: live, o: o, d: &decoder{file: f.Name}, plan: &Plan{}}
	p.know()
	p.users()
	p.groups()
	p.deviceGroups()
	p.roles()
	p.ceilings()
	if o.Prune {
		p.prune()
	}
	if f.endpointRoles != nil && *f.endpointRoles != live.EndpointRoles() {
		p.edit(rbac.SetEndpointRoles{On: *f.endpointRoles}, "~ workload endpoint: roles %s", map[bool]string{true: "on", false: "off"}[*f.endpointRoles])
	}
	p.activations()
	if err := p.d.err(); err != nil {
		return nil, err
	}
	after, err := live.With(p.plan.Edits...)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", f.Name, err)
	}
	p.plan.After = after
	p.plan.Changes = rbac.Compare(live, after, o.At)
	p.warnings()
	return p.plan, nil
}

type planner struct {
	file *File
	live *rbac.Snapshot
	o    Options
	d    *decoder
	plan *Plan

	userNames, groupNames, deviceGroupNames map[string]string          // folded -> as spelt, of the file and the live policy
	liveRoles                               map[rbac.RoleRef]rbac.Role // by folded name
}

func (p *planner) edit(e rbac.Edit, line string, args ...any) {
	p.plan.Edits = append(p.plan.Edits, e)
	p.plan.Summary = append(p.plan.Summary, fmt.Sprintf(line, args...))
}

func (p *planner) warn(line string, args ...any) {
	p.plan.Warnings = append(p.plan.Warnings, fmt.Sprintf(line, args...))
}

// know gathers the names that may be used. With Prune only the file's own are there afterwards.
func (p *planner) know() {
	p.userNames, p.groupNames, p.deviceGroupNames = map[string]string{}, map[string]string{}, map[string]string{}
	add := func(to map[string]string, name string) { to[strings.ToLower(name)] = name }
	if !p.o.Prune {
		for _, u := range p.live.Users() {
			add(p.userNames, u.Name)
		}
	}
	groups, deviceGroups := map[string]string{}, map[string]string{}
	for _, g := range p.live.Groups() {
		add(groups, g.Name)
		if !p.o.Prune {
			add(p.groupNames, g.Name)
		}
	}
	p.liveRoles = map[rbac.RoleRef]rbac.Role{}
	for _, r := range p.live.Roles() {
		p.liveRoles[folded(r.Ref())] = r
	}
	for _, g := range p.live.DeviceGroups() {
		add(deviceGroups, g.Name)
		if !p.o.Prune || g.Name == rbac.UngroupedDevices {
			add(p.deviceGroupNames, g.Name)
		}
	}
	for _, u := range p.file.users {
		add(p.userNames, u.Name)
	}
	for i, g := range p.file.groups {
		// A group that is there keeps the spelling it has.
		if known, ok := groups[strings.ToLower(g.name)]; ok {
			p.file.groups[i].name = known
		}
		add(p.groupNames, p.file.groups[i].name)
	}
	for i, g := range p.file.deviceGroups {
		if known, ok := deviceGroups[strings.ToLower(g.Name)]; ok {
			p.file.deviceGroups[i].Name = known
		}
		add(p.deviceGroupNames, p.file.deviceGroups[i].Name)
	}
}

// resolve finds the names as they are spelt; an unknown one is a fault.
func (p *planner) resolve(kind string, list []named, known map[string]string) []string {
	found := []string{}
	for _, n := range list {
		name, ok := known[strings.ToLower(n.name)]
		if !ok {
			var candidates []string
			for _, c := range known {
				candidates = append(candidates, c)
			}
			slices.Sort(candidates)
			p.d.wrong(n.at, nearest(n.name, candidates), "unknown %s %q", kind, n.name)
			continue
		}
		if !contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

func (p *planner) users() {
	for _, u := range p.file.users {
		old, was := p.live.User(u.Name)
		if !was {
			p.edit(rbac.PutUser{User: u.User}, "+ user %s%s", u.Name, globals(u.GlobalRoles))
			continue
		}
		var what []string
		if old.DisplayName != u.DisplayName {
			what = append(what, fmt.Sprintf("displayName %q", u.DisplayName))
		}
		if !sameSet(old.GlobalRoles, u.GlobalRoles) {
			what = append(what, "globalRoles "+difference(old.GlobalRoles, u.GlobalRoles))
		}
		if old.Disabled != u.Disabled {
			what = append(what, fmt.Sprintf("disabled %v", u.Disabled))
		}
		if !sameTime(old.NotAfter, u.NotAfter) {
			what = append(what, "notAfter "+moment(u.NotAfter))
		}
		if len(what) > 0 {
			p.edit(rbac.PutUser{User: u.User}, "~ user %s: %s", u.Name, strings.Join(what, ", "))
		}
	}
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func globals(roles []string) string {
	if len(roles) == 0 {
		return ""
	}
	return " (" + strings.Join(roles, ", ") + ")"
}

func (p *planner) groups() {
	for _, g := range p.file.groups {
		members := p.resolve("user", g.members, p.userNames)
		slices.Sort(members)
		group := rbac.Group{Name: g.name, Description: g.description, Members: members}
		old, was := p.live.Group(g.name)
		if !was {
			p.edit(rbac.PutGroup{Group: group}, "+ group %s (%s)", g.name, countOf(len(members), "member"))
			continue
		}
		var what []string
		if old.Description != g.description {
			what = append(what, "description")
		}
		if !slices.Equal(old.Members, members) {
			what = append(what, "members "+difference(old.Members, members))
		}
		if len(what) > 0 {
			p.edit(rbac.PutGroup{Group: group}, "~ group %s: %s", g.name, strings.Join(what, ", "))
		}
	}
}

func (p *planner) roles() {
	for _, r := range p.file.roles {
		title := r.Workload.String() + "/" + r.Name
		old, was := p.liveRoles[folded(r.Ref())]
		if was {
			r.Name, r.ID, r.Kind = old.Name, old.ID, old.Kind
		}
		switch {
		case r.product:
		case !was:
			r.ID = p.o.NewID("rol")
			p.edit(rbac.PutRole{Role: r.Role}, "+ role %s (%s)", title, strings.Join(r.Permissions, ", "))
		case old.Description != r.Description || !sameSet(old.Permissions, r.Permissions):
			what := "description"
			if !sameSet(old.Permissions, r.Permissions) {
				what = "permissions " + difference(old.Permissions, r.Permissions)
			}
			p.edit(rbac.PutRole{Role: r.Role}, "~ role %s: %s", title, what)
		}
		p.assignments(r, title, was)
	}
}

func folded(r rbac.RoleRef) rbac.RoleRef {
	return rbac.RoleRef{Workload: r.Workload, Name: strings.ToLower(r.Name)}
}

// prune removes what the live policy has and the file does not. Device groups are left out by deviceGroups already.
func (p *planner) prune() {
	roles, groups, users := map[rbac.RoleRef]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range p.file.roles {
		roles[folded(r.Ref())] = true
	}
	for _, r := range p.live.Roles() {
		if roles[folded(r.Ref())] {
			continue
		}
		title := r.Workload.String() + "/" + r.Name
		if r.Kind == rbac.DefaultRole || r.Kind == rbac.BuiltInRole {
			for _, a := range p.live.AssignmentsOf(r.Ref()) {
				p.edit(rbac.RemoveAssignment{ID: a.ID}, "- role %s: no longer %s", title, whom(a))
			}
			continue
		}
		p.edit(rbac.RemoveRole{Role: r.Ref()}, "- role %s", title)
	}
	for _, g := range p.file.groups {
		groups[strings.ToLower(g.name)] = true
	}
	for _, g := range p.live.Groups() {
		if !groups[strings.ToLower(g.Name)] {
			p.edit(rbac.RemoveGroup{Name: g.Name}, "- group %s", g.Name)
		}
	}
	for _, u := range p.file.users {
		users[u.Name] = true
	}
	for _, u := range p.live.Users() {
		if !users[u.Name] {
			p.edit(rbac.RemoveUser{Name: u.Name}, "- user %s%s, and their sign-in", u.Name, globals(u.GlobalRoles))
		}
	}
}

// warnings tells what is so afterwards and may surprise.
func (p *planner) warnings() {
	p.unifiedWarnings()
	if p.plan.After.EndpointRoles() || p.plan.After.Activation(rbac.Endpoint) == rbac.On {
		return
	}
	for _, r := range p.file.roles {
		if r.Workload == rbac.Endpoint && (len(r.assignments) > 0 || !r.product) {
			p.warn("endpoint roles are off: custom endpoint roles are kept and open nothing (workloads.endpoint.roles: on turns them on)")
			return
		}
	}
}

func difference(old, now []string) string {
	var parts []string
	for _, s := range now {
		if !contains(old, s) {
			parts = append(parts, "+"+s)
		}
	}
	for _, s := range old {
		if !contains(now, s) {
			parts = append(parts, "-"+s)
		}
	}
	if len(parts) > 12 {
		parts = append(parts[:12], fmt.Sprintf("and %d more", len(parts)-12))
	}
	return strings.Join(parts, " ")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
