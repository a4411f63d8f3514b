package investigation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestDerivedIncidents(t *testing.T) {
	w := newWorld(t, storyPolicy())
	w.load("alert.json", sample(t, "alert-endpoint.json"))
	item, err := w.service.Incident(ctx, "reader@x", "1042", false, full)
	if err != nil || get(t, item, "status") != "active" || get(t, item, "severity") != "high" || get(t, item, "displayName") != "Suspicious process launched from a mail client" {
		t.Errorf("%s %v", item, err)
	}
	if _, err = w.service.UpdateIncident(ctx, lead, "1042", []byte(`{"status":"inProgress","customTags":["a"]}`), "", full); err != nil {
		t.Error(err)
	}
	w.load("incident.json", strings.Replace(sample(t, "incident-three-workloads.json"), `"alerts": [`, `"ignored": [`, 1))
	item, err = w.service.Incident(ctx, "reader@x", "1042", false, full)
	if err != nil || get(t, item, "displayName") != "Multi-stage incident involving initial access and exfiltration on one endpoint reported by multiple sources" ||
		get(t, item, "status") != "inProgress" || get(t, item, "classification") != nil {
		t.Errorf("what was set while only alerts were known is newer than the record: %s %v", item, err)
	}
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	w := storyWorld(t)
	before, entries := w.everything(), len(w.entries())
	for _, name := range []string{"incident-three-workloads.json", "alert-identity.json", "alerts-list-page.json", "legacy-incidents.json", "wazuh-ms-graph-alert.json"} {
		if done := w.load(name, sample(t, name)); done.changed() {
			t.Errorf("%s: %+v", name, done)
		}
	}
	if w.everything() != before || len(w.entries()) != entries {
		t.Error("something changed")
	}
	older := strings.Replace(sample(t, "alert-endpoint.json"), "2021-02-19T09:31:48.2633333Z", "2021-02-19T09:31:00Z", 1)
	newer := strings.Replace(strings.Replace(sample(t, "alert-endpoint.json"), "2021-02-19T09:31:48.2633333Z", "2021-02-19T09:31:48.2633334Z", 1), `"new"`, `"resolved"`, 1)
	if done := w.load("older", older); done.Alerts != (Count{Unchanged: 1}) {
		t.Errorf("an older one: %+v", done)
	}
	if done := w.load("newer", newer); done.Alerts != (Count{Updated: 1}) {
		t.Errorf("a newer one: %+v", done)
	}
}

func (w *world) everything() string {
	a, err := w.service.Alerts(ctx, "admin@x", Query{Top: 1000, Count: true, Form: full})
	if err != nil {
		w.t.Fatal(err)
	}
	i, err := w.service.Incidents(ctx, "admin@x", Query{Count: true, Form: full, Expand: true})
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.Marshal([]Page{a, i})
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func TestAFileIsTakenWholeOrNotAtAll(t *testing.T) {
	w := newWorld(t, storyPolicy())
	good := strings.ReplaceAll(sample(t, "alert-endpoint.json"), "\n", " ")
	_, err := w.tryLoad(local, "two.jsonl", good+"\n"+strings.Replace(good, `"id": "da`, `"nid": "da`, 1))
	if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(fault.Message(err), "two.jsonl:2: record 2: id: is missing") {
		t.Errorf("got %v", err)
	}
	if page, err := w.service.Alerts(ctx, "admin@x", Query{Count: true}); err != nil || page.Total != 0 {
		t.Errorf("%d alerts were taken (%v)", page.Total, err)
	}
}

func TestWhatReadingComesToIsItsCallersToMeet(t *testing.T) {
	w := newWorld(t, storyPolicy())
	for _, many := range []int{0, 1, 5000} { // also more than is read ahead
		met := func() (met any) {
			defer func() { met = recover() }()
			_, err := w.service.Load(ctx, local, "x", func(take func(store.Record) error) error {
				for i := range many {
					if err := take(store.Record{Alert: &store.Alert{ID: fmt.Sprint(i), Created: w.now, Updated: w.now, Body: []byte("{}"), Evidence: []byte("[]")}}); err != nil {
						return err
					}
				}
				panic("a reader's")
			})
			return err
		}()
		if met != "a reader's" {
			t.Errorf("after %d records: %v", many, met)
		}
	}
	if page, err := w.service.Alerts(ctx, "admin@x", Query{Count: true}); err != nil || page.Total != 0 {
		t.Errorf("%d alerts were taken (%v)", page.Total, err)
	}
}

func TestWhoMayLoad(t *testing.T) {
	w := newWorld(t, storyPolicy())
	for _, user := range []string{"lead@x", "nobody@x", "stranger@x"} {
		if _, err := w.tryLoad(audit.Actor{Name: user}, "x", sample(t, "alert-endpoint.json")); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s loads: %v", user, err)
		}
	}
	if done, err := w.tryLoad(audit.Actor{Name: "admin@x"}, "x", sample(t, "alert-endpoint.json")); err != nil || done.Alerts.Created != 1 {
		t.Errorf("%+v %v", done, err)
	}
}

