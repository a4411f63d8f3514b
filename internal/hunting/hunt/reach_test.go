package hunt_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
	"github.com/bailiwick/bailiwick/rbac"
)

func devicesWorld(t *testing.T) *world {
	w := newWorld(t)
	var rows []row
	for i, d := range []string{"d-s1", "d-s2", "d-f1", "d-u1", "d-x", ""} {
		rows = append(rows, row{"DeviceId": d, "ReportId": i, "FileName": "f-" + d})
	}
	w.load("DeviceProcessEvents", rows...)
	w.load("EmailEvents", row{"NetworkMessageId": "m1", "Subject": "hello", "RecipientEmailAddress": "a@contoso.example"})
	return w
}

func TestRowsAreCutToTheDevicesInReach(t *testing.T) {
	w := devicesWorld(t)
	w.workers()
	const names = "DeviceProcessEvents | where ReportId >= 0 | project FileName"
	w.want(admin, names, "f-", "f-d-f1", "f-d-s1", "f-d-s2", "f-d-u1", "f-d-x")
	w.want(sales, names, "f-d-s1", "f-d-s2")
	w.want(sales, "DeviceProcessEvents | count", "2")
	w.want(admin, "DeviceProcessEvents | count", "6")
	w.want(both, "union DeviceProcessEvents, EmailEvents | count", "3")
	w.tag("d-s2", "finance")
	w.want(sales, names, "f-d-s1")
	w.tag("d-f1", "sales")
	w.want(sales, names, "f-d-f1", "f-d-s1")
}

// S13: what is narrowed to device groups reads the rows of their devices and no others, unknown ones among them, however much its reader
// reaches; and of groups that the reader does not reach, nothing.
func TestS13WhatIsNarrowedToDeviceGroupsReadsNoOthers(t *testing.T) {
	w := devicesWorld(t)
	w.load("DeviceTvmSoftwareInventory", row{"DeviceId": "d-s1", "SoftwareName": "a"}, row{"DeviceId": "d-f1", "SoftwareName": "b"})
	w.load("AlertInfo", row{"AlertId": "al-s"}, row{"AlertId": "al-f"}, row{"AlertId": "al-m"}, row{"AlertId": "al-none"})
	for _, c := range []struct{ reader, query, within, want string }{
		{admin, "DeviceProcessEvents | project FileName | sort by FileName asc", "Sales", "f-d-s1,f-d-s2"},
		{admin, "DeviceProcessEvents | project FileName | sort by FileName asc", "Finance", "f-d-f1"},
		{admin, "DeviceProcessEvents | project FileName", "Nowhere", ""},
		{sales, "DeviceProcessEvents | project FileName", "Finance", ""},
		{admin, "DeviceTvmSoftwareInventory | project SoftwareName", "Sales", "a"},
		{admin, "AlertInfo | project AlertId | sort by AlertId asc", "Sales", "al-m,al-s"},
		{admin, "EmailEvents | project NetworkMessageId", "Sales", "m1"},
	} {
		var s sheet
		if _, err := w.hunter.Run(context.Background(), c.reader, hunt.Request{Query: c.query, Within: []string{c.within}}, &s); err != nil || strings.Join(s.rows, ",") != c.want {
			t.Errorf("%s, as %s within %s: %q, %v, want %q", c.query, c.reader, c.within, s.rows, err, c.want)
		}
	}
}

// Tables of other products that name devices of endpoint: of those, the devices in reach; what is of no device is for all who hunt there.
func TestRowsOfOtherProductsAreCutToTheDevicesInReach(t *testing.T) {
	w := newWorld(t)
	for _, table := range []string{"BehaviorInfo", "BehaviorEntities"} {
		var rows []row
		for _, d := range []string{"d-s1", "d-f1", "d-x", ""} {
			rows = append(rows, row{"BehaviorId": "b-" + d, "DeviceId": d})
		}
		w.load(table, rows...)
		query := table + " | project BehaviorId"
		w.want(clouds, query, "b-")
		w.edit(rbac.PutGroup{Group: rbac.Group{Name: "sales", Members: []string{sales, both, clouds}}})
		w.want(clouds, query, "b-", "b-d-s1")
		w.edit(rbac.PutGroup{Group: rbac.Group{Name: "sales", Members: []string{sales, both}}})
		w.want(admin, query, "b-", "b-d-f1", "b-d-s1", "b-d-x")
	}
}

