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
	"github.com/bailiwick/bailiwick/rbac"
)

func (p *program) unifiedCommand() *cobra.Command {
	parent := &cobra.Command{Use: "unified", Short: "Unified roles: where they decide, and what would change if they did"}
	parent.AddCommand(p.unifiedStatusCommand(), p.activateCommand(), p.differencesCommand())
	return parent
}

// workloadState is who decides in a workload, in the form that the API gives it.
type workloadState struct {
	Workload rbac.Workload   `json:"workload"`
	Unified  rbac.Activation `json:"unified"`
}

type workloadStates struct {
	Items []workloadState `json:"items"`
}

func (p *program) unifiedStatusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Tell whose roles decide in each workload",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.workloadStates(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				for _, s := range list.Items {
					fmt.Fprintf(w, "%-10s %-7s %s\n", s.Workload, s.Unified, map[rbac.Activation]string{
						rbac.Off: "the product's own roles decide", rbac.Shadow: "the product's own roles decide; differences are noted", rbac.On: "unified roles decide",
					}[s.Unified])
				}
			})
		},
	}
}

func (p *program) workloadStates(ctx context.Context) (workloadStates, error) {
	var list workloadStates
	if p.server != "" {
		return list, p.call(ctx, http.MethodGet, "/api/v1/workloads", nil, &list)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return list, err
	}
	defer c.close()
	s, err := c.permissions.Snapshot(ctx)
	if err != nil {
		return list, err
	}
	for _, w := range rbac.Workloads {
		list.Items = append(list.Items, workloadState{w, s.Activation(w)})
	}
	return list, nil
}

// activation is what activate did or would do.
type activation struct {
	workloadState
	Done  bool         `json:"done"`
	Users []userChange `json:"users"`
	Total int          `json:"total"`
}

func (p *program) activateCommand() *cobra.Command {
	preview := false
	cmd := &cobra.Command{
		Use:   "activate WORKLOAD off|shadow|on",
		Short: "Say whose roles decide in a workload, and tell who gains and loses what",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			want, err := parseActivation(args)
			if err != nil {
				return err
			}
			a, err := p.activate(cmd.Context(), want, preview)
			if err != nil {
				return err
			}
			return p.answer(a, func(w io.Writer) {
				would := map[bool]string{false: "would ", true: ""}[a.Done]
				plan := policyPlan{Summary: []string{fmt.Sprintf("~ workload %s: unified %s", a.Workload, a.Unified)}, Users: a.Users, Total: a.Total}
				writePlan(w, plan, would)
			})
		},
	}
	cmd.Flags().BoolVar(&preview, "preview", false, "only tell who would gain and lose what")
	return cmd
}

func parseActivation(args []string) (workloadState, error) {
	var s workloadState
	w, ok := rbac.ParseWorkload(args[0])
	if !ok || w == rbac.Other {
		return s, fault.Invalid("activate", "unknown workload %q: want endpoint, office365, cloudapps or identity", args[0])
	}
	s.Workload = w
	if err := s.Unified.UnmarshalText([]byte(strings.ToLower(args[1]))); err != nil {
		return s, fault.Invalid("activate", "%s", err.Error())
	}
	return s, nil
}

func (p *program) activate(ctx context.Context, want workloadState, preview bool) (activation, error) {
	if p.server != "" {
		return p.activateRemotely(ctx, want, preview)
	}
	out := activation{workloadState: want}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return out, err
	}
	defer c.close()
	op := permissions.SetActivation(want.Workload, want.Unified)
	found, err := c.permissions.Preview(ctx, local(), op)
	if err != nil {
		return out, err
	}
	out.Total = len(found.Changes.Users)
	for _, u := range found.Changes.Users {
		out.Users = append(out.Users, userChange{u.User, accesses(u.Gains), accesses(u.Losses)})
	}
	if preview {
		return out, nil
	}
	_, err = c.permissions.Do(ctx, local(), op)
	out.Done = err == nil
	return out, err
}