func TestProductsOutsideTheFour(t *testing.T) { // S10
	p := storyPolicy()
	p.Users = append(p.Users, rbac.User{Name: "global@x", GlobalRoles: []string{"Security Reader"}}, rbac.User{Name: "op@x", GlobalRoles: []string{"Security Operator"}})
	w := newWorld(t, p)
	w.load("dlp", `{"id":"dl1","serviceSource":"dataLossPrevention","createdDateTime":"2021-02-19T09:17:02Z"}`)
	for user, want := range map[string][2]fault.Kind{
		"lead@x": {fault.KindNotFound, fault.KindNotFound}, "global@x": {0, fault.KindDenied}, "op@x": {0, fault.KindDenied}, "admin@x": {0, 0},
	} {
		_, read := w.service.Alert(ctx, user, "dl1", full)
		_, change := w.service.UpdateAlert(ctx, audit.Actor{Name: user}, "dl1", []byte(`{"status":"resolved"}`), "", full)
		if got := [2]fault.Kind{fault.KindOf(read), fault.KindOf(change)}; got != want {
			t.Errorf("%s: %v %v", user, read, change)
		}
	}
}

func TestMembersAfterTheSentinelAreHidden(t *testing.T) {
	w := storyWorld(t)
	w.load("cloud", `{"id":"dc1","serviceSource":"microsoftDefenderForCloud","createdDateTime":"2021-02-19T09:17:02Z"}`)
	item, _ := w.service.Alert(ctx, "admin@x", "dc1", Form{})
	if get(t, item, "serviceSource") != store.Sentinel {
		t.Errorf("%s", item)
	}
	for known, want := range map[bool]string{false: store.Sentinel, true: "active"} {
		item, err := w.service.Alert(ctx, "admin@x", endpointAlert, Form{UnknownMembers: known})
		if err != nil {
			t.Fatal(err)
		}
		if got := get(t, item, "evidence").([]any)[0].(map[string]any)["remediationStatus"]; got != want {
			t.Errorf("a client that knows new members: %v; remediationStatus is %v", known, got)
		}
	}
}

// What is dated ahead must not have the last word about a device until then (S7).
func TestWhatIsDatedAheadCountsAsOfNow(t *testing.T) {
	w := newWorld(t, rbac.Policy{EndpointRoles: true, DeviceGroups: []rbac.DeviceGroup{
		{Name: "Sales", Match: rbac.Match{Tag: []string{"sales"}}}, {Name: "HR", Match: rbac.Match{Tag: []string{"hr"}}}, {Name: rbac.UngroupedDevices},
	}})
	tells := func(id, updated, tag string) string {
		return `{"id":"` + id + `","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-01-01T00:00:00Z","lastUpdateDateTime":"` + updated + `","evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"d","hostName":"d","tags":["` + tag + `"]}]}`
	}
	w.load("ahead", tells("da1", "2150-01-01T00:00:00Z", "hr"))
	w.now = w.now.Add(time.Hour)
	w.load("now", tells("da2", w.now.Format(time.RFC3339), "sales"))
	err := w.store.View(ctx, func(tx store.Reader) error {
		d, _, err := tx.Device("d")
		if d.Group != "Sales" {
			t.Errorf("the device is in %q", d.Group)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A row dated ahead must not keep the last word about a message: what is sent later tells where it ended.
func TestARowDatedAheadHasNotTheLastWord(t *testing.T) {
	w := newWorld(t, rbac.Policy{})
	mail := func(sent, action string) string {
		return `{"time":"` + sent + `","category":"AdvancedHunting-EmailEvents","properties":{"NetworkMessageId":"m","RecipientEmailAddress":"a@x","DeliveryAction":"` + action + `","ThreatNames":"Bad"}}`
	}
	w.load("report.json", `{"id":"r","title":"R","detections":["Bad"],"published":"2021-01-01"}`)
	w.load("ahead.json", mail("2121-01-01T00:00:00Z", "Blocked"))
	w.now = w.now.Add(time.Hour)
	w.load("later.json", mail(w.now.UTC().Format(time.RFC3339), "Junked"))
	var counts []store.ReportCount
	if err := w.store.View(ctx, func(tx store.Reader) (err error) {
		counts, err = tx.PreventedCounts(store.MailQuery{Report: "r"})
		return err
	}); err != nil || len(counts) != 1 || counts[0].Kind != "junked" || counts[0].Count != 1 {
		t.Errorf("prevented: %+v, %v", counts, err)
	}
}
