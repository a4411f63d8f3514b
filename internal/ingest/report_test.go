package ingest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

const wave = `---
id: wave-1
title: "Invoices: a wave"
type: Attack campaign
severity: High
tags: [Phishing, phishing, Ransomware]
techniques:
  - t1566.001
actors: [Example Storm]
detection names:
  - Bad mail
  - Trojan:Win32/Examplar.A
mitigations:
  - CVE-2021-26855
  - {id: asr, title: Turn the rule on, configurationId: SCID-2010}
  - Tell people
published: 2021-02-19
updated: 2021-02-20T08:00:00Z
summary: |
  First *line*.
---
# What happened

---
<script>alert(1)</script>
`

func wanted() *store.Report {
	return &store.Report{
		ID: "wave-1", Title: "Invoices: a wave", Type: "Attack campaign", Severity: "high", Published: time.Date(2021, 2, 19, 0, 0, 0, 0, time.UTC), Updated: time.Date(2021, 2, 20, 8, 0, 0, 0, time.UTC),
		Body: store.ReportBody{
			Summary: "First *line*.", Content: "# What happened\n\n---\n<script>alert(1)</script>", Tags: []string{"Phishing", "Ransomware"}, Techniques: []string{"T1566.001"}, Actors: []string{"Example Storm"},
			Detections: []string{"Bad mail", "Trojan:Win32/Examplar.A"}, Mitigations: []store.Mitigation{
				{ID: "cve-2021-26855", Title: "CVE-2021-26855", CVE: "CVE-2021-26855"}, {ID: "asr", Title: "Turn the rule on", Configuration: "scid-2010"}, {ID: "m3", Title: "Tell people"},
			},
		},
	}
}

