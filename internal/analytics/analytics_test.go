package analytics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// told is what somebody is told of a report, a part at a time; a part that is none of theirs is a dash.
func told(i Item) string {
	part := func(p Part, text string, args ...any) string {
		if !p.Allowed() {
			return "-"
		}
		if p.SomeDevices {
			text += " somewhere"
		}
		return fmt.Sprintf(text, args...)
	}
	return strings.Join([]string{
		part(i.Alerts.Part, "alerts %d/%d", i.Alerts.Active, i.Alerts.Resolved), part(i.Incidents.Part, "incidents %d", i.Incidents.Total),
		part(i.Assets.Part, "assets %d/%d/%d", i.Assets.Devices, i.Assets.Mailboxes, i.Assets.Users),
		part(i.Exposure.Part, "%s %d of %d", i.Exposure.Level, i.Exposure.Exposed, i.Exposure.Checked), part(i.Mail.Part, "mail %v %d+%d", i.Mail.Known, i.Mail.Blocked, i.Mail.Junked),
	}, ", ")
}

// T6: each part of a report is for who holds its own row, of each product its own numbers (R21, X11-X13).
func TestEachPartTakesItsOwnRight(t *testing.T) {
	w := newWorld(t)
	w.fill()
	for _, c := range []struct{ who, want string }{
		{ada, "alerts 4/1, incidents 2, assets 3/1/1, high 2 of 4, mail true 1+1"},
		{sol, "alerts 2/1 somewhere, incidents 2 somewhere, assets 2/0/1 somewhere, -, -"}, // of the alert on two devices, their own
		{vic, "-, -, -, high 1 of 3 somewhere, -"},                                         // K12
		{eve, "alerts 2/1 somewhere, incidents 2 somewhere, assets 2/0/1 somewhere, high 1 of 3 somewhere, -"},
		{mel, "alerts 1/0, incidents 1, assets 0/1/0, -, mail true 1+1"}, // K11
		{milo, "alerts 1/0, -, assets 0/1/0, -, -"},                      // P1: T6a without T1
	} {
		i, err := w.service.Find(context.Background(), as(c.who), "wave")
		if err != nil {
			t.Errorf("%s: %v", c.who, err)
			continue
		}
		if got := told(i); got != c.want {
			t.Errorf("%s is told %s, want %s", c.who, got, c.want)
		}
		if (i.Removal == "") != (c.who == ada) || i.Body.Content != "# Long" || i.Body.Summary != "short" || len(i.Mitigations) != 3 {
			t.Errorf("%s reads %+v", c.who, i.Body)
		}
	}
}

// R20: for who holds only roles of cloud apps or identity, or none, the area is not there.
func TestWithoutAnyPartTheAreaIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.fill()
	ctx := context.Background()
	for _, who := range []string{chloe, nora, "stranger@x", ""} {
		_, err := w.service.List(ctx, as(who), Query{})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.KindDenied || !strings.Contains(strings.Join(f.Lacks, "\n"), "needs View data - Threat and vulnerability management in Endpoint") {
			t.Errorf("%s: list: %v", who, err)
		}
		for _, id := range []string{"wave", "no-such"} {
			want := fmt.Sprintf("report: there is no report %q", id)
			_, one := w.service.Find(ctx, as(who), id)
			_, _, incidents := w.service.Incidents(ctx, as(who), id, 0, 9)
			_, _, assets := w.service.Assets(ctx, as(who), id, "device", store.AssetPlace{}, 9)
			_, _, exposed := w.service.Exposed(ctx, as(who), id, "", store.ExposedPlace{}, 9)
			_, _, mail := w.service.Prevented(ctx, as(who), id, store.MailPlace{}, 9)
			for _, err := range []error{one, incidents, assets, exposed, mail} {
				if fault.KindOf(err) != fault.KindNotFound || err.Error() != want {
					t.Errorf("%s: %q: %v", who, id, err)
				}
			}
		}
	}
}

