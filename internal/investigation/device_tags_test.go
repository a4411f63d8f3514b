package investigation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const (
	ana = "ana@x"
	ben = "ben@x"
	ada = "ada@x"
)

// tagged is a world in which ana manages alerts on devices of "Sales", reads on "EU", and may do more on "Labs" than on "Sales".
// ben works on "HR" and "EU", with no more than ana has on "Sales"; on "Labs" nobody else does anything.
func tagged(t *testing.T) *world {
	p := rbac.Policy{EndpointRoles: true, Users: []rbac.User{{Name: ana}, {Name: ben}, {Name: ada, GlobalRoles: []string{"Global Administrator"}}}}
	for _, name := range []string{"Board", "HR", "Labs", "EU", "Sales"} {
		p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: name, Match: rbac.Match{Tag: []string{strings.ToLower(name)}}})
	}
	p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: rbac.UngroupedDevices})
	role(&p, ana, rbac.Endpoint, []string{"Sales"}, "View data - Security operations", "Alerts investigation")
	role(&p, ana, rbac.Endpoint, []string{"EU"}, "View data - Security operations")
	role(&p, ana, rbac.Endpoint, []string{"Labs"}, "View data - Security operations", "Active remediation actions - Security operations")
	role(&p, ben, rbac.Endpoint, []string{"HR", "EU"}, "View data - Security operations", "Alerts investigation")
	role(&p, ben, rbac.Endpoint, []string{"Board"}, "Live response - Basic")
	w := newWorld(t, p)
	for i, tag := range []string{"sales", "hr", "eu"} {
		device := fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"D-%s","deviceDnsName":"pc-%[1]s.x","tags":[%[1]q],"riskScore":"high","rbacGroupName":"Old name","loggedOnUsers":[{"accountName":"mo","domainName":"X"}]}`, tag)
		user := fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"D-%s","userAccount":{"userPrincipalName":"mo@x","displayName":"Mo of %[1]s"}}`, tag)
		w.load("a.json", fmt.Sprintf(`{"id":"da%d","incidentId":"7","title":"On %s","status":"new","severity":%q,"serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-02-0%[1]dT00:00:00Z","evidence":[%[4]s,%[5]s]}`,
			i+1, tag, []string{"low", "high", "medium"}[i], device, user))
	}
	// Across devices: who sees one of them sees the alert, and not what is of the other.
	w.load("b.json", `{"id":"da9","incidentId":"7","title":"On two","status":"resolved","severity":"high","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-02-05T00:00:00Z","evidence":[
		{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"D-sales"},{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"D-hr"},
		{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"D-hr","userAccount":{"userPrincipalName":"secret@x"}}]}`)
	return w
}

func as(name string) audit.Actor { return audit.Actor{Name: name} }

