package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"

	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
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
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(made); err != nil {
		return fmt.Errorf("write the plan %s: %w", name, err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// readPlanFile gives the policy file that a plan is of, bound to what the plan was made on.
func (p *program) readPlanFile(name string) (policyFile, error) {
	info, err := os.Stat(name)
	if err != nil {
		return policyFile{}, refuse("read the plan: %w", err)
	}
	if info.Size() > maxPlan {
		return policyFile{}, refuse("read the plan %s: it is larger than %d MB", name, maxPlan>>20)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return policyFile{}, refuse("read the plan: %w", err)
	}
	var plan planFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&plan); err != nil || plan.Kind != planKind || plan.APIVersion != policyfile.APIVersion {
		return policyFile{}, refuse("read the plan %s: it is none that `bailiwick plan --out` wrote", name)
	}
	if plan.Hash == "" || plan.Hash != plan.sum() {
		return policyFile{}, refuse("read the plan %s: it was altered since it was made: plan again", name)
	}
	plan.File.Plan = &plannedOn{plan.Revision, plan.Fingerprint}
	return plan.File, nil
}
