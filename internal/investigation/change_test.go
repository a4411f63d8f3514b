package investigation

import (
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
		`{"assignedTo":"a\u0000"}`:                                         "assignedTo: want text without NUL",
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

// TestATagTakenAwayMovesADevice: evidence that says a device has no tags is not evidence that says nothing of them.
func TestATagTakenAwayMovesADevice(t *testing.T) { // S7
	w := newWorld(t, storyPolicy())
	w.load("two.json", twoDevices)
	at := func(when, tags string) string {
		return strings.Replace(strings.Replace(twoDevices, `"tags":["server"]`, tags, 1), "2021-02-19T09:17:02Z", when, 1)
	}
	group := func() string {
		var d store.Device
		err := w.store.View(ctx, func(r store.Reader) (err error) { d, _, err = r.Device("v"); return err })
		if err != nil {
			t.Fatal(err)
		}
		return d.Group
	}
	if got := group(); got != "Servers" {
		t.Fatalf("tagged server it is in %q", got)
	}
	w.load("unsaid.json", at("2021-02-20T09:17:02Z", `"osBuild":1`))
	if got := group(); got != "Servers" {
		t.Errorf("nothing said of its tags, it is in %q", got)
	}
	w.load("none.json", at("2021-02-21T09:17:02Z", `"tags":[]`))
	if got := group(); got != rbac.UngroupedDevices {
		t.Errorf("said to have none, it is in %q", got)
	}
	// Dated ahead, an alert is taken as told when it came, and what is told later has the last word.
	w.load("ahead.json", at("2121-02-21T09:17:02Z", `"tags":["server"]`))
	if got := group(); got != "Servers" {
		t.Errorf("tagged again by an alert dated ahead, it is in %q", got)
	}
	w.now = w.now.Add(time.Hour)
	w.load("later.json", strings.Replace(at("2021-03-01T12:30:00Z", `"tags":[]`), `"da2"`, `"da3"`, 1))
	if got := group(); got != rbac.UngroupedDevices {
		t.Errorf("one alert dated ahead pins it to %q", got)
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
	all, err := w.service.CommentAlert(ctx, lead, endpointAlert, []byte(`{"@odata.type":"microsoft.graph.security.alertComment","comment":"<b>seen</b>"}`), "")
	if err != nil || len(all) != 2 || get(t, all[1], "comment") != "<b>seen</b>" || get(t, all[1], "createdByDisplayName") != "lead@x" {
		t.Errorf("%s %v", all, err)
	}
	if all, err = w.service.CommentIncident(ctx, lead, "1042", []byte(`{"comment":"x"}`), ""); err != nil || len(all) != 2 {
		t.Errorf("%s %v", all, err)
	}
	for _, body := range []string{`{"comment":" "}`, `{"comment":"x","createdByDisplayName":"boss@x"}`, `{}`} {
		if _, err := w.service.CommentAlert(ctx, lead, endpointAlert, []byte(body), ""); fault.KindOf(err) != fault.KindInvalid {
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

// TestTheLogKeepsNoTextOfAlertsAndIncidents: it has readers who may not view alerts (S16).
func TestTheLogKeepsNoTextOfAlertsAndIncidents(t *testing.T) {
	w := storyWorld(t)
	const secret = "the-payroll-server"
	for name, change := range map[string]func() error{
		"a comment on an alert": func() error {
			_, err := w.service.CommentAlert(ctx, lead, endpointAlert, []byte(`{"comment":"`+secret+`"}`), "")
			return err
		},
		"a comment on an incident": func() error {
			_, err := w.service.CommentIncident(ctx, lead, "1042", []byte(`{"comment":"`+secret+`"}`), "")
			return err
		},
		"custom details": func() error {
			_, err := w.service.UpdateAlert(ctx, lead, endpointAlert, []byte(`{"customDetails":{"host":"`+secret+`"}}`), "", full)
			return err
		},
		"custom tags": func() error {
			_, err := w.service.UpdateIncident(ctx, lead, "1042", []byte(`{"customTags":["`+secret+`"]}`), "", full)
			return err
		},
		"a resolving comment": func() error {
			_, err := w.service.UpdateIncident(ctx, lead, "1042", []byte(`{"resolvingComment":"`+secret+`"}`), "", full)
			return err
		},
	} {
		before := len(w.entries())
		if err := change(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		entries := w.entries()
		if len(entries) != before+1 || !strings.Contains(string(entries[before].After), "sha256:") {
			t.Errorf("%s is told by %+v", name, entries[before:])
		}
		if e := entries[len(entries)-1]; strings.Contains(string(e.Before)+string(e.After)+e.Object+e.Reason, secret) {
			t.Errorf("%s: the log has its text: %s", name, e.After)
		}
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
	// What stands there already is refused as well: or it could be guessed.
	same := []byte(`{"customTags":["one"],"resolvingComment":"a test of ours"}`)
	item, err := w.service.UpdateIncident(ctx, audit.Actor{Name: "admin@x"}, "1042", same, "", full)
	if err != nil || !strings.Contains(string(item), `"resolvingComment":"a test of ours"`) {
		t.Errorf("the administrator writes it: %s %v", item, err)
	}
	for _, body := range []string{string(same), `{"customTags":["one"]}`, `{"resolvingComment":"a test of ours"}`, `{"resolvingComment":null}`} {
		if _, err := w.service.UpdateIncident(ctx, blind, "1042", []byte(body), "", full); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s by who does not see it: %v", body, err)
		}
	}
	seen, err := w.service.Incident(ctx, "blind@x", "1042", false, full)
	if err != nil || strings.Contains(string(seen), "a test of ours") {
		t.Errorf("a reader of a part is told: %s %v", seen, err)
	}
	page, err := w.service.Alerts(ctx, "admin@x", Query{Filter: "status eq 'resolved'", Count: true})
	if err != nil || page.Total != 0 {
		t.Errorf("%d alerts were resolved (%v)", page.Total, err)
	}
}

// TestDeviceMovesTellOfWhatTheReaderSees: the rules are the reader's own words, the devices only those in sight.
func TestDeviceMovesTellOfWhatTheReaderSees(t *testing.T) {
	w := newWorld(t, storyPolicy())
	w.load("two.json", twoDevices)
	everything := []rbac.DeviceGroup{{Name: "All", Match: rbac.Match{Tag: []string{"sales", "server"}}}, {Name: rbac.UngroupedDevices}}
	for reader, want := range map[string]string{
		"admin@x":   "[{s s Sales devices All} {v v Servers All}] 2 2",
		"servers@x": "[{v v Servers All}] 1 1",
		"nobody@x":  "[] 0 0",
	} {
		found, err := w.service.DeviceMoves(ctx, reader, everything, nil)
		if got := fmt.Sprint(found.Moves, found.Total, found.Seen); err != nil || got != want {
			t.Errorf("%s: %s (%v), want %s", reader, got, err, want)
		}
	}
	p, err := w.policy()
	if err != nil {
		t.Fatal(err)
	}
	if found, err := w.service.DeviceMoves(ctx, "admin@x", p.DeviceGroups, nil); err != nil || found.Total != 0 || found.Seen != 2 {
		t.Errorf("the rules as they are: %+v %v", found, err)
	}
	renamed := slices.Clone(p.DeviceGroups)
	for i := range renamed {
		if renamed[i].Name == "Servers" {
			renamed[i].Name = "Machines"
		}
	}
	if found, err := w.service.DeviceMoves(ctx, "admin@x", renamed, map[string]string{"Machines": "Servers"}); err != nil || found.Total != 0 {
		t.Errorf("another name: %+v %v", found, err)
	}
}
