package demo

import (
	"fmt"
	"slices"
	"time"
)

// lure is a kind of message: what is in it, what it says, from where it comes, and how many of a hundred are of it.
type lure struct {
	threat, types, subject string
	senders                []string
	share                  int
}

var lures = []lure{
	{"Trojan:Win32/Examplar.A", "Malware", "Outstanding invoice %d", []string{"accounts@pay.example.org", "rechnung@files.example.net"}, 45},
	{"Phish:HTML/Lanternkit.A", "Phish", "Shared document %d", []string{"no-reply@login.example.org", "teams@mailer.example.net"}, 35},
	{"BEC:Mail/Wrenpay", "Phish", "Re: contract %d, new bank details", []string{"support@pay.example.org"}, 10},
	{"Spam:Mail/Newsletter", "Spam", "Newsletter %d", []string{"news@example.net"}, 10},
}

const messageCount = 180 // over ten days

// prevented makes messages in which something was found: most never arrived, some went to junk, a few were delivered.
func (g *generator) prevented() []object {
	sent := g.now.Add(-30 * time.Minute)
	var rows []object
	for range messageCount {
		n := g.r.IntN(100)
		l := lures[slices.IndexFunc(lures, func(l lure) bool { n -= l.share; return n < 0 })]
		action, location := "Blocked", "Quarantine"
		switch fate := g.r.IntN(20); {
		case fate < 5:
			action, location = "Junked", "Junk folder"
		case fate == 5:
			action, location = "Delivered", "Inbox/folder"
		}
		properties := object{
			"Timestamp": stamp(sent.Add(-time.Duration(g.r.IntN(10*24*60)) * time.Minute)), "NetworkMessageId": guid(g.r), "RecipientEmailAddress": pick(g.r, g.people).upn,
			"SenderFromAddress": pick(g.r, l.senders), "Subject": fmt.Sprintf(l.subject, 1000+g.r.IntN(9000)), "EmailDirection": "Inbound", "DeliveryAction": action, "DeliveryLocation": location,
			"ThreatTypes": l.types, "ThreatNames": l.threat, "DetectionMethods": `{"` + l.types + `":["` + pick(g.r, []string{"File detonation", "URL detonation reputation", "Advanced filter", "Mailbox intelligence impersonation"}) + `"]}`,
		}
		if action == "Delivered" && g.r.IntN(2) == 0 { // taken back after it arrived
			properties["LatestDeliveryAction"], properties["LatestDeliveryLocation"] = "Blocked", "Quarantine"
		}
		rows = append(rows, row("EmailEvents", sent, properties))
	}
	return rows
}