// A zero means zero: what nobody knows is said to be unknown, and what may not be known is not said.
func TestAZeroMeansZero(t *testing.T) {
	w := newWorld(t)
	w.load(quiet)
	w.load(words)
	find := func(who, id string) Item {
		i, err := w.service.Find(context.Background(), as(who), id)
		must(t, err)
		return i
	}
	if got := told(find(ada, "quiet")); got != "alerts 0/0, incidents 0, assets 0/0/0, noData 0 of 0, mail false 0+0" {
		t.Errorf("before anything has come: %s", got)
	}
	w.fill()
	i := find(ada, "quiet")
	if got := told(i); got != "alerts 0/0, incidents 0, assets 0/0/0, none 0 of 4, mail true 0+0" {
		t.Errorf("of a quiet one: %s", got)
	}
	if m := i.Mitigations[0]; !m.Known || m.Exposed != 0 || m.Checked != 4 {
		t.Errorf("its vulnerability is on no device, and that is known: %+v", m)
	}
	if i := find(ada, "words"); i.Exposure.Level != NotMeasured {
		t.Errorf("without mitigations: %s", i.Exposure.Level)
	}
	w.load("---\nid: unchecked\ntitle: x\nmitigations: [scid-77]\npublished: 2026-01-01\n---")
	if i := find(ada, "unchecked"); i.Mitigations[0].Known || i.Mitigations[0].Checked != 0 {
		t.Errorf("a check that nobody made: %+v", i.Mitigations[0])
	}
}

func TestMitigationsAndDevicesAreCutToDeviceGroups(t *testing.T) {
	w := newWorld(t)
	w.fill()
	ctx := context.Background()
	for who, want := range map[string]string{
		ada: "cve-2026-0001 2/4 true; scid-1 1/4 true; m3 0/0 false; | h1 [cve-2026-0001 scid-1]; s1 [cve-2026-0001];  2 | h1; s1; 2 | h1; 1",
		vic: "cve-2026-0001 1/3 true; scid-1 0/3 true; m3 0/0 false; | s1 [cve-2026-0001];  1 | s1; 1 | 0",
	} {
		i, err := w.service.Find(ctx, as(who), "wave")
		must(t, err)
		var b strings.Builder
		for _, m := range i.Mitigations {
			fmt.Fprintf(&b, "%s %d/%d %v; ", m.ID, m.Exposed, m.Checked, m.Known)
		}
		b.WriteString("| ")
		list, total, err := w.service.Exposed(ctx, as(who), "wave", "", store.ExposedPlace{}, 9)
		must(t, err)
		for _, d := range list {
			slices.Sort(d.Mitigations)
			fmt.Fprintf(&b, "%s %v; ", d.ID, d.Mitigations)
		}
		fmt.Fprintf(&b, " %d", total)
		for _, m := range []string{"cve-2026-0001", "scid-1"} {
			list, total, err := w.service.Exposed(ctx, as(who), "wave", m, store.ExposedPlace{}, 9)
			must(t, err)
			b.WriteString(" | ")
			for _, d := range list {
				b.WriteString(d.ID + "; ")
			}
			fmt.Fprint(&b, total)
		}
		if b.String() != want {
			t.Errorf("%s: %s\nwant %s", who, b.String(), want)
		}
	}
	if _, _, err := w.service.Exposed(ctx, as(vic), "wave", "nothing", store.ExposedPlace{}, 9); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a mitigation that is none: %v", err)
	}
}

// S7: a device's rows follow it into the group that it is in now.
func TestRowsFollowTheirDevice(t *testing.T) {
	w := newWorld(t)
	w.fill()
	must(t, w.store.Change(context.Background(), func(tx store.Writer) error {
		_, err := tx.Regroup(func(d store.Device) string { return "HR" })
		return err
	}))
	for who, want := range map[string]string{vic: "-, -, -, noData 0 of 0 somewhere, -", sol: "alerts 0/0 somewhere, incidents 0 somewhere, assets 0/0/0 somewhere, -, -"} {
		i, err := w.service.Find(context.Background(), as(who), "wave")
		must(t, err)
		if got := told(i); got != want {
			t.Errorf("%s: %s, want %s", who, got, want)
		}
	}
}

// A device that nothing describes is for readers of every device group (S8).
func TestRowsOfAnUnknownDevice(t *testing.T) {
	w := newWorld(t)
	w.load(wave)
	w.load(row("DeviceTvmSoftwareVulnerabilities", `{"DeviceId":"ghost","CveId":"CVE-2026-0001"}`))
	w.edit(rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{{Name: "HR"}, {Name: rbac.UngroupedDevices, Access: []string{"g-" + vic}}}})
	for who, want := range map[string]int64{vic: 0, ada: 1} {
		i, err := w.service.Find(context.Background(), as(who), "wave")
		must(t, err)
		if i.Exposure.Exposed != want {
			t.Errorf("%s counts %d", who, i.Exposure.Exposed)
		}
	}
}

