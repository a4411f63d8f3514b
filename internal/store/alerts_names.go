package store

import "strings"

// commonNames are names that members of alerts, incidents and evidence have. One that is missing costs a little, and nothing else.
var commonNames = func() map[string]string {
	names := map[string]string{}
	for _, name := range strings.Fields(`
		@odata.context @odata.count @odata.nextLink @odata.type Args Details DeviceName IsAzureADJoined IsAzureADJoined@odata.type MachineGroup ReportId
		ReportId@odata.type Timestamp Tool accountName actionSource actionType actionTypeDisplayName activeDirectoryObjectGuid actorDisplayName additionalData
		alertIds alertPolicyId alertTemplate alertWebUrl alerts algorithm antiSpamDirection appId approvalId asset assignedTo attachmentsCount azureAdDeviceId
		azureAdUserId category city classification clusterBy clusterByValue comment comments countryLetterCode countryName createdBy createdByDisplayName
		createdDateTime customDetails customTags decidedBy decidedDateTime decision defenderAvStatus deliveryAction deliveryLocation description detailedRoles
		details detectionAction detectionSource detectionStatus detectorId determination deviceDnsName deviceGroup displayName distinguishedName dnsDomain
		domainName emailAddress emailCount entity entityType errorCode evidence expirationDateTime failureReason fileDetails fileName filePath filePublisher
		fileSize firstActivityDateTime firstSeenDateTime friendlyName healthStatus hostName id identifier imageFile impactedAssets incidentId incidentWebUrl
		instanceId instanceName internetMessageId investigationId investigationName investigationState ipAddress ipInterfaces isEnabled isolationType issuer
		language lastActivityDateTime lastExternalIpAddress lastIpAddress lastModifiedBy lastModifiedDateTime lastRunDateTime lastRunDetails
		lastUpdateDateTime latitude location loggedOnUsers longitude mdeDeviceId mitreTechniques name networkMessageId networkMessageIds nextRunDateTime
		ntDomain onboardingStatus organizationalScope osBuild osPlatform parentProcessCreationDateTime parentProcessId parentProcessImageFile period
		primaryAddress processCommandLine processCreationDateTime processId productName providerAlertId query queryCondition queryText rbacGroupId
		rbacGroupName receivedDateTime recipientEmailAddress recommendedActions redirectIncidentId registryHive registryKey registryValue registryValueName
		registryValueType remediationName remediationStatus remediationStatusDetails resolvedDateTime resolvingComment resourceAccessEvents responseActions
		results riskScore roles saasAppId schedule schema scopeNames scopeType securityGroupId senderIp serviceSource severity sid signer state status stream
		subject summary systemTags tags tenantId threatDetectionMethods threatDisplayName threatFamilyName threats title type undoOf undoneBy upn url urlCount
		urls urn userAccount userPrincipalName userSid value verdict version vmMetadata workload`) {
		names[name] = name
	}
	return names
}()
