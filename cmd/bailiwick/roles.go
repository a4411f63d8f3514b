package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func (p *program) rolesCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:   "roles",
		Short: "Copy and delete roles, read their history, and bring them back",
		Long:  "A ROLE is named by its id, or as WORKLOAD/NAME such as endpoint/\"EU triage\" or unified/\"Tier 1\".",
	}
	parent.AddCommand(p.historyCommand(), p.copyCommand(), p.deleteCommand(), p.deletedCommand(), p.restoreCommand())
	return parent
}

// The answers in the form that the API gives them.
type (
	roleVersions struct {
		Items []roleVersion `json:"items"`
		Total int           `json:"total"`
		Next  string        `json:"next,omitempty"`
		Live  bool          `json:"live"`
		Until time.Time     `json:"until,omitzero"`
	}
	roleVersion struct {
		Number      int           `json:"number"`
		Revision    int64         `json:"revision"`
		At          time.Time     `json:"at,omitzero"`
		Actor       string        `json:"actor,omitempty"`
		Operation   string        `json:"operation,omitempty"`
		Entry       int64         `json:"entry,omitempty"`
		Deleted     bool          `json:"deleted"`
		Name        string        `json:"name"`
		Description string        `json:"description"`
		Permissions []string      `json:"permissions"`
		Assignments []string      `json:"assignments"` // the first hundred
		Given       int           `json:"assignmentCount"`
		Changed     versionChange `json:"changed"`
	}
	versionChange struct {
		Begins      bool     `json:"begins,omitempty"`
		Returns     bool     `json:"returns,omitempty"`
		FormerName  string   `json:"formerName,omitempty"`
		Description bool     `json:"description,omitempty"`
		Added       []string `json:"added"`
		Removed     []string `json:"removed"`
		Given       []string `json:"given"`
		TakenBack   []string `json:"takenBack"`
	}
	deletedRoles struct {
		Items []deletedRole `json:"items"`
		Total int           `json:"total"`
		Next  string        `json:"next,omitempty"`
	}
	deletedRole struct {
		ID        string        `json:"id"`
		Name      string        `json:"name"`
		Workload  rbac.Workload `json:"workload"`
		DeletedAt time.Time     `json:"deletedAt"`
		DeletedBy string        `json:"deletedBy"`
		Entry     int64         `json:"entry,omitempty"`
		Until     time.Time     `json:"until"`
	}
	namedRole struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	restored struct {
		Role        namedRole `json:"role"`
		NotRestored []string  `json:"notRestored"`
	}
)

func (p *program) historyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "history ROLE",
		Short: "List every version of a role: who, when, what changed; latest first",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := p.roleHistory(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { writeHistory(w, list) })
		},
	}
}

func (p *program) roleHistory(ctx context.Context, role string) (roleVersions, error) {
	list := roleVersions{Items: []roleVersion{}}
	if p.server != "" {
		id, err := p.roleID(ctx, role)
		if err != nil {
			return list, err
		}
		for {
			var page roleVersions
			query := url.Values{"limit": {"1000"}}
			if list.Next != "" {
				query.Set("cursor", list.Next)
			}
			if err := p.call(ctx, http.MethodGet, "/api/v1/roles/"+url.PathEscape(id)+"/versions?"+query.Encode(), nil, &page); err != nil {
				return list, err
			}
			page.Items = append(list.Items, page.Items...)
			if list = page; list.Next == "" {
				return list, nil
			}
		}
	}
	err := p.asking(ctx, func(c *centre, asker *permissions.Asker) error {
		h, err := asker.History(ctx, idOf(asker, role))
		if err != nil {
			return err
		}
		list.Total, list.Live, list.Until = len(h.Versions), h.Live, h.Until
		for _, v := range h.Versions {
			c := v.Changed
			list.Items = append(list.Items, roleVersion{
				v.Number, v.Revision, v.At, v.Actor, v.Operation, v.Entry, v.Deleted, v.Role.Name, v.Role.Description, append([]string{}, v.Role.Permissions...), given(v.Assignments[:min(100, len(v.Assignments))]), len(v.Assignments),
				versionChange{c.Begins, c.Returns, c.FormerName, c.Description, append([]string{}, c.Added...), append([]string{}, c.Removed...), given(c.Given), given(c.TakenBack)},
			})
		}
		return nil
	})
	return list, err
}

func given(list []rbac.Assignment) []string {
	out := []string{}
	for _, a := range list {
		out = append(out, permissions.GivenSentence(a))
	}
	return out
}

