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

	"github.com/bailiwick/bailiwick/internal/investigation"
)

// member is an alert of an incident and how it came into it, in the form that the API gives it.
type member struct {
	Alert   string     `json:"alert"`
	How     string     `json:"how,omitempty"`
	From    string     `json:"from,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	Because []tie      `json:"because,omitempty"`
}

type tie struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Alert string `json:"alert"`
}

func (p *program) incidentsCommand() *cobra.Command {
	parent := &cobra.Command{Use: "incidents", Short: "List, count, merge and split incidents, see what holds one together, and how alerts are joined", Args: cobra.NoArgs}
	parent.AddCommand(p.listQueueCommand(incidentQueue), p.facetsCommand(incidentQueue), p.mergeCommand(), p.splitCommand(), p.membersCommand(), p.correlationCommand())
	return parent
}

func (p *program) membersCommand() *cobra.Command {
	return &cobra.Command{
		Use: "members INCIDENT", Short: "Tell how each alert came into an incident, and what ties it to the others", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var found struct {
				Items []member `json:"items"`
			}
			err := p.overServerOr(cmd.Context(), http.MethodGet, "/api/v1/incidents/"+url.PathEscape(args[0])+"/members", nil, &found, func(c *centre) error {
				list, err := c.investigation.IncidentMembers(cmd.Context(), local(), args[0])
				for _, m := range list {
					found.Items = append(found.Items, memberOf(m))
				}
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(found, func(w io.Writer) {
				for _, m := range found.Items {
					fmt.Fprintln(w, oneLine(m.String()))
				}
			})
		},
	}
}

// overServerOr asks the server, or does the same on the data.
func (p *program) overServerOr(ctx context.Context, method, path string, body, into any, onData func(*centre) error) error {
	if p.server != "" {
		return p.call(ctx, method, path, body, into)
	}
	return p.within(ctx, onData)
}

func memberOf(m investigation.Member) member {
	out := member{Alert: m.Alert, How: string(m.How), From: m.From}
	if !m.At.IsZero() {
		out.At = &m.At
	}
	for _, t := range m.Ties {
		out.Because = append(out.Because, tie{string(t.Kind), t.Key, t.With})
	}
	return out
}

// String says it in a line.
func (m member) String() string {
	switch m.How {
	case "record":
		return m.Alert + ": its record names the incident"
	case "opened":
		return m.Alert + ": the incident was opened for it"
	case "correlated":
		var ties []string
		for _, t := range m.Because {
			ties = append(ties, fmt.Sprintf("it shares %s %s with %s", t.Kind, t.Name, t.Alert))
		}
		if len(ties) == 0 {
			return m.Alert + ": joined"
		}
		return m.Alert + ": joined because " + strings.Join(ties, ", and ")
	case "linked":
		return m.Alert + ": somebody made it of rows that they had hunted down"
	case "merged", "split":
		from := ""
		if m.From != "" {
			from = " from incident " + m.From
		}
		return m.Alert + ": " + m.How + from
	}
	return m.Alert
}

func (p *program) correlationCommand() *cobra.Command {
	var window time.Duration
	cmd := &cobra.Command{
		Use: "correlation", Short: "Show or change how far apart alerts may be to be joined by what they share", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, set := cmd.Context(), cmd.Flags().Changed("window")
			setting := struct {
				WindowMinutes int `json:"windowMinutes"`
			}{int(window / time.Minute)}
			var err error
			if set {
				if window%time.Minute != 0 {
					return refuse("set the correlation window: %s: want whole minutes", window)
				}
				err = p.overServerOr(ctx, http.MethodPut, "/api/v1/correlation", setting, &setting, func(c *centre) error {
					return c.investigation.SetCorrelation(ctx, local(), "", window)
				})
			} else {
				err = p.overServerOr(ctx, http.MethodGet, "/api/v1/correlation", nil, &setting, func(c *centre) error {
					now, _, err := c.investigation.Correlation(ctx, local())
					setting.WindowMinutes = int(now / time.Minute)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(setting, func(w io.Writer) {
				if setting.WindowMinutes == 0 {
					fmt.Fprintln(w, "no alert joins another: each that comes without an incident has one of its own")
					return
				}
				fmt.Fprintf(w, "alerts that come without an incident join one by what they share within %s\n", time.Duration(setting.WindowMinutes)*time.Minute)
			})
		},
	}
	cmd.Flags().DurationVar(&window, "window", 0, "how far apart, such as 24h; 0: not at all")
	return cmd
}
