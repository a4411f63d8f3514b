package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/investigation"
)

// incidentNow is an incident after it was merged or split, in the form that the API gives it.
type incidentNow struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Status      string `json:"status"`
	Alerts      int64  `json:"alerts"`
	Etag        string `json:"etag"`
}

func (p *program) mergeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "merge INTO FROM...", Short: "Merge incidents into one, which stays what it is; the others lead to it", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			type merging struct {
				ID string `json:"id"`
			}
			var body struct {
				From []merging `json:"from"`
			}
			var from []investigation.Merging
			for _, id := range args[1:] {
				body.From, from = append(body.From, merging{id}), append(from, investigation.Merging{ID: id})
			}
			var is incidentNow
			err := p.overServerOr(cmd.Context(), http.MethodPost, "/api/v1/incidents/"+url.PathEscape(args[0])+"/merge", body, &is, func(c *centre) error {
				now, err := c.investigation.MergeIncidents(cmd.Context(), local(), args[0], from, "")
				is = incidentNow{now.ID, now.Name, now.Status, now.Alerts, now.ETag}
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(is, func(w io.Writer) {
				fmt.Fprintf(w, "merged %s into %s, which has %d alerts now: %s\n", oneLine(strings.Join(args[1:], ", ")), oneLine(is.ID), is.Alerts, oneLine(is.DisplayName))
			})
		},
	}
}

func (p *program) splitCommand() *cobra.Command {
	return &cobra.Command{
		Use: "split INCIDENT ALERT...", Short: "Take alerts out of an incident into one of their own", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var is incidentNow
			err := p.overServerOr(cmd.Context(), http.MethodPost, "/api/v1/incidents/"+url.PathEscape(args[0])+"/split", map[string]any{"alerts": args[1:]}, &is, func(c *centre) error {
				now, err := c.investigation.SplitIncident(cmd.Context(), local(), args[0], args[1:], "")
				is = incidentNow{now.ID, now.Name, now.Status, now.Alerts, now.ETag}
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(is, func(w io.Writer) {
				fmt.Fprintf(w, "opened incident %s with %d alerts: %s\n", oneLine(is.ID), is.Alerts, oneLine(is.DisplayName))
			})
		},
	}
}
