package ingest

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func read(t *testing.T, name, text string) ([]store.Record, Summary) {
	t.Helper()
	var got []store.Record
	sum, err := Read(name, strings.NewReader(text), func(r store.Record) error { got = append(got, r); return nil })
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return got, sum
}

func sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each sample: what it holds, told in a line a record.
func TestSamples(t *testing.T) {
	office := "alert fa8f6c1e70-4c51-9a02-8d00-08d8d4bd1f6e of 1042: office365 low inProgress []"
	endpoint := "alert da637490118204417723_-1180349021 of 1042: endpoint high new [5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57 sales-lap-014.corp.example.com corp.example.com Windows10 sales]"
	cloud := "alert ca6030d1c7e5a4b20d91f0e311 of 1042: cloudapps medium new []"
	identity := "alert aa7b0c5d1e-2f30-4d41-8c52-9e63a7f4b085 of 1057: identity high new [srv-bck-02.corp.example.com srv-bck-02.corp.example.com corp.example.com WindowsServer2019]"
	incident := "incident 1042 inProgress high truePositive/multiStagedAttack analyst1@example.com invoice-wave"
	for name, want := range map[string][]string{
		"alert-office365.json":          {office},
		"alert-endpoint.json":           {endpoint},
		"alert-cloudapps.json":          {cloud},
		"alert-identity.json":           {identity},
		"alerts-list-page.json":         {identity, cloud},
		"wazuh-ms-graph-alert.json":     {cloud},
		"incident-three-workloads.json": {incident, office, endpoint, cloud},
		"legacy-incidents.json":         {"incident 1042 inProgress high truePositive/unknown analyst1@example.com invoice-wave", office, endpoint},
	} {
		t.Run(name, func(t *testing.T) {
			records, _ := read(t, name, sample(t, name))
			if diff := cmp.Diff(want, told(records)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func told(records []store.Record) []string {
	var lines []string
	for _, r := range records {
		if i := r.Incident; i != nil {
			lines = append(lines, strings.Join([]string{"incident", i.ID, i.Status, i.Severity,
				i.Classification + "/" + i.Determination, i.AssignedTo, strings.Join(i.CustomTags, ",")}, " "))
			continue
		}
		a := r.Alert
		var workloads, devices []string
		for _, w := range a.Workloads.List() {
			workloads = append(workloads, w.String())
		}
		for _, d := range a.Devices {
			devices = append(devices, strings.TrimSpace(strings.Join([]string{d.ID, d.Name, d.Domain, d.OS, strings.Join(d.Tags, ",")}, " ")))
		}
		lines = append(lines, "alert "+a.ID+" of "+a.IncidentID+": "+strings.Join(workloads, "+")+" "+a.Severity+" "+a.Status+" ["+strings.Join(devices, "; ")+"]")
	}
	return lines
}

func TestAShapeTellsTheSameAsAnother(t *testing.T) {
	alone, _ := read(t, "a", sample(t, "alert-cloudapps.json"))
	wrapped, _ := read(t, "b", sample(t, "wazuh-ms-graph-alert.json"))
	line := strings.ReplaceAll(sample(t, "alert-cloudapps.json"), "\n", " ")
	lines, sum := read(t, "c", "\ufeff"+line+"\n"+line+"\r\n")
	raw, _ := read(t, "d", `{"integration":"ms-graph","ms-graph":`+line+`}`)
	list, _ := read(t, "e", "["+line+"]")
	for i, other := range [][]store.Record{wrapped, lines[:1], lines[1:], raw, list} {
		if told(other)[0] != told(alone)[0] {
			t.Errorf("shape %d reads %q, the alert alone %q", i, told(other), told(alone))
		}
	}
	if sum.Records != 2 || sum.Alerts != 2 {
		t.Errorf("two lines count as %+v", sum)
	}
}

func TestWhatIsUnknownIsKept(t *testing.T) {
	records, _ := read(t, "x", `{"id":"zz1","status":"Mystery","severity":"HIGH","serviceSource":"Microsoft Defender for Endpoint",
		"createdDateTime":"2021-02-19T09:17:02.4417723Z","future":{"a":[1,2.50,1e3],"b":null},
		"evidence":[{"@odata.type":"#microsoft.graph.security.holoEvidence","shape":"cube","verdict":"Malicious","roles":["Attacker","newRole"]}],
		"comments":[{"comment":"hi","createdBy":"a","createdTime":"2021-02-19T09:17:02Z"}]}`)
	a := records[0].Alert
	want := `{"id":"zz1","status":"Mystery","severity":"high","serviceSource":"microsoftDefenderForEndpoint",` +
		`"createdDateTime":"2021-02-19T09:17:02.4417723Z","future":{"a":[1,2.50,1e3],"b":null},` +
		`"comments":[{"comment":"hi","createdByDisplayName":"a","createdDateTime":"2021-02-19T09:17:02Z"}],` +
		`"lastUpdateDateTime":"2021-02-19T09:17:02.4417723Z"}`
	if diff := cmp.Diff(want, string(a.Body)); diff != "" {
		t.Error(diff)
	}
	wantEvidence := `[{"@odata.type":"#microsoft.graph.security.holoEvidence","shape":"cube","verdict":"malicious","roles":["attacker","newRole"]}]`
	if diff := cmp.Diff(wantEvidence, string(a.Evidence)); diff != "" {
		t.Error(diff)
	}
	if a.Created.UnixNano() != 1613726222441772300 {
		t.Errorf("created %v", a.Created)
	}
}

func TestWrongSpellingsAreRead(t *testing.T) {
	for given, want := range map[string]string{
		"compromisedUser": "compromisedAccount", "Clean": "notMalicious", "insufficientData": "notEnoughDataToValidate",
		"confirmedUserActivity": "confirmedActivity", "UnwantedApplication": "unwantedSoftware", "APT": "apt", "somethingNew": "somethingNew",
	} {
		records, _ := read(t, "x", `{"id":"da1","serviceSource":"unknown","createdDateTime":"2021-02-19T09:17:02Z","determination":"`+given+`"}`)
		if got := records[0].Alert.Determination; got != want {
			t.Errorf("determination %q is read as %q, want %q", given, got, want)
		}
	}
}

func TestWorkloadOfAnAlert(t *testing.T) {
	device := `{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"D"}`
	mail := `{"@odata.type":"#microsoft.graph.security.analyzedMessageEvidence"}`
	file := `{"@odata.type":"#microsoft.graph.security.fileEvidence"}`
	cluster := `{"@odata.type":"#microsoft.graph.security.kubernetesPodEvidence"}`
	for _, c := range []struct {
		name, id, service, detection, evidence string
		want                                   rbac.WorkloadSet
	}{
		{"service source decides", "fa1", "microsoftDefenderForEndpoint", "cloudAppSecurity", mail, rbac.SetOf(rbac.Endpoint)},
		{"app governance is cloud apps", "x", "microsoftAppGovernance", "", "", rbac.SetOf(rbac.CloudApps)},
		{"identity protection is of no product here (C17)", "x", "azureAdIdentityProtection", "", "", rbac.SetOf(rbac.Other)},
		{"a source nobody knows is of none", "da1", "somethingNew", "antivirus", device, rbac.SetOf(rbac.Other)},
		{"the sentinel is of none", "da1", "unknownFutureValue", "antivirus", device, rbac.SetOf(rbac.Other)},
		{"detection source refines", "x", "microsoft365Defender", "antivirus", mail, rbac.SetOf(rbac.Endpoint)},
		{"detection source outside the four", "x", "microsoft365Defender", "scheduledAlerts", mail, rbac.SetOf(rbac.Other)},
		{"by evidence, every workload it proves", "x", "microsoft365Defender", "customDetection", device + "," + mail, rbac.SetOf(rbac.Endpoint, rbac.Office365)},
		{"a cloud resource adds what is outside", "x", "microsoft365Defender", "customDetection", mail + "," + cluster, rbac.SetOf(rbac.Office365, rbac.Other)},
		{"a file without device proves nothing", "fa1", "microsoft365Defender", "customDetection", file, rbac.SetOf(rbac.Office365)},
		{"the id as last help", "ri7", "unknown", "", "", rbac.SetOf(rbac.Identity)},
		{"nothing left", "qq7", "unknown", "", "", rbac.SetOf(rbac.Other)},
	} {
		t.Run(c.name, func(t *testing.T) {
			records, _ := read(t, "x", `{"id":"`+c.id+`","serviceSource":"`+c.service+`","detectionSource":"`+c.detection+
				`","createdDateTime":"2021-02-19T09:17:02Z","evidence":[`+c.evidence+`]}`)
			if got := records[0].Alert.Workloads; got != c.want {
				t.Errorf("belongs to %v, want %v", got.List(), c.want.List())
			}
		})
	}
}

func TestDevicesOfAnAlert(t *testing.T) {
	for _, c := range []struct {
		name, evidence, want string
		nameless             bool
	}{
		{"described", `{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"AB","hostName":"h"}`, "ab+", false},
		{"by directory id", `{"@odata.type":"#microsoft.graph.security.deviceEvidence","azureAdDeviceId":"AAD","hostName":"h"}`, "aad+", false},
		{"by name", `{"@odata.type":"#microsoft.graph.security.deviceEvidence","hostName":"Host"}`, "host+", false},
		{"without any name", `{"@odata.type":"#microsoft.graph.security.deviceEvidence"}`, "", true},
		{"only named by a process", `{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"P"}`, "p", false},
		{"host of a logon session", `{"@odata.type":"#microsoft.graph.security.hostLogonSessionEvidence","host":{"hostName":"H","mdeDeviceId":"L"}}`, "l+", false},
		{"in a malware's files", `{"@odata.type":"#microsoft.graph.security.malwareEvidence","files":[{"mdeDeviceId":"M1"},{"x":{"mdeDeviceId":"M2"}}]}`, "m1 m2", false},
		{"behind an escaped key", `{"@odata.type":"#microsoft.graph.security.malwareEvidence","files":[{"mdeDevice\u0049d":"E"}]}`, "e", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			records, _ := read(t, "x", `{"id":"da1","serviceSource":"unknown","createdDateTime":"2021-02-19T09:17:02Z","evidence":[`+c.evidence+`]}`)
			a := records[0].Alert
			var got []string
			for _, d := range a.Devices {
				if d.Known {
					d.ID += "+"
				}
				got = append(got, d.ID)
			}
			if strings.Join(got, " ") != c.want || a.Nameless != c.nameless {
				t.Errorf("devices %v, nameless %v", got, a.Nameless)
			}
		})
	}
}

func TestFaultsNameTheirPlace(t *testing.T) {
	good := `{"id":"da1","serviceSource":"unknown","createdDateTime":"2021-02-19T09:17:02Z"}`
	deep := strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70)
	for _, c := range []struct{ name, text, want string }{
		{"not JSON", good + "\n{\"id\": nope}", "f.json:2: record 2: is not JSON"},
		{"cut off", "[" + good + ",", "f.json:1: record 2: ends in the middle"},
		{"cut off in an object", `{"id":"da1","createdDateTime":"2021-02-19T09:17:02Z"`, "record 1: ends in the middle"},
		{"empty", " \n", "holds nothing"},
		{"single value", "7", "is a single value"},
		{"list of values", "[7]", "record 1: is a number; want an object"},
		{"no id", `{"serviceSource":"unknown"}`, "f.json:1: record 1: id: is missing"},
		{"wrong time", good + "\n" + good + "\n\n" + strings.Replace(good, "2021-02-19T09:17:02Z", "yesterday", 1), `f.json:4: record 3: createdDateTime: is "yesterday"; want a time like`},
		{"wrong type", strings.Replace(good, `"unknown"`, `7`, 1), "serviceSource: is a number; want text"},
		{"wrong in an expanded alert", `{"id":"7","status":"active","customTags":[],"createdDateTime":"2021-02-19T09:17:02Z","alerts":[` + good + `,{"id":"da2","createdDateTime":7}]}`, "alerts[1].createdDateTime: is a number"},
		{"a key twice", `{"id":"da1","\u0069d":"da2","serviceSource":"unknown"}`, "id: stands twice; want each key once"},
		{"nested too deeply", `{"id":"da1","serviceSource":"unknown","x":` + deep + `}`, "is nested too deeply; want at most 64 levels"},
		{"not UTF-8", "{\"id\":\"da1\",\"serviceSource\":\"unknown\",\"title\":\"a\xffb\"}", "are not UTF-8"},
		{"too long", `{"id":"da1","serviceSource":"unknown","description":"` + strings.Repeat("x", maxAlert) + `"}`, "want at most 16777216 bytes"},
		{"an incident that is too long", `{"id":"7","status":"active","customTags":[],"createdDateTime":"2021-02-19T09:17:02Z","description":"` + strings.Repeat("x", maxIncident) + `"}`, "is an incident of"},
		{"with a title that is no title", `{"id":"da1","serviceSource":"unknown","createdDateTime":"2021-02-19T09:17:02Z","title":"` + strings.Repeat("x", maxWord+1) + `"}`, "title: is of 16385 bytes; want at most 16384 bytes"},
		{"with a tag that is none", `{"id":"da1","serviceSource":"unknown","createdDateTime":"2021-02-19T09:17:02Z","systemTags":["` + strings.Repeat("x", maxWord+1) + `"]}`, "systemTags"},
		{"far too long", `{"id":"` + strings.Repeat("x", maxExpanded+1<<20), "is longer than a record may be"},
		{"no known kind", `{"hello":"world"}`, "is of no known kind"},
		{"a detection rule", `{"@odata.type":"#microsoft.graph.security.detectionRule","id":"7506","detectorId":"x","createdDateTime":"2021-02-19T09:17:02Z"}`, "is #microsoft.graph.security.detectionRule, which is not loaded this way"},
		{"page with value twice", `{"value":[` + good + `],"value":[]}`, "value: stands twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("f.json", strings.NewReader(c.text), func(store.Record) error { return nil })
			if err == nil || !strings.Contains(fault.Message(err), c.want) || fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("got %q (%v), want it to say %q", fault.Message(err), fault.KindOf(err), c.want)
			}
		})
	}
}

// Names of files and registry keys can hold what no text can. That hides nobody: the record is taken, and shows that there was something.
func TestWhatNoTextCanHoldIsMended(t *testing.T) {
	for given, want := range map[string]string{
		`a\u0000b`: "a\ufffdb", `C:\\u0000x`: `C:\u0000x`, `\\\u0000`: `\` + "\ufffd", `\ud83d`: "\ufffd", `\uDC00x`: "\ufffdx", `\ud83d\ud83d\ude00`: "\ufffd\U0001f600", `\uD83D\uDE00\udead`: "\U0001f600\ufffd",
		`\ud83d\\ude00`: "\ufffd\\ude00", `\u00e9\n\u0001`: "\u00e9\n\x01",
	} {
		records, _ := read(t, "x", `{"id":"da1","serviceSource":"unknown","createdDateTime":"2021-02-19T09:17:02Z","title":"`+given+`","description":"`+given+`"}`)
		a := records[0].Alert
		var body struct{ Title, Description string }
		if err := json.Unmarshal(a.Body, &body); err != nil || a.Title != want || body.Title != want || body.Description != want {
			t.Errorf("%s: title %q, in the object %q (%v), want %q", given, a.Title, body.Title, err, want)
		}
		if strings.Contains(string(a.Body), `\u0000`) && !strings.Contains(given, `\\u0000`) || strings.Contains(string(a.Body), `\ud83d"`) {
			t.Errorf("%s is kept as %s", given, a.Body)
		}
	}
}

