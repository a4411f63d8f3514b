package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/internal/strictjson"
)

// planFile is a plan on disk: what was reviewed, the policy it was made on, and a hash of all of it, so that what is carried
// out is what was reviewed.
type planFile struct {
	APIVersion  string     `json:"apiVersion"`
	Kind        string     `json:"kind"`
	Revision    int64      `json:"revision"`
	Fingerprint string     `json:"fingerprint"`
	Plan        policyPlan `json:"plan"`
	File        policyFile `json:"file"`
	Hash        string     `json:"hash"`
}

const planKind = "PolicyPlan"

// maxPlan is how large a plan may be: the largest file as a JSON string, and what it does.
const maxPlan = 4 * policyfile.MaxSize

// sum is the hash of everything but itself.
func (p planFile) sum() string {
	p.Hash = ""
	text, err := json.Marshal(p)
	if err != nil {
		return "" // of texts and numbers: it can't fail, and what it can't be matches nothing
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(text))
}

func writePlanFile(name string, f policyFile, plan policyPlan) error {
	made := planFile{APIVersion: policyfile.APIVersion, Kind: planKind, Revision: plan.Revision, Fingerprint: plan.Fingerprint, Plan: plan, File: f}
	made.Hash = made.sum()
	text, err := made.text()
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// text is the plan as it stands on disk.
func (p planFile) text() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(p); err != nil {
		return nil, fmt.Errorf("write the plan: %w", err)
	}
	return b.Bytes(), nil
}

// readPlanFile gives the policy file that a plan is of, bound to what the plan was made on, and what the plan says that it
// does. It stands on disk byte for byte as it was written: a key that stands twice would show one thing and be read as
// another.
func (p *program) readPlanFile(name string) (policyFile, policyPlan, error) {
	info, err := os.Stat(name)
	if err != nil {
		return policyFile{}, policyPlan{}, refuse("read the plan: %w", err)
	}
	if info.Size() > maxPlan {
		return policyFile{}, policyPlan{}, refuse("read the plan %s: it is larger than %d MB", name, maxPlan>>20)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return policyFile{}, policyPlan{}, refuse("read the plan: %w", err)
	}
	var plan planFile
	if err := strictjson.Read(text, &plan); err != nil {
		return policyFile{}, policyPlan{}, refuse("read the plan %s: it is none that `bailiwick plan --out` wrote: %w", name, err)
	}
	if plan.Kind != planKind || plan.APIVersion != policyfile.APIVersion {
		return policyFile{}, policyPlan{}, refuse("read the plan %s: it is none that `bailiwick plan --out` wrote", name)
	}
	written, err := plan.text()
	if err != nil {
		return policyFile{}, policyPlan{}, err
	}
	if plan.Hash == "" || plan.Hash != plan.sum() || !bytes.Equal(bytes.TrimSpace(text), bytes.TrimSpace(written)) {
		return policyFile{}, policyPlan{}, refuse("read the plan %s: it was altered since it was made: plan again", name)
	}
	plan.File.Plan = &plannedOn{plan.Revision, plan.Fingerprint}
	return plan.File, plan.Plan, nil
}

// sameAsPlanned plans once more, and refuses if what comes of it is not what the plan says. The hash finds what was altered by
// accident; this, what was altered on purpose by somebody who counted the hash anew.
func (p *program) sameAsPlanned(ctx context.Context, f policyFile, said policyPlan) error {
	f.Plan = nil
	again, err := p.usePolicy(ctx, "plan", f)
	if err != nil || again.Revision != said.Revision || again.Fingerprint != said.Fingerprint {
		return nil // it is apply's to refuse what is stale, and to say so
	}
	one, err := json.Marshal(said.firstThousand())
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	two, err := json.Marshal(again.firstThousand())
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	if !bytes.Equal(one, two) {
		return refuse("apply the plan: its policy does not come to what it says that it does. It was altered, or something that it counts on began or ended since: plan again, and review that")
	}
	return nil
}

// firstThousand leaves out the people that a server leaves out: a plan made here may be carried out there.
func (p policyPlan) firstThousand() policyPlan {
	p.Users = p.Users[:min(len(p.Users), 1000)]
	p.Later = slices.Clone(p.Later)
	for i, l := range p.Later {
		p.Later[i].Users = l.Users[:min(len(l.Users), 1000)]
	}
	return p
}