func TestCountsByDay(t *testing.T) {
	w := newWorld(t)
	w.fill()
	i, err := w.service.Find(context.Background(), as(ada), "wave")
	must(t, err)
	a, s, m := i.Alerts.Days, i.Assets.Days, i.Mail.Days
	if len(a) != SeriesDays || len(s) != SeriesDays || len(m) != MailDays {
		t.Fatalf("%d, %d, %d days", len(a), len(s), len(m))
	}
	if last := a[SeriesDays-1]; !last.Date.Equal(noon.Truncate(24*time.Hour)) || last.Active != 2 || a[SeriesDays-2].Active != 2 || a[0].Active != 0 {
		t.Errorf("alerts: %+v", a)
	}
	if last, before := s[SeriesDays-1], s[SeriesDays-2]; last.Devices != 2 || before.Devices != 1 || before.Mailboxes != 1 || before.Users != 1 {
		t.Errorf("assets: %+v", s)
	}
	if m[MailDays-2].Blocked != 1 || m[MailDays-3].Junked != 1 || m[MailDays-1] != (MailDay{Date: noon.Truncate(24 * time.Hour)}) {
		t.Errorf("mail: %+v", m)
	}
}

// Lists of a part: pages, and refusals that name what is missing.
func TestListsOfAReport(t *testing.T) {
	w := newWorld(t)
	w.fill()
	ctx := context.Background()
	incidents, total, err := w.service.Incidents(ctx, as(ada), "wave", 0, 1)
	if err != nil || total != 2 || len(incidents) != 1 || incidents[0].ID != "i1" {
		t.Errorf("first page: %v of %d, %v", incidents, total, err)
	}
	if incidents, _, _ = w.service.Incidents(ctx, as(ada), "wave", 1, 1); len(incidents) != 1 || incidents[0].Name != "i2 of 2" {
		t.Errorf("second page: %v", incidents)
	}
	// S9: of an incident that one sees in part, the part.
	if incidents, _, _ = w.service.Incidents(ctx, as(sol), "wave", 0, 9); len(incidents) != 2 || incidents[1].Name != "i1 of 2" || !incidents[1].Partial {
		t.Errorf("of a part: %+v", incidents)
	}
	assets, total, err := w.service.Assets(ctx, as(sol), "wave", "device", store.AssetPlace{}, 9)
	if err != nil || total != 2 || len(assets) != 2 || assets[0].ID != "s1" || assets[0].Alerts != 2 || assets[1].ID != "s2" || assets[1].DeviceGroup != "Sales" {
		t.Errorf("assets: %+v of %d, %v", assets, total, err)
	}
	mails, total, err := w.service.Prevented(ctx, as(mel), "wave", store.MailPlace{}, 9)
	if err != nil || total != 2 || len(mails) != 2 || mails[0].Message != "b" || mails[1].Message != "j" {
		t.Errorf("mail: %+v of %d, %v", mails, total, err)
	}
	refused := func(what, who string, err error, want string) {
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.KindDenied || !strings.Contains(strings.Join(f.Lacks, "; "), want) {
			t.Errorf("%s by %s: %v, want it to say %q", what, who, err, want)
		}
	}
	_, _, err = w.service.Incidents(ctx, as(milo), "wave", 0, 9)
	refused("incidents", milo, err, "View-Only Manage Alerts")
	_, _, err = w.service.Incidents(ctx, as(vic), "wave", 0, 9)
	refused("incidents", vic, err, "needs View data - Security operations in Endpoint")
	_, _, err = w.service.Assets(ctx, as(vic), "wave", "device", store.AssetPlace{}, 9)
	refused("assets", vic, err, "needs View data - Security operations in Endpoint")
	_, _, err = w.service.Exposed(ctx, as(mel), "wave", "", store.ExposedPlace{}, 9)
	refused("devices", mel, err, "needs View data - Threat and vulnerability management in Endpoint")
	_, _, err = w.service.Prevented(ctx, as(sol), "wave", store.MailPlace{}, 9)
	refused("mail", sol, err, "Security Reader")
}

