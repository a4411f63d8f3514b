package permissions

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Side is one side of a comparison: a role as it is or as one of its versions was, or a principal. A version is judged by the
// device groups, switches and people of now: what it would come to if it were restored.
type Side struct {
	Key      string // role:ID, role:ID@REVISION, user:NAME or group:NAME
	Title    string
	Role     string // id
	Revision int64  // of a version
	Workload rbac.Workload
	Notes    []string // what a version would not bring back

	standing rbac.Standing
	whole    bool // the asker may know all of it
	named    bool // of a principal: workloads may have to be left out
}

// Contrast is two sides held against each other.
type Contrast struct {
	Left, Right Side
	rbac.Contrast
	LeftOut []rbac.Workload // workloads whose roles the asker may not view: nothing is told of them
}

// Contrast compares two sides, as far as the asker may know both.
func (a *Asker) Contrast(ctx context.Context, left, right string) (Contrast, error) {
	var c Contrast
	var err error
	if c.Left, err = a.side(ctx, "left", left); err != nil {
		return c, err
	}
	if c.Right, err = a.side(ctx, "right", right); err != nil {
		return c, err
	}
	l, r := c.Left.standing, c.Right.standing
	if seen := a.knows(); c.Left.named && !c.Left.whole || c.Right.named && !c.Right.whole {
		l, r = l.Within(seen), r.Within(seen)
		for w := rbac.Endpoint; w <= rbac.Other; w++ {
			if !seen.Has(w) {
				c.LeftOut = append(c.LeftOut, w)
			}
		}
	}
	c.Contrast = rbac.Differ(l, r, a.Snapshot.DeviceGroups())
	return c, nil
}

// knows are the workloads whose roles the asker may view; that of unified roles is among them if theirs are.
func (a *Asker) knows() rbac.WorkloadSet {
	seen := rbac.SetOf(a.Where(rbac.ViewRoles)...)
	if a.Can(rbac.ViewRoles, rbac.Unified) {
		seen |= rbac.SetOf(rbac.Unified)
	}
	return seen
}

// side finds what a key names.
func (a *Asker) side(ctx context.Context, where, key string) (Side, error) {
	kind, name, _ := strings.Cut(strings.TrimSpace(key), ":")
	switch strings.ToLower(kind) {
	case "role":
		return a.roleSide(ctx, name)
	case "user":
		return a.principalSide(strings.ToLower(name), strings.ToLower(name))
	case "group":
		return a.principalSide(name, "group:"+name)
	}
	problem := fmt.Sprintf("%s: %q is nothing to compare: want role:ID or role:WORKLOAD/NAME, either with @REVISION for a version, user:NAME or group:NAME", where, key)
	return Side{}, fault.Invalid("compare", "%s", problem).WithDetails(fault.Detail{Where: where, Problem: problem})
}

func (a *Asker) principalSide(name, principal string) (Side, error) {
	side := Side{Key: "user:" + name, Title: name, named: true, whole: a.self(principal)}
	if strings.HasPrefix(principal, "group:") {
		side.Key = principal
	}
	if !side.whole {
		if err := a.ViewsRoles(); err != nil {
			return side, err
		}
		side.whole = a.Can(rbac.ViewRoles, rbac.Other)
	}
	if group, ok := strings.CutPrefix(principal, "group:"); ok {
		if _, known := a.Snapshot.Group(group); !known {
			return side, notFound("compare", "group", group)
		}
		side.Title = "Group " + name
	} else if user, known := a.Snapshot.User(principal); !known {
		return side, notFound("compare", "user", name)
	} else if user.DisplayName != "" {
		side.Title = user.DisplayName
	}
	side.standing = a.Snapshot.StandingOf(principal, a.service.now())
	return side, nil
}

func (a *Asker) roleSide(ctx context.Context, name string) (Side, error) {
	id, revision := a.roleNamed(name)
	if revision == 0 {
		role, err := a.Role(id)
		if err != nil {
			return Side{}, err
		}
		return a.sideOf(a.Snapshot, role, Side{Key: "role:" + id, Title: role.Name, Role: id}), nil
	}
	h, err := a.History(ctx, id)
	if err != nil {
		return Side{}, err
	}
	n := slices.IndexFunc(h.Versions, func(v Version) bool { return v.Revision == revision })
	if n < 0 {
		return Side{}, notFound("compare", "version", name)
	}
	seen := h.Versions[n]
	all := h.All[slices.IndexFunc(h.All, func(v store.RoleVersion) bool { return v.Revision == revision })]
	side := Side{Key: fmt.Sprintf("role:%s@%d", id, revision), Title: fmt.Sprintf("%s, version %d", seen.Role.Name, seen.Number), Revision: revision}
	if _, _, side.Notes, err = a.back(id, seen.RoleVersion); err != nil {
		return side, err
	}
	s, role, _, err := a.back(id, all)
	if err != nil {
		return side, err
	}
	side.Role = id
	return a.sideOf(s, role, side), nil
}

// sideOf is the side of a role on a policy, cut to what the asker may know of unified roles.
func (a *Asker) sideOf(s *rbac.Snapshot, role rbac.Role, side Side) Side {
	side.Workload = role.Workload
	side.standing = s.StandingOfRole(role.Ref(), a.service.now())
	if role.Workload == rbac.Unified {
		if seen, all := a.unifiedSources(); !all {
			side.standing.Effect = side.standing.Within(seen).Effect
		}
	}
	return side
}

// back is the policy with a role as a version has it. Its name is nobody's: the one that it had may be taken.
func (a *Asker) back(id string, v store.RoleVersion) (*rbac.Snapshot, rbac.Role, []string, error) {
	now, there := RoleByID(a.Snapshot, id)
	role, edits, notes, err := former(a.Snapshot, v, now, there, newID("version"))
	if err != nil {
		return nil, role, notes, err
	}
	s, err := a.Snapshot.With(edits...)
	if err != nil {
		return nil, role, notes, fault.Invalid("compare", "this version can't be compared: %s", err.Error())
	}
	return s, role, notes, nil
}

// roleNamed finds the id of a role that is named by id or as WORKLOAD/NAME, and the version that is named with it.
func (a *Asker) roleNamed(name string) (id string, revision int64) {
	find := func(name string) (string, bool) {
		if _, ok := RoleByID(a.Snapshot, name); ok {
			return name, true
		}
		workload, role, ok := strings.Cut(name, "/")
		var ref rbac.RoleRef
		if !ok || ref.Workload.UnmarshalText([]byte(workload)) != nil {
			return name, false
		}
		ref.Name = role
		r, found := a.Snapshot.Role(ref)
		return RoleID(r), found
	}
	if id, ok := find(name); ok {
		return id, 0
	}
	if at := strings.LastIndexByte(name, '@'); at > 0 {
		if n, err := strconv.ParseInt(name[at+1:], 10, 64); err == nil && n > 0 {
			id, found := find(name[:at])
			if !found {
				id = name[:at] // of one that is deleted
			}
			return id, n
		}
	}
	return name, 0
}
