package response

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestRemediationLevelsDecideWhatNeedsAPerson(t *testing.T) {
	for _, c := range []struct {
		level, verdict, folder string
		auto                   bool
	}{
		{"full", "malicious", `C:\Windows\System32`, true}, {"full", "suspicious", `C:\x`, false}, {"full", "noThreatsFound", `C:\x`, false}, {"full", "", `C:\x`, false},
		{"semi-core", "malicious", `C:\Windows\System32`, false}, {"semi-core", "malicious", `c:/program files (x86)/x`, false}, {"semi-core", "malicious", `D:\data`, true},
		{"semi-core", "malicious", "", false}, {"semi-core", "malicious", `D:\data\..\Windows`, false}, {"semi-core", "malicious", `\\?\C:\Windows`, false},
		{"semi-core", "malicious", `C:\PROGRA~1\x`, false}, {"semi-core", "malicious", `%windir%\x`, false}, {"semi-core", "malicious", "/usr/bin", false},
		// Other names of a system folder: what is not plainly a path on a drive, or from the root, waits for a person.
		{"semi-core", "malicious", `\Device\HarddiskVolume3\Windows\System32`, false}, {"semi-core", "malicious", `\\localhost\c$\Windows`, false}, {"semi-core", "malicious", `\\.\C:\Windows`, false},
		{"semi-core", "malicious", `\\?\UNC\host\c$\Windows`, false}, {"semi-core", "malicious", `\??\C:\Windows`, false}, {"semi-core", "malicious", `\SystemRoot\System32`, false},
		{"semi-core", "malicious", `C:\Windows.\System32`, false}, {"semi-core", "malicious", `C:\Windows \System32`, false}, {"semi-core", "malicious", `C:\\Windows\System32`, false},
		{"semi-core", "malicious", `C:\.\Windows`, false}, {"semi-core", "malicious", `Windows\System32`, false}, {"semi-core", "malicious", `C:Windows\System32`, false}, {"semi-core", "malicious", `system32`, false},
		{"semi-core", "malicious", `C:\Windows::$INDEX_ALLOCATION`, false}, {"semi-core", "malicious", "C:\\Win\u200bdows", false}, {"semi-core", "malicious", `C:\ProgramData\Microsoft\x`, false},
		{"semi-core", "malicious", "//usr/bin", false}, {"semi-core", "malicious", "/./usr/bin", false}, {"semi-core", "malicious", "/home/mira", true}, {"semi-core", "malicious", `\\?\D:\data`, true},
		{"semi-core", "malicious", `C:\Users\mira\My docs.d`, true}, {"semi-non-temp", "malicious", `\\host\c$\temp`, false}, {"semi-non-temp", "malicious", `C:\temp. \x`, false},
		{"semi-non-temp", "malicious", `C:\Users\mira\Downloads`, true}, {"semi-non-temp", "malicious", `C:\Users\mira\AppData\Local\Temp\7z`, true},
		{"semi-non-temp", "malicious", `C:\Users\mira\Documents`, false}, {"semi-non-temp", "malicious", `C:\Users\mira\Downloads\..\Documents`, false},
		{"semi-non-temp", "malicious", "/tmp", true}, {"semi-non-temp", "malicious", "", false}, {"semi-non-temp", "suspicious", "/tmp", false},
		{"semi-all", "malicious", "/tmp", false}, {"none", "malicious", "/tmp", false}, {"", "malicious", "/tmp", false}, {"fully", "malicious", "/tmp", false},
	} {
		folder, err := json.Marshal(c.folder)
		must(t, err)
		a := store.Action{Body: store.ActionBody{Entity: json.RawMessage(`{"verdict":"` + c.verdict + `","fileDetails":{"fileName":"a.exe","filePath":` + string(folder) + `}}`)}}
		auto, why := automatic(c.level, a)
		if auto != c.auto || auto != (why == "") {
			t.Errorf("%q, %s in %q: %t %q", c.level, c.verdict, c.folder, auto, why)
		}
	}
}

// The level of the group that the device is in when the action comes; who waits for a person is told why.
func TestAutomatedActionsGoByTheLevelOfTheDevicesGroup(t *testing.T) {
	w := newWorld(t)
	action := func(id, device string) store.Action {
		a := w.pending(id, rbac.Endpoint, "quarantineFile", device)
		a.Source = AutomatedDevice
		a.Body.Entity = json.RawMessage(`{"verdict":"malicious","fileDetails":{"fileName":"a.exe","filePath":"C:\\x"}}`)
		return a
	}
	w.take(action("sales", "s1"), action("hr", "h1"), action("unknown", "z9"), w.pending("by hand", rbac.Endpoint, "isolateDevice", "s1"))
	if a := w.stored("sales"); a.Status != Queued || a.DecidedBy != Automation || !strings.Contains(a.Body.Comment, "full") {
		t.Errorf("on a group of level full: %s by %q", a.Status, a.DecidedBy)
	}
	for id, says := range map[string]string{"hr": "no remediation level is set", "unknown": "no remediation level is set", "by hand": ""} {
		if a := w.stored(id); a.Status != PendingApproval || !strings.Contains(a.Body.Outcome, says) {
			t.Errorf("%s: %s %q", id, a.Status, a.Body.Outcome)
		}
	}
	w.empty()
	if w.stored("sales").Status != Succeeded || len(w.robot.done) != 1 || w.robot.order[0] != "quarantineFile s1 a.exe" {
		t.Errorf("carried out: %v", w.robot.order)
	}
	w.edit(rbac.SetDeviceGroups{DeviceGroups: groups("semi-all")})
	w.take(action("later", "s1"))
	if a := w.stored("later"); a.Status != PendingApproval || !strings.Contains(a.Body.Outcome, "every remediation") {
		t.Errorf("after the level was changed: %s", a.Status)
	}
}

