package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/store"
)

// centreSettings is the answer in the form that the API gives it.
type centreSettings struct {
	TellHidden bool      `json:"tellHiddenAlerts"`
	UpdatedBy  string    `json:"updatedBy,omitempty"`
	Updated    time.Time `json:"lastUpdateDateTime,omitzero"`
	Etag       string    `json:"etag"`
}

func (p *program) settingsCommand() *cobra.Command {
	var tell bool
	cmd := &cobra.Command{
		Use: "settings", Short: "Show or change what the centre is told once, for everybody", Args: cobra.NoArgs,
		Long: "Shows the settings; with a flag, changes that one.\n\nWhat approvers are asked is `bailiwick actions rules`, who is told of alerts `bailiwick notifications`.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, set := cmd.Context(), cmd.Flags().Changed("tell-hidden-alerts")
			var now centreSettings
			var err error
			switch {
			case p.server != "" && set:
				err = p.call(ctx, http.MethodPut, "/api/v1/settings", map[string]bool{"tellHiddenAlerts": tell}, &now)
			case p.server != "":
				err = p.call(ctx, http.MethodGet, "/api/v1/settings", nil, &now)
			default:
				err = p.within(ctx, func(c *centre) error {
					var s store.Settings
					if set {
						s, err = c.investigation.SetSettings(ctx, local(), "", tell)
					} else {
						s, err = c.investigation.Settings(ctx, local())
					}
					now = centreSettings{s.TellHidden, s.UpdatedBy, s.Updated, investigation.SettingsTag(s)}
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(now, now.print)
		},
	}
	cmd.Flags().BoolVar(&tell, "tell-hidden-alerts", false, "tell who sees a part of an incident how many alerts of it they do not see (S9)")
	return cmd
}

func (s centreSettings) print(w io.Writer) {
	if s.TellHidden {
		fmt.Fprintln(w, "who sees a part of an incident is told how many alerts of it they do not see")
	} else {
		fmt.Fprintln(w, "who sees a part of an incident is not told how many alerts of it they do not see")
	}
	if s.UpdatedBy != "" {
		fmt.Fprintf(w, "  %-14s %s by %s\n", "changed", s.Updated.UTC().Format(time.RFC3339), oneLine(s.UpdatedBy))
	}
}
