package response

import (
	"encoding/hex"
	"encoding/json"
	"net/mail"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Target is what an action acts on.
type Target struct {
	Device           string // id
	SHA1, SHA256     string
	FileName         string
	FilePath         string
	ProcessID        int64
	Indicator        string // a file hash, an address, a domain or a URL
	NetworkMessageID string
	Recipient        string
	Sender           string
	Mailbox          string
	User             string // its user principal name or SID
}

const mostTarget = 2000 // bytes of one of them

// check refuses a target that the kind can't be carried out on.
func (t Target) check(k Kind) error {
	var faults []fault.Detail
	miss := func(where, problem, want string) {
		faults = append(faults, fault.Detail{Where: "/target/" + where, Problem: problem, Want: want})
	}
	given := map[string]string{
		"deviceId": t.Device, "sha1": t.SHA1, "sha256": t.SHA256, "fileName": t.FileName, "filePath": t.FilePath, "indicator": t.Indicator,
		"networkMessageId": t.NetworkMessageID, "recipient": t.Recipient, "sender": t.Sender, "mailbox": t.Mailbox, "user": t.User,
	}
	wanted := map[string]bool{}
	for _, need := range k.Needs {
		for _, name := range fieldsOf[need] {
			wanted[name] = true
		}
		t.need(need, miss)
	}
	for _, name := range targetNames {
		switch {
		case len(given[name]) > mostTarget:
			miss(name, "is of "+strconv.Itoa(len(given[name]))+" bytes", "at most "+strconv.Itoa(mostTarget))
		case given[name] != "" && !wanted[name]:
			miss(name, "is nothing that "+k.Title+" acts on", "leave it out")
		}
	}
	if t.ProcessID != 0 && !wanted["processId"] {
		miss("processId", "is nothing that "+k.Title+" acts on", "leave it out")
	}
	if len(faults) == 0 {
		return nil
	}
	return fault.Invalid("request an action", "%s: %s %s; want %s", k.Title, strings.TrimPrefix(faults[0].Where, "/target/"), faults[0].Problem, faults[0].Want).WithDetails(faults...)
}

var targetNames = []string{"deviceId", "sha1", "sha256", "fileName", "filePath", "indicator", "networkMessageId", "recipient", "sender", "mailbox", "user"}

// fieldsOf are the members that say a need, or more about it.
var fieldsOf = map[Need][]string{
	NeedDevice: {"deviceId"}, NeedFile: {"sha1", "sha256", "fileName", "filePath"}, NeedProcess: {"processId", "fileName"}, NeedIndicator: {"indicator"},
	NeedMessage: {"networkMessageId", "recipient"}, NeedSender: {"sender"}, NeedMailbox: {"mailbox"}, NeedUser: {"user"},
}

func (t Target) need(n Need, miss func(where, problem, want string)) {
	address := func(name, value string) {
		if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
			miss(name, "is no mail address", "one like mira@contoso.example")
		}
	}
	switch n {
	case NeedDevice:
		if t.Device == "" {
			miss("deviceId", "is missing", "the id of a device")
		}
	case NeedFile:
		switch {
		case t.SHA1 == "" && t.SHA256 == "":
			miss("sha1", "is missing", "the SHA-1 or SHA-256 of a file")
		case t.SHA1 != "" && !isHash(t.SHA1, 20):
			miss("sha1", "is no SHA-1", "40 hexadecimal digits")
		case t.SHA256 != "" && !isHash(t.SHA256, 32):
			miss("sha256", "is no SHA-256", "64 hexadecimal digits")
		}
	case NeedProcess:
		if t.ProcessID <= 0 {
			miss("processId", "is missing", "the id of a process on the device")
		}
	case NeedIndicator:
		if t.Indicator == "" || strings.ContainsAny(t.Indicator, " \t\r\n") {
			miss("indicator", "is missing or holds a space", "a file hash, an IP address, a domain or a URL")
		}
	case NeedMessage:
		if t.NetworkMessageID == "" {
			miss("networkMessageId", "is missing", "the network message id")
		}
		address("recipient", t.Recipient)
	case NeedSender:
		address("sender", t.Sender)
	case NeedMailbox:
		address("mailbox", t.Mailbox)
	case NeedUser:
		if t.User == "" {
			miss("user", "is missing", "a user principal name or SID")
		}
	}
}

