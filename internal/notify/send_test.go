package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/mailtest"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const subject = "[Bailiwick] High severity: Suspicious "

func TestARuleTellsThoseWhoSeeTheAlertAndNobodyElse(t *testing.T) {
	w := newWorld(t)
	w.rule("everything", nil, ada, sol, hana, mel, nora)
	w.load(w.alert("a1", "high", "s1"), w.alert("a2", "low", "s1"))
	w.empty()
	equal(t, "mailed", w.mailed(), ada+": "+subject+"a1", sol+": "+subject+"a1")
	equal(t, "log", w.log(), "a1 to "+ada+": sent", "a1 to "+sol+": sent", "a1 to "+hana+": withheld: they may not see the alert",
		"a1 to "+mel+": withheld: they may not see the alert", "a1 to "+nora+": withheld: they may not see the alert")
	w.pass(time.Hour)
	w.load(w.alert("a1", "high", "s1")) // a later state of it is no second alert
	w.empty()
	if n := len(w.mailed()); n != 2 {
		t.Errorf("told %d times", n)
	}
}

func TestTheRightIsAskedForWhenItIsSent(t *testing.T) {
	for _, c := range []struct {
		name  string
		lose  func(w *world, r store.NotificationRule)
		wants string
	}{
		{"the assignment ends", func(w *world, _ store.NotificationRule) { w.edit(rbac.RemoveAssignment{ID: "1"}) }, "withheld: they may not see the alert"},
		{"the account is disabled", func(w *world, _ store.NotificationRule) {
			w.edit(rbac.PutUser{User: rbac.User{Name: sol, Disabled: true}})
		}, "withheld: the account is gone, disabled or expired"},
		{"the account expires", func(w *world, _ store.NotificationRule) {
			w.edit(rbac.PutUser{User: rbac.User{Name: sol, NotAfter: w.clock().Add(time.Minute)}})
		}, "withheld: the account is gone, disabled or expired"},
		{"the device group is another's", func(w *world, _ store.NotificationRule) {
			w.edit(rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + hana}}, {Name: "HR"}, {Name: rbac.UngroupedDevices}}})
		}, "withheld: they may not see the alert"},
		{"the rule is removed", func(w *world, r store.NotificationRule) { must(w.t, w.service.Remove(ctx, as(ada), r.ID, "")) }, "withheld: the rule is gone"},
		{"the rule is turned off", func(w *world, r store.NotificationRule) {
			_, err := w.service.Change(ctx, as(ada), r.ID, "", Setting{Name: "r", Severities: []string{"high"}, Everywhere: true, Recipients: r.Recipients})
			must(w.t, err)
		}, "withheld: the rule is off, or not about what they see of the alert"},
		{"the rule names another", func(w *world, r store.NotificationRule) {
			_, err := w.service.Change(ctx, as(ada), r.ID, "", Setting{Name: "r", On: true, Severities: []string{"high"}, Everywhere: true, Recipients: []store.Recipient{{User: hana}}})
			must(w.t, err)
		}, "withheld: the rule does not name them any more"},
		{"nothing changes", func(*world, store.NotificationRule) {}, "sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			r := w.rule("r", nil, sol)
			w.mail.Refuse(func(string) error { return mailtest.Later }) // it waits for the second attempt
			w.load(w.alert("a1", "high", "s1"))
			w.empty()
			w.mail.Refuse(nil)
			c.lose(w, r)
			w.pass(time.Hour)
			w.empty()
			equal(t, "log", w.log(), "a1 to "+sol+": "+c.wants)
			if sent := len(w.mailed()) == 1; sent != (c.wants == "sent") {
				t.Errorf("mailed: %q", w.mailed())
			}
		})
	}
}

