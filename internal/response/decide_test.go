package response

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

var ctx = context.Background()

// S11, K10: T4 decides; T1 lists and reads; T4 without T1 decides by id, and is told id, type, state and outcome only.
func TestS11WhoMayDecideAndWhatTheyAreTold(t *testing.T) {
	w := newWorld(t)
	full := w.pending("sales", rbac.Endpoint, "isolateDevice", "s1")
	full.Incident, full.Details, full.Subject = "i1", "text", "subject"
	mail := w.pending("mail", rbac.Office365, "softDeleteEmail", "")
	mail.Subject, mail.Details, mail.Incident = "Invoice", "secret", "i1"
	w.take(full, w.pending("hr", rbac.Endpoint, "isolateDevice", "h1"), w.pending("nowhere", rbac.Endpoint, "submitIocRule", ""), mail,
		w.pending("user", rbac.Identity, "disableUser", ""))
	for _, c := range []struct{ who, lists, decides string }{
		{ada, "hr mail nowhere sales user", "hr mail nowhere sales user"},
		{sol, "sales", "sales"}, {rita, "sales", ""}, {pat, "", "mail"}, {mel, "mail", "mail"}, {nora, "", ""},
	} {
		page, err := w.service.List(ctx, as(c.who), Query{Limit: 50})
		var ids []string
		for _, i := range page.Items {
			ids = append([]string{i.ID}, ids...)
		}
		if c.lists == "" && fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s lists: %v", c.who, err)
		}
		if got := sorted(ids); got != c.lists || int(page.Total) != len(ids) {
			t.Errorf("%s lists %q of %d, want %q", c.who, got, page.Total, c.lists)
		}
		for _, id := range []string{"hr", "mail", "nowhere", "sales", "user", "none"} {
			may, reads := has(c.decides, id), has(c.lists, id)
			_, err := w.service.Find(ctx, as(c.who), id)
			if reads != (err == nil) || !reads && fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("%s reads %s: %v", c.who, id, err)
			}
			item, err := w.service.Decline(ctx, as(c.who), id, "no")
			switch {
			case may && err != nil:
				t.Errorf("%s declines %s: %v", c.who, id, err)
			case !may && reads && fault.KindOf(err) != fault.KindDenied, !may && !reads && fault.KindOf(err) != fault.KindNotFound:
				t.Errorf("%s may not decline %s: %v", c.who, id, err)
			case may && item.Bare == reads:
				t.Errorf("%s is told of %s: %+v", c.who, id, item)
			case item.Bare && (item.Details+item.Subject+item.Incident+item.Requester != "" || item.Workload != 0 || item.Status != Declined || item.Type == "" || item.Actions != nil):
				t.Errorf("%s is told too much of %s: %+v", c.who, id, item)
			}
			if may { // open it again for the next
				w.load(func(tx store.Writer) error {
					row, _, err := tx.Action(id)
					a := row.Action
					a.Status, a.Decision, a.Body.History = PendingApproval, Undecided, nil
					return errors.Join(err, tx.PutAction(a))
				})
			}
		}
	}
}

func has(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if w == word {
			return true
		}
	}
	return false
}

func sorted(list []string) string {
	var all []string
	for _, known := range []string{"hr", "mail", "nowhere", "sales", "user"} {
		for _, id := range list {
			if id == known {
				all = append(all, id)
			}
		}
	}
	return strings.Join(all, " ")
}

// S7: the group that a device is in now decides, at the next request.
func TestS7ADeviceThatMovesTakesItsActionsAlong(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("a", rbac.Endpoint, "isolateDevice", "s1"))
	must(t, w.store.Change(ctx, func(tx store.Writer) error {
		_, err := tx.Regroup(func(store.Device) string { return "HR" })
		return err
	}))
	if _, err := w.service.Approve(ctx, as(sol), "a", ""); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("approved on a device that is elsewhere: %v", err)
	}
}

