package analytics

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// The people: ada administers; sol reads Sales devices, vic their weaknesses, eve both; mel reads mail, milo only manages its alerts;
// chloe reads cloud apps; nora has nothing.
const ada, sol, vic, eve, mel, milo, chloe, nora = "ada@x", "sol@x", "vic@x", "eve@x", "mel@x", "milo@x", "chloe@x", "nora@x"

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// world is a store with a policy, and a service over it.
type world struct {
	t       testing.TB
	store   store.Store
	service *Service
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := emptyWorld(t)
	role := func(id string, of rbac.Workload, name string, permissions ...string) rbac.Edit {
		return rbac.PutRole{Role: rbac.Role{ID: id, Workload: of, Name: name, Permissions: permissions}}
	}
	n := 0
	give := func(of rbac.Workload, role, to string) rbac.Edit {
		n++
		return rbac.PutAssignment{Assignment: rbac.Assignment{ID: fmt.Sprint(n), Role: rbac.RoleRef{Workload: of, Name: role}, Group: "g-" + to, Scope: rbac.Scope{All: true}}}
	}
	edits := []rbac.Edit{rbac.SetEndpointRoles{On: true}, rbac.PutUser{User: rbac.User{Name: ada, GlobalRoles: []string{"Global Administrator"}}}}
	for _, name := range []string{sol, vic, eve, mel, milo, chloe, nora} {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + name, Members: []string{name}}})
	}
	w.edit(append(edits,
		rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol, "g-" + vic, "g-" + eve}}, {Name: "HR", Match: rbac.Match{Name: []string{"h*"}}}, {Name: rbac.UngroupedDevices},
		}},
		role("r1", rbac.Endpoint, "Reader", "View data - Security operations"), role("r2", rbac.Endpoint, "Weaknesses", "View data - Threat and vulnerability management"),
		role("r3", rbac.Office365, "Mail", "Security Reader"), role("r4", rbac.Office365, "Desk", "Manage Alerts"),
		give(rbac.Endpoint, "Reader", sol), give(rbac.Endpoint, "Weaknesses", vic), give(rbac.Endpoint, "Reader", eve), give(rbac.Endpoint, "Weaknesses", eve),
		give(rbac.Office365, "Mail", mel), give(rbac.Office365, "Desk", milo), give(rbac.CloudApps, "Security reader", chloe))...)
	return w
}

// emptyWorld has nobody and nothing yet.
func emptyWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	s := sqlitetest.Open(t, filepath.Join(dir, sqlite.FileName))
	w := &world{t: t, store: s}
	clock := func() time.Time { return noon }
	named := func(tx store.Reader, v store.Visible, row store.IncidentRow) (string, error) {
		return fmt.Sprintf("%s of %d", row.ID, row.Alerts), nil
	}
	w.service = New(s, &audit.Door{Store: s, Now: clock}, w, named, clock)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) edit(edits ...rbac.Edit) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
}

// Snapshot compiles what the store has.
func (w *world) Snapshot(ctx context.Context) (snapshot *rbac.Snapshot, err error) {
	err = w.store.View(ctx, func(r store.Reader) error {
		p, err := r.Policy()
		if err != nil {
			return err
		}
		snapshot, err = rbac.Compile(catalog.Default(), p)
		return err
	})
	return snapshot, err
}

// load takes a file in; devices are grouped by how their names begin.
func (w *world) load(text string) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		k := tx.TakeRecords(grouped)
		_, err := ingest.Read("x", strings.NewReader(text), func(r store.Record) (err error) {
			switch {
			case r.Alert != nil:
				_, err = k.Alert(*r.Alert)
			case r.Report != nil:
				_, err = k.Report(*r.Report)
			case r.Row != nil:
				_, err = k.Row(r.Row)
			}
			return err
		})
		if err != nil {
			return err
		}
		return k.Done()
	}))
}

func grouped(d store.Device) string {
	for begin, group := range map[string]string{"s": "Sales", "h": "HR", "l": "Lab"} {
		if d.Known && strings.HasPrefix(d.Name, begin) {
			return group
		}
	}
	return rbac.UngroupedDevices
}

func as(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaToken} }

