package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// notifications: rules follow the device groups they name, nobody is told twice, and alerts come in the order they came in.
func notifications(t *testing.T, backend Backend) {
	s := backend(t)()
	noon := time.Date(2026, 2, 3, 12, 0, 0, 1000, time.UTC)
	edit(t, s, rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "Sales"}, {Name: "HR"}, {Name: rbac.UngroupedDevices}}})
	whole := store.NotificationRule{
		ID: "r1", Name: "High in Sales", On: true, Severities: []string{"high", "medium"}, DeviceGroups: []string{"HR", "Sales"},
		Recipients: []store.Recipient{{User: "mira@x", Mail: "mira@y.example"}, {User: "ben@x", Webhook: "chat"}}, After: 7, Updated: noon, UpdatedBy: "ada@x",
	}
	every := store.NotificationRule{ID: "r0", Name: "everything", Everywhere: true, Updated: noon}
	put := func(r store.NotificationRule) error {
		return s.Change(context.Background(), func(w store.Writer) error { return w.PutNotificationRule(r) })
	}
	for _, r := range []store.NotificationRule{whole, every} {
		if err := put(r); err != nil {
			t.Fatal(err)
		}
	}
	rules := func() []store.NotificationRule { return read(t, s, store.Reader.NotificationRules) }
	if got, want := fmt.Sprintf("%+v", rules()), fmt.Sprintf("%+v", []store.NotificationRule{every, whole}); got != want {
		t.Errorf("rules:\n%s\nwant\n%s", got, want)
	}
	if err := put(store.NotificationRule{ID: "r2", Name: "HIGH in sales", Updated: noon}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a name that differs in case: %v", err)
	}
	if err := put(store.NotificationRule{ID: "r2", Name: "Nowhere", DeviceGroups: []string{"Atlantis"}, Updated: noon}); err == nil {
		t.Error("a rule of a device group that is not there was written")
	}
	edit(t, s, rbac.RenameDeviceGroup{Name: "HR", To: "People"})
	edit(t, s, rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "People"}, {Name: rbac.UngroupedDevices}}})
	whole.DeviceGroups, whole.Name, whole.On = []string{"People"}, "Other", false
	one := read(t, s, func(r store.Reader) (store.NotificationRule, error) {
		one, found, err := r.NotificationRule("r1")
		if !found {
			t.Error("r1 is not there")
		}
		return one, err
	})
	if !reflect.DeepEqual(one.DeviceGroups, whole.DeviceGroups) {
		t.Errorf("after a rename and a removal: %q", one.DeviceGroups)
	}
	if err := put(whole); err != nil {
		t.Fatal(err)
	}
	if got := rules(); len(got) != 2 || !reflect.DeepEqual(got[1], whole) {
		t.Errorf("replaced: %+v", got)
	}

	outbox(t, s, noon)
	arrivals(t, s, noon)

	change(t, s, func(w store.Writer) error {
		for id, want := range map[string]bool{"r0": true, "none": false} {
			if found, err := w.RemoveNotificationRule(id); err != nil || found != want {
				t.Errorf("remove %s: %v %v", id, found, err)
			}
		}
		return nil
	})
	if got := rules(); len(got) != 1 {
		t.Errorf("after a removal: %+v", got)
	}
}