func TestWhatALackIsCalled(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("a", rbac.Endpoint, "isolateDevice", "s1"))
	_, err := w.service.Approve(ctx, as(rita), "a", "")
	if err == nil || !strings.Contains(fault.Message(err), "needs Active remediation actions - Security operations in Endpoint") {
		t.Errorf("the refusal: %v", err)
	}
	item, err := w.service.Find(ctx, as(rita), "a")
	must(t, err)
	if may := item.Actions["approve"]; may.Allowed || !strings.Contains(may.Reason, "Active remediation actions") {
		t.Errorf("what rita may: %+v", item.Actions)
	}
}

// That an incident exists is told only to who sees an alert of it.
func TestAnActionTellsOfNoIncidentOutOfSight(t *testing.T) {
	w := newWorld(t)
	a := w.pending("a", rbac.Endpoint, "isolateDevice", "s1")
	a.Incident, a.Body.AlertIDs = "hidden", []string{"i1", "other"}
	w.take(a)
	item, err := w.service.Find(ctx, as(sol), "a")
	must(t, err)
	if item.Incident != "" || fmt.Sprint(item.Body.AlertIDs) != "[i1]" {
		t.Errorf("told: %q %v", item.Incident, item.Body.AlertIDs)
	}
	for _, q := range []Query{{Incident: "hidden", Limit: 5}, {Search: "hidden", Limit: 5}} {
		if page, err := w.service.List(ctx, as(sol), q); err != nil || page.Total != 0 {
			t.Errorf("found by it: %+v %v", page, err)
		}
	}
}

func TestOfTwoApproversAtOnceOneWins(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("a", rbac.Endpoint, "isolateDevice", "s1"))
	errs := make([]error, 8)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() {
			who, e := as(sol), Approve
			if i%2 == 0 {
				who, e = as(ada), Decline
			}
			_, errs[i] = w.service.decide(ctx, who, "a", e, "")
		})
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "@x, 2026-03-01") {
			t.Errorf("the second is told: %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d have decided", won)
	}
}

// What is approved is what was read: a file that makes something else of an action meanwhile must not find it approved.
func TestADecisionIsAboutWhatWasSeen(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("a", rbac.Endpoint, "runAntiVirusScan", "s1"), w.pending("b", rbac.Endpoint, "runAntiVirusScan", "s1"))
	seen, err := w.service.Find(ctx, as(sol), "a")
	must(t, err)
	other := w.pending("a", rbac.Endpoint, "isolateDevice", "s2")
	other.Updated = w.now.Add(time.Minute)
	w.take(other)
	for _, e := range []Event{Approve, Decline, Cancel} {
		if _, err := w.service.Decide(ctx, as(sol), "a", e, Word{Tag: Tag(seen.Action)}); !errors.Is(err, fault.ErrChanged) {
			t.Errorf("%s of what is something else now: %v", e, err)
		}
	}
	if _, err := w.service.Decide(ctx, as(rita), "a", Approve, Word{Tag: Tag(seen.Action)}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may not is told so first: %v", err)
	}
	list, err := w.service.DecideMany(ctx, as(sol), []string{"b"}, Approved, "", map[string]string{"b": `"old"`})
	if must(t, err); list[0].Changed || !strings.Contains(list[0].Reason, "changed it since") {
		t.Errorf("of several: %+v", list)
	}
	if a := w.stored("a"); a.Status != PendingApproval || len(w.robot.done) != 0 {
		t.Fatalf("decided: %s", a.Status)
	}
	now, err := w.service.Find(ctx, as(sol), "a")
	must(t, err)
	if _, err := w.service.Decide(ctx, as(sol), "a", Approve, Word{Tag: Tag(now.Action)}); err != nil {
		t.Errorf("of what it is: %v", err)
	}
	// Who decided first is what the second is told, whatever they have seen.
	if _, err := w.service.Decide(ctx, as(ada), "a", Decline, Word{Tag: Tag(now.Action)}); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), sol) {
		t.Errorf("the second: %v", err)
	}
}