func TestATableThatMayNotBeReadIsAnErrorThatNamesThePermission(t *testing.T) {
	w := devicesWorld(t)
	for _, c := range []struct{ reader, query, says string }{
		{sales, "EmailEvents | count", "needs Security Reader, Security Administrator or View-Only Recipients in Email & collaboration"},
		{mail, "DeviceProcessEvents", "needs View data - Security operations in Endpoint"},
		{sales, "DeviceTvmSoftwareInventory", "needs View data - Threat and vulnerability management in Endpoint"},
		{mail, "IdentityLogonEvents", "Cloud Apps"},
		{both, "ExposureGraphNodes", "only Global Administrator"},
		{guest, "print 1", "no role lets you hunt"},
	} {
		_, err := w.ask(c.reader, c.query)
		if fault.KindOf(err) != fault.KindDenied || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(c.says)) {
			t.Errorf("%s, as %s: %v, want a denial that says %q", c.query, c.reader, err, c.says)
		}
	}
	_, err := w.ask(admin, "NoSuchTable")
	var wrong *hunt.SyntaxError
	if !errors.As(err, &wrong) || fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a table that is none: %v", err)
	}
}

// No permission is for hunting in products outside the four. Who sees their alerts hunts in them, while they see them (S10).
func TestTablesOfOtherProductsAreForWhoSeesTheirAlerts(t *testing.T) {
	w := newWorld(t)
	w.load("ExposureGraphNodes", row{"NodeId": "n1"})
	const anna, query = "anna@contoso.example", "ExposureGraphNodes | project NodeId"
	for _, role := range []string{"Security Reader", "Security Operator", "Global Reader", "Global Administrator"} {
		w.edit(rbac.PutUser{User: rbac.User{Name: anna, GlobalRoles: []string{role}}})
		w.want(anna, query, "n1")
	}
	w.want(admin, query, "n1")
	began, ended := make(chan struct{}), make(chan error)
	run := w.hunter.Workers
	w.hunter.Workers = stalled{began}
	go func() {
		_, err := w.ask(anna, query)
		ended <- err
	}()
	select {
	case <-began:
	case err := <-ended:
		t.Fatal(err)
	}
	w.edit(rbac.PutUser{User: rbac.User{Name: anna}}, rbac.PutGroup{Group: rbac.Group{Name: "mail", Members: []string{mail, both, anna}}})
	if err := endOf(t, ended); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("losing sight of them while it runs: %v, want a denial", err)
	}
	w.hunter.Workers = run
	w.want(anna, "EmailEvents | count", "0")
	if _, err := w.ask(anna, query); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who sees no alerts of other products: %v, want a denial", err)
	}
}

