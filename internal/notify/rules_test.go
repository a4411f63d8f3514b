package notify

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func good() Setting {
	return Setting{Name: "r", On: true, Severities: []string{"high"}, DeviceGroups: []string{"Sales"}, Recipients: []store.Recipient{{User: sol}}}
}

func TestRulesAreKeptByWhoKeepsTheSettings(t *testing.T) {
	w := newWorld(t)
	w.edit(rbac.PutUser{User: rbac.User{Name: "sec@x.example", GlobalRoles: []string{"Security Administrator"}}}, rbac.PutUser{User: rbac.User{Name: "gr@x.example", GlobalRoles: []string{"Global Reader"}}})
	r := w.rule("given", nil, sol)
	for who, allowed := range map[string]bool{ada: true, "sec@x.example": true, "gr@x.example": false, sol: false, nora: false, "nobody@x.example": false} {
		for name, f := range map[string]func() error{
			"list":     func() error { _, err := w.service.Rules(ctx, as(who)); return err },
			"read":     func() error { _, err := w.service.Rule(ctx, as(who), r.ID); return err },
			"channels": func() error { _, err := w.service.Channels(ctx, as(who)); return err },
			"log":      func() error { _, err := w.service.Log(ctx, as(who), store.NotificationQuery{Limit: 1}); return err },
			"create": func() error {
				set := good()
				set.Name = who
				_, err := w.service.Create(ctx, as(who), set)
				return err
			},
			"change": func() error {
				set := good()
				set.Name = "of " + who
				_, err := w.service.Change(ctx, as(who), r.ID, "", set)
				return err
			},
			"test": func() error { _, err := w.service.Test(ctx, as(who), r.ID); return err },
		} {
			want := fault.KindDenied
			if allowed {
				want = 0
			}
			if err := f(); fault.KindOf(err) != want || err != nil && !allowed && len(fault.Message(err)) == 0 {
				t.Errorf("%s by %s: %v", name, who, err)
			}
		}
		if !allowed {
			if err := w.service.Remove(ctx, as(who), r.ID, ""); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("remove by %s: %v", who, err)
			}
		}
	}
	if _, err := w.service.Rule(ctx, as(sol), "none"); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may not look is told whether there is one: %v", err)
	}
	must(t, w.service.Remove(ctx, as(ada), r.ID, ""))
	for _, f := range []func() error{
		func() error { _, err := w.service.Rule(ctx, as(ada), r.ID); return err },
		func() error { _, err := w.service.Change(ctx, as(ada), r.ID, "", good()); return err },
		func() error { _, err := w.service.Test(ctx, as(ada), r.ID); return err },
		func() error { return w.service.Remove(ctx, as(ada), r.ID, "") },
	} {
		if err := f(); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("of a rule that is gone: %v", err)
		}
	}
	done, refused := map[string]int{}, map[string]int{}
	must(t, w.store.View(ctx, func(tx store.Reader) error {
		list, _, err := tx.AuditEntries(store.AuditQuery{Limit: 1000})
		for _, e := range list {
			if e.Outcome == "done" {
				done[e.Operation]++
			} else {
				refused[e.Operation]++
			}
		}
		return err
	}))
	for _, op := range []string{"create", "update", "test"} {
		if refused["notifications."+op] == 0 || done["notifications."+op] == 0 {
			t.Errorf("the log has of %s: done %d, refused %d", op, done["notifications."+op], refused["notifications."+op])
		}
	}
	if done["notifications.remove"] != 1 {
		t.Errorf("removals in the log: %d", done["notifications.remove"])
	}
}