func TestAPendingActionExpires(t *testing.T) {
	w := newWorld(t)
	given := w.pending("given", rbac.Endpoint, "isolateDevice", "s1")
	given.Expires = w.now.Add(time.Hour)
	w.take(given, w.pending("week", rbac.Endpoint, "isolateDevice", "s1"))
	w.pass(time.Hour)
	if _, err := w.service.Approve(ctx, as(sol), "given", ""); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "expired before anybody decided") {
		t.Errorf("approved after its time: %v", err)
	}
	w.pass(Lapse - time.Hour - time.Nanosecond)
	page, err := w.service.List(ctx, as(sol), Query{Tab: "pending", Limit: 5})
	if must(t, err); page.Total != 1 || page.Items[0].ID != "week" {
		t.Errorf("waits: %+v", page.Items)
	}
	w.pass(time.Nanosecond)
	item, err := w.service.Find(ctx, as(sol), "week")
	if must(t, err); item.Status != Expired || len(item.Actions) != 0 {
		t.Errorf("after a week: %s %v", item.Status, item.Actions)
	}
	again := w.pending("week", rbac.Endpoint, "isolateDevice", "s1")
	w.take(again)
	if w.stored("week").Expires.After(w.now) {
		t.Error("loading it again gave it more time")
	}
}

func TestNobodyApprovesTheirOwnRequestWhereTheRuleSaysSo(t *testing.T) {
	w := newWorld(t)
	if _, err := w.service.SetRules(ctx, as(sol), "", true); fault.KindOf(err) != fault.KindDenied {
		t.Fatalf("sol sets the rule: %v", err)
	}
	rules, err := w.service.SetRules(ctx, as(ada), "", true)
	must(t, err)
	if _, err := w.service.SetRules(ctx, as(ada), RulesTag(store.ActionRules{}), false); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), ada) {
		t.Errorf("set from what is no longer so: %v", err)
	}
	if again, err := w.service.SetRules(ctx, as(ada), RulesTag(rules), true); err != nil || again != rules {
		t.Errorf("set to what it is: %+v %v", again, err)
	}
	item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "S1"}})
	if must(t, err); item.Status != PendingApproval || item.Actions["approve"].Allowed || !item.Actions["decline"].Allowed {
		t.Fatalf("asked: %s %+v", item.Status, item.Actions)
	}
	if _, err := w.service.Approve(ctx, as(sol), item.ID, ""); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("sol approves her own: %v", err)
	}
	if _, err := w.service.Approve(ctx, as(ada), item.ID, "fine"); err != nil {
		t.Errorf("ada approves: %v", err)
	}
	w.empty()
	undo, err := w.service.Undo(ctx, as(sol), item.ID, "")
	if must(t, err); undo.Status != PendingApproval {
		t.Errorf("an undo is a request too: %s", undo.Status)
	}
}

