package detection

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const both = "DeviceProcessEvents | join kind=inner (EmailEvents | project RecipientEmailAddress, Subject) on $left.AccountUpn == $right.RecipientEmailAddress | project Timestamp, DeviceId, ReportId, AccountUpn"

// T5 is needed in every workload of every table, whatever columns survive; the right to hunt there too; and all of it on the whole scope.
func TestX15X16WhoMaySetADetection(t *testing.T) {
	w := newWorld(t)
	w.edit(rbac.PutUser{User: rbac.User{Name: "two@x.example"}}, rbac.PutGroup{Group: rbac.Group{Name: "g-two", Members: []string{"two@x.example", sol}}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "9", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Mail"}, Group: "g-two", Scope: rbac.Scope{All: true}}},
		// Wes and Una hold one of the two rights on Sales and HR, and the other on one of them.
		rbac.PutUser{User: rbac.User{Name: wes}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + wes, Members: []string{wes}}},
		rbac.PutUser{User: rbac.User{Name: una}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + una, Members: []string{una}}},
		rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol, "g-" + dee, "g-" + tom, "g-" + rita, "g-" + wes, "g-" + una}},
			{Name: "HR", Match: rbac.Match{Name: []string{"h*"}}, Access: []string{"g-" + hana, "g-" + dee, "g-" + wes, "g-" + una}}, {Name: rbac.UngroupedDevices, Access: []string{"g-" + una}},
		}},
		rbac.PutRole{Role: rbac.Role{ID: "m", Workload: rbac.Office365, Name: "Reads mail", Permissions: []string{"Security Reader"}}}, give("14", rbac.Office365, "Reads mail", una),
		rbac.PutRole{Role: rbac.Role{ID: "v", Workload: rbac.Endpoint, Name: "Views", Permissions: []string{"View data - Security operations"}}},
		rbac.PutRole{Role: rbac.Role{ID: "s", Workload: rbac.Endpoint, Name: "Sets", Permissions: []string{"Manage security settings in Security Center"}}},
		part("10", "Sets", wes, "Sales", "HR"), part("11", "Views", wes, "HR"), part("12", "Sets", una, "HR"), part("13", "Views", una, "Sales", "HR", rbac.UngroupedDevices))
	for _, c := range []struct {
		who    string
		change []func(*Setting)
		want   string // empty: allowed
	}{
		{sol, nil, ""},
		{dee, []func(*Setting){scope("Sales", "HR")}, ""},
		{ada, []func(*Setting){everywhere}, ""},
		{mel, []func(*Setting){mail}, ""},
		{sol, []func(*Setting){query(both)}, ""}, // both products
		{sol, []func(*Setting){everywhere}, "denied"},
		{dee, []func(*Setting){everywhere}, "denied"},   // HR and Sales are not all
		{dee, []func(*Setting){query(both)}, "invalid"}, // EmailEvents is no table for who may not hunt in mail
		{may, []func(*Setting){mail}, "invalid"},        // sets detections, and hunts nowhere
		{rita, nil, "denied"},
		{nora, nil, "denied"},
		{wes, []func(*Setting){scope("HR")}, ""},
		{wes, nil, "denied"},                                    // he may not hunt there
		{wes, []func(*Setting){scope("Sales", "HR")}, "denied"}, // nor on all of it
		{una, []func(*Setting){scope("HR")}, ""},
		{una, []func(*Setting){scope("Sales", "HR")}, "invalid"}, // there is no Sales for her
		{una, []func(*Setting){everywhere}, "denied"},            // she hunts everywhere, and sets detections in HR
		{una, []func(*Setting){scope("HR"), query(both)}, "denied"},
		{sol, []func(*Setting){query(exposed)}, "denied"}, // vulnerabilities take a right of their own
		{ada, []func(*Setting){query(exposed)}, ""},
		{tom, nil, ""},
		{tom, []func(*Setting){isolates}, "denied"}, // sets detections, and may not act
	} {
		item, err := w.service.Create(ctx, as(c.who), "", setting(c.change...))
		if got := kinds(err); c.want == "" && err != nil || c.want != "" && got != c.want {
			t.Errorf("%s %+v: %v, want %q", c.who, setting(c.change...), err, c.want)
		}
		if c.want == "" && item.Owner != c.who {
			t.Errorf("%s made one of %s", c.who, item.Owner)
		}
	}
}