func TestABadRuleIsToldWhereAndWhat(t *testing.T) {
	w, _ := hooked(t, true)
	w.service.Mail.domains = []string{"x.example"}
	for _, c := range []struct {
		name   string
		change func(*Setting)
		where  string
		want   string
	}{
		{"no name", func(s *Setting) { s.Name = " " }, "name", "1 to 100"},
		{"a name of two lines", func(s *Setting) { s.Name = "a\nb" }, "name", "one line"},
		{"a long name", func(s *Setting) { s.Name = strings.Repeat("x", 101) }, "name", "100"},
		{"no severity", func(s *Setting) { s.Severities = nil }, "severities", "high"},
		{"an unknown severity", func(s *Setting) { s.Severities = []string{"high", "High"} }, "severities[1]", "informational"},
		{"nowhere", func(s *Setting) { s.DeviceGroups = nil }, "deviceGroups", "everywhere"},
		{"both", func(s *Setting) { s.Everywhere = true }, "deviceGroups", "everywhere, or"},
		{"an unknown group", func(s *Setting) { s.DeviceGroups = []string{"Sale"} }, "deviceGroups[0]", `perhaps "Sales"`},
		{"nobody", func(s *Setting) { s.Recipients = nil }, "recipients", "1 to 50"},
		{"too many", func(s *Setting) { s.Recipients = make([]store.Recipient, 51) }, "recipients", "1 to 50"},
		{"a stranger", func(s *Setting) { s.Recipients = []store.Recipient{{User: "mallory@x.example"}} }, "recipients[0].user", "a user"},
		{"twice", func(s *Setting) { s.Recipients = []store.Recipient{{User: sol}, {User: sol, Mail: "other@x.example"}} }, "recipients[1]", "once"},
		{"both ways at once", func(s *Setting) { s.Recipients = []store.Recipient{{User: sol, Mail: sol, Webhook: "chat"}} }, "recipients[0]", "twice"},
		{"no address", func(s *Setting) { s.Recipients = []store.Recipient{{User: sol, Mail: "sol"}} }, "recipients[0].mail", "such as"},
		{"two addresses", func(s *Setting) { s.Recipients = []store.Recipient{{User: sol, Mail: "a@x.example,b@x.example"}} }, "recipients[0].mail", "such as"},
		{"a header", func(s *Setting) {
			s.Recipients = []store.Recipient{{User: sol, Mail: "a@x.example\r\nBcc: b@x.example"}}
		}, "recipients[0].mail", "such as"},
		{"elsewhere", func(s *Setting) { s.Recipients = []store.Recipient{{User: sol, Mail: "a@evil.example"}} }, "recipients[0].mail", "x.example"},
		{"an unknown webhook", func(s *Setting) { s.Recipients = []store.Recipient{{User: sol, Webhook: "https://169.254.169.254/"}} }, "recipients[0].webhook", "chat"},
	} {
		set := good()
		c.change(&set)
		_, err := w.service.Create(ctx, as(ada), set)
		f, ok := err.(*fault.Error)
		if !ok || f.Kind != fault.KindInvalid || len(f.Details) != 1 || f.Details[0].Where != c.where || !strings.Contains(f.Details[0].Want, c.want) {
			t.Errorf("%s: %v %+v", c.name, err, f)
		}
	}
	if list, err := w.service.Rules(ctx, as(ada)); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	bad := good()
	bad.Name, bad.Severities, bad.Recipients = "", nil, nil
	if _, err := w.service.Create(ctx, as(ada), bad); len(err.(*fault.Error).Details) != 3 {
		t.Errorf("not all that is wrong is said: %v", err)
	}
}

func TestARuleIsWrittenAsItIsMeant(t *testing.T) {
	w, _ := hooked(t, true)
	set := Setting{Name: " High ", On: true, Severities: []string{"low", "high", "low"}, DeviceGroups: []string{"sales", "HR", "Sales"}, Recipients: []store.Recipient{
		{User: "SOL@x.example "}, {User: sol, Webhook: "chat"}, {User: hana, Mail: "hana@elsewhere.example"}}}
	r, err := w.service.Create(ctx, as(ada), set)
	must(t, err)
	if got := fmt.Sprint(r.Name, r.Severities, r.DeviceGroups, r.Recipients); got != "High[high low] [HR Sales] [{sol@x.example sol@x.example } {sol@x.example  chat} {hana@x.example hana@elsewhere.example }]" {
		t.Error(got)
	}
	again, err := w.service.Create(ctx, as(ada), set)
	if fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a second of that name: %+v %v", again, err)
	}
	same, err := w.service.Change(ctx, as(ada), r.ID, Tag(r), set)
	if err != nil || Tag(same) != Tag(r) {
		t.Errorf("nothing changed: %v", err)
	}
	set.On = false
	first, err := w.service.Change(ctx, as(ada), r.ID, Tag(r), set)
	if err != nil || Tag(first) == Tag(r) {
		t.Errorf("%v", err)
	}
	set.On = true
	if _, err := w.service.Change(ctx, as(ada), r.ID, Tag(r), set); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), ada) {
		t.Errorf("over another's change: %v", err)
	}
	if err := w.service.Remove(ctx, as(ada), r.ID, Tag(r)); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("remove over another's change: %v", err)
	}
	for i := range mostRules - 1 {
		w.rule(fmt.Sprint(i), nil, sol)
	}
	set.Name = "one more"
	if _, err := w.service.Create(ctx, as(ada), set); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("one more than there may be: %v", err)
	}
}
