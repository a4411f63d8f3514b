package investigation

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// how many alerts are hidden, as an incident tells it.
var hiddenCount = regexp.MustCompile(`,?\s*"@bailiwick.hiddenAlertCount": ?\d+`)

// S9: how many alerts of an incident are hidden is told only if the setting says so. Off, two worlds that differ in it are one; on, they
// differ in that number and in nothing else.
func TestS9HowManyAlertsAreHiddenIsToldOnlyIfTheSettingSaysSo(t *testing.T) {
	told := map[bool]int{}
	for seed := range uint64(2) {
		for _, on := range []bool{false, true} {
			r := rand.New(rand.NewPCG(seed, 9))
			p := randomPolicy(r)
			a, b := newWorld(t, p), newWorld(t, p)
			visible, hidden := a.randomAlerts(r)
			a.loadAll(visible, hidden, r, "first")
			b.loadAll(visible, twins(hidden, r), r, "second")
			for _, w := range []*world{a, b} {
				if _, err := w.service.SetSettings(ctx, local, "", on); err != nil {
					t.Fatal(err)
				}
			}
			for _, ask := range questions(visible, hidden) {
				first, second := ask.of(a.service), ask.of(b.service)
				told[on] += len(hiddenCount.FindAllString(first, -1))
				if diff := cmp.Diff(hiddenCount.ReplaceAllString(first, ""), hiddenCount.ReplaceAllString(second, "")); diff != "" {
					t.Fatalf("%t: %s tells the worlds apart:\n%s", on, ask.name, diff)
				}
			}
		}
	}
	if told[false] != 0 || told[true] == 0 {
		t.Errorf("told %d times without the setting, %d times with it", told[false], told[true])
	}
}

func TestTheHiddenAlertsOfAnIncidentAreCounted(t *testing.T) {
	p := rbac.Policy{EndpointRoles: true, Users: []rbac.User{{Name: reader}, {Name: "ada@x", GlobalRoles: []string{"Global Administrator"}}}, DeviceGroups: []rbac.DeviceGroup{
		{Name: "Sales", Match: rbac.Match{Tag: []string{"Sales"}}}, {Name: rbac.UngroupedDevices}}}
	role(&p, reader, rbac.Endpoint, []string{"Sales"}, "View data - Security operations")
	w := newWorld(t, p)
	var lines []string
	for i, group := range []string{"Sales", "HR", "HR", "HR"} {
		lines = append(lines, fmt.Sprintf(`{"id":"xx%d","incidentId":"1","serviceSource":"microsoftDefenderForEndpoint","severity":"low","status":"new","title":"t","createdDateTime":"2021-02-01T00:00:00Z","evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"d%d","hostName":"h","tags":[%q]}]}`, i, i, group))
	}
	w.load("f", strings.Join(lines, "\n"))
	counts := func(who string) string {
		item, err := w.service.Incident(ctx, who, "1", false, full)
		if err != nil {
			t.Fatal(err)
		}
		var o struct {
			Hidden *int `json:"@bailiwick.hiddenAlertCount"`
			Seen   int  `json:"@bailiwick.alertCount"`
		}
		if err := json.Unmarshal(item, &o); err != nil {
			t.Fatal(err)
		}
		if o.Hidden == nil {
			return fmt.Sprint(o.Seen)
		}
		return fmt.Sprint(o.Seen, " and ", *o.Hidden)
	}
	if got := counts(reader); got != "1" {
		t.Errorf("at first: %s", got)
	}
	for who, kind := range map[string]fault.Kind{reader: fault.KindDenied, "nobody@x": fault.KindDenied, "ada@x": 0} {
		if _, err := w.service.SetSettings(ctx, audit.Actor{Name: who}, "", true); fault.KindOf(err) != kind {
			t.Errorf("set by %s: %v", who, err)
		}
		if _, err := w.service.Settings(ctx, audit.Actor{Name: who}); fault.KindOf(err) != kind {
			t.Errorf("read by %s: %v", who, err)
		}
	}
	if a, b := counts(reader), counts("ada@x"); a != "1 and 3" || b != "4" {
		t.Errorf("with the setting: %s; who sees all of it: %s", a, b)
	}
	settings, err := w.service.Settings(ctx, local)
	if err != nil || !settings.TellHidden || settings.UpdatedBy != "ada@x" {
		t.Errorf("%+v %v", settings, err)
	}
	if _, err := w.service.SetSettings(ctx, local, `"old"`, false); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "ada@x") {
		t.Errorf("from what is no longer so: %v", err)
	}
	if _, err := w.service.SetSettings(ctx, local, SettingsTag(settings), false); err != nil || counts(reader) != "1" {
		t.Errorf("off again: %v %s", err, counts(reader))
	}
}
