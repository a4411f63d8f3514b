package permissions

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/rbac"
)

// PolicyPlan is what a policy file changes.
type PolicyPlan struct {
	Summary  []string // a line for each thing that changes
	Warnings []string
	Changes  rbac.Changes
	Revision int64 // of the policy that it was planned on, or - applied - made
}

// PlanPolicy tells what applying a file would do, and whether the actor may: a refusal is the error.
func (s *Service) PlanPolicy(ctx context.Context, actor audit.Actor, f *policyfile.File, prune bool) (PolicyPlan, error) {
	var made PolicyPlan
	preview, err := s.Preview(ctx, actor, applyFile("policy.plan", f, prune, &made))
	if err != nil {
		return PolicyPlan{}, err
	}
	if !preview.Allowed {
		return PolicyPlan{}, fault.Denied("policy.plan", "%s", preview.Reason)
	}
	made.Revision = preview.Revision
	return made, nil
}

// ApplyPolicy applies a file: all of it in one transaction, or nothing. Applied again, it changes nothing.
func (s *Service) ApplyPolicy(ctx context.Context, actor audit.Actor, f *policyfile.File, prune bool) (PolicyPlan, error) {
	var made PolicyPlan
	result, err := s.Do(ctx, actor, applyFile("policy.apply", f, prune, &made))
	made.Revision = result.Revision
	return made, err
}

// ExportPolicy writes the live policy as a file. It shows who has what everywhere, so it takes roles.view everywhere.
func (s *Service) ExportPolicy(ctx context.Context, actor audit.Actor) ([]byte, error) {
	asker, err := s.Asker(ctx, actor)
	if err != nil {
		return nil, err
	}
	var needs []need
	for w := rbac.Endpoint; w <= rbac.Other; w++ {
		needs = append(needs, need{capability: rbac.ViewRoles, workload: w})
	}
	if err := allowed(asker.Snapshot, actor, "policy.export", needs, s.now()); err != nil {
		return nil, err
	}
	return policyfile.Export(asker.Snapshot)
}

// applyFile plans a file on the policy as it is when the operation runs, and notes the plan in made.
func applyFile(op string, f *policyfile.File, prune bool, made *PolicyPlan) Operation {
	return Operation{op, func(s *rbac.Snapshot, at time.Time) (proposal, error) {
		p := proposal{object: "policy:" + f.Name, needs: []need{{capability: rbac.ManageSettings, workload: rbac.Other}}}
		plan, err := f.Plan(s, policyfile.Options{Prune: prune, At: at, NewID: newID})
		if err != nil {
			// What is wrong with it is for those who may change what it is about.
			for i, w := range f.Workloads() {
				p.needs = append(p.needs[:i], need{capability: rbac.ManageRoles, workload: w})
			}
			if f.Spans() {
				p.needs = append(p.needs, need{capability: rbac.ManageRoles, workload: rbac.Other})
			}
			return p, err
		}
		*made = PolicyPlan{Summary: plan.Summary, Warnings: plan.Warnings, Changes: plan.Changes}
		p.edits, p.after = plan.Edits, map[string]any{"prune": prune, "summary": plan.Summary}
		p.needs = needsOf(s, plan.Edits)
		if len(plan.Edits) == 0 {
			p.needs = needsToRead(f)
		}
		return p, nil
	}}
}

// needsOf is what each of the edits takes; a plan that changes nothing takes the least of them.
func needsOf(s *rbac.Snapshot, edits []rbac.Edit) []need {
	var needs []need
	add := func(n need) {
		for _, known := range needs {
			if known == n {
				return
			}
		}
		needs = append(needs, n)
	}
	addAll := func(list []need) {
		for _, n := range list {
			add(n)
		}
	}
	for _, e := range edits {
		switch e := e.(type) {
		case rbac.PutRole:
			addAll(aboutRole(s, e.Role).needs)
		case rbac.RemoveRole:
			addAll(aboutRole(s, rbac.Role{Workload: e.Role.Workload, Name: e.Role.Name}).needs)
		case rbac.PutAssignment:
			addAll(about(s, e.Assignment.Role, e.Assignment.Sources).needs)
		case rbac.RemoveAssignment:
			if a, ok := s.Assignment(e.ID); ok {
				addAll(about(s, a.Role, a.Sources).needs)
			}
		case rbac.SetDeviceGroups:
			add(need{capability: rbac.ManageSettings, workload: rbac.Endpoint})
		default:
			add(need{capability: rbac.ManageSettings, workload: rbac.Other})
		}
	}
	return needs
}

// needsToRead is what it takes to be told that a file changes nothing: that tells what there is.
func needsToRead(f *policyfile.File) []need {
	var needs []need
	for _, w := range f.Sees() {
		needs = append(needs, need{capability: rbac.ViewRoles, workload: w})
	}
	return needs
}
