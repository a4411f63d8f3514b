package store

import (
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// What evidence names is the attacker's to choose: it is bounded, and brought to one spelling or left out.
const (
	maxEntities  = 500 // of an alert
	maxEntityKey = 1000
	maxOfMember  = 100 // of a list within one piece of evidence
)

// EntitiesOf are what pieces of evidence of one alert name, each once with each device that it is told of.
func EntitiesOf(evidence []Evidence) []Entity {
	x := extract{place: map[Entity]int{}}
	for i := range evidence {
		x.piece(&evidence[i])
	}
	return x.list
}

// ReadEntities are EntitiesOf a list of evidence as it is stored. What can't be read names nothing.
func ReadEntities(evidence json.RawMessage) []Entity {
	list, err := ParseArray(evidence)
	if err != nil {
		return nil
	}
	read := make([]Evidence, 0, len(list))
	for _, text := range list {
		if e, err := ReadEvidence(text); err == nil {
			read = append(read, e)
		}
	}
	return EntitiesOf(read)
}

type extract struct {
	list  []Entity
	place map[Entity]int // without Ties and Name

	of     Entity // what the piece of evidence at hand gives each entity
	asset  bool   // it is about its assets, and not just told with them
	proven bool   // it was found to be bad
}

func (x *extract) add(kind EntityKind, key string, ties bool) { x.called(kind, key, "", ties) }

// called adds what the evidence has a name for besides its key.
func (x *extract) called(kind EntityKind, key, name string, ties bool) {
	key = strings.ToLower(strings.TrimSpace(key))
	if key == "" || len(key) > maxEntityKey || strings.ContainsFunc(key, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) && r != ' ' }) {
		return
	}
	e := x.of
	e.Kind, e.Key = kind, key
	if i, ok := x.place[e]; ok {
		x.list[i].Ties = x.list[i].Ties || ties
		x.list[i].Name = either(x.list[i].Name, plainName(name))
		return
	}
	if len(x.list) == maxEntities {
		return
	}
	x.place[e] = len(x.list)
	e.Ties, e.Name = ties, plainName(name)
	x.list = append(x.list, e)
}

// mostShown is how much of a name is kept, in characters.
const mostShown = 200

// plainName is a name on one line, without what deceives the eye.
func plainName(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	if r := []rune(name); len(r) > mostShown {
		return string(r[:mostShown])
	}
	return name
}

// piece reads one piece of evidence. Assets - devices, people, messages, apps - tie alerts together unless they only stand around;
// things - files, addresses - do if they were found to be bad: everybody has the same cmd.exe.
func (x *extract) piece(e *Evidence) {
	x.of = Entity{Closed: len(e.Devices) > 1 || len(e.Devices) == 0 && !e.Neutral}
	if len(e.Devices) == 1 {
		x.of.Device = e.Devices[0]
	}
	x.asset = !bystander(e.Object)
	x.proven = x.asset && bad(e.Object)
	for _, d := range e.Devices {
		x.add(EntityDevice, d, x.asset)
	}
	o := e.Object
	switch strings.ToLower(e.Type) {
	case "userevidence", "processevidence":
		x.user(o)
	case "hostlogonsessionevidence", "cloudlogonsessionevidence":
		x.user(inner(o, "account"))
	case "mailboxevidence":
		x.called(EntityMailbox, either(o.Text("primaryAddress"), o.Text("upn")), o.Text("displayName"), x.asset)
		x.user(o)
	case "mailboxconfigurationevidence":
		x.add(EntityMailbox, either(o.Text("mailboxPrimaryAddress"), o.Text("upn")), x.asset)
	case "analyzedmessageevidence":
		x.add(EntityMessage, o.Text("networkMessageId"), x.asset)
		x.add(EntityMailbox, o.Text("recipientEmailAddress"), x.asset)
		x.ip(o.Text("senderIp"), false)
		for _, u := range texts(o, "urls") {
			x.url(u, false)
		}
	case "mailclusterevidence":
		for _, id := range texts(o, "networkMessageIds") {
			x.add(EntityMessage, id, x.asset)
		}
	case "submissionmailevidence":
		x.add(EntityMessage, o.Text("networkMessageId"), x.asset)
		x.add(EntityMailbox, o.Text("recipient"), x.asset)
		x.ip(o.Text("senderIp"), false)
	case "teamsmessageevidence":
		for _, r := range texts(o, "recipients") {
			x.add(EntityMailbox, r, x.asset)
		}
		x.ip(o.Text("senderIP"), false)
	case "cloudapplicationevidence":
		// A product that everybody works in: it ties nothing.
		x.called(EntityApp, number(o.Get("appId")), o.Text("displayName"), false)
	case "oauthapplicationevidence", "serviceprincipalevidence":
		x.called(EntityApp, o.Text("appId"), either(o.Text("displayName"), o.Text("servicePrincipalName")), x.asset)
	case "fileevidence":
		x.file(inner(o, "fileDetails"), x.proven)
	case "filehashevidence":
		x.hash(o.Text("value"), x.proven)
	case "malwareevidence":
		x.malware(o)
	case "ipevidence":
		x.ip(o.Text("ipAddress"), x.proven)
	case "urlevidence":
		x.url(o.Text("url"), x.proven)
	}
	if strings.EqualFold(e.Type, "processEvidence") {
		x.file(inner(o, "imageFile"), false)
	}
}

