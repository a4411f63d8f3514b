package notify

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// pausing is a world with a detection that Sol and Ada may know of; others are told that there is none.
func pausing(t *testing.T) (*world, *store.Detection) {
	d := &store.Detection{ID: "det_1", Name: "Office starts curl=? https://evil.example\r\nBcc: x", Owner: sol, Groups: []string{"Sales"}, Paused: "its owner has lost what it takes"}
	d.Alert.Severity = "high"
	w := newWorld(t, func(c *Config) {
		c.Detection = func(_ store.Reader, _ *rbac.Snapshot, reader, id string) (Detection, error) {
			return Detection{*d, id == d.ID && (reader == sol || reader == ada)}, nil
		}
	})
	return w, d
}

func (w *world) pauses(d *store.Detection) {
	w.t.Helper()
	must(w.t, w.store.Change(ctx, func(tx store.Writer) error { return w.service.TellPaused(tx, *d) }))
	w.empty()
}

// X19, S13: whom a rule would tell of its alerts is told that a detection has paused, if they may know of it.
func TestAPausedDetectionIsToldToWhomItsAlertsWouldBe(t *testing.T) {
	w, d := pausing(t)
	w.rule("Sales", []string{"Sales"}, sol, hana)
	w.rule("everything", nil, sol, ada)
	w.rule("HR", []string{"HR"}, mel)
	w.pauses(d)
	const told = ": [Bailiwick] Custom detection paused: Office starts curl= ? https[:]//evil[.]example Bcc: x"
	equal(t, "mailed", w.mailed(), sol+told, ada+told)
	equal(t, "log", w.log(), "test to "+sol+": sent", "test to "+ada+": sent", "test to "+hana+": withheld: they may not know of the custom detection")
	for _, m := range w.mail.Mails() {
		if text := string(m.Raw); !strings.Contains(text, "Why: its owner has lost") || !strings.Contains(text, "https://centre.x.example/detections/det_1") {
			t.Errorf("mailed:\n%s", text)
		}
	}
	w.pauses(d) // once more, later
	if n := len(w.mailed()); n != 4 {
		t.Errorf("%d mails after it paused again", n)
	}
}

func TestNobodyIsToldOfAPauseThatIsOverOrNoRuleIsAbout(t *testing.T) {
	for name, change := range map[string]func(d *store.Detection){
		"of another severity":    func(d *store.Detection) { d.Alert.Severity = "low" },
		"of other device groups": func(d *store.Detection) { d.Groups = []string{"HR"} },
	} {
		w, d := pausing(t)
		w.rule("Sales", []string{"Sales"}, sol)
		change(d)
		w.pauses(d)
		if log := w.log(); len(log) != 0 {
			t.Errorf("%s: %q", name, log)
		}
	}
	w, d := pausing(t)
	w.rule("Sales", []string{"Sales"}, sol)
	must(t, w.store.Change(ctx, func(tx store.Writer) error { return w.service.TellPaused(tx, *d) }))
	d.Paused = ""
	w.empty()
	equal(t, "log", w.log(), "test to "+sol+": withheld: the custom detection runs again")
}

func TestAWebhookIsToldOfAPauseAndOfNothingElse(t *testing.T) {
	var d *store.Detection
	w, p := hooked(t, true)
	d = &store.Detection{ID: "det_1", Name: "N", Owner: sol, AllDevices: true, Paused: "why", Query: "secret query"}
	d.Alert.Severity = "high"
	w.service.Detection = func(store.Reader, *rbac.Snapshot, string, string) (Detection, error) { return Detection{*d, true}, nil }
	w.rule("Sales", []string{"Sales"}, sol+" by chat")
	w.pauses(d)
	if len(p.bodies) != 1 || strings.Contains(p.bodies[0], "secret") {
		t.Fatalf("posted: %q", p.bodies)
	}
	var got struct{ Type, DetectionID, Text string }
	must(t, json.Unmarshal([]byte(p.bodies[0]), &got))
	if got.Type != "detection" || got.DetectionID != "det_1" || got.Text != "[Bailiwick] Custom detection paused: N" {
		t.Errorf("posted: %s", p.bodies[0])
	}
}