// S10: roles of all four products open no alert of another, and a global role that sees such alerts hunts in their rows while it does.
func TestS10RowsOfAlertsOfOtherProductsAreForWhoSeesThose(t *testing.T) {
	w := newWorld(t)
	w.load("AlertInfo", row{"AlertId": "al-m"}, row{"AlertId": "al-o"}, row{"AlertId": "al-f"}, row{"AlertId": "al-unknown"})
	w.load("AlertEvidence", row{"AlertId": "al-o", "EntityType": "User"}, row{"AlertId": "al-m", "EntityType": "User"})
	const anna, query = "anna@contoso.example", "AlertInfo | project AlertId"
	groups := []rbac.DeviceGroup{}
	for _, g := range policy().DeviceGroups {
		g.Access = []string{"sales", "mail", "clouds"}
		groups = append(groups, g)
	}
	w.edit(rbac.SetDeviceGroups{DeviceGroups: groups}, rbac.PutUser{User: rbac.User{Name: anna}})
	for _, g := range []string{"sales", "mail", "clouds"} {
		w.edit(rbac.PutGroup{Group: rbac.Group{Name: g, Members: []string{anna}}})
	}
	w.want(anna, query, "al-f", "al-m")
	w.want(anna, "AlertEvidence | project AlertId", "al-m")
	w.edit(rbac.PutUser{User: rbac.User{Name: anna, GlobalRoles: []string{"Security Reader"}}})
	w.want(anna, query, "al-f", "al-m", "al-o", "al-unknown")
	var s sheet
	if _, err := w.hunter.Run(context.Background(), anna, hunt.Request{Query: query + " | sort by AlertId asc", OfTheFour: true}, &s); err != nil || strings.Join(s.rows, ",") != "al-f,al-m" {
		t.Errorf("for a detection: %q, %v", s.rows, err)
	}
	for _, g := range []string{"sales", "mail", "clouds"} {
		w.edit(rbac.PutGroup{Group: rbac.Group{Name: g}})
	}
	w.want(anna, query, "al-m", "al-o")
	began, ended := make(chan struct{}), make(chan error)
	w.hunter.Workers = stalled{began}
	go func() {
		_, err := w.ask(anna, query)
		ended <- err
	}()
	<-began
	w.edit(rbac.PutUser{User: rbac.User{Name: anna}}, rbac.PutGroup{Group: rbac.Group{Name: "mail", Members: []string{anna}}}, rbac.PutGroup{Group: rbac.Group{Name: "clouds", Members: []string{anna}}})
	if err := endOf(t, ended); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("losing sight of them while it runs: %v, want a denial", err)
	}
}

// endOf is what ended a query, or the end of the test.
func endOf(t *testing.T, ended chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("it runs on without the right to what it reads")
		return nil
	}
}

func TestAlertsAreSeenRowByRow(t *testing.T) {
	for _, many := range []bool{false, true} {
		alertsRowByRow(t, many)
	}
}

func alertsRowByRow(t *testing.T, many bool) {
	w := newWorld(t)
	if many {
		w.crowd()
	}
	var infos, evidence []row
	for _, a := range []string{"al-s", "al-f", "al-sf", "al-none", "al-m", "al-sm", "al-c", "al-o", "al-unknown"} {
		infos = append(infos, row{"AlertId": a})
		for _, d := range []string{"d-s1", "d-f1"} {
			evidence = append(evidence, row{"AlertId": a, "DeviceId": d, "EntityType": "Machine", "AdditionalFields": "of " + d})
		}
		evidence = append(evidence, row{"AlertId": a, "DeviceId": "", "EntityType": "User", "AdditionalFields": "user"}, row{"AlertId": a, "DeviceId": "", "EntityType": "File", "AdditionalFields": "file"})
	}
	w.load("AlertInfo", infos...)
	w.load("AlertEvidence", evidence...)
	w.load("AlertEvidence", row{"AlertId": "al-sf", "DeviceName": "finance-1", "EntityType": "User"}) // of a device that it names and does not identify
	const alerts = "AlertInfo | project AlertId"
	w.want(admin, alerts, "al-c", "al-f", "al-m", "al-none", "al-o", "al-s", "al-sf", "al-sm", "al-unknown")
	w.want(sales, alerts, "al-s", "al-sf")
	w.want(mail, alerts, "al-m")
	w.want(both, alerts, "al-m", "al-s", "al-sf", "al-sm")
	w.want(clouds, alerts, "al-c")
	// Of an alert with a device out of reach: what is of devices in reach, and what is of none; nothing that may tell of the other.
	w.want(sales, "AlertEvidence | where AlertId == 'al-sf' | project DeviceId, EntityType, AdditionalFields", "d-s1|Machine|", "|User|")
	w.want(sales, "AlertEvidence | where AlertId == 'al-s' | count", "4")
	w.want(mail, "AlertEvidence | where AlertId == 'al-m' | count", "4")
}

