package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

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
	Gaining  int          `json:"gaining"`
	Losing   int          `json:"losing"`
	Later    []later      `json:"later,omitempty"`
	More     bool         `json:"more,omitempty"`
	Moves    []string     `json:"moves,omitempty"`
	Revision int64        `json:"revision"`

	Fingerprint string `json:"fingerprint,omitempty"`
}

// later is what changes at a moment to come.
type later struct {
	At    time.Time    `json:"at"`
	Users []userChange `json:"users"`
	Total int          `json:"total"`
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

	Plan *plannedOn `json:"plan,omitempty"` // apply only on this policy
}

// plannedOn is the policy that a plan was made on.
type plannedOn struct {
	Revision    int64  `json:"revision"`
	Fingerprint string `json:"fingerprint"`
}

func (p *program) planCommand() *cobra.Command {
	var from source
	var out string
	var gate bool
	cmd := &cobra.Command{
		Use:   "plan -f FILE",
		Short: "Tell what a policy file would change, and who would gain or lose what",
		Long: "With --out the plan is written to a file that `bailiwick apply PLAN` carries out: exactly that, on exactly the policy that it was\n" +
			"made on, or not at all. With --no-new-access the exit code is 2 if anybody would gain anything, now or later: the gate for a\n" +
			"pull request.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := p.readFrom(from)
			if err != nil {
				return err
			}
			plan, err := p.usePolicy(cmd.Context(), "plan", f)
			if err != nil {
				return err
			}
			if out != "" {
				if err := writePlanFile(out, f, plan); err != nil {
					return err
				}
			}
			if err := p.answer(plan, func(w io.Writer) { writePlan(w, plan, "would ") }); err != nil || !gate {
				return err
			}
			return noNewAccess(plan)
		},
	}
	from.flags(cmd)
	cmd.Flags().StringVar(&out, "out", "", "write the plan to `PLAN`, for apply")
	cmd.Flags().BoolVar(&gate, "no-new-access", false, "refuse (exit 2) if anybody would gain anything")
	return cmd
}

// noNewAccess refuses a plan by which somebody gains something. Devices that may move count: who reaches the groups that
// they move to would see them.
func noNewAccess(plan policyPlan) error {
	switch {
	case plan.Gaining > 0:
		return refuse("--no-new-access: %s would gain something", counted(plan.Gaining, "person", "people"))
	case len(plan.Moves) > 0:
		return refuse("--no-new-access: rules or ranks of device groups change: devices may move to %s, and be seen by who reaches them", strings.Join(plan.Moves, ", "))
	case plan.More:
		return refuse("--no-new-access: more begins and ends later than was looked at")
	}
	return nil
}

func (p *program) applyCommand() *cobra.Command {
	var from source
	cmd := &cobra.Command{
		Use:   "apply -f FILE | apply PLAN",
		Short: "Make it so as a policy file says, or carry out a plan: all of it, or nothing",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var f policyFile
			var err error
			switch {
			case len(args) == 1 && (from.file != "" || from.prune):
				return errors.New("a plan says itself what file it is of and whether it prunes: want PLAN, or -f FILE")
			case len(args) == 1:
				var said policyPlan
				if f, said, err = p.readPlanFile(args[0]); err == nil {
					err = p.sameAsPlanned(cmd.Context(), f, said)
				}
			case from.file == "":
				return errors.New("want -f FILE, or a PLAN that `bailiwick plan --out` wrote")
			default:
				f, err = p.readFrom(from)
			}
			if err != nil {
				return err
			}
			plan, err := p.usePolicy(cmd.Context(), "apply", f)
			if err != nil {
				return err
			}
			return p.answer(plan, func(w io.Writer) { writePlan(w, plan, "") })
		},
	}
	from.flags(cmd)
	return cmd
}

// source is the policy file that a command is about.
type source struct {
	file  string
	prune bool
}

func (s *source) flags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&s.file, "file", "f", "", "policy `FILE`; - for standard input")
	cmd.Flags().BoolVar(&s.prune, "prune", false, "also remove what the file does not have")
}

func (p *program) readFrom(s source) (policyFile, error) {
	if s.file == "" {
		return policyFile{}, errors.New("want -f FILE")
	}
	text, err := p.readPolicy(s.file)
	return policyFile{Name: s.file, Text: string(text), Prune: s.prune}, err
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
	if len(plan.Users) == 0 && len(plan.Later) == 0 {
		fmt.Fprintf(w, "\nnobody %sgain%s or lose%s anything\n", would, plural(would), plural(would))
		return
	}
	if len(plan.Users) > 0 {
		fmt.Fprintf(w, "\n%s %schange in what they may do:\n", counted(plan.Total, "person", "people"), would)
		writeUsers(w, plan.Users, plan.Total)
	}
	for _, l := range plan.Later {
		fmt.Fprintf(w, "\n%s %schange from %s on:\n", counted(l.Total, "person", "people"), would, l.At.Format(time.RFC3339))
		writeUsers(w, l.Users, l.Total)
	}
	if plan.More {
		fmt.Fprintln(w, "\nand more begins and ends later than was looked at")
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func writeUsers(w io.Writer, users []userChange, total int) {
	for _, u := range users {
		fmt.Fprintf(w, "  %s\n", u.User)
		for _, line := range sentences(u.Gains) {
			fmt.Fprintf(w, "    + %s\n", line)
		}
		for _, line := range sentences(u.Losses) {
			fmt.Fprintf(w, "    - %s\n", line)
		}
	}
	if rest := total - len(users); rest > 0 {
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
