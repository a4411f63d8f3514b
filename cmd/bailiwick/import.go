package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
)

// importQuestion is the question that an import puts to a server.
type importQuestion struct {
	Product   string            `json:"product"`
	Files     []importFile      `json:"files"`
	Partial   bool              `json:"partial,omitempty"`
	Conflicts string            `json:"conflicts,omitempty"`
	Choices   map[string]string `json:"choices,omitempty"`
	Revision  int64             `json:"revision,omitempty"`
}

type importFile struct {
	Name   string `json:"name"`
	Base64 []byte `json:"base64"`
}

// importPlan is what an import does, in the form that the API gives it.
type importPlan struct {
	Product     string         `json:"product"`
	Steps       []importStep   `json:"steps"`
	Counts      map[string]int `json:"counts"`
	NotEligible []notEligible  `json:"notEligible"`
	Notes       []string       `json:"notes"`
	Conflicts   int            `json:"conflicts"`
	Users       []userChange   `json:"users"`
	Total       int            `json:"total"`
	Gaining     int            `json:"gaining"`
	Losing      int            `json:"losing"`
	Later       []later        `json:"later,omitempty"`
	More        bool           `json:"more,omitempty"`
	Moves       []string       `json:"moves,omitempty"`
	Allowed     bool           `json:"allowed"`
	Reason      string         `json:"reason,omitempty"`
	Revision    int64          `json:"revision"`
}

type importStep struct {
	ID     string          `json:"id"`
	Kind   string          `json:"kind"`
	Title  string          `json:"title"`
	Place  string          `json:"place,omitempty"`
	Action string          `json:"action"`
	Why    string          `json:"why,omitempty"`
	Mine   json.RawMessage `json:"mine,omitempty"`
	Theirs json.RawMessage `json:"theirs,omitempty"`
}

type notEligible struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Place string `json:"place"`
	Why   string `json:"why"`
}

func (p *program) importCommand() *cobra.Command {
	var q importQuestion
	var mine, theirs []string
	var apply, gate bool
	cmd := &cobra.Command{
		Use:   "import PRODUCT FILE...",
		Short: "Bring in the roles, members and people that another product exports",
		Long: "PRODUCT is one of " + strings.Join(productNames(), ", ") + "; FILE... are its exports, JSON or CSV, all that are needed to understand one another.\n" +
			"Without --apply nothing is written: it tells what is eligible and what is not, what conflicts with changes made here, and who would gain or\n" +
			"lose what. An import made again updates what it made, and removes what the exports no longer have; with --partial it removes nothing.\n" +
			"docs/import.md says how to make the exports.",
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Product = args[0]
			q.Choices = map[string]string{}
			for _, id := range mine {
				q.Choices[id] = string(imports.Mine)
			}
			for _, id := range theirs {
				q.Choices[id] = string(imports.Theirs)
			}
			if !slices.Contains(productNames(), q.Product) {
				return fmt.Errorf("%q is no product: want one of %s", q.Product, strings.Join(productNames(), ", "))
			}
			if q.Conflicts != "" && q.Conflicts != string(imports.Mine) && q.Conflicts != string(imports.Theirs) {
				return fmt.Errorf("--conflicts %s: want mine or theirs", q.Conflicts)
			}
			for _, name := range args[1:] {
				f, err := p.readExport(name)
				if err != nil {
					return err
				}
				q.Files = append(q.Files, f)
			}
			plan, err := p.useImport(cmd.Context(), q, apply && !gate)
			if err == nil && gate {
				if err = noNewAccess(policyPlan{Gaining: plan.Gaining, Moves: plan.Moves, More: plan.More}); err == nil && apply {
					q.Revision = plan.Revision
					plan, err = p.useImport(cmd.Context(), q, true)
				}
			}
			if err != nil {
				return err
			}
			return p.answer(plan, func(w io.Writer) { writeImport(w, plan, apply) })
		},
	}
	f := cmd.Flags()
	f.BoolVar(&q.Partial, "partial", false, "the exports are not all that the product has: remove nothing")
	f.StringVar(&q.Conflicts, "conflicts", "", "for all conflicts: `WHOSE` state to take, mine (as it is here) or theirs (as the export has it)")
	f.StringArrayVar(&mine, "mine", nil, "leave the object of this `ID` as it is here")
	f.StringArrayVar(&theirs, "theirs", nil, "make the object of this `ID` as the export has it")
	f.Int64Var(&q.Revision, "revision", 0, "only on this `REVISION` of the policy, which the preview told")
	f.BoolVar(&apply, "apply", false, "do it")
	f.BoolVar(&gate, "no-new-access", false, "refuse (exit 2) if anybody would gain anything")
	return cmd
}

func productNames() []string {
	var names []string
	for _, p := range imports.Products {
		names = append(names, string(p))
	}
	return names
}

// readExport reads a file, unless it is larger than any export.
func (p *program) readExport(name string) (importFile, error) {
	from := p.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return importFile{}, refuse("read the export: %w", err)
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, imports.MaxSize+1))
	if err != nil {
		return importFile{}, refuse("read the export %s: %w", name, err)
	}
	if len(data) > imports.MaxSize {
		return importFile{}, refuse("read the export %s: it is larger than %d MB", name, imports.MaxSize>>20)
	}
	if len(data) == 0 {
		return importFile{}, refuse("read the export %s: it is empty", name)
	}
	return importFile{name, data}, nil
}

