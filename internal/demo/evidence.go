package demo

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// object is a JSON object in the making; encoding/json writes its keys in order, which keeps the bytes stable.
type object = map[string]any

// scene is what the alerts of one incident have in common: the person, the devices, the message, the address.
type scene struct {
	person  person
	devices []device
	message string // networkMessageId
	subject string
	sender  string
	ip      string
	url     string
	file    object
	app     string
}

// The ids by which the cloud app product and the directory know apps.
var (
	cloudApps = map[string]int{"Example Files Online": 20892, "Example Mail": 20893, "Example CRM": 11114, "Example Chat": 28375}
	oauthApps = map[string]string{
		"Quick Scan PDF": "5f0c6e1a-93b7-4d21-a0c4-7be2f4d1c901", "Mail Booster": "b8d1f3a2-0c54-4e6f-a7d9-1e5c2b90fa34", "Calendar Plus": "e47a9d05-6b1f-4c38-a2e0-93d7c81b5f62",
	}
)

func (g *generator) newScene(devices []device) scene {
	name := pick(g.r, []string{"invoice", "payslip", "contract", "scan", "update", "report", "voicemail"})
	number := g.r.IntN(9000) + 1000
	domain := pick(g.r, []string{"example.net", "mailer.example.net", "files.example.net", "pay.example.org", "login.example.org"})
	p := pick(g.r, g.people)
	if len(devices) > 0 {
		p = devices[0].owner
	}
	return scene{
		person:  p,
		devices: devices,
		message: guid(g.r),
		subject: fmt.Sprintf("%s %d", pick(g.r, []string{"Outstanding invoice", "Your delivery", "Shared document", "Password expires", "Meeting notes"}), number),
		sender:  pick(g.r, []string{"accounts", "no-reply", "hr", "support"}) + "@" + domain,
		ip:      netip.AddrFrom4([4]byte{198, 51, 100, byte(g.r.IntN(250) + 1)}).String(),
		url:     fmt.Sprintf("https://%s/%s/%d", domain, hex(g.r, 6), number),
		app:     pick(g.r, []string{"Example Files Online", "Example Mail", "Example CRM", "Example Chat"}),
		file: object{
			"fileName": fmt.Sprintf("%s_%d.%s", name, number, pick(g.r, []string{"exe", "dll", "js", "docm", "iso"})),
			"filePath": `C:\Users\` + p.account + `\Downloads`,
			"fileSize": g.r.IntN(4_000_000) + 2048,
			"md5":      hex(g.r, 32), "sha1": hex(g.r, 40), "sha256": hex(g.r, 64), "sha256Ac": nil,
			"filePublisher": nil, "issuer": nil, "signer": nil,
		},
	}
}

// evidence makes one piece of the named kind. Kinds that need a device the scene does not have give nothing.
func (g *generator) evidence(kind string, s scene, at time.Time) (object, bool) {
	first := device{}
	if len(s.devices) > 0 {
		first = s.devices[0]
	}
	switch kind {
	case "device":
		if first.id == "" {
			return nil, false
		}
		return g.deviceEvidence(first, at, "PrimaryDevice"), true
	case "device2":
		if len(s.devices) < 2 {
			return nil, false
		}
		return g.deviceEvidence(s.devices[1], at, "Attacked"), true
	case "identitydevice": // a sensor of the identity product knows the name only
		d := g.deviceEvidence(pick(g.r, g.devices), at, "Source")
		d["mdeDeviceId"], d["rbacGroupId"], d["rbacGroupName"] = nil, 0, nil
		d["onboardingStatus"], d["healthStatus"], d["tags"] = "insufficientInfo", "unknown", []string{}
		return d, true
	case "process":
		parent := pick(g.r, []string{"explorer.exe", "OUTLOOK.EXE", "WINWORD.EXE", "svchost.exe"})
		return g.piece("processEvidence", at, "suspicious", "active", object{
			"detectionStatus": "detected", "mdeDeviceId": orNil(first.id),
			"imageFile":               object{"fileName": "powershell.exe", "filePath": `C:\Windows\System32\WindowsPowerShell\v1.0`, "sha1": hex(g.r, 40)},
			"processCommandLine":      "powershell.exe -nop -w hidden -enc " + hex(g.r, 48),
			"processCreationDateTime": stamp(at.Add(-3 * time.Minute)), "processId": g.r.IntN(9000) + 500,
			"parentProcessId": g.r.IntN(9000) + 500, "parentProcessImageFile": object{"fileName": parent, "filePath": `C:\Program Files`},
			"userAccount": account(s.person),
		}), true
	case "file":
		return g.piece("fileEvidence", at, "malicious", "pendingApproval", object{
			"detectionStatus": "detected", "mdeDeviceId": orNil(first.id), "fileDetails": s.file}), true
	case "filehash":
		return g.piece("fileHashEvidence", at, "malicious", "none", object{"algorithm": "sha256", "value": s.file["sha256"]}), true
	case "registry":
		return g.piece("registryValueEvidence", at, "suspicious", "active", object{
			"mdeDeviceId": orNil(first.id), "registryHive": "HKEY_CURRENT_USER", "registryKey": `SOFTWARE\Microsoft\Windows\CurrentVersion\Run`,
			"registryValueName": "UpdateHelper", "registryValueType": "String", "registryValue": fmt.Sprint(s.file["filePath"], `\`, s.file["fileName"])}), true
	case "user":
		e := g.piece("userEvidence", at, "suspicious", "none", object{"stream": nil, "userAccount": account(s.person)})
		e["roles"] = []string{"compromised"}
		return e, true
	case "ip":
		g.r.IntN(4) // what comes after it stays as it was
		return g.piece("ipEvidence", at, "suspicious", "none", object{
			"ipAddress": s.ip, "countryLetterCode": placeOf(s.ip).code, "location": nil, "stream": nil}), true
	case "url":
		return g.piece("urlEvidence", at, "suspicious", "none", object{"url": s.url}), true
	}
	return g.productEvidence(kind, s, at)
}

// productEvidence makes what the mail, cloud and identity products know of.
func (g *generator) productEvidence(kind string, s scene, at time.Time) (object, bool) {
	_, domain, _ := strings.Cut(s.sender, "@")
	switch kind {
	case "mail":
		return g.piece("analyzedMessageEvidence", at, "malicious", "pendingApproval", object{
			"networkMessageId": s.message, "internetMessageId": "<" + s.message[:8] + "@" + domain + ">", "subject": s.subject, "language": "en",
			"senderIp": s.ip, "recipientEmailAddress": s.person.upn, "antiSpamDirection": "Inbound", "deliveryAction": "Delivered",
			"deliveryLocation": "Inbox", "receivedDateTime": stamp(at.Add(-20 * time.Minute)),
			"p1Sender": object{"emailAddress": "bounce@" + domain, "displayName": nil, "domainName": domain},
			"p2Sender": object{"emailAddress": s.sender, "displayName": "Accounts", "domainName": domain},
			"threats":  []string{"Malware"}, "threatDetectionMethods": []string{"FileDetonation"},
			"attachmentsCount": 1, "urlCount": 1, "urls": []string{s.url}, "urn": "urn:MailEntity:" + s.message[:8]}), true
	case "mailbox":
		return g.piece("mailboxEvidence", at, "suspicious", "none", object{
			"primaryAddress": s.person.upn, "displayName": s.person.name, "upn": s.person.upn, "userAccount": account(s.person)}), true
	case "cluster":
		return g.piece("mailClusterEvidence", at, "malicious", "pendingApproval", object{
			"clusterBy": "Subject;P2SenderDomain", "clusterByValue": s.subject + ";" + domain, "emailCount": g.r.IntN(60) + 2,
			"networkMessageIds": []string{s.message, guid(g.r)}, "query": `Subject:"` + s.subject + `" AND SenderDomain:` + domain,
			"urn": "urn:MailClusterEntity:" + hex(g.r, 8)}), true
	case "submission":
		return g.piece("submissionMailEvidence", at, "unknown", "none", object{
			"networkMessageId": s.message, "recipient": s.person.upn, "reportType": "Phish", "sender": s.sender, "senderIp": s.ip,
			"subject": s.subject, "submissionDateTime": stamp(at), "submissionId": guid(g.r), "submitter": s.person.upn}), true
	case "mailboxrule":
		return g.piece("mailboxConfigurationEvidence", at, "suspicious", "active", object{
			"configurationId": hex(g.r, 12), "configurationType": "mailForwardingRule", "displayName": "Forward all",
			"mailboxPrimaryAddress": s.person.upn, "upn": s.person.upn, "externalDirectoryObjectId": s.person.id}), true
	case "teams":
		return g.piece("teamsMessageEvidence", at, "malicious", "active", object{
			"messageId": hex(g.r, 13), "senderFromAddress": s.sender, "recipients": []string{s.person.upn}, "subject": s.subject,
			"deliveryAction": "delivered", "deliveryLocation": "teams", "isExternal": true, "urls": []string{s.url}}), true
	case "app":
		return g.piece("cloudApplicationEvidence", at, "unknown", "none", object{
			"appId": cloudApps[s.app], "saasAppId": cloudApps[s.app], "displayName": s.app, "instanceId": 0, "instanceName": s.app, "stream": nil}), true
	case "oauth":
		_, id := guid(g.r), guid(g.r)
		name := pick(g.r, []string{"Quick Scan PDF", "Mail Booster", "Calendar Plus"})
		return g.piece("oauthApplicationEvidence", at, "suspicious", "active", object{
			"appId": oauthApps[name], "objectId": id, "displayName": name, "publisher": nil}), true
	case "session":
		return g.piece("cloudLogonSessionEvidence", at, "suspicious", "none", object{
			"browser": "Chrome", "operatingSystem": "Windows", "protocol": "OAuth2", "sessionId": guid(g.r), "startUtcDateTime": stamp(at.Add(-time.Hour)),
			"account": g.piece("userEvidence", at, "suspicious", "none", object{"userAccount": account(s.person)})}), true
	case "securitygroup":
		return g.piece("securityGroupEvidence", at, "unknown", "none", object{
			"displayName": "Backup Operators", "friendlyName": "Backup Operators", "sid": "S-1-5-32-551", "securityGroupId": guid(g.r),
			"distinguishedName": "CN=Backup Operators,CN=Builtin,DC=contoso,DC=example", "activeDirectoryObjectGuid": guid(g.r)}), true
	case "serviceprincipal":
		return g.piece("servicePrincipalEvidence", at, "suspicious", "none", object{
			"appId": guid(g.r), "servicePrincipalName": "svc-sync", "servicePrincipalObjectId": guid(g.r), "servicePrincipalType": "application", "tenantId": tenant}), true
	case "azure":
		return g.piece("azureResourceEvidence", at, "unknown", "none", object{
			"resourceId":   "/subscriptions/" + guid(g.r) + "/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/web-1",
			"resourceName": "web-1", "resourceType": "Virtual Machine"}), true
	}
	panic("demo: no evidence of kind " + kind)
}

// piece is what every kind of evidence has.
func (g *generator) piece(kind string, at time.Time, verdict, remediation string, rest object) object {
	e := object{
		"@odata.type": "#microsoft.graph.security." + kind, "createdDateTime": stamp(at), "verdict": verdict,
		"remediationStatus": remediation, "remediationStatusDetails": nil, "roles": []string{}, "detailedRoles": []string{}, "tags": []string{},
	}
	for k, v := range rest {
		e[k] = v
	}
	return e
}

func (g *generator) deviceEvidence(d device, at time.Time, role string) object {
	e := g.piece("deviceEvidence", at, "suspicious", "active", object{
		"mdeDeviceId": d.id, "azureAdDeviceId": nil, "deviceDnsName": d.host + "." + d.domain, "hostName": d.host, "ntDomain": nil,
		"dnsDomain": d.domain, "osPlatform": d.os, "osBuild": d.build, "version": "22H2", "firstSeenDateTime": "2026-01-12T08:00:00Z",
		"healthStatus": "active", "riskScore": pick(g.r, []string{"low", "medium", "high"}), "rbacGroupId": groupIDs[d.group],
		"rbacGroupName": orNil(d.group), "onboardingStatus": "onboarded", "defenderAvStatus": "updated",
		"lastIpAddress": fmt.Sprintf("10.20.%d.%d", g.r.IntN(200), g.r.IntN(250)+1), "lastExternalIpAddress": "203.0.113.44",
		"ipInterfaces": []string{}, "vmMetadata": nil, "resourceAccessEvents": []any{},
		"loggedOnUsers": []object{{"accountName": d.owner.account, "domainName": "CONTOSO"}},
	})
	e["detailedRoles"] = []string{role}
	if len(d.tags) > 0 {
		e["tags"] = d.tags
	}
	return e
}

func account(p person) object {
	return object{
		"accountName": p.account, "domainName": "CONTOSO", "userSid": p.sid, "azureAdUserId": p.id, "userPrincipalName": p.upn,
		"displayName": p.name, "activeDirectoryObjectGuid": nil, "resourceAccessEvents": []any{},
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
