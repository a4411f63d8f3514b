package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/mailtest"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// The people: ada administers, sol reads Sales devices, hana reads HR devices, mel reads mail, nora has nothing.
const ada, sol, hana, mel, nora = "ada@x.example", "sol@x.example", "hana@x.example", "mel@x.example", "nora@x.example"

var ctx = context.Background()

// world is a store with a policy, real alerts, and a service over it that mails to a real mail server.
type world struct {
	t       testing.TB
	mu      sync.Mutex
	store   store.Store
	now     time.Time
	cases   *investigation.Service
	service *Service
	mail    *mailtest.Server
}

func newWorld(t testing.TB, change ...func(*Config)) *world {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	s := sqlitetest.Open(t, filepath.Join(dir, sqlite.FileName))
	w := &world{t: t, store: s, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), mail: mailtest.New(t)}
	door := &audit.Door{Store: s, Now: w.clock}
	w.cases = investigation.New(s, door, w, grouping, w.clock)
	c := Config{Store: s, Door: door, Snapshots: w, Told: w.cases.Told, Mail: w.mailer(), Portal: "https://centre.x.example/", Delivers: true, Now: w.clock}
	for _, f := range change {
		f(&c)
	}
	w.service = New(c)
	edits := []rbac.Edit{rbac.SetEndpointRoles{On: true}, rbac.PutUser{User: rbac.User{Name: ada, GlobalRoles: []string{"Global Administrator"}}}}
	for _, name := range []string{sol, hana, mel, nora} {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + name, Members: []string{name}}})
	}
	w.edit(append(edits,
		rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol}}, {Name: "HR", Match: rbac.Match{Name: []string{"h*"}}, Access: []string{"g-" + hana}},
			{Name: rbac.UngroupedDevices},
		}},
		rbac.PutRole{Role: rbac.Role{ID: "r1", Workload: rbac.Endpoint, Name: "Reader", Permissions: []string{"View data - Security operations"}}},
		rbac.PutRole{Role: rbac.Role{ID: "r2", Workload: rbac.Office365, Name: "Mail reader", Permissions: []string{"Security Reader"}}},
		give("1", rbac.Endpoint, "Reader", sol), give("2", rbac.Endpoint, "Reader", hana), give("3", rbac.Office365, "Mail reader", mel))...)
	return w
}

func give(id string, of rbac.Workload, role, user string) rbac.Edit {
	return rbac.PutAssignment{Assignment: rbac.Assignment{ID: id, Role: rbac.RoleRef{Workload: of, Name: role}, Group: "g-" + user, Scope: rbac.Scope{All: true}}}
}

func grouping(groups []rbac.DeviceGroup) func(store.Device) string {
	return func(d store.Device) string {
		for _, g := range groups {
			for _, pattern := range g.Match.Name {
				if strings.HasPrefix(d.Name, strings.TrimSuffix(pattern, "*")) {
					return g.Name
				}
			}
		}
		return rbac.UngroupedDevices
	}
}

func (w *world) mailer(change ...func(*MailConfig)) *Mailer {
	w.t.Helper()
	c := MailConfig{Host: w.mail.Host, Port: w.mail.Port, TLS: StartTLS, Roots: w.mail.Roots, User: mailtest.User, Password: mailtest.Password, From: "Bailiwick <soc@x.example>"}
	for _, f := range change {
		f(&c)
	}
	m, err := NewMailer(c)
	must(w.t, err)
	return m
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) edit(edits ...rbac.Edit) {
	w.t.Helper()
	must(w.t, w.store.Change(ctx, func(tx store.Writer) error {
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

// alert is one alert of a file, about devices whose names are their ids; change may set members.
func (w *world) alert(id, severity string, devices ...string) map[string]any {
	evidence := []any{}
	for _, d := range devices {
		evidence = append(evidence, map[string]any{"@odata.type": "#microsoft.graph.security.deviceEvidence", "mdeDeviceId": d, "deviceDnsName": d, "createdDateTime": w.clock()})
	}
	return map[string]any{
		"id": id, "title": "Suspicious " + id, "status": "new", "severity": severity, "serviceSource": "microsoftDefenderForEndpoint", "category": "Malware",
		"createdDateTime": w.clock(), "lastUpdateDateTime": w.clock(), "evidence": evidence,
	}
}

// load brings alerts in as a file does.
func (w *world) load(alerts ...map[string]any) {
	w.t.Helper()
	var b strings.Builder
	for _, a := range alerts {
		text, err := json.Marshal(a)
		must(w.t, err)
		b.Write(append(text, '\n'))
	}
	_, err := w.cases.Load(ctx, audit.Actor{Name: "local:test", Local: true}, "alerts", func(take func(store.Record) error) error {
		_, err := ingest.Read("alerts", strings.NewReader(b.String()), take)
		return err
	})
	must(w.t, err)
}

func as(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaToken} }

// rule makes one about high alerts.
func (w *world) rule(name string, groups []string, to ...string) store.NotificationRule {
	w.t.Helper()
	set := Setting{Name: name, On: true, Severities: []string{"high"}, Everywhere: groups == nil, DeviceGroups: groups}
	for _, user := range to {
		user, hook, _ := strings.Cut(user, " by ")
		set.Recipients = append(set.Recipients, store.Recipient{User: user, Webhook: hook})
	}
	r, err := w.service.Create(ctx, as(ada), set)
	must(w.t, err)
	return r
}

// empty does what is due, as often as there is something.
func (w *world) empty() {
	w.t.Helper()
	for {
		w.pass(time.Millisecond)
		n, err := w.service.Empty(ctx)
		must(w.t, err)
		if n == 0 {
			return
		}
	}
}

// log is what became of each notification: "alert to user: status".
func (w *world) log() []string {
	w.t.Helper()
	page, err := w.service.Log(ctx, as(ada), store.NotificationQuery{Limit: 1000})
	must(w.t, err)
	list := []string{}
	for _, n := range page.Items {
		alert := n.Alert
		if alert == "" {
			alert = "test"
		}
		list = append(list, strings.TrimSuffix(fmt.Sprintf("%s to %s: %s: %s", alert, n.To.User, n.Status, n.Outcome), ": "))
	}
	sort.Strings(list)
	return list
}

// mailed is whom the mail server got what for: "user: subject".
func (w *world) mailed() []string {
	w.t.Helper()
	list := []string{}
	for _, m := range w.mail.Mails() {
		header, _, err := m.Header()
		must(w.t, err)
		list = append(list, m.To+": "+header.Get("Subject"))
	}
	sort.Strings(list)
	return list
}

func equal(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	sort.Strings(want)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
