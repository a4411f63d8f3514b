package detection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const hour = time.Hour

var zero store.DetectionPlace

// S13: what a detection finds is for readers of every workload that it reads, and of the devices that its rows name.
func TestS13AlertsAreForReadersOfWhatTheRowsName(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1, "AccountUpn", "amy@x.example", "FileName", "curl.exe", "SHA1", strings.Repeat("a", 40))
	w.events.on("s1", hour, 2, "AccountUpn", "amy@x.example")
	w.events.on("h1", hour, 1, "AccountUpn", "ben@x.example")
	w.create(dee, scope("Sales", "HR"))
	if n := w.runDue(); n != 1 {
		t.Fatalf("%d ran", n)
	}
	for who, want := range map[string][]string{ada: {"curl on h1", "curl on s1"}, dee: {"curl on h1", "curl on s1"}, sol: {"curl on s1"}, rita: {"curl on s1"}, hana: {"curl on h1"}, mel: nil, nora: nil} {
		if got := w.queue(who); !reflect.DeepEqual(got, want) {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	page, err := w.cases.Alerts(ctx, rita, investigation.Query{Search: "curl on s1"})
	must(t, err)
	var a struct {
		ServiceSource, DetectionSource, DetectorID, IncidentID, Severity, Description string
		MITRETechniques                                                               []string
		FirstActivityDateTime, LastActivityDateTime                                   time.Time
		Evidence                                                                      []map[string]any
	}
	must(t, json.Unmarshal(page.Items[0], &a))
	if a.ServiceSource != "microsoft365Defender" || a.DetectionSource != "customDetection" || a.Severity != "high" || a.Description != "by amy@x.example" ||
		!strings.HasPrefix(a.DetectorID, "custom_") || a.IncidentID == "" || !a.FirstActivityDateTime.Equal(noon.Add(-hour)) || len(a.MITRETechniques) != 1 {
		t.Errorf("%+v", a)
	}
	var types []string
	for _, e := range a.Evidence {
		types = append(types, strings.TrimPrefix(fmt.Sprint(e["@odata.type"]), "#microsoft.graph.security."))
	}
	if fmt.Sprint(types) != "[deviceEvidence fileEvidence]" {
		t.Errorf("evidence: %v", types)
	}
}

// A row of a device table that names no device that is known takes the right on every device group.
func TestS13ARowThatNamesNoDeviceIsForReadersOfAllDevices(t *testing.T) {
	w := newWorld(t)
	w.events.on("s9", hour, 1, "AccountUpn", "amy@x.example") // nothing has described it
	w.events.on("", hour, 2, "AccountUpn", "amy@x.example")
	w.create(ada, everywhere, about("user", "AccountUpn"), func(s *Setting) { s.Alert.Title = "for {{AccountUpn}}" })
	w.runDue()
	for who, want := range map[string]int{ada: 1, sol: 0, dee: 0} {
		if got := w.queue(who); len(got) != want {
			t.Errorf("%s sees %q", who, got)
		}
	}
}

// Of a detection of some device groups, such a row takes the right on each of those, and no others; whatever becomes of them (S7).
func TestS13ARowThatNamesNoDeviceTakesTheWholeScope(t *testing.T) {
	w := newWorld(t)
	w.events.on("", hour, 1, "of", "s1", "AccountUpn", "amy@x.example")
	item := w.create(dee, scope("Sales", "HR"), about("user", "AccountUpn"), func(s *Setting) { s.Alert.Title = "for {{AccountUpn}}" })
	w.runDue()
	see := func(when string, want map[string]int) {
		t.Helper()
		for who, n := range want {
			if got := w.queue(who); len(got) != n {
				t.Errorf("%s, %s sees %q", when, who, got)
			}
		}
	}
	see("raised", map[string]int{ada: 1, dee: 1, sol: 0, hana: 0, rita: 0, mel: 0})
	w.edit(rbac.RenameDeviceGroup{Name: "HR", To: "People"})
	see("a group has another name", map[string]int{ada: 1, dee: 1, sol: 0, hana: 0})
	w.edit(rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
		{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol, "g-" + dee}}, {Name: "HR", Access: []string{"g-" + dee}}, {Name: rbac.UngroupedDevices},
	}})
	see("a group has gone", map[string]int{ada: 1, dee: 0, sol: 0, hana: 0})
	if got := w.get(item.ID).Groups; !reflect.DeepEqual(got, []string{"Sales"}) {
		t.Errorf("its scope is %q", got)
	}
	w.events.on("", 0, 2, "of", "s1", "AccountUpn", "ben@x.example")
	w.pass(hour)
	w.runDue()
	see("of what is left of the scope", map[string]int{ada: 2, dee: 1, sol: 1, hana: 0})
}