// bystander tells whether evidence only stands around: its roles say so, and nothing else.
func bystander(o Object) bool {
	roles := texts(o, "roles")
	return len(roles) > 0 && !slices.ContainsFunc(roles, func(r string) bool { return r != "contextual" && r != "scanned" })
}

func bad(o Object) bool {
	verdict := o.Text("verdict")
	return verdict == "malicious" || verdict == "suspicious"
}

// builtIn are the domains of accounts that every machine has.
var builtIn = []string{"nt authority", "nt service", "window manager", "font driver host", "iis apppool", "builtin"}

// user reads the account in a member userAccount. Accounts of machines and of the system itself are nobody.
func (x *extract) user(o Object) {
	o = inner(o, "userAccount")
	upn, account, domain := o.Text("userPrincipalName"), o.Text("accountName"), o.Text("domainName")
	sid := strings.ToLower(o.Text("userSid"))
	personal := strings.HasPrefix(sid, "s-1-5-21-") || strings.HasPrefix(sid, "s-1-12-1-")
	if sid != "" && !personal || strings.HasSuffix(account, "$") || slices.Contains(builtIn, strings.ToLower(domain)) {
		return
	}
	name := o.Text("displayName")
	var ids []string
	if id := o.Text("azureAdUserId"); id != "" {
		ids = append(ids, "aad:"+id)
	}
	if personal {
		ids = append(ids, "sid:"+sid)
	}
	switch {
	case upn != "":
		x.called(EntityUser, upn, name, x.asset)
	case account != "" && domain != "":
		x.called(EntityUser, domain+`\`+account, name, x.asset)
	case len(ids) > 0:
		x.called(EntityUser, ids[0], name, x.asset)
	default:
		x.called(EntityUser, account, name, false) // there are many administrators
	}
	for _, id := range ids {
		x.add(EntityAccount, id, x.asset)
	}
}

func (x *extract) malware(o Object) {
	list, err := ParseArray(o.Get("files"))
	if err != nil {
		return
	}
	for _, text := range list[:min(len(list), maxOfMember)] {
		if f, err := ParseObject(text); err == nil {
			x.file(inner(f, "fileDetails"), x.proven || x.asset && bad(f))
		}
	}
}

func (x *extract) file(details Object, ties bool) {
	x.hash(either(details.Text("sha256"), either(details.Text("sha1"), details.Text("md5"))), ties)
}

func (x *extract) hash(s string, ties bool) {
	if b, err := hex.DecodeString(s); err == nil && len(b) >= 16 {
		x.add(EntityFile, s, ties)
	}
}

// ip adds an address. One that is not of the whole Internet is another machine in every network.
func (x *extract) ip(s string, ties bool) {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil {
		return
	}
	a = a.Unmap().WithZone("")
	public := a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
	x.add(EntityIP, a.String(), ties && public)
}

// shared is what carriers put between many customers and the Internet (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func (x *extract) url(s string, ties bool) {
	if u, err := url.Parse(strings.TrimSpace(s)); err == nil && u.Host != "" {
		u.Fragment, u.RawFragment = "", ""
		s = u.String()
	}
	x.add(EntityURL, s, ties)
}

func inner(o Object, member string) Object {
	v := o.Get(member)
	if len(v) == 0 || v[0] != '{' {
		return nil
	}
	found, err := ParseObject(v)
	if err != nil {
		return nil
	}
	return found
}

func texts(o Object, member string) []string {
	list, err := ParseArray(o.Get(member))
	if err != nil {
		return nil
	}
	var found []string
	for _, v := range list[:min(len(list), maxOfMember)] {
		if s := Text(v); s != "" {
			found = append(found, s)
		}
	}
	return found
}

// number reads a number, or a text.
func number(v json.RawMessage) string {
	if len(v) > 0 && (v[0] == '-' || v[0] >= '0' && v[0] <= '9') {
		return string(v)
	}
	return Text(v)
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
