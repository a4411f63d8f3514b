package ingest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

const streamPrefix = "AdvancedHunting-"

func isStream(o store.Object) bool { return strings.HasPrefix(o.Text("category"), streamPrefix) }

// streamed are the tables of the streaming export that are taken in.
var streamed = map[string]func(*rowFields) store.Row{
	"DeviceTvmSoftwareVulnerabilities":         vulnerability,
	"DeviceTvmSoftwareVulnerabilitiesKB":       vulnerabilityKB,
	"DeviceTvmSecureConfigurationAssessment":   configuration,
	"DeviceTvmSecureConfigurationAssessmentKB": configurationKB,
	"EmailEvents": mail,
	"DeviceInfo":  deviceInfo,
}

// Streams tells whether rows of a table are taken in beside being hunted in.
func Streams(table string) bool { return streamed[table] != nil }

// stream reads a record of the streaming export: an envelope with a row of a table in it.
func stream(o store.Object) ([]store.Record, error) {
	table := strings.TrimPrefix(o.Text("category"), streamPrefix)
	read, ok := streamed[table]
	if !ok {
		var tables []string
		for name := range streamed {
			tables = append(tables, name)
		}
		slices.Sort(tables)
		return nil, wrong("category", "a row of "+strings.Join(tables, ", "), "is of the table %.60q, which is not loaded", table)
	}
	envelope := &fields{o: o}
	sent := envelope.time("time")
	if sent.IsZero() {
		envelope.fail("time", "when the record was sent", "is missing")
	}
	if envelope.err != nil {
		return nil, envelope.err
	}
	row, err := store.ParseObject(o.Get("properties"))
	if err != nil {
		return nil, wrong("properties", "the row, an object", "is %s", kindOf(o.Get("properties")))
	}
	f := &rowFields{fields{o: row, path: "properties"}, sent}
	r := read(f)
	if f.err != nil {
		return nil, f.err
	}
	return []store.Record{{Row: r}}, nil
}

// rowFields reads a row. Rows come from several generations of exports, which write truth as true, 1 or "True".
type rowFields struct {
	fields
	sent time.Time
}

// need reads a text that a row makes no sense without.
func (f *rowFields) need(name string) string {
	s := f.text(name)
	if s == "" {
		f.fail(name, "text", "is missing")
	}
	if len(s) > maxID {
		f.fail(name, "at most "+strconv.Itoa(maxID)+" bytes", "is of %d bytes", len(s))
	}
	return s
}