func (p *program) useImport(ctx context.Context, q importQuestion, apply bool) (importPlan, error) {
	var plan importPlan
	verb := map[bool]string{false: "plan", true: "apply"}[apply]
	if p.server != "" {
		return plan, p.call(ctx, http.MethodPost, "/api/v1/imports/"+verb, q, &plan)
	}
	in := permissions.Import{
		Product: imports.Product(q.Product), Partial: q.Partial, Conflicts: imports.Choice(q.Conflicts), Choices: map[string]imports.Choice{}, Revision: q.Revision,
	}
	for id, c := range q.Choices {
		in.Choices[id] = imports.Choice(c)
	}
	for _, f := range q.Files {
		in.Files = append(in.Files, imports.File{Name: f.Name, Data: f.Base64})
	}
	if !apply {
		c, err := p.openToPlan(ctx)
		if err != nil {
			return plan, err
		}
		defer c.close()
		made, err := c.permissions.PlanImport(ctx, local(), in)
		if err != nil {
			return plan, err
		}
		return importPlanned(made), nil
	}
	c, err := p.open(ctx, opening{create: true})
	if err != nil {
		return plan, err
	}
	defer c.close()
	made, err := c.permissions.ApplyImport(ctx, local(), in)
	if err != nil {
		return plan, err
	}
	return importPlanned(made), nil
}

// importPlanned puts a plan into the form that the API gives it.
func importPlanned(p permissions.ImportPlan) importPlan {
	out := importPlan{
		Product: string(p.Product), Steps: []importStep{}, Counts: map[string]int{}, NotEligible: []notEligible{}, Notes: append([]string{}, p.Notes...),
		Conflicts: len(p.Open()), Users: changed(p.Changes), Total: len(p.Changes.Users), Gaining: p.Gaining(), Losing: p.Losing(), More: p.More, Moves: p.Moves,
		Allowed: p.Allowed, Reason: p.Reason, Revision: p.Revision,
	}
	for _, l := range p.Later {
		out.Later = append(out.Later, later{l.At, changed(l.Changes), len(l.Changes.Users)})
	}
	for _, o := range p.Out {
		out.NotEligible = append(out.NotEligible, notEligible{string(o.Kind), o.Name, o.At.String(), o.Why})
	}
	for _, s := range p.Steps {
		out.Counts[string(s.Action)]++
		if s.Action == imports.Same {
			continue
		}
		one := importStep{ID: s.ID, Kind: string(s.Kind), Title: s.Title, Action: string(s.Action), Why: s.Why, Mine: json.RawMessage(s.Mine), Theirs: json.RawMessage(s.Theirs)}
		if s.At.File != "" {
			one.Place = s.At.String()
		}
		out.Steps = append(out.Steps, one)
	}
	return out
}

var importMarks = map[string]string{"create": "+", "update": "~", "remove": "-", "keep": "=", "conflict": "!"}

func writeImport(w io.Writer, plan importPlan, applied bool) {
	would := "would "
	if applied {
		would = ""
	}
	for _, o := range plan.NotEligible {
		fmt.Fprintf(w, "not eligible: %s %s: %s (%s)\n", o.Kind, oneLine(o.Name), oneLine(o.Why), o.Place)
	}
	for _, note := range plan.Notes {
		fmt.Fprintf(w, "note: %s\n", oneLine(note))
	}
	for _, s := range plan.Steps {
		fmt.Fprintf(w, "%s %s %s", importMarks[s.Action], s.Kind, oneLine(s.Title))
		if s.Why != "" {
			fmt.Fprintf(w, ": %s", oneLine(s.Why))
		}
		fmt.Fprintln(w)
		if s.Action == "conflict" {
			fmt.Fprintf(w, "    here:   %s\n    export: %s\n    decide: --mine %q or --theirs %q\n", oneLine(orNothing(s.Mine)), oneLine(orNothing(s.Theirs)), s.ID, s.ID)
		}
	}
	if rest := total(plan.Counts) - plan.Counts["same"] - len(plan.Steps); rest > 0 {
		fmt.Fprintf(w, "and %d more\n", rest)
	}
	if total(plan.Counts) == plan.Counts["same"] {
		fmt.Fprintln(w, "no change")
	}
	if len(plan.Moves) > 0 {
		fmt.Fprintf(w, "warning: devices may move to %s, and be seen by who reaches them\n", strings.Join(plan.Moves, ", "))
	}
	if len(plan.Users) > 0 {
		fmt.Fprintf(w, "\n%s %schange in what they may do:\n", counted(plan.Total, "person", "people"), would)
		writeUsers(w, plan.Users, plan.Total)
	} else {
		fmt.Fprintf(w, "\nnobody %sgain%s or lose%s anything\n", would, plural(would), plural(would))
	}
	for _, l := range plan.Later {
		fmt.Fprintf(w, "\n%s %schange from %s on:\n", counted(l.Total, "person", "people"), would, l.At.Format(time.RFC3339))
		writeUsers(w, l.Users, l.Total)
	}
	switch {
	case applied:
	case !plan.Allowed:
		fmt.Fprintf(w, "\nnot allowed: %s\n", plan.Reason)
	case plan.Conflicts > 0:
		fmt.Fprintf(w, "\n%s to decide before it can be applied\n", counted(plan.Conflicts, "conflict", "conflicts"))
	case plan.Revision == 0:
		fmt.Fprintln(w, "\nnothing is written yet: add --apply")
	default:
		fmt.Fprintf(w, "\nnothing is written yet: add --apply --revision %d\n", plan.Revision)
	}
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

func orNothing(state json.RawMessage) string {
	if len(state) == 0 {
		return "nothing"
	}
	return string(state)
}
