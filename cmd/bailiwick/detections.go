package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// What the API tells of custom detections, as far as the command line does.
type (
	toldDetection struct {
		ID      string           `json:"id"`
		Name    string           `json:"name"`
		State   string           `json:"state"`
		Paused  string           `json:"pausedReason,omitempty"`
		Owner   string           `json:"owner"`
		Period  string           `json:"period"`
		All     bool             `json:"allDevices"`
		Groups  []string         `json:"deviceGroups"`
		Tables  []string         `json:"tables"`
		Query   string           `json:"query"`
		Last    *toldDetectedRun `json:"lastRun,omitempty"`
		LastRun time.Time        `json:"lastRunDateTime,omitzero"`
		Next    time.Time        `json:"nextRunDateTime,omitzero"`
		Updated time.Time        `json:"lastUpdateDateTime"`
		By      string           `json:"updatedBy"`
		Etag    string           `json:"etag"`
	}
	toldDetections struct {
		Items []toldDetection `json:"items"`
		Total int             `json:"total"`
		Next  string          `json:"next,omitempty"`
	}
	toldDetectedRun struct {
		From     time.Time `json:"from"`
		To       time.Time `json:"to"`
		Kind     string    `json:"kind"`
		Status   string    `json:"status"`
		Started  time.Time `json:"startDateTime"`
		Rows     int64     `json:"rows"`
		Alerts   int64     `json:"alerts"`
		Known    int64     `json:"known"`
		Left     int64     `json:"left"`
		Actions  int64     `json:"actions"`
		Refused  int64     `json:"refused"`
		Millis   int64     `json:"milliseconds"`
		Error    string    `json:"error,omitempty"`
		AlertIDs []string  `json:"alertIds,omitempty"`
	}
	toldDetectedRuns struct {
		Items []toldDetectedRun `json:"items"`
		Total int64             `json:"total"`
	}
)

const (
	detectionsPath = "/api/v1/detections"
	rulesOfGraph   = "/beta/security/rules/detectionRules"
)

func (p *program) detectionsCommand() *cobra.Command {
	parent := &cobra.Command{
		Use: "detections", Aliases: []string{"detection"}, Short: "Custom detections: queries that are asked again and again, and make alerts of what they find",
		Long: "Custom detections: queries that are asked again and again, and make alerts of what they find. Each runs with its owner's rights.\n" +
			"A file has one as Microsoft Graph writes it (detectionRule), as JSON or YAML; `show -o json` gives it so.",
	}
	parent.AddCommand(p.listDetectionsCommand(), p.showDetectionCommand(), p.createDetectionCommand(), p.updateDetectionCommand(), p.enableDetectionCommand(true), p.enableDetectionCommand(false),
		p.handOverDetectionCommand(), p.runDetectionCommand(), p.detectionRunsCommand(), p.removeDetectionCommand())
	return parent
}

func tellDetection(i detection.Item) toldDetection {
	d := i.Detection
	period, _ := detection.PeriodOf(d.Period)
	t := toldDetection{
		ID: d.ID, Name: d.Name, State: "on", Owner: d.Owner, Period: period.Name, All: d.AllDevices, Groups: append([]string{}, d.Groups...), Tables: append([]string{}, d.Tables...),
		Query: d.Query, LastRun: d.Last.Started, Updated: d.Updated, By: d.UpdatedBy, Etag: detection.Tag(d),
	}
	switch {
	case !d.On:
		t.State = "off"
	case d.Paused != "":
		t.State, t.Paused = "paused", d.Paused
	default:
		t.Next = d.Turn.Due
	}
	if i.Knows && !d.Last.Started.IsZero() {
		run := tellDetectedRun(d.Last)
		t.Last = &run
	}
	return t
}

func tellDetectedRun(r store.DetectionRun) toldDetectedRun {
	return toldDetectedRun{
		From: r.From, To: r.To, Kind: r.Kind, Status: r.Status, Started: r.Started, Rows: r.Rows, Alerts: r.Alerts, Known: r.Known, Left: r.Left, Actions: r.Actions, Refused: r.Refused,
		Millis: r.Milliseconds, Error: r.Error, AlertIDs: r.AlertIDs,
	}
}

func (d toldDetection) print(w io.Writer) {
	where := "all devices"
	if !d.All {
		where = strings.Join(d.Groups, ", ")
	}
	fmt.Fprintf(w, "%s  %s\n", oneLine(d.Name), d.State)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-10s %s\n", name, value)
		}
	}
	line("id", d.ID)
	line("why", oneLine(d.Paused))
	line("owner", oneLine(d.Owner))
	line("period", d.Period)
	line("scope", oneLine(where))
	line("reads", strings.Join(d.Tables, ", "))
	if !d.Next.IsZero() {
		line("next run", d.Next.UTC().Format(time.RFC3339))
	}
	if d.Last != nil {
		line("last run", d.Last.line())
	}
	fmt.Fprintf(w, "\n%s\n", d.Query)
}

func (r toldDetectedRun) line() string {
	text := fmt.Sprintf("%s %s: %d rows, %d alerts, %d actions", r.Started.UTC().Format(time.RFC3339), r.Status, r.Rows, r.Alerts, r.Actions)
	if r.Error != "" {
		text += " (" + oneLine(r.Error) + ")"
	}
	return text
}