func isHash(s string, bytes int) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == bytes
}

// subject says for people what the action acts on, besides the device.
func (t Target) subject(k Kind) string {
	for _, n := range k.Needs {
		switch n {
		case NeedFile:
			return first(t.FileName, t.SHA256, t.SHA1)
		case NeedProcess:
			return strings.TrimSpace(t.FileName + " (process " + strconv.FormatInt(t.ProcessID, 10) + ")")
		case NeedIndicator:
			return t.Indicator
		case NeedMessage:
			return t.NetworkMessageID + " to " + t.Recipient
		case NeedSender:
			return t.Sender
		case NeedMailbox:
			return t.Mailbox
		case NeedUser:
			return t.User
		}
	}
	return ""
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// entity is the target as evidence, the form in which files bring it.
func (t Target) entity(k Kind) json.RawMessage {
	var o store.Object
	text := func(o *store.Object, name, value string) {
		if value != "" {
			o.Set(name, store.Quote(value))
		}
	}
	kind := func(name string) { o.Set("@odata.type", store.Quote("#microsoft.graph.security."+name+"Evidence")) }
	file := func() json.RawMessage {
		var f store.Object
		text(&f, "fileName", t.FileName)
		text(&f, "filePath", t.FilePath)
		text(&f, "sha1", t.SHA1)
		text(&f, "sha256", t.SHA256)
		return f.JSON()
	}
	for _, n := range k.Needs {
		switch n {
		case NeedFile:
			kind("file")
			o.Set("fileDetails", file())
		case NeedProcess:
			kind("process")
			o.Set("processId", json.RawMessage(strconv.FormatInt(t.ProcessID, 10)))
			o.Set("imageFile", file())
		case NeedIndicator:
			kind("url")
			text(&o, "url", t.Indicator)
		case NeedMessage:
			kind("analyzedMessage")
			text(&o, "networkMessageId", t.NetworkMessageID)
			text(&o, "recipientEmailAddress", t.Recipient)
		case NeedSender:
			kind("analyzedMessage")
			var p store.Object
			text(&p, "emailAddress", t.Sender)
			o.Set("p2Sender", p.JSON())
		case NeedMailbox:
			kind("mailbox")
			text(&o, "primaryAddress", t.Mailbox)
		case NeedUser:
			kind("user")
			var u store.Object
			text(&u, "userPrincipalName", t.User)
			o.Set("userAccount", u.JSON())
		}
	}
	if len(o) == 0 {
		return nil
	}
	return o.JSON()
}

// targetOf reads what a stored action acts on, as well as it tells.
func targetOf(a store.Action) Target {
	t := Target{Device: a.Device}
	o, err := store.ParseObject(a.Body.Entity)
	if err != nil {
		return t
	}
	sub := func(name string) store.Object {
		o, _ := store.ParseObject(o.Get(name))
		return o
	}
	for _, name := range []string{"fileDetails", "imageFile"} {
		f := sub(name)
		t.SHA1, t.SHA256 = first(t.SHA1, f.Text("sha1")), first(t.SHA256, f.Text("sha256"))
		t.FileName, t.FilePath = first(t.FileName, f.Text("fileName")), first(t.FilePath, f.Text("filePath"))
	}
	t.ProcessID, _ = strconv.ParseInt(string(o.Get("processId")), 10, 64)
	t.Indicator = first(o.Text("url"), o.Text("ipAddress"), o.Text("domainName"), o.Text("value"))
	t.NetworkMessageID, t.Recipient = o.Text("networkMessageId"), o.Text("recipientEmailAddress")
	t.Sender = sub("p2Sender").Text("emailAddress")
	t.Mailbox = first(o.Text("primaryAddress"), o.Text("mailboxPrimaryAddress"))
	user := sub("userAccount")
	t.User = first(user.Text("userPrincipalName"), user.Text("userSid"))
	return t
}