func TestVulnerabilitiesTakeARightOfTheirOwnAndShowTheLastCopy(t *testing.T) {
	w := newWorld(t)
	const query = "DeviceTvmSoftwareInventory | project DeviceId, SoftwareName"
	w.now = now.AddDate(0, 0, -2)
	w.load("DeviceTvmSoftwareInventory", row{"DeviceId": "d-s1", "SoftwareName": "gone"}, row{"DeviceId": "d-s1", "SoftwareName": "kept"}, row{"DeviceId": "d-s2", "SoftwareName": "old"}, row{"DeviceId": "d-f1", "SoftwareName": "secret"})
	w.now = now
	w.load("DeviceTvmSoftwareInventory", row{"DeviceId": "d-s1", "SoftwareName": "kept"}, row{"DeviceId": "d-s1", "SoftwareName": "new"})
	w.want(exposure, query, "d-s1|kept", "d-s1|new", "d-s2|old")
	w.want(admin, query, "d-f1|secret", "d-s1|kept", "d-s1|new", "d-s2|old")
	if _, err := w.ask(sales, query); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("without the right: %v", err)
	}
}

// stalled hands a query to somebody, and then waits until it is ended.
type stalled struct{ began chan struct{} }

func (s stalled) Run(ctx context.Context, _ string, _ worker.Job, _ worker.Rows) (worker.Stats, error) {
	close(s.began)
	<-ctx.Done()
	return worker.Stats{}, &worker.Error{Code: worker.Cancelled, ID: "1"}
}

func TestWhoLosesWhatAQueryRestsOnHasItEnded(t *testing.T) {
	drop := rbac.RemoveAssignment{ID: "1"}
	for what, edits := range map[string][]rbac.Edit{
		"the role": {drop},
		"a device group": {rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales", Match: rbac.Match{Tag: []string{"sales"}}, Access: []string{"exposure"}}, {Name: "Finance", Match: rbac.Match{Tag: []string{"finance"}}, Access: []string{"sales"}}, {Name: rbac.UngroupedDevices},
		}}},
		"the account": {rbac.PutUser{User: rbac.User{Name: sales, Disabled: true}}},
	} {
		w := newWorld(t)
		began := make(chan struct{})
		w.hunter.Workers = stalled{began}
		ended := make(chan error)
		go func() {
			_, err := w.ask(sales, "DeviceProcessEvents")
			ended <- err
		}()
		<-began
		w.edit(rbac.PutGroup{Group: rbac.Group{Name: "others"}}) // which changes nothing for them
		w.edit(edits...)
		if err := endOf(t, ended); fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "changed while the query ran") {
			t.Errorf("losing %s: %v", what, err)
		}
	}
}

func TestAQueryEndsWhenNobodyCanTellWhetherItStillMayRun(t *testing.T) {
	w := newWorld(t)
	began := make(chan struct{})
	turning := &turning{Snapshots: w.hunter.Snapshots, lost: make(chan struct{})}
	w.hunter.Workers, w.hunter.Snapshots = stalled{began}, turning
	ended := make(chan error)
	go func() {
		_, err := w.ask(sales, "DeviceProcessEvents")
		ended <- err
	}()
	<-began
	close(turning.lost)
	if err := endOf(t, ended); fault.KindOf(err) != fault.KindUnavailable || !strings.Contains(err.Error(), "could not be found out") {
		t.Error(err)
	}
}

// turning is a policy that can be read until it is lost.
type turning struct {
	hunt.Snapshots
	lost chan struct{}
}

func (p *turning) Snapshot(ctx context.Context) (*rbac.Snapshot, error) {
	select {
	case <-p.lost:
		return nil, errors.New("unreadable")
	default:
		return p.Snapshots.Snapshot(ctx)
	}
}