// Two worlds, equal in what Sol sees of an alert and different in what he does not: what he is mailed and posted is the same.
func TestTwoWorldsTellTheSame(t *testing.T) {
	var texts []string
	for _, hidden := range [][]string{{"h1"}, {"h2", "h3", "ungrouped"}} {
		w := newWorld(t)
		w.rule("by everything", nil, sol)
		w.rule("by group", []string{"HR", "Sales"}, sol)
		a := w.alert("a1", "high", append([]string{"s1"}, hidden...)...)
		evidence := a["evidence"].([]any)
		for _, d := range hidden {
			evidence = append(evidence, map[string]any{
				"@odata.type": "#microsoft.graph.security.processEvidence", "mdeDeviceId": d, "createdDateTime": w.clock(), "processCommandLine": "secret of " + d,
			})
		}
		a["evidence"] = evidence
		w.load(a, w.alert("a2", "high", hidden...))
		for range 4 { // of two rules one waits for what comes of the other
			w.empty()
			w.pass(time.Minute)
		}
		text := regexp.MustCompile(`by the rule "[^"]*"`).ReplaceAllString(strings.Join(w.log(), "\n"), "by the rule") // whichever was first
		for _, m := range w.mail.Mails() {
			text += "\n" + m.From + m.To + "\n" + string(m.Raw)
		}
		for _, d := range append(hidden, "secret", "HR", "Ungrouped") {
			if strings.Contains(text, d) {
				t.Errorf("Sol was told of %s:\n%s", d, text)
			}
		}
		if !strings.Contains(text, "Devices: s1") || !strings.Contains(text, "Device groups: Sales") {
			t.Errorf("Sol was not told what he may see:\n%s", text)
		}
		texts = append(texts, regexp.MustCompile(`ntf_[a-z0-9]+`).ReplaceAllString(text, "ID"))
	}
	if texts[0] != texts[1] {
		t.Errorf("two worlds:\n%s\n--- and ---\n%s", texts[0], texts[1])
	}
}

// That a rule about HR was about an alert of Sales would tell its reader that a device of HR is in it.
func TestARuleAboutAGroupOutOfReachTellsNothing(t *testing.T) {
	w := newWorld(t)
	w.rule("HR", []string{"HR"}, sol, hana)
	w.load(w.alert("a1", "high", "s1", "h1"))
	w.empty()
	equal(t, "mailed", w.mailed(), hana+": "+subject+"a1")
	equal(t, "log", w.log(), "a1 to "+hana+": sent", "a1 to "+sol+": withheld: the rule is off, or not about what they see of the alert")
}

func TestOnlyWhatComesAfterARuleIsNews(t *testing.T) {
	w := newWorld(t)
	w.load(w.alert("before", "high", "s1"))
	r := w.rule("r", nil, sol)
	history := w.alert("history", "high", "s1")
	history["createdDateTime"], history["lastUpdateDateTime"] = w.clock().Add(-25*time.Hour), w.clock().Add(-25*time.Hour)
	w.load(history, w.alert("after", "high", "s1"))
	w.empty()
	set := Setting{Name: "r", Severities: []string{"high"}, Everywhere: true, Recipients: r.Recipients}
	_, err := w.service.Change(ctx, as(ada), r.ID, Tag(r), set)
	must(t, err)
	w.load(w.alert("while off", "high", "s1"))
	w.empty()
	set.On = true
	_, err = w.service.Change(ctx, as(ada), r.ID, "", set)
	must(t, err)
	w.load(w.alert("when on", "high", "s1"))
	w.rule("second", nil, sol) // it does not bring back what came before it
	w.empty()
	equal(t, "log", w.log(), "after to "+sol+": sent", "when on to "+sol+": sent")
}

func TestARuleLeftWithoutAGroupIsOfNoAlert(t *testing.T) {
	w := newWorld(t)
	r := w.rule("HR", []string{"HR"}, ada)
	w.edit(rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}}, {Name: rbac.UngroupedDevices}}})
	w.load(w.alert("a1", "high", "s1", "h1"))
	w.empty()
	if r, err := w.service.Rule(ctx, as(ada), r.ID); err != nil || len(r.DeviceGroups) != 0 || r.Everywhere {
		t.Errorf("%+v %v", r, err)
	}
	equal(t, "log", w.log())
}

