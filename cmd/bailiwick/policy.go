package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/rbac"
)

// policyPlan is what a policy file changes, in the form that the API gives it.
type policyPlan struct {
	Summary  []string     `json:"summary"`
	Warnings []string     `json:"warnings,omitempty"`
	Users    []userChange `json:"users"`
	Total    int          `json:"total"`
	Revision int64        `json:"revision"`
}

type userChange struct {
	User   string   `json:"user"`
	Gains  []access `json:"gains"`
	Losses []access `json:"losses"`
}

type access struct {
	Workload     rbac.Workload   `json:"workload"`
	Capability   rbac.Capability `json:"capability"`
	Everywhere   bool            `json:"everywhere"`
	DeviceGroups []string        `json:"deviceGroups,omitempty"`
}

// policyFile is the question that plan and apply put to a server.
type policyFile struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	Prune bool   `json:"prune"`
}

func (p *program) planCommand() *cobra.Command {
	return p.policyCommand("plan", "Tell what a policy file would change, and who would gain or lose what", func(plan policyPlan, w io.Writer) {
		writePlan(w, plan, "would ")
	})
}

func (p *program) applyCommand() *cobra.Command {
	return p.policyCommand("apply", "Make it so as a policy file says: all of it, or nothing", func(plan policyPlan, w io.Writer) {
		writePlan(w, plan, "")
	})
}

// policyCommand is what plan and apply have in common.
func (p *program) policyCommand(verb, short string, write func(policyPlan, io.Writer)) *cobra.Command {
	var file string
	var prune bool
	cmd := &cobra.Command{
		Use:   verb + " -f FILE",
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := p.readPolicy(file)
			if err != nil {
				return err
			}
			plan, err := p.usePolicy(cmd.Context(), verb, policyFile{file, string(text), prune})
			if err != nil {
				return err
			}
			return p.answer(plan, func(w io.Writer) { write(plan, w) })
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "policy `FILE`; - for standard input")
	cmd.Flags().BoolVar(&prune, "prune", false, "also remove what the file does not have")
	_ = cmd.MarkFlagRequired("file")
	return cmd
}

// readPolicy reads the file, unless it is larger than any policy.
func (p *program) readPolicy(file string) ([]byte, error) {
	from := p.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, refuse("read the policy file: %w", err)
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, policyfile.MaxSize+1))
	if err != nil {
		return nil, refuse("read the policy file %s: %w", file, err)
	}
	if len(text) > policyfile.MaxSize {
		return nil, refuse("read the policy file %s: it is larger than %d MB", file, policyfile.MaxSize>>20)
	}
	return text, nil
}

func (p *program) usePolicy(ctx context.Context, verb string, f policyFile) (policyPlan, error) {
	var plan policyPlan
	if p.server != "" {
		return plan, p.call(ctx, http.MethodPost, "/api/v1/policy/"+verb, f, &plan)
	}
	if verb == "plan" {
		return p.planLocally(ctx, f)
	}
	return p.applyLocally(ctx, f)
}

func writePlan(w io.Writer, plan policyPlan, would string) {
	for _, line := range plan.Warnings {
		fmt.Fprintf(w, "warning: %s\n", line)
	}
	if len(plan.Summary) == 0 {
		fmt.Fprintln(w, "no change")
		return
	}
	for _, line := range plan.Summary {
		fmt.Fprintln(w, line)
	}
	if len(plan.Users) == 0 {
		fmt.Fprintf(w, "\nnobody %sgain%s or lose%s anything\n", would, plural(would), plural(would))
		return
	}
	fmt.Fprintf(w, "\n%d %s %schange in what they may do:\n", plan.Total, map[bool]string{true: "person", false: "people"}[plan.Total == 1], would)
	for _, u := range plan.Users {
		fmt.Fprintf(w, "  %s\n", u.User)
		for _, line := range sentences(u.Gains) {
			fmt.Fprintf(w, "    + %s\n", line)
		}
		for _, line := range sentences(u.Losses) {
			fmt.Fprintf(w, "    - %s\n", line)
		}
	}
	if rest := plan.Total - len(plan.Users); rest > 0 {
		fmt.Fprintf(w, "  and %d more\n", rest)
	}
}

func plural(would string) string {
	if would == "" {
		return "s"
	}
	return ""
}

// sentences tells accesses with one line for each place: what is held in the same workload on the same device groups
// stands together.
func sentences(list []access) []string {
	var places []string
	held := map[string][]string{}
	for _, a := range list {
		place := a.Workload.String()
		if !a.Everywhere && len(a.DeviceGroups) > 0 {
			place += " on " + strings.Join(a.DeviceGroups, ", ")
		}
		if held[place] == nil {
			places = append(places, place)
		}
		held[place] = append(held[place], a.Capability.String())
	}
	var lines []string
	for _, place := range places {
		lines = append(lines, place+": "+strings.Join(held[place], ", "))
	}
	return lines
}

func (p *program) exportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Print the policy that is in force, as a policy file",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := p.export(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(map[string]string{"policy": string(text)}, func(w io.Writer) { _, _ = w.Write(text) })
		},
	}
}
