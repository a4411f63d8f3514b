package store

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Evidence is one piece of evidence and what it is about.
type Evidence struct {
	Object   Object
	Type     string        // deviceEvidence, fileEvidence...
	Workload rbac.Workload // by its type; NoWorkload if the type proves nothing, or nobody knows it
	Neutral  bool          // a known type that is of no device
	Devices  []string      // ids of every device that it names, at any depth
	Hosts    []Object      // descriptions of devices in it
	Nameless bool          // it describes a device without any id or name
}

const typePrefix = "#microsoft.graph.security."

// evidenceTypes is workload-data's table of evidence types. Neutral types prove no workload.
var evidenceTypes = map[rbac.Workload][]string{
	rbac.Endpoint: {"deviceEvidence", "processEvidence", "registryKeyEvidence", "registryValueEvidence",
		"hostLogonSessionEvidence", "ioTDeviceEvidence"},
	rbac.Office365: {"mailboxEvidence", "analyzedMessageEvidence", "mailClusterEvidence", "mailboxConfigurationEvidence",
		"submissionMailEvidence", "teamsMessageEvidence"},
	rbac.CloudApps: {"cloudApplicationEvidence", "oauthApplicationEvidence", "cloudLogonSessionEvidence", "cloudLogonRequestEvidence"},
	rbac.Identity:  {"securityGroupEvidence", "servicePrincipalEvidence", "activeDirectoryDomainEvidence"},
	rbac.NoWorkload: {"userEvidence", "ipEvidence", "urlEvidence", "fileEvidence", "fileHashEvidence", "malwareEvidence",
		"networkConnectionEvidence", "nicEvidence", "dnsEvidence"},
}

// outside are the beginnings of the types of products outside the four.
var outside = []string{"amazon", "azure", "google", "blob", "sasToken", "container", "kubernetes", "gitHub"}

var evidenceWorkload = func() map[string]rbac.Workload {
	m := map[string]rbac.Workload{}
	for w, types := range evidenceTypes {
		for _, t := range types {
			m[strings.ToLower(t)] = w
		}
	}
	return m
}()

// ReadEvidence tells what a piece of evidence is about. The text must be valid JSON.
func ReadEvidence(text json.RawMessage) (Evidence, error) {
	o, err := ParseObject(text)
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Object: o, Type: evidenceType(o)}
	w, known := evidenceWorkload[strings.ToLower(e.Type)]
	e.Workload, e.Neutral = w, known && w != rbac.Endpoint
	for _, beginning := range outside {
		if !known && len(e.Type) > len(beginning) && strings.EqualFold(e.Type[:len(beginning)], beginning) {
			e.Workload, e.Neutral = rbac.Other, true
		}
	}
	e.read(o, text)
	if w == rbac.NoWorkload && strings.EqualFold(e.Type, "fileEvidence") && len(e.Devices) > 0 {
		e.Workload, e.Neutral = rbac.Endpoint, false
	}
	return e, nil
}

func evidenceType(o Object) string {
	t := o.Text("@odata.type")
	if len(t) >= len(typePrefix) && strings.EqualFold(t[:len(typePrefix)], typePrefix) {
		return t[len(typePrefix):]
	}
	return strings.TrimPrefix(t, "#")
}

// read finds the devices. Most evidence has them at its first level, if at all; what hides one deeper - the files of
// a malware - is walked through whole.
func (e *Evidence) read(o Object, text []byte) {
	if strings.EqualFold(e.Type, "deviceEvidence") {
		e.host(o)
	} else {
		e.device(o.Text("mdeDeviceId"))
	}
	if o.Get("mdeDeviceId") != nil && bytes.Count(text, []byte("mdeDeviceId")) == 1 && !bytes.Contains(text, []byte(`\u`)) {
		return
	}
	if !bytes.Contains(text, []byte("eviceEvidence")) && !bytes.Contains(text, []byte("mdeDeviceId")) &&
		!bytes.Contains(text, []byte(`"host"`)) && !bytes.Contains(text, []byte(`\u`)) {
		return
	}
	for _, m := range o {
		e.deep(m.Name, m.Value)
	}
}

func (e *Evidence) deep(name string, value json.RawMessage) {
	if name == "mdeDeviceId" {
		e.device(Text(value))
	}
	switch {
	case len(value) == 0:
	case value[0] == '[':
		list, _ := ParseArray(value)
		for _, v := range list {
			e.deep("", v)
		}
	case value[0] == '{':
		o, err := ParseObject(value)
		if err != nil {
			return
		}
		if name == "host" || strings.EqualFold(evidenceType(o), "deviceEvidence") {
			e.host(o)
		}
		for _, m := range o {
			e.deep(m.Name, m.Value)
		}
	}
}

func (e *Evidence) host(o Object) {
	id := DeviceID(o)
	if id == "" {
		e.Nameless = true
		return
	}
	e.Hosts = append(e.Hosts, o)
	e.device(id)
}

func (e *Evidence) device(id string) {
	id = strings.ToLower(id)
	if id == "" {
		return
	}
	for _, d := range e.Devices {
		if d == id {
			return
		}
	}
	e.Devices = append(e.Devices, id)
}

// DeviceID gives the id of a described device: the product's, else the directory's, else its name.
func DeviceID(o Object) string {
	for _, name := range []string{"mdeDeviceId", "azureAdDeviceId", "deviceDnsName", "hostName"} {
		if id := o.Text(name); id != "" {
			return strings.ToLower(id)
		}
	}
	return ""
}
