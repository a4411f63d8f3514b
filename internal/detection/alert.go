package detection

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const (
	mostEvidence = 60   // pieces of an alert
	mostPiece    = 2000 // characters of a value in one
	mostDevices  = 200  // of an alert; one that names more is for readers of the whole scope
)

// herald makes alerts of what was found.
type herald struct {
	tx    store.Reader
	d     store.Detection
	reach rbac.Reach // where the owner hunts: a device beyond it is none, or a name that one makes up would tell whether it is there
	at    time.Time
}

// alert is what the queue takes in: of the workloads of every table, and of all devices that its rows name (S13).
func (h herald) alert(f finding, window time.Time) (store.Alert, error) {
	a := store.Alert{
		ID: "ea" + hash(h.d.ID, window.UTC().Format(time.RFC3339Nano), f.key), Status: "new", Severity: h.d.Alert.Severity,
		Classification: "unknown", Determination: "unknown", ServiceSource: "microsoft365Defender", DetectionSource: "customDetection",
		Category: h.d.Alert.Category, Title: f.title, Techniques: h.d.Alert.Techniques, Created: h.at, Updated: h.at, Workloads: h.d.Workloads,
	}
	p := pieces{at: h.at, seen: map[string]bool{}}
	named := map[string]bool{}
	ofDevices, nameless := ofDevices(h.d.Tables), false // of some rows it is known that they are some device's of the scope, and no more
	for _, r := range f.rows {
		devices, stranger, err := h.devices(r)
		if err != nil {
			return a, err
		}
		a.Nameless = a.Nameless || ofDevices && stranger
		nameless = nameless || ofDevices && len(devices) == 0
		for _, d := range devices {
			if !named[d.ID] {
				named[d.ID] = true
				a.Devices = append(a.Devices, store.Device{ID: d.ID}) // what is known of it stays as it is: a row describes no device
				p.device(d, slices.ContainsFunc(h.d.Alert.Assets, func(a store.DetectionAsset) bool { return a.Kind == "device" }))
			}
		}
		device := strings.ToLower(r.text("DeviceId"))
		if !ofDevices && !slices.ContainsFunc(devices, func(d store.Device) bool { return d.ID == device }) {
			device = "" // only the query says so, and it is no device that the owner reaches
		}
		p.row(h.d, r, device)
	}
	if nameless || len(a.Devices) > mostDevices {
		a.Nameless, a.AllOf = a.Nameless || h.d.AllDevices, h.d.Groups
	}
	read := make([]store.Evidence, 0, len(p.list))
	for _, text := range p.list {
		e, err := store.ReadEvidence(text)
		if err != nil {
			return a, err
		}
		read = append(read, e)
	}
	a.Entities = store.EntitiesOf(read)
	a.Evidence = store.AppendArray(nil, p.list)
	a.Body = h.body(a, f)
	return a, nil
}

// devices are those that a row names, as they are known. A stranger is a device that it says it is of and that is none, or out of reach:
// whether there is one must not show, so it is for readers of every device group.
func (h herald) devices(r row) (list []store.Device, stranger bool, err error) {
	add := func(d store.Device) {
		if !slices.ContainsFunc(list, func(o store.Device) bool { return o.ID == d.ID }) {
			list = append(list, d)
		}
	}
	inReach := func(d store.Device) bool { return d.Known && h.inScope(d.Group) && h.reach.DeviceGroup(d.Group) }
	id := strings.ToLower(r.text("DeviceId"))
	if id != "" {
		d, found, err := h.tx.Device(id)
		if err != nil {
			return nil, false, err
		}
		if stranger = !found || !inReach(d); !stranger {
			add(d)
		}
	}
	for _, column := range deviceColumns[1:] {
		name := r.text(column)
		if name == "" || column == "DeviceName" && id != "" {
			continue
		}
		named, err := h.tx.DevicesNamed(name)
		if err != nil {
			return nil, false, err
		}
		// Of those in reach: another one of that name, which the owner may not know of, must make no difference.
		named = slices.DeleteFunc(named, func(d store.Device) bool { return !inReach(d) })
		switch {
		case len(named) == 1:
			add(named[0])
		case column == "DeviceName":
			stranger = true // nobody can tell which
		}
	}
	return list, stranger, nil
}

func (h herald) inScope(group string) bool {
	return h.d.AllDevices || slices.Contains(h.d.Groups, group)
}