func writeHistory(w io.Writer, list roleVersions) {
	if len(list.Items) == 0 {
		fmt.Fprintln(w, "no change has been kept yet")
	}
	for _, v := range list.Items {
		if v.Actor == "" {
			fmt.Fprintf(w, "version %d (revision %d): as it was when the history began\n", v.Number, v.Revision)
		} else {
			fmt.Fprintf(w, "version %d (revision %d): %s by %s, %s, audit entry %d\n", v.Number, v.Revision, v.Operation, v.Actor, v.At.UTC().Format(time.RFC3339), v.Entry)
		}
		c := v.Changed
		line := func(when bool, format string, args ...any) {
			if when {
				fmt.Fprintf(w, "  "+format+"\n", args...)
			}
		}
		line(v.Deleted, "deleted")
		line(c.Returns, "came back")
		line(c.FormerName != "", "named %q, before that %q", v.Name, c.FormerName)
		line(c.Description, "another description")
		for _, of := range []struct {
			mark string
			list []string
		}{{"+", c.Added}, {"-", c.Removed}, {"+ given to", c.Given}, {"- taken back from", c.TakenBack}} {
			for _, one := range of.list {
				line(true, "%s %s", of.mark, one)
			}
		}
	}
	if !list.Live && !list.Until.IsZero() {
		fmt.Fprintf(w, "deleted; can be brought back until %s: bailiwick roles restore\n", list.Until.UTC().Format(time.RFC3339))
	}
}

func (p *program) deletedCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "deleted",
		Short: "List the roles that were deleted and can be brought back",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.deletedRoles(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				if len(list.Items) == 0 {
					fmt.Fprintln(w, "none")
				}
				for _, r := range list.Items {
					fmt.Fprintf(w, "%s  %s/%s  deleted %s by %s, can be brought back until %s\n", r.ID, r.Workload, r.Name,
						r.DeletedAt.UTC().Format(time.RFC3339), r.DeletedBy, r.Until.UTC().Format(time.RFC3339))
				}
			})
		},
	}
}

func (p *program) deletedRoles(ctx context.Context) (deletedRoles, error) {
	list := deletedRoles{Items: []deletedRole{}}
	if p.server != "" {
		for {
			var page deletedRoles
			query := url.Values{"limit": {"1000"}}
			if list.Next != "" {
				query.Set("cursor", list.Next)
			}
			if err := p.call(ctx, http.MethodGet, "/api/v1/deleted-roles?"+query.Encode(), nil, &page); err != nil {
				return list, err
			}
			page.Items = append(list.Items, page.Items...)
			if list = page; list.Next == "" {
				return list, nil
			}
		}
	}
	err := p.asking(ctx, func(_ *centre, asker *permissions.Asker) error {
		found, err := asker.DeletedRoles(ctx)
		for _, v := range found {
			list.Items = append(list.Items, deletedOf(v))
		}
		list.Total = len(found)
		return err
	})
	return list, err
}

func deletedOf(v store.RoleVersion) deletedRole {
	return deletedRole{v.RoleID, v.Role.Name, v.Role.Workload, v.At, v.Actor, v.Entry, permissions.UndoUntil(v)}
}

// asking opens the data for whoever owns it.
func (p *program) asking(ctx context.Context, f func(*centre, *permissions.Asker) error) error {
	c, err := p.open(ctx, opening{})
	if err != nil {
		return err
	}
	defer c.close()
	asker, err := c.permissions.Asker(ctx, local())
	if err != nil {
		return err
	}
	return f(c, asker)
}

// idOf finds the id of a role that is named WORKLOAD/NAME; anything else is an id.
func idOf(asker *permissions.Asker, role string) string {
	workload, name, ok := strings.Cut(role, "/")
	var ref rbac.RoleRef
	if !ok || ref.Workload.UnmarshalText([]byte(workload)) != nil {
		return role
	}
	ref.Name = name
	if r, found := asker.Snapshot.Role(ref); found {
		return permissions.RoleID(r)
	}
	return role
}

// roleID asks the server for it.
func (p *program) roleID(ctx context.Context, role string) (string, error) {
	workload, name, ok := strings.Cut(role, "/")
	var w rbac.Workload
	if !ok || w.UnmarshalText([]byte(workload)) != nil {
		return role, nil
	}
	query := url.Values{"workload": {w.String()}, "q": {name}, "limit": {"1000"}}
	var list struct {
		Items []namedRole `json:"items"`
		Next  string      `json:"next"`
	}
	for {
		list.Next = ""
		if err := p.call(ctx, http.MethodGet, "/api/v1/roles?"+query.Encode(), nil, &list); err != nil {
			return "", err
		}
		for _, r := range list.Items {
			if strings.EqualFold(r.Name, name) {
				return r.ID, nil
			}
		}
		if list.Next == "" {
			return "", fault.NotFound("find role", "there is no role %q", role)
		}
		query.Set("cursor", list.Next)
	}
}
