package demo

import (
	"encoding/json"
	"strings"
	"time"
)

// story is an alert with what its evidence says, ready to be told in rows.
type story struct {
	alert           object
	id, title       string
	at              time.Time // when the alert was made, a few minutes after what it is about
	device, second  device
	who             person
	ip, url, app    string
	process, file   object
	registry, mail  object
	cluster, teams  object
	oauth, session  object
	group, rule     object
	submission      object
	source          string // the host that an identity alert is about
	attachment, sha string
}

// knownAs are the samples' alerts, which have detectors of their own, by the detector that reports the like.
var knownAs = map[string]string{
	"Suspicious process launched from a mail client": "Office program started a script interpreter",
}

// alert writes what hunting knows of an alert, and the events that led to it.
func (j *journal) alert(a object) {
	s := j.read(a)
	j.info(s)
	for _, e := range evidenceOf(a) {
		j.evidenceRow(s, e)
	}
	told := tales[s.title]
	if told == nil {
		told = tales[knownAs[s.title]]
	}
	if told != nil {
		told(j, s)
	}
	if correlatedID == text(a, "detectorId") {
		j.correlated(s)
	}
}

var correlatedID = detectorID(correlated.title)

// titles finds a detector's title, which the alert itself may no longer bear: a few have hostile text there.
var titles = func() map[string]string {
	all := map[string]string{}
	for _, d := range detectors {
		all[detectorID(d.title)] = d.title
	}
	return all
}()

func (j *journal) read(a object) story {
	s := story{alert: a, id: text(a, "id"), title: titles[text(a, "detectorId")]}
	if s.title == "" {
		s.title = text(a, "title")
	}
	s.at, _ = time.Parse(time.RFC3339Nano, text(a, "createdDateTime"))
	for _, e := range evidenceOf(a) {
		if account, ok := e["userAccount"].(object); ok && s.who.account == "" {
			s.who = person{text(account, "displayName"), text(account, "accountName"), text(account, "userPrincipalName"), text(account, "azureAdUserId"), text(account, "userSid")}
		}
		switch kindOf(e) {
		case "device":
			d, known := j.byID[text(e, "mdeDeviceId")]
			switch {
			case !known:
				s.source = text(e, "hostName")
			case s.device.id == "":
				s.device = d
			default:
				s.second = d
			}
		case "process":
			s.process = e
		case "file":
			s.file, _ = e["fileDetails"].(object)
		case "fileHash":
			s.sha = text(e, "value")
		case "registryValue":
			s.registry = e
		case "analyzedMessage":
			s.mail = e
		case "mailCluster":
			s.cluster = e
		case "teamsMessage":
			s.teams = e
		case "mailboxConfiguration":
			s.rule = e
		case "submissionMail":
			s.submission = e
		case "cloudApplication":
			s.app = text(e, "displayName")
		case "oauthApplication":
			s.oauth = e
		case "cloudLogonSession":
			s.session = e
		case "securityGroup":
			s.group = e
		case "ip":
			s.ip = text(e, "ipAddress")
		case "url":
			s.url = text(e, "url")
		}
	}
	if f := j.files[s.sha]; f != nil {
		s.attachment = text(f, "fileName")
	} else if s.sha != "" {
		s.attachment = "attachment_" + s.sha[:4] + ".docm"
	}
	return s
}

func kindOf(e object) string {
	return strings.TrimSuffix(strings.TrimPrefix(text(e, "@odata.type"), "#microsoft.graph.security."), "Evidence")
}

// Names of products and detectors as rows spell them.
var (
	huntedProducts = map[string]string{
		mde: "Microsoft Defender for Endpoint", mdo: "Microsoft Defender for Office 365", mca: "Microsoft Defender for Cloud Apps", mdi: "Microsoft Defender for Identity", xdr: "Microsoft Defender XDR",
		"microsoftAppGovernance": "App Governance", "dataLossPrevention": "Microsoft Data Loss Prevention", "microsoftSentinel": "Microsoft Sentinel", "azureAdIdentityProtection": "AAD Identity Protection",
		"microsoftDefenderForCloud": "Microsoft Defender for Cloud",
	}
	huntedSources = map[string]string{
		mde: "EDR", "antivirus": "Antivirus", "smartScreen": "SmartScreen", "customTi": "Custom TI", "customDetection": "Custom detection", "automatedInvestigation": "Automated investigation",
		mdo: "Microsoft Defender for Office 365", "cloudAppSecurity": "Cloud App Security", mdi: "Microsoft Defender for Identity", xdr: "Microsoft 365 Defender",
	}
)