func TestAskingForAnAction(t *testing.T) {
	w := newWorld(t)
	hash := strings.Repeat("ab", 20)
	for _, c := range []struct {
		name, who string
		r         Request
		want      fault.Kind
		says      string
	}{
		{"on a device in reach", sol, Request{Type: "isolateDevice", Target: Target{Device: "s1"}, Incident: "i1", Comment: "x"}, 0, ""},
		{"on a device out of reach", sol, Request{Type: "isolateDevice", Target: Target{Device: "h1"}}, fault.KindNotFound, `no device "h1"`},
		{"on no device at all", sol, Request{Type: "isolateDevice", Target: Target{Device: "x1"}}, fault.KindNotFound, `no device "x1"`},
		{"by a reader", rita, Request{Type: "isolateDevice", Target: Target{Device: "s1"}}, fault.KindDenied, "Active remediation actions"},
		{"on every device, by one group's responder", sol, Request{Type: "submitIocRule", Target: Target{Indicator: "evil.example"}}, fault.KindDenied, "every device group"},
		{"on every device", ada, Request{Type: "submitIocRule", Target: Target{Indicator: "evil.example"}}, 0, ""},
		{"of mail, by one who sees none", pat, Request{Type: "softDeleteEmail", Target: Target{NetworkMessageID: "n", Recipient: "a@b.example"}}, 0, ""},
		{"of mail, by another's right", sol, Request{Type: "softDeleteEmail", Target: Target{NetworkMessageID: "n", Recipient: "a@b.example"}}, fault.KindDenied, "Search And Purge"},
		{"of a user, which no custom role allows (R19)", mel, Request{Type: "disableUser", Target: Target{User: "x"}}, fault.KindDenied, "global role"},
		{"of a user", ada, Request{Type: "disableUser", Target: Target{User: "x"}}, 0, ""},
		{"that only automation takes", ada, Request{Type: "killProcess", Target: Target{Device: "s1"}}, fault.KindInvalid, "killProcess"},
		{"of no type", ada, Request{Type: "explode"}, fault.KindInvalid, "explode"},
		{"without a device", ada, Request{Type: "isolateDevice"}, fault.KindInvalid, "deviceId is missing"},
		{"without a file", ada, Request{Type: "stopAndQuarantineFile", Target: Target{Device: "s1"}}, fault.KindInvalid, "sha1 is missing"},
		{"of half a hash", ada, Request{Type: "stopAndQuarantineFile", Target: Target{Device: "s1", SHA1: hash[:30]}}, fault.KindInvalid, "40 hexadecimal digits"},
		{"of a file", sol, Request{Type: "stopAndQuarantineFile", Target: Target{Device: "s1", SHA1: hash, FileName: "a.exe"}}, 0, ""},
		{"with what it does not take", ada, Request{Type: "isolateDevice", Target: Target{Device: "s1", Sender: "a@b"}}, fault.KindInvalid, "leave it out"},
		{"of a sender with a header in it", ada, Request{Type: "blockSender", Target: Target{Sender: "a@b.example\r\nBcc: c@d.example"}}, fault.KindInvalid, "no mail address"},
		{"about an incident out of sight", sol, Request{Type: "isolateDevice", Target: Target{Device: "s1"}, Incident: "hidden"}, fault.KindNotFound, "no incident"},
	} {
		t.Run(c.name, func(t *testing.T) {
			item, err := w.service.Ask(ctx, as(c.who), c.r)
			if fault.KindOf(err) != c.want || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v, want %s: %s", err, c.want, c.says)
			}
			if err == nil && (w.stored(item.ID).Requester != c.who || item.Bare != (c.who == pat)) {
				t.Errorf("made: %+v", item)
			}
		})
	}
}

func TestManyAreDecidedEachOnItsOwn(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("one", rbac.Endpoint, "isolateDevice", "s1"), w.pending("two", rbac.Endpoint, "isolateDevice", "h1"),
		w.pending("three", rbac.Endpoint, "runAntiVirusScan", "s2"), w.pending("four", rbac.Endpoint, "isolateDevice", "s2"), w.pending("mail", rbac.Office365, "softDeleteEmail", ""))
	if _, err := w.service.Decline(ctx, as(ada), "four", ""); err != nil {
		t.Fatal(err)
	}
	list, err := w.service.DecideMany(ctx, as(sol), []string{"one", "two", "mail", "four", "one"}, Approved, "ok", nil)
	must(t, err)
	if len(list) != 4 || !list[0].Changed || list[1].Changed || !strings.Contains(list[1].Reason, "no action") || !strings.Contains(list[2].Reason, "no action") || !strings.Contains(list[3].Reason, "declined (ada@x") {
		t.Errorf("decided: %+v", list)
	}
	if _, err := w.service.DecideMany(ctx, as(sol), []string{"one", "three"}, Approved, "", nil); fault.KindOf(err) != fault.KindInvalid || w.stored("three").Status != PendingApproval {
		t.Errorf("two types: %v", err)
	}
	for _, bad := range []string{"", "maybe"} {
		if _, err := w.service.DecideMany(ctx, as(sol), []string{"three"}, bad, "", nil); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("decision %q: %v", bad, err)
		}
	}
}
