package investigation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

var lead = audit.Actor{Name: "lead@x", Via: audit.ViaToken}

func TestAnAlertIsChanged(t *testing.T) {
	w := storyWorld(t)
	item, err := w.service.UpdateAlert(ctx, lead, endpointAlert,
		[]byte(`{"status":"Resolved","classification":"TruePositive","determination":"compromisedUser","assignedTo":"lead@x","customDetails":{"k":"v"}}`), "", full)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"status": "resolved", "classification": "truePositive", "determination": "compromisedAccount", "assignedTo": "lead@x",
		"customDetails/k": "v", "lastUpdateDateTime": "2021-03-01T12:00:00Z", "resolvedDateTime": "2021-03-01T12:00:00Z",
	} {
		if got := get(t, item, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if page, err := w.service.Alerts(ctx, "lead@x", Query{Filter: "assignedTo eq 'lead@x' and status eq 'resolved'"}); err != nil || ids(t, page) != endpointAlert {
		t.Errorf("the filter finds %q (%v)", ids(t, page), err)
	}
	again := w.entries()
	if _, err := w.service.UpdateAlert(ctx, lead, endpointAlert, []byte(`{"status":"resolved"}`), "", full); err != nil || len(w.entries()) != len(again) {
		t.Errorf("a change to what is there already is recorded (%v)", err)
	}
	last := again[len(again)-1]
	if last.Operation != "alerts.update" || last.Object != "alert:"+endpointAlert || last.Actor != "lead@x" || !strings.Contains(string(last.Before), `"status":"new"`) || !strings.Contains(string(last.After), `"status":"resolved"`) {
		t.Errorf("recorded as %+v", last)
	}
}

func (w *world) entries() []store.AuditEntry {
	w.t.Helper()
	var list []store.AuditEntry
	err := w.store.View(ctx, func(r store.Reader) error {
		return r.AuditWalk(0, func(e store.AuditEntry) error { list = append(list, e); return nil })
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestChangesRefused(t *testing.T) {
	w := storyWorld(t)
	for body, want := range map[string]string{
		`{"status":"closed"}`: `status: "closed" is no member; want new, inProgress or resolved`,
		`{"status":null}`:     "status: is never null",
		`{"classification":"truePositive","determination":"notMalicious"}`: `determination: "notMalicious" does not go with classification "truePositive"`,
		`{"determination":"malware"}`:                                      `determination: "malware" needs a classification`,
		`{"determination":"apt"}`:                                          "is no member",
		`{"severity":"low"}`:                                               "severity: this property can't be changed",
		`{"id":"x"}`:                                                       "id: this property can't be changed",
		`{"evidence":[]}`:                                                  "evidence: this property can't be changed",
		`{"customTags":["a"]}`:                                             "customTags: this property can't be changed",
		`{"assignedTo":7}`:                                                 "assignedTo: want text or null",
		`{"assignedTo":"a\u0000"}`:                                         "assignedTo: want at most",
		`{"customDetails":"x"}`:                                            "customDetails: want an object",
		`{"status":"new","status":"resolved"}`:                             "status: stands twice",
		`[]`:                                                               "the body is no JSON object",
		`{`:                                                                "the body is not JSON",
	} {
		_, err := w.service.UpdateAlert(ctx, lead, endpointAlert, []byte(body), "", full)
		if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(fault.Message(err), want) {
			t.Errorf("%s: %v, want it to say %q", body, err, want)
		}
	}
}

func TestAnAlertIsManagedOnAllItsDeviceGroups(t *testing.T) { // S8
	w := newWorld(t, storyPolicy())
	w.load("two.json", twoDevices)
	if _, err := w.service.Alert(ctx, "reader@x", "da2", full); err != nil {
		t.Fatalf("one of the device groups is enough to see it: %v", err)
	}
	_, err := w.service.UpdateAlert(ctx, lead, "da2", []byte(`{"status":"resolved"}`), "", full)
	if fault.KindOf(err) != fault.KindDenied || fault.Message(err) != "change alert da2: another device group is part of it" {
		t.Errorf("got %v", err)
	}
	entries := w.entries()
	if e := entries[len(entries)-1]; e.Outcome != audit.Refused || e.Object != "alert:da2" {
		t.Errorf("the refusal is recorded as %+v", e)
	}
	if _, err = w.service.UpdateAlert(ctx, audit.Actor{Name: "admin@x"}, "da2", []byte(`{"status":"resolved"}`), "", full); err != nil {
		t.Error(err)
	}
}

const twoDevices = `{"id":"da2","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-02-19T09:17:02Z","title":"two","evidence":[
	{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"S","hostName":"s","tags":["sales"],"rbacGroupName":"somewhere else","rbacGroupId":9},
	{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"V","hostName":"v","tags":["server"]},
	{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"s","n":1},
	{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"v","n":2},
	{"@odata.type":"#microsoft.graph.security.hostLogonSessionEvidence","host":{"mdeDeviceId":"V"},"n":3},
	{"@odata.type":"#microsoft.graph.security.registryKeyEvidence","n":4},
	{"@odata.type":"#microsoft.graph.security.malwareEvidence","files":[{"mdeDeviceId":"v"}],"n":5},
	{"@odata.type":"#microsoft.graph.security.holoEvidence","n":6},
	{"@odata.type":"#microsoft.graph.security.userEvidence","n":7}]}`

func TestEvidenceOfADeviceOutOfReachIsLeftOut(t *testing.T) { // S8
	w := newWorld(t, storyPolicy())
	w.load("two.json", twoDevices)
	numbers := func(user string) string {
		item, err := w.service.Alert(ctx, user, "da2", full)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, e := range get(t, item, "evidence").([]any) {
			o := e.(map[string]any)
			for _, name := range []string{"hostName", "n"} {
				if o[name] != nil {
					list = append(list, fmt.Sprint(o[name]))
				}
			}
		}
		return strings.Join(list, " ")
	}
	if got := numbers("admin@x"); got != "s v 1 2 3 4 5 6 7" {
		t.Errorf("a reader of everything gets %q", got)
	}
	if got := numbers("reader@x"); got != "s 1 7" {
		t.Errorf("a reader of one device group gets %q", got)
	}
	item, _ := w.service.Alert(ctx, "reader@x", "da2", full)
	device := get(t, item, "evidence").([]any)[0].(map[string]any)
	if device["rbacGroupName"] != "Sales devices" || device["rbacGroupId"] != float64(GroupNumber("Sales devices")) {
		t.Errorf("the device is said to be in %v, %v", device["rbacGroupName"], device["rbacGroupId"])
	}
}

func TestMembershipIsLive(t *testing.T) { // S7
	w := newWorld(t, storyPolicy())
	w.load("two.json", twoDevices)
	if _, err := w.service.Alert(ctx, "servers@x", "da2", full); err != nil {
		t.Fatal(err)
	}
	p, err := w.policy()
	if err != nil {
		t.Fatal(err)
	}
	groups := slices.Clone(p.DeviceGroups)
	for i := range groups {
		if groups[i].Name == "Servers" {
			groups[i].Match.Tag = []string{"another"}
		}
		groups[i].Open = false // what no rule matches any more would be open to everyone (S6)
	}
	w.edit(rbac.SetDeviceGroups{DeviceGroups: groups})
	for _, user := range []string{"servers@x", "reader@x"} {
		_, err := w.service.Alert(ctx, user, "da2", full)
		if want := map[string]fault.Kind{"servers@x": fault.KindNotFound}[user]; fault.KindOf(err) != want {
			t.Errorf("%s: %v", user, err)
		}
	}
	w.load("tag.json", strings.Replace(strings.Replace(twoDevices, `"tags":["server"]`, `"tags":["another"]`, 1), "2021-02-19T09:17:02Z", "2021-02-20T09:17:02Z", 1))
	if _, err := w.service.Alert(ctx, "servers@x", "da2", full); err != nil {
		t.Errorf("a new tag moves the device and its alerts: %v", err)
	}
}

func (w *world) policy() (p rbac.Policy, err error) {
	err = w.store.View(ctx, func(r store.Reader) error { p, err = r.Policy(); return err })
	return p, err
}

func TestIfMatch(t *testing.T) {
	w := storyWorld(t)
	item, err := w.service.Alert(ctx, "lead@x", endpointAlert, Form{UnknownMembers: true})
	if err != nil {
		t.Fatal(err)
	}
	tag := ETag(item)
	if _, err := w.service.UpdateAlert(ctx, lead, endpointAlert, []byte(`{"status":"inProgress"}`), tag, full); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.UpdateAlert(ctx, lead, endpointAlert, []byte(`{"status":"resolved"}`), tag, full); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a change of an old state: %v", err)
	}
}

func TestComments(t *testing.T) {
	w := storyWorld(t)
	all, err := w.service.CommentAlert(ctx, lead, endpointAlert, []byte(`{"@odata.type":"microsoft.graph.security.alertComment","comment":"<b>seen</b>"}`))
	if err != nil || len(all) != 2 || get(t, all[1], "comment") != "<b>seen</b>" || get(t, all[1], "createdByDisplayName") != "lead@x" {
		t.Errorf("%s %v", all, err)
	}
	if all, err = w.service.CommentIncident(ctx, lead, "1042", []byte(`{"comment":"x"}`)); err != nil || len(all) != 2 {
		t.Errorf("%s %v", all, err)
	}
	for _, body := range []string{`{"comment":" "}`, `{"comment":"x","createdByDisplayName":"boss@x"}`, `{}`} {
		if _, err := w.service.CommentAlert(ctx, lead, endpointAlert, []byte(body)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", body, err)
		}
	}
	// Written here, they outlive a newer record of the product.
	w.load("newer.json", strings.Replace(sample(t, "alert-endpoint.json"), "2021-02-19T09:31:48.2633333Z", "2031-02-19T09:31:48Z", 1))
	item, err := w.service.Alert(ctx, "reader@x", endpointAlert, full)
	if err != nil || len(get(t, item, "comments").([]any)) != 2 {
		t.Errorf("%s %v", item, err)
	}
}

func TestResolvingTakesSightOfEveryAlert(t *testing.T) { // C14
	p := storyPolicy()
	p.Users = append(p.Users, rbac.User{Name: "blind@x"})
	role(&p, "blind@x", rbac.Endpoint, []string{"Sales devices"}, "View data - Security operations", "Alerts investigation")
	role(&p, "blind@x", rbac.Office365, nil, "Manage Alerts")
	role(&p, "blind@x", rbac.CloudApps, nil, "Security reader")
	w := newWorld(t, p)
	w.load("incident.json", sample(t, "incident-three-workloads.json"))
	blind := audit.Actor{Name: "blind@x"}
	if _, err := w.service.UpdateIncident(ctx, blind, "1042", []byte(`{"assignedTo":"blind@x"}`), "", full); err != nil {
		t.Errorf("managing every product is enough to assign it: %v", err)
	}
	if _, err := w.service.UpdateIncident(ctx, blind, "1042", []byte(`{"status":"resolved"}`), "", full); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("resolving would change a mail alert out of sight: %v", err)
	}
	if _, err := w.service.UpdateIncident(ctx, blind, "1042", []byte(`{"customTags":[]}`), "", full); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("tags out of sight are overwritten: %v", err)
	}
	page, err := w.service.Alerts(ctx, "admin@x", Query{Filter: "status eq 'resolved'", Count: true})
	if err != nil || page.Total != 0 {
		t.Errorf("%d alerts were resolved (%v)", page.Total, err)
	}
}

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

func TestCursors(t *testing.T) {
	w := newWorld(t, storyPolicy())
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf(`{"id":"fa%02d","serviceSource":"microsoftDefenderForOffice365","severity":%q,"createdDateTime":%q}`, i,
			[]string{"low", "high"}[i%2], time.Date(2021, 2, 19, 9, i/3, 0, 0, time.UTC).Format(time.RFC3339)))
	}
	w.load("mails.jsonl", strings.Join(lines, "\n"))
	for _, order := range []string{"", "createdDateTime asc", "severity desc,createdDateTime", "title,id desc", "status"} {
		whole, err := w.service.Alerts(ctx, "lead@x", Query{OrderBy: order})
		if err != nil {
			t.Fatal(err)
		}
		q, pages := Query{OrderBy: order, Top: 7}, []string{}
		for {
			p, err := w.service.Alerts(ctx, "lead@x", q)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, ids(t, p))
			if q.SkipToken = p.Next; p.Next == "" {
				break
			}
		}
		if got := strings.Join(pages, " "); got != ids(t, whole) || len(pages) != 5 {
			t.Errorf("order %q in pages: %s", order, got)
		}
	}
	p, err := w.service.Alerts(ctx, "lead@x", Query{Top: 7})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		user string
		q    Query
	}{
		"somebody else's":   {"admin@x", Query{Top: 7, SkipToken: p.Next}},
		"of another filter": {"lead@x", Query{Top: 7, SkipToken: p.Next, Filter: "severity eq 'high'"}},
		"of another order":  {"lead@x", Query{Top: 7, SkipToken: p.Next, OrderBy: "title"}},
		"with a bit turned": {"lead@x", Query{Top: 7, SkipToken: "A" + p.Next[1:]}},
		"cut":               {"lead@x", Query{Top: 7, SkipToken: p.Next[:20]}},
		"nonsense":          {"lead@x", Query{Top: 7, SkipToken: "?"}},
	} {
		if c.q.SkipToken != p.Next || c.user != "lead@x" || c.q.Filter+c.q.OrderBy != "" {
			if _, err := w.service.Alerts(ctx, c.user, c.q); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("a cursor %s is taken: %v", name, err)
			}
		}
	}
	if _, err := w.service.Alerts(ctx, "lead@x", Query{Skip: 501}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("skip 501: %v", err)
	}
	if p, err := w.service.Alerts(ctx, "lead@x", Query{Skip: 28, Top: 7}); err != nil || len(p.Items) != 2 {
		t.Errorf("skip 28: %v %v", ids(t, p), err)
	}
}