func outbox(t *testing.T, s store.Store, noon time.Time) {
	mail, hook := store.Recipient{User: "mira@x", Mail: "mira@y.example"}, store.Recipient{User: "mira@x", Webhook: "chat"}
	note := func(id, rule, alert string, to store.Recipient, after time.Duration) store.Notification {
		at := noon.Add(after)
		return store.Notification{ID: id, Rule: rule, RuleName: "name", Alert: alert, To: to, Status: "pending", Created: at, Updated: at, Next: at}
	}
	for _, c := range []struct {
		n     store.Notification
		added bool
	}{
		{note("n1", "r1", "a1", mail, 0), true},
		{note("n2", "r1", "a1", store.Recipient{User: "mira@x", Mail: "other@y.example"}, 0), false}, // one person, one way
		{note("n3", "r1", "a1", hook, time.Second), true},
		{note("n4", "r0", "a1", mail, time.Second), true},
		{note("n5", "r1", "", mail, 2*time.Second), true},
		{note("n6", "r1", "", mail, 3*time.Second), true},
	} {
		change(t, s, func(w store.Writer) error {
			added, err := w.AddNotification(c.n)
			if added != c.added {
				t.Errorf("%s was added: %v", c.n.ID, added)
			}
			return err
		})
	}
	for _, id := range []string{"d1", "d2"} { // a detection that pauses again is told of again
		paused := note(id, "r1", "", mail, time.Hour)
		paused.Detection = "det_1"
		change(t, s, func(w store.Writer) error {
			added, err := w.AddNotification(paused)
			if !added {
				t.Errorf("%s was not added", id)
			}
			return err
		})
		same(t, "a paused detection", paused, read(t, s, func(r store.Reader) (store.Notification, error) {
			n, _, err := r.Notification(id)
			return n, err
		}))
		paused.Status, paused.Next = "withheld", time.Time{}
		change(t, s, func(w store.Writer) error { return w.PutNotification(paused) })
		change(t, s, func(w store.Writer) error { _, err := w.ForgetNotifications(noon.Add(2 * time.Hour)); return err })
	}
	sent := note("n1", "r1", "a1", mail, 0)
	sent.Status, sent.Attempts, sent.Updated, sent.Next, sent.Outcome = "sent", 2, noon.Add(time.Minute), time.Time{}, "250 ok"
	change(t, s, func(w store.Writer) error { return w.PutNotification(sent) })
	if got := read(t, s, func(r store.Reader) (store.Notification, error) {
		n, _, err := r.Notification("n1")
		return n, err
	}); !reflect.DeepEqual(got, sent) {
		t.Errorf("read back: %+v", got)
	}
	tried := note("n4", "r0", "a1", mail, time.Second)
	tried.Attempts = 1
	change(t, s, func(w store.Writer) error { return w.PutNotification(tried) })
	for _, c := range []struct {
		n    store.Notification
		want string // empty: none
	}{
		{note("new", "r2", "a1", mail, 0), "n1"}, // sent counts before tried
		{sent, "n4"},                             // of others
		{note("new", "r2", "a1", hook, 0), ""},   // not tried yet
		{note("new", "r2", "a2", mail, 0), ""},   // of another alert
		{note("new", "r2", "", mail, 0), ""},     // tests are of none
		{note("new", "r2", "a1", store.Recipient{User: "mira@x", Mail: "other@y.example"}, 0), ""}, // elsewhere
	} {
		got := read(t, s, func(r store.Reader) (string, error) {
			n, _, err := r.NotificationTold(c.n)
			return n.ID, err
		})
		if got != c.want {
			t.Errorf("told besides %+v: %q, want %q", c.n, got, c.want)
		}
	}
	tried.Attempts = 0
	change(t, s, func(w store.Writer) error { return w.PutNotification(tried) })
	names := func(list []store.Notification, err error) (string, error) {
		text := ""
		for _, n := range list {
			text += n.ID + " "
		}
		return text, err
	}
	for _, c := range []struct {
		q    store.NotificationQuery
		want string
	}{
		{store.NotificationQuery{Limit: 9}, "n6 n5 n4 n3 n1 "},
		{store.NotificationQuery{Limit: 2}, "n6 n5 "},
		{store.NotificationQuery{Limit: 2, After: store.NotificationPlace{Created: noon.Add(time.Second).UnixNano(), ID: "n4"}}, "n3 n1 "},
		{store.NotificationQuery{Limit: 9, Rule: "r0"}, "n4 "},
		{store.NotificationQuery{Limit: 9, Rule: "r1", Status: "sent"}, "n1 "},
	} {
		got := read(t, s, func(r store.Reader) (string, error) { return names(r.Notifications(c.q)) })
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
	if n := read(t, s, func(r store.Reader) (int64, error) {
		return r.CountNotifications(store.NotificationQuery{Rule: "r1", Limit: 1})
	}); n != 4 {
		t.Errorf("counted %d", n)
	}
	if got := read(t, s, func(r store.Reader) (string, error) {
		return names(r.NotificationsDue(noon.Add(2*time.Second), nil, nil, 2))
	}); got != "n3 n4 " {
		t.Errorf("due: %q", got)
	}
	for _, c := range []struct {
		full, busy []string
		want       string
	}{
		{[]string{""}, nil, "n3 "},
		{[]string{hook.Webhook}, []string{hook.Way()}, "n4 n5 "},
		{nil, []string{mail.Way()}, "n3 "},
	} {
		if got := read(t, s, func(r store.Reader) (string, error) {
			return names(r.NotificationsDue(noon.Add(2*time.Second), c.full, c.busy, 2))
		}); got != c.want {
			t.Errorf("due but for %q and %q: %q, want %q", c.full, c.busy, got, c.want)
		}
	}
	for since, want := range map[time.Duration]int{time.Minute: 1, time.Minute + 1: 0} {
		if n := read(t, s, func(r store.Reader) (int, error) { return r.NotificationsSent(mail, noon.Add(since)) }); n != want {
			t.Errorf("sent since %v: %d", since, n)
		}
	}
	change(t, s, func(w store.Writer) error {
		n, err := w.ForgetNotifications(noon.Add(time.Hour)) // what has come to no end stays
		if n != 1 {
			t.Errorf("forgot %d", n)
		}
		return err
	})
}

func arrivals(t *testing.T, s store.Store, noon time.Time) {
	take := func(id, severity string, updated time.Time) {
		change(t, s, func(w store.Writer) error {
			taker := w.TakeRecords(func(store.Device) string { return "People" })
			if _, err := taker.Alert(store.Alert{
				ID: id, Status: "new", Severity: severity, Workloads: rbac.SetOf(rbac.Office365), Created: noon, Updated: updated, Body: json.RawMessage(`{}`), Evidence: json.RawMessage(`[]`),
			}); err != nil {
				return err
			}
			return taker.Done()
		})
	}
	if last := read(t, s, store.Reader.LastArrival); last != 0 {
		t.Errorf("before the first: %d", last)
	}
	for _, id := range []string{"c", "a", "b"} {
		take(id, "low", noon)
	}
	take("c", "high", noon.Add(time.Second)) // it keeps its place
	last := read(t, s, store.Reader.LastArrival)
	all := read(t, s, func(r store.Reader) ([]store.Arrival, error) { return r.Arrivals(0, 9) })
	if len(all) != 3 || all[0].ID != "c" || all[0].Severity != "high" || !all[0].Created.Equal(noon) || !all[0].Updated.Equal(noon.Add(time.Second)) || all[0].Class == 0 || all[2].ID != "b" || all[2].Place != last {
		t.Fatalf("arrivals: %+v, the last at %d", all, last)
	}
	if some := read(t, s, func(r store.Reader) ([]store.Arrival, error) { return r.Arrivals(all[0].Place, 1) }); len(some) != 1 || some[0].ID != "a" {
		t.Errorf("after the first: %+v", some)
	}
	change(t, s, func(w store.Writer) error { return w.SetNotificationPlace(last) })
	if place := read(t, s, store.Reader.NotificationPlace); place != last {
		t.Errorf("place %d, want %d", place, last)
	}
}
