package conformance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// analytics: reports come back as they were written; alerts are theirs by name, whichever came first; whatever is counted is cut
// to classes and device groups; of a device's weaknesses only the present ones count.
func analytics(t *testing.T, backend Backend) {
	s := backend(t)()
	noon := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	report := store.Report{
		ID: "r1", Title: "A wave", Type: "Campaign", Severity: "high", Published: noon, Updated: noon, Body: store.ReportBody{
			Summary: "s", Content: "c", Tags: []string{"t"}, Techniques: []string{"T1566"}, Actors: []string{"a"}, Detections: []string{"Bad Mail", "Trojan:X"},
			Mitigations: []store.Mitigation{{ID: "m1", Title: "patch", CVE: "CVE-2026-0001"}, {ID: "m2", Title: "set", Configuration: "scid-1"}, {ID: "m3", Title: "tell"}},
		},
	}
	alert := func(id, incident, title string, w rbac.Workload, day int, status, body, evidence string, devices ...string) store.Alert {
		a := store.Alert{ID: id, IncidentID: incident, Title: title, Status: status, Severity: "low", Workloads: rbac.SetOf(w), Created: noon.AddDate(0, 0, day), Updated: noon.AddDate(0, 0, day),
			Body: json.RawMessage(body), Evidence: json.RawMessage(evidence)}
		for _, d := range devices {
			a.Devices = append(a.Devices, store.Device{ID: d, Name: d[:2], Known: true, Seen: noon})
		}
		return a
	}
	box := `[{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"Ann@x"},{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"bob@x"}}]`
	group := func(d store.Device) string { return d.Name }
	load := func(f func(store.RecordTaker) error) {
		t.Helper()
		change(t, s, func(w store.Writer) error {
			taker := w.TakeRecords(group)
			if err := f(taker); err != nil {
				return err
			}
			return taker.Done()
		})
	}
	taken := func(want store.Taken) func(got store.Taken, err error) error {
		return func(got store.Taken, err error) error {
			if err == nil && got != want {
				err = fmt.Errorf("taken as %d, want %d", got, want)
			}
			return err
		}
	}
	first := []error{}
	load(func(k store.RecordTaker) error {
		first = append(first, taken(store.Created)(k.Alert(alert("before", "i1", "bad mail", rbac.Endpoint, 0, "new", `{}`, box, "g1-a"))),
			taken(store.Created)(k.Alert(alert("other", "i2", "Something else", rbac.Endpoint, 0, "new", `{}`, `[]`, "g1-a"))),
			taken(store.Created)(k.Report(report)), taken(store.Unchanged)(k.Report(report)),
			taken(store.Created)(k.Alert(alert("after", "i1", "Found", rbac.Office365, 1, "resolved", `{"threatDisplayName":"trojan:x"}`, box))),
			taken(store.Created)(k.Alert(alert("hidden", "i3", "BAD MAIL", rbac.Endpoint, 1, "new", `{}`, `[]`, "g2-a", "g1-b"))))
		return nil
	})
	for i, err := range first {
		if err != nil {
			t.Errorf("record %d: %v", i, err)
		}
	}
	got := read(t, s, func(r store.Reader) (store.Report, error) {
		p, found, err := r.Report("r1")
		if !found {
			t.Error("the report is not there")
		}
		return p, err
	})
	if !reflect.DeepEqual(got, report) {
		t.Errorf("read back %+v", got)
	}
	list := read(t, s, func(r store.Reader) ([]store.Report, error) { return r.Reports() })
	if len(list) != 1 || list[0].Body.Content != "" || list[0].Title != "A wave" {
		t.Errorf("listed %+v", list)
	}

	classes := read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) })
	of := func(w rbac.Workload, groups ...string) (v store.Visible) {
		for _, c := range classes {
			if c.Item.Workloads.Has(w) && reflect.DeepEqual(c.Item.DeviceGroups, groups) {
				v.Classes = append(v.Classes, c.ID)
			}
		}
		return v
	}
	everything, g1 := store.RelatedQuery{Visible: store.Visible{All: true}, Devices: store.DeviceReach{All: true}}, store.RelatedQuery{Visible: of(rbac.Endpoint, "g1"), Devices: store.DeviceReach{Groups: []string{"g1"}}}
	both := g1
	both.Visible = store.Visible{All: true}
	for _, c := range []struct {
		name string
		q    store.RelatedQuery
		want string
	}{
		{"everything", everything, "alerts [{r1 active 0 2} {r1 resolved 0 1}] assets [{r1 device 0 3} {r1 mailbox 0 1} {r1 user 0 1}] incidents [i1 i3] 2"},
		{"one group", g1, "alerts [{r1 active 0 1}] assets [{r1 device 0 1} {r1 mailbox 0 1} {r1 user 0 1}] incidents [i1] 1"},
		{"devices of one group", both, "alerts [{r1 active 0 2} {r1 resolved 0 1}] assets [{r1 device 0 2} {r1 mailbox 0 1} {r1 user 0 1}] incidents [i1 i3] 2"},
		{"no reach", store.RelatedQuery{}, "alerts [] assets [] incidents [] 0"},
	} {
		c.q.Limit, c.q.Kind = 10, "device"
		got := read(t, s, func(r store.Reader) (string, error) {
			alerts, err := r.RelatedAlerts(c.q)
			if err != nil {
				return "", err
			}
			assets, err := r.AssetCounts(c.q)
			if err != nil {
				return "", err
			}
			ids, n, err := r.RelatedIncidents(c.q)
			return fmt.Sprint("alerts ", alerts, " assets ", assets, " incidents ", ids, " ", n), err
		})
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	day := noon.Unix() / 86400
	days := read(t, s, func(r store.Reader) (string, error) {
		q := everything
		q.Since = noon.AddDate(0, 0, 1).Truncate(24 * time.Hour)
		alerts, err := r.RelatedDays(q)
		if err != nil {
			return "", err
		}
		assets, err := r.AssetDays(q)
		return fmt.Sprint(alerts, assets), err
	})
	if want := fmt.Sprintf("[{r1 active %[1]d 1} {r1 resolved %[1]d 1}] [{r1 device %[1]d 2} {r1 mailbox %[1]d 1} {r1 user %[1]d 1}]", day+1); days != want {
		t.Errorf("by day %s, want %s", days, want)
	}
	assets := func(after store.AssetPlace) string {
		return read(t, s, func(r store.Reader) (string, error) {
			q := everything
			q.Kind, q.Report, q.After, q.Limit = "device", "r1", after, 2
			list, err := r.Assets(q)
			text := ""
			for _, a := range list {
				text += fmt.Sprint(a.ID, " in ", a.DeviceGroup, " ", a.Alerts, "/", a.Active, "; ")
			}
			return text, err
		})
	}
	if one, two := assets(store.AssetPlace{}), assets(store.AssetPlace{Alerts: 1, ID: "g1-b"}); one != "g1-a in g1 1/1; g1-b in g1 1/1; " || two != "g2-a in g2 1/1; " {
		t.Errorf("assets %q, then %q", one, two)
	}

	weak := func(device, cve string, at time.Time) store.Row {
		return store.Vulnerability{Device: store.Device{ID: device, Name: device[:2], Known: true, Seen: at}, Vendor: "v", Software: "s", Version: "1", CVE: cve, Severity: "High"}
	}
	check := func(device string, applicable, compliant bool, at time.Time) store.Row {
		return store.Configuration{Device: store.Device{ID: device, Name: device[:2], Known: true, Seen: at}, ID: "scid-1", Applicable: applicable, Compliant: compliant}
	}
	rows := func(want []store.Taken, rows ...store.Row) {
		t.Helper()
		load(func(k store.RecordTaker) error {
			for i, r := range rows {
				if err := taken(want[i])(k.Row(r)); err != nil {
					t.Errorf("row %d: %v", i, err)
				}
			}
			return nil
		})
	}
	rows([]store.Taken{store.Created, store.Created, store.Unchanged, store.Created, store.Created, store.Created, store.Created},
		weak("g1-a", "CVE-2026-0001", noon), weak("g2-a", "CVE-2026-0001", noon), weak("g2-a", "CVE-2026-0001", noon), weak("g1-a", "CVE-2026-0002", noon),
		check("g1-b", true, false, noon), check("g2-a", true, true, noon), check("g2-b", false, false, noon))
	exposure := func(d store.DeviceReach) string {
		return read(t, s, func(r store.Reader) (string, error) {
			q := store.ExposureQuery{Report: "r1", Devices: d, Limit: 10}
			exposed, err := r.ExposedCounts(q)
			if err != nil {
				return "", err
			}
			mitigations, err := r.MitigationCounts(q)
			if err != nil {
				return "", err
			}
			devices, err := r.ExposedDevices(q)
			if err != nil {
				return "", err
			}
			text := ""
			for _, x := range devices {
				text += fmt.Sprint(x.ID, " ", x.Mitigations, x.Software, "; ")
			}
			q.Limit = 1
			for i, x := range devices { // a page after the other is the same list
				one, err := r.ExposedDevices(q)
				if err != nil || len(one) != 1 || one[0].ID != x.ID {
					t.Errorf("page %d: %+v %v, want %s", i, one, err, x.ID)
					break
				}
				q.After = one[0].Place
			}
			if rest, err := r.ExposedDevices(q); len(devices) > 0 && (err != nil || len(rest) != 0) {
				t.Errorf("after the last: %+v %v", rest, err)
			}
			n, err := r.CheckedDevices(d)
			return fmt.Sprint(exposed, mitigations, " ", text, n), err
		})
	}
	for name, c := range map[string]struct {
		reach store.DeviceReach
		want  string
	}{
		"every device": {store.DeviceReach{All: true}, "[{r1 exposed 0 3} {r1 vulnerable 0 2} {r1 misconfigured 0 1}] [{r1 m1 2 2} {r1 m2 1 2}] g1-a [m1] [v s 1]; g2-a [m1] [v s 1]; g1-b [m2] []; 4"},
		"one group":    {store.DeviceReach{Groups: []string{"g1"}}, "[{r1 exposed 0 2} {r1 vulnerable 0 1} {r1 misconfigured 0 1}] [{r1 m1 1 1} {r1 m2 1 1}] g1-a [m1] [v s 1]; g1-b [m2] []; 2"},
		"none":         {store.DeviceReach{}, "[] [] 0"},
	} {
		if got := exposure(c.reach); got != c.want {
			t.Errorf("exposure of %s: %s, want %s", name, got, c.want)
		}
	}
	// A day later the device is measured again and nothing is said of the weakness: it is mended. A row that is older changes nothing.
	rows([]store.Taken{store.Created, store.Unchanged, store.Updated}, check("g1-a", true, true, noon.Add(25*time.Hour)), check("g1-b", true, true, noon.Add(-time.Hour)), weak("g2-a", "CVE-2026-0001", noon.Add(25*time.Hour)))
	if got, want := exposure(store.DeviceReach{All: true}), "[{r1 exposed 0 2} {r1 vulnerable 0 1} {r1 misconfigured 0 1}] [{r1 m1 1 1} {r1 m2 1 3}] g2-a [m1] [v s 1]; g1-b [m2] []; 4"; got != want {
		t.Errorf("a day later: %s, want %s", got, want)
	}

	if read(t, s, store.Reader.MailSeen) {
		t.Error("mail is known before any came")
	}
	mail := func(id, action, at string, threats ...string) store.Row {
		when, _ := time.Parse(time.RFC3339, at)
		return store.Mail{Message: id, Recipient: "ann@x", Sender: "evil@y", Subject: "hi", Action: action, ThreatTypes: "Phish", Threats: threats, At: when, Sent: when}
	}
	// What became of a message after it arrived comes in a later row with the time of its arrival.
	later := mail("m2", "Junked", "2026-02-03T12:00:00Z", "Trojan:X").(store.Mail)
	later.Sent = noon.Add(time.Hour)
	rows([]store.Taken{store.Created, store.Created, store.Created, store.Created, store.Unchanged, store.Updated, store.Unchanged},
		mail("m1", "Blocked", "2026-02-03T12:00:00Z", "TROJAN:X", "bad mail"), mail("m2", "Delivered", "2026-02-03T12:00:00Z", "Trojan:X"), mail("m3", "Junked", "2026-02-02T12:00:00Z", "Trojan:X"),
		mail("m4", "Blocked", "2026-02-03T12:00:00Z", "Other"), store.Mail{Message: "clean", Recipient: "ann@x", Action: "Delivered", At: noon}, later, mail("m2", "Delivered", "2026-02-03T12:00:00Z", "Trojan:X"))
	if !read(t, s, store.Reader.MailSeen) {
		t.Error("mail has come and is not known")
	}
	prevented := read(t, s, func(r store.Reader) (string, error) {
		q := store.MailQuery{Report: "r1", Since: noon.AddDate(0, 0, -1), Limit: 2}
		counts, err := r.PreventedCounts(q)
		if err != nil {
			return "", err
		}
		byDay, err := r.PreventedDays(q)
		if err != nil {
			return "", err
		}
		one, err := r.Prevented(q)
		if err != nil {
			return "", err
		}
		last := one[len(one)-1]
		q.After = store.MailPlace{At: last.At.UnixNano(), Message: last.Message, Recipient: last.Recipient}
		two, err := r.Prevented(q)
		text := ""
		for _, m := range append(one, two...) {
			text += m.Message + " " + fmt.Sprint(m.Threats) + "; "
		}
		return fmt.Sprint(counts, byDay, text), err
	})
	if want := fmt.Sprintf("[{r1 blocked 0 1} {r1 junked 0 2}] [{r1 blocked %[1]d 1} {r1 junked %[2]d 1} {r1 junked %[1]d 1}]m1 [TROJAN:X bad mail]; m2 [Trojan:X]; m3 [Trojan:X]; ", day, day-1); prevented != want {
		t.Errorf("prevented %s, want %s", prevented, want)
	}

	rows([]store.Taken{store.Created, store.Created}, store.VulnerabilityKB{CVE: "CVE-2026-0001", Severity: "High", CVSS: 9.8, Exploit: true, Modified: noon},
		store.ConfigurationKB{ID: "scid-1", Name: "n", Remediation: "do", Impact: 5, Seen: noon})
	kb := read(t, s, func(r store.Reader) (string, error) {
		v, _, err := r.VulnerabilityKB("CVE-2026-0001")
		if err != nil {
			return "", err
		}
		c, found, err := r.ConfigurationKB("scid-1")
		_, other, _ := r.ConfigurationKB("scid-2")
		return fmt.Sprint(v.CVSS, v.Exploit, v.Modified.Equal(noon), c.Name, c.Remediation, found, other), err
	})
	if kb != "9.8 true truendotrue false" {
		t.Errorf("known in general: %s", kb)
	}

	// A newer version of the report means other alerts; an alert that is called otherwise is none of its; a report that is gone has none.
	report.Updated, report.Body.Detections = noon.Add(time.Hour), []string{"Something else"}
	load(func(k store.RecordTaker) error { return taken(store.Updated)(k.Report(report)) })
	related := func() string {
		return read(t, s, func(r store.Reader) (string, error) {
			q := everything
			q.Limit = 10
			ids, _, err := r.RelatedIncidents(q)
			return fmt.Sprint(ids), err
		})
	}
	if got := related(); got != "[i2]" {
		t.Errorf("after an update of the report it has %s", got)
	}
	load(func(k store.RecordTaker) error {
		return taken(store.Updated)(k.Alert(alert("other", "i2", "Renamed", rbac.Endpoint, 2, "new", `{}`, `[]`, "g1-a")))
	})
	if got := related(); got != "[]" {
		t.Errorf("an alert of another name is still the report's: %s", got)
	}
	change(t, s, func(w store.Writer) error {
		found, err := w.RemoveReport("r1")
		if again, _ := w.RemoveReport("r1"); !found || again {
			t.Errorf("removed: %v, again: %v", found, again)
		}
		return err
	})
	if left := read(t, s, store.Reader.Reports); len(left) != 0 {
		t.Errorf("the report is still there: %v", left)
	}
}
