package server

import (
	"fmt"
	"strings"
	"testing"
)

// What one may not see must not show in what one is told about others, nor in the name of a device group.
func TestAnswersAboutOthersDoNotTellWhatTheCallerCannotSee(t *testing.T) {
	w := newWorld(t)
	ask := func(caller, subject, kind, id string) string {
		r := w.ask(caller, "POST", "/access/v1/evaluation", fmt.Sprintf(
			`{"subject":{"type":"user","id":%q},"action":{"name":"investigation.view"},"resource":{"type":%q,"id":%q}}`, subject, kind, id))
		return fmt.Sprint(r.Status, " ", r.Body)
	}
	// Gita sees no endpoint alert (S5), and may ask about everybody.
	if got := ask(ada, elena, "alert", "sales01"); !strings.Contains(got, `"decision":true`) {
		t.Fatalf("who sees it is not told that another does: %s", got)
	}
	for kind, ids := range map[string][2]string{"alert": {"sales01", "nothing01"}, "incident": {"1042", "9"}, "device": {"sales-pc-1", "nothing"}} {
		for _, subject := range []string{ada, elena, hugo} {
			hidden, none := ask(gita, subject, kind, ids[0]), ask(gita, subject, kind, ids[1])
			if hidden != none {
				t.Errorf("%s about %s: hidden %s, nonexistent %s", kind, subject, hidden, none)
			}
		}
	}
}

func TestADeviceGroupThatIsNotThereAnswersAsOneOutOfReach(t *testing.T) {
	w := newWorld(t)
	for _, caller := range []string{nora, elena} {
		for _, path := range []string{"/api/v1/access/explain", "/access/v1/evaluation"} {
			ask := func(group string) string {
				body := fmt.Sprintf(`{"capability":"investigation.view","workload":"endpoint","deviceGroup":%q}`, group)
				if strings.HasPrefix(path, "/access") {
					body = fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":"investigation.view"},
						"resource":{"type":"workload","id":"endpoint","properties":{"deviceGroup":%q}}}`, caller, group)
				}
				r := w.ask(caller, "POST", path, body)
				return fmt.Sprint(r.Status, " ", strings.ReplaceAll(r.Body, group, "G"))
			}
			if there, not := ask("HR devices"), ask("No devices"); there != not {
				t.Errorf("%s, %s:\nthere     %s\nnot there %s", caller, path, there, not)
			}
		}
	}
	// Who may see the device groups is told that it is none.
	r := w.ask(gita, "POST", "/api/v1/access/explain", `{"capability":"investigation.view","workload":"endpoint","deviceGroup":"No devices"}`)
	if !strings.Contains(r.Body, "unknown-device-group") {
		t.Errorf("a reader of roles: %s", r.Body)
	}
}