// A device that leaves the scope while a run is on, or that the query makes up, is one that nobody knows: its row is for readers of every
// device group, whether there is such a device elsewhere or not.
func TestS13ARowThatNamesADeviceOutOfReachIsForReadersOfAllDevices(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	w.events.on("h1", hour, 2, "of", "s2")
	w.events.on("s9", hour, 3, "of", "s2")
	w.create(sol)
	w.events.gate = func() {
		w.edit(rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "HR", Match: rbac.Match{Name: []string{"h*", "s1*"}}, Access: []string{"g-" + hana}}, {Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol}}, {Name: rbac.UngroupedDevices},
		}})
		w.events.gate = nil
		w.events.moves = w.regroup
	}
	w.runDue()
	for who, want := range map[string][]string{ada: {"curl on h1", "curl on s1", "curl on s9"}, sol: nil, hana: nil} {
		if got := w.queue(who); !reflect.DeepEqual(got, want) {
			t.Errorf("%s sees %q", who, got)
		}
	}
}

// Nor is one out of the scope that its owner reaches: it is no device of the detection's.
func TestS13ARowThatNamesADeviceOutOfTheScopeIsForReadersOfAllDevices(t *testing.T) {
	w := newWorld(t)
	w.events.on("h1", hour, 1, "of", "s1")
	w.create(dee)
	w.runDue()
	for who, want := range map[string][]string{ada: {"curl on h1"}, dee: nil, sol: nil, hana: nil} {
		if got := w.queue(who); !reflect.DeepEqual(got, want) {
			t.Errorf("%s sees %q", who, got)
		}
	}
}

// A run finds what its owner would, cut to the detection's scope; one that is gone or has lost a right finds nothing, and it says so.
func TestS13ItRunsWithItsOwnersRightsOfThatMoment(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	w.events.on("h1", hour, 1)
	item := w.create(ada, scope("Sales"))
	w.runDue()
	if got := w.get(item.ID).Last; got.Rows != 1 || got.Alerts != 1 || got.Kind != First || got.Status != Completed {
		t.Errorf("within Sales: %+v", got)
	}
	own := w.create(sol, named("own"))
	w.edit(rbac.RemoveAssignment{ID: "1"})
	w.runDue()
	d := w.get(own.ID)
	if !strings.Contains(d.Paused, sol+" has lost what it takes: needs Manage security settings") || d.Last.Rows != 0 || !d.PausedAt.Equal(noon) {
		t.Errorf("paused %q, %+v", d.Paused, d.Last)
	}
	if got, err := w.service.Get(ctx, as(sol), own.ID); err != nil || got.Knows || got.May["edit"].Allowed || got.May["run"].Allowed || !got.May["delete"].Allowed {
		t.Errorf("its owner meets %+v, %v", got, err)
	}
	w.pass(48 * hour)
	w.runDue()
	if d = w.get(own.ID); d.Last.Rows != 0 {
		t.Error("it ran while it was paused")
	}
	if _, err := w.service.Enable(ctx, as(dee), own.ID, "", true); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("to run as somebody who has lost it: %v", err)
	}
	if _, err := w.service.HandOver(ctx, as(dee), own.ID, "", dee); err != nil {
		t.Fatal(err)
	}
	for w.runDue() > 0 {
	}
	if d = w.get(own.ID); d.Paused != "" || d.Owner != dee || d.Last.Alerts != 1 {
		t.Errorf("handed over: %+v", d)
	}
	if len(w.paused) != 1 || !strings.HasPrefix(w.paused[0], "own: its owner "+sol) {
		t.Errorf("told: %q", w.paused)
	}
	entries := w.log("detections.pause")
	if len(entries) != 1 || entries[0].Actor != "custom detections" || !strings.Contains(string(entries[0].After), "has lost") {
		t.Errorf("the log: %+v", entries)
	}
}

