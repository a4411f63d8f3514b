package demo

import (
	"fmt"
	"strings"
	"time"
)

// tales tell what happened before an alert, by the title of what reports it.
var tales = map[string]func(*journal, story){
	"Suspicious PowerShell command line":                 (*journal).encoded,
	"Credential dumping from LSASS memory":               (*journal).dumped,
	"Malware was prevented on one endpoint":              (*journal).prevention,
	"Unwanted software was detected":                     (*journal).prevention,
	"Ransomware behaviour detected in the file system":   (*journal).ransomed,
	"Suspicious scheduled task was created":              (*journal).scheduled,
	"Lateral movement by remote service creation":        (*journal).moved,
	"A user opened a reported site":                      (*journal).overridden,
	"Connection to an address on the block list":         (*journal).beaconed,
	"Office program started a script interpreter":        (*journal).encoded,
	"Automated investigation found a suspicious service": (*journal).unsigned,

	"Email messages containing malicious file removed after delivery": (*journal).mailed,
	"A potentially malicious URL click was detected":                  (*journal).mailed,
	"Email reported by user as malware or phish":                      (*journal).reported,
	"Suspicious email forwarding rule":                                (*journal).forwarded,
	"Email sending limit exceeded":                                    (*journal).flooded,
	"Automated investigation wants to remove a cluster of messages":   (*journal).mailed,
	"Teams message with a malicious link":                             (*journal).chatted,

	"Mass download by a single user":       (*journal).downloaded,
	"Impossible travel activity":           (*journal).travelled,
	"Activity from an anonymous address":   (*journal).anonymous,
	"Unusual file share activity":          (*journal).shared,
	"App with unusual consent pattern":     (*journal).consented,
	"Ransomware activity in cloud storage": (*journal).overwritten,

	"Suspected replication of directory services":          (*journal).replicated,
	"Suspected brute-force attack":                         (*journal).sprayed,
	"Account enumeration reconnaissance":                   (*journal).enumerated,
	"Honeytoken activity":                                  (*journal).baited,
	"Suspicious additions to a sensitive group":            (*journal).promoted,
	"Remote code execution attempt on a domain controller": (*journal).commanded,
}

