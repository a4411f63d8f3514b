package investigation

import (
	"context"
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// The people of the samples' story. Names say what they hold.
func storyPolicy() rbac.Policy {
	p := rbac.Policy{EndpointRoles: true, DeviceGroups: []rbac.DeviceGroup{
		{Name: "Sales devices", Match: rbac.Match{Tag: []string{"sales"}}},
		{Name: "Servers", Match: rbac.Match{Tag: []string{"server"}}},
	}}
	for _, u := range []string{"reader@x", "lead@x", "cloud@x", "usergroup@x", "servers@x", "nobody@x", "mailer@x"} {
		p.Users = append(p.Users, rbac.User{Name: u})
	}
	p.Users = append(p.Users, rbac.User{Name: "admin@x", GlobalRoles: []string{"Global Administrator"}})
	const view, manage = "View data - Security operations", "Alerts investigation"
	role(&p, "reader@x", rbac.Endpoint, []string{"Sales devices"}, view)
	role(&p, "lead@x", rbac.Endpoint, []string{"Sales devices"}, view, manage)
	role(&p, "lead@x", rbac.Office365, nil, "Manage Alerts", "Security Reader")
	role(&p, "lead@x", rbac.CloudApps, nil, "Security reader")
	role(&p, "cloud@x", rbac.CloudApps, nil, "Security reader")
	role(&p, "usergroup@x", rbac.CloudApps, nil, "User group admin")
	role(&p, "servers@x", rbac.Endpoint, []string{"Servers"}, view, manage)
	role(&p, "mailer@x", rbac.Endpoint, []string{"Sales devices"}, view, manage)
	role(&p, "mailer@x", rbac.Office365, nil, "Manage Alerts")
	return p
}

const (
	endpointAlert = "da637490118204417723_-1180349021"
	mailAlert     = "fa8f6c1e70-4c51-9a02-8d00-08d8d4bd1f6e"
	cloudAlert    = "ca6030d1c7e5a4b20d91f0e311"
	identityAlert = "aa7b0c5d1e-2f30-4d41-8c52-9e63a7f4b085"
)

func storyWorld(t *testing.T) *world {
	w := newWorld(t, storyPolicy())
	w.load("incident.json", sample(t, "incident-three-workloads.json"))
	w.load("identity.json", sample(t, "alert-identity.json"))
	return w
}

var ctx = context.Background()

var full = Form{UnknownMembers: true, Actions: true}

func TestTheSamplesStory(t *testing.T) {
	w := storyWorld(t)
	for _, c := range []struct{ user, alerts, incidents string }{
		{"admin@x", identityAlert + " " + cloudAlert + " " + endpointAlert + " " + mailAlert, "1057 1042"},
		{"reader@x", endpointAlert, "1042"},
		{"lead@x", identityAlert + " " + cloudAlert + " " + endpointAlert + " " + mailAlert, "1057 1042"},
		{"cloud@x", identityAlert + " " + cloudAlert, "1057 1042"}, // R13
		{"servers@x", "", ""},
	} {
		t.Run(c.user, func(t *testing.T) {
			a, err := w.service.Alerts(ctx, c.user, Query{Count: true})
			if err != nil || ids(t, a) != c.alerts || a.Total != int64(len(a.Items)) {
				t.Errorf("sees alerts %q of %d, want %q (%v)", ids(t, a), a.Total, c.alerts, err)
			}
			i, err := w.service.Incidents(ctx, c.user, Query{Count: true})
			if err != nil || ids(t, i) != c.incidents || i.Total != int64(len(i.Items)) {
				t.Errorf("sees incidents %q of %d, want %q (%v)", ids(t, i), i.Total, c.incidents, err)
			}
		})
	}
	for _, user := range []string{"usergroup@x", "nobody@x", "stranger@x", ""} { // R14
		_, err := w.service.Alerts(ctx, user, Query{})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%q lists alerts: %v", user, err)
		}
		if _, err = w.service.Incident(ctx, user, "1042", false, full); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("%q opens the incident: %v", user, err)
		}
	}
}

