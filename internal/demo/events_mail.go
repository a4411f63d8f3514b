package demo

import (
	"fmt"
	"strings"
	"time"
)

// letter is a message on its way to one mailbox.
type letter struct {
	id, internet, sender, from, subject, to, ip string
	direction, action, location                 string
	threats, threat, method                     string
	passed                                      bool // the checks of who sent it
	urls, files, size                           int
}

func (j *journal) sent(at time.Time, m letter) {
	authentication := `{"SPF":"pass","DKIM":"pass","DMARC":"pass","CompAuth":"pass"}`
	if !m.passed {
		authentication = `{"SPF":"fail","DKIM":"none","DMARC":"fail","CompAuth":"fail"}`
	}
	p := object{
		"NetworkMessageId": m.id, "InternetMessageId": m.internet, "SenderFromAddress": m.sender, "SenderFromDomain": emailDomain(m.sender), "SenderMailFromAddress": m.from,
		"SenderMailFromDomain": emailDomain(m.from), "SenderIPv4": m.ip, "RecipientEmailAddress": m.to, "RecipientDomain": emailDomain(m.to), "Subject": m.subject, "EmailDirection": m.direction,
		"DeliveryAction": m.action, "DeliveryLocation": m.location, "AuthenticationDetails": authentication, "AttachmentCount": m.files, "UrlCount": m.urls, "EmailLanguage": "en", "EmailSize": m.size,
	}
	if m.threats != "" {
		p["ThreatTypes"], p["DetectionMethods"] = m.threats, `{"`+m.threats+`":["`+m.method+`"]}`
		if m.threat != "" {
			p["ThreatNames"] = m.threat
		}
	}
	j.of("EmailEvents", at, p)
}

func (j *journal) attached(at time.Time, m letter, name, sha256 string) {
	kind := name[strings.LastIndexByte(name, '.')+1:]
	j.of("EmailAttachmentInfo", at, object{
		"NetworkMessageId": m.id, "SenderFromAddress": m.sender, "RecipientEmailAddress": m.to, "FileName": name, "FileType": kind, "SHA256": sha256, "FileSize": m.size / 2, "ThreatTypes": m.threats, "ThreatNames": m.threat})
}

func (j *journal) linked(at time.Time, m letter, url string) {
	j.of("EmailUrlInfo", at, object{"NetworkMessageId": m.id, "Url": url, "UrlDomain": hostOf(url), "UrlLocation": "Body"})
}

func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// message is what an alert's evidence says of its message.
func (j *journal) message(s story) (letter, time.Time, bool) {
	if s.mail == nil {
		return letter{}, time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, text(s.mail, "receivedDateTime"))
	if err != nil {
		return letter{}, time.Time{}, false
	}
	p1, _ := s.mail["p1Sender"].(object)
	p2, _ := s.mail["p2Sender"].(object)
	m := letter{
		id: text(s.mail, "networkMessageId"), internet: text(s.mail, "internetMessageId"), sender: text(p2, "emailAddress"), from: text(p1, "emailAddress"), subject: text(s.mail, "subject"),
		to: text(s.mail, "recipientEmailAddress"), ip: text(s.mail, "senderIp"), direction: "Inbound", action: "Delivered", location: "Inbox/folder", threats: "Phish", method: "URL detonation reputation",
		urls: number(s.mail["urlCount"]), files: number(s.mail["attachmentsCount"]), size: 40_000 + j.r.IntN(900_000),
	}
	if m.threat = text(s.alert, "threatDisplayName"); s.sha != "" {
		m.threats, m.method = "Malware", "File detonation"
	}
	return m, at, true
}

// mailed writes a message that was delivered, what was in it, who opened the link, and how it was taken back.
func (j *journal) mailed(s story) {
	m, at, ok := j.message(s)
	if !ok {
		return
	}
	url := ""
	switch list := s.mail["urls"].(type) {
	case []string:
		url = list[0]
	case []any:
		url, _ = list[0].(string)
	}
	if j.once(m.id) {
		j.sent(at, m)
		j.linked(at, m, url)
	}
	if s.sha != "" && j.once(m.id+" attachment") {
		j.attached(at, m, s.attachment, s.sha)
	}
	if s.title == "A potentially malicious URL click was detected" {
		j.clicked(s.at.Add(-12*time.Minute), url, m.to, m.id, "Email", "ClickAllowed", true)
		return
	}
	if !j.once(m.id + " removed") {
		return
	}
	if s.cluster != nil { // the same to others
		for i := range min(number(s.cluster["emailCount"]), 6) {
			other := m
			other.to, other.id = pick(j.r, j.people).upn, guid(j.r)
			j.sent(at.Add(time.Duration(i)*time.Second), other)
			j.linked(at.Add(time.Duration(i)*time.Second), other, url)
		}
	}
	j.of("EmailPostDeliveryEvents", s.at.Add(-time.Minute), object{
		"NetworkMessageId": m.id, "InternetMessageId": m.internet, "Action": "Moved to quarantine", "ActionType": pick(j.r, []string{"Malware ZAP", "Phish ZAP"}), "ActionTrigger": "SpecialAction", "ActionResult": "Success",
		"RecipientEmailAddress": m.to, "DeliveryLocation": "Quarantine", "SourceLocation": "Inbox/folder", "ThreatTypes": m.threats, "SenderFromAddress": m.sender, "EmailDirection": "Inbound"})
}

