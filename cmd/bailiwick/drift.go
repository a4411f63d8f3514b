package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
)

// driftCommand compares the policy in force with the one that a file declares.
func (p *program) driftCommand() *cobra.Command {
	var from source
	var adopt, revert bool
	cmd := &cobra.Command{
		Use:   "drift -f FILE",
		Short: "Tell where the policy in force is not what a policy file declares: exit code 1 if it is not",
		Long: "--revert makes the policy as the file declares. --adopt writes the objects that differ as they are in force, in their place; the\n" +
			"file as it was is kept beside it as FILE.orig.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if adopt && revert {
				return errors.New("--adopt and --revert are two answers: want one of them")
			}
			if adopt && (from.file == "-" || from.prune) {
				return errors.New("--adopt writes FILE anew with what it declares: it goes neither with the standard input nor with --prune")
			}
			f, err := p.readFrom(from)
			if err != nil {
				return err
			}
			plan, err := p.usePolicy(cmd.Context(), "plan", f)
			if err != nil {
				return err
			}
			if len(plan.Summary) == 0 {
				return p.answer(drifted(plan), func(w io.Writer) { fmt.Fprintln(w, "no drift") })
			}
			switch {
			case adopt:
				return p.adopt(cmd.Context(), f, plan)
			case revert:
				f.Plan = &plannedOn{plan.Revision, plan.Fingerprint} // what was shown is what is reverted
				done, err := p.usePolicy(cmd.Context(), "apply", f)
				if err != nil {
					return err
				}
				return p.answer(done, func(w io.Writer) { writePlan(w, done, "") })
			}
			err = p.answer(drifted(plan), func(w io.Writer) {
				fmt.Fprintf(w, "the policy in force is not what %s declares; to make it so (--revert):\n\n", from.file)
				writePlan(w, plan, "would ")
			})
			return errors.Join(err, errNo)
		},
	}
	from.flags(cmd)
	cmd.Flags().BoolVar(&adopt, "adopt", false, "write FILE anew, with what it declares as it is in force")
	cmd.Flags().BoolVar(&revert, "revert", false, "make the policy as FILE declares")
	return cmd
}

// drifted is the answer in JSON.
func drifted(plan policyPlan) any {
	return struct {
		Drift bool `json:"drift"`
		policyPlan
	}{len(plan.Summary) > 0, plan}
}

func (p *program) adopt(ctx context.Context, f policyFile, plan policyPlan) error {
	text, err := p.asInForce(ctx, f)
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.Name+".orig", []byte(f.Text), 0o600); err != nil {
		return fmt.Errorf("keep the file as it was: %w", err)
	}
	if err := os.WriteFile(f.Name, text, 0o600); err != nil {
		return fmt.Errorf("adopt: %w", err)
	}
	return p.answer(map[string]any{"file": f.Name, "kept": f.Name + ".orig", "summary": plan.Summary}, func(w io.Writer) {
		fmt.Fprintf(w, "%s declares what is in force now; as it was it is kept as %s.orig\n", f.Name, f.Name)
	})
}

// asInForce is the file with what it declares as it is in force.
func (p *program) asInForce(ctx context.Context, f policyFile) ([]byte, error) {
	if p.server != "" {
		return p.fetchFor(ctx, http.MethodPost, "/api/v1/policy/adopt", f)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return nil, err
	}
	defer c.close()
	file, err := policyfile.Parse(f.Name, []byte(f.Text))
	if err != nil {
		return nil, err
	}
	return c.permissions.AdoptPolicy(ctx, local(), file)
}