func TestNobodyIsToldTwiceHoweverManyRulesNameThem(t *testing.T) {
	w := newWorld(t)
	w.rule("first", nil, sol, ada)
	w.rule("second", []string{"Sales"}, sol)
	other, err := w.service.Create(ctx, as(ada), Setting{Name: "elsewhere", On: true, Severities: []string{"high"}, Everywhere: true, Recipients: []store.Recipient{{User: sol, Mail: "team@x.example"}}})
	must(t, err)
	w.mail.Refuse(func(to string) error {
		if to == sol {
			return mailtest.Later // the one that has been tried goes first, and the other waits for what comes of it
		}
		return nil
	})
	w.load(w.alert("a1", "high", "s1"))
	w.empty()
	w.mail.Refuse(nil)
	for range 10 {
		w.pass(10 * time.Second)
		w.empty()
	}
	equal(t, "mailed", w.mailed(), ada+": "+subject+"a1", sol+": "+subject+"a1", "team@x.example: "+subject+"a1")
	log := w.log()
	twice := 0
	for _, line := range log {
		if strings.HasPrefix(line, "a1 to "+sol+": withheld: they were told of it by the rule ") {
			twice++
		}
	}
	if twice != 1 || len(log) != 4 {
		t.Errorf("log: %q", log)
	}
	// By the way that was not open the other tells them.
	must(t, w.service.Remove(ctx, as(ada), other.ID, ""))
	w.mail.Refuse(func(to string) error {
		if to == sol {
			return mailtest.Never
		}
		return nil
	})
	w.load(w.alert("a2", "high", "s1"))
	w.empty()
	w.mail.Refuse(nil)
	w.pass(time.Minute)
	w.empty()
	for _, line := range w.log() {
		if strings.HasPrefix(line, "a2 to "+sol) && !strings.Contains(line, "failed: ") && !strings.Contains(line, "sent") {
			t.Errorf("%s", line)
		}
	}
}

// What can't be put into words, by a fault of ours or of the data, is not tried for ever.
func TestWhatCantBeToldIsGivenUp(t *testing.T) {
	fault := errors.New("the evidence is no list")
	w := newWorld(t, func(c *Config) {
		c.Told = func(store.Reader, *rbac.Snapshot, string, string) (json.RawMessage, []string, bool, error) {
			return nil, nil, false, fault
		}
	})
	w.rule("r", nil, sol)
	w.load(w.alert("a1", "high", "s1"))
	if _, err := w.service.Empty(ctx); !errors.Is(err, fault) {
		t.Errorf("whoever runs the centre is not told: %v", err)
	}
	if log := w.log(); len(log) != 1 || !strings.Contains(log[0], "pending: ") || strings.Contains(log[0], "evidence") {
		t.Errorf("log: %q", log)
	}
	tries := 0
	for range 100 {
		w.pass(31 * time.Minute)
		if _, err := w.service.Empty(ctx); err != nil {
			tries++
		}
	}
	if log := w.log(); !strings.Contains(log[0], "failed: given up after") || tries > 60 {
		t.Errorf("after %d more: %q", tries, log)
	}
}

func TestWhatFailsForNowIsTriedAgainAndToldOnce(t *testing.T) {
	w := newWorld(t)
	w.rule("r", nil, ada, sol)
	w.mail.Refuse(func(to string) error {
		if to == sol {
			return mailtest.Later
		}
		return nil
	})
	w.load(w.alert("a1", "high", "s1"))
	w.empty()
	equal(t, "mailed", w.mailed(), ada+": "+subject+"a1")
	if log := w.log(); !strings.Contains(log[1], "pending: ") || !strings.Contains(log[1], "451") {
		t.Errorf("log: %q", log)
	}
	w.mail.Refuse(nil)
	w.empty() // not yet
	if n := len(w.mailed()); n != 1 {
		t.Errorf("tried again at once: %d", n)
	}
	w.pass(6 * time.Second)
	w.empty()
	equal(t, "mailed", w.mailed(), ada+": "+subject+"a1", sol+": "+subject+"a1")
}

func TestARefusalIsFinalAndPatienceEnds(t *testing.T) {
	w := newWorld(t)
	w.rule("r", nil, ada, sol)
	w.mail.Refuse(func(to string) error {
		if to == sol {
			return mailtest.Never
		}
		return mailtest.Later
	})
	w.load(w.alert("a1", "high", "s1"))
	for range 60 {
		w.empty()
		w.pass(31 * time.Minute)
	}
	log := w.log()
	if !strings.Contains(log[0], "failed: given up after") || !strings.Contains(log[1], "failed: ") || !strings.Contains(log[1], "no such mailbox") || len(w.mailed()) != 0 {
		t.Errorf("log: %q", log)
	}
	page, err := w.service.Log(ctx, as(ada), store.NotificationQuery{Limit: 10})
	must(t, err)
	for _, n := range page.Items {
		if tries := n.Attempts; n.To.User == sol && tries != 1 || n.To.User == ada && (tries < 45 || tries > 60) {
			t.Errorf("%s: %d attempts", n.To.User, tries)
		}
	}
}