// once tells whether something has not been told yet.
func (j *journal) once(what string) bool {
	told := j.told[what]
	j.told[what] = true
	return !told
}

func (j *journal) clicked(at time.Time, url, who, message, where, action string, through bool) {
	chain, threats := `["`+strings.ReplaceAll(url, `"`, "")+`"]`, ""
	if through || action == "ClickBlocked" {
		threats = "Phish"
	}
	j.of("UrlClickEvents", at, object{
		"Url": url, "ActionType": action, "AccountUpn": who, "Workload": where, "NetworkMessageId": message, "ThreatTypes": threats, "IsClickedThrough": through, "UrlChain": chain, "IPAddress": "203.0.113.44", "AppName": "Outlook"})
}

func (j *journal) reported(s story) {
	if s.submission == nil {
		return
	}
	m := letter{
		id: text(s.submission, "networkMessageId"), internet: "<" + guid(j.r) + ">", sender: text(s.submission, "sender"), from: text(s.submission, "sender"), subject: text(s.submission, "subject"),
		to: text(s.submission, "recipient"), ip: text(s.submission, "senderIp"), direction: "Inbound", action: "Delivered", location: "Inbox/folder", size: 30_000 + j.r.IntN(90_000), urls: 1}
	if at := s.at.Add(-40 * time.Minute); j.once(m.id) {
		j.sent(at, m)
		j.linked(at, m, fmt.Sprintf("https://%s/%s", emailDomain(m.sender), hex(j.r, 6)))
	}
	j.cloud(s.at, s.who, "Example Mail", "203.0.113.44", "UserSubmission", object{"ObjectName": m.subject, "ObjectType": "Message", "RawEventData": object{"Operation": "UserSubmission", "MessageId": m.id}})
}

func (j *journal) forwarded(s story) {
	to := "collector" + hex(j.r, 4) + "@mailbox.example.net"
	j.logon(s.at.Add(-20*time.Minute), s.who, "LogonSuccess", "Example Mail", s.ip)
	j.cloud(s.at.Add(-10*time.Minute), s.who, "Example Mail", s.ip, "New-InboxRule", object{
		"ObjectName": text(s.rule, "displayName"), "ObjectType": "InboxRule", "ActivityType": "Create",
		"RawEventData": object{"Operation": "New-InboxRule", "UserId": s.who.upn, "Parameters": []object{{"Name": "Name", "Value": text(s.rule, "displayName")}, {"Name": "ForwardTo", "Value": to}, {"Name": "DeleteMessage", "Value": "True"}}}})
	for i := range 3 {
		j.sent(s.at.Add(time.Duration(-9+2*i)*time.Minute), letter{
			id: guid(j.r), internet: "<" + guid(j.r) + ">", sender: s.who.upn, from: s.who.upn, to: to, subject: "FW: " + pick(j.r, subjects), ip: "203.0.113.25", direction: "Outbound", action: "Delivered", location: "External", passed: true, size: 20_000})
	}
}

// flood is how many messages a tale of too many tells of.
const flood = 15

func (j *journal) flooded(s story) {
	subject := "Shared with you: payroll"
	if s.cluster != nil {
		subject, _, _ = strings.Cut(text(s.cluster, "clusterByValue"), ";")
	}
	hour := s.at.Add(-time.Hour).Truncate(time.Hour)
	for i := range flood {
		j.sent(hour.Add(time.Duration(i*j.r.IntN(60))*time.Second), letter{
			id: guid(j.r), internet: "<" + guid(j.r) + ">", sender: s.who.upn, from: s.who.upn, to: fmt.Sprintf("customer%03d@example.org", j.r.IntN(900)), subject: subject, ip: "203.0.113.25", direction: "Outbound",
			action: "Delivered", location: "External", passed: true, urls: 1, size: 12_000 + i})
	}
}

func (j *journal) chatted(s story) {
	if s.teams == nil {
		return
	}
	j.of("MessageEvents", s.at.Add(-15*time.Minute), object{
		"TeamsMessageId": s.teams["messageId"], "SenderEmailAddress": s.teams["senderFromAddress"], "SenderType": "User", "RecipientDetails": []object{{"RecipientSmtpAddress": firstOf(s.teams["recipients"])}},
		"IsExternalThread": true, "MessageSubject": s.teams["subject"], "ThreatTypes": "Phish", "DeliveryAction": "Delivered", "DeliveryLocation": "Teams", "ThreadSubtype": "OneOnOne"})
	j.clicked(s.at.Add(-10*time.Minute), s.url, firstOf(s.teams["recipients"]), "", "Teams", "ClickAllowed", true)
}

func firstOf(list any) string {
	if l, ok := list.([]string); ok && len(l) > 0 {
		return l[0]
	}
	return ""
}
