package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

// comparison is what two sides have, in the form that the API gives it.
type comparison struct {
	Left        comparedSide      `json:"left"`
	Right       comparedSide      `json:"right"`
	Same        bool              `json:"same"`
	Permissions three[heldPart]   `json:"permissions"`
	Opens       three[openedPart] `json:"opens"`
	Effect      three[access]     `json:"effect"`
	LeftOut     []rbac.Workload   `json:"leftOut,omitempty"`
}

type comparedSide struct {
	Key      string        `json:"key"`
	Title    string        `json:"title"`
	Role     string        `json:"role,omitempty"`
	Workload rbac.Workload `json:"workload,omitzero"`
	Notes    []string      `json:"notes"`
}

type heldPart struct {
	Workload   rbac.Workload `json:"workload,omitzero"`
	Permission string        `json:"permission"`
}

// three are the columns of a comparison.
type three[T any] struct {
	Left  []T `json:"left"`
	Both  []T `json:"both"`
	Right []T `json:"right"`
}

func (p *program) compareCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compare LEFT RIGHT",
		Short: "Hold two roles, two versions of one, or two people against each other",
		Long: "LEFT and RIGHT are role:WORKLOAD/NAME or role:ID, either with @REVISION for a version (bailiwick roles history), user:NAME or\n" +
			"group:NAME. Prints what only one of them has, in permissions and in effect. Exits with 1 if they differ.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			found, err := p.compare(cmd.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			if err := p.answer(found, func(w io.Writer) { writeComparison(w, found) }); err != nil {
				return err
			}
			if !found.Same {
				return errNo
			}
			return nil
		},
	}
}

func (p *program) compare(ctx context.Context, left, right string) (comparison, error) {
	var found comparison
	if p.server != "" {
		query := url.Values{"left": {left}, "right": {right}}
		return found, p.call(ctx, http.MethodGet, "/api/v1/access/compare?"+query.Encode(), nil, &found)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return found, err
	}
	defer c.close()
	asker, err := c.permissions.Asker(ctx, local())
	if err != nil {
		return found, err
	}
	made, err := asker.Contrast(ctx, left, right)
	if err != nil {
		return found, err
	}
	l, b, r := made.Contrast.Left, made.Contrast.Both, made.Contrast.Right
	return comparison{
		Left: comparedOf(made.Left), Right: comparedOf(made.Right), Same: made.Same(),
		Permissions: three[heldPart]{heldParts(l), heldParts(b), heldParts(r)},
		Opens:       three[openedPart]{parts(l.Opens), parts(b.Opens), parts(r.Opens)},
		Effect:      three[access]{accesses(l.Effect), accesses(b.Effect), accesses(r.Effect)},
	}, nil
}

func comparedOf(s permissions.Side) comparedSide {
	return comparedSide{s.Key, s.Title, s.Role, s.Workload, append([]string{}, s.Notes...)}
}

func heldParts(s rbac.Standing) []heldPart {
	list := []heldPart{}
	for _, h := range s.Permissions {
		list = append(list, heldPart{h.Workload, h.Permission})
	}
	return list
}

func writeComparison(w io.Writer, c comparison) {
	if c.Same {
		fmt.Fprintf(w, "%s and %s: no difference\n", c.Left.Title, c.Right.Title)
	}
	held := func(list []heldPart) (lines []string) {
		for _, h := range list {
			if h.Workload == rbac.NoWorkload {
				lines = append(lines, "global role "+h.Permission)
			} else {
				lines = append(lines, h.Permission+" in "+catalog.WorkloadTitle(h.Workload))
			}
		}
		return lines
	}
	for _, column := range []struct {
		title  string
		held   []heldPart
		effect []access
	}{
		{"only " + c.Left.Title, c.Permissions.Left, c.Effect.Left},
		{"only " + c.Right.Title, c.Permissions.Right, c.Effect.Right},
		{"both", c.Permissions.Both, c.Effect.Both},
	} {
		if len(column.held)+len(column.effect) == 0 {
			continue
		}
		fmt.Fprintf(w, "%s:\n", column.title)
		for _, line := range held(column.held) {
			fmt.Fprintf(w, "  permission %s\n", line)
		}
		for _, line := range sentences(column.effect) {
			fmt.Fprintf(w, "  opens %s\n", line)
		}
	}
	for _, side := range []comparedSide{c.Left, c.Right} {
		for _, note := range side.Notes {
			fmt.Fprintf(w, "not counted for %s: %s\n", side.Title, note)
		}
	}
	if len(c.LeftOut) > 0 {
		var names []string
		for _, w := range c.LeftOut {
			names = append(names, w.String())
		}
		fmt.Fprintf(w, "left out, since you do not view their roles: %s\n", strings.Join(names, ", "))
	}
}
