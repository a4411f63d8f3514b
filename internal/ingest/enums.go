package ingest

import (
	"encoding/json"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// enum maps each accepted spelling, without case and spaces, to the name in the metadata.
type enum map[string]string

func fold(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

// names makes an enum of its members; spellings are further pairs of wrong spelling and member.
func names(members string, spellings ...string) enum {
	e := enum{}
	for _, m := range strings.Fields(members) {
		e[fold(m)] = m
	}
	for i := 0; i+1 < len(spellings); i += 2 {
		e[fold(spellings[i])] = spellings[i+1]
	}
	return e
}

// canonical gives the metadata's name of a value; one that nobody knows is kept as it is.
func (e enum) canonical(s string) string {
	if name, ok := e[fold(s)]; ok {
		return name
	}
	return s
}

const workloadSources = "microsoftDefenderForEndpoint microsoftDefenderForIdentity microsoftDefenderForOffice365 " +
	"microsoft365Defender azureAdIdentityProtection microsoftDefenderForCloud microsoftSentinel " +
	"microsoftInsiderRiskManagement microsoftThreatIntelligence unknown unknownFutureValue"

var (
	alertStatus    = names("unknown new inProgress resolved unknownFutureValue")
	incidentStatus = names("active resolved inProgress redirected unknownFutureValue awaitingAction")
	severity       = names("unknown informational low medium high unknownFutureValue", "UnSpecified", "unknown")
	classification = names("unknown falsePositive truePositive informationalExpectedActivity unknownFutureValue", "NotAvailable", "unknown")
	determination  = names("unknown apt malware securityPersonnel securityTesting unwantedSoftware other multiStagedAttack "+
		"compromisedAccount phishing maliciousUserActivity notMalicious notEnoughDataToValidate confirmedActivity "+
		"lineOfBusinessApplication unknownFutureValue",
		"compromisedUser", "compromisedAccount", "clean", "notMalicious", "insufficientData", "notEnoughDataToValidate",
		"confirmedUserActivity", "confirmedActivity", "unwantedApplication", "unwantedSoftware", "NotAvailable", "unknown")
	investigationState = names("unknown terminated successfullyRemediated benign failed partiallyRemediated running pendingApproval " +
		"pendingResource queued innerFailure preexistingAlert unsupportedOs unsupportedAlertType suppressedAlert " +
		"partiallyInvestigated terminatedByUser terminatedBySystem unknownFutureValue")

	serviceSource = names(workloadSources+" microsoftDefenderForCloudApps microsoftAppGovernance dataLossPrevention",
		"MicrosoftDefenderATP", "microsoftDefenderForEndpoint", "OfficeATP", "microsoftDefenderForOffice365",
		"MicrosoftCloudAppSecurity", "microsoftDefenderForCloudApps", "AzureATP", "microsoftDefenderForIdentity",
		"MTP", "microsoft365Defender", "MicrosoftThreatProtection", "microsoft365Defender",
		"Microsoft Defender XDR", "microsoft365Defender", "AAD Identity Protection", "azureAdIdentityProtection",
		"App Governance", "microsoftAppGovernance", "Microsoft Data Loss Prevention", "dataLossPrevention")

	detectionSource = names(workloadSources+" antivirus smartScreen customTi automatedInvestigation microsoftThreatExperts "+
		"customDetection cloudAppSecurity manual microsoftDataLossPrevention appGovernancePolicy appGovernanceDetection "+
		"microsoftDefenderForIoT microsoftDefenderForServers microsoftDefenderForStorage microsoftDefenderForDNS "+
		"microsoftDefenderForDatabases microsoftDefenderForContainers microsoftDefenderForNetwork "+
		"microsoftDefenderForAppService microsoftDefenderForKeyVault microsoftDefenderForResourceManager "+
		"microsoftDefenderForApiManagement microsoftDefenderForAIServices nrtAlerts scheduledAlerts builtInMl "+
		"microsoftDefenderThreatIntelligenceAnalytics securityCopilot",
		"WindowsDefenderAtp", "microsoftDefenderForEndpoint", "EDR", "microsoftDefenderForEndpoint",
		"MicrosoftDefenderATP", "microsoftDefenderForEndpoint", "WindowsDefenderAv", "antivirus",
		"OfficeATP", "microsoftDefenderForOffice365", "MCAS", "cloudAppSecurity", "MicrosoftCloudAppSecurity", "cloudAppSecurity",
		"AzureATP", "microsoftDefenderForIdentity", "MTP", "microsoft365Defender", "Microsoft Defender XDR", "microsoft365Defender")

	alertEnums = map[string]enum{
		"status": alertStatus, "severity": severity, "classification": classification, "determination": determination,
		"serviceSource": serviceSource, "detectionSource": detectionSource, "investigationState": investigationState,
	}
	incidentEnums = map[string]enum{
		"status": incidentStatus, "severity": severity, "classification": classification, "determination": determination,
	}
	evidenceEnums = map[string]enum{
		"verdict": names("unknown suspicious malicious noThreatsFound unknownFutureValue"),
		"remediationStatus": names("none remediated prevented blocked notFound unknownFutureValue active pendingApproval declined " +
			"unremediated running partiallyRemediated"),
		"roles": names("unknown contextual scanned source destination created added compromised edited attacked attacker " +
			"commandAndControl loaded suspicious policyViolator unknownFutureValue"),
		"detectionStatus":  names("detected blocked prevented unknownFutureValue"),
		"defenderAvStatus": names("notReporting disabled notUpdated updated unknown notSupported unknownFutureValue"),
		"healthStatus": names("active inactive impairedCommunication noSensorData noSensorDataImpairedCommunication unknown " +
			"unknownFutureValue"),
		"riskScore":        names("none informational low medium high unknownFutureValue"),
		"onboardingStatus": names("insufficientInfo onboarded canBeOnboarded unsupported unknownFutureValue"),
	}
)

// respell brings the enum members of an object to the metadata's spelling, and tells whether anything changed. What
// is not text, or not known, stays as it is.
func respell(o store.Object, enums map[string]enum) bool {
	changed := false
	for i, m := range o {
		e, ok := enums[m.Name]
		if !ok || len(m.Value) == 0 {
			continue
		}
		if v, ok := respellValue(m.Value, e); ok {
			o[i].Value, changed = v, true
		}
	}
	return changed
}

func respellValue(value json.RawMessage, e enum) (json.RawMessage, bool) {
	if value[0] == '"' {
		given := store.Text(value)
		name := e.canonical(given)
		return store.Quote(name), name != given
	}
	if value[0] != '[' {
		return value, false
	}
	list, err := store.ParseArray(value)
	if err != nil {
		return value, false
	}
	changed := false
	for i, v := range list {
		if len(v) > 0 && v[0] == '"' {
			r, c := respellValue(v, e)
			if c {
				list[i], changed = r, true
			}
		}
	}
	return store.AppendArray(nil, list), changed
}