func TestNobodyIsFlooded(t *testing.T) {
	w := newWorld(t)
	w.rule("r", nil, ada)
	var list []map[string]any
	for i := range MostInAnHour + 30 {
		list = append(list, w.alert(fmt.Sprintf("a%d", i), "high", "s1"))
	}
	w.load(list...)
	w.empty()
	mails := w.mail.Mails()
	if n := len(mails); n != MostInAnHour {
		t.Fatalf("%d mails", n)
	}
	w.pass(time.Hour)
	w.load(w.alert("later", "high", "s1"))
	w.empty()
	if got := w.mailed(); len(got) != len(mails)+1 {
		t.Errorf("%d mails an hour later, had %d", len(got), len(mails))
	}
}

// broken fails the change that comes after some, once: as if the process had ended there.
type broken struct {
	store.Store
	left int
}

var errEnded = errors.New("the process has ended")

func (b *broken) Change(ctx context.Context, f func(store.Writer) error) error {
	if b.left--; b.left == 0 {
		return errEnded
	}
	return b.Store.Change(ctx, f)
}

func TestACrashAtAnyStepLosesNothing(t *testing.T) {
	for step := 1; step <= 4; step++ { // collect, begin, (send), end; the fourth does not crash
		t.Run(fmt.Sprint(step), func(t *testing.T) {
			b := &broken{left: -1}
			w := newWorld(t, func(c *Config) {
				b.Store = c.Store
				c.Store = b
				door := *c.Door
				door.Store = b
				c.Door = &door
			})
			w.service.tidied = w.clock()
			w.rule("r", nil, sol)
			w.load(w.alert("a1", "high", "s1"))
			b.left = step
			_, err := w.service.Empty(ctx)
			if crashed := errors.Is(err, errEnded); crashed != (step < 4) {
				t.Fatalf("step %d: %v", step, err)
			}
			w.pass(time.Minute)
			w.empty()
			equal(t, "log", w.log(), "a1 to "+sol+": sent")
			ids := map[string]bool{}
			for _, m := range w.mail.Mails() {
				header, _, err := m.Header()
				must(t, err)
				ids[header.Get("Message-ID")] = true
			}
			// What was sent and not written down is sent again, under the same name.
			if mails, want := len(w.mail.Mails()), map[bool]int{true: 2, false: 1}[step == 3]; mails != want || len(ids) != 1 {
				t.Errorf("step %d: %d mails of %d names, want %d of 1", step, mails, len(ids), want)
			}
		})
	}
}

func TestATestReachesEverybodyAndSaysNothing(t *testing.T) {
	w := newWorld(t)
	r := w.rule("r", nil, sol, nora)
	w.load(w.alert("a1", "low", "s1"))
	list, err := w.service.Test(ctx, as(ada), r.ID)
	must(t, err)
	if len(list) != 2 || list[0].Status != Pending || list[0].Alert != "" {
		t.Errorf("%+v", list)
	}
	_, err = w.service.Test(ctx, as(ada), r.ID)
	must(t, err)
	w.empty()
	const test = ": [Bailiwick] Test of a notification"
	equal(t, "mailed", w.mailed(), nora+test, nora+test, sol+test, sol+test)
	for _, m := range w.mail.Mails() {
		if strings.Contains(string(m.Raw), "a1") {
			t.Errorf("a test tells of an alert:\n%s", m.Raw)
		}
	}
}

func TestOldNotificationsAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.rule("r", nil, sol)
	w.load(w.alert("a1", "high", "s1"))
	w.empty()
	w.pass(89 * 24 * time.Hour)
	w.empty()
	if len(w.log()) != 1 {
		t.Error("forgotten too early")
	}
	w.pass(2 * 24 * time.Hour)
	w.empty()
	if len(w.log()) != 0 {
		t.Error("not forgotten")
	}
	if len(w.mailed()) != 1 {
		t.Error("told again")
	}
}