// A detection whose owner's account goes is nobody's, whoever has the name next: neither to run as, nor to know of.
func TestADetectionDoesNotGoToTheNextOfItsOwnersName(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	item := w.create(sol)
	w.edit(rbac.RemoveUser{Name: sol})
	w.edit(rbac.PutUser{User: rbac.User{Name: sol}})
	if _, err := w.service.Get(ctx, as(sol), item.ID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("another Sol knows of it: %v", err)
	}
	w.edit(rbac.PutGroup{Group: rbac.Group{Name: "g-" + sol, Members: []string{sol}}})
	w.runDue()
	if d := w.get(item.ID); d.Paused != "its owner's account is gone: hand it over, or take it over yourself" || len(w.queue(ada)) != 0 {
		t.Errorf("paused %q, %q", d.Paused, w.queue(ada))
	}
	if _, err := w.service.Enable(ctx, as(tom), item.ID, "", true); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "account is gone") {
		t.Errorf("turned on: %v", err)
	}
	if _, err := w.service.HandOver(ctx, as(dee), item.ID, "", dee); err != nil {
		t.Fatal(err)
	}
	w.runDue()
	if got := w.queue(dee); len(got) != 1 {
		t.Errorf("taken over: %q, %+v", got, w.get(item.ID))
	}
}

// A right that is taken away while the query runs ends it: what it found by then is nobody's.
func TestS13ARightThatGoesWhileItRunsTakesWhatWasFoundAlong(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	item := w.create(sol)
	w.events.gate = func() { w.edit(rbac.RemoveAssignment{ID: "1"}) }
	w.runDue()
	if d := w.get(item.ID); d.Paused == "" || len(w.queue(ada)) != 0 {
		t.Errorf("%+v, %q", d, w.queue(ada))
	}
}

