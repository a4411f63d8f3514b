package detection

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Lin triages Sales, Hal HR, and Lis Sales and mail; Vic triages Sales and hunts on HR and in mail as well.
const lin, hal, lis, vic = "lin@x.example", "hal@x.example", "lis@x.example", "vic@x.example"

func newCases(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	var edits []rbac.Edit
	groups := []rbac.DeviceGroup{
		{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + lin, "g-" + lis, "g-" + vic, "g-" + sol, "g-" + rita}},
		{Name: "HR", Match: rbac.Match{Name: []string{"h*"}}, Access: []string{"g-" + hal, "g-" + hana, "g-reads-hr"}}, {Name: rbac.UngroupedDevices},
	}
	for _, name := range []string{lin, hal, lis, vic} {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + name, Members: []string{name}}})
	}
	w.edit(append(edits,
		rbac.PutGroup{Group: rbac.Group{Name: "g-reads-hr", Members: []string{vic}}}, rbac.SetDeviceGroups{DeviceGroups: groups},
		rbac.PutRole{Role: rbac.Role{ID: "l1", Workload: rbac.Endpoint, Name: "Triage", Permissions: []string{"View data - Security operations", "Alerts investigation"}}},
		rbac.PutRole{Role: rbac.Role{ID: "l2", Workload: rbac.Office365, Name: "Mail triage", Permissions: []string{"Security Reader", "Manage Alerts"}}},
		give("l1", rbac.Endpoint, "Triage", lin), give("l2", rbac.Endpoint, "Triage", hal), give("l3", rbac.Endpoint, "Triage", lis), give("l4", rbac.Office365, "Mail triage", lis),
		rbac.PutRole{Role: rbac.Role{ID: "l3", Workload: rbac.Office365, Name: "Mail reader", Permissions: []string{"Security Reader"}}}, give("l7", rbac.Office365, "Mail reader", vic),
		give("l5", rbac.Endpoint, "Triage", vic), give("l6", rbac.Endpoint, "Reader", "reads-hr"))...)
	return w
}

func linking(change ...func(*Linking)) Linking {
	l := Linking{Hunted: Hunted{Query: processes}, Title: "Curl in Sales", Alert: store.DetectionAlert{Title: "curl on {{DeviceId}}", Severity: "medium", Category: "Execution"}}
	for _, f := range change {
		f(&l)
	}
	return l
}

func into(incident string) func(*Linking) {
	return func(l *Linking) { l.Incident, l.Title = incident, "" }
}

func rowsOf(reports ...string) func(*Linking) {
	return func(l *Linking) {
		for _, r := range reports {
			l.Chosen = append(l.Chosen, json.RawMessage(r))
		}
	}
}

func asked(text string) func(*Linking) {
	return func(l *Linking) { l.Query, l.Alert.Title = text, "curl" }
}

func (w *world) incident(reader, id string) map[string]any {
	w.t.Helper()
	text, err := w.cases.Incident(ctx, reader, id, false, investigation.Form{Actions: true})
	if fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	must(w.t, err)
	var o map[string]any
	must(w.t, json.Unmarshal(text, &o))
	return o
}

