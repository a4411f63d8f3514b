package demo

import (
	"fmt"
	"time"
)

// How much happens in a month besides attacks. It is little for a company of 250 devices: enough that a query has to tell one from the other.
const (
	everyProcess    = 3500
	everyConnection = 2500
	everyFile       = 1500
	everyRegistry   = 600
	everyLogon      = 1500
	everyImage      = 500
	everyEvent      = 600
	everyMail       = 1200
	everyClick      = 300
	everyCloud      = 1200
	everySignIn     = 1000
	everyTicket     = 800
	everyQuery      = 400
	everyChange     = 200
	everyMessage    = 240
)

// workday is a moment of the month at which people work: mostly on a weekday between seven and six.
func (j *journal) workday() time.Time {
	for {
		at := j.now.Add(-time.Duration(j.r.Int64N(int64((days*24 - 1)) * int64(time.Hour))))
		hour := at.Hour()
		if weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday; !weekend && hour >= 7 && hour < 18 || j.r.IntN(12) == 0 {
			return at
		}
	}
}

var (
	subjects = []string{"Minutes of Tuesday", "Lunch?", "Budget, second draft", "Travel request", "Re: delivery of the samples", "Invoice for April", "Welcome aboard", "Planned maintenance", "Holiday list", "Offer for the new office"}
	sites    = []string{"www.example.com", "docs.contoso.example", "mail.contoso.example", "files.contoso.example", "cdn.example.com", "update.example.org", "news.example.org", "api.example.com"}
)

// windows is a device on which the programs of every day run.
func (j *journal) windows() device {
	for {
		if d := pick(j.r, j.devices); isWindows(d) {
			return d
		}
	}
}