func (p *program) activateRemotely(ctx context.Context, want workloadState, preview bool) (activation, error) {
	out := activation{workloadState: want}
	var found struct {
		Allowed bool         `json:"allowed"`
		Reason  string       `json:"reason"`
		Users   []userChange `json:"users"`
		Total   int          `json:"total"`
	}
	change := map[string]any{"changes": []any{map[string]any{"setActivation": want}}}
	if err := p.call(ctx, http.MethodPost, "/api/v1/access/preview", change, &found); err != nil {
		return out, err
	}
	if !found.Allowed {
		return out, fault.Denied("activate", "%s", found.Reason)
	}
	out.Users, out.Total = found.Users, found.Total
	if preview {
		return out, nil
	}
	var answer workloadState
	err := p.call(ctx, http.MethodPut, "/api/v1/unified/activation", want, &answer)
	out.Done = err == nil
	return out, err
}

// difference is where unified roles in shadow would have answered otherwise, in the form that the API gives it.
type difference struct {
	User        string          `json:"user"`
	Workload    rbac.Workload   `json:"workload"`
	Capability  rbac.Capability `json:"capability"`
	DeviceGroup string          `json:"deviceGroup,omitempty"`
	Allows      string          `json:"allows"`
	Count       int64           `json:"count"`
	Last        time.Time       `json:"last"`
}

type differenceList struct {
	Items  []difference `json:"items"`
	Total  int          `json:"total"`
	Next   string       `json:"next,omitempty"`
	Missed int64        `json:"missed"`
}

func (p *program) differencesCommand() *cobra.Command {
	workload := ""
	cmd := &cobra.Command{
		Use:   "differences",
		Short: "List where unified roles in shadow would have answered otherwise: by person and capability, how often and when last",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			among := rbac.SetOf(rbac.Workloads...)
			if workload != "" {
				w, ok := rbac.ParseWorkload(workload)
				if !ok || w == rbac.Other {
					return fault.Invalid("list differences", "unknown workload %q: want endpoint, office365, cloudapps or identity", workload)
				}
				among = rbac.SetOf(w)
			}
			list, err := p.differences(cmd.Context(), workload, among)
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { writeDifferences(w, list) })
		},
	}
	cmd.Flags().StringVar(&workload, "workload", "", "only of this `WORKLOAD`")
	return cmd
}

func (p *program) differences(ctx context.Context, workload string, among rbac.WorkloadSet) (differenceList, error) {
	list := differenceList{Items: []difference{}}
	if p.server != "" {
		for {
			var page differenceList
			query := url.Values{"limit": {"1000"}, "cursor": {list.Next}, "workload": {strings.ToLower(workload)}}
			for key := range query {
				if query.Get(key) == "" {
					query.Del(key)
				}
			}
			if err := p.call(ctx, http.MethodGet, "/api/v1/unified/differences?"+query.Encode(), nil, &page); err != nil {
				return list, err
			}
			list = differenceList{append(list.Items, page.Items...), page.Total, page.Next, page.Missed}
			if page.Next == "" {
				return list, nil
			}
		}
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return list, err
	}
	defer c.close()
	report, err := c.permissions.Shadowed(ctx, local(), among)
	for _, d := range report.Items {
		one := difference{d.User, d.Workload, d.Capability, d.DeviceGroup, map[bool]string{false: "own", true: "unified"}[d.Unified], d.Count, d.Last}
		list.Items = append(list.Items, one)
	}
	list.Total = len(list.Items)
	return list, err
}

func writeDifferences(w io.Writer, list differenceList) {
	if len(list.Items) == 0 {
		fmt.Fprintln(w, "no difference: the unified roles would have answered every request alike")
	}
	for _, d := range list.Items {
		where := d.Workload.String()
		if d.DeviceGroup != "" {
			where += " on " + d.DeviceGroup
		}
		says := map[string]string{"own": "allowed now, unified roles would refuse", "unified": "refused now, unified roles would allow"}[d.Allows]
		fmt.Fprintf(w, "%s  %s in %s: %s (%d times, last %s)\n", d.User, d.Capability, where, says, d.Count, d.Last.UTC().Format(time.RFC3339))
	}
	if list.Missed > 0 {
		fmt.Fprintf(w, "%d comparisons were left out, so that requests need not wait\n", list.Missed)
	}
}