// short reads a text, and cuts what is longer than people read.
func (f *rowFields) short(name string, most int) string {
	s := f.text(name)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

func (f *rowFields) truth(name string) bool {
	v := bytes.Trim(f.o.Get(name), `"`)
	switch strings.ToLower(string(v)) {
	case "true", "1":
		return true
	case "false", "0", "", "null":
		return false
	}
	f.fail(name, "true or false", "is %.40s", v)
	return false
}

func (f *rowFields) number(name string) float64 {
	v := bytes.Trim(f.o.Get(name), `"`)
	if len(v) == 0 || string(v) == "null" {
		return 0
	}
	n, err := strconv.ParseFloat(string(v), 64)
	if err != nil || n < 0 || n > 1000 || n != n {
		f.fail(name, "a number", "is %.40s", v)
		return 0
	}
	return n
}

// stamp is the row's own time, else when it was sent. No row is newer than its sending.
func (f *rowFields) stamp(name string) time.Time {
	if t := f.time(name); !t.IsZero() && t.Before(f.sent) {
		return t
	}
	return f.sent
}

// device is what a row tells of its device.
func (f *rowFields) device(seen time.Time) store.Device {
	d := store.Device{ID: strings.ToLower(f.need("DeviceId")), Name: f.text("DeviceName"), OS: f.text("OSPlatform"), Seen: seen}
	d.Known = d.Name != ""
	_, d.Domain, _ = strings.Cut(d.Name, ".")
	return d
}

// deviceInfo is what rows of DeviceInfo tell, which describe a device as evidence of alerts does.
func deviceInfo(f *rowFields) store.Row {
	d := f.device(f.stamp("Timestamp"))
	for _, name := range []string{"DeviceManualTags", "DeviceDynamicTags", "RegistryDeviceTag"} {
		if isNull(f.o.Get(name)) {
			continue
		}
		if d.Tags == nil {
			d.Tags = []string{} // it has none, which is not the same as nothing said
		}
		for _, tag := range f.names(name) {
			if !slices.Contains(d.Tags, tag) {
				d.Tags = append(d.Tags, tag)
			}
		}
	}
	return store.DeviceSeen{Device: d}
}

func (f *rowFields) cve() string {
	s := strings.ToUpper(f.need("CveId"))
	if f.err == nil && !cveID.MatchString(s) && !strings.HasPrefix(s, "TVM-") { // which the product gives what has no number yet
		f.fail("CveId", "an id like CVE-2021-26855", "is %.60q", s)
	}
	return s
}

func vulnerability(f *rowFields) store.Row {
	return store.Vulnerability{
		Device: f.device(f.sent), Vendor: f.short("SoftwareVendor", maxID), Software: f.short("SoftwareName", maxID), Version: f.short("SoftwareVersion", maxID), CVE: f.cve(),
		Severity: f.short("VulnerabilitySeverityLevel", maxID), Update: f.short("RecommendedSecurityUpdate", maxID),
	}
}

func vulnerabilityKB(f *rowFields) store.Row {
	return store.VulnerabilityKB{
		CVE: f.cve(), Severity: f.short("VulnerabilitySeverityLevel", maxID), Description: f.short("VulnerabilityDescription", maxSummary), CVSS: f.number("CvssScore"),
		Exploit: f.truth("IsExploitAvailable"), Published: f.time("PublishedDate"), Modified: f.stamp("LastModifiedTime"),
	}
}

func configuration(f *rowFields) store.Row {
	return store.Configuration{
		Device: f.device(f.stamp("Timestamp")), ID: strings.ToLower(f.need("ConfigurationId")), Applicable: f.truth("IsApplicable"), Compliant: f.truth("IsCompliant"),
	}
}

func configurationKB(f *rowFields) store.Row {
	return store.ConfigurationKB{
		ID: strings.ToLower(f.need("ConfigurationId")), Name: f.short("ConfigurationName", maxID), Description: f.short("ConfigurationDescription", maxSummary), Risk: f.short("RiskDescription", maxSummary),
		Category: f.short("ConfigurationCategory", maxID), Remediation: f.short("RemediationOptions", maxSummary), Impact: f.number("ConfigurationImpact"), Seen: f.sent,
	}
}

func mail(f *rowFields) store.Row {
	m := store.Mail{
		Message: f.need("NetworkMessageId"), Recipient: strings.ToLower(f.need("RecipientEmailAddress")), Sender: f.short("SenderFromAddress", maxID), Subject: f.short("Subject", 2000),
		Direction: f.short("EmailDirection", maxID), Action: f.short("DeliveryAction", maxID), Location: f.short("DeliveryLocation", maxID), ThreatTypes: f.short("ThreatTypes", maxID),
		Methods: f.short("DetectionMethods", 2000), At: f.stamp("Timestamp"), Sent: f.sent,
	}
	m.Action = delivery(m.Action)
	if latest := delivery(f.short("LatestDeliveryAction", maxID)); slices.Contains(deliveries, latest) {
		m.Action = latest // a message may be taken back after it arrived, or released
		m.Location = either(f.short("LatestDeliveryLocation", maxID), m.Location)
	}
	m.Threats = f.names("ThreatNames")
	return m
}

// deliveries are what can become of a message.
var deliveries = []string{"Delivered", "Junked", "Blocked", "Replaced"}

func delivery(given string) string {
	for _, d := range deliveries {
		if strings.EqualFold(d, given) {
			return d
		}
	}
	return given
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// names reads names: a list, or text that holds one, or names between commas.
func (f *rowFields) names(name string) []string {
	v := f.o.Get(name)
	var given []string
	if len(v) > 0 && v[0] == '[' {
		given = f.texts(name)
	} else if s := strings.TrimSpace(f.text(name)); strings.HasPrefix(s, "[") {
		list, err := store.ParseArray([]byte(s))
		for _, e := range list {
			given = append(given, store.Text(e))
		}
		if err != nil || check([]byte(s)) != nil {
			given = []string{s}
		}
	} else {
		given = strings.Split(s, ",")
	}
	var names []string
	for _, s := range given {
		if s = strings.TrimSpace(s); s != "" && len(s) <= maxID && len(names) < maxNames {
			names = append(names, s)
		}
	}
	return names
}
