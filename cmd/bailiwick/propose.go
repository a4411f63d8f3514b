package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

// The answer in the form that the API gives it.
type (
	proposals struct {
		Items      []proposal       `json:"items"`
		Impossible []impossiblePart `json:"impossible"`
	}
	proposal struct {
		Workload    rbac.Workload   `json:"workload"`
		DataSources []rbac.Workload `json:"dataSources,omitempty"`
		Asked       []openedPart    `json:"asked"`
		Sets        []permissionSet `json:"sets"`
		Closest     *closestRole    `json:"closest,omitempty"`
		AlsoOpens   []openedPart    `json:"alsoOpens,omitempty"`
	}
	permissionSet struct {
		Permissions []string     `json:"permissions"`
		InsteadOf   [][]string   `json:"insteadOf"`
		Opens       []openedPart `json:"opens"`
		AlsoOpens   []openedPart `json:"alsoOpens"`
	}
	openedPart struct {
		Capability rbac.Capability `json:"capability"`
		Workload   rbac.Workload   `json:"workload"`
	}
	closestRole struct {
		ID       string        `json:"id"`
		Name     string        `json:"name"`
		Workload rbac.Workload `json:"workload"`
	}
	impossiblePart struct {
		openedPart
		Reason   string `json:"reason"`
		Sentence string `json:"sentence"`
	}
)

func (p *program) proposeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "propose CAPABILITY:WORKLOAD...",
		Short: "Give the least permissions for what people must be able to do",
		Long: "Each CAPABILITY:WORKLOAD is one thing that people must be able to do, such as actions.remediate:office365. For the roles of each\n" +
			"product it prints every set of permissions that does it and opens least besides, and the closest role there is.\n" +
			"Exits with 1 if no role gives a part of it.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var outcome []openedPart
			for _, arg := range args {
				var o openedPart
				capability, workload, _ := strings.Cut(arg, ":")
				if err := o.Capability.UnmarshalText([]byte(capability)); err != nil {
					return fmt.Errorf("%s: %w: want CAPABILITY:WORKLOAD", arg, err)
				}
				if err := o.Workload.UnmarshalText([]byte(workload)); err != nil {
					return fmt.Errorf("%s: %w: want CAPABILITY:WORKLOAD", arg, err)
				}
				outcome = append(outcome, o)
			}
			found, err := p.propose(cmd.Context(), outcome)
			if err != nil {
				return err
			}
			if err := p.answer(found, func(w io.Writer) { writeProposals(w, found) }); err != nil {
				return err
			}
			if len(found.Impossible) > 0 {
				return errNo
			}
			return nil
		},
	}
}

func (p *program) propose(ctx context.Context, outcome []openedPart) (proposals, error) {
	found := proposals{Items: []proposal{}, Impossible: []impossiblePart{}}
	if p.server != "" {
		return found, p.call(ctx, http.MethodPost, "/api/v1/access/propose", map[string]any{"outcome": outcome}, &found)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return found, err
	}
	defer c.close()
	s, err := c.permissions.Snapshot(ctx)
	if err != nil {
		return found, err
	}
	var asked []rbac.Opened
	for _, o := range outcome {
		asked = append(asked, rbac.Opened{Workload: o.Workload, Capability: o.Capability})
	}
	list, impossible := s.Propose(asked)
	for _, one := range list {
		item := proposal{Workload: one.Workload, DataSources: one.Sources, Asked: parts(one.Asked)}
		for _, set := range one.Sets {
			item.Sets = append(item.Sets, permissionSet{set.Permissions, set.InsteadOf, parts(set.Opens), parts(set.AlsoOpens)})
		}
		if r, ok := s.Role(one.Closest); ok {
			item.Closest, item.AlsoOpens = &closestRole{permissions.RoleID(r), r.Name, r.Workload}, parts(one.AlsoOpens)
		}
		found.Items = append(found.Items, item)
	}
	for _, i := range impossible {
		found.Impossible = append(found.Impossible, impossiblePart{
			openedPart{i.Capability, i.Workload}, string(i.Reason), catalog.Needs(i.Capability, i.Workload, s.Activations()),
		})
	}
	return found, nil
}

func parts(list []rbac.Opened) []openedPart {
	out := []openedPart{}
	for _, o := range list {
		out = append(out, openedPart{o.Capability, o.Workload})
	}
	return out
}

func writeProposals(w io.Writer, found proposals) {
	say := func(list []openedPart) string {
		var words []string
		for _, o := range list {
			words = append(words, o.Capability.String()+":"+o.Workload.String())
		}
		return strings.Join(words, ", ")
	}
	for _, p := range found.Items {
		fmt.Fprintf(w, "%s, for %s\n", catalog.WorkloadTitle(p.Workload), say(p.Asked))
		if len(p.DataSources) > 0 {
			var sources []string
			for _, s := range p.DataSources {
				sources = append(sources, s.String())
			}
			fmt.Fprintf(w, "  as one unified role, assigned for %s\n", strings.Join(sources, ", "))
		}
		for _, set := range p.Sets {
			fmt.Fprintf(w, "  permissions: %s\n", strings.Join(set.Permissions, ", "))
			for i, others := range set.InsteadOf {
				if len(others) > 0 {
					fmt.Fprintf(w, "    instead of %s also: %s\n", set.Permissions[i], strings.Join(others, ", "))
				}
			}
			if len(set.AlsoOpens) == 0 {
				fmt.Fprintln(w, "    exactly that")
			} else {
				fmt.Fprintf(w, "    also opens %s\n", say(set.AlsoOpens))
			}
		}
		if p.Closest != nil {
			fmt.Fprintf(w, "  closest role there is: %s", p.Closest.Name)
			if len(p.AlsoOpens) > 0 {
				fmt.Fprintf(w, ", which also opens %s", say(p.AlsoOpens))
			}
			fmt.Fprintln(w)
		}
	}
	for _, i := range found.Impossible {
		fmt.Fprintf(w, "%s:%s: no role of a product gives it: %s\n", i.Capability, i.Workload, i.Sentence)
	}
}