func TestAReportIsReadFromMarkdownAndFromJSON(t *testing.T) {
	asJSON := `{"id":"wave-1","title":"Invoices: a wave","reportType":"Attack campaign","severity":"high","tags":["Phishing","phishing","Ransomware"],"mitreTechniques":["T1566.001"],
		"actors":["Example Storm"],"detections":["Bad mail","Trojan:Win32/Examplar.A"],"mitigations":["cve-2021-26855",{"id":"asr","title":"Turn the rule on","configurationId":"scid-2010"},"Tell people"],
		"publishedDateTime":"2021-02-19","lastUpdatedDateTime":"2021-02-20T08:00:00Z","summary":{"content":"First *line*.","format":"markdown"},"content":"# What happened\n\n---\n<script>alert(1)</script>"}`
	for name, text := range map[string]string{
		"Markdown": wave, "Markdown of Windows": "\xef\xbb\xbf" + strings.ReplaceAll(wave, "\n", "\r\n"), "JSON": asJSON, "a list": "[" + asJSON + "]",
	} {
		records, sum := read(t, "wave.md", text)
		if len(records) != 1 || sum.Reports != 1 || sum.Records != 1 {
			t.Errorf("%s: %d records, %+v", name, len(records), sum)
			continue
		}
		if diff := cmp.Diff(wanted(), records[0].Report); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAReportOfWhatIsNeeded(t *testing.T) {
	records, _ := read(t, "least.md", "---\nid: least\ntitle: Least\npublished: 2021-02-19\n---")
	if p := records[0].Report; p.Severity != "unknown" || p.Updated != p.Published || p.Body.Content != "" {
		t.Errorf("read as %+v", p)
	}
}

func TestFaultsOfAReportNameTheirLine(t *testing.T) {
	change := func(from, to string) string {
		if !strings.Contains(wave, from) {
			t.Fatalf("%q is not in it", from)
		}
		return strings.Replace(wave, from, to, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"no end":               {"---\nid: x\n", "wave.md:1: record 1: has no end of its front matter"},
		"no front matter":      {"---\n---\nhello", "wave.md:1: record 1: has no front matter"},
		"not YAML":             {change("tags: [Phishing", "tags: [[Phishing"), "is not YAML"},
		"an unknown name":      {change("actors:", "actorz:"), "wave.md:9: record 1: actorz: is not a member of a report; want one of actors"},
		"a name twice":         {change("type: Attack", "id: Attack"), `wave.md:4: record 1: is not YAML: mapping key "id" already defined`},
		"a name in two ways":   {change("type: Attack", "detections: [x]\ntype: Attack"), "detection names: says what detections says already"},
		"an anchor":            {change("[Example Storm]", "&a [Example Storm]"), "wave.md:9: record 1: actors: has an anchor"},
		"no id":                {change("id: wave-1", "type2: x"), "type2: is not a member"},
		"a bad id":             {change("id: wave-1", "id: ../wave"), `wave.md:2: record 1: id: is "../wave"`},
		"a bad severity":       {change("High", "critical"), `wave.md:5: record 1: severity: is "critical"; want one of high, medium`},
		"a bad technique":      {change("t1566.001", "phishing"), `wave.md:8: record 1: techniques[0]: is "phishing"; want a technique like T1059.001`},
		"a bad day":            {change("2021-02-19", "yesterday"), "wave.md:17: record 1: published: is \"yesterday\""},
		"a type of two":        {change("Attack campaign", "Attack, campaign"), `wave.md:4: record 1: type: is "Attack, campaign"; want a type without a comma`},
		"a tag of two":         {change("[Phishing, ph", "['Phishing, Malware', ph"), `wave.md:6: record 1: tags[0]: is "Phishing, Malware"; want a tag without a comma`},
		"no day":               {change("published: 2021-02-19\n", ""), "published: is missing"},
		"updated before":       {change("2021-02-20T08:00:00Z", "2021-02-01"), "updated: is earlier; want not before published"},
		"a bad mitigation":     {change("SCID-2010", "2010"), `wave.md:15: record 1: mitigations[1].configurationId: is "2010"; want an id like scid-2010`},
		"a mitigation twice":   {change("id: asr", "id: cve-2021-26855"), "stands twice; want each id once"},
		"text in front matter": {change("actors:", "content: x\nactors:"), "content: stands in the front matter"},
		"tags of no list":      {change("[Example Storm]", "Example Storm"), "actors: is text; want a list of texts"},
		"nested too deeply":    {change("[Example Storm]", "[[[[[[[[[[x]]]]]]]]]]"), "is nested too deeply"},
		"NUL":                  {wave + "\x00", "holds the character NUL"},
		"not UTF-8":            {wave + "\xff", "are not UTF-8"},
		"too long":             {wave + strings.Repeat("x", maxReport+maxFront), "is a longer report"},
	} {
		_, err := Read("wave.md", strings.NewReader(c.text), func(store.Record) error { t.Errorf("%s: taken", name); return nil })
		if err == nil || fault.KindOf(err) != fault.KindInvalid || !strings.Contains(fault.Message(err), c.want) {
			t.Errorf("%s: got %v, want it to say %q", name, err, c.want)
		}
	}
}

func row(table, properties string) string {
	return `{"time":"2021-02-20T00:00:00Z","tenantId":"t","operationName":"Publish","category":"AdvancedHunting-` + table + `","properties":` + properties + `}`
}

func TestRowsOfTheStreamingExport(t *testing.T) {
	sent := time.Date(2021, 2, 20, 0, 0, 0, 0, time.UTC)
	device := store.Device{ID: "abc", Name: "sales-1.corp.example", Domain: "corp.example", OS: "Windows11", Known: true, Seen: sent}
	checked := device
	checked.Seen = sent.Add(-time.Hour)
	for _, c := range []struct {
		table, properties string
		want              store.Row
	}{
		{"DeviceTvmSoftwareVulnerabilities", `{"DeviceId":"ABC","DeviceName":"sales-1.corp.example","OSPlatform":"Windows11","SoftwareVendor":"v","SoftwareName":"s","SoftwareVersion":"1","CveId":"cve-2021-0001","VulnerabilitySeverityLevel":"High","RecommendedSecurityUpdate":"KB1","CveTags":["ZeroDay"]}`,
			store.Vulnerability{Device: device, Vendor: "v", Software: "s", Version: "1", CVE: "CVE-2021-0001", Severity: "High", Update: "KB1"}},
		{"DeviceTvmSecureConfigurationAssessment", `{"DeviceId":"ABC","DeviceName":"sales-1.corp.example","OSPlatform":"Windows11","Timestamp":"2021-02-19T23:00:00Z","ConfigurationId":"scid-2010","IsCompliant":0,"IsApplicable":true}`,
			store.Configuration{Device: checked, ID: "scid-2010", Applicable: true}},
		{"DeviceTvmSoftwareVulnerabilitiesKB", `{"CveId":"CVE-2021-0001","CvssScore":"9.8","IsExploitAvailable":"True","VulnerabilitySeverityLevel":"Critical","VulnerabilityDescription":"d","PublishedDate":"2021-01-01T00:00:00Z","LastModifiedTime":"2021-01-02T00:00:00Z"}`,
			store.VulnerabilityKB{CVE: "CVE-2021-0001", Severity: "Critical", Description: "d", CVSS: 9.8, Exploit: true, Published: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), Modified: time.Date(2021, 1, 2, 0, 0, 0, 0, time.UTC)}},
		{"DeviceTvmSecureConfigurationAssessmentKB", `{"ConfigurationId":"SCID-2010","ConfigurationName":"n","ConfigurationImpact":5.5,"RemediationOptions":"do","RiskDescription":"r","ConfigurationCategory":"c"}`,
			store.ConfigurationKB{ID: "scid-2010", Name: "n", Risk: "r", Category: "c", Remediation: "do", Impact: 5.5, Seen: sent}},
		{"EmailEvents", `{"Timestamp":"2099-01-01T00:00:00Z","NetworkMessageId":"m","RecipientEmailAddress":"Ann@X","SenderFromAddress":"e@y","Subject":"=cmd","EmailDirection":"Inbound","DeliveryAction":"delivered","LatestDeliveryAction":"Junked","LatestDeliveryLocation":"Junk folder","ThreatTypes":"Phish","ThreatNames":"[\"A\", \"B\"]"}`,
			store.Mail{Message: "m", Recipient: "ann@x", Sender: "e@y", Subject: "=cmd", Direction: "Inbound", Action: "Junked", Location: "Junk folder", ThreatTypes: "Phish", Threats: []string{"A", "B"}, At: sent, Sent: sent}},
		{"EmailEvents", `{"NetworkMessageId":"m","RecipientEmailAddress":"a@x","DeliveryAction":"Blocked","LatestDeliveryAction":"","ThreatNames":"A, B,"}`,
			store.Mail{Message: "m", Recipient: "a@x", Action: "Blocked", Threats: []string{"A", "B"}, At: sent, Sent: sent}},
	} {
		for name, text := range map[string]string{"alone": row(c.table, c.properties), "in a blob": `{"records":[` + row(c.table, c.properties) + `]}`} {
			records, sum := read(t, "x", text)
			if len(records) != 1 || sum.Rows != 1 {
				t.Fatalf("%s %s: %+v", c.table, name, sum)
			}
			if diff := cmp.Diff(c.want, records[0].Row); diff != "" {
				t.Errorf("%s %s: %s", c.table, name, diff)
			}
		}
	}
}

func TestFaultsOfRowsNameTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"another table":  {row("DeviceProcessEvents", `{}`), `x:1: record 1: category: is of the table "DeviceProcessEvents", which is not loaded; want a row of DeviceInfo, DeviceTvmSecureConfigurationAssessment, `},
		"no row":         {strings.Replace(row("EmailEvents", `1`), `"properties":1`, `"more":1`, 1), "properties: is nothing; want the row, an object"},
		"not sent":       {strings.Replace(row("EmailEvents", `{}`), "2021-02-20T00:00:00Z", "", 1), "time: is missing"},
		"of no device":   {row("DeviceTvmSoftwareVulnerabilities", `{"CveId":"CVE-2021-0001"}`), "properties.DeviceId: is missing"},
		"no CVE":         {row("DeviceTvmSoftwareVulnerabilities", `{"DeviceId":"a","CveId":"log4shell"}`), `properties.CveId: is "LOG4SHELL"; want an id like`},
		"neither or":     {row("DeviceTvmSecureConfigurationAssessment", `{"DeviceId":"a","ConfigurationId":"scid-1","IsApplicable":"maybe"}`), `properties.IsApplicable: is maybe; want true or false`},
		"no score":       {row("DeviceTvmSoftwareVulnerabilitiesKB", `{"CveId":"CVE-2021-0001","CvssScore":"NaN"}`), "properties.CvssScore: is NaN; want a number"},
		"of nobody":      {row("EmailEvents", `{"NetworkMessageId":"m"}`), "properties.RecipientEmailAddress: is missing"},
		"subject of two": {row("EmailEvents", `{"NetworkMessageId":"m","RecipientEmailAddress":"a","Subject":["x"]}`), "properties.Subject: is a list; want text"},
	} {
		_, err := Read("x", strings.NewReader(c.text), func(store.Record) error { t.Errorf("%s: taken", name); return nil })
		if err == nil || fault.KindOf(err) != fault.KindInvalid || !strings.Contains(fault.Message(err), c.want) {
			t.Errorf("%s: got %v, want it to say %q", name, err, c.want)
		}
	}
}
