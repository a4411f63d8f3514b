package permissions

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions/imports"
	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Import is what is to be brought in, and how.
type Import struct {
	Product   imports.Product
	Files     []imports.File
	Partial   bool // not all that the product has: nothing is removed
	Conflicts imports.Choice
	Choices   map[string]imports.Choice // by the object's ID
	Revision  int64                     // apply on this revision of the policy only; 0: on any
}

// ImportPlan is what an import does.
type ImportPlan struct {
	*imports.Plan
	Changes  rbac.Changes // now
	Later    []rbac.Later // at moments to come
	More     bool         // there are moments to come that Later does not tell of
	Moves    []string     // device groups that may get devices which they did not have
	Allowed  bool
	Reason   string // why not
	Revision int64  // of the policy that it was planned on, or - applied - made
}

// Gaining counts the people who gain something, now or later.
func (p ImportPlan) Gaining() int { return gaining(p.Changes, p.Later) }

// Losing counts those who lose something.
func (p ImportPlan) Losing() int { return losing(p.Changes, p.Later) }

// PlanImport tells what an import would do, whether it is allowed, and which conflicts are open. Nothing is written.
func (s *Service) PlanImport(ctx context.Context, actor audit.Actor, in Import) (ImportPlan, error) {
	const op = "imports.plan"
	brought, err := readExports(op, in)
	if err != nil {
		return ImportPlan{}, err
	}
	var made ImportPlan
	preview, err := s.Preview(ctx, actor, importOf(op, brought, in, &made))
	if err != nil {
		return ImportPlan{}, err
	}
	made.Allowed, made.Reason, made.Revision = preview.Allowed, preview.Reason, preview.Revision
	made.Changes, made.Later, made.More = preview.Changes, preview.Later, preview.More
	return made, nil
}

// ApplyImport does it: all of it in one transaction, or nothing. While a conflict is open it is refused.
func (s *Service) ApplyImport(ctx context.Context, actor audit.Actor, in Import) (ImportPlan, error) {
	const op = "imports.apply"
	brought, err := readExports(op, in)
	if err != nil {
		return ImportPlan{}, err
	}
	var made ImportPlan
	var before, after *rbac.Snapshot
	operation := importOf(op, brought, in, &made)
	plan := operation.plan
	operation.plan = func(s *rbac.Snapshot, at time.Time) (proposal, error) {
		p, err := plan(s, at)
		if err != nil {
			return p, err
		}
		if in.Revision != 0 && in.Revision != s.Revision() {
			return p, fault.Conflict(op, "the preview is stale: it was made on revision %d of the policy, which is at %d now. Look again", in.Revision, s.Revision())
		}
		if open := made.Open(); len(open) > 0 {
			return p, undecided(op, open)
		}
		before = s
		after, err = s.With(p.edits...)
		return p, err
	}
	result, err := s.Do(ctx, actor, operation)
	if err != nil {
		return ImportPlan{}, err
	}
	made.Allowed, made.Revision = true, result.Revision
	at := s.now()
	made.Changes = rbac.Compare(before, after, at)
	made.Later, made.More = rbac.CompareLater(before, after, at)
	return made, nil
}

// origins are the notes of all imports, as they were at a revision of the policy: an import counts it on.
type origins struct {
	revision int64
	all      map[string]store.Imported
}

// Origin tells which import made an object of a policy, if one did.
func (s *Service) Origin(ctx context.Context, policy *rbac.Snapshot, id string) (store.Imported, bool) {
	known := s.origins.Load()
	if known == nil || known.revision != policy.Revision() {
		read := &origins{policy.Revision(), map[string]store.Imported{}}
		err := s.store.View(ctx, func(r store.Reader) error {
			list, names, err := ledger(r, "")
			for _, i := range under(list, names) {
				read.all[i.ID] = i
			}
			return err
		})
		if err != nil {
			return store.Imported{}, false // where a thing is from decides nothing
		}
		s.origins.Store(read)
		known = read
	}
	found, ok := known.all[id]
	return found, ok
}

func readExports(op string, in Import) (*imports.Brought, error) {
	brought, err := imports.Read(in.Product, in.Files)
	if err != nil {
		var detail fault.Detail
		if f, ok := err.(*imports.Fault); ok {
			detail = fault.Detail{Where: f.At.String(), Problem: f.What, Want: f.Want}
		}
		return nil, fault.Invalid(op, "%s", err.Error()).WithDetails(detail)
	}
	return brought, nil
}