// A scope whose groups are renamed or removed while it runs is asked anew: what was found in another is not kept, and nobody has lost a right.
func TestAScopeThatChangesWhileItRunsIsRunAnew(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	w.events.on("h1", hour, 1)
	item := w.create(dee, scope("Sales", "HR"))
	w.events.gate = func() {
		w.edit(rbac.RenameDeviceGroup{Name: "Sales", To: "Sellers"}, rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sellers", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol, "g-" + dee}}, {Name: rbac.UngroupedDevices}}})
		w.regroup()
		w.events.gate = nil
	}
	if _, err := runDue(w.service); fault.KindOf(err) != fault.KindUnavailable {
		t.Errorf("%v", err)
	}
	if got := w.queue(ada); len(got) != 0 || w.get(item.ID).Paused != "" {
		t.Errorf("%q, paused %q", got, w.get(item.ID).Paused)
	}
	w.pass(5 * time.Minute)
	w.runDue()
	if got := w.queue(ada); !reflect.DeepEqual(got, []string{"curl on s1"}) {
		t.Errorf("%q, %+v", got, w.get(item.ID))
	}
}

// Windows overlap, and a match makes one alert; new ones of the same device make another.
func TestAMatchIsToldOnce(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	item := w.create(sol)
	w.runDue()
	for range 3 {
		w.pass(hour)
		w.runDue()
	}
	if got := w.queue(sol); len(got) != 1 {
		t.Errorf("%q", got)
	}
	if last := w.get(item.ID).Last; last.Rows != 1 || last.Known != 1 || last.Alerts != 0 {
		t.Errorf("%+v", last)
	}
	w.events.on("s1", time.Minute, 2)
	w.pass(hour)
	w.runDue()
	if got := w.queue(sol); len(got) != 2 {
		t.Errorf("a new match: %q", got)
	}
	if _, err := w.service.Enable(ctx, as(sol), item.ID, "", false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Enable(ctx, as(sol), item.ID, "", true); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	w.runDue()
	if last := w.get(item.ID).Last; last.Known != 2 || len(w.queue(sol)) != 2 {
		t.Errorf("turned on again: %+v", last)
	}
	want := []string{"01-30 12:00 to 03-01 12:00", "03-01 09:00 to 03-01 13:00", "03-01 10:00 to 03-01 14:00", "03-01 11:00 to 03-01 15:00", "03-01 12:00 to 03-01 16:00", "01-30 16:00 to 03-01 16:00"}
	if got := w.events.windows(); !reflect.DeepEqual(got, want) {
		t.Errorf("windows\n%q\nwant\n%q", got, want)
	}
}

// One run raises 150 alerts; the next one the rest, and says so meanwhile.
func TestARunRaises150Alerts(t *testing.T) {
	w := newWorld(t)
	for i := range 160 {
		w.events.on("s1", hour+time.Duration(i)*time.Second, i, "AccountUpn", fmt.Sprintf("u%d@x.example", i))
	}
	item := w.create(sol, about("user", "AccountUpn"), func(s *Setting) { s.Alert.Title = "for {{AccountUpn}}" })
	w.runDue()
	if last := w.get(item.ID).Last; last.Alerts != 150 || last.Left != 10 || last.Status != PartiallyFailed || last.ErrorCode != "queryLimitsExceeded" {
		t.Errorf("%+v", last)
	}
	w.pass(hour)
	w.runDue()
	if last := w.get(item.ID).Last; last.Alerts != 10 || last.Left != 0 || last.Status != Completed || len(w.queue(sol)) != 160 {
		t.Errorf("%+v", last)
	}
}

// Whoever has many detections that take long keeps others waiting for a turn, and for no more.
func TestNobodysDetectionsKeepAnothersWaiting(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.create(sol, named(fmt.Sprint("long ", i)))
	}
	w.pass(time.Second)
	w.create(tom, named("Tom's"))
	w.pass(time.Second)
	w.create(ada, everywhere, named("Ada's"))
	h := held{begun: make(chan string), end: map[string]chan bool{sol: make(chan bool), tom: make(chan bool), ada: make(chan bool)}}
	w.service.Runner = h
	running, stop := context.WithCancel(ctx)
	done := make(chan bool)
	go func() {
		w.service.Run(running, func(err error) { t.Error(err) })
		close(done)
	}()
	begins := func() string {
		select {
		case owner := <-h.begun:
			return owner
		case <-time.After(20 * time.Second):
			return "nobody"
		}
	}
	first, second := begins(), begins()
	if first == second || first == ada || second == ada {
		t.Errorf("first %s and %s: of each owner one, and who has waited longest", first, second)
	}
	h.end[sol] <- true
	if next := begins(); next != ada {
		t.Errorf("after one of Sol's %s, and Ada has not been served", next)
	}
	h.end[tom] <- true
	if next := begins(); next != sol {
		t.Errorf("when nobody else waits %s, and Sol has three more", next)
	}
	select {
	case owner := <-h.begun:
		t.Errorf("%s has another one begun", owner)
	case h.end[ada] <- true:
	}
	stop()
	<-done
}

// Of one owner two are due at one look: the second waits for the first, and a server that ends waits for what it has begun.
func TestAnOwnerHasOneDetectionRunAtATime(t *testing.T) {
	w := newWorld(t)
	w.create(sol, named("one"))
	w.create(sol, named("two"))
	w.pass(time.Second)
	list, err := w.service.claim(ctx, atOnce, map[string]bool{}, map[string]time.Time{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d turns of one owner, %v: one", len(list), err)
	}
	list, err = w.service.claim(ctx, atOnce, map[string]bool{sol: true}, map[string]time.Time{})
	if err != nil || len(list) != 0 {
		t.Fatalf("%d turns of an owner who has one, %v: none", len(list), err)
	}
}

// held is a runner of queries that each take as long as somebody says.
type held struct {
	begun chan string
	end   map[string]chan bool // by owner
}

func (h held) Run(ctx context.Context, owner string, _ Query) (Result, error) {
	select {
	case h.begun <- owner:
	case <-ctx.Done():
	}
	select {
	case <-h.end[owner]:
	case <-ctx.Done():
	}
	return Result{}, ctx.Err()
}

// Of several servers one runs a window, however they meet.
func TestServersShareTheTurns(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	for i := range 6 {
		w.create(sol, named(fmt.Sprint(i)))
	}
	var group sync.WaitGroup
	for range 3 {
		s := w.server()
		group.Go(func() {
			for {
				n, err := runDue(s)
				if err != nil {
					t.Error(err)
				}
				if n == 0 {
					return
				}
			}
		})
	}
	group.Wait()
	if asked := len(w.events.windows()); asked != 6 || len(w.queue(sol)) != 6 {
		t.Errorf("%d ran, %d alerts", asked, len(w.queue(sol)))
	}
}

// A server that dies in the middle leaves the window to another, and what it brings back from the dead is not kept.
func TestAWindowIsRunToItsEndOnce(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	item := w.create(sol)
	dead := w.server()
	claimed, err := dead.claim(ctx, atOnce, nil, nil)
	must(t, err)
	if n := w.runDue(); n != 0 || len(claimed) != 1 {
		t.Fatalf("%d ran while another has the turn", n)
	}
	w.pass(leaseTime + time.Second)
	if n := w.runDue(); n != 1 || len(w.queue(sol)) != 1 {
		t.Fatalf("%d ran after it died, %q", n, w.queue(sol))
	}
	if _, err := dead.runTurn(ctx, claimed[0], Scheduled); !errors.Is(err, errLost) {
		t.Errorf("the dead one brings it to its end: %v", err)
	}
	if d := w.get(item.ID); len(w.queue(sol)) != 1 || !d.Turn.To.Equal(noon.Add(hour)) || !d.Last.To.Equal(noon) {
		t.Errorf("%+v, %q", d.Turn, w.queue(sol))
	}
}

// The only server begins: whoever had a turn is dead, wherever it was killed. One that kills it each time is given up.
func TestAServerThatBeginsTakesUpWhatOneThatWasKilledHad(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	item := w.create(sol)
	killed := w.server()
	for n := range mostTries {
		claimed, err := killed.claim(ctx, atOnce, nil, nil)
		must(t, err)
		if len(claimed) != 1 || claimed[0].Turn.Attempts != n+1 {
			t.Fatalf("%+v", claimed)
		}
		must(t, w.service.Resume(ctx))
		if n > 0 {
			continue
		}
		if _, err := killed.runTurn(ctx, claimed[0], Scheduled); !errors.Is(err, errLost) {
			t.Errorf("the one before brings it to its end: %v", err)
		}
	}
	if n := w.runDue(); n != 1 || len(w.queue(sol)) != 0 {
		t.Errorf("%d ran, %q", n, w.queue(sol))
	}
	if last := w.get(item.ID).Last; last.Status != Failed || !strings.Contains(last.Error, "never came to an end") {
		t.Errorf("%+v", last)
	}
	w.pass(hour)
	if n := w.runDue(); n != 1 || len(w.queue(sol)) != 1 {
		t.Errorf("the next window: %d ran, %q", n, w.queue(sol))
	}
}

// A server that ends leaves nobody waiting for a turn that it had: whatever it was at.
func TestAServerThatEndsGivesItsTurnsBack(t *testing.T) {
	for _, step := range []string{"before it is bound", "while it hunts"} {
		w := newWorld(t)
		w.events.on("s1", hour, 1)
		w.create(sol)
		ending, end := context.WithCancel(ctx)
		claimed, err := w.service.claim(ending, atOnce, nil, nil)
		must(t, err)
		if step == "while it hunts" {
			w.events.gate = end
		} else {
			end()
		}
		if _, err := w.service.runTurn(ending, claimed[0], Scheduled); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		w.events.gate = nil
		if n := w.runDue(); n != 1 || len(w.queue(sol)) != 1 {
			t.Errorf("%s: %d ran when it had ended, %q", step, n, w.queue(sol))
		}
	}
}

// Who changes a detection while it runs has what it was asked before thrown away, and it is asked anew at once.
func TestAChangeWhileItRunsDoesNotHoldItUp(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	item := w.create(sol)
	changes := 0
	w.events.gate = func() {
		if changes++; changes <= 5 {
			_, err := w.service.Update(ctx, as(sol), item.ID, "", setting(func(s *Setting) { s.Alert.Title = fmt.Sprint("title ", changes) }))
			must(t, err)
		}
	}
	for range 6 {
		_, _ = runDue(w.service)
	}
	if got := w.queue(sol); !reflect.DeepEqual(got, []string{"title 5"}) {
		t.Errorf("%q, %+v", got, w.get(item.ID))
	}
}

// What fails is tried again, a few times and later each time; then the window is given up and the next one comes.
func TestAFailingWindowIsTriedAgainAndGivenUp(t *testing.T) {
	w := newWorld(t)
	item := w.create(sol)
	w.events.fails = fault.Unavailable("hunt", "too much at once")
	for range 3 {
		if _, err := runDue(w.service); err == nil && w.get(item.ID).Last.Status == "" {
			t.Error("it failed and said nothing")
		}
		w.pass(10 * time.Minute)
	}
	last := w.get(item.ID).Last
	if last.Status != Failed || last.ErrorCode != codeThrottled || !strings.Contains(last.Error, "too much at once") || len(w.events.windows()) != 3 {
		t.Errorf("%+v after %q", last, w.events.windows())
	}
	w.events.fails = nil
	w.pass(hour)
	w.runDue()
	if last := w.get(item.ID).Last; last.Status != Completed || !last.To.Equal(noon.Add(hour)) {
		t.Errorf("%+v", last)
	}
}

// After an outage windows are made up for, so many; what is older is left out, and said. A continuous one makes up for a day, at once.
func TestCatchingUpIsBounded(t *testing.T) {
	w := newWorld(t)
	item, follows := w.create(sol), w.create(sol, every("0"), named("follows"))
	for w.runDue() > 0 {
	}
	w.pass(100 * hour)
	ran := 0
	for n := w.runDue(); n > 0; n = w.runDue() {
		ran += n
	}
	if ran != mostMissed+2 { // 25 windows end by now, with the one that ends just now, and one of the continuous
		t.Errorf("%d windows were made up for", ran)
	}
	runs, total, err := w.service.Runs(ctx, as(sol), item.ID, zero, 100)
	must(t, err)
	skipped := 0
	for _, r := range runs {
		if r.Status == Skipped {
			skipped++
			if !strings.Contains(r.Error, "75 windows") {
				t.Errorf("%+v", r)
			}
		}
	}
	if skipped != 1 || total != int64(1+mostMissed+1+1) {
		t.Errorf("%d of %d say that something was left out", skipped, total)
	}
	last := w.get(follows.ID).Last
	if !last.To.Equal(w.clock()) || !last.From.Equal(w.clock().Add(-mostFollowed)) {
		t.Errorf("the continuous one looked from %s to %s", last.From, last.To)
	}
}

// A continuous detection looks at what has come in since, however late it did, and tells each row once.
func TestAContinuousDetectionFollowsWhatArrives(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", time.Minute, 1)
	w.pass(2 * hour)
	item := w.create(sol, every("0"))
	w.runDue() // what came before it was there by more than an hour is none of its
	for ago, report := range map[time.Duration]int{time.Second: 2, 3 * hour: 3, 10 * 24 * hour: 4, -2 * hour: 5, 40 * 24 * hour: 6} {
		w.events.on("s1", ago, report)
	}
	told := int64(0)
	for range 90 {
		w.pass(time.Minute)
		w.runDue()
		told += w.get(item.ID).Last.Alerts
	}
	if told != 1 || len(w.queue(sol)) != 1 {
		t.Errorf("%d alerts, %q", told, w.queue(sol))
	}
	runs, _, err := w.service.Runs(ctx, as(sol), item.ID, zero, 1000)
	must(t, err)
	rows := int64(0)
	for _, r := range runs {
		if r.Alerts > 0 {
			rows = r.Rows
		}
	}
	if last := w.get(item.ID).Last; rows != 4 || last.Rows != 0 {
		t.Errorf("%d rows made the alert; an hour later %d were looked at again", rows, last.Rows)
	}
}

// What strangers wrote into a row stays text on one line, of a length, and a title of which nothing is left is the detection's name.
func TestHostileTextOfRows(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", 1<<20)
	w.events.on("s1", hour, 1, "AccountUpn", "=cmd()\u202e\r\n<script>{{FileName}}</script>\x00", "FileName", "secret")
	w.events.on("s1", hour, 2, "AccountUpn", long, "FileName", long, "SHA1", long)
	w.events.on("s1", hour, 3, "AccountUpn", " \u200b\n ")
	w.create(sol, about("user", "AccountUpn"), func(s *Setting) {
		s.Name, s.Alert.Title = "The name", "{{AccountUpn}}"
		s.Alert.Assets = append(s.Alert.Assets, store.DetectionAsset{Kind: "device", Column: "DeviceId"})
	})
	w.runDue()
	want := []string{"=cmd()  <script>{{FileName}}</script>", "The name", strings.Repeat("x", mostValue) + "..."}
	if got := w.queue(sol); !reflect.DeepEqual(got, want) {
		t.Errorf("%.300q", got)
	}
	page, err := w.cases.Alerts(ctx, sol, investigation.Query{Top: 1000})
	must(t, err)
	for _, a := range page.Items {
		if len(a) > 20_000 {
			t.Errorf("an alert of %d bytes", len(a))
		}
	}
	if _, err := w.service.Create(ctx, as(sol), "", setting(func(s *Setting) { s.Alert.Title = "two\nlines" })); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a title of two lines: %v", err)
	}
}

// Rows without an id are told apart by all that they say.
func TestRowsWithoutAnIdAreNotTakenForEachOther(t *testing.T) {
	w := newWorld(t)
	row := func(file string) map[string]any {
		return map[string]any{"Timestamp": noon.Add(-hour), "DeviceId": "s1", "FileName": file, "arrived": noon}
	}
	w.events.rows = append(w.events.rows, row("a.exe"))
	item := w.create(sol)
	w.runDue()
	w.events.rows = append(w.events.rows, row("b.exe"))
	w.pass(hour)
	w.runDue()
	if last := w.get(item.ID).Last; last.Known != 1 || last.Alerts != 1 {
		t.Errorf("%+v", last)
	}
}

// A clock that was ahead for a while and has been put right stops nothing.
func TestAClockThatWasAheadStopsNothing(t *testing.T) {
	w := newWorld(t)
	item, follows := w.create(sol), w.create(sol, every("0"), named("follows"))
	for w.runDue() > 0 {
	}
	w.pass(400 * 24 * hour)
	for w.runDue() > 0 {
	}
	claimed, err := w.server().claim(ctx, atOnce, nil, nil)
	must(t, err)
	if len(claimed) != 0 {
		t.Fatalf("%d are due still", len(claimed))
	}
	w.pass(-400*24*hour + 2*hour)
	w.events.on("s1", time.Minute, 1)
	w.pass(time.Second)
	must(t, w.service.Tidy(ctx))
	for _, id := range []string{item.ID, follows.ID} {
		if last := w.get(id).Last; last.Started.After(w.clock()) || last.Ended.After(w.clock()) {
			t.Errorf("the last run began %s and ended %s, and it is %s", last.Started, last.Ended, w.clock())
		}
	}
	w.pass(time.Second)
	for w.runDue() > 0 {
	}
	for _, id := range []string{item.ID, follows.ID} {
		d := w.get(id)
		if !d.Last.Started.Equal(w.clock()) || d.Last.To.After(w.clock()) {
			t.Errorf("the last run of %s is %+v", d.Name, d.Last)
		}
		if !d.Turn.Due.After(w.clock()) || d.Turn.Due.After(w.clock().Add(hour)) || d.Turn.To.After(w.clock().Add(hour)) {
			t.Errorf("%s is due %s, for what is until %s", d.Name, d.Turn.Due, d.Turn.To)
		}
	}
	if got := w.queue(sol); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// Actions are asked for in the owner's name, where the owner may: they wait, but where the level of the device group says full.
func TestActionsAreAskedForWithTheOwnersRights(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1)
	w.events.on("h1", hour, 1)
	w.events.on("h2", hour, 1)
	item := w.create(dee, scope("Sales", "HR"), isolates)
	w.runDue()
	if last := w.get(item.ID).Last; last.Actions != 3 || last.Refused != 0 || last.Status != Completed {
		t.Errorf("%+v", last)
	}
	list, err := w.actions.List(ctx, as(ada), response.Query{Limit: 10})
	must(t, err)
	got := map[string]string{}
	for _, a := range list.Items {
		got[a.Device] = a.Source + " " + a.Status + " by " + a.Requester
	}
	want := map[string]string{"s1": "customDetectionAction queued by " + dee, "h1": "customDetectionAction pendingApproval by " + dee, "h2": "customDetectionAction pendingApproval by " + dee}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	w.edit(rbac.PutRole{Role: rbac.Role{ID: "r1", Workload: rbac.Endpoint, Name: "Engineer", Permissions: []string{"View data - Security operations", "Manage security settings in Security Center"}}})
	w.events.on("s2", 0, 9)
	w.pass(hour)
	w.runDue()
	if last := w.get(item.ID).Last; last.Alerts != 1 || last.Actions != 0 || last.Refused != 1 || last.Status != PartiallyFailed || !strings.Contains(last.Error, "needs Active remediation") {
		t.Errorf("an owner who may not act any more: %+v", last)
	}
}

// Whoever may edit a detection of somebody who has more must not act by that: what a query makes up of devices out of the scope is not
// acted on, and its alerts are for readers of every device group (S13, S14).
func TestS14AQueryThatNamesDevicesOutOfItsScopeActsOnNone(t *testing.T) {
	w := newWorld(t)
	item := w.create(dee, isolates)
	if _, err := w.service.Update(ctx, as(sol), item.ID, "", setting(isolates, query(processes+" | extend DeviceId = 'h1'"))); err != nil {
		t.Fatal(err)
	}
	w.events.on("h1", hour, 1, "of", "s1")
	w.events.on("s2", hour, 2)
	w.runDue()
	last := w.get(item.ID).Last
	if last.Actions != 1 || last.Refused != 1 || !strings.Contains(last.Error, "scope") {
		t.Errorf("%+v", last)
	}
	list, err := w.actions.List(ctx, as(ada), response.Query{Limit: 10})
	must(t, err)
	for _, a := range list.Items {
		if a.Device != "s2" {
			t.Errorf("asked for on %s, by %s", a.Device, a.Requester)
		}
	}
	if got := w.queue(sol); !reflect.DeepEqual(got, []string{"curl on s2"}) {
		t.Errorf("sol sees %q", got)
	}
}

// A trial shows what its maker would see, and leaves nothing behind but that there was one: it is a hunt.
func TestATrialLeavesNothing(t *testing.T) {
	w := newWorld(t)
	w.events.on("s1", hour, 1, "AccountUpn", "amy@x.example")
	w.events.on("s2", 40*24*hour, 2)
	w.events.on("h1", hour, 1)
	trial, err := w.service.Try(ctx, as(dee), setting(isolates, scope("Sales")), 30)
	if err != nil || trial.Rows != 1 || len(trial.Alerts) != 1 || trial.Alerts[0].Title != "curl on s1" || trial.Alerts[0].Assets[0].Column != "s1" || len(trial.Sample) != 1 {
		t.Errorf("%+v, %v", trial, err)
	}
	if _, err := w.service.Try(ctx, as(rita), setting(), 7); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by who may set none: %v", err)
	}
	for name, change := range map[string]func(*Setting){"with an action": isolates, "everywhere": everywhere} {
		if _, err := w.service.Try(ctx, as(tom), setting(change), 7); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s, by who may not set such a one: %v", name, err)
		}
	}
	if _, err := w.service.Try(ctx, as(sol), setting(), 31); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("31 days: %v", err)
	}
	entries := w.log("detections.try")
	if len(entries) != 4 || entries[0].Actor != dee || !strings.Contains(string(entries[0].After), "sha256:") || entries[1].Outcome == audit.Done {
		t.Errorf("the log: %+v", entries)
	}
	page, err := w.service.List(ctx, as(ada))
	if err != nil || len(page.Items) != 0 || len(w.queue(ada)) != 0 {
		t.Errorf("%+v, %v, %q", page, err, w.queue(ada))
	}
}