const exposed = "DeviceTvmInfoGathering | project Timestamp, DeviceId, AccountUpn = ''"

const wes, una = "wes@x.example", "una@x.example"

func part(id, role, user string, groups ...string) rbac.Edit {
	return rbac.PutAssignment{Assignment: rbac.Assignment{ID: id, Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: role}, Group: "g-" + user, Scope: rbac.Scope{DeviceGroups: groups}}}
}

// What is looked up is read, too: a detection that looks up a feed is set, edited and seen by who may read that, and by nobody else (S13, S14).
func TestS13AFeedIsForWhoMayReadIt(t *testing.T) {
	w := newWorld(t)
	const feed = "https://intel.example/list.csv"
	looks := query(`let l = externaldata(SHA1: string)["` + feed + `"]; ` + processes + " | join kind=inner l on SHA1 | project Timestamp, DeviceId, ReportId, AccountUpn, SHA1")
	w.edit(rbac.PutGroup{Group: rbac.Group{Name: "g-" + mel, Members: []string{mel, dee}}})
	if _, err := w.service.Create(ctx, as(dee), "", setting(looks)); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "there is no feed") {
		t.Errorf("a feed that is none: %v", err)
	}
	w.feeds = map[string]rbac.WorkloadSet{feed: rbac.SetOf(rbac.Office365)}
	w.events.on("s1", hour, 1)
	item := w.create(dee, looks)
	if item.Workloads != rbac.SetOf(rbac.Endpoint, rbac.Office365) {
		t.Errorf("its alerts belong to %v", item.Workloads.List())
	}
	if _, err := w.service.Create(ctx, as(sol), "", setting(looks)); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "there is no feed") {
		t.Errorf("by who may not read it: %v", err)
	}
	if _, err := w.service.Update(ctx, as(sol), item.ID, "", setting()); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("edited by who may not read it: %v", err)
	}
	seen, err := w.service.Inspect(ctx, dee, item.Query, "1H")
	if must(t, err); seen.Workloads != item.Workloads || !slices.Equal(seen.Feeds, []string{feed}) || len(seen.Problems) != 0 {
		t.Errorf("while it is written: %+v", seen)
	}
	if seen, err = w.service.Inspect(ctx, sol, item.Query, "1H"); err != nil || !slices.ContainsFunc(seen.Problems, func(p fault.Detail) bool { return strings.Contains(p.Problem, "there is no feed") }) {
		t.Errorf("while who may not read it writes it: %+v, %v", seen, err)
	}
	plain := w.create(dee, named("plain"))
	if _, err := w.service.Update(ctx, as(sol), plain.ID, "", setting(looks)); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("made to look it up, as its owner: %v", err)
	}
	for w.runDue() > 0 {
	}
	for who, want := range map[string]int{ada: 2, dee: 2, sol: 1, mel: 0} { // the plain one's
		if got := w.queue(who); len(got) != want {
			t.Errorf("%s sees %q", who, got)
		}
	}
	w.feeds[feed] = rbac.SetOf(rbac.CloudApps)
	w.pass(hour)
	for w.runDue() > 0 {
	}
	if d := w.get(item.ID); !strings.Contains(d.Paused, "there is no feed") {
		t.Errorf("opened to others, and not to its owner: %q", d.Paused)
	}
	w.feeds[feed] = rbac.SetOf(rbac.Endpoint, rbac.CloudApps)
	if own := w.create(sol, looks); own.Workloads != rbac.SetOf(rbac.Endpoint) {
		t.Errorf("of a feed that the product's hunters may read anyway: %v", own.Workloads.List())
	}
}