func TestAReaderOfAPartSeesThatPartOnly(t *testing.T) {
	w := storyWorld(t)
	item, err := w.service.Incident(ctx, "reader@x", "1042", true, full)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"displayName":                       "Suspicious process launched from a mail client",
		"description":                       nil,
		"incidentWebUrl":                    nil,
		"severity":                          "high",
		"status":                            "inProgress",
		"assignedTo":                        "analyst1@example.com",
		"classification":                    "truePositive",
		"determination":                     "multiStagedAttack",
		"createdDateTime":                   "2021-02-19T09:17:02.4417723Z",
		"lastUpdateDateTime":                "2021-02-19T09:31:48.2633333Z",
		"@bailiwick.partial":                true,
		"@bailiwick.alertCount":             1.0,
		"@bailiwick.actions/manage/allowed": false,
	} {
		if got := get(t, item, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if got := fmt.Sprint(get(t, item, "comments"), get(t, item, "customTags"), get(t, item, "@bailiwick.workloads"), len(get(t, item, "alerts").([]any))); got != "[] [] [endpoint] 1" {
		t.Errorf("comments, tags, workloads, alerts: %s", got)
	}
	whole, err := w.service.Incident(ctx, "lead@x", "1042", true, full)
	if err != nil {
		t.Fatal(err)
	}
	if get(t, whole, "displayName") != "Multi-stage incident involving initial access and exfiltration on one endpoint reported by multiple sources" ||
		get(t, whole, "@bailiwick.partial") != nil || get(t, whole, "lastUpdateDateTime") != "2021-02-19T11:40:03.5366667Z" {
		t.Errorf("a reader of all gets %s", whole)
	}
}

func TestManagingAnIncidentTakesEveryProduct(t *testing.T) { // R17
	w := storyWorld(t)
	body := []byte(`{"assignedTo":"me@x"}`)
	actor := func(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaToken} }
	for user, want := range map[string]fault.Kind{
		"reader@x": fault.KindDenied, "cloud@x": fault.KindDenied, "mailer@x": fault.KindDenied,
		"servers@x": fault.KindNotFound, "usergroup@x": fault.KindNotFound, "lead@x": 0, "admin@x": 0,
	} {
		_, err := w.service.UpdateIncident(ctx, actor(user), "1042", body, "", full)
		if fault.KindOf(err) != want {
			t.Errorf("%s: %v, want %v", user, err, want)
		}
	}
	_, err := w.service.UpdateIncident(ctx, actor("mailer@x"), "1042", body, "", full)
	if got := fault.Message(err); got != "change incident 1042: needs Global admin, Security admin, Compliance admin, Security operator or Security reader in Cloud apps" {
		t.Errorf("the refusal says %q", got)
	}
	if _, err = w.service.UpdateIncident(ctx, actor("lead@x"), "1042", []byte(`{"status":"Resolved"}`), "", full); err != nil {
		t.Fatal(err)
	}
	page, err := w.service.Alerts(ctx, "admin@x", Query{Filter: "status eq 'resolved' and incidentId eq '1042'", Count: true})
	if err != nil || page.Total != 3 {
		t.Errorf("resolving the incident resolved %d alerts (%v)", page.Total, err)
	}
}

// Nobody can tell a hidden thing from one that does not exist.
func TestForbiddenIsNonexistent(t *testing.T) {
	w := storyWorld(t)
	actor := audit.Actor{Name: "servers@x", Via: audit.ViaToken}
	ask := func(id string) []error {
		_, read := w.service.Alert(ctx, actor.Name, id, full)
		_, patch := w.service.UpdateAlert(ctx, actor, id, []byte(`{"status":"resolved"}`), "", full)
		_, bad := w.service.UpdateAlert(ctx, actor, id, []byte(`{"nonsense":1}`), `W/"x"`, full)
		_, comment := w.service.CommentAlert(ctx, actor, id, []byte(`{"comment":"x"}`), "")
		_, incident := w.service.Incident(ctx, actor.Name, id, true, full)
		_, change := w.service.UpdateIncident(ctx, actor, id, []byte(`{"status":"resolved"}`), "", full)
		_, remark := w.service.CommentIncident(ctx, actor, id, []byte(`{"comment":"x"}`), "")
		return []error{read, patch, bad, comment, incident, change, remark}
	}
	for _, pair := range [][2]string{{endpointAlert, "da637490118204417723_-1180349022"}, {"1042", "1043"}} {
		hidden, absent := ask(pair[0]), ask(pair[1])
		for i := range hidden {
			a, b := fault.Message(hidden[i]), fault.Message(absent[i])
			if fault.KindOf(hidden[i]) != fault.KindNotFound || a[:len(a)-6] != b[:len(b)-6] {
				t.Errorf("operation %d: %q and %q", i, a, b)
			}
		}
	}
}