func TestAnArchiveOfOtherAlertsIsPassedOver(t *testing.T) {
	_, sum := read(t, "x", `{"rule":{"id":"1"},"agent":{"id":"0"},"data":{"srcip":"10.0.0.1"},"id":"5"}`)
	if sum != (Summary{Records: 1, PassedOver: 1}) {
		t.Errorf("%+v", sum)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"alert-endpoint.json", "incident-three-workloads.json", "legacy-incidents.json", "wazuh-ms-graph-alert.json", "alerts-list-page.json"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`[{"id":1,"incidentId":2,"evidence":[{}]}]`)
	f.Add(wave)
	f.Add("---\nid: x\nmitigations: [{a: b}, *c]\n---\n")
	f.Add(row("EmailEvents", `{"NetworkMessageId":"m","RecipientEmailAddress":"a","ThreatNames":"[\"x\"]"}`))
	f.Add(row("DeviceTvmSoftwareVulnerabilities", `{"DeviceId":"a","CveId":"CVE-2021-0001"}`))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Read("f", strings.NewReader(text), func(r store.Record) error {
			if p := r.Report; p != nil && (!reportID.MatchString(p.ID) || p.Title == "" || p.Updated.IsZero()) {
				t.Errorf("a broken report was taken: %+v", p)
			}
			if r.Alert != nil {
				if _, err := store.ParseObject(r.Alert.Body); err != nil || r.Alert.ID == "" || r.Alert.Workloads == 0 {
					t.Errorf("a broken alert was taken: %+v", r.Alert)
				}
			}
			return nil
		})
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("an inner error: %v", err)
		}
	})
}

// A file must not speak with the server's voice: what its reader may do is for the server to say.
func TestAnnotationsOfAServerAreNotTaken(t *testing.T) {
	said := `"@bailiwick.actions":{"manage":{"allowed":true}},"@bailiwick.workloads":["identity"],"@odata.etag":"x","@odata.context":"y",`
	alert := `{` + said + `"@odata.type":"#microsoft.graph.security.alert","id":"da1","incidentId":"7","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-02-19T09:17:02Z"}`
	for _, text := range []string{alert, `{` + said + `"id":"7","status":"active","createdDateTime":"2021-02-19T09:17:02Z","alerts":[` + alert + `]}`} {
		records, _ := read(t, "x", text)
		for _, r := range records {
			body := ""
			if r.Alert != nil {
				body = string(r.Alert.Body)
			} else {
				body = string(r.Incident.Body)
			}
			if strings.Contains(body, "@bailiwick") || strings.Contains(body, "etag") || strings.Contains(body, "context") {
				t.Errorf("kept: %s", body)
			}
		}
	}
}