// A detection is there for who may set it, and for its owner; what it finds is for who may hunt in what it reads.
func TestADetectionOutOfReachIsNotThere(t *testing.T) {
	w := newWorld(t)
	sales, hr, post := w.create(sol), w.create(hana, scope("HR"), named("HR")), w.create(mel, mail, named("Mail"))
	for _, c := range []struct{ who, sees string }{{ada, "HR Mail Office starts curl"}, {sol, "Office starts curl"}, {tom, "Office starts curl"}, {dee, "HR Office starts curl"}, {may, "Mail"}} {
		page, err := w.service.List(ctx, as(c.who))
		var names []string
		for _, i := range page.Items {
			names = append(names, i.Name)
		}
		if got := strings.Join(names, " "); err != nil || got != c.sees {
			t.Errorf("%s sees %q, %v; want %q", c.who, got, err, c.sees)
		}
	}
	if _, err := w.service.List(ctx, as(rita)); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "detections") {
		t.Errorf("who may set none anywhere: %v", err)
	}
	_, none := w.service.Get(ctx, as(sol), "none")
	_, hidden := w.service.Get(ctx, as(sol), hr.ID)
	if strings.ReplaceAll(hidden.Error(), hr.ID, "none") != none.Error() {
		t.Errorf("one out of reach: %v; none: %v", hidden, none)
	}
	for name, try := range map[string]func() error{
		"update":    func() error { _, err := w.service.Update(ctx, as(sol), hr.ID, "", setting()); return err },
		"turn off":  func() error { _, err := w.service.Enable(ctx, as(sol), hr.ID, "", false); return err },
		"hand over": func() error { _, err := w.service.HandOver(ctx, as(sol), hr.ID, "", sol); return err },
		"run":       func() error { _, err := w.service.RunNow(ctx, as(sol), hr.ID); return err },
		"remove":    func() error { return w.service.Remove(ctx, as(sol), hr.ID, "") },
		"its runs":  func() error { _, _, err := w.service.Runs(ctx, as(sol), hr.ID, zero, 10); return err },
	} {
		if err := try(); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.events.on("s1", hour, 1)
	w.runDue()
	w.runDue()
	if _, _, err := w.service.Runs(ctx, as(may), post.ID, zero, 10); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who hunts nowhere reads what was found: %v", err)
	}
	if item, err := w.service.Get(ctx, as(may), post.ID); err != nil || item.Knows || item.Last.Rows != 0 {
		t.Errorf("%+v, %v", item.Last, err)
	}
	must(t, w.store.Change(ctx, func(tx store.Writer) error {
		return tx.AddDetectionRun(store.DetectionRun{Detection: post.ID, From: noon, To: noon.Add(hour), Status: PartiallyFailed, ErrorCode: codeAlertLimit, Started: noon.Add(hour), Ended: noon.Add(hour), Rows: 1000})
	}))
	if item, err := w.service.Get(ctx, as(may), post.ID); err != nil || item.Last.Status != Completed || !item.Last.Started.Equal(noon.Add(hour)) {
		t.Errorf("that there was more than one run raises: %+v, %v", item.Last, err)
	}
	if runs, total, err := w.service.Runs(ctx, as(tom), sales.ID, zero, 10); err != nil || total != 1 || runs[0].Rows != 1 {
		t.Errorf("%+v of %d, %v", runs, total, err)
	}
}

// TestTwoWorlds: whatever detections there are out of reach, and whatever they find, a reader is answered alike.
func TestTwoWorlds(t *testing.T) {
	answers := func(hidden bool) string {
		w := newWorld(t)
		w.events.on("s1", hour, 1)
		w.events.on("h1", hour, 1)
		own := w.create(sol)
		if hidden {
			w.create(hana, scope("HR"), named("Office starts curl"))
			w.create(ada, everywhere, isolates, named("All"))
			w.create(mel, mail)
		}
		for w.runDue() > 0 {
		}
		var b strings.Builder
		for _, who := range []string{sol, tom, rita, nora} {
			page, err := w.service.List(ctx, as(who))
			for _, i := range page.Items {
				i.ID, i.DetectorID, i.Last.Detection = "", "", ""
				fmt.Fprintf(&b, "%+v\n", i)
			}
			runs, total, failed := w.service.Runs(ctx, as(who), own.ID, zero, 10)
			for i := range runs {
				runs[i].Detection = ""
				for n := range runs[i].AlertIDs {
					runs[i].AlertIDs[n] = "" // made of the detection's own
				}
			}
			_, missing := w.service.Get(ctx, as(who), "none")
			fmt.Fprintf(&b, "%s: %v %v %+v %d %v %v\n", who, page.Create, err, runs, total, strings.ReplaceAll(fmt.Sprint(failed), own.ID, ""), missing)
		}
		return b.String()
	}
	if a, b := answers(false), answers(true); a != b {
		t.Errorf("without what is hidden:\n%s\nwith it:\n%s", a, b)
	}
}

