package demo

import (
	"cmp"
	"fmt"
	"time"
)

// controllers are the domain's, of either site.
func (j *journal) controller() device { return j.devices[j.r.IntN(8)] }

// directory writes what was done to the directory, from a device or an address.
func (j *journal) directory(at time.Time, s story, action string, more object) {
	to := j.controller()
	p := object{
		"ActionType": action, "Application": "Active Directory", "AccountName": s.who.account, "AccountDomain": domainOf(s.who), "AccountUpn": s.who.upn, "AccountSid": s.who.sid, "AccountObjectId": s.who.id,
		"AccountDisplayName": s.who.name, "DestinationDeviceName": to.host + "." + to.domain, "DestinationIPAddress": addressOf(to), "Protocol": "Ldap"}
	if s.source != "" {
		p["DeviceName"] = s.source
	}
	if s.ip != "" {
		p["IPAddress"] = s.ip
	}
	j.of("IdentityDirectoryEvents", at, p, more)
}

func (j *journal) replicated(s story) {
	for i := range 2 {
		j.directory(s.at.Add(time.Duration(-5+i)*time.Minute), s, "Directory Services replication", object{"Protocol": "Drsr", "AdditionalFields": object{"ATTACK.TECHNIQUE": "T1003.006", "NamingContext": "DC=contoso,DC=example"}})
	}
}

// tries is how many sign-ins a tale of many tells of.
const tries = 14

func (j *journal) sprayed(s story) {
	begun := s.at.Add(-20 * time.Minute).Truncate(10 * time.Minute)
	for i := range tries {
		j.kerberos(begun.Add(time.Duration(i*12)*time.Second), j.people[j.r.IntN(len(j.people))], "LogonFailed", s.ip, "")
	}
	j.kerberos(begun.Add(tries*12*time.Second), s.who, "LogonSuccess", s.ip, "")
}

// kerberos writes a sign-in that a domain controller saw.
func (j *journal) kerberos(at time.Time, who person, action, ip, host string) {
	to := j.controller()
	p := object{
		"ActionType": action, "Application": "Active Directory", "LogonType": "Credentials validation", "Protocol": "Kerberos", "AccountName": who.account, "AccountDomain": domainOf(who), "AccountUpn": who.upn, "AccountSid": who.sid,
		"AccountObjectId": who.id, "AccountDisplayName": who.name, "IPAddress": ip, "DeviceName": host, "DestinationDeviceName": to.host + "." + to.domain, "DestinationIPAddress": addressOf(to), "DestinationPort": 88}
	if action == "LogonFailed" {
		p["FailureReason"] = "WrongPassword"
	}
	j.of("IdentityLogonEvents", at, p)
}

func (j *journal) enumerated(s story) {
	to := j.controller()
	for i := range tries {
		target := fmt.Sprintf("%s.%s", pick(j.r, firstNames), pick(j.r, lastNames))
		j.of("IdentityQueryEvents", s.at.Add(-15*time.Minute+time.Duration(i*7)*time.Second), object{
			"ActionType": "SAMR query", "Application": "Active Directory", "QueryType": "QueryUser", "QueryTarget": target, "Protocol": "Samr", "AccountName": s.who.account, "AccountDomain": domainOf(s.who), "AccountUpn": s.who.upn,
			"AccountSid": s.who.sid, "AccountDisplayName": s.who.name, "DeviceName": s.source, "IPAddress": s.ip, "DestinationDeviceName": to.host + "." + to.domain, "DestinationIPAddress": addressOf(to), "DestinationPort": 445,
			"TargetAccountDisplayName": target, "AdditionalFields": object{"Count": 1}})
	}
}

// bait is an account that nobody should use.
var bait = person{"svc-legacy-sql", "svc-legacy-sql", "svc-legacy-sql@contoso.example", "5e6b7f10-2c1d-4a9b-a7d1-0c5b7e2a9f41", "S-1-5-21-1004336348-1177238915-682003330-1602"}

func (j *journal) baited(s story) {
	j.kerberos(s.at.Add(-5*time.Minute), bait, "LogonSuccess", "", cmp.Or(s.source, "unknown"))
	j.directory(s.at.Add(-4*time.Minute), s, "Account used", object{"TargetAccountUpn": bait.upn, "TargetAccountDisplayName": bait.name})
}

func (j *journal) promoted(s story) {
	group := cmp.Or(text(s.group, "friendlyName"), "Backup Operators")
	by := pick(j.r, j.people)
	j.directory(s.at.Add(-8*time.Minute), story{who: by}, "Group Membership changed", object{
		"TargetAccountUpn": s.who.upn, "TargetAccountDisplayName": s.who.name, "AdditionalFields": object{"TO.GROUP": group, "ACTOR.ACCOUNT": by.account, "TARGET_OBJECT.USER": s.who.account}})
}

func (j *journal) commanded(s story) {
	to := j.controller()
	j.directory(s.at.Add(-6*time.Minute), s, "WMI execution", object{
		"Protocol": "Wmi", "DestinationDeviceName": to.host + "." + to.domain, "TargetDeviceName": to.host, "AdditionalFields": object{"Command": "cmd.exe /c whoami /all"}})
	j.on("DeviceProcessEvents", s.at.Add(-6*time.Minute), to,
		program{name: "WmiPrvSE.exe", folder: `C:\Windows\System32\wbem`, company: "Microsoft Corporation", product: "Microsoft Windows", line: "wmiprvse.exe -secured -Embedding"}.by(system, s.at, 2_100),
		object{"ActionType": "ProcessCreated", "FileName": "cmd.exe", "FolderPath": `C:\Windows\System32\cmd.exe`, "ProcessCommandLine": "cmd.exe /c whoami /all", "ProcessId": 3000 + j.r.IntN(6000), "SHA1": digest("cmd.exe")[:40],
			"SHA256": digest("cmd.exe"), "AccountName": s.who.account, "AccountDomain": domainOf(s.who), "AccountSid": s.who.sid, "AccountUpn": s.who.upn})
}
