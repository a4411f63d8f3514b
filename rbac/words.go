// Package rbac answers one question: may this principal do this, to this, now?
//
// It holds the words of the field and the rules S1-S11 and S14-S17 of docs/rules.md, and nothing else: no
// clock, no files, no network, no logging. The table it reads is data (see package catalog); the policy is a
// value; the moment is an argument.
//
// Compile turns a Policy into a Snapshot that answers quickly. Plain answers the same question slowly, following
// the rules word by word; the tests hold the one against the other.
package rbac

import (
	"fmt"
	"math/bits"
	"strings"
)

// Workload is one product whose data the centre holds. The zero value is no workload and opens nothing.
type Workload uint8

// The four workloads, and Other: whatever none of the four owns - alerts of other products (S10), and the
// centre's own audit and settings (S16).
const (
	NoWorkload Workload = iota
	Endpoint
	Office365
	CloudApps
	Identity
	Other

	// Unified is no product: it is where the roles are kept that span several (see Role). Nobody is asked about it, and
	// it holds no data.
	Unified

	workloadCount = int(Unified) + 1
)

// Workloads are the four, in the document's order.
var Workloads = []Workload{Endpoint, Office365, CloudApps, Identity}

var workloadNames = [workloadCount]string{"", "endpoint", "office365", "cloudapps", "identity", "other", "unified"}

// String gives the name used in files, flags and the API.
func (w Workload) String() string {
	if int(w) < len(workloadNames) {
		return workloadNames[w]
	}
	return ""
}

// ParseWorkload finds a workload that has data by the name String gives, in any case.
func ParseWorkload(name string) (Workload, bool) {
	for w := Endpoint; w <= Other; w++ {
		if strings.EqualFold(workloadNames[w], name) {
			return w, true
		}
	}
	return NoWorkload, false
}

// MarshalText writes the name.
func (w Workload) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads the name; an unknown one is an error.
func (w *Workload) UnmarshalText(text []byte) error {
	found, ok := ParseWorkload(string(text))
	if strings.EqualFold(workloadNames[Unified], string(text)) {
		found, ok = Unified, true
	}
	if !ok {
		return fmt.Errorf("unknown workload %q: want endpoint, office365, cloudapps, identity, other or unified", text)
	}
	*w = found
	return nil
}

// WorkloadSet is a set of workloads, one bit each. The zero value is empty, and opens nothing.
type WorkloadSet uint8

// SetOf makes a set.
func SetOf(workloads ...Workload) WorkloadSet {
	var s WorkloadSet
	for _, w := range workloads {
		if w != NoWorkload {
			s |= 1 << w
		}
	}
	return s
}

// Has tells whether w is in the set.
func (s WorkloadSet) Has(w Workload) bool { return w != NoWorkload && s&(1<<w) != 0 }

// Len counts the workloads in the set.
func (s WorkloadSet) Len() int { return bits.OnesCount8(uint8(s)) }

// List gives the set's workloads in the document's order.
func (s WorkloadSet) List() []Workload {
	var list []Workload
	for w := Endpoint; w <= Other; w++ {
		if s.Has(w) {
			list = append(list, w)
		}
	}
	return list
}

// Capability is one thing that can be done in the centre: a row of the requirements table (T1-T6c), or one of
// the centre's own (S16). The zero value is no capability and is never allowed.
type Capability uint8

// The rows of the table, then the centre's own.
const (
	NoCapability         Capability = iota
	ViewInvestigation               // T1
	ViewHunting                     // T2
	ManageAlerts                    // T3
	Remediate                       // T4
	ManageDetections                // T5
	AnalyticsAlerts                 // T6a
	AnalyticsMitigations            // T6b
	AnalyticsEmail                  // T6c
	ViewRoles                       // S16
	ManageRoles                     // S14
	ViewAudit                       // S16
	ManageSettings                  // S16

	capabilityCount = int(ManageSettings) + 1
)

// Capabilities are all of them, in the table's order.
var Capabilities = []Capability{
	ViewInvestigation, ViewHunting, ManageAlerts, Remediate, ManageDetections,
	AnalyticsAlerts, AnalyticsMitigations, AnalyticsEmail,
	ViewRoles, ManageRoles, ViewAudit, ManageSettings,
}

var capabilityNames = [capabilityCount]string{
	"", "investigation.view", "hunting.view", "alerts.manage", "actions.remediate", "detections.manage",
	"analytics.alerts", "analytics.mitigations", "analytics.email",
	"roles.view", "roles.manage", "audit.view", "settings.manage",
}

// String gives the name used in files, flags and the API.
func (c Capability) String() string {
	if int(c) < len(capabilityNames) {
		return capabilityNames[c]
	}
	return ""
}

// ParseCapability finds a capability by the name String gives, in any case.
func ParseCapability(name string) (Capability, bool) {
	for _, c := range Capabilities {
		if strings.EqualFold(capabilityNames[c], name) {
			return c, true
		}
	}
	return NoCapability, false
}

// MarshalText writes the name.
func (c Capability) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name; an unknown one is an error.
func (c *Capability) UnmarshalText(text []byte) error {
	found, ok := ParseCapability(string(text))
	if !ok {
		return fmt.Errorf("unknown capability %q", text)
	}
	*c = found
	return nil
}

// Changes tells whether the capability changes something. To see a thing of several device groups one of them is
// enough; to change it takes all of them (S8).
func (c Capability) Changes() bool {
	switch c {
	case ManageAlerts, Remediate, ManageDetections, ManageRoles, ManageSettings:
		return true
	}
	return false
}