// started writes the process of an alert, and what it connected to.
func (j *journal) started(s story) (d device, by object) {
	image, _ := s.process["imageFile"].(object)
	parent, _ := s.process["parentProcessImageFile"].(object)
	begun, err := time.Parse(time.RFC3339Nano, text(s.process, "processCreationDateTime"))
	if err != nil || s.device.id == "" {
		return device{}, nil
	}
	p := namedProgram(text(parent, "fileName"))
	p.folder = text(parent, "filePath")
	from := p.by(s.who, begun, number(s.process["parentProcessId"]))
	if sha1 := text(parent, "sha1"); sha1 != "" {
		from["InitiatingProcessSHA1"], from["InitiatingProcessSHA256"] = sha1, text(parent, "sha256")
	}
	name, folder := text(image, "fileName"), text(image, "filePath")
	j.on("DeviceProcessEvents", begun, s.device, from, object{
		"ActionType": "ProcessCreated", "FileName": name, "FolderPath": folder + `\` + name, "SHA1": image["sha1"], "SHA256": image["sha256"], "FileSize": image["fileSize"], "ProcessId": s.process["processId"],
		"ProcessCommandLine": s.process["processCommandLine"], "ProcessCreationTime": stamp(begun), "ProcessIntegrityLevel": "Medium", "ProcessTokenElevation": "TokenElevationTypeLimited",
		"AccountName": s.who.account, "AccountDomain": domainOf(s.who), "AccountSid": s.who.sid, "AccountUpn": s.who.upn, "AccountObjectId": s.who.id,
	})
	by = program{name: name, folder: folder, line: text(s.process, "processCommandLine")}.by(s.who, begun, number(s.process["processId"]))
	by["InitiatingProcessParentFileName"], by["InitiatingProcessParentId"] = text(parent, "fileName"), s.process["parentProcessId"]
	by["InitiatingProcessSHA1"], by["InitiatingProcessSHA256"] = text(image, "sha1"), text(image, "sha256")
	if s.ip != "" {
		j.connected(begun.Add(20*time.Second), s.device, by, s.ip, "")
	}
	return s.device, by
}

func number(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case float64: // of a sample
		return int(n)
	}
	return 0
}

func (j *journal) connected(at time.Time, d device, by object, ip, url string) {
	j.on("DeviceNetworkEvents", at, d, by, object{
		"ActionType": "ConnectionSuccess", "RemoteIP": ip, "RemotePort": 443, "RemoteUrl": url, "LocalIP": addressOf(d), "LocalPort": 49_152 + j.r.IntN(16_000), "Protocol": "Tcp",
		"LocalIPType": "Private", "RemoteIPType": "Public"})
}

// dropped writes that a file came to be, and that nobody has signed it.
func (j *journal) dropped(at time.Time, s story, by object) {
	if s.file == nil || s.device.id == "" {
		return
	}
	if came, ok := j.arrived[text(s.file, "sha256")]; ok && came.After(at) {
		at = came.Add(2 * time.Minute) // no file is on a device before it came
	}
	origin := object{}
	if s.url != "" {
		origin["FileOriginUrl"], origin["FileOriginIP"] = s.url, s.ip
	}
	j.on("DeviceFileEvents", at, s.device, by, origin, fileOf(s.file), object{"ActionType": "FileCreated", "RequestProtocol": "Local"})
	j.on("DeviceFileCertificateInfo", at, s.device, object{"SHA1": s.file["sha1"], "IsSigned": false, "IsTrusted": false, "IsRootSignerMicrosoft": false, "SignatureType": ""})
}

func fileOf(f object) object {
	return object{
		"FileName": f["fileName"], "FolderPath": text(f, "filePath") + `\` + text(f, "fileName"), "SHA1": f["sha1"], "SHA256": f["sha256"], "MD5": f["md5"], "FileSize": f["fileSize"]}
}

func (j *journal) encoded(s story) {
	d, by := j.started(s)
	if by == nil {
		return
	}
	j.on("DeviceEvents", s.at.Add(-2*time.Minute), d, by, object{"ActionType": "PowerShellCommand", "AdditionalFields": `{"Command":"Invoke-Expression"}`})
	j.dropped(s.at.Add(-time.Minute), s, by)
	j.persisted(s, by)
}

func (j *journal) persisted(s story, by object) {
	if s.registry == nil || s.device.id == "" {
		return
	}
	j.on("DeviceRegistryEvents", s.at.Add(-time.Minute), s.device, by, object{
		"ActionType": "RegistryValueSet", "RegistryKey": registryKey(s.registry), "RegistryValueName": s.registry["registryValueName"], "RegistryValueType": s.registry["registryValueType"],
		"RegistryValueData": s.registry["registryValue"]})
}

func (j *journal) dumped(s story) {
	d, by := j.started(s)
	if by == nil {
		return
	}
	j.dropped(s.at.Add(-3*time.Minute), s, by)
	j.on("DeviceEvents", s.at.Add(-2*time.Minute), d, by, object{
		"ActionType": "OpenProcessApiCall", "FileName": "lsass.exe", "FolderPath": `C:\Windows\System32\lsass.exe`, "ProcessId": 700 + j.r.IntN(200), "AccountName": "system", "AccountDomain": "nt authority",
		"AdditionalFields": `{"DesiredAccess":5136}`})
	j.on("DeviceFileEvents", s.at.Add(-90*time.Second), d, by, object{
		"ActionType": "FileCreated", "FileName": "debug.dmp", "FolderPath": `C:\Windows\Temp\debug.dmp`, "FileSize": 48_000_000 + j.r.IntN(9_000_000), "SHA1": hex(j.r, 40), "SHA256": hex(j.r, 64)})
}

func (j *journal) prevention(s story) {
	if s.device.id == "" || s.file == nil {
		return
	}
	who := s.who
	if who.account == "" {
		who = s.device.owner
	}
	by := namedProgram("msedge.exe").by(who, s.at, 2000+j.r.IntN(7000))
	j.dropped(s.at.Add(-2*time.Minute), s, by)
	j.on("DeviceEvents", s.at.Add(-time.Minute), s.device, by, fileOf(s.file), object{
		"ActionType": "AntivirusDetection", "AdditionalFields": string(encode(object{"ThreatName": s.alert["threatDisplayName"], "WasRemediated": true, "WasExecutingWhileDetected": false}))})
}

// overwrites is how many documents a tale of ransomware tells of; there were more.
const overwrites = 16

func (j *journal) ransomed(s story) {
	d, by := j.started(s)
	if by == nil {
		return
	}
	j.dropped(s.at.Add(-4*time.Minute), s, by)
	minute := s.at.Add(-2 * time.Minute).Truncate(time.Minute)
	for i := range overwrites {
		name := fmt.Sprintf("%s_%02d.xlsx", pick(j.r, []string{"budget", "plan", "customers", "orders"}), i)
		folder := `C:\Users\` + d.owner.account + `\Documents`
		j.on("DeviceFileEvents", minute.Add(time.Duration(i*2)*time.Second), d, by, object{
			"ActionType": "FileRenamed", "FileName": name + ".locked", "FolderPath": folder + `\` + name + ".locked", "PreviousFileName": name, "PreviousFolderPath": folder, "FileSize": 20_000 + j.r.IntN(400_000)})
	}
	j.on("DeviceProcessEvents", minute.Add(time.Minute), d, by, object{
		"ActionType": "ProcessCreated", "FileName": "vssadmin.exe", "FolderPath": `C:\Windows\System32\vssadmin.exe`, "ProcessCommandLine": "vssadmin.exe delete shadows /all /quiet", "ProcessId": 3000 + j.r.IntN(6000),
		"SHA1": digest("vssadmin.exe")[:40], "SHA256": digest("vssadmin.exe"), "AccountName": s.who.account, "AccountDomain": domainOf(s.who), "AccountSid": s.who.sid, "AccountUpn": s.who.upn})
}

func (j *journal) scheduled(s story) {
	d, by := j.started(s)
	if by == nil {
		return
	}
	script := `C:\Users\` + d.owner.account + `\AppData\Local\Temp\update.ps1`
	j.on("DeviceProcessEvents", s.at.Add(-150*time.Second), d, by, object{
		"ActionType": "ProcessCreated", "FileName": "schtasks.exe", "FolderPath": `C:\Windows\System32\schtasks.exe`, "ProcessId": 3000 + j.r.IntN(6000), "SHA1": digest("schtasks.exe")[:40], "SHA256": digest("schtasks.exe"),
		"ProcessCommandLine": `schtasks.exe /create /sc onlogon /tn UpdateHelper /tr "powershell.exe -w hidden -File ` + script + `"`,
		"AccountName":        s.who.account, "AccountDomain": domainOf(s.who), "AccountSid": s.who.sid, "AccountUpn": s.who.upn})
	j.on("DeviceEvents", s.at.Add(-149*time.Second), d, by, object{"ActionType": "ScheduledTaskCreated", "AdditionalFields": string(encode(object{"TaskName": `\UpdateHelper`, "TaskContent": "<Exec><Command>powershell.exe</Command><Arguments>-w hidden -File " + script + "</Arguments></Exec>"}))})
	j.persisted(s, by)
}

func (j *journal) moved(s story) {
	d, by := j.started(s)
	to := s.second
	if by == nil || to.id == "" {
		return
	}
	began := s.at.Add(-3 * time.Minute)
	j.on("DeviceNetworkEvents", began, d, by, object{
		"ActionType": "ConnectionSuccess", "RemoteIP": addressOf(to), "RemotePort": 445, "RemoteUrl": to.host + "." + to.domain, "LocalIP": addressOf(d), "LocalPort": 49_152 + j.r.IntN(16_000), "Protocol": "Tcp",
		"LocalIPType": "Private", "RemoteIPType": "Private"})
	j.signedIn(began.Add(2*time.Second), to, s.who, "LogonSuccess", "Network", d)
	services := program{name: "services.exe", folder: `C:\Windows\System32`, company: "Microsoft Corporation", product: "Microsoft Windows", line: "services.exe"}.by(system, began, 640)
	name := "svc" + hex(j.r, 6)
	image := `C:\Windows\` + name + ".exe"
	j.on("DeviceEvents", began.Add(5*time.Second), to, services, object{
		"ActionType": "ServiceInstalled", "FileName": name + ".exe", "FolderPath": image, "RemoteDeviceName": d.host, "RemoteIP": addressOf(d),
		"AdditionalFields": string(encode(object{"ServiceName": name, "ServiceAccount": "LocalSystem", "ServiceStartType": 3}))})
	j.on("DeviceProcessEvents", began.Add(7*time.Second), to, services, object{
		"ActionType": "ProcessCreated", "FileName": name + ".exe", "FolderPath": image, "ProcessCommandLine": image, "ProcessId": 3000 + j.r.IntN(6000), "SHA1": hex(j.r, 40), "SHA256": hex(j.r, 64),
		"AccountName": "system", "AccountDomain": "nt authority", "AccountSid": "S-1-5-18", "ProcessIntegrityLevel": "System"})
}

func (j *journal) signedIn(at time.Time, d device, who person, action, kind string, from device) {
	p := object{
		"ActionType": action, "LogonType": kind, "AccountName": who.account, "AccountDomain": domainOf(who), "AccountSid": who.sid, "IsLocalAdmin": action == "LogonSuccess" && kind == "Network",
		"Protocol": "Negotiate", "LogonId": 100_000 + j.r.IntN(9_000_000), "InitiatingProcessFileName": "lsass.exe", "InitiatingProcessFolderPath": `C:\Windows\System32\lsass.exe`}
	if from.id != "" {
		p["RemoteDeviceName"], p["RemoteIP"], p["RemoteIPType"] = from.host, addressOf(from), "Private"
	}
	if action == "LogonFailed" {
		p["FailureReason"] = "InvalidUserNameOrPassword"
	}
	j.on("DeviceLogonEvents", at, d, p)
}

func (j *journal) overridden(s story) {
	if s.device.id == "" {
		return
	}
	by := namedProgram("msedge.exe").by(s.who, s.at, 2000+j.r.IntN(7000))
	j.on("DeviceEvents", s.at.Add(-4*time.Minute), s.device, by, object{"ActionType": "SmartScreenUrlWarning", "RemoteUrl": s.url, "AdditionalFields": `{"Experience":"Phishing"}`})
	j.on("DeviceEvents", s.at.Add(-3*time.Minute), s.device, by, object{"ActionType": "SmartScreenUserOverride", "RemoteUrl": s.url, "AdditionalFields": `{"Experience":"Phishing"}`})
	j.connected(s.at.Add(-3*time.Minute), s.device, by, fmt.Sprintf("198.51.100.%d", 1+len(s.url)%250), s.url)
}

func (j *journal) beaconed(s story) {
	d, by := j.started(s)
	if by == nil {
		return
	}
	for i := range 4 { // it calls again and again
		j.connected(s.at.Add(time.Duration(-2+10*i)*time.Minute), d, by, s.ip, "")
	}
}

func (j *journal) unsigned(s story) {
	if s.file == nil || s.device.id == "" {
		return
	}
	who := s.device.owner
	by := namedProgram("svchost.exe").by(system, s.at, 900+j.r.IntN(400))
	j.dropped(s.at.Add(-10*time.Minute), s, namedProgram("msedge.exe").by(who, s.at, 2000+j.r.IntN(7000)))
	j.on("DeviceEvents", s.at.Add(-6*time.Minute), s.device, by, fileOf(s.file), object{
		"ActionType": "ServiceInstalled", "AdditionalFields": string(encode(object{"ServiceName": "UpdateHelper", "ServiceAccount": "LocalSystem", "ServiceStartType": 2}))})
	j.on("DeviceImageLoadEvents", s.at.Add(-5*time.Minute), s.device, by, fileOf(s.file), object{"ActionType": "ImageLoaded"})
	j.persisted(s, by)
}

// correlated writes what a finding over several products saw on the device.
func (j *journal) correlated(s story) {
	if d, by := j.started(s); by != nil {
		j.signedIn(s.at.Add(-4*time.Minute), d, s.who, "LogonSuccess", "RemoteInteractive", pick(j.r, j.devices))
	}
	if s.mail != nil {
		j.mailed(s)
	}
}

func emailDomain(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}