func TestTheListIsOrderedByWhatOneMayKnow(t *testing.T) {
	w := newWorld(t)
	w.fill()
	ctx := context.Background()
	ids := func(who string, q Query) string {
		page, err := w.service.List(ctx, as(who), q)
		if err != nil {
			return err.Error()
		}
		var list []string
		for _, i := range page.Items {
			list = append(list, i.ID)
		}
		return fmt.Sprintf("%v%d%s", list, page.Total, page.Next)
	}
	for _, c := range []struct {
		who  string
		q    Query
		want string
	}{
		{ada, Query{}, "[wave quiet words]3"},
		{ada, Query{OrderBy: "severity"}, "[quiet wave words]3"},
		{ada, Query{OrderBy: "exposure"}, "[wave quiet words]3"},
		{mel, Query{OrderBy: "exposure", Limit: 2}, "[wave quiet]3quiet"},
		{mel, Query{OrderBy: "exposure", Limit: 2, After: "quiet"}, "[words]3"},
		{ada, Query{OrderBy: "alerts"}, "[wave quiet words]3"},
		{ada, Query{Severities: []string{"low", "HIGH"}}, "[quiet]1"},
		{ada, Query{Tags: []string{"phishing"}}, "[wave]1"},
		{ada, Query{Types: []string{"vulnerability"}}, "[quiet]1"},
		{ada, Query{Types: []string{"Vulnerability"}, Severities: []string{"low"}}, "[]0"},
		{ada, Query{OrderBy: "title"}, "[wave quiet words]3"},
		{ada, Query{OrderBy: "title", Direction: "desc"}, "[words quiet wave]3"},
		{ada, Query{OrderBy: "published", Direction: "asc"}, "[words quiet wave]3"},
		{ada, Query{OrderBy: "assets"}, "[wave quiet words]3"},
		{vic, Query{OrderBy: "assets", Direction: "asc"}, "[wave quiet words]3"}, // none of hers to know
		{mel, Query{OrderBy: "mail"}, "[wave quiet words]3"},
		{ada, Query{Search: "cve-2026-0002"}, "[quiet]1"},
		{ada, Query{Direction: "up"}, `list reports: direction "up": want one of asc, desc`},
		{ada, Query{Search: "QUI"}, "[quiet]1"},
		{ada, Query{After: "gone"}, "list reports: the list has changed: ask for its first page again"},
		{ada, Query{OrderBy: "luck"}, `list reports: order "luck": want one of updated, published, title, severity, exposure, alerts, assets, mail`},
	} {
		if got := ids(c.who, c.q); got != c.want {
			t.Errorf("%s %+v: %s, want %s", c.who, c.q, got, c.want)
		}
	}
	page, err := w.service.List(ctx, as(mel), Query{})
	must(t, err)
	if got := told(page.Items[0]); got != "alerts 1/0, incidents 0, assets 0/1/0, -, mail true 1+1" || page.Items[0].Incidents.Counted {
		t.Errorf("a card says %s", got)
	}
}

// The dashboard's cards are of what the reader may know: what is not theirs orders nothing.
func TestTheDashboardIsOfWhatOneMayKnow(t *testing.T) {
	w := newWorld(t)
	w.fill()
	ids := func(items []Item) (list []string) {
		for _, i := range items {
			list = append(list, i.ID)
		}
		return list
	}
	for who, want := range map[string]string{
		ada: "3 reports; latest [wave quiet words]; impact [wave]; exposure [wave] of 4", mel: "3 reports; latest [wave quiet words]; impact [wave]; exposure [] of 0",
		vic: "3 reports; latest [wave quiet words]; impact []; exposure [wave] of 3",
	} {
		b, err := w.service.Dashboard(context.Background(), as(who))
		must(t, err)
		if got := fmt.Sprintf("%d reports; latest %v; impact %v; exposure %v of %d", b.Total, ids(b.Latest), ids(b.HighImpact), ids(b.HighestExposure), b.Checked); got != want {
			t.Errorf("%s: %s, want %s", who, got, want)
		}
		if fmt.Sprint(b.Severities, b.Types, b.Tags) != "[{high 1} {medium 1} {unknown 1}] [{Vulnerability 1}] [{Phishing 1}]" {
			t.Errorf("%s narrows by %v, %v, %v", who, b.Severities, b.Types, b.Tags)
		}
	}
	if _, err := w.service.Dashboard(context.Background(), as(chloe)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("of cloud apps alone: %v", err)
	}
}

// To forget a report takes the right to load one; it is recorded.
func TestRemove(t *testing.T) {
	w := newWorld(t)
	w.fill()
	ctx := context.Background()
	for _, who := range []string{sol, mel, nora} {
		if err := w.service.Remove(ctx, as(who), "wave"); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: %v", who, err)
		}
	}
	must(t, w.service.Remove(ctx, as(ada), "wave"))
	if err := w.service.Remove(ctx, as(ada), "wave"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("again: %v", err)
	}
	must(t, w.service.Remove(ctx, audit.Actor{Name: "local:me", Local: true, Via: audit.ViaCLI}, "quiet"))
	page, err := w.service.List(ctx, as(ada), Query{})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != "words" {
		t.Errorf("left: %+v, %v", page.Items, err)
	}
}