func TestADevicePageTellsWhatTheReaderSees(t *testing.T) {
	w := tagged(t)
	item, err := w.service.DeviceItem(ctx, as(ana), "d-SALES")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, got, want string }{
		{"what it is", fmt.Sprint(item.Device.Name, " ", item.Group, " ", item.Tags), "pc-sales.x Sales [sales]"},
		{"its tally", fmt.Sprint(item.Tally.Open, "/", item.Tally.Alerts, " ", item.Risk), "1/2 low"}, // the resolved one is no risk
		{"its incident, of which others are out of sight", fmt.Sprint(item.Incidents[0].ID, " ", item.Incidents[0].Name), "7 On two and 2 more alerts"},
		{"who was signed in", item.SignedIn[0].Account, `X\mo`},
		{"the group that it is in now", fmt.Sprint(get(t, item.Described, "rbacGroupName")), "Sales"},
		{"what else its alerts name", fmt.Sprint(item.Related), `[{{user mo@x} Mo of sales {1 0 0  0001-01-01 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC}}]`},
		{"why, without the rule", fmt.Sprint(item.Why.Terms, item.Rules), "[{tag sales sales}] false"},
		{"what may be done", fmt.Sprint(item.Actions["tag"].Allowed), "true"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
	told, _ := json.Marshal(item.Evidence)
	if strings.Contains(string(told), "secret@x") || strings.Contains(string(told), "D-hr") {
		t.Errorf("evidence of a device out of reach: %s", told)
	}
	if item, err := w.service.DeviceItem(ctx, as(ana), "d-eu"); err != nil || item.Actions["tag"].Allowed || !strings.Contains(item.Actions["tag"].Reason, "on the device's group") {
		t.Errorf("who only looks: %+v %v", item.Actions, err)
	}
	if item, err := w.service.DeviceItem(ctx, as(ada), "d-sales"); err != nil || !item.Rules || item.Why.Rank != 5 {
		t.Errorf("who may see rules: %+v %v", item.Why, err)
	}
	// Out of reach is as nonexistent, also where an alert in sight names it.
	_, hidden := w.service.DeviceItem(ctx, as(ana), "d-hr")
	_, missing := w.service.DeviceItem(ctx, as(ana), "d-xx")
	if fault.KindOf(hidden) != fault.KindNotFound || strings.ReplaceAll(fault.Message(hidden), "d-hr", "d-xx") != fault.Message(missing) {
		t.Errorf("out of reach: %v; nonexistent: %v", hidden, missing)
	}
	if _, err := w.service.Asset(ctx, as(ana), store.EntityUser, "secret@x"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a person whom only evidence out of reach names: %v", err)
	}
	if p, err := w.service.Assets(ctx, as(ana), AssetQuery{Kind: store.EntityUser, Limit: 10}); err != nil || p.Total != 1 || p.Items[0].Name != "Mo of eu" {
		t.Errorf("the people in sight: %+v %v", p, err)
	}
}

func TestTagsMoveADeviceOnlyAsFarAsTheirMakerReaches(t *testing.T) {
	w := tagged(t)
	for name, c := range map[string]struct {
		who    string
		device string
		change TagChange
		want   string // the refusal; or where the device is then
		move   TagMove
	}{
		"a tag that moves nothing":                          {ana, "d-sales", TagChange{Add: []string{"seen"}}, "Sales", TagMove{From: "Sales", To: "Sales", Allowed: true}},
		"to people who may there what she may here":         {ana, "d-sales", TagChange{Add: []string{"hr"}}, "gone", TagMove{From: "Sales", Moves: true, Leaves: true, Allowed: true}},
		"into her own reach, where she may do more":         {ana, "d-sales", TagChange{Add: []string{"labs"}}, "where people may do with it what you may not do now", TagMove{From: "Sales", To: "Labs", Moves: true}},
		"to people who may there what she may not":          {ana, "d-sales", TagChange{Add: []string{"board"}}, "where people may do with it what you may not do now", TagMove{From: "Sales", Moves: true, Leaves: true}},
		"by who only looks":                                 {ana, "d-eu", TagChange{Add: []string{"seen"}}, "needs Alerts investigation in Endpoint on the device's group", TagMove{}},
		"of a device out of reach":                          {ana, "d-hr", TagChange{Add: []string{"sales"}}, `there is no device "d-hr"`, TagMove{}},
		"nothing":                                           {ana, "d-sales", TagChange{}, "there is nothing to change", TagMove{}},
		"one of the product's away":                         {ana, "d-sales", TagChange{Remove: []string{"SALES"}}, "comes from the product", TagMove{}},
		"one that deceives the eye":                         {ana, "d-sales", TagChange{Add: []string{"a\u202eb"}}, "characters that can't be seen", TagMove{}},
		"one without end":                                   {ana, "d-sales", TagChange{Add: []string{strings.Repeat("x", 201)}}, "longer than 200", TagMove{}},
		"by an administrator, anywhere, told where it goes": {ada, "d-sales", TagChange{Add: []string{"board"}}, "Board", TagMove{From: "Sales", To: "Board", Moves: true, Allowed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			preview, refused := w.service.PreviewTags(ctx, as(c.who), c.device, c.change)
			told := preview
			told.Reason = ""
			if diff := cmp.Diff(c.move, told); diff != "" {
				t.Error("preview:", diff)
			}
			item, err := w.service.TagDevice(ctx, as(c.who), c.device, c.change)
			got := item.Group
			switch {
			case err != nil:
				if got = fault.Message(err); preview.Reason != got && fault.Message(refused) != got {
					t.Errorf("refused with %q, previewed with %q %v", got, preview.Reason, refused)
				}
			case item.Gone:
				got = "gone"
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			// Back to where it was.
			if now, err := w.service.DeviceItem(ctx, local, c.device); err == nil && len(now.Own) > 0 {
				if _, err := w.service.TagDevice(ctx, local, c.device, TagChange{Remove: now.Own}); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestAlertsMoveWithATaggedDeviceAndTheLogTellsNoTag(t *testing.T) {
	w := tagged(t)
	if _, err := w.service.Alert(ctx, ben, "da1", full); fault.KindOf(err) != fault.KindNotFound {
		t.Fatalf("ben sees an alert of Sales: %v", err)
	}
	if _, err := w.service.TagDevice(ctx, as(ana), "d-sales", TagChange{Add: []string{"hr"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Alert(ctx, ben, "da1", full); err != nil {
		t.Errorf("ben, after the device came to HR: %v", err)
	}
	if _, err := w.service.Alert(ctx, ana, "da1", full); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("ana, after it left: %v", err)
	}
	err := w.store.View(ctx, func(r store.Reader) error {
		entries, err := r.AuditAbout([]string{"device:d-sales"}, 10)
		if len(entries) != 1 || entries[0].Operation != "devices.tag" || entries[0].Actor != ana || !strings.Contains(string(entries[0].After), `"deviceGroup":"HR"`) || strings.Contains(string(entries[0].After), `"hr"`) {
			t.Errorf("the log: %+v", entries)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