// A level that is tightened holds what is still queued, whichever way the device comes under it; what an executor may have begun, and
// what a person approved, goes on. One that is loosened approves nothing by itself.
func TestATightenedLevelHoldsWhatNobodyHasBegun(t *testing.T) {
	for name, tighten := range map[string]func(w *world){
		"the level of its group is another": func(w *world) { w.edit(rbac.SetDeviceGroups{DeviceGroups: groups("semi-all")}) },
		"its device is in another group": func(w *world) {
			w.load(func(tx store.Writer) error {
				_, err := tx.Regroup(func(store.Device) string { return "HR" })
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			automated := func(id string) store.Action {
				a := w.pending(id, rbac.Endpoint, "quarantineFile", "s1")
				a.Source, a.Body.Entity = AutomatedDevice, json.RawMessage(`{"verdict":"malicious","fileDetails":{"fileName":"a.exe","filePath":"C:\\x"}}`)
				return a
			}
			w.robot.answer = func(Order) (Answer, error) { return Answer{}, errors.New("no connection") }
			w.take(automated("begun"))
			w.empty()
			person, err := w.service.Ask(ctx, as(ada), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
			must(t, err)
			w.take(automated("queued"), automated("withdrawn"))
			_, err = w.service.Withdraw(ctx, as(ada), "withdrawn", "")
			must(t, err)
			tighten(w)
			w.robot.answer = nil
			w.pass(time.Minute)
			w.empty()
			for id, want := range map[string]string{"begun": Succeeded, person.ID: Succeeded, "withdrawn": Cancelled, "queued": PendingApproval} {
				if a := w.stored(id); a.Status != want {
					t.Errorf("%s: %s", id, a.Status)
				}
			}
			a := w.stored("queued")
			if w.robot.done["queued"] != 0 || a.Decision != Undecided || a.DecidedBy != "" || a.Delivery != (store.Delivery{}) || !strings.HasPrefix(a.Body.Outcome, "waits for a person: ") {
				t.Errorf("held: %+v", a.Action)
			}
			if last := w.lastOf("action:queued"); last.Operation != "actions.reopen" || last.Actor != Automation || !strings.Contains(string(last.After), PendingApproval) {
				t.Errorf("recorded: %+v", last)
			}
			w.edit(rbac.SetDeviceGroups{DeviceGroups: groups("full")})
			w.pass(time.Minute)
			w.empty()
			if a := w.stored("queued"); a.Status != PendingApproval {
				t.Errorf("a level that is loosened makes it %s", a.Status)
			}
			if item, err := w.service.Approve(ctx, as(ada), "queued", ""); err != nil || item.Status != Queued {
				t.Errorf("a person approves it: %s %v", item.Status, err)
			}
			w.empty()
			if w.stored("queued").Status != Succeeded || w.robot.done["queued"] != 1 {
				t.Errorf("then it is %s, done %d times", w.stored("queued").Status, w.robot.done["queued"])
			}
		})
	}
}

// A level may be tightened between a look at what is queued and its turn: what is handed over is judged at that moment.
func TestTheLevelIsAskedAtTheMomentOfHandingOver(t *testing.T) {
	w := newWorld(t)
	a := w.pending("a", rbac.Endpoint, "quarantineFile", "s1")
	a.Source, a.Body.Entity = AutomatedDevice, json.RawMessage(`{"verdict":"malicious"}`)
	w.take(a)
	w.edit(rbac.SetDeviceGroups{DeviceGroups: groups("none")})
	w.pass(time.Second)
	if _, due, err := w.service.claim(ctx, "a"); due || err != nil || w.stored("a").Status != PendingApproval {
		t.Errorf("due %t, %s, %v", due, w.stored("a").Status, err)
	}
}

// What was decided here stays, whatever a file says; what is newer from its source replaces what nobody here has touched.
func TestLoadingAgainNeverUndoesADecision(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("declined", rbac.Endpoint, "isolateDevice", "s1"), w.pending("untouched", rbac.Endpoint, "isolateDevice", "s1"))
	if _, err := w.service.Decline(ctx, as(sol), "declined", ""); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"declined", "untouched"} {
		again := w.pending(id, rbac.Endpoint, "isolateDevice", "s1")
		again.Status, again.Updated = Succeeded, w.now.Add(time.Hour)
		w.take(again)
		again.Status = Failed
		w.take(again) // not newer
	}
	if w.stored("declined").Status != Declined || w.stored("untouched").Status != Succeeded {
		t.Errorf("declined is %s, untouched %s", w.stored("declined").Status, w.stored("untouched").Status)
	}
	w.empty()
	if len(w.robot.done) != 0 {
		t.Errorf("a file made the robot do %v", w.robot.order)
	}
}