// body is the alert as Graph shows it, without evidence.
func (h herald) body(a store.Alert, f finding) json.RawMessage {
	var o store.Object
	text := func(name, value string) {
		if value == "" {
			o.Set(name, json.RawMessage("null"))
			return
		}
		o.Set(name, store.Quote(value))
	}
	moment := func(name string, t time.Time) { text(name, t.UTC().Format("2006-01-02T15:04:05.9999999Z")) }
	text("id", a.ID)
	text("providerAlertId", a.ID)
	text("status", a.Status)
	text("severity", a.Severity)
	text("classification", a.Classification)
	text("determination", a.Determination)
	text("serviceSource", a.ServiceSource)
	text("detectionSource", a.DetectionSource)
	text("productName", "Custom detection")
	text("detectorId", h.d.DetectorID)
	text("title", a.Title)
	text("description", f.description)
	text("recommendedActions", h.d.Alert.Recommended)
	text("category", a.Category)
	text("assignedTo", "")
	o.Set("mitreTechniques", listOf(a.Techniques))
	moment("createdDateTime", a.Created)
	moment("lastUpdateDateTime", a.Updated)
	moment("firstActivityDateTime", f.first)
	moment("lastActivityDateTime", f.last)
	o.Set("systemTags", json.RawMessage("[]"))
	o.Set("comments", json.RawMessage("[]"))
	o.Set("additionalData", json.RawMessage("{}"))
	return o.JSON()
}

func listOf(list []string) json.RawMessage {
	var all []json.RawMessage
	for _, s := range list {
		all = append(all, store.Quote(s))
	}
	return store.AppendArray(nil, all)
}

// pieces is the evidence of an alert, each piece once.
type pieces struct {
	at   time.Time
	list []json.RawMessage
	seen map[string]bool
}

func (p *pieces) add(kind string, members ...any) {
	var o store.Object
	o.Set("@odata.type", store.Quote("#microsoft.graph.security."+kind+"Evidence"))
	for i := 0; i+1 < len(members); i += 2 {
		name, _ := members[i].(string)
		switch v := members[i+1].(type) {
		case string:
			if v != "" {
				o.Set(name, store.Quote(cut(v, mostPiece)))
			}
		case store.Object:
			if len(v) > 0 {
				o.Set(name, v.JSON())
			}
		case []string:
			o.Set(name, listOf(v))
		}
	}
	o.Set("createdDateTime", store.Quote(p.at.UTC().Format("2006-01-02T15:04:05.9999999Z")))
	o.Set("verdict", store.Quote("suspicious"))
	o.Set("remediationStatus", store.Quote("none"))
	text := o.JSON()
	if p.seen[string(text)] || len(p.list) >= mostEvidence && kind != "device" {
		return
	}
	p.seen[string(text)] = true
	p.list = append(p.list, text)
}

// device adds a device. One that the alert is about ties it to others of it; another one only stands around.
func (p *pieces) device(d store.Device, impacted bool) {
	roles := []string{"contextual"}
	if impacted {
		roles = []string{}
	}
	p.add("device", "mdeDeviceId", d.ID, "deviceDnsName", d.Name, "osPlatform", d.OS, "roles", roles)
}

// row adds what a row names: what the alert is about, and the file, process or message that comes with it. What is on a device says so:
// it is for readers of that device.
func (p *pieces) row(d store.Detection, r row, device string) {
	for _, a := range d.Alert.Assets {
		value := r.text(a.Column)
		if value == "" {
			continue
		}
		switch a.Kind {
		case "user":
			p.add("user", "userAccount", accountOf(a.Column, value, r))
		case "mailbox":
			p.add("mailbox", "primaryAddress", value)
		case "device":
			if device == "" && !ofDevices(d.Tables) {
				p.add("device", "hostName", value, "deviceDnsName", value)
			}
		}
	}
	file := members("fileName", r.text("FileName"), "filePath", r.text("FolderPath"), "sha1", r.text("SHA1"), "sha256", r.text("SHA256"), "md5", r.text("MD5"))
	switch line := r.text("ProcessCommandLine"); {
	case line != "" && device != "":
		p.add("process", "mdeDeviceId", device, "processCommandLine", line, "imageFile", file)
	case len(file) > 0 && device != "" && (r.text("SHA1") != "" || r.text("SHA256") != ""):
		p.add("file", "mdeDeviceId", device, "fileDetails", file)
	}
	if id := r.text("NetworkMessageId"); id != "" {
		p.add("analyzedMessage", "networkMessageId", id, "recipientEmailAddress", r.text("RecipientEmailAddress"), "subject", cut(r.text("Subject"), 500),
			"p2Sender", members("emailAddress", r.text("SenderFromAddress")))
	}
}

func members(pairs ...string) store.Object {
	var o store.Object
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			o.Set(pairs[i], store.Quote(cut(pairs[i+1], mostPiece)))
		}
	}
	return o
}

// accountOf is a user as evidence names one, by what kind of name the column has.
func accountOf(column, value string, r row) store.Object {
	switch {
	case strings.HasSuffix(column, "Upn"):
		return members("userPrincipalName", value)
	case strings.HasSuffix(column, "Sid"):
		return members("userSid", value)
	case strings.HasSuffix(column, "ObjectId"), column == "AccountId", column == "ServicePrincipalId":
		return members("azureAdUserId", value)
	case strings.HasSuffix(column, "AccountDomain"):
		return members("domainName", value)
	}
	return members("accountName", value, "domainName", domainOf(column, r))
}

// domainOf is the domain beside the column of an account's name; empty: there is none.
func domainOf(column string, r row) string {
	if stem, ok := strings.CutSuffix(column, "AccountName"); ok {
		return r.text(stem + "AccountDomain")
	}
	return ""
}