// everyday writes what people and machines do all day.
func (j *journal) everyday() {
	for range everyProcess {
		d, at, p := j.windows(), j.workday(), pick(j.r, programs)
		who := d.owner
		if isServer(d) {
			who = system
		}
		j.on("DeviceProcessEvents", at, d, program{name: "explorer.exe", folder: `C:\Windows`, company: "Microsoft Corporation", product: "Microsoft Windows", line: "explorer.exe"}.by(who, at, 1200+j.r.IntN(800)), object{
			"ActionType": "ProcessCreated", "FileName": p.name, "FolderPath": p.folder + `\` + p.name, "SHA1": p.sha1(), "SHA256": p.sha256(), "FileSize": p.size(), "ProcessCommandLine": p.line, "ProcessId": 2000 + j.r.IntN(18_000),
			"ProcessVersionInfoCompanyName": p.company, "ProcessVersionInfoProductName": p.product, "ProcessIntegrityLevel": "Medium", "ProcessCreationTime": stamp(at), "AccountName": who.account, "AccountDomain": domainOf(who),
			"AccountSid": who.sid, "AccountUpn": who.upn})
	}
	for range everyConnection {
		d, at := j.windows(), j.workday()
		site := pick(j.r, sites)
		j.connected(at, d, pick(j.r, programs[:6]).by(d.owner, at, 2000+j.r.IntN(9000)), fmt.Sprintf("192.0.2.%d", 1+int(site[0])%200), site)
	}
	for range everyFile {
		d, at, p := j.windows(), j.workday(), pick(j.r, programs[2:5])
		name := pick(j.r, documents)
		action := pick(j.r, []string{"FileCreated", "FileModified", "FileModified", "FileRenamed", "FileDeleted"})
		j.on("DeviceFileEvents", at, d, p.by(d.owner, at, 2000+j.r.IntN(9000)), object{
			"ActionType": action, "FileName": name, "FolderPath": `C:\Users\` + d.owner.account + `\Documents\` + name, "SHA1": hex(j.r, 40), "SHA256": hex(j.r, 64), "FileSize": 10_000 + j.r.IntN(2_000_000), "RequestProtocol": "Local"})
	}
	for range everyRegistry {
		d, at := j.windows(), j.workday()
		j.on("DeviceRegistryEvents", at, d, namedProgram("gpupdate.exe").by(system, at, 900+j.r.IntN(900)), object{
			"ActionType": "RegistryValueSet", "RegistryKey": `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate`, "RegistryValueName": "TargetGroup", "RegistryValueType": "String", "RegistryValueData": "ring" + fmt.Sprint(j.r.IntN(3))})
	}
	for i := range everyLogon {
		d, at := pick(j.r, j.devices), j.workday()
		action, kind := "LogonSuccess", pick(j.r, []string{"Interactive", "Unlock", "Network", "CachedInteractive"})
		if i%25 == 0 {
			action = "LogonFailed"
		}
		j.signedIn(at, d, d.owner, action, kind, device{})
	}
	for range everyImage {
		d, at, p := j.windows(), j.workday(), pick(j.r, programs)
		j.on("DeviceImageLoadEvents", at, d, p.by(d.owner, at, 2000+j.r.IntN(9000)), object{
			"ActionType": "ImageLoaded", "FileName": "mscoree.dll", "FolderPath": `C:\Windows\System32\mscoree.dll`, "SHA1": digest("mscoree.dll")[:40], "SHA256": digest("mscoree.dll"), "FileSize": 402_000})
	}
	for range everyEvent {
		d, at := j.windows(), j.workday()
		j.on("DeviceEvents", at, d, namedProgram("svchost.exe").by(system, at, 900), object{
			"ActionType": pick(j.r, []string{"AntivirusScanCompleted", "PowerShellCommand", "ScreenshotTaken", "UsbDriveMounted", "FirewallInboundConnectionBlocked"}), "AdditionalFields": "{}"})
	}
	j.everydayMail()
	j.everydayCloud()
	for _, p := range programs {
		for _, d := range j.devices {
			if isWindows(d) && d.id[2] == '7' {
				j.on("DeviceFileCertificateInfo", j.workday(), d, object{
					"SHA1": p.sha1(), "IsSigned": true, "IsTrusted": true, "Signer": p.company, "Issuer": "Example Code Signing CA", "SignatureType": "Embedded", "IsRootSignerMicrosoft": p.company == "Microsoft Corporation"})
			}
		}
	}
}

func (j *journal) everydayMail() {
	for i := range everyMail {
		at, to := j.workday(), pick(j.r, j.people)
		m := letter{
			id: guid(j.r), internet: "<" + guid(j.r) + ">", sender: pick(j.r, j.people).upn, to: to.upn, subject: pick(j.r, subjects), ip: "10.20.0.25", direction: "Intra-org", action: "Delivered", location: "Inbox/folder",
			passed: true, size: 8000 + j.r.IntN(500_000)}
		switch i % 3 {
		case 1:
			m.sender, m.direction, m.ip = pick(j.r, []string{"orders", "hello", "newsletter", "billing"})+"@"+pick(j.r, []string{"example.com", "supplier.example.com", "news.example.org"}), "Inbound", "192.0.2.25"
		case 2:
			m.to, m.direction, m.location, m.ip = fmt.Sprintf("customer%03d@example.com", j.r.IntN(500)), "Outbound", "External", "203.0.113.25"
		}
		m.from = m.sender
		url := "https://" + pick(j.r, sites) + "/" + hex(j.r, 4)
		if i%4 == 1 {
			m.urls = 1
		}
		if i%5 == 2 {
			m.files = 1
		}
		j.sent(at, m)
		if m.urls > 0 {
			j.linked(at, m, url)
		}
		if m.files > 0 {
			j.attached(at, m, pick(j.r, documents), hex(j.r, 64))
		}
		if i < everyClick {
			j.clicked(at.Add(time.Hour), url, to.upn, m.id, "Email", "ClickAllowed", false)
		}
		if i < everyMessage {
			j.of("MessageEvents", at, object{
				"TeamsMessageId": hex(j.r, 13), "SenderEmailAddress": m.sender, "SenderType": "User", "RecipientDetails": []object{{"RecipientSmtpAddress": to.upn}}, "IsExternalThread": false, "MessageSubject": "", "DeliveryAction": "Delivered",
				"DeliveryLocation": "Teams", "ThreadSubtype": "OneOnOne"})
		}
	}
}

func (j *journal) everydayCloud() {
	apps := []string{"Example Chat", "Example CRM", "Example Files Online", "Example Mail"}
	for range everyCloud {
		who := pick(j.r, j.people)
		j.cloud(j.workday(), who, pick(j.r, apps), "203.0.113.44", pick(j.r, []string{"FileAccessed", "FileModified", "FilePreviewed", "UserLoggedIn", "FileDownloaded", "MailItemsAccessed"}), object{"ObjectName": pick(j.r, documents), "ObjectType": "File"})
	}
	for i := range everySignIn {
		action := "LogonSuccess"
		if i%40 == 0 {
			action = "LogonFailed"
		}
		j.logon(j.workday(), pick(j.r, j.people), action, pick(j.r, apps), "203.0.113.44")
	}
	for i := range everyTicket {
		d, action := pick(j.r, j.devices), "LogonSuccess"
		if i%50 == 0 {
			action = "LogonFailed"
		}
		j.kerberos(j.workday(), d.owner, action, addressOf(d), d.host)
	}
	for range everyQuery {
		d, to := pick(j.r, j.devices), j.controller()
		j.of("IdentityQueryEvents", j.workday(), object{
			"ActionType": pick(j.r, []string{"LDAP query", "DNS query", "DNS query"}), "Application": "Active Directory", "QueryType": "AllComputers", "QueryTarget": d.domain, "Protocol": "Ldap", "AccountName": d.owner.account, "AccountDomain": domainOf(d.owner),
			"AccountUpn": d.owner.upn, "DeviceName": d.host, "IPAddress": addressOf(d), "DestinationDeviceName": to.host + "." + to.domain, "DestinationIPAddress": addressOf(to), "DestinationPort": 389})
	}
	for i := range everyChange {
		who := pick(j.r, j.people)
		if i%3 == 0 {
			j.directory(j.workday(), story{who: who}, "Account Password changed", object{"TargetAccountUpn": who.upn, "TargetAccountDisplayName": who.name})
			continue
		}
		target := pick(j.r, j.people)
		j.directory(j.workday(), story{who: who}, "Group Membership changed", object{
			"TargetAccountUpn": target.upn, "TargetAccountDisplayName": target.name, "AdditionalFields": object{"TO.GROUP": pick(j.r, []string{"Sales readers", "Project Atlas", "Printers second floor"}), "ACTOR.ACCOUNT": who.account, "TARGET_OBJECT.USER": target.account}})
	}
}