// alert is one as a file brings it; source is that of a product, and more is evidence besides the device.
func alert(id, incident, title, source, status, device, more string, at time.Time) string {
	evidence := more
	if device != "" {
		evidence = strings.TrimSuffix(fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":%q,"deviceDnsName":%q},`, device, device)+more, ",")
	}
	return fmt.Sprintf(`{"id":%q,"incidentId":%q,"title":%q,"status":%q,"severity":"high","serviceSource":%q,"createdDateTime":%q,"lastUpdateDateTime":%[6]q,"evidence":[%[7]s]}`+"\n",
		id, incident, title, status, source, at.Format(time.RFC3339), evidence)
}

const (
	endpoint = "microsoftDefenderForEndpoint"
	office   = "microsoftDefenderForOffice365"
	cloud    = "microsoftDefenderForCloudApps"
	mailbox  = `{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"ann@x"}`
	user     = `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"bob@x"}}`
)

func row(table, properties string) string {
	return fmt.Sprintf(`{"time":%q,"category":"AdvancedHunting-%s","properties":%s}`+"\n", noon.Add(-time.Hour).Format(time.RFC3339), table, properties)
}

func weakness(device, cve string) string {
	return row("DeviceTvmSoftwareVulnerabilities", fmt.Sprintf(`{"DeviceId":%q,"DeviceName":%[1]q,"SoftwareName":"exchange","CveId":%q}`, device, cve))
}

func checked(device string, compliant bool) string {
	return row("DeviceTvmSecureConfigurationAssessment", fmt.Sprintf(`{"DeviceId":%q,"DeviceName":%[1]q,"ConfigurationId":"scid-1","IsApplicable":true,"IsCompliant":%v}`, device, compliant))
}

func message(id, action, threat string, at time.Time) string {
	return row("EmailEvents", fmt.Sprintf(`{"Timestamp":%q,"NetworkMessageId":%q,"RecipientEmailAddress":"ann@x","SenderFromAddress":"evil@y","Subject":"hi","DeliveryAction":%q,"ThreatTypes":"Phish","ThreatNames":%q}`, at.Format(time.RFC3339), id, action, threat))
}

// wave is a report with something of everything; quiet is one that nothing here has to do with.
const wave = "---\nid: wave\ntitle: A wave\nseverity: medium\ntags: [Phishing]\ndetections: [Bad file, Trojan:X]\nmitigations: [CVE-2026-0001, scid-1, Tell people]\npublished: 2026-03-01\nsummary: short\n---\n# Long\n"
const quiet = "---\nid: quiet\ntitle: Quiet\ntype: Vulnerability\nseverity: high\ndetections: [Nothing of the kind]\nmitigations: [CVE-2026-0002]\npublished: 2026-02-01\n---\n"
const words = "---\nid: words\ntitle: Words\ndetections: [Nothing]\npublished: 2026-01-01\n---\n"

func (w *world) fill() {
	w.t.Helper()
	day := 24 * time.Hour
	w.load(wave)
	w.load(quiet)
	w.load(words)
	w.load(alert("s1", "i1", "bad FILE", endpoint, "new", "s1", user, noon.Add(-day)) +
		alert("s2", "i1", "Bad file", endpoint, "resolved", "s2", "", noon.Add(-40*day)) +
		alert("h1", "i1", "Bad file", endpoint, "new", "h1", "", noon) +
		alert("both", "i2", "Bad file", endpoint, "new", "s1", `{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"h1","deviceDnsName":"h1"},`, noon) +
		alert("m1", "i2", "Bad file", office, "new", "", mailbox, noon.Add(-day)) +
		alert("c1", "i3", "Bad file", cloud, "new", "", user, noon) +
		alert("x", "i4", "Another", endpoint, "new", "s1", "", noon))
	w.load(weakness("s1", "CVE-2026-0001") + weakness("h1", "CVE-2026-0001") + checked("s2", true) + checked("h1", false) + checked("s1", true) + checked("s3", true))
	w.load(message("b", "Blocked", "Trojan:X", noon.Add(-day)) + message("j", "Junked", "trojan:x, Other", noon.Add(-2*day)) + message("d", "Delivered", "Trojan:X", noon) + message("old", "Blocked", "Trojan:X", noon.Add(-8*day)))
}
