package hunt_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
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
