package hunt_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/emit"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

// A test that is started as a worker is one.
func TestMain(m *testing.M) {
	if os.Getenv("BAILIWICK_WORKER") != "" {
		if duck.Work(os.Stdin, os.Stdout) != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var now = time.Date(2026, 2, 20, 12, 0, 0, 0, time.UTC)

// world is a policy, devices and alerts, and rows to hunt in.
type world struct {
	testing.TB
	store  store.Store
	events *events.Store
	hunter *hunt.Hunter
	mu     sync.Mutex
	last   *rbac.Snapshot
	now    time.Time
}

// The people of the test world: what their roles let them hunt in.
const (
	admin    = "admin@contoso.example"    // everything
	sales    = "sales@contoso.example"    // endpoint, devices of Sales
	exposure = "exposure@contoso.example" // the same, and their vulnerabilities
	mail     = "mail@contoso.example"     // office365
	clouds   = "clouds@contoso.example"   // cloudapps, which governs identity
	both     = "both@contoso.example"     // endpoint, devices of Sales, and office365
	guest    = "guest@contoso.example"    // nothing
)

func policy() rbac.Policy {
	role := func(w rbac.Workload, name string, permissions ...string) rbac.Role {
		return rbac.Role{Workload: w, Name: name, Permissions: permissions}
	}
	gives := func(id string, r rbac.Role, group string) rbac.Assignment {
		return rbac.Assignment{ID: id, Role: r.Ref(), Group: group, Scope: rbac.Scope{All: true}}
	}
	hunts := role(rbac.Endpoint, "Hunters", "View data - Security operations")
	exposed := role(rbac.Endpoint, "Exposure", "View data - Security operations", "View data - Threat and vulnerability management")
	mails := role(rbac.Office365, "Mail hunters", "Security Reader")
	apps := role(rbac.CloudApps, "App hunters", "Security reader")
	return rbac.Policy{
		EndpointRoles: true,
		Users: []rbac.User{
			{Name: admin, GlobalRoles: []string{"Security Administrator"}}, {Name: sales}, {Name: exposure}, {Name: mail}, {Name: clouds}, {Name: both}, {Name: guest},
		},
		Groups: []rbac.Group{
			{Name: "sales", Members: []string{sales, both}}, {Name: "exposure", Members: []string{exposure}}, {Name: "mail", Members: []string{mail, both}}, {Name: "clouds", Members: []string{clouds}},
		},
		DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales", Match: rbac.Match{Tag: []string{"sales"}}, Access: []string{"sales", "exposure"}},
			{Name: "Finance", Match: rbac.Match{Tag: []string{"finance"}}},
			{Name: rbac.UngroupedDevices},
		},
		Roles:       []rbac.Role{hunts, exposed, mails, apps},
		Assignments: []rbac.Assignment{gives("1", hunts, "sales"), gives("2", exposed, "exposure"), gives("3", mails, "mail"), gives("4", apps, "clouds")},
	}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(context.Background(), filepath.Join(dir, sqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := &world{TB: t, store: s, now: now}
	w.events = events.Open(filepath.Join(dir, "events"), duck.Engine{MemoryMB: 512, Threads: 1}, w.clock)
	w.hunter = hunt.New(hunt.Config{Store: s, Snapshots: w, Events: w.events, Workers: worker.Inline(duck.Answer), KeptDays: 30, Scratch: dir, Now: w.clock, Watch: 5 * time.Millisecond})
	p := policy()
	edits := []rbac.Edit{rbac.SetEndpointRoles{On: p.EndpointRoles}}
	for _, u := range p.Users {
		edits = append(edits, rbac.PutUser{User: u})
	}
	for _, g := range p.Groups {
		edits = append(edits, rbac.PutGroup{Group: g})
	}
	edits = append(edits, rbac.SetDeviceGroups{DeviceGroups: p.DeviceGroups})
	for _, r := range p.Roles {
		edits = append(edits, rbac.PutRole{Role: r})
	}
	for _, a := range p.Assignments {
		edits = append(edits, rbac.PutAssignment{Assignment: a})
	}
	w.edit(edits...)
	w.devicesAndAlerts()
	return w
}

func (w *world) clock() time.Time { return w.now }

// workers gives the hunter processes to run queries in.
func (w *world) workers() {
	pool := worker.NewPool(func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = []string{"BAILIWICK_WORKER=1"}
		return c
	}, 2)
	w.Cleanup(pool.Close)
	w.hunter.Workers = pool
}

func (w *world) edit(edits ...rbac.Edit) {
	w.Helper()
	err := w.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

// Snapshot compiles what the store has, once a revision.
func (w *world) Snapshot(ctx context.Context) (snapshot *rbac.Snapshot, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	err = w.store.View(ctx, func(r store.Reader) error {
		revision, err := r.PolicyRevision()
		if err != nil {
			return err
		}
		if snapshot = w.last; snapshot != nil && snapshot.Revision() == revision {
			return nil
		}
		p, err := r.Policy()
		if err != nil {
			return err
		}
		if snapshot, err = rbac.Compile(catalog.Default(), p); err == nil {
			w.last = snapshot
		}
		return err
	})
	return snapshot, err
}

// byTag puts a device into the group of its tag.
func byTag(d store.Device) string {
	for tag, group := range map[string]string{"sales": "Sales", "finance": "Finance"} {
		if slices.Contains(d.AllTags(), tag) {
			return group
		}
	}
	return rbac.UngroupedDevices
}

// The devices of the test world. Nobody knows "d-x".
var groupsOf = map[string]string{"d-s1": "sales", "d-s2": "sales", "d-f1": "finance", "d-u1": ""}

func (w *world) devicesAndAlerts() {
	endpoint, office := rbac.SetOf(rbac.Endpoint), rbac.SetOf(rbac.Office365)
	alert := func(id string, of rbac.WorkloadSet, devices ...string) store.Alert {
		a := store.Alert{ID: id, Status: "new", Severity: "low", Created: w.now, Updated: w.now, Workloads: of, Body: json.RawMessage(`{}`), Evidence: json.RawMessage(`[]`)}
		for _, d := range devices {
			a.Devices = append(a.Devices, store.Device{ID: d})
		}
		return a
	}
	err := w.store.Change(context.Background(), func(tx store.Writer) error {
		taker := tx.TakeRecords(byTag)
		for id, tag := range groupsOf {
			d := store.Device{ID: id, Name: id, Tags: []string{tag}, Known: true, Seen: w.now}
			if _, err := taker.Row(store.DeviceSeen{Device: d}); err != nil {
				return err
			}
		}
		for _, a := range []store.Alert{
			alert("al-s", endpoint, "d-s1"), alert("al-f", endpoint, "d-f1"), alert("al-sf", endpoint, "d-s1", "d-f1"), alert("al-none", endpoint), alert("al-m", office),
			alert("al-sm", endpoint|office, "d-s1"), alert("al-o", rbac.SetOf(rbac.Other)), alert("al-c", rbac.SetOf(rbac.CloudApps)),
		} {
			if _, err := taker.Alert(a); err != nil {
				return err
			}
		}
		return taker.Done()
	})
	if err != nil {
		w.Fatal(err)
	}
}

// crowd makes so many more devices of Sales, and alerts of one of its devices, that lists of them are too long to be written into statements.
func (w *world) crowd() {
	w.Helper()
	err := w.store.Change(context.Background(), func(tx store.Writer) error {
		taker := tx.TakeRecords(byTag)
		for i := range emit.MostWritten + 1 {
			d := store.Device{ID: fmt.Sprintf("d-more%d", i), Name: "more", Tags: []string{"sales"}, Known: true, Seen: w.now}
			if _, err := taker.Row(store.DeviceSeen{Device: d}); err != nil {
				return err
			}
			a := store.Alert{ID: fmt.Sprintf("al-more%d", i), Status: "new", Severity: "low", Created: w.now, Updated: w.now, Workloads: rbac.SetOf(rbac.Endpoint), Devices: []store.Device{{ID: "d-s1"}}, Body: json.RawMessage(`{}`), Evidence: json.RawMessage(`[]`)}
			if _, err := taker.Alert(a); err != nil {
				return err
			}
		}
		return taker.Done()
	})
	if err != nil {
		w.Fatal(err)
	}
}

// tag moves a device to another group.
func (w *world) tag(device, tag string) {
	w.Helper()
	err := w.store.Change(context.Background(), func(tx store.Writer) error {
		taker := tx.TakeRecords(byTag)
		if _, err := taker.Row(store.DeviceSeen{Device: store.Device{ID: device, Name: device, Tags: []string{tag}, Known: true, Seen: w.now.Add(time.Hour)}}); err != nil {
			return err
		}
		return taker.Done()
	})
	if err != nil {
		w.Fatal(err)
	}
}

// row is a row of a table, by columns. A Timestamp is added where there is none.
type row map[string]any

func (w *world) load(table string, rows ...row) {
	w.Helper()
	var b strings.Builder
	for _, r := range rows {
		if _, ok := r["Timestamp"]; !ok {
			r["Timestamp"] = w.now.Add(-time.Hour).Format(time.RFC3339)
		}
		text, err := json.Marshal(r)
		if err != nil {
			w.Fatal(err)
		}
		fmt.Fprintf(&b, `{"time":%q,"category":"AdvancedHunting-%s","properties":%s}`+"\n", w.now.Format(time.RFC3339), table, text)
	}
	l, err := w.events.Begin(context.Background())
	if err != nil {
		w.Fatal(err)
	}
	defer l.Discard()
	if err := l.Read(context.Background(), "rows.jsonl", strings.NewReader(b.String()), events.Options{Strict: true}); err != nil {
		w.Fatal(err)
	}
	if _, err := l.Finish(context.Background()); err != nil {
		w.Fatal(err)
	}
	if err := l.Commit(); err != nil {
		w.Fatal(err)
	}
}

// sheet takes an answer as text.
type sheet struct {
	columns []hunt.Column
	rows    []string
}

func (s *sheet) Head(h hunt.Head) error { s.columns = h.Columns; return nil }
func (s *sheet) Row(values []any) error {
	s.rows = append(s.rows, written(values))
	return nil
}

func written(values []any) string {
	list := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			list[i] = "null"
		case time.Time:
			list[i] = v.Format("2006-01-02 15:04:05.9999999")
		case json.RawMessage:
			list[i] = string(v)
		default:
			list[i] = fmt.Sprint(v)
		}
	}
	return strings.Join(list, "|")
}

// ask runs a query and gives its rows, in the order of their text.
func (w *world) ask(reader, query string) ([]string, error) {
	var s sheet
	_, err := w.hunter.Run(context.Background(), reader, hunt.Request{Query: query}, &s)
	slices.Sort(s.rows)
	return s.rows, err
}

func (w *world) want(reader, query string, rows ...string) {
	w.Helper()
	got, err := w.ask(reader, query)
	if err != nil || !slices.Equal(got, rows) {
		w.Errorf("%s, as %s:\n got %q, %v\nwant %q", query, reader, got, err, rows)
	}
}