// A table that was renamed has one set of rows, under whatever name they came in and are asked for. One that was only replaced has its own.
func TestRowsOfARenamedTableAreThereByBothNames(t *testing.T) {
	w := newWorld(t)
	w.load("AADSignInEventsBeta", row{"AccountUpn": "old@contoso.example", "AadDeviceId": "a1", "ReportId": "1"})
	w.load("EntraIdSignInEvents", row{"AccountUpn": "new@contoso.example", "EntraIdDeviceId": "a2", "ReportId": "2"})
	w.load("AADSpnSignInEventsBeta", row{"ServicePrincipalId": "s", "ReportId": "3"})
	w.load("AppFileEvents", row{"FileName": "f", "ReportId": 4})
	w.want(clouds, "AADSignInEventsBeta | project AccountUpn, AadDeviceId", "new@contoso.example|a2", "old@contoso.example|a1")
	w.want(clouds, "EntraIdSignInEvents | project AccountUpn, EntraIdDeviceId", "new@contoso.example|a2", "old@contoso.example|a1")
	w.want(clouds, "EntraIdSpnSignInEvents | project ServicePrincipalId", "s")
	w.want(clouds, "union withsource=T *SignInEvents* | summarize count() by T", "EntraIdSignInEvents|2", "EntraIdSpnSignInEvents|1")
	w.want(clouds, "union withsource=T AADSign* | summarize count() by T", "AADSignInEventsBeta|2")
	w.want(clouds, "search 'contoso' | summarize count() by $table", "EntraIdSignInEvents|2")
	w.want(clouds, "union AppFileEvents, CloudAppEvents | count", "1")
	w.want(clouds, "CloudAppEvents | count", "0")
	for _, table := range []string{"AADSignInEventsBeta", "EntraIdSignInEvents"} {
		if _, err := w.ask(mail, table); err == nil || !strings.Contains(err.Error(), table) {
			t.Errorf("%s, as one who may not read it: %v", table, err)
		}
	}
}

// A search looks at values as they are, also where the column that it shows them in is of another type.
func TestASearchFindsWhatItsColumnCannotShow(t *testing.T) {
	w := newWorld(t)
	w.load("DeviceProcessEvents", row{"DeviceId": "d-s1", "FileName": "r-7.exe", "ReportId": 7})
	w.load("EmailEvents", row{"NetworkMessageId": "m", "Subject": "hello", "ReportId": "r-7"}, row{"NetworkMessageId": "n", "Subject": "r-7", "ReportId": "12"})
	w.want(admin, "search in (DeviceProcessEvents, DeviceFileEvents, EmailEvents) 'r-7' | project $table, ReportId", "DeviceProcessEvents|7", "EmailEvents|12", "EmailEvents|null")
	w.want(admin, "search in (DeviceProcessEvents, DeviceFileEvents, EmailEvents) ReportId == 7 | project $table", "DeviceProcessEvents")
}

// A query is bound before it stands in the log, and run after. What counts is what its reader may see when it runs.
func TestWhatWasBoundIsRunByTheRightsOfTheRun(t *testing.T) {
	w := devicesWorld(t)
	prepared := func(reader, query string) *hunt.Prepared {
		p, err := w.hunter.Prepare(context.Background(), reader, hunt.Request{Query: query})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	run := func(p *hunt.Prepared) (string, error) {
		s := &sheet{}
		_, err := w.hunter.RunPrepared(context.Background(), p, s)
		slices.Sort(s.rows)
		return strings.Join(s.rows, " "), err
	}
	const names = "DeviceProcessEvents | project FileName"
	member := func(group string, people ...string) {
		w.edit(rbac.PutGroup{Group: rbac.Group{Name: group, Members: people}})
	}

	p := prepared(sales, names)
	w.tag("d-s2", "finance")
	if rows, err := run(p); err != nil || rows != "f-d-s1" {
		t.Errorf("a device left the reader's groups: %s, %v", rows, err)
	}
	p = prepared(both, names)
	member("sales", sales)
	if rows, err := run(p); fault.KindOf(err) != fault.KindDenied || rows != "" || !strings.Contains(err.Error(), "View data - Security operations") {
		t.Errorf("the right went: %s, %v", rows, err)
	}
	member("sales", sales, both)
	p = prepared(both, "search * | summarize by $table")
	member("mail")
	if rows, err := run(p); err != nil || rows != "DeviceProcessEvents" {
		t.Errorf("the right to one of two went, which a star names: %s, %v", rows, err)
	}
	p = prepared(both, "search * | summarize by $table")
	member("mail", both)
	if rows, err := run(p); err != nil || rows != "DeviceProcessEvents EmailEvents" {
		t.Errorf("a right came: %s, %v", rows, err)
	}
	p = prepared(sales, names)
	w.edit(rbac.RemoveUser{Name: sales})
	if rows, err := run(p); fault.KindOf(err) != fault.KindDenied || rows != "" {
		t.Errorf("the reader went: %s, %v", rows, err)
	}
}
