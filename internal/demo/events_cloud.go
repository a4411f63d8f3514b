package demo

import (
	"fmt"
	"time"
)

// cloud writes what somebody did in an app.
func (j *journal) cloud(at time.Time, who person, app, ip, action string, more object) {
	where := placeOf(ip)
	j.of("CloudAppEvents", at, object{
		"ActionType": action, "ActivityType": "Basic", "Application": app, "ApplicationId": cloudApps[app], "AppInstanceId": 0, "AccountObjectId": who.id, "AccountId": who.upn, "AccountDisplayName": who.name, "AccountType": "Regular",
		"IsAdminOperation": false, "DeviceType": "Desktop", "OSPlatform": "Windows 11", "IPAddress": ip, "IsAnonymousProxy": false, "CountryCode": where.code, "City": where.city, "Isp": where.isp,
		"UserAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "IsExternalUser": false, "IsImpersonated": false, "IPCategory": "Corporate", "AuditSource": "Defender for Cloud Apps API connector"}, more)
}

// logon writes a sign-in as the identity and cloud products see it.
func (j *journal) logon(at time.Time, who person, action, app, ip string) {
	where := placeOf(ip)
	p := object{
		"ActionType": action, "Application": app, "LogonType": "Interactive", "Protocol": "OAuth2", "AccountName": who.account, "AccountDomain": domainOf(who), "AccountUpn": who.upn, "AccountSid": who.sid,
		"AccountObjectId": who.id, "AccountDisplayName": who.name, "DeviceType": "Desktop", "OSPlatform": "Windows 11", "IPAddress": ip, "Location": where.code, "Isp": where.isp}
	code := 0
	if action == "LogonFailed" {
		p["FailureReason"], code = "WrongPassword", 50126
	}
	j.of("IdentityLogonEvents", at, p)
	j.of("EntraIdSignInEvents", at, object{
		"Application": app, "LogonType": `["interactiveUser"]`, "ErrorCode": code, "AccountDisplayName": who.name, "AccountObjectId": who.id, "AccountUpn": who.upn, "OSPlatform": "Windows 11", "Browser": "Edge 124", "ClientAppUsed": "Browser",
		"IPAddress": ip, "Country": where.code, "State": where.state, "City": where.city, "IsGuestUser": 0, "IsExternalUser": 0, "IsManaged": 1, "IsCompliant": 1, "ResourceDisplayName": app, "CorrelationId": guid(j.r), "SessionId": guid(j.r)})
}

var documents = []string{"Price list.xlsx", "Customers 2026.xlsx", "Roadmap.pptx", "Contract draft.docx", "Salaries.xlsx", "Floor plan.pdf", "Minutes.docx", "Tender.docx"}

// downloads is how many files a tale of many tells of.
const downloads = 18

func (j *journal) downloaded(s story) {
	j.logon(s.at.Add(-25*time.Minute), s.who, "LogonSuccess", s.app, s.ip)
	begun := s.at.Add(-15 * time.Minute)
	for i := range downloads {
		j.cloud(begun.Add(time.Duration(i*5)*time.Second), s.who, s.app, s.ip, "FileDownloaded", object{
			"ActivityType": "Download", "ObjectName": fmt.Sprintf("https://files.contoso.example/sales/%03d-%s", i, documents[i%len(documents)]), "ObjectType": "File", "IPCategory": "Unknown"})
	}
}

func (j *journal) travelled(s story) {
	j.logon(s.at.Add(-50*time.Minute), s.who, "LogonSuccess", s.app, "203.0.113.44")
	j.cloud(s.at.Add(-48*time.Minute), s.who, s.app, "203.0.113.44", "UserLoggedIn", object{"ActivityType": "Login"})
	j.logon(s.at.Add(-10*time.Minute), s.who, "LogonSuccess", s.app, s.ip)
	j.cloud(s.at.Add(-9*time.Minute), s.who, s.app, s.ip, "UserLoggedIn", object{"ActivityType": "Login", "IPCategory": "Risky", "UncommonForUser": []string{"CountryCode", "ISP"}})
}

func (j *journal) anonymous(s story) {
	for i := range 3 {
		j.cloud(s.at.Add(time.Duration(-12+3*i)*time.Minute), s.who, s.app, s.ip, []string{"UserLoggedIn", "FileAccessed", "FileDownloaded"}[i], object{
			"IsAnonymousProxy": true, "IPCategory": "Risky", "IPTags": []string{"Tor"}, "ObjectName": pick(j.r, documents), "ObjectType": "File"})
	}
}

func (j *journal) shared(s story) {
	for i := range 3 {
		guest := fmt.Sprintf("partner%02d@example.org", j.r.IntN(90))
		j.cloud(s.at.Add(time.Duration(-9+i)*time.Minute), s.who, s.app, "203.0.113.44", "AddedToSecureLink", object{
			"ActivityType": "Share", "ObjectName": pick(j.r, documents), "ObjectType": "File", "RawEventData": object{"Operation": "AddedToSecureLink", "TargetUserOrGroupName": guest, "TargetUserOrGroupType": "Guest"}})
	}
}

func (j *journal) consented(s story) {
	if s.oauth == nil {
		return
	}
	name, id := text(s.oauth, "displayName"), text(s.oauth, "appId")
	for i, who := range []person{s.who, pick(j.r, j.people), pick(j.r, j.people)} {
		j.cloud(s.at.Add(time.Duration(-45+9*i)*time.Minute), who, "Example Mail", "203.0.113.44", "Consent to application.", object{
			"ActivityType": "Consent", "ObjectName": name, "ObjectType": "Application", "OAuthAppId": id,
			"RawEventData": object{"Operation": "Consent to application.", "ModifiedProperties": []object{{"Name": "ConsentAction.Permissions", "NewValue": "Mail.Read Mail.Send offline_access"}, {"Name": "ConsentContext.IsAdminConsent", "NewValue": "False"}}}})
	}
	j.of("OAuthAppInfo", s.at.Add(-50*time.Minute), object{
		"OAuthAppId": id, "ServicePrincipalId": s.oauth["objectId"], "AppName": name, "AppStatus": "Enabled", "PrivilegeLevel": "High", "IsAdminConsented": false, "AppOrigin": "External", "ConsentedUsersCount": 3 + j.r.IntN(40),
		"AddedOnTime": stamp(s.at.Add(-72 * time.Hour)), "Permissions": []object{{"PermissionValue": "Mail.Read"}, {"PermissionValue": "Mail.Send"}}})
}

func (j *journal) overwritten(s story) {
	begun := s.at.Add(-12 * time.Minute)
	for i := range downloads {
		name := fmt.Sprintf("%03d-%s", i, documents[i%len(documents)])
		j.cloud(begun.Add(time.Duration(i*4)*time.Second), s.who, s.app, s.ip, "FileRenamed", object{
			"ObjectName": "https://files.contoso.example/library/" + name + ".locked", "ObjectType": "File", "RawEventData": object{"Operation": "FileRenamed", "SourceFileName": name, "DestinationFileName": name + ".locked"}})
	}
}