func (p *program) detections(ctx context.Context) (toldDetections, error) {
	list := toldDetections{Items: []toldDetection{}}
	if p.server != "" {
		return list, p.call(ctx, http.MethodGet, detectionsPath+"?limit=1000", nil, &list)
	}
	err := p.within(ctx, func(c *centre) error {
		page, err := c.detection.List(ctx, local())
		for _, i := range page.Items {
			list.Items = append(list.Items, tellDetection(i))
		}
		list.Total = len(page.Items)
		return err
	})
	return list, err
}

// detection finds one by its id or its name.
func (p *program) detection(ctx context.Context, name string) (toldDetection, error) {
	list, err := p.detections(ctx)
	if err != nil {
		return toldDetection{}, err
	}
	var names []string
	var found []toldDetection
	for _, d := range list.Items {
		if d.ID == name {
			return d, nil
		}
		if strings.EqualFold(d.Name, name) {
			found = append(found, d)
		}
		names = append(names, d.Name)
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return toldDetection{}, fault.NotFound("custom detection", "there is no custom detection %q%s", name, suggest(name, names))
	}
	return toldDetection{}, refuse("there are %d custom detections %q: say which by its id, %s or %s", len(found), name, found[0].ID, found[1].ID)
}

func (p *program) listDetectionsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the custom detections that one may set, and one's own", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.detections(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				for _, d := range list.Items {
					last := "has not run"
					if d.Last != nil {
						last = d.Last.line()
					} else if !d.LastRun.IsZero() {
						last = d.LastRun.UTC().Format(time.RFC3339)
					}
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", oneLine(d.Name), d.State, d.Period, oneLine(d.Owner), last)
				}
				_ = t.Flush()
			})
		},
	}
}

func (p *program) showDetectionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show DETECTION", Short: "Show one, by name or id; as JSON it is what `create` and `update` read", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			d, err := p.detection(ctx, args[0])
			if err != nil {
				return err
			}
			if p.output != "json" {
				return p.answer(d, d.print)
			}
			var rule detection.Rule
			if p.server != "" {
				err = p.call(ctx, http.MethodGet, rulesOfGraph+"/"+url.PathEscape(d.ID), nil, &rule)
			} else {
				err = p.within(ctx, func(c *centre) error {
					i, err := c.detection.Get(ctx, local(), d.ID)
					rule = detection.RuleOf(i)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(rule, nil)
		},
	}
}

// readDetection reads a file with one as JSON or YAML.
func (p *program) readDetection(file string) (json.RawMessage, error) {
	var text []byte
	var err error
	if file == "-" {
		text, err = io.ReadAll(io.LimitReader(p.in, 1<<20))
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, err
	}
	if json.Valid(text) {
		return text, nil
	}
	made, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, refuse("%s: %s", file, yaml.FormatError(err, false, false))
	}
	return made, nil
}

func (p *program) createDetectionCommand() *cobra.Command {
	var file, owner string
	cmd := &cobra.Command{
		Use: "create -f FILE", Short: "Make one; it runs with its owner's rights, and first over the last 30 days", Args: cobra.NoArgs,
		Long: "Make one; it runs with its owner's rights, and first over the last 30 days. With --server the owner is the token's; with --data say --owner.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			text, err := p.readDetection(file)
			if err != nil {
				return err
			}
			var rule detection.Rule
			if p.server != "" {
				if owner != "" {
					return refuse("--owner: with --server the owner is the token's; hand it over afterwards")
				}
				err = p.call(ctx, http.MethodPost, rulesOfGraph, text, &rule)
			} else {
				err = p.within(ctx, func(c *centre) error {
					set, err := detection.ReadRule(text)
					if err != nil {
						return err
					}
					i, err := c.detection.Create(ctx, local(), owner, set)
					rule = detection.RuleOf(i)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(rule, func(w io.Writer) { fmt.Fprintf(w, "made %s  %s\n", oneLine(rule.DisplayName), rule.ID) })
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "a `FILE` with a detectionRule, JSON or YAML; - is standard input")
	cmd.Flags().StringVar(&owner, "owner", "", "the `USER` with whose rights it runs")
	_ = cmd.MarkFlagRequired("file")
	return cmd
}

func (p *program) updateDetectionCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "update DETECTION -f FILE", Short: "Change what the file gives of one, and leave the rest", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			d, err := p.detection(ctx, args[0])
			if err != nil {
				return err
			}
			text, err := p.readDetection(file)
			if err != nil {
				return err
			}
			var rule detection.Rule
			if p.server != "" {
				err = p.call(ctx, http.MethodPatch, rulesOfGraph+"/"+url.PathEscape(d.ID), text, &rule, "If-Match", d.Etag)
			} else {
				err = p.within(ctx, func(c *centre) error {
					i, err := c.detection.Get(ctx, local(), d.ID)
					if err != nil {
						return err
					}
					set, err := detection.ReadRulePatch(i, text)
					if err != nil {
						return err
					}
					i, err = c.detection.Update(ctx, local(), d.ID, d.Etag, set)
					rule = detection.RuleOf(i)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(rule, func(w io.Writer) { fmt.Fprintf(w, "changed %s\n", oneLine(rule.DisplayName)) })
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "a `FILE` with properties of a detectionRule, JSON or YAML; - is standard input")
	_ = cmd.MarkFlagRequired("file")
	return cmd
}
