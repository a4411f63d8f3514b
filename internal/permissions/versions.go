package permissions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Version is a version of a role as an asker may see it, and what it changed of the one before.
type Version struct {
	store.RoleVersion
	Number  int // from 1, of those that the asker sees
	Changed VersionChange
}

// VersionChange is what one version has otherwise than the one before it.
type VersionChange struct {
	Begins           bool   // there is none before it
	Returns          bool   // the one before it was deleted
	FormerName       string // if it has another now
	Description      bool
	Added, Removed   []string // permissions
	Given, TakenBack []rbac.Assignment
}

// History is what is kept of one role.
type History struct {
	ID       string
	Versions []Version           // as the asker may see them, latest first
	Live     bool                // the role is there
	Until    time.Time           // deleted: until when that can be undone
	All      []store.RoleVersion // to restore from: not for the asker's eyes
}

// History gives the versions of a role, there or deleted. What may not be seen is not found.
func (a *Asker) History(ctx context.Context, id string) (History, error) {
	h := History{ID: id}
	err := a.service.store.View(ctx, func(r store.Reader) (err error) {
		h.All, err = r.RoleVersions(id)
		return err
	})
	if err != nil {
		return h, fault.Unavailable("read role", "the history of roles can't be read just now: %w", err)
	}
	role, live := RoleByID(a.Snapshot, id)
	h.Live = live
	if !live && len(h.All) > 0 {
		last := h.All[len(h.All)-1]
		role, h.Until = last.Role, UndoUntil(last)
	}
	if role.Name == "" || !a.Can(rbac.ViewRoles, role.Workload) {
		return History{}, notFound("read role", "role", id)
	}
	h.Versions = a.cut(h.All)
	return h, nil
}

// cut leaves of each version what the asker may see, and leaves out those in which that did not change: who does not see an
// assignment does not learn that it came and went.
func (a *Asker) cut(all []store.RoleVersion) []Version {
	var list []Version
	for _, v := range all {
		var seen []rbac.Assignment
		for _, one := range v.Assignments {
			if cut, ok := a.visible(one); ok {
				seen = append(seen, cut)
			}
		}
		v.Assignments = seen
		var before *store.RoleVersion
		if len(list) > 0 {
			before = &list[len(list)-1].RoleVersion
			if before.Deleted == v.Deleted && (held{v.Role, seen}).same(held{before.Role, before.Assignments}) {
				continue
			}
		}
		list = append(list, Version{v, len(list) + 1, changeOf(before, v)})
	}
	slices.Reverse(list)
	return list
}

func changeOf(before *store.RoleVersion, v store.RoleVersion) VersionChange {
	if before == nil {
		c := VersionChange{Begins: true}
		if v.Actor != "" {
			c.Given = v.Assignments
		}
		return c
	}
	c := VersionChange{Returns: before.Deleted && !v.Deleted, Description: before.Role.Description != v.Role.Description}
	if before.Role.Name != v.Role.Name {
		c.FormerName = before.Role.Name
	}
	if v.Deleted {
		return c
	}
	c.Added, c.Removed = beyond(v.Role.Permissions, before.Role.Permissions), beyond(before.Role.Permissions, v.Role.Permissions)
	c.Given, c.TakenBack = beyondGiven(v.Assignments, before.Assignments), beyondGiven(before.Assignments, v.Assignments)
	return c
}

func beyond(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(x string) bool { return slices.Contains(b, x) })
}

func beyondGiven(a, b []rbac.Assignment) []rbac.Assignment {
	return slices.DeleteFunc(slices.Clone(a), func(x rbac.Assignment) bool {
		return slices.ContainsFunc(b, func(y rbac.Assignment) bool { return sameAssignment(x, y) })
	})
}

// GivenSentence says whom an assignment gives a role, where and when.
func GivenSentence(a rbac.Assignment) string {
	who := a.User
	if a.Group != "" {
		who = "the group " + a.Group
	}
	var parts []string
	if sources := a.Sources; sources.All {
		parts = append(parts, "in all data sources, future ones too")
	} else if sources.Workloads != 0 {
		text, _ := sources.MarshalText()
		parts = append(parts, "in "+strings.ReplaceAll(string(text), " ", ", "))
	}
	if !a.Scope.All {
		parts = append(parts, "on "+strings.Join(a.Scope.DeviceGroups, ", "))
		if len(a.Scope.DeviceGroups) == 0 {
			parts[len(parts)-1] = "on no device group"
		}
	}
	if !a.NotBefore.IsZero() {
		parts = append(parts, "from "+a.NotBefore.UTC().Format(time.RFC3339))
	}
	if !a.NotAfter.IsZero() {
		parts = append(parts, "until "+a.NotAfter.UTC().Format(time.RFC3339))
	}
	if a.Name != "" {
		parts = append(parts, fmt.Sprintf("named %q", a.Name))
	}
	if len(parts) == 0 {
		return who
	}
	return who + ", " + strings.Join(parts, ", ")
}

// DeletedRoles are the roles that were deleted and can be brought back, latest first, as far as the asker may see them.
func (a *Asker) DeletedRoles(ctx context.Context) ([]store.RoleVersion, error) {
	if err := a.ViewsRoles(); err != nil {
		return nil, err
	}
	var all []store.RoleVersion
	err := a.service.store.View(ctx, func(r store.Reader) (err error) {
		all, err = r.DeletedRoles(a.service.now().AddDate(0, 0, -UndoDays-1))
		return err
	})
	if err != nil {
		return nil, fault.Unavailable("read roles", "the history of roles can't be read just now: %w", err)
	}
	now := a.service.now()
	return slices.DeleteFunc(all, func(v store.RoleVersion) bool {
		return !now.Before(UndoUntil(v)) || !a.Can(rbac.ViewRoles, v.Role.Workload)
	}), nil
}

// CanRestore tells whether the asker has the rights to bring a version of a role back; if not, the refusal says what it takes.
// The ceiling is another matter (S14).
func (a *Asker) CanRestore(v store.RoleVersion, now ...store.RoleVersion) error {
	return allowed(a.Snapshot, a.actor, "restore a role", aboutVersion(a.Snapshot, v, now...).needs, a.service.now())
}

// Restore is RestoreRole for what the asker may see: a version that they do not see is not found.
func (a *Asker) Restore(ctx context.Context, what Restoration) (Operation, error) {
	h, err := a.History(ctx, what.RoleID)
	if err != nil {
		return Operation{}, err
	}
	seen := func(v Version) bool { return v.Revision == what.Revision }
	if what.Revision != 0 && !slices.ContainsFunc(h.Versions, seen) {
		return Operation{}, fault.NotFound("roles.restore", "there is no version %d of this role", what.Revision)
	}
	return RestoreRole(h.All, what), nil
}

// HistoryState is a role with its assignments, as far as the asker sees them.
func (a *Asker) HistoryState(id string) State {
	return func(s *rbac.Snapshot) any {
		r, ok := RoleByID(s, id)
		if !ok {
			return nil
		}
		on := *a
		on.Snapshot = s
		return []any{r, on.AssignmentsOf(r.Ref())}
	}
}