func TestARunByHandLeavesTheScheduleAlone(t *testing.T) {
	w := newWorld(t)
	item := w.create(sol)
	w.runDue()
	w.events.on("s1", time.Minute, 1)
	w.pass(time.Minute)
	run, err := w.service.RunNow(ctx, as(tom), item.ID)
	if err != nil || run.Alerts != 1 || run.Kind != Manual || !run.From.Equal(w.clock().Add(-4*hour)) {
		t.Errorf("%+v, %v", run, err)
	}
	if d := w.get(item.ID); !d.Turn.To.Equal(noon.Add(hour)) || d.Turn.Holder != "" {
		t.Errorf("%+v", d.Turn)
	}
	if _, err := w.service.RunNow(ctx, as(rita), item.ID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("by who may not know of it: %v", err)
	}
	if _, err := w.service.Enable(ctx, as(tom), item.ID, "", false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.RunNow(ctx, as(sol), item.ID); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("one that is off: %v", err)
	}
}

// log is what the audit log has of an operation.
func (w *world) log(op string) (list []audit.Entry) {
	w.t.Helper()
	must(w.t, w.store.View(ctx, func(tx store.Reader) error {
		err := tx.AuditWalk(0, func(e audit.Entry) error {
			if e.Operation == op {
				list = append(list, e)
			}
			return nil
		})
		return err
	}))
	return list
}
