package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/permissions/reports"
)

func (p *program) reportCommand() *cobra.Command {
	var q reports.Query
	var workload, capability string
	cmd := &cobra.Command{
		Use:   "report roles|assignments|matrix|role-matrix",
		Short: "Write roles, assignments or who may do what as CSV, or with -o json as JSON",
		Long: "A matrix is of people by what they may do; a role-matrix of roles by what whoever has one and nothing else may do. In CSV no cell\n" +
			"can be a formula. Each report is recorded. Filters other than --workload are of a matrix.",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: reports.Kinds,
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Of, q.Format = args[0], reports.CSV
			if p.output == "json" {
				q.Format = reports.JSON
			}
			if workload != "" {
				if err := q.Workload.UnmarshalText([]byte(workload)); err != nil {
					return refuse("--workload: %v", err)
				}
			}
			if capability != "" {
				if err := q.Capability.UnmarshalText([]byte(capability)); err != nil {
					return refuse("--capability: %v", err)
				}
			}
			return p.report(cmd.Context(), q)
		},
	}
	f := cmd.Flags()
	f.StringVar(&workload, "workload", "", "only this `WORKLOAD`")
	f.StringVar(&capability, "capability", "", "only this `CAPABILITY`")
	f.StringVar(&q.DeviceGroup, "device-group", "", "ask endpoint on this device `GROUP`; without it, on the whole workload")
	f.StringVar(&q.Group, "group", "", "only members of this `GROUP`")
	f.StringVar(&q.Role, "role", "", "only who has the role with this `ID` now; of roles, only this one")
	f.StringVar(&q.Principal, "user", "", "only this user, by `UPN`")
	f.StringVar(&q.Search, "search", "", "only with this `TEXT` in name or display name")
	f.BoolVar(&q.OnlyHas, "only-has", false, "only rows that may do something of what is asked")
	return cmd
}

func (p *program) report(ctx context.Context, q reports.Query) error {
	if p.server != "" {
		return p.reportFromServer(ctx, q)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return err
	}
	defer c.close()
	report, err := reports.Take(ctx, c.permissions, local(), q)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.out)
	if err := report.Write(out); err != nil {
		return err
	}
	return out.Flush()
}

func (p *program) reportFromServer(ctx context.Context, q reports.Query) error {
	ask := url.Values{"of": {q.Of}, "format": {q.Format}}
	for name, value := range map[string]string{"workload": q.Workload.String(), "capability": q.Capability.String(), "deviceGroup": q.DeviceGroup,
		"group": q.Group, "role": q.Role, "principal": strings.ToLower(q.Principal), "q": q.Search} {
		if value != "" {
			ask.Set(name, value)
		}
	}
	if q.OnlyHas {
		ask.Set("onlyHas", strconv.FormatBool(true))
	}
	answer, err := p.do(ctx, http.MethodGet, "/api/v1/reports?"+ask.Encode(), "", nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(p.out, answer.Body)
	return err
}
