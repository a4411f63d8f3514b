package ingest

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// sourceWorkload says which workload a service source means. A source that is not here is none of the four: the
// global roles see its alerts, nobody else (S10).
var sourceWorkload = map[string]rbac.Workload{
	"microsoftDefenderForEndpoint":  rbac.Endpoint,
	"microsoftDefenderForIdentity":  rbac.Identity,
	"microsoftDefenderForCloudApps": rbac.CloudApps,
	"microsoftAppGovernance":        rbac.CloudApps,
	"microsoftDefenderForOffice365": rbac.Office365,
}

// byContent are the sources whose alerts may be of any workload, or of several.
var byContent = map[string]bool{"microsoft365Defender": true, "unknown": true, "": true}

// detectionWorkload refines a source by content. What is in neither map is none of the four.
var detectionWorkload = map[string]rbac.Workload{
	"microsoftDefenderForEndpoint":  rbac.Endpoint,
	"antivirus":                     rbac.Endpoint,
	"smartScreen":                   rbac.Endpoint,
	"customTi":                      rbac.Endpoint,
	"microsoftDefenderForOffice365": rbac.Office365,
	"microsoftDefenderForIdentity":  rbac.Identity,
	"cloudAppSecurity":              rbac.CloudApps,
	"appGovernancePolicy":           rbac.CloudApps,
	"appGovernanceDetection":        rbac.CloudApps,
}

var detectionByContent = map[string]bool{
	"": true, "unknown": true, "automatedInvestigation": true, "microsoftThreatExperts": true, "customDetection": true,
	"microsoft365Defender": true, "manual": true,
}

// prefixWorkload is the last help: the product writes its two letters in front of the id.
var prefixWorkload = map[string]rbac.Workload{
	"da": rbac.Endpoint, "ed": rbac.Endpoint, "fa": rbac.Office365, "aa": rbac.Identity, "ri": rbac.Identity,
	"ca": rbac.CloudApps, "rm": rbac.CloudApps, "ma": rbac.CloudApps,
}

// workloads tells which workloads an alert belongs to: its service source decides; for a source by content its
// detection source, then its evidence - every workload that some evidence proves - then its id. Nothing left: other.
func workloads(a *store.Alert, evidence []store.Evidence) rbac.WorkloadSet {
	if w, ok := sourceWorkload[a.ServiceSource]; ok {
		return rbac.SetOf(w)
	}
	if !byContent[a.ServiceSource] {
		return rbac.SetOf(rbac.Other)
	}
	if w, ok := detectionWorkload[a.DetectionSource]; ok {
		return rbac.SetOf(w)
	}
	if !detectionByContent[a.DetectionSource] {
		return rbac.SetOf(rbac.Other)
	}
	var set rbac.WorkloadSet
	for _, e := range evidence {
		set |= rbac.SetOf(e.Workload)
	}
	if set != 0 {
		return set
	}
	if len(a.ID) > 2 {
		if w, ok := prefixWorkload[strings.ToLower(a.ID[:2])]; ok {
			return rbac.SetOf(w)
		}
	}
	return rbac.SetOf(rbac.Other)
}