// S14: nobody lets another's rights do what they may not do, by editing the other's detection or by giving theirs away.
func TestS14HandingOverGivesNothing(t *testing.T) {
	w := newWorld(t)
	item := w.create(sol, isolates)
	if _, err := w.service.HandOver(ctx, as(tom), item.ID, "", dee); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "remediation") {
		t.Errorf("who may not act gives one away that acts: %v", err)
	}
	plain := w.create(tom, named("plain"))
	if _, err := w.service.Update(ctx, as(tom), plain.ID, "", setting(isolates)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may not act adds an action: %v", err)
	}
	if _, err := w.service.Update(ctx, as(tom), item.ID, "", setting()); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may not act changes another's that acts: %v", err)
	}
	off, err := w.service.Enable(ctx, as(tom), item.ID, "", false)
	if err != nil || off.On {
		t.Errorf("who may set one turns it off: %v", err)
	}
	if _, err := w.service.Enable(ctx, as(tom), item.ID, "", true); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may not act turns one on that does: %v", err)
	}
	if item, err = w.service.Enable(ctx, as(sol), item.ID, "", true); err != nil {
		t.Errorf("who may turns it on: %v", err)
	}
	sols := w.create(sol, named("of who may act"))
	if _, err := w.service.Update(ctx, as(tom), sols.ID, "", setting(isolates)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may not act adds an action to another's who may: %v", err)
	}
	for _, to := range []string{hana, rita, "nobody@x.example", tom} {
		if _, err := w.service.HandOver(ctx, as(sol), item.ID, "", to); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("to %s, who has not got what it takes: %v", to, err)
		}
	}
	got, err := w.service.HandOver(ctx, as(sol), item.ID, Tag(item.Detection), dee)
	if err != nil || got.Owner != dee {
		t.Errorf("%+v, %v", got.Owner, err)
	}
	if _, err := w.service.HandOver(ctx, as(sol), item.ID, Tag(item.Detection), sol); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("from what is no longer there: %v", err)
	}
	if _, err := w.service.HandOver(ctx, as(sol), item.ID, "", sol); err != nil {
		t.Errorf("taking it over again: %v", err)
	}
}

// Rows of alerts are of every product in which the owner hunts: to let another's rights read them takes T5 there, too.
func TestS14RowsOfAlertsTakeTheRightsOfWhereTheirOwnerHunts(t *testing.T) {
	w := newWorld(t)
	w.edit(rbac.PutGroup{Group: rbac.Group{Name: "g-" + mel, Members: []string{mel, dee}}}) // Dee does mail as well
	evidence := query("AlertEvidence | project Timestamp, DeviceId, AccountUpn")
	dees := w.create(dee, named("Dee's"))
	if _, err := w.service.Update(ctx, as(sol), dees.ID, "", setting(evidence)); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "Email") {
		t.Errorf("Sol lets Dee's rights read alerts of mail: %v", err)
	}
	own := w.create(sol, evidence, named("own"))
	if own.Workloads != rbac.SetOf(rbac.Endpoint) {
		t.Errorf("Sol's own is of %v", own.Workloads.List())
	}
	if _, err := w.service.HandOver(ctx, as(sol), own.ID, "", dee); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "Email") {
		t.Errorf("Sol gives it to Dee, whose rights read alerts of mail: %v", err)
	}
	if got, err := w.service.HandOver(ctx, as(dee), own.ID, "", dee); err != nil || got.Workloads != rbac.SetOf(rbac.Endpoint, rbac.Office365) {
		t.Errorf("Dee takes it over: %v, %v", got.Workloads.List(), err)
	}
	if _, err := w.service.Get(ctx, as(sol), own.ID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("Sol knows of it still: %v", err)
	}
}

// The owner of the files is nobody's rights: a detection of theirs is somebody's.
func TestTheOwnerOfTheFilesNamesAnOwner(t *testing.T) {
	w := newWorld(t)
	local := audit.Actor{Name: "local:root", Local: true, Via: audit.ViaCLI}
	if _, err := w.service.Create(ctx, local, "", setting()); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("nobody's: %v", err)
	}
	if _, err := w.service.Create(ctx, local, rita, setting()); err == nil {
		t.Errorf("of who has not got what it takes: %v", err)
	}
	item, err := w.service.Create(ctx, local, sol, setting())
	if err != nil || item.Owner != sol || item.CreatedBy != "local:root" {
		t.Errorf("%+v, %v", item, err)
	}
	if _, err := w.service.Update(ctx, local, item.ID, "", setting(scope("HR"))); err == nil {
		t.Error("a scope that its owner does not reach")
	}
	must(t, w.service.Remove(ctx, local, item.ID, ""))
}
