package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
)

// changedRole is what a change of a role did or would do, before it is made.
type changedRole struct {
	Done      bool         `json:"done"`
	Role      namedRole    `json:"role"`
	Notes     []string     `json:"notRestored,omitempty"`
	Users     []userChange `json:"users"`
	Total     int          `json:"total"`
	LosingAll int          `json:"losingAll"`

	losers []string
}

// roleChange is a change of one role: how it is proposed, and how it is made on the data or by a server.
type roleChange struct {
	title     string
	preview   bool
	confirm   *string // of a deletion: the name that was typed
	proposed  func(id string) map[string]any
	operation func(*permissions.Asker, string) (permissions.Operation, error)
	remotely  func(ctx context.Context, id string) (restored, error)
}

// changeRole previews a change, makes it unless only the preview is wanted, and tells of it.
func (p *program) changeRole(ctx context.Context, role string, change roleChange) error {
	var out changedRole
	var err error
	if p.server != "" {
		out, err = p.changeRoleRemotely(ctx, role, change)
	} else {
		out, err = p.changeRoleHere(ctx, role, change)
	}
	if err != nil {
		return err
	}
	return p.answer(out, func(w io.Writer) {
		would := map[bool]string{false: "would ", true: ""}[out.Done]
		summary := fmt.Sprintf("~ %s role %s", change.title, out.Role.Name)
		if out.Role.ID != "" {
			summary += " (" + out.Role.ID + ")"
		}
		writePlan(w, policyPlan{Summary: []string{summary}, Users: out.Users, Total: out.Total}, would)
		if out.LosingAll > 0 {
			fmt.Fprintf(w, "\n%s %slose the last access: %s\n", counted(out.LosingAll, "person", "people"), would, strings.Join(out.losers, ", "))
		}
		for _, note := range out.Notes {
			fmt.Fprintf(w, "not restored: %s\n", note)
		}
	})
}

// typed tells whether a deletion was confirmed as it must be.
func (c roleChange) typed(out changedRole) error {
	if c.confirm == nil || out.LosingAll == 0 || *c.confirm == out.Role.Name {
		return nil
	}
	return refuse("delete role %q: %s would lose their last access (%s): confirm it with --confirm %q", out.Role.Name, counted(out.LosingAll, "person", "people"), strings.Join(out.losers, ", "), out.Role.Name)
}

func (p *program) changeRoleHere(ctx context.Context, role string, change roleChange) (changedRole, error) {
	out := changedRole{Users: []userChange{}}
	err := p.asking(ctx, func(c *centre, asker *permissions.Asker) error {
		id := idOf(asker, role)
		out.Role = namedRole{id, role}
		if r, ok := permissions.RoleByID(asker.Snapshot, id); ok {
			out.Role.Name = r.Name
		}
		op, err := change.operation(asker, id)
		if err != nil {
			return err
		}
		found, err := c.permissions.Preview(ctx, local(), op)
		if err != nil {
			return err
		}
		if !found.Allowed {
			return fault.Denied(change.title, "%s", found.Reason)
		}
		out.Total, out.LosingAll, out.Notes = len(found.Changes.Users), len(found.Emptied), found.Notes
		for _, u := range found.Changes.Users {
			out.Users = append(out.Users, userChange{u.User, accesses(u.Gains), accesses(u.Losses)})
			if found.Emptied[u.User] {
				out.losers = append(out.losers, u.User)
			}
		}
		if change.preview {
			return nil
		}
		if err := change.typed(out); err != nil {
			return err
		}
		done, err := c.permissions.Do(ctx, local(), op)
		if err != nil {
			return err
		}
		out.Done = true
		if s, err := c.permissions.Snapshot(ctx); err == nil && done.ID != "" {
			if r, ok := permissions.RoleByID(s, done.ID); ok {
				out.Role = namedRole{done.ID, r.Name}
			}
		}
		return nil
	})
	return out, err
}

func (p *program) changeRoleRemotely(ctx context.Context, role string, change roleChange) (changedRole, error) {
	out := changedRole{Users: []userChange{}}
	id, err := p.roleID(ctx, role)
	if err != nil {
		return out, err
	}
	out.Role = namedRole{id, role}
	if change.confirm != nil { // the name that has to be typed
		if err := p.call(ctx, http.MethodGet, "/api/v1/roles/"+url.PathEscape(id), nil, &out.Role); err != nil {
			return out, err
		}
	}
	var found struct {
		Allowed bool   `json:"allowed"`
		Reason  string `json:"reason"`
		Users   []struct {
			userChange
			LosesAll bool `json:"losesAll"`
		} `json:"users"`
		Total     int      `json:"total"`
		LosingAll int      `json:"losingAll"`
		Notes     []string `json:"notes"`
	}
	if err := p.call(ctx, http.MethodPost, "/api/v1/access/preview", map[string]any{"changes": []any{change.proposed(id)}}, &found); err != nil {
		return out, err
	}
	if !found.Allowed {
		return out, fault.Denied(change.title, "%s", found.Reason)
	}
	out.Total, out.LosingAll, out.Notes = found.Total, found.LosingAll, found.Notes
	for _, u := range found.Users {
		out.Users = append(out.Users, u.userChange)
		if u.LosesAll {
			out.losers = append(out.losers, u.User)
		}
	}
	if change.preview {
		return out, nil
	}
	if err := change.typed(out); err != nil {
		return out, err
	}
	done, err := change.remotely(ctx, id)
	if err != nil {
		return out, err
	}
	out.Done = true
	if done.Role.ID != "" {
		out.Role = done.Role
	}
	return out, nil
}
