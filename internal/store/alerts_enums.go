package store

import "strings"

// Enum is a set of names that the format knows. Members after the sentinel unknownFutureValue came later: a client
// sees them only if it says that it can (Prefer: include-unknown-enum-members).
type Enum struct {
	Name     string
	Members  []string // in the metadata's order
	spelling map[string]string
	late     map[string]bool
}

// Sentinel is what a client sees in place of a member that it may not know.
const Sentinel = "unknownFutureValue"

// Canonical gives the metadata's name of a value in any case or listed spelling. One that nobody knows is given back
// as it is, and not ok.
func (e *Enum) Canonical(s string) (name string, ok bool) {
	if name, ok := e.spelling[foldName(s)]; ok {
		return name, true
	}
	return s, false
}

// Late tells whether a member came after the sentinel. A value that nobody knows did too.
func (e *Enum) Late(name string) bool {
	_, known := e.spelling[foldName(name)]
	return !known || e.late[name]
}

func foldName(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

func enum(name, members string, spellings ...string) *Enum {
	e := &Enum{Name: name, Members: strings.Fields(members), spelling: map[string]string{}, late: map[string]bool{}}
	late := false
	for _, m := range e.Members {
		e.spelling[foldName(m)], e.late[m] = m, late
		late = late || m == Sentinel
	}
	for i := 0; i+1 < len(spellings); i += 2 {
		e.spelling[foldName(spellings[i])] = spellings[i+1]
	}
	return e
}

var (
	alertStatus    = enum("alertStatus", "unknown new inProgress resolved unknownFutureValue")
	incidentStatus = enum("incidentStatus", "active resolved inProgress redirected unknownFutureValue awaitingAction")
	alertSeverity  = enum("alertSeverity", "unknown informational low medium high unknownFutureValue", "UnSpecified", "unknown")
	classification = enum("alertClassification",
		"unknown falsePositive truePositive informationalExpectedActivity unknownFutureValue", "NotAvailable", "unknown")
	determination = enum("alertDetermination", "unknown apt malware securityPersonnel securityTesting unwantedSoftware other "+
		"multiStagedAttack compromisedAccount phishing maliciousUserActivity notMalicious notEnoughDataToValidate "+
		"confirmedActivity lineOfBusinessApplication unknownFutureValue",
		"compromisedUser", "compromisedAccount", "clean", "notMalicious", "insufficientData", "notEnoughDataToValidate",
		"confirmedUserActivity", "confirmedActivity", "unwantedApplication", "unwantedSoftware", "NotAvailable", "unknown")
	investigationState = enum("investigationState", "unknown terminated successfullyRemediated benign failed partiallyRemediated "+
		"running pendingApproval pendingResource queued innerFailure preexistingAlert unsupportedOs unsupportedAlertType "+
		"suppressedAlert partiallyInvestigated terminatedByUser terminatedBySystem unknownFutureValue")
	serviceSource = enum("serviceSource", "unknown microsoftDefenderForEndpoint microsoftDefenderForIdentity "+
		"microsoftDefenderForCloudApps microsoftDefenderForOffice365 microsoft365Defender azureAdIdentityProtection "+
		"microsoftAppGovernance dataLossPrevention unknownFutureValue microsoftDefenderForCloud microsoftSentinel "+
		"microsoftInsiderRiskManagement microsoftThreatIntelligence",
		"MicrosoftDefenderATP", "microsoftDefenderForEndpoint", "OfficeATP", "microsoftDefenderForOffice365",
		"MicrosoftCloudAppSecurity", "microsoftDefenderForCloudApps", "AzureATP", "microsoftDefenderForIdentity",
		"MTP", "microsoft365Defender", "MicrosoftThreatProtection", "microsoft365Defender",
		"Microsoft Defender XDR", "microsoft365Defender", "AAD Identity Protection", "azureAdIdentityProtection",
		"App Governance", "microsoftAppGovernance", "Microsoft Data Loss Prevention", "dataLossPrevention")
	detectionSource = enum("detectionSource", "unknown microsoftDefenderForEndpoint antivirus smartScreen customTi "+
		"microsoftDefenderForOffice365 automatedInvestigation microsoftThreatExperts customDetection microsoftDefenderForIdentity "+
		"cloudAppSecurity microsoft365Defender azureAdIdentityProtection manual microsoftDataLossPrevention appGovernancePolicy "+
		"appGovernanceDetection unknownFutureValue microsoftDefenderForCloud microsoftDefenderForIoT microsoftDefenderForServers "+
		"microsoftDefenderForStorage microsoftDefenderForDNS microsoftDefenderForDatabases microsoftDefenderForContainers "+
		"microsoftDefenderForNetwork microsoftDefenderForAppService microsoftDefenderForKeyVault "+
		"microsoftDefenderForResourceManager microsoftDefenderForApiManagement microsoftDefenderForAIServices nrtAlerts "+
		"scheduledAlerts builtInMl microsoftSentinel microsoftDefenderThreatIntelligenceAnalytics microsoftThreatIntelligence "+
		"microsoftInsiderRiskManagement securityCopilot",
		"WindowsDefenderAtp", "microsoftDefenderForEndpoint", "EDR", "microsoftDefenderForEndpoint",
		"MicrosoftDefenderATP", "microsoftDefenderForEndpoint", "WindowsDefenderAv", "antivirus",
		"OfficeATP", "microsoftDefenderForOffice365", "MCAS", "cloudAppSecurity", "MicrosoftCloudAppSecurity", "cloudAppSecurity",
		"AzureATP", "microsoftDefenderForIdentity", "MTP", "microsoft365Defender", "Microsoft Defender XDR", "microsoft365Defender")
)

// AlertEnums, IncidentEnums and EvidenceEnums say which members of the objects are enums.
var (
	AlertEnums = map[string]*Enum{
		"status": alertStatus, "severity": alertSeverity, "classification": classification, "determination": determination,
		"serviceSource": serviceSource, "detectionSource": detectionSource, "investigationState": investigationState,
	}
	IncidentEnums = map[string]*Enum{
		"status": incidentStatus, "severity": alertSeverity, "classification": classification, "determination": determination,
	}
	EvidenceEnums = map[string]*Enum{
		"verdict": enum("evidenceVerdict", "unknown suspicious malicious noThreatsFound unknownFutureValue"),
		"remediationStatus": enum("evidenceRemediationStatus", "none remediated prevented blocked notFound unknownFutureValue active "+
			"pendingApproval declined unremediated running partiallyRemediated"),
		"roles": enum("evidenceRole", "unknown contextual scanned source destination created added compromised edited attacked "+
			"attacker commandAndControl loaded suspicious policyViolator unknownFutureValue"),
		"detectionStatus":  enum("detectionStatus", "detected blocked prevented unknownFutureValue"),
		"defenderAvStatus": enum("defenderAvStatus", "notReporting disabled notUpdated updated unknown notSupported unknownFutureValue"),
		"healthStatus": enum("deviceHealthStatus", "active inactive impairedCommunication noSensorData "+
			"noSensorDataImpairedCommunication unknown unknownFutureValue"),
		"riskScore":        enum("deviceRiskScore", "none informational low medium high unknownFutureValue"),
		"onboardingStatus": enum("onboardingStatus", "insufficientInfo onboarded canBeOnboarded unsupported unknownFutureValue"),
	}
)

// Respell brings the enum members of an object to the metadata's spelling, and tells whether anything changed. What
// is not text, or not known, stays as it is.
func (o Object) Respell(enums map[string]*Enum) bool {
	return o.eachEnum(enums, func(e *Enum, s string) string {
		name, _ := e.Canonical(s)
		return name
	})
}

// HideLate replaces enum members that came after the sentinel by it, and tells whether anything changed.
func (o Object) HideLate(enums map[string]*Enum) bool {
	return o.eachEnum(enums, func(e *Enum, s string) string {
		if e.Late(s) {
			return Sentinel
		}
		return s
	})
}

func (o Object) eachEnum(enums map[string]*Enum, f func(*Enum, string) string) bool {
	changed := false
	for i, m := range o {
		e, ok := enums[m.Name]
		if !ok || len(m.Value) == 0 {
			continue
		}
		switch m.Value[0] {
		case '"':
			given := Text(m.Value)
			if s := f(e, given); s != given {
				o[i].Value, changed = Quote(s), true
			}
		case '[':
			list, err := ParseArray(m.Value)
			if err != nil {
				continue
			}
			any := false
			for j, v := range list {
				if len(v) == 0 || v[0] != '"' {
					continue
				}
				given := Text(v)
				if s := f(e, given); s != given {
					list[j], any = Quote(s), true
				}
			}
			if any {
				o[i].Value, changed = AppendArray(nil, list), true
			}
		}
	}
	return changed
}
