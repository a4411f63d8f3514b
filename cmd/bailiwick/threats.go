package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/server"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/store"
)

const threatsPath = "/api/v1/threat-analytics/reports"

func (p *program) threatsCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:     "threats",
		Aliases: []string{"threat"},
		Short:   "Threat analytics: reports, and what each means to the organisation as far as one may know",
		Long: "Threat analytics: reports, and what each means to the organisation as far as one may know. `load` takes reports in. A part that is\n" +
			"not part of one's access says so; a zero is a zero.",
	}
	parent.AddCommand(p.listThreatsCommand(), p.showThreatCommand(), p.threatIncidentsCommand(), p.threatAssetsCommand(), p.threatDevicesCommand(), p.threatMailCommand(), p.removeThreatCommand())
	return parent
}

func (p *program) listThreatsCommand() *cobra.Command {
	var q analytics.Query
	cmd := &cobra.Command{
		Use: "list", Short: "List reports, the last updated first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for i, s := range q.Severities {
				q.Severities[i] = strings.ToLower(s)
			}
			list, err := p.threats(cmd.Context(), q)
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { printThreats(w, list) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.OrderBy, "order-by", "updated", "order by `FIELD`: "+strings.Join(analytics.Orders, ", "))
	f.StringVar(&q.Direction, "order", "", "`asc` or desc; titles begin with A, all else with the greatest, unless it is said")
	f.StringSliceVar(&q.Severities, "severity", nil, "of these `SEVERITIES`, with commas")
	f.StringSliceVar(&q.Types, "type", nil, "of these `TYPES`, with commas")
	f.StringSliceVar(&q.Tags, "tag", nil, "with any of these `TAGS`, with commas")
	f.StringVar(&q.Search, "search", "", "with this `TEXT` in id, title, type, tags, actors, techniques, detections or vulnerabilities")
	p.limitFlag(cmd, &q.Limit)
	return cmd
}

// limitFlag takes how many rows a list has at most, and refuses what is no such number.
func (p *program) limitFlag(cmd *cobra.Command, limit *int) {
	cmd.Flags().IntVar(limit, "limit", 50, "at most `N`")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if *limit < 1 || *limit > 1000 {
			return refuse("--limit %d: want 1 to 1000", *limit)
		}
		return nil
	}
}

func (p *program) threats(ctx context.Context, q analytics.Query) (api.ThreatReportList, error) {
	list := api.ThreatReportList{Items: []api.ThreatReport{}}
	if p.server != "" {
		query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
		for name, value := range map[string]string{
			"orderby": q.OrderBy, "order": q.Direction, "severity": strings.Join(q.Severities, ","), "type": strings.Join(q.Types, ","), "tag": strings.Join(q.Tags, ","), "search": q.Search,
		} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return list, p.call(ctx, http.MethodGet, threatsPath+"?"+query.Encode(), nil, &list)
	}
	err := p.within(ctx, func(c *centre) error {
		page, err := c.analytics.List(ctx, local(), q)
		for _, i := range page.Items {
			list.Items = append(list.Items, server.ThreatReport(i))
		}
		list.Total = page.Total
		return err
	})
	return list, err
}

func (p *program) showThreatCommand() *cobra.Command {
	var text bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show one report: what it is, and each of its parts as far as one may know", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := p.threat(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return p.answer(r, func(w io.Writer) {
				printThreat(w, r)
				if text {
					printThreatText(w, r)
				}
			})
		},
	}
	cmd.Flags().BoolVar(&text, "text", false, "and the analysts' text, as they wrote it")
	return cmd
}

func (p *program) threat(ctx context.Context, id string) (r api.ThreatReport, err error) {
	if p.server != "" {
		return r, p.call(ctx, http.MethodGet, threatsPath+"/"+url.PathEscape(id), nil, &r)
	}
	err = p.within(ctx, func(c *centre) error {
		i, err := c.analytics.Find(ctx, local(), id)
		if err == nil {
			r = server.WholeThreatReport(i)
		}
		return err
	})
	return r, err
}

// threatPart asks for a list of one part of a report: from the server, or by ask on the data itself.
func threatPart[L any](p *program, ctx context.Context, id, part string, query url.Values, list *L, ask func(*centre) error) error {
	if p.server != "" {
		return p.call(ctx, http.MethodGet, threatsPath+"/"+url.PathEscape(id)+"/"+part+"?"+query.Encode(), nil, list)
	}
	return p.within(ctx, ask)
}

