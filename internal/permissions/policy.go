package permissions

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
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
	Changes  rbac.Changes // now
	Later    []rbac.Later // at moments to come, beyond what changes before them
	More     bool         // there are moments to come that Later does not tell of
	Moves    []string     // device groups that may get devices: who reaches them would see those
	Revision int64        // of the policy that it was planned on, or - applied - made
	On       Fingerprint  // of the policy that it was planned on
}

// Gaining counts the people who gain something, now or later.
func (p PolicyPlan) Gaining() int { return gaining(p.Changes, p.Later) }

// Losing counts those who lose something.
func (p PolicyPlan) Losing() int { return losing(p.Changes, p.Later) }

// Gaining counts the people who gain something, now or later.
func (p Preview) Gaining() int { return gaining(p.Changes, p.Later) }

// Losing counts those who lose something.
func (p Preview) Losing() int { return losing(p.Changes, p.Later) }

func gaining(now rbac.Changes, later []rbac.Later) int {
	return people(now, later, func(u rbac.UserChange) bool { return len(u.Gains) > 0 })
}

func losing(now rbac.Changes, later []rbac.Later) int {
	return people(now, later, func(u rbac.UserChange) bool { return len(u.Losses) > 0 })
}

func people(now rbac.Changes, later []rbac.Later, counts func(rbac.UserChange) bool) int {
	names := map[string]bool{}
	for _, c := range append([]rbac.Later{{Changes: now}}, later...) {
		for _, u := range c.Changes.Users {
			if counts(u) {
				names[u.User] = true
			}
		}
	}
	return len(names)
}

// Fingerprint tells two policies apart, whatever their revisions. Empty: of none.
type Fingerprint string

// FingerprintOf reads all of a policy.
func FingerprintOf(s *rbac.Snapshot) (Fingerprint, error) {
	text, err := json.Marshal(s.Policy())
	if err != nil {
		return "", fmt.Errorf("fingerprint the policy: %w", err)
	}
	return Fingerprint(fmt.Sprintf("sha256:%x", sha256.Sum256(text))), nil
}

// PlanPolicy tells what applying a file would do, and whether the actor may: a refusal is the error.
func (s *Service) PlanPolicy(ctx context.Context, actor audit.Actor, f *policyfile.File, prune bool) (PolicyPlan, error) {
	var made PolicyPlan
	var on *rbac.Snapshot
	preview, err := s.Preview(ctx, actor, applyFile("policy.plan", f, prune, &made, func(s *rbac.Snapshot) error { on = s; return nil }))
	if err != nil {
		return PolicyPlan{}, err
	}
	if !preview.Allowed {
		return PolicyPlan{}, fault.Denied("policy.plan", "%s", preview.Reason)
	}
	made.Revision = preview.Revision
	made.Later, made.More = preview.Later, preview.More
	made.On, err = FingerprintOf(on)
	return made, err
}

// ApplyPolicy applies a file: all of it in one transaction, or nothing. Applied again, it changes nothing.
func (s *Service) ApplyPolicy(ctx context.Context, actor audit.Actor, f *policyfile.File, prune bool) (PolicyPlan, error) {
	return s.applyPolicy(ctx, actor, f, prune, nil)
}

// ApplyPlan applies a file that was planned on a certain policy, and on no other: what was reviewed is what is done.
func (s *Service) ApplyPlan(ctx context.Context, actor audit.Actor, f *policyfile.File, prune bool, revision int64, on Fingerprint) (PolicyPlan, error) {
	return s.applyPolicy(ctx, actor, f, prune, func(s *rbac.Snapshot) error {
		if s.Revision() != revision {
			return fault.Conflict("policy.apply", "the plan is stale: it was made on revision %d of the policy, which is at %d now. Plan again, and review what has changed", revision, s.Revision())
		}
		if is, err := FingerprintOf(s); err != nil || is != on {
			return errors.Join(err, fault.Conflict("policy.apply", "the plan was made on another policy than this one. Plan here"))
		}
		return nil
	})
}

func (s *Service) applyPolicy(ctx context.Context, actor audit.Actor, f *policyfile.File, prune bool, fits func(*rbac.Snapshot) error) (PolicyPlan, error) {
	var made PolicyPlan
	result, err := s.Do(ctx, actor, applyFile("policy.apply", f, prune, &made, fits))
	made.Revision = result.Revision
	return made, err
}

// AdoptPolicy writes what a file declares as it is in force: the answer to a drift that is meant to stay. It takes what
// ExportPolicy takes.
func (s *Service) AdoptPolicy(ctx context.Context, actor audit.Actor, f *policyfile.File) ([]byte, error) {
	return s.export(ctx, actor, func(live *rbac.Snapshot) ([]byte, error) { return f.Adopt(live, s.now()) })
}

// ExportPolicy writes the live policy as a file. It shows who has what everywhere, so it takes roles.view everywhere.
func (s *Service) ExportPolicy(ctx context.Context, actor audit.Actor) ([]byte, error) {
	return s.export(ctx, actor, policyfile.Export)
}

func (s *Service) export(ctx context.Context, actor audit.Actor, write func(*rbac.Snapshot) ([]byte, error)) ([]byte, error) {
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
	return write(asker.Snapshot)
}

// applyFile plans a file on the policy as it is when the operation runs, and notes the plan in made. fits, if any, is asked
// whether that is a policy to plan on.
func applyFile(op string, f *policyfile.File, prune bool, made *PolicyPlan, fits func(*rbac.Snapshot) error) Operation {
	return Operation{name: op, plan: func(s *rbac.Snapshot, at time.Time) (proposal, error) {
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
			if fits != nil {
				if stale := fits(s); stale != nil {
					return p, stale // what no longer makes sense did when it was planned
				}
			}
			return p, err
		}
		*made = PolicyPlan{Summary: plan.Summary, Warnings: plan.Warnings, Changes: plan.Changes, Moves: plan.Moves}
		p.edits, p.after = plan.Edits, map[string]any{"prune": prune, "summary": plan.Summary}
		p.needs = needsOf(s, plan.Edits)
		if len(plan.Edits) == 0 {
			p.needs = needsToRead(f)
		}
		if fits != nil {
			return p, fits(s)
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
