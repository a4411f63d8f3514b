package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
)

func (p *program) copyCommand() *cobra.Command {
	assignments, preview := false, false
	cmd := &cobra.Command{
		Use:   "copy ROLE NAME",
		Short: "Make a custom role of any role, under a new name",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.changeRole(cmd.Context(), args[0], roleChange{
				title: "copy", preview: preview,
				proposed: func(id string) map[string]any {
					return map[string]any{"copyRole": map[string]any{"id": id, "name": args[1], "assignments": assignments}}
				},
				operation: func(_ *permissions.Asker, id string) (permissions.Operation, error) {
					return permissions.CopyRole(id, permissions.Copy{Name: args[1], Assignments: assignments}), nil
				},
				remotely: func(ctx context.Context, id string) (out restored, err error) {
					err = p.call(ctx, http.MethodPost, "/api/v1/roles/"+url.PathEscape(id)+"/copy", map[string]any{"name": args[1], "assignments": assignments}, &out.Role)
					return out, err
				},
			})
		},
	}
	cmd.Flags().BoolVar(&assignments, "assignments", false, "give it to the same people and groups")
	cmd.Flags().BoolVar(&preview, "preview", false, "only tell who would gain and lose what")
	return cmd
}

func (p *program) deleteCommand() *cobra.Command {
	confirm, preview := "", false
	cmd := &cobra.Command{
		Use:   "delete ROLE",
		Short: "Delete a custom role and its assignments; within 30 days that can be undone",
		Long:  "If somebody loses their last access by it, the role's name must be typed: --confirm NAME.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.changeRole(cmd.Context(), args[0], roleChange{
				title: "delete", preview: preview, confirm: &confirm,
				proposed: func(id string) map[string]any { return map[string]any{"deleteRole": id} },
				operation: func(_ *permissions.Asker, id string) (permissions.Operation, error) {
					return permissions.DeleteRole(id), nil
				},
				remotely: func(ctx context.Context, id string) (out restored, err error) {
					answer, err := p.do(ctx, http.MethodDelete, "/api/v1/roles/"+url.PathEscape(id), "", nil)
					if err == nil {
						answer.Body.Close()
					}
					return out, err
				},
			})
		},
	}
	cmd.Flags().StringVar(&confirm, "confirm", "", "the role's `NAME`, if somebody loses their last access")
	cmd.Flags().BoolVar(&preview, "preview", false, "only tell who would lose what")
	return cmd
}

func (p *program) restoreCommand() *cobra.Command {
	var revision int64
	name, preview := "", false
	cmd := &cobra.Command{
		Use:   "restore ROLE",
		Short: "Undo the deletion of a role, or with --revision bring an earlier version of it back",
		Long:  "A deleted role is named by its id: `bailiwick roles deleted` lists them.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("revision") && revision < 1 {
				return fault.Invalid("restore", "--revision %d: want the revision of a version, from 1", revision)
			}
			body := map[string]any{}
			if revision > 0 {
				body["revision"] = revision
			}
			if name != "" {
				body["name"] = name
			}
			return p.changeRole(cmd.Context(), args[0], roleChange{
				title: "restore", preview: preview,
				proposed: func(id string) map[string]any {
					of := map[string]any{"id": id}
					for key, value := range body {
						of[key] = value
					}
					return map[string]any{"restoreRole": of}
				},
				operation: func(a *permissions.Asker, id string) (permissions.Operation, error) {
					return a.Restore(cmd.Context(), permissions.Restoration{RoleID: id, Revision: revision, Name: name})
				},
				remotely: func(ctx context.Context, id string) (out restored, err error) {
					err = p.call(ctx, http.MethodPost, "/api/v1/roles/"+url.PathEscape(id)+"/restore", body, &out)
					return out, err
				},
			})
		},
	}
	cmd.Flags().Int64Var(&revision, "revision", 0, "the `REVISION` of the version (bailiwick roles history)")
	cmd.Flags().StringVar(&name, "name", "", "another `NAME`, if its own is taken")
	cmd.Flags().BoolVar(&preview, "preview", false, "only tell who would gain and lose what")
	return cmd
}
