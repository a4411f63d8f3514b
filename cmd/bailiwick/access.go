package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/rbac"
)

// question is what can and explain ask.
type question struct {
	Principal   string          `json:"principal"`
	Capability  rbac.Capability `json:"capability"`
	Workload    rbac.Workload   `json:"workload"`
	DeviceGroup string          `json:"deviceGroup,omitempty"`
}

func (p *program) canCommand() *cobra.Command {
	var group string
	cmd := &cobra.Command{
		Use:   "can UPN CAPABILITY WORKLOAD",
		Short: "Tell whether somebody may, and why",
		Long:  "Prints allowed or denied, and why. Exits with 0 for yes and 1 for no.",
		Args:  cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.ask(cmd.Context(), args, group, writeVerdict)
		},
	}
	cmd.Flags().StringVar(&group, "device-group", "", "ask about this device `GROUP`; without it, about the whole workload")
	return cmd
}

func (p *program) explainCommand() *cobra.Command {
	var group string
	cmd := &cobra.Command{
		Use:   "explain UPN CAPABILITY WORKLOAD",
		Short: "Tell every path that opens it, or what is missing and the smallest remedy",
		Args:  cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.ask(cmd.Context(), args, group, writeExplanation)
		},
	}
	cmd.Flags().StringVar(&group, "device-group", "", "ask about this device `GROUP`; without it, about the whole workload")
	return cmd
}

// ask puts the question to the data or the server, writes the answer, and is errNo for a deny.
func (p *program) ask(ctx context.Context, args []string, group string, write func(io.Writer, explanation)) error {
	q := question{Principal: args[0], DeviceGroup: group}
	if err := q.Capability.UnmarshalText([]byte(args[1])); err != nil {
		known := make([]string, len(rbac.Capabilities))
		for i, c := range rbac.Capabilities {
			known[i] = c.String()
		}
		return fmt.Errorf("%w%s", err, suggest(args[1], known))
	}
	if err := q.Workload.UnmarshalText([]byte(args[2])); err != nil {
		return err
	}
	var e explanation
	var err error
	if p.server != "" {
		err = p.call(ctx, http.MethodPost, "/api/v1/access/explain", q, &e)
	} else {
		e, err = p.explainLocally(ctx, q)
	}
	if err != nil {
		return err
	}
	if err := p.answer(e, func(w io.Writer) { write(w, e) }); err != nil {
		return err
	}
	if !e.Allowed {
		return errNo
	}
	return nil
}

func (p *program) explainLocally(ctx context.Context, q question) (explanation, error) {
	c, err := p.open(ctx, opening{})
	if err != nil {
		return explanation{}, err
	}
	defer c.close()
	snapshot, err := c.permissions.Snapshot(ctx)
	if err != nil {
		return explanation{}, err
	}
	resource := rbac.Resource{Workloads: []rbac.Workload{q.Workload}}
	if q.DeviceGroup != "" {
		resource.DeviceGroups = []string{q.DeviceGroup}
	}
	return explained(q, snapshot.Explain(rbac.Request{Principal: q.Principal, Capability: q.Capability, Resource: resource, At: p.now()})), nil
}
