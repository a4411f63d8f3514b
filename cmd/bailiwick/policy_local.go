package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/rbac"
)

// planLocally plans on the data directory; without one, on an empty policy, for a plan makes nothing.
func (p *program) planLocally(ctx context.Context, f policyFile) (policyPlan, error) {
	c, err := p.openToPlan(ctx)
	if err != nil {
		return policyPlan{}, err
	}
	defer c.close()
	file, err := policyfile.Parse(f.Name, []byte(f.Text))
	if err != nil {
		return policyPlan{}, err
	}
	plan, err := c.permissions.PlanPolicy(ctx, local(), file, f.Prune)
	return planned(plan), err
}

// openToPlan opens the data to ask what would be. Where there is none yet, that is asked of an empty policy.
func (p *program) openToPlan(ctx context.Context) (*centre, error) {
	if _, err := os.Stat(p.data); !errors.Is(err, os.ErrNotExist) {
		return p.open(ctx, opening{})
	}
	dir, err := os.MkdirTemp("", "bailiwick-plan-")
	if err != nil {
		return nil, fmt.Errorf("plan on an empty policy: %w", err)
	}
	there := p.data
	p.data = dir
	c, err := p.open(ctx, opening{create: true})
	p.data = there
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	c.temporary = true
	return c, nil
}

func (p *program) applyLocally(ctx context.Context, f policyFile) (policyPlan, error) {
	c, err := p.open(ctx, opening{create: true})
	if err != nil {
		return policyPlan{}, err
	}
	defer c.close()
	return c.applyPolicy(ctx, local(), f)
}

// applyPolicy applies a policy file.
func (c *centre) applyPolicy(ctx context.Context, actor audit.Actor, f policyFile) (policyPlan, error) {
	file, err := policyfile.Parse(f.Name, []byte(f.Text))
	if err != nil {
		return policyPlan{}, err
	}
	var plan permissions.PolicyPlan
	if f.Plan != nil {
		plan, err = c.permissions.ApplyPlan(ctx, actor, file, f.Prune, f.Plan.Revision, permissions.Fingerprint(f.Plan.Fingerprint))
	} else {
		plan, err = c.permissions.ApplyPolicy(ctx, actor, file, f.Prune)
	}
	return planned(plan), err
}

func (p *program) export(ctx context.Context) ([]byte, error) {
	if p.server != "" {
		return p.fetch(ctx, http.MethodGet, "/api/v1/policy")
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.permissions.ExportPolicy(ctx, local())
}

// planned puts a plan into the form that the API gives it.
func planned(plan permissions.PolicyPlan) policyPlan {
	out := policyPlan{
		Summary: append([]string{}, plan.Summary...), Warnings: plan.Warnings, Users: changed(plan.Changes), Total: len(plan.Changes.Users),
		Gaining: plan.Gaining(), Losing: plan.Losing(), More: plan.More, Moves: plan.Moves, Revision: plan.Revision, Fingerprint: string(plan.On),
	}
	for _, l := range plan.Later {
		out.Later = append(out.Later, later{l.At, changed(l.Changes), len(l.Changes.Users)})
	}
	return out
}

func changed(c rbac.Changes) []userChange {
	list := []userChange{}
	for _, u := range c.Users {
		list = append(list, userChange{u.User, accesses(u.Gains), accesses(u.Losses)})
	}
	return list
}

func accesses(list []rbac.Access) []access {
	out := []access{}
	for _, a := range list {
		out = append(out, access{a.Workload, a.Capability, a.Everywhere, a.DeviceGroups})
	}
	return out
}
