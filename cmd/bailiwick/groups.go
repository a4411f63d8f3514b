package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/permissions"
)

func (p *program) groupsCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:     "groups",
		Aliases: []string{"group"},
		Short:   "Rename groups of people",
	}
	parent.AddCommand(&cobra.Command{
		Use:   "rename FROM TO",
		Short: "Give a group another name; what names it follows",
		Long: "Assignments, device groups' access and ceilings name it as before, and nobody gains or loses anything.\n" +
			"Exports that name it as it was called are still understood when they are imported again.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			rename := p.renameGroupHere
			if p.server != "" {
				rename = p.renameGroupRemotely
			}
			done, err := rename(cmd.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			return p.answer(done, func(w io.Writer) {
				fmt.Fprintf(w, "~ group %s is %s now, with its %s\n", done.From, done.Name, counted(done.Members, "member", "members"))
			})
		},
	})
	return parent
}

type renamedGroup struct {
	From    string `json:"from"`
	Name    string `json:"name"`
	Members int    `json:"memberCount"`
}

func (p *program) renameGroupHere(ctx context.Context, from, to string) (renamedGroup, error) {
	done := renamedGroup{From: from}
	err := p.asking(ctx, func(c *centre, asker *permissions.Asker) error {
		g, _ := asker.Snapshot.Group(from) // if it is not there, the operation says so
		tag := permissions.Tag(asker.Snapshot, permissions.GroupState(from))
		g.Name, done.Members = to, len(g.Members)
		result, err := c.permissions.Do(ctx, local(), permissions.RenameGroup(from, g).If(tag, permissions.GroupState(from)))
		done.Name = result.ID
		return err
	})
	return done, err
}

func (p *program) renameGroupRemotely(ctx context.Context, from, to string) (renamedGroup, error) {
	done := renamedGroup{From: from}
	var g struct {
		Description string `json:"description"`
		Members     []struct {
			Name string `json:"name"`
		} `json:"members"`
		Etag string `json:"etag"`
	}
	if err := p.call(ctx, http.MethodGet, "/api/v1/groups/"+url.PathEscape(from), nil, &g); err != nil {
		return done, err
	}
	members := []string{}
	for _, m := range g.Members {
		members = append(members, m.Name)
	}
	body := map[string]any{"renamedFrom": from, "description": g.Description, "members": members}
	err := p.call(ctx, http.MethodPut, "/api/v1/groups/"+url.PathEscape(to), body, &done, "If-Match", g.Etag)
	done.From = from
	return done, err
}
