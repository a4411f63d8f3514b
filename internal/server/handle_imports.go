package server

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// shownSteps is how many steps of an import are told one by one: of more, nobody reads all.
const shownSteps = 1000

// PlanImport tells what importing exports would do.
func (h *handlers) PlanImport(ctx context.Context, r api.PlanImportRequestObject) (api.PlanImportResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, err
	}
	in, err := importOf("imports.plan", *r.Body)
	if err != nil {
		return nil, err
	}
	plan, err := h.Permissions.PlanImport(ctx, web.CallerOf(ctx).Actor(), in)
	if err != nil {
		return nil, err
	}
	return api.PlanImport200JSONResponse(importPlanOf(asker.Snapshot, plan)), nil
}

// ApplyImport imports them.
func (h *handlers) ApplyImport(ctx context.Context, r api.ApplyImportRequestObject) (api.ApplyImportResponseObject, error) {
	asker, err := h.asker(ctx)
	if err != nil {
		return nil, err
	}
	if err := asker.ViewsRoles(); err != nil {
		return nil, h.refused(ctx, "imports.apply", err)
	}
	in, err := importOf("imports.apply", *r.Body)
	if err != nil {
		return nil, err
	}
	plan, err := h.Permissions.ApplyImport(ctx, web.CallerOf(ctx).Actor(), in)
	if err != nil {
		return nil, err
	}
	return api.ApplyImport200JSONResponse(importPlanOf(asker.Snapshot, plan)), nil
}

func importOf(op string, b api.Import) (permissions.Import, error) {
	in := permissions.Import{
		Product: imports.Product(b.Product), Partial: b.Partial, Conflicts: imports.Choice(b.Conflicts), Choices: map[string]imports.Choice{}, Revision: b.Revision,
	}
	for id, c := range b.Choices {
		in.Choices[id] = imports.Choice(c)
	}
	for i, f := range b.Files {
		if (f.Text == "") == (len(f.Base64) == 0) {
			return in, fault.Invalid(op, "the file %q has its contents in one of text and base64", f.Name).
				WithDetails(fault.Detail{Where: "/files/" + strconv.Itoa(i), Problem: "has both or neither", Want: "text, or base64"})
		}
		data := f.Base64
		if f.Text != "" {
			data = []byte(f.Text)
		}
		in.Files = append(in.Files, imports.File{Name: f.Name, Data: data})
	}
	return in, nil
}

func importPlanOf(s *rbac.Snapshot, p permissions.ImportPlan) api.ImportPlan {
	out := api.ImportPlan{
		Product: string(p.Product), Steps: []api.ImportStep{}, Counts: map[string]int{}, Notes: orEmpty(p.Notes), Conflicts: len(p.Open()),
		Users: changesOf(s, nil, p.Changes), Total: len(p.Changes.Users), Gaining: p.Gaining(), Losing: p.Losing(), Later: laterOf(s, nil, p.Later), More: p.More,
		Moves: p.Moves, Allowed: p.Allowed, Reason: p.Reason, Revision: p.Revision,
		NotEligible: each(p.Out, func(o imports.Ineligible) api.NotEligible {
			return api.NotEligible{Kind: string(o.Kind), Name: o.Name, Place: o.At.String(), Why: o.Why}
		}),
	}
	steps := slices.Clone(p.Steps)
	slices.SortStableFunc(steps, func(a, b imports.Step) int {
		first := map[bool]int{true: 0, false: 1}
		return cmp.Compare(first[a.Action == imports.Conflict], first[b.Action == imports.Conflict])
	})
	for _, step := range steps {
		out.Counts[string(step.Action)]++
		if step.Action == imports.Same || len(out.Steps) == shownSteps {
			continue
		}
		one := api.ImportStep{ID: step.ID, Kind: api.ImportStepKind(step.Kind), Title: step.Title, Action: api.ImportStepAction(step.Action), Why: step.Why}
		if step.At.File != "" {
			one.Place = step.At.String()
		}
		if step.Mine != "" {
			one.Mine = json.RawMessage(step.Mine)
		}
		if step.Theirs != "" {
			one.Theirs = json.RawMessage(step.Theirs)
		}
		out.Steps = append(out.Steps, one)
	}
	return out
}

// originOf tells which import made an object.
func (h *handlers) originOf(ctx context.Context, s *rbac.Snapshot, kind imports.Kind, key string) *api.Origin {
	found, ok := h.Permissions.Origin(ctx, s, imports.ID(kind, imports.Key(key)))
	if !ok {
		return nil
	}
	return &api.Origin{Product: found.Product, File: found.File, At: found.At, Kept: found.Kept != ""}
}