func TestRowsOfAHuntBecomeAnAlertOfAnIncident(t *testing.T) {
	w := newCases(t)
	w.events.on("s1", time.Hour, 1, "AccountUpn", "amy@x.example", "FileName", "curl.exe", "SHA1", "aa")
	w.events.on("s2", 2*time.Hour, 2, "AccountUpn", "ben@x.example")
	w.events.on("s2", 3*time.Hour, 3)
	done, err := w.service.Link(ctx, as(lin), linking(rowsOf("1", "2")))
	must(t, err)
	if done.Rows != 2 {
		t.Errorf("%d rows were linked", done.Rows)
	}
	incident := w.incident(lin, done.Incident)
	if incident["displayName"] != "Curl in Sales" || incident["severity"] != "medium" {
		t.Errorf("the incident is %v", incident)
	}
	text, err := w.cases.Alert(ctx, lin, done.Alert, investigation.Form{})
	must(t, err)
	for _, want := range []string{`"title":"curl on s`, `"detectionSource":"manual"`, `"productName":"Advanced hunting"`, `"mdeDeviceId":"s1"`, `"mdeDeviceId":"s2"`, `amy@x.example`, `ben@x.example`, `"incidentId":"` + done.Incident + `"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the alert lacks %s: %s", want, text)
		}
	}
	if hidden := w.incident(hal, done.Incident); hidden != nil {
		t.Errorf("Hal, of HR, sees %v", hidden)
	}
	members, err := w.cases.IncidentMembers(ctx, as(lin), done.Incident)
	if err != nil || len(members) != 1 || members[0].How != store.JoinLinked {
		t.Errorf("how it came there: %+v, %v", members, err)
	}
	again, err := w.service.Link(ctx, as(lin), linking(rowsOf("3"), into(done.Incident)))
	if err != nil || again.Incident != done.Incident || again.Alert == done.Alert {
		t.Errorf("into the incident that there is: %+v, %v", again, err)
	}
	if n := w.incident(lin, done.Incident)["@bailiwick.alertCount"]; n != float64(2) {
		t.Errorf("it has %v alerts", n)
	}
	var entries []string
	must(t, w.store.View(ctx, func(tx store.Reader) error {
		list, _, err := tx.AuditEntries(store.AuditQuery{Limit: 100})
		for _, e := range list {
			if e.Operation == "hunting.link" {
				entries = append(entries, e.Outcome+" "+e.Object)
			}
		}
		return err
	}))
	if got, want := strings.Join(entries, ", "), strings.Repeat(audit.Done+" incident:"+done.Incident+", ", 2); got+", " != want {
		t.Errorf("the log has %q, want %q", got, want)
	}
}

func TestS8R17WhoMayLinkRowsToAnIncident(t *testing.T) {
	w := newCases(t)
	w.events.on("s1", time.Hour, 1)
	w.events.on("h1", time.Hour, 2)
	w.events.on("", time.Hour, 3)
	w.events.on("s2", time.Hour, 4)
	made := func(who string, change ...func(*Linking)) string {
		done, err := w.service.Link(ctx, as(who), linking(change...))
		must(t, err)
		return done.Incident
	}
	sales, hr := made(lin, rowsOf("1")), made(hal, rowsOf("2"))
	mixed := made(ada, rowsOf("1"))
	made(ada, rowsOf("2"), into(mixed)) // Lin sees a part of it
	resolved := made(lin, rowsOf("1"))
	_, err := w.cases.UpdateIncident(ctx, as(lin), resolved, []byte(`{"status":"resolved"}`), "", investigation.Form{})
	must(t, err)
	const noDevice = "DeviceProcessEvents | project Timestamp, AccountUpn"
	for _, c := range []struct {
		name, who string
		change    []func(*Linking)
		want      string // a kind, and words of it; empty: allowed
	}{
		{"a device of one's own group", lin, []func(*Linking){rowsOf("4"), into(sales)}, ""},
		{"rows out of reach are not found", lin, []func(*Linking){rowsOf("2"), into(sales)}, "conflict: 1 of the rows are not among"},
		{"an incident out of sight", lin, []func(*Linking){rowsOf("1"), into(hr)}, "not found"},
		{"an incident that never was", lin, []func(*Linking){rowsOf("1"), into("never")}, "not found"},
		{"an incident of which a part is hidden", lin, []func(*Linking){rowsOf("1"), into(mixed)}, "denied: another device group is part of it"},
		{"a resolved one", lin, []func(*Linking){rowsOf("1"), into(resolved)}, "conflict: open it again"},
		{"who reads only", rita, []func(*Linking){rowsOf("1")}, "denied: needs Alerts investigation"},
		{"who sets detections only", sol, []func(*Linking){rowsOf("1")}, "denied: needs Alerts investigation"},
		{"who has nothing", nora, nil, "denied: no role lets you hunt"},
		{"a row that may be hunted, of a device that may not be worked on", vic, []func(*Linking){rowsOf("2")}, "denied: on HR"},
		{"a table of another product", lin, []func(*Linking){asked(both)}, "invalid"},
		{"the right in one of two products", vic, []func(*Linking){asked(both), rowsOf("1")}, "denied: in Email & collaboration"},
		{"the right in both", lis, []func(*Linking){asked(both), rowsOf("1")}, ""},
		{"rows that name no device", lin, []func(*Linking){asked(noDevice), rowsOf("3")}, "conflict"}, // nor does he find them
		{"rows that name no device, found by who reaches all", ada, []func(*Linking){rowsOf("3")}, ""},
		{"no incident", lin, []func(*Linking){into("")}, "invalid: incidentId"},
		{"both incidents", lin, []func(*Linking){func(l *Linking) { l.Incident = sales }}, "invalid: incidentId"},
		{"a query over no table", lin, []func(*Linking){asked(`print DeviceId = "s1"`)}, "invalid: reads no table"},
		{"about nothing", lin, []func(*Linking){asked("DeviceProcessEvents | project Timestamp, FileName")}, "invalid: impactedAssets"},
		{"no severity", lin, []func(*Linking){func(l *Linking) { l.Alert.Severity = "odd" }}, "invalid: severity"},
	} {
		_, err := w.service.Link(ctx, as(c.who), linking(c.change...))
		kind, words, _ := strings.Cut(c.want, ": ")
		if c.want == "" && err != nil || c.want != "" && (kinds(err) != kind || !strings.Contains(err.Error(), words)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// Who sees alerts of other products hunts in their rows, too: what they link of such rows is of those products as well (S10, S13).
func TestS10WhatIsLinkedOfRowsOfAlertsIsOfOtherProductsToo(t *testing.T) {
	w := newCases(t)
	w.service.Hunt = func(context.Context, audit.Actor, Hunted) (Result, int, error) {
		return Result{Columns: []string{"Timestamp", "AccountUpn", "Title"}, Rows: [][]any{{noon, "amy@x.example", "a label was taken off"}}}, 0, nil
	}
	_, err := w.service.Link(ctx, as(ada), linking(asked("AlertEvidence | project Timestamp, AccountUpn, Title")))
	must(t, err)
	must(t, w.store.View(ctx, func(tx store.Reader) error {
		classes, err := tx.AlertClasses(0)
		if want := rbac.SetOf(rbac.Endpoint, rbac.Office365, rbac.CloudApps, rbac.Identity, rbac.Other); classes[len(classes)-1].Item.Workloads != want {
			t.Errorf("it is of %+v, want %v", classes, want.List())
		}
		return err
	}))
}

// A device that a query makes up tells nothing of whether it is there, and nothing is put on it.
func TestADeviceThatAQueryMakesUpIsRefusedAlike(t *testing.T) {
	w := newCases(t)
	claim := func(device string) error {
		w.events.mu.Lock()
		w.events.rows = nil
		w.events.mu.Unlock()
		w.service.Hunt = func(_ context.Context, _ audit.Actor, q Hunted) (Result, int, error) {
			return Result{Columns: columns, Rows: [][]any{{noon, device, int64(1), "", "", ""}}}, 0, nil
		}
		_, err := w.service.Link(ctx, as(lin), linking())
		return err
	}
	there, never := claim("h1"), claim("never")
	if kinds(there) != "denied" || there.Error() != never.Error() || !strings.Contains(there.Error(), "every device group") {
		t.Errorf("a device of HR: %v; none: %v", there, never)
	}
	if err := claim("s1"); err != nil {
		t.Errorf("one of Sales: %v", err)
	}
	mail := func(device string) string {
		w.service.Hunt = func(_ context.Context, _ audit.Actor, q Hunted) (Result, int, error) {
			return Result{Columns: []string{"Timestamp", "RecipientEmailAddress", "DeviceId", "ProcessCommandLine"}, Rows: [][]any{{noon, "amy@x.example", device, "rm -rf"}}}, 0, nil
		}
		done, err := w.service.Link(ctx, as(lis), linking(asked(`EmailEvents | extend DeviceId = "h1", ProcessCommandLine = "rm -rf" | project Timestamp, RecipientEmailAddress, DeviceId, ProcessCommandLine`)))
		must(t, err)
		text, err := w.cases.Alert(ctx, ada, done.Alert, investigation.Form{})
		must(t, err)
		return string(text)
	}
	if text := mail("h1"); strings.Contains(text, `"mdeDeviceId"`) {
		t.Errorf("a mail alert that names a device of HR, because a query says so: %s", text)
	}
}

// Another device of the same name, which one may not know of, makes no difference.
func TestADeviceByNameIsOneInReach(t *testing.T) {
	for _, twin := range []bool{false, true} {
		w := newCases(t)
		if twin {
			w.twin("h9", "s1")
		}
		w.service.Hunt = func(_ context.Context, _ audit.Actor, q Hunted) (Result, int, error) {
			return Result{Columns: []string{"Timestamp", "DeviceName"}, Rows: [][]any{{noon, "s1"}}}, 0, nil
		}
		if _, err := w.service.Link(ctx, as(lin), linking(asked("DeviceProcessEvents | project Timestamp, DeviceName"))); err != nil {
			t.Errorf("twin %v: %v", twin, err)
		}
	}
}

// An answer that was lost, a double click, a script that tries again: the same request makes one alert, whoever has got the same key.
func TestARequestThatComesAgainMakesNoSecondAlert(t *testing.T) {
	w := newCases(t)
	w.events.on("s1", time.Hour, 1)
	w.events.on("s2", 2*time.Hour, 2)
	keyed := func(l *Linking) { l.Key = "4f0c" }
	link := func(who string, change ...func(*Linking)) (Linked, error) {
		return w.service.Link(ctx, as(who), linking(append(change, keyed)...))
	}
	first, err := link(lin, rowsOf("1"))
	must(t, err)
	w.service.Hunt = func(context.Context, audit.Actor, Hunted) (Result, int, error) {
		t.Error("the query was run for a request that was answered before")
		return Result{}, 0, nil
	}
	if again, err := link(lin, rowsOf("1")); err != nil || again != first {
		t.Errorf("once more: %+v, %v, want %+v", again, err, first)
	}
	_, err = link(lin, rowsOf("1"), func(l *Linking) { l.Title = "Another" })
	if kinds(err) != "conflict" || !strings.Contains(err.Error(), first.Alert) {
		t.Errorf("its key with another request: %v", err)
	}
	w.service.Hunt = w.events.hunt
	if other, err := link(lis, rowsOf("1")); err != nil || other.Alert == first.Alert {
		t.Errorf("somebody else's of the same key: %+v, %v", other, err)
	}
	_, err = w.cases.UpdateIncident(ctx, as(lin), first.Incident, []byte(`{"status":"resolved"}`), "", investigation.Form{})
	must(t, err)
	if again, err := link(lin, rowsOf("1")); err != nil || again != first {
		t.Errorf("when the incident has been resolved: %+v, %v", again, err)
	}
	w.edit(rbac.PutGroup{Group: rbac.Group{Name: "g-" + lin}})
	_, err = link(lin, rowsOf("1"))
	if kinds(err) != "conflict" || strings.Contains(err.Error(), first.Alert) || strings.Contains(err.Error(), first.Incident) {
		t.Errorf("when the alert is out of sight: %v", err)
	}
	w.edit(rbac.PutGroup{Group: rbac.Group{Name: "g-" + lin, Members: []string{lin}}})
	w.pass(linkBack + time.Minute)
	if later, err := link(lin, rowsOf("2")); err != nil || later.Alert == first.Alert {
		t.Errorf("after a day: %+v, %v", later, err)
	}
	for _, key := range []string{strings.Repeat("k", mostKey+1), "a\nb", "\u202ek"} {
		if _, err := w.service.Link(ctx, as(lin), linking(rowsOf("2"), func(l *Linking) { l.Key = key })); kinds(err) != "invalid" || !strings.Contains(err.Error(), "Idempotency-Key") {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

// Both began before either was done.
func TestOfTwoEqualRequestsAtOnceOneMakesAnAlert(t *testing.T) {
	w := newCases(t)
	w.events.on("s1", time.Hour, 1)
	keyed := func(l *Linking) { l.Key = "4f0c" }
	var first Linked
	w.service.Hunt = func(ctx context.Context, who audit.Actor, q Hunted) (Result, int, error) {
		w.service.Hunt = w.events.hunt
		var err error
		first, err = w.service.Link(ctx, as(lin), linking(keyed))
		must(t, err)
		return w.events.hunt(ctx, who, q)
	}
	if second, err := w.service.Link(ctx, as(lin), linking(keyed)); err != nil || second != first || first.Alert == "" {
		t.Errorf("%+v, %v; the other one %+v", second, err, first)
	}
}

// One event may be of several users, a row each: each is linked, and each once.
func TestRowsOfOneEventAreToldApartByWhomTheyAreAbout(t *testing.T) {
	w := newCases(t)
	of := func(user string) func(context.Context, audit.Actor, Hunted) (Result, int, error) {
		return func(context.Context, audit.Actor, Hunted) (Result, int, error) {
			return Result{Columns: []string{"Timestamp", "DeviceId", "ReportId", "AccountUpn"}, Rows: [][]any{{noon, "s1", int64(7), user}}}, 0, nil
		}
	}
	w.service.Hunt = of("amy@x")
	first, err := w.service.Link(ctx, as(ada), linking())
	must(t, err)
	if _, err := w.service.Link(ctx, as(ada), linking(into(first.Incident))); kinds(err) != "conflict" {
		t.Errorf("the same row: %v", err)
	}
	w.service.Hunt = of("ben@x")
	if second, err := w.service.Link(ctx, as(ada), linking(into(first.Incident))); err != nil || second.Rows != 1 || second.Known != 0 {
		t.Errorf("of another user: %+v, %v", second, err)
	}
}

// Two people find the same: the second is told, and rows that are new come in.
func TestRowsAreInAnIncidentOnce(t *testing.T) {
	w := newCases(t)
	w.events.on("s1", time.Hour, 1)
	w.events.on("s2", 2*time.Hour, 2)
	link := func(who string, change ...func(*Linking)) (Linked, error) {
		return w.service.Link(ctx, as(who), linking(change...))
	}
	first, err := link(lin, rowsOf("1"))
	must(t, err)
	_, err = link(ada, rowsOf("1"), into(first.Incident))
	if kinds(err) != "conflict" || !strings.Contains(err.Error(), "in the incident already, as alert "+first.Alert) {
		t.Errorf("the same rows: %v", err)
	}
	about := func(l *Linking) { l.Alert.Assets = []store.DetectionAsset{{Kind: "user", Column: "AccountUpn"}} }
	if _, err := link(ada, rowsOf("1"), into(first.Incident), about); kinds(err) != "conflict" {
		t.Errorf("the same rows, about something else: %v", err)
	}
	second, err := link(ada, rowsOf("1", "2"), into(first.Incident))
	if err != nil || second.Rows != 1 || second.Known != 1 {
		t.Errorf("one of two is there: %+v, %v", second, err)
	}
	text, err := w.cases.Alert(ctx, ada, second.Alert, investigation.Form{})
	must(t, err)
	if strings.Contains(string(text), `"mdeDeviceId":"s1"`) || !strings.Contains(string(text), `"mdeDeviceId":"s2"`) {
		t.Errorf("the alert is of both rows: %s", text)
	}
	if other, err := link(ada, rowsOf("1")); err != nil || other.Rows != 1 || other.Known != 0 {
		t.Errorf("in another incident: %+v, %v", other, err)
	}
	// That a row is there by an alert which one manages and does not see is not told: it would say that there is one.
	w.edit(give("l9", rbac.Office365, "Mail rules", lin))
	shared, err := link(lis, rowsOf("1"))
	must(t, err)
	_, err = link(lis, rowsOf("2"), into(shared.Incident), asked(both))
	must(t, err)
	if done, err := link(lin, rowsOf("2"), into(shared.Incident)); err != nil || done.Known != 0 {
		t.Errorf("a row of an alert out of sight: %+v, %v", done, err)
	}
	if _, err := link(lis, rowsOf("2"), into(shared.Incident), asked(both)); kinds(err) != "conflict" {
		t.Errorf("who sees it: %v", err)
	}
}
