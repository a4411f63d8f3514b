package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// requirementList is the table in the form that the API gives it.
type requirementList struct {
	Items []requirement `json:"items"`
	Total int           `json:"total"`
}

type requirement struct {
	ID         string          `json:"id"`
	Capability rbac.Capability `json:"capability"`
	Task       string          `json:"task"`
	Part       string          `json:"part,omitempty"`
	Surfaces   []string        `json:"surfaces,omitempty"`
	Cells      []cell          `json:"cells"`
}

type cell struct {
	Workload rbac.Workload `json:"workload"`
	Applies  bool          `json:"applies"`
	AnyOf    []cellEntry   `json:"anyOf"`
	Unified  []cellEntry   `json:"unified,omitempty"`
}

type cellEntry struct {
	Name string `json:"name"`
}

func (p *program) requirementsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "requirements",
		Short: "Print the requirements table: what each task takes in each workload",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.requirements(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { writeRequirements(w, list) })
		},
	}
}

// requirements needs no data: the table is in the program. A server may be of another version, so it is asked.
func (p *program) requirements(ctx context.Context) (requirementList, error) {
	var list requirementList
	if p.server != "" {
		return list, p.call(ctx, http.MethodGet, "/api/v1/requirements", nil, &list)
	}
	for _, r := range catalog.Default().Requirements {
		row := requirement{ID: r.ID, Capability: r.Capability, Task: r.Task, Part: r.Part, Surfaces: r.Surfaces}
		for _, w := range rbac.Workloads {
			c, applies := r.Cells[w]
			entry := cell{Workload: w, Applies: applies, AnyOf: []cellEntry{}}
			for _, name := range c.AnyOf {
				entry.AnyOf = append(entry.AnyOf, cellEntry{name})
			}
			for _, name := range c.Unified {
				entry.Unified = append(entry.Unified, cellEntry{name})
			}
			row.Cells = append(row.Cells, entry)
		}
		list.Items = append(list.Items, row)
	}
	list.Total = len(list.Items)
	return list, nil
}

func writeRequirements(w io.Writer, list requirementList) {
	for _, r := range list.Items {
		fmt.Fprintf(w, "%-4s %s: %s", r.ID, r.Capability, r.Task)
		if r.Part != "" {
			fmt.Fprintf(w, " - %s", r.Part)
		}
		fmt.Fprintln(w)
		for _, c := range r.Cells {
			text := "not applicable"
			if c.Applies {
				text = "nobody"
			}
			if len(c.AnyOf) > 0 {
				var names []string
				for _, e := range c.AnyOf {
					names = append(names, e.Name)
				}
				text = "any one of " + strings.Join(names, ", ")
			}
			fmt.Fprintf(w, "       %-10s %s\n", c.Workload, text)
			for _, e := range c.Unified {
				fmt.Fprintf(w, "       %-10s where unified roles decide: %s\n", "", e.Name)
			}
		}
	}
}