func spelled(names map[string]string, name string) string {
	if s := names[name]; s != "" {
		return s
	}
	return name
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (j *journal) info(s story) {
	j.add("AlertInfo", s.at, merge(s.heading(), object{"Category": s.alert["category"]}))
}

func (s story) heading() object {
	techniques := []byte("[]")
	if list := s.alert["mitreTechniques"]; list != nil {
		techniques, _ = json.Marshal(list)
	}
	return object{
		"AlertId": s.id, "Title": s.alert["title"], "Severity": capital(text(s.alert, "severity")), "ServiceSource": spelled(huntedProducts, text(s.alert, "serviceSource")),
		"DetectionSource": spelled(huntedSources, text(s.alert, "detectionSource")), "AttackTechniques": string(techniques),
	}
}

var entityTypes = map[string]string{
	"device": "Machine", "process": "Process", "file": "File", "fileHash": "File", "registryValue": "RegistryValue", "user": "User", "ip": "Ip", "url": "Url", "analyzedMessage": "MailMessage",
	"mailbox": "Mailbox", "mailCluster": "MailCluster", "submissionMail": "SubmissionMail", "mailboxConfiguration": "MailboxConfiguration", "teamsMessage": "TeamsMessage", "cloudApplication": "CloudApplication",
	"oauthApplication": "OAuthApplication", "cloudLogonSession": "CloudLogonSession", "securityGroup": "SecurityGroup", "servicePrincipal": "ServicePrincipal", "azureResource": "CloudResource",
}

// evidenceRow writes a piece of evidence as a row of AlertEvidence.
func (j *journal) evidenceRow(s story, e object) {
	categories, _ := json.Marshal([]any{s.alert["category"]})
	p := merge(s.heading(), object{"Categories": string(categories), "EntityType": spelled(entityTypes, kindOf(e)), "EvidenceRole": "Impacted", "EvidenceDirection": ""})
	put := func(column string, v any) {
		if v != nil && v != "" {
			p[column] = v
		}
	}
	if account, ok := e["userAccount"].(object); ok {
		put("AccountName", account["accountName"])
		put("AccountDomain", account["domainName"])
		put("AccountSid", account["userSid"])
		put("AccountObjectId", account["azureAdUserId"])
		put("AccountUpn", account["userPrincipalName"])
	}
	file, _ := e["fileDetails"].(object)
	if image, ok := e["imageFile"].(object); ok {
		file = image
	}
	put("FileName", file["fileName"])
	put("FolderPath", file["filePath"])
	put("SHA1", file["sha1"])
	put("SHA256", file["sha256"])
	put("FileSize", file["fileSize"])
	put("DeviceId", e["mdeDeviceId"])
	if d, ok := j.byID[text(e, "mdeDeviceId")]; ok {
		put("DeviceName", d.host+"."+d.domain)
	}
	if kindOf(e) == "device" {
		put("DeviceName", e["deviceDnsName"])
		put("LocalIP", e["lastIpAddress"])
	}
	if text(e, "algorithm") == "sha256" {
		put("SHA256", e["value"])
	}
	put("ProcessCommandLine", e["processCommandLine"])
	put("RegistryKey", registryKey(e))
	put("RegistryValueName", e["registryValueName"])
	put("RegistryValueData", e["registryValue"])
	put("RemoteIP", e["ipAddress"])
	put("RemoteUrl", e["url"])
	put("NetworkMessageId", e["networkMessageId"])
	put("EmailSubject", e["subject"])
	put("ThreatFamily", s.alert["threatDisplayName"])
	switch kindOf(e) {
	case "mailbox":
		put("AccountUpn", e["upn"])
	case "analyzedMessage":
		put("AccountUpn", e["recipientEmailAddress"])
	case "cloudApplication":
		put("Application", e["displayName"])
		put("ApplicationId", e["saasAppId"])
	case "oauthApplication":
		put("Application", e["displayName"])
		put("OAuthApplicationId", e["appId"])
	case "process", "file", "fileHash", "ip", "url", "registryValue":
		p["EvidenceRole"] = "Related"
	case "azureResource":
		put("CloudResource", e["resourceName"])
		put("ResourceID", e["resourceId"])
		put("ResourceType", e["resourceType"])
	}
	j.add("AlertEvidence", s.at, p)
}

func registryKey(e object) string {
	if text(e, "registryKey") == "" {
		return ""
	}
	return text(e, "registryHive") + `\` + text(e, "registryKey")
}