func (p *program) threatIncidentsCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "incidents ID", Short: "The incidents of a report's alerts, the newest alert first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, list := cmd.Context(), api.ReportIncidentList{Items: []api.ReportIncident{}}
			err := threatPart(p, ctx, args[0], "incidents", url.Values{"limit": {strconv.Itoa(limit)}}, &list, func(c *centre) error {
				rows, total, err := c.analytics.Incidents(ctx, local(), args[0], 0, limit)
				for _, i := range rows {
					list.Items = append(list.Items, server.RelatedIncident(i))
				}
				list.Total = total
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { printThreatIncidents(w, list) })
		},
	}
	p.limitFlag(cmd, &limit)
	return cmd
}

func (p *program) threatAssetsCommand() *cobra.Command {
	var kind string
	var limit int
	cmd := &cobra.Command{
		Use: "assets ID", Short: "What a report's alerts are about, those with most alerts first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(analytics.Kinds, kind) {
				return refuse("--kind %q: want one of %s%s", kind, strings.Join(analytics.Kinds, ", "), suggest(kind, analytics.Kinds))
			}
			ctx, list := cmd.Context(), api.ReportAssetList{Items: []api.ReportAsset{}}
			err := threatPart(p, ctx, args[0], "assets", url.Values{"kind": {kind}, "limit": {strconv.Itoa(limit)}}, &list, func(c *centre) error {
				rows, total, err := c.analytics.Assets(ctx, local(), args[0], kind, store.AssetPlace{}, limit)
				for _, a := range rows {
					list.Items = append(list.Items, server.ImpactedAsset(a))
				}
				list.Total = total
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { printThreatAssets(w, list) })
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "device", "`KIND`: "+strings.Join(analytics.Kinds, ", "))
	p.limitFlag(cmd, &limit)
	return cmd
}

func (p *program) threatDevicesCommand() *cobra.Command {
	var mitigation string
	var limit int
	cmd := &cobra.Command{
		Use: "devices ID", Short: "The devices on which a mitigation of a report is missing", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			query := url.Values{"limit": {strconv.Itoa(limit)}}
			if mitigation != "" {
				query.Set("mitigation", mitigation)
			}
			ctx, list := cmd.Context(), api.ExposedDeviceList{Items: []api.ExposedDevice{}}
			err := threatPart(p, ctx, args[0], "exposed-devices", query, &list, func(c *centre) error {
				rows, total, err := c.analytics.Exposed(ctx, local(), args[0], mitigation, store.ExposedPlace{}, limit)
				for _, d := range rows {
					list.Items = append(list.Items, server.ExposedDevice(d))
				}
				list.Total = total
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { printThreatDevices(w, list) })
		},
	}
	cmd.Flags().StringVar(&mitigation, "mitigation", "", "without the mitigation of this `ID`; any, if left out")
	p.limitFlag(cmd, &limit)
	return cmd
}

func (p *program) threatMailCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "mail ID", Short: "The messages with what a report is about that were blocked or junked in the last 7 days", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, list := cmd.Context(), api.PreventedMailList{Items: []api.PreventedMail{}}
			err := threatPart(p, ctx, args[0], "mail", url.Values{"limit": {strconv.Itoa(limit)}}, &list, func(c *centre) error {
				rows, total, err := c.analytics.Prevented(ctx, local(), args[0], store.MailPlace{}, limit)
				for _, m := range rows {
					list.Items = append(list.Items, server.PreventedMail(m))
				}
				list.Total = total
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { printThreatMail(w, list) })
		},
	}
	p.limitFlag(cmd, &limit)
	return cmd
}

func (p *program) removeThreatCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "Forget a report; loading it again brings it back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			if p.server != "" {
				answer, err := p.do(ctx, http.MethodDelete, threatsPath+"/"+url.PathEscape(args[0]), "", nil)
				if err != nil {
					return err
				}
				answer.Body.Close()
			} else if err := p.within(ctx, func(c *centre) error { return c.analytics.Remove(ctx, local(), args[0]) }); err != nil {
				return err
			}
			return p.answer(map[string]string{"removed": args[0]}, func(w io.Writer) { fmt.Fprintf(w, "removed %s\n", args[0]) })
		},
	}
}