func undecided(op string, open []imports.Step) error {
	var details []fault.Detail
	for _, step := range open[:min(50, len(open))] {
		details = append(details, fault.Detail{Where: step.ID, Problem: step.Why, Want: "mine or theirs"})
	}
	return fault.Conflict(op, "%s to decide: what is here, or what the export has", counted(len(open), "conflict")).WithDetails(details...)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// importOf plans the exports on the policy, and on the notes of the last import, as they are when it runs.
func importOf(op string, brought *imports.Brought, in Import, made *ImportPlan) Operation {
	var was []store.Imported // groups by the names that they have now
	var names imports.Names
	return Operation{
		name: op,
		read: func(r store.Reader) (err error) {
			was, names, err = ledger(r, string(in.Product))
			names = names.Of(brought)
			was = under(was, names)
			return err
		},
		plan: func(s *rbac.Snapshot, _ time.Time) (proposal, error) {
			// What is eligible, and what conflicts, tells what there is: it is for those who may change it.
			p := proposal{object: "import:" + string(in.Product), workload: in.Product.Workload(), needs: importNeeds(in.Product)}
			if p.workload >= rbac.Other {
				p.workload = rbac.NoWorkload
			}
			plan := brought.Under(names).Plan(s, notes(was), imports.Options{Partial: in.Partial, Conflicts: in.Conflicts, Choices: in.Choices, NewID: newID})
			if idle := idle(s, in.Product); idle != "" {
				plan.Notes = append(slices.Clip(plan.Notes), idle)
			}
			*made = ImportPlan{Plan: plan}
			p.edits = plan.Edits
			if err := checkRules(op, plan); err != nil {
				return p, err
			}
			for _, n := range needsOf(s, plan.Edits) {
				if !slices.Contains(p.needs, n) {
					p.needs = append(p.needs, n)
				}
			}
			for _, e := range plan.Edits {
				if e, ok := e.(rbac.SetDeviceGroups); ok {
					made.Moves = policyfile.Joined(s.DeviceGroups(), e.DeviceGroups)
				}
			}
			p.after = map[string]any{"files": fileNames(in.Files), "partial": in.Partial, "summary": summary(plan)}
			if changed(was, plan.Made) {
				p.also = func(tx store.Writer, at time.Time) error {
					return tx.SetImported(string(in.Product), noted(in, was, plan.Made, at))
				}
			}
			return p, nil
		},
	}
}

// idle tells why what is imported opens nothing now, if so.
func idle(s *rbac.Snapshot, p imports.Product) string {
	w := p.Workload()
	switch {
	case p == imports.Unified && s.Activations().In(rbac.On) == 0:
		return "unified roles are on in no workload: they are kept, and open nothing"
	case w >= rbac.Endpoint && w <= rbac.Identity && s.Activation(w) == rbac.On:
		return "unified roles decide in " + catalog.WorkloadTitle(w) + ": these are kept, and open nothing"
	case w == rbac.Endpoint && !s.EndpointRoles():
		return "endpoint roles are off: custom endpoint roles are kept, and open nothing"
	}
	return ""
}

func checkRules(op string, p *imports.Plan) error {
	for _, e := range p.Edits {
		e, ok := e.(rbac.SetDeviceGroups)
		if !ok {
			continue
		}
		for _, g := range e.DeviceGroups {
			if problem := checkMatch(g.Match); problem != "" {
				return fault.Invalid(op, "device group %q: %s", g.Name, problem).WithDetails(fault.Detail{Where: "device group " + g.Name, Problem: problem})
			}
		}
	}
	return nil
}

// ledger is what the last import of a product noted - of all, if it is empty - and which groups have other names by now.
func ledger(r store.Reader, product string) ([]store.Imported, imports.Names, error) {
	list, err := r.Imported(product)
	if err != nil {
		return nil, nil, err
	}
	names, err := r.FormerGroupNames()
	return list, names, err
}

// under gives notes with the groups under the names that they have now.
func under(list []store.Imported, names imports.Names) []store.Imported {
	for i := range list {
		n := &list[i]
		n.ID, n.State, n.Kept = names.Note(n.ID, n.State, n.Kept)
	}
	return list
}

func importNeeds(p imports.Product) []need {
	switch p {
	case imports.Directory:
		return []need{{capability: rbac.ManageSettings, workload: rbac.Other}}
	case imports.Unified:
		return []need{{capability: rbac.ManageRoles, workload: rbac.Other}}
	}
	return manageRoles(p.Workload())
}

func notes(list []store.Imported) map[string]imports.Made {
	all := map[string]imports.Made{}
	for _, i := range list {
		all[i.ID] = imports.Made{State: i.State, Kept: i.Kept}
	}
	return all
}

func changed(was []store.Imported, made map[string]imports.Made) bool {
	before := notes(was)
	if len(before) != len(made) {
		return true
	}
	for id, m := range made {
		if before[id] != m {
			return true
		}
	}
	return false
}

func noted(in Import, was []store.Imported, made map[string]imports.Made, at time.Time) []store.Imported {
	before := map[string]store.Imported{}
	for _, i := range was {
		before[i.ID] = i
	}
	var list []store.Imported
	for id, m := range made {
		if i, ok := before[id]; ok && i.State == m.State && i.Kept == m.Kept {
			list = append(list, i)
			continue
		}
		list = append(list, store.Imported{Product: string(in.Product), ID: id, State: m.State, Kept: m.Kept, At: at, File: strings.Join(fileNames(in.Files), ", ")})
	}
	return list
}

func fileNames(files []imports.File) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	return names
}

// summary is a line for each thing that changes.
func summary(p *imports.Plan) []string {
	marks := map[imports.Action]string{imports.Create: "+", imports.Update: "~", imports.Remove: "-"}
	lines := []string{}
	for _, s := range p.Steps {
		if mark := marks[s.Action]; mark != "" {
			lines = append(lines, mark+" "+string(s.Kind)+" "+s.Title)
		}
	}
	return lines
}
